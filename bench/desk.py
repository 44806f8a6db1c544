"""The ordinary quarter of 32 units with everything written, against the same library calls and nothing between them."""

import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.lines import Line, line
from bench.measure import Measured, measure

ROUNDS = 7
PERIOD = "q3"
WHOLE, CORE = "our run, everything written", "our run, from forms to workbook and tables"
FLOOR, FLOOR_WHOLE = "floor: imports, bare read, bare write", "floor with the copies and papers"
APART = ("feedback", "papers", "page")  # stages that the first floor does not have


def measure_desk() -> list[Line]:
    """The shipped samples of `PERIOD` and of the periods that it adds up; interleaved, each a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        recording, out = str(Path(home, "recording")), Path(home, "ours")
        subprocess.run(
            [sys.executable, "-m", "bench.recording", ".", PERIOD, recording, str(Path(home, "recorded"))], check=True
        )
        results: dict[str, list[Measured]] = {name: [] for name in (WHOLE, CORE, FLOOR, FLOOR_WHOLE)}
        for _ in range(ROUNDS):
            ran = measure("-m", "pipeline", "run", PERIOD, "--outputs", str(out), "--json")
            seconds = json.loads(next(out.rglob("run.json")).read_text(encoding="utf-8"))["stages"]
            results[WHOLE].append(replace(ran, said={"stages": seconds}))
            results[CORE].append(results[WHOLE][-1].without(APART))
            results[FLOOR].append(measure("-m", "bench.floor", recording, home))
            results[FLOOR_WHOLE].append(measure("-m", "bench.floor", recording, home, "copies"))
    return [line(name, _submissions(), found) for name, found in results.items()]


def ratio(lines: list[Line], ours: str, floor: str) -> float:
    """How many times its floor a run takes, in wall time."""
    median = {item.who: statistics.median(item.wall) for item in lines}
    return median[ours] / median[floor]


def _submissions() -> int:
    return sum(1 for _ in Path("inputs").glob(f"*/{PERIOD}/**/*.xlsx"))
