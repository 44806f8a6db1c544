"""Sums that can be put together: of some units' figures, exact, so that it does not matter who is added to whom first.

A district adds up its units, a province its districts, the nation its provinces; the result is the same to the last
digit as adding up all units at once. Floating-point sums have no such promise, so the parts are whole numbers or
fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray


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
    codes, names = pd.factorize(grid["indicator_id"], sort=True)
    is_given, is_owed = grid["value"].notna().to_numpy(), grid["is_expected"].to_numpy(dtype=bool)
    is_doubtful = is_given & (grid["questioned"] != "").to_numpy()
    counts = [_count(codes[chosen], names) for chosen in (is_given, is_given & is_owed, is_owed, is_doubtful)]
    sums = [_sums(codes[chosen], grid["value"][chosen], names) for chosen in (is_given, is_doubtful)]
    return {
        str(name): Sum(amount, given, reporting, expected, doubtful, questioned)
        for name, amount, given, reporting, expected, doubtful, questioned in zip(
            names, sums[0], *counts[:3], sums[1], counts[3], strict=True
        )
    }


def _count(codes: "NDArray[np.intp]", names: "pd.Index[str]") -> list[int]:
    """How many lines each name has; `codes` are the places of their names."""
    return np.bincount(codes, minlength=len(names)).tolist()  # type: ignore[no-any-return]


def _sums(codes: "NDArray[np.intp]", values: "pd.Series[float]", names: "pd.Index[str]") -> list[Fraction]:
    """The sum of the values of each name."""
    by_name: list[list[float]] = [[] for _ in names]
    for code, value in zip(codes.tolist(), values.tolist(), strict=True):
        by_name[code].append(value)
    return [Fraction(exact_sum(found)) for found in by_name]


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
