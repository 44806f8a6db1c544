"""Find the unit that a card names: by its id, then by exact folded name or alias.

Similar is never equal: it is only offered in the sentence.
"""

import difflib
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.intake.card import BLANK, Card
from pipeline.values.problems import Problem
from pipeline.words.days import day_text
from pipeline.words.names import fold

Answer = tuple[Unit | None, list[Problem]]


class _Written(NamedTuple):
    """What stands on the card, and the units that have exactly that name."""

    unit_id: str
    name: str
    named: tuple[Unit, ...]


def find_unit(card: Card, project: Project, period: Period) -> Answer:
    """The unit, and what is wrong with how it is named or with its validity on the last day of the period."""
    written = _written(card, project)
    by_id = project.register.by_folded_id.get(written.unit_id.casefold())
    if by_id is None:
        return _by_name(card, _with_name_for_id(written, project), project, period)
    if written.named and by_id not in written.named:
        facts = {"by_id": by_id.name, "name": written.name, **_example(by_id)}
        return by_id, [card.problem_at("unit-mismatch", "unit_id", written.unit_id, facts, by_id.unit_id)]
    problems = _validity(card, by_id, project, period)
    if written.name and not written.named:
        facts = {"official": by_id.name}
        problems = [card.problem_at("name-differs", "unit_name", written.name, facts, by_id.unit_id), *problems]
    return by_id, problems


def _written(card: Card, project: Project) -> _Written:
    name = card.text("unit_name")
    return _Written(card.text("unit_id"), name, _named(name, project))


def _with_name_for_id(written: _Written, project: Project) -> _Written:
    """The same, where somebody wrote the name into the cell of the id."""
    if written.named or written.name or not (named := _named(written.unit_id, project)):
        return written
    return _Written(written.unit_id, written.unit_id, named)


def _named(text: str, project: Project) -> tuple[Unit, ...]:
    """The units of exactly that name or alias, also where the district is written behind it."""
    key = fold(text)
    if not key:
        return ()
    return project.register.by_name.get(key) or project.register.by_name.get(_without_place(key, project), ())


def _without_place(key: str, project: Project) -> str:
    """“xa vinh thai, huyen vinh linh” without what stands behind the unit's own name."""
    head = key.removesuffix(fold(project.plan.place))
    for title in ("huyen ", "h. ", "h.", "") if head != key else ():
        stem = head.removesuffix(title)
        bare = stem.rstrip(" ,–-")
        if head.endswith(title) and bare != stem:
            return bare
    return key


def _by_name(card: Card, written: _Written, project: Project, period: Period) -> Answer:
    """No unit has that id: the name decides when the id was left blank, and otherwise only suggests."""
    named, is_name = written.named, not written.unit_id or written.unit_id == written.name
    if len(named) > 1:
        facts = {"candidates": ", ".join(unit.name for unit in named), **_example(named[0])}
        return None, [card.problem_at("unit-ambiguous", "unit_id", written.name, facts)]
    if named and is_name:
        return named[0], _validity(card, named[0], project, period)
    former = project.register.by_former_name.get(fold(written.name), ())
    if former and is_name:
        facts = _invalid(period, former[0], former[0])
        return None, [card.problem_at("unit-not-valid", "unit_id", written.name, facts)]
    return None, [_unknown(card, written, project)]


def _unknown(card: Card, written: _Written, project: Project) -> Problem:
    value = " – ".join(part for part in (written.unit_id, written.name) if part) or BLANK
    facts = {
        "suggestion": _suggestion(written.name or written.unit_id, written.named, project),
        "office": project.plan.office,
        **_example(written.named[0] if written.named else project.register.units[0]),
    }
    return card.problem_at("unit-unknown", "unit_id", value, facts)


def _validity(card: Card, unit: Unit, project: Project, period: Period) -> list[Problem]:
    if unit.is_valid_on(period.date_to):
        return []
    successor = project.register.by_id.get(unit.successor)
    facts = _invalid(period, successor, successor or unit)
    return [card.problem_at("unit-not-valid", "unit_id", unit.name, facts, unit.unit_id)]


def _invalid(period: Period, successor: Unit | None, example: Unit) -> dict[str, str]:
    now = f"; nay thuộc {successor.name}" if successor else ""
    return {"on": day_text(period.date_to), "successor": now, **_example(example)}


def _suggestion(text: str, named: Sequence[Unit], project: Project) -> str:
    names = {fold(unit.name): unit.name for unit in project.register.units}
    close = [unit.name for unit in named] or [
        names[key] for key in difflib.get_close_matches(fold(text), names, n=1, cutoff=0.75)
    ]
    return f" (có phải “{close[0]}” không?)" if close else ""


def _example(unit: Unit) -> dict[str, str]:
    return {"example_id": unit.unit_id, "example_name": unit.name}
