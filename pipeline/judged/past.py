"""What a period is compared with."""

from dataclasses import dataclass

import pandas as pd

from pipeline.declare.plan import Period


@dataclass(frozen=True)
class Past:
    """The period before, or the quarter that is left of it without the part that it contains.

    `grid`: see `figures.grid.COLUMNS`. `whole` and `part` are the periods of which it is the rest; else `None`.
    """

    period: Period
    grid: pd.DataFrame
    whole: Period | None = None
    part: Period | None = None
