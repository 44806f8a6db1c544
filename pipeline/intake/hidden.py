"""Problems of what the sender may not see in their own form, or the reader in it.

Hidden content, merged cells, pictures, links, macros.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import compress

from pipeline.declare.form import Form
from pipeline.files.opening import Opened
from pipeline.files.places import place
from pipeline.intake.locate import Located
from pipeline.values.cells import RawSheet, cell_name, is_blank, shown
from pipeline.values.forms import Found
from pipeline.values.problems import Problem

_FEW = 5


def hidden_problems(opened: Opened, located: Located, form: Form) -> tuple[Problem, ...]:
    """Every question about hidden content, without file and unit."""
    sheets = {sheet.name: sheet for sheet in opened.sheets if sheet.name not in form.silent_sheets}
    return (*_of_sheets(sheets, located, form), *_of_file(opened, sheets, located, form))


def _of_sheets(sheets: Mapping[str, RawSheet], located: Located, form: Form) -> Iterator[Problem]:
    for sheet in sheets.values():
        if not sheet.is_visible:
            filled = [found for found in located.tables.values() if found.sheet == sheet.name]
            named = [name for found in filled for name in _names(found, list(compress(found.numbers, found.filled)))]
            yield from (replace(problem, about=tuple(named)) for problem in _hidden_sheet(sheet))
        yield from _covered(sheet, form)
        yield from _drawn(sheet)
    if located.card_sheet in sheets:
        yield from _hidden_answers(sheets[located.card_sheet], located, form)
    for table, found in located.tables.items():
        own = [key for key in form.tables[table].own_keys if key in found.columns]
        yield from _hidden_rows(sheets[found.sheet], found, own)
        yield from _hidden_columns(sheets[found.sheet], found, own)
        yield from _merged(sheets[found.sheet], found, own)


def _first_linked(linked: Sequence[RawSheet]) -> tuple[str, str]:
    """Sheet and cell of the first formula into another file; empty where only the book has such links."""
    if not linked:
        return "", ""
    row, column, *_ = linked[0].linked[0]
    return linked[0].name, cell_name(column, row + 1)


def _without_our_own(sheet: RawSheet, located: Located, form: Form) -> RawSheet:
    """The sheet without links from columns in which the form only tells: they follow it into another book."""
    told = {
        column
        for found in located.tables.values()
        if found.sheet == sheet.name
        for key, column in found.columns.items()
        if key not in form.tables[found.table].core_keys
    }
    linked = tuple(area for area in sheet.linked if not told.issuperset(range(area[1], area[3] + 1)))
    return sheet if len(linked) == len(sheet.linked) else replace(sheet, linked=linked)


def _of_file(opened: Opened, sheets: Mapping[str, RawSheet], located: Located, form: Form) -> Iterator[Problem]:
    with_links = [_without_our_own(sheet, located, form) for sheet in sheets.values() if sheet.linked]
    linked = [sheet for sheet in with_links if sheet.linked]
    if linked or (opened.has_links and not with_links):
        tables = [
            (sheets[found.sheet], found, form.tables[table].answer_key) for table, found in located.tables.items()
        ]
        about = tuple(name for sheet, found, key in tables for name in _from_elsewhere(sheet, found, key))
        name, cell = _first_linked(linked)
        yield Problem("external-link", "", sheet=name, cell=cell, about=about)
    if opened.has_macros:
        yield Problem("macro-file", "")


def _from_elsewhere(sheet: RawSheet, found: Found, key: str) -> Iterator[str]:
    """The tasks or indicators whose answer (`key`) a formula takes from another file."""
    column = found.columns.get(key, -1)
    rows = [(top, bottom) for top, left, bottom, right in sheet.linked if left <= column <= right]
    for number, name in zip(found.numbers, found.names, strict=False):  # open tables have no names
        if name and any(top < number <= bottom + 1 for top, bottom in rows):
            yield name


def _hidden_sheet(sheet: RawSheet) -> Iterator[Problem]:
    first = next(
        (
            (row, column)
            for row, line in enumerate(sheet.rows)
            for column, value in enumerate(line)
            if not is_blank(value)
        ),
        None,
    )
    if first:
        yield _hidden(sheet, first, f"sheet “{sheet.name}”")


def _covered(sheet: RawSheet, form: Form) -> Iterator[Problem]:
    """What lies under merged cells; our own guidance does where a program moved it out of those merged for it."""
    ours = {text for declared in form.tables.values() for text in (declared.guidance, *declared.printed_before)}
    filled = {under: value for under, value in sheet.covered.items() if not is_blank(value) and value not in ours}
    if filled:
        text = "; ".join(
            f"{cell_name(column, row + 1)}: {shown(value)}" for (row, column), value in sorted(filled.items())
        )
        yield _hidden(sheet, min(filled), f"dưới ô gộp ({text})", text)


def _drawn(sheet: RawSheet) -> Iterator[Problem]:
    """Pictures and boxes on a sheet: one question, with the words of the boxes."""
    if sheet.drawn:
        said = [item.text for item in sheet.drawn if item.text]
        pictures = len(sheet.drawn) - len(said)
        what = [f"{pictures} ảnh"] if pictures else []
        what += [f"hộp chữ ghi “{'”, “'.join(said)}”"] if said else []
        row, column = min(item.place for item in sheet.drawn)
        cell = cell_name(column, row + 1) if row >= 0 else ""
        yield Problem(
            "drawn-content", "", sheet=sheet.name, cell=cell, value="; ".join(said), facts={"what": " và ".join(what)}
        )


def _hidden_answers(sheet: RawSheet, located: Located, form: Form) -> Iterator[Problem]:
    """Answers of the card in a hidden row or column."""
    for key, cell in located.card.items():
        if form.card.by_key[key].own and not is_blank(cell.raw):
            row, column = place(cell.cell)
            if row in sheet.hidden_rows or column in sheet.hidden_columns:
                facts = {"where": f"dòng {row + 1}" if row in sheet.hidden_rows else f"cột {_letters(column)}"}
                said = shown(cell.raw)
                yield Problem("hidden-data", "", "", sheet.name, cell.cell, "card", key, said, facts=facts)


def _hidden_rows(sheet: RawSheet, found: Found, own: Sequence[str]) -> Iterator[Problem]:
    """Filled rows that are hidden or filtered away: one question for all."""
    filled = zip(found.numbers, found.filled, strict=True)
    rows = [number for number, is_filled in filled if is_filled and number - 1 in sheet.hidden_rows]
    if rows:
        first = next(key for key in own if not is_blank(found.raw(key, rows[0])))
        here = rows[0] - 1, found.columns[first]
        problem = _hidden(sheet, here, f"dòng {_list(rows)}", shown(found.raw(first, rows[0])), found.table)
        yield replace(problem, about=_names(found, rows))


def _hidden_columns(sheet: RawSheet, found: Found, own: Sequence[str]) -> Iterator[Problem]:
    """Filled columns that are hidden: one question each."""
    for key in own:
        column = found.columns[key]
        if column in sheet.hidden_columns:
            filled = [number for number in found.numbers if not is_blank(found.raw(key, number))]
            if filled:
                here, value = (filled[0] - 1, column), shown(found.raw(key, filled[0]))
                problem = _hidden(sheet, here, f"cột {_letters(column)}", value, found.table)
                yield replace(problem, about=_names(found, filled))


def _first_key(columns: Mapping[int, str], left: int, right: int) -> str:
    across = range(left, min(right, max(columns, default=0)) + 1)
    return next((columns[column] for column in across if column in columns), "")


def _merged(sheet: RawSheet, found: Found, own: Sequence[str]) -> Iterator[Problem]:
    """A filled cell of the unit's own that is merged over several rows.

    Which row the value belongs to is for its sender to say.
    """
    columns = {found.columns[key]: key for key in own}
    for top, left, bottom, right in sheet.merges:
        key = _first_key(columns, left, right)
        number = top + 1
        if key and top < bottom and number in found.place and not is_blank(found.raw(key, number)):
            merged = f"{cell_name(left, number)}:{cell_name(right, bottom + 1)}"
            facts = {"merged": merged, "first": found.row_name(number) or f"dòng {number}"}
            cell, value = found.cell(key, number), shown(found.raw(key, number))
            yield Problem("merged-cells", "", "", found.sheet, cell, found.table, key, value, number, facts)


def _hidden(sheet: RawSheet, first: tuple[int, int], where: str, value: str = "", table: str = "") -> Problem:
    cell = cell_name(first[1], first[0] + 1)
    return Problem("hidden-data", "", "", sheet.name, cell, table, value=value, facts={"where": where})


def _names(found: Found, rows: Sequence[int]) -> tuple[str, ...]:
    """Which tasks or indicators the rows are; none in a table whose rows have no names."""
    return tuple(filter(None, (found.row_name(number) for number in rows)))


def _list(numbers: Sequence[int]) -> str:
    listed = ", ".join(str(number) for number in numbers[:_FEW])
    return f"{listed} và {len(numbers) - _FEW} dòng nữa" if len(numbers) > _FEW else listed


def _letters(column: int) -> str:
    return cell_name(column, 1)[:-1]
