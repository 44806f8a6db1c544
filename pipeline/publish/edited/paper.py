"""The figures of the report in Word beside the data: in the plan's clauses, behind titles, in the table of tasks.

Sentences are an officer's to rewrite: a figure is looked for in its clause, else behind its title as the report tells
it, and where both are gone, it is named as not found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isnan

from pipeline.declare.plan import Plan
from pipeline.publish.edited.data import Compared, Data, Said, number_in, said_otherwise
from pipeline.publish.edited.paper_text import PaperText
from pipeline.publish.papers.results import NOT_REPORTED
from pipeline.publish.papers.told import find_clause
from pipeline.values.sent import Edited, EditedKind
from pipeline.words.prose import lowered

_NUMBER = r"\d[\d.]*(?:,\d+)?"
_FIRST = re.compile(rf"\s*(−|-)?({_NUMBER})(?=\s|;|\.|,|\)|$)")
_CUMULATIVE = re.compile(rf"\(lũy kế (−|-)?({_NUMBER})[;),]")
_UNITS = re.compile(r"(\d+)/(\d+) đơn vị\)")
_FILED = re.compile(r"báo cáo của (\d+)/(\d+) đơn vị")
_ON_TIME = re.compile(r"(\d+)/(\d+) cơ quan, đơn vị, địa phương gửi báo cáo đúng hạn(?:, (\d+) đơn vị gửi muộn)?")


def compare_paper(file: str, paper: PaperText, data: Data, plan: Plan, states: Mapping[str, str]) -> Compared:
    """Every figure that is found. `states`: by the headings of columns. A paper that tells none of ours has none."""
    found = _Told(file, paper, data, plan)
    told = [*found.indicators()]
    edited = [*found.filing(), *(item for items in told for item in items), *found.tasks(states)]
    return Compared(tuple(edited), tuple(found.unfound) if len(found.unfound) < len(plan.indicators) else ())


class _Told:
    """One paper being compared; `unfound`: the indicators whose words are no longer in it."""

    def __init__(self, file: str, paper: PaperText, data: Data, plan: Plan) -> None:
        self._file, self._paper, self._data, self._plan = file, paper, data, plan
        self._titles = {item.id: f"{lowered(item.name)}: " for item in plan.indicators}
        self.unfound: list[str] = []

    def indicators(self) -> Iterator[list[Edited]]:
        told = dict(self._clauses())
        yield from told.values()
        for name, title in self._titles.items():
            if name in told:
                continue
            said = self._behind(title)
            totals = self._data.totals.get(name, {})
            if said is None:
                if not isnan(totals.get("this_period", float("nan"))):
                    self.unfound.append(name)
            elif totals:
                yield list(self._figures(name, title, said, totals))

    def _clauses(self) -> Iterator[tuple[str, list[Edited]]]:
        """The indicators that clauses of the plan tell, each with what is said otherwise of it."""
        for clause in (clause for clauses in self._plan.told.values() for clause in clauses):
            found = find_clause(clause, self._paper.paragraphs) or {}
            for name in {name for name, _ in found}:
                said = [self._told(name, is_sum, text) for (other, is_sum), text in found.items() if other == name]
                yield name, [edited for edited in said if edited]

    def _told(self, name: str, is_cumulative: bool, text: str) -> Edited | None:
        """A number of a clause, where it is another than that of the data."""
        column: EditedKind = "cumulative" if is_cumulative else "total"
        key = "cumulative" if is_cumulative else "this_period"
        data = self._data.totals.get(name, {}).get(key, float("nan"))
        other = said_otherwise(text.replace("−", "-"), data)
        if not other:
            return None
        place = f"đoạn “{self._titles[name].removesuffix(': ')}”"
        return Edited(self._file, "", place, column, "", name, key, None if isnan(data) else data, other[0])

    def _behind(self, title: str) -> str | None:
        """The words behind a title, up to the next one or the end of the paragraph."""
        for text in self._paper.paragraphs:
            if found := re.search(rf"(?:^|[:;.] ){re.escape(title)}", text):
                rest = text[found.end() :]
                ends = (at for other in self._titles.values() if (at := rest.find(f"; {other}")) >= 0)
                return rest[: min(ends, default=len(rest))]
        return None

    def _figures(self, name: str, title: str, said: str, totals: Mapping[str, float]) -> Iterator[Edited]:
        place = f"đoạn “{title.removesuffix(': ')}”"
        first, cumulative, units = _FIRST.match(said), _CUMULATIVE.search(said), _UNITS.search(said)
        amounts: dict[tuple[EditedKind, str], str | None] = {
            ("total", "this_period"): _written(first) or ("" if said.startswith(NOT_REPORTED) else None),
            ("cumulative", "cumulative"): _written(cumulative),
            ("count", "units_reporting"): units[1] if units else None,
            ("count", "units_expected"): units[2] if units else None,
        }
        if amounts["total", "this_period"] is None and not isnan(totals["this_period"]):
            self.unfound.append(name)
        for (kind, column), text in amounts.items():
            if text is not None and (other := said_otherwise(text, totals[column])):
                data = None if isnan(totals[column]) else totals[column]
                yield Edited(self._file, "", place, kind, "", name, column, data, other[0])

    def filing(self) -> Iterator[Edited]:
        """How many units have reported, wherever the paper says so."""
        data = self._data.filed, self._data.expected
        for pattern in (_ON_TIME, _FILED):
            found = next((match for text in self._paper.paragraphs if (match := pattern.search(text))), None)
            late = int(found[3] or 0) if found and pattern.groups > 2 else 0
            if found and (int(found[1]) + late, int(found[2])) != data:
                said, told = f"{int(found[1]) + late}/{int(found[2])}", f"{data[0]}/{data[1]}"
                yield self._at(f"đoạn “{found[0]}”", "units_filed", "units_filed", told, said)

    def tasks(self, states: Mapping[str, str]) -> Iterator[Edited]:
        """The table of tasks: one row a task, one column a state."""
        shorts = {task.short: task.id for task in self._plan.tasks}
        for header, *rows in (table for table in self._paper.tables if table):
            if not set(header) & set(states):
                continue
            for row in rows:
                task = next((shorts[cell] for cell in row if cell in shorts), "")
                if task:
                    yield from self._counts(task, header, row, states)

    def _counts(
        self, task: str, header: Sequence[str], row: Sequence[str], states: Mapping[str, str]
    ) -> Iterator[Edited]:
        for label, text in zip(header, row, strict=False):
            if label in states:
                counted = self._data.states.get(task, {}).get(states[label], 0)
                if other := said_otherwise("0" if text.strip() == "-" else text, counted):
                    yield self._at(f"bảng nhiệm vụ, dòng {task}, cột “{label}”", task, states[label], counted, other[0])

    def _at(self, place: str, name: str, column: str, data: Said, said: Said) -> Edited:
        return Edited(self._file, "", place, "count", "", name, column, data, said)


def _written(found: re.Match[str] | None) -> str | None:
    """The number as written, with its sign."""
    if not found or number_in(found[2]) is None:
        return None
    return f"-{found[2]}" if found[1] else found[2]
