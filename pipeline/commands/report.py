"""From what was read of a period to the report that outputs are made from: judge it, then count it."""

from datetime import date

import pandas as pd

from pipeline.commands.sent_before import NOTHING_SENT, SentBefore
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.evaluate import evaluate, settle_forms
from pipeline.figures import differences
from pipeline.figures.past import find_past
from pipeline.figures.since_sent import compare_with_sent, corrected_since_sent
from pipeline.figures.tally import make_tally
from pipeline.figures.totals import total_figures
from pipeline.judge.conserve import balance_files
from pipeline.judge.form_faults import find_form_faults
from pipeline.judge.other_periods import find_unused
from pipeline.judge.submissions import list_submissions, list_units
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.past import Past
from pipeline.publish.outputs import OTHER_PERIODS, TABLES
from pipeline.publish.report import Report
from pipeline.publish.tables import problems_table
from pipeline.reading.periods import Readings, earlier_periods, holds_real_forms, other_periods


def judge_period(project: Project, period: Period, readings: Readings) -> Evaluation:
    """Judge a period with the periods that it adds up or is compared with, and those that may prove a task done."""
    leave_out = any(holds_real_forms(found) for found in readings.values())
    known = [item for item in earlier_periods(project, period) if readings.get(item.code)]
    settled = {
        item.code: settle_forms(readings[item.code], project, item, leave_out)
        for item in (*known, *other_periods(project, period), period)
    }
    return evaluate(settled.pop(period.code), project, settled)


def make_report(judged: Evaluation, project: Project, as_of: date | None, sent: SentBefore = NOTHING_SENT) -> Report:
    """The values that outputs are made from, as on a day; without one, as when the deadline was past.

    `sent`: what was sent of this period and of those before.
    """
    mine = judged.settlement
    is_due = as_of is None or as_of > mine.period.last_day
    submissions, filings = _lists(judged, project, is_due)
    unused, unused_words = find_unused(judged.others, project, f"{TABLES}/{OTHER_PERIODS}.csv")
    past = find_past(mine.period, judged.others, project.plan)
    before, compared, by_unit, bridge = _compare(judged, past, project, sent)
    return Report(
        project=project,
        judged=judged,
        as_of=as_of or mine.period.last_day,
        is_due=is_due,
        filings=filings,
        submissions=submissions,
        past=past,
        before=before,
        compared=compared,
        differences=by_unit,
        bridge=bridge,
        problems=_problems(judged, project),
        form_faults=find_form_faults(judged.problems, len(mine.versions.chains), project),
        unused=unused,
        unused_words=unused_words,
        since=compare_with_sent(judged, filings, submissions, project, sent.packages),
        sendings={code: package.sending for code, package in sent.packages.items()},
        since_untold=sent.untold,
        tally=make_tally(judged, project, filings, submissions, before, by_unit),
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


def _problems(judged: Evaluation, project: Project) -> pd.DataFrame:
    """Every problem with its sentence, and what the unit replied to it."""
    period = judged.settlement.period
    messages = [project.message(problem, period) for problem in judged.problems]
    return problems_table(judged.problems, messages, _replies(judged), project)


def _compare(
    judged: Evaluation, past: Past | None, project: Project, sent: SentBefore
) -> tuple[pd.DataFrame | None, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The totals of the past, and what this period is beside it: in all, by unit, and as a bridge.

    No lines where there is none.
    """
    if past is None:
        columns = differences.TOTALS, differences.COLUMNS, differences.BRIDGE
        return None, *(pd.DataFrame(columns=list(names)) for names in columns)
    mine = judged.settlement
    totals = total_figures(past.grid, {}, past.period, project)
    corrected = corrected_since_sent(past, sent.packages, judged.others)
    lines = differences.compare_figures(mine.grid, past, mine.period, project, corrected)
    compared = differences.compare_totals(judged.totals, totals, lines, past, mine.period, project)
    return totals, compared, lines, differences.bridge(lines, past, mine.period, project)


def _replies(judged: Evaluation) -> dict[str, dict[str, str]]:
    """What units answered in the to-do sheets that came back, by unit and problem; the last received speaks."""
    replies: dict[str, dict[str, str]] = {}
    for reading in judged.settlement.heard_readings:
        replies.setdefault(reading.replied_by, {}).update(reading.replies)
    return replies
