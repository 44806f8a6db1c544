"""Find a table of a form on a sheet: its header by hidden field keys, else by header texts; and the rows below it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

from pipeline.declare.form import Form, Sheet
from pipeline.intake.alike_columns import Settled, settle_columns
from pipeline.intake.header_lines import numbering_note, top_of
from pipeline.values.cells import RawSheet, cell_name, is_blank, shown
from pipeline.values.forms import Found
from pipeline.values.problems import Problem
from pipeline.words.names import fold

_SEARCHED_ROWS = 60
_INSERTED_ROWS = 2  # how far below the keys the header is looked for
_ENOUGH = 0.6  # the share of a table's columns that makes a row its header
_COLUMN_NUMBER = re.compile(r"[(\[]\d{1,2}[)\]]$")  # behind the words of a header


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table stands on its sheet; `places`: by key all columns of that name, nearly always one."""

    table: str
    row: int  # of the header texts, from zero; data begins below
    places: Mapping[str, Sequence[int]]


def _table_of_keys(cells: Sequence[Any], form: Form) -> str:
    """The table most of whose keys stand in a row; empty where they are too few."""
    keys = form.table_keys.intersection(cells)
    shares = {
        table: len(keys.intersection(declared.core_keys)) / len(declared.core_keys)
        for table, declared in form.tables.items()
    }
    table = max(shares, key=shares.__getitem__)
    return table if shares[table] >= _ENOUGH else ""


def header_by_keys(sheet: RawSheet, form: Form) -> Header | None:
    """The table that the sheet holds, if any: the row that holds most of its keys."""
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        if form.table_keys.isdisjoint(cells):
            continue
        if table := _table_of_keys(cells, form):
            declared = form.tables[table]
            keyed = {column: value for column, value in enumerate(cells) if value in declared.by_key}
            below = _text_row(sheet, row, declared)
            named = _by_texts(sheet.rows[below], declared) if below > row else {}
            return Header(table, below, _places(sheet, below, {**named, **keyed}, declared))
    return None


def header_by_texts(sheet: RawSheet, form: Form) -> Header | None:
    """The same by the header texts, where the row of keys is gone."""
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        if sum(map(_is_text, cells)) < _ENOUGH * form.fewest_columns:
            continue
        for table, declared in form.tables.items():
            named = _by_texts(cells, declared)
            if len({*named.values()}.intersection(declared.core_keys)) >= _ENOUGH * len(declared.core_keys):
                return Header(table, row, _places(sheet, row, named, declared))
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _by_texts(cells: Sequence[Any], declared: Sheet) -> dict[int, str]:
    """By column the field that its header names."""
    known = declared.by_header
    texts = {column: _header_key(value) for column, value in enumerate(cells) if _is_text(value)}
    return {column: known[text] for column, text in texts.items() if text in known}


@lru_cache(maxsize=1_024)  # all forms have the same headers
def _header_key(text: str) -> str:
    """The words of a header on which they are compared, without its star and the number of its column."""
    return _COLUMN_NUMBER.sub("", fold(text).rstrip(" *:.")).rstrip(" *:.")


def _places(sheet: RawSheet, row: int, names: Mapping[int, str], declared: Sheet) -> dict[str, Sequence[int]]:
    """By key, in the order of the form, all columns that bear its name."""
    under = _under_merged(sheet, row, names, declared)
    found: dict[str, list[int]] = {}
    for column, key in sorted({**dict(under), **names}.items()):
        found.setdefault(key, []).append(column)
    return {key: found[key] for key in declared.keys if key in found}


def _under_merged(sheet: RawSheet, row: int, names: Mapping[int, str], declared: Sheet) -> Iterator[tuple[int, str]]:
    """Further columns of numbers under a header that is merged over several columns."""
    for top, left, _, right in sheet.merges:
        if top == row and left < right and any(item.key == names.get(left) for item in declared.numbers):
            for column in range(left + 1, right + 1):
                cells = (line[column] for line in sheet.rows[row + 1 :] if column < len(line))
                if column not in names and any(isinstance(value, (int, float)) for value in cells):
                    yield column, names[left]


