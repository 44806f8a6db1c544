"""One line per unit and indicator that is owed or was given, with its value or its kind of nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.values.forms import Change, Reading

COLUMNS = (
    "unit_id",
    "indicator_id",
    "value",
    "kind_of_nothing",
    "is_expected",
    "is_filled",
    "note",
    "doc",
    "file",
    "sheet",
    "row",
    "cell",
)


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
    ids = [unit.unit_id for unit in project.register.units]
    at_unit = {unit_id: place for place, unit_id in enumerate(ids)}
    at_indicator = {item.id: place for place, item in enumerate(project.plan.indicators)}
    of_doc = np.array([at_unit.get(reading.unit_id, -1) for reading in readings], dtype="int64")
    width = len(at_indicator)

    def places(rows: pd.DataFrame) -> Any:
        """The line of each row in the whole grid of all units and indicators."""
        return of_doc[rows["doc"]] * width + rows["indicator_id"].map(at_indicator).to_numpy("int64")

    size = len(ids) * width
    known = offered[offered["indicator_id"].isin(at_indicator)]
    given, spoken = places(accepted), _in_speaking_order(known, chains)
    owed = [
        at_unit[unit.unit_id] * width + at_indicator[item.id]
        for unit in units
        for item in project.plan.indicators
        if project.plan.fills(item, unit)
    ]
    unreadable = [
        at_unit[unit_id] * width + at_indicator[name]
        for unit_id, name in blocked
        if unit_id in at_unit and name in at_indicator
    ]
    is_expected, is_filled, is_unread = _marked(size, owed), _marked(size, given), _marked(size, unreadable)
    doc, row = (
        _filled(size, -1, (places(spoken), spoken["doc"]), (given, accepted["doc"])),
        _filled(size, 0, (places(spoken), spoken["row"]), (given, accepted["row"])),
    )
    value = _filled(size, np.nan, (given, accepted["value"]))
    nothing = _filled(size, "", (given, accepted["nothing"]))
    # A filled row whose value could not be read has no word for nothing and no number; a row that holds only a note is not filled in.
    is_unread[is_filled] = False
    is_unread[given] |= (
        project.form["figures"].holds(accepted["held"], "value")
        & accepted["value"].isna()
        & (accepted["nothing"] == "")
    ).to_numpy()
    is_silent = np.repeat([unit_id not in chains for unit_id in ids], width)
    kind = np.select(
        [nothing != "", ~np.isnan(value), is_silent, is_unread],
        [nothing, "", "not-reported", "unreadable"],
        default="not-filled",
    )
    said = set(nothing_units)
    is_none = np.repeat([unit_id in said for unit_id in ids], width) & (kind == "not-filled") & is_expected
    kind[is_none], value[is_none] = "none-arose", 0.0
    known_places = [*map(_place, readings), ("", "", "")]  # the last is that of -1, no file
    files, sheets, columns = (np.array(names, dtype=object)[doc] for names in zip(*known_places, strict=True))
    grid = pd.DataFrame(
        {
            "unit_id": np.repeat(np.array(ids, dtype=object), width),
            "indicator_id": np.tile(np.array(list(at_indicator), dtype=object), len(ids)),
            "value": value,
            "kind_of_nothing": kind,
            "is_expected": is_expected,
            "is_filled": is_filled,
            "note": _filled(size, None, (given, accepted["note"])),
            "doc": doc,
            "file": files,
            "sheet": sheets,
            "row": row,
            "cell": [f"{column}{line}" if line else "" for column, line in zip(columns, row, strict=True)],
        }
    )
    changes = [
        Change(unit_id, file, sheet, cell, "value", "", "0", "nothing-to-report")
        for unit_id, file, sheet, cell in grid.loc[is_none, ["unit_id", "file", "sheet", "cell"]].itertuples(
            index=False
        )
    ]
    return grid[is_expected | is_filled].reset_index(drop=True), changes


def _in_speaking_order(offered: pd.DataFrame, chains: Mapping[str, tuple[int, ...]]) -> pd.DataFrame:
    """All rows that were offered, so that the last of each unit and indicator is the one that speaks: filled before blank, later before earlier."""
    ranks = {doc: rank for chain in chains.values() for rank, doc in enumerate(chain)}
    return offered.assign(rank=offered["doc"].map(ranks)).sort_values(["filled", "rank"], kind="stable")


def _marked(size: int, places: Any) -> Any:
    marks = np.zeros(size, dtype=bool)
    marks[places] = True
    return marks


def _filled(size: int, blank: object, *layers: "tuple[Any, pd.Series[Any]]") -> Any:
    """A column that is blank but for the layers, each laid over the one before."""
    column = np.full(size, blank, dtype=layers[0][1].dtype)
    for places, values in layers:
        column[places] = values.to_numpy()
    return column


def _place(reading: Reading) -> tuple[str, str, str]:
    """File, sheet, and the letters of the column that holds the values on the sender's sheet."""
    found = reading.tables.get("figures")
    return (reading.file, found.sheet, found.cell("value", 0).rstrip("0")) if found else (reading.file, "", "")
