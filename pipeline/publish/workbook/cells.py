"""Cells that several sheets have: figures with all their decimals, rates, days, moments."""

from math import isnan
from typing import Any

import pandas as pd

from pipeline.publish.excel import Value
from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import PENDING
from pipeline.publish.sheets import sheet_named
from pipeline.publish.style import DOUBT_SIGN
from pipeline.publish.workbook.pages import Formula, Styled
from pipeline.values.tally import Counts


def figure_style(report: Report, indicator_id: str) -> str:
    """The look of a cell with a figure of the indicator, all of its decimals shown."""
    return f"cell number{report.decimals[indicator_id] or ''}"


def doubted_style(report: Report, indicator_id: str) -> str:
    """The same where a unit is still asked about the figure, or about a part of it: with a sign, on a tint."""
    return f"cell doubted{report.decimals[indicator_id] or ''}"


def doubt_legend(report: Report, *, is_needed: bool) -> tuple[str, ...]:
    """What the sign behind a number says, where any number bears it."""
    asked = f"; chi tiết ở {sheet_named('problems')}" if report.is_for_office else ""
    sign = f"Số có dấu {DOUBT_SIGN}, nền vàng: số liệu {PENDING} với đơn vị, vẫn tính trong tổng{asked}."
    return (sign,) if is_needed else ()


def figure_cell(report: Report, indicator_id: str, value: float) -> Styled:
    """A figure of the indicator; blank where there is none."""
    return Styled(None if isnan(value) else value, figure_style(report, indicator_id))


def rate_cell(judged: Counts) -> Formula:
    """Done of judged, from the columns of those names; blank where nothing is judged."""
    return Formula('IF({judged}=0,"",{judged_done}/{judged})', judged.done / judged.total if judged.total else "")


def ticket(report: Report, indicator_id: str) -> str:
    """The short name under which a figure can be traced, such as Q3-CT05."""
    return f"{report.period.code.upper()}-{indicator_id}"


def date_value(value: Any) -> Value:
    """A date, or nothing."""
    return None if value is None or pd.isna(value) else value.date()


def moment_text(text: str) -> str:
    """2025-09-15 14:20:00 as people write it."""
    return f"{text[8:10]}/{text[5:7]}/{text[:4]} {text[11:16]}" if text else ""
