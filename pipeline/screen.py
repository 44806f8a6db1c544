"""What the officer reads on the terminal: short, in Vietnamese, by name."""

import errno
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.values.frames import rows_as
from pipeline.values.lines import UnitLine
from pipeline.values.states import SEVERITIES, UNFILED_AS
from pipeline.words.days import day_text, iso_day_text, moment_text
from pipeline.words.numbers import number_text, percent_text

if TYPE_CHECKING:
    from pipeline.commands.check import Check
    from pipeline.commands.paper import Drafted
    from pipeline.commands.receive import Receipt
    from pipeline.commands.run import Finished
    from pipeline.commands.send import Dispatched
    from pipeline.commands.status import Status
    from pipeline.commands.templates import BlankForms
    from pipeline.commands.trace import Trace
    from pipeline.publish.report import Report
    from pipeline.sent.proof import Proof
    from pipeline.values.problems import Problem

_WIDTH = 140  # of tables, where the output is not a terminal
_STATUS_COLUMNS = (  # with the most letters that a line of them holds
    ("Đơn vị", None),
    ("Tình trạng", 12),
    ("Nhận lúc", None),
    ("Kết quả", 13),
    ("Chưa nhận", 5),
    ("Cần hỏi", 5),
)


class _Screen(Console):
    """A console that says when nobody reads on, instead of ending the command with a status of its own."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, "", "")


_console = _Screen(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDTH)


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


def show_run(finished: "Finished", inputs: Path) -> None:
    """The summary of a run over the folder `inputs`: filing by name, problems by severity, where the workbook is."""
    report = finished.report
    _show_emptiness(report, inputs)
    say(f"{report.period.name} – số liệu {report.period.window}")
    _show_mark(report.sample_mark)
    _show_filing(report)
    if not report.submissions.empty:
        _show_judgement(report)
    files = report.tally.files
    if files.unbooked:
        say(f"{files.unbooked} tệp không có trong sổ nhận, tính theo thời gian ghi của tệp.")
    if files.samples_left_out:
        say(f"Đã có biểu thật nên không đưa vào tổng hợp {files.samples_left_out} tệp dữ liệu mẫu (của mọi kỳ đã đọc).")
    for sentence in (*finished.since, *report.form_faults, *report.unused_words, *finished.sentences):
        say(sentence)
    say(f"Bảng tổng hợp: {finished.workbook}")


def _show_judgement(report: "Report") -> None:
    """How much of what was due is done, and what was found wrong."""
    judged = report.tally.judged
    rate = f" ({percent_text(judged.done / judged.total, 1)})" if judged.total else ""
    say(f"Lượt nhiệm vụ hoàn thành: {judged.done}/{judged.total}{rate}.")
    say(f"Kết quả kiểm tra: {'; '.join(_problems_words(report))}.")


def _problems_words(report: "Report") -> list[str]:
    """How many problems there are of each severity."""
    return [f"{report.tally.problems.count(severity)} {report.label('counted', severity)}" for severity in SEVERITIES]


def _show_mark(sample_mark: str) -> None:
    if sample_mark:
        say(f"{sample_mark}: số liệu giả định, chỉ để xem thử.")


def show_templates(forms: "BlankForms") -> None:
    """How many blank forms there are now, and where."""
    for sentence in forms.sentences:
        say(sentence)
    say(
        f"Đã tạo {len(forms.paths)} biểu trống trong {forms.paths[0].parent}."
        if forms.paths
        else "Không có đơn vị nào phải báo cáo."
    )


def _show_emptiness(report: "Report", inputs: Path) -> None:
    if report.submissions.empty:
        say(f"Thư mục {inputs} chưa có tệp nào.")


def _show_filing(report: "Report") -> None:
    filings = report.tally.filings
    if report.submissions.empty:
        say("Chưa có đơn vị nào nộp.")
        return
    say(f"Đã nộp {filings.filed}/{filings.expected} đơn vị, đúng hạn {len(filings.on_time)}.")
    if filings.late:
        say(f"{report.label('received', 'late')}: {report.names(filings.late)}.")
    for filing, names in report.names_by_filing().items():
        if names:
            say(f"{report.label('received', filing)}: {report.listed(names)}.")
    if report.older_form_words:
        say(report.older_form_words)


def show_checks(checks: Sequence["Check"]) -> None:
    """What to mend in each file, most serious first."""
    for check in checks:
        labels = check.project.labels["verdict"]
        name = check.project.register.name(check.unit) if check.unit else "chưa rõ đơn vị"
        say(f"{check.file} – {name} – {check.period.name}: {labels[check.verdict]}.")
        for problem, message, severity in zip(check.problems, check.messages, check.severities, strict=True):
            title = check.project.catalogue.severities[severity]
            say(f"  - [{title}] {': '.join(filter(None, (_cell_words(problem), message)))}")
        if ending := _ending(check):
            say(f"  {ending}")


def _ending(check: "Check") -> str:
    """Whether the form can be sent: none of another period than the one being collected, whatever it holds."""
    if check.verdict == "returned":
        return ""
    own, others = check.period, check.collecting.periods
    if check.is_collected is False:
        office = check.project.plan.office
        return f"Biểu này là của kỳ {own.name}, {office} đang thu kỳ {others[0].name}: xin gửi biểu của kỳ đang thu."
    if check.needs_mending:
        return ""
    if check.is_collected is None:
        return f"Biểu đã đạt. Chưa rõ đang thu kỳ nào; xin chỉ gửi khi đang thu kỳ {own.name} ({own.window})."
    over = f"; hạn gửi ({own.until}) đã qua" if check.collecting.is_over(own) else ""
    return f"Biểu đã đạt, có thể gửi{over}."


def _cell_words(problem: "Problem") -> str:
    """Where a problem is; empty where it is about the whole file."""
    sheet = f"sheet “{problem.sheet}”" if problem.sheet else ""
    return ", ".join(filter(None, (sheet, f"ô {problem.cell}" if problem.cell else "")))


def show_paper(drafted: "Drafted") -> None:
    """Where the draft of a unit's own report lies, and what is left for people to write."""
    say(f"Đã soạn dự thảo báo cáo {drafted.check.period.name} của {drafted.who}: {drafted.path}")
    say("Chỗ tô vàng [Bổ sung: …] do đơn vị viết thêm; đề nghị đọc lại toàn văn trước khi trình ký.")
    if drafted.kept:
        say(f"Tệp cũ cùng tên khác bản mới nên được giữ tại {drafted.kept}; lời đã viết ở các chỗ đó có trong bản mới.")


