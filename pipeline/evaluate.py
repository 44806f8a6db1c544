"""One period from readings to figures: every stage once, in order. Opens no file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import pandas as pd

from pipeline.convert.tables import Tables, build_tables
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.figures.grid import build_grid
from pipeline.figures.totals import count_forms, total_figures
from pipeline.judge.case import Case, Earlier, nothing_units
from pipeline.judge.completeness import judge_completeness
from pipeline.judge.conserve import balance_cells, balance_rows
from pipeline.judge.rows import Settled, changes_in_use, check_rows, find_doubles, settle
from pipeline.judge.rules import cross_check
from pipeline.judge.schema import validate
from pipeline.judge.submissions import unanswered
from pipeline.judge.telling import told_by_row, told_by_run
from pipeline.judge.versions import Versions, choose_versions
from pipeline.reading.batch import Batch, all_readings, make_batch
from pipeline.values.forms import Change, Reading
from pipeline.values.frames import rows_where
from pipeline.values.problems import Problem

_ABOUT_A_WHOLE_SHEET = ("copied-forward", "same-as-other-unit")  # their cell is only where the sheet begins


@dataclass(frozen=True)
class Settlement:
    """One period's forms taken apart: which are in force, which rows count, which figures stand. Not yet judged."""

    period: Period
    units: tuple[Unit, ...]
    readings: tuple[Reading, ...]
    versions: Versions
    settled: Settled
    frames: Mapping[str, pd.DataFrame]
    cards: pd.DataFrame
    grid: pd.DataFrame
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]

    @property
    def uses_samples(self) -> bool:
        """Whether any sample form is in force."""
        return any(self.readings[doc].is_sample for doc in self.versions.in_force)


@dataclass(frozen=True)
class Evaluation:
    """Everything known about one period; `others` are the periods that it adds up or is compared with."""

    settlement: Settlement
    others: Mapping[str, Settlement]
    completeness: pd.DataFrame
    totals: pd.DataFrame
    forms: pd.DataFrame
    balance: pd.DataFrame
    problems: tuple[Problem, ...]

    @property
    def period(self) -> Period:
        return self.settlement.period

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.settlement.units

    @property
    def readings(self) -> tuple[Reading, ...]:
        return self.settlement.readings

    @property
    def versions(self) -> Versions:
        return self.settlement.versions

    @property
    def settled(self) -> Settled:
        return self.settlement.settled

    @property
    def cards(self) -> pd.DataFrame:
        return self.settlement.cards

    @property
    def grid(self) -> pd.DataFrame:
        return self.settlement.grid

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.settlement.changes

    @cached_property
    def open_problems(self) -> list[Problem]:
        """Those that units still have to hear of."""
        return unanswered(self.problems, self.versions, self.readings)

    @property
    def uses_samples(self) -> bool:
        """Whether sample forms stand behind these figures, cumulative ones included."""
        return self.settlement.uses_samples or any(other.uses_samples for other in self.others.values())


def settle_forms(batches: Sequence[Batch], project: Project, period: Period, leave_samples_out: bool) -> Settlement:
    """Lay the batches together, choose versions, validate, settle rows, and lay out the figures of one period."""
    readings = all_readings(batches)
    tables = _tables(batches, readings, project, period)
    frames, cards = tables.frames, tables.frames["card"]
    versions = choose_versions(readings, frames, project, leave_samples_out)
    frames, converted = _in_force(frames, tables.problems, versions, readings)
    problems = [*converted, *check_rows(frames, readings, project)]
    problems += validate(frames, readings, problems, project, period)
    problems += find_doubles(frames, versions.chains, problems, readings, project)
    problems = told_by_row(problems, frames, readings, project)
    settled = settle(frames, versions.chains, problems, readings, project)
    units = project.register.reporting_on(period.date_to)
    said_nothing = nothing_units(frames["card"], versions.chains, project)
    grid, more_changes = build_grid(
        settled.accepted["figures"],
        frames["figures"],
        settled.blocked["figures"],
        units,
        versions.chains,
        said_nothing,
        readings,
        project,
    )
    in_force = {readings[doc].file for doc in versions.in_force}
    comments = (line for reading in readings for line in reading.comments)
    changes = tuple(
        change
        for change in (*changes_in_use(tables.changes, settled, problems, project), *more_changes, *comments)
        if change.file in in_force
    )
    heard = (reading for reading in readings if not (leave_samples_out and reading.is_sample))
    of_files = [problem for reading in heard for problem in reading.problems]
    known = (*of_files, *versions.problems, *told_by_run(problems, frames, project), *settled.problems)
    return Settlement(period, units, readings, versions, settled, frames, cards, grid, known, changes)


