"""Problems of what a unit wrote where the form is printed.

That is behind a title, over a unit of measure, beside an answer of the card.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.declare.form import Field
from pipeline.declare.project import Project
from pipeline.files.places import place
from pipeline.intake.locate import Located
from pipeline.intake.printed_texts import ways_of
from pipeline.values.cells import RawSheet, cell_name, is_blank, shown
from pipeline.values.forms import CardCell, Found
from pipeline.values.problems import Problem
from pipeline.words.names import fold

_NUMBERS = re.compile(r"\d+")
_DAY = re.compile(r"\bngay\b.*\bthang\b")  # the line above a signature


def printed_problems(sheets: Sequence[RawSheet], located: Located, project: Project) -> tuple[Problem, ...]:
    """Every question about content in printed cells, without file and unit. Mere rewording is not asked about."""
    by_name = {sheet.name: sheet for sheet in sheets}
    found = [
        problem
        for table in located.tables.values()
        if table.is_fixed
        for problem in _in_table(by_name[table.sheet], table, project)
    ]
    if located.card_sheet in by_name:
        found += _beside_answers(by_name[located.card_sheet], located.card, project)
    return tuple(found)


def _in_table(sheet: RawSheet, found: Found, project: Project) -> Iterator[Problem]:
    fields = project.form.tables[found.table].fields
    first = next(item for item in fields if item.own)
    texts = project.printed[project.form.tables[found.table].rows]
    keys = project.printed_keys(found) if found.retyped else ()
    ways = {key: {name: ways_of(key, name, texts, project.plan) for name in texts} for key in keys}
    known = {key: {way for told in ways[key].values() for way in told} for key in keys}
    for position in found.retyped:
        number, name = found.numbers[position], found.names[position]
        for key in keys:
            said = found.rows[position][found.keys.index(key)]
            if said not in known[key] and _adds(shown(said), ways[key][name]):
                printed = texts[name][key]
                facts = {"printed": printed, "row_name": name, "column": first.label, "sample": first.example}
                yield _changed(found, key, number, shown(said), facts)
    names = [item for item in fields if not item.own and item.key in project.form.tables[found.table].core_keys]
    yield from _between(sheet, found, names)


def _changed(found: Found, key: str, number: int, said: str, facts: Mapping[str, str]) -> Problem:
    cell = found.cell(key, number)
    about = tuple(filter(None, [facts.get("row_name", "")]))
    return Problem("printed-changed", "", "", found.sheet, cell, found.table, key, said, number, facts, about=about)


def _adds(text: str, printed: Sequence[str]) -> bool:
    """Whether the text says more than is printed, in one way or another: a number, or words behind the printed ones."""
    said, ways = fold(text), [fold(way) for way in printed]
    if not said or _letters(said) in map(_letters, ways):
        return False
    numbers = {number for way in ways for number in _NUMBERS.findall(way)}
    return not numbers.issuperset(_NUMBERS.findall(said)) or said.startswith(tuple(ways))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _with_number(value: Any) -> str:
    """What stands there, if a number does that is no part of a day; else nothing."""
    text = "" if is_blank(value) else shown(value)
    return text if _NUMBERS.search(text) and not _DAY.search(fold(text)) else ""


def _between(sheet: RawSheet, found: Found, locked: Sequence[Field]) -> Iterator[Problem]:
    """Numbers in the printed columns of rows that are none of the form's and have nothing in the columns to fill in."""
    columns = [found.columns[item.key] for item in locked if item.key in found.columns]
    first = min(found.numbers, default=len(sheet.rows))
    for number in (number for number in range(first, len(sheet.rows) + 1) if number not in found.place):
        cells = sheet.rows[number - 1]
        for column in columns:
            if text := _with_number(cells[column] if column < len(cells) else ""):
                cell = cell_name(column, number)
                yield Problem("cell-outside-table", "", "", sheet.name, cell, found.table, value=text)


def _beside_answers(sheet: RawSheet, card: Mapping[str, CardCell], project: Project) -> Iterator[Problem]:
    """An answer that stands in the cell of its hint or behind its label, while its own cell is blank."""
    for key, answer in card.items():
        item = project.form.card.by_key[key]
        if item.own and is_blank(answer.raw):
            row, column = place(answer.cell)
            hint, label = (row, column + 1), (row, column - 1)
            if text := _not_hint(sheet, *hint, item):
                yield _beside(sheet, key, answer, hint, text)
            elif text := _behind_label(sheet, *label, item):
                yield _beside(sheet, key, answer, label, text)


def _beside(sheet: RawSheet, key: str, answer: CardCell, here: tuple[int, int], text: str) -> Problem:
    facts = {"beside": cell_name(here[1], here[0] + 1), "answer": answer.cell}
    return Problem("beside-answer", "", "", sheet.name, answer.cell, "card", key, text, facts=facts)


def _not_hint(sheet: RawSheet, row: int, column: int, item: Field) -> str:
    """What stands right of an answer, unless it is a hint: a sentence with a full stop."""
    text = _text(sheet, row, column)
    return "" if text.endswith(".") or fold(text) == fold(item.hint) else text


def _behind_label(sheet: RawSheet, row: int, column: int, item: Field) -> str:
    text = _text(sheet, row, column)
    return text[len(item.label) :].strip(" *:") if fold(text).startswith(fold(item.label)) else ""


def _text(sheet: RawSheet, row: int, column: int) -> str:
    cells = sheet.rows[row] if row < len(sheet.rows) else []
    return shown(cells[column]).strip() if 0 <= column < len(cells) and not is_blank(cells[column]) else ""
