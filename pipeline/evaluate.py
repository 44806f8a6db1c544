"""One period from readings to figures: every stage once, in order. Opens no file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from types import MappingProxyType

import pandas as pd

from pipeline.convert.tables import Tables, build_tables
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.figures.doubt import mark_questioned
from pipeline.figures.grid import build_grid
from pipeline.figures.totals import count_forms, total_figures
from pipeline.judge.case import Case, nothing_units
from pipeline.judge.completeness import judge_completeness
from pipeline.judge.conserve import balance_cells, balance_rows
from pipeline.judge.foretold import foretell
from pipeline.judge.revisions import list_revised
from pipeline.judge.row_rules import check_rows, find_doubles
from pipeline.judge.rows import changes_in_use, settle
from pipeline.judge.rules import cross_check
from pipeline.judge.schema import validate
from pipeline.judge.telling import Told, tell, tell_questions, tell_rows, told_together, unanswered
from pipeline.judge.version_slips import weigh_versions, with_slips
from pipeline.judge.versions import choose_versions
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.settlement import Settlement, SortedRows, Versions
from pipeline.reading.batch import Batch, all_readings, make_batch
from pipeline.values.forms import Change, Reading
from pipeline.values.frames import rows_where
from pipeline.values.problems import Problem

NOTHING_PROVED: Mapping[tuple[str, str], Period] = MappingProxyType({})
_MOST_ROWS = 50_000  # whose cells are judged at once: most of what is found in wrong rows is held only until it is told


def settle_forms(batches: Sequence[Batch], project: Project, period: Period, leave_samples_out: bool) -> Settlement:
    """Lay the batches together, choose versions, validate, settle rows, and lay out the figures of one period."""
    readings = all_readings(batches)
    tables = _tables(batches, readings, project, period)
    weighed = weigh_versions(readings, tables.frames, project, leave_samples_out)
    tables = replace(tables, frames=weighed.frames)
    chosen = choose_versions(readings, tables.frames, project, leave_samples_out)
    versions = with_slips(chosen, weighed.questions)
    frames, unread = _in_force(tables, versions, readings)
    of_rows = _tell_rows(unread, frames, versions, readings, project, period)
    rows = settle(frames, versions.chains, of_rows.said, readings, project)
    units = project.register.reporting_on(period.date_to)
    grid, nothing_changes = _grid(rows, frames, units, versions, readings, project)
    heard = (reading for reading in readings if not (leave_samples_out and reading.is_sample))
    of_files = (problem for reading in heard for problem in reading.problems)
    told = tell(of_files, versions.problems, of_rows, rows.problems, frames, project)
    used = changes_in_use(tables.changes, rows, of_rows.said, project)
    revised = list_revised(readings, versions, tables.frames, project)
    logged = (line for reading in readings for line in reading.logged)
    changes = (*_of_files([*used, *nothing_changes, *logged], versions, readings), *revised)
    cards = tables.frames["card"]
    return Settlement(period, units, readings, versions, rows, frames, cards, grid, told.said, told.silent, changes)


def settle_alone(batches: Sequence[Batch], project: Project, period: Period, leave_samples_out: bool) -> Settlement:
    """A period of another year: settled, its books proved, its figures marked where they were asked about."""
    item = _asked_anew(settle_forms(batches, project, period, leave_samples_out), {}, project)
    balance_rows(item, project)
    balance_cells(item, (*item.problems, *item.silent), project)
    return item


def _tables(batches: Sequence[Batch], readings: Sequence[Reading], project: Project, period: Period) -> Tables:
    parts = batches or [make_batch((), project, period.code)]
    starts = accumulate((len(batch.readings) for batch in parts), initial=0)
    return build_tables([batch.cells for batch in parts], list(starts)[:-1], readings, project)


def _in_force(
    tables: Tables, versions: Versions, readings: Sequence[Reading]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The rows and problems of the forms in force; what another version has replaced is not held against anybody."""
    files = {readings[doc].file for doc in versions.in_force}
    kept = {
        name: rows_where(frame, frame["doc"].isin(versions.in_force)).reset_index(drop=True)
        for name, frame in tables.frames.items()
    }
    return kept, [problem for problem in tables.problems if problem.file in files]


def _tell_rows(
    converted: Sequence[Problem],
    frames: Mapping[str, pd.DataFrame],
    versions: Versions,
    readings: Sequence[Reading],
    project: Project,
    period: Period,
) -> Told:
    """What single rows show; some forms at a time where rows are very many, for most of what is found stays unsaid."""
    unread = _by_file([*converted, *check_rows(frames, readings, project)])
    doubled = _by_file(find_doubles(frames, versions.chains, readings, project))
    told = []
    for docs in _shares(frames, versions.in_force):
        mine = {name: rows_where(frame, frame["doc"].isin(docs)) for name, frame in frames.items()}
        refused = validate(mine, readings, project, period)
        files = [readings[doc].file for doc in docs]
        cells, doubles = ([item for file in files for item in known.get(file, ())] for known in (unread, doubled))
        told.append(tell_rows(cells, refused, doubles, mine, readings, project))
    return told_together(told)


