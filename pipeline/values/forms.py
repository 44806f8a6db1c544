"""The values that travel between stages: an arrival in the folder, a form as found in it, a table with provenance."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.values.cells import CellError, cell_name, shown
from pipeline.values.problems import Problem
from pipeline.words.numbers import number_text

_LONGEST_NUMBER = 1e15  # beyond, no cell holds its digits


RECEIVING_BOOK = "so-nhan.csv"
REVISED = "revised"  # the rule of a change that a unit made itself, in a later version of its form
BOOK_COLUMNS = ("file", "received_at", "channel", "note")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One entry of the inputs folder, before anyone looks inside.

    `code` and `detail` say why nobody can: it is no file, or the machine does not let it be read.
    """

    file: str  # relative to the period's folder, with forward slashes
    path: Path
    size: int
    received_at: datetime
    is_booked: bool  # whether the receiving book gives the time
    channel: str = ""
    note: str = ""
    modified_ns: int = 0
    code: str = ""
    detail: str = ""
    written_time: str = ""  # what the book says, on its line `book_line`, where that time is doubted
    book_line: int = 0
    time_doubt: str = ""  # why, as the end of a sentence; `received_at` is then the next best one


@dataclass(frozen=True)
class Found:
    """One table of a form as found: its place on the sender's sheet and its rows as raw cells.

    `rows` hold the cells of `keys` in that order; `numbers` the Excel row of each; `filled` whether the unit wrote in
    it; `names`, of a fixed table, which task or indicator it is, empty where nobody can tell (see
    `Project.name_rows`); `retyped` the positions of those in which a printed text is not, letter for letter, what the
    form prints; `header` the Excel row of the header texts, `top` the first below its last line. Once converted, a row
    of which every cell is used as written is no longer held (see `without`).
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
    retyped: tuple[int, ...] = ()
    header: int = 0
    top: int = 0

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
    """One answer of the card, with its address.

    A named tuple, because it travels between processes in a quarter of the time.
    """

    raw: Any
    cell: str


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is used other than as written, that differs from the version before, or a comment on a cell."""

    unit_id: str
    file: str
    sheet: str
    cell: str
    field: str
    raw: str
    used: str
    rule: str
    row: int = 0  # the Excel row, in a table; of a row that the newer version lacks, that of the older one


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
    list_of: str = ""  # the unit whose to-do sheet came back alone, without a form
    period: str = ""  # the code of the period for which most of a form speaks, empty for none of the plan's
    version: str = ""  # of the form
    ignored_as: str = ""  # what a file is that programs left in the folder, in words
    logged: tuple[Change, ...] = ()  # cells of identity read other than as written, and comments of the unit

    @property
    def file(self) -> str:
        return self.arrival.file

    @property
    def replied_by(self) -> str:
        """Whose the replies are."""
        return self.unit_id or self.list_of


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
        sheet, cell, number = reading.card_sheet, reading.card[key].cell if key in reading.card else "", 0
    else:
        found = reading.tables[table]
        sheet, cell = found.sheet, found.cell(key, number) if number else ""
        facts = {"row_name": found.row_name(number), **facts}
    return Problem(code, reading.file, reading.unit_id, sheet, cell, table, key, shown(value), number, facts)
