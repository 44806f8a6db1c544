"""Which forms of the other periods that a run reads could not be used in full: they change its cumulative figures."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.judge.rows import SET_ASIDE
from pipeline.judge.settlement import Settlement
from pipeline.judge.telling import unanswered
from pipeline.judge.versions import Decision
from pipeline.values.forms import Reading
from pipeline.values.frames import rows_as
from pipeline.values.lines import UnusedLine
from pipeline.words.lists import named

_MOST_NAMES = 5


def list_unused(others: Mapping[str, Settlement], project: Project) -> pd.DataFrame:
    """One row a file (see `UnusedLine`), by period in the order of the plan and by name."""
    codes = [period.code for period in project.plan.periods if period.code in others]
    lines = [line for code in codes for line in _unused(others[code], project)]
    return pd.DataFrame(lines, columns=list(UnusedLine._fields))


def _unused(settled: Settlement, project: Project) -> Iterator[UnusedLine]:
    rejected = settled.rows.rejected[~settled.rows.rejected["codes"].isin(SET_ASIDE)]
    rows = rejected["doc"].value_counts().to_dict()
    for doc, (reading, decision) in enumerate(zip(settled.readings, settled.versions.decisions, strict=True)):
        if reason := _reason(reading, decision, rows.get(doc, 0), settled, project):
            code, unit_id = settled.period.code, reading.unit_id
            yield UnusedLine(code, reading.file, unit_id, reading.sha256, decision.state, reason)


def _reason(reading: Reading, decision: Decision, rows: int, settled: Settlement, project: Project) -> str:
    """What kept the file, or how many of its rows, out; empty where nothing did."""
    if decision.state in ("returned", "not-a-form"):
        return decision.reason if reading.kind != "ignored" else ""
    if not rows or decision.state != "in-force":
        return ""
    catalogue = project.catalogue
    mine = (problem.code for problem in settled.problems if problem.file == reading.file)
    titles = dict.fromkeys(catalogue.title(code) for code in mine if catalogue.severity(code) == "block-row")
    return f"{rows} dòng chưa nhận: {'; '.join(titles)}"


def unused_in_words(unused: pd.DataFrame, others: Mapping[str, Settlement], project: Project) -> tuple[str, ...]:
    """One sentence for each period of which a file was not used in full, those that a later one has mended aside."""
    lines = list(rows_as(UnusedLine, unused))
    told = (
        _sentence(
            settled.period, [line for line in lines if line.period == code and line.file in _open(settled)], project
        )
        for code, settled in others.items()
    )
    return tuple(filter(None, told))


def _open(settled: Settlement) -> frozenset[str]:
    """The files with something that nobody has mended yet."""
    return frozenset(problem.file for problem in unanswered(settled.problems, settled.versions, settled.readings))


def _sentence(period: Period, lines: Iterable[UnusedLine], project: Project) -> str:
    names = [_named(line, project) for line in lines]
    words = named(names, _MOST_NAMES, "tệp khác")
    return (
        f"{period.name} chưa dùng được đủ {len(names)} tệp (xem du-lieu/other-periods.csv): {words}." if names else ""
    )


def _named(line: UnusedLine, project: Project) -> str:
    """“Xã Vĩnh Khê (trả lại)”, or the file where nobody knows whose it is."""
    what = (
        project.labels["submission"][line.state].lower() if line.state != "in-force" else line.reason.partition(":")[0]
    )
    return f"{project.register.name(line.unit_id) if line.unit_id else f'“{line.file}”'} ({what})"
