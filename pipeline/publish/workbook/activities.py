"""PL5 and the list of activities from which it is counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import pandas as pd

from pipeline.declare.form import Field
from pipeline.declare.kinds import KINDS, Kind
from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.publish.workbook.cells import date_value
from pipeline.publish.workbook.heading import annex_lines
from pipeline.publish.workbook.lists import list_page
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Page, Sum, cells_of
from pipeline.values.cells import shown
from pipeline.values.frames import rows_as
from pipeline.values.lines import FormLine

_WIDEST = 34  # of the columns of a unit's form, where many stand side by side
_LIST = "activities"
_SUM = Sum()
_Activity = Mapping[str, Cell]  # by the keys of the columns


@dataclass(frozen=True, slots=True)
class _Area:
    """A content area with its activities; the last, "", are those that name none."""

    label: str
    rows: int


def forms_page(report: Report) -> Page:
    """PL5: activities by kind of propaganda and by content area, counted from `Hoạt động`; reposts apart, never added.

    Where the rows are too many for that sheet, there is nothing to count on it, and the numbers stand as values.
    """
    reposts = cells_of("repost_of", _LIST)
    mine, own = f"{cells_of('form', _LIST)},${{form}}", f'{reposts},"="'
    columns: tuple[Column[FormLine], ...] = (
        Column("form", "Hình thức", 44, total="Tổng cộng"),
        _counted("rows", "Số hoạt động", 12, f"COUNTIFS({mine},{own})"),
        _counted("quantity", "Số lượng", 12, f"SUMIFS({cells_of('quantity', _LIST)},{mine},{own})"),
        _counted("participants", "Lượt người dự", 14, f"SUMIFS({cells_of('participants', _LIST)},{mine},{own})"),
        Column("units", "Số đơn vị", 11, "cell number"),
        _counted("reposts", "Tin đăng lại (không cộng)", 14, f'COUNTIFS({mine},{reposts},"<>")'),
    )
    blocks = (
        Block(columns, list(rows_as(FormLine, report.judged.forms)), numbered=True),
        Block(_area_columns(own), _areas(report), "Theo lĩnh vực nội dung"),
    )
    left_out = (
        f"Các hoạt động không nằm trong {sheet_named(_LIST)} vì quá nhiều dòng; số ở đây là số đã tính."
        if report.elsewhere(_LIST, len(report.judged.settlement.rows.accepted[_LIST]))
        else ""
    )
    return Page("forms", blocks, annex_lines(report), remarks=tuple(filter(None, (left_out,))), landscape=False)


def _counted(key: str, label: str, width: float, formula: str) -> Column[FormLine]:
    """A number of a line, with the formula that counts it anew."""
    return Column(key, label, width, "cell number", of=lambda line: Formula(formula, getattr(line, key)), total=_SUM)


def _area_columns(own: str) -> tuple[Column[_Area], ...]:
    formula = f"COUNTIFS({cells_of('content_area', _LIST)},${{content_area}},{own})"
    return (
        Column(
            "content_area",
            "Lĩnh vực nội dung",
            44,
            of=lambda line: line.label or "(không ghi lĩnh vực)",
            total="Tổng cộng",
        ),
        Column(
            "rows",
            "Số hoạt động",
            12,
            "cell number",
            of=lambda line: Formula(formula, line.rows) if line.label else line.rows,
            total=_SUM,
        ),
    )


def _areas(report: Report) -> list[_Area]:
    areas = report.tally.areas
    return [*(_Area(label, rows) for label, rows in areas.by_area.items()), _Area("", areas.without)]


def activities_page(report: Report) -> Page:
    """`Hoạt động`: every accepted row of Biểu 3 with its place in the unit's file, in the order of the register."""
    fields = [item for item in report.project.form[_LIST].fields if item.own]
    columns = (
        _column("unit_id", "Mã đơn vị", 17.5, "cell id"),
        _column("unit", "Đơn vị", 26),
        *(
            _column(item.key, item.label, min(item.width, _WIDEST), f"cell {KINDS[item.type].style}".rstrip())
            for item in fields
        ),
        _column("file", "Tệp", 26, "cell small"),
        _column("row", "Dòng", 7, "cell number"),
    )
    elsewhere = report.elsewhere(_LIST, len(report.judged.settlement.rows.accepted[_LIST]))
    lines = () if elsewhere else _activities(report, fields)
    return list_page(report, _LIST, columns, lines, elsewhere, frozen_columns=2, is_wide=True)


def _column(key: str, label: str, width: float, style: str = "cell") -> Column[_Activity]:
    return Column(key, label, width, style, of=itemgetter(key))


def _activities(report: Report, fields: Sequence[Field]) -> list[_Activity]:
    frame = report.judged.settlement.rows.accepted[_LIST]
    frame = frame.assign(_unit=frame["unit_id"].map(report.place_of))
    frame = frame.sort_values(["_unit", "file", "row"], kind="stable")
    cells: dict[str, Iterable[Cell]] = {
        "unit_id": frame["unit_id"],
        "unit": [report.name(unit_id) for unit_id in frame["unit_id"]],
        **{item.key: _values(frame[item.key], KINDS[item.type]) for item in fields},
        "file": frame["file"],
        "row": (int(row) for row in frame["row"]),
    }
    return [dict(zip(cells, line, strict=True)) for line in zip(*cells.values(), strict=True)]


def _values(column: "pd.Series[object]", kind: Kind) -> list[Cell]:
    if kind.holds == "day":
        return [date_value(value) for value in column]
    if kind.is_number:
        return [None if pd.isna(value) else value for value in column]
    return [shown(value) for value in column]
