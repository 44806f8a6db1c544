"""What a period is compared with: the period before, or of one that is longer a rest that is as long.

Quý II is reported by nobody; it is what 6 tháng says less what Quý I said, of the units that filed both.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from pipeline.declare.last_year import same_figures
from pipeline.declare.plan import Period, Plan
from pipeline.judged.past import LastYear, Past
from pipeline.judged.settlement import Settlement

_KEYS = ["unit_id", "indicator_id"]


def find_past(period: Period, others: Mapping[str, Settlement], plan: Plan) -> Past | None:
    """What the period is compared with; `None` where the plan has nothing before it, or nothing of it was read."""
    before = others.get(period.previous)
    if before is None:
        return None
    whole = before.period
    part = others.get(whole.contains[0]) if whole.rest else None
    if part is None or not part.versions.chains or period.is_as_long_as(whole):
        return Past(whole, before.grid)
    rest = rest_of(whole, part.period)
    if not rest.is_as_long_as(period):
        return Past(whole, before.grid)
    return Past(rest, subtract(before.grid, part.grid, plan), whole, part.period)


def rest_of(whole: Period, part: Period) -> Period:
    """The days of a period after the part that it contains, as a period of its own: `6t-q1`, Quý II."""
    first = part.date_to + timedelta(days=1)
    code, name = f"{whole.code}-{part.code}", whole.rest
    return replace(whole, code=code, name=name, date_from=first, also=(), spellings=(), contains=(), rest="")


def subtract(whole: pd.DataFrame, part: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The figure grid of the whole less that of its part; a stock, which is one of the closing day, as it is.

    Of a unit that lacks the part there is no rest; a rest below zero says that one of the two is wrong.
    """
    flows = {item.id for item in plan.indicators if item.kind == "flow"}
    taken = whole[_KEYS].merge(part[[*_KEYS, "value", "questioned"]], how="left", on=_KEYS)
    is_flow = whole["indicator_id"].isin(flows).to_numpy()
    had, less = whole["value"].to_numpy("float64"), taken["value"].to_numpy("float64")
    rest = had - less
    lacks_part = is_flow & ~np.isnan(had) & np.isnan(less)
    is_wrong = is_flow & (rest < 0)
    kinds = np.select([lacks_part, is_wrong], ["not-reported", "unreadable"], default=whole["kind_of_nothing"])
    doubts = (whole["questioned"].to_numpy() + " " + taken["questioned"].fillna("").to_numpy()).astype(str)
    return whole.assign(
        value=np.where(is_flow, np.where(is_wrong, np.nan, rest), had),
        kind_of_nothing=kinds,
        questioned=np.where(is_flow, np.char.strip(doubts), whole["questioned"]),
    )


def beside_last_year(grid: pd.DataFrame, last_year: LastYear, plan: Plan) -> tuple[pd.DataFrame, Past]:
    """The figures of this period and of the same a year before, of the indicators that ask for the same in both."""
    same = same_figures(plan, last_year.project.plan)
    now, before = (
        part[part["indicator_id"].isin(same)].reset_index(drop=True) for part in (grid, last_year.settled.grid)
    )
    return now, Past(last_year.period, before)
