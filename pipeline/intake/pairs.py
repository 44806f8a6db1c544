"""Two numbers in one cell, “3 sản phẩm, 2 chuyên mục”: each goes to the row of its noun, where that is certain and its cell is blank.

Certain means: the first noun is the measure of the row itself, and every other one is the measure of just one indicator,
which the unit fills in as well. Anything else stays in its cell, to be asked about.
"""

import re
from collections import Counter
from dataclasses import replace

from pipeline.declare.plan import Indicator
from pipeline.declare.project import Project
from pipeline.intake.locate import Located
from pipeline.values.cells import Portion, is_blank
from pipeline.values.forms import Found
from pipeline.words.names import fold

_SEAM = re.compile(r"\s*(?:[,;+\n]|\bvà\b)\s*(?=[0-9])", re.IGNORECASE)
_PIECE = re.compile(r"[0-9]+(?:\.[0-9]{3})*\s*([^0-9.,;+()]+)")


def share_out(located: Located, unit_id: str, project: Project) -> Located:
    """The form with the numbers of such cells of its figures in their own rows; the same form where there are none."""
    figures = located.tables.get("figures")
    shared = _shared(figures, unit_id, project) if figures else None
    return replace(located, tables={**located.tables, "figures": shared}) if shared else located


def _shared(found: Found, unit_id: str, project: Project) -> Found | None:
    value, unit = found.keys.index("value"), project.register.by_id.get(unit_id)
    mixed = [
        position for position, row in enumerate(found.rows) if isinstance(row[value], str) and _SEAM.search(row[value])
    ]
    if not mixed or unit is None:
        return None
    rows = {name: position for position, name in enumerate(found.names)}
    lines, filled = list(found.rows), list(found.filled)
    for position in mixed:
        text = lines[position][value]
        portions = _portions(found.names[position], text, project)
        targets = {rows.get(item.id, -1): part for item, part in portions.items() if project.plan.fills(item, unit)}
        if len(targets) == len(portions) and all(
            target == position or (target >= 0 and is_blank(lines[target][value])) for target in targets
        ):
            for target, part in targets.items():
                said = (
                    text if target == position else f"{text} (ghi ở ô {found.cell('value', found.numbers[position])})"
                )
                lines[target] = (*lines[target][:value], Portion(said, part), *lines[target][value + 1 :])
                filled[target] = True
    return replace(found, rows=lines, filled=filled)


def _portions(own_id: str, text: str, project: Project) -> dict[Indicator, str]:
    """The pieces by indicator; empty where there is only one, or where it is not certain whose each of them is."""
    pieces = _SEAM.split(text.strip())
    own = project.plan.indicator.get(own_id)
    if own is None or len(pieces) < 2:
        return {}
    common = Counter(fold(item.measure) for item in project.plan.indicators)
    by_measure = {fold(item.measure): item for item in project.plan.indicators if common[fold(item.measure)] == 1}
    found: dict[Indicator, str] = {}
    for number, piece in enumerate(pieces):
        noun = fold(match[1]) if (match := _PIECE.fullmatch(piece)) else ""
        item = own if number == 0 and noun == fold(own.measure) else by_measure.get(noun)
        if item is None or item in found or (number == 0) != (item is own):
            return {}
        found[item] = piece
    return found
