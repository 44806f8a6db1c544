"""What differs from what was sent: the period as it is judged now beside the newest package, to the last digit.

Figures are compared as the tables hold them, with at most 15 digits, and added up as decimals. So what was sent of a
total and the changes of its figures give the total of now exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any

import pandas as pd

from pipeline import __version__
from pipeline.declare.project import Project
from pipeline.figures.sent_figures import (
    NOWHERE,
    Amount,
    Place,
    amount_of,
    amount_sent,
    figures_then,
    first_edited,
    number,
    plain,
    read_amount,
    sent_figures,
    sums_of,
    table_totals,
)
from pipeline.figures.since_causes import Causes, cause_elsewhere, forms_changed, forms_of, forms_then
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.past import Past
from pipeline.judged.settlement import Settlement
from pipeline.values.frames import tuples
from pipeline.values.lines import SinceLine
from pipeline.values.sent import Sent
from pipeline.values.states import SinceCause, SinceKind
from pipeline.words.names import fold

COLUMNS = SinceLine._fields
Packages = Mapping[str, Sent]  # the newest of each period, by its code
_EXACT = Context(prec=1000)  # digits, more than any sum of floating-point numbers has
_BY_HAND: SinceCause = "edited-by-hand"


def compare_with_sent(
    judged: Evaluation, filings: pd.DataFrame, submissions: pd.DataFrame, project: Project, packages: Packages
) -> pd.DataFrame | None:
    """One line for each unit, id and cause (see `SinceLine`), kind by kind in the order of plan and register.

    A blank counts as 0 in `change`. For every total: what was sent of it and the changes of its `figure` lines are the
    total of now, exactly. `None` where nothing was sent that there is something to say of: no package of the period,
    and no figure of an earlier one that is not as it was sent.
    """
    mine = judged.settlement
    own = packages.get(mine.period.code)
    with localcontext(_EXACT):
        others = ((packages[code], item) for code, item in judged.others.items() if code in packages)
        earlier = [line for sent, item in others for line in unit_lines("earlier-figure", sent, item, project)]
        if own is None:
            return _frame(earlier, project) if earlier else None
        totals, figures = figure_lines(own, mine, project)
        moved = [*figures, *earlier]
        lines = [
            *totals,
            *figures,
            *_cumulative_lines(own, judged, moved, project),
            *earlier,
            *_state_lines(own, judged, project),
            *_filing_lines(own, mine, filings, submissions, project),
        ]
    return _frame(lines, project)


def changed_without_a_line(
    settled: Settlement, lines: pd.DataFrame | None, project: Project, packages: Packages
) -> dict[str, SinceCause]:
    """The units whose forms in force are others than when it was sent, though nothing that is compared differs.

    What they list, activities and requests, may be another one all the same.
    """
    own = packages.get(settled.period.code)
    if own is None or lines is None:
        return {}
    told = set(lines.loc[lines["kind"] != "earlier-figure", "unit_id"])
    changed = forms_changed(forms_then(own), forms_of(settled), _same_cause(own, project))
    return {unit_id: cause for unit_id, cause in changed.items() if unit_id not in told}


def corrected_since_sent(
    past: Past, packages: Packages, others: Mapping[str, Settlement]
) -> frozenset[tuple[str, str]]:
    """Indicator and unit of the figures of the period before that are not what was sent of it."""
    codes = [item.code for item in (past.whole, past.part) if item] or [past.period.code]
    return frozenset(
        (indicator_id, unit_id)
        for code in codes
        if code in packages and code in others
        for unit_id, indicator_id in _moved(packages[code], others[code].grid)
    )


def figure_lines(sent: Sent, settled: Settlement, project: Project) -> tuple[list[SinceLine], list[SinceLine]]:
    """The lines of the totals, and those of the figures that make them up.

    Where what was sent of a total is not the sum of what was sent of the units, because somebody changed either by
    hand, a figure line without a unit makes up for it.
    """
    figures = unit_lines("figure", sent, settled, project)
    then, now = sums_of(sent_figures(sent)), sums_of(_figures_now(settled.grid))
    edited, tables = first_edited(sent, "total"), table_totals(sent)
    code = settled.period.code
    totals = []
    for name in dict.fromkeys((*tables, *then, *now)):
        told = amount_sent(edited[name]) if name in edited else tables.get(name)
        gap = number(then.get(name)) - number(told)
        if gap:
            place = edited.get(name)
            where = (place.file, place.cell) if place else ("", "")
            figures.append(_line("figure", "", name, told, then.get(name), _BY_HAND, *where, code))
        if told != now.get(name):
            cause = _main_cause(figures, name) or _same_cause(sent, project)
            totals.append(_line("total", "", name, told, now.get(name), cause, "", "", code))
    return totals, figures


def unit_lines(kind: SinceKind, sent: Sent, settled: Settlement, project: Project) -> list[SinceLine]:
    """Each unit's figures of a period that are not as they were sent: first what was changed by hand, then the rest."""
    then, now = figures_then(sent), _figures_of(settled)
    edited = first_edited(sent, "figure")
    causes = Causes(forms_then(sent), forms_of(settled), _same_cause(sent, project))
    lines = []
    for unit_id, name in dict.fromkeys((*then, *now, *edited)):
        key = unit_id, name
        data, old, *_ = then.get(key, NOWHERE)
        value, new, file, cell = now.get(key, NOWHERE)
        said = amount_sent(edited[key]) if key in edited else data
        if said == value:
            continue
        if said != data:
            place = edited[key]
            lines.append(_line(kind, *key, said, data, _BY_HAND, place.file, place.cell, settled.period.code))
        if data != value:
            where = (file, cell) if file else then.get(key, NOWHERE)[2:]
            cause = causes.of_figure(unit_id, old, new)
            lines.append(_line(kind, *key, data, value, cause, *where, settled.period.code))
    return lines


