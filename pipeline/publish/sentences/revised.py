"""What changed in a form that was sent again, as its unit reads it: one entry a value, one a row that came or went."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.declare.form import Field, Form, Sheet
from pipeline.values.forms import REVISED, Change
from pipeline.words.numbers import number_text

_PLAIN = re.compile(r"\d{1,15}(\.\d+)?")
_LONGEST = 60  # letters of a value in a sentence


@dataclass(frozen=True, slots=True)
class Revision:
    """One thing that changed: the file, the sheet, the cell (none of a row that is gone), and in words what."""

    file: str
    sheet: str
    cell: str
    field: str
    text: str

    @property
    def line(self) -> str:
        """The whole of it on one line."""
        return f"{self.sheet}{f', ô {self.cell}' if self.cell else ''}: {self.text}"

    @property
    def key(self) -> str:
        """As `problem_key` is for a problem: under which key a reply to it comes back."""
        return "|".join((REVISED, self.sheet, self.cell, self.field))


def revisions(changes: Iterable[Change], form: Form) -> list[Revision]:
    """The entries of the changes under rule `revised`, in their order."""
    mine = [change for change in changes if change.rule == REVISED]
    rows = groupby(mine, key=lambda change: (change.file, change.sheet, change.row, bool(change.cell)))
    return [entry for _, row in rows for entry in _of_row(list(row), form)]


def _as_a_whole(row: Sequence[Change], title: Change) -> str:
    """That the row with this title came or went; empty where some of it stood before and still stands."""
    if not any(change.raw for change in row):
        return f"thêm dòng {title.row}, “{_short(title.used)}”"
    if not any(change.used for change in row):
        return f"bỏ dòng {title.row} của bản trước, “{_short(title.raw)}”"
    return ""


def _of_row(row: Sequence[Change], form: Form) -> list[Revision]:
    """A row that came or went as a whole is one entry, told by its title; else each value is one."""
    by_field = {change.field: change for change in row}
    opened = [sheet for sheet in form.tables.values() if sheet.shape == "open" and row[0].row]
    if whole := [sheet for sheet in opened if {item.key for item in _needed(sheet)} <= set(by_field)]:
        title = by_field[next(item.key for item in _needed(whole[0]) if item.kind.is_free_text)]
        if words := _as_a_whole(row, title):
            return [_entry(title, words)]
    return [_entry(change, f"{_told(change, change.raw, form)} → {_told(change, change.used, form)}") for change in row]


def _needed(sheet: Sheet) -> list[Field]:
    """What every row of the table has."""
    return [item for item in sheet.fields if item.own and item.required]


def _entry(change: Change, text: str) -> Revision:
    return Revision(change.file, change.sheet, change.cell, change.field, text)


def _told(change: Change, value: str, form: Form) -> str:
    """The value as offices write it: of a number with its separators."""
    is_number = any(
        item.kind.holds == "number" for sheet in form.sheets.values() for item in _named(sheet, change.field)
    )
    if is_number and _PLAIN.fullmatch(value):
        return number_text(float(value))
    return _short(value) if value else "(trống)"


def _named(sheet: Sheet, key: str) -> list[Field]:
    return [sheet.by_key[key]] if key in sheet.by_key else []


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
