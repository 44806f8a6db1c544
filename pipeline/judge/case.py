"""What the cross rules look at: one period's settled rows, figures and cards, and what earlier periods hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.values.forms import Reading, problem_at
from pipeline.values.frames import rows_as_dicts
from pipeline.values.problems import Problem


@dataclass(frozen=True)
class Earlier:
    """What another period of the year gave: its accepted rows and its figure grid."""

    period: Period
    accepted: Mapping[str, pd.DataFrame]
    grid: pd.DataFrame

    @cached_property
    def activities(self) -> Mapping[tuple[str, str], int]:
        """How many accepted activities of that period each unit listed for each task, where there are any."""
        return _count_activities(self.accepted["activities"])

    @cached_property
    def values(self) -> pd.DataFrame:
        """Units × indicators."""
        return self.grid.pivot_table(
            index="unit_id", columns="indicator_id", values="value", aggfunc="first", dropna=False
        )

    def gave(self, unit_id: str, indicator_id: str) -> bool:
        """Whether the unit gave a figure above zero."""
        return (
            unit_id in self.values.index
            and indicator_id in self.values.columns
            and bool(self.values.at[unit_id, indicator_id] > 0)
        )


@dataclass(frozen=True)
class Case:
    """Everything a rule may ask about. Rules read it and return problems; they change nothing."""

    project: Project
    period: Period
    readings: Sequence[Reading]
    units: Sequence[Unit]
    chains: Mapping[str, tuple[int, ...]]
    cards: pd.DataFrame
    frames: Mapping[str, pd.DataFrame]
    accepted: Mapping[str, pd.DataFrame]
    blocked: Mapping[str, frozenset[tuple[str, str]]]
    grid: pd.DataFrame
    earlier: Mapping[str, Earlier] = field(default_factory=dict)

    def at(self, table: str, doc: int, row: int, key: str, code: str, value: object = "", /, **facts: str) -> Problem:
        return problem_at(self.readings[doc], table, key, row, code, value, **facts)

    def figure(self, unit_id: str, indicator_id: str, code: str, value: object = "", /, **facts: str) -> Problem:
        """A problem at the cell of one figure."""
        doc, row = self._figure_place(unit_id, indicator_id)
        if row:
            return self.at("figures", doc, row, "value", code, value, **facts)
        reading = self.readings[self.chains[unit_id][0]]
        return Problem(
            code,
            reading.file,
            unit_id,
            self.project.form["figures"].name,
            "",
            "figures",
            "value",
            str(value),
            0,
            {"row_name": indicator_id, **facts},
        )

    def _figure_place(self, unit_id: str, indicator_id: str) -> tuple[int, int]:
        """Reading and Excel row of a figure; a row that the unit does not owe and left blank is in no grid, but on its form."""
        if (unit_id, indicator_id) in self.figure_line.index:
            line = self.figure_line.loc[(unit_id, indicator_id)]
            return int(line["doc"]), int(line["row"])
        rows = self.frames["figures"]
        mine = rows[(rows["doc"] == self.chains[unit_id][0]) & (rows["indicator_id"] == indicator_id)]
        return (int(mine["doc"].iat[0]), int(mine["row"].iat[0])) if len(mine) else (-1, 0)

    @cached_property
    def figure_line(self) -> pd.DataFrame:
        return self.grid.set_index(["unit_id", "indicator_id"])

    @cached_property
    def values(self) -> pd.DataFrame:
        """Units in force × indicators; NaN is a gap."""
        mine = self.grid[self.grid["unit_id"].isin(self.chains)]
        wide = mine.pivot(index="unit_id", columns="indicator_id", values="value")
        return wide.reindex(columns=[item.id for item in self.project.plan.indicators])

    @cached_property
    def is_expected(self) -> pd.DataFrame:
        mine = self.grid[self.grid["unit_id"].isin(self.chains)]
        wide = mine.pivot(index="unit_id", columns="indicator_id", values="is_expected")
        return wide.reindex(columns=[item.id for item in self.project.plan.indicators]).eq(True)

    def card_values(self, key: str) -> dict[int, Any]:
        """One converted answer of the card, by reading."""
        return dict(zip(self.cards["doc"], self.cards[key], strict=True))

    @cached_property
    def task_rows(self) -> list[dict[str, Any]]:
        """The accepted rows of Biểu 1."""
        return list(rows_as_dicts(self.accepted["tasks"]))

    @cached_property
    def activities(self) -> Mapping[tuple[str, str], int]:
        """How many accepted activities each unit listed for each task, where there are any."""
        return _count_activities(self.accepted["activities"])

    @cached_property
    def nothing_units(self) -> frozenset[str]:
        """Units whose newest card says that nothing arose in the whole period."""
        return frozenset(nothing_units(self.cards, self.chains, self.project))


def _count_activities(rows: pd.DataFrame) -> dict[tuple[str, str], int]:
    return {place: int(count) for place, count in rows.groupby(["unit_id", "task_id"]).size().items()}


def nothing_units(cards: pd.DataFrame, chains: Mapping[str, tuple[int, ...]], project: Project) -> list[str]:
    """Units whose newest card in force says that nothing arose in the whole period."""
    yes = project.form.label("yes_no", "yes")
    said = dict(zip(cards["doc"], cards["nothing_to_report"], strict=True))
    return [unit_id for unit_id, chain in chains.items() if said.get(chain[-1]) == yes]
