"""The native charts of the first sheet: filing by group, tasks by state, main products by unit, this period beside the last.

Charts point at the tables of the workbook; the two that need figures of their own have them right of the printed page.
"""

from collections.abc import Sequence
from heapq import nlargest
from math import isnan
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.declare.plan import Indicator
from pipeline.declare.register import Unit
from pipeline.publish.excel import Book, Value
from pipeline.publish.report import Report
from pipeline.publish.workbook.places import Places
from pipeline.publish.workbook.summary import COMPARED
from pipeline.values.frames import tuples

_WIDTHS, _GAP = (265, 425, 269), 6  # in pixels: three charts side by side fill the columns of the first sheet
_WHOLE = sum(_WIDTHS) + 2 * _GAP  # the long chart below them
_UPPER, _LOWER = 13, 15  # heights in rows of the sheet
_ROW_PIXELS = 20
_DATA_COLUMN, _NAMES_COLUMN = 5, 11
_LONGEST_NAME = 20
_MOST_BARS = 60  # units whose names can still be read below the long chart
_PRODUCTS = 3
_COLOURS = {"on-time": "#548235", "late": "#BF9000", "missing": "#C00000"}
_STATES = {
    "done": "#548235",
    "open": "#BF9000",
    "overdue": "#7030A0",
    "nothing": "#A6A6A6",
    "not-done": "#843C0C",
    "unproven": "#F4B183",
    "missing": "#C00000",
}
_SERIES = ("#2F5597", "#548235", "#BF9000")


def add_charts(book: Book, sheet: Worksheet, places: Places, report: Report) -> None:
    """Insert the four charts below the tables of the first sheet, and print both on one page."""
    placed = places["summary"]
    summary, tasks, by_unit = placed.page, places["tasks"].tables[0], places["by_unit"].tables[0]
    top = placed.remarks_row + len(summary.remarks) + 1
    filing = _put_data(book, sheet, top, _filing_data(report), summary.name)
    compared = _put_data(book, sheet, top + 12, _compared_data(report), summary.name)
    labels = report.project.labels
    filing_series = [
        (labels["received"][key], column, _COLOURS[key]) for key, column in zip(_COLOURS, filing[1:], strict=True)
    ]
    task_series = [
        (labels["state"][state], tasks.column_from_elsewhere(state), colour) for state, colour in _STATES.items()
    ]
    main = [item for item in report.project.plan.indicators if item.main][:_PRODUCTS]
    data = _products_data(report, main)
    units = _put_data(book, sheet, top, data, summary.name, _NAMES_COLUMN)
    ranges = units[1:] or [by_unit.column_from_elsewhere(item.id) for item in main]
    product_series = [(item.title, cells, colour) for item, cells, colour in zip(main, ranges, _SERIES, strict=False)]
    products = "Sản phẩm chính theo đơn vị" + (
        f": {len(data)} đơn vị nhiều nhất" if len(data) < len(report.units) else ""
    )
    names = [
        report.period.name,
        report.project.plan.period(report.period.previous).name if report.period.previous else "Kỳ trước",
    ]
    compared_series = list(zip(names, compared[1:], _SERIES[:2], strict=True))
    charts = (  # title, kind, categories, series, stacked, row below the tables, place in the row
        ("Nộp báo cáo theo nhóm đơn vị", "bar", filing[0], filing_series, True, 0, 0),
        (
            "Nhiệm vụ theo trạng thái (số đơn vị chủ trì)",
            "column",
            tasks.column_from_elsewhere("task_id"),
            task_series,
            True,
            0,
            1,
        ),
        (COMPARED, "column", compared[0], compared_series, False, 0, 2),
        (products, "column", units[0], product_series, True, _UPPER, 0),
    )
    for title, kind, categories, series, is_stacked, row, place in charts:
        chart = _chart(book, title, kind, categories, series, is_stacked, _WHOLE if row else _WIDTHS[place])
        offset = sum(_WIDTHS[:place]) + place * _GAP
        sheet.insert_chart(top + row, 0, chart, {"x_offset": offset, "object_position": 1, "description": title})
    sheet.print_area(0, 0, top + _UPPER + _LOWER, len(summary.widths) - 1)


