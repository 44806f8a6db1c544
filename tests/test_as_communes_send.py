"""Forty more ways in which a commune fills and saves its form: for each, what is asked and where. Nothing is lost, nothing guessed."""

from collections.abc import Callable
from datetime import time

import pandas as pd
import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.declare.project import Project
from tests.builders import Draft, Scene, Spoil, accepted, play
from tests.test_locate import ACTIVITIES, CARD, FIGURES, REQUESTS, TASKS

Asked = list[tuple[str, str]]  # cells and codes


def on(name: str, change: Callable[[Worksheet], object]) -> Spoil:
    """Somebody changes one sheet of the saved form."""
    return lambda draft: draft.edited(lambda book: change(book[name]) and None)


def typed(name: str, **cells: object) -> Spoil:
    def change(sheet: Worksheet) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return on(name, change)


def hidden(name: str, rows: tuple[int, ...] = (), column: str = "", level: int = 0) -> Spoil:
    def change(sheet: Worksheet) -> None:
        for row in rows:
            sheet.row_dimensions[row].hidden, sheet.row_dimensions[row].outlineLevel = True, level
        if column:
            sheet.column_dimensions[column].hidden = True

    return on(name, change)


def merged(name: str, area: str, *blank: str) -> Spoil:
    def change(sheet: Worksheet) -> None:
        for cell in blank:
            sheet[cell] = None
        sheet.merge_cells(area)

    return on(name, change)


def inserted(name: str, row: int, **cells: object) -> Spoil:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(row)
        for cell, value in cells.items():
            sheet[cell] = value

    return on(name, change)


def copied_away(book: Workbook) -> None:
    """The figures pasted into a new sheet, the old one left blank."""
    old, new = book[FIGURES], book.create_sheet("Sheet1")
    for row in old.iter_rows():
        for cell in row:
            if cell.value is not None:
                new[cell.coordinate] = cell.value
    for row in range(6, 37):
        old.cell(row, 4).value = None


def locked(book: Workbook) -> None:
    book.security = WorkbookProtection(workbookPassword="abc", lockStructure=True)


def very_hidden(book: Workbook) -> None:
    book.create_sheet("Số liệu gốc")["B2"] = 12
    book["Số liệu gốc"].sheet_state = "veryHidden"


def printed_on_one_page(sheet: Worksheet) -> None:
    sheet.print_title_rows, sheet.print_area = "1:5", "A1:E36"


def pasted_below(draft: Draft) -> Draft:
    def paste(book: Workbook) -> None:
        for column in range(1, 13):
            book[ACTIVITIES].cell(60, column).value = book[ACTIVITIES].cell(6, column).value
        book[ACTIVITIES].cell(60, 6).value = "Ở xa bên dưới"

    return draft.edited(paste)


def in_the_wrong_sheet(book: Workbook) -> None:
    for row in range(6, 8):
        book[REQUESTS].cell(row, 1).value = book[ACTIVITIES].cell(row, 2).value
        book[REQUESTS].cell(row, 2).value = book[ACTIVITIES].cell(row, 6).value


def lower_ids(sheet: Worksheet) -> None:
    for row in range(6, 37):
        sheet.cell(row, 1).value = f"{sheet.cell(row, 1).value} ".lower()


def twice(sheet: Worksheet) -> None:
    for column in range(1, 6):
        sheet.cell(40, column).value = sheet.cell(6, column).value


def formats(sheet: Worksheet) -> None:
    for cell, look in {"D6": '0" tin"', "D7": ";;;", "D8": "0%", "D9": "@"}.items():
        sheet[cell].number_format = look
    sheet["D11"].font, sheet["D12"].font = Font(color="FFFFFFFF"), Font(strike=True)