def _by_file(problems: Iterable[Problem]) -> Mapping[str, Sequence[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.file, []).append(problem)
    return found


def _shares(frames: Mapping[str, pd.DataFrame], docs: Sequence[int]) -> Iterator[Sequence[int]]:
    """The forms in their order, as many at a time as have `_MOST_ROWS` together; one alone where it has more."""
    rows = Counter[int]()
    for frame in frames.values():
        rows.update(frame["doc"].value_counts().to_dict())
    share: list[int] = []
    held = 0
    for doc in docs:
        if share and held + rows[doc] > _MOST_ROWS:
            yield share
            share, held = [], 0
        share.append(doc)
        held += rows[doc]
    yield share


def _grid(
    rows: SortedRows,
    frames: Mapping[str, pd.DataFrame],
    units: Sequence[Unit],
    versions: Versions,
    readings: Sequence[Reading],
    project: Project,
) -> tuple[pd.DataFrame, list[Change]]:
    accepted, blocked = rows.accepted["figures"], rows.blocked["figures"]
    said_nothing = nothing_units(frames["card"], versions.chains, project)
    return build_grid(accepted, frames["figures"], blocked, units, versions.chains, said_nothing, readings, project)


def _of_files(changes: Iterable[Change], versions: Versions, readings: Sequence[Reading]) -> tuple[Change, ...]:
    """The changes in forms that are in force."""
    in_force = {readings[doc].file for doc in versions.in_force}
    return tuple(change for change in changes if change.file in in_force)


def evaluate(
    mine: Settlement,
    project: Project,
    others: Mapping[str, Settlement],
    proved: Mapping[tuple[str, str], Period] = NOTHING_PROVED,
) -> Evaluation:
    """Judge a settled period: completeness, questions, doubt, totals, and the proof that nothing was lost.

    `proved`: unit and carried task that a period which is not among the others proves done.
    """
    case = Case(project, mine, others, proved)
    completeness = judge_completeness(case)
    told = tell_questions(Told(mine.problems, mine.silent), cross_check(case, completeness))
    told = foretell(told, case, completeness)
    balance_cells(mine, (*told.said, *told.silent), project)
    for other in others.values():
        balance_rows(other, project)
        balance_cells(other, (*other.problems, *other.silent), project)
    others = _marked(mine.period, others, project)
    problems = _in_order(told.said, mine.readings, project)
    mine = _with_doubt(mine, (*problems, *told.silent), project)
    return Evaluation(
        settlement=mine,
        others=others,
        completeness=completeness,
        totals=total_figures(mine.grid, {code: other.grid for code, other in others.items()}, mine.period, project),
        forms=count_forms(mine.rows.accepted["activities"], project),
        balance=balance_rows(mine, project),
        problems=problems,
        silent=told.silent,
        open_problems=unanswered(problems, mine.versions, mine.readings),
    )


def _marked(period: Period, others: Mapping[str, Settlement], project: Project) -> dict[str, Settlement]:
    """The other periods, those that this one adds up or stands beside with what is still asked about their figures.

    Asked anew, by the rules of their own runs: what a unit was asked in June and never mended is as doubtful today.
    """
    wanted = {*period.cumulative, period.previous}
    return {code: _asked_anew(item, others, project) if code in wanted else item for code, item in others.items()}


def _asked_anew(item: Settlement, others: Mapping[str, Settlement], project: Project) -> Settlement:
    earlier = {code: other for code, other in others.items() if other.period.date_to < item.period.date_to}
    case = Case(project, item, earlier)
    asked = cross_check(case, judge_completeness(case))
    return _with_doubt(item, (*item.problems, *item.silent, *asked), project)


def _with_doubt(item: Settlement, problems: Iterable[Problem], project: Project) -> Settlement:
    """The period with its figures marked; what was asked of a form that another one has replaced is settled."""
    in_force = {item.readings[doc].file for doc in item.versions.in_force}
    asked = _with_owners((problem for problem in problems if problem.file in in_force), item.readings)
    return replace(item, grid=mark_questioned(item.grid, asked, project))


def _in_order(problems: Iterable[Problem], readings: Sequence[Reading], project: Project) -> tuple[Problem, ...]:
    """Most serious first, then by unit in the order of the register, by file and by form.

    A problem that names no unit is that of its file; those of nobody known come last among their like.
    """
    return tuple(sorted(_with_owners(problems, readings), key=_place_among(readings, project)))


def _with_owners(problems: Iterable[Problem], readings: Sequence[Reading]) -> Iterator[Problem]:
    owner = {reading.file: reading.unit_id for reading in readings}
    return (problem if problem.unit_id else replace(problem, unit_id=owner[problem.file]) for problem in problems)


def _place_among(readings: Sequence[Reading], project: Project) -> Callable[[Problem], tuple[int, ...]]:
    severities = {name: rank for rank, name in enumerate(project.catalogue.severities)}
    units = {unit.unit_id: rank for rank, unit in enumerate(project.register.units)}
    sheets = {name: rank for rank, name in enumerate(project.form.sheets)}
    files = {reading.file: rank for rank, reading in enumerate(readings)}

    def place(problem: Problem) -> tuple[int, ...]:
        severity = severities[project.catalogue.severity(problem.code)]
        unit, sheet = units.get(problem.unit_id, len(units)), sheets.get(problem.table, len(sheets))
        return severity, unit, files[problem.file], sheet, problem.row

    return place