def _short_name(unit: Unit) -> str:
    """The name, or where it is too long for an axis, the first of its other names that is not."""
    return next((name for name in (unit.name, *unit.aliases) if len(name) <= _LONGEST_NAME), unit.name)


def _filing_data(report: Report) -> list[list[Value]]:
    """Filings by kind of unit; bars are drawn from below, so the first kind comes last."""
    rows: list[list[Value]] = []
    for kind, label in report.project.plan.kinds.items():
        mine = report.filings[report.filings["kind"] == kind]
        if len(mine):
            rows.append([label, *(int((mine["filing"] == filing).sum()) for filing in _COLOURS)])
    return rows[::-1]


def _compared_data(report: Report) -> list[list[Value]]:
    """Main products of this period and of the one before; audiences, a hundred times as large, would flatten the rest."""
    now = dict(zip(report.totals["indicator_id"], report.totals["this_period"], strict=True))
    before = (
        dict(zip(report.before["indicator_id"], report.before["this_period"], strict=True))
        if report.before is not None
        else {}
    )
    main = [item.id for item in report.project.plan.indicators if item.main and "người" not in item.measure]
    return [
        [name, *(None if value is None or isnan(value) else value for value in (now[name], before.get(name)))]
        for name in main
    ]


def _products_data(report: Report, main: Sequence[Indicator]) -> list[list[Value]]:
    """The names of the units, whose figures stand in PL4; of very many those with most, and their figures."""
    if len(report.units) <= _MOST_BARS:
        return [[_short_name(unit)] for unit in report.units]
    places = {item.id: place for place, item in enumerate(main)}
    figures: dict[str, list[float]] = {}
    for unit_id, indicator_id, value in tuples(report.grid, "unit_id", "indicator_id", "value"):
        if indicator_id in places and not isnan(value):
            figures.setdefault(unit_id, [0.0] * len(main))[places[indicator_id]] = value
    most = nlargest(
        _MOST_BARS,
        (unit for unit in report.units if unit.unit_id in figures),
        key=lambda unit: sum(figures[unit.unit_id]),
    )
    return [[_short_name(unit), *figures[unit.unit_id]] for unit in most]


def _put_data(
    book: Book, sheet: Worksheet, top: int, rows: list[list[Value]], name: str, first: int = _DATA_COLUMN
) -> list[str]:
    """Write chart data beside the printed page; returns the reference of each column."""
    for row, values in enumerate(rows, start=top):
        for column, value in enumerate(values, start=first):
            book.put(sheet, row, column, value, "key")
    letters = [chr(ord("A") + first + place) for place in range(len(rows[0]) if rows else 4)]
    return [f"'{name}'!${letter}${top + 1}:${letter}${top + max(1, len(rows))}" for letter in letters]


def _chart(
    book: Book,
    title: str,
    kind: str,
    categories: str,
    series: Sequence[tuple[str, str, str]],
    is_stacked: bool,
    width: int,
) -> Any:
    chart = book.chart({"type": kind, **({"subtype": "stacked"} if is_stacked else {})})
    font = {"name": "Times New Roman", "size": 9}
    for name, values, colour in series:
        chart.add_series(
            {"name": name, "categories": f"={categories}", "values": f"={values}", "fill": {"color": colour}, "gap": 60}
        )
    chart.set_title({"name": title, "name_font": {**font, "size": 11, "bold": True}, "overlay": False})
    is_long, has_many = width == _WHOLE, len(series) == len(_STATES)
    chart.set_legend({"position": "right" if has_many else "bottom", "font": font})
    chart.set_x_axis(
        {
            "num_font": {**font, "size": 8 if has_many else 9, **({"rotation": -45} if is_long else {})},
            "interval_unit": 1,
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    rows = _LOWER if is_long else _UPPER
    chart.set_size({"width": width, "height": rows * _ROW_PIXELS - _GAP})
    return chart
