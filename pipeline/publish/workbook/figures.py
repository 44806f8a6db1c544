"""PL3 and PL4: the figures added up, and those of each unit."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, isnan

from pipeline.declare.plan import Indicator
from pipeline.declare.register import Unit
from pipeline.publish.charts import LIKE_WITH_LIKE
from pipeline.publish.outputs import TABLES
from pipeline.publish.report import Report
from pipeline.publish.sheets import SHEET, sheet_named
from pipeline.publish.style import DOUBT_SIGN
from pipeline.publish.workbook.cells import (
    doubt_legend,
    doubted_style,
    figure_cell,
    figure_style,
    kind_column,
    kinds_of,
    numbers_remark,
    ticket,
    unit_column,
)
from pipeline.publish.workbook.heading import annex_lines
from pipeline.publish.workbook.lists import NOTHING
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Link, Page, Styled, cell_of, cells_of
from pipeline.publish.workbook.paper import rest
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import ComparedLine, TotalLine
from pipeline.values.tally import DIGITS, Ids
from pipeline.words.prose import capitalised, lowered

_MOST_LINKS = 65_000  # Excel takes 65 530 on a sheet
_FEW_UNITS = 3
_MOST_TERMS = 200  # of one function; Excel takes 255
_NOT_OWED = Styled("", "box grey")


@dataclass(frozen=True, slots=True)
class _Figure:
    """An indicator with its totals."""

    item: Indicator
    total: TotalLine


def figures_page(report: Report) -> Page:
    """PL3: one row an indicator, added up from PL4, with how many of the units that owe it stand behind each total."""
    items = report.project.plan.indicator
    lines = [_Figure(items[indicator_id], total) for indicator_id, total in report.total.items()]
    block = Block(_figure_columns(report, lines), lines, has_filter=True, name_of=lambda line: line.item.id)
    return Page("figures", (block,), annex_lines(report), remarks=_figures_remarks(report), frozen_columns=2)


def _figure_columns(report: Report, lines: Sequence[_Figure]) -> tuple[Column[_Figure], ...]:
    amounts = [(line.item.id, amount) for line in lines for amount in (line.total.this_period, line.total.cumulative)]
    width = _figure_width(report, amounts, 10.5)
    earlier = [code for code in report.period.cumulative if code != report.period.code]
    terms = "+".join([*(f"{{of_{code}}}" for code in earlier), "{Kỳ này}"])
    columns: tuple[Column[_Figure], ...] = (
        Column("indicator_id", "Mã", 7, "line center", of=lambda line: line.item.id),
        Column("title", "Chỉ tiêu", 29, of=lambda line: line.item.title),
        Column("measure", "Đơn vị tính", 10.5, "line center", of=lambda line: line.item.measure),
        Column(
            "Kỳ này", report.project.plan.full_name(report.period), width, of=lambda line: _from_units(report, line)
        ),
        *(_earlier_column(report, code, width) for code in earlier),
        Column("Luỹ kế", "Lũy kế", width, of=lambda line: _cumulative(report, line, terms)),
        *_change_column(report),
        *_doubt_columns(report, width),
        Column("Số đơn vị báo cáo", "Số đơn vị báo cáo", 8, "line counted", of=lambda line: _reporting(report, line)),
        Column(
            "Số đơn vị phải báo cáo",
            "Số đơn vị phải báo cáo",
            8,
            "line counted",
            of=lambda line: line.total.units_expected,
        ),
    )
    left = rest((column.width for column in columns), landscape=True, least=18)
    gaps: Column[_Figure] = Column("gaps", "Đơn vị chưa có số liệu", left, of=lambda line: _gaps(report, line))
    note: Column[_Figure] = Column(
        "note", "Ghi chú lũy kế", 30, of=lambda line: line.total.cumulative_note, is_printed=False
    )
    return (*columns, gaps, note, *((_ticket_column(report),) if report.is_for_office else ()))


def _doubt_columns(report: Report, width: float) -> tuple[Column[_Figure], ...]:
    """What of both totals is under question, and how many units are asked about it."""
    return (
        Column("questioned_amount", "Kỳ này: chờ xác minh", width, of=lambda line: _doubtful(report, line)),
        Column(
            "cumulative_questioned_amount", "Lũy kế: chờ xác minh", width, of=lambda line: _added_doubt(report, line)
        ),
        Column(
            "questioned_units", "Số đơn vị chờ xác minh", 8, "line dotted", of=lambda line: _questioned(report, line)
        ),
    )


def _change_column(report: Report) -> tuple[Column[_Figure], ...]:
    """By how much the units that gave a figure in both periods changed, by the month; none without a period before."""
    if report.past is None:
        return ()
    changes = {line.indicator_id: _change(line) for line in rows_as(ComparedLine, report.compared)}
    label = f"So với {report.past.period.name} (bình quân tháng)"
    return (Column("change", label, 9.5, "line change", of=lambda line: changes.get(line.item.id)),)


def _change(line: ComparedLine) -> float | None:
    now, before = (line.same_now, line.same_before) if line.is_like else (line.this_by_month, line.before_by_month)
    return None if isnan(now) or isnan(before) or before <= 0 else now / before - 1


def _ticket_column(report: Report) -> Column[_Figure]:
    """Leads to the figures of the units, one below the other."""

    def cell(line: _Figure) -> Link:
        return Link(ticket(report, line.item.id), "sources")

    return Column("ticket", "Mã tra cứu", 11, "line center", of=cell, is_printed=False)


def _figures_remarks(report: Report) -> tuple[str, ...]:
    names = " + ".join(report.project.plan.period(code).name for code in report.period.cumulative)
    where = (
        f"cột indicator_id ở tệp {TABLES}/figures.parquet"
        if report.elsewhere("figures", len(report.judged.settlement.grid))
        else f"cột cùng tên ở {sheet_named('sources')}, hoặc bấm vào mã,"
    )
    traced = f"Mã tra cứu: lọc {where} để xem từng đơn vị, tệp, sheet, ô."
    compared = f"So với kỳ trước: {lowered(LIKE_WITH_LIKE)}"
    return (
        *doubt_legend(report, is_needed=bool(report.doubted_totals)),
        f"Lũy kế = {names}. Chỉ tiêu ghi số tại một thời điểm (đầu kỳ hoặc cuối kỳ) không cộng dồn.",
        "Ô để trống: chưa có đơn vị nào có số liệu. Đơn vị chưa báo cáo không được tính là 0.",
        *([_about_coverage(report)] if len(report.period.cumulative) > 1 else []),
        *([compared] if report.past else []),
        *([traced] if report.is_for_office else []),
        *([numbers_remark()] if any(report.decimals[name] for name in report.total) or report.past else []),
    )


def _about_coverage(report: Report) -> str:
    """How many units stand behind the cumulative figures: what most have in common, and where the others are."""
    notes = Counter(total.cumulative_note for total in report.total.values() if total.cumulative_note)
    most = f", phần lớn là: {notes.most_common(1)[0][0]}" if notes else ""
    return f"Số đơn vị có số liệu ở từng kỳ cộng vào lũy kế ghi ở cột “Ghi chú lũy kế” (xem trên máy){most}."


def _from_units(report: Report, line: _Figure) -> Formula:
    cells = cells_of(line.item.id, "by_unit")
    return _added(cells, line.total.this_period, _total_style(report, line.total))


def _total_style(report: Report, total: TotalLine) -> str:
    return (doubted_style if total.questioned_units else figure_style)(report, total.indicator_id)


def _doubtful(report: Report, line: _Figure) -> Cell:
    """What of the total its units are still asked about, added up from their own cells; blank where nothing is."""
    style, cells = figure_style(report, line.item.id), _doubted_cells(report, line.item.id)
    if not line.total.questioned_units:
        return Styled(None, style)
    return Formula(f"SUM({cells})" if cells else "", line.total.questioned_amount, style)


def _questioned(report: Report, line: _Figure) -> Cell:
    """How many units are asked about the indicator; blank where none is."""
    cells = _doubted_cells(report, line.item.id)
    if not line.total.questioned_units:
        return None
    return Formula(f"COUNT({cells})" if cells else "", line.total.questioned_units)


def _added_doubt(report: Report, line: _Figure) -> Cell:
    """The same of the cumulative figure: that of this period, live, and what is asked about in the periods before."""
    style, total = figure_style(report, line.item.id), line.total
    if not total.cumulative_questioned_units:
        return Styled(None, style)
    before = round(total.cumulative_questioned_amount - total.questioned_amount, DIGITS)
    return Formula(f"SUM({{questioned_amount}},{before:.15g})", total.cumulative_questioned_amount, style)


def _doubted_cells(report: Report, indicator_id: str) -> str:
    """The cells of those units in the sheet of the units; empty where they are too many for one formula."""
    units = report.doubted.get(indicator_id, ())
    return ",".join(cell_of(indicator_id, unit_id, "by_unit") for unit_id in units) if len(units) <= _MOST_TERMS else ""


def _added(cells: str, value: float, style: str) -> Formula:
    """A sum that stays blank while there is nothing to add."""
    return Formula(f'IF(COUNT({cells})=0,"",SUM({cells}))', "" if isnan(value) else value, style)


def _earlier_column(report: Report, code: str, width: float) -> Column[_Figure]:
    """The totals of an earlier period that is added up; blank where it has none."""
    key = f"of_{code}"
    totals = dict(tuples(report.judged.totals, "indicator_id", key)) if key in report.judged.totals else {}
    other = report.judged.others.get(code)
    doubted = set() if other is None else set(other.grid.loc[other.grid["questioned"] != "", "indicator_id"])

    def total(line: _Figure) -> Cell:
        if not totals:
            return None
        cell = figure_cell(report, line.item.id, totals[line.item.id])
        return replace(cell, style=doubted_style(report, line.item.id)) if line.item.id in doubted else cell

    return Column(key, report.project.plan.period(code).name, width, "line number", of=total)


def _cumulative(report: Report, line: _Figure, terms: str) -> Cell:
    is_doubted, value = line.total.cumulative_questioned_units > 0, line.total.cumulative
    style = (doubted_style if is_doubted else figure_style)(report, line.item.id)
    return Styled(None, style) if isnan(value) else Formula(terms, value, style)


def _reporting(report: Report, line: _Figure) -> Formula:
    """How many units of those that owe the figure gave it; what others gave is in the sum, but not among these."""
    extra = report.tally.unexpected.get(line.item.id, 0)
    counted = f"COUNT({cells_of(line.item.id, 'by_unit')})" + (f"-{extra}" if extra else "")
    return Formula(counted, line.total.units_reporting)


def _figure_width(report: Report, amounts: Iterable[tuple[str, float]], least: float) -> float:
    """Room for the longest number (by indicator) with its separators: a column too narrow shows ### in its place."""
    shown = [
        f"{amount:,.{report.decimals[name]}f}{DOUBT_SIGN if name in report.doubted_totals else ''}"
        for name, amount in amounts
        if not isnan(amount)
    ]
    return max([least, *(len(text) * 1.05 + 1 for text in shown)])


