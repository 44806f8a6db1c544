"""Convert the cells of forms, column by column; collect what could not be converted and what was changed.

Plain Python on purpose: this runs where the files are read, in processes that load no large library. Each distinct cell of
a column is converted once.
"""

import re
from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from math import nan
from operator import itemgetter
from typing import Any, NamedTuple

from pipeline.convert.cell import Converted
from pipeline.convert.dates import to_date
from pipeline.convert.numbers import to_number
from pipeline.convert.text import are_plain, choice_index, to_choice, to_text
from pipeline.declare.form import Field, Form, Sheet
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import Change, Reading, problem_at
from pipeline.values.problems import Problem
from pipeline.words.names import fold

NO_DATE = 0  # among the days of a date column, which count from 01/01/0001 as 1
_NUMBERS = ("whole", "number", "figure")
_STRETCH = 256
_GAPS = re.compile("[. ]")  # in a number, 46.280

Converter = Callable[[Any], Converted]


class Columns(NamedTuple):
    """The rows of one sheet from many forms: the position of each row's reading, its Excel row, whether the unit wrote in it.

    `values` by field: numbers as doubles with NaN, dates as days with `NO_DATE`, all else as text or `None`; beside
    figures, `nothing` holds the kind of nothing. `unvalued`: the cells, by place and field, that hold something and came
    to no value.
    """

    docs: "array[int]"
    rows: "array[int]"
    filled: list[bool]
    values: Mapping[str, Any]
    unvalued: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Cells:
    """All sheets by id, with the problems of single cells, and the changes file by file."""

    sheets: Mapping[str, Columns]
    odd_rows: Mapping[
        str, Mapping[int, Set[int]]
    ]  # by sheet and reading: the Excel rows with a cell that is not used as written
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    """A cell that was not used exactly as written."""

    position: int
    key: str
    raw: Any
    result: Converted


def convert_forms(readings: Sequence[Reading], forms: Sequence[int], project: Project, period: Period) -> Cells:
    """Convert the card and the tables of those readings whose positions are in `forms`."""
    sheets: dict[str, Columns] = {}
    odd_rows: dict[str, dict[int, set[int]]] = {}
    problems: list[Problem] = []
    changes: list[tuple[int, Change]] = []
    for sheet in project.form.sheets.values():
        docs, rows, filled, raw = (
            _card(readings, forms, sheet) if sheet.shape == "card" else _table(readings, forms, sheet)
        )
        values, unvalued, events, reworded = _convert(raw, sheet, project, period)
        sheets[sheet.id] = Columns(docs, rows, filled, values, unvalued)
        odd_rows[sheet.id] = {}
        for position in (*reworded, *(event.position for event in events)):
            odd_rows[sheet.id].setdefault(docs[position], set()).add(rows[position])
        for event in events:
            doc, row = docs[event.position], rows[event.position]
            place = problem_at(
                readings[doc], sheet.id, event.key, row, event.result.code, event.raw, **event.result.facts
            )
            if event.result.code:
                problems.append(place)
            else:
                used = shown(event.result.value) or event.result.nothing
                changes.append(
                    (
                        doc,
                        Change(
                            place.unit_id,
                            place.file,
                            place.sheet,
                            place.cell,
                            event.key,
                            place.value,
                            used,
                            event.result.rule,
                            row,
                        ),
                    )
                )
    return Cells(sheets, odd_rows, tuple(problems), tuple(change for _, change in sorted(changes, key=itemgetter(0))))


_Raw = tuple["array[int]", "array[int]", list[bool], dict[str, Sequence[Any]]]


def _card(readings: Sequence[Reading], forms: Sequence[int], sheet: Sheet) -> _Raw:
    cards = [readings[doc].card for doc in forms]
    raw: dict[str, Sequence[Any]] = {
        key: [card[key].raw if key in card else "" for card in cards] for key in sheet.keys
    }
    return array("q", forms), array("q", [0] * len(forms)), [True] * len(forms), raw


def _table(readings: Sequence[Reading], forms: Sequence[int], sheet: Sheet) -> _Raw:
    """The rows of one table from all forms, one below the other, still raw but for the names of fixed rows."""
    docs, rows, filled, lines = array("q"), array("q"), [], []
    names: list[str] = []
    for doc in forms:
        if found := readings[doc].tables.get(sheet.id):
            docs.extend([doc] * len(found.rows))
            rows.extend(found.numbers)
            filled += found.filled
            lines += found.rows
            names += found.names
    columns = zip(*lines, strict=True) if lines else ((),) * len(sheet.keys)
    raw: dict[str, Sequence[Any]] = dict(zip(sheet.keys, columns, strict=True))
    return docs, rows, filled, {**raw, sheet.row_key: names} if sheet.shape == "fixed" else raw


def _convert(
    raw: Mapping[str, Sequence[Any]], sheet: Sheet, project: Project, period: Period
) -> tuple[dict[str, Any], list[tuple[int, str]], list[_Event], list[int]]:
    """The columns; the cells that came to no value; what became of the unit's own cells; where a cell of another kind reads otherwise now."""
    columns: dict[str, Any] = {sheet.row_key: raw[sheet.row_key]} if sheet.shape == "fixed" else {}
    reworded: list[int] = []
    unvalued: list[tuple[int, str]] = []
    events: list[_Event] = []
    for item in sheet.fields:
        if item.locked:
            continue  # printed by us; whatever stands there is nobody's answer
        if item.type == "figure":
            values, columns["nothing"], found = _figures(raw[item.key], raw[sheet.row_key], project, period)
        elif item.type == "text":
            values, found = _texts(raw[item.key])
        else:
            values, found = _column(raw[item.key], _converter(item, sheet, project.form, period))
        columns[item.key] = _typed(values, item)
        if item.own:
            events += [_Event(position, item.key, raw[item.key][position], result) for position, result in found]
            unvalued += [(position, item.key) for position in _unvalued(values, raw[item.key])]
        else:
            reworded += [position for position, result in found if shown(raw[item.key][position]) != result.value]
    events = _unconfirmed(columns, events)
    _keep_notes(columns, events)
    return columns, unvalued, events, reworded


