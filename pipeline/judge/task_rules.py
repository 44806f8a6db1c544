"""Questions about Biểu 1: lead rows left blank, words without proof, dates and statuses that cannot be."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from pipeline.declare.plan import Task
from pipeline.judge.case import Case
from pipeline.judge.completeness import state_of_row
from pipeline.judge.evidence import Evidence, TaskRow, joined_words, names_document, proving_days, task_row
from pipeline.judged.settlement import UNCLEAR
from pipeline.values.cells import is_missing
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import TaskLine
from pipeline.values.problems import Problem
from pipeline.values.states import Obligation, State
from pipeline.words.days import day_text


def task_problems(case: Case, completeness: pd.DataFrame, asked: Set[tuple[str, str]]) -> Iterator[Problem]:
    """Every question about the tasks of the forms in force.

    `completeness` is the judged grid; `asked` the figures (unit id, indicator id) that are already asked about.
    """
    yield from _blank_rows(case, completeness)
    yield from _not_theirs(case)
    judged = {(line.unit_id, line.task_id): line for line in rows_as(TaskLine, completeness)}
    reported, evidence, lost = case.card_values("report_date"), Evidence(case), _lost_activities(case)
    for row in (*case.task_rows, *case.blocked_task_rows):
        task = case.project.plan.task[row["task_id"]]
        line = judged.get((row["unit_id"], task.id))
        if line and line.state == "unproven":
            seen = evidence.of(line.unit_id, task.id)
            yield from _proof(case, row, task, seen, line.obligation, lost)
            line = _once_mended(line, seen, task, case)
        if line and line.obligation != "not-lead":
            yield from _of_lead(case, row, task, line, asked)
        yield from _dates(case, row, task, reported[row["doc"]])


def _once_mended(line: TaskLine, seen: TaskRow, task: Task, case: Case) -> TaskLine:
    """The line of a task whose row a wrong cell keeps out, as it will be without it; its status must be known."""
    if not seen.is_blocked or not seen.status:
        return line
    state, _ = state_of_row(seen, task, line.obligation, case.mine.period)
    return line._replace(state=state)


def _of_lead(
    case: Case, row: dict[str, Any], task: Task, line: TaskLine, asked: Set[tuple[str, str]]
) -> Iterator[Problem]:
    """What its lead is asked about a task; a status that cannot be is asked about before what would follow from it."""
    status, state = case.project.form.status_ids.get(str(row["status"]), ""), line.state
    refused = list(_status(case, row, task, line.obligation, status))
    outlook = [] if refused else list(_outlook(case, row, task, line.obligation, status, state))
    yield from refused or outlook
    if not refused and not outlook:
        yield from _below_done(case, row, task, state, is_unclear=_is_unclear(case, row, status))
    yield from _needs(case, row, task, status, asked)
    if (
        status == "done"
        and task.needs_document
        and state == "done"
        and not joined_words(str(row["unit_id"]), task, case.mine, case.earlier, case.project)
        and not names_document(row, case.mine, case.project)
    ):
        yield _at(case, row, "document_number", "document-missing", task=task.id, product=task.product)


def asked_if_chosen(
    case: Case, row: dict[str, Any], line: TaskLine, label: str, asked: Set[tuple[str, str]]
) -> Iterator[Problem]:
    """What the lead of a task would be asked about its row, were this its status; `asked` as in `task_problems`."""
    row, task = {**row, "status": label}, case.project.plan.task[line.task_id]
    seen = task_row(row, case.mine, case.project, case.earlier)
    if line.obligation != "not-due":
        state, _ = state_of_row(seen, task, line.obligation, case.mine.period)
        line = line._replace(state=state)
    yield from _proof(case, row, task, seen, line.obligation, {})
    yield from _of_lead(case, row, task, line, asked)


def _blank_rows(case: Case, completeness: pd.DataFrame) -> Iterator[Problem]:
    """R06: a task that the unit leads and that is due or followed in this period, with nothing in its row."""
    chains, places = case.mine.versions.chains, _places_in_bases(case)
    blank = completeness[(completeness["state"] == "missing") & completeness["unit_id"].isin(chains)]
    for unit_id, task_id in tuples(blank, "unit_id", "task_id"):
        doc, row = places.get((unit_id, task_id), (chains[unit_id][0], 0))
        facts = {"task": _task(case.project.plan.task[task_id]), "example": case.project.form.label("status", "done")}
        yield case.at("tasks", doc, row, "status", "task-row-blank", **facts)


def _places_in_bases(case: Case) -> dict[tuple[str, str], tuple[int, int]]:
    """Reading and Excel row of each unit's tasks, on the form that stands first in its chain."""
    bases = {chain[0] for chain in case.mine.versions.chains.values()}
    rows = tuples(case.mine.frames["tasks"], "unit_id", "task_id", "doc", "row")
    return {(unit_id, task_id): (doc, row) for unit_id, task_id, doc, row in rows if doc in bases}


