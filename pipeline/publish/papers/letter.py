"""Who still owes what: units that are missing, whose form was returned, that have cells to mend or tasks left blank."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.publish.papers.document import Grid, Line, one_line
from pipeline.publish.report import Report
from pipeline.publish.sentences.phrases import period_name, plan_reference, unfiled_words, window
from pipeline.publish.sheets import sheet_named
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import FileLine, UnitLine
from pipeline.words.days import day_text
from pipeline.words.prose import prose, share

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
    files: dict[str, list[FileLine]] = {}
    for file in rows_as(FileLine, report.submissions):
        files.setdefault(file.unit_id, []).append(file)
    blocked = Counter(file for file, severity in tuples(report.problems, "file", "severity") if severity == "block-row")
    debts = [_debt(report, line, files.get(line.unit_id, []), blocked) for line in rows_as(UnitLine, report.filings)]
    return tuple(sorted((debt for debt in debts if debt.owes), key=lambda debt: debt.rank))


def _debt(report: Report, line: UnitLine, files: Sequence[FileLine], blocked: Mapping[str, int]) -> Debt:
    is_unfiled = line.filing == "missing"
    returned = list(_returned(files))
    owes = []
    if is_unfiled:
        owes.append(
            "Đã gửi bản ký, chưa gửi biểu số liệu"
            if line.signed_only
            else "Gửi lại báo cáo"
            if returned
            else "Chưa gửi báo cáo"
        )
    owes += [
        f"Tệp “{file}” bị trả lại: {reason}" for file, reason in returned if not line.signed_only or not is_unfiled
    ]
    if not is_unfiled:
        in_force = [file.file for file in files if file.state == "in-force"]
        owes += _mending(
            sum(blocked.get(file, 0) for file in in_force),
            report.states_by_unit.get(line.unit_id, {}).get("missing", []),
        )
    rank = _MISSING if is_unfiled and not returned else _SENT_BACK if returned else _TO_MEND
    return Debt(line.unit_id, rank, tuple(owes), is_unfiled)


def _returned(files: Sequence[FileLine]) -> Iterator[tuple[str, str]]:
    """Files sent back that no later file of the unit made good: name and reason."""
    last = max((file.received_at for file in files if file.state == "in-force"), default="")
    for file in files:
        if file.state in _RETURNED and file.received_at > last:
            yield one_line(file.file), one_line(file.reason)


def _mending(blocked: int, tasks: Sequence[str]) -> list[str]:
    """Cells that keep rows out of the totals, and tasks that nothing was said about."""
    owes = [f"Sửa {prose(blocked)} chỗ ghi chưa đúng, dòng có chỗ đó chưa được tính"] if blocked else []
    return [*owes, f"Báo cáo nhiệm vụ còn để trống: {', '.join(tasks)}"] if tasks else owes


def urge(report: Report, debts: tuple[Debt, ...]) -> tuple[Line | Grid, ...]:
    """The text of the letter, with the table of who owes what."""
    plan, period = report.project.plan, report.period
    unfiled, expected = report.filed("missing"), len(report.units)
    overdue = (report.as_of - period.last_day).days
    deadline = f"hết ngày {day_text(period.last_day)}"
    most = plan.outputs.most_units
    shown = enumerate(debts[:most], start=1)
    rows = [
        (str(place), report.name(debt.unit_id), _listed(debt.owes), _deadline_cell(debt, deadline, overdue))
        for place, debt in shown
    ]
    text: list[Line | Grid] = [
        Line(
            f"Thực hiện {plan_reference(report)}, các cơ quan, đơn vị, địa phương gửi báo cáo kết quả tuyên truyền cải cách hành chính "
            f"{period_name(report)} ({window(report)}) về {plan.issuer} (qua {plan.office}), chậm nhất {deadline}."
        ),
        Line(
            f"Qua theo dõi, {share(expected - len(unfiled), expected)} đơn vị đã gửi báo cáo"
            f"{f', còn {unfiled_words(report)}' if unfiled else ''}. "
            f"{prose(len(debts))} đơn vị sau đây còn phải gửi hoặc hoàn thiện báo cáo:"
        ),
        Grid(
            ("TT", "Đơn vị", "Nội dung còn thiếu, phải sửa", "Thời hạn"), tuple(rows), (9.0, 46.0, 70.0, 40.0), (1, 2)
        ),
        *(
            [
                Line(
                    f"Còn {prose(len(debts) - most)} đơn vị khác nêu tại {sheet_named('filing')} của bảng tổng hợp kèm theo."
                )
            ]
            if len(debts) > most
            else []
        ),
        Line(
            f"{plan.office} đề nghị các đơn vị nêu trên gửi, hoàn thiện báo cáo chậm nhất ngày ",
            mark="[Cán bộ viết: ngày nào].",
        ),
    ]
    if any(debt.rank != _MISSING for debt in debts):
        text.append(
            Line(
                "Chỗ cần sửa đã được đánh dấu trong tệp gửi kèm riêng cho từng đơn vị; đơn vị sửa ngay trong tệp đó và gửi lại."
            )
        )
    return (*text, Line(f"Nội dung chưa rõ, xin liên hệ {plan.office} để được hướng dẫn./.", "end"))


def _listed(owes: tuple[str, ...]) -> str:
    return owes[0] if len(owes) == 1 else "\n".join(f"- {text}" for text in owes)


def _deadline_cell(debt: Debt, deadline: str, overdue: int) -> str:
    if not debt.is_unfiled:
        return "Theo công văn này"
    return f"{deadline[0].upper()}{deadline[1:]}" + (f"\n(quá {prose(overdue)} ngày)" if overdue > 0 else "")
