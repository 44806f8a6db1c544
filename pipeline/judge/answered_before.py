"""What the last report of a unit answers that its next form may begin with, and which tasks need no report any more."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.judge.case import Case
from pipeline.judge.evidence import Evidence
from pipeline.judged.settlement import Settlement
from pipeline.values.cells import is_missing
from pipeline.values.frames import rows_as_dicts
from pipeline.values.known import Told
from pipeline.values.problems import Problem

# Answers that go together, the first of which says that they are there. Those of a plan stay what they are; who signs
# and who fills it in is taken from the last report alone.
_PEOPLE = (("signed_by", "signer_title"), ("prepared_by", "phone"))
_PLAN = ("plan_number", "plan_date")


def tasks_done(case: Case) -> Mapping[str, Mapping[str, str]]:
    """By unit, the tasks that an earlier report proved done and that need no report now, with the code of that."""
    rows, found = Evidence(case), dict[str, dict[str, str]]()
    for unit in case.mine.units:
        for task in case.project.plan.tasks:
            if case.project.plan.obligation(task, unit, case.mine.period) == "carried" and (
                before := rows.done_before(unit.unit_id, task.id)
            ):
                found.setdefault(unit.unit_id, {})[task.id] = before.code
    return found


def card_answers(project: Project, period: Period, settled: Sequence[Settlement]) -> Mapping[str, Mapping[str, Told]]:
    """By unit, the answers of its last report that nobody asks about; `settled` with the latest period first."""
    cards = [(item, _cards(item), _asked(item)) for item in settled]
    found: dict[str, dict[str, Told]] = {}
    for unit_id in {unit_id for item in settled for unit_id in item.versions.chains}:
        reports = [
            [_sound(item, doc, known[doc], asked, project) for doc in reversed(item.versions.chains[unit_id])]
            for item, known, asked in cards
            if unit_id in item.versions.chains
        ]
        wanted = [*((pair, reports[0]) for pair in _PEOPLE), (_PLAN, [card for report in reports for card in report])]
        pairs = (_newest(pair, forms) for pair, forms in wanted)
        answers = {key: value for pair in pairs for key, value in pair.items()}
        found[unit_id] = {key: value for key, value in answers.items() if not _is_to_come(value, period)}
    return found


def _cards(item: Settlement) -> Mapping[int, Mapping[str, Any]]:
    return {int(row["doc"]): row for row in rows_as_dicts(item.frames["card"])}


def _asked(item: Settlement) -> set[tuple[str, str]]:
    """File and field of the card of whatever is asked about."""
    problems: Iterator[Problem] = (problem for told in (item.problems, item.silent) for problem in told)
    return {(problem.file, problem.field) for problem in problems if problem.table == "card"}


def _sound(
    item: Settlement, doc: int, row: Mapping[str, Any], asked: set[tuple[str, str]], project: Project
) -> Mapping[str, Told]:
    """The answers of one card that are there and in order."""
    file, keys = item.readings[doc].file, [key for pair in (*_PEOPLE, _PLAN) for key in pair]
    return {
        key: value.date() if isinstance(value, datetime) else value
        for key in keys
        if key in project.form.card.by_key and not is_missing(value := row[key]) and (file, key) not in asked
    }


def _newest(pair: Sequence[str], forms: Sequence[Mapping[str, Told]]) -> Mapping[str, Told]:
    """The answers of the newest form that gives the first of them."""
    form = next((form for form in forms if pair[0] in form), {})
    return {key: form[key] for key in pair if key in form}


def _is_to_come(value: Told, period: Period) -> bool:
    return not isinstance(value, (str, int, float)) and value > period.date_to
