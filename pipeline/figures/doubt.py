"""Which figures stand in a total though something is still asked about them, and which totals do not agree.

In: the figure grid and the questions of a period. Out: the grid with the codes of what is asked about each figure; the
equalities of the plan that fail in the total. A value that was left out is a gap, not a doubt.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from pipeline.declare.plan import FigureCheck
from pipeline.declare.project import Project
from pipeline.figures.partial import exact_sum
from pipeline.values.cells import is_missing
from pipeline.values.frames import tuples
from pipeline.values.problems import Problem
from pipeline.values.tally import DIGITS, Imbalance, UnitImbalance

EQUAL = "equal"
_Figure = tuple[str, str]  # unit id and indicator id


def mark_questioned(grid: pd.DataFrame, problems: Iterable[Problem], project: Project) -> pd.DataFrame:
    """The grid with `questioned`: the codes of the questions about a figure that has a value all the same.

    A question is about a figure when it stands at its cell, or when the rule behind it names its indicator
    (`Problem.about`). One that is silent because another speaks counts like one that is said: it is no less true.
    """
    by_cell: dict[tuple[str, str, str], list[str]] = {}
    by_name: dict[_Figure, list[str]] = {}
    for problem in problems:
        if project.catalogue.severity(problem.code) == "question":
            by_cell.setdefault((problem.file, problem.sheet, problem.cell), []).append(problem.code)
            for name in problem.about:
                by_name.setdefault((problem.unit_id, name), []).append(problem.code)
    files, units = {file for file, *_ in by_cell}, {unit_id for unit_id, _ in by_name}
    asked = grid[(grid["file"].isin(files) | grid["unit_id"].isin(units)) & grid["value"].notna()]  # a gap is no doubt
    marked = grid.assign(questioned="")
    marked.loc[asked.index, "questioned"] = [
        _codes((*by_cell.get((file, sheet, cell), ()), *by_name.get((unit_id, name), ())))
        for unit_id, name, file, sheet, cell in tuples(asked, "unit_id", "indicator_id", "file", "sheet", "cell")
    ]
    return marked


def _codes(codes: Sequence[str]) -> str:
    return " ".join(sorted(set(codes))) if codes else ""


def find_imbalances(grid: pd.DataFrame, project: Project) -> tuple[Imbalance, ...]:
    """The equalities of the plan that the total breaks, each with the units that make the difference.

    A gap adds nothing to a total, so it makes a difference as a wrong number does; the differences of the units add up
    to that of the total. Of an indicator that nobody gave there is no total to compare.
    """
    checks = [check for check in project.plan.checks if check.rule == EQUAL]
    wanted = {name for check in checks for name in (*check.left, *check.right)}
    figures, gaps = _given_and_owed(grid[grid["indicator_id"].isin(wanted)])
    found = (_imbalance(check, figures, gaps) for check in checks)
    return tuple(item for item in found if item)


def _given_and_owed(lines: pd.DataFrame) -> tuple[dict[str, dict[str, float]], dict[str, list[str]]]:
    """By unit: its figures by indicator, and the indicators that it owes and has not given."""
    figures: dict[str, dict[str, float]] = {}
    gaps: dict[str, list[str]] = {}
    for unit_id, name, value, is_owed in tuples(lines, "unit_id", "indicator_id", "value", "is_expected"):
        if not is_missing(value):
            figures.setdefault(unit_id, {})[name] = value
        elif is_owed:
            gaps.setdefault(unit_id, []).append(name)
    return figures, gaps


def _imbalance(
    check: FigureCheck, figures: Mapping[str, Mapping[str, float]], gaps: Mapping[str, Sequence[str]]
) -> Imbalance | None:
    given = {name for mine in figures.values() for name in mine}
    if not given.issuperset((*check.left, *check.right)):
        return None
    sides = {unit_id: (_side(mine, check.left), _side(mine, check.right)) for unit_id, mine in figures.items()}
    left = sum((mine for mine, _ in sides.values()), Fraction(0))
    right = sum((other for _, other in sides.values()), Fraction(0))
    if not round(float(left - right), DIGITS):
        return None
    units = tuple(
        UnitImbalance(unit_id, float(mine), float(other), _among(gaps.get(unit_id, ()), check))
        for unit_id, (mine, other) in sides.items()
        if round(float(mine - other), DIGITS)
    )
    return Imbalance(check.left, check.right, check.why, float(left), float(right), units)


def _among(names: Iterable[str], check: FigureCheck) -> tuple[str, ...]:
    return tuple(name for name in (*check.left, *check.right) if name in set(names))


def _side(figures: Mapping[str, float], names: Iterable[str]) -> Fraction:
    return Fraction(exact_sum([figures[name] for name in names if name in figures]))
