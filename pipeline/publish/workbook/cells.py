"""Cells that several sheets have: figures with all their decimals, rates, days, moments."""

from collections.abc import Callable
from datetime import date
from math import isnan
from typing import Any, TypeVar

import pandas as pd

from pipeline.declare.register import Unit
from pipeline.publish.excel import Value
from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import PENDING
from pipeline.publish.sheets import sheet_named
from pipeline.publish.style import DOUBT_SIGN
from pipeline.publish.workbook.pages import Cell, Column, Formula, Styled
from pipeline.values.tally import Counts
from pipeline.words.days import day_text

L = TypeVar("L")
ALL_UNITS = "Tổng cộng"  # before what all units add up to
_MOST_DOTTED = 1_000_000_000  # below it the dots between thousands are letters of the format


def figure_style(report: Report, indicator_id: str) -> str:
    """The look of a cell with a figure of the indicator, all of its decimals shown.

    Whole numbers have dots in every language of Excel, decimals the separators of the machine: in a format these
    cannot be letters.
    """
    if places := report.decimals[indicator_id]:
        return f"line number{places}"
    return f"line {'billions' if _is_large(report, indicator_id) else 'dotted'}"


def doubted_style(report: Report, indicator_id: str) -> str:
    """The same where a unit is still asked about the figure, or about a part of it: with a sign, on a tint."""
    if places := report.decimals[indicator_id]:
        return f"line doubted{places}"
    return f"line doubted{'-billions' if _is_large(report, indicator_id) else ''}"


def _is_large(report: Report, indicator_id: str) -> bool:
    total = report.total[indicator_id]
    return max(total.this_period, total.cumulative) >= _MOST_DOTTED


def signed_style(value: float) -> str:
    """The look of any number, also of one below zero: whole ones with dots up to a thousand million."""
    size = abs(value)
    if size != int(size) or size < 1_000:
        return "line any"
    return "line thousands" if size < 1_000_000 else "line millions" if size < _MOST_DOTTED else "line number"


def numbers_remark() -> str:
    """Why a decimal in a cell may look other than in a sentence."""
    return (
        "Số thập phân và tỷ lệ trong ô hiện theo cài đặt vùng của máy: 85,7% trên máy tiếng Việt là 85.7% trên máy "
        "tiếng Anh; số nguyên luôn có dấu chấm hàng nghìn."
    )


def doubt_legend(report: Report, *, is_needed: bool) -> tuple[str, ...]:
    """What the sign behind a number says, where any number bears it."""
    asked = f"; chi tiết ở {sheet_named('problems')}" if report.is_for_office else ""
    sign = f"Số có dấu {DOUBT_SIGN}, nền vàng: số liệu {PENDING} với đơn vị, vẫn tính trong tổng{asked}."
    return (sign,) if is_needed else ()


def figure_cell(report: Report, indicator_id: str, value: float) -> Styled:
    """A figure of the indicator; blank where there is none."""
    return Styled(None if isnan(value) else value, figure_style(report, indicator_id))


def kinds_of(report: Report) -> tuple[str, ...]:
    """The kinds of unit that report, in the order of the plan: the parts by which lines of units are added up."""
    return tuple(kind for kind in report.project.plan.kinds.values() if kind in set(report.kinds.values()))


def unit_column(width: float, name: Callable[[L], Cell]) -> Column[L]:
    """The names of units, and below them what the rows that add up are of."""
    return Column("unit", "Đơn vị", width, of=name, total=ALL_UNITS, part=lambda kind: f"– {kind}")


def kind_column(report: Report, unit: Callable[[L], Unit]) -> Column[L]:
    """The kind of each unit: for filters, and for the rows that add up by it; beside what is printed."""
    return Column("kind", "Loại đơn vị", 18, of=lambda line: report.kinds[unit(line).unit_id], is_printed=False)


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
    return f"{day_text(date.fromisoformat(text[:10]))} {text[11:16]}" if text else ""
