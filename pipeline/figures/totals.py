"""Totals per indicator: this period, and from the start of the year.

Flows add over units and periods. Stocks add over units only. What is a gap stays out and is counted as a gap; a
cumulative figure is given only when every period it adds has reports.
"""

from collections.abc import Mapping

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project

COLUMNS = ("indicator_id", "this_period", "cumulative", "units_reporting", "units_expected", "cumulative_note")


def total_figures(grid: pd.DataFrame, others: Mapping[str, pd.DataFrame], period: Period, project: Project) -> pd.DataFrame:
    """One row an indicator (see `COLUMNS`), then the totals of the other periods that are added up, `of_<code>`.

    `others`: figure grids of the other periods of the year by code.
    """
    grids = {**others, period.code: grid}
    parts = [(code, sum_by_indicator(grids[code])) for code in period.cumulative if code in grids]
    now = sum_by_indicator(grid)
    lines = []
    for item in project.plan.indicators:
        cumulative, note = _cumulative(item.id, item.kind, parts, period, project)
        this = now.loc[item.id] if item.id in now.index else {"value": float("nan"), "reporting": 0, "expected": 0}
        lines.append((item.id, this["value"], cumulative, int(this["reporting"]), int(this["expected"]), note))
    totals = pd.DataFrame(lines, columns=list(COLUMNS))
    for code, table in parts:
        if code != period.code:
            totals[part_column(code)] = totals["indicator_id"].map(table["value"])
    return totals


def part_column(code: str) -> str:
    """The column that holds the total of another period of the year."""
    return f"of_{code}"


def _cumulative(indicator_id: str, kind: str, parts: list[tuple[str, pd.DataFrame]], period: Period, project: Project) -> tuple[float, str]:
    """The sum over the periods, or NaN with the reason."""
    if kind == "stock":
        return float("nan"), "Số cuối kỳ, không cộng dồn"
    names = {item.code: item.name for item in project.plan.periods}
    given = {code: table.loc[indicator_id] for code, table in parts if indicator_id in table.index}
    lacking = [code for code in period.cumulative if code not in given or not given[code]["reporting"]]
    if lacking:
        return float("nan"), f"Chưa có số liệu {', '.join(names[code] for code in lacking)}"
    coverage = "; ".join(f"{names[code]}: {int(line['reporting'])}/{int(line['expected'])} đơn vị" for code, line in given.items())
    return float(sum(line["value"] for line in given.values())), coverage


def sum_by_indicator(grid: pd.DataFrame) -> pd.DataFrame:
    """`value` (NaN when nobody reported), `reporting` and `expected` numbers of units, by indicator."""
    owed = grid[grid["is_expected"]]
    return pd.DataFrame(
        {
            "value": grid.groupby("indicator_id")["value"].sum(min_count=1),
            "reporting": owed.groupby("indicator_id")["value"].count(),
            "expected": owed.groupby("indicator_id").size(),
        }
    ).fillna({"reporting": 0, "expected": 0})


def count_forms(activities: pd.DataFrame, project: Project) -> pd.DataFrame:
    """By kind of propaganda: rows, quantity and participants of own items; reposts are listed apart and not counted."""
    is_own = activities["repost_of"].isna()
    own = activities[is_own].groupby("form")
    table = pd.DataFrame({"form": [choice.label for choice in project.form.choices["form"]]}).set_index("form")
    table["rows"] = own.size()
    table["quantity"] = own["quantity"].sum()
    table["participants"] = own["participants"].sum()
    table["units"] = own["unit_id"].nunique()
    table["reposts"] = activities[~is_own].groupby("form").size()
    return table.fillna(0).astype("int64").reset_index()
