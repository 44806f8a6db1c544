"""Where everything stands in a workbook: the rows of its tables, the letters of its columns, what formulas point at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from pipeline.publish.workbook.pages import Block, Page

_NAME = re.compile(r"\{(?:(\w*):)?([^{}]+)\}")  # `{key}`, `{:key}`, `{sheet:key}` or `{sheet:key@line}`
_ROOM_TO_SIGN = 5  # rows


@dataclass(frozen=True)
class PlacedBlock:
    """Where a table stands: sheet rows from zero."""

    block: Block[Any]
    sheet: str
    caption_row: int
    key_row: int
    first_row: int
    last_row: int

    @property
    def header_row(self) -> int:
        """The row of the labels."""
        return self.key_row + 1

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """The letter of each column by its key."""
        return {column.key: xl_col_to_name(place) for place, column in enumerate(self.block.columns)}

    @cached_property
    def named_rows(self) -> Mapping[str, int]:
        """The rows that links lead to, by the names of their lines."""
        name_of = self.block.name_of
        if name_of is None or self.block.instead:
            return {}
        rows: dict[str, int] = {}
        for row, line in enumerate(self.block.lines, start=self.first_row):
            rows.setdefault(name_of(line), row)
        return rows

    def column(self, key: str) -> str:
        """The cells of one column, for formulas of the same sheet."""
        letter = self.letters[key]
        return f"{letter}{self.first_row + 1}:{letter}{self.last_row + 1}"

    def column_from_elsewhere(self, key: str) -> str:
        """The cells of one column, for formulas of other sheets and for charts."""
        letter = self.letters[key]
        return f"'{self.sheet}'!${letter}${self.first_row + 1}:${letter}${self.last_row + 1}"


@dataclass(frozen=True)
class PlacedPage:
    """A page whose tables have their places."""

    page: Page
    tables: tuple[PlacedBlock, ...]

    @property
    def remarks_row(self) -> int:
        """The first row below the last table."""
        last = self.tables[-1]
        return last.last_row + 2 + last.block.feet

    @property
    def signers_row(self) -> int:
        """The row of who signs, below remarks and pictures."""
        return self.remarks_row + len(self.page.remarks) + 1 + self.page.picture_rows

    @property
    def last_row(self) -> int:
        """The last row that has anything in it; below who signs is room to do so."""
        remarks = self.remarks_row + len(self.page.remarks) - 1
        return self.signers_row + _ROOM_TO_SIGN if self.page.signers else remarks


Places = Mapping[str, PlacedPage]  # by the ids of their sheets


def place_pages(pages: Sequence[Page]) -> Places:
    """The pages of one workbook, with the places of their tables."""
    return {page.id: place_page(page) for page in pages}


def place_page(page: Page) -> PlacedPage:
    """The tables of a page one below the other, each with caption, keys, header, lines and last row."""
    row, placed = len(page.heading) + 1, []
    for block in page.blocks:
        key_row = row + bool(block.caption)
        first = key_row + 2 + block.numbered
        last = first + block.height - 1
        placed.append(PlacedBlock(block, page.name, row, key_row, first, last))
        row = last + 2 + block.feet
    return PlacedPage(page, tuple(placed))


def column_range(places: Places, sheet_id: str, key: str) -> str | None:
    """A column of the first table of a sheet; `None` where this workbook has no such cells."""
    placed = places.get(sheet_id)
    return None if placed is None or placed.page.blocks[0].instead else placed.tables[0].column_from_elsewhere(key)


def _cell_elsewhere(places: Places, sheet_id: str, key: str, line: str) -> str | None:
    """One cell of the first table of a sheet, by the name of its line; `None` where there is none."""
    if sheet_id not in places or line not in places[sheet_id].tables[0].named_rows:
        return None
    table = places[sheet_id].tables[0]
    return f"'{table.sheet}'!${table.letters[key]}${table.named_rows[line] + 1}"


def link_target(places: Places, sheet_id: str, name: str) -> str | None:
    """The first cell of the line of that name on a sheet, of no name its top; `None` where there is none."""
    if sheet_id not in places:
        return None
    page, tables = places[sheet_id].page, places[sheet_id].tables
    rows = [table.named_rows[name] for table in tables if name in table.named_rows] if name else [0]
    return f"internal:'{page.name}'!{xl_col_to_name(page.printed[0])}{rows[0] + 1}" if rows else None


def formula_text(places: Places, text: str, here: PlacedBlock, row: int) -> str | None:
    """The formula as it stands in a row of a table (see `pages.Formula`); `None` where what it names has no cells."""
    written = []
    for literal, sheet_id, key in _parts(text):
        if not key:
            found: str | None = literal
        elif sheet_id:
            column, _, line = key.partition("@")
            found = _cell_elsewhere(places, sheet_id, column, line) if line else column_range(places, sheet_id, key)
        else:
            found = here.column(key) if sheet_id == "" else f"{here.letters[key]}{row + 1}"
        if found is None:
            return None
        written.append(literal + found if key else literal)
    return "".join(written)


@lru_cache(maxsize=1_024)
def _parts(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """A formula cut at the names in it: what stands before each, its sheet, its key; the rest comes without a key."""
    parts, at = [], 0
    for found in _NAME.finditer(text):
        parts.append((text[at : found.start()], found[1], found[2]))
        at = found.end()
    return (*parts, (text[at:], None, ""))
