"""The consolidated workbook recalculated by a real LibreOffice: every live formula equals its stored value."""

from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from pipeline.commands.run import run_period
from pipeline.reading.periods import Folders
from tests.builders import INPUTS, shipped
from tests.contract import tab
from tests.office import at_the_keyboard, need_office


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, Any, list[Any]]]:
    """(stored value, recalculated value, formula cell) of every formula.

    Of the samples, and of a period in which nobody filed.
    """
    need_office()
    project = shipped()
    home = tmp_path_factory.mktemp("formulas")
    books = [run_period(project, project.plan.period(code), Folders(INPUTS, home)).workbook for code in ("q3", "q1")]
    found = at_the_keyboard([{"open": str(book), "formulas": True} for book in books])
    pairs = []
    for book, answer in zip(books, found, strict=True):
        stored = CalamineWorkbook.from_path(str(book))
        rows = {name: stored.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in stored.sheet_names}
        pairs += [(rows[cell[0]][cell[1]][cell[2]], cell[3], cell) for cell in answer["formulas"]]
    return pairs


def test_there_are_live_formulas_in_every_annex_that_adds_up(recalculated: list[tuple[Any, Any, list[Any]]]) -> None:
    sheets = {cell[0] for *_, cell in recalculated}
    assert sheets >= {tab("Nhiệm vụ"), tab("Ma trận"), tab("Số liệu"), tab("Theo đơn vị"), tab("Hình thức")}


def test_every_formula_gives_its_stored_value_and_no_error(recalculated: list[tuple[Any, Any, list[Any]]]) -> None:
    wrong = [
        (cell[0], cell[1] + 1, cell[2] + 1, cell[5], stored, now)
        for stored, now, cell in recalculated
        if cell[4] or not _is_same(stored, now)
    ]
    assert wrong == []


def _is_same(stored: Any, now: Any) -> bool:
    if isinstance(stored, str) or isinstance(now, str):
        return bool(stored == now)
    return bool(stored == pytest.approx(now, rel=1e-12))
