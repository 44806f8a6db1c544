"""The data behind the workbook, as CSV: UTF-8 with BOM, ISO dates, plain numbers, text that no program takes for a formula.

A table too long for a sheet of the workbook stands beside its CSV once more, as Parquet.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Change, Reading, shown
from pipeline.declare.todo import problem_key

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows_table(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Accepted rows with their fields and where they stand."""
    return frame[["unit_id", "file", "sheet", "row", *keys]].sort_values(["unit_id", "file", "row"], kind="stable")


def figures_table(grid: pd.DataFrame) -> pd.DataFrame:
    """Every figure that is owed or was given, with its place."""
    return grid[["unit_id", "indicator_id", "value", "kind_of_nothing", "file", "sheet", "cell"]]


def rejected_table(rejected: pd.DataFrame, readings: Sequence[Reading]) -> pd.DataFrame:
    """Rows that are in no total, each with its raw cells by field key."""
    cells = []
    for doc, table, row in zip(rejected["doc"], rejected["table"], rejected["row"], strict=True):
        found = readings[doc].tables[table]
        raw = zip(found.keys, found.rows[found.place[row]], strict=True)
        cells.append(json.dumps({key: shown(value) for key, value in raw if shown(value)}, ensure_ascii=False))
    table = rejected.assign(cells=cells)[["unit_id", "file", "sheet", "row", "codes", "cells"]]
    return table.sort_values(["unit_id", "file", "sheet", "row"], kind="stable")


def problems_table(problems: Sequence[Problem], messages: Sequence[str], replies: Mapping[str, Mapping[str, str]], project: Project) -> pd.DataFrame:
    """Every problem with its severity, its whole sentence, and what the unit replied to it (`replies`: by unit and problem key)."""
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
    return pd.DataFrame([tuple(getattr(change, name) for name in columns) for change in changes], columns=columns)


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], most_rows: int) -> list[Path]:
    """Write each frame to `<name>.csv`, one of more than `most_rows` also to `<name>.parquet`; returns the paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in tables.items():
        path = folder / f"{name}.csv"
        safe = frame.apply(_column)
        safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n", na_rep="")
        paths.append(path)
        if len(frame) > most_rows:
            from pipeline.publish.parquet import write_parquet

            paths.append(path.with_suffix(".parquet"))
            write_parquet(paths[-1], frame)
    return paths


def _column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "yes", False: "no"})
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_float_dtype(column):
        return column.map(lambda value: "" if pd.isna(value) else f"{value:.15g}").astype(object)
    if pd.api.types.is_integer_dtype(column):
        return column
    return column.map(_text, na_action="ignore").astype(object)


def _text(value: object) -> object:
    """An apostrophe before text that a spreadsheet would run; numbers are never touched."""
    if not isinstance(value, str):
        return value
    text = value.encode("utf-8", "replace").decode("utf-8")
    return f"'{text}" if text.startswith(_RISKY) else text
