"""Columns of one name in one table: nobody can say which of them counts, so that none does, and the unit is asked once.

One that holds nothing, or of a printed column the same as its twin, is no doubt: it is set aside with a note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.declare.form import Field, Sheet
from pipeline.values.cells import Contested, RawSheet, cell_name, is_blank, shown
from pipeline.values.problems import Problem
from pipeline.words.names import fold
from pipeline.words.numbers import number_text

ALIKE, SET_ASIDE = "column-doubled", "column-set-aside"


@dataclass(frozen=True, slots=True)
class Settled:
    """What the columns of a table came to.

    `columns`: by key the column that is used, or stands for its twins; `cells`: by key what stands below the header,
    contested where several columns say something; `spoken`: the columns of which a problem tells.
    """

    columns: Mapping[str, int]
    cells: Mapping[str, tuple[Any, ...]]
    spoken: frozenset[int] = frozenset()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Twins:
    """The columns of one name: the row of their header, and of each what stands below it."""

    item: Field
    header: int
    cells: Mapping[int, tuple[Any, ...]]
    filled: tuple[int, ...] = field(default=())


def settle_columns(
    sheet: RawSheet, header: int, top: int, places: Mapping[str, Sequence[int]], declared: Sheet
) -> Settled:
    """The cells of each column below the header in row `header`, data beginning in row `top`, both from zero.

    `places`: by key all columns of that name, nearly always one.
    """
    lines = sheet.rows[top:]
    below = list(zip(*lines, strict=True))
    blank = ("",) * len(lines)
    cells = {key: below[places[key][0]] if key in places and below else blank for key in declared.keys}
    columns = {key: found[0] for key, found in places.items()}
    settled = Settled(columns, cells)
    for key, found in places.items() if below else ():
        if len(found) > 1:
            twins = _Twins(declared.by_key[key], header, {column: below[column] for column in found})
            settled = _settle(settled, sheet, _with_filled(twins, cells, declared), declared)
    return settled


def _with_filled(twins: _Twins, cells: Mapping[str, Sequence[Any]], declared: Sheet) -> _Twins:
    """In a table with fixed rows, what stands below or between its rows does not fill a column."""
    names = zip(*(cells[key] for key in declared.keys[:2]), strict=True)
    counts = [declared.shape != "fixed" or not all(map(is_blank, name)) for name in names]
    filled = (column for column, values in twins.cells.items() if _count(values, counts))
    return replace(twins, filled=tuple(filled))


def _settle(settled: Settled, sheet: RawSheet, twins: _Twins, declared: Sheet) -> Settled:
    item = twins.item
    used, *others = twins.filled or tuple(twins.cells)
    tells_nothing = item.auto or item.key not in declared.core_keys
    if not others or tells_nothing or (item.locked and all(_same(twins.cells[used], twins.cells[it]) for it in others)):
        left = [column for column in twins.cells if column != used]
        notes = tuple(_note(sheet, twins, used, column, declared) for column in left) if twins.filled else ()
        return replace(
            settled,
            columns={**settled.columns, item.key: used},
            cells={**settled.cells, item.key: twins.cells[used]},
            spoken=settled.spoken | set(others),
            problems=(*settled.problems, *notes),
        )
    question = _question(sheet, twins, declared)
    return replace(
        settled,
        cells=_contested(settled.cells, twins, question, declared),
        spoken=settled.spoken | set(twins.cells),
        problems=(*settled.problems, question),
    )


def _contested(
    cells: Mapping[str, tuple[Any, ...]], twins: _Twins, question: Problem, declared: Sheet
) -> Mapping[str, tuple[Any, ...]]:
    """An answer that stands in such columns is contested; where printed ones differ, the answers of their rows are.

    Printed words that differ say nothing about which row it is.
    """
    facts = tuple(question.facts.items())
    rows = list(zip(*(twins.cells[column] for column in twins.filled), strict=True))
    if twins.item.own:
        column = tuple(_in_doubt(values, facts) if not all(map(is_blank, values)) else values[0] for values in rows)
        return {**cells, twins.item.key: column}
    differ = [len({fold(shown(value)) for value in values}) > 1 for values in rows]
    answers = {item.key for item in declared.numbers} or {declared.answer_key}
    return {
        **cells,
        **{
            key: tuple(
                _in_doubt((value,), facts) if odd and not is_blank(value) else value
                for value, odd in zip(cells[key], differ, strict=True)
            )
            for key in answers
        },
        twins.item.key: tuple("" if odd else values[0] for values, odd in zip(rows, differ, strict=True)),
    }


def _in_doubt(values: Sequence[Any], facts: tuple[tuple[str, str], ...]) -> Contested:
    return Contested(values[0], shown(values[0]), ALIKE, facts)


def _question(sheet: RawSheet, twins: _Twins, declared: Sheet) -> Problem:
    named = [_named(sheet, twins, column) for column in twins.filled]
    first = twins.filled[0]
    facts = {"count": number_text(len(named)), "columns": " và ".join(named), "first": _letters(first)}
    return _problem(ALIKE, sheet, twins, first, declared, facts)


def _note(sheet: RawSheet, twins: _Twins, used: int, column: int, declared: Sheet) -> Problem:
    why = "để trống"
    if column in twins.filled:
        why = "chỉ ghi số thứ tự" if twins.item.auto else "ghi giống hệt"
    facts = {"why": why, "column": _letters(column), "used": _letters(used)}
    return _problem(SET_ASIDE, sheet, twins, column, declared, facts)


def _problem(
    code: str, sheet: RawSheet, twins: _Twins, column: int, declared: Sheet, facts: Mapping[str, str]
) -> Problem:
    cell, text = cell_name(column, twins.header + 1), _text(sheet, twins, column)
    return Problem(code, "", "", sheet.name, cell, declared.id, twins.item.key, text, facts=facts)


def _named(sheet: RawSheet, twins: _Twins, column: int) -> str:
    """A column as its sender finds it: its letters, the words above it, how many cells below are filled."""
    cell, text = cell_name(column, twins.header + 1), _text(sheet, twins, column)
    says = f"ô {cell} ghi “{' '.join(text.split())}”" if text else f"ô {cell} để trống"
    return f"cột {_letters(column)} ({says}, {number_text(_count(twins.cells[column]))} ô bên dưới có nội dung)"


def _text(sheet: RawSheet, twins: _Twins, column: int) -> str:
    cells = sheet.rows[twins.header] if twins.header < len(sheet.rows) else []
    return shown(cells[column]) if column < len(cells) and not is_blank(cells[column]) else ""


def _count(values: Sequence[Any], counts: Sequence[bool] = ()) -> int:
    listed = zip(values, counts or [True] * len(values), strict=True)
    return sum(is_counted and not is_blank(value) for value, is_counted in listed)


def _same(values: Sequence[Any], others: Sequence[Any]) -> bool:
    return [fold(shown(value)) for value in values] == [fold(shown(other)) for other in others]


def _letters(column: int) -> str:
    return cell_name(column, 1)[:-1]
