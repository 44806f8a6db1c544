"""`make bench`: the run over the shipped samples against its floor, interleaved, medians, written to docs/speed.md.

A child process is one measurement: wall time from start to end, and the largest memory that it held.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROUNDS = 7
PERIOD = "q3"
TARGET = 1.6
REPORT = Path("docs/speed.md")


@dataclass(frozen=True)
class Measured:
    """Seconds and megabytes of one process."""

    wall: float
    peak: float


def measure(*words: str) -> Measured:
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {child.returncode}")
    return Measured(wall, usage.ru_maxrss / 1024)


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        recording = str(Path(home, "recording.pickle"))
        subprocess.run([sys.executable, "-m", "bench.recording", PERIOD, recording, str(Path(home, "recorded"))], check=True)
        contestants = {
            "our run, everything written": ["-m", "pipeline", "run", PERIOD, "--outputs", str(Path(home, "ours"))],
            "floor: imports, bare read, bare write": ["-m", "bench.floor", recording, home],
            "floor with the copies that go back": ["-m", "bench.floor", recording, home, "copies"],
        }
        results: dict[str, list[Measured]] = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, words in contestants.items():
                results[name].append(measure(*words))
    text = report(results)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def report(results: dict[str, list[Measured]]) -> str:
    """The table, with every figure as minimum, median and maximum."""
    names = list(results)
    ours = statistics.median(item.wall for item in results[names[0]])
    whole_floor = statistics.median(item.wall for item in results[names[2]])
    lines = [
        "# Speed at the desk",
        "",
        f"`make bench` on {date.today():%d/%m/%Y}; Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
        f"The shipped samples of `{PERIOD}` and of the periods that it adds up; {ROUNDS} rounds, interleaved, each a process of its own.",
        "",
        "| | wall s: min | median | max | peak MB |",
        "|---|---|---|---|---|",
    ]
    for name, measured in results.items():
        walls = [item.wall for item in measured]
        peak = statistics.median(item.peak for item in measured)
        lines.append(f"| {name} | {min(walls):.2f} | {statistics.median(walls):.2f} | {max(walls):.2f} | {peak:.0f} |")
    lines += [
        "",
        f"Our run takes **{ours / whole_floor:.2f} times** the floor of the same library calls (aim: at most {TARGET}). The floor reads the same sheets with",
        "python-calamine, writes the same cells with the same formats with XlsxWriter, loads and saves the same marked copies with",
        "openpyxl, and does nothing in between: no checking, no totals, no grid, no messages, no CSV.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
