"""One period from folder to figures: every stage once, in order. Reads files, writes none."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.convert.tables import convert_forms
from pipeline.declare.plan import Period
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Arrival, Change, Reading
from pipeline.declare.register import Unit
from pipeline.figures.grid import build_grid
from pipeline.figures.rates import Rate, rates_by_task, rates_by_unit
from pipeline.figures.totals import count_forms, total_figures
from pipeline.intake.gather import gather
from pipeline.intake.submission import read_submission, read_submissions
from pipeline.judge.case import Case, Earlier, nothing_units
from pipeline.judge.completeness import judge_completeness
from pipeline.judge.conserve import balance_cells, balance_rows
from pipeline.judge.rows import Settled, check_rows, settle
from pipeline.judge.rules import cross_check
from pipeline.judge.schema import validate
from pipeline.judge.versions import Versions, choose_versions

Progress = Callable[[str], None]

_ABOUT_A_WHOLE_SHEET = ("copied-forward", "same-as-other-unit")  # their cell is only where the sheet begins


@dataclass(frozen=True)
class Evaluation:
    """Everything known about one period."""

    period: Period
    units: tuple[Unit, ...]
    readings: tuple[Reading, ...]
    versions: Versions
    settled: Settled
    cards: pd.DataFrame
    grid: pd.DataFrame
    completeness: pd.DataFrame
    totals: pd.DataFrame
    forms: pd.DataFrame
    by_task: tuple[Rate, ...]
    by_unit: tuple[Rate, ...]
    balance: pd.DataFrame
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    others: Mapping[str, "Evaluation"] = field(default_factory=dict)

    @property
    def uses_samples(self) -> bool:
        """Whether any sample form stands behind these figures, cumulative ones included."""
        mine = any(self.readings[doc].is_sample for doc in self.versions.in_force)
        return mine or any(other.uses_samples for other in self.others.values())


def read_one(arrival: Arrival, project: Project, period: Period) -> Reading:
    """Read one file by itself."""
    return read_submission(arrival, project, period)


def read_folder(folder: Path, project: Project, period: Period, progress: Progress = lambda file: None, workers: int = 1) -> tuple[Reading, ...]:
    """Read every file of a period's folder; the number of workers changes the time, never the result."""
    arrivals = gather(folder, project.plan.zone)

    def read(part: Sequence[Arrival]) -> list[Reading]:
        readings = []
        for reading in read_submissions(part, project, period):
            readings.append(reading)
            progress(reading.file)
        return readings

    size = max(1, -(-len(arrivals) // workers))
    parts = [arrivals[start : start + size] for start in range(0, len(arrivals), size)]
    with ThreadPoolExecutor(workers) as pool:  # each part has a reading process of its own; the threads only wait for them
        return tuple(reading for part in pool.map(read, parts) for reading in part)


def holds_real_forms(readings: Sequence[Reading]) -> bool:
    """Whether an unmarked form is among them; sample forms are then left out everywhere."""
    return any(reading.is_form and not reading.is_sample for reading in readings)


def evaluate(readings: tuple[Reading, ...], project: Project, period: Period, others: Mapping[str, Evaluation], leave_samples_out: bool) -> Evaluation:
    """Convert, validate, settle, add up and judge the readings of one period. `others`: the periods it refers to."""
    units = project.register.reporting_on(period.date_to)
    forms = [doc for doc, reading in enumerate(readings) if reading.is_form and not _is_kept_out(reading, project)]
    tables = convert_forms([readings[doc] for doc in forms], project, period)
    places = np.array(forms, dtype="int64")
    frames = {name: frame.assign(doc=places[frame["doc"].to_numpy()]) for name, frame in tables.frames.items()}
    cards = frames["card"]
    versions = choose_versions(readings, cards, project, leave_samples_out)
    frames, converted = _in_force(frames, tables.problems, versions, readings)
    frames, found = check_rows(frames, versions.chains, readings, project)
    cell_problems = [*converted, *found]
    cell_problems += validate(frames, readings, cell_problems, project, period)
    settled = settle(frames, versions.chains, cell_problems, readings, project)
    said_nothing = nothing_units(frames["card"], versions.chains, project)
    offered = frames["figures"][frames["figures"]["doc"].isin(versions.in_force)]
    grid, more_changes = build_grid(settled.accepted["figures"], offered, settled.blocked["figures"], units, versions.chains, said_nothing, readings, project)
    earlier = {code: Earlier(other.period, other.settled.accepted["tasks"], other.grid) for code, other in others.items()}
    case = Case(project, period, readings, units, versions.chains, frames["card"], frames, settled.accepted, settled.blocked, grid, earlier)
    completeness = judge_completeness(case)
    file_problems = [problem for reading in readings for problem in reading.problems]
    problems = _told_once([*file_problems, *versions.problems, *cell_problems, *settled.problems], cross_check(case, completeness))
    in_force = {readings[doc].file for doc in versions.in_force}
    balance_cells(readings, settled, problems, project)
    return Evaluation(
        period=period,
        units=units,
        readings=readings,
        versions=versions,
        settled=settled,
        cards=cards,
        grid=grid,
        completeness=completeness,
        totals=total_figures(grid, {code: other.grid for code, other in others.items()}, period, project),
        forms=count_forms(settled.accepted["activities"], project),
        by_task=rates_by_task(completeness, project),
        by_unit=rates_by_unit(completeness),
        balance=balance_rows(readings, versions, settled, project),
        problems=_in_order(problems, readings, project),
        changes=tuple(change for change in (*tables.changes, *more_changes) if change.file in in_force),
        others=others,
    )


def _is_kept_out(reading: Reading, project: Project) -> bool:
    """Whether a problem of the whole file keeps it out, so that its cells are nobody's concern."""
    return any(project.catalogue.severity(problem.code) == "block-file" for problem in reading.problems)


def _in_force(
    frames: Mapping[str, pd.DataFrame], problems: Sequence[Problem], versions: Versions, readings: Sequence[Reading]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The rows and problems of the forms in force; what another version has replaced is not held against anybody."""
    files = {readings[doc].file for doc in versions.in_force}
    kept = {name: frame[frame["doc"].isin(versions.in_force)].reset_index(drop=True) for name, frame in frames.items()}
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
    """By file, most serious first, then in the order of the form."""
    ranks = {name: rank for rank, name in enumerate(("block-file", "block-row", "question", "note"))}
    sheets = {name: rank for rank, name in enumerate(project.form.sheets)}
    files = {reading.file: rank for rank, reading in enumerate(readings)}
    named = {reading.file: reading.unit_id for reading in readings}
    complete = [problem if problem.unit_id else replace(problem, unit_id=named.get(problem.file, "")) for problem in problems]
    return tuple(
        sorted(complete, key=lambda problem: (files[problem.file], ranks[project.catalogue.severity(problem.code)], sheets.get(problem.table, 99), problem.row))
    )
