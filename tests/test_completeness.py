"""The state of every unit and task: judged by content, at the filing deadline of the period."""

from pathlib import Path

import pytest

from pipeline.commands.report import judge_period
from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from pipeline.reading.periods import Folders, read_periods
from tests.builders import (
    Draft,
    Scene,
    Spoil,
    an_activity,
    day,
    evaluate_folder,
    led_by_communes,
    play,
    save_all,
    state,
    truthful,
)
from tests.lasting import LASTING

Case = tuple[Spoil, str, str]  # what the unit writes, the task, its state
DOCUMENT = {"document_number": "7/BC-UBND", "document_date": day("2025-09-01")}


def bare(task_id: str, **answers: object) -> Spoil:
    """A row with only these answers, and no activity of the task."""
    return lambda draft: draft.no_activities(task_id).blank_task(task_id).task(task_id, **answers)


def only_a_repost(draft: Draft) -> Draft:
    return draft.no_activities("NV05").activity(**an_activity(draft, "NV05", repost_of="Cổng thông tin điện tử huyện"))


def only_a_blocked_activity(draft: Draft) -> Draft:
    return draft.no_activities("NV05").activity(**an_activity(draft, "NV05", date="hôm nọ"))


def said_done_with_an_activity(draft: Draft, **answers: object) -> Draft:
    """NV01 without document or result, proved only by a row of Biểu 3."""
    return bare("NV01", status="Hoàn thành", completed_on=day("2025-02-20"))(draft).activity(
        **an_activity(draft, "NV01", **answers)
    )


def nothing_at_all(draft: Draft) -> Draft:
    """“Cả kỳ không phát sinh”, with only the dated tasks answered."""
    rows = {task_id: row for task_id, row in draft.answers.tasks.items() if task_id in ("NV01", "NV06")}
    return draft.no_activities().only_figures()._with(tasks=rows).card(nothing_to_report="Có")


Q3: dict[str, Case] = {
    "recurring, with activities": ((lambda draft: draft), "NV05", "done"),
    "recurring, with activities whatever the word": (
        (lambda draft: draft.task("NV05", status="Chưa thực hiện")),
        "NV05",
        "done",
    ),
    "recurring, with one repost": (only_a_repost, "NV05", "done"),
    "recurring, with a document of number and date": (
        bare("NV05", status="Đang thực hiện", **DOCUMENT),
        "NV05",
        "done",
    ),
    "recurring, with a number and no date": (
        bare("NV05", status="Hoàn thành", document_number="7/BC-UBND"),
        "NV05",
        "unproven",
    ),
    "recurring, with a date and no number": (
        bare("NV05", status="Hoàn thành", document_date=day("2025-09-01")),
        "NV05",
        "unproven",
    ),
    "recurring, with a result in words only": (
        bare("NV05", status="Hoàn thành", result="Đã đăng 12 tin"),
        "NV05",
        "unproven",
    ),
    "recurring, said done": (bare("NV05", status="Hoàn thành"), "NV05", "unproven"),
    "recurring, said to go on": (bare("NV05", status="Đang thực hiện"), "NV05", "unproven"),
    "recurring, said that none arose": (bare("NV05", status="Không phát sinh"), "NV05", "nothing"),
    "recurring, said not begun": (bare("NV05", status="Chưa thực hiện"), "NV05", "not-done"),
    "recurring, left blank": ((lambda draft: draft.no_activities("NV05").blank_task("NV05")), "NV05", "missing"),
    "recurring, left blank beside activities": ((lambda draft: draft.blank_task("NV05")), "NV05", "missing"),
    "recurring, left blank where nothing arose": (nothing_at_all, "NV05", "nothing"),
    "recurring, in a blocked row": ((lambda draft: draft.task("NV05", status="Tốt")), "NV05", "unproven"),
    "recurring, with a blocked activity only": (only_a_blocked_activity, "NV05", "unproven"),
    "progress, going on": ((lambda draft: draft), "NV06", "open"),
    "progress, not begun": (bare("NV06", status="Chưa thực hiện", expected_on=day("2025-12-01")), "NV06", "open"),
    "progress, none arose": (bare("NV06", status="Không phát sinh"), "NV06", "nothing"),
    "progress, done with a result in words only": (
        bare("NV06", status="Hoàn thành", completed_on=day("2025-09-01"), result="Đã tổ chức 01 cuộc thi"),
        "NV06",
        "unproven",
    ),
    "progress, done with a link only": (
        bare("NV06", status="Hoàn thành", completed_on=day("2025-09-01"), evidence="https://thi.example"),
        "NV06",
        "unproven",
    ),
    "progress, done with an activity": (
        (lambda draft: bare("NV06", status="Hoàn thành")(draft).activity(**an_activity(draft, "NV06"))),
        "NV06",
        "done",
    ),
    "progress, only said done": (bare("NV06", status="Hoàn thành", completed_on=day("2025-09-01")), "NV06", "unproven"),
    "progress, left blank": ((lambda draft: draft.blank_task("NV06")), "NV06", "missing"),
    "progress, left blank where nothing arose": (
        (lambda draft: nothing_at_all(draft).blank_task("NV06")),
        "NV06",
        "missing",
    ),
    "carried, done": ((lambda draft: draft), "NV01", "done"),
    "carried, done after its term": (
        (lambda draft: draft.task("NV01", completed_on=day("2025-07-01"))),
        "NV01",
        "done",
    ),
    "carried, going on": (bare("NV01", status="Đang thực hiện", delay_reason="Chờ hướng dẫn"), "NV01", "overdue"),
    "carried, said that none arose where that is no answer": (
        bare("NV01", status="Không phát sinh"),
        "NV01",
        "overdue",
    ),
    "carried, only said done": (bare("NV01", status="Hoàn thành", completed_on=day("2025-02-20")), "NV01", "unproven"),
    "carried, in a blocked row": ((lambda draft: draft.task("NV01", document_date="hôm nọ")), "NV01", "unproven"),
    "not due": ((lambda draft: draft), "NV09", "not-due"),
    "not due, and yet answered": (bare("NV09", status="Đang thực hiện"), "NV09", "not-due"),
    "another's task": ((lambda draft: draft), "NV04", "not-lead"),
    "another's task, and yet answered": (bare("NV04", status="Hoàn thành", **DOCUMENT), "NV04", "not-lead"),
}

