"""What a period is compared with: the one before, and the same of the year before."""

from dataclasses import dataclass, replace

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.judged.settlement import Settlement


@dataclass(frozen=True)
class Past:
    """The period before, or the quarter that is left of it without the part that it contains.

    `grid`: see `figures.grid.COLUMNS`. `whole` and `part` are the periods of which it is the rest; else `None`.
    """

    period: Period
    grid: pd.DataFrame
    whole: Period | None = None
    part: Period | None = None


@dataclass(frozen=True)
class LastYear:
    """The same period of the year before. `project`: the declarations of that year."""

    project: Project
    settled: Settlement

    @property
    def period(self) -> Period:
        """It with its year in code and name, as it is told beside periods of this year."""
        plan, mine = self.project.plan, self.settled.period
        name, code = plan.full_name(mine), f"{plan.year}:{mine.code}"
        return replace(mine, code=code, name=name, cumulative=(), contains=(), previous="", rest="")


@dataclass(frozen=True)
class Beside:
    """A period beside another one.

    `totals`: those of the other one. `compared`: the totals of both, see `values.lines.ComparedLine`. `lines`: the same
    by unit, see `values.lines.DifferenceLine`. `bridge`: the same for those who reckon on.
    """

    past: Past
    totals: pd.DataFrame
    compared: pd.DataFrame
    lines: pd.DataFrame
    bridge: pd.DataFrame
