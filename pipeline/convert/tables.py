"""Turn the raw tables of all forms into one typed frame a sheet, with provenance; collect problems and changes.

In: readings, each a form. Out: `Tables`. A frame has the columns `doc` (position of the reading), `unit_id`, `file`,
`sheet`, `row` (Excel row), `filled`, then the fields: text and choices as str or None, dates as datetime64, numbers as
float64; for figures also `nothing`. Each distinct cell of a column is converted once.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from pipeline.convert.cell import Converted
from pipeline.convert.dates import to_date
from pipeline.convert.numbers import to_number
from pipeline.convert.text import choice_index, to_choice, to_text
from pipeline.declare.form import Field, Form, Sheet
from pipeline.declare.plan import Period
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Change, Reading, problem_at, shown
from pipeline.declare.register import fold

Converter = Callable[[Any], Converted]


@dataclass(frozen=True)
class Tables:
    """Typed frames by sheet id (the card among them), with what could not be converted and what was changed."""

    frames: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    """A cell that was not used exactly as written."""

    position: int
    key: str
    raw: Any
    result: Converted


def convert_forms(readings: Sequence[Reading], project: Project, period: Period) -> Tables:
    """Convert the card and the tables of every reading."""
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    changes: list[Change] = []
    for sheet in project.form.sheets.values():
        frame, raw = _card_frame(readings, sheet) if sheet.shape == "card" else _table_frame(readings, sheet)
        frame, events = _convert_frame(frame, raw, sheet, project, period)
        frames[sheet.id] = frame
        documents, rows = frame["doc"].to_numpy(), frame["row"].to_numpy()
        for event in events:
            reading, row = readings[documents[event.position]], int(rows[event.position])
            place = problem_at(reading, sheet.id, event.key, row, event.result.code, event.raw, **event.result.facts)
            if event.result.code:
                problems.append(place)
            else:
                used = shown(event.result.value) or event.result.nothing
                changes.append(Change(place.unit_id, place.file, place.sheet, place.cell, event.key, place.value, used, event.result.rule))
    return Tables(frames, tuple(problems), tuple(changes))


def _card_frame(readings: Sequence[Reading], sheet: Sheet) -> tuple[pd.DataFrame, dict[str, list[Any]]]:
    raw = {key: [reading.card[key].raw if key in reading.card else "" for reading in readings] for key in sheet.keys}
    frame = pd.DataFrame(
        {
            "doc": np.arange(len(readings)),
            "unit_id": [reading.unit_id for reading in readings],
            "file": [reading.file for reading in readings],
            "sheet": [reading.card_sheet for reading in readings],
            "row": 0,
            "filled": True,
        }
    )
    return frame, raw


def _table_frame(readings: Sequence[Reading], sheet: Sheet) -> tuple[pd.DataFrame, dict[str, list[Any]]]:
    """The rows of one table from all readings, one below the other, still raw."""
    found = [(doc, reading, reading.tables[sheet.id]) for doc, reading in enumerate(readings) if sheet.id in reading.tables]
    lengths = [len(table.rows) for _, _, table in found]
    columns = list(zip(*(row for _, _, table in found for row in table.rows), strict=True))
    raw = {key: list(values) for key, values in zip(sheet.keys, columns or [()] * len(sheet.keys), strict=True)}
    frame = pd.DataFrame(
        {
            "doc": np.repeat([doc for doc, _, _ in found], lengths).astype("int64"),
            "unit_id": np.repeat(np.array([reading.unit_id for _, reading, _ in found], dtype=object), lengths),
            "file": np.repeat(np.array([reading.file for _, reading, _ in found], dtype=object), lengths),
            "sheet": np.repeat(np.array([table.sheet for _, _, table in found], dtype=object), lengths),
            "row": np.array([number for _, _, table in found for number in table.numbers], dtype="int64"),
            "filled": np.array([is_filled for _, _, table in found for is_filled in table.filled], dtype=bool),
        }
    )
    return frame, raw


def _convert_frame(frame: pd.DataFrame, raw: Mapping[str, list[Any]], sheet: Sheet, project: Project, period: Period) -> tuple[pd.DataFrame, list[_Event]]:
    columns: dict[str, Any] = {}
    events: list[_Event] = []
    for item in sheet.fields:
        if item.locked and item.key != sheet.row_key:
            continue  # printed by us; whatever stands there is nobody's answer
        if item.type == "figure":
            values, nothing, found = _convert_figures(raw[item.key], raw[sheet.row_key], project)
            columns["nothing"] = np.array(nothing, dtype=object)
        else:
            results = _convert_column(raw[item.key], _converter(item, project.form, period))
            values = [result.value for result in results]
            found = [(position, result) for position, result in enumerate(results) if not result.is_plain]
        columns[item.key] = _typed(values, item)
        events += [_Event(position, item.key, raw[item.key][position], result) for position, result in found if item.own]
    _keep_notes(columns, events)
    return frame.assign(**columns), events


def _keep_notes(columns: dict[str, Any], events: Iterable[_Event]) -> None:
    """What stood in brackets beside a number goes to the row's own note, behind what is there."""
    if "note" in columns:
        for event in events:
            if not event.result.code and (said := event.result.facts.get("note")):
                before = columns["note"][event.position]
                columns["note"][event.position] = f"{before}; {said}" if before else said


