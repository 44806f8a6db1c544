"""The figures of the report in Word beside the data: behind each indicator's title, in the table of tasks.

Sentences are an officer's to rewrite: a figure is looked for behind its title as the report tells it, and where that is
gone, it is named as not found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isnan

from pipeline.declare.plan import Plan
from pipeline.publish.edited.data import Compared, Data, Said, number_in, said_otherwise
from pipeline.publish.edited.paper_text import PaperText
from pipeline.publish.papers.results import NOT_REPORTED
from pipeline.values.sent import Edited, EditedKind
from pipeline.words.prose import lowered

_NUMBER = r"\d[\d.]*(?:,\d+)?"
_FIRST = re.compile(rf"\s*(−|-)?({_NUMBER})(?=\s|;|\.|,|\)|$)")
_CUMULATIVE = re.compile(rf"\(luỹ kế (−|-)?({_NUMBER})[;),]")
_UNITS = re.compile(r"(\d+)/(\d+) đơn vị\)")
_FILED = re.compile(r"(\d+)/(\d+) đơn vị đã gửi")


def compare_paper(file: str, paper: PaperText, data: Data, plan: Plan, labels: Mapping[str, str]) -> Compared:
    """Every figure that is found. `labels`: the words of the states. A paper that tells none of ours has none."""
    found = _Told(file, paper, data, plan)
    told = [*found.indicators()]
    edited = [*found.filing(), *(item for items in told for item in items), *found.tasks(labels)]
    return Compared(tuple(edited), tuple(found.unfound) if len(found.unfound) < len(plan.indicators) else ())


class _Told:
    """One paper being compared; `unfound`: the indicators whose words are no longer in it."""

    def __init__(self, file: str, paper: PaperText, data: Data, plan: Plan) -> None:
        self._file, self._paper, self._data, self._plan = file, paper, data, plan
        self._titles = {item.id: f"{lowered(item.title)}: " for item in plan.indicators}
        self.unfound: list[str] = []

    def indicators(self) -> Iterator[list[Edited]]:
        for name, title in self._titles.items():
            said = self._behind(title)
            totals = self._data.totals.get(name, {})
            if said is None:
                if not isnan(totals.get("this_period", float("nan"))):
                    self.unfound.append(name)
            elif totals:
                yield list(self._figures(name, title, said, totals))

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
        """How many units have reported."""
        found = next((match for text in self._paper.paragraphs if (match := _FILED.search(text))), None)
        data: tuple[int, int] = self._data.filed, self._data.expected
        if found and (int(found[1]), int(found[2])) != data:
            told, said = (f"{one}/{other}" for one, other in (data, found.groups()))
            yield self._at("đoạn “Tình hình gửi báo cáo”", "units_filed", "units_filed", told, said)

    def tasks(self, labels: Mapping[str, str]) -> Iterator[Edited]:
        """The table of tasks: one row a task, one column a state."""
        shorts = {task.short: task.id for task in self._plan.tasks}
        states = {label: state for state, label in labels.items()}
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
                if other := said_otherwise(text, counted):
                    yield self._at(f"bảng nhiệm vụ, dòng {task}, cột “{label}”", task, states[label], counted, other[0])

    def _at(self, place: str, name: str, column: str, data: Said, said: Said) -> Edited:
        return Edited(self._file, "", place, "count", "", name, column, data, said)


def _written(found: re.Match[str] | None) -> str | None:
    """The number as written, with its sign."""
    if not found or number_in(found[2]) is None:
        return None
    return f"-{found[2]}" if found[1] else found[2]