Q1: dict[str, Case] = {
    "due, done": ((lambda draft: draft), "NV01", "done"),
    "due, only said done": (bare("NV01", status="Hoàn thành", completed_on=day("2025-02-20")), "NV01", "unproven"),
    "due, going on after its term": (bare("NV01", status="Đang thực hiện"), "NV01", "overdue"),
    "due, not begun after its term": (bare("NV01", status="Chưa thực hiện"), "NV01", "overdue"),
    "due, none arose where that is no answer": (bare("NV01", status="Không phát sinh"), "NV01", "overdue"),
    "due, left blank": ((lambda draft: draft.blank_task("NV01")), "NV01", "missing"),
    "due, in a blocked row": ((lambda draft: draft.task("NV01", status="Tốt")), "NV01", "unproven"),
}

YEAR: dict[str, Case] = {
    "due on the last day of filing, going on": (
        bare("NV09", status="Đang thực hiện", expected_on=day("2025-11-28")),
        "NV09",
        "open",
    ),
    "due after filing, going on": (
        bare("NV06", status="Đang thực hiện", expected_on=day("2025-12-20")),
        "NV06",
        "open",
    ),
    "due after filing, none arose": (bare("NV06", status="Không phát sinh"), "NV06", "nothing"),
    "due, done with a document": ((lambda draft: draft), "NV09", "done"),
    "carried and done long ago": ((lambda draft: draft), "NV01", "done"),
}

