"""The native charts of the first sheet, below its tables: tasks, filing, this period beside the last, main products.

Each says above it what it shows. They point at the tables of the workbook; what stands in none stands in hidden columns
beside the printed page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.publish.charts import Chart, Series, comparison_chart, filing_chart, products_by_unit_chart, tasks_chart
from pipeline.publish.excel import Book, Value
from pipeline.publish.palette import FILLS, ink_on
from pipeline.publish.report import Report
from pipeline.publish.workbook.front import CONTENTS_COLUMN
from pipeline.publish.workbook.places import Places, column_range

ROWS = 38  # of the sheet, that all of them take
_ROW_PIXELS, _GAP = 20, 6
_WHOLE = 835  # pixels: the columns of the first sheet
_LEFT = 418  # of them, of the charts below the first one
_UPPER, _MIDDLE, _LOWER = 15, 10, 13  # heights in rows: across all, and left below it, one below the other
_DATA_COLUMN = CONTENTS_COLUMN + 2  # right of the printed page and of the list of sheets
_FONT: Mapping[str, object] = {"name": "Times New Roman", "size": 11}  # nine points on paper
_LEVEL = 0  # degrees: said to be level, or a program leaves out every other name where they stand close together
_QUIET = "not-due"  # what nobody has to do yet


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A chart with its place: pixels from the left, rows from the top, its width in pixels, its height in rows."""

    chart: Chart
    left: int
    top: int
    width: int
    height: int


def add_charts(book: Book, sheet: Worksheet, places: Places, report: Report) -> None:
    """Insert the charts where the first sheet leaves room for them."""
    placed = places["summary"]
    top, column = placed.remarks_row + len(placed.page.remarks) + 1, _DATA_COLUMN
    for drawn in _drawn(report):
        names, *series = references = _references(book, sheet, places, drawn.chart, (top, column))
        column += len(references)
        chart = _native(book, drawn, names, series)
        place = {"x_offset": drawn.left, "y_offset": drawn.top * _ROW_PIXELS, "object_position": 1}
        sheet.insert_chart(top, 0, chart, {**place, "description": _told(drawn.chart)})
    sheet.set_column(_DATA_COLUMN, column - 1, None, None, {"hidden": True})


def _drawn(report: Report) -> tuple[_Drawn, ...]:
    """The tasks across all; below them filing and comparison, and right of both the products."""
    tasks, compared = tasks_chart(report), comparison_chart(report)
    # All bars have one scale, so what is far larger is left out; a task that is not due is no bar at all.
    tasks = replace(tasks, is_share=True, series=[series for series in tasks.series if series.key != _QUIET])
    compared = replace(compared, bars=[bar for bar in compared.bars if not bar.is_apart])
    right = _LEFT + _GAP
    return (
        _Drawn(tasks, 0, 0, _WHOLE, _UPPER),
        _Drawn(filing_chart(report), 0, _UPPER, _LEFT, _MIDDLE),
        _Drawn(compared, 0, _UPPER + _MIDDLE, _LEFT, _LOWER),
        _Drawn(products_by_unit_chart(report), right, _UPPER, _WHOLE - right, _MIDDLE + _LOWER),
    )


def _told(chart: Chart) -> str:
    """What the chart shows, for those who hear it."""
    return f"{chart.label}. {'; '.join(bar.name for bar in chart.bars)}"


def _references(book: Book, sheet: Worksheet, places: Places, chart: Chart, data: tuple[int, int]) -> list[str]:
    """The cells of the names of the bars, then those of each series: of a table, or written from `data` on."""
    columns: list[tuple[tuple[str, str] | None, list[Value]]] = [(None, [bar.name for bar in chart.bars])]
    for series in chart.series:
        columns.append((series.cells, [_number(bar.amounts.get(series.key)) for bar in chart.bars]))
    references = []
    for place, (cells, values) in enumerate(columns, start=data[1]):
        found = column_range(places, *cells) if cells else None
        references.append(found or _put_column(book, sheet, data[0], place, values))
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
    """The chart as Excel draws it: lying bars, the first on top, each part with its number."""
    described = drawn.chart
    kinds = {"stacked": "percent_stacked" if described.is_share else "stacked"}
    kind = {"subtype": kinds[described.kind]} if described.kind in kinds else {}
    chart = book.chart({"type": "bar", **kind})
    for series, values in zip(described.series, references, strict=True):
        chart.add_series(_series(series, names, values, is_inside=described.kind == "stacked"))
    chart.show_hidden_data()
    chart.set_title({"name": described.label, "name_font": {**_FONT, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_y_axis(
        {
            "num_font": {**_FONT, "rotation": _LEVEL},
            "reverse": True,
            "interval_unit": 1,
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_size({"width": drawn.width, "height": drawn.height * _ROW_PIXELS - _GAP})
    return chart


def _series(series: Series, names: str, values: str, *, is_inside: bool) -> dict[str, object]:
    """A part of each bar; its number stands in it where parts follow each other, else behind it. No zero is written."""
    colour = FILLS[series.look]
    font = {**_FONT, "color": ink_on(colour)} if is_inside else _FONT
    labels = {"value": True, "num_format": "#,##0.#;;" if not is_inside else "#;;", "font": font}
    cells = {"categories": f"={names}", "values": f"={values}"}
    return {"name": series.words, **cells, "fill": {"color": colour}, "gap": 40, "data_labels": labels}
