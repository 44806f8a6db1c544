"""The fixed cells of a form (card, Biểu 1, Biểu 2): where each is copied to, and what its field alone asks of it."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import date

from xlsxwriter.utility import xl_col_to_name

from pipeline.declare.catalogue import limits_in_words
from pipeline.declare.form import Field, Sheet
from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.forms.ready.sheet import Cells, Names
from pipeline.publish.forms.ready.terms import (
    Place,
    Term,
    all_of,
    any_of,
    cell,
    constant,
    held,
    is_between,
    is_blank,
    is_filled,
    is_in_list,
    is_longer,
    is_one_of,
    negated,
    when,
)
from pipeline.publish.forms.ready.texts import (
    alphabet,
    bare,
    bare_text,
    is_askable,
    is_document_number,
    says_nothing,
    spelled,
    stripped,
    stripped_text,
)

LOCATOR, VALUE, TOLD, BARE, AMOUNT = range(5)  # the columns of a fixed cell; those right of them are of its row
_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_ERROR = 'REPT("#",9999)'  # stands for an error: too long for a text, and nothing else at all


@dataclass
class Desk:
    """The hidden sheet while it is worked out for one unit and period."""

    project: Project
    unit: Unit
    period: Period
    cells: Cells
    done: Set[str] = frozenset()  # tasks of which nothing is asked any more
    names: Names = field(default_factory=Names)
    known: dict[Place, Term] = field(default_factory=dict)  # the copies of fixed cells
    row: int = 0  # the next one that is free
    letters: str = ""

    @property
    def words(self) -> dict[str, str]:
        return dict(self.project.form.light)

    def begin(self) -> None:
        """The alphabet, by which texts are told, stands in the first cell."""
        self.letters = self.cells.put(0, LOCATOR, constant(alphabet()))
        self.row = 1

    def copy(self, sheet: Sheet, row_id: str, keys: Iterable[str], number: int = 0) -> None:
        """Bring the cells of one fixed row, or one line of the card each, to the hidden sheet.

        `number`: which of the rows it is, as the form is made.
        """
        locator = ""
        for key in keys:
            if not locator or sheet.shape == "card":
                formula = self.names.locator(sheet, row_id or key)
                found = number or sheet.keys.index(key) + 1
                locator = self.cells.put(self.row, LOCATOR, _as_made(formula, found))
            place = Place(sheet.id, row_id, key)
            source = self.names.fixed(sheet, key, locator)
            formula = f'IF(ISERROR({source}),{_ERROR},IF({source}="","",{source}))'
            address = self.cells.put(self.row, VALUE, Term(formula, cell("", place).value))
            self.known[place] = cell(address, place)
            self.row += 1

    def at(self, place: Place) -> int:
        """The row of the hidden sheet on which a fixed cell stands."""
        return int(self.known[place].formula.rpartition("$")[2]) - 1

    def says_nothing(self, place: Place) -> Term:
        """Whether a text is blank or a word for nothing."""
        what = self.known[place]
        plain = Term(bare(what.formula), lambda typed: bare_text(str(what.value(typed))))
        bared = self.cells.put(self.at(place), BARE, plain)
        return any_of(is_blank(what), says_nothing(what, bared, self.letters, self.project.proof))

    def has_number(self, place: Place, *, is_real: bool) -> Term:
        """Whether a text is the number of a document; `is_real`: above 0."""
        what = self.known[place]
        plain = Term(stripped(what.formula), lambda typed: stripped_text(str(what.value(typed))))
        bared = self.cells.put(self.at(place), BARE, plain)
        return is_document_number(what, bared, is_real=is_real)

    def wants(self, item: Field) -> str:
        """What a cell of the field accepts, in words."""
        return wants(item, self.project, self.period)


def wants(item: Field, project: Project, period: Period) -> str:
    """The label of a field and what it accepts, in words."""
    limits = limits_in_words(item, period, "một lựa chọn trong danh sách")
    return f"{item.label}: {project.catalogue.expected[item.expected].format_map(limits)}"


def list_address(item: Field, project: Project) -> str:
    """Where the choices of a field stand."""
    form = project.form
    letter = xl_col_to_name([*form.choices].index(item.choices))
    return f"{form.lists_sheet}!${letter}$2:${letter}${len(form.choices[item.choices]) + 1}"


def is_wrong(item: Field, what: Term, project: Project, period: Period) -> Term:
    """Whether a filled cell holds what its field does not accept; figures and shapes of texts are told elsewhere."""
    if item.kind.limit == "list":
        choices = project.form.choices[item.choices]
        in_list = is_in_list(what, list_address(item, project), [choice.entry for choice in choices])
        bare = [choice.label for choice in choices if choice.named]  # as good as with the name behind it
        return negated(any_of(in_list, is_one_of(what, bare)) if bare else in_list)
    if item.kind.limit == "days":
        low, high = (period.date_from, period.date_to) if item.window else (_EARLIEST, _LATEST)
        return negated(is_between(what, held(low), held(high), is_day=True))
    if item.kind.limit == "range":
        return negated(is_between(what, item.minimum, item.maximum, is_whole=item.kind.is_whole))
    return is_longer(what, item.max_length)


def may_be_day(what: Term, note: Term, period: Period) -> Term:
    """R39: whether a count is a day near the period in Excel's counting, which its note does not say again."""
    low = held(date(period.date_from.year - 1, 1, 1))
    high = held(date(period.date_to.year + 1, 12, 31))
    name = f'SUBSTITUTE({note.formula}," ","")'
    again = Term(
        f'ISNUMBER(SEARCH(TEXT({what.formula},"0"),{name}))',
        lambda typed: f"{what.value(typed):.0f}" in str(note.value(typed)).replace(" ", ""),
    )
    is_near = is_between(what, low, high, is_whole=True)
    return when(is_near, negated(again), Term("FALSE", lambda _: False))


def nothing_words(project: Project, *, zero: bool) -> Sequence[str]:
    """The words for nothing that a figure takes; `zero`: only those that count as 0."""
    ways = [way for way in project.form.nothing.values() if way.counts_as_zero or not zero]
    return [word for way in ways for word in (way.label, *way.aliases)]


def is_wrong_figure(item: Field, what: Term, indicator: Indicator, project: Project) -> Term:
    """Whether a filled figure is neither a number within its limits nor a word for nothing."""
    number = is_between(what, item.minimum, item.maximum, is_whole=indicator.whole)
    return negated(any_of(number, is_one_of(what, nothing_words(project, zero=False))))


def shape_fault(desk: Desk, item: Field, place: Place) -> Term | None:
    """Whether a filled text is not the number of a document, where its field asks for one."""
    if not item.pattern or not is_askable(item):
        return None
    what = desk.known[place]
    number = desk.has_number(place, is_real=False)
    if item.denies:  # a word for nothing is as good as a blank
        number = any_of(number, is_one_of(what, spelled(desk.project.proof.nothing)))
    return all_of(is_filled(what), negated(number))


def _as_made(formula: str, number: int) -> Term:
    return Term(formula, lambda _: number)
