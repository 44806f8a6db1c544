"""Tables are found by their keys or headers wherever people have moved them; what is really gone is said."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.declare.project import Project
from pipeline.publish.forms.blank_form import FIRST_ROW, HEADER_ROW, KEY_ROW
from tests.builders import (
    Edit,
    Scene,
    Spoil,
    accepted,
    codes,
    evaluate_folder,
    found,
    play,
    state,
    states,
    truthful,
    write_book,
)

CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS = (
    "Thông tin chung",
    "Biểu 1 - Nhiệm vụ",
    "Biểu 2 - Số liệu",
    "Biểu 3 - Hoạt động",
    "Biểu 4 - Kiến nghị",
)


def rename(book: Workbook) -> None:
    for number, name in enumerate((CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS), start=1):
        book[name].title = f"Sheet{number}"


def reverse_sheets(book: Workbook) -> None:
    book._sheets.reverse()


def insert_column(book: Workbook) -> None:
    book[ACTIVITIES].insert_cols(3)


def insert_column_in_card(book: Workbook) -> None:
    book[CARD].insert_cols(3)


def insert_column_before_labels(book: Workbook) -> None:
    for area in list(book[CARD].merged_cells.ranges):  # which openpyxl would leave where they are
        book[CARD].unmerge_cells(str(area))
    book[CARD].insert_cols(2)


def insert_row_above_headers(book: Workbook) -> None:
    for name in (TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name].insert_rows(HEADER_ROW + 1)
        book[name].cell(HEADER_ROW + 1, 1).value = "Số liệu quý III năm 2025"


def insert_column_in_card_without_keys(book: Workbook) -> None:
    remove_key_column(book)
    book[CARD].insert_cols(2)


def exchange_columns(book: Workbook) -> None:
    for row in book[ACTIVITIES].iter_rows(min_row=KEY_ROW + 1):
        row[1].value, row[5].value = row[5].value, row[1].value


def insert_rows_above(book: Workbook) -> None:
    for name in (CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name].insert_rows(1, 3)


def insert_rows_between(book: Workbook) -> None:
    book[FIGURES].insert_rows(FIRST_ROW + 4, 2)
    book[ACTIVITIES].insert_rows(FIRST_ROW + 4, 2)


def reword_headers(book: Workbook) -> None:
    for name in (TASKS, FIGURES, ACTIVITIES, REQUESTS):
        for cell in book[name][HEADER_ROW + 1][1:]:
            cell.value = f"Cột {cell.column}"


def remove_keys(book: Workbook) -> None:
    for name in (TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name].delete_rows(KEY_ROW + 1)


def remove_keys_and_move_columns(book: Workbook) -> None:
    remove_keys(book)
    for row in book[ACTIVITIES].iter_rows(min_row=KEY_ROW + 1):
        row[1].value, row[5].value = row[5].value, row[1].value


def remove_key_column(book: Workbook) -> None:
    sheet = book[CARD]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_cols(1)


def reverse_rows(book: Workbook) -> None:
    sheet = book[TASKS]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + 9)]
    for row, values in zip(sheet.iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + 9), reversed(rows), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def remove_silent_sheets(book: Workbook) -> None:
    for name in ("Hướng dẫn", "_meta", "_lists"):
        del book[name]


def copy_blank_sheet(book: Workbook) -> None:
    copy = book.copy_worksheet(book[ACTIVITIES])
    for row in copy.iter_rows(min_row=FIRST_ROW + 1):
        for cell in row:
            cell.value = None


def leave_optional_column_out(book: Workbook) -> None:
    book[ACTIVITIES].delete_cols(7)


MOVED: dict[str, Edit] = {
    "renamed sheets": rename,
    "sheets in another order": reverse_sheets,
    "an inserted column": insert_column,
    "a column inserted in the card": insert_column_in_card,
    "a column inserted before the labels of the card": insert_column_before_labels,
    "a column inserted in a card without keys": insert_column_in_card_without_keys,
    "a line inserted between keys and headers": insert_row_above_headers,
    "columns that changed places": exchange_columns,
    "rows inserted above": insert_rows_above,
    "blank rows in between": insert_rows_between,
    "reworded headers above the keys": reword_headers,
    "tables without their keys": remove_keys,
    "tables without their keys and with other columns": remove_keys_and_move_columns,
    "a card without its keys": remove_key_column,
    "tasks in another order": reverse_rows,
    "no guide, lists or marks": remove_silent_sheets,
    "a blank copy of a sheet": copy_blank_sheet,
    "an optional column left out": leave_optional_column_out,
}


def delete_sheet(name: str) -> Edit:
    def edit(book: Workbook) -> None:
        del book[name]

    return edit


def delete_quantity(book: Workbook) -> None:
    book[ACTIVITIES].delete_cols(8)


def delete_task_row(book: Workbook) -> None:
    book[TASKS].delete_rows(FIRST_ROW + 2)


def fill_copy(book: Workbook) -> None:
    book.copy_worksheet(book[ACTIVITIES])


def add_column(book: Workbook) -> None:
    book[FIGURES].cell(HEADER_ROW + 1, 6).value = "Ý kiến của xã"
    book[FIGURES].cell(FIRST_ROW + 2, 6).value = "nhiều hơn quý trước"
    book[FIGURES].cell(FIRST_ROW + 3, 6).value = "như quý trước"


def add_sheet(book: Workbook) -> None:
    book.create_sheet("Ảnh")["B2"] = "xem ảnh kèm theo"


def add_blank_sheet(book: Workbook) -> None:
    book.create_sheet("Sheet9")


BROKEN: dict[str, tuple[Edit, list[tuple[str, str]], str]] = {
    "no card": (delete_sheet(CARD), [("", "sheet-missing")], "returned"),
    "no tasks": (delete_sheet(TASKS), [("", "sheet-missing")], "returned"),
    "no figures": (delete_sheet(FIGURES), [("", "sheet-missing")], "returned"),
    "no activities": (delete_sheet(ACTIVITIES), [("", "sheet-missing")], "returned"),
    "no requests": (delete_sheet(REQUESTS), [("", "sheet-missing")], "returned"),
    "no quantity": (delete_quantity, [("", "column-missing")], "returned"),
    "two filled sheets of one table": (fill_copy, [("", "sheet-ambiguous")], "returned"),
    "a column of their own": (add_column, [("F7", "unknown-column")], "in-force"),
    "a sheet of their own": (add_sheet, [("B2", "unknown-sheet")], "in-force"),
    "a blank sheet of their own": (add_blank_sheet, [], "in-force"),
    "a row of the tasks removed": (delete_task_row, [("", "task-row-blank")], "in-force"),
}


def spoil_with(edit: Edit) -> Spoil:
    return lambda draft: draft.edited(edit)


OUTSIDE: dict[str, tuple[str, str]] = {
    "beside the card": (CARD, "F5"),
    "below the card": (CARD, "B30"),
    "above a table": (TASKS, "E2"),
    "beside a table": (REQUESTS, "H9"),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    spoils = {name: spoil_with(edit) for name, edit in MOVED.items()} | {
        name: spoil_with(case[0]) for name, case in BROKEN.items()
    }
    written = {name: (lambda draft, place=place: draft.cell(*place, "nhớ gọi lại")) for name, place in OUTSIDE.items()}
    return play(tmp_path_factory.mktemp("locate"), project, {**spoils, **written})


def file_state(scene: Scene) -> str:
    return states(scene.done)[f"{scene.unit_id}.xlsx"]


@pytest.mark.parametrize("name", MOVED)
def test_everything_typed_is_found_in_spite_of(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    typed = scene.draft.answers
    assert scene.problems() == []
    assert {row["task_id"]: row["status"] for row in accepted(scene.done, "tasks", scene.unit_id)} == {
        key: row["status"] for key, row in typed.tasks.items()
    }
    assert {row["indicator_id"]: row["value"] for row in accepted(scene.done, "figures", scene.unit_id)} == {
        key: row["value"] for key, row in typed.figures.items()
    }
    read = [
        (row["title"], row["quantity"], row["date"].date(), row["form"])
        for row in accepted(scene.done, "activities", scene.unit_id)
    ]
    assert read == [(row["title"], row["quantity"], row["date"], row["form"]) for row in typed.activities]


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_said_once_and_has_its_effect_for(name: str, scenes: dict[str, Scene]) -> None:
    _, problems, wanted = BROKEN[name]
    scene = scenes[name]
    file = f"{scene.unit_id}.xlsx"
    assert [(problem.cell, problem.code) for problem in scene.done.problems if problem.file == file] == problems
    assert file_state(scene) == wanted


@pytest.mark.parametrize("name", [name for name, case in BROKEN.items() if case[2] == "returned"])
def test_no_row_of_a_returned_form_is_in_any_table(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert all(accepted(scene.done, table, scene.unit_id) == [] for table in scene.draft.project.form.tables)
    assert state(scene.done, scene.unit_id, "NV02") == "missing"


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_written_outside_is_lost_from_sight(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    [problem] = [problem for problem in scene.done.problems if problem.unit_id == scene.unit_id]
    assert problem.code in ("cell-outside-table", "unknown-column")
    assert (problem.sheet, problem.cell) == OUTSIDE[name]
    assert "nhớ gọi lại" in problem.value


def test_the_missing_part_is_named(scenes: dict[str, Scene]) -> None:
    [problem] = [
        problem for problem in scenes["no quantity"].done.problems if problem.unit_id == scenes["no quantity"].unit_id
    ]
    assert (problem.table, problem.field) == ("activities", "quantity")


def test_a_removed_task_row_is_missing_like_a_blank_one(scenes: dict[str, Scene]) -> None:
    scene = scenes["a row of the tasks removed"]
    assert state(scene.done, scene.unit_id, "NV02") == "missing"


def test_a_table_of_their_own_making_is_no_form(project: Project, tmp_path: Path) -> None:
    own = Workbook()
    sheet = own.worksheets[0]
    for row in (["Xã Vĩnh Thái"], ["STT", "Nội dung", "Số lượng"], [1, "Tin bài", 12]):
        sheet.append(row)
    own.save(tmp_path / "vinh-thai.xlsx")
    write_book(tmp_path, [("vinh-thai.xlsx", "2025-09-15 08:00")])
    done = evaluate_folder(tmp_path, project)
    assert codes(done, "vinh-thai.xlsx") == ["not-a-form"]
    assert states(done) == {"vinh-thai.xlsx": "not-a-form"}
    assert state(done, "XA-vinh-thai", "NV02") == "missing"


def test_one_broken_file_stops_nobody_else(project: Project, tmp_path: Path) -> None:
    good = truthful(project, "XA-vinh-o")
    (tmp_path / "XA-vinh-tu.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    done = evaluate_folder(tmp_path, project, [good])
    assert codes(done, "XA-vinh-tu.xlsx") == ["file-corrupt"]
    assert found(done, "XA-vinh-o", project=project) == []
    assert states(done) == {"XA-vinh-o.xlsx": "in-force", "XA-vinh-tu.xlsx": "not-a-form"}
