"""What the light asks of Biểu 2: owed figures of their kind, greyed rows left empty, figures that fit each other."""

from collections.abc import Callable, Mapping, Sequence

from pipeline.declare.plan import FigureCheck, Indicator
from pipeline.publish.forms.ready.card import card_cell, constant_false
from pipeline.publish.forms.ready.open_rows import listed_in
from pipeline.publish.forms.ready.places import (
    AMOUNT,
    TOLD,
    Desk,
    is_wrong,
    is_wrong_figure,
    may_be_day,
    nothing_words,
)
from pipeline.publish.forms.ready.sheet import address
from pipeline.publish.forms.ready.terms import (
    Place,
    Term,
    all_of,
    any_of,
    are_numbers,
    compared,
    constant,
    is_between,
    is_blank,
    is_filled,
    is_number,
    is_one_of,
    negated,
    sum_of,
    told,
    when,
)

_Faults = list[tuple[Term, str]]


def copy_figures(desk: Desk) -> None:
    """Bring figures and notes to the hidden sheet, and beside each figure what it adds to a sum."""
    sheet = desk.project.form["figures"]
    for number, item in enumerate(desk.project.plan.indicators, start=1):
        desk.copy(sheet, item.id, sheet.own_keys, number)
        place = Place("figures", item.id, "value")
        desk.cells.put(desk.at(place), AMOUNT, _added(desk, item, desk.known[place]))


def amount(desk: Desk, indicator_id: str) -> Term:
    """The number that a figure adds to a sum; an empty text where it is a gap."""
    row = desk.at(Place("figures", indicator_id, "value"))
    term = desk.cells.terms[row, AMOUNT]
    return Term(address(row, AMOUNT), term.value)


def _added(desk: Desk, item: Indicator, what: Term) -> Term:
    is_owed = desk.project.plan.fills(item, desk.unit)
    gap = constant("") if is_owed else constant(0)
    is_zero = is_one_of(what, nothing_words(desk.project, zero=True))
    if is_owed:
        is_zero = any_of(is_zero, all_of(is_blank(what), said_nothing(desk)))
    return when(is_number(what), what, when(is_zero, constant(0), gap))


def said_nothing(desk: Desk) -> Term:
    """Whether the card says that nothing arose in the whole period."""
    yes = desk.project.form.label("yes_no", "yes")
    return is_one_of(desk.known[card_cell("nothing_to_report")], [yes])


def ask_figures(desk: Desk) -> None:
    """One cell a figure, a note, and below them a relation between figures each."""
    found = {item.id: _faults(desk, item) for item in desk.project.plan.indicators}
    for check in desk.project.plan.checks:
        if check.on_form and check.rule in _BROKEN and _owes(desk, check):
            first = next(name for name in (*check.left, *check.right) if _owed(desk, name))
            words = desk.words["check"].format(figures=_sides(check), why=check.why)
            found[first].append((_BROKEN[check.rule](desk, check), words))
    for name, faults in found.items():
        desk.cells.put(desk.at(Place("figures", name, "value")), TOLD, told(*faults))
        note = Place("figures", name, "note")
        wrong = is_wrong(desk.project.form["figures"].by_key["note"], desk.known[note], desk.project, desk.period)
        label = desk.wants(desk.project.form["figures"].by_key["note"])
        desk.cells.put(desk.at(note), TOLD, told((wrong, label)))
    _nothing_but_something(desk)


def _faults(desk: Desk, item: Indicator) -> _Faults:
    place = Place("figures", item.id, "value")
    what, note = desk.known[place], desk.known[Place("figures", item.id, "note")]
    declared = desk.project.form["figures"].by_key["value"]
    wants = desk.words["figure_whole" if item.whole else "figure"].format(label=declared.label)
    if not desk.project.plan.fills(item, desk.unit):
        empty = any_of(is_blank(what), is_between(what, 0, 0), is_one_of(what, _harmless(desk)))
        return [(negated(empty), desk.words["grey"].format(label=declared.label))]
    found = [(all_of(is_filled(what), is_wrong_figure(declared, what, item, desk.project)), wants)]
    if not item.optional:
        missing = all_of(is_blank(what), negated(said_nothing(desk)))
        found.insert(0, (missing, desk.words["blank"].format(label=declared.label)))
    if not item.large:
        found.append((may_be_day(what, note, desk.period), desk.words["day"].format(label=declared.label)))
    return found


