"""The words that set a period beside the one before: why a figure differs, by unit.

They say, too, where the lengths of the two mean that amounts are not like with like.
"""

from math import isnan

from pipeline.declare.plan import Indicator, Period
from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import doubt_words
from pipeline.values.frames import rows_as
from pipeline.values.lines import ComparedLine, DifferenceLine
from pipeline.values.tally import DIGITS, Differing
from pipeline.words.numbers import number_text, signed_text


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
    """For each indicator that has a total in either period, both totals and the units that make the difference.

    Ready to copy. What is named and what is counted add up to the difference of the totals. Empty where there is no
    period before.
    """
    if report.before is None:
        return {}
    previous = report.project.plan.period(report.period.previous)
    totals = report.total
    sentences = {}
    for line in rows_as(ComparedLine, report.compared):
        item = report.project.plan.indicator[line.indicator_id]
        if not (isnan(line.this_period) and isnan(line.before)):
            units = _units_words(report, report.tally.differing.get(item.id))
            doubt = doubt_words(totals[item.id], item.measure)
            sentences[item.id] = f"{item.id}. {item.title}: {_told(item, line, doubt, report.period, previous, units)}"
    return sentences


def _told(item: Indicator, line: ComparedLine, doubt: str, period: Period, previous: Period, units: str) -> str:
    """Both totals, and what is under question of this one; where both are known what lies between them.

    Where the totals are not like with like, both stand by the month, too.
    """
    now = f"{_amount(line.this_period, item)}{f', {doubt}' if doubt else ''}"
    amounts = f"{period.name} {now}; {previous.name} {_amount(line.before, item)}"
    if isnan(line.difference):
        return _sentences(amounts)
    change = f"{amounts}; {_change(line.difference)}"
    if not isnan(line.this_by_month):
        now, before = (number_text(round(amount, 1)) for amount in (line.this_by_month, line.before_by_month))
        change += f" (bình quân tháng {now} so với {before})"
    return _sentences(change, _about_length(period, previous) if item.kind == "flow" else "", units)


def _amount(value: float, item: Indicator) -> str:
    return "chưa có số liệu" if isnan(value) else f"{_number(value)} {item.measure}"


def _change(difference: float) -> str:
    rounded = round(difference, DIGITS)
    return f"{'tăng' if rounded > 0 else 'giảm'} {_number(abs(rounded))}" if rounded else "không đổi"


def _units_words(report: Report, differing: Differing | None) -> str:
    """The units that differ, each with what it adds to the difference; the others counted. Empty where none does."""
    if differing is None:
        return ""
    named = ", ".join(
        f"{report.name(line.unit_id)} {_signed(line.difference)} ({_reason(report, line)})" for line in differing.named
    )
    if not differing.others:
        return f"Do: {named}"
    others = f"{number_text(differing.others)} đơn vị khác: {_signed(differing.others_add)}"
    return f"Nhiều nhất do: {named}; {others}"


def _signed(value: float) -> str:
    return signed_text(round(value, DIGITS))


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