# What a unit wrote on NV01 in the half-year, when its row is blank in the quarter after it.
BEFORE: dict[str, tuple[Spoil, str]] = {
    "done": ((lambda draft: draft), "done"),
    "only said done": (bare("NV01", status="Hoàn thành", completed_on=day("2025-02-20")), "missing"),
    "done with an activity": (said_done_with_an_activity, "done"),
    "done with a blocked activity": ((lambda draft: said_done_with_an_activity(draft, date="hôm nọ")), "missing"),
    "going on": (bare("NV01", status="Đang thực hiện", delay_reason="Chờ"), "missing"),
    "blank too": ((lambda draft: draft.blank_task("NV01")), "missing"),
    "in a blocked row": ((lambda draft: draft.task("NV01", status="Tốt")), "missing"),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    folder = tmp_path_factory.mktemp("completeness")
    played: dict[str, Scene] = {}
    for period, cases in (("q3", Q3), ("q1", Q1), ("nam", YEAR)):
        played |= play(folder / period, project, {name: case[0] for name, case in cases.items()}, period)
    return played


@pytest.mark.parametrize("name", [*Q3, *Q1, *YEAR])
def test_the_state_of_a_task_that_is(name: str, scenes: dict[str, Scene]) -> None:
    _, task_id, wanted = {**Q3, **Q1, **YEAR}[name]
    assert state(scenes[name].done, scenes[name].unit_id, task_id) == wanted


@pytest.mark.parametrize("name", [name for name in Q3 if name.endswith(("left blank", "beside activities"))])
def test_a_blank_row_is_asked_about_at_its_status(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert scene.problems() == [(scene.at("tasks", "status", Q3[name][1]), "task-row-blank")]


def test_a_row_left_blank_where_nothing_arose_is_not_asked_about(scenes: dict[str, Scene]) -> None:
    assert scenes["recurring, left blank where nothing arose"].problems() == []


@pytest.fixture(scope="module")
def carried(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """The same units in the half-year, and then with a blank row in the quarter."""
    folder = tmp_path_factory.mktemp("carried")
    half = play(folder / "6t", project, {name: case[0] for name, case in BEFORE.items()}, "6t")
    before = next(iter(half.values())).done
    return play(
        folder / "q3", project, dict.fromkeys(BEFORE, lambda draft: draft.blank_task("NV01")), others={"6t": before}
    )


@pytest.mark.parametrize("name", BEFORE)
def test_a_blank_carried_row_is_done_only_when_an_earlier_report_proves_it(
    name: str, carried: dict[str, Scene]
) -> None:
    scene, wanted = carried[name], BEFORE[name][1]
    assert state(scene.done, scene.unit_id, "NV01") == wanted
    assert scene.problems() == ([] if wanted == "done" else [(scene.at("tasks", "status", "NV01"), "task-row-blank")])


@pytest.mark.parametrize(
    ("first", "wanted"), [((lambda draft: draft), "done"), ((lambda draft: draft.blank_task("NV01")), "missing")]
)
def test_the_first_quarter_proves_a_task_that_no_later_report_speaks_of(
    first: Spoil, wanted: str, project: Project, tmp_path: Path
) -> None:
    folders, quarter = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    for code, spoil in (
        ("q1", first),
        ("6t", lambda draft: draft.blank_task("NV01")),
        ("q3", lambda draft: draft.blank_task("NV01")),
    ):
        save_all(folders.input(project, project.plan.period(code)), [spoil(truthful(project, "XA-vinh-o", code))])
    done = judge_period(project, quarter, read_periods(project, quarter, folders, engine=LASTING))
    assert state(done, "XA-vinh-o", "NV01") == wanted


def test_a_later_period_proves_nothing_for_an_earlier_one(project: Project, tmp_path: Path) -> None:
    draft = truthful(project, "XA-vinh-o", "6t").blank_task("NV01")
    later = evaluate_folder(tmp_path / "q3", project, [truthful(project, "XA-vinh-o")])
    assert (
        state(evaluate_folder(tmp_path / "6t", project, [draft], "6t", {"q3": later}), "XA-vinh-o", "NV01") == "missing"
    )


def test_a_unit_without_a_form_is_missing_but_an_earlier_proof_is_told(project: Project, tmp_path: Path) -> None:
    before = [
        truthful(project, "XA-vinh-o", "6t"),
        bare("NV01", status="Đang thực hiện", delay_reason="Chờ")(truthful(project, "XA-vinh-tu", "6t")),
    ]
    done = evaluate_folder(
        tmp_path / "q3", project, others={"6t": evaluate_folder(tmp_path / "6t", project, before, "6t")}
    )
    lines = done.completeness.set_index(["unit_id", "task_id"])[["state", "proved_in", "reason"]]
    silent = "Chưa có báo cáo được dùng của kỳ này"
    assert tuple(lines.loc["XA-vinh-o", "NV01"]) == (
        "missing",
        "6t",
        f"{silent}; đã hoàn thành theo báo cáo 6 tháng đầu năm",
    )
    assert tuple(lines.loc["XA-vinh-tu", "NV01"]) == ("missing", "", silent)
    assert tuple(lines.loc["XA-vinh-o", "NV05"]) == ("missing", "", silent)  # every period asks for it anew


OFFICE: dict[str, tuple[Spoil, str]] = {
    "done with a document": ((lambda draft: draft), "done"),
    "going on": (bare("NV04", status="Đang thực hiện", expected_on=day("2025-09-25")), "open"),
    "none arose where that is no answer": (bare("NV04", status="Không phát sinh"), "open"),
}


@pytest.fixture(scope="module")
def trainings(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(
        tmp_path_factory.mktemp("trainings"),
        led_by_communes(project, "NV04"),
        {name: case[0] for name, case in OFFICE.items()},
    )


@pytest.mark.parametrize("name", OFFICE)
def test_the_training_is_due_after_the_quarters_deadline(name: str, trainings: dict[str, Scene]) -> None:
    assert state(trainings[name].done, trainings[name].unit_id, "NV04") == OFFICE[name][1]


@pytest.fixture(scope="module")
def empty(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate_folder(tmp_path_factory.mktemp("empty"), project)


def test_without_a_form_everything_owed_is_missing(empty: Evaluation) -> None:
    expected = {
        "recurring": "missing",
        "due": "missing",
        "progress": "missing",
        "carried": "missing",
        "not-due": "not-due",
        "not-lead": "not-lead",
    }
    assert all(expected[line.obligation] == line.state for line in empty.completeness.itertuples())
    assert (empty.completeness["state"] == "missing").sum() == 98 + 19 + 19
    assert empty.problems == ()


def test_the_grid_has_every_unit_and_task_once_with_its_label(
    empty: Evaluation, scenes: dict[str, Scene], project: Project
) -> None:
    for done in (empty, scenes["recurring, with activities"].done):
        grid = done.completeness
        assert list(grid.columns) == ["unit_id", "task_id", "obligation", "state", "label", "reason", "proved_in"]
        wanted = [(unit.unit_id, task.id) for unit in done.settlement.units for task in project.plan.tasks]
        assert list(zip(grid["unit_id"], grid["task_id"], strict=True)) == wanted
        assert list(grid["label"]) == [project.labels["state"][name] for name in grid["state"]]


def test_every_state_but_one_has_its_reason(scenes: dict[str, Scene]) -> None:
    for scene in scenes.values():
        reasons = scene.done.completeness
        assert ((reasons["reason"] == "") == (reasons["state"] == "not-lead")).all()