def _tables(batches: Sequence[Batch], readings: Sequence[Reading], project: Project, period: Period) -> Tables:
    parts = batches or [make_batch((), project, period.code)]
    starts = accumulate((len(batch.readings) for batch in parts), initial=0)
    return build_tables([batch.cells for batch in parts], list(starts)[:-1], readings, project)


def evaluate(mine: Settlement, project: Project, others: Mapping[str, Settlement]) -> Evaluation:
    """Judge a settled period: completeness, questions, totals, and the proof that nothing was lost."""
    period, readings, settled, grid = mine.period, mine.readings, mine.settled, mine.grid
    earlier = {code: Earlier(other.period, other.settled.accepted, other.grid) for code, other in others.items()}
    case = Case(
        project,
        period,
        readings,
        mine.units,
        mine.versions.chains,
        mine.frames["card"],
        mine.frames,
        settled.accepted,
        settled.blocked,
        grid,
        earlier,
    )
    completeness = judge_completeness(case)
    problems = _told_once(list(mine.problems), cross_check(case, completeness))
    balance_cells(readings, settled, problems, project)
    return Evaluation(
        settlement=mine,
        others=others,
        completeness=completeness,
        totals=total_figures(grid, {code: other.grid for code, other in others.items()}, period, project),
        forms=count_forms(settled.accepted["activities"], project),
        balance=balance_rows(readings, mine.versions, settled, project),
        problems=_in_order(problems, readings, project),
    )


def _in_force(
    frames: Mapping[str, pd.DataFrame], problems: Sequence[Problem], versions: Versions, readings: Sequence[Reading]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The rows and problems of the forms in force; what another version has replaced is not held against anybody."""
    files = {readings[doc].file for doc in versions.in_force}
    kept = {
        name: rows_where(frame, frame["doc"].isin(versions.in_force)).reset_index(drop=True)
        for name, frame in frames.items()
    }
    return kept, [problem for problem in problems if problem.file in files]


def _told_once(known: list[Problem], asked: list[Problem]) -> list[Problem]:
    """A cell that cannot be read or accepted is not asked about again, and one cell is asked about once."""
    taken = {_place(problem) for problem in known}
    told = list(known)
    for problem in asked:
        place = _place(problem)
        if problem.code in _ABOUT_A_WHOLE_SHEET or place is None or place not in taken:
            told.append(problem)
        if problem.code not in _ABOUT_A_WHOLE_SHEET:
            taken.add(place)
    return told


def _place(problem: Problem) -> tuple[str, str, str, int] | None:
    """The cell of a problem, if it is about one that stands on the form."""
    has_cell = problem.field and (problem.row or problem.table == "card")
    return (problem.file, problem.table, problem.field, problem.row) if has_cell else None


def _in_order(problems: list[Problem], readings: Sequence[Reading], project: Project) -> tuple[Problem, ...]:
    """Most serious first, then by unit in the order of the register (those of nobody known last), by file, and in the order of the form."""
    ranks = {name: rank for rank, name in enumerate(project.catalogue.severities)}
    units = {unit.unit_id: rank for rank, unit in enumerate(project.register.units)}
    sheets = {name: rank for rank, name in enumerate(project.form.sheets)}
    files = {reading.file: rank for rank, reading in enumerate(readings)}
    named = {reading.file: reading.unit_id for reading in readings}
    complete = [
        problem if problem.unit_id else replace(problem, unit_id=named.get(problem.file, "")) for problem in problems
    ]

    def place(problem: Problem) -> tuple[int, ...]:
        severity = ranks[project.catalogue.severity(problem.code)]
        return (
            severity,
            units.get(problem.unit_id, len(units)),
            files[problem.file],
            sheets.get(problem.table, len(sheets)),
            problem.row,
        )

    return tuple(sorted(complete, key=place))
