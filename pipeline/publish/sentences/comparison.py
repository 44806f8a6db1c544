"""The words that set a period beside the one before: why a figure differs, by unit, and what the lengths of the two mean for that."""

from collections.abc import Mapping
from math import isnan

import pandas as pd

from pipeline.declare.plan import Indicator, Period
from pipeline.publish.report import Report
from pipeline.values.frames import rows_as
from pipeline.values.lines import ComparedLine, DifferenceLine
from pipeline.words.numbers import number_text, signed_text

_MOST_NAMED = 3  # units with a figure in both periods; those with a figure in one alone are named as long as names are
DIGITS = 6  # below that stands only what adding binary fractions leaves behind


def comparison_note(period: Period, previous: Period) -> str:
    """Which days are compared, and why that may mislead."""
    windows = f"{period.name}: {period.window}; {previous.name}: {previous.window}"
    return _sentences(windows, _about_length(period, previous))


def _about_length(period: Period, previous: Period) -> str:
    """Why the amounts of the two are not like with like; empty where they are."""
    if previous.code in period.contains:
        return f"Số của {period.name} đã gồm {previous.name}"
    return "" if period.is_as_long_as(previous) else "Hai kỳ dài ngắn khác nhau nên không so hơn kém trực tiếp"


def _sentences(*parts: str) -> str:
    return ". ".join(filter(None, parts)) + "."


def difference_sentences(report: Report) -> dict[str, str]:
    """For each indicator that has a total in either period, both totals and the units that make the difference; ready to copy.

    What is named and what is counted add up to the difference of the totals. Empty where there is no period before.
    """
    if report.before is None:
        return {}
    previous = report.project.plan.period(report.period.previous)
    units = _units_words(report, report.differences)
    sentences = {}
    for line in rows_as(ComparedLine, report.compared):
        item = report.project.plan.indicator[line.indicator_id]
        if not (isnan(line.this_period) and isnan(line.before)):
            sentences[item.id] = (
                f"{item.id}. {item.title}: {_told(item, line, report.period, previous, units.get(item.id, ''))}"
            )
    return sentences


def _told(item: Indicator, line: ComparedLine, period: Period, previous: Period, units: str) -> str:
    """Both totals; where both are known what lies between them, by the month, too, where the totals are not like with like."""
    amounts = f"{period.name} {_amount(line.this_period, item)}; {previous.name} {_amount(line.before, item)}"
    if isnan(line.difference):
        return _sentences(amounts)
    change = f"{amounts}; {_change(line.difference)}"
    if not isnan(line.this_by_month):
        change += f" (bình quân tháng {number_text(round(line.this_by_month, 1))} so với {number_text(round(line.before_by_month, 1))})"
    return _sentences(change, _about_length(period, previous) if item.kind == "flow" else "", units)


def _amount(value: float, item: Indicator) -> str:
    return "chưa có số liệu" if isnan(value) else f"{_number(value)} {item.measure}"


def _change(difference: float) -> str:
    rounded = round(difference, DIGITS)
    return f"{'tăng' if rounded > 0 else 'giảm'} {_number(abs(rounded))}" if rounded else "không đổi"


def _units_words(report: Report, differences: pd.DataFrame) -> Mapping[str, str]:
    """By indicator, the units that differ most and all that gave a figure once, each with what it adds to the difference; the others counted."""
    lines = differences[differences["difference"].round(DIGITS) != 0]
    is_both = lines["reason"] == "both"
    is_named = lines.groupby(["indicator_id", is_both]).cumcount() < is_both.map(
        {True: _MOST_NAMED, False: report.project.plan.outputs.most_names}
    )
    named: dict[str, list[str]] = {}
    for line in rows_as(DifferenceLine, lines[is_named]):
        named.setdefault(line.indicator_id, []).append(
            f"{report.name(line.unit_id)} {signed_text(round(line.difference, DIGITS))} ({_reason(report, line)})"
        )
    others = lines[~is_named].groupby("indicator_id")["difference"].agg(["size", "sum"])
    counted = {
        name: f"; {number_text(size)} đơn vị khác: {signed_text(round(amount, DIGITS))}"
        for name, size, amount in others.itertuples()
    }
    return {
        name: f"{'Nhiều nhất do' if name in counted else 'Do'}: {', '.join(units)}{counted.get(name, '')}"
        for name, units in named.items()
    }


def _reason(report: Report, line: DifferenceLine) -> str:
    if line.reason == "both":
        return f"{_number(line.before)} → {_number(line.value)}"
    return (
        f"kỳ này {report.nothing_words(line.kind_of_nothing)}"
        if line.reason == "before-only"
        else f"kỳ trước {report.nothing_words(line.before_nothing)}"
    )


def _number(value: float) -> str:
    return number_text(round(value, DIGITS))
