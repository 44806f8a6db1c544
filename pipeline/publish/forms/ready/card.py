"""What the light asks of the card: answers that are owed, dates that can be, a reason once the form is sent again."""

from pipeline.declare.form import Field
from pipeline.publish.forms.ready.places import TOLD, Desk, is_wrong, shape_fault
from pipeline.publish.forms.ready.terms import (
    Place,
    Term,
    all_of,
    compared,
    constant,
    held,
    is_above,
    is_blank,
    is_filled,
    is_number,
    told,
    when,
)
from pipeline.words.days import day_text


def card_cell(key: str) -> Place:
    """The place of an answer of the card."""
    return Place("card", "", key)


def copy_card(desk: Desk) -> None:
    """Bring the answers of the card to the hidden sheet."""
    desk.copy(desk.project.form.card, "", [item.key for item in desk.project.form.card.fields if item.own])


def ask_card(desk: Desk) -> None:
    """One cell a line: what is to be done there."""
    for item in desk.project.form.card.fields:
        if item.own:
            place = card_cell(item.key)
            desk.cells.put(desk.at(place), TOLD, told(*_faults(desk, item, place)))


def _faults(desk: Desk, item: Field, place: Place) -> list[tuple[Term, str]]:
    what, words = desk.known[place], desk.words
    blank = words["blank"].format(label=item.label)
    found = []
    if item.required or item.asked:
        found.append((desk.says_nothing(place) if item.denies else is_blank(what), blank))
    if item.key in ("revision_kind", "revision_reason"):
        is_missing = desk.says_nothing(place) if item.denies else is_blank(what)
        found.append((all_of(_is_again(desk), is_missing), blank))
    found.append((all_of(is_filled(what), is_wrong(item, what, desk.project, desk.period)), desk.wants(item)))
    if fault := shape_fault(desk, item, place):
        found.append((fault, words["shape"].format(label=item.label, example=item.example)))
    return found + _days(desk, item, what)


def _is_again(desk: Desk) -> Term:
    """Whether the form is sent again."""
    revision = desk.known[card_cell("revision")]
    return when(is_number(revision), compared(revision, ">", constant(1)), constant_false())


def constant_false() -> Term:
    """A test that never holds."""
    return Term("FALSE", lambda _: False)


def _days(desk: Desk, item: Field, what: Term) -> list[tuple[Term, str]]:
    """R05, R30: a report is not from before the closing day, nor a plan younger than the report that names it."""
    if item.key == "report_date":
        closing = desk.period.date_to
        early = when(is_number(what), compared(what, "<", constant(held(closing))), constant_false())
        return [(early, desk.words["early"].format(label=item.label, day=day_text(closing)))]
    if item.key == "plan_date":
        reported = desk.known[card_cell("report_date")]
        return [(is_above(what, reported), desk.words["younger"].format(label=item.label))]
    return []
