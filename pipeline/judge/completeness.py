"""The grid of every unit × every task: what was owed, in which state it is, and why.

States are judged by content at the filing deadline, never by the status word alone (plan, appendix).
"""

import pandas as pd

from pipeline.declare.plan import Period, Task
from pipeline.declare.register import Unit
from pipeline.judge.case import Case
from pipeline.judge.evidence import ONLY_REPOSTS, Evidence, TaskRow
from pipeline.values.lines import TaskLine
from pipeline.values.states import Obligation, State
from pipeline.words.days import day_text


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
    case: Case, rows: Evidence, unit: Unit, task: Task, obligation: Obligation, before: Period | None
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
    return state_of_row(row, task, obligation, case.mine.period)


def state_of_row(row: TaskRow, task: Task, obligation: Obligation, period: Period) -> tuple[State, str]:
    """The state of a task by what its row says and what stands behind it, with the reason."""
    return _recurring_state(row) if obligation == "recurring" else _dated_state(row, task, period)


def _blank_state(case: Case, unit: Unit, obligation: Obligation, before: Period | None) -> tuple[State, str]:
    if obligation == "recurring" and unit.unit_id in case.nothing_units:
        return "nothing", "Đơn vị báo cáo cả kỳ không phát sinh"
    if before:
        return "done", f"Đã hoàn thành theo báo cáo {before.name}"
    return "missing", "Dòng nhiệm vụ để trống"


def _recurring_state(row: TaskRow) -> tuple[State, str]:
    """A recurring task has no due date: it is done once something stands behind it in the period."""
    if row.has_proof:
        return "done", row.proof_in_words
    if row.status == "none-arose":
        return "nothing", "Đơn vị ghi không phát sinh trong kỳ"
    if row.status == "not-started":
        return "not-done", "Đơn vị ghi chưa thực hiện"
    return "unproven", f"Chưa có hoạt động đã diễn ra ở Biểu 3, {_lacking(row)}"


def _dated_state(row: TaskRow, task: Task, period: Period) -> tuple[State, str]:
    """A task with a due date, judged at the period's filing deadline."""
    if row.status == "done":
        if not row.has_proof:
            return "unproven", f"Ghi hoàn thành nhưng chưa có hoạt động đã diễn ra ở Biểu 3, {_lacking(row)}"
        if row.completed_on and row.completed_on > task.due:
            late = f"Hoàn thành {day_text(row.completed_on)}, sau thời hạn {day_text(task.due)}"
            return "done", f"{late}; {ONLY_REPOSTS}" if row.has_only_reposts else late
        return "done", row.proof_in_words
    if row.status == "none-arose" and task.may_not_arise:
        return "nothing", "Đơn vị ghi không phát sinh trong kỳ"
    if period.last_day > task.due and row.is_unclear and not row.is_blocked:
        return "unproven", "Chưa rõ đơn vị ghi trạng thái nào"
    if period.last_day > task.due:
        return "overdue", f"Thời hạn {day_text(task.due)}"
    return "open", f"Còn hạn đến {day_text(task.due)}"


def _lacking(row: TaskRow) -> str:
    return f"văn bản chưa dùng làm minh chứng được: {row.fault}" if row.fault else "cũng chưa có văn bản kèm số và ngày"
