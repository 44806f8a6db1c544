"""The consolidated workbook: its sheets in their order. Described as values first, then written in one pass."""

from pathlib import Path

from pipeline.publish.excel import Book
from pipeline.publish.report import Report
from pipeline.publish.workbook.annexes import (
    by_unit_page,
    figures_page,
    forms_page,
    matrix_page,
    requests_page,
    tasks_page,
)
from pipeline.publish.workbook.charts import add_charts
from pipeline.publish.workbook.evidence import (
    activities_page,
    changes_page,
    filing_page,
    problems_page,
    reconciliation_page,
    sources_page,
)
from pipeline.publish.workbook.pages import Page, write_page
from pipeline.publish.workbook.summary import answers_page, summary_page

_FEW_ROWS = 20_000


def describe_workbook(report: Report) -> tuple[Page, ...]:
    """All sheets as values, in their order; those that add up point at those that they add up."""
    sources, activities, matrix = sources_page(report), activities_page(report), matrix_page(report)
    by_unit = by_unit_page(report, sources.placed[0])
    return (
        summary_page(report),
        tasks_page(report, matrix.placed[0]),
        matrix,
        figures_page(report, by_unit.placed[0]),
        by_unit,
        forms_page(report, activities.placed[0]),
        requests_page(report),
        answers_page(report),
        filing_page(report),
        activities,
        problems_page(report),
        changes_page(report),
        reconciliation_page(report),
        sources,
    )


def write_workbook(path: Path, report: Report) -> None:
    """Write the workbook; the same report gives the same bytes."""
    title = f"Tổng hợp tuyên truyền cải cách hành chính - {report.period.name} - {report.project.plan.year}"
    pages = describe_workbook(report)
    rows = sum(len(block.rows) for described in pages for block in described.blocks)
    with Book(path, title, report.project.plan.office, is_small=rows < _FEW_ROWS) as book:
        sheets = [write_page(book, described) for described in pages]
        add_charts(book, sheets[0], pages, report)
