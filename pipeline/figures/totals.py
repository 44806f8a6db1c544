"""Totals per indicator: this period, and from the start of the year.

Flows add over units and periods. Stocks add over units only. What is a gap stays out and is counted as a gap; a
cumulative figure is given only when every period it adds has reports.
"""

from collections.abc import Mapping, Sequence
from math import isnan

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.figures.partial import Sum, Sums, exact_sum, sum_by_indicator
from pipeline.values.lines import TotalLine

_NO_DOUBT = 0, 0.0


def total_figures(
    grid: pd.DataFrame, others: Mapping[str, pd.DataFrame], period: Period, project: Project
) -> pd.DataFrame:
    """One row an indicator (see `TotalLine`), then the totals of the other periods that are added up, `of_<code>`.

    `others`: figure grids of the other periods of the year by code.
    """
    grids = {**others, period.code: grid}
    parts = [(code, sum_by_indicator(grids[code])) for code in period.cumulative if code in grids]
    now = dict(parts).get(period.code) or sum_by_indicator(grid)
    doubted = _doubted([grids[code] for code, _ in parts])
    lines = []
    for item in project.plan.indicators:
        cumulative, note = _cumulative(item.id, item.kind, parts, period, project)
        this = now.get(item.id, Sum())
        counts = this.reporting, this.expected, note, this.questioned, float(this.doubtful)
        of_cumulative = _NO_DOUBT if isnan(cumulative) else doubted.get(item.id, _NO_DOUBT)
        lines.append((item.id, this.value, cumulative, *counts, *of_cumulative))
    of_parts = {
        part_column(code): [sums.get(item.id, Sum()).value for item in project.plan.indicators]
        for code, sums in parts
        if code != period.code
    }
    return pd.DataFrame(lines, columns=list(TotalLine._fields)).assign(**of_parts)


def part_column(code: str) -> str:
    """The column that holds the total of another period of the year."""
    return f"of_{code}"


def _cumulative(
    indicator_id: str, kind: str, parts: Sequence[tuple[str, Sums]], period: Period, project: Project
) -> tuple[float, str]:
    """The sum over the periods, or NaN with the reason."""
    if kind == "stock":
        return float("nan"), "Số tại một thời điểm, không cộng dồn"
    names = {item.code: item.name for item in project.plan.periods}
    given = {code: sums[indicator_id] for code, sums in parts if indicator_id in sums}
    lacking = [code for code in period.cumulative if code not in given or not given[code].reporting]
    if lacking:
        return float("nan"), f"Chưa có số liệu {', '.join(names[code] for code in lacking)}"
    coverage = "; ".join(f"{names[code]}: {item.reporting}/{item.expected} đơn vị" for code, item in given.items())
    return float(sum(item.amount for item in given.values())), coverage


def _doubted(grids: Sequence[pd.DataFrame]) -> dict[str, tuple[int, float]]:
    """By indicator how many units are asked about what they gave in any of the periods, and the sum of that."""
    lines = [grid[(grid["questioned"] != "") & grid["value"].notna()] for grid in grids]
    if not lines:
        return {}
    asked = pd.concat([part[["indicator_id", "unit_id", "value"]] for part in lines])
    return {
        str(name): (mine["unit_id"].nunique(), float(exact_sum(mine["value"].tolist())))
        for name, mine in asked.groupby("indicator_id")
    }


def count_forms(activities: pd.DataFrame, project: Project) -> pd.DataFrame:
    """By kind of propaganda: rows, quantity and participants of own items; reposts are listed apart and not counted."""
    is_own = activities["repost_of"].isna()
    counted = activities[["form", "quantity", "participants", "unit_id"]]
    own = counted[is_own].groupby("form")
    table = pd.DataFrame({"form": [choice.label for choice in project.form.choices["form"]]}).set_index("form")
    table["rows"] = own.size()
    table["quantity"] = own["quantity"].sum()
    table["participants"] = own["participants"].sum()
    table["units"] = own["unit_id"].nunique()
    table["reposts"] = counted[~is_own].groupby("form").size()
    return table.fillna(0).astype("int64").reset_index()


def share_main(grid: pd.DataFrame, project: Project) -> dict[str, float]:
    """What part of the main figures each unit made, the mean of its shares; one that made none may be left out."""
    main = [item.id for item in project.plan.indicators if item.main]
    mine = grid[grid["indicator_id"].isin(main)]
    shares = mine["value"] / mine.groupby("indicator_id")["value"].transform("sum")
    by_unit = shares.groupby(mine["unit_id"]).sum() / max(1, len(main))
    return {str(unit_id): float(share) for unit_id, share in by_unit.items()}
