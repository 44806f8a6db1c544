"""The light of one form: the hidden sheet that works it out, what it says on the card, at each sheet and beside rows.

In: declarations, one unit, one period, what is typed. Out: formulas with their values, written through `Book`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.declare.form import Sheet
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.forms.places import FIRST_ROW
from pipeline.publish.forms.ready.card import ask_card, card_cell, copy_card
from pipeline.publish.forms.ready.figures import ask_figures, copy_figures
from pipeline.publish.forms.ready.open_rows import OPEN, row_told, rows_told
from pipeline.publish.forms.ready.places import TOLD, VALUE, Desk
from pipeline.publish.forms.ready.sheet import LEFT, Cells, address
from pipeline.publish.forms.ready.tasks import ask_tasks, copy_tasks
from pipeline.publish.forms.ready.terms import Place, Term, Typed, joined, text
from pipeline.values.cells import MARK

# The columns of the counts by sheet, of their words, and of what is to be done in a fixed row, beside its first cell.
_TOTALS, _WORDS, _BESIDE = range(5, 8)


_MOST_COMPILED = 64
_COMPILED: dict[
    tuple[Any, ...], tuple[Desk, Mapping[str, Term]]
] = {}  # each holds its project, so that no other has its id


@dataclass(frozen=True)
class Light:
    """The formulas of one form, with what each comes to over what is typed."""

    desk: Desk
    cells: Cells
    counts: Mapping[str, Term]
    typed: Typed

    def beside(self, sheet: Sheet, row_id: str) -> tuple[str, Any]:
        """What stands beside a fixed row: formula and value."""
        row = self.desk.at(Place(sheet.id, row_id, sheet.own_keys[0]))
        return f"={self.cells.far(address(row, _BESIDE))}", self.value(row, _BESIDE)

    def beside_open(self, sheet: Sheet, count: int) -> tuple[str, list[str]]:
        """The formula beside all rows of an open table, and what it comes to in each of them."""
        project, period = self.desk.project, self.desk.period
        numbers = range(FIRST_ROW + 1, FIRST_ROW + count + 1)
        found = rows_told(sheet, project, period, self.typed)
        told = [found.get(number, "") for number in numbers]
        return row_told(sheet, FIRST_ROW + 1, project, period).formula, told

    def of_card_line(self, key: str) -> tuple[str, Any]:
        row = self.desk.at(card_cell(key))
        return f"={self.cells.far(address(row, TOLD))}", self.value(row, TOLD)

    def at_head(self, sheet_id: str) -> tuple[str, Any]:
        """How a sheet stands."""
        row = [*self.counts].index(sheet_id)
        return f"={self.cells.far(address(row, _WORDS))}", self.value(row, _WORDS)

    def workings(self) -> Iterator[tuple[int, int, str, Any]]:
        """Every cell of the hidden sheet: row, column, formula and value."""
        for (row, column), term in sorted(self.cells.terms.items()):
            yield row, LEFT + column, f"={term.formula}", term.value(self.typed)

    def whole(self) -> tuple[str, Any]:
        """The words of the whole form, with what is missing by sheet."""
        row = len(self.counts)
        return f"={self.cells.far(address(row, _WORDS))}", self.value(row, _WORDS)

    def value(self, row: int, column: int) -> Any:
        return self.cells.terms[row, column].value(self.typed)


def make_light(project: Project, unit: Unit, period: Period, typed: Typed, done: Collection[str] = ()) -> Light:
    """The light of one form; units that are asked for the same share its formulas.

    `done`: the tasks that earlier reports prove, of which nothing is asked any more.
    """
    plan = project.plan
    asked = (
        tuple(plan.obligation(task, unit, period) for task in plan.tasks),
        tuple(task.id in done for task in plan.tasks),
        tuple(plan.fills(item, unit) for item in plan.indicators),
    )
    key = (id(project), period.code, asked)
    if key not in _COMPILED:
        if len(_COMPILED) >= _MOST_COMPILED:
            _COMPILED.clear()
        _COMPILED[key] = _compile(project, unit, period, done)
    desk, counts = _COMPILED[key]
    return Light(desk, desk.cells, counts, typed)


def _compile(project: Project, unit: Unit, period: Period, done: Collection[str]) -> tuple[Desk, Mapping[str, Term]]:
    desk = Desk(project, unit, period, Cells(project.form.lists_sheet), frozenset(done))
    desk.begin()
    copy_card(desk)
    ends = [desk.row]
    copy_tasks(desk)
    ends.append(desk.row)
    copy_figures(desk)
    ends.append(desk.row)
    ask_card(desk)
    ask_tasks(desk)
    ask_figures(desk)
    _join(desk)
    counts = dict(_counts(desk, ends))
    _sum_up(desk, counts)
    return desk, counts


def _join(desk: Desk) -> None:
    """Beside the first cell of each fixed row what is to be done in all of its cells."""
    rows: dict[tuple[str, str], list[int]] = {}
    for place in desk.known:
        if place.row:
            rows.setdefault((place.sheet, place.row), []).append(desk.at(place))
    for found in rows.values():
        cells = [Term(address(row, TOLD), desk.cells.terms[row, TOLD].value) for row in found]
        desk.cells.put(found[0], _BESIDE, joined(cells))


def _counts(desk: Desk, ends: list[int]) -> Iterator[tuple[str, Term]]:
    """By sheet how many things are to be done, what was written outside its rows among them."""
    form, starts = desk.project.form, [1, *ends]
    for sheet_id, first, last in zip(("card", "tasks", "figures"), starts, ends, strict=False):
        outside = Term("0", lambda _: 0) if sheet_id == "card" else _lost(desk, form[sheet_id], first, last)
        yield (
            sheet_id,
            _marks(
                desk.cells,
                f"{address(first, TOLD)}:{address(last - 1, TOLD)}",
                [(row, TOLD) for row in range(first, last)],
                outside,
            ),
        )
    for sheet_id in OPEN:
        yield sheet_id, _of_open(desk, form[sheet_id])


def _of_open(desk: Desk, sheet: Sheet) -> Term:
    """What is to be done in an open table, and its rows beside which nothing stands that would say so."""
    marks = desk.names.marks(sheet)
    unseen = f"SUMPRODUCT({desk.names.begun(sheet)}*ISBLANK({marks}))"
    formula = f'SUMPRODUCT(LEN({marks})-LEN(SUBSTITUTE({marks},"{MARK}","")))+{unseen}'
    rows = desk.project, desk.period

    def value(typed: Typed) -> int:
        return sum(words.count(MARK) for words in rows_told(sheet, *rows, typed).values())

    return Term(formula, value)


def _lost(desk: Desk, sheet: Sheet, first: int, last: int) -> Term:
    """Whether more cells are filled on the sheet than were found by the ids of their rows."""
    copied = f"SUMPRODUCT(--(LEN({address(first, VALUE)}:{address(last - 1, VALUE)})>0))"
    return Term(f"({desk.names.filled(sheet)}<>{copied})*1", lambda _: 0)


def _marks(cells: Cells, span: str, places: list[tuple[int, int]], more: Term) -> Term:
    formula = f'SUMPRODUCT(LEN({span})-LEN(SUBSTITUTE({span},"{MARK}","")))+{more.formula}'
    terms = [cells.terms[place] for place in places if place in cells.terms]

    def value(typed: Typed) -> int:
        return sum(str(term.value(typed)).count(MARK) for term in terms) + int(more.value(typed))

    return Term(formula, value)


def _sum_up(desk: Desk, counts: Mapping[str, Term]) -> None:
    """The counts by sheet, their words, and below them those of the whole form."""
    form = desk.project.form
    for row, (sheet_id, count) in enumerate(counts.items()):
        desk.cells.put(row, _TOTALS, count)
        desk.cells.put(row, _WORDS, _in_words(desk, address(row, _TOTALS), count, form[sheet_id].name))
    last = len(counts)
    each = [address(row, _TOTALS) for row in range(last)]
    total = Term("+".join(each), lambda typed: sum(count.value(typed) for count in counts.values()))
    desk.cells.put(last, _TOTALS, total)
    desk.cells.put(last, _WORDS, _whole(desk, address(last, _TOTALS), total, counts))


def _in_words(desk: Desk, at: str, count: Term, name: str) -> Term:
    words = desk.words
    before, after = words["unfinished"].split("{count}")
    ready, broken = words["sheet_ready"], words["broken"]
    formula = f"IF(ISNUMBER({at}),IF({at}=0,{text(ready)},{text(before)}&{at}&{text(after)}),{text(broken)})"
    return Term(formula, lambda typed: f"{before}{n}{after}" if (n := count.value(typed)) else ready)


def _whole(desk: Desk, at: str, total: Term, counts: Mapping[str, Term]) -> Term:
    words, form = desk.words, desk.project.form
    before, after = words["unfinished"].split("{count}")
    names = [form[name].name.split(" - ")[0] for name in counts]
    places = [address(row, _TOTALS) for row in range(len(counts))]
    parts = list(zip(places, names, counts.values(), strict=True))
    listed = "&".join(f'IF({place}=0,"",{text(f" • {name}: ")}&{place})' for place, name, _ in parts)
    formula = (
        f"IF(ISNUMBER({at}),IF({at}=0,{text(words['ready'])},{text(before)}&{at}&{text(after)}&{listed}),"
        f"{text(words['broken'])})"
    )

    def value(typed: Typed) -> str:
        if not (count := total.value(typed)):
            return words["ready"]
        by_sheet = "".join(f" • {name}: {n}" for _, name, term in parts if (n := term.value(typed)))
        return f"{before}{count}{after}{by_sheet}"

    return Term(formula, value)
