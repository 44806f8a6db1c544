"""Whole forms, each odd in its own way, with what is asked about them and where."""

from collections.abc import Callable
from datetime import time

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.builders import Draft, Edit, Spoil, beyond, blank
from tests.contract import ACTIVITIES, CARD, FIGURES, REQUESTS, TASKS
from tests.oddities import edits
from tests.oddities.cells import OTHER_PERIODS, PERIOD_WORDS, nfd

Asked = list[tuple[str, str]]  # cells and codes


def edited(edit: Edit) -> Spoil:
    return lambda draft: draft.edited(edit)


# By what was done: the change, and its numbers among the 48 cases. Nothing is asked, and everything typed is found.
MOVED: dict[str, tuple[Edit, tuple[int, ...]]] = {
    "renamed sheets": (edits.rename, (32,)),
    "sheets in another order": (edits.reverse_sheets, ()),
    "an inserted column": (edits.insert_column, (30,)),
    "a column inserted in the card": (edits.insert_column_in_card, ()),
    "a column inserted before the labels of the card": (edits.insert_column_before_labels, ()),
    "a column inserted in a card without keys": (edits.insert_column_in_card_without_keys, ()),
    "a line inserted between keys and headers": (edits.insert_row_above_headers, ()),
    "columns that changed places": (edits.exchange_columns, (30,)),
    "rows inserted above": (edits.insert_rows_above, ()),
    "blank rows in between": (edits.insert_rows_between, (29,)),
    "reworded headers above the keys": (edits.reword_headers, (30,)),
    "tables without their keys": (edits.remove_keys, ()),
    "tables without their keys and with other columns": (edits.remove_keys_and_move_columns, ()),
    "a card without its keys": (edits.remove_key_column, ()),
    "tasks in another order": (edits.reverse_rows, (29,)),
    "a task without its id": (edits.delete_an_id, (29,)),
    "numbers of rows typed anew": (edits.retype_numbers, (29,)),
    "no guide, lists or marks": (edits.remove_silent_sheets, ()),
    "a blank copy of a sheet": (edits.copy_blank_sheet, (32,)),
    "an optional column left out": (edits.leave_optional_column_out, ()),
    "merged titles": (edits.merge_titles, (28,)),
    "a hidden blank row": (edits.hide_blank_row, (31,)),
    "protected sheets": (edits.protect, (38,)),
    "no drop-downs": (edits.remove_drop_downs, (46,)),
    "fonts and colours of their own": (edits.change_looks, (46,)),
    "a comment": (edits.add_comment, (47,)),
}

# What is said of the form, and what becomes of it.
BROKEN: dict[str, tuple[Edit, list[tuple[str, str]], str]] = {
    "no card": (edits.delete_sheet(CARD), [("", "sheet-missing")], "returned"),
    "no tasks": (edits.delete_sheet(TASKS), [("", "sheet-missing")], "returned"),
    "no figures": (edits.delete_sheet(FIGURES), [("", "sheet-missing")], "returned"),
    "no activities": (edits.delete_sheet(ACTIVITIES), [("", "sheet-missing")], "returned"),
    "no requests": (edits.delete_sheet(REQUESTS), [("", "sheet-missing")], "returned"),
    "no quantity": (edits.delete_quantity, [("", "column-missing")], "returned"),
    "two filled sheets of one table": (edits.fill_copy, [("", "sheet-ambiguous")], "returned"),
    "a column of their own": (edits.add_column, [(beyond("figures", 1), "unknown-column")], "in-force"),
    "a sheet of their own": (edits.add_sheet, [("B2", "unknown-sheet")], "in-force"),
    "a blank sheet of their own": (edits.add_blank_sheet, [], "in-force"),
    "a row of the tasks removed": (edits.delete_task_row, [("", "task-row-blank")], "in-force"),
}

# Where somebody writes a remark that no table has a place for.
OUTSIDE: dict[str, tuple[str, str]] = {
    "beside the card": (CARD, "F5"),
    "below the card": (CARD, "B30"),
    "above a table": (TASKS, "E2"),
    "beside a table": (REQUESTS, "H9"),
}


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


def pasted_below(draft: Draft) -> Draft:
    def paste(book: Workbook) -> None:
        for column in range(1, 13):
            book[ACTIVITIES].cell(60, column).value = book[ACTIVITIES].cell(6, column).value
        book[ACTIVITIES].cell(60, 6).value = "Ở xa bên dưới"

    return draft.edited(paste)


