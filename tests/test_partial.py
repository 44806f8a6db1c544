"""Partial sums are put together in any order and grouping to the same result: districts, provinces, the nation."""

from collections.abc import Sequence
from math import fsum, isnan

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.figures.partial import Sum, Sums, combine, sum_by_indicator

FIGURES = st.one_of(
    st.none(),
    st.integers(0, 10**9).map(float),
    st.decimals(0, 10**6, places=1).map(float),
    st.sampled_from([0.1, 0.2, 0.3, 1e-9, 2.0**53 + 2, 9e15]),
)
Line = tuple[str, float | None, bool, str]
LINES = st.lists(
    st.tuples(
        st.sampled_from(["CT01", "CT02", "CT16"]),
        FIGURES,
        st.booleans(),
        st.sampled_from(["", "", "outlier", "outlier sum-mismatch"]),
    ),
    max_size=30,
)


def grid(lines: Sequence[Line]) -> pd.DataFrame:
    """Only what a sum looks at."""
    return pd.DataFrame(
        {
            "indicator_id": pd.Series([name for name, *_ in lines], dtype=object),
            "value": pd.Series([value for _, value, *_ in lines], dtype="float64"),
            "is_expected": pd.Series([is_owed for *_, is_owed, _ in lines], dtype=bool),
            "questioned": pd.Series([codes for *_, codes in lines], dtype=object),
        }
    )


def nested(parts: list[Sums], cuts: Sequence[int]) -> Sums:
    """The parts put together in some tree: at each cut the lists left and right of it first."""
    if len(parts) < 2:
        return combine(parts)
    cut = 1 + cuts[0] % (len(parts) - 1)
    return combine([nested(parts[:cut], cuts[1:] or cuts), nested(parts[cut:], cuts[1:] or cuts)])


@given(st.lists(LINES, min_size=1, max_size=8), st.lists(st.integers(0, 7), min_size=1, max_size=8), st.randoms())
def test_parts_in_any_grouping_and_order_come_to_the_sum_of_all(
    units: list[list[Line]], cuts: list[int], random
) -> None:  # type: ignore[no-untyped-def]
    whole = sum_by_indicator(grid([line for unit in units for line in unit]))
    parts: list[Sums] = [sum_by_indicator(grid(unit)) for unit in units]
    random.shuffle(parts)
    assert dict(nested(parts, cuts)) == whole


@given(LINES)
def test_a_sum_is_as_exact_as_a_float_can_be(lines: list[Line]) -> None:
    for name, item in sum_by_indicator(grid(lines)).items():
        given_values = [value for indicator_id, value, *_ in lines if indicator_id == name and value is not None]
        assert item.given == len(given_values)
        assert item.value == fsum(given_values) if given_values else isnan(item.value)


@given(LINES)
def test_what_is_under_question_is_a_part_of_the_sum(lines: list[Line]) -> None:
    for name, item in sum_by_indicator(grid(lines)).items():
        asked = [value for found, value, _, codes in lines if found == name and value is not None and codes]
        assert (item.questioned, float(item.doubtful)) == (len(asked), fsum(asked))
        assert item.doubtful <= item.amount


def test_nobody_who_gave_a_figure_is_a_gap_and_not_zero() -> None:
    assert isnan(Sum(expected=3).value)
    assert (Sum(expected=3) + Sum(given=1, reporting=1, expected=1)).value == 0.0
