"""Rates of completion by task and by unit; numerator and denominator are lists of names, so that each can be checked."""

from dataclasses import dataclass

import pandas as pd

from pipeline.declare.plan import JUDGED
from pipeline.declare.project import Project


@dataclass(frozen=True, slots=True)
class Rate:
    """`done` of `judged` units (or tasks); `states` lists the ids by state, for sentences that name them."""

    of: str
    done: tuple[str, ...]
    judged: tuple[str, ...]
    states: dict[str, tuple[str, ...]]

    @property
    def value(self) -> float | None:
        return len(self.done) / len(self.judged) if self.judged else None


def rates_by_task(completeness: pd.DataFrame, project: Project) -> tuple[Rate, ...]:
    """One rate a task: the leads for whom it is due or recurring in this period."""
    return tuple(_rate(task.id, completeness[completeness["task_id"] == task.id], "unit_id") for task in project.plan.tasks)


def rates_by_unit(completeness: pd.DataFrame) -> tuple[Rate, ...]:
    """One rate a unit: the tasks that it leads and that are due or recurring in this period."""
    return tuple(_rate(str(unit_id), rows, "task_id") for unit_id, rows in completeness.groupby("unit_id", sort=False))


def _rate(of: str, rows: pd.DataFrame, names: str) -> Rate:
    judged = rows[rows["obligation"].isin(JUDGED)]
    led = rows[rows["obligation"] != "not-lead"]
    states = {str(state): tuple(group[names]) for state, group in led.groupby("state", sort=False)}
    return Rate(of, tuple(judged[judged["state"] == "done"][names]), tuple(judged[names]), states)
