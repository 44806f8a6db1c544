"""Whether a form belongs to the period: by the name, the year and the data window on its card.

A form of another period does not become one of this by typing over its name.
"""

from collections.abc import Mapping
from datetime import date

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.card import BLANK, Card
from pipeline.values.problems import Problem
from pipeline.words.days import day_text


def period_problems(card: Card, meta: Mapping[str, str], project: Project, period: Period) -> list[Problem]:
    """One problem of a form of another period; else one for each day of the window that is none of the period."""
    window = {key: day for key in ("date_from", "date_to") if (day := card.day(key))}
    odd = [key for key, day in window.items() if day != getattr(period, key)]
    other = (
        _other_name(card, project, period)
        or (_other_window(card, window, odd[0], project, period) if odd else None)
        or (None if window else _made_for_another(card, meta, project, period))
    )
    if other:
        return [other]
    why = f"khác kỳ số liệu của {period.name} ({period.window})"
    return [
        card.problem_at("date-odd", key, card.text(key), {"why": why, "example": day_text(getattr(period, key))})
        for key in odd
    ]


def _other_name(card: Card, project: Project, period: Period) -> Problem | None:
    """The form calls itself one of another period, or of another year."""
    written, year = card.text("period"), card.text("year")
    if not period.is_called(written):
        value = written or BLANK
        return _mismatch(card, "period", value, f"kỳ “{value}”", f"“{period.code}”")
    if year != str(project.plan.year):
        value = f"{written} năm {year or BLANK}"
        return _mismatch(card, "year", value, f"kỳ “{value}”", f"“{project.plan.year}”")
    return None


def _other_window(card: Card, window: Mapping[str, date], odd: str, project: Project, period: Period) -> Problem | None:
    """The form has the data window of another period."""
    other = next((item for item in project.plan.periods if _has_window(item, window)), None)
    if other is None:
        return None
    label = project.form.card.by_key[odd].label
    what = f"“{label}” là {day_text(window[odd])}, là biểu của kỳ {other.name}"
    return _mismatch(card, odd, card.text(odd), what, day_text(getattr(period, odd)))


def _has_window(period: Period, window: Mapping[str, date]) -> bool:
    return all(getattr(period, key) == day for key, day in window.items())


def _made_for_another(card: Card, meta: Mapping[str, str], project: Project, period: Period) -> Problem | None:
    """The form says, where nobody types, that it was made for another period; heard where its window is gone."""
    made_for = next((item for item in project.plan.periods if item.code == meta.get("period")), period)
    if made_for == period:
        return None
    written = card.text("period")
    what = f"kỳ “{written}” nhưng được làm cho kỳ {made_for.name}"
    return _mismatch(card, "period", written, what, f"“{period.code}”")


def _mismatch(card: Card, key: str, value: str, what: str, example: str) -> Problem:
    return card.problem_at("period-mismatch", key, value, {"what": what, "example": example})
