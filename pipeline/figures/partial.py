"""Sums that can be put together: of some units' figures, exact, so that it does not matter who is added to whom first.

A district adds up its units, a province its districts, the nation its provinces; the result is the same to the last
digit as adding up all units at once. Floating-point sums have no such promise, so the parts are whole numbers or
fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd


@dataclass(frozen=True, slots=True)
class Sum:
    """One indicator over some units: the sum of what was given, and by how many units.

    `reporting` are those of them that owe it, of `expected` that do; `questioned` units are asked about
    what they gave, `doubtful` of the amount.
    """

    amount: Fraction = Fraction(0)
    given: int = 0
    reporting: int = 0
    expected: int = 0
    doubtful: Fraction = Fraction(0)
    questioned: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.amount + other.amount,
            self.given + other.given,
            self.reporting + other.reporting,
            self.expected + other.expected,
            self.doubtful + other.doubtful,
            self.questioned + other.questioned,
        )

    @property
    def value(self) -> float:
        """The sum, or NaN when nobody gave a figure: a gap is not zero."""
        return float(self.amount) if self.given else float("nan")


Sums = Mapping[str, Sum]


def sum_by_indicator(grid: pd.DataFrame) -> dict[str, Sum]:
    """The sums of a figure grid by indicator; one that nobody owes or gave is not among them."""
    sums = {}
    for indicator_id, lines in grid.groupby("indicator_id", sort=True):
        sums[str(indicator_id)] = _sum_of(lines)
    return sums


def _sum_of(lines: pd.DataFrame) -> Sum:
    """The sum of the lines of one indicator."""
    is_given, is_owed = lines["value"].notna(), lines["is_expected"]
    given, reporting, expected = (int(count) for count in (is_given.sum(), (is_given & is_owed).sum(), is_owed.sum()))
    doubtful = lines["value"][is_given & (lines["questioned"] != "")].tolist()
    added = exact_sum(lines["value"][is_given].tolist())
    return Sum(added, given, reporting, expected, exact_sum(doubtful), len(doubtful))


def exact_sum(values: Iterable[float]) -> Fraction:
    """The sum to the last digit, whatever the order."""
    whole, broken = 0, Fraction(0)
    for value in values:
        if value.is_integer():
            whole += int(value)
        else:
            broken += Fraction(value)
    return whole + broken


def combine(parts: Iterable[Sums]) -> dict[str, Sum]:
    """The sums of all parts together; no unit may stand in two of them."""
    together: dict[str, Sum] = {}
    for part in parts:
        for indicator_id, item in part.items():
            together[indicator_id] = together.get(indicator_id, Sum()) + item
    return together
