"""Settle every filled row of the forms in force: accepted into its table, or rejected with the reason.

In: typed frames, chains of readings in force, problems so far. Out: one accepted frame a table with provenance, and one
frame of rejected rows. Rows in = accepted + rejected, for each table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.declare.form import Sheet
from pipeline.declare.project import Project
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import Change, Reading, problem_at
from pipeline.values.frames import rows_where
from pipeline.values.problems import Problem
from pipeline.words.names import fold
from pipeline.words.numbers import number_text

_TOTAL_WORDS = ("tong cong", "tong so", "cong", "tong")
SET_ASIDE = ("total-row", "row-superseded", "row-unanswered")  # notes, but their rows belong to no total


@dataclass(frozen=True)
class SortedRows:
    """Accepted rows by table; rejected rows of all tables with `codes`; the problems found in settling.

    `blocked` tells by table which tasks or indicators (unit id, id) the blocked rows were about; the id is empty where that cannot be told.
    """

    accepted: Mapping[str, pd.DataFrame]
    rejected: pd.DataFrame
    blocked: Mapping[str, frozenset[tuple[str, str]]]
    problems: tuple[Problem, ...]


def check_rows(frames: Mapping[str, pd.DataFrame], readings: Sequence[Reading], project: Project) -> list[Problem]:
    """Find rows that are unknown, unfinished or mere sums, and fixed rows of which there are two."""
    problems: list[Problem] = []
    for table in project.row_names:
        problems += _misnamed(frames[table], table, readings, project)
    problems += _statuses(frames["tasks"], readings, project)
    problems += _totals(frames["activities"], readings)
    return problems


def find_doubles(
    frames: Mapping[str, pd.DataFrame],
    chains: Mapping[str, tuple[int, ...]],
    readings: Sequence[Reading],
    project: Project,
) -> list[Problem]:
    """Open rows that a unit wrote twice."""
    open_tables = {table: sheet for table, sheet in project.form.tables.items() if sheet.shape == "open"}
    found = (
        _doubles(frames[table], table, sheet.own_keys, _ranks(chains), readings) for table, sheet in open_tables.items()
    )
    return [problem for problems in found for problem in problems]


def settle(
    frames: Mapping[str, pd.DataFrame],
    chains: Mapping[str, tuple[int, ...]],
    problems: Iterable[Problem],
    readings: Sequence[Reading],
    project: Project,
) -> SortedRows:
    """Split the filled rows of the forms in force into accepted and rejected."""
    codes = _rejecting_codes(problems, project)
    ranks = _ranks(chains)
    accepted, rejected, blocked, notes = {}, [], {}, []
    for table, sheet in project.form.tables.items():
        frame = frames[table]
        frame = rows_where(frame, frame["filled"] & frame["doc"].isin(ranks))
        why = _reasons(frame, table, codes, readings)
        if sheet.shape == "fixed":
            for index, is_newer in _displaced(frame[why == ""], sheet, ranks):
                note = (
                    _unanswered(frame.loc[index], sheet, readings)
                    if is_newer
                    else _superseded(frame.loc[index], table, chains, readings)
                )
                why.at[index] = note.code
                notes.append(note)
        is_out = why != ""
        accepted[table] = frame[~is_out]
        rejected.append(
            frame.loc[is_out, ["doc", "unit_id", "file", "sheet", "row"]].assign(table=table, codes=why[is_out])
        )
        blocked[table] = frozenset(_subjects(frame[is_out & ~why.isin(SET_ASIDE)], table, readings, project))
    return SortedRows(accepted, pd.concat(rejected, ignore_index=True), blocked, tuple(notes))


def changes_in_use(
    changes: Iterable[Change], settled: SortedRows, problems: Iterable[Problem], project: Project
) -> list[Change]:
    """Without the changes of cells that count nowhere, because they or their rows were not accepted."""
    rejected = set(settled.rejected[["file", "sheet", "row"]].itertuples(index=False, name=None))
    refused = {
        (problem.file, problem.sheet, problem.cell)
        for problem in problems
        if project.catalogue.severity(problem.code) == "block-row"
    }
    return [
        item
        for item in changes
        if (item.file, item.sheet, item.row) not in rejected and (item.file, item.sheet, item.cell) not in refused
    ]


def _reasons(
    frame: pd.DataFrame, table: str, codes: Mapping[tuple[str, str, int], str], readings: Sequence[Reading]
) -> "pd.Series[Any]":
    """The codes that reject each row, empty for most."""
    why = pd.Series("", index=frame.index, dtype=object)
    files = {file for file, name, _ in codes if name == table}
    suspects = frame.loc[
        frame["doc"].isin([doc for doc, reading in enumerate(readings) if reading.file in files]), ["file", "row"]
    ]
    for index, file, row in suspects.itertuples(name=None):
        why.at[index] = codes.get((file, table, row), "")
    return why


def _subjects(
    rows: pd.DataFrame, table: str, readings: Sequence[Reading], project: Project
) -> Iterator[tuple[str, str]]:
    """Unit and task or indicator of each row: by the id in it, and in a fixed row by the title printed there too."""
    sheet = project.form[table]
    names = project.row_names[table if sheet.shape == "fixed" else "tasks"]
    key = (
        sheet.row_key
        if sheet.shape == "fixed"
        else next((item.key for item in sheet.fields if item.choices == "@tasks"), "")
    )
    for index, unit_id in rows["unit_id"].items() if key else ():
        written = [rows.at[index, key]] + ([_title(rows, index, table, readings)] if sheet.shape == "fixed" else [])
        known = {names[fold(text)] for text in written if not pd.isna(text) and fold(text) in names}
        yield from ((unit_id, name) for name in known or {""})


def _ranks(chains: Mapping[str, tuple[int, ...]]) -> dict[int, int]:
    """The place of each reading in its unit's chain: 0 for the base, then the supplements."""
    return {doc: rank for chain in chains.values() for rank, doc in enumerate(chain)}


