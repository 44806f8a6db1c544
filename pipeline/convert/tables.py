"""Lay the converted cells of many batches below each other: one typed frame a sheet, with provenance.

A frame has the columns `doc` (position of the reading), `unit_id`, `file`, `sheet`, `row` (Excel row), `filled`,
`held`, then the fields: text and choices as str or None, dates as datetime64, numbers as float64; for figures also
`nothing`. `held` has one bit for each of the unit's own fields, set where its cell is not blank, whether or not it
came to a value (see `Sheet.holds`).
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from pipeline.convert.columns import Cells, Columns
from pipeline.convert.kinds import NO_DATE
from pipeline.declare.form import Sheet
from pipeline.declare.kinds import Held
from pipeline.declare.project import Project
from pipeline.values.forms import Change, Reading
from pipeline.values.problems import Problem

_EPOCH = 719_163  # 01/01/1970 in days from 01/01/0001


@dataclass(frozen=True)
class Tables:
    """Typed frames by sheet id (the card among them), with what could not be converted and what was changed."""

    frames: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


def build_tables(
    parts: Sequence[Cells], starts: Sequence[int], readings: Sequence[Reading], project: Project
) -> Tables:
    """The frames of all parts; `starts` says where the readings of each part begin among all `readings`."""
    frames = {
        sheet.id: _frame([part.sheets[sheet.id] for part in parts], starts, readings, sheet)
        for sheet in project.form.sheets.values()
    }
    problems = tuple(problem for part in parts for problem in part.problems)
    return Tables(frames, problems, tuple(change for part in parts for change in part.changes))


def _frame(
    columns: Sequence[Columns], starts: Sequence[int], readings: Sequence[Reading], sheet: Sheet
) -> pd.DataFrame:
    values = {key: _values(columns, key, sheet) for key in (columns[0].values if columns else ())}
    provenance = _provenance(columns, starts, readings, sheet)
    return pd.DataFrame({**provenance, "held": _held(columns, values, sheet), **values})


def _provenance(
    columns: Sequence[Columns], starts: Sequence[int], readings: Sequence[Reading], sheet: Sheet
) -> dict[str, Any]:
    """Where each row comes from, and whether its unit wrote in it."""
    placed = zip(columns, starts, strict=True)
    docs = _joined([np.frombuffer(found.docs, "int64") + start for found, start in placed], "int64")

    def of_reading(ask: Callable[[Reading], str]) -> "pd.Series[Any]":
        return _column(_objects([ask(reading) for reading in readings])[docs])

    return {
        "doc": docs,
        "unit_id": of_reading(lambda reading: reading.unit_id),
        "file": of_reading(lambda reading: reading.file),
        "sheet": of_reading(lambda reading: _sheet_name(reading, sheet)),
        "row": _joined([np.frombuffer(found.rows, "int64") for found in columns], "int64"),
        "filled": np.fromiter(chain.from_iterable(found.filled for found in columns), bool, len(docs)),
    }


def _sheet_name(reading: Reading, sheet: Sheet) -> str:
    if sheet.shape == "card":
        return reading.card_sheet
    return reading.tables[sheet.id].sheet if sheet.id in reading.tables else ""


def _values(columns: Sequence[Columns], key: str, sheet: Sheet) -> Any:
    holds: Held = sheet.by_key[key].kind.holds if key in sheet.by_key else "text"
    return _JOINS[holds]([found.values[key] for found in columns])


def _texts(parts: Sequence[Sequence[str | None]]) -> Any:
    return _column(_objects(list(chain.from_iterable(parts))))


def _numbers(parts: "Sequence[array[float]]") -> Any:
    return _joined([np.frombuffer(part, "float64") for part in parts], "float64")


def _days(parts: "Sequence[array[int]]") -> Any:
    days = _joined([np.frombuffer(part, "int32") for part in parts], "int64")
    dates = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[s]")
    dates[days == NO_DATE] = np.datetime64("NaT")
    return dates


_JOINS: Mapping[Held, Callable[[Sequence[Any]], Any]] = {"text": _texts, "number": _numbers, "day": _days}


def _held(columns: Sequence[Columns], values: Mapping[str, Any], sheet: Sheet) -> Any:
    """The bits of the cells that are not blank: those with a value, and those that came to none."""
    held = np.zeros(sum(len(found.docs) for found in columns), dtype="int64")
    for place, key in enumerate(sheet.own_keys):
        held |= np.asarray(pd.notna(values[key]), dtype="int64") << place
    start = 0
    for found in columns:
        for position, key in found.unvalued:
            held[start + position] |= 1 << sheet.own_keys.index(key)
        start += len(found.docs)
    return held


def _joined(parts: Sequence[Any], dtype: str) -> Any:
    return np.concatenate(parts, dtype=dtype, casting="unsafe") if parts else np.empty(0, dtype)


def _objects(values: Sequence[object]) -> Any:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _column(values: Any) -> "pd.Series[Any]":
    """Text stays as the objects that it is: `None` where the cell is blank."""
    return pd.Series(values, dtype=object)
