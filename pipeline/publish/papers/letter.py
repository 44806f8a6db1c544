"""Who still owes what: units that are missing, whose form was returned, that have cells to mend or tasks left blank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.declare.register import Unit
from pipeline.publish.papers.document import Grid, Line, one_line
from pipeline.publish.report import Report
from pipeline.publish.sentences.addressing import written_to, written_to_together
from pipeline.publish.sentences.mending import in_letter
from pipeline.publish.sentences.phrases import names, period_name, plan_reference, unfiled_words, window
from pipeline.publish.sheets import sheet_named
from pipeline.values.frames import rows_as
from pipeline.values.lines import FileLine, UnitLine
from pipeline.values.states import UNFILED_AS
from pipeline.values.tally import Filings
from pipeline.words.lists import first_of
from pipeline.words.prose import capitalised, lowered, prose, share

_RETURNED = ("returned", "not-a-form")
_MISSING, _SENT_BACK, _TO_MEND = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Debt:
    """What one unit owes, in words.

    `rank` puts the silent first, then the returned, then those with something to mend.
    """

    unit_id: str
    rank: int
    owes: tuple[str, ...]
    is_unfiled: bool


def list_debts(report: Report) -> tuple[Debt, ...]:
    """The units that owe something, in order of rank and register, but for the office, which writes the letter."""
    files: dict[str, list[FileLine]] = {}
    for file in rows_as(FileLine, report.submissions):
        files.setdefault(file.unit_id, []).append(file)
    lines = (line for line in rows_as(UnitLine, report.filings) if line.unit_id != report.project.plan.office_unit)
    debts = [_debt(report, line, files.get(line.unit_id, [])) for line in lines]
    return tuple(sorted((debt for debt in debts if debt.owes), key=lambda debt: debt.rank))


def _debt(report: Report, line: UnitLine, files: Sequence[FileLine]) -> Debt:
    returned = [f"Biểu đã gửi chưa sử dụng được: {reason}" for reason in _returned(files)]
    if line.filing in UNFILED_AS:
        told = [] if line.signed_only else returned
        rank = _SENT_BACK if returned else _MISSING
        return Debt(line.unit_id, rank, (_report_owed(line, bool(returned)), *told), is_unfiled=True)
    rank = _SENT_BACK if returned else _TO_MEND
    return Debt(line.unit_id, rank, (*returned, *_mending(report, line.unit_id, files)), is_unfiled=False)


def _report_owed(line: UnitLine, is_returned: bool) -> str:
    """What a unit that counts as missing has to send."""
    if line.signed_only:
        return "Đã gửi bản ký, chưa gửi biểu số liệu"
    return "Gửi lại báo cáo" if is_returned else "Chưa gửi báo cáo"


def _returned(files: Sequence[FileLine]) -> Iterator[str]:
    """Why files were sent back that no later file of the unit made good."""
    last = max((file.received_at for file in files if file.state == "in-force"), default="")
    for file in files:
        if file.state in _RETURNED and file.received_at > last:
            yield lowered(one_line(file.reason))


def _mending(report: Report, unit_id: str, files: Sequence[FileLine]) -> Iterator[str]:
    """Cells that keep rows out of the totals, and tasks that nothing was said about."""
    blocked = sum(report.tally.problems.blocked_in.get(file.file, 0) for file in files if file.state == "in-force")
    if blocked:
        yield f"Chỉnh sửa {prose(blocked)} nội dung ghi chưa đúng (chưa được tổng hợp)"
    tasks = report.project.plan.task
    for task_id in report.tally.units[unit_id].by_state.get("missing", ()):
        yield f"Bổ sung kết quả nhiệm vụ {list(tasks).index(task_id) + 1} ({tasks[task_id].short})"


def urge(report: Report, debts: tuple[Debt, ...], returned: Mapping[str, str]) -> tuple[Line | Grid, ...]:
    """The text of the letter, with the table of who owes what."""
    office, most = report.project.plan.office, report.project.plan.outputs.most_units
    shown, left = first_of(debts, most)
    others = f"đơn vị khác nêu tại {sheet_named('filing')} của bảng tổng hợp kèm theo"
    asked = "Đề nghị các cơ quan, đơn vị, địa phương nêu trên gửi, hoàn thiện báo cáo trước "
    contact = report.project.plan.papers.contact
    ask = f"Trong quá trình thực hiện, nếu có vướng mắc, đề nghị liên hệ {office}"
    return (
        *_opening(report, len(debts)),
        _table(report, shown),
        *([Line(f"Còn {prose(left)} {others}.")] if left else []),
        Line(asked, mark="[Bổ sung: giờ, ngày, tháng, năm]."),
        *([Line(how)] if (how := _how_to_mend(report, debts, returned)) else []),
        *([Line(why)] if (why := report.project.plan.papers.why) else []),
        Line(ask + (f" ({contact})" if contact else "") + " để được hướng dẫn./.", "end"),
    )


def _how_to_mend(report: Report, debts: tuple[Debt, ...], returned: Mapping[str, str]) -> str:
    """Where the units of the letter mend what they sent: in their marked workbooks, or by a list; empty for none."""
    mine = [(debt.unit_id, returned[debt.unit_id]) for debt in debts if debt.unit_id in returned]
    lists = [unit_id for unit_id, reason in mine if reason]
    return in_letter(len(mine) - len(lists), names(report, lists) if lists else "") if mine else ""


def _opening(report: Report, debtors: int) -> tuple[Line, Line]:
    """Who has to report what by when, and how many have; how many still owe something (`debtors`)."""
    plan, filings = report.project.plan, report.tally.filings
    unfiled = f"; {unfiled_words(report)}" if filings.unfiled else ""
    return (
        Line(
            f"Thực hiện {plan_reference(report)}, các cơ quan, đơn vị, địa phương gửi báo cáo kết quả tuyên truyền "
            f"cải cách hành chính {period_name(report)} ({window(report)}) về {plan.issuer} (qua {plan.office}), "
            f"hạn gửi: {report.period.until}."
        ),
        Line(
            f"Qua theo dõi, đến nay {_filed_words(filings)}{unfiled}. Để kịp tổng hợp, báo cáo {plan.addressee} đúng "
            f"thời hạn, {plan.office} đề nghị {prose(debtors)} cơ quan, đơn vị, địa phương sau đây khẩn trương gửi, "
            "hoàn thiện báo cáo:"
        ),
    )


def _filed_words(filings: Filings) -> str:
    if not filings.filed:
        return "chưa có đơn vị nào gửi báo cáo hợp lệ"
    return f"đã có {share(filings.filed, filings.expected)} đơn vị gửi báo cáo hợp lệ"


def addressed_to(report: Report, debts: Sequence[Debt]) -> tuple[str, ...]:
    """Who gets the letter: units of a kind that is written to by its body together, all others by name."""
    plan, units = report.project.plan, report.project.register.by_id
    by_kind: dict[str, list[Unit]] = {}
    for debt in debts[: plan.outputs.most_units]:
        by_kind.setdefault(units[debt.unit_id].kind, []).append(units[debt.unit_id])
    return tuple(line for those in by_kind.values() for line in written_to_together(those, plan))


def _table(report: Report, debts: Sequence[Debt]) -> Grid:
    rows = [
        (
            str(place),
            written_to(report.project.register.by_id[debt.unit_id], report.project.plan),
            _listed(debt.owes),
            _due(debt, report),
        )
        for place, debt in enumerate(debts, start=1)
    ]
    header = ("TT", "Đơn vị", "Nội dung còn thiếu, phải sửa", "Thời hạn")
    return Grid(header, tuple(rows), widths=(9.0, 46.0, 70.0, 40.0), words=(1, 2))


def _listed(owes: tuple[str, ...]) -> str:
    return owes[0] if len(owes) == 1 else "\n".join(f"- {text}" for text in owes)


def _due(debt: Debt, report: Report) -> str:
    """Until when: whoever has filed by the day that this letter names, the others by the deadline."""
    if not debt.is_unfiled:
        return "Theo công văn này"
    deadline, overdue = report.period.until, (report.as_of - report.period.last_day).days
    return capitalised(deadline) + (f"\n(quá {prose(overdue)} ngày)" if overdue > 0 else "")
