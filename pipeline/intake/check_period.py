"""Whether a form belongs to the period: by all that says so, its cells and what is printed or hidden in it.

One cell that contradicts all the others is a slip, and asked about. A form of another period does not become one of
this by typing over its name: where what is printed in it disagrees, it goes back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipeline.declare.plan import Period, Plan
from pipeline.declare.project import Project
from pipeline.intake.card import BLANK, Card
from pipeline.intake.imprint import OTHER, Imprint, period_of_window, window_of
from pipeline.intake.period_words import period_in_words, year_in_words
from pipeline.values.forms import Change
from pipeline.values.problems import Problem
from pipeline.words.days import day_text


@dataclass(frozen=True, slots=True)
class _Evidence:
    """For which period each place of a form speaks: its code, `OTHER`, or empty where it says nothing.

    `cell` and `year` are typed on the card, `year` for the year alone; `titles` may name several.
    """

    cell: str
    year: str
    window: str
    meta: str
    titles: frozenset[str]

    @property
    def printed(self) -> list[str]:
        """What speaks where nobody types."""
        return [code for code in (self.window, self.meta, *sorted(self.titles)) if code]


@dataclass(frozen=True, slots=True)
class PeriodSaid:
    """What a form says of its period: what is wrong with that; the code for which most of it speaks; what is logged.

    `own`: what is printed counts before what is typed; empty for none. `changes`: the period and the year where they
    are read other than as written.
    """

    problems: tuple[Problem, ...]
    own: str
    changes: tuple[Change, ...]


def weigh_period(card: Card, imprint: Imprint, project: Project, period: Period) -> PeriodSaid:
    """Weigh all that says of which period a form is; each place is heard once."""
    plan, window = project.plan, window_of(card)
    cell, year = period_in_words(card.text("period"), plan), year_in_words(card.text("year"), plan)
    heard = _Evidence(cell, year, period_of_window(window, plan), imprint.period(plan), frozenset())
    said = _with_titles(_with_day(heard, window, period), imprint, plan)
    own = said if said.window == heard.window else _with_titles(heard, imprint, plan)
    problems = _problems(card, said, window, project, period)
    return PeriodSaid(tuple(problems), _own_period(own), tuple(_changes(card, heard, project.plan)))


def _problems(
    card: Card, said: _Evidence, window: Mapping[str, date], project: Project, period: Period
) -> list[Problem]:
    """One problem of a form of another period; else what is odd about the cells that say which period it is."""
    odd_days = [key for key, day in window.items() if day != getattr(period, key)]
    odd_cells = [*(["period"] if said.cell != period.code else []), *(["year"] if _is_odd_year(said, project) else [])]
    if said.window == period.code and not odd_cells and said.meta in ("", period.code):
        return list(_odd_days(card, odd_days, period))
    is_named = bool(card.text("period")) and said.cell != period.code
    names_another = is_named and len(odd_days) > 1  # its name and its whole window say so
    if odd_cells and said.printed and set(said.printed) == {period.code} and not names_another:
        slips = [_slip(card, key, said, project, period) for key in odd_cells]
        return [*slips, *_odd_days(card, odd_days, period)]
    if not odd_cells and (slip := _one_voice_against(card, said, odd_days, project, period)):
        return [slip]
    if other := _other(card, said, odd_days, project, period):
        return [other]
    return list(_odd_days(card, odd_days, period))


def _own_period(said: _Evidence) -> str:
    voices = Counter(code for code in (*said.printed, said.cell) if code and code != OTHER)
    return max(voices, key=voices.__getitem__, default="")


def _changes(card: Card, said: _Evidence, plan: Plan) -> Iterator[Change]:
    printed = {plan.full_name(period): period.code for period in plan.periods}
    for key, used in {"period": said.cell, "year": said.year}.items():
        if used and used not in (OTHER, card.text(key), printed.get(card.text(key))):
            yield card.change_at(key, used, "control-spelling")


def _with_day(heard: _Evidence, window: Mapping[str, date], period: Period) -> _Evidence:
    """One day of the window that is the period's speaks for it where both do not: the other is a slip of its own."""
    if not heard.window and any(day == getattr(period, key) for key, day in window.items()):
        return replace(heard, window=period.code)
    return heard


