"""A sheet of the consolidated workbook described as values, and the one function that writes it.

Every table carries a hidden row of keys right above its header, as the forms do: programs read the keys, people the
header. Where a row will stand is known before anything is written, so that formulas can point at it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.publish.excel import Book, Value, accept, lines, page, printable, row_height
from pipeline.publish.style import font_size


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell whose look differs from its column's."""

    value: Value
    style: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value that it has now, so that programs which do not calculate show it, too."""

    text: str
    value: Value
    style: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a cell of another sheet."""

    value: str
    sheet: str
    cell: str
    style: str = "cell link"


Cell = Value | Styled | Formula | Link


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key for programs, the label for people."""

    key: str
    label: str
    width: float
    style: str = "cell"
    header: str = "header"


@dataclass(frozen=True, slots=True)
class Block:
    """One table of a sheet; `total` is its last, bold row, `instead` a sentence in place of rows that stand elsewhere.

    `starts_page`: on paper it begins a page, so that its caption never stands alone below another table.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    total: Sequence[Cell] = ()
    numbered: bool = False
    has_filter: bool = False
    instead: str = ""
    starts_page: bool = False
    header_points: float = 0.0  # as high as the labels need, unless said here


@dataclass(frozen=True)
class Placed:
    """Where a block stands: sheet rows from zero."""

    block: Block
    sheet: str
    caption_row: int
    key_row: int
    first_row: int
    last_row: int

    @property
    def header_row(self) -> int:
        return self.key_row + 1

    @cached_property
    def _letters(self) -> Mapping[str, str]:
        return {column.key: xl_col_to_name(place) for place, column in enumerate(self.block.columns)}

    def column(self, key: str) -> str:
        """The letter of a column, by its key."""
        return self._letters[key]

    def range(self, key: str) -> str:
        """The cells of one column, as an absolute reference from any sheet."""
        letter = self.column(key)
        return f"'{self.sheet}'!${letter}${self.first_row + 1}:${letter}${self.last_row + 1}"


@dataclass(frozen=True)
class Page:
    """One sheet: title lines, then tables one below the other, then remarks."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    subtitles: tuple[str, ...] = ()
    measure: str = ""
    annex: str = ""
    remarks: tuple[str, ...] = ()
    landscape: bool = True
    mark: str = ""
    frozen_columns: int = 0
    is_wide: bool = False
    is_one_page: bool = False

    @property
    def heading(self) -> tuple[tuple[str, str], ...]:
        """The lines above the first table, each with its style."""
        lines_ = (
            (self.annex, "annex"),
            (self.title, "title"),
            *((text, "subtitle") for text in self.subtitles),
            (self.mark, "sample"),
            (self.measure, "measure"),
        )
        return tuple((text, style) for text, style in lines_ if text)

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every block with its rows."""
        row, found = len(self.heading) + 1, []
        for block in self.blocks:
            key_row = row + bool(block.caption)
            first = key_row + 2 + block.numbered
            last = first + (1 if block.instead else len(block.rows)) - 1
            found.append(Placed(block, self.name, row, key_row, first, last))
            row = last + 2 + bool(block.total)
        return tuple(found)

    @property
    def remarks_row(self) -> int:
        """The first row below the last table."""
        last = self.placed[-1]
        return last.last_row + 2 + bool(last.block.total)

    @cached_property
    def widths(self) -> list[float]:
        count = max(len(block.columns) for block in self.blocks)
        return [
            max(block.columns[place].width for block in self.blocks if place < len(block.columns))
            for place in range(count)
        ]


def write_page(book: Book, described: Page) -> Worksheet:
    """Write one described sheet."""
    sheet = book.add(described.name)
    for column, width in enumerate(described.widths):
        sheet.set_column(column, column, width)
    _write_heading(book, sheet, described)
    for placed in described.placed:
        _write_block(book, sheet, placed, described.widths)
    _write_remarks(book, sheet, described)
    # Of several tables the last one is the long one: its header is repeated on the pages after the one on which it stands.
    header = None if described.is_one_page else described.placed[-1].header_row
    if len(described.blocks) == 1:
        sheet.freeze_panes(described.placed[0].first_row, described.frozen_columns)
    page(
        sheet,
        landscape=described.landscape,
        header_row=header,
        is_wide=described.is_wide,
        is_one_page=described.is_one_page,
        mark=described.mark,
        breaks=[placed.caption_row for placed in described.placed if placed.block.starts_page],
    )
    return sheet


