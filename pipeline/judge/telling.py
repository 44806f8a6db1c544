"""Say once what one row is about: a row that is nothing like an activity, or that lacks several cells, is told in one sentence, not in one a cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.declare.form import Field
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Reading, is_blank, problem_at, shown, written_row
from pipeline.judge.schema import REQUIRED

UNREADABLE = "row-unreadable"
_FEW = 2  # blanks that are told one by one, each at its cell; a heading between the rows has more


def told_by_row(problems: Iterable[Problem], frames: Mapping[str, pd.DataFrame], readings: Sequence[Reading], project: Project) -> list[Problem]:
    """The same problems, those of one row of an open table put together where they say the same thing about it."""
    listed = list(problems)
    open_tables = {name: sheet for name, sheet in project.form.tables.items() if sheet.shape == "open"}
    rows: dict[tuple[str, str, int], list[Problem]] = {}
    for problem in listed:
        if problem.table in open_tables and problem.row and project.catalogue.severity(problem.code) == "block-row":
            rows.setdefault((problem.file, problem.table, problem.row), []).append(problem)
    by_file = {reading.file: doc for doc, reading in enumerate(readings)}
    joined = {place: _joined(mine, frames[place[1]], by_file[place[0]], readings, project) for place, mine in rows.items() if len(mine) > 1}
    kept = [
        problem
        for problem in listed
        if (problem.file, problem.table, problem.row) not in joined or problem not in rows[problem.file, problem.table, problem.row]
    ]
    return [*kept, *(problem for mine in joined.values() for problem in mine)]


def _joined(mine: Sequence[Problem], frame: pd.DataFrame, doc: int, readings: Sequence[Reading], project: Project) -> list[Problem]:
    fields = project.form.tables[mine[0].table].by_key
    wanted = {key for key, item in fields.items() if item.required}
    if wanted <= {problem.field for problem in mine}:
        return [_unreadable(mine, frame, doc, readings[doc])]
    missing = [problem for problem in mine if problem.code == REQUIRED]
    others = [problem for problem in mine if problem.code != REQUIRED]
    return [*others, _missing(missing, fields)] if len(missing) > _FEW else list(mine)


def _unreadable(mine: Sequence[Problem], frame: pd.DataFrame, doc: int, reading: Reading) -> Problem:
    """No cell that an activity needs could be read: a signature, a heading, a note below the table."""
    found = reading.tables[mine[0].table]
    filled = {
        key: value for key, value in zip(found.keys, written_row(found, frame, doc, mine[0].row), strict=True) if key in found.columns and not is_blank(value)
    }
    first = next((problem for problem in mine if problem.code != REQUIRED), mine[0])
    return problem_at(reading, first.table, first.field, first.row, UNREADABLE, "; ".join(shown(value) for value in filled.values()))


def _missing(problems: Sequence[Problem], fields: Mapping[str, Field]) -> Problem:
    order = list(fields)
    first, *rest = sorted(problems, key=lambda problem: order.index(problem.field))
    labels = "”, “".join(fields[problem.field].label for problem in (first, *rest))
    return replace(first, facts={**first.facts, "label": labels, "expected": "đủ các ô này"})
