"""What was sent to the level above: a line of the sending book, a figure that a person changed, the package behind it.

Frozen and without a file behind them: who opens packages and keeps the book is `pipeline.sent`.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

# Of what a changed figure is: of `this_period`, of `cumulative`, of one unit, a state of a task, any other number.
EditedKind = Literal["total", "cumulative", "figure", "state", "count"]


@dataclass(frozen=True, slots=True)
class Sending:
    """One line of the sending book. `seq` counts over the year; `date` is ISO, `sent_at` “2025-09-19 14:20”."""

    seq: int
    period: str
    number: str
    date: str
    addressee: str
    sent_at: str
    package: str
    sha256: str
    note: str = ""


class Edited(NamedTuple):
    """A figure of a workbook or paper of the package that is another one than in its data.

    `cell`: its address, or the paragraph of a paper. `data` is what the data hold, `sent` what the paper says: a
    number, the label of a state, or None for a blank.
    """

    file: str
    sheet: str
    cell: str
    kind: EditedKind
    unit_id: str
    id: str
    field: str
    data: float | str | None
    sent: float | str | None


@dataclass(frozen=True)
class Sent:
    """One package as later steps need it.

    `inputs`: sha256 by file of every form, book and declaration that the run behind it read. `record`: its `run.json`.
    `texts`: its tables of data by name, as CSV. `edited`: what was sent other than the data say, the report first.
    """

    sending: Sending
    program: str
    is_sample: bool
    inputs: Mapping[str, str]
    record: Mapping[str, Any]
    texts: Mapping[str, str]
    edited: tuple[Edited, ...] = ()
    previous: str | None = field(default=None)

    def rows(self, table: str) -> Sequence[Mapping[str, str]]:
        """The lines of a table, such as `figures`, by column; texts as the CSV holds them."""
        if table not in self._read:
            text = self.texts[table].removeprefix("\ufeff")
            self._read[table] = tuple(csv.DictReader(io.StringIO(text, newline="")))
        return self._read[table]

    @cached_property
    def _read(self) -> dict[str, Sequence[Mapping[str, str]]]:
        """The tables that somebody has asked for: each is asked for several times, and long."""
        return {}
