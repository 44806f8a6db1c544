"""What was sent to the level above: a line of the sending book, a figure that a person changed, the package behind it.

Frozen and without a file behind them: who opens packages and keeps the book is `pipeline.sent`.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import nan
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


@dataclass(frozen=True, slots=True)
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

    def rows(self, table: str) -> Iterator[Mapping[str, str]]:
        """The lines of a table, such as `figures`, by column; texts as the CSV holds them."""
        return csv.DictReader(io.StringIO(self.texts[table].removeprefix("\ufeff"), newline=""))

    def figures(self) -> dict[tuple[str, str], float]:
        """What was sent of every unit, by unit and indicator; NaN for a blank."""
        found = {(row["unit_id"], row["indicator_id"]): _number(row["value"]) for row in self.rows("figures")}
        return found | {(item.unit_id, item.id): _sent(item) for item in self._edited("figure")}

    def totals(self, column: Literal["this_period", "cumulative"]) -> dict[str, float]:
        """What was sent of every indicator; NaN for a blank."""
        found = {row["indicator_id"]: _number(row[column]) for row in self.rows("totals")}
        return found | {item.id: _sent(item) for item in self._edited("total" if column == "this_period" else column)}

    def _edited(self, kind: EditedKind) -> Iterator[Edited]:
        """Last the one that counts: the report itself stands first, and so is laid over all others."""
        return (item for item in reversed(self.edited) if item.kind == kind)


def _number(text: str) -> float:
    return float(text) if text else nan


def _sent(item: Edited) -> float:
    return item.sent if isinstance(item.sent, (int, float)) else nan
