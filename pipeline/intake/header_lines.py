"""Lines below the header texts that still belong to the header: a second line of words, the row of column numbers.

Official tables number their columns: (1) (2) (3), or A B 1 2 3=1+2. Excel stores a typed “(1)” as the number -1.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from pipeline.values.cells import RawSheet, cell_name, is_blank, shown
from pipeline.values.problems import Problem

NUMBERED = "column-numbers"
_LINES = 3  # how far below the header the row of numbers is looked for
_LEAST, _SHARE = 3, 0.6  # how many columns have to be numbered, and which part of them
_SKIPPED = 1  # columns between the numbered ones that may bear no number
_MARK = re.compile(r"(?:(?P<letter>[A-Za-z])|(?P<sign>[-–]?)(?P<number>\d{1,2}))(?:=[\dA-Za-z+\-–*/:%.,]+)?")
_DROPPED = re.compile(r"[\s()\[\].]+")


class _Mark(NamedTuple):
    """One column number: the place of a letter in the alphabet, or a number; and how a stored number is signed."""

    is_letter: bool
    value: int
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Top:
    """Where the data of a table begins, from zero, and the row of column numbers, -1 for none."""

    data: int
    numbers: int = -1


def _numbers_below(rows: Sequence[Sequence[Any]], header: int, columns: Collection[int]) -> int:
    """The row that numbers the columns, with nothing but lines of the header above it; 0 where there is none."""
    for row in range(header + 1, min(header + 1 + _LINES, len(rows))):
        if is_numbering(rows[row], columns):
            return row
        if not _is_words(rows[row]):
            break
    return 0


def top_of(sheet: RawSheet, header: int, columns: Collection[int]) -> Top:
    """The first row of data below the header in row `header`, whose texts stand in `columns`; all from zero."""
    rows = sheet.rows
    if numbers := _numbers_below(rows, header, columns):
        return Top(numbers + 1, numbers)
    bottom = max((merge[2] for merge in sheet.merges if merge[0] == header and merge[1] in columns), default=header)
    if header < bottom <= header + _LINES and all(map(_is_words, rows[header + 1 : bottom + 1])):
        return Top(bottom + 1)
    return Top(header + 1)


def is_numbering(cells: Sequence[Any], columns: Collection[int]) -> bool:
    """Whether a row holds nothing but the numbers of most columns, in their order: no identifier, no word, no date."""
    marks: dict[int, _Mark] = {}
    for column, value in enumerate(cells):
        if value != "" and not is_blank(value):
            if not (mark := _mark(value)):
                return False  # as nearly always, since answers stand here
            marks[column] = mark
    numbered = sorted(marks.keys() & set(columns))
    if len(numbered) < max(_LEAST, ceil(_SHARE * len(columns))):
        return False
    skipped = sum(numbered[0] < column < numbered[-1] for column in columns) + 2 - len(numbered)
    return skipped <= _SKIPPED and _is_in_order(list(marks.values()))


def numbering_note(sheet: RawSheet, table: str, row: int) -> Iterator[Problem]:
    """The one note on a row of column numbers that was set aside; none where there is no such row."""
    if row >= 0:
        cells = [(column, value) for column, value in enumerate(sheet.rows[row]) if not is_blank(value)]
        written = " ".join(shown(value) for _, value in cells)
        yield Problem(NUMBERED, "", "", sheet.name, cell_name(cells[0][0], row + 1), table, value=written)


def _is_in_order(marks: Sequence[_Mark]) -> bool:
    letters = [mark.value for mark in marks if mark.is_letter]
    numbers = [mark.value for mark in marks if not mark.is_letter]
    are_letters_first = all(mark.is_letter for mark in marks[: len(letters)])
    first = numbers[0] if numbers else 1
    return (
        are_letters_first
        and letters == list(range(1, len(letters) + 1))
        and numbers == list(range(first, first + len(numbers)))
        and first in (1, len(letters) + 1)
        and len({mark.sign for mark in marks if mark.sign}) <= 1
    )


def _mark(value: Any) -> _Mark | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        is_small = value == value // 1 and 0 < abs(value) < 100
        return _Mark(False, int(abs(value)), 1 if value > 0 else -1) if is_small else None
    return _written_mark(value) if isinstance(value, str) else None


def _written_mark(text: str) -> _Mark | None:
    found = _MARK.fullmatch(_DROPPED.sub("", text))
    if not found:
        return None
    if letter := found["letter"]:
        return _Mark(True, ord(letter.upper()) - ord("A") + 1)
    return _Mark(False, int(found["number"]), -1 if found["sign"] else 0)


def _is_words(cells: Sequence[Any]) -> bool:
    """Whether a row is blank, or could be a second line of a header: words without a digit, and no value."""
    return all(
        value == "" or is_blank(value) or (isinstance(value, str) and not any(map(str.isdecimal, value)))
        for value in cells
    )
