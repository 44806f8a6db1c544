"""One line per unit and indicator that is owed or was given, with its value or its kind of nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.declare.project import Project
from pipeline.declare.records import Change, Reading
from pipeline.declare.register import Unit

COLUMNS = ("unit_id", "indicator_id", "value", "kind_of_nothing", "is_expected", "is_filled", "note", "doc", "file", "sheet", "row", "cell")


def build_grid(
    accepted: pd.DataFrame,
    offered: pd.DataFrame,
    blocked: Collection[tuple[str, str]],
    units: Sequence[Unit],
    chains: Mapping[str, tuple[int, ...]],
    nothing_units: Iterable[str],
    readings: Sequence[Reading],
    project: Project,
) -> tuple[pd.DataFrame, list[Change]]:
    """The grid (see `COLUMNS`) in the order of units and indicators, and the blanks that were counted as none arose.

    `accepted`: settled figure rows. `offered`: all figure rows of forms in force, filled or not, for the addresses of
    blanks. `blocked`: unit and indicator of rows that were rejected. `nothing_units`: units whose card says that nothing
    arose in the whole period.
    A gap is NaN with its kind: not-filled, not-yet-known, not-applicable, unreadable, not-reported.
    """
    owed = pd.DataFrame(
        [(unit.unit_id, item.id, True) for unit in units for item in project.plan.indicators if project.plan.fills(item, unit)],
        columns=["unit_id", "indicator_id", "is_expected"],
    )
    keys = ["unit_id", "indicator_id"]
    given = accepted[[*keys, "value", "nothing", "note", "doc", "file", "sheet", "row", "held"]].assign(is_filled=True)
    grid = owed.merge(given, on=keys, how="outer")
    grid["is_expected"] = grid["is_expected"].eq(True)
    grid["is_filled"] = grid["is_filled"].eq(True)
    grid = _with_addresses(grid, offered, chains)
    is_blocked = np.array([place in blocked for place in zip(grid["unit_id"], grid["indicator_id"], strict=True)], dtype=bool) & ~grid["is_filled"]
    is_silent = ~grid["unit_id"].isin(chains)
    named = grid["nothing"].fillna("")
    # A filled row whose value could not be read has no word for nothing and no number; a row that holds only a note is not filled in.
    unread = grid["is_filled"] & (named == "") & grid["value"].isna() & project.form["figures"].holds(grid["held"].fillna(0).astype("int64"), "value")
    grid["kind_of_nothing"] = np.select(
        [named != "", grid["value"].notna(), is_silent, is_blocked | unread], [named, "", "not-reported", "unreadable"], default="not-filled"
    )
    blank = grid["unit_id"].isin(set(nothing_units)) & (grid["kind_of_nothing"] == "not-filled") & grid["is_expected"]
    grid.loc[blank, "kind_of_nothing"] = "none-arose"
    grid.loc[blank, "value"] = 0.0
    columns = {doc: _column(readings[doc]) for doc in grid["doc"].unique() if doc >= 0}
    grid["cell"] = [f"{columns[doc]}{row}" if row else "" for doc, row in zip(grid["doc"], grid["row"], strict=True)]
    changes = [
        Change(unit_id, file, sheet, cell, "value", "", "0", "nothing-to-report")
        for unit_id, file, sheet, cell in grid.loc[blank, ["unit_id", "file", "sheet", "cell"]].itertuples(index=False)
    ]
    return _ordered(grid, units, project), changes


def _with_addresses(grid: pd.DataFrame, offered: pd.DataFrame, chains: Mapping[str, tuple[int, ...]]) -> pd.DataFrame:
    """Blank and blocked figures get the place of their row in the form that speaks last."""
    ranks = {doc: rank for chain in chains.values() for rank, doc in enumerate(chain)}
    places = offered.assign(rank=offered["doc"].map(ranks)).sort_values(["filled", "rank"], kind="stable")
    places = places.drop_duplicates(["unit_id", "indicator_id"], keep="last")[["unit_id", "indicator_id", "doc", "file", "sheet", "row"]]
    merged = grid.merge(places, on=["unit_id", "indicator_id"], how="left", suffixes=("", "_place"))
    for column in ("doc", "file", "sheet", "row"):
        merged[column] = merged[column].where(merged[column].notna(), merged[f"{column}_place"])
    merged["doc"] = merged["doc"].fillna(-1).astype("int64")
    merged["row"] = merged["row"].fillna(0).astype("int64")
    for column in ("file", "sheet"):
        merged[column] = merged[column].fillna("")
    return merged.drop(columns=[f"{column}_place" for column in ("doc", "file", "sheet", "row")])


def _column(reading: Reading) -> str:
    """The letters of the column that holds the values on the sender's sheet."""
    return reading.tables["figures"].cell("value", 0).rstrip("0")


def _ordered(grid: pd.DataFrame, units: Sequence[Unit], project: Project) -> pd.DataFrame:
    by_unit = {unit.unit_id: place for place, unit in enumerate(project.register.units)}
    by_indicator = {item.id: place for place, item in enumerate(project.plan.indicators)}
    order = grid.assign(_unit=grid["unit_id"].map(by_unit), _indicator=grid["indicator_id"].map(by_indicator))
    return order.sort_values(["_unit", "_indicator"], kind="stable")[list(COLUMNS)].reset_index(drop=True)
