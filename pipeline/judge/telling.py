"""Say once what one row is about, and what many rows are about that are filled alike.

A row that is none of the form's, that is nothing like an activity, or that lacks several cells, is told in one sentence, not in one a cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.declare.form import Field
from pipeline.declare.project import Project
from pipeline.judge.schema import REQUIRED
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import Reading, problem_at
from pipeline.values.frames import written_row
from pipeline.values.problems import Problem

UNREADABLE = "row-unreadable"
UNKNOWN = "row-unknown"
_FEW = 2  # blanks that are told one by one, each at its cell; a heading between the rows has more


_Place = tuple[str, str, int]  # file, table, Excel row


def told_by_row(
    problems: Iterable[Problem], frames: Mapping[str, pd.DataFrame], readings: Sequence[Reading], project: Project
) -> list[Problem]:
    """The same problems, those of one row put together where they say the same thing about it."""
    listed = list(problems)
    by_file = {reading.file: doc for doc, reading in enumerate(readings)}
    joined = {
        place: _joined(mine, frames[place[1]], by_file[place[0]], readings, project)
        for place, mine in _by_row(listed).items()
        if place[2] and len(mine) > 1
    }
    return [
        *(problem for problem in listed if _place(problem) not in joined),
        *(problem for mine in joined.values() for problem in mine),
    ]


def told_by_run(problems: Iterable[Problem], frames: Mapping[str, pd.DataFrame], project: Project) -> list[Problem]:
    """The same problems, once for rows one below the other that are filled alike and wrong as a whole: somebody filled a column down."""
    listed = list(problems)
    single = {
        place: mine[0]
        for place, mine in _by_row(listed).items()
        if place[2] and len(mine) == 1 and project.catalogue.is_about_rows(mine[0].code)
    }
    filled_down = {
        place
        for table in sorted({table for _, table, _ in single})
        for place in _filled_down(frames[table], table, single, project)
    }
    head: dict[_Place, _Place] = {}  # of each row, the first row of its run
    end: dict[_Place, int] = {}  # of each first row, the last of its run
    for place in sorted(single):
        above = (place[0], place[1], place[2] - 1)
        is_more = place in filled_down and above in head and _says(single[above]) == _says(single[place])
        head[place] = head[above] if is_more else place
        end[head[place]] = place[2]
    heads = [problem for problem in listed if head.get(_place(problem), _place(problem)) == _place(problem)]
    return [_of_run(problem, end.get(_place(problem), problem.row), project) for problem in heads]


def _of_run(problem: Problem, last: int, project: Project) -> Problem:
    if last == problem.row:
        return problem
    return replace(problem, facts={**problem.facts, "rows": project.catalogue.rows_in_words(problem.row, last)})


def _place(problem: Problem) -> _Place:
    return problem.file, problem.table, problem.row


def _by_row(problems: Iterable[Problem]) -> dict[_Place, list[Problem]]:
    rows: dict[_Place, list[Problem]] = {}
    for problem in problems:
        rows.setdefault(_place(problem), []).append(problem)
    return rows


def _says(problem: Problem) -> tuple[object, ...]:
    return problem.code, problem.field, problem.value, problem.facts


def _filled_down(frame: pd.DataFrame, table: str, places: Iterable[_Place], project: Project) -> Iterator[_Place]:
    """The rows whose own cells are those of the row right above."""
    mine = frame[frame["file"].isin({file for file, name, _ in places if name == table})]
    cells = mine[["file", "held", *project.form[table].own_keys]]
    above = cells.shift()
    is_same = ((cells == above) | (cells.isna() & above.isna())).all(axis=1) & (mine["row"] == mine["row"].shift() + 1)
    for file, row in mine.loc[is_same, ["file", "row"]].itertuples(index=False, name=None):
        yield file, table, row


def _joined(
    mine: Sequence[Problem], frame: pd.DataFrame, doc: int, readings: Sequence[Reading], project: Project
) -> list[Problem]:
    """What is said of one row: of one that is none of the form's only that, of an open one its blanks together or that it is nothing like a row."""
    if unknown := [problem for problem in mine if problem.code == UNKNOWN]:
        return unknown
    sheet = project.form.tables[mine[0].table]
    blocking = [problem for problem in mine if project.catalogue.severity(problem.code) == "block-row"]
    if sheet.shape != "open" or len(blocking) < 2:
        return list(mine)
    others = [problem for problem in mine if problem not in blocking]
    wanted = {key for key, item in sheet.by_key.items() if item.required}
    if wanted <= {problem.field for problem in blocking}:
        return [*others, _unreadable(blocking, frame, doc, readings[doc])]
    missing = [problem for problem in blocking if problem.code == REQUIRED]
    if len(missing) <= _FEW:
        return list(mine)
    return [*(problem for problem in mine if problem.code != REQUIRED), _missing(missing, sheet.by_key)]


def _unreadable(mine: Sequence[Problem], frame: pd.DataFrame, doc: int, reading: Reading) -> Problem:
    """No cell that an activity needs could be read: a signature, a heading, a note below the table."""
    found = reading.tables[mine[0].table]
    filled = {
        key: value
        for key, value in zip(found.keys, written_row(found, frame, doc, mine[0].row), strict=True)
        if key in found.columns and not is_blank(value)
    }
    first = next((problem for problem in mine if problem.code != REQUIRED), mine[0])
    return problem_at(
        reading, first.table, first.field, first.row, UNREADABLE, "; ".join(shown(value) for value in filled.values())
    )


def _missing(problems: Sequence[Problem], fields: Mapping[str, Field]) -> Problem:
    order = list(fields)
    first, *rest = sorted(problems, key=lambda problem: order.index(problem.field))
    labels = "”, “".join(fields[problem.field].label for problem in (first, *rest))
    return replace(first, facts={**first.facts, "label": labels, "expected": "đủ các ô này"})
