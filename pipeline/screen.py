"""What the officer reads on the terminal: short, in Vietnamese, by name."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from pipeline.declare.plan import day_text
from pipeline.declare.problems import number_text

if TYPE_CHECKING:
    from pipeline.desk import Check, Receipt, Status, Trace
    from pipeline.publish.report import Report
    from pipeline.run import Finished

_WIDTH = 140  # of tables, where the output is not a terminal
_console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDTH)


@contextmanager
def progress(is_shown: bool) -> Iterator[Callable[[str], None]]:
    """A line that says what is being done; nothing where the output is read by a program."""
    if not is_shown or not _console.is_terminal:
        yield lambda text: None
        return
    with _console.status("đang đọc…") as status:
        yield lambda text: status.update(f"đang xử lý: {text}")


def say(text: str) -> None:
    """One line, exactly as given."""
    _console.print(text, markup=False)


def show_run(finished: "Finished") -> None:
    """The summary of a run: filing by name, problems by severity, where the workbook is."""
    report = finished.report
    say(f"{report.period.name} – số liệu {report.period.window}")
    if report.sample_mark:
        say(f"{report.sample_mark}: số liệu không có thật, chỉ để xem thử.")
    _show_filing(report)
    judged = report.judged
    say(f"Nhiệm vụ phải đánh giá: {int((judged['state'] == 'done').sum())}/{len(judged)} lượt hoàn thành.")
    severities = report.problems["severity"].value_counts()
    say("Kiểm tra: " + "; ".join(f"{label.lower()} {int(severities.get(name, 0))}" for name, label in report.project.catalogue.severities.items()) + ".")
    unbooked = int((report.submissions["is_booked"] == "no").sum())
    if unbooked:
        say(f"{unbooked} tệp không có trong sổ nhận, tính theo thời gian ghi của tệp.")
    aside = report.submissions[report.submissions["reason"].str.startswith("Dữ liệu mẫu")]
    if len(aside):
        say(f"Đã có biểu thật nên để ra {len(aside)} tệp dữ liệu mẫu.")
    for sentence in (*report.form_faults, *finished.sentences):
        say(sentence)
    say(f"Bảng tổng hợp: {finished.workbook}")


def _show_filing(report: "Report") -> None:
    on_time, late, missing = report.filed("on-time"), report.filed("late"), report.filed("missing")
    say(f"Đã nộp {len(on_time) + len(late)}/{len(report.units)} đơn vị, đúng hạn {len(on_time)}.")
    if late:
        say(f"Nộp muộn: {report.names(late)}.")
    if missing:
        say(f"Chưa nộp: {report.names(missing)}.")


def show_checks(checks: Sequence["Check"]) -> None:
    """What to mend in each file, most serious first."""
    for check in checks:
        labels = check.project.labels["verdict"]
        name = check.project.register.name(check.unit) if check.unit else "chưa rõ đơn vị"
        say(f"{check.file} – {name} – {check.period.name}: {labels[check.verdict]}.")
        for problem, message, severity in zip(check.problems, check.messages, check.severities, strict=True):
            where = ", ".join(part for part in (f"sheet “{problem.sheet}”" if problem.sheet else "", f"ô {problem.cell}" if problem.cell else "") if part)
            say(f"  - [{check.project.catalogue.severities[severity]}] {where + ': ' if where else ''}{message}")
        if not check.needs_mending:
            say("  Biểu đã đạt, có thể gửi.")


def show_status(status: "Status") -> None:
    """Who has filed, who has not, who must mend; the most incomplete first."""
    from pipeline.desk import deadline_words

    report = status.report
    say(f"{report.period.name} – {deadline_words(status.days_left, report.period)}, tính đến ngày {day_text(report.as_of)}")
    if report.sample_mark:
        say(report.sample_mark)
    _show_filing(report)
    table = Table(box=SIMPLE)
    for name in ("Đơn vị", "Tình trạng", "Nhận lúc", "Kết quả", "Chưa nhận", "Cần hỏi"):
        table.add_column(name, no_wrap=True)
    order = {"missing": 0, "late": 1, "on-time": 1}
    lines = sorted(report.filings.itertuples(), key=lambda line: (order[line.filing], -line.blocked, -line.questions))
    for line in lines:
        verdict = "" if line.verdict == "missing" else report.label("verdict", line.verdict)
        table.add_row(line.name, report.label("received", line.filing), line.received_at[:16], verdict, str(line.blocked or ""), str(line.questions or ""))
    _console.print(table)
    for sentence in status.sentences:
        say(sentence)
    called = [(unit_id, share) for unit_id, share in status.call_list if share > 0]
    if called:
        say("Nên gọi trước: " + "; ".join(f"{report.name(unit_id)} ({share:.1%} số liệu chính kỳ trước)".replace(".", ",") for unit_id, share in called) + ".")


def show_trace(trace: "Trace") -> None:
    """Every unit's own cell behind one figure."""
    say(trace.title)
    table = Table(box=SIMPLE)
    for name in ("Kỳ", "Đơn vị", "Giá trị", "Ô", "Lần gửi", "Nhận lúc", "Tệp"):
        table.add_column(name, overflow="fold")
    for line in trace.lines:
        value = line["kind_of_nothing"] if line["value"] is None else number_text(line["value"])
        table.add_row(line["period"], line["unit"], value, line["cell"], line["revision"], line["received_at"][:16], line["file"])
    _console.print(table)
    say(f"Kỳ này: {_total(trace.total)}; luỹ kế: {_total(trace.cumulative)}.")


def _total(value: float) -> str:
    return "chưa có" if isnan(value) else number_text(value)


def show_receipts(receipts: Sequence["Receipt"]) -> None:
    """Where each file stands now, its judgement, and the reply to paste."""
    for receipt in receipts:
        say(f"Tệp đã có từ trước: {receipt.stored_as}" if receipt.is_known else f"Đã nhận vào: {receipt.stored_as}")
        show_checks([receipt.check])
        say("Lời nhắn để dán vào Zalo:")
        say(receipt.reply)