def _rejecting_codes(problems: Iterable[Problem], project: Project) -> dict[tuple[str, str, int], str]:
    """Codes by file, table and row, joined where a row has several."""
    codes: dict[tuple[str, str, int], list[str]] = {}
    for problem in problems:
        if problem.row and (problem.code in SET_ASIDE or project.catalogue.severity(problem.code) == "block-row"):
            found = codes.setdefault((problem.file, problem.table, problem.row), [])
            if problem.code not in found:
                found.append(problem.code)
    return {place: " ".join(found) for place, found in codes.items()}


def _displaced(frame: pd.DataFrame, sheet: Sheet, ranks: Mapping[int, int]) -> list[tuple[int, bool]]:
    """Rows whose task or indicator another version answers, or fills again; True where that other version is the older one.

    A row that only adds a remark displaces no answer.
    """
    same = ["unit_id", sheet.row_key]
    rows = frame[frame.duplicated(same, keep=False)]
    order = rows.assign(rank=rows["doc"].map(ranks), answers=sheet.holds(rows["held"], sheet.answer_key)).sort_values(
        ["answers", "rank"], kind="stable"
    )
    displaced = order[order.duplicated(same, keep="last")]
    kept = order.groupby(same, sort=False)["rank"].transform("last")
    return [(index, rank > kept.at[index]) for index, rank in displaced["rank"].items()]


def _unanswered(row: pd.Series, sheet: Sheet, readings: Sequence[Reading]) -> Problem:
    found, number = readings[int(row["doc"])].tables[sheet.id], int(row["row"])
    said = {key: shown(found.raw(key, number)) for key in sheet.own_keys if not is_blank(found.raw(key, number))}
    label = sheet.by_key[sheet.answer_key].label
    return problem_at(
        readings[int(row["doc"])],
        sheet.id,
        next(iter(said)),
        number,
        "row-unanswered",
        "; ".join(said.values()),
        answer=label,
    )


def _superseded(
    row: pd.Series, table: str, chains: Mapping[str, tuple[int, ...]], readings: Sequence[Reading]
) -> Problem:
    reading = readings[int(row["doc"])]
    newest = readings[chains[reading.unit_id][-1]].file
    return problem_at(reading, table, reading.tables[table].keys[0], int(row["row"]), "row-superseded", newest)


def _misnamed(frame: pd.DataFrame, table: str, readings: Sequence[Reading], project: Project) -> list[Problem]:
    """Filled rows of a fixed table that are none of the form's, and those of which there are two: these block each other."""
    key = project.form[table].row_key
    filled = frame[frame["filled"]]
    is_named = filled[key] != ""
    example = project.plan.tasks[0].id if table == "tasks" else project.plan.indicators[0].id
    problems = []
    for index in filled.index[~is_named]:
        found, row = readings[int(frame.at[index, "doc"])].tables[table], int(frame.at[index, "row"])
        place, value = next(
            (name, value) for name, value in zip(found.keys, found.row(row), strict=True) if not is_blank(value)
        )
        problems.append(_at(readings, frame, index, table, place, "row-unknown", value, example=example))
    named = filled[is_named]
    doubled = named[named.duplicated(["doc", key], keep=False)]
    for (_, _), rows in doubled.groupby(["doc", key], sort=False):
        numbers = rows["row"].tolist()
        for index, number in zip(rows.index, numbers, strict=True):
            others = ", ".join(str(other) for other in numbers if other != number)
            problems.append(
                _at(
                    readings,
                    frame,
                    index,
                    table,
                    key,
                    "duplicate-row",
                    others,
                    alike="trùng mã với",
                    effect="chưa tính dòng nào",
                )
            )
    return problems


