"""The one function that writes described pages, and the only place that knows their rows.

Every table carries a hidden row of keys right above its header, as the forms do: programs read the keys, people the
header.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from xlsxwriter.worksheet import Worksheet

from pipeline.publish.excel import Book, Value, accept, lines, page, printable, row_height
from pipeline.publish.style import font_size
from pipeline.publish.workbook.pages import Cell, Column, Formula, Link, Page, Styled, Sum
from pipeline.publish.workbook.paper import scale, stretches
from pipeline.publish.workbook.places import PlacedBlock, PlacedPage, Places, formula_text, link_target, place_pages

_PADDING = 1.2  # of the width of a column, left of its text


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet being written: its book, the places of all that is in the book, its page with the columns on it."""

    book: Book
    sheet: Worksheet
    places: Places
    page: Page

    @property
    def widths(self) -> Sequence[float]:
        return self.page.widths


def write_pages(book: Book, pages: Sequence[Page]) -> tuple[Places, dict[str, Worksheet]]:
    """Write the pages as sheets in their order; returns the places of their tables, and the sheets by their ids."""
    places = place_pages(pages)
    return places, {described.id: _write_page(book, places, described) for described in pages}


def _write_page(book: Book, places: Places, described: Page) -> Worksheet:
    placed = places[described.id]
    sheet = book.add(described.name)
    for column, width in enumerate(described.widths):
        sheet.set_column(column, column, width)
    written = _Sheet(book, sheet, places, described)
    _write_heading(written)
    for table in placed.tables:
        _write_table(written, table)
    _write_remarks(written, placed)
    _write_signers(written, placed)
    if len(placed.tables) == 1:
        sheet.freeze_panes(placed.tables[0].first_row, described.frozen_columns)
    _set_paper(sheet, placed)
    return sheet


def _set_paper(sheet: Worksheet, placed: PlacedPage) -> None:
    """How it looks on paper: the header of the only table, or of a last one with pages of its own, is on each page."""
    described, tables = placed.page, placed.tables
    is_repeated = len(tables) == 1 or (tables[-1].block.starts_page and not described.picture_rows)
    breaks = [table.caption_row for table in tables if table.block.starts_page]
    if described.picture_rows and not breaks:
        breaks = [placed.remarks_row]  # pictures are not cut
    page(
        sheet,
        landscape=described.landscape,
        header_row=tables[-1].header_row if is_repeated else None,
        mark=described.mark,
        breaks=breaks,
    )
    first, last = described.printed
    sheet.print_area(0, first, placed.last_row, last)
    if described.is_split:
        sheet.set_print_scale(floor(100 * scale(described)))
        sheet.repeat_columns(first, described.frozen_columns - 1)
        sheet.set_v_pagebreaks([begin for begin, _ in stretches(described)[1:]])


def _write_heading(to: _Sheet) -> None:
    """Annex number, title, sub-titles and sample mark, over the first page across; the others say what goes on."""
    for place, (first, last) in enumerate(_text_columns(to.page)):
        for row, (text, style) in enumerate(to.page.heading[: 1 if place else None]):
            _merge(to, row, f"{text} (tiếp theo)" if place else text, f"{style} wrap", first, last)
            if (high := lines(text, sum(to.widths[first : last + 1]), font_size(style))) > 1:
                to.sheet.set_row(row, row_height(high))


def _text_columns(described: Page) -> list[tuple[int, int]]:
    """Over which columns texts stand on each page across: on one of several not on those that all of them repeat."""
    if not described.is_split:
        return stretches(described)
    return [(max(first, described.frozen_columns), last) for first, last in stretches(described)]


def _write_remarks(to: _Sheet, placed: PlacedPage) -> None:
    """Remarks as wide as the first page: text that ran on to the right would make it wider, its letters smaller."""
    first, last = _text_columns(to.page)[0]
    for row, text in enumerate(placed.page.remarks, start=placed.remarks_row):
        _merge(to, row, printable(text), "wrap", first, last)
        to.sheet.set_row(row, row_height(lines(text, sum(to.widths[first : last + 1]))))


