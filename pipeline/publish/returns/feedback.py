"""`phan-hoi/`: for each unit its own workbook marked where it needs mending, and a short message to paste into Zalo."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.declare.project import Project
from pipeline.declare.todo import problem_key
from pipeline.publish.report import Report
from pipeline.publish.returns.marked_copy import write_marked_copy
from pipeline.publish.sentences.messages import SEVERITIES_TO_MEND, deadline_words, group_message, unit_message
from pipeline.values.forms import Reading
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import UnitLine
from pipeline.values.problems import Problem

GROUP = "nhom-zalo.txt"


def write_feedback(
    folder: Path,
    report: Report,
    problems: Sequence[Problem],
    readings: Sequence[Reading],
    chains: Mapping[str, tuple[int, ...]],
) -> None:
    """One message a unit, one marked workbook where there is something to mend, one message for the group."""
    folder.mkdir(parents=True, exist_ok=True)
    project, period = report.project, report.period
    is_sample = bool(report.sample_mark)
    heard = (
        reading.arrival.received_at for reading in readings if reading.is_form and (is_sample or not reading.is_sample)
    )
    latest = max((moment.astimezone(project.plan.zone).date() for moment in heard), default=report.as_of)
    deadline = deadline_words(
        period, max(report.as_of, latest)
    )  # a form that came after the deadline tells that it has passed
    to_mend, replies, revisions = (
        _to_mend_by_unit(problems, project),
        _replies_by_unit(report),
        _newest_revisions(report),
    )
    places = {reading.file: doc for doc, reading in enumerate(readings)}
    for line in rows_as(UnitLine, report.filings):
        unit = project.register.by_id[line.unit_id]
        mine, known = to_mend.get(unit.unit_id, []), replies.get(unit.unit_id, {})
        left = [
            problem
            for problem in mine
            if not (project.catalogue.severity(problem.code) == "question" and problem_key(problem) in known)
        ]
        received = (
            datetime.strptime(line.received_at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=project.plan.zone)
            if line.received_at
            else None
        )
        text = unit_message(
            unit, period, project, left, line.verdict, received, is_sample, deadline, replied=len(mine) - len(left)
        )
        (folder / f"{unit.unit_id}.txt").write_text(text + "\n", encoding="utf-8")
        if left:
            chain = chains.get(unit.unit_id, ())
            place = _place_of_copy([places[problem.file] for problem in mine], chain)
            original = readings[place]
            same_file = [problem for problem in mine if problem.file == original.file]
            others = [problem for problem in mine if problem.file != original.file]
            write_marked_copy(
                folder / f"{unit.unit_id}.xlsx",
                _bytes_of(original),
                original.file,
                original.kind,
                [*same_file, *others],
                project,
                period,
                unit,
                is_sample,
                next_revision=revisions.get(unit.unit_id, 0) + 1,
                others_in_force=[readings[doc].file for doc in chain if doc != place] if place in chain else [],
                is_supplement=place in chain[1:],
                replies=known,
            )
    unfiled = {kind: len(units) for kind, units in report.unfiled.items()}
    (folder / GROUP).write_text(
        group_message(unfiled, len(report.units), period, project, is_sample, deadline) + "\n", encoding="utf-8"
    )


def _to_mend_by_unit(problems: Sequence[Problem], project: Project) -> dict[str, list[Problem]]:
    """The problems that ask something, by unit and in their order."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if project.catalogue.severity(problem.code) in SEVERITIES_TO_MEND:
            found.setdefault(problem.unit_id, []).append(problem)
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


def _bytes_of(reading: Reading) -> bytes | None:
    """The unit's own workbook, or nothing when the file cannot be read now."""
    try:
        return reading.arrival.path.read_bytes()
    except OSError:
        return None


def _place_of_copy(with_problems: Sequence[int], chain: Sequence[int]) -> int:
    """The file that goes back: the newest in force if it has problems, else the last file that has."""
    return next((doc for doc in reversed(chain) if doc in with_problems), max(with_problems))
