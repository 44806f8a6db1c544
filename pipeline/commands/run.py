"""The table of contents: what `run`, `check` and `status` do, one call a stage."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation, evaluate, settle_forms
from pipeline.figures import differences
from pipeline.figures.tally import make_tally
from pipeline.figures.totals import total_figures
from pipeline.intake.book import book_remarks
from pipeline.judge.conserve import balance_files
from pipeline.judge.form_faults import find_form_faults
from pipeline.judge.submissions import list_submissions, list_units
from pipeline.publish.page.page_for_leader import write_leader_page
from pipeline.publish.papers.papers import write_report_paper, write_urging_letter
from pipeline.publish.record import write_record
from pipeline.publish.report import Report
from pipeline.publish.returns.feedback import write_feedback
from pipeline.publish.swap import staging_folder, swap_in
from pipeline.publish.tables import (
    changes_table,
    figures_table,
    problems_table,
    rejected_table,
    rows_table,
    write_tables,
)
from pipeline.publish.workbook.consolidated import write_workbook
from pipeline.reading.executors import Engine
from pipeline.reading.periods import (
    STANDARD,
    Begun,
    Folders,
    Progress,
    Readings,
    begin_reading,
    earlier_periods,
    holds_real_forms,
    other_periods,
)
from pipeline.values.forms import RECEIVING_BOOK


@dataclass
class Stages:
    """Seconds spent in each stage, in the order in which they ran."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start


@dataclass(frozen=True)
class Finished:
    """A run that is done: the report behind the outputs, where they are, what had to be said."""

    report: Report
    folder: Path
    workbook: Path
    sentences: tuple[str, ...]


def run_period(
    project: Project,
    period: Period,
    folders: Folders,
    as_of: date | None = None,
    progress: Progress = lambda text: None,
    engine: Engine = STANDARD,
    begun: Begun | None = None,
) -> Finished:
    """The main job: read (or wait for what was begun), judge, write everything beside the old outputs, swap it in."""
    readings, seconds = (begun or begin_reading(project, period, folders, progress, engine)).result()
    stages = Stages({"read": seconds})
    with stages.time("judge"):
        judged = judge_period(project, period, readings)
    with stages.time("report"):
        report = make_report(judged, project, as_of or period.last_day)
    remarks = remarks_on_book(report, folders)
    target = folders.output(project, period)
    with staging_folder(target) as staged:
        workbook = write_outputs(staged, judged, report, stages, progress)
        swapped = swap_in(staged, target)
    return Finished(report, target, target / swapped.name(workbook), (*remarks, *swapped.sentences))


def write_outputs(staged: Path, judged: Evaluation, report: Report, stages: Stages, progress: Progress) -> str:
    """Write all that a run gives, its record last; returns the name of the workbook."""
    project, period = report.project, report.period
    workbook = f"Tong-hop_{project.plan.year}-{period.code}.xlsx"
    progress("ghi bảng tổng hợp")
    with stages.time("workbook"):
        write_workbook(staged / workbook, report)
    with stages.time("tables"):
        write_tables(staged / "du-lieu", _tables(judged, report), project.plan.outputs.most_rows)
    progress("ghi phản hồi cho đơn vị")
    with stages.time("feedback"):
        write_feedback(staged / "phan-hoi", report, judged.open_problems, judged.readings, judged.versions.chains)
    progress("soạn báo cáo và trang tóm tắt")
    with stages.time("papers"):
        write_report_paper(staged / f"Bao-cao_{project.plan.year}-{period.code}.docx", report)
        write_urging_letter(staged / f"Don-doc_{project.plan.year}-{period.code}.docx", report)
    with stages.time("page"):
        write_leader_page(
            staged / "index.html", report, sorted(path.stem for path in (staged / "phan-hoi").glob("*.xlsx"))
        )
    write_record(staged, report, stages.seconds)
    return workbook


