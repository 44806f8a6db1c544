"""The words that set a period beside the one before: reasons, not culprits.

Where the lengths of the two differ, the mean of a month over the same units speaks first, and nothing says that a total
rose or fell: a quarter is shorter than a half year, and a unit that is silent has not become idle.
"""

from collections.abc import Iterator
from functools import partial
from math import isnan

from pipeline.declare.plan import Indicator, Period
from pipeline.judged.past import Past
from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import PENDING, doubt_words
from pipeline.publish.sentences.last_year import last_year_sentences
from pipeline.publish.sentences.phrases import growth_words
from pipeline.values.frames import rows_as
from pipeline.values.lines import ComparedLine, DifferenceLine
from pipeline.values.states import BOTH_GIVEN, CAUSES
from pipeline.values.tally import DIGITS, ByCause, Differing
from pipeline.words.numbers import number_text, signed_text
from pipeline.words.prose import capitalised


def comparison_note(period: Period, past: Past) -> str:
    """Which days are compared, what the past is made of, and why amounts may mislead."""
    before = past.period
    windows = f"{period.name}: {period.window}; {before.name}: {before.window}"
    return _sentences(windows, _about_rest(past), _about_length(period, before))


def _about_rest(past: Past) -> str:
    if past.whole is None or past.part is None:
        return ""
    return f"{past.period.name} = {past.whole.name} trừ {past.part.name}, của các đơn vị có cả hai báo cáo"


def _about_length(period: Period, before: Period) -> str:
    """Why the amounts of the two are not like with like; empty where they are."""
    if before.code in period.contains:
        return f"Số của {period.name} đã gồm {before.name}"
    return "" if period.is_as_long_as(before) else "Hai kỳ dài ngắn khác nhau: xem bình quân tháng"


def _sentences(*parts: str) -> str:
    return ". ".join(filter(None, parts)) + "."


def difference_sentences(report: Report) -> dict[str, str]:
    """For each indicator that has a total in either period, both totals and what makes the difference.

    Behind it stands what the same period of the year before gave. Ready to copy; empty where nothing can be compared.
    """
    told = _beside_past(report, report.past) if report.past else {}
    a_year_ago = last_year_sentences(report)
    return {
        item.id: f"{item.id}. {item.name}: {' '.join(found)}"
        for item in report.project.plan.indicators
        if (found := [part[item.id] for part in (told, a_year_ago) if item.id in part])
    }


def _beside_past(report: Report, past: Past) -> dict[str, str]:
    """By indicator."""
    items = report.project.plan.indicator
    return {
        line.indicator_id: _sentences(*_parts(report, past, line, items[line.indicator_id]))
        for line in rows_as(ComparedLine, report.compared)
        if not (isnan(line.this_period) and isnan(line.before))
    }


def _parts(report: Report, past: Past, line: ComparedLine, item: Indicator) -> list[str]:
    mine = report.tally.differing.get(item.id, {})
    totals = _totals(report, past, line, item)
    if isnan(line.difference):
        return [totals]
    if line.is_like:
        return [f"{totals}; {_change(line.difference)}", *_units(report, mine), split_words(report, item.id)]
    mean = _mean(line, report.period, past.period, item)
    return [mean, f"Tổng số: {totals}" if mean else totals, *_unlike_words(report, past, mine, bool(mean))]


def _unlike_words(report: Report, past: Past, mine: ByCause, has_mean: bool) -> list[str]:
    """What is said behind the totals of periods that are not alike."""
    changed = _most_changed(report, past, mine) if has_mean else ""
    return [_about_unlike(report.period, past.period, has_mean=has_mean), changed, *_silent(report, mine, has_mean)]


def _about_unlike(period: Period, before: Period, *, has_mean: bool) -> str:
    if before.code in period.contains:
        return _about_length(period, before)
    return "" if has_mean else "Hai kỳ dài ngắn khác nhau nên không so sánh trực tiếp"


def mean_words(report: Report, indicator_id: str) -> str:
    """“bình quân tháng so với 6 tháng đầu năm: giảm 4,5%”, of units that gave both; empty where it means nothing."""
    lines = {line.indicator_id: line for line in rows_as(ComparedLine, report.compared)}
    if report.past is None or indicator_id not in lines or isnan(lines[indicator_id].this_by_month):
        return ""
    line = lines[indicator_id]
    rate = growth_words(line.this_by_month, line.before_by_month).strip(" ()")
    return f"bình quân tháng so với {report.past.period.name}: {rate}" if rate else ""


def _totals(report: Report, past: Past, line: ComparedLine, item: Indicator) -> str:
    """Both totals, with what is under question of this one, and the lengths where these differ."""
    doubt = doubt_words(report.total[item.id], item.measure)
    now = f"{_amount(line.this_period, item)}{f', {doubt}' if doubt else ''}"
    names = [_name(period, has_months=not line.is_like) for period in (report.period, past.period)]
    return f"{names[0]} {now}; {names[1]} {_amount(line.before, item)}"


def _name(period: Period, *, has_months: bool) -> str:
    return f"{period.name} ({number_text(round(period.months, 1))} tháng)" if has_months else period.name


