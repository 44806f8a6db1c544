"""One period's forms taken apart: which are in force, which rows count, which figures stand. Not yet judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.register import Unit
from pipeline.judge.rows import SortedRows
from pipeline.judge.versions import Versions
from pipeline.values.forms import Change, Reading
from pipeline.values.problems import Problem


@dataclass(frozen=True)
class Settlement:
    """What is known of a period before its tasks are judged; the same of every other period that is looked at.

    `frames`: typed rows of the forms in force, by table (card included). `cards`: of all forms. `grid`: see
    `figures.grid.COLUMNS`. `problems` are said, `silent` are those that others speak for (see `judge.telling`).
    """

    period: Period
    units: tuple[Unit, ...]
    readings: tuple[Reading, ...]
    versions: Versions
    rows: SortedRows
    frames: Mapping[str, pd.DataFrame]
    cards: pd.DataFrame
    grid: pd.DataFrame
    problems: tuple[Problem, ...]
    silent: tuple[Problem, ...]
    changes: tuple[Change, ...]

    @property
    def uses_samples(self) -> bool:
        """Whether any sample form is in force."""
        return any(self.readings[doc].is_sample for doc in self.versions.in_force)

    @cached_property
    def activities(self) -> Mapping[tuple[str, str], int]:
        """How many accepted activities each unit listed for each task, where there are any."""
        rows = self.rows.accepted["activities"]
        return {place: int(count) for place, count in rows.groupby(["unit_id", "task_id"]).size().items()}

    @cached_property
    def values(self) -> pd.DataFrame:
        """Units × indicators; NaN is a gap."""
        return self.grid.pivot_table(
            index="unit_id", columns="indicator_id", values="value", aggfunc="first", dropna=False
        )

    def gave(self, unit_id: str, indicator_id: str) -> bool:
        """Whether the unit gave a figure above zero."""
        is_known = unit_id in self.values.index and indicator_id in self.values.columns
        return is_known and bool(self.values.at[unit_id, indicator_id] > 0)