def _write_heading(book: Book, sheet: Worksheet, described: Page) -> None:
    """Annex number, title, sub-titles, sample mark and unit of measure, centred over the table."""
    last = len(described.widths) - 1
    for row, (text, style) in enumerate(described.heading):
        if last > 0:
            accept(sheet.merge_range(row, 0, row, last, text, book.style(style)), described.name)
        else:
            book.put(sheet, row, 0, text, style)


def _write_remarks(book: Book, sheet: Worksheet, described: Page) -> None:
    """Remarks as wide as the tables: text that ran on to the right of them would make the printed page wider and its letters smaller."""
    for row, text in enumerate(described.remarks, start=described.remarks_row):
        accept(
            sheet.merge_range(row, 0, row, len(described.widths) - 1, printable(text), book.style("small wrap")),
            described.name,
        )
        sheet.set_row(row, row_height(lines(text, sum(described.widths), font_size("small"))))


def _write_block(book: Book, sheet: Worksheet, placed: Placed, widths: Sequence[float]) -> None:
    block = placed.block
    if block.caption:
        book.put(sheet, placed.caption_row, 0, block.caption, "bold")
    for column, item in enumerate(block.columns):
        book.put(sheet, placed.key_row, column, item.key, "key")
        book.put(sheet, placed.header_row, column, item.label, item.header)
        if block.numbered:
            book.put(sheet, placed.header_row + 1, column, f"({column + 1})", "column-number")
    sheet.set_row(placed.key_row, None, None, {"hidden": True})
    points = block.header_points or row_height(
        max(lines(item.label, width * 0.85) for item, width in zip(block.columns, widths, strict=False))
    )
    sheet.set_row(placed.header_row, points)
    if block.instead:
        accept(
            sheet.merge_range(
                placed.first_row, 0, placed.first_row, len(block.columns) - 1, block.instead, book.style("cell")
            ),
            placed.sheet,
        )
        sheet.set_row(placed.first_row, row_height(lines(block.instead, sum(widths[: len(block.columns)]))))
        return
    styles = [item.style for item in block.columns]
    for row, cells in enumerate(block.rows, start=placed.first_row):
        _write_cells(book, sheet, row, cells, styles, widths)
    if block.total:
        _write_cells(book, sheet, placed.last_row + 1, block.total, [f"{style} total" for style in styles], widths)
    if block.has_filter and block.rows:
        sheet.autofilter(placed.header_row, 0, placed.last_row, len(block.columns) - 1)


def _write_cells(
    book: Book, sheet: Worksheet, row: int, cells: Sequence[Cell], styles: Sequence[str], widths: Sequence[float]
) -> None:
    """Write one row, as high as its longest text needs: not every program grows rows that another one wrote."""
    most = 1
    for column, (cell, style, width) in enumerate(zip(cells, styles, widths, strict=False)):
        if isinstance(cell, (Styled, Formula, Link)):
            value, look = cell.value, cell.style or style
            _write_special(book, sheet, row, column, cell, look)
        else:
            value, look = cell, style
            book.put(sheet, row, column, value, look)
        if isinstance(value, str) and (len(value) > width * 0.9 or "\n" in value):
            most = max(most, lines(value, width, font_size(look)))
    if most > 1:
        sheet.set_row(row, row_height(most))


def _write_special(
    book: Book, sheet: Worksheet, row: int, column: int, cell: Styled | Formula | Link, look: str
) -> None:
    """Write one cell that is more than a value."""
    if isinstance(cell, Formula):
        book.put_formula(sheet, row, column, cell.text, cell.value, look)
    elif isinstance(cell, Link):
        book.put_link(sheet, row, column, f"internal:'{cell.sheet}'!{cell.cell}", cell.value, look)
    else:
        book.put(sheet, row, column, cell.value, look)
