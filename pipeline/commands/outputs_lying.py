"""The outputs of a period as they lie in their folder when they are to be sent: the record of their run, every file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.folder import entries_in
from pipeline.intake.inventory import fingerprint_of, is_left_by_program, is_open_elsewhere
from pipeline.publish.outputs import FORMS, KEPT, RECORD, TABLES

_NEEDED = ("figures", "totals", "completeness", "submissions", "problems")


@dataclass(frozen=True)
class Lying:
    """The record of the run, the files by name with their sha256, those that Word or Excel has open."""

    folder: Path
    record: Mapping[str, Any]
    files: Mapping[str, str]
    opened: tuple[str, ...]

    @property
    def written(self) -> Mapping[str, str]:
        """What the run wrote: sha256 by name."""
        return {item["file"]: item["sha256"] for item in self.record["outputs"]}

    @property
    def tables(self) -> Mapping[str, str]:
        """The tables of data: the name of the file by the name of the table."""
        found = (name for name in self.files if name.startswith(f"{TABLES}/") and name.endswith(".csv"))
        return {Path(name).stem: name for name in found}

    def changed(self, *endings: str) -> list[str]:
        """The workbooks or papers in the folder itself that are not as the run wrote them, or that it never wrote."""
        mine = (name for name in self.files if "/" not in name and name.lower().endswith(endings))
        return sorted(name for name in mine if self.written.get(name) != self.files[name])

    def text(self, table: str) -> str:
        return (self.folder / self.tables[table]).read_text(encoding="utf-8")


def _entries(folder: Path) -> dict[str, Path]:
    """The files that may be sent, by name; forms and what is kept of earlier runs are none of them."""
    found = entries_in(folder) if folder.is_dir() else []
    if odd := [entry for entry in found if entry.code]:
        raise PipelineError(f"Trong {folder}, “{odd[0].file}” không đọc được ({odd[0].detail}); xin đưa ra chỗ khác.")
    return {entry.file: entry.path for entry in found if entry.file.partition("/")[0] not in (FORMS, KEPT)}


def outputs_lying(folder: Path, project: Project, period: Period) -> Lying:
    """The folder with a sound record of this version, or a `PipelineError` that says to run first."""
    record = _record(folder, project, period)
    entries = _entries(folder)
    files = {name: path for name, path in entries.items() if not is_left_by_program(name)}
    lying = Lying(
        folder,
        record,
        {name: fingerprint_of(path) for name, path in sorted(files.items())},
        tuple(name for name in files if "/" not in name and is_open_elsewhere(name, entries)),
    )
    if lost := [table for table in _NEEDED if table not in lying.tables]:
        raise PipelineError(f"Kết quả ở {folder} thiếu {TABLES}/{lost[0]}.csv; {_run_first(period)}")
    return lying


def _record(folder: Path, project: Project, period: Period) -> Mapping[str, Any]:
    path = folder / RECORD
    if not path.is_file():
        raise PipelineError(f"Chưa có kết quả {period.name} ở {folder}; {_run_first(period)}")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        about = record["plan"], record["period"]
        _ = [(item["file"], item["sha256"]) for item in (*record["outputs"], *record.get("inputs", ()))]
    except (ValueError, KeyError, TypeError):
        raise PipelineError(f"Bản ghi {path} của lần chạy đã hỏng; {_run_first(period)}") from None
    if "inputs" not in record:
        raise PipelineError(f"Kết quả ở {folder} do bản phần mềm cũ ghi; {_run_first(period)}")
    if about != (project.plan.year, period.code):
        raise PipelineError(f"Kết quả ở {folder} là của kỳ khác hoặc năm khác; {_run_first(period)}")
    return record  # type: ignore[no-any-return]


def _run_first(period: Period) -> str:
    return f"xin chạy lại trước (make {period.code}) rồi mới gửi."
