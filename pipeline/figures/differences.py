"""Why a figure is not what it was: this period beside the one before, in all and unit by unit, each with its cause.

A gap is not zero, but it adds nothing to a total: a unit that gave a figure only before takes it out of the total, one
that gave it only now brings it in. So the differences of the units add up to the difference of the totals.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project
from pipeline.judged.past import Past
from pipeline.values.lines import ComparedLine, DifferenceLine
from pipeline.values.states import BOTH_GIVEN
from pipeline.values.tally import DIGITS

TOTALS = ComparedLine._fields
COLUMNS = DifferenceLine._fields
BRIDGE = (
    "indicator_id",
    "unit_id",
    "before_period",
    "before",
    "now",
    "change",
    "cause",
    "months_before",
    "months_now",
)
_KEYS = ["indicator_id", "unit_id"]
Pairs = Collection[tuple[str, str]]  # of an indicator and a unit


def compare_figures(
    grid: pd.DataFrame, past: Past, period: Period, project: Project, corrected: Pairs = frozenset()
) -> pd.DataFrame:
    """One row for each indicator and unit of either figure grid (see `COLUMNS`); of an indicator the greatest first.

    `cause` is a word of `values.states.Cause`, empty where neither period has a figure. A unit that stands in one grid
    alone has the kind of nothing not-owed in the other. `shift` is the difference, by the month where amounts of the
    two periods are not like with like. `corrected`: whose figure of the period before is not what was sent of it.
    """
    taken = [*_KEYS, "value", "kind_of_nothing", "questioned"]
    earlier = past.grid[taken].set_axis([*_KEYS, "before", "before_nothing", "was_questioned"], axis=1)
    lines = grid[taken].merge(earlier, how="outer", on=_KEYS)
    blank = {"kind_of_nothing": "not-owed", "before_nothing": "not-owed", "questioned": "", "was_questioned": ""}
    lines = lines.fillna(blank)
    lines["difference"] = lines["value"].fillna(0.0) - lines["before"].fillna(0.0)
    lines["cause"] = _causes(lines, corrected)
    lines["shift"] = _shifts(lines, past.period, period, project)
    by_size = lines["shift"].abs().sort_values(ascending=False, kind="stable").index
    return lines.loc[by_size, list(COLUMNS)].sort_values("indicator_id", kind="stable").reset_index(drop=True)


def _causes(lines: pd.DataFrame, corrected: Pairs) -> Any:
    """Of each line why the figure of the unit is another one than before, or a figure at all."""
    is_given, was_given = lines["value"].notna(), lines["before"].notna()
    nothing = lines["kind_of_nothing"].where(~is_given, lines["before_nothing"])  # of the period that lacks it
    is_doubted = (lines["questioned"] != "") | (lines["was_questioned"] != "")
    pairs = zip(lines["indicator_id"], lines["unit_id"], strict=True)
    is_corrected = np.array([pair in corrected for pair in pairs], dtype=bool)
    cases = {
        "": ~is_given & ~was_given,
        "questioned": is_given & was_given & is_doubted,
        "corrected-since-sent": is_given & was_given & is_corrected,
        "real": is_given & was_given,
        "not-expected": nothing == "not-owed",
        "unreadable": nothing == "unreadable",
        "not-reported-before": is_given,
    }
    return np.select(list(cases.values()), list(cases), default="not-reported-now")


def _shifts(lines: pd.DataFrame, before: Period, period: Period, project: Project) -> Any:
    is_unlike = lines["indicator_id"].isin(_unlike(before, period, project))
    by_month = lines["value"].fillna(0.0) / period.months - lines["before"].fillna(0.0) / before.months
    return by_month.where(is_unlike, lines["difference"]).round(DIGITS)


def _unlike(before: Period, period: Period, project: Project) -> set[str]:
    """The indicators whose amounts grow with the length of the period, where the two differ in it."""
    if period.is_as_long_as(before):
        return set()
    return {item.id for item in project.plan.indicators if item.kind == "flow"}


def compare_totals(
    totals: pd.DataFrame, before: pd.DataFrame, lines: pd.DataFrame, past: Past, period: Period, project: Project
) -> pd.DataFrame:
    """One row an indicator (see `TOTALS`), from the totals of both periods; no difference where either has no total.

    `lines`: from `compare_figures`. Like with like are the units that gave a figure in both periods, and where the
    lengths of the two differ, amounts by the month, unless the plan says that a mean means nothing.
    """
    found = totals[["indicator_id", "this_period"]].merge(
        before[["indicator_id", "this_period"]].set_axis(["indicator_id", "before"], axis=1)
    )
    found["difference"] = found["this_period"] - found["before"]
    both = lines[lines["cause"].isin(BOTH_GIVEN)].groupby("indicator_id")
    same = both.agg(same_units=("unit_id", "size"), same_now=("value", "sum"), same_before=("before", "sum"))
    found = found.merge(same, how="left", left_on="indicator_id", right_index=True)
    found["same_units"] = found["same_units"].fillna(0).astype("int64")
    unlike, plan = _unlike(past.period, period, project), project.plan
    is_told = found["indicator_id"].map(_tells_by_month(plan.indicator, unlike))
    found["this_by_month"] = (found["same_now"] / period.months).where(is_told)
    found["before_by_month"] = (found["same_before"] / past.period.months).where(is_told)
    is_like = ~found["indicator_id"].isin(unlike)
    return found.assign(is_like=is_like)[list(TOTALS)]


def _tells_by_month(indicators: Mapping[str, Indicator], unlike: set[str]) -> dict[str, bool]:
    return {name: name in unlike and item.by_month for name, item in indicators.items()}


def _in_order(lines: pd.DataFrame, project: Project) -> pd.DataFrame:
    """Lines in the order of the plan, then of the register."""
    places = {unit.unit_id: place for place, unit in enumerate(project.register.units)}
    order = {item.id: place for place, item in enumerate(project.plan.indicators)}
    ranks = lines.assign(_item=lines["indicator_id"].map(order), _unit=lines["unit_id"].map(places))
    return ranks.sort_values(["_item", "_unit"], kind="stable")


def bridge(lines: pd.DataFrame, past: Past, period: Period, project: Project) -> pd.DataFrame:
    """From the figures before to those of now (see `BRIDGE`): a row for each that was given in either period.

    In the order of the plan, then of the register. The changes of an indicator add up to that of its total.
    """
    given = _in_order(lines[lines["cause"] != ""], project)
    return given.assign(
        before_period=past.period.code,
        now=given["value"],
        change=given["difference"],
        months_before=round(past.period.months, 2),
        months_now=round(period.months, 2),
    )[list(BRIDGE)].reset_index(drop=True)
