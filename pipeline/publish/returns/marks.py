"""Our marks in somebody's workbook: tint and note of a wrong cell, the next revision number; and their removal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.declare.project import Project
from pipeline.declare.todo import below_our_note, is_our_note, note_head, note_tail
from pipeline.publish.excel import lines, printable
from pipeline.publish.returns.opened_book import OpenedBook
from pipeline.publish.returns.sheet_part import Place, name_of, place_of
from pipeline.publish.returns.todo_sheet import fills_before
from pipeline.publish.style import TINT
from pipeline.values.cells import is_blank

_COLOUR = TINT.lstrip("#")
_NOTE_WIDTH, _NOTE_LINE, _NOTE_CHARACTERS = 330, 17, 46  # pixels, pixels, characters to a line


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of the workbook."""

    sheet: str
    place: Place


def mark(book: OpenedBook, sentences: Mapping[Spot, Sequence[str]], project: Project) -> None:
    """Tint each cell and note the sentences about it; a note of theirs stays below ours."""
    for spot, said in sentences.items():
        sheet, notes = book[spot.sheet], book.notes(spot.sheet)
        parts = (note_head(project), *said, note_tail(project), notes.text(spot.place))
        text = printable("\n".join(part for part in parts if part))
        tall = _NOTE_LINE * (lines(text, _NOTE_CHARACTERS) + 1)
        notes.write(spot.place, text, project.form.creator, _NOTE_WIDTH, tall)
        sheet.dress(spot.place, book.styles.with_fill(sheet.style(spot.place), book.styles.solid(_COLOUR)))


def remove_marks(book: OpenedBook, project: Project) -> None:
    """Take off what an earlier marking put on: the to-do sheet, tints (the fill from before comes back), our notes."""
    before: Mapping[tuple[str, str], int] = {}
    earlier = book.sheet(project.form.todo_sheet)
    if earlier is not None:
        before = fills_before(earlier, book.styles)
        book.remove(project.form.todo_sheet)
    tints = book.styles.fills_of(_COLOUR)
    for title in book.worksheets:
        if tints:
            _untint(book, title, tints, before)
        if book.has_notes(title):
            _unnote(book, title, project)


def _untint(book: OpenedBook, title: str, tints: Collection[int], before: Mapping[tuple[str, str], int]) -> None:
    sheet, styles = book[title], book.styles
    for place in sheet:
        style = sheet.style(place)
        if styles.fill(style) in tints:
            sheet.dress(place, styles.with_fill(style, before.get((title, name_of(place)), 0)))


def _unnote(book: OpenedBook, title: str, project: Project) -> None:
    """Ours ends with a fixed line; what stands below it is the unit's own."""
    notes = book.notes(title)
    for place in notes:
        text = notes.text(place)
        if is_our_note(text, project):
            notes.reword(place, below_our_note(text, project))


def spot_at(book: OpenedBook, title: str, name: str) -> Spot | None:
    """The cell of that name, of a merged area the one that holds the value; None without such a cell or sheet."""
    sheet, place = book.sheet(title), place_of(name)
    return Spot(title, sheet.unmerged(place)) if sheet is not None and place else None


def number_again(book: OpenedBook, project: Project, questioned: Collection[str], at_least: int) -> int:
    """Make the copy a later revision that replaces the one received; returns its number, 0 if the card was left alone.

    One more than the card says, but not below `at_least` (0: leave it alone). Only blank answers are filled in besides
    the number, and nothing that a problem asks about (`questioned`).
    """
    title, answers = _card_answers(book, project)
    if not at_least or "revision" not in answers or "revision" in questioned:
        return 0
    sheet = book[title]
    written = sheet.number(answers["revision"])
    if written is None or written != int(written):
        return 0
    number = max(int(written) + 1, at_least)
    sheet.write(answers["revision"], number)
    for key, text in _replaces(project).items():
        if key in answers and key not in questioned and is_blank(sheet.text(answers[key])):
            sheet.write(answers[key], text)
    return number


def _replaces(project: Project) -> dict[str, str]:
    """What the card answers, by field key, when the file takes the place of an earlier one."""
    return {
        "revision_kind": project.form.label("revision_kind", "replace"),
        "revision_reason": f"Sửa theo góp ý của {project.plan.office}",
    }


def _card_answers(book: OpenedBook, project: Project) -> tuple[str, dict[str, Place]]:
    """The sheet of the card and its answer cells by field key, two columns right of the hidden keys."""
    card = project.form.card
    for title in sorted(book.worksheets, key=lambda title: title != card.name):
        sheet = book[title]
        keys = {text: place for place in sheet if (text := sheet.text(place)) in card.by_key}
        if len(keys) > len(card.keys) // 2:
            return title, {key: (row, column + 2) for key, (row, column) in keys.items()}
    return "", {}
