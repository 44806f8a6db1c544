"""Questions about tasks, cards and activities: asked beyond their limit, at the cell that can be mended."""

from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.judge.form_faults import find_form_faults
from pipeline.judged.evaluation import Evaluation
from pipeline.values.problems import Problem
from tests.builders import (
    Draft,
    Scene,
    Spoil,
    address,
    an_activity,
    day,
    evaluate_folder,
    found,
    led_by_communes,
    play,
    rejected,
    truthful,
)

Place = tuple[str, str, str | int]
Case = tuple[Spoil, list[tuple[Place, str]]]


def asks(task_id: str, key: str, code: str, **answers: Any) -> Case:
    """The answers on one task, and the cell of it that is asked about."""
    return (lambda draft: draft.task(task_id, **answers)), [(("tasks", key, task_id), code)]


def is_fine(task_id: str, **answers: Any) -> Case:
    return (lambda draft: draft.task(task_id, **answers)), []


def card(code: str, key: str, **answers: Any) -> Case:
    return (lambda draft: draft.card(**answers)), [(("card", key, 0), code)] if code else []


def activity(code: str, key: str, **answers: Any) -> Case:
    return (lambda draft: draft.spoil_activity(0, **answers)), [(("activities", key, 0), code)] if code else []


def bare(task_id: str, **answers: Any) -> Spoil:
    return lambda draft: draft.no_activities(task_id).blank_task(task_id).task(task_id, **answers)


SAME = {"title": "Họp thôn Nam", "date": day("2025-09-05"), "evidence": "https://trang.example/hop"}
OTHER = {**SAME, "evidence": "Biên bản họp thôn"}
DOCUMENT = {"document_number": "7/BC-UBND", "document_date": day("2025-09-01")}

