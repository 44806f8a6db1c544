"""`phan-hoi/`: for each unit its own workbook marked where it needs mending, and a short message to paste into Zalo."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.declare.problems import Problem
from pipeline.declare.records import Reading
from pipeline.publish.report import Report, records, tuples
from pipeline.publish.returns.marked_copy import write_marked_copy
from pipeline.publish.returns.messages import deadline_words, group_message, unit_message

GROUP = "nhom-zalo.txt"
_TO_MEND = ("block-file", "block-row", "question")


def write_feedback(folder: Path, report: Report, problems: Sequence[Problem], readings: Sequence[Reading], chains: Mapping[str, tuple[int, ...]]) -> None:
    """One message a unit, one marked workbook where there is something to mend, one message for the group."""
    folder.mkdir(parents=True, exist_ok=True)
    project, period = report.project, report.period
    is_sample = bool(report.sample_mark)
    severity = project.catalogue.severity
    deadline = deadline_words(period, report.as_of)
    for line in records(report.filings):
        unit = project.register.by_id[line.unit_id]
        mine = [problem for problem in problems if problem.unit_id == unit.unit_id and severity(problem.code) in _TO_MEND]
        received = datetime.strptime(line.received_at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=project.plan.zone) if line.received_at else None
        text = unit_message(unit, period, project, mine, line.verdict, received, is_sample, deadline)
        (folder / f"{unit.unit_id}.txt").write_text(text + "\n", encoding="utf-8")
        if mine:
            original = _copy_to_mark(mine, readings, chains.get(unit.unit_id, ()))
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
                replies=_replies_of(unit.unit_id, report),
            )
    filed = int((report.filings["filing"] != "missing").sum())
    (folder / GROUP).write_text(group_message(filed, len(report.units), period, project, is_sample, deadline) + "\n", encoding="utf-8")


def _bytes_of(reading: Reading) -> bytes | None:
    """The unit's own workbook, or nothing when the file cannot be read now."""
    try:
        return reading.arrival.path.read_bytes()
    except OSError:
        return None


def _replies_of(unit_id: str, report: Report) -> dict[str, str]:
    """What the unit has answered so far, by problem, so that nobody has to answer twice."""
    mine = report.problems[(report.problems["unit_id"] == unit_id) & (report.problems["reply"] != "")]
    return {"|".join(key): reply for *key, reply in tuples(mine, "code", "sheet", "cell", "field", "reply")}


def _copy_to_mark(problems: Sequence[Problem], readings: Sequence[Reading], chain: Sequence[int]) -> Reading:
    """The file that goes back: the newest in force if it has problems, else the last file that has."""
    files = {problem.file for problem in problems}
    in_force = [readings[doc] for doc in reversed(chain) if readings[doc].file in files]
    return in_force[0] if in_force else [reading for reading in readings if reading.file in files][-1]
