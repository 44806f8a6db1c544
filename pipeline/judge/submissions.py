"""What became of every file, and who has filed: one line a file, one line a unit."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Reading, is_missing
from pipeline.declare.register import Unit
from pipeline.judge.versions import Versions

FILE_COLUMNS = ("file", "sha256", "unit_id", "revision", "received_at", "on_time", "state", "verdict", "reason", "channel", "is_booked")
UNIT_COLUMNS = ("unit_id", "name", "kind", "filing", "received_at", "file", "revision", "verdict", "blocked", "questions", "returned_files", "signed_only")
_BY_SEVERITY = {"block-file": "returned", "block-row": "partial", "question": "questions", "note": "accepted"}


def list_submissions(
    readings: Sequence[Reading], versions: Versions, cards: pd.DataFrame, problems: Sequence[Problem], project: Project, period: Period
) -> pd.DataFrame:
    """One row a file of the folder (see `FILE_COLUMNS`), in the order of their names."""
    deadline = project.plan.deadline(period)
    revisions = dict(zip(cards["doc"], cards["revision"], strict=True))
    verdicts = _verdicts(problems, project)
    lines = []
    for doc, (reading, decision) in enumerate(zip(readings, versions.decisions, strict=True)):
        revision = revisions.get(doc, float("nan"))
        received = reading.arrival.received_at
        verdict = verdicts.get(reading.file, "accepted") if decision.state not in ("returned", "not-a-form") else "returned"
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
    chains: Mapping[str, tuple[int, ...]],
    readings: Sequence[Reading],
    problems: Sequence[Problem],
    project: Project,
) -> pd.DataFrame:
    """One row an expected unit (see `UNIT_COLUMNS`): on time, late or missing, and what is to be mended.

    `filing`: on time when its first valid version was; a later correction does not make a punctual unit late.
    """
    by_unit = {str(unit_id): rows for unit_id, rows in submissions.groupby("unit_id")}
    signed = {reading.problems[0].facts["signed_copy_of"] for reading in readings if reading.problems and "signed_copy_of" in reading.problems[0].facts}
    lines = []
    for unit in units:
        rows = by_unit.get(unit.unit_id, submissions.iloc[:0])
        valid = rows[rows["state"].isin(("in-force", "superseded", "duplicate"))]
        chain = chains.get(unit.unit_id, ())
        mine = [problem for problem in problems if problem.unit_id == unit.unit_id]
        blocked = sum(project.catalogue.severity(problem.code) in ("block-row", "block-file") for problem in mine)
        asked = sum(project.catalogue.severity(problem.code) == "question" for problem in mine)
        filing = "missing" if not chain else "on-time" if (valid["on_time"] == "yes").any() else "late"
        line = rows[rows["file"] == readings[chain[-1]].file].iloc[0] if chain else None
        verdict = _worst(rows[rows["state"] == "in-force"]["verdict"]) if chain else "returned" if len(rows) else "missing"
        received = valid["received_at"].min() if chain else ""
        files = "; ".join(readings[doc].file for doc in chain)
        revision = "" if line is None else line["revision"]
        returned = int((rows["state"] == "returned").sum())
        lines.append((unit.unit_id, unit.name, unit.kind, filing, received, files, revision, verdict, blocked, asked, returned, unit.unit_id in signed))
    return pd.DataFrame(lines, columns=list(UNIT_COLUMNS))


def time_text(moment: datetime) -> str:
    """Local time to the second, sortable."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _verdicts(problems: Sequence[Problem], project: Project) -> dict[str, str]:
    """The verdict of each file that has problems."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.file, []).append(project.catalogue.severity(problem.code))
    return {file: verdict_of(severities) for file, severities in found.items()}


def verdict_of(severities: Sequence[str]) -> str:
    """The verdict on a form with problems of these severities."""
    return _worst([_BY_SEVERITY[severity] for severity in severities])


def _worst(verdicts: Sequence[str]) -> str:
    order = ("accepted", "questions", "partial", "returned")
    return max(verdicts, key=order.index, default="accepted")
