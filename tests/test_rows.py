"""One bad cell makes one problem, at that cell; what it does to its row depends on its severity."""

from collections.abc import Callable
from math import inf, isnan, nan
from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.values.forms import problem_at
from tests.builders import (
    Draft,
    Scene,
    accepted,
    an_activity,
    day,
    evaluate_folder,
    figure,
    found,
    play,
    rejected,
    state,
    total,
    truthful,
)

Place = tuple[str, str, str | int]
Case = tuple[Callable[[Draft], Draft], Place, str]


def task(key: str, value: Any, code: str) -> Case:
    return (lambda draft: draft.task("NV05", **{key: value})), ("tasks", key, "NV05"), code


def number(value: Any, code: str, indicator: str = "CT01") -> Case:
    return (lambda draft: draft.figure(indicator, value)), ("figures", "value", indicator), code


def activity(key: str, value: Any, code: str) -> Case:
    return (lambda draft: draft.spoil_activity(3, **{key: value})), ("activities", key, 3), code


def request(key: str, value: Any, code: str) -> Case:
    good = {"kind": "Kiến nghị", "content": "Đề nghị hỗ trợ", "addressed_to": "UBND huyện"}
    return (lambda draft: draft.request(**{**good, key: value})), ("requests", key, 0), code


def card(key: str, value: Any, code: str) -> Case:
    return (lambda draft: draft.card(**{key: value})), ("card", key, 0), code


def typed(table: str, key: str, row: str | int, value: str, code: str) -> Case:
    """Typed into the saved file, where Excel would take it for an error or a formula."""
    return (
        (lambda draft: draft.cell(draft.project.form[table].name, draft.at(table, key, row), value)),
        (table, key, row),
        code,
    )


BLOCKED: dict[str, Case] = {
    "an activity without a day": activity("date", None, "value-required"),
    "a day that is none": activity("date", "hôm nọ", "not-a-date"),
    "a day that no month has": activity("date", "31/6/2025", "not-a-date"),
    "a day after the window": activity("date", day("2025-09-15"), "date-outside-window"),
    "a day before the window": activity("date", day("2025-06-14"), "date-outside-window"),
    "a day with day and month exchanged": activity("date", day("2025-05-09"), "date-outside-window"),
    "a task that the plan does not have": activity("task_id", "NV10", "task-unknown"),
    "an activity without a task": activity("task_id", None, "value-required"),
    "a form that is not in the list": activity("form", "Hát ru", "choice-unknown"),
    "an activity without a form": activity("form", None, "value-required"),
    "an area that is not in the list": activity("content_area", "Khí tượng", "choice-unknown"),
    "an activity without a title": activity("title", None, "value-required"),
    "a title of 501 characters": activity("title", "a" * 501, "text-too-long"),
    "a venue of 301 characters": activity("venue", "a" * 301, "text-too-long"),
    "an activity without a quantity": activity("quantity", None, "value-required"),
    "a quantity of zero": activity("quantity", 0, "negative-number"),
    "half an item": activity("quantity", 1.5, "not-whole"),
    "a quantity in words": activity("quantity", "tấm", "not-a-number"),
    "a quantity that reads two ways": activity("quantity", "1,234", "ambiguous-number"),
    "a quantity above all reason": activity("quantity", 1_000_001, "number-too-large"),
    "fewer than no participants": activity("participants", -1, "negative-number"),
    "half a participant": activity("participants", 2.5, "not-whole"),
    "an error in a cell of an activity": typed("activities", "quantity", 3, "#REF!", "cell-error"),
    "a formula nobody computed": typed("activities", "quantity", 3, "=1+1", "formula-without-value"),
    "an error in a text cell": typed("activities", "title", 3, "#N/A", "cell-error"),
    "a status that is not in the list": task("status", "Tốt", "choice-unknown"),
    "a lead row without its status": (
        (lambda draft: draft.task("NV01", status=None)),
        ("tasks", "status", "NV01"),
        "value-required",
    ),
    "a completion day that is none": task("completed_on", "hôm nọ", "not-a-date"),
    "a document day that is none": task("document_date", "32/8/2025", "not-a-date"),
    "a result of 1001 characters": task("result", "a" * 1001, "text-too-long"),
    "an error in the status": typed("tasks", "status", "NV05", "#VALUE!", "cell-error"),
    "a negative figure": number(-1, "negative-number"),
    "a figure with a fraction": number(1.5, "not-whole"),
    "1.234 as a number": number(1.234, "not-whole"),
    "a figure in words": number("tin", "not-a-number"),
    "a figure that reads two ways": number("1,234", "ambiguous-number"),
    "minutes that read two ways": number("1.234", "ambiguous-number", "CT05"),
    "a figure above all reason": number(10**12 + 1, "number-too-large"),
    "an error in a figure": typed("figures", "value", "CT01", "#DIV/0!", "cell-error"),
    "a figure that is a formula nobody computed": typed(
        "figures", "value", "CT01", "=SUM(A1:A2)", "formula-without-value"
    ),
    "a note of 501 characters": (
        (lambda draft: draft.figure("CT01", 12, note="a" * 501)),
        ("figures", "note", "CT01"),
        "text-too-long",
    ),
    "a request without a kind": request("kind", None, "value-required"),
    "a request of no listed kind": request("kind", "Than phiền", "choice-unknown"),
    "a request without content": request("content", None, "value-required"),
    "a request of 2001 characters": request("content", "a" * 2001, "text-too-long"),
}

