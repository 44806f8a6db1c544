"""Take in one file: look, read, locate, identify. One `Reading` comes back whatever the file holds; nothing is raised."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from pipeline.declare.plan import Period
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import Arrival, Reading
from pipeline.intake.identify import identify
from pipeline.intake.locate import locate
from pipeline.intake.look import Look, is_ignored, look
from pipeline.intake.read import UnreadableError, read_workbook


def read_submission(arrival: Arrival, project: Project, period: Period) -> Reading:
    """Read one arrival as a form of the period."""
    if is_ignored(arrival.file):
        return Reading(arrival, "", "ignored")
    try:
        data = arrival.path.read_bytes()
    except OSError:
        return _refused(arrival, "", "unreadable", "file-corrupt", {"detail": " (tệp đang bị khóa hoặc không đọc được)"}, project)
    sha256 = hashlib.sha256(data).hexdigest()
    seen = look(data)
    if seen.code:
        return _refused(arrival, sha256, seen.kind, seen.code, seen.facts, project)
    return _read_form(arrival, sha256, data, seen, project, period)


def _refused(arrival: Arrival, sha256: str, kind: str, code: str, facts: object, project: Project) -> Reading:
    return Reading(arrival, sha256, kind, problems=(Problem(code, arrival.file, facts={"office": project.plan.office, **dict(facts)}),))  # type: ignore[call-overload]


def _read_form(arrival: Arrival, sha256: str, data: bytes, seen: Look, project: Project, period: Period) -> Reading:
    try:
        sheets = read_workbook(data, seen.marks)
    except UnreadableError:
        return _refused(arrival, sha256, seen.kind, "file-corrupt", {"detail": ""}, project)
    located = locate(sheets, project.form)
    if not located.card and not located.tables:
        return _refused(arrival, sha256, seen.kind, "not-a-form", {"detail": _sheet_names(sheet.name for sheet in sheets)}, project)
    unit_id, problems = identify(located.card, located.card_sheet, arrival.file, project, period)
    if not located.card:
        name = project.form.card.name
        unit_id, problems = "", [Problem("sheet-missing", arrival.file, sheet=name, table="card", value=name)]
    mine = [replace(problem, file=arrival.file, unit_id=problem.unit_id or unit_id) for problem in (*problems, *located.problems)]
    is_sample = located.meta.get("sample") == project.form.sample_mark
    return Reading(arrival, sha256, seen.kind, unit_id, True, is_sample, located.card_sheet, located.card, located.tables, tuple(mine))


def _sheet_names(names: Iterable[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in list(names)[:4])
    return f" (có các sheet {shown})" if shown else ""