def _harmless(desk: Desk) -> list[str]:
    """Words for nothing that a greyed row may hold without a question."""
    ways = desk.project.form.nothing
    return [ways["none-arose"].label, ways["not-applicable"].label]


def _nothing_but_something(desk: Desk) -> None:
    """R08: the card says that nothing arose, and no figure says otherwise."""
    place = card_cell("nothing_to_report")
    amounts = [amount(desk, item.id) for item in desk.project.plan.indicators]
    positive = Term(
        "+".join(f"({term.formula}>0)*ISNUMBER({term.formula})" for term in amounts),
        lambda typed: sum(1 for term in amounts if _is_positive(term.value(typed))),
    )
    label = desk.project.form.card.by_key["nothing_to_report"].label
    fault = all_of(said_nothing(desk), compared(positive, ">", constant(0)))
    before = desk.cells.terms[desk.at(place), TOLD]
    more = told((fault, desk.words["nothing"].format(label=label)))
    both = Term(f"{before.formula}&{more.formula}", lambda typed: before.value(typed) + more.value(typed))
    desk.cells.put(desk.at(place), TOLD, both)


def is_positive(what: Term) -> Term:
    """Whether a number above zero stands there."""
    return when(is_number(what), compared(what, ">", constant(0)), constant_false())


def _is_positive(value: object) -> bool:
    return isinstance(value, (int, float)) and value > 0


def _owed(desk: Desk, name: str) -> bool:
    return desk.project.plan.fills(desk.project.plan.indicator[name], desk.unit)


def _owes(desk: Desk, check: FigureCheck) -> bool:
    return any(_owed(desk, name) for name in (*check.left, *check.right))


def _sides(check: FigureCheck) -> str:
    return ", ".join((*check.left, *check.right))


def _side(desk: Desk, names: Sequence[str]) -> tuple[Term, Term]:
    """Whether a sum has no gap, and what it comes to."""
    terms = [amount(desk, name) for name in names]
    return are_numbers(terms), sum_of(terms)


def _at_least(desk: Desk, check: FigureCheck) -> Term:
    (known, left), (known_too, right) = _side(desk, check.left), _side(desk, check.right)
    broken = [known, known_too, compared(right, ">", constant(0)), compared(left, "<", right)]
    if check.since_start:  # who gave nothing on the left lives on what stands in no form
        broken.append(compared(left, ">", constant(0)))
    broken += [negated(is_positive(amount(desk, name))) for name in check.unless]
    return all_of(*broken)


def _equal(desk: Desk, check: FigureCheck) -> Term:
    (known, left), (known_too, right) = _side(desk, check.left), _side(desk, check.right)
    return all_of(known, known_too, compared(left, "<>", right))


def _needs(desk: Desk, check: FigureCheck) -> Term:
    (known, left), (known_too, right) = _side(desk, check.left), _side(desk, check.right)
    return all_of(known, known_too, compared(left, ">", constant(0)), compared(right, "=", constant(0)))


def _both(desk: Desk, check: FigureCheck) -> Term:
    (known, left), (known_too, right) = _side(desk, check.left), _side(desk, check.right)
    one, two = (compared(side, ">", constant(0)) for side in (left, right))
    differ = any_of(all_of(one, negated(two)), all_of(two, negated(one)))
    return all_of(known, known_too, differ)


def _range(desk: Desk, check: FigureCheck) -> Term:
    known, left = _side(desk, check.left)
    outside = any_of(compared(left, "<", constant(check.low)), compared(left, ">", constant(check.high)))
    return all_of(known, compared(left, ">", constant(0)), outside)


def _covers_activities(desk: Desk, check: FigureCheck) -> Term:
    known, left = _side(desk, check.left)
    return all_of(known, compared(left, "<", listed_in(desk, check.forms)))


_BROKEN: Mapping[str, Callable[[Desk, FigureCheck], Term]] = {
    "at-least": _at_least,
    "equal": _equal,
    "needs": _needs,
    "both": _both,
    "range": _range,
    "covers-activities": _covers_activities,
}
