"""The first sheet, for people who look rather than read; and the sentences that answer a superior's questions."""

from collections.abc import Mapping

from pipeline.declare.plan import day_text
from pipeline.declare.problems import number_text
from pipeline.publish.comparison import difference_sentences
from pipeline.publish.report import Report, records
from pipeline.publish.workbook.annexes import period_line
from pipeline.publish.workbook.pages import Block, Cell, Column, Page, Styled


def summary_page(report: Report) -> Page:
    """`Tổng hợp`: filing, completion, main figures, names of the missing, state of the problems."""
    plan = report.project.plan
    wide = (Column("what", "Nội dung", 50, "cell inset"), Column("value", "Số", 12, "cell number inset"), Column("detail", "Chi tiết", 76, "cell inset"))
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
    remark = f"Kế hoạch số {plan.number or '…'}/KH-UBND {plan.date or 'ngày … tháng 02 năm ' + str(plan.year)} của {plan.issuer}; {plan.basis}."
    return Page("Tổng hợp", title, blocks, lines, remarks=(remark,), mark=report.sample_mark, landscape=False, is_one_page=True)


def _filing(report: Report) -> list[list[Cell]]:
    expected = len(report.units)
    on_time, late, missing = report.filed("on-time"), report.filed("late"), report.filed("missing")
    filed = len(on_time) + len(late)
    signed = list(report.filings.loc[report.filings["signed_only"] & (report.filings["filing"] == "missing"), "unit_id"])
    rows: list[list[Cell]] = [
        ["Đơn vị đã nộp", f"{filed}/{expected}", _share(filed, expected)],
        ["Nộp đúng hạn", f"{len(on_time)}/{expected}", _share(len(on_time), expected)],
        ["Nộp muộn", f"{len(late)}/{expected}", report.names(late) or "Không có"],
        ["Chưa nộp", f"{len(missing)}/{expected}", report.names(missing) or "Không có"],
    ]
    if signed:
        rows.append(["Trong đó đã gửi bản ký, chưa có số liệu", str(len(signed)), report.names(signed)])
    return [[row[0], Styled(row[1], "cell right bold inset"), row[2]] for row in rows]  # type: ignore[arg-type]


def _share(units: int, expected: int) -> str:
    return f"Đạt {units / expected:.1%} số đơn vị phải báo cáo".replace(".", ",") if expected else ""


def _completion(report: Report) -> list[list[Cell]]:
    judged = report.judged
    done = judged["state"] == "done"
    rows: list[list[Cell]] = [
        [
            "Lượt nhiệm vụ phải đánh giá đã hoàn thành",
            Styled(f"{int(done.sum())}/{len(judged)}", "cell right bold inset"),
            _percent(int(done.sum()), len(judged)),
        ]
    ]
    led = report.completeness[~report.completeness["state"].isin(("not-lead", "not-due"))]
    for state, label in report.project.labels["state"].items():
        group = led[led["state"] == state]
        if state not in ("done", "not-due", "not-lead"):
            by_task = [f"{task}: {len(rows)} đơn vị" for task, rows in group.groupby("task_id")]
            rows.append([label, len(group), "; ".join(by_task) or "Không có"])
    return rows


def _percent(part: int, whole: int) -> str:
    return f"Tỷ lệ {part / whole:.1%}".replace(".", ",") if whole else "Không có nhiệm vụ phải đánh giá"


def _main_figures(report: Report) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    before = dict(zip(report.before["indicator_id"], report.before["this_period"], strict=True)) if report.before is not None else {}
    name = report.project.plan.period(report.period.previous).name if report.period.previous else ""
    for line in records(report.totals):
        item = report.project.plan.indicator[line.indicator_id]
        if item.main:
            detail = f"{item.measure}; {line.units_reporting}/{line.units_expected} đơn vị"
            if line.cumulative == line.cumulative:
                detail += f"; luỹ kế {number_text(round(line.cumulative, 1))}"
            if item.id in before and before[item.id] == before[item.id]:
                detail += f"; {name}: {number_text(round(before[item.id], 1))}"
            rows.append([f"{item.id}. {item.title}", None if line.this_period != line.this_period else line.this_period, detail])
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
    figure_rows: list[list[Cell]] = [[indicator_id, sentence] for indicator_id, sentence in difference_sentences(report).items()]
    unit_rows: list[list[Cell]] = [[unit.unit_id, unit_sentence(report, unit.unit_id)] for unit in report.units]
    blocks = (
        Block(tasks, task_rows, "Theo nhiệm vụ"),
        Block(figures, figure_rows, "Theo số liệu: vì sao khác kỳ trước", instead="" if figure_rows else "Chưa có số liệu kỳ trước để so."),
        Block(units, unit_rows, "Theo đơn vị"),
    )
    return Page("Trả lời nhanh", "TRẢ LỜI NHANH CÁC CÂU HỎI CỦA LÃNH ĐẠO", blocks, (period_line(report),), mark=report.sample_mark)


def task_sentence(report: Report, task_id: str) -> str:
    """Done n of N, then every other state with the units by name; nothing that the grid does not hold."""
    states = report.states_by_task.get(task_id, {})
    head = f"{task_id} ({report.project.plan.task[task_id].short}): {_done_of(states)} đơn vị chủ trì hoàn thành"
    return _sentence(report, head, {state: report.names(units, "sheet PL2 Ma trận") for state, units in states.items()}, states)


def unit_sentence(report: Report, unit_id: str) -> str:
    """What one unit has done and owes."""
    states = report.states_by_unit.get(unit_id, {})
    head = f"{report.name(unit_id)}: {report.label('received', report.filing_of[unit_id]).lower()}"
    if not states:
        return f"{head}; không chủ trì nhiệm vụ nào."
    head += f"; {_done_of(states)} nhiệm vụ chủ trì hoàn thành"
    return _sentence(report, head, {state: ", ".join(tasks) for state, tasks in states.items()}, states)


def _done_of(states: Mapping[str, list[str]]) -> str:
    return f"{len(states.get('done', ()))}/{sum(map(len, states.values()))}"


def _sentence(report: Report, head: str, listed: Mapping[str, str], states: Mapping[str, list[str]]) -> str:
    labels = report.project.labels["state"]
    told = [f"{label.lower()} ({len(states[state])}): {listed[state]}" for state, label in labels.items() if state in states and state != "done"]
    return "; ".join([head, *told]) + "."
