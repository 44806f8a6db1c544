"""From what was read of a period to the report that outputs are made from: judge it, then count it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from pipeline.commands.sent_before import NOTHING_SENT, SentBefore
from pipeline.declare.last_year import same_window
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.evaluate import evaluate, settle_alone, settle_forms
from pipeline.figures import differences
from pipeline.figures.past import beside_last_year, find_past
from pipeline.figures.since_sent import changed_without_a_line, compare_with_sent, corrected_since_sent
from pipeline.figures.tally import make_tally
from pipeline.figures.totals import total_figures
from pipeline.judge.conserve import balance_files
from pipeline.judge.form_faults import find_form_faults
from pipeline.judge.other_periods import find_unused
from pipeline.judge.submissions import list_submissions, list_units
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.past import Beside, LastYear, Past
from pipeline.publish.outputs import OTHER_PERIODS, TABLES
from pipeline.publish.report import Report
from pipeline.publish.tables import problems_table
from pipeline.reading.batch import Batch
from pipeline.reading.periods import LAST_YEAR, Readings, earlier_periods, holds_real_forms, other_periods


def judge_period(project: Project, period: Period, readings: Readings) -> Evaluation:
    """Judge a period with the periods that it adds up or is compared with, and those that may prove a task done.

    The year before decides nothing: neither whether samples count, nor what is asked.
    """
    leave_out = any(holds_real_forms(found) for code, found in readings.items() if code != LAST_YEAR)
    known = [item for item in earlier_periods(project, period) if readings.get(item.code)]
    settled = {
        item.code: settle_forms(readings[item.code], project, item, leave_out)
        for item in (*known, *other_periods(project, period), period)
    }
    judged = evaluate(settled.pop(period.code), project, settled)
    if LAST_YEAR not in readings:
        return judged
    return replace(judged, last_year=_last_year(judged, readings[LAST_YEAR], project))


def _last_year(judged: Evaluation, batches: Sequence[Batch], project: Project) -> LastYear | None:
    """The same period of the year before, where it has forms; samples stand beside samples alone."""
    period, before = judged.settlement.period, project.year_before
    found = before and same_window(period, before.plan)
    if not (before and found and judged.settlement.versions.chains):
        return None
    settled = settle_alone(batches, before, found, holds_real_forms(batches))
    if not settled.versions.chains or settled.uses_samples != judged.uses_samples:
        return None
    return LastYear(before, settled)


def make_report(judged: Evaluation, project: Project, as_of: date | None, sent: SentBefore = NOTHING_SENT) -> Report:
    """The values that outputs are made from, as on a day; without one, as when the deadline was past.

    `sent`: what was sent of this period and of those before.
    """
    mine = judged.settlement
    is_due = as_of is None or as_of > mine.period.last_day
    submissions, filings = _lists(judged, project, is_due)
    unused, unused_words = _unused(judged, project)
    past = find_past(mine.period, judged.others, project.plan)
    corrected = corrected_since_sent(past, sent.packages, judged.others) if past else ()
    beside = _compare(judged, mine.grid, past, project, corrected) if past else None
    since = compare_with_sent(judged, filings, submissions, project, sent.packages)
    lines = beside.lines if beside else pd.DataFrame(columns=list(differences.COLUMNS))
    return Report(
        project=project,
        judged=judged,
        as_of=as_of or mine.period.last_day,
        is_due=is_due,
        filings=filings,
        submissions=submissions,
        past=past,
        before=beside.totals if beside else None,
        compared=beside.compared if beside else pd.DataFrame(columns=list(differences.TOTALS)),
        differences=lines,
        bridge=beside.bridge if beside else pd.DataFrame(columns=list(differences.BRIDGE)),
        last_year=_beside_last_year(judged, project),
        problems=_problems(judged, project),
        form_faults=find_form_faults(judged.problems, len(mine.versions.chains), project),
        unused=unused,
        unused_words=unused_words,
        since=since,
        since_forms=changed_without_a_line(mine, since, project, sent.packages),
        sendings={code: package.sending for code, package in sent.packages.items()},
        since_untold=sent.untold,
        tally=make_tally(judged, project, filings, submissions, beside.totals if beside else None, lines),
        sample_mark=project.form.sample_mark if judged.uses_samples else "",
    )


def _lists(judged: Evaluation, project: Project, is_due: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What became of every file, every one of them, and who has filed."""
    mine = judged.settlement
    files, versions, period = mine.readings, mine.versions, mine.period
    submissions = list_submissions(files, versions, mine.cards, judged.problems, project, period)
    balance_files(mine, len(submissions), project)
    for other in judged.others.values():
        balance_files(other, len(other.versions.decisions), project)
    return submissions, list_units(mine.units, submissions, versions, files, judged.open_problems, project, is_due)


def _unused(judged: Evaluation, project: Project) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The forms of other periods that could not be used in full, those of the year before last; and in sentences."""
    listed_in = f"{TABLES}/{OTHER_PERIODS}.csv"
    lines, words = find_unused(judged.others, project, listed_in)
    if judged.last_year is None:
        return lines, words
    before, settled = judged.last_year.project, judged.last_year.settled
    item = replace(settled, period=judged.last_year.period)
    more, said = find_unused({settled.period.code: item}, before, listed_in)
    return pd.concat([lines, more], ignore_index=True), (*words, *said)


def _problems(judged: Evaluation, project: Project) -> pd.DataFrame:
    """Every problem with its sentence, and what the unit replied to it."""
    period = judged.settlement.period
    messages = [project.message(problem, period) for problem in judged.problems]
    return problems_table(judged.problems, messages, _replies(judged), project)


def _compare(
    judged: Evaluation, grid: pd.DataFrame, past: Past, project: Project, corrected: differences.Pairs = ()
) -> Beside:
    """What the figures of this period are beside the past: in all, by unit, and as a bridge."""
    period = judged.settlement.period
    totals = total_figures(past.grid, {}, past.period, project)
    lines = differences.compare_figures(grid, past, period, project, corrected)
    compared = differences.compare_totals(judged.totals, totals, lines, past, period, project)
    return Beside(past, totals, compared, lines, differences.bridge(lines, past, period, project))


def _beside_last_year(judged: Evaluation, project: Project) -> Beside | None:
    if judged.last_year is None:
        return None
    grid, past = beside_last_year(judged.settlement.grid, judged.last_year, project.plan)
    return _compare(judged, grid, past, project)


def _replies(judged: Evaluation) -> dict[str, dict[str, str]]:
    """What units answered in the to-do sheets that came back, by unit and problem; the last received speaks."""
    replies: dict[str, dict[str, str]] = {}
    for reading in judged.settlement.heard_readings:
        replies.setdefault(reading.replied_by, {}).update(reading.replies)
    return replies
