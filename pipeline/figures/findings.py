"""The findings that stand first wherever a period is shown: who has no report, which task is behind, what is in doubt.

In: what is counted of a period. Out: values, the weightiest first; `publish/sentences/findings.py` words them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from pipeline.values.frames import tuples
from pipeline.values.lines import TotalLine
from pipeline.values.states import BELOW_DONE, FindingKind, State
from pipeline.values.tally import Counts, Filings, Finding, Ids, Imbalance, Led

_MOST = 3
_LEFT: Sequence[State] = ("open", *reversed(BELOW_DONE))  # what a lead has still to do


def find_findings(
    filings: Filings,
    tasks: Mapping[str, Led],
    judged: Counts,
    totals: Iterable[TotalLine],
    grid: pd.DataFrame,
    imbalances: Sequence[Imbalance],
) -> tuple[Finding, ...]:
    """At most three, the filing always among them.

    While nobody has filed it is the only one: what is missing says nothing of tasks and figures.
    """
    found = [_filing(filings)]
    if filings.filed:
        found += _behind(tasks, filings.out)
        found += _doubted(totals, grid)
        found += [Finding("imbalance", len(imbalances), len(imbalances))] if imbalances else []
        found += [Finding("done", judged.done, judged.total)] if judged.total else []
    return tuple(found[:_MOST])


def _filing(filings: Filings) -> Finding:
    if not filings.out:
        return Finding("filed", len(filings.late), filings.expected)
    kind: FindingKind = "waiting" if filings.not_due else "unfiled" if filings.filed else "none"
    return Finding(kind, len(filings.out), filings.expected, units=filings.out)


def _behind(tasks: Mapping[str, Led], silent: Ids) -> Iterator[Finding]:
    """The task with most leads that have something left to do, of those that sent a form; told of it are all leads.

    Of two with as many the graver: what is still within its time is the least of it.
    """
    left = {task: _left(led, silent) for task, led in tasks.items()}
    behind = [task for task, states in left.items() if states]
    if behind:
        most = max(behind, key=lambda task: (sum(left[task].values()), -left[task].get("open", 0)))
        told = _left(tasks[most])
        yield Finding("task", sum(told.values()), tasks[most].counts.total, most, states=told)


def _left(led: Led, silent: Ids = ()) -> Mapping[State, int]:
    """How many leads are in which state below done; what an earlier report proved done is not left."""
    settled = {*silent, *(unit_id for units in led.proved.values() for unit_id in units)}
    counts = {state: len(set(led.by_state.get(state, ())) - settled) for state in _LEFT}
    return {state: count for state, count in counts.items() if count}


def _doubted(totals: Iterable[TotalLine], grid: pd.DataFrame) -> Iterator[Finding]:
    """The indicator of whose total the greatest part is under question, and the units that are asked."""
    doubted = [line for line in totals if line.questioned_units and line.this_period > 0 and line.questioned_amount > 0]
    if doubted:
        most = max(doubted, key=lambda line: line.questioned_amount / line.this_period)
        asked = grid[(grid["questioned"] != "") & (grid["indicator_id"] == most.indicator_id)]
        units = tuple(unit_id for (unit_id,) in tuples(asked, "unit_id"))
        yield Finding("doubt", most.questioned_amount, most.this_period, most.indicator_id, units)
