"""Why a figure is not what it was: this period beside the one before, in all and unit by unit.

A gap is not zero, but it adds nothing to a total: a unit that gave a figure only before takes it out of the total, one
that gave it only now brings it in. So the differences of the units add up to the difference of the totals.
"""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.values.lines import ComparedLine, DifferenceLine

TOTALS = ComparedLine._fields
COLUMNS = DifferenceLine._fields
_KEYS = ["indicator_id", "unit_id"]


def compare_totals(
    totals: pd.DataFrame, before: pd.DataFrame, period: Period, previous: Period, project: Project
) -> pd.DataFrame:
    """One row an indicator (see `TOTALS`), from the totals of both periods; no difference where either has no total.

    A stock is compared as it is. A flow grows with the length of the period, so where that differs it is also given by
    the month.
    """
    kinds = {item.id: item.kind for item in project.plan.indicators}
    lines = totals[["indicator_id", "this_period"]].merge(
        before[["indicator_id", "this_period"]].set_axis(["indicator_id", "before"], axis=1)
    )
    lines["difference"] = lines["this_period"] - lines["before"]
    is_unlike = (lines["indicator_id"].map(kinds) == "flow") & (not period.is_as_long_as(previous))
    lines["this_by_month"] = (lines["this_period"] / period.months).where(is_unlike)
    lines["before_by_month"] = (lines["before"] / previous.months).where(is_unlike)
    return lines


def compare_figures(grid: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """One row for each indicator and unit of either figure grid (see `COLUMNS`); of an indicator the greatest first.

    `reason` says who gave a figure: both, now-only, before-only, neither. A unit that stands in one grid alone has the
    kind of nothing not-owed in the other.
    """
    earlier = before[[*_KEYS, "value", "kind_of_nothing"]].set_axis([*_KEYS, "before", "before_nothing"], axis=1)
    lines = grid[[*_KEYS, "value", "kind_of_nothing"]].merge(earlier, how="outer", on=_KEYS)
    lines = lines.fillna({"kind_of_nothing": "not-owed", "before_nothing": "not-owed"})
    lines["difference"] = lines["value"].fillna(0.0) - lines["before"].fillna(0.0)
    lines["reason"] = _who_gave(lines["value"].notna(), lines["before"].notna())
    by_size = lines["difference"].abs().sort_values(ascending=False, kind="stable").index
    return lines.loc[by_size].sort_values("indicator_id", kind="stable").reset_index(drop=True)


def _who_gave(is_given: Any, was_given: Any) -> Any:
    """Of each line the word for whether there is a figure now, and whether there was one before."""
    words = ["both", "now-only", "before-only"]
    return np.select([is_given & was_given, is_given, was_given], words, default="neither")
