"""Cells that somebody filled far away from every table: asked about at their address; nothing else depends on them."""

from collections.abc import Iterator

from pipeline.declare.form import Form
from pipeline.files.opening import Opened
from pipeline.values.cells import RawSheet, cell_name, shown
from pipeline.values.problems import Problem


def stray_problems(opened: Opened, form: Form) -> tuple[Problem, ...]:
    """Every question about them, without file and unit."""
    sheets = (sheet for sheet in opened.sheets if sheet.strays and sheet.name not in form.silent_sheets)
    return tuple(problem for sheet in sheets for problem in _of_sheet(sheet))


def _of_sheet(sheet: RawSheet) -> Iterator[Problem]:
    """One question for rows one below the other, at their first cell, with all that stands in them."""
    rows: list[tuple[int, int]] = []
    for here in sorted(sheet.strays):
        if rows and here[0] > rows[-1][0] + 1:
            yield _question(sheet, rows)
            rows = []
        rows.append(here)
    yield _question(sheet, rows)


def _question(sheet: RawSheet, places: list[tuple[int, int]]) -> Problem:
    cells = [(cell_name(column, row + 1), shown(sheet.strays[row, column])) for row, column in places]
    value = cells[0][1] if len(cells) == 1 else "; ".join(f"{cell}: {said}" for cell, said in cells)
    return Problem("stray-cell", "", sheet=sheet.name, cell=cells[0][0], value=value)
