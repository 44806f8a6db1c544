"""The first sheet, for people who look rather than read; and the sheet of sentences that answer a superior's questions."""

from collections import Counter
from math import isnan, nan

from pipeline.declare.plan import FOLLOWED
from pipeline.publish.report import Report
from pipeline.publish.sentences.answers import task_sentence, unit_sentence
from pipeline.publish.sentences.comparison import comparison_note, difference_sentences
from pipeline.publish.workbook.annexes import figure_style, period_line
from pipeline.publish.workbook.pages import Block, Cell, Column, Page, Styled
from pipeline.values.frames import rows_as
from pipeline.values.lines import TotalLine
from pipeline.words.days import day_text
from pipeline.words.documents import dated, numbered
from pipeline.words.numbers import number_text, percent_text

COMPARED = "Kỳ này và kỳ trước"  # the chart that sets this period beside the one before
_MOST_DOTTED = 1_000_000_000


def summary_page(report: Report) -> Page:
    """`Tổng hợp`: filing, completion, main figures, names of the missing, state of the problems."""
    plan = report.project.plan
    wide = (
        Column("what", "Nội dung", 50, "cell inset"),
        Column("value", "Số", 12, "cell number inset"),
        Column("detail", "Chi tiết", 76, "cell inset"),
    )
    blocks = (
        Block(wide, _filing(report), "1. Tình hình nộp báo cáo"),
        Block(wide, _completion(report), "2. Kết quả thực hiện nhiệm vụ của Kế hoạch"),
        Block(wide, _main_figures(report), "3. Số liệu chính trong kỳ"),
        Block(wide, _problems(report), "4. Chất lượng số liệu"),
    )
    lines = (
        f"{plan.issuer} báo cáo {plan.addressee}",
        period_line(report),
        f"Hạn các đơn vị gửi: hết ngày {day_text(report.period.last_day)} – {plan.office} tổng hợp",
    )
    title = "TỔNG HỢP KẾT QUẢ TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH"
    plan_remark = (
        f"Kế hoạch số {numbered(plan.number, 'KH-UBND')} {dated(plan.date, plan.year)} của {plan.issuer}; {plan.basis}."
    )
    compared = (
        f"Biểu đồ “{COMPARED}”: {comparison_note(report.period, plan.period(report.period.previous))}"
        if report.before is not None
        else ""
    )
    return Page(
        "Tổng hợp",
        title,
        blocks,
        lines,
        remarks=tuple(filter(None, (plan_remark, compared))),
        mark=report.sample_mark,
        landscape=False,
        is_one_page=True,
    )


def _filing(report: Report) -> list[list[Cell]]:
    expected = len(report.units)
    on_time, late, missing = report.filed("on-time"), report.filed("late"), report.unfiled_names()
    filed = len(on_time) + len(late)
    rows: list[list[Cell]] = [
        ["Đơn vị đã nộp", f"{filed}/{expected}", _share(filed, expected)],
        ["Nộp đúng hạn", f"{len(on_time)}/{expected}", _share(len(on_time), expected)],
        ["Nộp muộn", f"{len(late)}/{expected}", report.names(late) or "Không có"],
        ["Chưa nộp", f"{len(missing)}/{expected}", report.listed(missing) or "Không có"],
    ]
    return [[row[0], Styled(row[1], "cell right bold inset"), row[2]] for row in rows]  # type: ignore[arg-type]


def _share(units: int, expected: int) -> str:
    return f"Đạt {percent_text(units, expected)} số đơn vị phải báo cáo" if expected else ""


def _completion(report: Report) -> list[list[Cell]]:
    """What counts in the rate, what is only followed, and the states of both; each line says how its number comes about."""
    followed = report.completeness[report.completeness["obligation"].isin(FOLLOWED)]
    states = {"phải đánh giá": Counter[str](report.judged["state"]), "theo dõi": Counter[str](followed["state"])}
    judged, other = states.values()
    rate = f"Tỷ lệ {percent_text(judged['done'], judged.total())}. " if judged else ""
    rows: list[list[Cell]] = [
        [
            "Lượt nhiệm vụ phải đánh giá đã hoàn thành",
            _done_cell(judged),
            f"{rate}Thường xuyên, đến hạn: {_sum_words(report, judged)}",
        ],
        [
            "Lượt nhiệm vụ theo dõi đã hoàn thành (không tính tỷ lệ)",
            _done_cell(other),
            f"Báo cáo tiến độ, theo dõi tiếp: {_sum_words(report, other)}",
        ],
    ]
    for state, label in report.project.labels["state"].items():
        if state not in ("done", "not-due", "not-lead"):
            parts = " + ".join(
                f"{number_text(counts[state])} {what}" for what, counts in states.items() if counts[state]
            )
            leads = {
                task.id: report.states_by_task.get(task.id, {}).get(state, ()) for task in report.project.plan.tasks
            }
            by_task = [f"{task}: {number_text(len(units))} đơn vị" for task, units in leads.items() if units]
            rows.append(
                [label, judged[state] + other[state], f"{parts}; {'; '.join(by_task)}" if by_task else "Không có"]
            )
    return rows


