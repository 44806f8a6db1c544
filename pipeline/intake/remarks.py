"""Lines of the log for what hangs on cells: what a unit wrote into comments, and the addresses to which its words lead.

The notes that we put into a marked copy are not the words of the unit.
"""

from collections.abc import Callable, Iterable, Iterator

from pipeline.declare.project import Project
from pipeline.declare.todo import below_our_note, is_our_note
from pipeline.intake.locate import Located
from pipeline.values.cells import RawSheet, cell_name, shown
from pipeline.values.forms import Change


def logged_comments(sheets: Iterable[RawSheet], located: Located, project: Project) -> tuple[Change, ...]:
    """One line a comment, copied word for word with its author, and one line a link, without file and unit."""
    said: list[Change] = []
    for sheet in sheets:
        if sheet.comments or sheet.links:
            field = _fields(sheet, located)
            said += (*_comments(sheet, field, project), *_links(sheet, field))
    return tuple(said)


def _fields(sheet: RawSheet, located: Located) -> Callable[[int, str], str]:
    """Which field of the form a cell belongs to, by its column and its address; empty where it is none."""
    tables = [found for found in located.tables.values() if found.sheet == sheet.name]
    keys = {column: key for found in tables for key, column in found.columns.items()}
    answers = {cell.cell: key for key, cell in located.card.items()} if sheet.name == located.card_sheet else {}
    return lambda column, cell: answers.get(cell, keys.get(column, ""))


def _comments(sheet: RawSheet, field: Callable[[int, str], str], project: Project) -> Iterator[Change]:
    for comment in sheet.comments:
        row, column = comment.place
        author, text = _theirs(comment.author, comment.text, project)
        if text:
            cell = cell_name(column, row + 1)
            said = f"{author}: {text}" if author else text
            yield Change("", "", sheet.name, cell, field(column, cell), said, "", "cell-comment")


def _links(sheet: RawSheet, field: Callable[[int, str], str]) -> Iterator[Change]:
    for (row, column), address in sorted(sheet.links.items()):
        cells = sheet.rows[row] if row < len(sheet.rows) else []
        text = shown(cells[column]).strip() if column < len(cells) else ""
        if text and text not in address and address not in text:
            cell = cell_name(column, row + 1)
            yield Change("", "", sheet.name, cell, field(column, cell), address, text, "cell-link")


def _theirs(author: str, text: str, project: Project) -> tuple[str, str]:
    """What stands below our note in the same comment is the unit's own; nobody knows then who wrote it."""
    if not is_our_note(text, project):
        return author, text
    return "", below_our_note(text, project)
