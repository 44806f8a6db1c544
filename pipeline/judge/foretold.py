"""What a cell that cannot be read will have to fit once it can be, said in its own sentence and in the first round.

Rules ask about what they can read. Where what they would read is itself in question, their question would come only
after the mending; so the sentence of that cell gets one more clause. No cell is asked about that was not before.
The words are those of `[also]` in the catalogue.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import pandas as pd

from pipeline.declare.plan import FigureCheck
from pipeline.judge.case import Case
from pipeline.judge.figure_rules import could_fail
from pipeline.judge.named_items import named_items
from pipeline.judge.task_rules import asked_if_chosen, gives_no_reason
from pipeline.judge.telling import Told
from pipeline.values.cells import is_missing
from pipeline.values.frames import rows_as
from pipeline.values.lines import TaskLine
from pipeline.values.problems import Problem
from pipeline.words.days import day_text

ALSO = "also"  # the fact that holds the clauses
_NOT_THEIRS, _REFUSED = "row-not-lead", "status-not-allowed"
_FEW = 3  # numbers beside “nothing arose”, of which each is asked about

_Row = tuple[str, str, int]  # file, table, Excel row
_Clauses = Iterator[tuple[_Row, str]]


def foretell(told: Told, case: Case, completeness: pd.DataFrame) -> Told:
    """The same problems; those of cells that cannot be read with what the rules will ask of the value."""
    asked = _Asked(case, told.said)
    clauses: dict[_Row, list[str]] = {}
    found = _of_greyed_rows(asked), _of_figures(asked), _of_texts(asked), _of_statuses(asked, completeness)
    for row, clause in (*chain.from_iterable(found), *_of_finished(asked)):
        clauses.setdefault(row, []).append(clause)
    heads = {id(asked.speaker[row]): "; ".join(dict.fromkeys(found)) for row, found in clauses.items()}
    said = (_with(problem, heads.get(id(problem), "")) for problem in told.said)
    return Told(tuple(said), told.silent)


def _with(problem: Problem, clauses: str) -> Problem:
    return replace(problem, facts={**problem.facts, ALSO: clauses}) if clauses else problem


@dataclass(frozen=True)
class _Asked:
    """What is said of the forms in force, and by which problem each row of theirs that is not read whole speaks."""

    case: Case
    said: Sequence[Problem]

    @cached_property
    def in_force(self) -> list[Problem]:
        """The problems of rows that units fill in."""
        files = {self.case.mine.readings[doc].file for doc in self.case.mine.versions.in_force}
        own = {name: set(sheet.own_keys) for name, sheet in self.case.project.form.tables.items()}
        return [item for item in self.said if item.row and item.file in files and item.field in own.get(item.table, ())]

    @cached_property
    def speaker(self) -> Mapping[_Row, Problem]:
        """The problem whose sentence gets the clauses of its row: that of the answer, or else the first one."""
        found: dict[_Row, Problem] = {}
        answers = {name: sheet.answer_key for name, sheet in self.case.project.form.tables.items()}
        for item in self.in_force:
            place = item.file, item.table, item.row
            if place not in found or (item.field == answers[item.table] != found[place].field):
                found[place] = item
        return found

    @cached_property
    def cells(self) -> Set[tuple[str, int, str]]:
        """File, Excel row and field of every cell of Biểu 1 of which something is said."""
        return {(item.file, item.row, item.field) for item in self.in_force if item.table == "tasks"}

    @cached_property
    def unread(self) -> Mapping[str, Mapping[str, _Row]]:
        """By unit the figures that have no value and a problem, with the row of the problem."""
        found: dict[str, dict[str, _Row]] = {}
        for item in self.in_force:
            name = item.facts.get("row_name", "")
            is_known = item.unit_id in self.case.values.index and name in self.case.values
            if item.table == "figures" and is_known and is_missing(self.case.values.at[item.unit_id, name]):
                found.setdefault(item.unit_id, {})[name] = (item.file, item.table, item.row)
        return found

    def words(self, clause: str, /, **facts: str) -> str:
        """A clause of the catalogue."""
        return self.case.project.catalogue.also[clause].format_map(facts)


def _of_greyed_rows(asked: _Asked) -> _Clauses:
    """R09: something that cannot be used on a row that the unit does not have to fill in."""
    plan, units = asked.case.project.plan, asked.case.project.register.by_id
    told = {(item.file, item.table, item.row) for item in asked.in_force if item.code == _NOT_THEIRS}
    for row, item in asked.speaker.items():
        name, unit = item.facts.get("row_name", ""), units.get(item.unit_id)
        if unit is None or row in told:
            continue
        task, indicator = plan.task.get(name), plan.indicator.get(name)
        if (task and not plan.leads(task, unit)) or (indicator and not plan.fills(indicator, unit)):
            yield row, asked.words("not-theirs")


def _of_figures(asked: _Asked) -> _Clauses:
    """What figures that cannot be read have to fit: the answer on the card (R08), or the checks of the plan."""
    case = asked.case
    for unit_id, unread in asked.unread.items():
        mine = {name: row for name, row in unread.items() if case.is_expected.at[unit_id, name]}
        if unit_id in case.nothing_units:
            yield from _beside_nothing(asked, unit_id, mine)
            continue
        relations: dict[_Row, list[str]] = {}
        for check in case.project.plan.checks:
            if name := _first_unread(case, unit_id, check, mine):
                relations.setdefault(mine[name], []).append(check.why)
        for row, why in relations.items():
            yield row, asked.words("relation", why="; ".join(dict.fromkeys(why)))


def _beside_nothing(asked: _Asked, unit_id: str, unread: Mapping[str, _Row]) -> _Clauses:
    """R08, unless so many other figures are above zero that the answer on the card is asked about anyway."""
    card = asked.case.project.form.card.by_key["nothing_to_report"]
    if (asked.case.values.loc[unit_id] > 0).sum() <= _FEW:
        no = asked.case.project.form.label("yes_no", "no")
        yield from ((row, asked.words("nothing", label=card.label, no=no)) for row in unread.values())


def _first_unread(case: Case, unit_id: str, check: FigureCheck, unread: Mapping[str, _Row]) -> str:
    """The figure that tells what a check asks, where it cannot be read and the others are known; else empty."""
    ids = check.left if check.rule == "carries" else (*check.left, *check.right)
    values = case.values.loc[unit_id, list(ids)]
    lacking = [name for name in ids if is_missing(values[name]) and case.is_expected.at[unit_id, name]]
    is_open = bool(lacking) and all(name in unread for name in lacking)
    has_known = check.rule in ("range", "covers-activities", "carries") or len(lacking) < len(ids)
    return lacking[0] if is_open and has_known and could_fail(case, check, unit_id, set(lacking)) else ""


def _of_texts(asked: _Asked) -> _Clauses:
    """R22: a text of Biểu 1 names more items than the figures that can be read have."""
    for item in named_items(asked.case) if asked.unread else ():
        ids = list(dict.fromkeys(name for check in item.checks for name in check.left))
        unread = asked.unread.get(item.unit_id, {})
        if not unread.keys().isdisjoint(ids) and asked.case.values.loc[item.unit_id, ids].sum() < item.items:
            name = next(name for name in ids if name in unread)
            yield unread[name], asked.words("relation", why=item.checks[0].why)


def _of_finished(asked: _Asked) -> _Clauses:
    """R24, R25, R29: what a task that is said to be done asks of a figure or a day that cannot be read."""
    case, sheet = asked.case, asked.case.project.form["tasks"]
    for row in (*case.task_rows, *case.blocked_task_rows):
        task, unit = case.project.plan.task[row["task_id"]], case.project.register.by_id.get(row["unit_id"])
        status = case.project.form.status_ids.get(str(row["status"]), "")
        if status != "done" or unit is None or not case.project.plan.leads(task, unit):
            continue
        unread = asked.unread.get(unit.unit_id, {})
        for name in task.needs:
            is_given = any(earlier.gave(unit.unit_id, name) for earlier in case.earlier.values())
            if name in unread and not is_given:
                yield unread[name], asked.words("needs", status=str(row["status"]), task=task.id)
        place = case.mine.readings[row["doc"]].file, "tasks", int(row["row"])
        is_asked = (place[0], place[2], "completed_on") in asked.cells and is_missing(row["completed_on"])
        is_due = task.due < case.mine.period.date_to and (place[0], place[2], "delay_reason") not in asked.cells
        if is_asked and is_due and gives_no_reason(case, row) and sheet.holds(row["held"], "completed_on"):
            labels = {key: sheet.by_key[key].label for key in ("completed_on", "delay_reason")}
            yield place, asked.words("late", due=day_text(task.due), **labels)


def _of_statuses(asked: _Asked, completeness: pd.DataFrame) -> _Clauses:
    """R25, R29, R50: what else a row of Biểu 1 lacks, by the status that the unit will choose."""
    project, rows = asked.case.project, _task_rows(asked)
    if not rows:
        return
    lines = {(line.unit_id, line.task_id): line for line in rows_as(TaskLine, completeness)}
    choices = project.form.choices[project.form["tasks"].by_key["status"].choices]
    for place, row in rows.items():
        line = lines.get((row["unit_id"], row["task_id"]))
        if line is None or line.obligation == "not-lead":
            continue
        by_lack: dict[tuple[str, ...], list[str]] = {}
        for label in (choice.label for choice in choices):
            by_lack.setdefault(tuple(_lacking(asked, place[0], row, line, label)), []).append(f"“{label}”")
        for lacking, chosen in by_lack.items():
            if lacking:
                yield place, asked.words("status", chosen=_either(chosen), lacking=", ".join(lacking))


def _task_rows(asked: _Asked) -> dict[_Row, dict[str, Any]]:
    """The rows of Biểu 1 whose status is in question and cannot be used, or cannot be."""
    case = asked.case
    wanted = {row for row, item in asked.speaker.items() if item.table == "tasks" and item.field == "status"}
    if not wanted:
        return {}
    refused = {row for row in wanted if asked.speaker[row].code == _REFUSED}
    rows = {
        (case.mine.readings[row["doc"]].file, "tasks", int(row["row"])): row
        for row in (*case.task_rows, *case.blocked_task_rows)
    }
    return {
        place: row
        for place, row in rows.items()
        if place in wanted
        and (place in refused or str(row["status"]) not in case.project.form.status_ids)
        and case.project.form["tasks"].holds(row["held"], "status")
    }


def _lacking(asked: _Asked, file: str, row: dict[str, Any], line: TaskLine, label: str) -> Iterable[str]:
    """What the row would be asked for under a status, by the labels of the columns; of cells not asked about yet."""
    sheet, number = asked.case.project.form["tasks"], int(row["row"])
    figures = frozenset((item.unit_id, item.facts.get("row_name", "")) for item in asked.in_force)
    problems = list(asked_if_chosen(asked.case, row, line, label, figures))
    if any(item.code == "status-not-allowed" for item in problems):
        return ()
    keys = [item.field for item in problems if item.field != "status" and (file, number, item.field) not in asked.cells]
    if "document_number" in keys and is_missing(row["document_date"]):
        keys.append("document_date")
    found = [f"“{item.label}”" for item in sheet.fields if item.key in keys]
    return [*found, *(asked.words("figure", name=name) for item in problems for name in item.about)]


def _either(names: Sequence[str]) -> str:
    return " hoặc ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