def _mean(line: ComparedLine, period: Period, before: Period, item: Indicator) -> str:
    """The mean of a month over the units that gave a figure in both; empty where it means nothing."""
    if isnan(line.this_by_month):
        return ""
    now, then = line.this_by_month, line.before_by_month
    amounts = (
        f"{period.name} {number_text(round(now, 1))} {item.measure}, "
        f"{before.name} {number_text(round(then, 1))} {item.measure}"
    )
    return f"bình quân tháng của {line.same_units} đơn vị có số liệu cả hai kỳ: {amounts}{growth_words(now, then)}"


def _amount(value: float, item: Indicator) -> str:
    return "chưa có số liệu" if isnan(value) else f"{_number(value)} {item.measure}"


def _change(difference: float) -> str:
    rounded = round(difference, DIGITS)
    return f"{'tăng' if rounded > 0 else 'giảm'} {_number(abs(rounded))}" if rounded else "không đổi"


def _units(report: Report, mine: ByCause) -> Iterator[str]:
    """By cause the units with what each adds to the difference; the others counted."""
    for cause in CAUSES:
        if cause in mine:
            named = ", ".join(
                f"{report.name(line.unit_id)} {_signed(line.difference)} ({_beside(report, line)})"
                for line in mine[cause].named
            )
            yield f"{capitalised(report.label('cause', cause))}: {named}{_others(mine[cause])}"


def _others(differing: Differing) -> str:
    if not differing.others:
        return ""
    return f"; {number_text(differing.others)} đơn vị khác: {_signed(differing.others_add)}"


def _beside(report: Report, line: DifferenceLine) -> str:
    """What stands beside a unit's part of the difference: both of its figures, or why one lacks."""
    if line.cause in BOTH_GIVEN:
        return f"{_number(line.before)} → {_number(line.value)}"
    is_now = isnan(line.value)
    kind = line.kind_of_nothing if is_now else line.before_nothing
    return f"{'kỳ này' if is_now else 'kỳ trước'} {report.nothing_words(kind)}"


def _most_changed(report: Report, past: Past, mine: ByCause) -> str:
    """The units whose mean of a month has changed most, of those that gave a figure in both periods."""
    before, now = past.period.months, report.period.months
    lines = [line for cause in BOTH_GIVEN if cause in mine for line in mine[cause].named if round(line.shift, DIGITS)]
    named = ", ".join(
        f"{report.name(line.unit_id)} {_number(round(line.before / before, 1))} → {_number(round(line.value / now, 1))}"
        + (f" ({PENDING})" if line.cause == "questioned" else "")
        for line in sorted(lines, key=lambda line: -abs(line.shift))
    )
    return f"Thay đổi nhiều nhất (bình quân tháng): {named}" if named else ""


def unit_words(report: Report, line: DifferenceLine) -> str:
    """Of one unit: its part of the difference, or where the periods are not alike, its mean of a month then and now.

    Empty where there is none, or where it means nothing.
    """
    [both] = [item for item in rows_as(ComparedLine, report.compared) if item.indicator_id == line.indicator_id]
    if both.is_like:
        return f"{_signed(line.difference)} so với kỳ trước" if round(line.difference, DIGITS) else ""
    if report.past is None or not line.cause:
        return ""
    if line.cause not in BOTH_GIVEN:
        return report.label("cause", line.cause)
    if isnan(both.this_by_month):
        return ""
    means = line.before / report.past.period.months, line.value / report.period.months
    return f"mỗi tháng {' → '.join(_number(round(mean, 1)) for mean in means)}"


def _silent(report: Report, mine: ByCause, has_mean: bool) -> Iterator[str]:
    """The units that gave a figure in one of the two, and what it was: they are in one of the totals, in no mean."""
    apart = " (không tính vào bình quân)" if has_mean else ""
    for cause in CAUSES:
        if cause in mine and cause not in BOTH_GIVEN:
            named = ", ".join(map(partial(_only, report), mine[cause].named))
            more = f" và {number_text(mine[cause].others)} đơn vị khác" if mine[cause].others else ""
            yield f"{capitalised(report.label('cause', cause))}{apart}: {named}{more}"


def _only(report: Report, line: DifferenceLine) -> str:
    given, which = (line.before, "kỳ trước") if isnan(line.value) else (line.value, "kỳ này")
    return f"{report.name(line.unit_id)} ({which} {_number(given)}; {_beside(report, line)})"


def split_words(report: Report, indicator_id: str) -> str:
    """The difference of the totals split by cause: “Chênh lệch −550 gồm: …”; empty where there is one cause alone."""
    parts = {cause: mine.adds for cause, mine in report.tally.differing.get(indicator_id, {}).items()}
    told = [
        f"{report.label('cause', cause)} {_signed(parts[cause])}"
        for cause in CAUSES
        if cause in parts and round(parts[cause], DIGITS)
    ]
    return f"Chênh lệch {_signed(sum(parts.values()))} gồm: {'; '.join(told)}" if len(told) > 1 else ""


def _signed(value: float) -> str:
    return signed_text(round(value, DIGITS))


def _number(value: float) -> str:
    return number_text(round(value, DIGITS))
