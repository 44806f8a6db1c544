"""Find the card and the tables in the sheets of a workbook: by the hidden field keys, else by the header texts.

Never by position, sheet order or sheet name. What the unit wrote outside the tables comes back as problems, so that
no filled cell is lost from sight.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import compress
from typing import Any

from pipeline.declare.form import Form, Sheet
from pipeline.files.places import place
from pipeline.values.cells import RawSheet, cell_name, is_blank, shown
from pipeline.values.forms import CardCell, Found
from pipeline.values.problems import Problem
from pipeline.words.names import fold

_SEARCHED_ROWS, _SEARCHED_COLUMNS = 60, 12  # for keys and labels of the card
_INSERTED_COLUMNS, _INSERTED_ROWS = (
    3,
    2,
)  # how far behind a label its answer, and below the keys the header, is looked for
_ENOUGH = 0.6  # the share of a table's columns that makes a row its header


@dataclass(frozen=True, slots=True)
class Located:
    """The card and tables of one workbook, and what is wrong with its shape. Problems carry no file name yet."""

    card_sheet: str
    card: Mapping[str, CardCell]
    tables: Mapping[str, Found]
    meta: Mapping[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Header:
    table: str
    row: int  # of the header texts, from zero; data begins below
    columns: Mapping[str, int]


def locate(sheets: Sequence[RawSheet], form: Form) -> Located:
    """Find everything that the form declares; `card` is empty when the workbook is no form at all."""
    meta = _meta(sheets, form)
    own = [sheet for sheet in sheets if sheet.name not in form.silent_sheets]
    cards: list[tuple[RawSheet, Mapping[str, CardCell]]] = []
    candidates: dict[str, list[tuple[Found, list[Problem]]]] = {}
    problems: list[Problem] = []
    for sheet in own:
        header = None
        cells = _card_by_keys(sheet, form.card) or (
            None if (header := _header_by_keys(sheet, form)) else _card_by_labels(sheet, form.card)
        )
        if cells:
            cards.append((sheet, cells))
        elif header := header or _header_by_texts(sheet, form):
            candidates.setdefault(header.table, []).append(_table(sheet, header, form))
        else:
            problems += _unknown_sheet(sheet)
    card_sheet, card, card_problems = _one_card(cards, form.card)
    tables = {}
    for table, declared in form.tables.items():
        found, more = _choose(candidates.get(table, []), declared)
        problems += more
        if found:
            tables[table] = found
    return Located(card_sheet, card, tables, meta, (*card_problems, *problems))


def _meta(sheets: Iterable[RawSheet], form: Form) -> dict[str, str]:
    rows = next((sheet.rows for sheet in sheets if sheet.name == form.meta_sheet), [])
    return {str(row[0]): str(row[1]) for row in rows if len(row) > 1}


def _card_by_keys(sheet: RawSheet, declared: Sheet) -> dict[str, CardCell]:
    """The answers by key, two columns right of it; empty where too few of the keys are there."""
    keys, searched = frozenset(declared.keys), sheet.rows[:_SEARCHED_ROWS]
    enough = _ENOUGH * len(keys)
    if (
        len(searched) < enough or len(searched) - sum(map(keys.isdisjoint, searched)) < enough
    ):  # a key stands in a row of its own
        return {}
    places = _card_places(sheet, keys, lambda text: text)
    return _answers(sheet, places, 2, declared) if len(places) >= enough else {}


def _card_by_labels(sheet: RawSheet, declared: Sheet) -> dict[str, CardCell]:
    """The answers by label, one column right of it."""
    labels = {fold(item.label): item.key for item in declared.fields}
    places = _card_places(sheet, set(labels), lambda text: fold(text.rstrip(" *:")))
    if len(places) < _ENOUGH * len(declared.keys):
        return {}
    return _answers(sheet, {labels[label]: place for label, place in places.items()}, 1, declared)


def _answers(sheet: RawSheet, places: Mapping[str, tuple[int, int]], step: int, declared: Sheet) -> dict[str, CardCell]:
    """The cells `step` columns right of the places, or further right where somebody inserted a column and they hold no answer at all."""
    for more in range(_INSERTED_COLUMNS):
        columns = {key: (row, column + step + more) for key, (row, column) in places.items()}
        answers = {
            key: CardCell(_at(sheet.rows, row, column), cell_name(column, row + 1))
            for key, (row, column) in columns.items()
        }
        first = next((key for key, answer in answers.items() if not is_blank(answer.raw)), "")
        if first and fold(shown(answers[first].raw).rstrip(" *:")) != fold(declared.by_key[first].label):
            return answers
    return {key: CardCell("", cell_name(column + step, row + 1)) for key, (row, column) in places.items()}


def _one_card(
    cards: Sequence[tuple[RawSheet, Mapping[str, CardCell]]], declared: Sheet
) -> tuple[str, Mapping[str, CardCell], list[Problem]]:
    """The first card; another that says something else may be of another unit, and nobody can say whose the tables are."""
    if not cards:
        return "", {}, []
    sheet, card = cards[0]
    problems = list(_outside_card(sheet, declared, card))
    answers = [{key: cell.raw for key, cell in cells.items() if not is_blank(cell.raw)} for _, cells in cards]
    if any(answer != answers[0] for answer in answers[1:]):
        names = ", ".join(f"“{other.name}”" for other, _ in cards)
        problems.append(
            Problem(
                "sheet-ambiguous",
                "",
                sheet=cards[1][0].name,
                table=declared.id,
                value=declared.name,
                facts={"candidates": names},
            )
        )
    return sheet.name, card, problems


def _card_places(sheet: RawSheet, wanted: Set[str], read) -> dict[str, tuple[int, int]]:  # type: ignore[no-untyped-def]
    places: dict[str, tuple[int, int]] = {}
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        for column, value in enumerate(cells[:_SEARCHED_COLUMNS]):
            if isinstance(value, str) and value and (key := read(value)) in wanted and key not in places:
                places[key] = (row, column)
                break
    return places


def _at(rows: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _outside_card(sheet: RawSheet, declared: Sheet, cells: Mapping[str, CardCell]) -> Iterator[Problem]:
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
            if (row, column) not in answers:
                yield Problem(
                    "cell-outside-table", "", sheet=sheet.name, cell=cell_name(column, row + 1), value=shown(value)
                )


def _header_by_keys(sheet: RawSheet, form: Form) -> _Header | None:
    """The table that the sheet holds, if any: the row that holds most of its keys."""
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        if form.table_keys.isdisjoint(cells):
            continue
        texts = {
            value: column for column, value in reversed(list(enumerate(cells))) if isinstance(value, str) and value
        }
        shares = {
            table: len(declared.by_key.keys() & texts.keys()) / len(declared.keys)
            for table, declared in form.tables.items()
        }
        table = max(shares, key=shares.__getitem__)
        if shares[table] >= _ENOUGH:
            columns = {key: texts[key] for key in form.tables[table].keys if key in texts}
            return _Header(table, _text_row(sheet, row, form.tables[table]), columns)
    return None


def _header_by_texts(sheet: RawSheet, form: Form) -> _Header | None:
    """The same by the header texts, where the row of keys is gone."""
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        texts = {
            fold(value.rstrip(" *")): column
            for column, value in reversed(list(enumerate(cells)))
            if isinstance(value, str) and value
        }
        for table, declared in form.tables.items():
            names = {item.key: [fold(name) for name in (item.label, *item.aliases)] for item in declared.fields}
            columns = {key: texts[name] for key, options in names.items() for name in options if name in texts}
            if len(columns) >= _ENOUGH * len(declared.keys):
                return _Header(table, row, columns)
    return None


def _text_row(sheet: RawSheet, key_row: int, declared: Sheet) -> int:
    """The header texts stand below the keys, perhaps under a line of their own; where someone removed them, the data does."""
    labels = declared.folded_labels
    for row in range(key_row + 1, min(key_row + 2 + _INSERTED_ROWS, len(sheet.rows))):
        named = sum(isinstance(value, str) and fold(value.rstrip(" *")) in labels for value in sheet.rows[row])
        if named > (row > key_row + 1):  # farther down, one word may be somebody's answer
            return row
    return key_row


def _table(sheet: RawSheet, header: _Header, form: Form) -> tuple[Found, list[Problem]]:
    declared = form.tables[header.table]
    lines = sheet.rows[header.row + 1 :]
    columns = list(zip(*lines, strict=True))
    blank, nothing = ("",) * len(lines), ("",) * len(declared.own_keys)
    picked = {
        key: columns[header.columns[key]] if key in header.columns and columns else blank for key in declared.keys
    }
    filled = [
        mine != nothing and not all(map(is_blank, mine))
        for mine in zip(*(picked[key] for key in declared.own_keys), strict=True)
    ]
    is_fixed = declared.shape == "fixed"
    is_named = [not is_blank(name) for name in picked[declared.row_key]] if is_fixed else filled
    kept = [is_mine or has_name for is_mine, has_name in zip(filled, is_named, strict=True)]
    numbers = list(compress(range(header.row + 2, header.row + 2 + len(lines)), kept))
    rows = list(compress(zip(*picked.values(), strict=True), kept))
    found = Found(
        header.table, sheet.name, declared.keys, header.columns, rows, numbers, list(compress(filled, kept)), is_fixed
    )
    return found, [*_unknown_columns(sheet, header), *_above(sheet, header)]


def _unknown_columns(sheet: RawSheet, header: _Header) -> Iterator[Problem]:
    """Columns that the form does not have and that hold something below the header."""
    known = set(header.columns.values())
    width = max((len(row) for row in sheet.rows), default=0)
    for column in (column for column in range(width) if column not in known):
        cells = [
            (cell_name(column, number), shown(row[column]))
            for number, row in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2)
            if column < len(row) and row[column] != "" and not is_blank(row[column])
        ]
        if cells:
            label = _at(sheet.rows, header.row, column) or cell_name(column, 1)[:-1]
            text = "; ".join(f"{cell}: {value}" for cell, value in cells)
            yield Problem(
                "unknown-column",
                "",
                sheet=sheet.name,
                cell=cells[0][0],
                table=header.table,
                value=text,
                facts={"label": shown(label)},
            )


def _above(sheet: RawSheet, header: _Header) -> Iterator[Problem]:
    """Cells filled above the header, right of our own titles, which stand in the first column."""
    first = next((column for row in sheet.rows[:1] for column, value in enumerate(row) if not is_blank(value)), 0)
    keys = set(header.columns)
    for row, cells in enumerate(sheet.rows[: header.row]):
        for column, value in enumerate(cells):
            if value != "" and column != first and not is_blank(value) and value not in keys:
                yield Problem(
                    "cell-outside-table",
                    "",
                    sheet=sheet.name,
                    cell=cell_name(column, row + 1),
                    table=header.table,
                    value=shown(value),
                )


def _unknown_sheet(sheet: RawSheet) -> Iterator[Problem]:
    cells = [
        (cell_name(column, row + 1), value)
        for row, line in enumerate(sheet.rows)
        for column, value in enumerate(line)
        if not is_blank(value)
    ]
    if cells:
        yield Problem(
            "unknown-sheet", "", sheet=sheet.name, cell=cells[0][0], value=sheet.name, facts={"count": str(len(cells))}
        )


def _choose(candidates: list[tuple[Found, list[Problem]]], declared: Sheet) -> tuple[Found | None, list[Problem]]:
    """The one sheet that holds the table; of several, the only one that is filled."""
    if not candidates:
        return None, [Problem("sheet-missing", "", sheet=declared.name, table=declared.id, value=declared.name)]
    used = [item for item in candidates if any(item[0].filled)] or candidates[:1]
    if len(used) > 1:
        names = ", ".join(f"“{found.sheet}”" for found, _ in used)
        return None, [
            Problem(
                "sheet-ambiguous",
                "",
                sheet=used[1][0].sheet,
                table=declared.id,
                value=declared.name,
                facts={"candidates": names},
            )
        ]
    found, problems = used[0]
    needed = [item for item in declared.fields if item.required and item.key not in found.columns]
    missing = [Problem("column-missing", "", sheet=found.sheet, table=declared.id, field=item.key) for item in needed]
    return found, [*missing, *problems]
