"""One line per unit and indicator that is owed or was given, with its value or its kind of nothing."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.values.forms import Change, Reading
from pipeline.values.frames import tuples

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
    "questioned",
)


@dataclass(frozen=True)
class _Placed:
    """Rows of the forms, and the line of each in the whole grid."""

    rows: pd.DataFrame
    lines: Any


@dataclass(frozen=True)
class _Layout:
    """The whole grid, owed or not: the units of the register one below the other, each with all indicators.

    `of_doc`: the place of each reading's unit, -1 where nobody knows whose it is.
    """

    at_unit: Mapping[str, int]
    at_indicator: Mapping[str, int]
    of_doc: Any

    def place(self, rows: pd.DataFrame) -> _Placed:
        """The rows with their lines; all must be of known units and indicators."""
        indicators = rows["indicator_id"].map(self.at_indicator).to_numpy("int64")
        return _Placed(rows, self.of_doc[rows["doc"]] * len(self.at_indicator) + indicators)

    def lines(self, pairs: Iterable[tuple[str, str]]) -> list[int]:
        """The line of each unit and indicator; those that are not known have none."""
        return [
            self.at_unit[unit_id] * len(self.at_indicator) + self.at_indicator[indicator_id]
            for unit_id, indicator_id in pairs
            if unit_id in self.at_unit and indicator_id in self.at_indicator
        ]

    def mark(self, lines: Any) -> Any:
        """Whether each line of the grid is one of these."""
        marks = np.zeros(len(self.at_unit) * len(self.at_indicator), dtype=bool)
        marks[lines] = True
        return marks

    def mark_units(self, unit_ids: Container[str]) -> Any:
        """Whether each line of the grid is one of these units'."""
        return np.repeat([unit_id in unit_ids for unit_id in self.at_unit], len(self.at_indicator))

    def column(self, key: str, blank: object, *layers: _Placed) -> Any:
        """A column that is blank but for the layers, each laid over the one before."""
        column = np.full(len(self.at_unit) * len(self.at_indicator), blank, dtype=layers[0].rows[key].dtype)
        for layer in layers:
            column[layer.lines] = layer.rows[key].to_numpy()
        return column

    def names(self) -> dict[str, Any]:
        """The columns that say of whom and of what each line is."""
        return {
            "unit_id": np.repeat(np.array(list(self.at_unit), dtype=object), len(self.at_indicator)),
            "indicator_id": np.tile(np.array(list(self.at_indicator), dtype=object), len(self.at_unit)),
        }


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
    blanks. `blocked`: unit and indicator of rows that were rejected. `nothing_units`: units whose card says that
    nothing arose in the whole period. `questioned` is empty until the questions are known (see `figures.doubt`).
    A gap is NaN with its kind: not-filled, not-yet-known, not-applicable, unreadable, not-reported.
    """
    layout = _lay_out(readings, project)
    given = layout.place(accepted)
    versions = {unit_id: {readings[doc].version for doc in chain} for unit_id, chain in chains.items()}
    owed = _owed(units, versions, project)
    is_expected, is_filled = layout.mark(layout.lines(owed)), layout.mark(given.lines)
    value = layout.column("value", np.nan, given)
    kind = _kinds(layout, given, value, layout.mark_units(chains), _unread(layout, given, blocked, project))
    # nothing arose where the card says so of a unit that owes the figure and left it blank
    is_none = layout.mark_units(set(nothing_units)) & (kind == "not-filled") & is_expected
    kind[is_none], value[is_none] = "none-arose", 0.0
    figures = {
        "value": value,
        "kind_of_nothing": kind,
        "is_expected": is_expected,
        "is_filled": is_filled,
        "note": layout.column("note", None, given),
    }
    spoken = layout.place(_in_speaking_order(offered[offered["indicator_id"].isin(layout.at_indicator)], chains))
    grid = pd.DataFrame({**layout.names(), **figures, **_addresses(layout, spoken, given, readings), "questioned": ""})
    return grid[is_expected | is_filled].reset_index(drop=True), _none_arose(grid[is_none])


def _lay_out(readings: Sequence[Reading], project: Project) -> _Layout:
    at_unit = {unit.unit_id: place for place, unit in enumerate(project.register.units)}
    at_indicator = {item.id: place for place, item in enumerate(project.plan.indicators)}
    of_doc = np.array([at_unit.get(reading.unit_id, -1) for reading in readings], dtype="int64")
    return _Layout(at_unit, at_indicator, of_doc)


def _owed(
    units: Iterable[Unit], versions: Mapping[str, Collection[str]], project: Project
) -> Iterator[tuple[str, str]]:
    """Each unit with each indicator that it owes: what none of its forms in force asks for, it does not."""
    plan = project.plan
    for unit in units:
        asked_by = versions.get(unit.unit_id, (plan.form,))
        for item in plan.indicators:
            if plan.fills(item, unit) and any(plan.asks(item, version) for version in asked_by):
                yield unit.unit_id, item.id


def _unread(layout: _Layout, given: _Placed, blocked: Iterable[tuple[str, str]], project: Project) -> Any:
    """Whether a line was written but not read: its row was rejected, or accepted without a value that it holds."""
    rows, is_unread = given.rows, layout.mark(layout.lines(blocked))
    is_unread[given.lines] = False
    # a filled row whose value could not be read has no word for nothing and no number; a mere note does not fill it in
    is_held = project.form["figures"].holds(rows["held"], "value")
    is_unread[given.lines] |= (is_held & rows["value"].isna() & (rows["nothing"] == "")).to_numpy()
    return is_unread


def _kinds(layout: _Layout, given: _Placed, value: Any, has_reported: Any, is_unread: Any) -> Any:
    """The kind of nothing of each line: the unit's word for it, else why there is none; empty for a number."""
    nothing = layout.column("nothing", "", given)
    return np.select(
        [nothing != "", ~np.isnan(value), ~has_reported, is_unread],
        [nothing, "", "not-reported", "unreadable"],
        default="not-filled",
    )


