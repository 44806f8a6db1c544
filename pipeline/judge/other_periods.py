"""Which forms of the other periods that a run reads could not be used in full: they change its cumulative figures."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.judge.conserve import unused_cells
from pipeline.judge.rows import SET_ASIDE
from pipeline.judge.telling import unanswered
from pipeline.judged.settlement import Settlement
from pipeline.values.forms import Reading
from pipeline.values.lines import UnusedLine
from pipeline.values.problems import Problem
from pipeline.values.states import SubmissionState
from pipeline.words.lists import named

_MOST_NAMES = 5
_MOST_TITLES = 3


@dataclass(frozen=True, slots=True)
class _Unused:
    """A form that was not used, or not in full: what of it (in a few words), and why."""

    reading: Reading
    state: SubmissionState
    what: str
    why: str
    is_set_aside: bool = False


def find_unused(
    others: Mapping[str, Settlement], project: Project, listed_in: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One row a file (see `UnusedLine`), by period in the order of the plan and by name; and the same in sentences.

    `listed_in` is the file that will hold the rows. The sentences, at most two a period, name it, and leave aside what
    a later form of the same unit has mended.
    """
    settled = [others[period.code] for period in project.plan.periods if period.code in others]
    found = [(one, list(_unused(one, project))) for one in settled]
    lines = [_line(one.period, item) for one, items in found for item in items]
    words = [sentence for one, items in found for sentence in _sentences(one, items, project, listed_in)]
    return pd.DataFrame(lines, columns=list(UnusedLine._fields)), tuple(words)


def _unused(settled: Settlement, project: Project) -> Iterator[_Unused]:
    rejected = settled.rows.rejected[~settled.rows.rejected["codes"].isin(SET_ASIDE)]
    rows, cells, problems = Counter(rejected["doc"]), _cells(settled, project), _by_file(settled.problems)
    for doc, (reading, decision) in enumerate(zip(settled.readings, settled.versions.decisions, strict=True)):
        if decision.is_set_aside:
            yield _Unused(reading, decision.state, "", decision.reason, is_set_aside=True)
        elif decision.state in ("returned", "not-a-form") and reading.kind != "ignored":
            what = project.labels["submission"][decision.state].lower()
            yield _Unused(reading, decision.state, what, decision.reason)
        elif decision.state == "in-force":
            mine = problems.get(reading.file, ())
            if parts := tuple(_parts(rows[doc], cells.get(doc, ()), mine, project)):
                what, why = ", ".join(part[0] for part in parts), "; ".join(part[1] for part in parts)
                yield _Unused(reading, decision.state, what, why)


def _cells(settled: Settlement, project: Project) -> Mapping[int, Sequence[tuple[str, str]]]:
    """Sheet and cell of what accepted rows hold and no total has, by reading."""
    cells: dict[int, list[tuple[str, str]]] = {}
    for doc, place in unused_cells(settled.readings, settled.rows, project):
        cells.setdefault(doc, []).append(place)
    return cells


def _by_file(problems: Iterable[Problem]) -> Mapping[str, Sequence[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.file, []).append(problem)
    return found


def _parts(
    rows: int, cells: Collection[tuple[str, str]], problems: Sequence[Problem], project: Project
) -> Iterator[tuple[str, str]]:
    """What of a form in force is in no total, counted, and the same with the reasons: rows first, then cells."""
    if rows:
        what = f"{rows} dòng chưa nhận"
        blocking = [item.code for item in problems if project.catalogue.severity(item.code) == "block-row"]
        yield what, _with_titles(what, blocking, project)
    if cells:
        what = f"{len(cells)} ô chưa dùng được"
        yield what, _with_titles(what, [item.code for item in problems if (item.sheet, item.cell) in cells], project)


def _with_titles(what: str, codes: Iterable[str], project: Project) -> str:
    titles = [project.catalogue.title(code) for code in dict.fromkeys(codes)]
    return f"{what}: {named(titles, _MOST_TITLES, 'lý do khác')}" if titles else what


def _line(period: Period, item: _Unused) -> UnusedLine:
    reading = item.reading
    return UnusedLine(period.code, reading.file, reading.unit_id, reading.sha256, item.state, item.why)


def _sentences(settled: Settlement, items: Iterable[_Unused], project: Project, listed_in: str) -> Iterator[str]:
    left = {problem.file for problem in unanswered(settled.problems, settled.versions, settled.readings)}
    listed, name = list(items), settled.period.name
    told = [_named(item, project) for item in listed if item.reading.file in left and not item.is_set_aside]
    if told:
        words = named(told, _MOST_NAMES, "tệp khác")
        yield f"{name} chưa dùng được đủ {len(told)} tệp (xem {listed_in}): {words}."
    if aside := sum(item.is_set_aside for item in listed):
        yield f"{name}: không đưa vào tổng hợp {aside} tệp dữ liệu mẫu vì đã có biểu thật."


def _named(item: _Unused, project: Project) -> str:
    """“Xã Vĩnh Khê (trả lại)”, or the file where nobody knows whose it is."""
    unit_id = item.reading.unit_id
    return f"{project.register.name(unit_id) if unit_id else f'“{item.reading.file}”'} ({item.what})"
