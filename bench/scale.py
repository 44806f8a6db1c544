"""The run at 32, 1,000 and 10,000 submissions, side by side with its floors and its peers.

They run interleaved, each in a process of its own. Whoever adds up must come to the generator's own sums, or there is
no measurement.
"""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.desk import APART
from bench.generate import generate
from bench.lines import Line, line
from bench.measure import Measured, measure
from bench.shipped import shipped

PERIOD = "q1"
SMALL, MIDDLE, LARGE = 32, 1_000, 10_000
SIZES = (SMALL, MIDDLE, LARGE)
OURS, TWO, WRITTEN = (
    "our run to the totals",
    "our run to the totals, 2 workers",
    "our run to the totals, workbook and tables written",
)
READ, WRITE, IMPORTS = "floor: bare calamine read", "floor: bare XlsxWriter write of the same cells", "floor: imports"
PEER_A, PEER_B = "peer A: pandas + openpyxl", "peer B: pandas + calamine"


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often a contender runs at each size.

    A usual size that is not named is left out, and any other size has one round.
    """

    usual: Mapping[int, int]
    full: Mapping[int, int]


# What takes minutes runs less often; peers over ten thousand files, half an hour of them, only where asked.
CONTENDERS = {
    OURS: Rounds({SMALL: 5, MIDDLE: 5, LARGE: 3}, {SMALL: 7, MIDDLE: 5, LARGE: 5}),
    READ: Rounds({SMALL: 5, MIDDLE: 5, LARGE: 3}, {SMALL: 7, MIDDLE: 5, LARGE: 5}),
    TWO: Rounds({SMALL: 5, MIDDLE: 5, LARGE: 3}, {SMALL: 7, MIDDLE: 5, LARGE: 5}),
    PEER_A: Rounds({SMALL: 5, MIDDLE: 1}, {SMALL: 5, MIDDLE: 3, LARGE: 1}),
    PEER_B: Rounds({SMALL: 5, MIDDLE: 1}, {SMALL: 5, MIDDLE: 5, LARGE: 1}),
    WRITTEN: Rounds({SMALL: 5, MIDDLE: 1}, {SMALL: 7, MIDDLE: 5, LARGE: 1}),
    WRITE: Rounds({SMALL: 5, MIDDLE: 1}, {SMALL: 7, MIDDLE: 5, LARGE: 1}),
    IMPORTS: Rounds({SMALL: 5}, {SMALL: 7}),
}
_ADDS_UP = (OURS, TWO, WRITTEN, PEER_A, PEER_B)


def measure_scale(sizes: Sequence[int], is_full: bool, home: Path | None = None) -> list[Line]:
    """Generate and measure size by size.

    `home`: where files are made, and kept; a folder for the time being where it is not named.
    """
    lines: list[Line] = []
    for count in sizes:
        with tempfile.TemporaryDirectory() as passing:
            lines += _measure_size(count, Path(home or passing, str(count)), is_full)
    return lines


def _measure_size(count: int, folder: Path, is_full: bool) -> list[Line]:
    _tell(f"{count} submissions: writing them")
    sums = generate(count, folder, PERIOD)
    planned = {
        name: (rounds.full if is_full else rounds.usual).get(count, count not in SIZES)
        for name, rounds in CONTENDERS.items()
    }
    if planned[WRITE]:
        _tell(f"{count} submissions: recording the cells of the workbook")
        subprocess.run(
            [
                sys.executable,
                "-m",
                "bench.recording",
                str(folder),
                PERIOD,
                str(folder / "recording"),
                str(folder / "recorded"),
            ],
            check=True,
        )
    results: dict[str, list[Measured]] = {name: [] for name, rounds in planned.items() if rounds}
    words = commands(folder)
    for turn in range(max(planned.values())):
        for name, found in results.items():
            if turn < planned[name]:
                found.append(measure(*words[name]))
                if name == WRITTEN:
                    found[-1] = found[-1].without(APART)
                _tell(f"{count} submissions, round {turn + 1}: {name}, {found[-1].wall:.1f} s")
    agree(results, sums)
    return [line(name, count, found) for name, found in results.items()]


def commands(folder: Path) -> dict[str, list[str]]:
    """What stands behind `python` for each contender over the files of `folder`."""
    ours = ["-m", "bench.ours", str(folder), PERIOD]
    answers = [sheet.name for sheet in shipped().form.sheets.values()]
    out = str(folder / "peer.xlsx")
    return {
        OURS: ours,
        TWO: [*ours, "--workers", "2"],
        WRITTEN: ["-m", "bench.written", str(folder), PERIOD, str(folder / "written")],
        READ: ["-m", "bench.floor_read", str(folder / "inputs"), *answers],
        WRITE: ["-m", "bench.floor_write", str(folder / "recording"), str(folder)],
        IMPORTS: ["-m", "bench.floor"],
        PEER_A: ["-m", "bench.peers", "openpyxl", str(folder), PERIOD, out],
        PEER_B: ["-m", "bench.peers", "calamine", str(folder), PERIOD, out],
    }


def agree(results: Mapping[str, Sequence[Measured]], sums: Mapping[str, Any]) -> None:
    """Everybody who adds up comes to the generator's sums, and all to the same finished tasks; else the bench ends."""
    told = {name: found[-1].said for name, found in results.items() if name in _ADDS_UP and found}
    for name, said in told.items():
        for sentence in differences(said, sums):
            raise SystemExit(f"{name}: {sentence}")
    if len({json.dumps(said["done"], sort_keys=True) for said in told.values()}) > 1:
        raise SystemExit(f"finished tasks differ: { {name: said['done'] for name, said in told.items()} }")


def differences(said: Mapping[str, Any], sums: Mapping[str, Any]) -> list[str]:
    """What a contender added up other than the generator did."""
    found = []
    for name, due in sums["totals"].items():
        value, reporting = said["totals"][name]
        if reporting != due["reporting"] or not (
            math.isclose(value, due["value"], rel_tol=1e-12) or (math.isnan(value) and not reporting)
        ):
            found.append(
                f"{name} is {value} from {reporting} units, and should be {due['value']} from {due['reporting']}"
            )
    if said["accepted"] != sums["accepted"]:
        found.append(f"{said['accepted']} activities accepted, and it should be {sums['accepted']}")
    return found


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
