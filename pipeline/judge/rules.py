"""All cross rules of one period, in the order in which their problems are listed."""

from collections.abc import Iterator
from datetime import datetime

import pandas as pd

from pipeline.judge.activity_rules import activity_problems
from pipeline.judge.card_rules import card_problems
from pipeline.judge.case import Case
from pipeline.judge.figure_rules import figure_problems
from pipeline.judge.received_rules import doubted_time
from pipeline.judge.task_rules import task_problems
from pipeline.values.problems import Problem
from pipeline.words.days import moment_text


def cross_check(case: Case, completeness: pd.DataFrame) -> list[Problem]:
    """Questions that need more than one cell. Cells that already have a problem are the caller's to leave out."""
    figures = list(figure_problems(case))
    asked = frozenset((problem.unit_id, problem.facts.get("row_name", "")) for problem in figures)
    return [
        *_told(case),
        *_doubted_times(case),
        *card_problems(case),
        *task_problems(case, completeness, asked),
        *figures,
        *activity_problems(case),
    ]


def _told(case: Case) -> list[Problem]:
    """Notes on whole files: late, or sample data."""
    deadline = case.project.plan.deadline(case.mine.period)
    notes = []
    first_received = _first_received(case)
    for unit_id, chain in case.mine.versions.chains.items():
        first = case.mine.readings[chain[0]]
        received = first_received[unit_id]
        if received >= deadline:
            facts = {"deadline": case.mine.period.until}
            notes.append(Problem("late", first.file, unit_id, value=moment_text(received), facts=facts))
        notes += [
            Problem("sample-data", case.mine.readings[doc].file, unit_id)
            for doc in chain
            if case.mine.readings[doc].is_sample
        ]
    return notes


def _doubted_times(case: Case) -> Iterator[Problem]:
    """Of every usable form the time at which it came, where that cannot be read or cannot be."""
    reported = dict(zip(case.mine.cards["doc"], case.mine.cards["report_date"], strict=True))
    for doc, decision in enumerate(case.mine.versions.decisions):
        if decision.state in ("in-force", "superseded") and not decision.is_set_aside:
            yield from doubted_time(case.mine.readings[doc], reported.get(doc), case.mine.period)


def _first_received(case: Case) -> dict[str, datetime]:
    """When each unit's first valid version came: a later correction does not make a punctual unit late."""
    first: dict[str, datetime] = {}
    for reading in case.mine.readings:
        if reading.is_form and not case.project.catalogue.keeping_out(reading.problems):
            first[reading.unit_id] = min(
                reading.arrival.received_at, first.get(reading.unit_id, reading.arrival.received_at)
            )
    return first