TASKS: dict[str, Case] = {
    "said done without anything behind it": (
        bare("NV05", status="Hoàn thành"),
        [(("tasks", "document_number", "NV05"), "proof-missing")],
    ),
    "a document without its date": (
        bare("NV05", status="Hoàn thành", document_number="7/BC-UBND"),
        [(("tasks", "document_date", "NV05"), "proof-missing")],
    ),
    "a document with its date": (bare("NV05", status="Hoàn thành", **DOCUMENT), []),
    "a dated task said done": asks(
        "NV01", "document_number", "proof-missing", document_number=None, document_date=None
    ),
    "a dated task done with a result in words only": asks(
        "NV01", "document_number", "proof-missing", document_number=None, document_date=None, result="Đã ban hành"
    ),
    "a dated task done with its document named in the result": is_fine(
        "NV01", document_number=None, document_date=None, result="Đã ban hành Kế hoạch số 12/KH-UBND ngày 20/02/2025"
    ),
    "none arose, in spite of activities": asks("NV05", "status", "status-not-allowed", status="Không phát sinh"),
    "none arose, without activities": (bare("NV05", status="Không phát sinh"), []),
    "not begun, in spite of activities": asks("NV05", "status", "status-not-allowed", status="Chưa thực hiện"),
    "not begun, without activities": (bare("NV05", status="Chưa thực hiện"), []),
    "none arose where that is no answer": (
        bare("NV01", status="Không phát sinh"),
        [(("tasks", "status", "NV01"), "status-not-allowed")],
    ),
    "none arose where it may": (bare("NV06", status="Không phát sinh"), []),
    "done before it is due": asks("NV09", "status", "status-not-allowed", status="Hoàn thành"),
    "going on before it is due": is_fine("NV09", status="Đang thực hiện"),
    "going on, and yet 100%": asks("NV06", "status", "status-not-allowed", result="Đã đạt 100% kế hoạch"),
    "going on, at 90%": is_fine("NV06", result="Đã đạt 90% kế hoạch"),
    "overdue without a reason": (
        bare("NV01", status="Đang thực hiện"),
        [(("tasks", "delay_reason", "NV01"), "delay-reason-missing")],
    ),
    "overdue with a reason": (bare("NV01", status="Đang thực hiện", delay_reason="Chờ hướng dẫn"), []),
    "open without an expectation": asks("NV06", "expected_on", "expected-date-missing", expected_on=None),
    "done without a day": asks("NV01", "completed_on", "value-missing", completed_on=None),
    "done before the task began": asks("NV01", "completed_on", "date-odd", completed_on=day("2024-12-31")),
    "done on the day the task began": is_fine("NV01", completed_on=day("2025-01-01")),
    "done after the closing day": asks("NV01", "completed_on", "date-odd", completed_on=day("2025-09-15")),
    "done on the closing day": is_fine("NV01", completed_on=day("2025-09-14"), delay_reason="Chờ hướng dẫn"),
    "done on the last day of its term": is_fine("NV01", completed_on=day("2025-02-28")),
    "done after its term without a reason": asks(
        "NV01", "delay_reason", "delay-reason-missing", completed_on=day("2025-03-01")
    ),
    "done after its term with a dash for a reason": asks(
        "NV01", "delay_reason", "delay-reason-missing", completed_on=day("2025-03-01"), delay_reason="-"
    ),
    "done, and yet not held": asks("NV01", "status", "status-not-allowed", result="Chưa tổ chức, dự kiến quý IV"),
    "a document younger than the report": asks("NV01", "document_date", "date-odd", document_date=day("2025-09-16")),
    "a document of the day of the report": is_fine("NV01", document_date=day("2025-09-15")),
    "a result on a greyed row": asks("NV04", "result", "row-not-lead", result="Có dự"),
    "a row left blank": ((lambda draft: draft.blank_task("NV03")), [(("tasks", "status", "NV03"), "task-row-blank")]),
    "two rows left blank": (
        (lambda draft: draft.blank_task("NV03").blank_task("NV06")),
        [(("tasks", "status", "NV03"), "task-row-blank"), (("tasks", "status", "NV06"), "task-row-blank")],
    ),
    "a report from before the closing day": card("date-odd", "report_date", report_date=day("2025-09-13")),
    "a report of the closing day": card("", "report_date", report_date=day("2025-09-14")),
    "a report from after its arrival": card("date-odd", "report_date", report_date=day("2025-09-16")),
    "a report of the day of its arrival": card("", "report_date", report_date=day("2025-09-15")),
    "no report number": card("value-missing", "report_number", report_number=None),
    "a plan younger than the report": card("date-odd", "plan_date", plan_date=day("2025-09-16")),
    "a plan of the day of the report": card("", "plan_date", plan_date=day("2025-09-15")),
    "more items in a text than in the figures": asks("NV05", "result", "sum-mismatch", result="Đã đăng 150 tin"),
    "as many items in a text as in the figures": is_fine("NV05", result="Đã đăng 16 tin, bài"),
    "more items on the radio than in the figures": asks("NV02", "result", "sum-mismatch", result="Phát thanh 5 bài"),
    "items that are none": is_fine("NV05", result="Nhận 150 tin nhắn, 150 bài dự thi, 150 lượt xem"),
    "items since January": is_fine("NV05", result="Lũy kế từ đầu năm 150 tin"),
    "items of another's channel": is_fine("NV07", result="Đăng 9 bài trên Zalo"),
    "one activity under two tasks": (
        lambda draft: draft.spoil_activity(2, **SAME).spoil_activity(0, **SAME),
        [(("activities", "task_id", 2), "same-activity")],
    ),
    "two activities of one day and link": (
        lambda draft: draft.spoil_activity(2, **OTHER).spoil_activity(0, **{**OTHER, "title": "Họp thôn Bắc"}),
        [],
    ),
    "a contest proved by an activity alone": (
        lambda draft: bare("NV06", status="Hoàn thành", completed_on=day("2025-09-01"))(draft).activity(
            **an_activity(draft, "NV06", form="Cuộc thi tìm hiểu")
        ),
        [(("tasks", "document_number", "NV06"), "document-missing")],
    ),
    "a contest with its document": (
        bare("NV06", status="Hoàn thành", completed_on=day("2025-09-01"), **DOCUMENT),
        [],
    ),
    "a crowd": activity("outlier", "participants", participants=2001),
    "nearly a crowd": activity("", "participants", participants=2000),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("tasks"), project, {name: case[0] for name, case in TASKS.items()})


