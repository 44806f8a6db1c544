"""Lists as people read them: of very many the first, and how many more there are."""

from collections.abc import Sequence
from typing import TypeVar

from pipeline.words.numbers import number_text

T = TypeVar("T")


def first_of(items: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """The first of the items, `most` of them, and how many are left."""
    return items[:most], max(0, len(items) - most)


def named(names: Sequence[str], most: int, others: str) -> str:
    """“A, B và 12 đơn vị khác”: the names in a row, or of very many the first and how many `others` there are."""
    first, left = first_of(names, most)
    row = ", ".join(first)
    return f"{row} và {number_text(left)} {others}" if left else row


def lines_of(lines: Sequence[str], most: int, others: str) -> list[str]:
    """The lines, or of very many the first and one that says how many `others` there are."""
    first, left = first_of(lines, most)
    return [*first, f"và {number_text(left)} {others}"] if left else [*first]
