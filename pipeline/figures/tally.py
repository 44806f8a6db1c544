"""Everything that outputs count, counted once: states, filings, main figures, requests, problems, files, rows.

In: one judged period as frames and values. Out: a `Tally`. Nothing here is worded, rounded or cut short.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import nlargest
from math import fsum, nan
from typing import TypeVar

import pandas as pd

from pipeline.declare.plan import FOLLOWED, JUDGED
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.figures.doubt import find_imbalances
from pipeline.figures.findings import find_findings
from pipeline.figures.own_plans import find_own_plans
from pipeline.figures.rates import count_rates
from pipeline.figures.standings import count_standings, score
from pipeline.judged.evaluation import Evaluation
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import DifferenceLine, RequestLine, TaskLine, TotalLine, UnitLine
from pipeline.values.problems import Problem
from pipeline.values.states import (
    BOTH_GIVEN,
    FILINGS,
    OBLIGATIONS,
    OWED,
    SEVERITIES,
    UNFILED,
    UNFILED_AS,
    Cause,
    Filing,
    Unfiled,
)
from pipeline.values.tally import (
    DIGITS,
    Areas,
    ByCause,
    Counts,
    Differing,
    Files,
    Filings,
    Ids,
    Led,
    MainFigure,
    Problems,
    Requests,
    Rows,
    Tally,
)
from pipeline.words.names import fold

_MOST_LEADERS = 3
_MOST_NAMED = 3  # units with a figure in both periods
K = TypeVar("K")


def make_tally(
    judged: Evaluation,
    project: Project,
    filings: pd.DataFrame,
    submissions: pd.DataFrame,
    before: pd.DataFrame | None,
    differences: pd.DataFrame,
) -> Tally:
    """Count everything.

    `before`: the totals of the period before; `differences`: of the units from it, most first.
    """
    mine, by_task_and_unit = judged.settlement, list(rows_as(TaskLine, judged.completeness))
    grid, accepted = mine.grid, mine.rows.accepted
    tasks, rated = count_tasks(by_task_and_unit, project), _states_of(by_task_and_unit, JUDGED)
    units, scoring = count_units(by_task_and_unit, mine.units), project.plan.scoring
    filed, imbalances = count_filings(list(rows_as(UnitLine, filings))), find_imbalances(grid, project)
    standings = count_standings(judged, units, filed, project)
    return Tally(
        tasks=tasks,
        units=units,
        in_grid=_states_of(by_task_and_unit, OBLIGATIONS),
        led=_states_of(by_task_and_unit, OWED),
        judged=rated,
        followed=_states_of(by_task_and_unit, FOLLOWED),
        filings=filed,
        main=count_main(judged.totals, before, grid, mine.units, project),
        differing=split_differences(differences, project.plan.outputs.most_names),
        imbalances=imbalances,
        gaps=find_gaps(grid),
        unexpected=count_unexpected(grid),
        requests=group_requests(accepted["requests"], project),
        areas=count_areas(accepted["activities"], project),
        problems=count_problems(judged.problems, project),
        files=count_files(submissions, judged),
        rows=count_rows(judged.balance),
        own_plans=find_own_plans(judged, project),
        rates=count_rates(judged, project),
        standings=standings,
        scores={name: score(item, scoring) for name, item in standings.items()} if scoring.is_shown else {},
        findings=find_findings(filed, tasks, rated, rows_as(TotalLine, judged.totals), grid, imbalances),
    )


def count_files(submissions: pd.DataFrame, judged: Evaluation) -> Files:
    """How many files lay in the folder, how many of them no book mentions; samples set aside in all periods."""
    periods = (judged.settlement, *judged.others.values())
    set_aside = sum(decision.is_set_aside for settled in periods for decision in settled.versions.decisions)
    return Files(len(submissions), int((submissions["is_booked"] == "no").sum()), set_aside)


def _states_of(completeness: Iterable[TaskLine], obligations: Collection[str]) -> Counts:
    """How many lines of the grid are in each state, of those with one of these obligations."""
    return Counts(Counter(line.state for line in completeness if line.obligation in obligations))


def count_tasks(completeness: Iterable[TaskLine], project: Project) -> Mapping[str, Led]:
    """For each task of the plan, the units that lead it."""
    pairs = ((line.task_id, line.unit_id, line) for line in completeness)
    return _led(pairs, [task.id for task in project.plan.tasks])


def count_units(completeness: Iterable[TaskLine], units: Iterable[Unit]) -> Mapping[str, Led]:
    """For each unit, the tasks that it leads."""
    pairs = ((line.unit_id, line.task_id, line) for line in completeness)
    return _led(pairs, [unit.unit_id for unit in units])


def _led(pairs: Iterable[tuple[str, str, TaskLine]], keys: Iterable[str]) -> dict[str, Led]:
    """By the first name of each pair (all of `keys`), the second ones in their states."""
    found: dict[str, list[tuple[str, TaskLine]]] = {key: [] for key in keys}
    for key, name, line in pairs:
        if line.obligation != "not-lead":
            found[key].append((name, line))
    return {key: _in_states(mine) for key, mine in found.items()}


def _in_states(mine: Sequence[tuple[str, TaskLine]]) -> Led:
    return Led(
        by_state=_grouped((line.state, name) for name, line in mine),
        judged=_grouped((line.state, name) for name, line in mine if line.obligation in JUDGED),
        proved=_grouped((line.proved_in, name) for name, line in mine if line.state == "missing" and line.proved_in),
    )


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, Ids]:
    """The second of each pair, by the first, in the order given."""
    found: dict[K, list[str]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def count_filings(filings: Sequence[UnitLine]) -> Filings:
    """Who has filed, and what came of the others."""
    ids = _grouped((line.filing, line.unit_id) for line in filings)
    out = [line for line in filings if line.filing in UNFILED_AS]
    return Filings(
        of={line.unit_id: line.filing for line in filings},
        on_time=ids.get("on-time", ()),
        late=ids.get("late", ()),
        unusable=ids.get("unusable", ()),
        missing=ids.get("missing", ()),
        not_due=ids.get("not-due", ()),
        unfiled=_count_unfiled(out),
        sent_back=tuple(line.unit_id for line in out if line.verdict == "returned"),
        to_mend=tuple(line.unit_id for line in filings if line.blocked or line.verdict == "returned"),
        asked=tuple(line.unit_id for line in filings if line.questions),
        older_form=tuple(line.unit_id for line in filings if line.older_form),
        by_kind=_count_by_kind(filings),
    )


def _count_unfiled(out: Iterable[UnitLine]) -> Mapping[Unfiled, Ids]:
    """The units of which no form can be used by what came of them, in the order of the words for it."""
    found = _grouped((_kind_of_unfiled(line), line.unit_id) for line in out)
    return {kind: found[kind] for kind in UNFILED if kind in found}


def _count_by_kind(filings: Iterable[UnitLine]) -> Mapping[str, Mapping[Filing, int]]:
    kinds = _grouped((line.kind, line.filing) for line in filings)
    return {kind: {filing: mine.count(filing) for filing in FILINGS} for kind, mine in kinds.items()}


def _kind_of_unfiled(line: UnitLine) -> Unfiled:
    """What came of a unit of which no form can be used."""
    if line.signed_only:
        return "signed-only"
    return "returned" if line.verdict == "returned" else "silent"


def count_main(
    totals: pd.DataFrame, before: pd.DataFrame | None, grid: pd.DataFrame, units: Sequence[Unit], project: Project
) -> tuple[MainFigure, ...]:
    """The main indicators in the order of the plan."""
    main = {item.id for item in project.plan.indicators if item.main}
    given = _given(grid[grid["indicator_id"].isin(main) & grid["value"].notna()])
    earlier = {} if before is None else dict(tuples(before, "indicator_id", "this_period"))
    kinds = {unit.unit_id: unit.kind for unit in units}
    return tuple(
        _main_figure(line, earlier.get(line.indicator_id, nan), given.get(line.indicator_id, ()), kinds)
        for line in rows_as(TotalLine, totals)
        if line.indicator_id in main
    )


def _given(grid: pd.DataFrame) -> Mapping[str, Sequence[tuple[str, float]]]:
    """By indicator, the units that gave a figure, and the figure."""
    found: dict[str, list[tuple[str, float]]] = {}
    for indicator_id, unit_id, value in tuples(grid, "indicator_id", "unit_id", "value"):
        found.setdefault(indicator_id, []).append((unit_id, value))
    return found


def _main_figure(
    total: TotalLine, before: float, given: Sequence[tuple[str, float]], kinds: Mapping[str, str]
) -> MainFigure:
    """`given`: units with their figures; `kinds`: the kind of each unit that reports."""
    sums = {
        kind: fsum(value for unit_id, value in given if kinds.get(unit_id) == kind)
        for kind in dict.fromkeys(kinds.values())
    }
    most = nlargest(_MOST_LEADERS, (item for item in given if item[1] > 0), key=lambda item: item[1])
    return MainFigure(total, before, sums, tuple(most))


def split_differences(differences: pd.DataFrame, most_names: int) -> Mapping[str, ByCause]:
    """By indicator and cause the units that differ, most first; of those with a figure in both few are named."""
    is_moved = (differences["difference"].round(DIGITS) != 0) | (differences["shift"].round(DIGITS) != 0)
    found: dict[str, dict[Cause, list[DifferenceLine]]] = {}
    for line in rows_as(DifferenceLine, differences[is_moved]):
        found.setdefault(line.indicator_id, {}).setdefault(line.cause, []).append(line)
    return {
        name: {
            cause: _differing(lines, _MOST_NAMED if cause in BOTH_GIVEN else most_names)
            for cause, lines in mine.items()
        }
        for name, mine in found.items()
    }


def _differing(lines: Sequence[DifferenceLine], most: int) -> Differing:
    named, others = lines[:most], lines[most:]
    added = fsum(line.difference for line in others)
    return Differing(tuple(named), len(others), added, fsum(line.difference for line in lines))


def find_gaps(grid: pd.DataFrame) -> Mapping[str, Mapping[str, Ids]]:
    """For each indicator, the units that owe it and gave no number, by kind of nothing."""
    found: dict[str, list[tuple[str, str]]] = {}
    owed = grid[grid["is_expected"] & grid["value"].isna()]
    for indicator_id, kind, unit_id in tuples(owed, "indicator_id", "kind_of_nothing", "unit_id"):
        found.setdefault(indicator_id, []).append((kind, unit_id))
    return {indicator_id: _grouped(pairs) for indicator_id, pairs in found.items()}


def count_unexpected(grid: pd.DataFrame) -> Mapping[str, int]:
    """For each indicator, how many units gave a number that they do not owe."""
    return Counter(grid.loc[~grid["is_expected"] & grid["value"].notna(), "indicator_id"].tolist())


def group_requests(accepted: pd.DataFrame, project: Project) -> Requests:
    """What units wrote of limits, causes, solutions and wishes, in the order of the register."""
    places = {unit.unit_id: place for place, unit in enumerate(project.register.units)}
    by_kind: dict[str, list[RequestLine]] = {choice.label: [] for choice in project.form.choices["request_kind"]}
    for line in sorted(rows_as(RequestLine, accepted), key=lambda line: (places[line.unit_id], line.row)):
        by_kind.setdefault(line.kind, []).append(line)
    asked = by_kind[project.form.label("request_kind", "request")]
    by_file = sorted(asked, key=lambda line: (places[line.unit_id], line.file))
    return Requests({kind: tuple(mine) for kind, mine in by_kind.items() if mine}, _by_body(by_file))


def _by_body(asked: Iterable[RequestLine]) -> Mapping[str, Mapping[str, Ids]]:
    """By body asked, then by words: the units that ask; bodies and words as whoever comes first wrote them."""
    bodies: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    grouped: dict[str, list[tuple[str, str]]] = {}
    for line in asked:
        written = line.addressed_to if isinstance(line.addressed_to, str) else ""
        body = bodies.setdefault(fold(written), written)
        content = words.setdefault((body, " ".join(line.content.split())), line.content)
        grouped.setdefault(body, []).append((content, line.unit_id))
    in_order = sorted(grouped.items(), key=lambda item: item[0] == "")
    return {body: _grouped(dict.fromkeys(wishes)) for body, wishes in in_order}


def count_areas(activities: pd.DataFrame, project: Project) -> Areas:
    """The accepted activities by content area, reposts left out."""
    own = activities.loc[activities["repost_of"].isna(), "content_area"]
    counts: Mapping[str, int] = Counter(own.dropna().tolist())
    labels = [choice.label for choice in project.form.choices["content_area"]]
    return Areas(len(own), {label: counts.get(label, 0) for label in labels}, int(own.isna().sum()))


def count_problems(problems: Iterable[Problem], project: Project) -> Problems:
    """All problems by severity and code."""
    severity = project.catalogue.severity
    counts = Counter(problem.code for problem in problems)
    blocked = Counter(problem.file for problem in problems if severity(problem.code) == "block-row")
    return Problems(
        {name: {code: counts[code] for code in sorted(counts) if severity(code) == name} for name in SEVERITIES},
        blocked,
    )


def count_rows(balance: pd.DataFrame) -> Rows:
    """The rows of all forms in force."""
    read, accepted, rejected, aside = (
        int(balance[name].sum()) for name in ("rows_read", "rows_accepted", "rows_rejected", "rows_set_aside")
    )
    return Rows(read, accepted, rejected, aside)
