"""Every downgrade is told in the first round; mending brings no question that could have been told in it."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.commands.report import judge_period
from pipeline.commands.run import run_period
from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation
from pipeline.reading.periods import Folders, read_periods
from pipeline.values.frames import tuples
from pipeline.values.problems import Problem
from pipeline.values.states import BELOW_DONE
from tests.builders import (
    SCHEMAS,
    Draft,
    Spoil,
    an_activity,
    day,
    evaluate_folder,
    found,
    save_all,
    state,
    truthful,
    untold,
)
from tests.lasting import LASTING

RECURRING = ("NV02", "NV03", "NV05", "NV07", "NV08")
INPUTS = SCHEMAS.parent / "inputs"


def one_activity_whose_task_is(typed: str) -> Spoil:
    return lambda draft: draft.no_activities().activity(**an_activity(draft, typed))


def test_one_bad_cell_hides_no_downgrade(project: Project, tmp_path: Path) -> None:
    bad = evaluate_folder(tmp_path / "1", project, [one_activity_whose_task_is("5")(truthful(project, "XA-vinh-o"))])
    assert [state(bad, "XA-vinh-o", task_id) for task_id in RECURRING] == ["unproven"] * 5
    assert [code for _, code in found(bad, project=project)] == ["task-unknown", *["proof-missing"] * 5]
    mended = evaluate_folder(
        tmp_path / "2", project, [one_activity_whose_task_is("NV05")(truthful(project, "XA-vinh-o"))]
    )
    assert set(found(mended, project=project)) < set(found(bad, project=project))


@pytest.mark.parametrize("code", ["6t", "q3"])
def test_the_samples_hide_no_downgrade(code: str, project: Project, tmp_path: Path) -> None:
    period, folders = project.plan.period(code), Folders(INPUTS, tmp_path)
    assert untold(judge_period(project, period, read_periods(project, period, folders, engine=LASTING))) == []


def test_the_reply_names_every_task_below_done(project: Project, tmp_path: Path) -> None:
    """Also one of which nothing is asked, and one for which the message has no room."""
    period, folders = project.plan.period("q3"), Folders(tmp_path / "in", tmp_path / "out")
    drafts = [
        one_activity_whose_task_is("5")(truthful(project, "XA-vinh-o")).figures(CT01="tin", CT02="bài", CT03="x1"),
        truthful(project, "XA-vinh-tu").no_activities("NV08").task("NV08", status="Chưa thực hiện"),
        truthful(project, "XA-vinh-lam").task("NV01", status="Đang thực hiện", delay_reason="Chờ hướng dẫn"),
    ]
    save_all(folders.input(project, period), drafts)
    grid = run_period(project, period, folders, engine=LASTING).report.judged.completeness
    texts = {unit: (tmp_path / f"out/2025/q3/phan-hoi/{unit}.txt").read_text("utf-8") for unit in set(grid["unit_id"])}
    filed = {draft.unit.unit_id for draft in drafts}
    below = [
        (u, t) for u, t, found in tuples(grid, "unit_id", "task_id", "state") if found in BELOW_DONE and u in filed
    ]
    assert len(below) == 7
    assert [(unit, task) for unit, task in below if task not in texts[unit]] == []
    assert "không có nội dung phải sửa" in texts["XA-vinh-tu"]
    assert all(len(text) <= 901 for text in texts.values())


ONE = {"date": day("2025-08-01"), "title": "Hội nghị CCHC", "evidence": "Biên bản số 3"}

# What a unit has left out or done wrong, which is still so when the planted cell is mended.
LACKS: dict[str, Spoil] = {
    "no activity of NV02": lambda draft: draft.no_activities("NV02"),
    "no activity of NV05 or NV08": lambda draft: draft.no_activities("NV05").no_activities("NV08"),
    "no proof of NV01": lambda draft: draft.task("NV01", document_number="/KH-UBND"),
    "NV01 without a day": lambda draft: draft.task("NV01", completed_on=None),
    "NV01 late": lambda draft: draft.task("NV01", completed_on=day("2025-03-05")),
    "NV01 going on": lambda draft: draft.task("NV01", status="Đang thực hiện"),
    "NV03 blank": lambda draft: draft.blank_task("NV03"),
    "NV07 not begun, with activities": lambda draft: draft.task("NV07", status="Chưa thực hiện"),
    "NV06 done, with nothing": lambda draft: draft.task("NV06", status="Hoàn thành", completed_on=day("2025-09-01")),
    "something on a greyed row": lambda draft: draft.task("NV04", status="Hoàn thành", result="Có dự"),
    "no report number": lambda draft: draft.card(report_number=None),
    "a crowd": lambda draft: draft.spoil_activity(0, participants=5000),
    "more rows than items": lambda draft: draft.figures(CT01=2, CT02=3),
    "one activity under two tasks": lambda draft: draft.spoil_activity(0, **ONE).spoil_activity(-1, **ONE),
    "150 items in a text": lambda draft: draft.task("NV08", result="Đã đăng 150 tin"),
    "sums that differ": lambda draft: draft.figures(PA03=9),
    "more items than broadcasts": lambda draft: draft.figures(CT03=20),
    "no meetings, but people": lambda draft: draft.figures(CT15a=0, CT15b=0),
    "more people than entries": lambda draft: draft.figures(CT20=30),
    "a grant in thousands": lambda draft: draft.figures(CT23a=5000),
    "NV06 without a day": lambda draft: draft.task("NV06", expected_on=None),
    "a figure on a greyed row": lambda draft: draft.figures(CT17=1),
}
# One cell that cannot be used.
FAULTS: dict[str, Spoil] = {
    "the task of an activity": lambda draft: draft.spoil_activity(0, task_id="5"),
    "the day of an activity": lambda draft: draft.spoil_activity(0, date="hôm nọ"),
    "the quantity of an activity": lambda draft: draft.spoil_activity(-1, quantity="nhiều"),
    "the expected day of NV06": lambda draft: draft.task("NV06", expected_on="hôm nọ"),
    "the day of a document of NV01": lambda draft: draft.task("NV01", document_date="hôm nọ"),
    "a result too long": lambda draft: draft.task("NV05", result="a" * 1001),
    "the reason of NV02": lambda draft: draft.task("NV02", delay_reason="a" * 501),
    "the reason of NV08": lambda draft: draft.task("NV08", delay_reason="a" * 501),
    "the result of a greyed row": lambda draft: draft.task("NV04", result="a" * 1001),
    "a figure": lambda draft: draft.figure("CT09", "ba"),
    "a side of the sums": lambda draft: draft.figure("PA05", "vài"),
    "the broadcasts": lambda draft: draft.figure("CT04", "vài"),
    "the people at meetings": lambda draft: draft.figure("CT16", "vài"),
    "the entries of contests": lambda draft: draft.figure("CT21", -1),
    "the items of the portal": lambda draft: draft.figure("CT01", "vài"),
    "the grant": lambda draft: draft.figure("CT23a", "vài"),
    "the reflections carried over": lambda draft: draft.figure("PA01", "vài"),
    "the contests held": lambda draft: draft.figure("CT19a", "vài"),
    "the day of NV01": lambda draft: draft.task("NV01", completed_on="hôm nọ"),
    "a status of NV01 that cannot be": lambda draft: draft.task("NV01", status="Không phát sinh"),
    "the note of a figure": lambda draft: draft.figure("PA05", 1, note="a" * 1001),
    "a greyed figure": lambda draft: draft.figure("CT17", "vài"),
    "the status of NV01": lambda draft: draft.task("NV01", status="Đang chờ"),
    "the status of NV06": lambda draft: draft.task("NV06", status="Đang chờ"),
    "the status of NV08": lambda draft: draft.task("NV08", status="Đang chờ"),
    "the status of a greyed row": lambda draft: draft.task("NV04", status="Đang chờ"),
    "the day of the report": lambda draft: draft.card(report_date="hôm nọ"),
}
# Pairs that no round can tell at once: what is wrong is seen only in the cell that cannot be read.
SEEN_ONLY_LATER = {
    ("one activity under two tasks", "the task of an activity"),
    ("one activity under two tasks", "the day of an activity"),
    ("NV01 without a day", "the day of NV01"),  # mended into a blank, not a day
    ("NV06 without a day", "the expected day of NV06"),
}


# What only the cell that cannot be read would show to be wrong: its sentence says so in the first round.
FORETOLD = (
    ("sums that differ", "a side of the sums"),
    ("sums that differ", "the note of a figure"),
    ("more items than broadcasts", "the broadcasts"),
    ("no meetings, but people", "the people at meetings"),
    ("more people than entries", "the entries of contests"),
    ("more rows than items", "the items of the portal"),
    ("150 items in a text", "the items of the portal"),
    ("NV06 done, with nothing", "the contests held"),
    ("NV01 late", "the day of NV01"),
    ("NV01 late", "a status of NV01 that cannot be"),
    ("a grant in thousands", "the grant"),
    ("a figure on a greyed row", "a greyed figure"),
    ("something on a greyed row", "the status of a greyed row"),
    ("something on a greyed row", "the result of a greyed row"),
    ("NV01 without a day", "the status of NV01"),
    ("no proof of NV01", "the status of NV01"),
    ("NV01 late", "the status of NV01"),
    ("NV01 going on", "the status of NV01"),
    ("NV06 without a day", "the status of NV06"),
    ("NV06 done, with nothing", "the status of NV06"),
    ("no activity of NV05 or NV08", "the status of NV08"),
)


def pairs() -> Iterator[tuple[str, str]]:
    for lack in LACKS:
        for fault in FAULTS:
            if (lack, fault) not in SEEN_ONLY_LATER:
                yield lack, fault


def asked(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.cell, problem.facts.get("task", "")


def foretold(project: Project, later: Problem, first: Sequence[Problem]) -> bool:
    """Whether a clause of the first round says what is asked in the second: the relation, or the column to fill in."""
    label = project.form.sheets[later.table].by_key[later.field].label if later.field else ""
    for problem in first:
        clause, is_of_row = problem.facts.get("also", ""), (problem.table, problem.row) == (later.table, later.row)
        if problem.facts.get("row_name") in later.about and f"nhiệm vụ {later.facts.get('row_name')} " in clause:
            return True
        if later.facts.get("why", "-") in clause or (is_of_row and f"“{label}”" in clause):
            return True
        is_of_card = "“Cả kỳ không phát sinh”" in clause and "“Cả kỳ không phát sinh”" in later.facts.get("why", "")
        if is_of_row and (is_of_card or ("không thuộc phần đơn vị" in clause and later.code == "row-not-lead")):
            return True
    return False


def of_unit(done: Evaluation, unit_id: str) -> list[Problem]:
    return [
        problem
        for problem in done.problems
        if problem.unit_id == unit_id and problem.code not in ("sample-data", "task-below-done")
    ]


def by_rounds(project: Project, folder: Path, cases: Sequence[tuple[str, str]]) -> Iterator[tuple[Any, set[Any]]]:
    """What is asked in the second round and was not in the first, case by case, eighteen communes a folder."""
    communes = [unit.unit_id for unit in project.register.units if unit.unit_id.startswith("XA-")]
    for start in range(0, len(cases), len(communes)):
        mine = list(zip(communes, cases[start : start + len(communes)], strict=False))
        rounds: list[Evaluation] = []
        for name, spoils in (("first", (True, True)), ("second", (True, False))):
            drafts = [spoiled(truthful(project, unit_id), case, spoils) for unit_id, case in mine]
            rounds.append(evaluate_folder(folder / f"{start}-{name}", project, drafts))
        for unit_id, case in mine:
            first, second = (of_unit(done, unit_id) for done in rounds)
            known = {asked(problem) for problem in first}
            later = [problem for problem in second if asked(problem) not in known]
            yield case, {asked(problem) for problem in later if not foretold(project, problem, first)}


def spoiled(draft: Draft, case: tuple[str, str], spoils: tuple[bool, bool]) -> Draft:
    made: list[Callable[[Draft], Draft]] = [LACKS[case[0]], FAULTS[case[1]]]
    for spoil, is_wanted in zip(made, spoils, strict=True):
        draft = spoil(draft) if is_wanted else draft
    return draft


def test_mending_what_was_asked_brings_no_new_question(project: Project, tmp_path: Path) -> None:
    chosen = [*FORETOLD, *random.Random(13).sample(list(pairs()), 19)]
    assert {case: new for case, new in by_rounds(project, tmp_path, chosen) if new} == {}


@pytest.mark.slow
def test_mending_brings_no_new_question_whatever_was_planted(project: Project, tmp_path: Path) -> None:
    assert {case: new for case, new in by_rounds(project, tmp_path, list(pairs())) if new} == {}
