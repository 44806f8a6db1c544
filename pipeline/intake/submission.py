"""Take in files: open, locate, identify. One `Reading` comes back for each, whatever the file holds; nothing is raised."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.declare.plan import Period
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Arrival, Reading
from pipeline.intake.hidden import hidden_problems
from pipeline.intake.identify import identify
from pipeline.intake.isolate import Reader
from pipeline.intake.limits import STANDARD
from pipeline.intake.locate import Located, locate
from pipeline.intake.look import is_ignored
from pipeline.intake.opening import Opened
from pipeline.intake.replies import read_replies
from pipeline.intake.signed import SCANS, suggested_unit


@dataclass(frozen=True, slots=True)
class _Sent:
    """One file on its way through the reader; `opened` is there when it need not be opened at all."""

    arrival: Arrival
    sha256: str = ""
    opened: Opened | None = None


def read_submissions(arrivals: Iterable[Arrival], project: Project, period: Period) -> Iterator[Reading]:
    """Read a whole folder in its order; while one form is taken apart, the reading process opens the next file."""
    with Reader() as reader:
        before: _Sent | None = None
        for arrival in arrivals:
            data, sent = _load(arrival)
            opened = _opened(before, reader) if before else None
            if not sent.opened:
                reader.begin(data)
            if before and opened:
                yield _reading(before, opened, project, period)
            before = sent
        if before:
            yield _reading(before, _opened(before, reader), project, period)


def read_submission(arrival: Arrival, project: Project, period: Period, reader: Reader | None = None) -> Reading:
    """Read one arrival as a form of the period. Without a `reader`, a reading process is started for this file alone."""
    if reader is None:
        with Reader() as own:
            return read_submission(arrival, project, period, own)
    data, sent = _load(arrival)
    return _reading(sent, sent.opened or reader.open(data), project, period)


def _load(arrival: Arrival) -> tuple[bytes, _Sent]:
    if is_ignored(arrival.file):
        return b"", _Sent(arrival, opened=Opened("ignored"))
    try:
        if arrival.size > STANDARD.file_bytes:
            return b"", _too_large(arrival)
        data = arrival.path.read_bytes()
    except OSError:
        detail = {"detail": " (tệp đang bị khóa hoặc không đọc được)"}
        return b"", _Sent(arrival, opened=Opened("unreadable", "file-corrupt", detail))
    return data, _Sent(arrival, hashlib.sha256(data).hexdigest())


def _too_large(arrival: Arrival) -> _Sent:
    """Only hashed, piece by piece, and never held whole."""
    with arrival.path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    return _Sent(arrival, sha256, Opened("large", "file-too-large", {"detail": f"{arrival.size // 1_000_000} MB"}))


def _opened(sent: _Sent, reader: Reader) -> Opened:
    return sent.opened or reader.finish()


def _reading(sent: _Sent, opened: Opened, project: Project, period: Period) -> Reading:
    if opened.kind == "ignored":
        return Reading(sent.arrival, "", "ignored")
    if opened.code:
        return _refused(sent.arrival, sent.sha256, opened, project)
    return _read_form(sent.arrival, sent.sha256, opened, project, period)


def _refused(arrival: Arrival, sha256: str, opened: Opened, project: Project) -> Reading:
    facts: Mapping[str, str] = {"office": project.plan.office, **opened.facts}
    if opened.kind in SCANS and (unit_id := suggested_unit(arrival.file, project.register)):
        facts = {**facts, "signed_copy_of": unit_id}
    return Reading(arrival, sha256, opened.kind, problems=(Problem(opened.code, arrival.file, facts=facts),))


def _read_form(arrival: Arrival, sha256: str, opened: Opened, project: Project, period: Period) -> Reading:
    located = locate(opened.sheets, project.form)
    if not located.card and not located.tables:
        return _refused(arrival, sha256, replace(opened, code="not-a-form", facts={"detail": _sheet_names(opened)}), project)
    unit_id, problems = identify(located.card, located.card_sheet, arrival.file, project, period)
    if not located.card:
        name = project.form.card.name
        unit_id, problems = "", [Problem("sheet-missing", arrival.file, sheet=name, table="card", value=name)]
    problems += _other_name(arrival, unit_id, project)
    found = (*problems, *_told_once(located, hidden_problems(opened, located, project.form)))
    mine = tuple(replace(problem, file=arrival.file, unit_id=problem.unit_id or unit_id) for problem in found)
    is_sample = located.meta.get("sample") == project.form.sample_mark
    replies = next((read_replies(sheet.rows) for sheet in opened.sheets if sheet.name == project.form.todo_sheet), {})
    return Reading(arrival, sha256, opened.kind, unit_id, True, is_sample, located.card_sheet, located.card, located.tables, mine, replies)


def _other_name(arrival: Arrival, unit_id: str, project: Project) -> list[Problem]:
    """The file name says nothing about whose form it is, but one that clearly names another unit is worth a word."""
    suggested = suggested_unit(arrival.file, project.register)
    if not unit_id or not suggested or suggested == unit_id:
        return []
    facts = {"named": project.register.name(suggested), "official": project.register.name(unit_id)}
    return [Problem("file-name-differs", arrival.file, unit_id, value=arrival.file, facts=facts)]


def _told_once(located: Located, hidden: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """A sheet that is hidden and also unknown is asked about once, as hidden."""
    known = {problem.sheet for problem in hidden if problem.code == "hidden-data"}
    return (*(problem for problem in located.problems if problem.code != "unknown-sheet" or problem.sheet not in known), *hidden)


def _sheet_names(opened: Opened) -> str:
    shown = ", ".join(f"“{sheet.name}”" for sheet in opened.sheets[:4])
    return f" (có các sheet {shown})" if shown else ""
