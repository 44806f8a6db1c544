"""`phan-hoi/`: for each unit its own workbook marked where it needs mending, and a short message to paste into Zalo."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.declare.todo import problem_key
from pipeline.publish.outputs import GROUP_MESSAGE
from pipeline.publish.report import Report
from pipeline.publish.returns.marked_copy import write_marked_copy
from pipeline.publish.returns.returned_file import ReturnedFile
from pipeline.publish.sentences.mending import Back, back_of
from pipeline.publish.sentences.messages import (
    SEVERITIES_TO_MEND,
    ToUnit,
    below_done,
    deadline_words,
    group_message,
    revised_list_name,
    unit_message,
)
from pipeline.publish.sentences.revised import Revision, revisions
from pipeline.publish.sentences.unlinked import unlinked
from pipeline.values.forms import Reading
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import TaskLine, UnitLine
from pipeline.values.problems import Problem
from pipeline.values.states import State


@dataclass(frozen=True, slots=True)
class _Sender:
    """A unit that is told something: what it is asked, what it answered, which of its files are in force."""

    unit: Unit
    asked: Sequence[Problem]
    replies: Mapping[str, str]
    chain: Sequence[int]
    next_revision: int
    revised: Sequence[Revision]
    below_done: Mapping[State, Sequence[str]]

    def unanswered(self, project: Project) -> list[Problem]:
        """What it is still asked: a question that has its reply is not put again."""
        return [
            problem
            for problem in self.asked
            if project.catalogue.severity(problem.code) != "question" or problem_key(problem) not in self.replies
        ]


def write_feedback(folder: Path, report: Report, bytes_judged: Callable[[Reading], bytes | None]) -> Mapping[str, str]:
    """One message a unit, one marked workbook where there is something to mend, one message for the group.

    Of the changes a unit hears what it changed itself since the version before.
    `bytes_judged` gives the bytes that the problems were found in, none where the file has changed since. Returned
    are the units to which a workbook goes back, each with the reason why it is only a list, empty where it is marked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    returned: dict[str, str] = {}
    deadline, senders = _deadline(report), _senders(report)
    for line in rows_as(UnitLine, report.filings):
        sender = senders[line.unit_id]
        left = sender.unanswered(report.project)
        if left:
            told = _returned_file(sender, report, bytes_judged)
            returned[line.unit_id] = write_marked_copy(folder / f"{line.unit_id}.xlsx", told)
        text = _unit_text(sender, left, line, report, deadline, back_of(returned.get(line.unit_id, "")))
        _write(folder / f"{line.unit_id}.txt", text)
        if revised_list_name(line.unit_id) in text:
            _write(folder / revised_list_name(line.unit_id), _revised_list(sender, report))
    _write(folder / GROUP_MESSAGE, _group_text(report, deadline))
    return returned


def _unit_text(
    sender: _Sender, left: Sequence[Problem], line: UnitLine, report: Report, deadline: str, back: Back
) -> str:
    """The message to one unit; `line` is its line in the list of filings, `back` what goes with it."""
    project = report.project
    is_time_doubted = any(problem.field == "received_at" for problem in sender.asked)
    told = ToUnit(
        sender.unit,
        report.period,
        project,
        left,
        line.verdict,
        None if is_time_doubted else _moment(line.received_at, project),
        bool(report.sample_mark),
        deadline,
        replied=len(sender.asked) - len(left),
        back=back,
        revised=[item.line for item in sender.revised],
        below_done=sender.below_done,
        is_due=report.is_due,
    )
    return unit_message(told)


def _revised_list(sender: _Sender, report: Report) -> str:
    """All that a unit changed since the version before, where its message has no room for it."""
    what = f"{sender.unit.name} – {report.project.plan.full_name(report.period)}: thay đổi so với bản gửi trước"
    lines = [report.sample_mark, what, *(f"- {unlinked(item.line)}" for item in sender.revised)]
    return "\n".join(filter(None, lines))


def _group_text(report: Report, deadline: str) -> str:
    filings = report.tally.filings
    unfiled = {kind: len(units) for kind, units in filings.unfiled.items()}
    about = report.period, report.project, bool(report.sample_mark), deadline
    return group_message(unfiled, filings.expected, *about, is_due=report.is_due)


