"""The answers of one invented form, then whatever the scenario types over them.

In: the content, one unit, one period, one sending. Out: `Answers` for the blank form; equal input gives equal answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pipeline.declare.plan import Task
from pipeline.publish.forms.blank_form import Answers
from pipeline.samples.activities import Item, list_items, write_item
from pipeline.samples.author import Author, draw, pick
from pipeline.samples.content import Edit, Request, Sending, TaskAnswer
from pipeline.samples.figures import Figures, Reporter, make_figures

Row = dict[str, Any]


def make_answers(author: Author, sending: Sending, sent_on: date) -> Answers:
    """Everything typed into the form that is sent on that day."""
    rows = {"card": {"": _card(author, sent_on)}, **_tables(author, sending)}
    for edit in sending.edits:
        _apply(edit, rows[edit.table])
    activities, requests = (list(rows[table].values()) for table in ("activities", "requests"))
    return Answers(rows["card"][""], rows["tasks"], rows["figures"], activities, requests)


def _tables(author: Author, sending: Sending) -> dict[str, dict[str, Row]]:
    """The rows of each table, by id or by number; none where the sending is nothing but edits."""
    if sending.only_edits:
        return {"tasks": {}, "figures": {}, "activities": {}, "requests": {}}
    items = list_items(author, sending.without)
    return {
        "tasks": dict(_tasks(author, items)),
        "figures": {key: {"value": value} for key, value in _figures(author, items).items()},
        "activities": {str(number): write_item(author, item, number) for number, item in enumerate(items, start=1)},
        "requests": {str(number): row for number, row in enumerate(_requests(author), start=1)},
    }


def _card(author: Author, sent_on: date) -> Row:
    content, words, seed = author.content, author.words, author.seed
    kind = content.kinds[author.unit.kind]
    signed = pick(content.facts(author.unit).signed or kind.signed, author.unit.unit_id, "signed")
    days = content.periods[author.period.code].days
    return {
        "report_number": content.report_number.format_map({**words, "number": f"{draw(9, 180, *seed, 'report'):02d}"}),
        "report_date": max(days[0], sent_on - timedelta(days=draw(0, 1, *seed, "dated"))),
        "prepared_by": f"{pick(kind.prepared, author.unit.unit_id, 'prepared')} {content.sample_word}",
        "signed_by": f"{signed} {content.sample_word}",
        "signer_title": kind.title.format(signed=signed),
        **dict(zip(("plan_number", "plan_date"), _own_plan(author), strict=True)),
    }


def _own_plan(author: Author) -> tuple[str, date]:
    """Number and day of the unit's own plan: the same in every period."""
    content, unit_id = author.content, author.unit.unit_id
    number = content.plan_number.format_map({**author.words, "number": f"{draw(5, 48, unit_id, 'plan'):02d}"})
    return number, pick(author.workdays(content.plan_days[0], content.plan_days[-1]), unit_id, "plan day")


def _tasks(author: Author, items: Sequence[Item]) -> Iterator[tuple[str, Row]]:
    for task in author.project.plan.tasks:
        answer = author.content.answers.get(author.owes(task))
        if answer and not _is_told(author, task, answer):
            listed = sum(item.title.task == task.id for item in items)
            yield task.id, {**_said(author, task, answer, listed), **_dates(author, task, answer)}


def _said(author: Author, task: Task, answer: TaskAnswer, listed: int) -> Row:
    """The status and the result in words, of a task for which so many activities are listed."""
    statuses = answer.begun if listed and answer.begun else answer.statuses
    return {
        "status": pick(statuses, *author.seed, task.id, "status"),
        "result": pick(answer.results, *author.seed, task.id, "result").format(n=listed),
    }


def _is_told(author: Author, task: Task, answer: TaskAnswer) -> bool:
    """Whether an earlier report has told of the task, so that its row stays blank."""
    has_earlier = bool(author.content.periods[author.period.code].before)
    return has_earlier and draw(0, 99, *author.seed, task.id, "blank") < answer.blank


def _dates(author: Author, task: Task, answer: TaskAnswer) -> Row:
    if answer.is_done:
        number, day = _own_plan(author)
        return {"completed_on": day, "document_number": number, "document_date": day}
    if answer.expected:
        day = pick(author.workdays(answer.expected[0], answer.expected[-1]), *author.seed, task.id, "expected")
        return {"expected_on": min(day, task.due)}
    return {}


def _figures(author: Author, items: Sequence[Item]) -> dict[str, Any]:
    """The figures as typed: a dash or a zero for none, nothing at all for a blank."""
    dash = author.project.form.nothing["none-arose"].label
    numbers = _numbers(author, items)
    return {
        key: value or pick((dash, dash, dash, 0), *author.seed, key, "zero")
        for key, value in numbers.items()
        if value is not None
    }


def _numbers(author: Author, items: Sequence[Item]) -> Figures:
    content, plan = author.content, author.project.plan
    scenario = content.periods[author.period.code]
    before: Figures = {}
    if scenario.before:
        earlier = replace(author, period=plan.period(scenario.before))
        before = _numbers(earlier, list_items(earlier))
    owed = [
        rule
        for rule in content.figures
        if rule.id in plan.indicator and plan.fills(plan.indicator[rule.id], author.unit)
    ]
    reporter = Reporter(plan, author.profile, content.facts(author.unit), scenario, author.seed)
    return make_figures(owed, items, before, reporter)


def _requests(author: Author) -> list[Row]:
    label = author.project.form.label
    return [
        {
            "kind": label("request_kind", line.kind),
            "content": line.content.format_map(author.words),
            "addressed_to": line.to or None,
        }
        for line in _requested(author)
        if line.kind in {choice.id for choice in author.project.form.choices["request_kind"]}
    ]


def _requested(author: Author) -> Iterator[Request]:
    """The lines of one set, of two, or of none, in the order in which the sets are listed."""
    offered = author.content.requests
    sets = offered.get(author.unit.unit_id) or offered.get(author.profile, ())
    first = draw(0, len(sets), *author.seed, "requests") if sets else 0
    if first == len(sets):
        return
    second = (first + 3) % len(sets) if draw(0, 1, *author.seed, "second") else first
    for number in sorted({first, second}):
        yield from sets[number]


def _apply(edit: Edit, rows: dict[str, Row]) -> None:
    """Type one edit over a row; "new" adds one at the end."""
    key = str(len(rows) + 1) if edit.row == "new" else edit.row
    row = {} if edit.clear else rows.get(key, {})
    rows[key] = {**row, **{name: _typed(value, row.get(name)) for name, value in edit.values.items()}}


def _typed(value: Any, before: Any) -> Any:
    return value.format(value=before) if isinstance(value, str) and "{value" in value else value
