"""The one wrapper round XlsxWriter: styles by name, one format object per style, every refused write an error.

Text is written as text whatever it begins with, and the same calls give the same bytes.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, Worksheet

from pipeline.publish.outputs import TABLES
from pipeline.publish.style import ALARM, BARS, properties

_CREATED = datetime(2025, 1, 1)
_LONGEST = 32_767
_SHARED = "\x01"
NO_TEXT = "\x02"  # the value of a formula that comes to an empty text
_CUT = f"… (còn nữa, xem tệp trong thư mục {TABLES})"
_A4 = 9
_LEFT, _RIGHT = 0.6, 0.4  # margins, in inches
ACROSS = {False: 8.27 - _LEFT - _RIGHT, True: 11.69 - _LEFT - _RIGHT}  # inches of A4 between them, upright and lying
_LINE_POINTS = 15.0
_LETTERS_PER_WIDTH = 1.06  # Vietnamese in Times New Roman has 1.13 letters to a unit of column width
_HIGHEST_ROW = 409.0

Value = str | int | float | date | datetime | None


class _PrintedSheet(Worksheet):  # type: ignore[misc]
    """A sheet without a page number on its first page (NĐ 30/2020/NĐ-CP, Phụ lục I), which XlsxWriter cannot say.

    Our formulas call no function that came after Excel 2007, so that none of them is searched for thirty.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """A blank cell with a style is its place and that style; most cells of a form are such."""
        if cell.__class__ is CellBlankTuple and cell.format:
            self.fh.write(f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"/>')
        else:
            super()._write_cell(row, col, cell)

    def fill(self, rows: Iterable[int], column: int, cells: Sequence[Any]) -> None:
        """Lay the same neighbouring cells into each of some rows; the library looks at every single one, as slowly."""
        for row in rows:
            accept(self._check_dimensions(row, column) or self._check_dimensions(row, column + len(cells) - 1), "")
            self.table[row].update(zip(range(column, column + len(cells)), cells, strict=True))

    def _xml_formula_element(self, formula: str, result: Any, attributes: Any = ()) -> None:
        """Of a formula that cells below each other share, only the first holds the text; an empty text is a value."""
        result = "" if result == NO_TEXT else result
        if not formula.startswith(_SHARED):
            super()._xml_formula_element(formula, result, attributes)
            return
        number, cells, text = formula[1:].split(_SHARED)
        place = "".join(f' {key}="{value}"' for key, value in attributes)
        tag = f'<f t="shared" ref="{cells}" si="{number}">{self._escape_data(text)}</f>' if text else ""
        own = tag or f'<f t="shared" si="{number}"/>'
        told = f"<v>{self._escape_data(result)}</v>" if result or tag else "<v/>"
        self.fh.write(f"<c{place}>{own}{told}</c>")

    def _write_header_footer(self) -> None:
        self._xml_start_tag("headerFooter", [("differentFirst", 1), ("scaleWithDoc", 0)])
        self._xml_data_element("oddHeader", self.header)
        self._xml_end_tag("headerFooter")


class Book:
    """A workbook being written; use as a context manager, it is saved on leaving.

    A small one may be put together in memory, without temporary files.
    """

    def __init__(self, path: Path, title: str, author: str, is_small: bool = False) -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        options = {**plain, "default_date_format": "dd/mm/yyyy", "in_memory": is_small}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": title, "author": author, "created": _CREATED})
        self._book.formats[0].set_font_name("Times New Roman")
        self._formats: dict[str, Any] = {}

    def __enter__(self) -> "Book":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            try:
                self._book.close()
            except FileCreateError as refused:  # what the machine said, hidden in an exception of the library's own
                raise refused.args[0] from None

    def add(self, name: str) -> Worksheet:
        """A new sheet."""
        return self._book.add_worksheet(name, worksheet_class=_PrintedSheet)

    def style(self, names: str) -> Any:
        """The format for a list of style names; made once."""
        if names not in self._formats:
            self._formats[names] = self._book.add_format(properties(names))
        return self._formats[names]

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, style: str = "plain") -> None:
        """Write one cell by the type of its value; `None` writes the style alone."""
        look = self._formats.get(style) or self.style(style)
        if value is None or value == "":
            code = sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            code = sheet.write_string(row, column, printable(value), look)
        elif isinstance(value, (date, datetime)):
            code = sheet.write_datetime(row, column, value, look)
        else:
            code = sheet.write_number(row, column, value, look)
        if code:
            accept(code, f"{sheet.get_name()}, dòng {row + 1}, cột {column + 1}")

    def put_formula(self, sheet: Worksheet, row: int, column: int, formula: str, value: Value, style: str) -> None:
        """Write a formula of ours together with its computed value."""
        look = self._formats.get(style) or self.style(style)
        sheet.fill([row], column, [CellFormulaTuple(formula.removeprefix("="), look, "" if value is None else value)])

    def put_formulas(
        self, sheet: Worksheet, row: int, column: int, formula: str, values: Sequence[str], style: str
    ) -> None:
        """Write one formula into cells below each other, which reads the same in each, with their values."""
        letter = xl_col_to_name(column)
        cells, look = f"{letter}{row + 1}:{letter}{row + len(values)}", self.style(style)
        first, others = (_SHARED + _SHARED.join(parts) for parts in (("0", cells, formula), ("0", "", "")))
        for number, value in enumerate(values, start=row):
            sheet.fill([number], column, [CellFormulaTuple(others if number > row else first, look, value or NO_TEXT)])

    def put_blank_rows(self, sheet: Worksheet, rows: Iterable[int], styles: Sequence[str]) -> None:
        """Write rows that hold nothing and look alike."""
        sheet.fill(rows, 0, [CellBlankTuple(self.style(style)) for style in styles])

    def put_link(self, sheet: Worksheet, row: int, column: int, target: str, text: str, style: str) -> None:
        """Write a text that leads to another place of this workbook."""
        accept(sheet.write_url(row, column, target, self.style(style), printable(text)), target)

    def put_alarm(self, sheet: Worksheet, first_row: int, last_row: int, column: int) -> None:
        """Let cells turn red as soon as they are not 0."""
        rule = {"type": "cell", "criteria": "!=", "value": 0, "format": self._alarm}
        accept(sheet.conditional_format(first_row, column, last_row, column, rule), sheet.get_name())

    def put_bars(self, sheet: Worksheet, first_row: int, last_row: int, column: int) -> None:
        """Let bars behind numbers show how large each is beside the others."""
        rule = {"type": "data_bar", "bar_color": BARS, "min_type": "num", "min_value": 0}
        accept(sheet.conditional_format(first_row, column, last_row, column, rule), sheet.get_name())

    @cached_property
    def _alarm(self) -> Any:
        return self._book.add_format(ALARM)

    def chart(self, options: dict[str, str]) -> Any:
        """A native chart, to be placed on a sheet."""
        return self._book.add_chart(options)

    def put_row(self, sheet: Worksheet, row: int, values: list[Value], styles: list[str], column: int = 0) -> None:
        """Write neighbouring cells of one row."""
        for offset, (value, style) in enumerate(zip(values, styles, strict=True)):
            self.put(sheet, row, column + offset, value, style)


