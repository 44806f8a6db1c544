"""Questions about Biểu 1: lead rows left blank, words without proof, dates and statuses that cannot be."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

import pandas as pd

from pipeline.declare.plan import Task
from pipeline.judge.case import Case
from pipeline.values.cells import is_missing
from pipeline.values.problems import Problem
from pipeline.values.states import Obligation, State
from pipeline.words.days import day_text

_EXAMPLE = "Đang thực hiện"


def task_problems(case: Case, completeness: pd.DataFrame, asked: Set[tuple[str, str]]) -> Iterator[Problem]:
    """Every question about the tasks of the forms in force.

    `completeness` is the judged grid; `asked` the figures (unit id, indicator id) that are already asked about.
    """
    yield from _blank_rows(case, completeness)
    yield from _not_theirs(case)
    states: Mapping[tuple[str, str], tuple[Obligation, State]] = {
        (unit, task): (obligation, state)
        for unit, task, obligation, state in zip(
            *(completeness[key].tolist() for key in ("unit_id", "task_id", "obligation", "state")), strict=True
        )
    }
    activities = case.mine.activities
    status_ids = {choice.label: choice.id for choice in case.project.form.choices["status"]}
    reported = case.card_values("report_date")
    for row in case.task_rows:
        obligation, state = states.get((row["unit_id"], row["task_id"]), ("not-lead", "not-lead"))
        task = case.project.plan.task[row["task_id"]]
        listed = activities.get((row["unit_id"], row["task_id"]), 0)
        status = status_ids.get(row["status"], "")
        if obligation != "not-lead":
            yield from _proof(case, row, task, state)
            refused = list(_status(case, row, task, obligation, status, listed))
            yield from refused or _outlook(case, row, task, obligation, status, state)
            yield from _needs(case, row, task, status, asked)
        yield from _dates(case, row, task, reported[row["doc"]])


def _blank_rows(case: Case, completeness: pd.DataFrame) -> Iterator[Problem]:
    """R06: a task that the unit leads and that is due or followed in this period, with nothing in its row."""
    frame, bases = case.mine.frames["tasks"], {chain[0] for chain in case.mine.versions.chains.values()}
    places = {
        (unit, task): (doc, row)
        for unit, task, doc, row in zip(frame["unit_id"], frame["task_id"], frame["doc"], frame["row"], strict=True)
        if doc in bases
    }
    blank = completeness[(completeness["state"] == "missing") & completeness["unit_id"].isin(case.mine.versions.chains)]
    for unit_id, task_id in zip(blank["unit_id"], blank["task_id"], strict=True):
        task = case.project.plan.task[task_id]
        facts = {"task": _task(task), "example": _EXAMPLE}
        if (unit_id, task_id) in places:
            doc, row = places[unit_id, task_id]
            yield case.at("tasks", doc, row, "status", "task-row-blank", **facts)
        else:
            yield case.at("tasks", case.mine.versions.chains[unit_id][0], 0, "status", "task-row-blank", **facts)


def _not_theirs(case: Case) -> Iterator[Problem]:
    """R09: something on a row that another unit leads; kept, and asked about."""
    tasks = case.mine.rows.accepted["tasks"]
    for unit_id, task_id, doc, row in zip(tasks["unit_id"], tasks["task_id"], tasks["doc"], tasks["row"], strict=True):
        unit = case.project.register.by_id.get(unit_id)
        task = case.project.plan.task[task_id]
        if unit and not case.project.plan.leads(task, unit):
            key, value = _first_filled(case, tasks, doc, row)
            yield case.at(
                "tasks",
                doc,
                row,
                key,
                "row-not-lead",
                value,
                what=f"Nhiệm vụ {_task(task)}",
                office=case.project.plan.office,
            )


def _first_filled(case: Case, tasks: pd.DataFrame, doc: int, row: int) -> tuple[str, object]:
    line = tasks[(tasks["doc"] == doc) & (tasks["row"] == row)].iloc[0]
    return next(
        ((key, line[key]) for key in case.project.form["tasks"].own_keys if not is_missing(line[key])), ("status", "")
    )


def _proof(case: Case, row: dict[str, Any], task: Task, state: State) -> Iterator[Problem]:
    lost = case.mine.rows.blocked["activities"]
    follows_from_a_lost_one = (str(row["unit_id"]), task.id) in lost or (str(row["unit_id"]), "") in lost
    if state == "unproven" and not follows_from_a_lost_one:
        is_dated = task.due != task.due.max
        proof = (
            "số và ngày văn bản, hoặc kết quả, minh chứng, hoặc hoạt động ở Biểu 3"
            if is_dated
            else "ít nhất một hoạt động trong kỳ ở Biểu 3, hoặc số và ngày văn bản"
        )
        key = "document_number" if is_missing(row["document_number"]) else "document_date"
        yield _at(case, row, key, "proof-missing", row["status"], task=task.id, proof=proof)


def _status(
    case: Case, row: dict[str, Any], task: Task, obligation: Obligation, status: str, listed: int
) -> Iterator[Problem]:
    """R26: a status that the plan or the unit's own lists speak against."""
    why = ""
    if status == "done" and obligation == "not-due":
        why = f"trong khi nhiệm vụ chưa đến kỳ thực hiện ({task.due_text})"
    elif status == "none-arose" and not task.may_not_arise and obligation != "not-due":
        why = "trong khi đây là nhiệm vụ bắt buộc của đơn vị chủ trì"
    elif status in ("none-arose", "not-started") and listed:
        why = f"trong khi Biểu 3 có {listed} hoạt động của nhiệm vụ này"
    elif status == "ongoing" and "100%" in str(row["result"]):
        why = "trong khi kết quả ghi 100%"
    if why:
        yield _at(case, row, "status", "status-not-allowed", row["status"], task=task.id, why=why, example=_EXAMPLE)