def _title(frame: pd.DataFrame, index: int, table: str, readings: Sequence[Reading]) -> str:
    """The printed title of a row, which is the second column of a fixed table."""
    found = readings[int(frame.at[index, "doc"])].tables[table]
    return shown(found.raw(found.keys[1], int(frame.at[index, "row"])))


def _statuses(tasks: pd.DataFrame, readings: Sequence[Reading], project: Project) -> list[Problem]:
    """R06: a row that its lead has begun to fill needs a status."""
    is_empty = ~project.form["tasks"].holds(
        tasks["held"], "status"
    )  # a status that could not be read has a problem of its own
    open_rows = tasks[tasks["filled"] & is_empty & (tasks["task_id"] != "")]
    problems = []
    for index, unit_id, task_id in zip(open_rows.index, open_rows["unit_id"], open_rows["task_id"], strict=True):
        unit = project.register.by_id.get(unit_id)
        if unit and project.plan.leads(project.plan.task[task_id], unit):
            problems.append(_at(readings, tasks, index, "tasks", "status", "value-required"))
    return problems


def _totals(activities: pd.DataFrame, readings: Sequence[Reading]) -> list[Problem]:
    """R19: a sum row that the unit added is no activity; its figure is compared with the rows above it."""
    filled = rows_where(activities, activities["filled"])
    texts = filled.loc[filled["date"].isna(), ["stt", "title", "venue"]].fillna("").astype(str)
    found = texts.apply(lambda column: column.map(_is_total)).any(axis=1)
    is_total = filled.index.to_series().isin(found.index[found.astype(bool)])
    problems = []
    for index in filled.index[is_total]:
        mine = filled[
            (filled["doc"] == filled.at[index, "doc"]) & (filled["row"] < filled.at[index, "row"]) & ~is_total
        ]
        key = next(key for key, text in texts.loc[index].items() if _is_total(text))
        problems.append(_at(readings, filled, index, "activities", str(key), "total-row", texts.at[index, key]))
        written, summed = filled.at[index, "quantity"], mine["quantity"].sum()
        if not pd.isna(written) and written != summed:
            problems.append(
                _at(
                    readings,
                    filled,
                    index,
                    "activities",
                    "quantity",
                    "total-mismatch",
                    written,
                    sum=number_text(summed),
                )
            )
    return problems


def _is_total(text: str) -> bool:
    return fold(text).rstrip(" :.") in _TOTAL_WORDS


def _doubles(
    frame: pd.DataFrame,
    table: str,
    keys: Sequence[str],
    ranks: Mapping[int, int],
    readings: Sequence[Reading],
) -> list[Problem]:
    """Rows of one unit that are alike in every own cell: the first counts, in the base before any supplement."""
    filled = rows_where(frame, frame["filled"] & frame["doc"].isin(ranks))
    filled = filled[
        filled.duplicated(["unit_id", *keys[:3]], keep=False)
    ]  # few are alike so far, and only they are looked at whole
    filled = filled.assign(rank=filled["doc"].map(ranks)).sort_values(["unit_id", "rank", "row"], kind="stable")
    same = ["unit_id", *keys]
    doubled = filled[filled.duplicated(same, keep="first")]
    if doubled.empty:
        return []
    first = filled.groupby(same, dropna=False, sort=False)["row"].transform("first")
    return [
        _at(
            readings,
            filled,
            index,
            table,
            keys[0],
            "duplicate-row",
            str(first.at[index]),
            alike="giống hệt",
            effect="chỉ tính một lần",
        )
        for index in doubled.index
    ]


def _at(
    readings: Sequence[Reading],
    frame: pd.DataFrame,
    index: int,
    table: str,
    key: str,
    code: str,
    value: object = "",
    /,
    **facts: str,
) -> Problem:
    return problem_at(
        readings[int(frame.at[index, "doc"])], table, key, int(frame.at[index, "row"]), code, value, **facts
    )
