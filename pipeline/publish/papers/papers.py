"""The papers that travel with the workbook.

The report to the superior, its correction where something differs from what was sent, the letter to units that owe
something.
"""

from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path

from pipeline.publish.papers.carry import OldWords, carry
from pipeline.publish.papers.correction import explain, is_corrected
from pipeline.publish.papers.document import Closing, Filled, Grid, Letterhead, Line, Marked, Paper
from pipeline.publish.papers.letter import addressed_to, list_debts, urge
from pipeline.publish.papers.narrative import narrate
from pipeline.publish.papers.shared_words import SharedWords
from pipeline.publish.papers.word import write_paper
from pipeline.publish.report import Report
from pipeline.publish.sentences.phrases import area, period_name, subject
from pipeline.publish.sentences.since import sending_words
from pipeline.publish.sheets import ANNEXES
from pipeline.words.documents import dated, issued, numbered
from pipeline.words.prose import initials, lowered, prose, share

_NOTHING = OldWords()
_UNSHARED = SharedWords()
BODIES = {"UBND": "ỦY BAN NHÂN DÂN"}  # as letterheads write them


def write_report_paper(path: Path, report: Report, old: OldWords = _NOTHING) -> tuple[Filled, ...]:
    """Write the report to the superior with the words of the old one; the same report and words give the same bytes.

    Returns its marked places as they were written.
    """
    paper = describe_report(report, old)
    write_paper(path, paper)
    return tuple(item for item in paper.text if isinstance(item, Filled))


def write_correction(path: Path, report: Report, words: SharedWords = _UNSHARED) -> tuple[Filled, ...] | None:
    """Write the corrected report, if anything of the period is not as it was sent; its marked places, or None."""
    if not is_corrected(report):
        return None
    paper = describe_correction(report, words.for_correction())
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
    return Paper(
        name=f"Báo cáo kết quả {subject(report)}",
        author=plan.office,
        letterhead=_letterhead(report, plan.report_number, plan.report_date),
        titles=("BÁO CÁO", *_results_titles(report)),
        addressees=(plan.addressee,),
        text=carry(_whole(report), old, properties := figures_to_insert(report)),
        closing=_closing(report),
        mark=report.sample_mark,
        properties=properties,
    )


def describe_correction(report: Report, old: OldWords = _NOTHING) -> Paper:
    """The same report under a number of its own, with what explains the correction above it."""
    plan, sending = report.project.plan, report.sendings[report.period.code]
    first, *others = _results_titles(report)
    return Paper(
        name=f"Báo cáo đính chính {subject(report)}",
        author=plan.office,
        letterhead=_letterhead(report, "", ""),
        titles=("BÁO CÁO", f"Đính chính Báo cáo {sending_words(sending)}", lowered(first), *others),
        addressees=(plan.addressee,),
        text=carry((*explain(report), *_whole(report)), old, properties := figures_to_insert(report)),
        closing=_closing(report),
        mark=report.sample_mark,
        properties=properties,
    )


def figures_to_insert(report: Report) -> dict[str, str]:
    """What the officer can insert as a field, by the name that Word and LibreOffice list, as the report writes it."""
    filings = report.tally.filings
    found = {"Đơn vị gửi báo cáo": share(filings.filed, filings.expected)}
    for line in report.total.values():
        for name, amount in (("trong kỳ", line.this_period), ("lũy kế", line.cumulative)):
            if not isnan(amount):
                found[f"{line.indicator_id} {name}"] = prose(amount)
    return found


def _letterhead(report: Report, number: str, day: str) -> Letterhead:
    plan = report.project.plan
    return Letterhead(
        agency=(BODIES.get(plan.issuer.split()[0], plan.issuer.split()[0]), area(report).upper()),
        bold=(0, 1),
        number=f"Số: {numbered(number, 'BC-UBND')}",
        place_and_day=f"{plan.place}, {issued(day, plan.year)}",
    )


def _results_titles(report: Report) -> tuple[str, str]:
    return (
        "Kết quả công tác tuyên truyền cải cách hành chính nhà nước",
        f"trên địa bàn {area(report)} {period_name(report)}",
    )


def _whole(report: Report) -> tuple[Line | Grid | Marked, ...]:
    return (*narrate(report), _annexes(), _end(report))


def _closing(report: Report) -> Closing:
    plan = report.project.plan
    return Closing(
        copies=copies(plan.papers.copies or (plan.issuer, f"Lưu: VT, {initials(plan.office)}")),
        authority=plan.papers.signers,
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
            authority=plan.papers.letter_signers,
        ),
        mark=report.sample_mark,
    )
