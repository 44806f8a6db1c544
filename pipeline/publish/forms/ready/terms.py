"""Terms: a formula together with what it comes to over the values typed into a form.

Only functions of Excel 2010 that LibreOffice and WPS compute alike, none of them volatile. A test over a cell that may
hold anything asks first what it holds, for Excel computes all that stands within one AND.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from pipeline.declare.form import Sheet
from pipeline.values.cells import MARK

Line = tuple[str, ...]  # the own cells of a row
_LONGEST_TEXT = 255  # in a formula
_EPOCH = datetime(1899, 12, 30)


class Place(NamedTuple):
    """One cell of the form: its sheet, the id of its row (the number of an open one, empty on the card), its field."""

    sheet: str
    row: str
    key: str


class Typed(dict[Place, Any]):
    """What is typed into a form, by place. It is looked at, and never changed."""

    @cached_property
    def _begun(self) -> dict[str, Sequence[int]]:
        return {}

    @cached_property
    def _lines(self) -> dict[str, Mapping[Line, int]]:
        return {}

    @cached_property
    def told(self) -> dict[str, Mapping[int, str]]:
        """By open table, what was worked out for its rows."""
        return {}

    def begun(self, sheet: Sheet) -> Sequence[int]:
        """The numbers of the rows of an open table in which anything was typed, in order."""
        if sheet.id not in self._begun:
            filled = {int(at.row) for at, value in self.items() if at.sheet == sheet.id and value not in (None, "")}
            self._begun[sheet.id] = sorted(filled)
        return self._begun[sheet.id]

    def line(self, sheet: Sheet, number: int) -> Line:
        """What stands in the unit's own cells of a row, blank ones as empty texts."""
        values = (self.get(Place(sheet.id, str(number), key)) for key in sheet.own_keys)
        return tuple("" if value is None else str(value) for value in values)

    def stands_above(self, sheet: Sheet, number: int) -> bool:
        """Whether a row above says the same."""
        if sheet.id not in self._lines:
            self._lines[sheet.id] = {self.line(sheet, row): row for row in reversed(self.begun(sheet))}
        return self._lines[sheet.id].get(self.line(sheet, number), number) < number


"""What stands in the cells of a form; a place that is not there is blank."""


@dataclass(frozen=True, slots=True)
class Term:
    """A formula without its equals sign, and its value."""

    formula: str
    value: Callable[[Typed], Any]


def cell(address: str, place: Place) -> Term:
    """What stands in a cell: a text, a number; a day is the number that Excel counts."""
    return Term(address, lambda typed: held(typed.get(place)))


def held(raw: Any) -> Any:
    """A value as Excel holds it, a blank as an empty text."""
    if raw is None:
        return ""
    if isinstance(raw, datetime):
        return (raw - _EPOCH).total_seconds() / 86_400
    if isinstance(raw, date):
        return float((datetime(raw.year, raw.month, raw.day) - _EPOCH).days)
    return raw


def constant(value: str | float) -> Term:
    """A number or a text."""
    return Term(text(value) if isinstance(value, str) else f"{value:.15g}", lambda _: value)


def text(words: str) -> str:
    """Words as a text within a formula, in pieces that Excel takes."""
    pieces = [words[start : start + _LONGEST_TEXT - 5] for start in range(0, len(words), _LONGEST_TEXT - 5)] or [""]
    return "&".join('"{}"'.format(piece.replace('"', '""')) for piece in pieces)


def listed(values: Iterable[str | float]) -> str:
    """An array constant."""
    return "{" + ",".join(text(value) if isinstance(value, str) else f"{value:.15g}" for value in values) + "}"


def all_of(*terms: Term) -> Term:
    """Whether all tests hold."""
    if len(terms) == 1:
        return terms[0]
    joined = ",".join(term.formula for term in terms)
    return Term(f"AND({joined})", lambda typed: all(term.value(typed) for term in terms))


def any_of(*terms: Term) -> Term:
    """Whether one of the tests holds."""
    if len(terms) == 1:
        return terms[0]
    joined = ",".join(term.formula for term in terms)
    return Term(f"OR({joined})", lambda typed: any(term.value(typed) for term in terms))


def negated(term: Term) -> Term:
    """Whether a test does not hold."""
    return Term(f"NOT({term.formula})", lambda typed: not term.value(typed))


def when(test: Term, then: Term, otherwise: Term) -> Term:
    """One of two terms; only that one is computed, so it may take for granted what the test has found."""
    return Term(
        f"IF({test.formula},{then.formula},{otherwise.formula})",
        lambda typed: then.value(typed) if test.value(typed) else otherwise.value(typed),
    )


def is_blank(what: Term) -> Term:
    """Whether nothing stands there."""
    return Term(f"LEN(TRIM({what.formula}))=0", lambda typed: not str(what.value(typed)).strip())


