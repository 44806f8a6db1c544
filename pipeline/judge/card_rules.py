"""Questions about the card: what is missing on it, and dates that cannot be (R05, R08, R11)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.judge.case import Case
from pipeline.judge.received_rules import came_before_the_end
from pipeline.values.cells import is_blank, is_missing, shown
from pipeline.values.problems import Problem
from pipeline.words.days import day_text


def card_problems(case: Case) -> Iterator[Problem]:
    """Every question about the cards of the forms in force."""
    revisions, dates, nothing = (case.card_values(key) for key in ("revision", "report_date", "nothing_to_report"))
    planned = case.card_values("plan_date")
    for unit_id, chain in case.mine.versions.chains.items():
        for doc in chain:
            yield from _missing(case, doc, revisions[doc])
            yield from _dates(case, doc, dates[doc])
            yield from _plan_date(case, doc, planned[doc], dates[doc])
        if unit_id in case.nothing_units:
            yield case.at("card", chain[-1], 0, "nothing_to_report", "nothing-to-report", nothing[chain[-1]])


def _missing(case: Case, doc: int, revision: float) -> Iterator[Problem]:
    """R05, R11: required answers; a reason and a kind once the form is sent again."""
    reading = case.mine.readings[doc]
    for item in case.project.form.card.fields:
        is_asked_again = item.key in ("revision_kind", "revision_reason") and revision > 1
        is_owed = (
            (item.required or item.asked) and item.own and case.project.has_field(reading.version, "card", item.key)
        )
        is_required = is_owed or is_asked_again
        raw = reading.card[item.key].raw if item.key in reading.card else ""
        if is_required and (is_blank(raw) or (item.denies and case.project.proof.says_nothing(shown(raw)))):
            yield case.at("card", doc, 0, item.key, "value-missing")


def _dates(case: Case, doc: int, day: Any) -> Iterator[Problem]:
    """R05: a report from before the closing day, or from after the day on which it arrived."""
    if is_missing(day):
        return
    closing_day, received = case.mine.period.date_to, case.mine.readings[doc].arrival.received_at.date()
    why = ""
    if day.date() < closing_day:
        why = f"trước ngày chốt số liệu {day_text(closing_day)}"
    elif day.date() > received and not _is_time_doubted(case, doc, day):
        why = f"sau ngày nhận báo cáo {day_text(received)}"
    if why:
        example = day_text(case.mine.period.last_day)
        problem = case.at("card", doc, 0, "report_date", "date-odd", day, why=why, example=example)
        yield replace(problem, on_form=day.date() < closing_day)  # no form knows when it will arrive


def _plan_date(case: Case, doc: int, planned: Any, reported: Any) -> Iterator[Problem]:
    """R30: a plan is not younger than the report that names it."""
    if not is_missing(planned) and not is_missing(reported) and planned > reported:
        why, example = (
            f"sau ngày báo cáo {day_text(reported.date())}",
            case.project.form.card.by_key["plan_date"].example,
        )
        yield case.at("card", doc, 0, "plan_date", "date-odd", planned, why=why, example=example)


def _is_time_doubted(case: Case, doc: int, day: Any) -> bool:
    reading = case.mine.readings[doc]
    return bool(reading.arrival.time_doubt or came_before_the_end(reading, day, case.mine.period))
