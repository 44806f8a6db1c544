"""The floor at the desk: imports, a bare read of the same sheets, a bare write of the same cells.

Where asked, also a bare load and save of what goes back to the units and of the papers. Nothing is checked, added up
or said.

`python -m bench.floor` imports and ends; `python -m bench.floor RECORDING OUT [copies]` does the rest as well.
The recording is what `bench.recording` wrote.
"""

import pickle
import sys
from collections.abc import Iterable
from pathlib import Path

import click  # noqa: F401
import docx
import pandas as pd  # noqa: F401
import pandera.pandas as pa  # noqa: F401
import rich.console  # noqa: F401

from bench.floor_read import read
from bench.floor_write import write_cells


def main(recording: Path, out: Path, copies: bool) -> None:
    recorded = pickle.loads(recording.read_bytes())
    read(map(Path, recorded["files"]))
    write_cells(recorded["cells"], recorded["styles"], out / "floor.xlsx")
    if copies:
        go_back(recorded["copies"], recorded["papers"], out)


def go_back(copies: Iterable[str], papers: Iterable[str], out: Path) -> None:
    """A bare load and save of every marked copy and of every paper."""
    import openpyxl  # noqa: PLC0415 - the run itself does without it

    for number, path in enumerate(copies):
        openpyxl.load_workbook(path).save(out / f"copy-{number}.xlsx")
    for number, path in enumerate(papers):
        docx.Document(path).save(str(out / f"paper-{number}.docx"))


if __name__ == "__main__" and len(sys.argv) > 1:
    main(Path(sys.argv[1]), Path(sys.argv[2]), len(sys.argv) > 3)
