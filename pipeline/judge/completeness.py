"""The grid of every unit × every task: what was owed, in which state it is, and why.

States are judged by content at the filing deadline, never by the status word alone (plan, appendix).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.declare.plan import Period, Task
from pipeline.declare.register import Unit
from pipeline.judge.case import Case
from pipeline.judged.settlement import Settlement
from pipeline.values.cells import is_missing
from pipeline.values.frames import rows_as_dicts
from pipeline.values.lines import TaskLine
from pipeline.values.states import Obligation, State
from pipeline.words.days import day_text


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What a unit wrote on one task, and what stands behind it."""

    status: str  # id of the choice, or empty
    completed_on: date | None
    has_document: bool
    has_result: bool
    activities: int
    is_blocked: bool
    is_blank: bool

    @property
    def has_proof(self) -> bool:
        return self.has_document or self.has_result or self.activities > 0


def judge_completeness(case: Case) -> pd.DataFrame:
    """The grid (see `TaskLine`), every expected unit × every task of the plan, once each.

    `proved_in`: of a carried task, the code of the earlier period whose report proves it done, whatever the state now.
    """
    labels = case.project.labels["state"]
    rows = Evidence(case)
    lines = [
        (unit.unit_id, task.id, obligation, state, labels[state], reason, before.code if before else "")
        for unit in case.mine.units
        for task in case.project.plan.tasks
        for obligation in [case.project.plan.obligation(task, unit, case.mine.period)]
        for before in [rows.done_before(unit.unit_id, task.id) if obligation == "carried" else None]
        for state, reason in [_state(case, rows, unit, task, obligation, before)]
    ]
    return pd.DataFrame(lines, columns=list(TaskLine._fields))


def _state(
    case: Case, rows: "Evidence", unit: Unit, task: Task, obligation: Obligation, before: Period | None
) -> tuple[State, str]:
    if obligation == "not-lead":
        return "not-lead", ""
    if obligation == "not-due":
        return "not-due", f"Thời hạn: {task.due_text}"
    if unit.unit_id not in case.mine.versions.chains:
        return "missing", "Chưa có báo cáo được dùng của kỳ này" + (
            f"; đã hoàn thành theo báo cáo {before.name}" if before else ""
        )
    row = rows.of(unit.unit_id, task.id)
    if row.is_blank:
        return _blank_state(case, unit, obligation, before)
    if row.is_blocked:
        return "unproven", "Dòng báo cáo có ô ghi chưa đúng nên chưa nhận được"
    if obligation == "recurring":
        return _recurring_state(row)
    return _dated_state(row, task, case.mine.period)


def _blank_state(case: Case, unit: Unit, obligation: Obligation, before: Period | None) -> tuple[State, str]:
    if obligation == "recurring" and unit.unit_id in case.nothing_units:
        return "nothing", "Đơn vị báo cáo cả kỳ không phát sinh"
    if before:
        return "done", f"Đã hoàn thành theo báo cáo {before.name}"
    return "missing", "Dòng nhiệm vụ để trống"


def _recurring_state(row: TaskRow) -> tuple[State, str]:
    """A recurring task has no due date: it is done once something stands behind it in the period."""
    if row.activities:
        return "done", f"{row.activities} hoạt động ở Biểu 3"
    if row.has_document:
        return "done", "Có văn bản kèm số và ngày"
    if row.status == "none-arose":
        return "nothing", "Đơn vị ghi không phát sinh trong kỳ"
    if row.status == "not-started":
        return "not-done", "Đơn vị ghi chưa thực hiện"
    return "unproven", "Chưa có hoạt động ở Biểu 3, cũng chưa có văn bản kèm số và ngày"


def _dated_state(row: TaskRow, task: Task, period: Period) -> tuple[State, str]:
    """A task with a due date, judged at the period's filing deadline."""
    if row.status == "done":
        if not row.has_proof:
            return "unproven", "Ghi hoàn thành nhưng chưa có văn bản, hoạt động hay kết quả"
        late = row.completed_on is not None and row.completed_on > task.due
        return (
            "done",
            f"Hoàn thành {day_text(row.completed_on)}, sau thời hạn {day_text(task.due)}"
            if late and row.completed_on
            else "Có căn cứ kèm theo",
        )
    if row.status == "none-arose" and task.may_not_arise:
        return "nothing", "Đơn vị ghi không phát sinh trong kỳ"
    if period.last_day > task.due:
        return "overdue", f"Thời hạn {day_text(task.due)}"
    return "open", f"Còn hạn đến {day_text(task.due)}"


class Evidence:
    """What stands behind each unit's tasks; looked up by unit and task."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._status_ids = {choice.label: choice.id for choice in case.project.form.choices["status"]}

    def of(self, unit_id: str, task_id: str) -> TaskRow:
        key = (unit_id, task_id)
        activities = self._case.mine.activities.get(key, 0)
        row = self._rows.get(key)
        if row is None:
            is_blocked = key in self._case.mine.rows.blocked["tasks"]
            return TaskRow("", None, False, False, activities, is_blocked, not is_blocked)
        return task_row(row, activities, self._status_ids)

    def done_before(self, unit_id: str, task_id: str) -> Period | None:
        """The earlier period of the year whose report proves the carried task done, if one does."""
        return self._done_before.get((unit_id, task_id))

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        return {(row["unit_id"], row["task_id"]): row for row in self._case.task_rows}

    @cached_property
    def _done_before(self) -> Mapping[tuple[str, str], Period]:
        found: dict[tuple[str, str], Period] = {}
        period = self._case.mine.period
        carried = [task.id for task in self._case.project.plan.tasks if task.obligation[period.code] == "carried"]
        for earlier in self._case.earlier.values():
            if earlier.period.date_to < period.date_to:
                found |= dict.fromkeys(self._proved(earlier, carried), earlier.period)
        return found

    def _proved(self, earlier: Settlement, carried: Collection[str]) -> Iterator[tuple[str, str]]:
        """The units and carried tasks that another period's rows prove done."""
        tasks = earlier.rows.accepted["tasks"]
        for row in rows_as_dicts(tasks[tasks["task_id"].isin(carried)]):
            key = (row["unit_id"], row["task_id"])
            seen = task_row(row, earlier.activities.get(key, 0), self._status_ids)
            if seen.status == "done" and seen.has_proof:
                yield key


def task_row(row: Mapping[str, Any], activities: int, status_ids: Mapping[str, str]) -> TaskRow:
    """Read one accepted row of Biểu 1."""
    completed_on = row["completed_on"]
    return TaskRow(
        status=status_ids.get(str(row["status"]), ""),
        completed_on=None if is_missing(completed_on) else completed_on.date(),
        has_document=not is_missing(row["document_number"]) and not is_missing(row["document_date"]),
        has_result=not is_missing(row["result"]) or not is_missing(row["evidence"]),
        activities=activities,
        is_blocked=False,
        is_blank=False,
    )
