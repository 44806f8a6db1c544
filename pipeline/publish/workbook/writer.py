"""The one function that writes described pages, and the only place that knows their rows.

Every table carries a hidden row of keys right above its header, as the forms do: programs read the keys, people the
header.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from pipeline.publish.excel import Book, Value, accept, lines, page, printable, row_height
from pipeline.publish.style import font_size
from pipeline.publish.workbook.pages import Cell, Column, Formula, Link, Page, Styled, Sum
from pipeline.publish.workbook.places import PlacedBlock, PlacedPage, Places, formula_text, link_target, place_pages


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet being written: its book, the places of all that is in the book, the widths of its columns."""

    book: Book
    sheet: Worksheet
    places: Places
    widths: Sequence[float]


def write_pages(book: Book, pages: Sequence[Page]) -> tuple[Places, dict[str, Worksheet]]:
    """Write the pages as sheets in their order; returns the places of their tables, and the sheets by their ids."""
    places = place_pages(pages)
    return places, {described.id: _write_page(book, places, described) for described in pages}


def _write_page(book: Book, places: Places, described: Page) -> Worksheet:
    placed = places[described.id]
    sheet = book.add(described.name)
    for column, width in enumerate(described.widths):
        sheet.set_column(column, column, width)
    written = _Sheet(book, sheet, places, described.widths)
    _write_heading(written, described)
    for table in placed.tables:
        _write_table(written, table)
    _write_remarks(written, placed)
    if len(placed.tables) == 1:
        sheet.freeze_panes(placed.tables[0].first_row, described.frozen_columns)
    _set_paper(sheet, placed)
    return sheet


def _set_paper(sheet: Worksheet, placed: PlacedPage) -> None:
    """How it looks on paper: of several tables the last is the long one, whose header is repeated page by page."""
    described = placed.page
    page(
        sheet,
        landscape=described.landscape,
        header_row=None if described.is_one_page else placed.tables[-1].header_row,
        is_wide=described.is_wide,
        is_one_page=described.is_one_page,
        mark=described.mark,
        breaks=[table.caption_row for table in placed.tables if table.block.starts_page],
    )


def _write_heading(to: _Sheet, described: Page) -> None:
    """Annex number, title, sub-titles and sample mark, centred over the table."""
    for row, (text, style) in enumerate(described.heading):
        if len(to.widths) > 1:
            _merge(to, row, len(to.widths), text, style)
        else:
            to.book.put(to.sheet, row, 0, text, style)


def _write_remarks(to: _Sheet, placed: PlacedPage) -> None:
    """Remarks as wide as the tables: text that ran on to the right would make the page wider, its letters smaller."""
    for row, text in enumerate(placed.page.remarks, start=placed.remarks_row):
        _merge(to, row, len(to.widths), printable(text), "small wrap")
        to.sheet.set_row(row, row_height(lines(text, sum(to.widths), font_size("small"))))


def _merge(to: _Sheet, row: int, columns: int, text: str, style: str) -> None:
    """One text over the first columns of a row."""
    accept(to.sheet.merge_range(row, 0, row, columns - 1, text, to.book.style(style)), to.sheet.get_name())


def _write_table(to: _Sheet, table: PlacedBlock) -> None:
    block = table.block
    _write_header(to, table)
    if block.instead:
        _merge(to, table.first_row, len(block.columns), block.instead, "cell")
        to.sheet.set_row(table.first_row, row_height(lines(block.instead, sum(to.widths[: len(block.columns)]))))
        return
    _write_rows(to, table)
    if block.has_filter and block.lines:
        to.sheet.autofilter(table.header_row, 0, table.last_row, len(block.columns) - 1)


def _write_rows(to: _Sheet, table: PlacedBlock) -> None:
    """The rows of the lines, and the last one that adds them up."""
    block = table.block
    styles = [column.style for column in block.columns]
    for row, cells in enumerate(block.rows, start=table.first_row):
        _write_cells(to, table, row, cells, styles)
    for place, column in enumerate(block.columns):
        if column.is_alarm and block.lines:
            to.book.put_alarm(to.sheet, table.first_row, table.last_row, place)
    if block.has_total:
        rows = list(block.rows)
        totals = [_total_cell(column, (cells[place] for cells in rows)) for place, column in enumerate(block.columns)]
        _write_cells(to, table, table.last_row + 1, totals, [f"{style} total" for style in styles])


def _write_header(to: _Sheet, table: PlacedBlock) -> None:
    """Caption, hidden keys, labels as high as they need, and the numbers of the columns where they are asked for."""
    block = table.block
    if block.caption:
        to.book.put(to.sheet, table.caption_row, 0, block.caption, "bold")
    for place, column in enumerate(block.columns):
        to.book.put(to.sheet, table.key_row, place, column.key, "key")
        to.book.put(to.sheet, table.header_row, place, column.label, column.header)
        if block.numbered:
            to.book.put(to.sheet, table.header_row + 1, place, f"({place + 1})", "column-number")
    to.sheet.set_row(table.key_row, None, None, {"hidden": True})
    most = max(lines(column.label, width * 0.85) for column, width in zip(block.columns, to.widths, strict=False))
    to.sheet.set_row(table.header_row, block.header_points or row_height(most))


def _total_cell(column: Column[object], above: Iterable[Cell]) -> Cell:
    """What stands in the last row below these cells."""
    if not isinstance(column.total, Sum):
        return column.total
    amounts = [value for cell in above if isinstance(value := _value(cell), (int, float))]
    return Formula(f"SUM({{:{column.key}}})", sum(amounts, column.total.start))


def _value(cell: Cell) -> Value:
    return cell.value if isinstance(cell, (Styled, Formula, Link)) else cell


def _write_cells(to: _Sheet, table: PlacedBlock, row: int, cells: Sequence[Cell], styles: Sequence[str]) -> None:
    """Write one row, as high as its longest text needs: not every program grows rows that another one wrote."""
    most = 1
    for place, (cell, style, width) in enumerate(zip(cells, styles, to.widths, strict=False)):
        if isinstance(cell, (Styled, Formula, Link)):
            value, look = cell.value, _write_special(to, table, row, place, cell, style)
        else:
            value, look = cell, style
            to.book.put(to.sheet, row, place, value, look)
        if isinstance(value, str) and (len(value) > width * 0.9 or "\n" in value):
            most = max(most, lines(value, width, font_size(look)))
    if most > 1:
        to.sheet.set_row(row, row_height(most))


def _write_special(
    to: _Sheet, table: PlacedBlock, row: int, column: int, cell: Styled | Formula | Link, style: str
) -> str:
    """Write one cell that is more than a value; returns the look that it has."""
    if isinstance(cell, Link):
        if target := link_target(to.places, cell.sheet, cell.value):
            to.book.put_link(to.sheet, row, column, target, cell.value, f"{style} link")
            return f"{style} link"
        look = style
    else:
        look = cell.style or style
        if isinstance(cell, Formula) and (text := formula_text(to.places, cell.text, table, row)):
            to.book.put_formula(to.sheet, row, column, text, cell.value, look)
            return look
    to.book.put(to.sheet, row, column, cell.value, look)
    return look