def _moved(sent: Sent, grid: pd.DataFrame) -> Iterator[tuple[str, str]]:
    then, now = sent_figures(sent), _figures_now(grid)
    return (key for key in {**then, **now} if then.get(key) != now.get(key))


def _cumulative_lines(
    sent: Sent, judged: Evaluation, moved: Sequence[SinceLine], project: Project
) -> Iterator[SinceLine]:
    """The cumulative totals; each has the cause that moved most in it, of this period and of those that it adds up."""
    edited = first_edited(sent, "cumulative")
    tables = {row["indicator_id"]: read_amount(row["cumulative"]) for row in sent.rows("totals")}
    now = {name: amount_of(value) for name, value in tuples(judged.totals, "indicator_id", "cumulative")}
    code, plan = judged.settlement.period.code, project.plan
    elsewhere = _cause_elsewhere(sent, judged, project)
    for name in dict.fromkeys((*tables, *now)):
        data, value = tables.get(name), now.get(name)
        place = edited.get(name)
        told = amount_sent(place) if place else data
        if told == value:
            continue
        if place and told != data:
            yield _line("cumulative", "", name, told, data, _BY_HAND, place.file, place.cell, code)
        if data != value:
            rest = number(value) - number(data) if plan.indicator[name].kind == "flow" else None
            cause = _main_cause(moved, name, elsewhere, rest) or elsewhere
            yield _line("cumulative", "", name, data, value, cause, "", "", code)


def _state_lines(sent: Sent, judged: Evaluation, project: Project) -> Iterator[SinceLine]:
    """Where a unit stands with a task, by the code of the state."""
    mine = judged.settlement
    code = mine.period.code
    codes = {fold(label): state for state, label in project.labels["state"].items()}
    edited = first_edited(sent, "state")
    then = {(row["unit_id"], row["task_id"]): row["state"] for row in sent.rows("completeness")}
    judgements = tuples(judged.completeness, "unit_id", "task_id", "state")
    now = {(unit_id, task_id): state for unit_id, task_id, state in judgements}
    causes = Causes(forms_then(sent), forms_of(mine), _cause_elsewhere(sent, judged, project))
    files = {unit_id: mine.readings[chain[-1]].file for unit_id, chain in mine.versions.chains.items()}
    for key in dict.fromkeys((*then, *now)):
        data, state = then.get(key, ""), now.get(key, "")
        place = edited.get(key)
        said = codes.get(fold(str(place.sent or "")), str(place.sent or "")) if place else data
        if said == state:
            continue
        if place and said != data:
            yield SinceLine("state", *key, said, data, "", _BY_HAND, place.file, place.cell, code)
        if data != state:
            yield SinceLine("state", *key, data, state, "", causes.of_unit(key[0]), files.get(key[0], ""), "", code)


