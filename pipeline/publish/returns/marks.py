"""Our marks in somebody's workbook: the tint and the note of a wrong cell, the next revision number; and their removal."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.declare.project import Project
from pipeline.declare.records import is_blank
from pipeline.declare.todo import note_head, note_tail
from pipeline.publish.excel import lines, printable
from pipeline.publish.returns.rewriting import cells_of
from pipeline.publish.returns.todo_sheet import fills_before
from pipeline.publish.style import TINT

_COLOUR = "FF" + TINT.lstrip("#")
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_NOTE_WIDTH, _NOTE_LINE, _NOTE_CHARACTERS = 330, 17, 46  # pixels, pixels, characters to a line


def mark(marked: Sequence[tuple[Any, str]], project: Project) -> None:
    """Tint each cell and note the sentences about it; a note of theirs stays below ours."""
    texts: dict[int, list[str]] = {}
    cells = {id(cell): cell for cell, _ in marked}
    for cell, text in marked:
        texts.setdefault(id(cell), []).append(text)
    for key, cell in cells.items():
        theirs = cell.comment.text if cell.comment else ""
        content = printable("\n".join(part for part in (note_head(project), *texts[key], note_tail(project), theirs) if part))
        note = Comment(content, project.form.creator)
        note.width, note.height = _NOTE_WIDTH, _NOTE_LINE * (lines(content, _NOTE_CHARACTERS) + 1)
        cell.comment = note
        cell.fill = PatternFill("solid", start_color=_COLOUR, end_color=_COLOUR)


def remove_marks(book: Workbook, project: Project) -> None:
    """Take off what an earlier marking put on: the to-do sheet, tints (the fill from before comes back), our notes."""
    before = {}
    if project.form.todo_sheet in book.sheetnames:
        before = fills_before(book[project.form.todo_sheet])
        book.remove(book[project.form.todo_sheet])
    tints = {number for number, fill in enumerate(book._fills) if isinstance(fill, PatternFill) and fill.fill_type == "solid" and fill.fgColor.rgb == _COLOUR}
    for sheet in book.worksheets:
        for cell in cells_of(sheet):
            if cell._style.fillId in tints:
                cell.fill = before.get((sheet.title, cell.coordinate), PatternFill())
            if cell.comment is not None and cell.comment.text.startswith(note_head(project)):
                _keep_theirs(cell, project)


def _keep_theirs(cell: Any, project: Project) -> None:
    """Ours ends with a fixed line; what stands below it is the unit's own."""
    theirs = cell.comment.text.partition(note_tail(project))[2].strip()
    author = cell.comment.author
    cell.comment = Comment(theirs, author) if theirs else None


def cell_at(book: Workbook, title: str, name: str) -> Any:
    """The cell of that name, for a merged one the cell that holds the value; None when there is no such cell or sheet."""
    sheet = book[title] if title in book.sheetnames else None
    if not isinstance(sheet, Worksheet) or not _CELL.fullmatch(name):
        return None
    cell = sheet[name]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if name in area)
        cell = sheet.cell(area.min_row, area.min_col)
    return cell


def number_again(book: Workbook, project: Project, questioned: Collection[str], number: int | None) -> int:
    """Make the copy a later revision that replaces the one received; returns its number, 0 when the card was left alone.

    Only blank answers are filled in besides the number, and nothing that a problem asks about (`questioned`).
    """
    answers = _card_answers(book, project)
    if number == 0 or "revision" not in answers or "revision" in questioned:
        return 0
    written = answers["revision"].value
    if number is None:
        if not isinstance(written, (int, float)) or written != int(written):
            return 0
        number = int(written) + 1
    answers["revision"].value = number
    texts = {"revision_kind": project.form.label("revision_kind", "replace"), "revision_reason": f"Sửa theo góp ý của {project.plan.office}"}
    for key, text in texts.items():
        if key in answers and key not in questioned and is_blank(answers[key].value):
            answers[key].value = text
    return number


def _card_answers(book: Workbook, project: Project) -> dict[str, Any]:
    """The answer cells of the card by field key, two columns right of the hidden keys."""
    for sheet in book.worksheets:
        keys = {cell.value: cell for cell in cells_of(sheet) if isinstance(cell.value, str) and cell.value in project.form.card.by_key}
        if len(keys) > len(project.form.card.keys) // 2:
            return {key: sheet.cell(cell.row, cell.column + 2) for key, cell in keys.items()}
    return {}