def judge_period(project: Project, period: Period, readings: Readings) -> Evaluation:
    """Judge a period together with the periods that it adds up or is compared with, and those that may prove a task done."""
    leave_out = any(holds_real_forms(found) for found in readings.values())
    known = [item for item in earlier_periods(project, period) if readings.get(item.code)]
    settled = {
        item.code: settle_forms(readings[item.code], project, item, leave_out)
        for item in (*known, *other_periods(project, period), period)
    }
    return evaluate(settled.pop(period.code), project, settled)


def make_report(judged: Evaluation, project: Project, as_of: date) -> Report:
    """The values that outputs are made from."""
    period = judged.period
    messages = [project.message(problem, period) for problem in judged.problems]
    submissions = list_submissions(judged.readings, judged.versions, judged.cards, judged.problems, project, period)
    balance_files(judged.readings, len(submissions))
    filings = list_units(judged.units, submissions, judged.versions, judged.readings, judged.open_problems, project)
    before, compared, by_unit = _compare_with_before(judged, project)
    return Report(
        project=project,
        period=period,
        as_of=as_of,
        units=judged.units,
        filings=filings,
        submissions=submissions,
        completeness=judged.completeness,
        grid=judged.grid,
        totals=judged.totals,
        before=before,
        compared=compared,
        differences=by_unit,
        forms=judged.forms,
        accepted=judged.settled.accepted,
        problems=problems_table(judged.problems, messages, _replies(judged), project),
        form_faults=find_form_faults(judged.problems, len(judged.versions.chains), project),
        changes=changes_table(judged.changes),
        balance=judged.balance,
        tally=make_tally(
            project=project,
            units=judged.units,
            filings=filings,
            submissions=submissions,
            samples_left_out=sum(decision.is_set_aside for decision in judged.versions.decisions),
            completeness=judged.completeness,
            grid=judged.grid,
            totals=judged.totals,
            before=before,
            accepted=judged.settled.accepted,
            balance=judged.balance,
            problems=judged.problems,
        ),
        sample_mark=project.form.sample_mark if judged.uses_samples else "",
    )


def remarks_on_book(report: Report, folders: Folders) -> tuple[str, ...]:
    """What has to be said of the receiving book beside the files that lie in the period's folder."""
    project = report.project
    return book_remarks(
        folders.input(project, report.period) / RECEIVING_BOOK, list(report.submissions["file"]), project.plan.zone
    )


def _compare_with_before(
    judged: Evaluation, project: Project
) -> tuple[pd.DataFrame | None, pd.DataFrame, pd.DataFrame]:
    """The totals of the period before, and what this one is beside it: in all, and by unit; no lines where the plan has no period before."""
    before = judged.others.get(judged.period.previous)
    if before is None:
        return None, pd.DataFrame(columns=list(differences.TOTALS)), pd.DataFrame(columns=list(differences.COLUMNS))
    totals = total_figures(before.grid, {}, before.period, project)
    compared = differences.compare_totals(judged.totals, totals, judged.period, before.period, project)
    return totals, compared, differences.compare_figures(judged.grid, before.grid)


def _replies(judged: Evaluation) -> dict[str, dict[str, str]]:
    """What units answered in the to-do sheets that came back, by unit and problem; the last received speaks."""
    replies: dict[str, dict[str, str]] = {}
    for reading in sorted(judged.readings, key=lambda reading: reading.arrival.received_at):
        replies.setdefault(reading.unit_id, {}).update(reading.replies)
    return replies


def _tables(judged: Evaluation, report: Report) -> Mapping[str, object]:
    form, accepted = report.project.form, judged.settled.accepted
    return {
        "submissions": report.submissions,
        "completeness": report.completeness,
        "figures": figures_table(report.grid),
        "totals": report.totals,
        **{
            table: rows_table(accepted[table], [key for key in form[table].keys if key in accepted[table]])
            for table in ("tasks", "activities", "requests")
        },
        "rejected": rejected_table(judged.settled.rejected, judged.readings, judged.settlement.frames),
        "problems": report.problems,
        "changes": report.changes,
    }
