"""Find the unit that a card names: by its id, then by exact folded name or alias; weighed with what is printed.

Similar is never equal: it is only offered in the sentence.
"""

import difflib
import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.intake.card import BLANK, Card
from pipeline.intake.imprint import Imprint
from pipeline.values.forms import Change
from pipeline.values.problems import Problem
from pipeline.words.days import day_text
from pipeline.words.names import fold

_NO_WORD = re.compile(r"[^a-z0-9]+")

Answer = tuple[Unit | None, list[Problem]]


class _Written(NamedTuple):
    """What stands on the card, and the units that have exactly that name."""

    unit_id: str
    name: str
    named: tuple[Unit, ...]


def find_unit(card: Card, imprint: Imprint, project: Project, period: Period) -> Answer:
    """The unit, and what is wrong with how it is named or with its validity on the last day of the period.

    Where id and name speak for different units, what the form says of itself decides which of the two is a slip.
    """
    written = _written(card, project)
    by_id = project.register.by_folded_id.get(written.unit_id.casefold()) or _by_spelling(written.unit_id, project)
    if by_id is None:
        return _by_name(card, imprint, _with_name_for_id(written, project), project, period)
    if written.named and by_id not in written.named:
        return _of_two(card, imprint, written, by_id, project, period)
    problems = _validity(card, by_id, project, period)
    if made_for := _other_maker(imprint, by_id, project):
        if not written.named:
            return by_id, [_mismatch(card, written.unit_id, made_for, by_id.name)]
        what = f"Biểu được làm cho {made_for.name}, nhưng mã và tên ghi trong biểu là của {by_id.name}"
        problems = [_odd(card, "unit_id", what, by_id, by_id.unit_id), *problems]
    if written.name and not written.named:
        facts = {"official": by_id.name}
        problems = [card.problem_at("name-differs", "unit_name", written.name, facts, by_id.unit_id), *problems]
    return by_id, problems


def unit_changes(card: Card, project: Project) -> Iterator[Change]:
    """The id where it is read other than as written."""
    written = card.text("unit_id")
    if written.casefold() not in project.register.by_folded_id and (unit := _by_spelling(written, project)):
        yield card.change_at("unit_id", unit.unit_id, "control-spelling")


def _by_spelling(text: str, project: Project) -> Unit | None:
    """The one unit whose id differs from the text only in tones, spaces and signs."""
    key = _pressed(text)
    same = [unit for unit in project.register.units if _pressed(unit.unit_id) == key] if key else []
    return same[0] if len(same) == 1 else None


def _pressed(text: str) -> str:
    return _NO_WORD.sub("", fold(text))


def _of_two(card: Card, imprint: Imprint, written: _Written, by_id: Unit, project: Project, period: Period) -> Answer:
    """The unit of a card whose id and name are of two: the one for which all else speaks, else it goes back."""
    others = imprint.units(project)
    if others == {by_id.unit_id}:
        what = _contrast(
            project, "unit_name", written.name, f"mã và phần in sẵn, thông tin ẩn của biểu là của {by_id.name}"
        )
        return by_id, [_odd(card, "unit_name", what, by_id, by_id.name), *_validity(card, by_id, project, period)]
    if unit := _named_and_printed(written, others):
        return _as_named(card, written, unit, project, period)
    return by_id, [_mismatch(card, written.unit_id, by_id, written.name)]


def _as_named(card: Card, written: _Written, unit: Unit, project: Project, period: Period) -> Answer:
    """The unit of its name, for which the form itself speaks; its id is the slip."""
    others = f"tên và phần in sẵn, thông tin ẩn của biểu là của {unit.name}"
    what = _contrast(project, "unit_id", written.unit_id, others)
    return unit, [_odd(card, "unit_id", what, unit, unit.unit_id), *_validity(card, unit, project, period)]


def _named_and_printed(written: _Written, others: Set[str]) -> Unit | None:
    """The one unit of that name which is the only one for which the form itself speaks."""
    return next((unit for unit in written.named if others == {unit.unit_id}), None)


def _other_maker(imprint: Imprint, unit: Unit, project: Project) -> Unit | None:
    """The other unit for which a form was made, where its hidden sheet names one."""
    made_for = project.register.by_id.get(imprint.meta.get("unit_id", ""))
    return made_for if made_for and made_for.unit_id != unit.unit_id else None


def _contrast(project: Project, key: str, written: str, others: str) -> str:
    says = f"đang ghi “{written}”" if written else "còn để trống"
    return f"“{project.form.card.by_key[key].label}” {says}, trong khi {others}"


def _odd(card: Card, key: str, what: str, unit: Unit, example: str) -> Problem:
    return card.odd_at(key, what, unit.name, example, unit.unit_id)


def _mismatch(card: Card, written: str, by_id: Unit, name: str) -> Problem:
    facts = {"by_id": by_id.name, "name": name, **_example(by_id)}
    return card.problem_at("unit-mismatch", "unit_id", written or BLANK, facts, by_id.unit_id)


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


def _by_name(card: Card, imprint: Imprint, written: _Written, project: Project, period: Period) -> Answer:
    """No unit has that id: the name decides when the id was left blank, else when the form itself agrees with it."""
    named, is_name = written.named, not written.unit_id or written.unit_id == written.name
    if named and (len(named) > 1 or not is_name) and (unit := _named_and_printed(written, imprint.units(project))):
        return _as_named(card, written, unit, project, period)
    if len(named) > 1:
        facts = {"candidates": ", ".join(unit.name for unit in named), **_example(named[0])}
        return None, [card.problem_at("unit-ambiguous", "unit_id", written.name, facts)]
    if named and is_name:
        if made_for := _other_maker(imprint, named[0], project):
            return named[0], [_mismatch(card, written.unit_id, made_for, written.name)]
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