ASKED: dict[str, Case] = {
    "a document number of odd shape": (
        (lambda draft: draft.task("NV01", document_number="số mười hai")),
        ("tasks", "document_number", "NV01"),
        "document-number-odd",
    ),
    "a vague completion day": (
        (lambda draft: draft.task("NV01", completed_on="Tháng 2/2025")),
        ("tasks", "completed_on", "NV01"),
        "vague-date",
    ),
    "a vague expectation": (
        (lambda draft: draft.task("NV06", expected_on="Quý IV")),
        ("tasks", "expected_on", "NV06"),
        "vague-date",
    ),
    "a vague figure": number("khoảng 50", "vague-number"),
    "a range": number("50-60", "vague-number"),
    "letters for digits": number("1O", "vague-number"),
    "a date typed as a figure": number(46280, "vague-number", "CT02"),
    "a date typed as minutes": number(46054, "vague-number", "CT05"),
    "a date typed as a quantity": activity("quantity", 46054, "vague-number"),
    "a date typed as participants": activity("participants", 46277, "vague-number"),
    "a figure counted since January": number("15 (lũy kế)", "vague-number"),
    "a vague quantity": activity("quantity", "khoảng 5", "vague-number"),
    "a figure left blank": number(None, "value-missing"),
    "only a note beside a figure": (
        (lambda draft: draft.figure("CT01", None, note="sẽ bổ sung")),
        ("figures", "value", "CT01"),
        "value-missing",
    ),
}

