"""The sheets that let a reader check: who filed, whether everything adds up, where every figure stands."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum, isnan

from pipeline.declare.plan import Indicator
from pipeline.publish.palette import FILED_AS
from pipeline.publish.report import Report
from pipeline.publish.sentences.own_plans import own_plan_words, own_plans_sentence
from pipeline.publish.sheets import SHEET, sheet_named
from pipeline.publish.workbook.cells import figure_cell, figure_style, moment_text, numbers_remark, ticket
from pipeline.publish.workbook.heading import period_line
from pipeline.publish.workbook.lists import NOTHING, lines_of
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Page, Styled, cell_of, cells_of
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import BalanceLine, FigureLine, FileLine, UnitLine
from pipeline.values.states import STATES, Filing
from pipeline.words.days import day_text

_WHAT, _AMOUNT, _DIFFERENCE, _REMARK = 38, 13.5, 11, 24  # widths of the columns that add up anew
_DIGITS = 6  # below that, two ways of adding binary fractions may differ


def filing_page(report: Report) -> Page:
    """`Nộp báo cáo`: one line a unit, then one line a file."""
    elsewhere = report.elsewhere("submissions", len(report.submissions))
    files = lines_of(FileLine, report.submissions, elsewhere)
    blocks = (
        Block(_unit_columns(report), list(rows_as(UnitLine, report.filings)), "Theo đơn vị", has_filter=True),
        Block(
            _file_columns(report),
            files,
            "Theo tệp nhận được",
            instead=elsewhere,
            starts_page=True,
            name_of=lambda line: line.unit_id if line.state == "in-force" else "",
        ),
    )
    unbooked = report.tally.files.unbooked
    remark = (
        f"{unbooked} tệp không có trong sổ nhận nên tính theo thời gian ghi của tệp."
        if unbooked
        else "Mọi tệp đều có thời gian nhận trong sổ nhận."
    )
    deadline = f"Hạn gửi: hết ngày {day_text(report.period.last_day)}"
    remarks = tuple(filter(None, (remark, report.older_form_words, own_plans_sentence(report))))
    return Page("filing", blocks, (period_line(report), deadline), remarks=remarks)


def _unit_columns(report: Report) -> tuple[Column[UnitLine], ...]:
    return (
        Column("unit_id", "Mã đơn vị", 17.5, "line id", is_printed=False),
        Column("name", "Đơn vị", 30),
        Column("filing", "Tình trạng", 14, "line center", of=lambda line: _filing_cell(report, line.filing)),
        Column("received_at", "Nhận lúc", 17, "line center", of=lambda line: moment_text(line.received_at)),
        Column("revision", "Lần gửi", 7, "line center"),
        Column("verdict", "Kết quả kiểm tra", 21, of=lambda line: _verdict_words(report, line)),
        Column("blocked", "Số điểm phải sửa", 9, "line counted"),
        Column("questions", "Số điểm cần làm rõ", 9, "line counted"),
        Column("own_plan", "Kế hoạch riêng của đơn vị", 22, of=lambda line: own_plan_words(report, line.unit_id)),
        Column("file", "Tệp được dùng", 34),
    )


def _filing_cell(report: Report, filing: Filing) -> Styled:
    return Styled(report.label("received", filing), f"line state-{FILED_AS[filing]}")


def _verdict_words(report: Report, line: UnitLine) -> str:
    verdict = "" if line.verdict == "missing" else report.label("verdict", line.verdict)
    returned = f" ({line.returned_files} tệp trả lại)" if line.returned_files else ""
    return f"{verdict}{returned}" + (f" ({report.label('unfiled', 'signed-only')})" if line.signed_only else "")


def _file_columns(report: Report) -> tuple[Column[FileLine], ...]:
    return (
        Column("sha256", "Mã băm SHA-256 (để đối chiếu tệp)", 17.5, "line hash", is_printed=False),
        Column("unit", "Đơn vị", 30, of=lambda line: _name(report, line.unit_id)),
        Column("state", "Tình trạng", 14, "line center", of=lambda line: report.label("submission", line.state)),
        Column("received_at", "Nhận lúc", 17, "line center", of=lambda line: moment_text(line.received_at)),
        Column("revision", "Lần gửi", 7, "line center"),
        Column("verdict", "Kết quả kiểm tra", 21, of=lambda line: report.label("verdict", line.verdict)),
        Column("on_time", "Đúng hạn", 9, "line center", of=lambda line: "Có" if line.on_time == "yes" else "Không"),
        Column("channel", "Kênh gửi", 9, "line center"),
        Column("reason", "Ghi chú", 22),
        Column("file", "Tệp", 34),
    )


def _name(report: Report, unit_id: str) -> str:
    """Nothing for a file of which nobody knows whose it is."""
    return report.name(unit_id) if unit_id else ""


def reconciliation_page(report: Report) -> Page:
    """`Đối chiếu`: rows in against rows out, and what the annexes say now against what the program worked out.

    The annexes are asked by formulas; beside them stand constants, every total as a second sum over the units' own
    figures. Whoever changes a number of an annex by hand sees the difference here.
    """
    blocks = (
        Block(_row_columns(), list(rows_as(BalanceLine, report.judged.balance)), "Số dòng của các biểu được dùng"),
        Block(_sum_columns(report), _sums(report), "Số liệu trong kỳ"),
        Block(
            _known_columns("indicator_id", "Chỉ tiêu", f"Lũy kế ở {SHEET['figures'].short}"),
            _cumulative(report),
            "Số liệu lũy kế",
        ),
        Block(
            _known_columns("state", "Trạng thái", f"Tổng ở {SHEET['tasks'].short}"),
            _states(report),
            "Lượt nhiệm vụ theo trạng thái",
        ),
    )
    told, rows = report.tally.problems.count("block-row"), report.tally.rows
    where = sheet_named("problems")
    remarks = (
        f"Cộng các biểu: {_rejected_words(rows.rejected, rows.set_aside)}.",
        f"Dòng có ô ghi chưa đúng: {where} ghi từng ô, "
        f"mức “{report.project.catalogue.severities['block-row']}” ({told} điểm). "
        f"Dòng không tính (dòng cộng, dòng đã có bản thay thế) không phải lỗi; {where} chỉ ghi nhận.",
        "Cột “Chênh lệch” tự tính lại khi số liệu ở phụ lục thay đổi; ô nền đỏ: số ở phụ lục khác số phần mềm tính.",
        numbers_remark(),
    )
    return Page("reconciliation", blocks, (period_line(report),), remarks=remarks, landscape=False)


def _row_columns() -> tuple[Column[BalanceLine], ...]:
    return (
        Column("sheet", "Nội dung", _WHAT),
        Column("read", "Đã đọc", _AMOUNT, "line dotted", of=lambda line: line.rows_read),
        Column("accepted", "Đã nhận", _AMOUNT, "line dotted", of=lambda line: line.rows_accepted),
        Column("rejected", "Chưa nhận", _AMOUNT, "line dotted", of=lambda line: line.rows_rejected),
        Column("difference", "Chênh lệch", _DIFFERENCE, "line any", of=_left_over, is_alarm=True),
        Column("rejected_words", "Ghi chú", _REMARK, of=_rejected_of),
    )


def _left_over(line: BalanceLine) -> Formula:
    return Formula("{read}-{accepted}-{rejected}", line.rows_read - line.rows_accepted - line.rows_rejected)


def _rejected_of(line: BalanceLine) -> str:
    return _rejected_words(line.rows_rejected, line.rows_set_aside) if line.rows_rejected else ""


def _rejected_words(rejected: int, set_aside: int) -> str:
    """“6 dòng chưa nhận = 4 dòng có ô ghi chưa đúng + 2 dòng không tính”."""
    parts = {"dòng có ô ghi chưa đúng": rejected - set_aside, "dòng không tính": set_aside}
    told = " + ".join(f"{count} {what}" for what, count in parts.items() if count)
    return f"{rejected} dòng chưa nhận" + (f" = {told}" if rejected else "")


@dataclass(frozen=True, slots=True)
class _Again:
    """An indicator's total, and the figures of the units from which it is added up once more."""

    item: Indicator
    total: float
    values: Sequence[float]

    @property
    def recomputed(self) -> float:
        return fsum(self.values)


