"""What a cell shows of its value, where that is otherwise than it is stored: percent, words, a line through it.

In: the looks of a sheet and a table on it. Out: the values that may not be used, each with what its sender sees.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pipeline.declare.form import Field, Sheet
from pipeline.declare.project import Project
from pipeline.files.number_formats import as_seen, letters_of, way
from pipeline.intake.says import factor_of
from pipeline.values.cells import STRUCK, CellLook, Contested, RawSheet, is_blank, shown
from pipeline.values.forms import Found
from pipeline.words.names import fold
from pipeline.words.numbers import number_text

CODE = "display-differs"
_CURRENCY = frozenset(("d", "₫", "$", "vnd", "dong"))  # of money formats, which say nothing beside a count


def displayed(sheet: RawSheet, found: Found, declared: Sheet, project: Project) -> dict[tuple[int, str], Contested]:
    """The contested values by position of their row and field."""
    contested: dict[tuple[int, str], Contested] = {}
    keys = {column: declared.by_key[key] for key, column in found.columns.items()}
    for (row, column), look in sorted(sheet.looks.items()):
        position, item = found.place.get(row + 1), keys.get(column)
        if position is None or item is None or not found.rows[position]:
            continue
        if look.is_struck and item.key in declared.core_keys and _names_its_row(item, found, position):
            contested |= dict(_struck_row(found, position, declared, item, project))
        elif item.own and item.key != "note" and (position, item.key) not in contested:
            raw = found.raw(item.key, row + 1)
            if not is_blank(raw) and (
                value := _weighed(raw, look, item, _measure(found, position, item, project), project)
            ):
                contested[position, item.key] = value
    return contested


def _names_its_row(item: Field, found: Found, position: int) -> bool:
    """Whether what is struck through is what the row is about, so that the row is meant."""
    is_name = item.locked if found.is_fixed else item.required and item.kind.is_free_text
    return is_name and not is_blank(found.raw(item.key, found.numbers[position]))


def _struck_row(
    found: Found, position: int, declared: Sheet, name: Field, project: Project
) -> Iterator[tuple[tuple[int, str], Contested]]:
    number = found.numbers[position]
    told = project.meaning.told["struck-row"].format(seen=f"“{shown(found.raw(name.key, number))}”")
    for key in declared.own_keys:
        raw = found.raw(key, number)
        if key != "note" and key in found.columns and not is_blank(raw):
            yield (position, key), _contested(raw, _stored(raw), told, str(number), project.meaning.told["mend-struck"])


def _measure(found: Found, position: int, item: Field, project: Project) -> tuple[str, bool]:
    """The folded unit of measure of a value, and whether it has to be whole."""
    name = found.names[position] if found.names else ""
    indicator = project.plan.indicator.get(name) if item.kind.is_figure else None
    return (fold(indicator.measure), indicator.whole) if indicator else (fold(item.measure), item.kind.is_whole)


def _weighed(raw: Any, look: CellLook, item: Field, measure: tuple[str, bool], project: Project) -> Contested | None:
    told = project.meaning.told
    if look.is_struck and STRUCK not in shown(raw):
        seen = _stored(raw)
        return _contested(raw, seen, told["struck"].format(seen=f"“{seen}”"), "", told["mend-struck"])
    differs, offer = _by_format(raw, look.format, item, measure, project) if look.format else ("", "")
    seen = as_seen(raw, look.format) if differs else _stored(raw)
    if not differs and not look.is_unseen:
        return None
    words = told[differs or "unseen"].format(seen=seen, stored=_stored(raw))
    return _contested(raw, seen or _stored(raw), words, f"{look.format}|{item.key}", told["mend-look"], offer)


def _by_format(raw: Any, code: str, item: Field, of: tuple[str, bool], project: Project) -> tuple[str, str]:
    """In which way the format shows something else, and the number worked out where it adds a multiple."""
    measure, is_whole = of
    is_number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
    if not is_number and not isinstance(raw, (date, str)):
        return "", ""
    if isinstance(raw, str) and item.kind.is_free_text:
        differs = way(raw, code)
        return (differs, "") if differs == "hidden" else ("", "")
    differs = way(raw, code)
    if (differs == "day" and item.kind.holds == "day") or (differs == "percent" and is_whole and raw % 1):
        return "", ""
    if differs != "words":
        return differs, ""
    letters = letters_of(raw, code)
    factor = factor_of(letters, measure, project.meaning)
    if factor == 1 or fold(letters).strip(" ,.") in _CURRENCY | set(measure.split(", ")) or isinstance(raw, date):
        return "", ""
    if not factor or not is_number:
        return differs, ""
    number = number_text(round(raw * factor, 6))
    return differs, project.meaning.told["offer"].format(said=as_seen(raw, code), number=number)


def _contested(raw: Any, seen: str, told: str, source: str, mend: str, offer: str = "") -> Contested:
    facts = {"how": told, "source": source, "mend": mend, "offer": offer, "others": ""}
    return Contested(raw, seen, CODE, tuple(facts.items()))


def _stored(raw: Any) -> str:
    return number_text(raw) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else shown(raw)
