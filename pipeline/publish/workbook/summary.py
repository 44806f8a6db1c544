"""The first sheet, for people who look rather than read: what to know first, where it stands, and the main figures."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from pipeline.declare.plan import FOLLOWED, JUDGED
from pipeline.publish.charts import COMPARED, LIKE_WITH_LIKE
from pipeline.publish.report import Report
from pipeline.publish.sentences.comparison import comparison_note, mean_words
from pipeline.publish.sentences.doubt import doubt_words, earlier_doubt_words
from pipeline.publish.workbook.cells import doubt_legend, doubted_style, figure_style, numbers_remark
from pipeline.publish.workbook.charts import ROWS
from pipeline.publish.workbook.front import WIDTHS, findings_block
from pipeline.publish.workbook.heading import period_line
from pipeline.publish.workbook.lists import NOTHING
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Page, cell_of, cells_of
from pipeline.values.states import STATES, Filing, State
from pipeline.values.tally import Counts, MainFigure
from pipeline.words.days import day_text
from pipeline.words.documents import dated, numbered
from pipeline.words.numbers import number_text, percent_text

FILED = "Đơn vị đã nộp"
_PROBLEMS = "Chất lượng số liệu"  # begins a page, with the charts
_PART = "line right bold inset"  # the look of “26/32”
_QUIET = ("done", "not-due", "not-lead")  # states that have no line of their own


@dataclass(frozen=True, slots=True)
class _Row:
    what: str
    value: Cell
    detail: str


def summary_page(report: Report) -> Page:
    """`Tổng hợp`: findings, the sheets, filing, completion, state of the problems, main figures; charts below."""
    plan = report.project.plan
    what, value, detail = WIDTHS
    columns: tuple[Column[_Row], ...] = (
        Column("what", "Nội dung", what),
        Column("value", "Kết quả", value, "line dotted inset"),
        Column("detail", "Chi tiết", detail),
    )
    tables = {
        "Tình hình nộp báo cáo": _filing(report),
        "Kết quả thực hiện nhiệm vụ của Kế hoạch": list(_completion(report)),
        "Số liệu chính trong kỳ": list(_main_figures(report)),
        **({_PROBLEMS: list(_problems(report))} if report.is_for_office else {}),
    }
    numbered_tables = (
        Block(columns, rows, f"{number}. {caption}", starts_page=caption == _PROBLEMS)
        for number, (caption, rows) in enumerate(tables.items(), start=1)
    )
    blocks: tuple[Block[Any], ...] = (findings_block(report), *numbered_tables)
    lines = (
        f"{plan.issuer} báo cáo {plan.addressee}",
        period_line(report),
        f"Hạn các đơn vị gửi: hết ngày {day_text(report.period.last_day)} – {plan.office} tổng hợp",
    )
    return Page(
        "summary",
        blocks,
        lines,
        remarks=tuple(_remarks(report)),
        landscape=False,
        picture_rows=ROWS,
        signers=_signers(report),
    )


def _signers(report: Report) -> tuple[str, ...]:
    """Who made it and who answers for it."""
    plan, sign = report.project.plan, "(Ký, ghi rõ họ tên)"
    day = f"{plan.place}, ngày … tháng … năm {plan.year}"
    return (f" \nNGƯỜI LẬP BIỂU\n{sign}", f"{day}\n{plan.office.upper()}\n{sign}")


def _remarks(report: Report) -> Iterator[str]:
    plan = report.project.plan
    number = f"{numbered(plan.number, 'KH-UBND')} {dated(plan.date, plan.year)}"
    yield f"Kế hoạch số {number} của {plan.issuer}; {plan.basis}."
    yield f"Lượt nhiệm vụ: mỗi nhiệm vụ của một đơn vị chủ trì tính 1 lượt. {numbers_remark()}"
    yield from doubt_legend(report, is_needed=any(figure.total.questioned_units for figure in report.tally.main))
    if report.past is not None:
        yield f"Biểu đồ “{COMPARED}”: {LIKE_WITH_LIKE} {comparison_note(report.period, report.past)}"


def _filing(report: Report) -> list[_Row]:
    filings, expected = report.tally.filings, len(report.judged.settlement.units)

    def row(what: str, states: Sequence[Filing], units: int, detail: str) -> _Row:
        counted = "+".join(f'COUNTIF({cells_of("filing", "filing")},"{report.label("received", it)}")' for it in states)
        text = f'{counted}&"/"&COUNTA({cells_of("unit_id", "filing")})'
        return _Row(what, Formula(text, f"{units}/{expected}", _PART), detail)

    on_time, late = len(filings.on_time), len(filings.late)
    return [
        row(FILED, ("on-time", "late"), filings.filed, _share(filings.filed, expected)),
        row("Nộp đúng hạn", ("on-time",), on_time, _share(on_time, expected)),
        row("Nộp muộn", ("late",), late, report.names(filings.late) or NOTHING),
        *(
            row(report.label("received", filing), (filing,), len(names), report.listed(names) or NOTHING)
            for filing, names in report.names_by_filing().items()
        ),
    ]


def _share(units: int, expected: int) -> str:
    return f"Đạt {percent_text(units, expected)} số đơn vị phải báo cáo" if expected else ""


def _completion(report: Report) -> Iterator[_Row]:
    """What counts in the rate, what is only followed, the states of both; each line says how its number comes about."""
    judged, followed = report.tally.judged, report.tally.followed
    rate = f"Tỷ lệ {percent_text(judged.done, judged.total)}. " if judged.total else ""
    yield _Row(
        "Lượt nhiệm vụ hoàn thành trên số phải đánh giá",
        _done_cell(report, JUDGED, judged),
        f"{rate}Thường xuyên, đến hạn: {_sum_words(report, judged)}",
    )
    yield _Row(
        "Lượt nhiệm vụ theo dõi đã hoàn thành (không tính tỷ lệ)",
        _done_cell(report, FOLLOWED, followed),
        f"Báo cáo tiến độ, theo dõi tiếp: {_sum_words(report, followed)}",
    )
    for state in STATES:
        if state not in _QUIET:
            counts = {"phải đánh giá": judged[state], "theo dõi, không tính tỷ lệ": followed[state]}
            total = Formula(f"SUM({cells_of(state, 'tasks')})", sum(counts.values()))
            yield _Row(report.label("state", state), total, _state_words(report, state, counts))


def _state_words(report: Report, state: State, counts: Mapping[str, int]) -> str:
    """“15 lượt (11 phải đánh giá; 4 theo dõi, không tính tỷ lệ): NV01 (3 đơn vị), NV02 (2 đơn vị), …”."""
    parts = "; ".join(f"{number_text(amount)} {what}" for what, amount in counts.items() if amount)
    leads = {task.id: report.tally.tasks[task.id].counts[state] for task in report.project.plan.tasks}
    by_task = ", ".join(f"{task} ({number_text(units)} đơn vị)" for task, units in leads.items() if units)
    return f"{number_text(sum(counts.values()))} lượt ({parts}): {by_task}" if by_task else NOTHING


def _done_cell(report: Report, obligations: Collection[str], states: Counts) -> Formula:
    """Done of so many, added up from the lines of PL1 of the tasks with these obligations."""
    tasks = [task.id for task in report.project.plan.tasks if task.obligation[report.period.code] in obligations]
    done, leads = ("+".join(cell_of(key, task, "tasks") for task in tasks) or "0" for key in ("done", "leads"))
    return Formula(f'({done})&"/"&({leads})', f"{states.done}/{states.total}", _PART)


def _sum_words(report: Report, states: Counts) -> str:
    """“98 lượt = 84 hoàn thành + 11 chưa báo cáo + …”."""
    told = [f"{number_text(states[state])} {report.label('state', state).lower()}" for state in STATES if states[state]]
    parts = " + ".join(told)
    return f"{number_text(states.total)} lượt = {parts}" if parts else "không có"


def _main_figures(report: Report) -> Iterator[_Row]:
    for figure in report.tally.main:
        item = report.project.plan.indicator[figure.indicator_id]
        look = (doubted_style if figure.total.questioned_units else figure_style)(report, item.id)
        cell = cell_of("Kỳ này", item.id, "figures")
        value = None if isnan(figure.now) else figure.now
        now = Formula(f'IF(COUNT({cell})=0,"",{cell})', value, f"{look} inset")
        yield _Row(f"{item.id}. {item.name}", now, f"{item.measure}; {_figure_words(report, figure)}")


def _figure_words(report: Report, figure: MainFigure) -> str:
    """“30/32 đơn vị; lũy kế 9.644; 6 tháng đầu năm: 396”; first what of it is under question."""
    name = report.past.period.name if report.past else ""
    total = figure.total
    measure = report.project.plan.indicator[figure.indicator_id].measure
    of_added = earlier_doubt_words(total, measure)
    others = {"lũy kế ": (total.cumulative, f", {of_added}" if of_added else ""), f"{name}: ": (figure.before, "")}
    told = [words + number_text(number) + more for words, (number, more) in others.items() if not isnan(number)]
    coverage = f"{total.units_reporting}/{total.units_expected} đơn vị"
    return "; ".join(
        filter(None, (doubt_words(total, measure), coverage, *told, mean_words(report, total.indicator_id)))
    )


def _problems(report: Report) -> Iterator[_Row]:
    catalogue = report.project.catalogue
    for severity, counts in report.tally.problems.by_code.items():
        kinds = [f"{catalogue.title(code)}: {count}" for code, count in counts.items()]
        label = catalogue.severities[severity]
        total = Formula(f'COUNTIF({cells_of("severity", "problems")},"{label}")', sum(counts.values()))
        yield _Row(label, total, "; ".join(kinds) or NOTHING)
    for sentence in report.form_faults:
        yield _Row("Biểu mẫu cần xem lại", None, sentence)