def _done_cell(states: Counter[str]) -> Styled:
    return Styled(f"{states['done']}/{states.total()}", "cell right bold inset")


def _sum_words(report: Report, states: Counter[str]) -> str:
    """“98 lượt = 84 hoàn thành + 11 chưa báo cáo + …”."""
    labels = report.project.labels["state"]
    parts = " + ".join(
        f"{number_text(states[state])} {label.lower()}" for state, label in labels.items() if states[state]
    )
    return f"{number_text(states.total())} lượt = {parts}" if parts else "không có"


def _main_figures(report: Report) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    before = (
        dict(zip(report.before["indicator_id"], report.before["this_period"], strict=True))
        if report.before is not None
        else {}
    )
    name = report.project.plan.period(report.period.previous).name if report.period.previous else ""
    for line in rows_as(TotalLine, report.totals):
        item = report.project.plan.indicator[line.indicator_id]
        if item.main:
            others = {"luỹ kế ": line.cumulative, f"{name}: ": before.get(item.id, nan)}
            told = [words + number_text(number) for words, number in others.items() if not isnan(number)]
            detail = "; ".join([item.measure, f"{line.units_reporting}/{line.units_expected} đơn vị", *told])
            is_dotted = item.whole and line.this_period < _MOST_DOTTED
            now = Styled(
                None if isnan(line.this_period) else line.this_period,
                f"{'cell dotted' if is_dotted else figure_style(report, item.id)} inset",
            )
            rows.append([f"{item.id}. {item.title}", now, detail])
    return rows


def _problems(report: Report) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for severity, label in report.project.catalogue.severities.items():
        mine = report.problems[report.problems["severity"] == severity]
        kinds = [f"{report.project.catalogue.title(str(code))}: {len(group)}" for code, group in mine.groupby("code")]
        rows.append([label, len(mine), "; ".join(kinds) or "Không có"])
    rows += [["Biểu mẫu cần xem lại", None, sentence] for sentence in report.form_faults]
    return rows


def answers_page(report: Report) -> Page:
    """`Trả lời nhanh`: one sentence a task, one an indicator on why it differs from the period before, one a unit; ready to copy."""
    tasks = (Column("task_id", "Nhiệm vụ", 17.5, "cell center"), Column("answer", "Câu trả lời", 130))
    figures = (Column("indicator_id", "Chỉ tiêu", 17.5, "cell center"), Column("answer", "Câu trả lời", 130))
    units = (Column("unit_id", "Mã đơn vị", 17.5, "cell id"), Column("answer", "Câu trả lời", 130))
    task_rows: list[list[Cell]] = [[task.id, task_sentence(report, task.id)] for task in report.project.plan.tasks]
    figure_rows: list[list[Cell]] = [
        [indicator_id, sentence] for indicator_id, sentence in difference_sentences(report).items()
    ]
    unit_rows: list[list[Cell]] = [[unit.unit_id, unit_sentence(report, unit.unit_id)] for unit in report.units]
    blocks = (
        Block(tasks, task_rows, "Theo nhiệm vụ"),
        Block(
            figures,
            figure_rows,
            "Theo số liệu: vì sao khác kỳ trước",
            instead="" if figure_rows else "Chưa có số liệu kỳ trước để so.",
        ),
        Block(units, unit_rows, "Theo đơn vị"),
    )
    return Page(
        "Trả lời nhanh",
        "TRẢ LỜI NHANH CÁC CÂU HỎI CỦA LÃNH ĐẠO",
        blocks,
        (period_line(report),),
        mark=report.sample_mark,
    )
