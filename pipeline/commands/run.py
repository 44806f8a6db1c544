"""The table of contents: what `run` does, one call a stage."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

from pipeline.commands.inputs import Inputs, books_now, inputs_read
from pipeline.commands.old_paper import OldPapers, read_old_papers, say_places
from pipeline.commands.own_run import changed_since_own_run
from pipeline.commands.report import judge_period, make_report
from pipeline.commands.sent_before import sent_before
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.book import book_remarks
from pipeline.intake.gather import changed_meanwhile, not_opened
from pipeline.intake.received import bytes_judged
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.settlement import Settlement
from pipeline.publish import outputs
from pipeline.publish.first_screen import describe_first_screen
from pipeline.publish.page.page_for_leader import write_leader_page
from pipeline.publish.papers.papers import write_correction, write_report_paper, write_urging_letter
from pipeline.publish.papers.shared_words import SharedWords
from pipeline.publish.picture.picture import write_picture
from pipeline.publish.record import write_record
from pipeline.publish.report import Report
from pipeline.publish.returns.feedback import write_feedback
from pipeline.publish.sentences.since import since_sentences
from pipeline.publish.sheets import annex_sheets
from pipeline.publish.swap import staging_folder, swap_in
from pipeline.publish.tables import (
    figures_table,
    rejected_table,
    replies_table,
    rows_table,
    scoring_table,
    write_tables,
)
from pipeline.publish.workbook.consolidated import write_annex, write_workbook
from pipeline.reading.executors import Engine
from pipeline.reading.periods import (
    STANDARD,
    Begun,
    Folders,
    Progress,
    begin_reading,
)
from pipeline.records.locks import real_place
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

    @property
    def since(self) -> tuple[str, ...]:
        """What is not as it was sent."""
        return since_sentences(self.report)


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
    annex_sheets(project.plan)  # a plan that names no such sheet is told before the work
    books = books_now(project, period, folders)
    readings, seconds = (begun or begin_reading(project, period, folders, progress, engine)).result()
    stages = Stages({"read": seconds})
    with stages.time("judge"):
        judged = judge_period(project, period, readings)
    with stages.time("report"):
        report = make_report(judged, project, as_of, sent_before(judged, project, folders))
    remarks = remarks_on_book(report, folders)
    target = folders.output(project, period)
    with staging_folder(target) as staged:
        inputs = inputs_read(project, period, folders, readings, books)
        old = read_old_papers(real_place(target), project.plan, period)
        workbook, returned, told = write_outputs(staged, report, stages, progress, inputs, old)
        remarks += remarks_on_folders(judged, folders, project)
        swapped = swap_in(staged, target, old.whole)
    remarks += (*_lists_told(report, returned), *told, *swapped.sentences)
    return Finished(report, target, target / swapped.name(workbook), remarks)


def _lists_told(report: Report, returned: Mapping[str, str]) -> tuple[str, ...]:
    """Which units get a list instead of their marked workbook, so that the officer does not look for one."""
    lists = [unit_id for unit_id, reason in returned.items() if reason]
    return (f"Gửi lại danh sách cần sửa thay cho biểu đã đánh dấu: {report.names(lists)}.",) if lists else ()


def write_outputs(
    staged: Path, report: Report, stages: Stages, progress: Progress, inputs: Inputs, old: OldPapers
) -> tuple[str, Mapping[str, str], tuple[str, ...]]:
    """Write all that a run gives, its record last.

    Returns the name of the workbook, the units to which something goes back (see `write_feedback`), and what has to be
    said of the words that came from the old paper.
    """
    plan, period = report.project.plan, report.period
    workbook = outputs.WORKBOOK.name(plan, period)
    progress("ghi bảng tổng hợp")
    with stages.time("workbook"):
        write_workbook(staged / workbook, report)
        write_annex(staged / outputs.ANNEX.name(plan, period), report)
    with stages.time("tables"):
        write_tables(staged / outputs.TABLES, _tables(report), plan.outputs.most_rows)
    progress("ghi phản hồi cho đơn vị")
    feedback = staged / outputs.FEEDBACK
    with stages.time("feedback"):
        returned = write_feedback(feedback, report, bytes_judged)
    progress("soạn báo cáo và trang tóm tắt")
    with stages.time("papers"):
        told = _write_papers(staged, report, returned, old)
    with stages.time("picture"):
        write_picture(staged / outputs.PICTURE, describe_first_screen(report, returned))
    with stages.time("page"):
        write_leader_page(staged / outputs.PAGE, report, returned)
    write_record(staged, report, stages.seconds, inputs)
    return workbook, returned, told


def _write_papers(staged: Path, report: Report, returned: Mapping[str, str], old: OldPapers) -> tuple[str, ...]:
    """Write report, correction and letter; what has to be said of them."""
    paper, correction, letter = (
        item.name(report.project.plan, report.period) for item in (outputs.REPORT, outputs.CORRECTION, outputs.LETTER)
    )
    places = write_report_paper(staged / paper, report, old.report.words)
    told = say_places(old.report, paper, places)
    if report.is_due:
        write_urging_letter(staged / letter, report, returned)
    shared = SharedWords(old.report.words, places, old.correction.words)
    corrected = write_correction(staged / correction, report, shared)
    if corrected is None:
        return (*told, *say_places(old.correction, correction, ()))
    words = {item.place.key: item.words for item in places}
    own = [item for item in corrected if not item.words or item.words != words.get(item.place.key)]
    made = f"Có nội dung khác bản đã gửi: đã soạn báo cáo đính chính {correction}."
    return (*told, made, *say_places(old.correction, correction, own))


def remarks_on_folders(judged: Evaluation, folders: Folders, project: Project) -> tuple[str, ...]:
    """What could not be opened in the folders, and what has changed in them since they were listed.

    Of other periods also what their receiving books and the outputs of their own runs tell.
    """
    told = [sentence for item in judged.others.values() for sentence in _remarks_on_other(item, folders, project)]
    read = [(project, item) for item in (*judged.others.values(), judged.settlement)]
    if judged.last_year:
        read.append((judged.last_year.project, judged.last_year.settled))
    for whose, item in read:
        folder = folders.input(whose, item.period)
        told += [not_opened(folder, item.readings)]
        told += [changed_meanwhile(folder, [reading.arrival for reading in item.readings])]
    if project.year_before_fault:
        told.append(f"Chưa so được với cùng kỳ năm {project.plan.year - 1}. {project.year_before_fault}")
    return tuple(filter(None, told))


def _remarks_on_other(other: Settlement, folders: Folders, project: Project) -> Iterator[str]:
    """What the receiving book of another period and the outputs of its own run tell."""
    book, files = folders.input(project, other.period) / RECEIVING_BOOK, [reading.file for reading in other.readings]
    for sentence in book_remarks(book, files, project.plan.zone):
        yield f"{other.period.name}: {sentence}"
    yield changed_since_own_run(other, folders.output(project, other.period), project)


def remarks_on_book(report: Report, folders: Folders) -> tuple[str, ...]:
    """What has to be said of the receiving book beside the files that lie in the period's folder."""
    project = report.project
    return book_remarks(
        folders.input(project, report.period) / RECEIVING_BOOK, list(report.submissions["file"]), project.plan.zone
    )


def _accepted_tables(report: Report) -> dict[str, object]:
    form, accepted = report.project.form, report.judged.settlement.rows.accepted
    return {
        table: rows_table(accepted[table], [key for key in form[table].keys if key in accepted[table]])
        for table in ("tasks", "activities", "requests")
    }


def _tables(report: Report) -> Mapping[str, object]:
    mine = report.judged.settlement
    return {
        "submissions": report.submissions,
        "completeness": report.judged.completeness,
        "figures": figures_table(mine.grid),
        "totals": report.judged.totals,
        **_accepted_tables(report),
        "rejected": rejected_table(mine.rows.rejected, mine.readings, mine.frames),
        "problems": report.problems,
        "changes": report.changes,
        "bridge": report.bridge,
        **({} if report.last_year is None else {outputs.LAST_YEAR: report.last_year.bridge}),
        **({} if report.since is None else {outputs.SINCE_SENT: report.since}),
        **({outputs.SCORING: scoring_table(report.tally)} if report.tally.scores else {}),
        outputs.OTHER_PERIODS: report.unused,
        "replies": replies_table(mine.heard_readings),
    }