def _gaps(report: Report, line: _Figure) -> str:
    """By kind of nothing the units that owe the figure."""
    gaps = report.tally.gaps.get(line.item.id, {})
    named = [f"{capitalised(report.nothing_words(kind))}: {_who(report, kind, units)}" for kind, units in gaps.items()]
    return "\n".join(named) or NOTHING


def _who(report: Report, kind: str, units: Ids) -> str:
    """By name; units that have not filed at all are the same on every line, so the first sheet names them once."""
    if kind == "not-reported" and len(units) > _FEW_UNITS and SHEET["summary"] in report.shown:
        return f"{len(units)} đơn vị (tên ở {sheet_named('summary')})"
    return report.names(units, sheet_named("by_unit"))


def by_unit_page(report: Report) -> Page:
    """PL4: every unit's figure for every indicator; a gap says why it is one, the unit's id leads to its file.

    Below the units what they add up to, all of them and by kind.
    """
    totals, parts = report.total, _sums_by_kind(report)
    cells = _cells_by_unit(report)
    has_links = len(report.judged.settlement.units) <= _MOST_LINKS
    columns: tuple[Column[Unit], ...] = (
        Column(
            "unit_id",
            "Mã đơn vị",
            17.5,
            "line id",
            of=lambda unit: Link(unit.unit_id, "filing") if has_links else unit.unit_id,
            is_printed=False,
        ),
        unit_column(25, lambda unit: _told_silent(report, unit)),
        *(_indicator_column(report, item, totals[item.id], cells, parts) for item in report.project.plan.indicators),
        kind_column(report, lambda unit: unit),
    )
    remarks = (
        "Ô nền xám: chỉ tiêu không thuộc phần đơn vị báo cáo. Số 0: đơn vị ghi 0 hoặc ghi “-” (không phát sinh). "
        "Dấu “…” trên nền hồng nhạt: đơn vị chưa có báo cáo dùng được.",
        numbers_remark(),
    )
    block = Block(columns, report.judged.settlement.units, name_of=lambda unit: unit.unit_id, parts=kinds_of(report))
    return Page(
        "by_unit",
        (block,),
        annex_lines(report),
        remarks=(*doubt_legend(report, is_needed=bool(report.doubted)), *remarks),
        frozen_columns=2,
        is_split=True,
    )


