"""Columns of one name are asked about once and neither counts; the row of column numbers is set aside with one note."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.declare.project import Project
from pipeline.intake.header_lines import is_numbering
from pipeline.values.cells import cell_name, is_missing
from pipeline.values.states import BELOW_DONE
from tests.builders import Scene, Spoil, accepted, figure, play, shipped, state
from tests.contract import ACTIVITIES, FIGURES, TASKS
from tests.oddities import edits

HEADER, FIRST = 5, 6  # the Excel rows of the header and of the first data, with the keys above
NOTE, FREE = (
    1 + place for place in (shipped().form["figures"].keys.index("note"), len(shipped().form["figures"].keys))
)
RECURRING = ("NV02", "NV03", "NV05", "NV07", "NV08")


def on(name: str, change: Callable[[Worksheet], object]) -> Spoil:
    return lambda draft: draft.edited(lambda book: change(book[name]) and None)


def without_keys(spoil: Spoil) -> Spoil:
    return lambda draft: spoil(draft).edited(edits.remove_keys)


def twice(name: str, column: int, further: int, header: str | None = "", how: str = "copied") -> Spoil:
    """A further column under the same header, or another; `how` its content came there."""

    def change(sheet: Worksheet) -> None:
        if header is None:  # a copy of the column with its key
            sheet.cell(HEADER - 1, further).value = sheet.cell(HEADER - 1, column).value
        sheet.cell(HEADER, further).value = header or sheet.cell(HEADER, column).value
        for row in range(FIRST, sheet.max_row + 1):
            mine, other = sheet.cell(row, column), sheet.cell(row, further)
            if how in ("copied", "moved") or (how == "shared" and row % 2):
                other.value = mine.value
            if how == "moved" or (how == "shared" and row % 2):
                mine.value = None
            if how == "one" and row == FIRST:
                other.value = 99

    return on(name, change)


def other_measures(sheet: Worksheet) -> None:
    sheet.cell(HEADER, FREE).value = "ĐƠN VỊ TÍNH"
    for row in range(FIRST, FIRST + 31):
        measure = sheet.cell(row, 3).value
        sheet.cell(row, FREE).value = "nghìn đồng" if measure == "đồng" else measure


VALUE = lambda *args, **how: twice(FIGURES, 4, FREE, *args, **how)

DOUBLED: dict[str, tuple[Spoil, str, str]] = {  # the cell and the field that are asked about
    "the same figures twice": (VALUE(), "D5", "value"),
    "one figure in the other": (VALUE("Kỳ này", how="one"), "D5", "value"),
    "a column copied with its key": (VALUE(None), "D5", "value"),
    "line breaks and a star, no keys": (without_keys(VALUE("Số\ntrong kỳ *")), "D4", "value"),
    "decomposed letters": (VALUE("Số trong kỳ"), "D5", "value"),
    "with the number of the column": (VALUE("Số trong kỳ (6)"), "D5", "value"),
    "two notes": (
        lambda draft: twice(FIGURES, NOTE, FREE)(draft.figure("CT01", 11, note="theo sổ theo dõi")),
        cell_name(NOTE - 1, HEADER),
        "note",
    ),
    "other units of measure": (on(FIGURES, other_measures), "C5", "measure"),
    "two days": (twice(ACTIVITIES, 2, 1 + len(shipped().form["activities"].keys)), "B5", "date"),
    "two statuses": (twice(TASKS, 5, 1 + len(shipped().form["tasks"].keys)), "E5", "status"),
}

SET_ASIDE: dict[str, tuple[Spoil, list[tuple[str, str]]]] = {
    "a second column that is blank": (VALUE(how="none"), [(cell_name(FREE - 1, HEADER), "column-set-aside")]),
    "a printed column copied": (twice(FIGURES, 2, FREE), [(cell_name(FREE - 1, HEADER), "column-set-aside")]),
}


def numbered(name: str, marks: Sequence[Any], row: int = FIRST) -> Spoil:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(row)
        for column, mark in enumerate(marks, start=1):
            sheet.cell(row, column).value = mark

    return on(name, change)


def in_two_lines(sheet: Worksheet) -> None:
    """A header over two lines, merged downwards but for two columns under one title, and numbers below."""
    sheet.insert_rows(FIRST)
    for column in range(1, 13):
        if column not in (8, 9):
            sheet.merge_cells(start_row=HEADER, end_row=FIRST, start_column=column, end_column=column)
    sheet["H6"], sheet["I6"], sheet["H5"], sheet["I5"] = "Số lượng", "Số người dự", "Kết quả", None
    sheet.merge_cells("H5:I5")
    sheet.insert_rows(7)
    for column in range(1, 13):
        sheet.cell(7, column).value = f"({column})"


NUMBERED: dict[str, tuple[Spoil, str, str]] = {  # where the note stands, and what it quotes
    "as Excel stores them": (numbered(FIGURES, [-1, -2, -3, -4, -5]), "A6", "-1 -2 -3 -4 -5"),
    "letters first": (numbered(FIGURES, ["A", "B", 1, 2, "3=1+2"]), "A6", "A B 1 2 3=1+2"),
    "of the activities, stored": (numbered(ACTIVITIES, [-n for n in range(1, 13)]), "A6", ""),
    "below a blank line": (
        lambda draft: numbered(FIGURES, [])(numbered(FIGURES, ["1", "2", "3", "4", "5"])(draft)),
        "A7",
        "1 2 3 4 5",
    ),
    "below a header of two lines": (on(ACTIVITIES, in_two_lines), "A7", ""),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    spoils = {name: case[0] for cases in (DOUBLED, SET_ASIDE, NUMBERED) for name, case in cases.items()}
    return play(tmp_path_factory.mktemp("columns"), project, spoils)


def told(scene: Scene) -> list[tuple[str, str]]:
    return [(problem.cell, problem.code) for problem in scene.done.problems if problem.unit_id == scene.unit_id]


@pytest.mark.parametrize("name", DOUBLED)
def test_columns_of_one_name_are_one_question(name: str, scenes: dict[str, Scene]) -> None:
    """Only the tasks that are below done for it are told beside it."""
    _, cell, field = DOUBLED[name]
    scene = scenes[name]
    below = {task for task in RECURRING if state(scene.done, scene.unit_id, task) in BELOW_DONE}
    others = [code for _, code in told(scene) if code not in ("proof-missing", "task-below-done")]
    assert others == ["column-doubled"]
    [problem] = [
        item for item in scene.done.problems if item.code == "column-doubled" and item.unit_id == scene.unit_id
    ]
    assert (problem.cell, problem.field) == (cell, field)
    assert below == (set(RECURRING) if field == "date" else set())
    message = scene.draft.project.message(problem, scene.done.settlement.period)
    assert problem.facts["columns"].count("cột ") == 2
    assert problem.facts["columns"] in message


def test_neither_of_two_columns_is_counted(scenes: dict[str, Scene]) -> None:
    for name, (_, _, field) in DOUBLED.items():
        scene = scenes[name]
        tables = ("figures",) if field in ("value", "note") else ("tasks", "activities")
        rows = [row for table in tables for row in accepted(scene.done, table, scene.unit_id) if field in row]
        assert field == "measure" or rows
        if field in ("value", "date", "status"):
            assert all(is_missing(row[field]) for row in rows), name
    assert figure(scenes["one figure in the other"].done, scenes["one figure in the other"].unit_id, "CT05")[0] is None
    money = scenes["other units of measure"]
    assert figure(money.done, money.unit_id, "CT23b")[0] is None
    assert figure(money.done, money.unit_id, "CT05")[0] == money.draft.answers.figures["CT05"]["value"]


@pytest.mark.parametrize("name", [*SET_ASIDE, *NUMBERED])
def test_what_is_in_no_doubt_is_set_aside_with_one_note(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    notes = SET_ASIDE[name][1] if name in SET_ASIDE else [(NUMBERED[name][1], "column-numbers")]
    assert told(scene) == notes
    quoted = "" if name in SET_ASIDE else NUMBERED[name][2]
    assert not quoted or [item.value for item in scene.done.problems if item.unit_id == scene.unit_id] == [quoted]
    typed = scene.draft.answers
    assert {row["indicator_id"]: row["value"] for row in accepted(scene.done, "figures", scene.unit_id)} == {
        key: row["value"] for key, row in typed.figures.items()
    }
    assert len(accepted(scene.done, "activities", scene.unit_id)) == len(typed.activities)
    assert len(accepted(scene.done, "tasks", scene.unit_id)) == len(typed.tasks)


def test_words_in_the_second_line_of_a_header_are_heard(project: Project, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(FIRST)
        for column in (1, 2, 3, 5):
            sheet.merge_cells(start_row=HEADER, end_row=FIRST, start_column=column, end_column=column)
        sheet["D6"] = "Lũy kế từ đầu năm"

    [scene] = play(tmp_path, project, {"one": on(FIGURES, change)}).values()
    assert {code for _, code in told(scene)} == {"meaning-contradicted"}
    assert figure(scene.done, scene.unit_id, "CT01")[0] is None


DATA: list[Sequence[Any]] = [  # rows of data, whatever their values
    ("CT01", 1, 2, 3, 4),
    (1, "Số tin, bài", "tin", 2, 3),
    (1, "", "", 2, 3),
    ("", "", "", 1, 2),
    (1, 2, 3, 4, 6),
    (2, 1, 3, 4, 5),
    (1, 2, 3, -4, 5),
    (1, 2, 3, 4, "5 tin"),
    (1.5, 2.5, 3.5, 4.5, 5.5),
    (True, 2, 3, 4, 5),
    (10, 20, 30, 40, 50),
    ("NV1", "NV2", "NV3", "NV4", "NV5"),
]


@pytest.mark.parametrize("row", DATA)
def test_a_row_of_data_is_no_row_of_column_numbers(row: Sequence[Any]) -> None:
    assert not is_numbering(row, range(5))


@given(st.integers(0, 3), st.integers(3, 12), st.sampled_from(["{}", "({})", "[{}]", "( {} )", "{}.", "{}=1+2"]))
def test_column_numbers_are_known_however_they_are_written(letters: int, count: int, style: str) -> None:
    marks = [style.format(chr(ord("A") + place)) for place in range(letters)]
    marks += [style.format(number) for number in range(1, count - letters + 1)]
    assert is_numbering(marks, range(len(marks)))
    assert is_numbering([-place for place in range(1, count + 1)], range(count))
    assert not is_numbering([*marks[:-1], "XA-01"], range(len(marks)))
    assert not is_numbering(marks[:2], range(count + 4))