def show_status(status: "Status", inputs: Path) -> None:
    """Who has filed in the folder `inputs`, who has not, who must mend; the most incomplete first.

    Readable in a window of 80 columns.
    """
    from pipeline.commands.status import days_left_words

    report = status.report
    _show_emptiness(report, inputs)
    left = days_left_words(status.days_left, report.period)
    say(f"{report.period.name} – {left}, tính đến ngày {day_text(report.as_of)}")
    if report.sample_mark:
        say(report.sample_mark)
    _show_filing(report)
    _console.print(_filing_table(report), soft_wrap=False)
    for sentence in (*status.since, *report.unused_words, *status.sentences):
        say(sentence)
    called = [
        f"{report.name(unit_id)} (chiếm {percent_text(share, 1)} số liệu chính của kỳ trước)"
        for unit_id, share in status.call_list
        if share > 0
    ]
    if called:
        say(f"Nên đôn đốc trước: {'; '.join(called)}.")


def _filing_table(report: "Report") -> Table:
    """One row a unit, those that have not filed first, then those with most to mend."""
    table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    for name, widest in _STATUS_COLUMNS:
        table.add_column(name, max_width=widest, overflow="fold", no_wrap=name == "Nhận lúc")
    lines = rows_as(UnitLine, report.filings)
    for line in sorted(lines, key=lambda line: (line.filing not in UNFILED_AS, -line.blocked, -line.questions)):
        table.add_row(*_filing_cells(report, line))
    return table


def _filing_cells(report: "Report", line: UnitLine) -> tuple[str, ...]:
    return (
        line.name,
        report.label("received", line.filing),
        _short_time(line.received_at, report.project.plan.year),
        "" if line.verdict == "missing" else report.label("verdict", line.verdict),
        str(line.blocked or ""),
        str(line.questions or ""),
    )


def _short_time(received: str, year: int) -> str:
    """15/9 16:05, with the year where it is not the plan's."""
    if not received:
        return ""
    moment = datetime.fromisoformat(received)
    return f"{moment.day}/{moment.month}{'' if moment.year == year else f'/{moment.year}'} {moment:%H:%M}"


