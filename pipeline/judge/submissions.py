"""What became of every file, and who has filed: one line a file, one line a unit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.judged.settlement import Decision, Versions
from pipeline.values.cells import is_missing
from pipeline.values.forms import Reading
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import FileLine, UnitLine
from pipeline.values.problems import Problem
from pipeline.values.states import VERDICTS, Filing, Severity, UnitVerdict, Verdict

T = TypeVar("T")

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
    """One row a file of the folder (see `FileLine`), in the order of their names."""
    deadline = project.plan.deadline(period)
    keys = ("doc", "revision", "plan_number", "plan_date")
    answers = {doc: tuple(told) for doc, *told in tuples(cards, *keys)}
    found = _severities(problems, attrgetter("file"), project)
    lines = [
        _file_line(reading, decision, answers.get(doc, (None, None, None)), found.get(reading.file, ()), deadline)
        for doc, (reading, decision) in enumerate(zip(readings, versions.decisions, strict=True))
    ]
    return pd.DataFrame(lines, columns=list(FileLine._fields))


def _file_line(
    reading: Reading, decision: Decision, answers: tuple[Any, ...], severities: Sequence[Severity], deadline: datetime
) -> FileLine:
    revision, plan_number, plan_date = answers
    is_out = decision.state in ("returned", "not-a-form")
    return FileLine(
        file=reading.file,
        sha256=reading.sha256,
        unit_id=reading.unit_id,
        revision="" if is_missing(revision) else str(int(revision)),
        received_at=time_text(reading.arrival.received_at),
        on_time="yes" if reading.arrival.received_at < deadline else "no",
        state=decision.state,
        verdict="returned" if is_out else verdict_of(severities),
        reason=decision.reason,
        channel=reading.arrival.channel,
        is_booked="yes" if reading.arrival.is_booked else "no",
        form_version=reading.version,
        plan_number="" if is_missing(plan_number) else str(plan_number),
        plan_date="" if is_missing(plan_date) else plan_date.date().isoformat(),
    )


def list_units(
    units: Sequence[Unit],
    submissions: pd.DataFrame,
    versions: Versions,
    readings: Sequence[Reading],
    problems: Sequence[Problem],
    project: Project,
    is_due: bool = True,
) -> pd.DataFrame:
    """One row an expected unit (see `UnitLine`): whether it has filed, and what is to be mended.

    `is_due`: whether the deadline is past; before that, nobody is missing.

    `filing`: on time when its first valid version was; a later correction does not make a punctual unit late.
    `received_at` is that of the newest form in force or, where there is none, of the last that came back.
    """
    listed = zip(rows_as(FileLine, submissions), versions.decisions, strict=True)
    sent = _grouped((line for line, decision in listed if not decision.is_set_aside), attrgetter("unit_id"))
    found = _severities(problems, attrgetter("unit_id"), project)
    signed = _signed(readings)
    lines = []
    for unit in units:
        own = [readings[doc] for doc in versions.chains.get(unit.unit_id, ())]
        is_older = own != [] and all(reading.version in project.older for reading in own)
        mine = sent.get(unit.unit_id, ()), [reading.file for reading in own], found.get(unit.unit_id, ())
        line = _unit_line(unit, *mine, signed_only=unit.unit_id in signed, is_due=is_due)
        lines.append(line._replace(older_form=is_older))
    return pd.DataFrame(lines, columns=list(UnitLine._fields))


def _unit_line(
    unit: Unit,
    sent: Sequence[FileLine],
    in_force: Sequence[str],
    severities: Sequence[Severity],
    *,
    signed_only: bool,
    is_due: bool,
) -> UnitLine:
    """`in_force`: the files of the unit that are, base first; `severities`: those of its problems."""
    returned = [line for line in sent if line.state == "returned"]
    filing, verdict, newest = _filed(sent, in_force[-1]) if in_force else _unfiled(returned, signed_only, is_due)
    return UnitLine(
        unit_id=unit.unit_id,
        name=unit.name,
        kind=unit.kind,
        filing=filing,
        received_at=newest.received_at if newest else "",
        file="; ".join(in_force),
        revision=newest.revision if newest and in_force else "",
        verdict=verdict,
        blocked=severities.count("block-row") + severities.count("block-file"),
        questions=severities.count("question"),
        returned_files=len(returned),
        signed_only=signed_only,
        older_form=False,
    )


def _filed(sent: Iterable[FileLine], newest: str) -> tuple[Filing, UnitVerdict, FileLine | None]:
    """When a unit has filed, what is thought of its forms in force, and the newest of them."""
    valid = [line for line in sent if line.state in ("in-force", "superseded", "duplicate")]
    is_on_time = any(line.on_time == "yes" for line in valid)
    verdict = _worst([line.verdict for line in valid if line.state == "in-force"])
    return "on-time" if is_on_time else "late", verdict, next((line for line in valid if line.file == newest), None)


def _unfiled(
    returned: Sequence[FileLine], signed_only: bool, is_due: bool
) -> tuple[Filing, UnitVerdict, FileLine | None]:
    """The same of a unit without a form in force, and the last that came back, if one did."""
    silent: Filing = "missing" if is_due else "not-due"
    filing: Filing = "unusable" if returned or signed_only else silent
    return filing, "returned" if returned else "missing", max(returned, key=attrgetter("received_at"), default=None)


def _signed(readings: Iterable[Reading]) -> set[str]:
    """The units of which a signed copy came, which nobody can read."""
    first_of_each = (reading.problems[0].facts for reading in readings if reading.problems)
    return {facts["signed_copy_of"] for facts in first_of_each if "signed_copy_of" in facts}


def _grouped(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def time_text(moment: datetime) -> str:
    """Local time to the second, sortable."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _severities(
    problems: Iterable[Problem], key: Callable[[Problem], str], project: Project
) -> dict[str, list[Severity]]:
    """How grave the problems are, by what `key` takes of them."""
    groups = _grouped(problems, key)
    return {name: [project.catalogue.severity(problem.code) for problem in found] for name, found in groups.items()}


def verdict_of(severities: Sequence[Severity]) -> Verdict:
    """The verdict on a form with problems of these severities."""
    return _worst([_BY_SEVERITY[severity] for severity in severities])


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    return max(verdicts, key=VERDICTS.index, default="accepted")
