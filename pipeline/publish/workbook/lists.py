"""The long lists: requests in the units' own words, problems, and what was changed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

import pandas as pd

from pipeline.publish.report import Report
from pipeline.publish.workbook.heading import annex_lines, period_line
from pipeline.publish.workbook.pages import Block, Column, Page, Styled
from pipeline.values.cells import shown
from pipeline.values.frames import rows_as
from pipeline.values.lines import ChangeLine, ProblemLine, RequestLine
from pipeline.values.states import Severity

L = TypeVar("L")
N = TypeVar("N", bound=tuple[Any, ...])
NOTHING = "Không có"


def list_page(
    report: Report,
    sheet_id: str,
    columns: tuple[Column[L], ...],
    lines: Sequence[L],
    elsewhere: str,
    frozen_columns: int = 0,
    is_wide: bool = False,
) -> Page:
    """A list with a filter; an empty one says so, and one that is too long says where it stands (`elsewhere`)."""
    block = Block(columns, lines, empty=NOTHING, instead=elsewhere, has_filter=True)
    return Page(sheet_id, (block,), (period_line(report),), frozen_columns=frozen_columns, is_wide=is_wide)


def lines_of(kind: type[N], frame: pd.DataFrame, elsewhere: str) -> Sequence[N]:
    """The rows that a sheet shows: all, or none where it says that they stand elsewhere."""
    return () if elsewhere else list(rows_as(kind, frame))


def _frame_page(
    report: Report, sheet_id: str, kind: type[N], frame: pd.DataFrame, columns: tuple[Column[N], ...]
) -> Page:
    """The list of the rows of a frame, which is called in `du-lieu` as its sheet is here."""
    elsewhere = report.elsewhere(sheet_id, len(frame))
    return list_page(report, sheet_id, columns, lines_of(kind, frame, elsewhere), elsewhere)


def requests_page(report: Report) -> Page:
    """PL6: the units' own words, grouped by kind."""
    columns: tuple[Column[RequestLine], ...] = (
        Column("kind", "Loại", 20),
        Column("unit", "Đơn vị", 34, of=lambda line: report.name(line.unit_id)),
        Column("content", "Nội dung", 90),
        Column("addressed_to", "Cơ quan được kiến nghị", 28, of=lambda line: shown(line.addressed_to)),
    )
    elsewhere = report.elsewhere("requests", len(report.judged.settlement.rows.accepted["requests"]))
    lines = () if elsewhere else list(chain.from_iterable(report.tally.requests.by_kind.values()))
    block = Block(columns, lines, empty=NOTHING, instead=elsewhere, numbered=True)
    return Page("requests", (block,), annex_lines(report))


def problems_page(report: Report) -> Page:
    """`Kiểm tra`: every problem, most serious first; below, what could not be used of other periods."""
    catalogue = report.project.catalogue
    columns: tuple[Column[ProblemLine], ...] = (
        Column("unit", "Đơn vị", 26, of=lambda line: report.name(line.unit_id) if line.unit_id else "(chưa rõ)"),
        Column("severity", "Mức", 15, "cell center", of=lambda line: _severity_cell(report, line.severity)),
        Column("title", "Vấn đề", 20, of=lambda line: catalogue.title(line.code)),
        Column("sheet", "Sheet", 18),
        Column("cell", "Ô", 7, "cell center"),
        Column("message", "Nội dung, cách sửa, ví dụ", 74),
        Column("reply", report.project.form.reply_label, 26),
        Column("file", "Tệp", 26, "cell small"),
        Column("code", "Mã lỗi", 16, "cell id"),
    )
    page = _frame_page(report, "problems", ProblemLine, report.problems, columns)
    return replace(page, remarks=report.unused_words)


def _severity_cell(report: Report, severity: Severity) -> Styled:
    return Styled(report.project.catalogue.severities[severity], f"cell center severity-{severity}")


def changes_page(report: Report) -> Page:
    """`Nhật ký xử lý`: every value used other than as written or changed when sent again, and comments."""
    rules = report.project.labels["rule"]
    labels = {item.key: item.label for sheet in report.project.form.sheets.values() for item in sheet.fields}
    columns: tuple[Column[ChangeLine], ...] = (
        Column("unit", "Đơn vị", 26, of=lambda line: report.name(line.unit_id)),
        Column("sheet", "Sheet", 18),
        Column("cell", "Ô", 7, "cell center"),
        Column("field", "Cột", 18, of=lambda line: labels.get(line.field, line.field)),
        Column("raw", "Đơn vị ghi", 36),
        Column("used", "Giá trị dùng", 36),
        Column("rule", "Quy tắc", 34, of=lambda line: rules.get(line.rule, line.rule)),
        Column("file", "Tệp", 34, "cell small"),
    )
    return _frame_page(report, "changes", ChangeLine, report.changes, columns)