def _text_row(sheet: RawSheet, key_row: int, declared: Sheet) -> int:
    """The row of the header texts: below the keys, perhaps under a line of their own.

    Where someone removed them, the data stands below the keys.
    """
    labels = declared.folded_labels
    for row in range(key_row + 1, min(key_row + 2 + _INSERTED_ROWS, len(sheet.rows))):
        named = sum(isinstance(value, str) and fold(value.rstrip(" *")) in labels for value in sheet.rows[row])
        if named > (row > key_row + 1):  # farther down, one word may be somebody's answer
            return row
    return key_row


def read_table(sheet: RawSheet, header: Header, form: Form) -> tuple[Found, list[Problem]]:
    """The rows below the header that belong to the table, and what is filled on the sheet beside it."""
    declared = form.tables[header.table]
    asked = {column for key, places in header.places.items() if key in declared.core_keys for column in places}
    top = top_of(sheet, header.row, asked)
    settled = settle_columns(sheet, header.row, top.data, header.places, declared)
    filled = _filled(settled.cells, declared)
    is_fixed = declared.shape == "fixed"
    is_named = [not is_blank(name) for name in settled.cells[declared.row_key]] if is_fixed else filled
    kept = [is_mine or has_name for is_mine, has_name in zip(filled, is_named, strict=True)]
    found = Found(
        header.table,
        sheet.name,
        declared.keys,
        settled.columns,
        list(compress(zip(*settled.cells.values(), strict=True), kept)),
        list(compress(range(top.data + 1, top.data + 1 + len(kept)), kept)),
        list(compress(filled, kept)),
        is_fixed,
        header=header.row + 1,
        top=top.data + 1,
    )
    beside = [*_unknown_columns(sheet, header, settled, top.data), *_above(sheet, header, form)]
    return found, [*settled.problems, *numbering_note(sheet, header.table, top.numbers), *beside]


def _filled(picked: Mapping[str, Sequence[Any]], declared: Sheet) -> list[bool]:
    """For each row, whether the unit wrote in it."""
    nothing = ("",) * len(declared.own_keys)
    lines = zip(*(picked[key] for key in declared.own_keys), strict=True)
    return [mine != nothing and not all(map(is_blank, mine)) for mine in lines]


def _unknown_columns(sheet: RawSheet, header: Header, settled: Settled, top: int) -> Iterator[Problem]:
    """Columns that the form does not have and that hold something below the header, from row `top` on."""
    known = {*settled.columns.values(), *settled.spoken}
    width = max((len(row) for row in sheet.rows), default=0)
    for column in (column for column in range(width) if column not in known):
        cells = [
            (cell_name(column, number), shown(row[column]))
            for number, row in enumerate(sheet.rows[top:], start=top + 1)
            if column < len(row) and row[column] != "" and not is_blank(row[column])
        ]
        if cells:
            text = "; ".join(f"{cell}: {value}" for cell, value in cells)
            facts = {"label": _label(sheet, header, column)}
            yield Problem("unknown-column", "", "", sheet.name, cells[0][0], header.table, value=text, facts=facts)


def _label(sheet: RawSheet, header: Header, column: int) -> str:
    """What the header says above a column; its letters where it says nothing."""
    texts = sheet.rows[header.row] if header.row < len(sheet.rows) else []
    return shown((texts[column] if column < len(texts) else "") or cell_name(column, 1)[:-1])


def _above(sheet: RawSheet, header: Header, form: Form) -> Iterator[Problem]:
    """Cells filled above the header, right of our own titles, which stand in the first column."""
    first = next((column for row in sheet.rows[:1] for column, value in enumerate(row) if not is_blank(value)), 0)
    keys = {"", *form.tables[header.table].keys}
    for row, cells in enumerate(sheet.rows[: header.row]):
        for column, value in enumerate(cells):
            if value not in keys and column != first and not is_blank(value) and not form.is_of_light(value):
                cell = cell_name(column, row + 1)
                yield Problem("cell-outside-table", "", "", sheet.name, cell, header.table, value=shown(value))
