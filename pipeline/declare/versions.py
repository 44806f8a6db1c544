"""Versions of the form that live together: what the form of the plan and the older ones that it reads have in common.

An older form is found by the words of either, and what it prints is held against its own words; what it lacks, it did
not ask.
"""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.declare.form import Choice, Field, Form, Sheet
from pipeline.declare.plan import Indicator, Plan, Task, Wording


def reading_older(form: Form, older: Mapping[str, Form]) -> Form:
    """The form, with the labels and choices of older versions as further words for its own."""
    for earlier in older.values():
        sheets = {name: _with_words(sheet, earlier.sheets.get(name)) for name, sheet in form.sheets.items()}
        lists = {name: _with_ways(listed, earlier.choices.get(name, ())) for name, listed in form.choices.items()}
        form = replace(form, sheets=sheets, choices=lists)
    return form


def printed_as(form: Form, earlier: Form) -> Form:
    """The same columns and choices, under the words that an older version prints."""
    return replace(form, sheets={name: _worded_as(form[name], earlier.sheets.get(name)) for name in form.sheets})


def plan_as_of(plan: Plan, version: str) -> Plan:
    """The plan with its tasks and indicators as a version of the form prints them."""
    return replace(
        plan,
        tasks=tuple(_task_as(task, task.was[version]) if version in task.was else task for task in plan.tasks),
        indicators=tuple(
            _indicator_as(item, item.was[version]) if version in item.was else item for item in plan.indicators
        ),
    )


NOW = "now"  # under which an item that is worded as an older version keeps the words of the plan


def _task_as(task: Task, was: Wording) -> Task:
    words = {**task.was, NOW: Wording(title=task.title, due_text=task.due_text)}
    return replace(task, title=was.title or task.title, due_text=was.due_text or task.due_text, was=words)


def _indicator_as(item: Indicator, was: Wording) -> Indicator:
    words = {**item.was, NOW: Wording(title=item.title, measure=item.measure)}
    return replace(item, title=was.title or item.title, measure=was.measure or item.measure, was=words)


def _with_words(sheet: Sheet, earlier: Sheet | None) -> Sheet:
    known = earlier.by_key if earlier else {}
    return replace(sheet, fields=tuple(_with_label(item, known.get(item.key)) for item in sheet.fields))


def _with_label(item: Field, earlier: Field | None) -> Field:
    words = (earlier.label, *earlier.aliases) if earlier else ()
    return replace(item, aliases=_added(item.aliases, words, item.label))


def _with_ways(listed: tuple[Choice, ...], earlier: tuple[Choice, ...]) -> tuple[Choice, ...]:
    words = {choice.id: (choice.label, *choice.aliases) for choice in earlier}
    return tuple(
        replace(choice, aliases=_added(choice.aliases, words.get(choice.id, ()), choice.label)) for choice in listed
    )


def _added(known: tuple[str, ...], words: tuple[str, ...], label: str) -> tuple[str, ...]:
    return (*known, *(word for word in words if word not in (label, *known)))


def _worded_as(sheet: Sheet, earlier: Sheet | None) -> Sheet:
    if earlier is None:
        return sheet
    fields = tuple(earlier.by_key.get(item.key, item) for item in sheet.fields)
    return replace(sheet, title=earlier.title, guidance=earlier.guidance, fields=fields)
