"""Take in files: open, locate, identify. One `Reading` comes back for each, whatever the file holds; nothing is raised."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.files.kinds import is_ignored
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.opening import Opened, open_file
from pipeline.intake.hidden import hidden_problems
from pipeline.intake.identify import identify
from pipeline.intake.locate import locate
from pipeline.intake.pairs import share_out
from pipeline.intake.printed import printed_problems
from pipeline.intake.remarks import logged_comments
from pipeline.intake.replies import read_replies
from pipeline.intake.signed import signed_copy_of, suggested_unit
from pipeline.values.forms import Arrival, Reading
from pipeline.values.problems import Problem


def take_in(
    arrivals: Sequence[Arrival],
    project: Project,
    period: Period,
    begin: Callable[[int], None],
    refusal: Opened | None = None,
    limits: Limits = STANDARD,
) -> tuple[Reading, ...]:
    """A reading for each arrival. Meant for a process of its own: `begin` is told which file is opened next.

    `refusal`: what is known of a file that cannot be opened; it is then only hashed and named.
    """
    readings = []
    for position, arrival in enumerate(arrivals):
        begin(position)
        readings.append(_take_in(arrival, project, period, refusal, limits))
    return tuple(readings)


def _take_in(arrival: Arrival, project: Project, period: Period, refusal: Opened | None, limits: Limits) -> Reading:
    if is_ignored(arrival.file):
        return Reading(arrival, "", "ignored")
    try:
        if arrival.size > limits.file_bytes:
            return _refused(
                arrival,
                _hashed(arrival),
                Opened("large", "file-too-large", {"detail": f"{arrival.size // 1_000_000} MB"}),
                project,
            )
        data = arrival.path.read_bytes()
    except OSError:
        detail = {"detail": " (tệp đang bị khóa hoặc không đọc được)"}
        return _refused(arrival, "", Opened("unreadable", "file-corrupt", detail), project)
    sha256 = hashlib.sha256(data).hexdigest()
    opened = refusal or open_file(data, limits, project.form.unread_sheets)
    if opened.code:
        return _refused(arrival, sha256, opened, project)
    return _read_form(arrival, sha256, opened, project, period)


def _hashed(arrival: Arrival) -> str:
    """Only hashed, piece by piece, and never held whole."""
    with arrival.path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _refused(arrival: Arrival, sha256: str, opened: Opened, project: Project) -> Reading:
    facts: Mapping[str, str] = {"office": project.plan.office, **opened.facts}
    if unit_id := signed_copy_of(opened.kind, arrival.file, opened.inside, project.register):
        facts = {**facts, "signed_copy_of": unit_id}
    return Reading(arrival, sha256, opened.kind, problems=(Problem(opened.code, arrival.file, facts=facts),))


def _read_form(arrival: Arrival, sha256: str, opened: Opened, project: Project, period: Period) -> Reading:
    located = locate(opened.sheets, project.form)
    if not located.card and not located.tables:
        return _refused(
            arrival, sha256, replace(opened, code="not-a-form", facts={"detail": _sheet_names(opened)}), project
        )
    located = replace(located, tables={table: project.name_rows(found) for table, found in located.tables.items()})
    unit_id, problems = identify(located.card, located.meta, located.card_sheet, arrival.file, project, period)
    located = share_out(located, unit_id, project)
    if not located.card:
        name = project.form.card.name
        unit_id, problems = "", [Problem("sheet-missing", arrival.file, sheet=name, table="card", value=name)]
    problems += _other_name(arrival, unit_id, project)
    found = (
        *problems,
        *located.problems,
        *hidden_problems(opened, located, project.form),
        *printed_problems(opened.sheets, located, project),
    )
    mine = tuple(replace(problem, file=arrival.file, unit_id=problem.unit_id or unit_id) for problem in found)
    is_sample = located.meta.get("sample") == project.form.sample_mark
    replies = next((read_replies(sheet.rows) for sheet in opened.sheets if sheet.name == project.form.todo_sheet), {})
    said = logged_comments(opened.sheets, located, project)
    comments = tuple(replace(line, file=arrival.file, unit_id=unit_id) for line in said)
    return Reading(
        arrival,
        sha256,
        opened.kind,
        unit_id,
        True,
        is_sample,
        located.card_sheet,
        located.card,
        located.tables,
        mine,
        replies,
        comments,
    )


def _other_name(arrival: Arrival, unit_id: str, project: Project) -> list[Problem]:
    """The file name says nothing about whose form it is, but one that clearly names another unit is worth a word."""
    suggested = suggested_unit(arrival.file, project.register)
    if not unit_id or not suggested or suggested == unit_id:
        return []
    facts = {"named": project.register.name(suggested), "official": project.register.name(unit_id)}
    return [Problem("file-name-differs", arrival.file, unit_id, value=arrival.file, facts=facts)]


def _sheet_names(opened: Opened) -> str:
    shown = ", ".join(f"“{sheet.name}”" for sheet in opened.sheets[:4])
    return f" (có các sheet {shown})" if shown else ""
