"""Find the card and the tables in the sheets of a workbook: by the hidden field keys, else by the header texts.

Never by position, sheet order or sheet name. What the unit wrote outside the tables comes back as problems, so that
no filled cell is lost from sight.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from pipeline.declare.form import Form, Sheet
from pipeline.declare.project import Project
from pipeline.intake.find_card import Answers, ambiguous, below_answers, card_by_keys, card_by_labels, one_card
from pipeline.intake.find_table import header_by_keys, header_by_texts, read_table
from pipeline.intake.foot import Foot, foot_note, parted
from pipeline.values.cells import RawSheet, cell_name, is_blank
from pipeline.values.forms import CardCell, Found
from pipeline.values.problems import Problem

_Candidate = tuple[Found, list[Problem]]


@dataclass(frozen=True, slots=True)
class Located:
    """The card and tables of one workbook, and what is wrong with its shape. Problems carry no file name yet.

    `sheets` are those of the workbook, without what stands at their foot to sign them.
    """

    card_sheet: str
    card: Mapping[str, CardCell]
    tables: Mapping[str, Found]
    meta: Mapping[str, str]
    problems: tuple[Problem, ...]
    sheets: tuple[RawSheet, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The sheets of a workbook by what they are; a form may hold several that could be the same."""

    cards: list[tuple[RawSheet, Answers]] = field(default_factory=list)
    tables: dict[str, list[_Candidate]] = field(default_factory=dict)
    unknown: list[Problem] = field(default_factory=list)
    sheets: list[RawSheet] = field(default_factory=list)
    feet: list[Foot] = field(default_factory=list)


def locate(sheets: Sequence[RawSheet], project: Project) -> Located:
    """Find everything that the form declares; `card` is empty when the workbook is no form at all."""
    form, found = project.form, _Sorted()
    for sheet in sheets:
        found.sheets.append(sheet if sheet.name in form.silent_sheets else _sort(sheet, project, found))
    card_sheet, card, problems = one_card(found.cards, form.card)
    chosen = {table: _choose(found.tables.get(table, []), declared) for table, declared in form.tables.items()}
    tables = {table: mine for table, (mine, _) in chosen.items() if mine}
    problems += found.unknown
    problems += chain.from_iterable(more for _, more in chosen.values())
    problems += foot_note(found.feet)
    return Located(card_sheet, card, tables, _meta(sheets, form), tuple(problems), tuple(found.sheets))


def _sort(sheet: RawSheet, project: Project, found: _Sorted) -> RawSheet:
    """Put a sheet where it belongs; keys are believed before labels, on any sheet. Gives back what is read of it."""
    form, header = project.form, None
    cells = card_by_keys(sheet, form.card)
    if not cells and not (header := header_by_keys(sheet, form)):
        cells = card_by_labels(sheet, form.card)
    if not cells and not (header := header or header_by_texts(sheet, form)):
        found.unknown.extend(_unknown_sheet(sheet))
        return sheet
    below = header.row + 1 if header else below_answers(cells)
    sheet, foot = parted(sheet, below, project.signing, project.row_ids)
    if foot:
        found.feet.append(foot)
    if header:
        found.tables.setdefault(header.table, []).append(read_table(sheet, header, form))
    else:
        found.cards.append((sheet, cells))
    return sheet


def _meta(sheets: Iterable[RawSheet], form: Form) -> dict[str, str]:
    rows = next((sheet.rows for sheet in sheets if sheet.name == form.meta_sheet), [])
    return {str(row[0]): str(row[1]) for row in rows if len(row) > 1}


def _unknown_sheet(sheet: RawSheet) -> Iterator[Problem]:
    cells = [
        cell_name(column, row + 1)
        for row, line in enumerate(sheet.rows)
        for column, value in enumerate(line)
        if not is_blank(value)
    ]
    if cells:
        facts = {"count": str(len(cells))}
        yield Problem("unknown-sheet", "", sheet=sheet.name, cell=cells[0], value=sheet.name, facts=facts)


def _choose(candidates: Sequence[_Candidate], declared: Sheet) -> tuple[Found | None, list[Problem]]:
    """The one sheet that holds the table; of several, the only one that is filled."""
    if not candidates:
        return None, [Problem("sheet-missing", "", sheet=declared.name, table=declared.id, value=declared.name)]
    used = [item for item in candidates if any(item[0].filled)] or candidates[:1]
    if len(used) > 1:
        return None, [ambiguous([found.sheet for found, _ in used], declared)]
    found, problems = used[0]
    return found, [*_missing_columns(found, declared), *problems]


def _missing_columns(found: Found, declared: Sheet) -> list[Problem]:
    needed = [item for item in declared.fields if item.required and item.key not in found.columns]
    return [Problem("column-missing", "", sheet=found.sheet, table=declared.id, field=item.key) for item in needed]
