"""Cells as they are found in a workbook: what one may hold beside text and numbers, its address, how it is seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import lru_cache
from math import isnan
from typing import Any, NamedTuple

from pipeline.words.unseen import BLANK_SIGNS

STRUCK = "[gạch bỏ:"  # in a text, before what is struck through in it, up to the next bracket
MARK = "•"  # before each thing that a form says is to be done


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value such as #REF! that the reader would show as blank."""

    text: str


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula without a stored value."""

    formula: str


@dataclass(frozen=True, slots=True)
class LegacyText:
    """Text in a cell whose font (.Vn…, VNI-…) gives the letters another meaning than Unicode does."""

    text: str
    font: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Portion:
    """One of several numbers that stood in one cell: `text` is what the sender wrote, `part` the piece for this row."""

    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Contested:
    """A value that may not be used, because something beside it, or its own look, says that it is not what it seems.

    `text`: what the sender sees; `code`: the problem; `facts`: what its sentence names.
    """

    raw: Any
    text: str
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text


class CellLook(NamedTuple):
    """How a cell shows what it holds, where that may be otherwise than it is stored.

    `format`: its number format; `is_struck`: a line goes through it; `is_unseen`: its letters have the colour of its
    ground.
    """

    format: str = ""
    is_struck: bool = False
    is_unseen: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody hung on a cell: row and column from zero, who wrote it (often unknown), what it says."""

    place: tuple[int, int]
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, or a box with words in it, that lies on a sheet: where its corner is, and the words.

    Row and column count from zero; -1 where unknown.
    """

    place: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as read: cell values by row and column, both from zero, nothing dropped.

    `merges` are first row, first column, last row, last column; `covered` what lay unseen under them, taken out of
    `rows`; `linked`, as `merges`, the cells whose formulas reach into another file; `links` the addresses to which
    cells lead; `strays` what is filled so far away that it is not in `rows`; `looks` those of cells that may show
    something else than they hold.
    """

    name: str
    rows: list[list[Any]]
    is_visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    covered: Mapping[tuple[int, int], Any] = field(default_factory=dict)
    linked: tuple[tuple[int, int, int, int], ...] = ()
    comments: tuple[Comment, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    strays: Mapping[tuple[int, int], Any] = field(default_factory=dict)
    looks: Mapping[tuple[int, int], CellLook] = field(default_factory=dict)


def shown(value: Any) -> str:
    """A raw or typed cell as its sender sees it."""
    if value.__class__ is str:  # as most are
        text: str = value
        return text
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return f"{value // timedelta(hours=1)}:{value // timedelta(minutes=1) % 60:02d}"
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    return str(getattr(value, "text", getattr(value, "formula", value)))


def unstruck(text: str) -> str:
    """A text without the parts of it that are struck through."""
    while STRUCK in text:
        before, _, rest = text.partition(STRUCK)
        text = f"{before.rstrip()} {rest.partition(']')[2].lstrip()}".strip()
    return text


@lru_cache(maxsize=65_536)
def cell_name(column: int, number: int) -> str:
    """`F17` for column 5 (from zero) and Excel row 17."""
    letters = ""
    column += 1
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(65 + remainder) + letters
    return f"{letters}{number}"


@lru_cache(maxsize=65_536)
def column_number(letters: str) -> int:
    """5 for column `F`, from zero; -1 for no letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def is_missing(value: Any) -> bool:
    """No converted value: `None`, NaN or NaT, which alone does not equal itself."""
    return value is None or value != value  # noqa: PLR0124


def is_blank(value: Any) -> bool:
    """Nothing in the cell, or only characters that nobody sees."""
    if value.__class__ is str:  # as most are
        return not value.strip(BLANK_SIGNS)
    if isinstance(value, LegacyText):
        value = value.text
    return value is None or (isinstance(value, str) and not value.strip(BLANK_SIGNS))
