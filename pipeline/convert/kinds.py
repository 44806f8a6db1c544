"""How a column of each kind is read: raw cells in, values out, each distinct cell converted once.

Plain Python on purpose: this runs where the files are read, in processes that load no large library.
"""

from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from operator import itemgetter
from typing import Any, NamedTuple

from pipeline.convert.cell import Converted
from pipeline.convert.dates import to_date
from pipeline.convert.numbers import to_number
from pipeline.convert.text import are_plain, choice_index, to_choice, to_text
from pipeline.declare.form import Field, Nothing, Sheet
from pipeline.declare.kinds import Held, Type
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.words.names import fold

NO_DATE = 0  # among the days of a date column, which count from 01/01/0001 as 1
_STRETCH = 256
_LONGEST_DENIAL = 30  # characters
_DENIED = Converted(rule="denied", nothing="(không có)")

Converter = Callable[[Any], Converted]


class Column(NamedTuple):
    """One column: its values, `None` where there is none; by position, what was not used exactly as written.

    Beside figures, `nothing` holds the kind of nothing. `denied`: where a word says that there is nothing, as a blank.
    """

    values: list[Any]
    odd: list[tuple[int, Converted]]
    nothing: list[str] | None = None
    denied: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a column stands: its sheet, what names the rows of that sheet, the period of the forms."""

    sheet: Sheet
    names: Sequence[str]
    project: Project
    period: Period


def _denials(raw: Sequence[Any], setting: Setting) -> set[str]:
    words = {value for value in raw if value.__class__ is str and value}
    return {word for word in words if len(word) <= _LONGEST_DENIAL and setting.project.proof.says_nothing(word)}


def read_column(item: Field, raw: Sequence[Any], setting: Setting) -> Column:
    """The cells under one field, read as its kind says; in some, a word that denies is as good as a blank."""
    denials = _denials(raw, setting) if item.denies else set()
    if not denials:
        return READERS[item.type](item, raw, setting)
    denied = frozenset(
        position for position, value in enumerate(raw) if value.__class__ is str and value in denials and value.strip()
    )
    column = READERS[item.type](item, ["" if place in denied else value for place, value in enumerate(raw)], setting)
    odd = sorted([*column.odd, *((position, _DENIED) for position in denied)], key=itemgetter(0))
    return column._replace(odd=odd, denied=denied)


def as_stored(item: Field, values: list[Any]) -> Any:
    """The values as they travel: numbers as doubles with NaN, dates as days with `NO_DATE`, text as it is."""
    return _STORES[item.kind.holds](values)


def _texts(item: Field, raw: Sequence[Any], setting: Setting) -> Column:
    """A stretch at a time: where every cell of it is plain text or blank, no cell needs a look of its own."""
    used: list[Any] = []
    odd: list[tuple[int, Converted]] = []
    known: dict[str, str] = {}  # equal texts are held once
    for start in range(0, len(raw), _STRETCH):
        stretch = raw[start : start + _STRETCH]
        if set(map(type, stretch)) == {str} and are_plain(list(filter(None, stretch))):
            used += [known.setdefault(value, value) or None for value in stretch]
        else:
            found = _read(stretch, to_text)
            used += found.values
            odd += [(start + position, result) for position, result in found.odd]
    return Column(used, odd)


def _choices(item: Field, raw: Sequence[Any], setting: Setting) -> Column:
    choices = choice_index(setting.project.form.choices[item.choices])
    return _read(raw, partial(to_choice, choices=choices))


def _dates(item: Field, raw: Sequence[Any], setting: Setting) -> Column:
    return _read(raw, partial(to_date, period=setting.period, in_window=item.window))


def _numbers(item: Field, raw: Sequence[Any], setting: Setting) -> Column:
    """Numbers of their own column: words that say “none” are read in a count that may be zero."""
    nothing = _nothing_words(said for said in setting.project.form.nothing.items() if said[1].counts_as_zero)
    convert = partial(
        to_number,
        whole=item.kind.is_whole,
        measure=item.measure,
        nothing=nothing if item.minimum == 0 and not item.required else None,
        period=setting.period if "note" in setting.sheet.by_key else None,  # where a note can say that it is no date
    )
    return _read(raw, convert)


def _figures(item: Field, raw: Sequence[Any], setting: Setting) -> Column:
    """Figures are read by the indicator of their row: whole or not, and which words may follow the number."""
    words = _nothing_words(setting.project.form.nothing.items())
    converters = {name: _of_indicator(name, words, setting) for name in set(setting.names)}
    seen: dict[Hashable, Converted] = {}
    used, nothing, odd = [], [], []
    for position, (value, name) in enumerate(zip(raw, setting.names, strict=True)):
        key = (name, value.__class__, value)
        result = seen.get(key)
        if result is None:
            result = seen[key] = converters[name](value)
        used.append(result.value)
        nothing.append(result.nothing)
        if result.rule or result.code:
            odd.append((position, result))
    return Column(used, odd, nothing)


def _of_indicator(name: str, nothing: Mapping[str, tuple[str, bool]], setting: Setting) -> Converter:
    """How a figure of one indicator is read; of a row that nobody can name, only whether it holds a number."""
    indicator = setting.project.plan.indicator.get(name)
    if indicator is None:
        return partial(to_number, whole=False, nothing=nothing)
    near = None if indicator.large else setting.period
    return partial(to_number, whole=indicator.whole, measure=indicator.measure, nothing=nothing, period=near)


def _nothing_words(ways: Iterable[tuple[str, Nothing]]) -> dict[str, tuple[str, bool]]:
    """The folded words of some ways of saying nothing, each with its kind and whether it is a zero."""
    return {fold(word): (name, said.counts_as_zero) for name, said in ways for word in (said.label, *said.aliases)}


def _read(values: Iterable[Any], convert: Converter) -> Column:
    """Cell by cell. Text is its own key; other cells are keyed with their type, for 1 == True."""
    seen: dict[Hashable, Converted] = {}
    used: list[Any] = []
    odd: list[tuple[int, Converted]] = []
    for position, value in enumerate(values):
        if value == "":
            used.append(None)
            continue
        key = value if value.__class__ is str else (value.__class__, value)
        result = seen.get(key)
        if result is None:
            result = seen[key] = convert(value)
        used.append(result[0])
        if result[1] or result[2]:
            odd.append((position, result))
    return Column(used, odd)


READERS: Mapping[Type, Callable[[Field, Sequence[Any], Setting], Column]] = {
    "text": _texts,
    "whole": _numbers,
    "number": _numbers,
    "date": _dates,
    "choice": _choices,
    "figure": _figures,
}

_STORES: Mapping[Held, Callable[[list[Any]], Any]] = {
    "text": lambda values: values,
    "number": lambda values: array("d", [nan if value is None else value for value in values]),
    "day": lambda values: array("i", [NO_DATE if value is None else value.toordinal() for value in values]),
}
