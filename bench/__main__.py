"""`make bench`: the run over the shipped samples against its floor, interleaved, medians, written to docs/speed.md.

A child process is one measurement: wall time from start to end, and the largest memory that it held.
"""

import json
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
NAMES = (
    "our run, everything written",
    "our run, from forms to workbook and tables",
    "floor: imports, bare read, bare write",
    "floor with the copies and papers",
)
APART = ("feedback", "papers", "page")  # stages that the first floor does not have


@dataclass(frozen=True)
class Measured:
    """Seconds and megabytes of one process."""

    wall: float
    peak: float


def measure(*words: str) -> Measured:
    """Run one process to its end."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {child.returncode}")
    return Measured(wall, usage.ru_maxrss / 1024)


def main() -> None:
    """Measure, interleaved, and write the report."""
    with tempfile.TemporaryDirectory() as home:
        recording, out = str(Path(home, "recording.pickle")), Path(home, "ours")
        subprocess.run([sys.executable, "-m", "bench.recording", PERIOD, recording, str(Path(home, "recorded"))], check=True)
        results: dict[str, list[Measured]] = {name: [] for name in NAMES}
        stages: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            whole = measure("-m", "pipeline", "run", PERIOD, "--outputs", str(out))
            seconds = json.loads(next(out.rglob("run.json")).read_text(encoding="utf-8"))["stages"]
            for name, value in seconds.items():
                stages.setdefault(name, []).append(value)
            results[NAMES[0]].append(whole)
            results[NAMES[1]].append(Measured(whole.wall - sum(seconds[name] for name in APART), whole.peak))
            results[NAMES[2]].append(measure("-m", "bench.floor", recording, home))
            results[NAMES[3]].append(measure("-m", "bench.floor", recording, home, "copies"))
    text = report(results, {name: statistics.median(values) for name, values in stages.items()})
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def report(results: dict[str, list[Measured]], stages: dict[str, float]) -> str:
    """The table, with every figure as minimum, median and maximum, and the ratios to the floors."""
    median = {name: statistics.median(item.wall for item in measured) for name, measured in results.items()}
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
        lines.append(f"| {name} | {min(walls):.2f} | {median[name]:.2f} | {max(walls):.2f} | {peak:.0f} |")
    lines += [
        "",
        f"- From forms to workbook and tables: **{median[NAMES[1]] / median[NAMES[2]]:.2f} times** its floor (aim: at most {TARGET}).",
        f"- With the marked copies, the papers and the page: **{median[NAMES[0]] / median[NAMES[3]]:.2f} times** its floor.",
        "",
        "Seconds by stage (median): " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in stages.items()) + ".",
        "",
        "The first floor imports the same libraries, reads the same sheets with python-calamine and writes the same cells with the",
        "same formats with XlsxWriter; the second also loads and saves the same marked copies and papers. Neither opens files in a",
        "process of its own, looks at them before reading, checks, adds up, judges, words a message or writes a CSV.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
