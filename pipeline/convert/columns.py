"""Convert the cells of forms, column by column; collect what could not be converted and what was changed.

Plain Python on purpose: this runs where the files are read, in processes that load no large library.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from pipeline.convert.cell import Converted
from pipeline.convert.kinds import Setting, as_stored, read_column
from pipeline.declare.form import Sheet
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import Change, Found, Reading, problem_at
from pipeline.values.problems import Problem

_GAPS = re.compile("[. ]")  # in a number, 46.280
_below = chain.from_iterable


class Columns(NamedTuple):
    """The rows of one sheet from many forms: the position of each row's reading, its Excel row, whether it is filled.

    `values` by field: numbers as doubles with NaN, dates as days with `NO_DATE`, all else as text or `None`; beside
    figures, `nothing` holds the kind of nothing. `unvalued`: the cells, by place and field, that hold something and
    came to no value.
    """

    docs: "array[int]"
    rows: "array[int]"
    filled: list[bool]
    values: Mapping[str, Any]
    unvalued: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Cells:
    """All sheets by id, with the problems of single cells, and the changes file by file.

    `odd_rows`, by sheet and reading: the Excel rows with a cell that is not used as written.
    """

    sheets: Mapping[str, Columns]
    odd_rows: Mapping[str, Mapping[int, Set[int]]]
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


class _Rows(NamedTuple):
    """The rows of one sheet as found: as `Columns`, with the raw cells by field."""

    docs: "array[int]"
    rows: "array[int]"
    filled: list[bool]
    cells: Mapping[str, Sequence[Any]]


class _Event(NamedTuple):
    """A cell that was not used exactly as written."""

    position: int
    key: str
    raw: Any
    result: Converted


class _Outcome(NamedTuple):
    """What the cells of one sheet came to.

    `events`: what became of the unit's own cells. `reworded`: where a cell of another kind reads otherwise now.
    """

    values: dict[str, Any]
    unvalued: list[tuple[int, str]]
    events: list[_Event]
    reworded: list[int]


def convert_forms(readings: Sequence[Reading], forms: Sequence[int], project: Project, period: Period) -> Cells:
    """Convert the card and the tables of those readings whose positions are in `forms`."""
    sheets: dict[str, Columns] = {}
    odd_rows: dict[str, Mapping[int, Set[int]]] = {}
    told: list[tuple[int, Problem, Converted]] = []
    for sheet in project.form.sheets.values():
        found = (_card if sheet.shape == "card" else _table)(readings, forms, sheet)
        made = _convert(found.cells, Setting(sheet, found.cells[sheet.row_key], project, period))
        sheets[sheet.id] = Columns(found.docs, found.rows, found.filled, made.values, made.unvalued)
        odd_rows[sheet.id] = _odd_rows(found, made)
        told += _told(found, made, readings, sheet)
    problems = tuple(place for _, place, result in told if result.code)
    by_reading = sorted(told, key=itemgetter(0))
    return Cells(
        sheets, odd_rows, problems, tuple(_change(place, result) for _, place, result in by_reading if not result.code)
    )


def _told(
    found: _Rows, made: _Outcome, readings: Sequence[Reading], sheet: Sheet
) -> Iterator[tuple[int, Problem, Converted]]:
    """What became of each cell that was not used as written, with its reading and its place."""
    for position, key, raw, result in made.events:
        doc, row = found.docs[position], found.rows[position]
        yield doc, problem_at(readings[doc], sheet.id, key, row, result.code, raw, **result.facts), result


def _change(at: Problem, result: Converted) -> Change:
    used = shown(result.value) or result.nothing
    return Change(at.unit_id, at.file, at.sheet, at.cell, at.field, at.value, used, result.rule, at.row)


def _odd_rows(found: _Rows, made: _Outcome) -> Mapping[int, Set[int]]:
    odd: dict[int, set[int]] = {}
    for position in (*made.reworded, *(event.position for event in made.events)):
        odd.setdefault(found.docs[position], set()).add(found.rows[position])
    return odd


def _card(readings: Sequence[Reading], forms: Sequence[int], sheet: Sheet) -> _Rows:
    cards = [readings[doc].card for doc in forms]
    cells = {key: [card[key].raw if key in card else "" for card in cards] for key in sheet.keys}
    return _Rows(array("q", forms), array("q", [0] * len(forms)), [True] * len(forms), cells)


def _table(readings: Sequence[Reading], forms: Sequence[int], sheet: Sheet) -> _Rows:
    """The rows of one table from all forms, one below the other, still raw but for the names of fixed rows."""
    tables = {doc: readings[doc].tables[sheet.id] for doc in forms if sheet.id in readings[doc].tables}
    docs = array("q", _below([doc] * len(found.rows) for doc, found in tables.items()))
    rows = array("q", _below(found.numbers for found in tables.values()))
    filled = [*_below(found.filled for found in tables.values())]
    return _Rows(docs, rows, filled, _cells([*tables.values()], sheet))


def _cells(tables: Sequence[Found], sheet: Sheet) -> Mapping[str, Sequence[Any]]:
    lines = [*_below(found.rows for found in tables)]
    columns = zip(*lines, strict=True) if lines else ((),) * len(sheet.keys)
    cells: dict[str, Sequence[Any]] = dict(zip(sheet.keys, columns, strict=True))
    names = {sheet.row_key: [*_below(found.names for found in tables)]} if sheet.shape == "fixed" else {}
    return {**cells, **names}


def _convert(raw: Mapping[str, Sequence[Any]], setting: Setting) -> _Outcome:
    sheet = setting.sheet
    values: dict[str, Any] = {sheet.row_key: raw[sheet.row_key]} if sheet.shape == "fixed" else {}
    unvalued: list[tuple[int, str]] = []
    events: list[_Event] = []
    reworded: list[int] = []
    for item in sheet.fields:
        if item.locked:
            continue  # printed by us; whatever stands there is nobody's answer
        written, column = raw[item.key], read_column(item, raw[item.key], setting)
        if column.nothing is not None:
            values["nothing"] = column.nothing
        values[item.key] = as_stored(item, column.values)
        odd = [_Event(position, item.key, written[position], result) for position, result in column.odd]
        if item.own:
            events += odd
            left = _unvalued(column.values, written)
            unvalued += [(position, item.key) for position in left if position not in column.denied]
        else:
            reworded += [event.position for event in odd if shown(event.raw) != event.result.value]
    events = _unconfirmed(values, events)
    _keep_notes(values, events)
    return _Outcome(values, unvalued, events, reworded)


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
