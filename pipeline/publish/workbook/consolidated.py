"""The consolidated workbook: its sheets in their order. Described as values first, then written in one pass."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name

from pipeline.publish.excel import Book
from pipeline.publish.report import Report
from pipeline.publish.sheets import SHEETS, OutputSheet
from pipeline.publish.workbook.charts import add_charts
from pipeline.publish.workbook.pages import Page
from pipeline.publish.workbook.writer import write_pages

_FEW_ROWS = 20_000


def describe_workbook(report: Report) -> tuple[Page, ...]:
    """All sheets as values, in the order of their table; what differs from what was sent only where something was."""
    return tuple(_describe(report, sheet) for sheet in SHEETS if sheet.id != "since_sent" or report.since is not None)


def _describe(report: Report, sheet: OutputSheet) -> Page:
    describe: Callable[[Report], Page] = resolve_name(f"pipeline.publish.workbook.{sheet.described_by}")
    return replace(describe(report), mark=report.sample_mark)


def write_workbook(path: Path, report: Report) -> None:
    """Write the workbook; the same report gives the same bytes."""
    title = f"Tổng hợp tuyên truyền cải cách hành chính - {report.period.name} - {report.project.plan.year}"
    pages = describe_workbook(report)
    rows = sum(block.height for described in pages for block in described.blocks)
    with Book(path, title, report.project.plan.office, is_small=rows < _FEW_ROWS) as book:
        places, sheets = write_pages(book, pages)
        add_charts(book, sheets["summary"], places, report)
