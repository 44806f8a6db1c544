"""The first sheet of a marked copy: one line a problem, with a link to its cell and a place for the unit's reply."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.declare import todo
from pipeline.declare.form import Form
from pipeline.publish.excel import height, printable
from pipeline.publish.style import properties

_LABELS = {
    todo.NUMBER: "STT",
    todo.SEVERITY: "Mức độ",
    todo.SHEET: "Sheet",
    todo.CELL: "Ô",
    todo.FOUND: "Điểm cần xem lại",
    todo.EXPECTED: "Yêu cầu",
    todo.EXAMPLE: "Ví dụ đúng",
}
_WIDTHS = {todo.NUMBER: 5, todo.SEVERITY: 16, todo.SHEET: 19, todo.CELL: 9, todo.FOUND: 40, todo.EXPECTED: 36, todo.EXAMPLE: 26, todo.REPLY: 30}
_ROOM = 0.84  # of a width, once words wrap whole
_LAST = len(todo.VISIBLE)
_A4 = 9


@dataclass(frozen=True, slots=True)
class Line:
    """One problem as the sheet shows it. `target` is the link, empty when there is no cell to go to; `fill` what the cell wore."""

    texts: Mapping[str, str]
    severity: str
    key: str
    target: str = ""
    fill: Any = None


def add_todo_sheet(book: Workbook, form: Form, title: str, subtitle: str, sample_mark: str, advice: Sequence[str], lines: Sequence[Line]) -> Worksheet:
    """Put the sheet in front of all others and open the workbook on it."""
    sheet = book.create_sheet(form.todo_sheet, 0)
    row = 1
    made: dict[str, Any] = {}
    for text, style in ((title, "title"), (subtitle, "subtitle"), (sample_mark, "sample"), *((line, "wrap") for line in advice)):
        if text:
            _across(sheet, row, text, style, made)
            row += 1
    _header(sheet, row, form, made)
    for number, line in enumerate(lines, start=1):
        _line(sheet, row + 1 + number, number, line, made)
    _finish(book, sheet, row + 1)
    return sheet


def _across(sheet: Worksheet, row: int, text: str, style: str, made: dict[str, Any]) -> None:
    _put(sheet, row, 1, text, style, made)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=_LAST)
    sheet.row_dimensions[row].height = 24 if style == "title" else height([text], [sum(_WIDTHS.values())])


def _header(sheet: Worksheet, row: int, form: Form, made: dict[str, Any]) -> None:
    """The hidden row of column keys, and below it the labels."""
    labels = {**_LABELS, todo.REPLY: form.reply_label}
    for column, key in enumerate((*todo.VISIBLE, *todo.HIDDEN), start=1):
        _put(sheet, row, column, key, "key", made)
        _put(sheet, row + 1, column, labels.get(key, ""), "header" if key in labels else "plain", made)
    sheet.row_dimensions[row].hidden = True
    sheet.row_dimensions[row + 1].height = 24


def _line(sheet: Worksheet, row: int, number: int, line: Line, made: dict[str, Any]) -> None:
    styles = {
        todo.NUMBER: "cell center",
        todo.SEVERITY: f"cell severity-{line.severity}",
        todo.CELL: "cell center link" if line.target else "cell center",
        todo.REPLY: "cell open",
    }
    for column, key in enumerate(todo.VISIBLE, start=1):
        _put(sheet, row, column, str(number) if key == todo.NUMBER else line.texts.get(key, ""), styles.get(key, "cell"), made)
    if line.target:
        cell = sheet.cell(row, todo.VISIBLE.index(todo.CELL) + 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=line.target, display=line.texts[todo.CELL])
    _put(sheet, row, _LAST + 1, line.key, "key", made)
    before = _put(sheet, row, _LAST + 2, "", "key", made)
    if line.fill is not None:
        before.fill = copy(line.fill)
    sheet.row_dimensions[row].height = height([line.texts.get(key, "") for key in todo.VISIBLE], [_WIDTHS[key] * _ROOM for key in todo.VISIBLE])


def _finish(book: Workbook, sheet: Worksheet, header_row: int) -> None:
    for column, key in enumerate((*todo.VISIBLE, *todo.HIDDEN), start=1):
        dimension = sheet.column_dimensions[sheet.cell(header_row, column).column_letter]
        dimension.width, dimension.hidden = _WIDTHS.get(key, 12), key in todo.HIDDEN
    sheet.freeze_panes = sheet.cell(header_row + 1, 1)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # False allows
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left, sheet.page_margins.right, sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.4, 0.8, 0.6
    sheet.print_title_rows = f"{header_row}:{header_row}"
    center = sheet.oddHeader.center
    center.text, center.font, center.size = "&P", "Times New Roman,Regular", 13
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def fills_before(sheet: Worksheet) -> dict[tuple[str, str], Any]:
    """From an earlier to-do sheet: what each tinted cell wore before, by sheet and cell."""
    rows = list(sheet.iter_rows(max_row=min(sheet.max_row, 20_000), max_col=min(sheet.max_column, 40)))
    head = next((number for number, row in enumerate(rows) if {todo.SHEET, todo.CELL, todo.FILL_BEFORE} <= {cell.value for cell in row}), None)
    if head is None:
        return {}
    places = {cell.value: position for position, cell in enumerate(rows[head])}
    return {(row[places[todo.SHEET]].value, row[places[todo.CELL]].value): copy(row[places[todo.FILL_BEFORE]].fill) for row in rows[head + 1 :]}


def _put(sheet: Worksheet, row: int, column: int, text: str, style: str, made: dict[str, Any]) -> Any:
    """Write text as text, whatever it begins with. `made`: the styles that this workbook has already, which are slow to add."""
    cell = sheet.cell(row, column)
    if text:
        cell.value = printable(text)
        cell.data_type = "s"
    if style in made:
        cell._style = copy(made[style])
    else:
        cell.font, cell.fill, cell.border, cell.alignment, cell.protection = _look(style)
        made[style] = copy(cell._style)
    return cell


@cache
def _look(names: str) -> tuple[Font, PatternFill, Border, Alignment, Protection]:
    """The style table in openpyxl's words."""
    look = properties(names)
    side = Side(style="thin") if look.get("border") else None
    fill = str(look.get("bg_color", "")).lstrip("#")
    return (
        Font(
            name=look["font_name"],
            size=look["font_size"],
            bold=bool(look.get("bold")),
            italic=bool(look.get("italic")),
            underline="single" if look.get("underline") else None,
            color="FF" + str(look.get("font_color", "#000000")).lstrip("#"),
        ),
        PatternFill("solid", start_color=f"FF{fill}") if fill else PatternFill(),
        Border(left=side, right=side, top=side, bottom=side),
        Alignment(horizontal=look.get("align"), vertical={"vcenter": "center"}.get(str(look.get("valign"))), wrap_text=bool(look.get("text_wrap"))),
        Protection(locked=bool(look.get("locked", True))),
    )