def _deadline(report: Report) -> str:
    """Until when, in words. A form that came after the deadline tells that it has passed."""
    if not report.is_due:
        return deadline_words(report.period, report.as_of)
    is_sample, zone = bool(report.sample_mark), report.project.plan.zone
    heard = [
        reading
        for reading in report.judged.settlement.readings
        if reading.is_form and (is_sample or not reading.is_sample)
    ]
    days = [reading.arrival.received_at.astimezone(zone).date() for reading in heard]
    return deadline_words(report.period, max([report.as_of, *days]))


def _senders(report: Report) -> dict[str, _Sender]:
    asked, replies = _to_mend_by_unit(report.judged.open_problems, report.project), _replies_by_unit(report)
    numbers, chains = _newest_revisions(report), report.judged.settlement.versions.chains
    revised = _revised_by_unit(report)
    judged = below_done(rows_as(TaskLine, report.judged.completeness))
    return {
        unit_id: _Sender(
            report.project.register.by_id[unit_id],
            asked.get(unit_id, ()),
            replies.get(unit_id, {}),
            chains.get(unit_id, ()),
            numbers.get(unit_id, 0) + 1,
            revised.get(unit_id, ()),
            judged.get(unit_id, {}) if unit_id in chains else {},
        )
        for unit_id in report.filings["unit_id"]
    }


def _returned_file(sender: _Sender, report: Report, bytes_judged: Callable[[Reading], bytes | None]) -> ReturnedFile:
    """The file that goes back to a unit, with the problems of its other files behind its own."""
    chain, readings = sender.chain, report.judged.settlement.readings
    places = {reading.file: doc for doc, reading in enumerate(readings)}
    place = _place_of_copy({places[problem.file] for problem in sender.asked}, chain)
    original = readings[place]
    return ReturnedFile(
        original.file,
        original.kind,
        bytes_judged(original),
        sorted(sender.asked, key=lambda problem: problem.file != original.file),
        report.project,
        report.period,
        sender.unit,
        bool(report.sample_mark),
        next_revision=sender.next_revision,
        others_in_force=[readings[doc].file for doc in chain if doc != place] if place in chain else [],
        is_supplement=place in chain[1:],
        replies=sender.replies,
        revised=sender.revised,
    )


def _to_mend_by_unit(problems: Sequence[Problem], project: Project) -> dict[str, list[Problem]]:
    """The problems that ask something, by unit and in their order."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if project.catalogue.severity(problem.code) in SEVERITIES_TO_MEND:
            found.setdefault(problem.unit_id, []).append(problem)
    return found


def _revised_by_unit(report: Report) -> dict[str, list[Revision]]:
    """What each unit changed in its forms that are in force or go back, since the version before each."""
    files = tuples(report.submissions, "file", "unit_id", "state")
    owner = {file: unit_id for file, unit_id, state in files if state in ("in-force", "returned")}
    changes = (change for change in report.judged.settlement.changes if change.file in owner)
    found: dict[str, list[Revision]] = {}
    for item in revisions(changes, report.project.form):
        found.setdefault(owner[item.file], []).append(item)
    return found


def _replies_by_unit(report: Report) -> dict[str, dict[str, str]]:
    """What each unit has answered so far, by problem, so that nobody has to answer twice."""
    found: dict[str, dict[str, str]] = {}
    for unit_id, reply, *key in tuples(report.problems, "unit_id", "reply", "code", "sheet", "cell", "field"):
        if reply:
            found.setdefault(unit_id, {})["|".join(key)] = reply
    return found


def _newest_revisions(report: Report) -> dict[str, int]:
    """The largest revision number that each unit has sent, in force or not, so that the next one is free."""
    found: dict[str, int] = {}
    for unit_id, revision in tuples(report.submissions, "unit_id", "revision"):
        if revision:
            found[unit_id] = max(found.get(unit_id, 0), int(revision))
    return found


def _moment(text: str, project: Project) -> datetime | None:
    """When a unit's form was received, as the list of units writes it; empty for one that sent none."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=project.plan.zone) if text else None


def _place_of_copy(with_problems: Collection[int], chain: Sequence[int]) -> int:
    """The file that goes back: the newest in force if it has problems, else the last file that has."""
    return next((doc for doc in reversed(chain) if doc in with_problems), max(with_problems))


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
