"""One row that is wrong in several cells is told in one sentence; a number of its own is never hidden by that."""

from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook

from pipeline.declare.project import Project
from pipeline.judge.telling import Told, tell, tell_questions, tell_rows
from pipeline.values.problems import Problem
from tests.builders import Draft, Scene, accepted, figure, play, rejected
from tests.contract import ACTIVITIES, FIGURES, TASKS


def typed(sheet: str, **cells: object):  # type: ignore[no-untyped-def]
    def spoil(draft: Draft) -> Draft:
        def edit(book: Workbook) -> None:
            for cell, value in cells.items():
                book[sheet][cell] = value

        return draft.edited(edit)

    return spoil


def retyped(sheet: str, count: int):  # type: ignore[no-untyped-def]
    return typed(sheet, **{f"A{row}": row - 5 for row in range(6, 6 + count)})


def with_odd_ids(make):  # type: ignore[no-untyped-def]
    """Biểu 2 as somebody left its ids, with a fraction, a number that lost its thousands, a count with its noun."""
    rows = {"D6": 12.5, "D7": 1.234, "D8": "4 tin", "D10": "37,5 phút", "D18": "1.234"}

    def spoil(draft: Draft) -> Draft:
        ids = {f"A{row}": make(row, item.id) for row, item in enumerate(draft.project.plan.indicators, start=6)}
        return typed(FIGURES, **ids, **rows)(draft)

    return spoil


ODD_IDS = {
    "small letters": with_odd_ids(lambda row, name: name.lower()),
    "no ids": with_odd_ids(lambda row, name: None),
    "running numbers": with_odd_ids(lambda row, name: row - 5),
    "broken ids": with_odd_ids(lambda row, name: "#REF!"),
}


def twice(value: object):  # type: ignore[no-untyped-def]
    return typed(FIGURES, A50="CT01", B50="Tin đăng trên Cổng/Trang thông tin điện tử", C50="tin", D50=value)


SPOILS = {
    "a remark in two cells": typed(ACTIVITIES, B40="Nguồn số liệu", H40="sổ văn thư"),
    "a note alone": typed(ACTIVITIES, L40="Số liệu do công chức văn hóa tổng hợp"),
    "a heading": typed(ACTIVITIES, F40="II. Truyền thanh"),
    "two cells left blank": lambda draft: draft.spoil_activity(3, quantity=None, form=None),
    "three cells left blank": lambda draft: draft.spoil_activity(3, quantity=None, form=None, date=None),
    "people counted in words": lambda draft: draft.spoil_activity(3, participants="50 người", quantity="03 cuộc"),
    "a bad day and a blank": lambda draft: draft.spoil_activity(3, date="hàng ngày", form=None),
    "figures numbered anew": retyped(FIGURES, 31),
    "tasks numbered anew": retyped(TASKS, 9),
    "an indicator twice": twice(5),
    "words below the table": typed(FIGURES, D51="Đã đối chiếu", E51="với sổ văn thư"),
    "noughts filled down": typed(FIGURES, **{f"D{row}": 0 for row in range(51, 251)}),
    "numbers below each other": typed(FIGURES, D51=1, D52=2, D53=2, D55=2),
    "a task filled down": typed(ACTIVITIES, **{f"C{row}": "NV05" for row in range(16, 20)}),
    "a day missing in two activities": lambda draft: draft.spoil_activity(3, date=None).spoil_activity(4, date=None),
    "an activity filled down": lambda draft: draft.activity(**draft.answers.activities[9]).activity(
        **draft.answers.activities[9]
    ),
    "a faulty activity filled down": lambda draft: draft.spoil_activity(9, quantity=0).activity(
        **{**draft.answers.activities[9], "quantity": 0}
    ),
    "a number below the table": typed(FIGURES, D51=12),
    **ODD_IDS,
    "nothing arose, says the card": lambda draft: draft.card(nothing_to_report="Có"),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("telling"), project, SPOILS)


def told(scene: Scene, code: str) -> str:
    [problem] = [
        problem for problem in scene.done.problems if problem.unit_id == scene.unit_id and problem.code == code
    ]
    return scene.draft.project.message(problem, scene.draft.period)


def test_a_remark_below_the_table_is_told_once_and_kept(scenes: dict[str, Scene]) -> None:
    scene = scenes["a remark in two cells"]
    assert scene.problems() == [("B40", "row-unreadable")]
    assert "“Nguồn số liệu; sổ văn thư”" in told(scene, "row-unreadable")
    assert rejected(scene.done, scene.unit_id) == [("activities", 40, "row-unreadable")]


def test_a_row_of_plain_words_alone_is_told_once_and_kept(scenes: dict[str, Scene]) -> None:
    scene = scenes["a note alone"]
    assert [code for _, code in scene.problems()] == ["row-unreadable"]
    assert "“Số liệu do công chức văn hóa tổng hợp”" in told(scene, "row-unreadable")
    assert rejected(scene.done, scene.unit_id) == [("activities", 40, "row-unreadable")]


