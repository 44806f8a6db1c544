"""`phan-hoi/`: for each unit its own workbook marked where it needs mending, and a short message to paste into Zalo."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Reading
from pipeline.publish.report import Report, records, tuples
from pipeline.publish.returns.marked_copy import write_marked_copy
from pipeline.publish.returns.messages import SEVERITIES_TO_MEND, deadline_words, group_message, unit_message

GROUP = "nhom-zalo.txt"


def write_feedback(folder: Path, report: Report, problems: Sequence[Problem], readings: Sequence[Reading], chains: Mapping[str, tuple[int, ...]]) -> None:
    """One message a unit, one marked workbook where there is something to mend, one message for the group."""
    folder.mkdir(parents=True, exist_ok=True)
    project, period = report.project, report.period
    is_sample = bool(report.sample_mark)
    deadline = deadline_words(period, report.as_of)
    to_mend, replies = _to_mend_by_unit(problems, project), _replies_by_unit(report)
    places = {reading.file: doc for doc, reading in enumerate(readings)}
    for line in records(report.filings):
        unit = project.register.by_id[line.unit_id]
        mine = to_mend.get(unit.unit_id, [])
        received = datetime.strptime(line.received_at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=project.plan.zone) if line.received_at else None
        text = unit_message(unit, period, project, mine, line.verdict, received, is_sample, deadline)
        (folder / f"{unit.unit_id}.txt").write_text(text + "\n", encoding="utf-8")
        if mine:
            original = readings[_place_of_copy([places[problem.file] for problem in mine], chains.get(unit.unit_id, ()))]
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
                replies=replies.get(unit.unit_id),
            )
    unfiled = {kind: len(units) for kind, units in report.unfiled.items()}
    (folder / GROUP).write_text(group_message(unfiled, len(report.units), period, project, is_sample, deadline) + "\n", encoding="utf-8")


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


def _bytes_of(reading: Reading) -> bytes | None:
    """The unit's own workbook, or nothing when the file cannot be read now."""
    try:
        return reading.arrival.path.read_bytes()
    except OSError:
        return None


def _place_of_copy(with_problems: Sequence[int], chain: Sequence[int]) -> int:
    """The file that goes back: the newest in force if it has problems, else the last file that has."""
    return next((doc for doc in reversed(chain) if doc in with_problems), max(with_problems))