def _told_silent(report: Report, unit: Unit) -> Cell:
    """The name; the cell of a unit without a form shows that behind it."""
    return Styled(unit.name, "line named-silent") if unit.unit_id in report.tally.filings.out else unit.name


_Cells = Mapping[str, Mapping[str, Cell]]  # by unit, then by indicator


def _indicator_column(
    report: Report, item: Indicator, total: TotalLine, cells: _Cells, parts: Mapping[tuple[str, str], float]
) -> Column[Unit]:
    mine, style = cells_of(item.id), _total_style(report, total)

    def part(kind: str) -> Formula:
        of_kind = f'({cells_of("kind")}="{kind}")'
        text = f'IF(SUMPRODUCT({of_kind}*ISNUMBER({mine}))=0,"",SUMIF({cells_of("kind")},"{kind}",{mine}))'
        return Formula(text, parts.get((kind, item.id), ""), f"{figure_style(report, item.id)} part")

    return Column(
        item.id,
        f"{item.id}. {item.name} ({item.measure})",
        _figure_width(report, [(item.id, total.this_period)], 9.5),
        of=lambda unit: cells[unit.unit_id].get(item.id, _NOT_OWED),
        total=_added(mine, total.this_period, f"{style} total"),
        part=part,
    )


def _sums_by_kind(report: Report) -> Mapping[tuple[str, str], float]:
    """By kind of unit and indicator what the units of the kind gave; nothing where none gave anything."""
    given: dict[tuple[str, str], list[float]] = {}
    for unit_id, indicator_id, value in tuples(report.judged.settlement.grid, "unit_id", "indicator_id", "value"):
        if unit_id in report.kinds and not isnan(value):
            given.setdefault((report.kinds[unit_id], indicator_id), []).append(value)
    return {key: fsum(values) for key, values in given.items()}


def _cells_by_unit(report: Report) -> _Cells:
    """Each figure that is owed or was given; a gap as the words for it."""
    found: dict[str, dict[str, Cell]] = {unit.unit_id: {} for unit in report.judged.settlement.units}
    given = tuples(report.judged.settlement.grid, "unit_id", "indicator_id", "value", "kind_of_nothing", "questioned")
    for unit_id, indicator_id, value, kind, codes in given:
        if unit_id in found:
            style = (doubted_style if codes else figure_style)(report, indicator_id)
            found[unit_id][indicator_id] = _gap_cell(report, kind) if isnan(value) else Styled(value, style)
    return found


def _gap_cell(report: Report, kind: str) -> Styled:
    look = "line silent" if kind == "not-reported" else "line center"
    return Styled(report.nothing_words(kind) if kind else None, look)