# What is asked, all of it; everything else is read.
WAYS: dict[str, tuple[Spoil, Asked]] = {
    "the column of figures hidden": (hidden(FIGURES, column="D"), [("D6", "hidden-data")]),
    "rows filtered away": (hidden(ACTIVITIES, rows=(7, 8, 9)), [("B7", "hidden-data")]),
    "rows grouped and folded": (hidden(ACTIVITIES, rows=(8, 9), level=1), [("B8", "hidden-data")]),
    "a sheet hidden for good": (lambda draft: draft.edited(edits.add_very_hidden_sheet), [("B2", "hidden-data")]),
    "figures pasted into another sheet": (lambda draft: draft.edited(edits.move_figures_to_a_new_sheet), []),
    "the structure locked with a password": (lambda draft: draft.edited(edits.lock_structure), []),
    "titles printed on every page": (on(FIGURES, edits.repeat_titles), []),
    "a merged header": (merged(FIGURES, "D5:E5"), []),
    "a blank column in front": (on(FIGURES, lambda sheet: sheet.insert_cols(1)), []),
    "a subheading between indicators": (inserted(FIGURES, 9, A9="Trong đó:"), []),
    "a heading in the column of numbers": (inserted(ACTIVITIES, 6, A6="I. TIN, BÀI"), []),
    "a row of their own between indicators": (
        inserted(FIGURES, 9, B9="Tin trên bảng tin thôn", D9=7),
        [("B9", "row-unknown")],
    ),
    "a word above the table": (typed(FIGURES, D1="Đã ký, đóng dấu"), [("D1", "cell-outside-table")]),
    "a denial above the table": (typed(FIGURES, D1="Số liệu chưa đầy đủ"), [("D6", "meaning-contradicted")]),
    "looks of every kind": (
        on(FIGURES, edits.format_cells),
        [(f"D{row}", "display-differs") for row in (7, 8, 11, 12)],
    ),
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
    "the same indicator twice": (on(FIGURES, edits.repeat_a_row), [("A40", "duplicate-row"), ("A6", "duplicate-row")]),
    "ids in small letters": (on(FIGURES, edits.lower_ids), []),
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
        lambda draft: draft.edited(edits.type_into_the_wrong_sheet),
        [("A6", "choice-unknown"), ("A7", "choice-unknown")],
    ),
    "a task that is not theirs": (typed(TASKS, E9="Hoàn thành"), [("E9", "row-not-lead")]),
    "a request that there is none": (typed(REQUESTS, A6="Kiến nghị", B6="Không"), []),
    "a telephone number as a number": (typed(CARD, C14=912345678), []),
    "a blank sheet between": (lambda draft: draft.edited(lambda book: book.create_sheet("Sheet9", 2) and None), []),
}


def total_row(written: int) -> Spoil:
    return lambda draft: draft.activity(title="Tổng cộng", quantity=written)


# Those of which test_forty_eight_cases says one by one what comes of them.
SHAPES: dict[str, Spoil] = {
    "right total": lambda draft: total_row(sum(row["quantity"] for row in draft.answers.activities))(draft),
    "wrong total": total_row(999),
    "merged figures": lambda draft: draft.figure("CT02", None).edited(edits.merge_figures),
    "unknown row": lambda draft: draft.cell(TASKS, draft.at("tasks", "task_id", "NV02"), "NV77"),
    "row removed": edited(edits.delete_task_row),
    "column hidden": edited(edits.hide_column),
    "column of their own": edited(edits.add_column),
    "hidden filled row": edited(edits.hide_filled_row),
    "filled copy of a sheet": edited(edits.fill_copy),
    "old form": lambda draft: draft.card(form_version="v0").hidden(form_version="v0"),
    "form of the period before": lambda draft: draft.card(period="6t").hidden(period="6t"),
    "form of the year before": lambda draft: draft.card(year=2024).hidden(plan="2024"),
    "named for another unit": lambda draft: draft.named("BC CCHC Q3 Phòng Tư pháp (1) bản cuối.xlsx"),
    "decomposed file name": lambda draft: draft.named(nfd("vĩnh thái(1) sửa lần 2.xlsx")),
    "name of another unit": lambda draft: draft.card(unit_name="Phòng Tư pháp").hidden(unit_id="P-tu-phap"),
    "two units": edited(edits.add_second_card),
    "all text": edited(edits.make_all_text),
    "a note in brackets": lambda draft: draft.figure("CT08", "15 (lồng ghép)", note="theo sổ"),
    "late": lambda draft: draft.received("2025-09-17 08:00"),
    "nothing to report": lambda draft: blank(draft.project, draft.unit.unit_id).card(nothing_to_report="Có"),
    **{
        f"period {word}": (lambda draft, word=word: draft.card(period=word)) for word in (*PERIOD_WORDS, *OTHER_PERIODS)
    },
    **{
        f"named {name}": (lambda draft, name=name: draft.card(unit_id=None, unit_name=name))
        for name in ("xã Vĩnh Trung", "xã Vĩnh Kim", "xã Vĩnh Hoàng")
    },
}


# In the order in which they are done: first what is typed, then where it stands, then what the sheets are called.
HARMLESS: dict[str, Edit] = {
    "decomposed letters": edits.retype(
        edits.cells(TASKS, ACTIVITIES), lambda value: nfd(value) if isinstance(value, str) else value
    ),
    "more spaces": edits.retype(
        edits.cells(TASKS, FIGURES, ACTIVITIES),
        lambda value: f" {value.replace(' ', '  ')}\u00a0" if isinstance(value, str) else value,
    ),
    "dates as text": edits.retype(edits.cells(TASKS, ACTIVITIES), edits.as_text),
    "dots for thousands": edits.retype(edits.cells(FIGURES), edits.with_dots),
    "other titles": edits.change_titles,
    "hidden rows": edits.hide_rows,
    "reworded headers": edits.reword_headers,
    "columns exchanged": edits.exchange_columns,
    "a column inserted": edits.insert_column,
    "rows inserted above": edits.insert_rows_above,
    "empty sheets": edits.add_empty_sheets,
    "sheets in another order": edits.reverse_sheets,
    "sheets renamed": edits.rename,
}