def _not_theirs(case: Case) -> Iterator[Problem]:
    """R09: something on a row that another unit leads; kept, and asked about."""
    office, keys = case.project.plan.office, case.project.form["tasks"].own_keys
    for row in (*case.task_rows, *case.blocked_task_rows):
        unit, task = case.project.register.by_id.get(row["unit_id"]), case.project.plan.task[row["task_id"]]
        if unit and not case.project.plan.leads(task, unit):
            key, value = next(((key, row[key]) for key in keys if not is_missing(row[key])), ("status", ""))
            yield _at(case, row, key, "row-not-lead", value, what=f"Nhiệm vụ {_task(task)}", office=office)


def _proof(
    case: Case, row: dict[str, Any], task: Task, seen: TaskRow, obligation: Obligation, lost: "_Lost"
) -> Iterator[Problem]:
    """R50: what is said to be done, or goes on, has something behind it; else the one sentence that says what would do.

    Also of a row that a wrong cell keeps out, and where a row of Biểu 3 that is out may be the reason.
    """
    state, _ = state_of_row(seen, task, obligation, case.mine.period)
    said = row["status"] if seen.status or not seen.is_blocked else ""
    may_be_done = seen.is_blocked and not seen.status and is_missing(row["expected_on"])
    if seen.has_proof or (state != "unproven" and not may_be_done):
        return
    first, last = proving_days(task, case.mine, case.project, int(row["doc"]))
    why = f" ({seen.fault})" if seen.fault else ""
    rows = lost.get((str(row["unit_id"]), task.id), []) + lost.get((str(row["unit_id"]), ""), [])
    if rows:
        numbers = ", ".join(str(number) for number in sorted(rows))
        why += f"; có thể do dòng {numbers} ở Biểu 3 chưa được tính"
    facts = {
        "task": task.id,
        "said": f" ghi “{said}”" if said else "",
        "why": why,
        "window": _window(task, first, last),
        "example_day": day_text(_midst(first, last)),
    }
    key = seen.fault_at if seen.fault or not is_missing(row["document_number"]) else "document_number"
    problem = _at(case, row, key, "proof-missing", said, **facts)
    yield replace(problem, on_form=not rows)  # a row that is out for its words looks sound to the form


_Lost = Mapping[tuple[str, str], list[int]]


def _lost_activities(case: Case) -> _Lost:
    """The Excel rows of Biểu 3 that prove nothing, by unit and task; the task is empty where nobody can tell it."""
    rejected, frame = case.mine.rows.rejected, case.mine.frames["activities"]
    out = rejected[(rejected["table"] == "activities") & ~rejected["codes"].isin(("total-row", "row-superseded"))]
    places = set(tuples(out, "doc", "row"))
    unclear = {(problem.file, problem.row) for problem in case.mine.problems if problem.code == UNCLEAR}
    lost: dict[tuple[str, str], list[int]] = {}
    keys = "doc", "row", "file", "unit_id", "task_id"
    kept = case.mine.rows.accepted["activities"]  # of which day or task is in question
    places |= set(tuples(kept[kept["date"].isna() | kept["task_id"].isna()], "doc", "row"))
    for doc, row, file, unit_id, task_id in tuples(frame, *keys):
        if (doc, row) in places or (file, row) in unclear:
            known = task_id if task_id in case.project.plan.task else ""
            lost.setdefault((unit_id, known), []).append(row)
    return lost


def _window(task: Task, first: date, last: date) -> str:
    """On which days a document that proves the task is dated."""
    return f"từ {day_text(first)} đến {day_text(last)}" if task.due == task.due.max else f"từ {day_text(first)}"


def _midst(first: date, last: date) -> date:
    return first + (last - first) / 2


def _why_not(case: Case, row: dict[str, Any], task: Task, obligation: Obligation, status: str) -> str:
    listed = case.listed.get((row["unit_id"], task.id), 0)
    if status == "done" and obligation == "not-due":
        return f"trong khi nhiệm vụ chưa đến kỳ thực hiện ({task.due_text})"
    if status == "none-arose" and not task.may_not_arise and obligation != "not-due":
        return "trong khi đây là nhiệm vụ bắt buộc của đơn vị chủ trì"
    if status in ("none-arose", "not-started") and listed:
        return f"trong khi Biểu 3 có {listed} hoạt động của nhiệm vụ này"
    if _denies_result(case, row, status):
        return f"trong khi kết quả ghi “{row['result']}”"
    return "trong khi kết quả ghi 100%" if status == "ongoing" and "100%" in str(row["result"]) else ""


def _denies_result(case: Case, row: dict[str, Any], status: str) -> bool:
    """Whether the result of a task that is called finished says that there is none."""
    return status == "done" and not is_missing(row["result"]) and case.project.proof.denies(str(row["result"]))


