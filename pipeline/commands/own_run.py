"""What has become of the forms of another period since the run of that period itself, as its outputs tell."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.declare.project import Project
from pipeline.judged.settlement import Settlement
from pipeline.publish.outputs import RECORD, TABLES
from pipeline.publish.tables import harmless
from pipeline.words.lists import named

_MOST_NAMES = 5
_GUARD = "'"  # what stands before a name that a program would take for a formula
_COLUMNS = {"file", "sha256", "unit_id", "state"}
_Forms = Mapping[str, tuple[str, str]]  # fingerprint and unit of the forms in force, by file as the CSV holds it


def changed_since_own_run(settled: Settlement, outputs: Path, project: Project) -> str:
    """Which units and files dropped out, came or changed since then, in one sentence; empty where none did.

    So it is where nothing tells. A file that only has another name now is no change; sample forms that stand aside
    are told elsewhere.
    """
    then = _used_then(outputs)
    if then is None:
        return ""
    readings, decisions = settled.readings, settled.versions.decisions
    aside = {readings[doc].unit_id for doc, one in enumerate(decisions) if one.is_set_aside}
    in_force = (readings[doc] for doc in settled.versions.in_force)
    now = {harmless(reading.file): (reading.sha256, reading.unit_id) for reading in in_force}
    lost = _without_same(then, now)
    kinds = {
        "không còn biểu dùng được của": _units(lost, {*_owners(now), *aside}, project),
        "không còn dùng": [
            _file(name, lost, project) for name in lost if name not in now and lost[name][1] not in aside
        ],
        "mới dùng": [_file(name, now, project) for name in _without_same(now, then) if name not in then],
        "đổi nội dung": [_file(name, now, project) for name in lost if name in now],
    }
    told = (f"{kind} {named(names, _MOST_NAMES, 'tên khác')}" for kind, names in kinds.items() if names)
    words = "; ".join(told)
    return f"So với lần chạy {settled.period.name} đã ghi ở {outputs}: {words}." if words else ""


def _without_same(forms: _Forms, others: _Forms) -> _Forms:
    """The forms that the others do not hold, whatever their files are called."""
    known = set(others.values())
    return {file: form for file, form in forms.items() if form not in known}


def _owners(forms: _Forms) -> set[str]:
    return {unit_id for _, unit_id in forms.values()}


def _units(forms: _Forms, others: Iterable[str], project: Project) -> list[str]:
    left = _owners(forms).difference(others)
    return [unit.name for unit in project.register.units if unit.unit_id in left]


def _file(name: str, forms: _Forms, project: Project) -> str:
    units = project.register.by_id
    unit_id = forms[name][1]
    return f"“{name.removeprefix(_GUARD)}”" + (f" ({units[unit_id].name})" if unit_id in units else "")


def _used_then(outputs: Path) -> _Forms | None:
    """The forms that the run of that period used; nothing where it left no sound record."""
    try:
        if not (outputs / RECORD).is_file():
            return None
        with (outputs / TABLES / "submissions.csv").open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            if not set(reader.fieldnames or ()) >= _COLUMNS:
                return None
            lines = [line for line in reader if line["state"] == "in-force"]
        return {line["file"] or "": (line["sha256"], line["unit_id"]) for line in lines}
    except (OSError, UnicodeError, csv.Error):
        return None
