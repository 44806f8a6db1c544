"""What became of every file, and who has filed: one line a file, one line a unit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import TypeVar

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.judge.versions import Versions
from pipeline.values.cells import is_missing
from pipeline.values.forms import Reading
from pipeline.values.problems import Problem
from pipeline.values.states import VERDICTS, Severity, Verdict

T = TypeVar("T")

FILE_COLUMNS = (
    "file",
    "sha256",
    "unit_id",
    "revision",
    "received_at",
    "on_time",
    "state",
    "verdict",
    "reason",
    "channel",
    "is_booked",
)
UNIT_COLUMNS = (
    "unit_id",
    "name",
    "kind",
    "filing",
    "received_at",
    "file",
    "revision",
    "verdict",
    "blocked",
    "questions",
    "returned_files",
    "signed_only",
)
_BY_SEVERITY: Mapping[Severity, Verdict] = {
    "block-file": "returned",
    "block-row": "partial",
    "question": "questions",
    "note": "accepted",
}


def list_submissions(
    readings: Sequence[Reading],
    versions: Versions,
    cards: pd.DataFrame,
    problems: Sequence[Problem],
    project: Project,
    period: Period,
) -> pd.DataFrame:
    """One row a file of the folder (see `FILE_COLUMNS`), in the order of their names."""
    deadline = project.plan.deadline(period)
    revisions = dict(zip(cards["doc"], cards["revision"], strict=True))
    verdicts = _verdicts(problems, project)
    lines = []
    for doc, (reading, decision) in enumerate(zip(readings, versions.decisions, strict=True)):
        revision = revisions.get(doc, float("nan"))
        received = reading.arrival.received_at
        verdict = (
            verdicts.get(reading.file, "accepted") if decision.state not in ("returned", "not-a-form") else "returned"
        )
        shown_revision = "" if is_missing(revision) else str(int(revision))
        is_on_time = "yes" if received < deadline else "no"
        lines.append(
            (
                reading.file,
                reading.sha256,
                reading.unit_id,
                shown_revision,
                time_text(received),
                is_on_time,
                decision.state,
                verdict,
                decision.reason,
                reading.arrival.channel,
                "yes" if reading.arrival.is_booked else "no",
            )
        )
    return pd.DataFrame(lines, columns=list(FILE_COLUMNS))


def list_units(
    units: Sequence[Unit],
    submissions: pd.DataFrame,
    versions: Versions,
    readings: Sequence[Reading],
    problems: Sequence[Problem],
    project: Project,
) -> pd.DataFrame:
    """One row an expected unit (see `UNIT_COLUMNS`): on time, late or missing, and what is to be mended.

    `filing`: on time when its first valid version was; a later correction does not make a punctual unit late. `received_at` is
    that of the newest form in force or, where there is none, of the last that came back.
    """
    listed = zip(submissions.to_dict("records"), versions.decisions, strict=True)
    by_unit = _grouped((row for row, decision in listed if not decision.is_set_aside), itemgetter("unit_id"))
    by_problem = _grouped(problems, attrgetter("unit_id"))
    signed = {
        reading.problems[0].facts["signed_copy_of"]
        for reading in readings
        if reading.problems and "signed_copy_of" in reading.problems[0].facts
    }
    lines = []
    for unit in units:
        rows = by_unit.get(unit.unit_id, [])
        valid = [row for row in rows if row["state"] in ("in-force", "superseded", "duplicate")]
        returned = [row for row in rows if row["state"] == "returned"]
        chain = versions.chains.get(unit.unit_id, ())
        files = [readings[doc].file for doc in chain]
        newest = (
            next((row for row in valid if row["file"] == files[-1]), None)
            if chain
            else max(returned, key=itemgetter("received_at"), default=None)
        )
        found = [project.catalogue.severity(problem.code) for problem in by_problem.get(unit.unit_id, ())]
        lines.append(
            {
                "unit_id": unit.unit_id,
                "name": unit.name,
                "kind": unit.kind,
                "filing": "missing"
                if not chain
                else "on-time"
                if any(row["on_time"] == "yes" for row in valid)
                else "late",
                "received_at": newest["received_at"] if newest else "",
                "file": "; ".join(files),
                "revision": newest["revision"] if newest and chain else "",
                "verdict": _worst([row["verdict"] for row in valid if row["state"] == "in-force"])
                if chain
                else "returned"
                if returned
                else "missing",
                "blocked": found.count("block-row") + found.count("block-file"),
                "questions": found.count("question"),
                "returned_files": len(returned),
                "signed_only": unit.unit_id in signed,
            }
        )
    return pd.DataFrame(lines, columns=list(UNIT_COLUMNS))


def _grouped(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def time_text(moment: datetime) -> str:
    """Local time to the second, sortable."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _verdicts(problems: Sequence[Problem], project: Project) -> dict[str, Verdict]:
    """The verdict of each file that has problems."""
    found: dict[str, list[Severity]] = {}
    for problem in problems:
        found.setdefault(problem.file, []).append(project.catalogue.severity(problem.code))
    return {file: verdict_of(severities) for file, severities in found.items()}


def verdict_of(severities: Sequence[Severity]) -> Verdict:
    """The verdict on a form with problems of these severities."""
    return _worst([_BY_SEVERITY[severity] for severity in severities])


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    return max(verdicts, key=VERDICTS.index, default="accepted")