def _with_titles(heard: _Evidence, imprint: Imprint, plan: Plan) -> _Evidence:
    """The lines below the titles are only asked where the others do not agree."""
    agree = {heard.cell, heard.window, *([heard.meta] if heard.meta else [])}
    if len(agree) == 1 and heard.year not in ("", OTHER):
        return heard
    return replace(heard, titles=frozenset(imprint.titled_periods(plan)))


def _is_odd_year(said: _Evidence, project: Project) -> bool:
    return said.year != str(project.plan.year)


def _one_voice_against(
    card: Card, said: _Evidence, odd_days: list[str], project: Project, period: Period
) -> Problem | None:
    """The slip in a form whose cells name this period, where either its window or its hidden sheet does not.

    What is hidden or stands in a title is left behind where somebody went on with an older form.
    """
    if said.window not in ("", period.code):
        agrees = said.meta == period.code or period.code in said.titles
        only = said.meta in ("", period.code) and said.titles <= {period.code}
        return _slip(card, odd_days[0], said, project, period) if agrees and only else None
    if said.window == period.code and said.meta not in ("", period.code):
        return _slip(card, "period", said, project, period)
    return None


def _slip(card: Card, key: str, said: _Evidence, project: Project, period: Period) -> Problem:
    """The question about one cell that does not say what the others do."""
    field = project.form.card.by_key[key]
    voices = {
        "ô “{}”".format(project.form.card.by_key["period"].label): said.cell,
        "kỳ số liệu in trên biểu": said.window,
        "thông tin ẩn của biểu": said.meta,
        "dòng dưới tiêu đề": period.code if period.code in said.titles else "",
    }
    others = [words for words, code in voices.items() if code == period.code]
    if key == "period" and said.cell == period.code:  # it is the hidden sheet that speaks against it
        made_for = next((item.name for item in project.plan.periods if item.code == said.meta), "một kỳ khác")
        what = f"“{field.label}” ghi “{card.text(key)}”, nhưng biểu được làm cho {made_for}"
        return _odd(card, key, what, period, project.plan.full_name(period))
    written = card.text(key)
    says = f"đang ghi “{written}”" if written else "còn để trống"
    example = {"period": project.plan.full_name(period), "year": str(project.plan.year)}.get(key) or day_text(
        getattr(period, key)
    )
    what = f"“{field.label}” {says}, trong khi {', '.join(others)} là {project.plan.full_name(period)}"
    return _odd(card, key, what, period, example)


def _odd(card: Card, key: str, what: str, period: Period, example: str) -> Problem:
    return card.odd_at(key, what, f"kỳ {period.name}", example)


def _odd_days(card: Card, keys: list[str], period: Period) -> Iterator[Problem]:
    """One question for each day of the window that is none of the period."""
    for key in keys:
        why = f"khác kỳ số liệu của {period.name} ({period.window})"
        facts = {"why": why, "example": day_text(getattr(period, key))}
        yield card.problem_at("date-odd", key, card.text(key), facts)


def _other_window(card: Card, code: str, key: str, project: Project, period: Period) -> Problem:
    label, day = project.form.card.by_key[key].label, card.text(key)
    what = f"“{label}” là {day}, là biểu của {_name(code, project)}"
    return _mismatch(card, key, day, what, day_text(getattr(period, key)))


def _other(card: Card, said: _Evidence, odd_days: list[str], project: Project, period: Period) -> Problem | None:
    """That the form is of another period, at the first place that says so."""
    written, year = card.text("period"), card.text("year")
    if said.cell != period.code:
        value = written or BLANK
        return _mismatch(card, "period", value, f"kỳ “{value}”", f"“{project.plan.full_name(period)}”")
    if _is_odd_year(said, project):
        value = f"{written} năm {year or BLANK}"
        return _mismatch(card, "year", value, f"kỳ “{value}”", f"“{project.plan.year}”")
    if said.window not in ("", period.code):
        return _other_window(card, said.window, odd_days[0], project, period)
    if said.meta not in ("", period.code):
        what = f"kỳ “{written}” nhưng được làm cho {_name(said.meta, project)}"
        return _mismatch(card, "period", written, what, f"“{project.plan.full_name(period)}”")
    return None


def _name(code: str, project: Project) -> str:
    return next((f"kỳ {item.name}" for item in project.plan.periods if item.code == code), "một kỳ của năm khác")


def _mismatch(card: Card, key: str, value: str, what: str, example: str) -> Problem:
    return card.problem_at("period-mismatch", key, value, {"what": what, "example": example})
