"""The first sheet of a marked copy: one line a problem, with a link to its cell and a place for the unit's reply.

Described as rows of cells, then written as the one XML part that it is; its texts are texts whatever they begin with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pipeline.declare import todo
from pipeline.declare.form import Form
from pipeline.publish.excel import height, printable
from pipeline.publish.returns.opened_book import OpenedBook
from pipeline.publish.returns.sheet_part import SheetPart
from pipeline.publish.returns.styles_part import StylesPart
from pipeline.values.cells import cell_name

_LABELS = {
    todo.NUMBER: "STT",
    todo.SEVERITY: "Mức độ",
    todo.SHEET: "Sheet",
    todo.CELL: "Ô",
    todo.FOUND: "Điểm cần xem lại",
    todo.EXPECTED: "Yêu cầu",
    todo.EXAMPLE: "Ví dụ đúng",
}
_WIDTHS = {
    todo.NUMBER: 5,
    todo.SEVERITY: 16,
    todo.SHEET: 19,
    todo.CELL: 9,
    todo.FOUND: 40,
    todo.EXPECTED: 36,
    todo.EXAMPLE: 26,
    todo.REPLY: 30,
}
_HIDDEN_WIDTH = 12
_ROOM = 0.84  # of a width, once words wrap whole
_HEADER_POINTS = 24.0
_COLUMNS = (*todo.VISIBLE, *todo.HIDDEN)
_LAST = cell_name(len(todo.VISIBLE) - 1, 0)[:-1]
_NOT_IN_XML = str.maketrans("", "", "\ufffe\uffff")
_MOST_ROWS, _MOST_COLUMNS = 20_000, 40

_SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">\
<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>\
<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">\
<pane ySplit="{header}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/>\
<selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/></sheetView></sheetViews>\
<sheetFormatPr defaultRowHeight="15"/>\
<cols>{columns}</cols><sheetData>{rows}</sheetData><sheetProtection sheet="1" formatColumns="0" formatRows="0"/>\
<mergeCells count="{merged}">{merges}</mergeCells>{links}\
<pageMargins left="0.6" right="0.4" top="0.8" bottom="0.6" header="0.5" footer="0.5"/>\
<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0" orientation="landscape"/>\
<headerFooter><oddHeader>&amp;C&amp;"Times New Roman,Regular"&amp;13 &amp;P</oddHeader></headerFooter></worksheet>"""


@dataclass(frozen=True, slots=True)
class Line:
    """One problem as the sheet shows it.

    `target` is the link, empty when there is no cell to go to; `fill` what the cell wore.
    """

    texts: Mapping[str, str]
    severity: str
    key: str
    target: str = ""
    fill: int = 0


