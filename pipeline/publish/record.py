"""`run.json`: the record of one run, for programs and for whoever asks later."""

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.publish.report import Report
from pipeline.publish.swap import RECORD

_LIBRARIES = ("pandas", "pandera", "openpyxl", "xlsxwriter", "python-calamine", "click")


def count(report: Report) -> dict[str, Any]:
    """The numbers of a run that people ask for first."""
    filings = report.filings["filing"]
    severities = report.problems["severity"].value_counts()
    return {
        "files": len(report.submissions),
        "units_expected": len(report.units),
        "units_filed": int((filings != "missing").sum()),
        "units_on_time": int((filings == "on-time").sum()),
        "rows_read": int(report.balance["rows_read"].sum()),
        "rows_accepted": int(report.balance["rows_accepted"].sum()),
        "rows_rejected": int(report.balance["rows_rejected"].sum()),
        "files_not_booked": int((report.submissions["is_booked"] == "no").sum()),
        "problems": {name: int(severities.get(name, 0)) for name in report.project.catalogue.severities},
    }


def write_record(folder: Path, report: Report, stages: Mapping[str, float]) -> Path:
    """Write the record of everything that stands in `folder`."""
    period, plan = report.period, report.project.plan
    outputs = sorted(path for path in folder.rglob("*") if path.is_file())
    record = {
        "plan": plan.year,
        "period": period.code,
        "window": {"from": period.date_from.isoformat(), "to": period.date_to.isoformat()},
        "deadline": period.last_day.isoformat(),
        "as_of": report.as_of.isoformat(),
        "sample_data": bool(report.sample_mark),
        "versions": {
            "pipeline": __version__,
            "form": report.project.form.version,
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
        "counts": count(report),
        "stages": {name: round(seconds, 4) for name, seconds in stages.items()},
        "outputs": [
            {"file": path.relative_to(folder).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in outputs
        ],
    }
    path = folder / RECORD
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
