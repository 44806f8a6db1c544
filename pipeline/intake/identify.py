"""Say whose form it is and whether it belongs to this period, from the card alone; a file name may only suggest.

A unit is found by id, then by exact folded name or alias. Similar is never equal: it is only offered in the sentence.
"""

import difflib
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import CardCell
from pipeline.values.problems import Problem
from pipeline.words.days import day_text
from pipeline.words.names import fold

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def identify(
    card: Mapping[str, CardCell], meta: Mapping[str, str], sheet: str, file: str, project: Project, period: Period
) -> tuple[str, list[Problem]]:
    """The unit id (empty when unknown) and every problem of identity, period and version. `meta`: what the form says of itself where nobody types."""
    unit, problems = _unit(card, sheet, file, project, period)
    problems += _period(card, meta, sheet, file, project, period)
    problems += _version(card, sheet, file, project)
    return (unit.unit_id if unit else ""), problems


def _unit(
    card: Mapping[str, CardCell], sheet: str, file: str, project: Project, period: Period
) -> tuple[Unit | None, list[Problem]]:
    register = project.register
    written_id, written_name = _text(card, "unit_id"), _text(card, "unit_name")
    by_id = register.by_folded_id.get(written_id.casefold())
    named = _named(written_name, project)
    if by_id is None and not named and not written_name:
        named = _named(written_id, project)
        written_name = written_id if named else written_name
    here: dict[str, Any] = {"sheet": sheet, "table": "card"}
    if by_id is None:
        return _unit_by_name(written_id, written_name, named, card, here, file, project, period)
    problems = []
    at_name: dict[str, Any] = {**here, "cell": _cell(card, "unit_name"), "field": "unit_name"}
    if named and by_id not in named:
        facts = {"by_id": by_id.name, "name": written_name, **_example(by_id)}
        return by_id, [
            Problem(
                "unit-mismatch",
                file,
                by_id.unit_id,
                value=written_id,
                cell=_cell(card, "unit_id"),
                field="unit_id",
                facts=facts,
                **here,
            )
        ]
    if written_name and not named:
        problems.append(
            Problem("name-differs", file, by_id.unit_id, value=written_name, facts={"official": by_id.name}, **at_name)
        )
    return by_id, [*problems, *_validity(by_id, card, here, file, project, period)]


def _named(text: str, project: Project) -> tuple[Unit, ...]:
    """The units of exactly that name or alias, also where the district is written behind it."""
    key = fold(text)
    short = re.sub(rf"[\s,–-]+(?:huyen |h\. ?)?{re.escape(fold(project.plan.place))}$", "", key)
    return project.register.by_name.get(key) or project.register.by_name.get(short, ()) if key else ()


def _unit_by_name(
    written_id: str,
    written_name: str,
    named: tuple[Unit, ...],
    card: Mapping[str, CardCell],
    here: Mapping[str, Any],
    file: str,
    project: Project,
    period: Period,
) -> tuple[Unit | None, list[Problem]]:
    """No unit has that id: the name decides when the id was left blank, and otherwise only suggests."""
    place: dict[str, Any] = {**here, "cell": _cell(card, "unit_id"), "field": "unit_id"}
    is_name = not written_id or written_id == written_name
    example = _example(named[0] if named else project.register.units[0])
    if len(named) > 1:
        facts = {"candidates": ", ".join(unit.name for unit in named), **example}
        return None, [Problem("unit-ambiguous", file, value=written_name, facts=facts, **place)]
    if named and is_name:
        return named[0], _validity(named[0], card, here, file, project, period)
    former = project.register.by_former_name.get(fold(written_name), ())
    if former and is_name:
        facts = {"on": day_text(period.date_to), "successor": f"; nay thuộc {former[0].name}", **_example(former[0])}
        return None, [Problem("unit-not-valid", file, value=written_name, facts=facts, **place)]
    value = " – ".join(part for part in (written_id, written_name) if part) or "(để trống)"
    return None, [
        Problem(
            "unit-unknown",
            file,
            value=value,
            facts={
                "suggestion": _suggestion(written_name or written_id, named, project),
                "office": project.plan.office,
                **example,
            },
            **place,
        )
    ]