def show_trace(trace: "Trace") -> None:
    """Why the figure differs from the period before, then every unit's own cells behind it."""
    _show_mark(trace.sample_mark)
    say(trace.answer or trace.title)
    lines = [line for unit in trace.units for line in unit["lines"]]
    widest = max((len(_value_of(line)) for line in lines), default=0)
    periods = max((len(line["period"]) for line in lines), default=0)
    for unit in trace.units:
        told = unit.get("told")
        say(f"{unit['unit']}: {told}" if told else unit["unit"])
        table = Table.grid(padding=(0, 2, 0, 0))
        for line in unit["lines"]:
            table.add_row(f"  {line['period']:{periods}}", f"{_value_of(line):>{widest}}", _place_of(line))
        _console.print(table)
    note = trace.cumulative_note[:1].lower() + trace.cumulative_note[1:]
    cumulative = note if isnan(trace.cumulative) else f"{number_text(trace.cumulative)} ({note})"
    say(f"Kỳ này: {'chưa có' if isnan(trace.total) else number_text(trace.total)}; lũy kế: {cumulative}.")


def _value_of(line: dict[str, Any]) -> str:
    return "–" if line["value"] is None else number_text(line["value"])


def _place_of(line: dict[str, Any]) -> Text:
    """Where a figure stands: file, sheet, cell, time; first what kind of gap it is, or that it is under question."""
    revision = f", lần gửi {line['revision']}" if line["revision"] not in ("", "1") else ""
    place = (
        (line["file"], f"“{line['sheet']}”, ô {line['cell']}, nhận lúc {_moment(line['received_at'])}{revision}")
        if line["cell"]
        else ()
    )
    return Text("\n".join(filter(None, (_remark_on(line), *place))), overflow="fold")


def _moment(received: str) -> str:
    """“09:15 ngày 15/9/2025”."""
    return moment_text(datetime.fromisoformat(received))


def _remark_on(line: dict[str, Any]) -> str:
    """What kind of gap it is; of a figure that its unit is still asked about that it is."""
    if line["value"] is None:
        return str(line["nothing"])
    return "đang chờ xác minh với đơn vị" if line["questioned"] else ""


def show_dispatched(done: "Dispatched") -> None:
    """The package and its line; over what it was sent, what could not be compared."""
    line = done.sending
    numbered = f"lần gửi số {line.seq}, số {line.number}, ngày {iso_day_text(line.date)}"
    say(f"Đã niêm phong {done.path} và ghi sổ gửi: {numbered}.")
    say(f"sha256 của gói: {line.sha256}")
    if line.note:
        say(f"Ghi chú: {line.note}")
    for sentence in done.objections:
        say(f"Đã gửi dù {sentence}.")
    for sentence in done.remarks:
        say(sentence)


def show_sent(proofs: Sequence["Proof"]) -> None:
    """The book of each year with what the proof of every package came to; then what is wrong, a sentence each."""
    if not any(proof.lines or proof.faults for proof in proofs):
        say("Chưa gửi báo cáo nào.")
    for proof in proofs:
        states = {fault.package: "chưa đọc được" if fault.is_newer else "SAI" for fault in proof.faults}
        if proof.lines:
            say(f"Sổ gửi năm {proof.year}")
            table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
            for name in ("Lần", "Kỳ", "Số", "Ngày", "Nơi nhận", "Gửi lúc", "Gói", "Kiểm tra", "Ghi chú"):
                table.add_column(name, overflow="fold")
            for line in proof.lines:
                state = states.get(line.package, "đúng")
                day, moment = iso_day_text(line.date), _short_time(line.sent_at, int(proof.year))
                cells = (line.number, day, line.addressee, moment, line.package, state, line.note)
                table.add_row(str(line.seq), line.period, *map(Text, cells))
            _console.print(table, soft_wrap=False)
        for fault in proof.faults:
            say(fault.sentence)
        if not proof.faults and proof.lines:
            say(f"{len(proof.lines)} gói đều còn đúng từng byte như lúc niêm phong.")


def show_receipts(receipts: Sequence["Receipt"]) -> None:
    """Where each file stands now, its judgement, and the reply to paste."""
    for receipt in receipts:
        say(f"Tệp đã có từ trước: {receipt.stored_as}" if receipt.is_known else f"Đã nhận vào: {receipt.stored_as}")
        show_checks([receipt.check])
        if receipt.paper:
            say(f"Dự thảo báo cáo của đơn vị, gửi kèm lời nhắn: {receipt.paper}")
        say("Lời nhắn để dán vào Zalo:")
        say(receipt.reply)
