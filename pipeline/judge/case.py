"""What the cross rules look at: one settled period, and what the other periods of the year hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.judge.rows import SET_ASIDE
from pipeline.judged.settlement import Settlement
from pipeline.values.forms import problem_at
from pipeline.values.frames import rows_as_dicts
from pipeline.values.problems import Problem

Floats = NDArray[np.float64]
_NO_ROW_OF_ITS_OWN = ("duplicate-row", "row-unknown")  # of which nobody can say which one counts


@dataclass(frozen=True)
class Case:
    """Everything a rule may ask about. Rules read it and return problems; they change nothing."""

    project: Project
    mine: Settlement
    earlier: Mapping[str, Settlement] = field(default_factory=dict)  # by the code of the period
    proved: Mapping[tuple[str, str], Period] = field(default_factory=dict)  # unit and task done before, known otherwise

    def at(self, table: str, doc: int, row: int, key: str, code: str, value: object = "", /, **facts: str) -> Problem:
        """A problem at one cell of a form in force."""
        return problem_at(self.mine.readings[doc], table, key, row, code, value, **facts)

    def figure(self, unit_id: str, indicator_id: str, code: str, value: object = "", /, **facts: str) -> Problem:
        """A problem at the cell of one figure."""
        doc, row = self._figure_place(unit_id, indicator_id)
        if row:
            return self.at("figures", doc, row, "value", code, value, **facts)
        sheet = self.project.form["figures"].name
        named = {"row_name": indicator_id, **facts}
        file = self.mine.readings[self._base(unit_id)].file
        return Problem(code, file, unit_id, sheet, "", "figures", "value", str(value), 0, named)

    def _base(self, unit_id: str) -> int:
        return self.mine.versions.chains[unit_id][0]

    def _figure_place(self, unit_id: str, indicator_id: str) -> tuple[int, int]:
        """Reading and Excel row of a figure; a blank one that the unit does not owe is in no grid, but on its form."""
        if (unit_id, indicator_id) in self.figure_line.index:
            line = self.figure_line.loc[(unit_id, indicator_id)]
            return int(line["doc"]), int(line["row"])
        rows = self.mine.frames["figures"]
        rows = rows[(rows["doc"] == self._base(unit_id)) & (rows["indicator_id"] == indicator_id)]
        return (int(rows["doc"].iat[0]), int(rows["row"].iat[0])) if len(rows) else (-1, 0)

    @cached_property
    def figure_line(self) -> pd.DataFrame:
        """The figure grid by unit and indicator."""
        return self.mine.grid.set_index(["unit_id", "indicator_id"])

    @cached_property
    def values(self) -> pd.DataFrame:
        """Units in force × indicators; NaN is a gap."""
        return self._laid_out("value")

    @cached_property
    def is_expected(self) -> pd.DataFrame:
        """Units in force × indicators: whether the unit owes the figure."""
        return self._laid_out("is_expected").eq(True)

    @cached_property
    def is_theirs(self) -> pd.DataFrame:
        """Units in force × indicators: whether it is the unit's to fill, asked by its form or not."""
        plan, units = self.project.plan, self.project.register.by_id
        rows = {name: [plan.fills(item, units[name]) for item in plan.indicators] for name in self.values.index}
        ids = [item.id for item in plan.indicators]
        return pd.DataFrame.from_dict(rows, orient="index", columns=ids, dtype=bool)

    @cached_property
    def addends(self) -> Mapping[str, Floats]:
        """By indicator, what the units in force add to a sum: 0 for a gap that is not theirs to fill, else NaN."""
        filled = self.values.mask(~self.is_theirs & self.values.isna(), 0.0)
        return {str(name): column.to_numpy() for name, column in filled.items()}

    @cached_property
    def owed(self) -> Mapping[str, NDArray[np.bool_]]:
        """By indicator, which of the units in force owe it."""
        return {str(name): column.to_numpy() for name, column in self.is_expected.items()}

    def _laid_out(self, column: str) -> pd.DataFrame:
        grid = self.mine.grid[self.mine.grid["unit_id"].isin(self.mine.versions.chains)]
        wide = grid.pivot(index="unit_id", columns="indicator_id", values=column)
        return wide.reindex(columns=[item.id for item in self.project.plan.indicators])

    def card_values(self, key: str) -> dict[int, Any]:
        """One converted answer of the card, by reading."""
        return dict(zip(self.mine.frames["card"]["doc"], self.mine.frames["card"][key], strict=True))

    @cached_property
    def task_rows(self) -> list[dict[str, Any]]:
        """The accepted rows of Biểu 1."""
        return list(rows_as_dicts(self.mine.rows.accepted["tasks"]))

    @cached_property
    def blocked_task_rows(self) -> list[dict[str, Any]]:
        """The rows of Biểu 1 that a wrong cell keeps out, so that what else is wrong with them is asked at once."""
        out = self.mine.rows.rejected
        out = out[(out["table"] == "tasks") & ~out["codes"].isin([*SET_ASIDE, *_NO_ROW_OF_ITS_OWN])]
        places = set(zip(out["doc"], out["row"], strict=True))
        rows = self.mine.frames["tasks"]
        mine = rows[[place in places for place in zip(rows["doc"], rows["row"], strict=True)]] if places else rows[:0]
        return [row for row in rows_as_dicts(mine) if row["task_id"]]

    @cached_property
    def listed_activities(self) -> pd.DataFrame:
        """The rows of Biểu 3 that units listed as activities, those among them that a wrong cell keeps out, too."""
        accepted, out = self.mine.rows.accepted["activities"], self.mine.rows.rejected
        out = out[(out["table"] == "activities") & ~out["codes"].isin([*SET_ASIDE, "duplicate-row"])]
        if out.empty:
            return accepted
        places = set(zip(out["doc"], out["row"], strict=True))
        rows = self.mine.frames["activities"]
        return pd.concat([accepted, rows[[place in places for place in zip(rows["doc"], rows["row"], strict=True)]]])

    @cached_property
    def listed(self) -> Mapping[tuple[str, str], int]:
        """How many of them there are, by unit and task."""
        sizes = self.listed_activities.groupby(["unit_id", "task_id"]).size()
        return {place: int(count) for place, count in sizes.items()}

    @cached_property
    def nothing_units(self) -> frozenset[str]:
        """Units whose newest card says that nothing arose in the whole period."""
        return frozenset(nothing_units(self.mine.frames["card"], self.mine.versions.chains, self.project))


def nothing_units(cards: pd.DataFrame, chains: Mapping[str, tuple[int, ...]], project: Project) -> list[str]:
    """Units whose newest card in force says that nothing arose in the whole period."""
    yes = project.form.label("yes_no", "yes")
    said = dict(zip(cards["doc"], cards["nothing_to_report"], strict=True))
    return [unit_id for unit_id, chain in chains.items() if said.get(chain[-1]) == yes]
