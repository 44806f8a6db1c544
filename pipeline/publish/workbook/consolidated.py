"""The consolidated workbook of the office and the annex for the province: their sheets in their order.

Both are made from the same descriptions: values first, then written in one pass.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name

from pipeline.publish.excel import Book
from pipeline.publish.report import Report
from pipeline.publish.sheets import OutputSheet, annex_sheets
from pipeline.publish.workbook.charts import add_charts
from pipeline.publish.workbook.front import add_contents
from pipeline.publish.workbook.pages import Page
from pipeline.publish.workbook.writer import write_pages

_FEW_ROWS = 20_000


def describe_workbook(report: Report) -> tuple[Page, ...]:
    """All sheets that the report has as values, in their order."""
    return tuple(_describe(report, sheet) for sheet in report.written)


def _describe(report: Report, sheet: OutputSheet) -> Page:
    describe: Callable[[Report], Page] = resolve_name(f"pipeline.publish.workbook.{sheet.described_by}")
    return replace(describe(report), mark=report.sample_mark)


def write_workbook(path: Path, report: Report) -> None:
    """Write the workbook of the office; the same report gives the same bytes."""
    _write(path, report, "Tổng hợp tuyên truyền cải cách hành chính")


def write_annex(path: Path, report: Report) -> None:
    """Write the workbook that goes with the report: sheets for the province only, live among themselves."""
    shown = annex_sheets(report.project.plan)
    _write(path, replace(report, shown=shown), "Phụ lục báo cáo tuyên truyền cải cách hành chính")


def _write(path: Path, report: Report, what: str) -> None:
    title = f"{what} - {report.period.name} - {report.project.plan.year}"
    pages = describe_workbook(report)
    rows = sum(block.height for described in pages for block in described.blocks)
    with Book(path, title, report.project.plan.office, is_small=rows < _FEW_ROWS) as book:
        places, sheets = write_pages(book, pages)
        if "summary" in sheets:
            add_charts(book, sheets["summary"], places, report)
            add_contents(book, sheets["summary"], report, places["summary"].tables[0].caption_row)