def accept(code: int | None, where: str) -> None:
    """XlsxWriter drops what it cannot write and returns a negative code: that would be lost data, so it is an error."""
    if code is not None and code < 0:
        raise RuntimeError(f"XlsxWriter refused a write ({code}): {where}")


def printable(text: str) -> str:
    """The text as a cell can hold it: no lone surrogates or control characters, and a visible mark where it is cut.

    Excel counts UTF-16 units, of which an emoji takes two.
    """
    if (
        len(text) <= _LONGEST // 2 and text.isprintable()
    ):  # neither surrogates nor control characters: nearly every cell
        return text
    clean = text.encode("utf-8", "replace").decode("utf-8")
    clean = "".join(char for char in clean if (char >= " " and char not in "\ufffe\uffff") or char in "\n\t")
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return clean
    return units[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def page(
    sheet: Worksheet,
    *,
    landscape: bool,
    header_row: int | None,
    mark: str = "",
    breaks: Sequence[int] = (),
) -> None:
    """A4, one page wide, header rows repeated, page number centred at the top.

    So NĐ 30/2020/NĐ-CP, Phụ lục I. `mark` stands in red beside the page number, from the second page on; the first
    bears it above its table. `breaks`: rows that begin a page.
    """
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=_LEFT, right=_RIGHT, top=0.8, bottom=0.6)
    sheet.set_header(
        '&C&"Times New Roman,Regular"&13&P' + (f'&R&KC00000&"Times New Roman,Bold"&11{mark}' if mark else "")
    )
    sheet.set_h_pagebreaks(breaks)
    sheet.set_start_page(1)  # each annex is numbered apart
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    if header_row is not None:
        sheet.repeat_rows(header_row)
    sheet.hide_gridlines(2)


@lru_cache(maxsize=4_096)
def lines(text: object, width: float, size: float = 11.0) -> int:
    """How many lines a text takes in a column of that width, counted generously for Times New Roman of that size."""
    room = max(1, int(width * _LETTERS_PER_WIDTH * 11.0 / size))
    return sum(_lines_of(part, room) for part in str(text).split("\n")) if text not in (None, "") else 1


def _lines_of(text: str, room: int) -> int:
    """Lines are broken between words; only a word longer than a line is broken itself."""
    count, used = 1, 0
    for word in text.split(" "):
        if used and used + 1 + len(word) > room:
            count, used = count + 1, 0
        used += len(word) + bool(used)
        more = (used - 1) // room if used else 0
        count, used = count + more, used - more * room
    return count


def height(values: list[Value], widths: list[float]) -> float:
    """A row height that shows the whole text of every cell (Excel does not grow rows that a program wrote)."""
    return row_height(max(lines(value, width) for value, width in zip(values, widths, strict=True)))


def row_height(count: int) -> float:
    """The height of a row with that many lines of text."""
    return min(_HIGHEST_ROW, _LINE_POINTS * count + 3)
