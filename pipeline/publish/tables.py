"""The data behind the workbook, as CSV: UTF-8 with BOM, ISO dates, plain numbers.

No program takes its texts for a formula. A table too long for a sheet of the workbook stands beside its CSV once more,
as Parquet.
"""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.declare.project import Project
from pipeline.declare.todo import parts_of_key, problem_key
from pipeline.values.cells import shown
from pipeline.values.forms import Change, Reading
from pipeline.values.frames import RowsOfForms
from pipeline.values.lines import FigureLine
from pipeline.values.problems import Problem
from pipeline.values.states import CRITERIA
from pipeline.values.tally import Tally
from pipeline.words.quotes import shortened

_CHUNK = 20_000  # rows at a time, so that a long table is never held twice
_LONGEST_CELL = 32_767  # of a spreadsheet, in letters
_ROOM_EACH = 1_000  # of a row that is longer
_RISKY = frozenset("=+-@\t\r\n")
_SPLIT = re.compile(r'[;\t\r\n][\s"]*[=+\-@]?')  # where a program that knows no comma begins another cell


def rows_table(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Accepted rows with their fields and where they stand."""
    return frame[["unit_id", "file", "sheet", "row", *keys]].sort_values(["unit_id", "file", "row"], kind="stable")


def figures_table(grid: pd.DataFrame) -> pd.DataFrame:
    """Every figure that is owed or was given, with its place, and the codes of what is asked about it."""
    return grid[list(FigureLine._fields)]


def rejected_table(
    rejected: pd.DataFrame, readings: Sequence[Reading], frames: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Rows that are in no total, each with its cells as written, by field key.

    Where they are longer together than a cell of a spreadsheet can be, the long ones are shortened.
    Of a table in which nothing was changed the cells stand in `frames`.
    """
    cells, rows = [], {table: RowsOfForms(frame) for table, frame in frames.items()}
    for doc, table, row in zip(rejected["doc"], rejected["table"], rejected["row"], strict=True):
        found = readings[doc].tables[table]
        cells.append(_as_written(found.keys, rows[table].written(found, doc, row)))
    table = rejected.assign(cells=cells)[["unit_id", "file", "sheet", "row", "codes", "cells"]]
    return table.sort_values(["unit_id", "file", "sheet", "row"], kind="stable")


def _as_written(keys: Sequence[str], raw: Sequence[object]) -> str:
    cells = {key: shown(value) for key, value in zip(keys, raw, strict=True) if shown(value)}
    written = json.dumps(cells, ensure_ascii=False)
    if len(written) <= _LONGEST_CELL:
        return written
    return json.dumps({key: shortened(text, _ROOM_EACH) for key, text in cells.items()}, ensure_ascii=False)


def problems_table(
    problems: Sequence[Problem], messages: Sequence[str], replies: Mapping[str, Mapping[str, str]], project: Project
) -> pd.DataFrame:
    """Every problem with its severity, its whole sentence, and what the unit replied to it.

    `replies` are by unit, and of each unit by the key of the problem.
    """
    columns = ["code", "severity", "unit_id", "file", "sheet", "cell", "field", "value", "message", "reply"]
    lines = [
        (
            problem.code,
            project.catalogue.severity(problem.code),
            problem.unit_id,
            problem.file,
            problem.sheet,
            problem.cell,
            problem.field,
            problem.value,
            message,
            replies.get(problem.unit_id, {}).get(problem_key(problem), ""),
        )
        for problem, message in zip(problems, messages, strict=True)
    ]
    return pd.DataFrame(lines, columns=columns)


def changes_table(changes: Sequence[Change]) -> pd.DataFrame:
    """Every value that is used other than as written."""
    columns = ["unit_id", "file", "sheet", "cell", "field", "raw", "used", "rule"]
    return pd.DataFrame(list(map(attrgetter(*columns), changes)), columns=columns)


def replies_table(readings: Iterable[Reading]) -> pd.DataFrame:
    """Every answer that units gave in their to-do sheets, those to settled questions too, in the order they came.

    A marked copy repeats the answers given before: the same one stands once, with the file that gave it first.
    """
    columns = ["unit_id", "code", "cell", "answer", "file", "sheet", "field"]
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for reading in readings:
        for key, answer in reading.replies.items():
            code, sheet, cell, field = parts_of_key(key)
            line = (reading.replied_by, code, cell, answer, reading.file, sheet, field)
            found.setdefault((reading.replied_by, key, answer), line)
    return pd.DataFrame(list(found.values()), columns=columns)


def scoring_table(tally: Tally) -> pd.DataFrame:
    """The year so far by unit and its points; a criterion that does not apply to a unit is blank."""
    lines = []
    for unit_id, score in tally.scores.items():
        mine = tally.standings[unit_id]
        line = {
            "unit_id": unit_id,
            "tasks_done": mine.done,
            "tasks_due": mine.due,
            "forms_online": " ".join(mine.online),
            "forms_traditional": " ".join(mine.traditional),
            "periods_on_time": len(mine.periods("on-time")),
            "periods": len(mine.filed),
            "proofs": mine.proofs,
            **{f"points_{name.replace('-', '_')}": score.points.get(name, "") for name in CRITERIA},
            "points": score.total,
            "points_of": score.whole,
        }
        lines.append(line)
    return pd.DataFrame(lines)


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], most_rows: int) -> list[Path]:
    """Write each frame to `<name>.csv`, a long one also to `<name>.parquet`; returns the paths in order.

    Long is one of more than `most_rows`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in tables.items():
        path = folder / f"{name}.csv"
        _write_csv(path, frame)
        paths.append(path)
        if len(frame) > most_rows:
            from pipeline.publish.parquet import write_parquet

            paths.append(path.with_suffix(".parquet"))
            write_parquet(paths[-1], frame)
    return paths


def _write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write one frame: line breaks of both kinds within a value are quoted.

    What no file can hold (lone surrogates) is replaced, not refused.
    """
    with path.open("w", encoding="utf-8", errors="replace", newline="") as handle:
        handle.write("\ufeff")
        # What stands in the line end is what the writer quotes, in Python 3.11: it has to know of both signs, though
        # rows end with one.
        writer = csv.writer(SimpleNamespace(write=lambda line: handle.write(f"{line[:-2]}\n")), lineterminator="\r\n")
        writer.writerow(frame.columns)
        for start in range(0, len(frame), _CHUNK):
            part = frame.iloc[start : start + _CHUNK]
            writer.writerows(zip(*(_values(column) for _, column in part.items()), strict=True))