def _unvalued(values: Sequence[Any], raw: Sequence[Any]) -> list[int]:
    if values.count(None) == raw.count(""):
        return []
    return [
        position
        for position, (value, written) in enumerate(zip(values, raw, strict=True))
        if value is None and written != "" and not is_blank(written)
    ]


def _unconfirmed(columns: dict[str, Any], events: Iterable[_Event]) -> list[_Event]:
    """The events without the numbers that might be dates but that the note of their row says again: those are used."""
    left = []
    for event in events:
        number = event.result.facts.get("again", "")
        if number and number in _GAPS.sub("", columns["note"][event.position] or ""):
            columns[event.key][event.position] = float(number)
        else:
            left.append(event)
    return left


def _keep_notes(columns: dict[str, Any], events: Iterable[_Event]) -> None:
    """What stood in brackets beside a number goes to the row's own note, behind what is there."""
    if "note" in columns:
        for event in events:
            if not event.result.code and (said := event.result.facts.get("note")):
                before = columns["note"][event.position]
                columns["note"][event.position] = f"{before}; {said}" if before else said


def _texts(values: Sequence[Any]) -> tuple[list[Any], list[tuple[int, Converted]]]:
    """As `_column`, a stretch at a time: where every cell of it is plain text or blank, no cell needs a look of its own."""
    used: list[Any] = []
    odd: list[tuple[int, Converted]] = []
    known: dict[str, str] = {}  # equal texts are held once
    for start in range(0, len(values), _STRETCH):
        stretch = values[start : start + _STRETCH]
        if set(map(type, stretch)) == {str} and are_plain(list(filter(None, stretch))):
            used += [known.setdefault(value, value) or None for value in stretch]
        else:
            converted, found = _column(stretch, to_text)
            used += converted
            odd += [(start + position, result) for position, result in found]
    return used, odd


def _column(values: Iterable[Any], convert: Converter) -> tuple[list[Any], list[tuple[int, Converted]]]:
    """The values, and what was not used as written. Text keys stand alone; other cells are keyed with their type, for 1 == True."""
    seen: dict[Hashable, Converted] = {}
    used: list[Any] = []
    odd: list[tuple[int, Converted]] = []
    for position, value in enumerate(values):
        if value == "":
            used.append(None)
            continue
        key = value if value.__class__ is str else (value.__class__, value)
        result = seen.get(key)
        if result is None:
            result = seen[key] = convert(value)
        used.append(result[0])
        if result[1] or result[2]:
            odd.append((position, result))
    return used, odd


def _figures(
    values: Sequence[Any], names: Sequence[str], project: Project, period: Period
) -> tuple[list[Any], list[str], list[tuple[int, Converted]]]:
    """Figures are read by the indicator of their row: whole or not, and which words may follow the number."""
    words = {
        fold(word): (name, item.counts_as_zero)
        for name, item in project.form.nothing.items()
        for word in (item.label, *item.aliases)
    }
    converters: dict[str, Converter] = {}
    seen: dict[Hashable, Converted] = {}
    used, nothing, odd = [], [], []
    for position, (value, name) in enumerate(zip(values, names, strict=True)):
        convert = converters.get(name)
        if convert is None:
            item = project.plan.indicator.get(name)
            whole, measure, near = (
                (item.whole, item.measure, None if item.large else period) if item else (False, "", None)
            )
            convert = converters[name] = partial(to_number, whole=whole, measure=measure, nothing=words, period=near)
        key = (name, value.__class__, value)
        result = seen.get(key)
        if result is None:
            result = seen[key] = convert(value)
        used.append(result.value)
        nothing.append(result.nothing)
        if result.rule or result.code:
            odd.append((position, result))
    return used, nothing, odd


def _converter(item: Field, sheet: Sheet, form: Form, period: Period) -> Converter:
    if item.type == "date":
        return partial(to_date, period=period, in_window=item.window)
    if item.type in _NUMBERS:
        nothing = _zero_words(form) if item.minimum == 0 and not item.required else None
        near = period if "note" in sheet.by_key else None  # where a note can say that it is no date
        return partial(to_number, whole=item.type == "whole", measure=item.measure, nothing=nothing, period=near)
    if item.type == "choice":
        return partial(to_choice, choices=choice_index(form.choices[item.choices]))
    raise AssertionError(item.type)


def _zero_words(form: Form) -> dict[str, tuple[str, bool]]:
    """The words that say “none” in a count that may be zero."""
    return {
        fold(word): (name, True)
        for name, item in form.nothing.items()
        if item.counts_as_zero
        for word in (item.label, *item.aliases)
    }


def _typed(values: list[Any], item: Field) -> Any:
    if item.type == "date":
        return array("i", [NO_DATE if value is None else value.toordinal() for value in values])
    if item.type in _NUMBERS:
        return array("d", [nan if value is None else value for value in values])
    return values
