"""The consolidated workbook: its sheets in their order. Described as values first, then written in one pass."""

from pathlib import Path

from pipeline.publish.annexes import by_unit_page, figures_page, forms_page, matrix_page, requests_page, tasks_page
from pipeline.publish.evidence import activities_page, changes_page, filing_page, problems_page, reconciliation_page, sources_page
from pipeline.publish.excel import Book
from pipeline.publish.pages import Page, write_page
from pipeline.publish.report import Report
from pipeline.publish.summary import answers_page, summary_page

PAGES = (
    summary_page,
    tasks_page,
    matrix_page,
    figures_page,
    by_unit_page,
    forms_page,
    requests_page,
    answers_page,
    filing_page,
    activities_page,
    problems_page,
    changes_page,
    reconciliation_page,
    sources_page,
)


def describe_workbook(report: Report) -> tuple[Page, ...]:
    """All sheets as values."""
    return tuple(make(report) for make in PAGES)


def write_workbook(path: Path, report: Report) -> None:
    """Write the workbook; the same report gives the same bytes."""
    title = f"Tổng hợp tuyên truyền cải cách hành chính - {report.period.name} - {report.project.plan.year}"
    with Book(path, title, report.project.plan.office) as book:
        for described in describe_workbook(report):
            write_page(book, described)