def _validity(
    unit: Unit, card: Mapping[str, CardCell], here: Mapping[str, Any], file: str, project: Project, period: Period
) -> list[Problem]:
    if unit.is_valid_on(period.date_to):
        return []
    successor = project.register.by_id.get(unit.successor)
    facts = {
        "on": day_text(period.date_to),
        "successor": f"; nay thuộc {successor.name}" if successor else "",
        **_example(successor or unit),
    }
    return [
        Problem(
            "unit-not-valid",
            file,
            unit.unit_id,
            value=unit.name,
            cell=_cell(card, "unit_id"),
            field="unit_id",
            facts=facts,
            **here,
        )
    ]


def _suggestion(text: str, named: tuple[Unit, ...], project: Project) -> str:
    names = {fold(unit.name): unit.name for unit in project.register.units}
    close = [unit.name for unit in named] or [
        names[key] for key in difflib.get_close_matches(fold(text), names, n=1, cutoff=0.75)
    ]
    return f" (có phải “{close[0]}” không?)" if close else ""


def _example(unit: Unit) -> dict[str, str]:
    return {"example_id": unit.unit_id, "example_name": unit.name}


def _period(
    card: Mapping[str, CardCell], meta: Mapping[str, str], sheet: str, file: str, project: Project, period: Period
) -> list[Problem]:
    """By name, year and data window: a form of another period does not become one of this by typing over its name."""
    written, year = _text(card, "period"), _text(card, "year")

    def told(key: str, code: str, value: str, **facts: str) -> list[Problem]:
        return [
            Problem(code, file, sheet=sheet, cell=_cell(card, key), table="card", field=key, value=value, facts=facts)
        ]

    if not period.is_called(written):
        return told(
            "period",
            "period-mismatch",
            written or "(để trống)",
            what=f"kỳ “{written or '(để trống)'}”",
            example=f"“{period.code}”",
        )
    if year != str(project.plan.year):
        value = f"{written} năm {year or '(để trống)'}"
        return told("year", "period-mismatch", value, what=f"kỳ “{value}”", example=f"“{project.plan.year}”")
    window = {key: day for key in ("date_from", "date_to") if (day := _day(card, key))}
    odd = [key for key, day in window.items() if day != getattr(period, key)]
    if odd and (other := _of_window(window, project)):
        value = _text(card, odd[0])
        what = f"“{project.form.card.by_key[odd[0]].label}” là {day_text(window[odd[0]])}, là biểu của kỳ {other.name}"
        return told(odd[0], "period-mismatch", value, what=what, example=day_text(getattr(period, odd[0])))
    made_for = next((item for item in project.plan.periods if item.code == meta.get("period")), period)
    if not window and made_for != period:
        return told(
            "period",
            "period-mismatch",
            written,
            what=f"kỳ “{written}” nhưng được làm cho kỳ {made_for.name}",
            example=f"“{period.code}”",
        )
    why = f"khác kỳ số liệu của {period.name} ({period.window})"
    return [
        problem
        for key in odd
        for problem in told(key, "date-odd", _text(card, key), why=why, example=day_text(getattr(period, key)))
    ]


def _of_window(window: Mapping[str, date], project: Project) -> Period | None:
    """The period of the plan that has exactly this data window."""
    return next(
        (item for item in project.plan.periods if all(getattr(item, key) == day for key, day in window.items())), None
    )


def _day(card: Mapping[str, CardCell], key: str) -> date | None:
    """A date of the card, where it certainly is one."""
    raw = card[key].raw if key in card else None
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = _DAY.fullmatch(_text(card, key))
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _version(card: Mapping[str, CardCell], sheet: str, file: str, project: Project) -> list[Problem]:
    written = _text(card, "form_version")
    if written == project.form.version:
        return []
    return [
        Problem(
            "form-outdated",
            file,
            sheet=sheet,
            cell=_cell(card, "form_version"),
            table="card",
            field="form_version",
            value=written or "(để trống)",
        )
    ]


def _text(card: Mapping[str, CardCell], key: str) -> str:
    """The answer as its sender sees it, on one line."""
    raw = card[key].raw if key in card else ""
    return "" if is_blank(raw) else " ".join(shown(raw).split())


def _cell(card: Mapping[str, CardCell], key: str) -> str:
    return card[key].cell if key in card else ""