def _write_signers(to: _Sheet, placed: PlacedPage) -> None:
    """Who signs, side by side over equal parts of the first page across."""
    first, last = _text_columns(to.page)[0]
    for place, who in enumerate(placed.page.signers):
        of_all = [place, place + 1]
        begin, end = (first + (last + 1 - first) * part // len(placed.page.signers) for part in of_all)
        _merge(to, placed.signers_row, who, "center bold wrap", begin, end - 1)
        to.sheet.set_row(placed.signers_row, row_height(1 + who.count("\n")))


def _merge(to: _Sheet, row: int, text: str, style: str, first: int, last: int) -> None:
    """One text over columns of a row."""
    if first == last:
        to.book.put(to.sheet, row, first, text, style)
    else:
        accept(to.sheet.merge_range(row, first, row, last, text, to.book.style(style)), to.sheet.get_name())


def _write_table(to: _Sheet, table: PlacedBlock) -> None:
    block = table.block
    _write_header(to, table)
    if block.instead:
        _merge(to, table.first_row, block.instead, "line", 0, len(block.columns) - 1)
        to.sheet.set_row(table.first_row, row_height(lines(block.instead, sum(to.widths[: len(block.columns)]))))
        return
    _write_rows(to, table)
    if block.has_filter and block.lines:
        to.sheet.autofilter(table.header_row, 0, table.last_row, len(block.columns) - 1)


def _write_rows(to: _Sheet, table: PlacedBlock) -> None:
    """The rows of the lines, and those below that add them up, all of them and part by part."""
    block, sheet = table.block, to.sheet
    styles = [column.style for column in block.columns]
    folded = [block.is_folded(line) for line in block.lines] if block.is_folded else []
    for place, cells in enumerate(block.rows):
        row = table.first_row + place
        points = _write_cells(to, table, row, cells, styles)
        if any(folded[place : place + 2]):
            sheet.set_row(row, points, None, _fold(folded, place))
    for place, column in enumerate(block.columns):
        if block.lines and column.is_alarm:
            to.book.put_alarm(sheet, table.first_row, table.last_row, place)
        if block.lines and column.has_bars:
            to.book.put_bars(sheet, table.first_row, table.last_row, place)
    if folded:
        sheet.outline_settings(visible=True, symbols_below=False)
    _write_feet(to, table, styles)


def _fold(folded: Sequence[bool], place: int) -> dict[str, object]:
    """A line that is folded away is hidden; the line above it shows that something is."""
    return {"level": 1, "hidden": True} if folded[place] else {"collapsed": True}


def _write_feet(to: _Sheet, table: PlacedBlock, styles: Sequence[str]) -> None:
    block = table.block
    if block.has_total:
        rows = list(block.rows)
        totals = [_total_cell(column, (cells[place] for cells in rows)) for place, column in enumerate(block.columns)]
        _write_cells(to, table, table.last_row + 1, totals, [f"{style} total" for style in styles])
    for row, name in enumerate(block.parts, start=table.last_row + 1 + block.has_total):
        cells = [column.part(name) if column.part else None for column in block.columns]
        _write_cells(to, table, row, cells, [f"{style} part" for style in styles])


def _write_header(to: _Sheet, table: PlacedBlock) -> None:
    """Caption, hidden keys, labels as high as they need, and the numbers of the columns where they are asked for."""
    block = table.block
    if block.caption:
        to.book.put(to.sheet, table.caption_row, to.page.printed[0], block.caption, "bold")
    for place, column in enumerate(block.columns):
        to.book.put(to.sheet, table.key_row, place, column.key, "key")
        to.book.put(to.sheet, table.header_row, place, column.label, column.header)
        if block.numbered:
            to.book.put(to.sheet, table.header_row + 1, place, f"({place + 1})", "column-number")
    to.sheet.set_row(table.key_row, None, None, {"hidden": True})
    most = max(lines(column.label, width * 0.85) for column, width in zip(block.columns, to.widths, strict=False))
    to.sheet.set_row(table.header_row, row_height(most))


def _total_cell(column: Column[object], above: Iterable[Cell]) -> Cell:
    """What stands in the last row below these cells."""
    if not isinstance(column.total, Sum):
        return column.total
    amounts = [value for cell in above if isinstance(value := _value(cell), (int, float))]
    return Formula(f"SUM({{:{column.key}}})", sum(amounts, column.total.start))


def _value(cell: Cell) -> Value:
    return cell.value if isinstance(cell, (Styled, Formula, Link)) else cell


def _write_cells(
    to: _Sheet, table: PlacedBlock, row: int, cells: Sequence[Cell], styles: Sequence[str]
) -> float | None:
    """Write one row, as high as its longest text needs: not every program grows rows that another one wrote.

    Returns that height where it is more than a line.
    """
    most = 1
    for place, (cell, style, width) in enumerate(zip(cells, styles, to.widths, strict=False)):
        if isinstance(cell, (Styled, Formula, Link)):
            value, look = cell.value, _write_special(to, table, row, place, cell, style)
        else:
            value, look = cell, style
            to.book.put(to.sheet, row, place, value, look)
        if isinstance(value, str) and (len(value) > width * 0.8 or "\n" in value):
            most = max(most, lines(value, width - _PADDING, font_size(look)))
    if most == 1:
        return None
    points = row_height(most)
    to.sheet.set_row(row, points)
    return points


def _write_special(
    to: _Sheet, table: PlacedBlock, row: int, column: int, cell: Styled | Formula | Link, style: str
) -> str:
    """Write one cell that is more than a value; returns the look that it has."""
    if isinstance(cell, Link):
        if target := link_target(to.places, cell.sheet, cell.value if cell.line is None else cell.line):
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