def is_filled(what: Term) -> Term:
    """Whether something stands there."""
    return Term(f"LEN(TRIM({what.formula}))>0", lambda typed: bool(str(what.value(typed)).strip()))


def is_number(what: Term) -> Term:
    """Whether a number or a day stands there."""
    return Term(f"ISNUMBER({what.formula})", lambda typed: _is_number(what.value(typed)))


def is_between(what: Term, low: float, high: float, *, is_whole: bool = False, is_day: bool = False) -> Term:
    """Whether it is a number within limits; of a day the hour does not count."""
    name = what.formula
    counted = f"INT({name})" if is_day else name
    whole = f",{name}=INT({name})" if is_whole else ""

    def value(typed: Typed) -> bool:
        number = what.value(typed)
        if not _is_number(number):
            return False
        return low <= (int(number) if is_day else number) <= high and not (is_whole and number % 1)

    return Term(f"IF(ISNUMBER({name}),AND({counted}>={low:.15g},{counted}<={high:.15g}{whole}),FALSE)", value)


def is_above(what: Term, other: Term) -> Term:
    """Whether one number is greater than another; a text is greater than none."""
    left, right = what.formula, other.formula

    def value(typed: Typed) -> bool:
        one, two = what.value(typed), other.value(typed)
        return _is_number(one) and _is_number(two) and one > two

    return Term(f"IF(AND(ISNUMBER({left}),ISNUMBER({right})),{left}>{right},FALSE)", value)


def is_one_of(what: Term, words: Sequence[str]) -> Term:
    """Whether it is one of some words, whatever their case."""
    known = [word.lower() for word in words]
    return Term(
        f"SUMPRODUCT(--(LOWER(TRIM({what.formula}))={listed(known)}))>0",
        lambda typed: str(what.value(typed)).strip().lower() in known,
    )


def is_in_list(what: Term, address: str, words: Sequence[str]) -> Term:
    """The same of words that stand in cells of the form."""
    known = [word.lower() for word in words]
    return Term(f"SUMPRODUCT(--({address}={what.formula}))>0", lambda typed: str(what.value(typed)).lower() in known)


def is_longer(what: Term, most: int) -> Term:
    """Whether a text has more letters; a line break is read as two signs."""
    return Term(
        f'LEN(TRIM(SUBSTITUTE({what.formula},CHAR(10),"; ")))>{most}',
        lambda typed: len(" ".join(str(what.value(typed)).replace("\n", "; ").split(" "))) > most,
    )


def has_words(what: Term, words: str) -> Term:
    """Whether some words stand in a text, whatever their case."""
    return Term(
        f"ISNUMBER(SEARCH({text(words)},{what.formula}))",
        lambda typed: words.lower() in str(what.value(typed)).lower(),
    )


def sum_of(terms: Sequence[Term]) -> Term:
    """The sum of the numbers among some cells."""
    joined = ",".join(term.formula for term in terms)
    return Term(f"SUM({joined})", lambda typed: sum(filter(_is_number, (term.value(typed) for term in terms))))


def are_numbers(terms: Sequence[Term]) -> Term:
    """Whether there is a number in each of some cells."""
    joined = ",".join(term.formula for term in terms)
    return Term(f"COUNT({joined})={len(terms)}", lambda typed: all(_is_number(term.value(typed)) for term in terms))


def compared(left: Term, sign: str, right: Term) -> Term:
    """Two numbers, compared by one of `<`, `>`, `=`, `<>`."""
    return Term(
        f"{left.formula}{sign}{right.formula}", lambda typed: _SIGNS[sign](left.value(typed), right.value(typed))
    )


def told(*faults: tuple[Term, str]) -> Term:
    """The words of the first test that holds, with a mark before them; nothing where none does."""
    formula = '""'
    for test, words in reversed(faults):
        formula = f"IF({test.formula},{text(f'{MARK} {words}. ')},{formula})"

    def value(typed: Typed) -> str:
        return next((f"{MARK} {words}. " for test, words in faults if test.value(typed)), "")

    return Term(formula, value)


def joined(terms: Sequence[Term]) -> Term:
    """Texts one behind the other."""
    formulas = "&".join(term.formula for term in terms) or '""'
    return Term(formulas, lambda typed: "".join(str(term.value(typed)) for term in terms))


def remembered(term: Term) -> Term:
    """The same, worked out once over what is typed: it is asked for in its own cell, beside its row and in a count."""
    known: list[tuple[Typed, Any]] = []

    def value(typed: Typed) -> Any:
        if not known or known[0][0] is not typed:
            known[:] = [(typed, term.value(typed))]
        return known[0][1]

    return Term(term.formula, value)


def matches(what: Term, formula: str, pattern: str) -> Term:
    """Whether a text has a shape that a formula of its own tells."""
    shape = re.compile(pattern)
    return Term(formula, lambda typed: bool(shape.fullmatch(str(what.value(typed)).strip())))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
}