def _sum_columns(report: Report) -> tuple[Column[_Again], ...]:
    """PL3 and PL4 as they are now. A difference in either counts, in PL3 only where PL4 has none."""

    def amount(key: str, label: str, of: Callable[[_Again], Cell]) -> Column[_Again]:
        return Column(key, label, _AMOUNT, of=of)

    def look(line: _Again) -> str:
        return figure_style(report, line.item.id)

    def of_units(line: _Again) -> str:
        return cells_of(line.item.id, "by_unit")

    return (
        Column("indicator_id", "Chỉ tiêu", _WHAT, of=lambda line: f"{line.item.id}. {line.item.name}"),
        amount("total", f"Tổng ở {SHEET['figures'].short}", lambda line: _told(report, line.item, line.total)),
        amount(
            "by_unit",
            f"Cộng lại từ {SHEET['by_unit'].short}",
            lambda line: Formula(f"SUM({of_units(line)})", line.recomputed, look(line)),
        ),
        amount("recomputed", "Phần mềm cộng từ từng đơn vị", lambda line: Styled(line.recomputed, look(line))),
        Column("difference", "Chênh lệch", _DIFFERENCE, of=_difference_of_sums, is_alarm=True),
        Column(
            "units",
            "Số đơn vị cộng",
            _REMARK,
            "line dotted",
            of=lambda line: Formula(f"COUNT({of_units(line)})", len(line.values)),
        ),
    )


def _told(report: Report, item: Indicator, value: float, column: str = "Kỳ này") -> Formula:
    """What PL3 says now; a blank is nothing to add."""
    return Formula(f"SUM({cell_of(column, item.id, 'figures')})", value, figure_style(report, item.id))


