"""Who still owes what: units that are missing, whose form was returned, that have cells to mend or tasks left blank."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.declare.plan import day_text
from pipeline.publish.papers.document import Grid, Line
from pipeline.publish.papers.phrases import one_line, period_name, plan_reference, prose, share, window
from pipeline.publish.report import Report

_RETURNED = ("returned", "not-a-form")
_MISSING, _SENT_BACK, _TO_MEND = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Debt:
    """What one unit owes, in words; `rank` puts the silent first, then the returned, then those with something to mend."""

    unit_id: str
    rank: int
    owes: tuple[str, ...]
    is_unfiled: bool


def list_debts(report: Report) -> tuple[Debt, ...]:
    """The units that owe something, in order of rank and register; empty when nobody does."""
    debts = [debt for line in report.filings.itertuples() for debt in [_debt(report, line)] if debt.owes]
    return tuple(sorted(debts, key=lambda debt: debt.rank))


def _debt(report: Report, line: Any) -> Debt:
    is_unfiled = line.filing == "missing"
    returned = list(_returned(report, line.unit_id))
    owes = []
    if is_unfiled:
        owes.append("Đã gửi bản ký, chưa gửi biểu số liệu" if line.signed_only else "Gửi lại báo cáo" if returned else "Chưa gửi báo cáo")
    owes += [f"Tệp “{file}” bị trả lại: {reason}" for file, reason in returned if not line.signed_only or not is_unfiled]
    if not is_unfiled:
        owes += _mending(report, line.unit_id)
    rank = _MISSING if is_unfiled and not returned else _SENT_BACK if returned else _TO_MEND
    return Debt(line.unit_id, rank, tuple(owes), is_unfiled)


def _returned(report: Report, unit_id: str) -> Iterator[tuple[str, str]]:
    """Files sent back that no later file of the unit made good: name and reason."""
    files = report.submissions[report.submissions["unit_id"] == unit_id]
    valid = files[files["state"] == "in-force"]["received_at"]
    last = "" if valid.empty else valid.max()
    for row in files[files["state"].isin(_RETURNED) & (files["received_at"] > last)].itertuples():
        yield one_line(row.file), one_line(row.reason)


def _mending(report: Report, unit_id: str) -> list[str]:
    """Cells that keep rows out of the totals, and tasks that nothing was said about."""
    in_force = report.submissions[(report.submissions["unit_id"] == unit_id) & (report.submissions["state"] == "in-force")]["file"]
    problems = report.problems
    blocked = int(((problems["severity"] == "block-row") & problems["file"].isin(in_force)).sum())
    grid = report.completeness
    tasks = list(grid[(grid["unit_id"] == unit_id) & (grid["state"] == "missing")]["task_id"])
    owes = [f"Sửa {prose(blocked)} chỗ ghi chưa đúng, dòng có chỗ đó chưa được tính"] if blocked else []
    return [*owes, f"Báo cáo nhiệm vụ còn để trống: {', '.join(tasks)}"] if tasks else owes


def urge(report: Report, debts: tuple[Debt, ...]) -> tuple[Line | Grid, ...]:
    """The text of the letter, with the table of who owes what."""
    plan, period = report.project.plan, report.period
    missing, expected = len(report.filed("missing")), len(report.units)
    overdue = (report.as_of - period.last_day).days
    deadline = f"hết ngày {day_text(period.last_day)}"
    rows = [(str(place), report.name(debt.unit_id), _listed(debt.owes), _deadline_cell(debt, deadline, overdue)) for place, debt in enumerate(debts, start=1)]
    text: list[Line | Grid] = [
        Line(
            f"Thực hiện {plan_reference(report)}, các cơ quan, đơn vị, địa phương gửi báo cáo kết quả tuyên truyền cải cách hành chính "
            f"{period_name(report)} ({window(report)}) về {plan.issuer} (qua {plan.office}), chậm nhất {deadline}."
        ),
        Line(
            f"Qua theo dõi, {share(expected - missing, expected)} đơn vị đã gửi báo cáo, còn {prose(missing)} đơn vị chưa gửi. "
            f"{prose(len(debts))} đơn vị sau đây còn phải gửi hoặc hoàn thiện báo cáo:"
        ),
        Grid(("TT", "Đơn vị", "Nội dung còn thiếu, phải sửa", "Thời hạn"), tuple(rows), (9.0, 46.0, 70.0, 40.0), (1, 2)),
        Line(f"{plan.office} đề nghị các đơn vị nêu trên gửi, hoàn thiện báo cáo chậm nhất ngày ", mark="[Cán bộ viết: ngày nào]."),
    ]
    if any(debt.rank != _MISSING for debt in debts):
        text.append(Line("Chỗ cần sửa đã được đánh dấu trong tệp gửi kèm riêng cho từng đơn vị; đơn vị sửa ngay trong tệp đó và gửi lại."))
    return (*text, Line(f"Nội dung chưa rõ, xin liên hệ {plan.office} để được hướng dẫn./.", "end"))


def _listed(owes: tuple[str, ...]) -> str:
    return owes[0] if len(owes) == 1 else "\n".join(f"- {text}" for text in owes)


def _deadline_cell(debt: Debt, deadline: str, overdue: int) -> str:
    if not debt.is_unfiled:
        return "Theo công văn này"
    return f"{deadline[0].upper()}{deadline[1:]}" + (f"\n(quá {prose(overdue)} ngày)" if overdue > 0 else "")
