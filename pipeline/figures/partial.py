"""Sums that can be put together: of some units' figures, exact, so that it does not matter who is added to whom first.

A district adds up its units, a province its districts, the nation its provinces; the result is the same to the last digit
as adding up all units at once. Floating-point sums have no such promise, so the parts are whole numbers or fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isnan
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Sum:
    """One indicator over some units: the sum of what was given, by how many units, and how many of those that owe it gave it."""

    amount: Fraction = Fraction(0)
    given: int = 0
    reporting: int = 0
    expected: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.amount + other.amount, self.given + other.given, self.reporting + other.reporting, self.expected + other.expected)

    @property
    def value(self) -> float:
        """The sum, or NaN when nobody gave a figure: a gap is not zero."""
        return float(self.amount) if self.given else float("nan")


Sums = Mapping[str, Sum]


def sum_by_indicator(grid: pd.DataFrame) -> dict[str, Sum]:
    """The sums of a figure grid by indicator; one that nobody owes or gave is not among them."""
    counted: dict[str, list[Any]] = {}
    for indicator_id, value, is_owed in zip(grid["indicator_id"], grid["value"].tolist(), grid["is_expected"].tolist(), strict=True):
        item = counted.setdefault(indicator_id, [0, 0, 0, 0])
        if not isnan(value):
            item[0] += int(value) if value.is_integer() else Fraction(value)
            item[1] += 1
            item[2] += is_owed
        item[3] += is_owed
    return {indicator_id: Sum(Fraction(amount), *counts) for indicator_id, (amount, *counts) in sorted(counted.items())}


def combine(parts: Iterable[Sums]) -> dict[str, Sum]:
    """The sums of all parts together; no unit may stand in two of them."""
    together: dict[str, Sum] = {}
    for part in parts:
        for indicator_id, item in part.items():
            together[indicator_id] = together.get(indicator_id, Sum()) + item
    return together
