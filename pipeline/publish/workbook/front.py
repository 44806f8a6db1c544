"""What stands first on the first sheet: the findings, each with the way to its proof, and the list of all sheets."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from pipeline.publish.excel import Book
from pipeline.publish.report import Report
from pipeline.publish.sentences.findings import finding_places, finding_sentences
from pipeline.publish.sheets import SHEET, Audience
from pipeline.publish.workbook.pages import Block, Column, Link
from pipeline.words.numbers import number_text

WIDTHS = (38.0, 12.0, 68.0)  # of the columns of the first sheet
CONTENTS_COLUMN, _CONTENTS_WIDTH = 4, 38.0  # right of the printed page


@dataclass(frozen=True, slots=True)
class _Known:
    """A finding: where it is proved, its numbers, its sentence."""

    finding: Link
    value: str
    detail: str


def findings_block(report: Report) -> Block[_Known]:
    """The findings as sentences, each with its numbers and the way to the line that proves it."""
    columns: tuple[Column[_Known], ...] = (
        Column("finding", "Chi tiết tại", WIDTHS[0]),
        Column("value", "Kết quả", WIDTHS[1], "line right bold inset"),
        Column("detail", "Nội dung", WIDTHS[2], "line bold"),
    )
    return Block(columns, list(_findings(report)), "Những điểm cần biết trước")


def _findings(report: Report) -> Iterator[_Known]:
    told = zip(report.tally.findings, finding_sentences(report), finding_places(report), strict=True)
    for finding, sentence, (sheet_id, line) in told:
        place = Link(f"{SHEET[sheet_id].name} →" if sheet_id else "", sheet_id, line)
        yield _Known(place, f"{number_text(finding.count)}/{number_text(finding.whole)}", sentence)


def add_contents(book: Book, sheet: Worksheet, report: Report, row: int) -> None:
    """Every sheet as a link beside the findings, outside what is printed: what goes up first, then what stays."""
    plan = report.project.plan
    groups: tuple[tuple[str, Audience], ...] = (
        (f"Gửi {plan.addressee} kèm báo cáo", "province"),
        (f"Lưu tại {plan.office}", "office"),
    )
    sheet.set_column(CONTENTS_COLUMN, CONTENTS_COLUMN, _CONTENTS_WIDTH)
    for title, audience in groups:
        mine = [sheet for sheet in report.written if sheet.audience == audience]
        for text, style, target in ((title, "header", ""), *((it.name, "line link", it.name) for it in mine)):
            if target:
                book.put_link(sheet, row, CONTENTS_COLUMN, f"internal:'{target}'!A1", text, style)
            elif mine:
                book.put(sheet, row, CONTENTS_COLUMN, text, style)
            row += bool(mine)
