"""The words that set a figure beside that of the same period of the year before, over the same units first."""

from collections.abc import Iterator, Sequence
from math import isnan

from pipeline.declare.plan import Indicator
from pipeline.judged.past import Beside
from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import PENDING
from pipeline.publish.sentences.phrases import growth_words
from pipeline.values.frames import rows_as
from pipeline.values.lines import ComparedLine, DifferenceLine
from pipeline.values.states import BOTH_GIVEN
from pipeline.values.tally import DIGITS
from pipeline.words.lists import named
from pipeline.words.numbers import number_text

_MOST_UNITS = 3


def last_year_sentences(report: Report) -> dict[str, str]:
    """By indicator what both years gave; nothing of an indicator that lacks a figure in either of them.

    Empty where the plan or the forms of that year are not there.
    """
    beside = report.last_year
    if beside is None:
        return {}
    units: dict[str, list[DifferenceLine]] = {}
    for line in rows_as(DifferenceLine, beside.lines):
        units.setdefault(line.indicator_id, []).append(line)
    return {
        line.indicator_id: ". ".join(_parts(report, beside, line, units[line.indicator_id])) + "."
        for line in rows_as(ComparedLine, beside.compared)
        if line.indicator_id in units and not isnan(line.difference)
    }


def _parts(report: Report, beside: Beside, line: ComparedLine, units: Sequence[DifferenceLine]) -> Iterator[str]:
    item = report.project.plan.indicator[line.indicator_id]
    yield f"Cùng kỳ năm trước ({beside.past.period.name}): {_same_units(line, units, item)}"
    alone = [one for one in units if one.cause and one.cause not in BOTH_GIVEN]
    if not alone:
        return
    yield f"Tổng số của mọi đơn vị: năm nay {_amount(line.this_period, item)}, năm trước {_amount(line.before, item)}"
    only_now, only_before = ([one for one in alone if isnan(one.value) is is_before] for is_before in (False, True))
    for words, those in (("Chỉ năm nay có số liệu", only_now), ("Chỉ năm trước có số liệu", only_before)):
        if those:
            told = [f"{report.name(one.unit_id)} ({_number(_given(one))})" for one in those]
            yield f"{words}: {named(told, _MOST_UNITS, 'đơn vị khác')}"


def _same_units(line: ComparedLine, units: Sequence[DifferenceLine], item: Indicator) -> str:
    """Both sums over the units that gave a figure in both years, and how much that is more or less."""
    if not line.same_units:
        return "không có đơn vị nào có số liệu cả hai năm"
    amounts = f"năm nay {_amount(line.same_now, item)}, năm trước {_amount(line.same_before, item)}"
    growth = growth_words(line.same_now, line.same_before)
    pending = f"; có số liệu {PENDING}" if any(one.cause == "questioned" for one in units) else ""
    return f"{line.same_units} đơn vị có số liệu cả hai năm: {amounts}{growth}{pending}"


def _given(one: DifferenceLine) -> float:
    return one.before if isnan(one.value) else one.value


def _amount(value: float, item: Indicator) -> str:
    return f"{_number(value)} {item.measure}"


def _number(value: float) -> str:
    return number_text(round(value, DIGITS))
