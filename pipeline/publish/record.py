"""`run.json`: the record of one run, for programs and for whoever asks later."""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.publish.outputs import RECORD
from pipeline.publish.report import Report
from pipeline.records.digests import digest_of
from pipeline.values.states import SEVERITIES

_LIBRARIES = ("pandas", "pandera", "xlsxwriter", "python-calamine", "click")


def count(report: Report) -> dict[str, Any]:
    """The numbers of a run that people ask for first."""
    tally = report.tally
    return {
        "files": tally.files.received,
        "units_expected": tally.filings.expected,
        "units_filed": tally.filings.filed,
        "units_on_time": len(tally.filings.on_time),
        "units_older_form": len(tally.filings.older_form),
        "rows_read": tally.rows.read,
        "rows_accepted": tally.rows.accepted,
        "rows_rejected": tally.rows.rejected,
        "files_not_booked": tally.files.unbooked,
        "problems": {severity: tally.problems.count(severity) for severity in SEVERITIES},
    }


def write_record(folder: Path, report: Report, stages: Mapping[str, float], inputs: Mapping[str, str]) -> Path:
    """Write the record of everything that stands in `folder`, and of the `inputs` (sha256 by file) behind it."""
    record = {
        **_what_was_asked(report),
        "versions": _versions(report),
        "counts": count(report),
        "stages": {name: round(seconds, 4) for name, seconds in stages.items()},
        "open": _open_problems(report),
        "inputs": [{"file": file, "sha256": sha256} for file, sha256 in inputs.items()],
        "outputs": _files_in(folder),
    }
    path = folder / RECORD
    # Piece by piece: there may be very many problems. The name of a file that is no UTF-8 reads back as it was: half a
    # letter has an escape of its own in JSON.
    with path.open("w", encoding="utf-8", errors="backslashreplace") as handle:
        json.dump(record, handle, ensure_ascii=False, indent=2)
        handle.write("\n")
    return path


def _what_was_asked(report: Report) -> dict[str, Any]:
    period = report.period
    return {
        "program": __version__,
        "plan": report.project.plan.year,
        "body_id": report.project.plan.body_id,
        "period": period.code,
        "window": {"from": period.date_from.isoformat(), "to": period.date_to.isoformat()},
        "deadline": period.last_day.isoformat(),
        "as_of": report.as_of.isoformat(),
        "sample_data": bool(report.sample_mark),
    }


def _open_problems(report: Report) -> list[dict[str, str]]:
    """What keeps a form or a row out and is not settled by a later form of its unit."""
    severity = report.project.catalogue.severity
    return [
        {name: getattr(problem, name) for name in ("code", "unit_id", "file", "sheet", "cell")}
        for problem in report.judged.open_problems
        if severity(problem.code).startswith("block")
    ]


def _versions(report: Report) -> dict[str, str]:
    """Of everything that a figure may depend on."""
    return {
        "pipeline": __version__,
        "form": report.project.form.version,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def _files_in(folder: Path) -> list[dict[str, str]]:
    """Every file in the folder with its fingerprint."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [{"file": path.relative_to(folder).as_posix(), "sha256": digest_of(path)} for path in paths]
