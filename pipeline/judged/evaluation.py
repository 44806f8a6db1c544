"""One period judged: what its tasks came to, its totals, and all that is to be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.judged.past import LastYear
from pipeline.judged.settlement import Settlement
from pipeline.values.problems import Problem


@dataclass(frozen=True)
class Evaluation:
    """Everything known about one period; `others` are the periods that it adds up or is compared with."""

    settlement: Settlement
    others: Mapping[str, Settlement]
    completeness: pd.DataFrame
    totals: pd.DataFrame
    forms: pd.DataFrame
    balance: pd.DataFrame
    problems: tuple[Problem, ...]
    silent: tuple[Problem, ...]  # those for which others speak
    open_problems: tuple[Problem, ...]  # those that units still have to hear of
    last_year: LastYear | None = None  # where it was read and has forms

    @property
    def uses_samples(self) -> bool:
        """Whether sample forms stand behind these figures, cumulative ones included."""
        return self.settlement.uses_samples or any(other.uses_samples for other in self.others.values())