@pytest.mark.parametrize("name", TASKS)
def test_a_form_with(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert scene.problems() == sorted((scene.at(*place), code) for place, code in TASKS[name][1])
    assert rejected(scene.done, scene.unit_id) == []


OFFICE: dict[str, Case] = {
    "done with classes and learners": ((lambda draft: draft), []),
    "done without a class": (
        (lambda draft: draft.figures(CT17="-", CT18="-")),
        [(("tasks", "status", "NV04"), "follows-from")],
    ),
    "done with learners and no class": (
        (lambda draft: draft.figures(CT17="-")),
        [(("figures", "value", "CT18"), "follows-from")],
    ),
    "done with the number of classes left blank": (
        (lambda draft: draft.figures(CT17=None)),
        [(("figures", "value", "CT17"), "value-missing")],
    ),
    "done with a number of classes nobody can read": (
        (lambda draft: draft.figures(CT17="khoảng 2")),
        [(("figures", "value", "CT17"), "vague-number")],
    ),
    "done with a negative number of classes": (
        (lambda draft: draft.figures(CT17=-1)),
        [(("figures", "value", "CT17"), "negative-number")],
    ),
    "done with a number of classes not known": (
        (lambda draft: draft.figures(CT17="…")),
        [(("tasks", "status", "NV04"), "follows-from")],
    ),
    "going on without a class": (
        (
            lambda draft: (
                draft.blank_task("NV04")
                .task("NV04", status="Đang thực hiện", expected_on=day("2025-09-29"))
                .figures(CT17="-", CT18="-")
            )
        ),
        [],
    ),
    "none arose where that is no answer": (
        (lambda draft: draft.blank_task("NV04").task("NV04", status="Không phát sinh")),
        [(("tasks", "status", "NV04"), "status-not-allowed")],
    ),
}


@pytest.fixture(scope="module")
def contests(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """The contest of the year: due, done, with or without a contest in the figures, now or in the half-year."""
    folder = tmp_path_factory.mktemp("contests")
    spoils: dict[str, Spoil] = {
        "without a contest": lambda draft: draft.figures(CT19a="-", CT19b="-", CT20="-", CT21="-"),
        "with one that others held": lambda draft: draft.figures(CT19a="-"),
        "with a contest": lambda draft: draft,
    }
    before = next(iter(play(folder / "6t", project, dict.fromkeys("ab", lambda draft: draft), "6t").values())).done
    year = play(folder / "alone", project, spoils, "nam")
    after = play(
        folder / "after",
        project,
        {"with one in the half-year": lambda draft: draft.figures(CT19a="-", CT02=100)},
        "nam",
        {"6t": before},
    )
    return {**year, **after}


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        ("without a contest", True),
        ("with a contest", False),
        ("with one that others held", False),
        ("with one in the half-year", False),
    ],
)
def test_a_finished_contest_shows_in_the_figures_of_the_year(
    name: str, is_asked: bool, contests: dict[str, Scene]
) -> None:
    scene = contests[name]
    assert ((scene.at("tasks", "status", "NV06"), "follows-from") in scene.problems()) is is_asked
    assert len(scene.problems()) == is_asked


