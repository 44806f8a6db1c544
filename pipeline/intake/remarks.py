"""Lines of the log for what a unit wrote into the comments of cells; the notes that we put into a marked copy are not its words."""

from collections.abc import Iterable, Iterator

from pipeline.declare.project import Project
from pipeline.declare.records import Change, RawSheet, cell_name
from pipeline.declare.todo import note_head, note_tail
from pipeline.intake.locate import Located

RULE = "cell-comment"


def logged_comments(sheets: Iterable[RawSheet], located: Located, project: Project) -> tuple[Change, ...]:
    """One line a comment, copied word for word with its author, without file and unit."""
    return tuple(line for sheet in sheets for line in _of_sheet(sheet, located, project))


def _of_sheet(sheet: RawSheet, located: Located, project: Project) -> Iterator[Change]:
    keys = {column: key for found in located.tables.values() if found.sheet == sheet.name for key, column in found.columns.items()}
    answers = {cell.cell: key for key, cell in located.card.items()} if sheet.name == located.card_sheet else {}
    for comment in sheet.comments:
        row, column = comment.place
        author, text = _theirs(comment.author, comment.text, project)
        if text:
            cell = cell_name(column, row + 1)
            said = f"{author}: {text}" if author else text
            yield Change("", "", sheet.name, cell, answers.get(cell, keys.get(column, "")), said, "", RULE)


def _theirs(author: str, text: str, project: Project) -> tuple[str, str]:
    """What stands below our note in the same comment is the unit's own; nobody knows then who wrote it."""
    if not text.startswith(note_head(project)):
        return author, text
    return "", text.partition(note_tail(project))[2].strip()
