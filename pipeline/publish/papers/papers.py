"""The two papers that travel with the workbook: the report to the superior, the letter to units that owe something."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.publish.papers.carry import OldWords, carry
from pipeline.publish.papers.document import Closing, Filled, Letterhead, Line, Paper
from pipeline.publish.papers.letter import addressed_to, list_debts, urge
from pipeline.publish.papers.narrative import narrate
from pipeline.publish.papers.word import write_paper
from pipeline.publish.report import Report
from pipeline.publish.sentences.phrases import area, period_name, subject
from pipeline.publish.sheets import ANNEXES
from pipeline.words.documents import dated, numbered
from pipeline.words.prose import initials, prose

_NOTHING = OldWords()
_BODY = {"UBND": "ỦY BAN NHÂN DÂN"}


def write_report_paper(path: Path, report: Report, old: OldWords = _NOTHING) -> tuple[Filled, ...]:
    """Write the report to the superior with the words of the old one; the same report and words give the same bytes.

    Returns its marked places as they were written.
    """
    paper = describe_report(report, old)
    write_paper(path, paper)
    return tuple(item for item in paper.text if isinstance(item, Filled))


def write_urging_letter(path: Path, report: Report, returned: Mapping[str, str]) -> bool:
    """Write the letter to the units that owe something; returns whether there was anybody to write to.

    `returned`: the units to which something goes back (see `write_feedback`).
    """
    paper = describe_letter(report, returned)
    if paper:
        write_paper(path, paper)
    return paper is not None


def describe_report(report: Report, old: OldWords = _NOTHING) -> Paper:
    """The report as values."""
    plan = report.project.plan
    head = Letterhead(
        agency=(_BODY.get(plan.issuer.split()[0], plan.issuer.split()[0]), area(report).upper()),
        bold=(0, 1),
        number=f"Số: {numbered(plan.report_number, 'BC-UBND')}",
        place_and_day=f"{plan.place}, {dated(plan.report_date, plan.year)}",
    )
    return Paper(
        name=f"Báo cáo kết quả {subject(report)}",
        author=plan.office,
        letterhead=head,
        titles=(
            "BÁO CÁO",
            "Kết quả công tác tuyên truyền cải cách hành chính nhà nước",
            f"trên địa bàn {area(report)} {period_name(report)}",
        ),
        addressees=(plan.addressee,),
        text=carry((*narrate(report), _annexes(), _end(report)), old),
        closing=Closing(
            copies=copies(plan.papers.copies or (plan.issuer, f"Lưu: VT, {initials(plan.office)}")),
            authority=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        ),
        mark=report.sample_mark,
    )


def copies(bodies: Sequence[str]) -> tuple[str, ...]:
    """“Nơi nhận”, a body a line, with the marks that end them."""
    return (*(f"{body};" for body in ("Như trên", *bodies[:-1])), f"{bodies[-1]}.")


def _annexes() -> Line:
    named = "; ".join(f"{sheet.annex} - {sheet.title}" for sheet in ANNEXES)
    return Line(f"(Kèm theo báo cáo có {prose(len(ANNEXES))} phụ lục: {named}.)")


def _end(report: Report) -> Line:
    plan = report.project.plan
    return Line(f"Trên đây là báo cáo kết quả {subject(report)}; {plan.issuer} kính báo cáo {plan.addressee}./.", "end")


def describe_letter(report: Report, returned: Mapping[str, str]) -> Paper | None:
    """The letter as values, or nothing when no unit owes anything."""
    plan, debts = report.project.plan, list_debts(report)
    if not debts:
        return None
    head = Letterhead(
        agency=(plan.issuer.upper(), plan.office.upper()),
        bold=(1,),
        number=f"Số: {numbered('', plan.papers.letter_symbol or initials(plan.office))}",
        place_and_day=f"{plan.place}, {dated('', plan.year)}",
        subject=f"V/v đôn đốc gửi báo cáo tuyên truyền cải cách hành chính {period_name(report)}",
    )
    return Paper(
        name=f"Đôn đốc báo cáo {subject(report)}",
        author=plan.office,
        letterhead=head,
        titles=(),
        addressees=addressed_to(report, debts),
        text=urge(report, debts, returned),
        closing=Closing(
            copies=copies(plan.papers.letter_copies or (f"{plan.issuer} (b/c)", "Lưu: VT")),
            authority=("TRƯỞNG PHÒNG",),
        ),
        mark=report.sample_mark,
    )
