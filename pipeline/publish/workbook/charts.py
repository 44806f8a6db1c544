"""The native charts of the first sheet, below its tables: filing, tasks, this period beside the last, main products.

They point at the tables of the workbook; those that show what stands in none have their numbers right of the printed
page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.publish.charts import Chart, Series, comparison_chart, filing_chart, products_by_unit_chart, tasks_chart
from pipeline.publish.excel import Book, Value
from pipeline.publish.palette import FILLS
from pipeline.publish.report import Report
from pipeline.publish.workbook.places import Places, column_range

_WIDTHS, _GAP = (265, 425, 269), 6  # in pixels: three charts side by side fill the columns of the first sheet
_WHOLE = sum(_WIDTHS) + 2 * _GAP  # the long chart below them
_UPPER, _LOWER = 13, 15  # heights in rows of the sheet
_ROW_PIXELS = 20
_DATA_COLUMN, _NAMES_COLUMN = 5, 11  # right of the printed page
_FONT: Mapping[str, object] = {"name": "Times New Roman", "size": 9}
_QUIET = "not-due"  # what nobody has to do yet


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A chart with its place: pixels from the left, its width, rows below the tables, its height in rows.

    `data`: where what stands in no table goes, rows below the tables and a column. `is_lying`: its bars lie. `is_long`:
    its names stand at an angle. `has_many`: it has more series than fit below it.
    """

    chart: Chart
    left: int
    width: int
    row: int = 0
    height: int = _UPPER
    data: tuple[int, int] = (0, _DATA_COLUMN)
    is_lying: bool = False
    is_long: bool = False
    has_many: bool = False


def add_charts(book: Book, sheet: Worksheet, places: Places, report: Report) -> None:
    """Insert the charts below the tables of the first sheet, and print both on one page."""
    placed = places["summary"]
    top = placed.remarks_row + len(placed.page.remarks) + 1
    for drawn in _drawn(report):
        names, *series = _references(book, sheet, places, drawn, top)
        chart = _native(book, drawn, names, series)
        options = {"x_offset": drawn.left, "object_position": 1, "description": drawn.chart.label}
        sheet.insert_chart(top + drawn.row, 0, chart, options)
    sheet.print_area(0, 0, top + _UPPER + _LOWER, len(placed.page.widths) - 1)


def _drawn(report: Report) -> tuple[_Drawn, ...]:
    """Three charts side by side, and a long one below them."""
    first, second, third = _WIDTHS
    filing, tasks, compared = filing_chart(report), tasks_chart(report), comparison_chart(report)
    # Bars are drawn from below, so the first comes last; all bars have one scale, so what is far larger is left out.
    filing = replace(filing, bars=filing.bars[::-1])
    tasks = replace(tasks, series=[series for series in tasks.series if series.key != _QUIET])
    compared = replace(compared, bars=[bar for bar in compared.bars if not bar.is_apart])
    return (
        _Drawn(filing, 0, first, is_lying=True),
        _Drawn(tasks, first + _GAP, second, has_many=True),
        _Drawn(compared, first + second + 2 * _GAP, third, data=(12, _DATA_COLUMN)),
        _Drawn(products_by_unit_chart(report), 0, _WHOLE, _UPPER, _LOWER, (0, _NAMES_COLUMN), is_long=True),
    )


def _references(book: Book, sheet: Worksheet, places: Places, drawn: _Drawn, top: int) -> list[str]:
    """The cells of the names of the bars, then those of each series: of a table, or written beside the printed page."""
    chart, column = drawn.chart, drawn.data[1]
    columns: list[tuple[tuple[str, str] | None, list[Value]]] = [(chart.names, [bar.name for bar in chart.bars])]
    for series in chart.series:
        columns.append((series.cells, [_number(bar.amounts.get(series.key)) for bar in chart.bars]))
    first, references = top + drawn.data[0], []
    for cells, values in columns:
        found = column_range(places, *cells) if cells else None
        if found is None:
            found = _put_column(book, sheet, first, column, values)
            column += 1
        references.append(found)
    return references


def _number(amount: float | None) -> Value:
    return None if amount is None or isnan(amount) else amount


def _put_column(book: Book, sheet: Worksheet, first: int, column: int, values: Sequence[Value]) -> str:
    """Write values one below the other; returns their reference."""
    for row, value in enumerate(values, start=first):
        book.put(sheet, row, column, value, "key")
    letter = xl_col_to_name(column)
    return f"'{sheet.get_name()}'!${letter}${first + 1}:${letter}${first + max(1, len(values))}"


def _native(book: Book, drawn: _Drawn, names: str, references: Sequence[str]) -> Any:
    """The chart as Excel draws it."""
    stacked = {"subtype": "stacked"} if drawn.chart.kind == "stacked" else {}
    chart = book.chart({"type": "bar" if drawn.is_lying else "column", **stacked})
    for series, values in zip(drawn.chart.series, references, strict=True):
        chart.add_series(_series(series, names, values))
    chart.set_title({"name": drawn.chart.label, "name_font": {**_FONT, "size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"position": "right" if drawn.has_many else "bottom", "font": _FONT})
    _set_axes(chart, drawn)
    chart.set_size({"width": drawn.width, "height": drawn.height * _ROW_PIXELS - _GAP})
    return chart


def _series(series: Series, names: str, values: str) -> dict[str, object]:
    cells = {"categories": f"={names}", "values": f"={values}"}
    return {"name": series.words, **cells, "fill": {"color": FILLS[series.look]}, "gap": 60}


def _set_axes(chart: Any, drawn: _Drawn) -> None:
    font = {**_FONT, "size": 8 if drawn.has_many else 9, **({"rotation": -45} if drawn.is_long else {})}
    chart.set_x_axis({"num_font": font, "interval_unit": 1, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"num_font": _FONT, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
