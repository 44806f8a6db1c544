"""Run once and write down what the libraries were asked to do: which files were read, which cells were written, which
workbooks went back. `python -m bench.recording FOLDER PERIOD RECORDING OUT`, where FOLDER holds `schemas` and `inputs`.
"""

import pickle
import sys
from pathlib import Path

from pipeline.commands.run import run_period
from pipeline.declare.project import load_project
from pipeline.publish.excel import Book
from pipeline.publish.style import properties
from pipeline.reading.periods import Folders


def main(folder: Path, code: str, recording: Path, out: Path) -> None:
    project = load_project(folder / "schemas")
    period, folders = project.plan.period(code), Folders(folder / "inputs", out)
    cells: list[tuple[str, int, int, object, str]] = []
    put = Book.put

    def noted(self, sheet, row, column, value, style="plain"):  # type: ignore[no-untyped-def]
        cells.append((sheet.get_name(), row, column, value, style))
        put(self, sheet, row, column, value, style)

    Book.put = noted  # type: ignore[method-assign]
    finished = run_period(project, period, folders)
    periods = dict.fromkeys([*period.cumulative, *period.contains, *filter(None, [period.previous]), period.code])
    files = [
        str(path)
        for item in periods
        for path in sorted(folders.input(project, project.plan.period(item)).rglob("*.xlsx"))
    ]
    copies = [str(path) for path in sorted((finished.folder / "phan-hoi").glob("*.xlsx"))]
    papers = [str(path) for path in sorted(finished.folder.glob("*.docx"))]
    styles = {style: properties(style) for *_, style in cells}
    recording.write_bytes(
        pickle.dumps({"files": files, "cells": cells, "styles": styles, "copies": copies, "papers": papers})
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
