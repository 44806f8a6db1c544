"""The consolidated workbook recalculated by a real LibreOffice: every live formula equals its stored value."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.commands.run import run_period
from pipeline.reading.periods import Folders
from tests.builders import INPUTS, shipped
from tests.contract import tab
from tests.lasting import LASTING
from tests.office import at_the_keyboard, need_office

_BY_HAND = {"CT01": 7.0, "CT05": -0.25}  # what is added to a unit's figure in PL4, and to the total in PL3
_UNIT = "XA-vinh-thai"
Formulas = list[tuple[Any, Any, list[Any]]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Formulas, dict[str, Any]]:
    """(stored value, recalculated value, formula cell) of every formula; what `Đối chiếu` says of numbers typed in.

    Of the samples, and of a period in which nobody filed; the numbers into the samples.
    """
    need_office()
    project = shipped()
    home = tmp_path_factory.mktemp("formulas")
    books = [
        run_period(project, project.plan.period(code), Folders(INPUTS, home), engine=LASTING).workbook
        for code in ("q3", "q1")
    ]
    *found, edited = at_the_keyboard(
        [
            *({"open": str(book), "formulas": True} for book in books),
            {"open": str(books[0]), "type": _typed(books[0]), "formulas": True},
        ]
    )
    pairs = []
    for book, answer in zip(books, found, strict=True):
        rows = _rows_of(book)
        pairs += [(rows[cell[0]][cell[1]][cell[2]], cell[3], cell) for cell in answer["formulas"]]
    rows = _rows_of(books[0])["Đối chiếu"]
    place = next(row.index("difference") for row in rows if "difference" in row)
    said = [
        (str(rows[row][0]), amount)
        for sheet, row, column, amount, *_ in edited["formulas"]
        if sheet == "Đối chiếu" and column == place and amount
    ]
    return pairs, {"said": said, "book": books[0], "place": place}


def _rows_of(book: Path) -> dict[str, list[list[Any]]]:
    stored = CalamineWorkbook.from_path(str(book))
    return {name: stored.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in stored.sheet_names}


def _typed(book: Path) -> list[list[str]]:
    """A figure in PL4, a total in PL3 and a state in PL2 as an officer would change them."""
    rows = _rows_of(book)

    def cell(sheet: str, line: str, key: str) -> tuple[str, Any]:
        column = next(row.index(key) for row in rows[sheet] if key in row)
        row = next(number for number, cells in enumerate(rows[sheet]) if cells[0] == line)
        return xl_rowcol_to_cell(row, column), rows[sheet][row][column]

    figure, was = cell(tab("Theo đơn vị"), _UNIT, "CT01")
    total, summed = cell(tab("Số liệu"), "CT05", "Kỳ này")
    state, label = cell(tab("Ma trận"), _UNIT, "NV01")
    assert label != "Quá hạn"
    return [
        [tab("Theo đơn vị"), figure, f"{was + _BY_HAND['CT01']:g}".replace(".", ",")],
        [tab("Số liệu"), total, f"{summed + _BY_HAND['CT05']:.15g}".replace(".", ",")],
        [tab("Ma trận"), state, "Quá hạn"],
    ]


@pytest.fixture(scope="module")
def recalculated(played: tuple[Formulas, dict[str, Any]]) -> Formulas:
    return played[0]


def test_a_number_changed_by_hand_is_a_difference_of_the_reconciliation_and_no_other(
    played: tuple[Formulas, dict[str, Any]],
) -> None:
    said = [(what.partition(".")[0], amount) for what, amount in played[1]["said"]]
    assert said[:2] == [(name, pytest.approx(amount)) for name, amount in _BY_HAND.items()]  # of the period
    assert said[2:4] == [(name, pytest.approx(amount)) for name, amount in _BY_HAND.items()]  # the cumulative ones
    assert ("Quá hạn", 1) in said[4:]
    assert len(said) == 6


def test_differences_of_the_reconciliation_turn_red(played: tuple[Formulas, dict[str, Any]]) -> None:
    sheet = load_workbook(played[1]["book"])["Đối chiếu"]
    column = get_column_letter(played[1]["place"] + 1)
    red = {str(area.sqref) for area in sheet.conditional_formatting for rule in area.rules if rule.formula == ["0"]}
    cells = {cell.row for area in red for line in sheet[area] for cell in line}
    formulas = {cell.row for cell in sheet[column] if cell.data_type == "f"}
    assert all(area.startswith(column) for area in red)
    assert cells == formulas


def test_there_are_live_formulas_in_every_annex_that_adds_up(recalculated: Formulas) -> None:
    sheets = {cell[0] for *_, cell in recalculated}
    assert sheets >= {tab("Nhiệm vụ"), tab("Ma trận"), tab("Số liệu"), tab("Theo đơn vị"), tab("Hình thức")}
    assert sheets >= {"Tổng hợp", "Đối chiếu"}


def test_every_formula_gives_its_stored_value_and_no_error(recalculated: Formulas) -> None:
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
