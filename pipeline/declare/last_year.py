"""Which period and which figures of the year before stand beside those of this one."""

from collections.abc import Iterable
from datetime import date, timedelta

from pipeline.declare.plan import Indicator, Period, Plan
from pipeline.words.names import fold

_APART = timedelta(days=15)  # half a month, as in `Period.is_as_long_as`


def same_window(period: Period, before: Plan) -> Period | None:
    """The period of the year before whose window is the same a year earlier, whatever its code; None where none is."""
    first, last = _year_earlier(period.date_from), _year_earlier(period.date_to)
    apart = {
        item.code: (abs(item.date_from - first), abs(item.date_to - last))
        for item in before.periods
        if item.is_as_long_as(period)
    }
    near = [item for item in before.periods if max(apart.get(item.code, (timedelta.max,))) <= _APART]
    return min(near, key=lambda item: sum(apart[item.code], timedelta()), default=None)


def same_figures(plan: Plan, before: Plan) -> frozenset[str]:
    """The indicators that ask for the same thing in both plans: by id, kind and measure, under a title of either."""
    return frozenset(
        item.id
        for item in plan.indicators
        if (old := before.indicator.get(item.id)) is not None and _are_same(item, old)
    )


def _are_same(item: Indicator, old: Indicator) -> bool:
    is_alike = item.kind == old.kind and not _words(_measures(item)).isdisjoint(_words(_measures(old)))
    return is_alike and not _words(_titles(item)).isdisjoint(_words(_titles(old)))


def _titles(item: Indicator) -> Iterable[str]:
    return item.title, *(wording.title for wording in item.was.values())


def _measures(item: Indicator) -> Iterable[str]:
    return item.measure, *(wording.measure for wording in item.was.values())


def _words(texts: Iterable[str]) -> set[str]:
    return {fold(text) for text in texts if text}


def _year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