def test_the_blanks_of_one_row_are_told_once_by_name(scenes: dict[str, Scene]) -> None:
    heading, blanks = scenes["a heading"], scenes["three cells left blank"]
    assert heading.problems() == [("B40", "value-required")]
    assert "“Ngày”, “Nhiệm vụ”, “Hình thức”, “Số lượng” còn để trống. Đề nghị ghi đủ các ô này." in told(
        heading, "value-required"
    )
    assert blanks.problems() == [(blanks.at("activities", "date", 3), "value-required")]
    assert "“Ngày”, “Hình thức”, “Số lượng” còn để trống." in told(blanks, "value-required")


def test_one_or_two_blanks_are_told_each_at_its_cell(scenes: dict[str, Scene]) -> None:
    scene = scenes["two cells left blank"]
    assert scene.problems() == sorted(
        (scene.at("activities", key, 3), "value-required") for key in ("form", "quantity")
    )


def test_a_count_may_name_what_it_counts(scenes: dict[str, Scene]) -> None:
    scene = scenes["people counted in words"]
    assert scene.problems() == []
    assert (50, 3) in [
        (row["participants"], row["quantity"]) for row in accepted(scene.done, "activities", scene.unit_id)
    ]


def test_a_cell_that_says_something_wrong_keeps_its_own_sentence(scenes: dict[str, Scene]) -> None:
    scene = scenes["a bad day and a blank"]
    assert scene.problems() == [
        (scene.at("activities", "date", 3), "not-a-date"),
        (scene.at("activities", "form", 3), "value-required"),
    ]