def _status(case: Case, row: dict[str, Any], task: Task, obligation: Obligation, status: str) -> Iterator[Problem]:
    """R26: a status that the plan or the unit's own lists speak against."""
    if why := _why_not(case, row, task, obligation, status):
        example = case.project.form.label("status", "ongoing")
        problem = _at(case, row, "status", "status-not-allowed", row["status"], task=task.id, why=why, example=example)
        yield replace(problem, on_form=not _denies_result(case, row, status))


def _outlook(
    case: Case, row: dict[str, Any], task: Task, obligation: Obligation, status: str, state: State
) -> Iterator[Problem]:
    """R29: why a task is late, when it is expected, when it was done."""
    day = None if is_missing(row["completed_on"]) else row["completed_on"].date()
    done_late = status == "done" and day is not None and task.due < day <= case.mine.period.date_to
    if (state == "overdue" or done_late) and gives_no_reason(case, row):
        how = f"hoàn thành ngày {day_text(day)}, sau thời hạn" if done_late and day else "đã quá thời hạn"
        yield _at(case, row, "delay_reason", "delay-reason-missing", task=task.id, how=how, due=day_text(task.due))
    if (
        state == "open"
        and not _is_unclear(case, row, status)
        and not case.project.form["tasks"].holds(row["held"], "expected_on")
    ):
        yield _at(case, row, "expected_on", "expected-date-missing", task=task.id)
    if status == "done" and obligation in ("due", "progress", "carried") and is_missing(row["completed_on"]):
        yield _at(case, row, "completed_on", "value-missing")


def gives_no_reason(case: Case, row: dict[str, Any]) -> bool:
    """Whether a row says nothing of why its task is late."""
    return is_missing(row["delay_reason"]) or case.project.proof.says_nothing(str(row["delay_reason"]))


def _is_unclear(case: Case, row: dict[str, Any], status: str) -> bool:
    """Whether something stands for the status that cannot be used; it has its own question."""
    return not status and bool(case.project.form["tasks"].holds(row["held"], "status"))


def _below_done(case: Case, row: dict[str, Any], task: Task, state: State, *, is_unclear: bool) -> Iterator[Problem]:
    """R52: a state below done of which nothing is asked, since the unit has said why, or is asked for its status."""
    if state in ("overdue", "not-done") or (state == "unproven" and is_unclear):
        why = f", thời hạn {day_text(task.due)}" if state == "overdue" else ""
        label = case.project.labels["state"][state]
        said = "chưa rõ ghi trạng thái nào" if is_unclear else f"ghi “{row['status']}”"
        yield _at(case, row, "status", "task-below-done", row["status"], task=task.id, said=said, state=label, why=why)


def _needs(case: Case, row: dict[str, Any], task: Task, status: str, asked: Set[tuple[str, str]]) -> Iterator[Problem]:
    """R24, R25: a finished task whose figures must be above zero, in this period or in one before.

    Asked once, and not after the figures themselves.
    """
    unit_id = str(row["unit_id"])
    if joined_words(unit_id, task, case.mine, case.earlier, case.project):
        return
    if status != "done" or any((unit_id, indicator_id) in asked for indicator_id in task.needs):
        return
    lacking = [case.project.plan.indicator[name] for name in task.needs if _lacks(case, unit_id, name)]
    if lacking:
        named = ", ".join(f"{item.id} ({item.name})" for item in lacking)
        detail = f"Nhiệm vụ {task.id} ghi “{row['status']}” nhưng {named} chưa có số lớn hơn 0"
        why = "nhiệm vụ này hoàn thành khi có số liệu đó"
        example = ", ".join(f"{item.id} là {item.example}" for item in lacking)
        place = row, "status", "follows-from", row["status"]
        problem = _at(case, *place, detail=detail, why=why, example_text=example)
        yield replace(problem, about=tuple(item.id for item in lacking))


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
        yield from _completed(case, row, task, completed_on.date())
    if not is_missing(document_date) and not is_missing(reported_on) and document_date > reported_on:
        day = day_text(reported_on.date())
        place = row, "document_date", "date-odd", document_date
        yield _at(case, *place, why=f"sau ngày báo cáo {day}", example=day)


def _completed(case: Case, row: dict[str, Any], task: Task, day: date) -> Iterator[Problem]:
    place, closing_day = (row, "completed_on", "date-odd", day), case.mine.period.date_to
    if day < task.start:
        why = f"trước khi nhiệm vụ bắt đầu ({day_text(task.start)})"
        yield _at(case, *place, why=why, example=day_text(min(task.due, closing_day)))
    elif day > closing_day:
        why = f"sau ngày chốt số liệu {day_text(closing_day)}"
        yield _at(case, *place, why=why, example=day_text(closing_day))


def _at(case: Case, row: dict[str, Any], key: str, code: str, value: object = "", /, **facts: str) -> Problem:
    return case.at("tasks", int(row["doc"]), int(row["row"]), key, code, value, **facts)


def _task(task: Task) -> str:
    return f"{task.id} ({task.short})"