def _filing_lines(
    sent: Sent, mine: Settlement, filings: pd.DataFrame, submissions: pd.DataFrame, project: Project
) -> Iterator[SinceLine]:
    """Who has filed, and when; both times told from the tables of files, so that only what happened makes a line.

    Of the same files another time of receipt can be booked: the receiving book counts among the declarations.
    """
    then = _filed(sent.rows("submissions"))
    now = _filed(submissions[["unit_id", "state", "on_time"]].to_dict("records"))
    silent = "not-due" if sent.record.get("as_of", "") < sent.record.get("deadline", "") else "missing"
    same = _same_cause(sent, project) if sent.program != __version__ else "declaration-changed"
    causes = Causes(forms_then(sent), forms_of(mine), same)
    for unit_id, filing, file in tuples(filings, "unit_id", "filing", "file"):
        before = then.get(unit_id, "")
        if before != now.get(unit_id, ""):
            cause = causes.of_unit(unit_id)
            yield SinceLine("filing", unit_id, "", before or silent, filing, "", cause, file, "", mine.period.code)


def _filed(rows: Iterable[Mapping[Any, Any]]) -> dict[str, str]:
    """On time, late or unusable, by unit; one of which no form came is not among them."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["unit_id"]:
            valid = "on-time" if row["on_time"] == "yes" else "late"
            is_valid = row["state"] in ("in-force", "superseded", "duplicate")
            found[row["unit_id"]] |= {row["state"], *([valid] if is_valid else [])}
    named = {unit_id: _filing_of(seen) for unit_id, seen in found.items()}
    return {unit_id: filing for unit_id, filing in named.items() if filing}


def _filing_of(seen: set[str]) -> str:
    if "in-force" in seen:
        return "on-time" if "on-time" in seen else "late"
    return "unusable" if "returned" in seen else ""


def _same_cause(sent: Sent, project: Project) -> SinceCause:
    """Why a figure of the same file can be another one."""
    is_same = all(sent.inputs.get(file) == sha256 for file, sha256 in project.sources.items())
    return "reading-changed" if is_same else "declaration-changed"


def _cause_elsewhere(sent: Sent, judged: Evaluation, project: Project) -> SinceCause:
    return cause_elsewhere(sent.inputs, judged.others.values(), project.plan.year, _same_cause(sent, project))


def _main_cause(
    lines: Iterable[SinceLine], name: str, other: SinceCause = "new-form", change: Amount = None
) -> SinceCause | None:
    """The cause that moved most of the figure; `other`: that of the part of its `change` that no line tells."""
    moved: dict[SinceCause, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.id == name and line.change:
            moved[line.cause] += Decimal(line.change)  # type: ignore[arg-type]
    if change is not None:
        moved[other] += change - sum(moved.values())
    return max(moved, key=lambda cause: abs(moved[cause]), default=None)


def _figures_of(settled: Settlement) -> dict[tuple[str, str], Place]:
    shas = [reading.sha256 for reading in settled.readings]
    lines = tuples(settled.grid, "unit_id", "indicator_id", "value", "doc", "file", "cell")
    return {
        (unit_id, name): (amount_of(value), shas[doc] if doc >= 0 else "", file, cell)
        for unit_id, name, value, doc, file, cell in lines
    }


def _figures_now(grid: pd.DataFrame) -> dict[tuple[str, str], Amount]:
    lines = tuples(grid, "unit_id", "indicator_id", "value")
    return {(unit_id, name): amount_of(value) for unit_id, name, value in lines}


def _line(
    kind: SinceKind, unit_id: str, name: str, sent: Amount, now: Amount, cause: SinceCause, *where: str
) -> SinceLine:
    change = number(now) - number(sent)
    return SinceLine(kind, unit_id, name, plain(sent), plain(now), plain(change), cause, *where)


def _frame(lines: Sequence[SinceLine], project: Project) -> pd.DataFrame:
    """Within each kind in the order of the plan, then of the register."""
    plan, register = project.plan, project.register
    kinds = {kind: place for place, kind in enumerate(dict.fromkeys(line.kind for line in lines))}
    ids = (*(item.id for item in plan.indicators), *(task.id for task in plan.tasks))
    items = {name: place for place, name in enumerate(ids)}
    units = {unit.unit_id: place for place, unit in enumerate(register.units)}
    ordered = sorted(
        lines,
        key=lambda line: (kinds[line.kind], line.period, items.get(line.id, len(items)), units.get(line.unit_id, -1)),
    )
    return pd.DataFrame(ordered, columns=list(COLUMNS), dtype=object)