WAYS: dict[str, tuple[Spoil, Asked]] = {
    "the column of figures hidden": (hidden(FIGURES, column="D"), [("D6", "hidden-data")]),
    "rows filtered away": (hidden(ACTIVITIES, rows=(7, 8, 9)), [("B7", "hidden-data")]),
    "rows grouped and folded": (hidden(ACTIVITIES, rows=(8, 9), level=1), [("B8", "hidden-data")]),
    "a sheet hidden for good": (lambda draft: draft.edited(very_hidden), [("B2", "hidden-data")]),
    "figures pasted into another sheet": (lambda draft: draft.edited(copied_away), []),
    "the structure locked with a password": (lambda draft: draft.edited(locked), []),
    "titles printed on every page": (on(FIGURES, printed_on_one_page), []),
    "a merged header": (merged(FIGURES, "D5:E5"), []),
    "a blank column in front": (on(FIGURES, lambda sheet: sheet.insert_cols(1)), []),
    "a subheading between indicators": (inserted(FIGURES, 9, A9="Trong đó:"), []),
    "a heading in the column of numbers": (inserted(ACTIVITIES, 6, A6="I. TIN, BÀI"), []),
    "a row of their own between indicators": (
        inserted(FIGURES, 9, B9="Tin trên bảng tin thôn", D9=7),
        [("B9", "row-unknown")],
    ),
    "a word above the table": (typed(FIGURES, D1="Số liệu chưa đầy đủ"), [("D1", "cell-outside-table")]),
    "looks of every kind": (on(FIGURES, formats), []),
    "money in a cell that shows thousands": (typed(FIGURES, D31=4500), [("D31", "outlier")]),
    "true instead of a number": (typed(FIGURES, D6=True), [("D6", "not-a-number")]),
    "a time instead of minutes": (typed(FIGURES, D10=time(2, 30)), [("D10", "not-a-number")]),
    "a word instead of a number": (typed(FIGURES, D6="Xem phụ lục kèm theo"), [("D6", "not-a-number")]),
    "about two hundred": (typed(FIGURES, D6="≈200"), [("D6", "vague-number")]),
    "a Vietnamese decimal where numbers are whole": (typed(FIGURES, D6="1.250,5"), [("D6", "not-whole")]),
    "a Vietnamese decimal where they are not": (typed(FIGURES, D10="37,5"), []),
    "a unit and a note": (typed(FIGURES, D8="4 tin, bài (lồng ghép)"), []),
    "money with its sign": (typed(FIGURES, D31="4.500.000 đ."), []),
    "money said again in words": (typed(FIGURES, D31="4,5 triệu đồng (Bốn triệu rưỡi)"), []),
    "the same indicator twice": (on(FIGURES, twice), [("A40", "duplicate-row"), ("A6", "duplicate-row")]),
    "ids in small letters": (on(FIGURES, lower_ids), []),
    "a day with points and a short year": (typed(ACTIVITIES, B9="08.7.25"), []),
    "a day count as text": (typed(ACTIVITIES, B9="45905"), []),
    "only a month": (typed(ACTIVITIES, B9="tháng 7"), [("B9", "not-a-date")]),
    "every day": (typed(ACTIVITIES, B9="hàng ngày"), [("B9", "not-a-date")]),
    "a code without its nought": (typed(ACTIVITIES, C9="NV 3"), []),
    "two codes": (typed(ACTIVITIES, C9="NV02, NV03"), [("C9", "task-unknown")]),
    "ditto marks": (typed(ACTIVITIES, B8="nt", D8='"'), [("B8", "not-a-date"), ("D8", "choice-unknown")]),
    "one day for three rows": (
        merged(ACTIVITIES, "B6:B8", "B7", "B8"),
        [("B6", "merged-cells"), ("B7", "value-required"), ("B8", "value-required")],
    ),
    "a title over two columns": (merged(ACTIVITIES, "F6:G6", "G6"), []),
    "numbers of the rows by formula": (typed(ACTIVITIES, **{f"A{row}": "=ROW()-5" for row in range(6, 16)}), []),
    "an activity far below": (pasted_below, []),
    "activities in the sheet of requests": (
        lambda draft: draft.edited(in_the_wrong_sheet),
        [("A6", "choice-unknown"), ("A7", "choice-unknown")],
    ),
    "a task that is not theirs": (typed(TASKS, E9="Hoàn thành"), [("E9", "row-not-lead")]),
    "a request that there is none": (typed(REQUESTS, A6="Kiến nghị", B6="Không"), []),
    "a telephone number as a number": (typed(CARD, C14=912345678), []),
    "a blank sheet between": (lambda draft: draft.edited(lambda book: book.create_sheet("Sheet9", 2) and None), []),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("communes"), project, {name: spoil for name, (spoil, _) in WAYS.items()})


@pytest.mark.parametrize("name", WAYS)
def test_a_form_is_asked_about_where_it_has_to_be_and_nowhere_else(name: str, scenes: dict[str, Scene]) -> None:
    assert scenes[name].problems() == sorted(WAYS[name][1])


@pytest.mark.parametrize(
    "name", [name for name, (_, asked) in WAYS.items() if not asked or asked[0][1] == "hidden-data"]
)
def test_every_number_and_title_is_read(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    read = {row["indicator_id"]: row["value"] for row in accepted(scene.done, "figures", scene.unit_id)}
    assert read == {key: row["value"] for key, row in scene.draft.answers.figures.items()}
    titles = [row["title"] for row in accepted(scene.done, "activities", scene.unit_id)]
    assert [title for title in titles if title != "Ở xa bên dưới"] == [
        row["title"] for row in scene.draft.answers.activities
    ]
    assert not pd.isna([row["date"] for row in accepted(scene.done, "activities", scene.unit_id)]).any()


def test_what_was_pasted_far_below_counts(scenes: dict[str, Scene]) -> None:
    scene = scenes["an activity far below"]
    assert "Ở xa bên dưới" in [row["title"] for row in accepted(scene.done, "activities", scene.unit_id)]