CARD: dict[str, Case] = {
    "a report day that is none": card("report_date", "hôm nọ", "not-a-date"),
    "no report day": card("report_date", None, "value-missing"),
    "nobody who prepared it": card("prepared_by", None, "value-missing"),
    "nobody who signed it": card("signed_by", "  ", "value-missing"),
    "a name of 101 characters": card("prepared_by", "a" * 101, "text-too-long"),
    "a report number of odd shape": card("report_number", "bốn lăm", "document-number-odd"),
    "a plan number of odd shape": card("plan_number", "mười hai", "document-number-odd"),
    "a plan day that is none": card("plan_date", "31/2/2025", "not-a-date"),
    "a first revision of zero": card("revision", 0, "negative-number"),
    "a revision of one and a half": card("revision", 1.5, "not-whole"),
    "no revision": card("revision", None, "value-missing"),
    "a revision kind that is not in the list": card("revision_kind", "Làm lại", "control-odd"),
    "neither yes nor no": card("nothing_to_report", "Có thể", "control-odd"),
    "no answer to whether anything arose": card("nothing_to_report", None, "value-missing"),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    spoils = {name: case[0] for name, case in {**BLOCKED, **ASKED, **CARD}.items()}
    return play(tmp_path_factory.mktemp("rows"), project, {**spoils, "nothing spoiled": lambda draft: draft})


def excel_row(scene: Scene, place: Place) -> int:
    return int(scene.at(*place).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def rows_of(scene: Scene, table: str) -> set[int]:
    return {row["row"] for row in accepted(scene.done, table, scene.unit_id)}


def test_a_truthful_form_has_no_problem_and_no_rejected_row(scenes: dict[str, Scene]) -> None:
    scene = scenes["nothing spoiled"]
    assert scene.problems("block-file", "block-row", "question", "note") == []
    assert rejected(scene.done, scene.unit_id) == []


@pytest.mark.parametrize("name", [*BLOCKED, *ASKED, *CARD])
def test_exactly_one_problem_for(name: str, scenes: dict[str, Scene]) -> None:
    _, place, code = {**BLOCKED, **ASKED, **CARD}[name]
    scene = scenes[name]
    assert scene.problems() == [(scene.at(*place), code)]


@pytest.mark.parametrize("name", BLOCKED)
def test_the_row_is_kept_out_for(name: str, scenes: dict[str, Scene]) -> None:
    scene, place, code = scenes[name], BLOCKED[name][1], BLOCKED[name][2]
    assert rejected(scene.done, scene.unit_id) == [(place[0], excel_row(scene, place), code)]
    assert excel_row(scene, place) not in rows_of(scene, place[0])


@pytest.mark.parametrize("name", [name for name in ASKED if name != "a figure left blank"])
def test_the_row_is_kept_in_for(name: str, scenes: dict[str, Scene]) -> None:
    scene, place = scenes[name], ASKED[name][1]
    assert rejected(scene.done, scene.unit_id) == []
    assert excel_row(scene, place) in rows_of(scene, place[0])


@pytest.mark.parametrize("name", CARD)
def test_the_card_never_costs_a_row(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert rejected(scene.done, scene.unit_id) == []
    assert scene.unit_id in scene.done.settlement.versions.chains


@pytest.mark.parametrize(
    "name", [name for name, case in {**BLOCKED, **ASKED}.items() if case[1][:2] == ("figures", "value")]
)
def test_a_figure_that_cannot_be_used_is_a_gap_and_never_zero(name: str, scenes: dict[str, Scene]) -> None:
    scene, place = scenes[name], {**BLOCKED, **ASKED}[name][1]
    is_blank = name in ("a figure left blank", "only a note beside a figure")
    assert figure(scene.done, scene.unit_id, str(place[2])) == (None, "not-filled" if is_blank else "unreadable")


def test_a_total_holds_only_what_was_accepted(scenes: dict[str, Scene]) -> None:
    done = scenes["a negative figure"].done
    values = [
        row["value"]
        for unit in done.settlement.units
        for row in accepted(done, "figures", unit.unit_id)
        if row["indicator_id"] == "CT01"
    ]
    assert total(done, "CT01")["this_period"] == sum(value for value in values if not isnan(value))


def test_a_blocked_activity_counts_for_no_form_of_propaganda(scenes: dict[str, Scene]) -> None:
    done = scenes["a day after the window"].done
    units = done.settlement.versions.chains
    listed = sum(len(accepted(done, "activities", unit)) for unit in units)
    assert done.forms["rows"].sum() == listed < 10 * len(units)


def test_two_bad_cells_of_one_row_make_two_problems_and_one_rejected_row(project: Project, tmp_path: Any) -> None:
    draft = truthful(project, "XA-vinh-tu").spoil_activity(0, quantity=-1, participants="đông")
    done = evaluate_folder(tmp_path, project, [draft])
    assert found(done, project=project) == sorted(
        [
            (draft.at("activities", "quantity", 0), "negative-number"),
            (draft.at("activities", "participants", 0), "not-a-number"),
        ]
    )
    assert [codes.split() for _, _, codes in rejected(done, "XA-vinh-tu")] == [["not-a-number", "negative-number"]]


def test_a_number_that_may_be_a_date_counts_where_its_note_says_it_again(project: Project, tmp_path: Any) -> None:
    draft = (
        truthful(project, "XA-vinh-tu")
        .figure("CT11", 46280, note="Đúng là 46.280 tờ")
        .figure("CT10", 46280, note="tháng 9")
    )
    draft = draft.spoil_activity(0, participants=46280, note="46280")
    done = evaluate_folder(tmp_path, project, [draft])
    assert [figure(done, "XA-vinh-tu", item) for item in ("CT11", "CT10")] == [(46280, ""), (None, "unreadable")]
    assert next(row["participants"] for row in accepted(done, "activities", "XA-vinh-tu")) == 46280
    assert (draft.at("figures", "value", "CT11"), "vague-number") not in found(done, project=project)


@pytest.mark.parametrize(("indicator", "is_large"), [("CT13", True), ("CT14", True), ("CT23a", True), ("CT01", False)])
def test_a_figure_that_may_be_large_is_no_date(indicator: str, is_large: bool, project: Project, tmp_path: Any) -> None:
    done = evaluate_folder(tmp_path, project, [truthful(project, "XA-vinh-tu").figure(indicator, 46280)])
    assert figure(done, "XA-vinh-tu", indicator) == ((46280, "") if is_large else (None, "unreadable"))


QUOTED: dict[str, tuple[str, Any, str, str]] = {
    "a fraction": (
        "figures",
        37.5,
        "37.5",
        "đang là 37,5, không phải số nguyên. Đề nghị ghi một số nguyên từ 0 trở lên.",
    ),
    "thousands lost": ("figures", 1.234, "1.234", "đang là 1,234, không phải số nguyên (có phải 1234 không?)."),
    "thousands typed": ("figures", "1,234", "1,234", "đang ghi “1,234”, có thể hiểu là"),
    "below nought": ("figures", -1234.0, "-1234", "đang ghi -1.234, không được nhỏ hơn 0."),
    "above all reason": (
        "figures",
        2e12,
        "2000000000000",
        "đang ghi 2.000.000.000.000, lớn hơn mức cao nhất là 1.000.000.000.000.",
    ),
    "a date as a number": (
        "figures",
        46280,
        "46280",
        "“46.280”, chưa rõ là số nào (46280 có phải là ngày 15/9/2026 không?) nên chưa tính vào tổng.",
    ),
    "true": ("tasks", True, "TRUE", "Nhiệm vụ NV02, cột “Trạng thái”, đang ghi “TRUE”, không có trong danh sách."),
}


@pytest.fixture(scope="module")
def quoted(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    def spoiled(table: str, value: Any) -> Callable[[Draft], Draft]:
        places = {"figures": ("value", "CT02"), "tasks": ("status", "NV02")}
        return lambda draft: draft.cell(draft.project.form[table].name, draft.at(table, *places[table]), value)

    spoils = {name: spoiled(table, value) for name, (table, value, _, _) in QUOTED.items()}
    return play(tmp_path_factory.mktemp("quoted"), project, spoils)


@pytest.mark.parametrize("name", QUOTED)
def test_a_problem_holds_the_value_as_it_is_and_tells_it_as_offices_write(
    name: str, quoted: dict[str, Scene], project: Project
) -> None:
    scene, (_, _, value, words) = quoted[name], QUOTED[name]
    [problem] = [problem for problem in scene.done.problems if problem.unit_id == scene.unit_id]
    assert problem.value == value
    assert words in project.message(problem, scene.done.settlement.period)


@pytest.mark.parametrize("raw", [nan, inf, -inf])
def test_what_is_no_number_is_told_as_excel_shows_it(raw: float, scenes: dict[str, Scene]) -> None:
    reading = scenes["nothing spoiled"].done.settlement.readings[0]
    problem = problem_at(reading, "figures", "value", 6, "not-a-number", raw)
    assert (problem.value, problem.facts["row_name"]) == ("#NUM!", "CT01")


def test_what_was_not_accepted_is_no_change_of_anything(project: Project, tmp_path: Any) -> None:
    draft = truthful(project, "XA-vinh-tu").figures(CT01="12 tin", CT02="-3 bài").card(revision_kind=True)
    draft = draft.spoil_activity(0, quantity="2 tin", participants="đông").spoil_activity(1, quantity="2 tin")
    done = evaluate_folder(tmp_path, project, [draft])
    assert [(change.cell, change.rule) for change in done.settlement.changes] == [
        ("D6", "unit-word"),
        (draft.at("activities", "quantity", 1), "unit-word"),
    ]


def again(draft: Draft, **answers: Any) -> Draft:
    return draft.activity(**{**draft.answers.activities[0], **answers})


def swap_id(table: str, row: str, value: Any) -> Callable[[Draft], Draft]:
    def spoil(draft: Draft) -> Draft:
        return draft.cell(
            draft.project.form[table].name, draft.at(table, draft.project.form[table].row_key, row), value
        )

    return spoil


def total_row(quantity: Any) -> Callable[[Draft], Draft]:
    return lambda draft: draft.activity(title="Tổng cộng", quantity=quantity)


SHAPES: dict[str, Callable[[Draft], Draft]] = {
    "doubled": again,
    "alike but for the day": lambda draft: again(draft, date=day("2025-09-01")),
    "alike but for the number": lambda draft: again(draft, stt="11"),
    "unknown task": swap_id("tasks", "NV02", "NV77"),
    "unknown indicator": swap_id("figures", "CT02", "CT77"),
    "task id lost": swap_id("tasks", "NV02", None),
    "indicator id in small letters": swap_id("figures", "CT02", " ct02 "),
    "task twice": swap_id("tasks", "NV02", "NV03"),
    "sum row that fits": total_row(10),
    "sum row that does not fit": total_row(11),
    "sum row without a sum": lambda draft: draft.activity(stt="Cộng", quantity=None, venue="x"),
    "greyed task": lambda draft: draft.task("NV04", status="Hoàn thành", result="Có dự tập huấn"),
    "one activity per task, one of them bad": lambda draft: draft.no_activities("NV02").activity(
        **an_activity(draft, "NV02", quantity="tấm")
    ),
    "one activity per task, its task unknown": lambda draft: draft.no_activities("NV02").activity(
        **an_activity(draft, "NV77")
    ),
}


@pytest.fixture(scope="module")
def shapes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("shapes"), project, SHAPES)


def test_an_activity_written_twice_counts_once(shapes: dict[str, Scene]) -> None:
    scene = shapes["doubled"]
    assert scene.problems() == [(scene.at("activities", "date", 10), "duplicate-row")]
    assert rejected(scene.done, scene.unit_id) == [("activities", 16, "duplicate-row")]
    assert rows_of(scene, "activities") == set(range(6, 16))


def test_an_activity_on_another_day_is_another_activity(shapes: dict[str, Scene]) -> None:
    assert shapes["alike but for the day"].problems() == []


def test_the_running_number_does_not_make_an_activity_another(shapes: dict[str, Scene]) -> None:
    scene = shapes["alike but for the number"]
    assert [code for _, code in scene.problems()] == ["duplicate-row"]


@pytest.mark.parametrize(
    ("name", "table", "key", "row"),
    [("unknown task", "tasks", "task_id", "NV02"), ("unknown indicator", "figures", "indicator_id", "CT02")],
)
def test_a_row_of_unknown_id_is_one_problem_and_out(
    name: str, table: str, key: str, row: str, shapes: dict[str, Scene]
) -> None:
    scene = shapes[name]
    assert scene.problems() == [(scene.at(table, key, row), "row-unknown")]
    assert rejected(scene.done, scene.unit_id) == [(table, excel_row(scene, (table, key, row)), "row-unknown")]


def test_the_task_of_a_row_with_a_spoiled_id_is_unproven_and_its_figure_unreadable(shapes: dict[str, Scene]) -> None:
    task_row, figure_row = shapes["unknown task"], shapes["unknown indicator"]
    assert state(task_row.done, task_row.unit_id, "NV02") == "unproven"
    assert figure(figure_row.done, figure_row.unit_id, "CT02") == (None, "unreadable")


def test_a_row_whose_id_was_lost_is_known_by_its_title(shapes: dict[str, Scene]) -> None:
    scene = shapes["task id lost"]
    assert scene.problems() == []
    assert state(scene.done, scene.unit_id, "NV02") == "done"


def test_an_id_in_small_letters_is_known(shapes: dict[str, Scene]) -> None:
    scene = shapes["indicator id in small letters"]
    assert scene.problems() == []
    assert figure(scene.done, scene.unit_id, "CT02") == (5, "")


def test_a_task_written_twice_blocks_both_rows(shapes: dict[str, Scene]) -> None:
    scene = shapes["task twice"]
    assert scene.problems() == [(scene.at("tasks", "task_id", row), "duplicate-row") for row in ("NV02", "NV03")]
    assert [codes for _, _, codes in rejected(scene.done, scene.unit_id)] == ["duplicate-row", "duplicate-row"]
    assert [state(scene.done, scene.unit_id, task_id) for task_id in ("NV02", "NV03")] == ["unproven", "unproven"]


def test_a_sum_row_is_set_aside_with_a_note(shapes: dict[str, Scene]) -> None:
    scene = shapes["sum row that fits"]
    assert scene.problems() == []
    assert scene.problems("note") == [(scene.at("activities", "title", 10), "total-row")]
    assert rejected(scene.done, scene.unit_id) == [("activities", 16, "total-row")]


def test_a_sum_that_does_not_fit_is_asked_about(shapes: dict[str, Scene]) -> None:
    scene = shapes["sum row that does not fit"]
    assert scene.problems() == [(scene.at("activities", "quantity", 10), "total-mismatch")]
    assert rejected(scene.done, scene.unit_id) == [("activities", 16, "total-row")]


def test_a_sum_row_needs_no_sum(shapes: dict[str, Scene]) -> None:
    scene = shapes["sum row without a sum"]
    assert scene.problems() == []
    assert rejected(scene.done, scene.unit_id) == [("activities", 16, "total-row")]


def test_something_on_a_greyed_row_is_kept_and_asked_about(shapes: dict[str, Scene]) -> None:
    scene = shapes["greyed task"]
    assert scene.problems() == [(scene.at("tasks", "status", "NV04"), "row-not-lead")]
    assert excel_row(scene, ("tasks", "status", "NV04")) in rows_of(scene, "tasks")
    assert state(scene.done, scene.unit_id, "NV04") == "not-lead"


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("one activity per task, one of them bad", "quantity", "not-a-number"),
        ("one activity per task, its task unknown", "task_id", "task-unknown"),
    ],
)
def test_a_blocked_activity_does_not_hide_that_its_task_has_no_proof(
    name: str, key: str, code: str, shapes: dict[str, Scene]
) -> None:
    scene = shapes[name]
    told = [(scene.at("activities", key, 8), code), (scene.at("tasks", "document_number", "NV02"), "proof-missing")]
    assert scene.problems() == sorted(told)
    [missing] = [
        problem
        for problem in scene.done.problems
        if problem.code == "proof-missing" and problem.unit_id == scene.unit_id
    ]
    assert "dòng 14 ở Biểu 3 chưa được tính" in missing.facts["why"]
    assert state(scene.done, scene.unit_id, "NV02") == "unproven"