def _convert_column(values: Sequence[Any], convert: Converter) -> list[Converted]:
    """Convert each distinct cell once. Text keys stand alone; other cells are keyed with their type, for 1 == True."""
    seen: dict[Hashable, Converted] = {}
    results = []
    for value in values:
        key = value if value.__class__ is str else (value.__class__, value)
        result = seen.get(key)
        if result is None:
            result = seen[key] = convert(value)
        results.append(result)
    return results


def _convert_figures(values: Sequence[Any], ids: Sequence[Any], project: Project) -> tuple[list[Any], list[str], list[tuple[int, Converted]]]:
    """Figures are read by the indicator of their row: whole or not, and which words may follow the number."""
    nothing = {fold(word): (name, item.counts_as_zero) for name, item in project.form.nothing.items() for word in (item.label, *item.aliases)}
    results: list[Converted] = [Converted()] * len(values)
    by_id: dict[Any, list[int]] = {}
    for position, written in enumerate(ids):
        by_id.setdefault(written, []).append(position)
    for written, positions in by_id.items():
        indicator = project.plan.indicator.get(shown(written).strip())
        convert = partial(to_number, whole=indicator.whole if indicator else False, measure=indicator.measure if indicator else "", nothing=nothing)
        for position, result in zip(positions, _convert_column([values[position] for position in positions], convert), strict=True):
            results[position] = result
    events = [(position, result) for position, result in enumerate(results) if not result.is_plain]
    return [result.value for result in results], [result.nothing for result in results], events


def _converter(item: Field, form: Form, period: Period) -> Converter:
    if item.type == "date":
        return partial(to_date, period=period, in_window=item.window)
    if item.type in ("whole", "number"):
        nothing = _zero_words(form) if item.minimum == 0 and not item.required else None
        return partial(to_number, whole=item.type == "whole", nothing=nothing)
    if item.type == "choice":
        return partial(to_choice, choices=choice_index(form.choices[item.choices]))
    return to_text


def _zero_words(form: Form) -> dict[str, tuple[str, bool]]:
    """The words that say “none” in a count that may be zero."""
    return {fold(word): (name, True) for name, item in form.nothing.items() if item.counts_as_zero for word in (item.label, *item.aliases)}


def _typed(values: Iterable[Any], item: Field) -> Any:
    if item.type == "date":
        return np.array(list(values), dtype="datetime64[D]").astype("datetime64[s]")
    if item.type in ("whole", "number", "figure"):
        return np.array([np.nan if value is None else value for value in values], dtype="float64")
    return np.array([None if value is None else str(value) for value in values], dtype=object)