def _addresses(layout: _Layout, spoken: _Placed, given: _Placed, readings: Sequence[Reading]) -> dict[str, Any]:
    """Where each line stands: in the form that gave its value, else in the one that speaks for its blank."""
    doc, row = layout.column("doc", -1, spoken, given), layout.column("row", 0, spoken, given)
    known_places = [*map(_place, readings), ("", "", "")]  # the last is that of -1, no file
    files, sheets, columns = (np.array(names, dtype=object)[doc] for names in zip(*known_places, strict=True))
    cells = [f"{column}{line}" if line else "" for column, line in zip(columns, row, strict=True)]
    return {"doc": doc, "file": files, "sheet": sheets, "row": row, "cell": cells}


def _none_arose(lines: pd.DataFrame) -> list[Change]:
    """That these blanks were counted as none."""
    return [
        Change(unit_id, file, sheet, cell, "value", "", "0", "nothing-to-report")
        for unit_id, file, sheet, cell in tuples(lines, "unit_id", "file", "sheet", "cell")
    ]


def _in_speaking_order(offered: pd.DataFrame, chains: Mapping[str, tuple[int, ...]]) -> pd.DataFrame:
    """All rows that were offered, so that the last of each unit and indicator is the one that speaks.

    A filled row speaks before a blank one, a later form before an earlier.
    """
    ranks = {doc: rank for chain in chains.values() for rank, doc in enumerate(chain)}
    return offered.assign(rank=offered["doc"].map(ranks)).sort_values(["filled", "rank"], kind="stable")


def _place(reading: Reading) -> tuple[str, str, str]:
    """File, sheet, and the letters of the column that holds the values on the sender's sheet."""
    found = reading.tables.get("figures")
    return (reading.file, found.sheet, found.cell("value", 0).rstrip("0")) if found else (reading.file, "", "")
