"""PL5 and the list of activities from which it is counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isnan
from operator import itemgetter

import pandas as pd

from pipeline.declare.form import Field
from pipeline.declare.kinds import KINDS, Kind
from pipeline.declare.plan import Official
from pipeline.publish.report import Report
from pipeline.publish.sheets import SHEET, sheet_named
from pipeline.publish.workbook.cells import date_value, doubt_legend, doubted_style, figure_style
from pipeline.publish.workbook.heading import annex_lines
from pipeline.publish.workbook.lists import list_page
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Page, Sum, cell_of, cells_of
from pipeline.values.cells import shown
from pipeline.values.frames import rows_as
from pipeline.values.lines import FormLine

_WIDTHS = {"title": 34.0, "form": 18.0, "content_area": 17.0, "venue": 15.0, "evidence": 21.0}  # on one page across
_WIDEST = 9.0  # of the other columns of a unit's form
_UNPRINTED = ("stt", "repost_of", "note")  # behind the others, beside what is printed
_LIST = "activities"
_SUM = Sum()
_REPOSTS = cells_of("repost_of", _LIST)
_OWN = f'{_REPOSTS},"="'
_Activity = Mapping[str, Cell]  # by the keys of the columns


@dataclass(frozen=True, slots=True)
class _Area:
    """A content area with its activities; the last, "", are those that name none."""

    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Form:
    """A kind of propaganda: what units listed of it in Biểu 3, and what Biểu 2 says of it officially.

    `told_at`: the kind in whose line the official figure of several kinds stands, where that is another line.
    """

    listed: FormLine
    official: Official | None
    told_at: str

    @property
    def form(self) -> str:
        return self.listed.form


def forms_page(report: Report) -> Page:
    """PL5: activities by kind of propaganda and by content area, counted from `Hoạt động`; reposts apart, never added.

    Units list single activities there, not all of them: beside what is listed stands what PL3 says officially. Nothing
    adds up leaflets and meetings. Where the rows are too many for that sheet, there is nothing to count on it, and the
    numbers stand as values.
    """
    blocks = (
        Block(_form_columns(report), _forms(report), numbered=True),
        Block(_area_columns(), _areas(report), "Theo lĩnh vực nội dung", starts_page=True),
    )
    too_many = report.elsewhere(_LIST, len(report.judged.settlement.rows.accepted[_LIST]))
    left_out = (
        f"Các hoạt động không nằm trong {sheet_named(_LIST)} vì quá nhiều dòng; số ở đây là số đã tính."
        if too_many and report.is_for_office
        else ""
    )
    where = f", tổng hợp tại {sheet_named('figures')}" if SHEET["figures"] in report.shown else ""
    remarks = (
        *doubt_legend(report, is_needed=bool(report.doubted)),
        f"Số chính thức là số ở Biểu 2{where}. Biểu 3 chỉ kê từng hoạt động, sản phẩm "
        "mà đơn vị nêu tên, không phải kê hết, nên số đã kê thường nhỏ hơn số ở Biểu 2.",
        "Không cộng số lượng của các hình thức với nhau (tin, tấm, cuộc, buổi là các thứ khác nhau).",
        left_out,
    )
    return Page("forms", blocks, annex_lines(report), remarks=tuple(filter(None, remarks)), landscape=True)


def _form_columns(report: Report) -> tuple[Column[_Form], ...]:
    mine = f"{cells_of('form', _LIST)},${{form}}"
    own = f"{mine},{_OWN}"
    return (
        Column("form", "Hình thức", 40, total="Tổng cộng"),
        _counted("rows", "Số hoạt động đã kê", 12, f"COUNTIFS({own})", _SUM, has_bars=True),
        _counted("quantity", "Số lượng đã kê", 10, f"SUMIFS({cells_of('quantity', _LIST)},{own})"),
        _counted("participants", "Số lượt người dự đã kê", 11, f"SUMIFS({cells_of('participants', _LIST)},{own})"),
        Column("units", "Số đơn vị", 9, "line counted", of=lambda line: line.listed.units),
        _counted("reposts", "Tin đăng lại (không cộng)", 10, f'COUNTIFS({mine},{_REPOSTS},"<>")', _SUM),
        Column(
            "official_amount",
            "Theo Biểu 2 (số chính thức)",
            15,
            "line dotted",
            of=lambda line: _official(report, line, line.official.amount if line.official else ()),
        ),
        Column(
            "official_people",
            "Số lượt người dự theo Biểu 2",
            15,
            "line dotted",
            of=lambda line: _official(report, line, line.official.people if line.official else ()),
        ),
        Column("official_ids", "Chỉ tiêu ở Biểu 2", 25, of=_official_ids),
    )


def _counted(
    key: str, label: str, width: float, formula: str, total: Cell | Sum = None, *, has_bars: bool = False
) -> Column[_Form]:
    """A number of a line, with the formula that counts it anew."""

    def of(line: _Form) -> Formula:
        return Formula(formula, getattr(line.listed, key))

    return Column(key, label, width, "line counted", of=of, total=total, has_bars=has_bars)


def _official(report: Report, line: _Form, ids: Sequence[str]) -> Cell:
    """What PL3 says of the kind, added up from there; blank where Biểu 2 does not ask, or nobody gave a figure."""
    if not ids or line.told_at:
        return None
    mine = [report.total[indicator_id] for indicator_id in ids]
    cells = ",".join(cell_of("Kỳ này", indicator_id, "figures") for indicator_id in ids)
    given = [total.this_period for total in mine if not isnan(total.this_period)]
    style = doubted_style if any(total.questioned_units for total in mine) else figure_style
    return Formula(f'IF(COUNT({cells})=0,"",SUM({cells}))', fsum(given) if given else "", style(report, ids[0]))


def _official_ids(line: _Form) -> str:
    """Of which indicators the official figures are: “CT15a + CT15b; CT16”."""
    if line.told_at:
        return f"Tính chung ở dòng “{line.told_at}”"
    if not line.official:
        return "Biểu 2 không hỏi riêng"
    return "; ".join(" + ".join(ids) for ids in (line.official.amount, line.official.people) if ids)


def _forms(report: Report) -> list[_Form]:
    """The kinds in the order of the form; a figure of several kinds stands in the line of the first."""
    labels = {choice.id: choice.label for choice in report.project.form.choices["form"]}
    official = {labels[form]: item for item in report.project.plan.official for form in item.forms}
    lines, first = list(rows_as(FormLine, report.judged.forms)), dict[Official, str]()
    for line in lines:
        if line.form in official:
            first.setdefault(official[line.form], line.form)
    told_at = {name: first[item] for name, item in official.items() if first[item] != name}
    return [_Form(line, official.get(line.form), told_at.get(line.form, "")) for line in lines]


def _area_columns() -> tuple[Column[_Area], ...]:
    formula = f"COUNTIFS({cells_of('content_area', _LIST)},${{content_area}},{_OWN})"
    return (
        Column(
            "content_area",
            "Lĩnh vực nội dung",
            40,
            of=lambda line: line.label or "(không ghi lĩnh vực)",
            total="Tổng cộng",
        ),
        Column(
            "rows",
            "Số hoạt động",
            12,
            "line counted",
            of=lambda line: Formula(formula, line.rows) if line.label else line.rows,
            total=_SUM,
            has_bars=True,
        ),
    )


def _areas(report: Report) -> list[_Area]:
    areas = report.tally.areas
    return [*(_Area(label, rows) for label, rows in areas.by_area.items()), _Area("", areas.without)]


def activities_page(report: Report) -> Page:
    """`Hoạt động`: every accepted row of Biểu 3 with its place in the unit's file, in the order of the register."""
    own = [item for item in report.project.form[_LIST].fields if item.own]
    fields = sorted(own, key=lambda item: item.key in _UNPRINTED)
    columns = (
        _column("unit_id", "Mã đơn vị", 17.5, "line id", is_printed=False),
        _column("unit", "Đơn vị", 21),
        *map(_field_column, fields),
        _column("file", "Tệp", 40, "line small", is_printed=False),
        _column("row", "Dòng", 7, "line dotted", is_printed=False),
    )
    elsewhere = report.elsewhere(_LIST, len(report.judged.settlement.rows.accepted[_LIST]))
    lines = () if elsewhere else _activities(report, fields)
    return list_page(report, _LIST, columns, lines, elsewhere, frozen_columns=2)


def _field_column(item: Field) -> Column[_Activity]:
    is_printed = item.key not in _UNPRINTED
    kind = KINDS[item.type]
    look = "line dotted" if kind.is_number else f"line {kind.style}".rstrip()
    width = _WIDTHS.get(item.key, 11.0 if kind.holds == "day" else _WIDEST) if is_printed else min(item.width, 34)
    return _column(item.key, item.label, width, look, is_printed=is_printed)


def _column(key: str, label: str, width: float, style: str = "line", *, is_printed: bool = True) -> Column[_Activity]:
    return Column(key, label, width, style, of=itemgetter(key), is_printed=is_printed)


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