def _difference_of_sums(line: _Again) -> Formula:
    value = round(line.total - line.recomputed, _DIGITS)
    text = "IF(ROUND({by_unit}-{recomputed},6)=0,ROUND({total}-{recomputed},6),ROUND({by_unit}-{recomputed},6))"
    return Formula(text, value, "line any")


def _sums(report: Report) -> list[_Again]:
    given: dict[str, list[float]] = defaultdict(list)
    for indicator_id, value in tuples(report.judged.settlement.grid, "indicator_id", "value"):
        if not isnan(value):
            given[indicator_id].append(value)
    return [
        _Again(report.project.plan.indicator[name], 0.0 if isnan(total) else total, given[name])
        for name, total in tuples(report.judged.totals, "indicator_id", "this_period")
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """A number of an annex: what it is of, the formula that asks the annex now, what the program worked out."""

    what: str
    measure: str
    told: Formula
    known: float


def _known_columns(key: str, label: str, told: str) -> tuple[Column[_Known], ...]:
    return (
        Column(key, label, _WHAT, of=lambda line: line.what),
        Column("told", told, _AMOUNT, "line dotted", of=lambda line: line.told),
        Column(
            "known", "Phần mềm đã tính", _AMOUNT, of=lambda line: Styled(line.known, line.told.style or "line dotted")
        ),
        Column("measure", "Đơn vị tính", _AMOUNT, "line center"),
        Column("difference", "Chênh lệch", _DIFFERENCE, of=_difference, is_alarm=True),
        Column("remark", "Ghi chú", _REMARK, of=lambda line: None),
    )


def _difference(line: _Known) -> Formula:
    return Formula("ROUND({told}-{known},6)", 0, "line any")


def _cumulative(report: Report) -> list[_Known]:
    items = report.project.plan.indicator
    return [
        _Known(f"{name}. {items[name].name}", items[name].measure, _told(report, items[name], total, "Luỹ kế"), total)
        for name, total in tuples(report.judged.totals, "indicator_id", "cumulative")
        if not isnan(total)
    ]


def _states(report: Report) -> list[_Known]:
    counts = {
        state: sum(led.counts[state] for led in report.tally.tasks.values()) for state in STATES if state != "not-lead"
    }
    return [
        _Known(report.label("state", state), "lượt nhiệm vụ", Formula(f"SUM({cells_of(state, 'tasks')})", count), count)
        for state, count in counts.items()
    ]


def sources_page(report: Report) -> Page:
    """`Nguồn`: every figure with file, sheet and cell, by indicator, so that its ticket leads to all units at once."""
    elsewhere = report.elsewhere("figures", len(report.judged.settlement.grid))
    given = report.judged.settlement.grid[
        report.judged.settlement.grid["value"].notna() & (report.judged.settlement.grid["file"] != "")
    ]
    places = {item.id: place for place, item in enumerate(report.project.plan.indicators)}
    lines = sorted(lines_of(FigureLine, given, elsewhere), key=lambda line: places[line.indicator_id])
    figures = Block(
        _figure_columns(report),
        lines,
        empty=NOTHING,
        instead=elsewhere,
        has_filter=True,
        name_of=lambda line: ticket(report, line.indicator_id),
    )
    return Page("sources", (figures,), (period_line(report),), remarks=tuple(_source_remarks(report)))


def _figure_columns(report: Report) -> tuple[Column[FigureLine], ...]:
    items = report.project.plan.indicator
    return (
        Column("ticket", "Mã tra cứu", 11, "line center", of=lambda line: ticket(report, line.indicator_id)),
        Column("indicator", "Chỉ tiêu", 42, of=lambda line: items[line.indicator_id].name),
        Column("unit", "Đơn vị", 29, of=lambda line: report.name(line.unit_id)),
        Column("value", "Giá trị", 15, of=lambda line: figure_cell(report, line.indicator_id, line.value)),
        Column("sheet", "Sheet", 18),
        Column("cell", "Ô", 8, "line center"),
        Column("file", "Tệp", 45),
    )


def _source_remarks(report: Report) -> list[str]:
    plan, form, period = report.project.plan, report.project.form, report.period
    unconfirmed = [unit.unit_id for unit in report.judged.settlement.units if not unit.confirmed]
    made_of = f"Kế hoạch năm {plan.year}; biểu mẫu {form.id} {form.version}; kỳ {period.name}, số liệu {period.window}."
    day = day_text(period.date_to)
    remarks = [
        made_of,
        f"Mã băm SHA-256 của từng tệp: {sheet_named('filing')}, bảng “Theo tệp nhận được”.",
        numbers_remark(),
        f"Phải báo cáo: {len(report.judged.settlement.units)} đơn vị có trong danh sách đơn vị tại ngày {day}.",
    ]
    if unconfirmed:
        named = report.names(unconfirmed, "danh sách đơn vị")
        remarks.append(f"Kế hoạch không nêu tên, cần xác nhận có phải báo cáo: {named}.")
    return remarks