@pytest.fixture(scope="module")
def trainings(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(
        tmp_path_factory.mktemp("trainings"),
        led_by_communes(project, "NV04"),
        {name: case[0] for name, case in OFFICE.items()},
    )


@pytest.mark.parametrize("name", OFFICE)
def test_a_finished_training_shows_in_the_figures(name: str, trainings: dict[str, Scene]) -> None:
    scene = trainings[name]
    assert scene.problems() == sorted((scene.at(*place), code) for place, code in OFFICE[name][1])


LINK = "https://trang.example/tin-chung"
SHARED: dict[str, Spoil] = {
    "first": lambda draft: draft.spoil_activity(0, evidence=LINK),
    "second": lambda draft: draft.spoil_activity(1, evidence=LINK),
    "a unit that says where it is from": lambda draft: draft.spoil_activity(
        0, evidence=LINK, repost_of="Trung tâm VHTT-TDTT"
    ),
    "the same words, but no link": lambda draft: draft.spoil_activity(0, evidence="Ảnh kèm theo"),
    "the same words again": lambda draft: draft.spoil_activity(0, evidence="Ảnh kèm theo"),
    "one unit twice": lambda draft: draft.spoil_activity(0, evidence="www.x.example/1").spoil_activity(
        1, evidence="www.x.example/1"
    ),
    "blank lines of a mix": lambda draft: draft.task("NV01", result=None).task(
        "NV05", result="Đã đăng", delay_reason="không"
    ),
    "overdue beside others with reasons": bare("NV01", status="Đang thực hiện"),
    "unproven beside others with results": bare("NV05", status="Hoàn thành"),
}


@pytest.fixture(scope="module")
def shared(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("shared"), project, SHARED)


def test_two_units_that_claim_one_link_are_both_asked(shared: dict[str, Scene]) -> None:
    for name, row in (("first", 0), ("second", 1)):
        assert shared[name].problems() == [(shared[name].at("activities", "evidence", row), "same-as-other-unit")]


@pytest.mark.parametrize(
    "name", [name for name in SHARED if name.startswith(("a unit", "the same", "one unit", "blank"))]
)
def test_nobody_is_asked_about(name: str, shared: dict[str, Scene]) -> None:
    assert shared[name].problems() == []


def test_what_others_wrote_does_not_stand_in_for_a_blank_cell(shared: dict[str, Scene]) -> None:
    overdue, unproven = shared["overdue beside others with reasons"], shared["unproven beside others with results"]
    assert overdue.problems() == [(overdue.at("tasks", "delay_reason", "NV01"), "delay-reason-missing")]
    assert unproven.problems() == [(unproven.at("tasks", "document_number", "NV05"), "proof-missing")]


def test_a_card_that_says_nothing_arose_is_noted(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    def quiet(draft: Draft) -> Draft:
        return (
            draft.no_activities()
            .only_figures()
            ._with(tasks={key: draft.answers.tasks[key] for key in ("NV01", "NV06")})
            .card(nothing_to_report="Có")
        )

    done: Evaluation = evaluate_folder(
        tmp_path_factory.mktemp("quiet"), project, [quiet(truthful(project, "XA-vinh-o"))]
    )
    assert found(done, project=project) == []
    assert found(done, "XA-vinh-o", "note", project=project) == [
        (address(project, "card", "nothing_to_report"), "nothing-to-report")
    ]


def stumbles(
    units: str, code: str = "not-a-number", key: str = "quantity", table: str = "activities", **facts: str
) -> list[Problem]:
    """One problem of the same field in each of the units, which are named by a letter."""
    return [Problem(code, f"{unit}.xlsx", unit, "Biểu", "H6", table, key, "abc", 6, facts) for unit in units]


@pytest.mark.parametrize(
    ("problems", "sentences"),
    [
        (stumbles("abcd"), 1),
        (stumbles("abc"), 0),
        (stumbles("aaaabc"), 0),
        (stumbles("abcd", "total-row", "title"), 0),  # a note
        (stumbles("ab") + stumbles("cd", key="participants"), 0),
        (stumbles("abcd", "value-missing", "value", "figures", row_name="CT01"), 1),
        (
            stumbles("ab", "value-missing", "value", "figures", row_name="CT01")
            + stumbles("cd", "value-missing", "value", "figures", row_name="CT02"),
            0,
        ),
    ],
)
def test_a_field_that_four_tenths_of_the_units_get_wrong_is_the_forms_fault(
    problems: list[Problem], sentences: int, project: Project
) -> None:
    found_faults = find_form_faults(problems, 10, project)
    assert len(found_faults) == sentences
    assert all("4/10" in sentence for sentence in found_faults)
