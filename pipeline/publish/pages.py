"""A sheet of the consolidated workbook described as values, and the one function that writes it.

Every table carries a hidden row of keys right above its header, as the forms do: programs read the keys, people the header.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from pipeline.publish.excel import Book, Value, accept, lines, page, row_height


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell whose look differs from its column's."""

    value: Value
    style: str


Cell = Value | Styled


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key for programs, the label for people."""

    key: str
    label: str
    width: float
    style: str = "cell"


@dataclass(frozen=True, slots=True)
class Block:
    """One table of a sheet; `total` is its last, bold row."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    total: Sequence[Cell] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
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
    has_filter: bool = False
    is_wide: bool = False


def write_page(book: Book, described: Page) -> Worksheet:
    """Write one described sheet."""
    sheet = book.add(described.name)
    widths = _widths(described.blocks)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = _write_head(book, sheet, described, len(widths))
    header = None
    for number, block in enumerate(described.blocks):
        row, block_header = _write_block(book, sheet, block, row, widths[: len(block.columns)])
        header = block_header if header is None else header
        if number == 0 and described.has_filter and block.rows:
            sheet.autofilter(block_header, 0, block_header + len(block.rows), len(block.columns) - 1)
        row += 1
    for text in described.remarks:
        book.put(sheet, row, 0, text, "small")
        row += 1
    if header is not None and len(described.blocks) == 1:
        sheet.freeze_panes(header + 1, described.frozen_columns)
    page(sheet, landscape=described.landscape, header_row=header if len(described.blocks) == 1 else None, is_wide=described.is_wide)
    return sheet


def _widths(blocks: Sequence[Block]) -> list[float]:
    count = max(len(block.columns) for block in blocks)
    return [max(block.columns[place].width for block in blocks if place < len(block.columns)) for place in range(count)]


def _write_head(book: Book, sheet: Worksheet, described: Page, width: int) -> int:
    """Annex number, title, sub-titles, sample mark and unit of measure, centred over the table; returns the next free row."""
    lines = [
        (described.annex, "annex"),
        (described.title, "title"),
        *((text, "subtitle") for text in described.subtitles),
        (described.mark, "sample"),
        (described.measure, "measure"),
    ]
    row = 0
    for text, style in lines:
        if text:
            if width > 1:
                accept(sheet.merge_range(row, 0, row, width - 1, text, book.style(style)), described.name)
            else:
                book.put(sheet, row, 0, text, style)
            row += 1
    return row + 1


def _write_block(book: Book, sheet: Worksheet, block: Block, row: int, widths: Sequence[float]) -> tuple[int, int]:
    """Write one table at `row`; returns the next free row and the header's row."""
    if block.caption:
        book.put(sheet, row, 0, block.caption, "bold")
        row += 1
    for column, item in enumerate(block.columns):
        book.put(sheet, row, column, item.key, "key")
        book.put(sheet, row + 1, column, item.label, "header")
    sheet.set_row(row, None, None, {"hidden": True})
    sheet.set_row(row + 1, row_height(max(lines(item.label, width * 0.85) for item, width in zip(block.columns, widths, strict=False))))
    header = row + 1
    row += 2
    if block.numbered:
        for column in range(len(block.columns)):
            book.put(sheet, row, column, f"({column + 1})", "column-number")
        row += 1
    styles = [item.style for item in block.columns]
    for cells in block.rows:
        _write_cells(book, sheet, row, cells, styles, widths)
        row += 1
    if block.total:
        _write_cells(book, sheet, row, block.total, [f"{style} total" for style in styles], widths)
        row += 1
    return row, header


def _write_cells(book: Book, sheet: Worksheet, row: int, cells: Sequence[Cell], styles: Sequence[str], widths: Sequence[float]) -> None:
    """Write one row, as high as its longest text needs: not every program grows rows that another one wrote."""
    most = 1
    for column, (cell, style, width) in enumerate(zip(cells, styles, widths, strict=True)):
        value, look = (cell.value, cell.style) if isinstance(cell, Styled) else (cell, style)
        book.put(sheet, row, column, value, look)
        if isinstance(value, str) and len(value) > width * 0.9:
            most = max(most, lines(value, width))
    if most > 1:
        sheet.set_row(row, row_height(most))
