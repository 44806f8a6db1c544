"""What has become of the forms of another period since the run of that period itself, as its outputs tell."""

import csv
from collections.abc import Mapping
from pathlib import Path

from pipeline.declare.project import Project
from pipeline.judge.settlement import Settlement
from pipeline.publish.outputs import RECORD, TABLES
from pipeline.words.lists import named

_MOST_NAMES = 5
_COLUMNS = {"file", "sha256", "unit_id", "state"}
_Forms = Mapping[str, tuple[str, str]]  # fingerprint and unit of the forms in force, by file


def changed_since_own_run(settled: Settlement, outputs: Path, project: Project) -> str:
    """Which files dropped out, came or changed since then, in one sentence; empty where none did, or nothing tells."""
    then = _used_then(outputs)
    if then is None:
        return ""
    readings, decisions = settled.readings, settled.versions.decisions
    now = {readings[doc].file: (readings[doc].sha256, readings[doc].unit_id) for doc in settled.versions.in_force}
    aside = {reading.file for reading, one in zip(readings, decisions, strict=True) if one.is_set_aside}
    kinds = {
        "không còn dùng": [file for file in then if file not in now and file not in aside],
        "mới dùng": [file for file in now if file not in then],
        "đổi nội dung": [file for file in now if file in then and then[file][0] != now[file][0]],
    }
    told = (f"{kind} {_listed(files, {**then, **now}, project)}" for kind, files in kinds.items() if files)
    words = "; ".join(told)
    return f"So với lần chạy {settled.period.name} đã ghi ở {outputs}: {words}." if words else ""


def _listed(files: list[str], forms: _Forms, project: Project) -> str:
    units = project.register.by_id
    names = (f"“{file}”" + (f" ({units[forms[file][1]].name})" if forms[file][1] in units else "") for file in files)
    return named(list(names), _MOST_NAMES, "tệp khác")


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
        return {(line["file"] or "").removeprefix("'"): (line["sha256"], line["unit_id"]) for line in lines}
    except (OSError, UnicodeError, csv.Error):
        return None