def _values(column: "pd.Series[Any]") -> list[Any]:
    """The values of a column as the file shows them: an apostrophe before text that a spreadsheet would run.

    Numbers stay untouched.
    """
    if pd.api.types.is_bool_dtype(column):
        return ["yes" if value else "no" for value in column]
    if pd.api.types.is_datetime64_any_dtype(column):
        return [text.replace("NaT", "") for text in np.datetime_as_string(column.to_numpy(), unit="D").tolist()]
    if pd.api.types.is_float_dtype(column):
        return ["" if isnan(value) else f"{value:.15g}" for value in column.to_numpy("float64").tolist()]
    return _harmless(column.to_numpy(object, na_value="").tolist())


def _harmless(values: Sequence[Any]) -> list[Any]:
    shown = {text: harmless(text) for text in {value for value in values if isinstance(value, str)}}
    return [shown[value] if isinstance(value, str) else value for value in values]


def harmless(text: str) -> str:
    """The text as our CSVs hold it: no formula, at its beginning or behind a sign at which some program splits it."""
    if text[:1] in _RISKY or (text[:1] == '"' and text.lstrip('"')[:1] in _RISKY):
        text = f"'{text}"
    return _SPLIT.sub(_behind_apostrophe, text)


def _behind_apostrophe(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}'{found[0][-1]}" if found[0][-1] in "=+-@" else found[0]