def _outlook(
    case: Case, row: dict[str, Any], task: Task, obligation: Obligation, status: str, state: State
) -> Iterator[Problem]:
    """R29 and what is expected of unfinished and finished tasks with a due date."""
    if state == "overdue" and is_missing(row["delay_reason"]):
        yield _at(case, row, "delay_reason", "delay-reason-missing", task=task.id, due=day_text(task.due))
    if state == "open" and not case.project.form["tasks"].holds(row["held"], "expected_on"):
        yield _at(case, row, "expected_on", "expected-date-missing", task=task.id)
    if status == "done" and obligation in ("due", "progress", "carried") and is_missing(row["completed_on"]):
        yield _at(case, row, "completed_on", "value-missing")


def _needs(case: Case, row: dict[str, Any], task: Task, status: str, asked: Set[tuple[str, str]]) -> Iterator[Problem]:
    """R24, R25: a finished task whose figures must be above zero, in this period or in one before; asked once, and not after the figures themselves."""
    unit_id = str(row["unit_id"])
    if status != "done" or any((unit_id, indicator_id) in asked for indicator_id in task.needs):
        return
    lacking = [indicator_id for indicator_id in task.needs if _lacks(case, unit_id, indicator_id)]
    if lacking:
        named = ", ".join(
            f"{indicator_id} ({case.project.plan.indicator[indicator_id].title})" for indicator_id in lacking
        )
        detail = f"Nhiệm vụ {task.id} ghi “{row['status']}” nhưng {named} chưa có số lớn hơn 0"
        facts = {
            "detail": detail,
            "why": "nhiệm vụ này hoàn thành khi có số liệu đó",
            "example_text": f"{lacking[0]}: 1",
        }
        yield _at(case, row, "status", "follows-from", row["status"], **facts)


def _lacks(case: Case, unit_id: str, indicator_id: str) -> bool:
    """Whether the unit says that there is none; a blank or unreadable cell says nothing, and has its own problem."""
    key = (unit_id, indicator_id)
    if key not in case.figure_line.index or not case.figure_line.at[key, "is_expected"]:
        return False
    line = case.figure_line.loc[key]
    is_told = line["kind_of_nothing"] in ("not-filled", "unreadable")
    return (
        not is_told
        and not line["value"] > 0
        and not any(earlier.gave(unit_id, indicator_id) for earlier in case.earlier.values())
    )


def _dates(case: Case, row: dict[str, Any], task: Task, reported_on: Any) -> Iterator[Problem]:
    """R28, R30: finished before the task began or after the closing day; a document younger than the report."""
    completed_on, document_date = row["completed_on"], row["document_date"]
    if not is_missing(completed_on):
        day = completed_on.date()
        if day < task.start:
            yield _at(
                case,
                row,
                "completed_on",
                "date-odd",
                day,
                why=f"trước khi nhiệm vụ bắt đầu ({day_text(task.start)})",
                example=task.due_text,
            )
        elif day > case.mine.period.date_to:
            yield _at(
                case,
                row,
                "completed_on",
                "date-odd",
                day,
                why=f"sau ngày chốt số liệu {day_text(case.mine.period.date_to)}",
                example=day_text(case.mine.period.date_to),
            )
    if not is_missing(document_date) and not is_missing(reported_on) and document_date > reported_on:
        yield _at(
            case,
            row,
            "document_date",
            "date-odd",
            document_date,
            why=f"sau ngày báo cáo {day_text(reported_on.date())}",
            example=day_text(reported_on.date()),
        )


def _at(case: Case, row: dict[str, Any], key: str, code: str, value: object = "", /, **facts: str) -> Problem:
    return case.at("tasks", int(row["doc"]), int(row["row"]), key, code, value, **facts)


def _task(task: Task) -> str:
    return f"{task.id} ({task.short})"
