"""What stands behind each unit's tasks: activities that took place, documents with a real number and a fitting date."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pipeline.declare.plan import Period, Task
from pipeline.declare.project import Project
from pipeline.judge.case import Case
from pipeline.judged.settlement import Settlement
from pipeline.values.cells import is_missing
from pipeline.values.frames import rows_as_dicts
from pipeline.words.days import day_text

ONLY_REPOSTS = "chỉ có tin đăng lại"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What a unit wrote on one task, and what stands behind it.

    `fault` says what is wrong with the document that it names, `fault_at` is the field to mend.
    """

    status: str  # id of the choice, or empty
    completed_on: date | None = None
    has_document: bool = False
    fault: str = ""
    fault_at: str = "document_number"
    activities: int = 0
    reposts: int = 0
    is_blocked: bool = False
    is_blank: bool = False
    is_unclear: bool = False  # something stands for the status that cannot be used
    joined: str = ""  # what the unit took part in, which proves the task as well, in words

    @property
    def has_proof(self) -> bool:
        return self.has_document or self.activities > 0 or self.joined != ""

    @property
    def has_only_reposts(self) -> bool:
        """A repost proves that the unit passed it on, and no more."""
        return 0 < self.activities == self.reposts and not self.has_document

    @property
    def proof_in_words(self) -> str:
        if self.activities > self.reposts or self.has_only_reposts:
            listed = f"{self.activities} hoạt động ở Biểu 3"
            return f"{listed}, {ONLY_REPOSTS}" if self.has_only_reposts else listed
        return "Có văn bản kèm số và ngày" if self.has_document else self.joined


class Evidence:
    """What stands behind each unit's tasks in one period; looked up by unit and task."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def of(self, unit_id: str, task_id: str) -> TaskRow:
        """The row of a task that was accepted, or else kept out, with what stands behind it."""
        key = (unit_id, task_id)
        is_blocked = key in self._case.mine.rows.blocked["tasks"]
        row = self._rows.get(key) or self._blocked_rows.get(key)
        if row is None:
            return TaskRow(
                "", activities=self._case.mine.activities.get(key, 0), is_blocked=is_blocked, is_blank=not is_blocked
            )
        return task_row(row, self._case.mine, self._case.project, self._case.earlier, is_blocked=key not in self._rows)

    def done_before(self, unit_id: str, task_id: str) -> Period | None:
        """The earlier period of the year whose report proves the carried task done, if one does."""
        return self._done_before.get((unit_id, task_id))

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        return {(row["unit_id"], row["task_id"]): row for row in self._case.task_rows}

    @cached_property
    def _blocked_rows(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        return {(row["unit_id"], row["task_id"]): row for row in self._case.blocked_task_rows}

    @cached_property
    def _done_before(self) -> Mapping[tuple[str, str], Period]:
        found: dict[tuple[str, str], Period] = {**self._case.proved}
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
            seen = task_row(row, earlier, self._case.project, {})
            if seen.status == "done" and seen.has_proof:
                yield row["unit_id"], row["task_id"]


def joined_words(
    unit_id: str, task: Task, settled: Settlement, earlier: Mapping[str, Settlement], project: Project
) -> str:
    """What a unit took part in that counts for the task, where it held none itself; empty otherwise."""
    unit, periods = project.register.by_id.get(unit_id), (settled, *earlier.values())
    if not task.joins or unit is None or not project.plan.includes(task.joiners, unit):
        return ""
    if any(period.gave(unit_id, name) for name in task.needs for period in periods):
        return ""
    joined = [name for name in task.joins if any(period.gave(unit_id, name) for period in periods)]
    return "; ".join(f"{project.plan.indicator[name].name} ({name})" for name in joined)


def task_row(
    row: Mapping[str, Any],
    settled: Settlement,
    project: Project,
    earlier: Mapping[str, Settlement],
    *,
    is_blocked: bool = False,
) -> TaskRow:
    """Read one row of Biểu 1 of a settled period, with the activities of Biểu 3 and the document that it names."""
    key, completed_on = (row["unit_id"], row["task_id"]), row["completed_on"]
    first, last = proving_days(project.plan.task[row["task_id"]], settled, project, int(row["doc"]))
    fault, place = _document_fault(row, first, last, project)
    activities = settled.activities.get(key, 0)
    status = project.form.status_ids.get(str(row["status"]), "")
    return TaskRow(
        status=status,
        completed_on=None if is_missing(completed_on) else completed_on.date(),
        has_document=fault is None or (not activities and _is_cited(row, first, last, project)),
        fault=fault or "",
        fault_at=place,
        activities=activities,
        reposts=settled.reposts.get(key, 0),
        is_blocked=is_blocked,
        is_unclear=not status and bool(project.form["tasks"].holds(row["held"], "status")),
        joined=joined_words(str(row["unit_id"]), project.plan.task[row["task_id"]], settled, earlier, project)
        if status == "done"
        else "",
    )


def proving_days(task: Task, settled: Settlement, project: Project, doc: int) -> tuple[date, date]:
    """The days on which a document that proves a task may be dated.

    Of a recurring task those of the data window; of another one from its start, or that of the year's data, until the
    report arrived.
    """
    period = settled.period
    if task.obligation[period.code] == "recurring":
        return period.date_from, period.date_to
    first = task.start if task.start > date.min else min(item.date_from for item in project.plan.periods)
    arrived = settled.readings[doc].arrival.received_at.astimezone(project.plan.zone).date()
    return first, max(period.last_day, arrived)


def _document_fault(row: Mapping[str, Any], first: date, last: date, project: Project) -> tuple[str | None, str]:
    """What keeps the document of a row from proving anything, and in which field; nothing where it proves.

    Empty words where no document is named.
    """
    number, day = row["document_number"], row["document_date"]
    if is_missing(number):
        return "", "document_number"
    if not project.proof.is_number(str(number)):
        return f"“{number}” chưa phải là số văn bản", "document_number"
    if is_missing(day):
        return "", "document_date"
    if not first <= day.date() <= last:
        window = f"không nằm trong khoảng từ {day_text(first)} đến {day_text(last)}"
        return f"ngày văn bản {day_text(day)} {window}", "document_date"
    return None, ""


def _is_cited(row: Mapping[str, Any], first: date, last: date, project: Project) -> bool:
    """Whether result or evidence name a document with its number and day, as some units do instead of the columns."""
    texts = [str(row[key]) for key in ("document_number", "result", "evidence") if not is_missing(row[key])]
    return any(first <= day <= last for text in texts for day in project.proof.days_cited(text))


def names_document(row: Mapping[str, Any], settled: Settlement, project: Project) -> bool:
    """Whether a row names a document that proves its task, whatever else does."""
    first, last = proving_days(project.plan.task[row["task_id"]], settled, project, int(row["doc"]))
    return _document_fault(row, first, last, project)[0] is None or _is_cited(row, first, last, project)