@dataclass(frozen=True, slots=True)
class TodoSheet:
    """The whole sheet, from top to bottom; an empty text takes no row."""

    title: str
    subtitle: str
    sample_mark: str
    advice: Sequence[str]
    lines: Sequence[Line]

    @property
    def above(self) -> list[tuple[str, str]]:
        """The texts above the list, each with its style."""
        texts = [(self.title, "title"), (self.subtitle, "subtitle"), (self.sample_mark, "sample")]
        return [(text, style) for text, style in (*texts, *((line, "wrap") for line in self.advice)) if text]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: texts with their looks from the first column on, and its height; none hides it."""

    cells: Sequence[tuple[str, int]]
    points: float | None


def add_todo_sheet(book: OpenedBook, form: Form, sheet: TodoSheet) -> None:
    """Put the sheet in front of all others and let the workbook open on it."""
    header = len(sheet.above) + 2
    names = {"_xlnm.Print_Titles": "'{}'!${}:${}".format(form.todo_sheet.replace("'", "''"), header, header)}
    part = _written(sheet, header, _rows(sheet, form, book.styles))
    book.put_first(form.todo_sheet, part.encode("utf-8"), names)


def _rows(sheet: TodoSheet, form: Form, styles: StylesPart) -> list[_Row]:
    return [
        *(_across(text, style, styles) for text, style in sheet.above),
        *_header(form, styles),
        *(_line(number, line, styles) for number, line in enumerate(sheet.lines, start=1)),
    ]


def _written(sheet: TodoSheet, header: int, rows: Sequence[_Row]) -> str:
    """The part itself. `header` is the row of labels: the texts above it go across, what is below scrolls."""
    merged = len(sheet.above)
    return _SHEET.format(
        header=header,
        below=header + 1,
        columns="".join(_column(number, key) for number, key in enumerate(_COLUMNS, start=1)),
        rows="".join(_row(number, row) for number, row in enumerate(rows, start=1)),
        merged=merged,
        merges="".join(f'<mergeCell ref="A{number}:{_LAST}{number}"/>' for number in range(1, merged + 1)),
        links=_links(header + 1, sheet.lines),
    )


def _across(text: str, style: str, styles: StylesPart) -> _Row:
    points = _HEADER_POINTS if style == "title" else height([text], [sum(_WIDTHS.values())])
    return _Row([(text, styles.named(style))], points)


def _header(form: Form, styles: StylesPart) -> Iterator[_Row]:
    """The hidden row of column keys, and below it the labels."""
    labels = {**_LABELS, todo.REPLY: form.reply_label}
    yield _Row([(key, styles.named("key")) for key in _COLUMNS], None)
    yield _Row(
        [(labels[key], styles.named("header")) if key in labels else ("", styles.named("plain")) for key in _COLUMNS],
        _HEADER_POINTS,
    )


def _line(number: int, line: Line, styles: StylesPart) -> _Row:
    looks = {
        todo.NUMBER: "cell center",
        todo.SEVERITY: f"cell severity-{line.severity}",
        todo.CELL: "cell center link" if line.target else "cell center",
        todo.REPLY: "cell open",
    }
    texts = {**line.texts, todo.NUMBER: str(number)}
    shown = [(texts.get(key, ""), styles.named(looks.get(key, "cell"))) for key in todo.VISIBLE]
    hidden = [(line.key, styles.named("key")), ("", styles.named("key", line.fill))]
    return _Row([*shown, *hidden], _points(line))


def _points(line: Line) -> float:
    """The height in which every text of the line is seen whole."""
    return height([line.texts.get(key, "") for key in todo.VISIBLE], [_WIDTHS[key] * _ROOM for key in todo.VISIBLE])


def _row(number: int, row: _Row) -> str:
    shape = 'hidden="1"' if row.points is None else f'ht="{row.points:g}" customHeight="1"'
    cells = "".join(_cell(cell_name(column, number), *cell) for column, cell in enumerate(row.cells))
    return f'<row r="{number}" {shape}>{cells}</row>'


def _cell(name: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{name}" s="{style}"/>'
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(_clean(text))}</t></is></c>'


def _column(number: int, key: str) -> str:
    shape = ' hidden="1"' if key in todo.HIDDEN else ""
    return f'<col min="{number}" max="{number}" width="{_WIDTHS.get(key, _HIDDEN_WIDTH)}" customWidth="1"{shape}/>'


def _links(first: int, lines: Sequence[Line]) -> str:
    column = todo.VISIBLE.index(todo.CELL)
    links = [
        _link(cell_name(column, number), line.target, line.texts[todo.CELL])
        for number, line in enumerate(lines, start=first)
        if line.target
    ]
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""


def _link(name: str, target: str, shown: str) -> str:
    return f'<hyperlink ref="{name}" location={_quoted(target)} display={_quoted(shown)}/>'


def _quoted(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return printable(text).translate(_NOT_IN_XML)


def fills_before(sheet: SheetPart, styles: StylesPart) -> dict[tuple[str, str], int]:
    """From an earlier to-do sheet: what each tinted cell wore before, by sheet and cell."""
    rows = _columns_by_text(sheet)
    wanted = (todo.SHEET, todo.CELL, todo.FILL_BEFORE)
    head = next((row for row, texts in sorted(rows.items()) if all(key in texts for key in wanted)), 0)
    if not head:
        return {}
    title, cell, fill = (rows[head][key] for key in wanted)
    return {
        (sheet.text((row, title)), sheet.text((row, cell))): styles.fill(sheet.style((row, fill)))
        for row in rows
        if row > head
    }


def _columns_by_text(sheet: SheetPart) -> dict[int, dict[str, int]]:
    """Row by row, in which column a text stands; a sheet made to do harm is not read to its end."""
    rows: dict[int, dict[str, int]] = {}
    for row, column in sheet:
        if row <= _MOST_ROWS and column <= _MOST_COLUMNS:
            rows.setdefault(row, {})[sheet.text((row, column))] = column
    return rows
