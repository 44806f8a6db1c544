"""Settle every filled row of the forms in force: accepted into its table, or rejected with the reason.

In: typed frames, chains of readings in force, problems so far. Out: one accepted frame a table with provenance, and one
frame of rejected rows. Rows in = accepted + rejected, for each table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.declare.form import Sheet
from pipeline.declare.project import Project
from pipeline.judged.settlement import SortedRows
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import Change, Reading, problem_at
from pipeline.values.frames import rows_where, tuples
from pipeline.values.problems import Problem
from pipeline.words.names import fold

SET_ASIDE = ("total-row", "not-held", "row-superseded", "row-unanswered")  # notes, but their rows belong to no total


def settle(
    frames: Mapping[str, pd.DataFrame],
    chains: Mapping[str, tuple[int, ...]],
    problems: Iterable[Problem],
    readings: Sequence[Reading],
    project: Project,
) -> SortedRows:
    """Split the filled rows of the forms in force into accepted and rejected."""
    codes = _rejecting_codes(problems, project)
    in_force = ranks(chains)
    accepted, rejected, blocked = {}, [], {}
    notes: list[Problem] = []
    for table, sheet in project.form.tables.items():
        frame = rows_where(frames[table], frames[table]["filled"] & frames[table]["doc"].isin(in_force))
        why, told = _why_out(frame, sheet, codes, chains, readings)
        notes += told
        is_out = why != ""
        accepted[table] = frame[~is_out]
        out = frame.loc[is_out, ["doc", "unit_id", "file", "sheet", "row"]]
        rejected.append(out.assign(table=table, codes=why[is_out]))
        blocked[table] = frozenset(_subjects(frame[is_out & ~why.isin(SET_ASIDE)], sheet, readings, project))
    return SortedRows(accepted, pd.concat(rejected, ignore_index=True), blocked, tuple(notes))


def changes_in_use(
    changes: Iterable[Change], settled: SortedRows, problems: Iterable[Problem], project: Project
) -> list[Change]:
    """Without the changes of cells that count nowhere, because they or their rows were not accepted."""
    rejected = set(settled.rejected[["file", "sheet", "row"]].itertuples(index=False, name=None))
    refused = {
        (problem.file, problem.sheet, problem.cell)
        for problem in problems
        if project.catalogue.severity(problem.code) == "block-row" or problem.code == "control-odd"
    }
    return [
        item
        for item in changes
        if (item.file, item.sheet, item.row) not in rejected and (item.file, item.sheet, item.cell) not in refused
    ]


def _why_out(
    frame: pd.DataFrame,
    sheet: Sheet,
    codes: Mapping[tuple[str, str, int], str],
    chains: Mapping[str, tuple[int, ...]],
    readings: Sequence[Reading],
) -> "tuple[pd.Series[Any], list[Problem]]":
    """The codes that reject each row, empty for most, and the notes on those that another version displaces."""
    why = _reasons(frame, sheet.id, codes, readings)
    found = list(_displacements(frame[why == ""], sheet, chains, readings)) if sheet.shape == "fixed" else []
    why.loc[[index for index, _ in found]] = [note.code for _, note in found]
    return why, [note for _, note in found]


def _reasons(
    frame: pd.DataFrame, table: str, codes: Mapping[tuple[str, str, int], str], readings: Sequence[Reading]
) -> "pd.Series[Any]":
    """The codes that were found to reject each row."""
    why = pd.Series("", index=frame.index, dtype=object)
    files = {file for file, name, _ in codes if name == table}
    suspects = frame.loc[
        frame["doc"].isin([doc for doc, reading in enumerate(readings) if reading.file in files]), ["file", "row"]
    ]
    why.loc[suspects.index] = [codes.get((file, table, row), "") for file, row in tuples(suspects, "file", "row")]
    return why


def _subjects(
    rows: pd.DataFrame, sheet: Sheet, readings: Sequence[Reading], project: Project
) -> Iterator[tuple[str, str]]:
    """Unit and task or indicator of each row: by the id in it, and in a fixed row by the title printed there too."""
    is_fixed = sheet.shape == "fixed"
    key = sheet.row_key if is_fixed else next((item.key for item in sheet.fields if item.choices == "@tasks"), "")
    if not key:
        return
    names = project.row_names[sheet.id if is_fixed else "tasks"]
    for unit_id, doc, number, name in tuples(rows, "unit_id", "doc", "row", key):
        written = [name, _title(readings[doc], sheet.id, number)] if is_fixed else [name]
        known = {names[fold(text)] for text in written if not pd.isna(text) and fold(text) in names}
        yield from ((unit_id, name) for name in known or {""})


def ranks(chains: Mapping[str, tuple[int, ...]]) -> dict[int, int]:
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


def _displacements(
    frame: pd.DataFrame, sheet: Sheet, chains: Mapping[str, tuple[int, ...]], readings: Sequence[Reading]
) -> Iterator[tuple[int, Problem]]:
    """The rows of a fixed table whose task or indicator another version answers, or fills again, each with its note.

    A row that only adds a remark displaces no answer.
    """
    same = ["unit_id", sheet.row_key]
    rows = frame[frame.duplicated(same, keep=False)]
    marked = rows.assign(rank=rows["doc"].map(ranks(chains)), answers=sheet.holds(rows["held"], sheet.answer_key))
    order = marked.sort_values(["answers", "rank"], kind="stable")
    displaced = order[order.duplicated(same, keep="last")]
    kept = order.groupby(same, sort=False)["rank"].transform("last")
    is_newer = displaced["rank"] > kept.loc[displaced.index]
    for index, adds, (doc, number) in zip(displaced.index, is_newer, tuples(displaced, "doc", "row"), strict=True):
        reading = readings[doc]
        note = _unanswered(reading, number, sheet) if adds else _superseded(reading, number, sheet.id, chains, readings)
        yield index, note


def _unanswered(reading: Reading, number: int, sheet: Sheet) -> Problem:
    found = reading.tables[sheet.id]
    said = {key: shown(found.raw(key, number)) for key in sheet.own_keys if not is_blank(found.raw(key, number))}
    label = sheet.by_key[sheet.answer_key].label
    return problem_at(
        reading,
        sheet.id,
        next(iter(said)),
        number,
        "row-unanswered",
        "; ".join(said.values()),
        answer=label,
    )


def _superseded(
    reading: Reading, number: int, table: str, chains: Mapping[str, tuple[int, ...]], readings: Sequence[Reading]
) -> Problem:
    newest = readings[chains[reading.unit_id][-1]].file
    return problem_at(reading, table, reading.tables[table].keys[0], number, "row-superseded", newest)


def _title(reading: Reading, table: str, number: int) -> str:
    """The printed title of a row, which is the second column of a fixed table."""
    found = reading.tables[table]
    return shown(found.raw(found.keys[1], number))
