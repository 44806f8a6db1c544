"""What `receive` does: take files into the folder of a period, book them, judge them, word the reply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.commands.check import Check, check_of, judge_one, judged_file
from pipeline.commands.look_back import Before, looking_back
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.evaluate import settle_forms
from pipeline.intake.book import BookLine
from pipeline.intake.gather import gather
from pipeline.intake.taking_in import copied, take_in
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.sentences.messages import ToUnit, deadline_words, unit_message
from pipeline.publish.sentences.revised import revisions
from pipeline.reading.executors import Engine
from pipeline.reading.periods import STANDARD, Folders, holds_real_forms, read_folder
from pipeline.values.forms import Change
from pipeline.values.problems import Problem

_Draft = Callable[[Check, Evaluation], Path | None]


@dataclass(frozen=True)
class Receipt:
    """One file taken in: where it stands now, its judgement, and the words to send back."""

    check: Check
    stored_as: str
    is_known: bool
    reply: str
    paper: Path | None = None  # the draft of the unit's own report, where the plan wants it

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.check.as_dict(),
            "stored_as": self.stored_as,
            "already_received": self.is_known,
            "reply": self.reply,
            **({"paper": str(self.paper)} if self.paper else {}),
        }


def receive_files(
    project: Project,
    period: Period,
    folders: Folders,
    files: Sequence[Path],
    moment: datetime,
    channel: str,
    note: str,
    as_of: date | None = None,
) -> tuple[Receipt, ...]:
    """Copy files into the period's folder under a clear name, book them, judge them, word the reply.

    The reply is worded as on `as_of`, by default the day of `moment`.
    """
    folder = folders.input(project, period)
    line = BookLine(moment, channel, note)
    with STANDARD.kept() as engine:
        before = looking_back(project, folders, engine)
        stored = [_store(project, period, folder, path, line, engine, before) for path in files]
        beside = _beside_others(project, period, folder, engine)
        until = deadline_words(period, as_of or moment.date())
        draft = _drafting(folders, engine) if project.plan.papers.with_receipt else None
        return tuple(_receipt(item, beside, until, draft) for item in stored)


def _drafting(folders: Folders, engine: Engine) -> _Draft:
    """Drafts the unit's own report, where nothing is to be mended in a whole form."""
    from pipeline.commands.paper import draft_checked, is_supplement  # noqa: PLC0415 - loads what few receipts need

    def draft(check: Check, judged: Evaluation) -> Path | None:
        if check.needs_mending or is_supplement(judged, check.project):
            return None
        return draft_checked(check.project, judged, check, folders, engine).path

    return draft


@dataclass(frozen=True)
class _Stored:
    """A file that lies in the folder now, and its judgement by itself."""

    name: str
    is_known: bool
    received_at: datetime
    check: Check
    judged: Evaluation


def _store(
    project: Project, period: Period, folder: Path, path: Path, line: BookLine, engine: Engine, before: Before
) -> _Stored:
    with copied(path, folder) as copy:
        judged = judge_one(project, copy.path, path.name, engine, period, before)
        check = check_of(judged, path.name, project)
        taken = take_in(copy, _clear_name(project, check, path), line, project.plan.zone)
    received = _received_at(taken.file, folder, project, period, line) if taken.is_known else line.received_at
    return _Stored(taken.file, taken.is_known, received, check, judged)


def _received_at(file: str, folder: Path, project: Project, period: Period, line: BookLine) -> datetime:
    """When a file of the folder came, by the book or else by its own time; one that went in the meantime, now."""
    found = (item.received_at for item in gather(folder, project.plan.zone, period) if item.file == file)
    return next(found, line.received_at)


@dataclass(frozen=True)
class _Beside:
    """What only shows beside the other files of the folder: forms that block each other, copies; changes since then."""

    problems: Sequence[Problem]
    changes: Sequence[Change]


def _beside_others(project: Project, period: Period, folder: Path, engine: Engine) -> _Beside:
    batches = read_folder(folder, project, period, engine=engine)
    settled = settle_forms(batches, project, period, holds_real_forms(batches))
    return _Beside(settled.versions.problems, settled.changes)


def _receipt(stored: _Stored, others: _Beside, until: str, draft: _Draft | None) -> Receipt:
    alone = stored.check
    project, unit = alone.project, alone.project.register.by_id.get(alone.unit)
    beside = [problem for problem in others.problems if problem.file == stored.name]
    revised = revisions((change for change in others.changes if change.file == stored.name), project.form)
    check = judged_file(alone.file, alone.unit, alone.period, [*alone.problems, *beside], project) if beside else alone
    if unit is None:
        return Receipt(check, stored.name, stored.is_known, "\n".join(check.messages))
    paper = draft(check, stored.judged) if draft else None
    told = ToUnit(
        unit,
        check.period,
        project,
        check.problems,
        check.verdict,
        stored.received_at,
        False,
        until,
        back="words",
        revised=[item.line for item in revised],
        below_done={} if check.verdict == "returned" else alone.below_done,
        has_draft=paper is not None,
    )
    return Receipt(check, stored.name, stored.is_known, unit_message(told), paper)


def _clear_name(project: Project, check: Check, path: Path) -> str:
    """`Xã Vĩnh Thái - <the sender's own name>`: whose it is stands first, and nothing of the sender's name is lost."""
    unit = project.register.by_id.get(check.unit)
    whose = unit.name if unit else "Chưa rõ đơn vị"
    return path.name if path.name.startswith(whose) else f"{whose} - {path.name}"
