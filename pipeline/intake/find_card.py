"""Find the card of a form on a sheet: by the hidden field keys, else by its labels; and the answers beside them."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

from pipeline.declare.form import Sheet
from pipeline.files.places import place
from pipeline.values.cells import MARK, CellError, RawSheet, Uncomputed, cell_name, is_blank, shown
from pipeline.values.forms import CardCell
from pipeline.values.problems import Problem
from pipeline.words.names import fold

Answers = Mapping[str, CardCell]

_SEARCHED_ROWS, _SEARCHED_COLUMNS = 60, 12
_INSERTED_COLUMNS = 3  # how far behind a label its answer is looked for
_ENOUGH = 0.6  # the share of the keys or labels that makes a sheet the card


def card_by_keys(sheet: RawSheet, declared: Sheet) -> Answers:
    """The answers by key, two columns right of it; empty where too few of the keys are there."""
    keys, searched = frozenset(declared.keys), sheet.rows[:_SEARCHED_ROWS]
    enough = _ENOUGH * len(keys)
    if len(searched) < enough or len(searched) - sum(map(keys.isdisjoint, searched)) < enough:
        return {}  # a key stands in a row of its own
    places = _places(sheet, keys, lambda text: text)
    return _answers(sheet, places, 2, declared) if len(places) >= enough else {}


def card_by_labels(sheet: RawSheet, declared: Sheet) -> Answers:
    """The answers by label, one column right of it."""
    labels = declared.by_header
    places = _places(sheet, set(labels), lambda text: fold(text.rstrip(" *:")))
    if len(places) < _ENOUGH * len(declared.keys):
        return {}
    return _answers(sheet, {labels[label]: place for label, place in places.items()}, 1, declared)


def _places(sheet: RawSheet, wanted: Set[str], read: Callable[[str], str]) -> dict[str, tuple[int, int]]:
    places: dict[str, tuple[int, int]] = {}
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        for column, value in enumerate(cells[:_SEARCHED_COLUMNS]):
            if isinstance(value, str) and value and (key := read(value)) in wanted and key not in places:
                places[key] = (row, column)
                break
    return places


def _answers(sheet: RawSheet, places: Mapping[str, tuple[int, int]], step: int, declared: Sheet) -> Answers:
    """The cells `step` columns right of the places.

    They are looked for further right where somebody inserted a column, and these hold no answer at all.
    """
    for more in range(_INSERTED_COLUMNS):
        answers = {
            key: CardCell(_at(sheet.rows, row, column + step + more), cell_name(column + step + more, row + 1))
            for key, (row, column) in places.items()
        }
        if _holds_answers(answers, declared):
            return answers
    return {key: CardCell("", cell_name(column + step, row + 1)) for key, (row, column) in places.items()}


def _holds_answers(answers: Answers, declared: Sheet) -> bool:
    """Whether there is something in the cells, and it is not the labels."""
    first = next((key for key, answer in answers.items() if not is_blank(answer.raw)), "")
    return first != "" and fold(shown(answers[first].raw).rstrip(" *:")) != fold(declared.by_key[first].label)


def _at(rows: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def below_answers(answers: Answers) -> int:
    """The first row below all answers, from zero."""
    return max(place(answer.cell)[0] for answer in answers.values()) + 1


def one_card(cards: Sequence[tuple[RawSheet, Answers]], declared: Sheet) -> tuple[str, Answers, list[Problem]]:
    """The first card, with the name of its sheet.

    Another that says something else may be of another unit, and nobody can say whose the tables are.
    """
    if not cards:
        return "", {}, []
    sheet, card = cards[0]
    problems = list(_outside(sheet, declared, card))
    answers = [{key: cell.raw for key, cell in cells.items() if not is_blank(cell.raw)} for _, cells in cards]
    if any(answer != answers[0] for answer in answers[1:]):
        problems.append(ambiguous([other.name for other, _ in cards], declared))
    return sheet.name, card, problems


def ambiguous(sheets: Sequence[str], declared: Sheet) -> Problem:
    """Several sheets hold what the form has once; nobody can say which of them counts."""
    facts = {"candidates": ", ".join(f"“{name}”" for name in sheets)}
    return Problem("sheet-ambiguous", "", sheet=sheets[1], table=declared.id, value=declared.name, facts=facts)


def _is_of_light(value: Any, declared: Sheet) -> bool:
    """Whether a cell behind the hints is one of ours, which say what is to be done: also broken, or without a value."""
    if isinstance(value, str):
        return value.strip().startswith(tuple(f"{MARK} {item.label}:" for item in declared.fields))
    return isinstance(value, (CellError, Uncomputed)) or value == 0  # for a text LibreOffice may write 0 into an .xls


def _outside(sheet: RawSheet, declared: Sheet, cells: Answers) -> Iterator[Problem]:
    """Filled cells of the card sheet that are no answer, key, label or hint."""
    answers = [place(cell.cell) for cell in cells.values()]
    rows, columns = zip(*answers, strict=True)
    printed = range(min(columns) - 2, max(columns) + 2)
    first, last, answered = min(rows), max(rows), max(columns)
    for row, line in enumerate(sheet.rows):
        for column, value in enumerate(line):
            is_printed = column in printed and row <= last and (column != answered or row < first)
            if value == "" or is_printed or is_blank(value) or (isinstance(value, str) and value in declared.by_key):
                continue
            if column == answered + 2 and first <= row <= last and _is_of_light(value, declared):
                continue
            if (row, column) not in answers:
                cell = cell_name(column, row + 1)
                yield Problem("cell-outside-table", "", sheet=sheet.name, cell=cell, value=shown(value))