@pytest.mark.parametrize("name", ["figures numbered anew", "tasks numbered anew"])
def test_rows_numbered_anew_are_known_by_their_titles(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert scene.problems() == []
    assert figure(scene.done, scene.unit_id, "CT01")[0] == scene.draft.answers.figures["CT01"]["value"]


@pytest.mark.parametrize("name", ODD_IDS)
def test_a_row_known_in_another_way_than_by_its_id_is_read_like_any_other(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert scene.problems() == [("D6", "not-whole"), ("D7", "not-whole")]
    assert [figure(scene.done, scene.unit_id, item)[0] for item in ("CT01", "CT02", "CT03", "CT05", "CT13")] == [
        None,
        None,
        4,
        37.5,
        1234,
    ]
    named = [problem.facts["row_name"] for problem in scene.done.problems if problem.unit_id == scene.unit_id]
    assert named == ["CT01", "CT02"]


def test_an_indicator_on_two_rows_is_in_no_total_and_that_is_said(scenes: dict[str, Scene]) -> None:
    scene = scenes["an indicator twice"]
    assert scene.problems() == [("A50", "duplicate-row"), ("A6", "duplicate-row")]
    messages = [
        scene.draft.project.message(problem, scene.draft.period)
        for problem in scene.done.problems
        if problem.unit_id == scene.unit_id
    ]
    assert messages[0].startswith("Dòng này trùng mã với dòng 50 nên chưa tính dòng nào.")


def test_a_number_without_a_row_is_quoted(scenes: dict[str, Scene]) -> None:
    assert scenes["a number below the table"].problems() == [("D51", "row-unknown")]
    assert "Dòng này ghi “12”, không phải dòng có sẵn" in told(scenes["a number below the table"], "row-unknown")


def test_words_below_the_table_are_told_once_where_they_stand(scenes: dict[str, Scene]) -> None:
    scene = scenes["words below the table"]
    assert scene.problems() == [("D51", "row-unknown")]
    assert told(scene, "row-unknown").startswith("Dòng này ghi “Đã đối chiếu”, không phải")
    assert rejected(scene.done, scene.unit_id) == [("figures", 51, "row-unknown")]


def test_a_column_filled_down_below_the_table_is_told_once_and_every_row_kept(scenes: dict[str, Scene]) -> None:
    scene = scenes["noughts filled down"]
    assert scene.problems() == [("D51", "row-unknown")]
    assert told(scene, "row-unknown").startswith("Các dòng từ 51 đến 250 đều ghi “0”, không phải")
    assert rejected(scene.done, scene.unit_id) == [("figures", row, "row-unknown") for row in range(51, 251)]


def test_rows_that_differ_or_do_not_touch_are_told_each(scenes: dict[str, Scene]) -> None:
    scene = scenes["numbers below each other"]
    assert scene.problems() == [("D51", "row-unknown"), ("D52", "row-unknown"), ("D55", "row-unknown")]
    assert scenes["a day missing in two activities"].problems() == [("B10", "value-required"), ("B9", "value-required")]


def test_a_task_filled_down_without_activities_is_told_once(scenes: dict[str, Scene]) -> None:
    scene = scenes["a task filled down"]
    assert scene.problems() == [("B16", "value-required")]
    assert told(scene, "value-required").startswith(
        "Các dòng từ 16 đến 19 đều đã có nội dung nhưng “Ngày”, “Hình thức”,"
    )
    assert rejected(scene.done, scene.unit_id) == [("activities", row, "value-required") for row in range(16, 20)]


def test_copies_of_an_activity_are_told_together(scenes: dict[str, Scene]) -> None:
    scene = scenes["an activity filled down"]
    assert scene.problems() == [("B16", "duplicate-row")]
    assert told(scene, "duplicate-row").startswith("Các dòng từ 16 đến 17 đều giống hệt dòng 15 nên chỉ tính một lần.")


def test_a_copy_of_a_faulty_activity_has_that_fault_only(scenes: dict[str, Scene]) -> None:
    scene = scenes["a faulty activity filled down"]
    assert scene.problems() == [("H15", "negative-number"), ("H16", "negative-number")]


def test_many_numbers_beside_nothing_arose_are_one_question(scenes: dict[str, Scene]) -> None:
    scene = scenes["nothing arose, says the card"]
    assert scene.problems() == [(scene.at("figures", "value", "CT01"), "follows-from")]
    assert "và 30 số liệu khác lớn hơn 0" in told(scene, "follows-from")


def at(code: str, field: str, row: int = 8, table: str = "activities", sheet: str = "") -> Problem:
    return Problem(code, "a.xlsx", "XA-vinh-thai", sheet, f"{field}{row}", table, field, "", row)


def silenced(told: Told) -> list[tuple[str, str]]:
    """Which codes are silent, and which speaks in their stead."""
    assert all(problem.silenced_by == "" for problem in told.said)
    return [(problem.code, problem.silenced_by) for problem in told.silent]


FIRST = {  # what is silent because of what, before rows are settled: found unread, refused, doubled
    "a cell that cannot be read": ([at("not-a-number", "quantity")], [at("negative-number", "quantity")], []),
    "a sum row": ([at("total-row", "title")], [at("value-required", "form")], []),
    "a cell refused once": ([], [at("negative-number", "quantity"), at("number-too-large", "quantity")], []),
    "a row in which something is wrong": ([at("not-a-date", "date")], [], [at("duplicate-row", "stt")]),
    "a row that is none of the form's": (
        [at("row-unknown", "value", 40, "figures"), at("not-a-number", "value", 40, "figures")],
        [],
        [],
    ),
}
SPEAKERS = {
    "a cell that cannot be read": [("negative-number", "not-a-number")],
    "a sum row": [("value-required", "total-row")],
    "a cell refused once": [("number-too-large", "negative-number")],
    "a row in which something is wrong": [("duplicate-row", "not-a-date")],
    "a row that is none of the form's": [("not-a-number", "row-unknown")],
}


@pytest.mark.parametrize("what", FIRST)
def test_what_is_silent_before_rows_are_settled_knows_who_speaks(what: str, project: Project) -> None:
    unread, refused, doubled = FIRST[what]
    no_frames = dict.fromkeys(project.form.tables)
    told = tell_rows(unread, refused, doubled, no_frames, [reading_of("a.xlsx")], project)
    assert silenced(told) == SPEAKERS[what]
    assert len(told.said) + len(told.silent) == len(unread) + len(refused) + len(doubled)


def reading_of(file: str) -> Any:
    return SimpleNamespace(file=file)


def test_a_hidden_sheet_that_is_unknown_too_is_asked_about_as_hidden(project: Project) -> None:
    found = [Problem("unknown-sheet", "a.xlsx", sheet="Nháp"), Problem("hidden-data", "a.xlsx", sheet="Nháp")]
    other = Problem("unknown-sheet", "b.xlsx", sheet="Nháp")
    told = tell([*found, other], [], Told(()), [], {}, project)
    assert [problem.code for problem in told.said] == ["hidden-data", "unknown-sheet"]
    assert silenced(told) == [("unknown-sheet", "hidden-data")]


def test_a_cell_of_which_something_is_said_is_not_asked_about_and_none_is_asked_about_twice() -> None:
    known = Told((at("not-whole", "value", 6, "figures"),))
    asked = [
        at("outlier", "value", 6, "figures"),
        at("outlier", "value", 7, "figures"),
        at("sum-mismatch", "value", 7, "figures"),
    ]
    told = tell_questions(known, asked)
    assert silenced(told) == [("outlier", "not-whole"), ("sum-mismatch", "outlier")]


def test_what_is_about_a_whole_sheet_is_never_silent() -> None:
    told = tell_questions(
        Told((at("not-whole", "value", 6, "figures"),)), [at("copied-forward", "value", 6, "figures")]
    )
    assert silenced(told) == [] and len(told.said) == 2


def test_rows_filled_down_and_cells_of_rows_that_are_joined_stay_known(scenes: dict[str, Scene]) -> None:
    """The silent ones of real forms: every one names a code that is said of the same file."""
    for name in ("a remark in two cells", "three cells left blank", "words below the table"):
        done = scenes[name].done
        said = {(problem.file, problem.code) for problem in done.problems}
        mine = [problem for problem in done.silent if problem.unit_id == scenes[name].unit_id]
        assert mine, name
        assert all((problem.file, problem.silenced_by) in said for problem in mine), name
