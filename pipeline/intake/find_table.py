"""Find a table of a form on a sheet: its header by hidden field keys, else by header texts; and the rows below it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from pipeline.declare.form import Form, Sheet
from pipeline.values.cells import RawSheet, cell_name, is_blank, shown
from pipeline.values.forms import Found
from pipeline.values.problems import Problem
from pipeline.words.names import fold

_SEARCHED_ROWS = 60
_INSERTED_ROWS = 2  # how far below the keys the header is looked for
_ENOUGH = 0.6  # the share of a table's columns that makes a row its header


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table stands on its sheet."""

    table: str
    row: int  # of the header texts, from zero; data begins below
    columns: Mapping[str, int]


def header_by_keys(sheet: RawSheet, form: Form) -> Header | None:
    """The table that the sheet holds, if any: the row that holds most of its keys."""
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        if form.table_keys.isdisjoint(cells):
            continue
        texts = _first_columns(cells, lambda text: text)
        shares = {
            table: len(declared.by_key.keys() & texts.keys()) / len(declared.keys)
            for table, declared in form.tables.items()
        }
        table = max(shares, key=shares.__getitem__)
        if shares[table] >= _ENOUGH:
            columns = {key: texts[key] for key in form.tables[table].keys if key in texts}
            return Header(table, _text_row(sheet, row, form.tables[table]), columns)
    return None


def header_by_texts(sheet: RawSheet, form: Form) -> Header | None:
    """The same by the header texts, where the row of keys is gone."""
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        texts = _first_columns(cells, lambda text: fold(text.rstrip(" *")))
        for table, declared in form.tables.items():
            columns = _columns_by_texts(declared, texts)
            if len(columns) >= _ENOUGH * len(declared.keys):
                return Header(table, row, columns)
    return None


def _first_columns(cells: Sequence[Any], read: Callable[[str], str]) -> dict[str, int]:
    """The texts of a row, each with the first column in which it stands."""
    filled = reversed([(column, value) for column, value in enumerate(cells) if isinstance(value, str) and value])
    return {read(value): column for column, value in filled}


def _columns_by_texts(declared: Sheet, texts: Mapping[str, int]) -> dict[str, int]:
    names = {item.key: [fold(name) for name in (item.label, *item.aliases)] for item in declared.fields}
    return {key: texts[name] for key, options in names.items() for name in options if name in texts}


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
    picked = _picked(sheet, header, declared)
    filled = _filled(picked, declared)
    is_fixed = declared.shape == "fixed"
    is_named = [not is_blank(name) for name in picked[declared.row_key]] if is_fixed else filled
    kept = [is_mine or has_name for is_mine, has_name in zip(filled, is_named, strict=True)]
    found = Found(
        header.table,
        sheet.name,
        declared.keys,
        header.columns,
        list(compress(zip(*picked.values(), strict=True), kept)),
        list(compress(range(header.row + 2, header.row + 2 + len(kept)), kept)),
        list(compress(filled, kept)),
        is_fixed,
        header=header.row + 1,
    )
    return found, [*_unknown_columns(sheet, header), *_above(sheet, header)]


def _picked(sheet: RawSheet, header: Header, declared: Sheet) -> dict[str, tuple[Any, ...]]:
    """What stands below the header by key; blanks where the column is not there."""
    lines = sheet.rows[header.row + 1 :]
    columns = list(zip(*lines, strict=True))
    blank = ("",) * len(lines)
    return {key: columns[header.columns[key]] if key in header.columns and columns else blank for key in declared.keys}


def _filled(picked: Mapping[str, Sequence[Any]], declared: Sheet) -> list[bool]:
    """For each row, whether the unit wrote in it."""
    nothing = ("",) * len(declared.own_keys)
    lines = zip(*(picked[key] for key in declared.own_keys), strict=True)
    return [mine != nothing and not all(map(is_blank, mine)) for mine in lines]


def _unknown_columns(sheet: RawSheet, header: Header) -> Iterator[Problem]:
    """Columns that the form does not have and that hold something below the header."""
    known = set(header.columns.values())
    width = max((len(row) for row in sheet.rows), default=0)
    for column in (column for column in range(width) if column not in known):
        cells = [
            (cell_name(column, number), shown(row[column]))
            for number, row in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2)
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


def _above(sheet: RawSheet, header: Header) -> Iterator[Problem]:
    """Cells filled above the header, right of our own titles, which stand in the first column."""
    first = next((column for row in sheet.rows[:1] for column, value in enumerate(row) if not is_blank(value)), 0)
    keys = set(header.columns)
    for row, cells in enumerate(sheet.rows[: header.row]):
        for column, value in enumerate(cells):
            if value != "" and column != first and not is_blank(value) and value not in keys:
                cell = cell_name(column, row + 1)
                yield Problem("cell-outside-table", "", "", sheet.name, cell, header.table, value=shown(value))
