"""Lines of the log for what hangs on cells: what a unit wrote into comments, and the addresses to which its words lead.

The notes that we put into a marked copy are not the words of the unit.
"""

from collections.abc import Iterable, Iterator

from pipeline.declare.project import Project
from pipeline.declare.todo import note_head, note_tail
from pipeline.intake.locate import Located
from pipeline.values.cells import RawSheet, cell_name, shown
from pipeline.values.forms import Change


def logged_comments(sheets: Iterable[RawSheet], located: Located, project: Project) -> tuple[Change, ...]:
    """One line a comment, copied word for word with its author, and one line a link, without file and unit."""
    return tuple(
        line for sheet in sheets if sheet.comments or sheet.links for line in _of_sheet(sheet, located, project)
    )


def _of_sheet(sheet: RawSheet, located: Located, project: Project) -> Iterator[Change]:
    keys = {
        column: key
        for found in located.tables.values()
        if found.sheet == sheet.name
        for key, column in found.columns.items()
    }
    answers = {cell.cell: key for key, cell in located.card.items()} if sheet.name == located.card_sheet else {}
    for comment in sheet.comments:
        row, column = comment.place
        author, text = _theirs(comment.author, comment.text, project)
        if text:
            cell = cell_name(column, row + 1)
            said = f"{author}: {text}" if author else text
            yield Change("", "", sheet.name, cell, answers.get(cell, keys.get(column, "")), said, "", "cell-comment")
    for (row, column), address in sorted(sheet.links.items()):
        cells = sheet.rows[row] if row < len(sheet.rows) else []
        text = shown(cells[column]).strip() if column < len(cells) else ""
        if text and text not in address and address not in text:
            cell = cell_name(column, row + 1)
            yield Change("", "", sheet.name, cell, answers.get(cell, keys.get(column, "")), address, text, "cell-link")


def _theirs(author: str, text: str, project: Project) -> tuple[str, str]:
    """What stands below our note in the same comment is the unit's own; nobody knows then who wrote it."""
    if not text.startswith(note_head(project)):
        return author, text
    return "", text.partition(note_tail(project))[2].strip()
