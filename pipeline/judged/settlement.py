"""One period's forms taken apart: which are in force, which rows count, which figures stand. Not yet judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.register import Unit
from pipeline.values.forms import Change, Reading
from pipeline.values.frames import rows_where
from pipeline.values.problems import Problem
from pipeline.values.states import SubmissionState

UNCLEAR = "held-unclear"  # asked of an activity that may not have taken place


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one file. `is_set_aside`: a sample form beside real ones, which is nobody's report."""

    state: SubmissionState
    reason: str = ""
    is_set_aside: bool = False


@dataclass(frozen=True)
class Versions:
    """A decision per reading, the readings in force by unit (base first, then supplements), and the problems found."""

    decisions: tuple[Decision, ...]
    chains: Mapping[str, tuple[int, ...]]
    problems: tuple[Problem, ...]

    @property
    def in_force(self) -> tuple[int, ...]:
        return tuple(sorted(doc for chain in self.chains.values() for doc in chain))


@dataclass(frozen=True)
class SortedRows:
    """Accepted rows by table; rejected rows of all tables with `codes`; the problems found in settling.

    `blocked` tells by table which tasks or indicators (unit id, id) the blocked rows were about; the id is empty where
    that cannot be told.
    """

    accepted: Mapping[str, pd.DataFrame]
    rejected: pd.DataFrame
    blocked: Mapping[str, frozenset[tuple[str, str]]]
    problems: tuple[Problem, ...]


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

    @property
    def heard_readings(self) -> list[Reading]:
        """The files in the order in which they came, but for samples beside real forms, which are nobody's."""
        known = zip(self.readings, self.versions.decisions, strict=True)
        heard = [reading for reading, decision in known if not decision.is_set_aside]
        return sorted(heard, key=lambda reading: (reading.arrival.received_at, reading.file))

    @cached_property
    def activities(self) -> Mapping[tuple[str, str], int]:
        """How many accepted activities each unit listed for each task, where there are any.

        Those of which it is asked whether they took place, or when, prove nothing yet and are left out.
        """
        return _by_task(self._held)

    @cached_property
    def reposts(self) -> Mapping[tuple[str, str], int]:
        """How many of them are reposts."""
        return _by_task(self._held[self._held["repost_of"].notna()])

    @cached_property
    def _held(self) -> pd.DataFrame:
        rows = rows_where(self.rows.accepted["activities"], self.rows.accepted["activities"]["date"].notna())
        unclear = {(problem.file, problem.row) for problem in self.problems if problem.code == UNCLEAR}
        if not unclear:
            return rows
        return rows[[place not in unclear for place in zip(rows["file"], rows["row"], strict=True)]]

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


def _by_task(rows: pd.DataFrame) -> dict[tuple[str, str], int]:
    return {place: int(count) for place, count in rows.groupby(["unit_id", "task_id"]).size().items()}
