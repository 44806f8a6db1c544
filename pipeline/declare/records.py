"""The values that travel between stages: an arrival in the folder, a form as found in it, a table with provenance."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from math import isfinite, isnan
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.declare.problems import Problem, number_text

_RANGES = (  # spaces of every kind, controls, and characters without width: whoever looks at a cell with nothing else sees a blank one
    ("\x00", "\x20"), ("\x7f", "\xa0"), ("\xad", "\xad"), ("\u061c", "\u061c"), ("\u1680", "\u1680"), ("\u180e", "\u180e"), ("\u2000", "\u200f"),
    ("\u2028", "\u202f"), ("\u205f", "\u206f"), ("\u3000", "\u3000"), ("\ufeff", "\ufeff"), ("\ufff9", "\ufffb"),
)  # fmt: skip
_LONGEST_NUMBER = 1e15  # beyond, no cell holds its digits
_UNSEEN = "".join(chr(code) for first, last in _RANGES for code in range(ord(first), ord(last) + 1))


RECEIVING_BOOK = "so-nhan.csv"
BOOK_COLUMNS = ("file", "received_at", "channel", "note")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file in the inputs folder, before anyone looks inside."""

    file: str  # relative to the period's folder, with forward slashes
    path: Path
    size: int
    received_at: datetime
    is_booked: bool  # whether the receiving book gives the time
    channel: str = ""
    note: str = ""


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
    """One of several numbers that stood in one cell: `text` is what the sender wrote there, `part` the piece for this row."""

    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody hung on a cell: row and column from zero, who wrote it (often unknown), what it says."""

    place: tuple[int, int]
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, or a box with words in it, that lies on a sheet: row and column from zero of its corner (-1 where unknown), the words."""

    place: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as read: cell values by row and column, both from zero, nothing dropped.

    `merges` are first row, first column, last row, last column; `covered` what lay unseen under them, taken out of `rows`;
    `linked_cell` the first cell whose formula reaches into another file; `links` the addresses to which cells lead.
    """

    name: str
    rows: list[list[Any]]
    is_visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    covered: Mapping[tuple[int, int], Any] = field(default_factory=dict)
    linked_cell: str = ""
    comments: tuple[Comment, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One table of a form as found: its place on the sender's sheet and its rows as raw cells.

    `rows` hold the cells of `keys` in that order; `numbers` the Excel row of each; `filled` whether the unit wrote in it;
    `names`, of a fixed table, which task or indicator it is, empty where nobody can tell (see `Project.name_rows`).
    Once converted, a row of which every cell is used as written is no longer held (see `without`).
    """

    table: str
    sheet: str
    keys: tuple[str, ...]
    columns: Mapping[str, int]
    rows: list[tuple[Any, ...]]
    numbers: list[int]
    filled: list[bool]
    is_fixed: bool = False
    names: tuple[str, ...] = ()

    @cached_property
    def place(self) -> Mapping[int, int]:
        """Position in `rows` by Excel row."""
        return {number: position for position, number in enumerate(self.numbers)}

    def raw(self, key: str, number: int) -> Any:
        """What stands in the column of `key` on an Excel row."""
        return self.row(number)[self.keys.index(key)]

    def row(self, number: int) -> tuple[Any, ...]:
        """The raw cells of an Excel row; empty where they are no longer held."""
        return self.rows[self.place[number]]

    def row_name(self, number: int) -> str:
        """The task or indicator of a fixed row, so that a sentence can say which of the rows it means."""
        return self.names[self.place[number]] if self.names and number in self.place else ""

    def with_shared_texts(self, known: dict[str, str]) -> "Found":
        """The same table; a text that stands in `known`, which grows, is held once however many forms print it."""
        return replace(
            self,
            rows=[
                tuple([known.setdefault(cell, cell) if cell.__class__ is str else cell for cell in row])
                for row in self.rows
            ],
        )

    def without(self, kept: Container[int]) -> "Found":
        """The same table, with the raw cells of the rows whose Excel row is in `kept`."""
        return replace(
            self, rows=[row if number in kept else () for row, number in zip(self.rows, self.numbers, strict=True)]
        )

    def cell(self, key: str, number: int) -> str:
        """The address of a cell as the sender sees it."""
        return cell_name(self.columns[key], number) if key in self.columns else f"dòng {number}"


class CardCell(NamedTuple):
    """One answer of the card, with its address. A named tuple, because it travels between processes in a quarter of the time."""

    raw: Any
    cell: str


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is used other than as written, or a comment, which no table has a place for."""

    unit_id: str
    file: str
    sheet: str
    cell: str
    field: str
    raw: str
    used: str
    rule: str
    row: int = 0  # the Excel row, in a table


@dataclass(frozen=True)
class Reading:
    """One file after intake: what it is, whose, and what it holds. `problems` with a block-file code keep it out."""

    arrival: Arrival
    sha256: str
    kind: str
    unit_id: str = ""
    is_form: bool = False
    is_sample: bool = False
    card_sheet: str = ""
    card: Mapping[str, CardCell] = field(default_factory=dict)
    tables: Mapping[str, Found] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    replies: Mapping[str, str] = field(default_factory=dict)  # by problem key, from the to-do sheet
    comments: tuple[Change, ...] = ()  # what the unit wrote into the comments of cells

    @property
    def file(self) -> str:
        return self.arrival.file


def shown(value: Any) -> str:
    """A raw or typed cell as its sender sees it."""
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


def problem_at(
    reading: Reading, table: str, key: str, number: int, code: str, value: Any = "", /, **facts: str
) -> Problem:
    """A problem of one cell of a table (`number` is its Excel row) or, for the card, of one answer.

    Its `value` is what the cell holds; a number is told as offices write it.
    """
    if isinstance(value, float) and not isfinite(value):
        value = CellError("#NUM!")  # as Excel shows it
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LONGEST_NUMBER:
        facts = {"value": number_text(value), **facts}
    if table == "card":
        cell = reading.card[key].cell if key in reading.card else ""
        return Problem(
            code, reading.file, reading.unit_id, reading.card_sheet, cell, table, key, shown(value), 0, facts
        )
    found = reading.tables[table]
    cell = found.cell(key, number) if number else ""
    named = {"row_name": found.row_name(number), **facts}
    return Problem(code, reading.file, reading.unit_id, found.sheet, cell, table, key, shown(value), number, named)


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


def rows_where(frame: Any, mask: Any) -> Any:
    """The rows of a frame for which `mask` holds; the frame itself where that is all of them, for a copy of it costs time and memory."""
    return frame if mask.all() else frame[mask]


def written_row(found: Found, frame: Any, doc: int, number: int) -> list[Any]:
    """The cells of an Excel row in the order of `found.keys`: raw, or from the converted `frame` where they are used as written."""
    if raw := found.row(number):
        return list(raw)
    [line] = frame.loc[(frame["doc"] == doc) & (frame["row"] == number), list(found.keys)].astype(object).to_numpy()
    return [None if is_missing(value) else value for value in line]


def is_missing(value: Any) -> bool:
    """No converted value: `None`, NaN or NaT, which alone does not equal itself."""
    return value is None or value != value  # noqa: PLR0124


def is_blank(value: Any) -> bool:
    """Nothing in the cell, or only characters that nobody sees."""
    if isinstance(value, LegacyText):
        value = value.text
    return value is None or (isinstance(value, str) and not value.strip(_UNSEEN))
