"""Two numbers in one cell, “3 sản phẩm, 2 chuyên mục”: each goes to the row of its noun.

Only where that is certain and the cell there is blank. Certain means: the first noun is the measure of the row itself,
and every other one is the measure of just one indicator, which the unit fills in as well. Anything else stays in its
cell, to be asked about.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.declare.plan import Indicator
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.intake.locate import Located
from pipeline.values.cells import Portion, is_blank
from pipeline.values.forms import Found
from pipeline.words.names import fold

_SEAM = re.compile(r"\s*(?:[,;+\n]|\bvà\b)\s*(?=[0-9])", re.IGNORECASE)
_LONGEST = (
    200  # characters; numbers that share a cell are a few words, and a long cell should not be searched for a seam
)
_PIECE = re.compile(r"[0-9]+(?:\.[0-9]{3})*\s*([^0-9.,;+()]+)")


def share_out(located: Located, unit_id: str, project: Project) -> Located:
    """The form with the numbers of such cells of its figures in their own rows; the same form where there are none."""
    figures, unit = located.tables.get("figures"), project.register.by_id.get(unit_id)
    if figures is None or unit is None:
        return located
    value = figures.keys.index("value")
    mixed = [
        number
        for number, row in enumerate(figures.rows)
        if isinstance(row[value], str) and len(row[value]) <= _LONGEST and _SEAM.search(row[value])
    ]
    if not mixed:
        return located
    return replace(located, tables={**located.tables, "figures": _shared(figures, mixed, unit, project)})


def _shared(found: Found, mixed: Sequence[int], unit: Unit, project: Project) -> Found:
    """The table with the numbers of the `mixed` rows shared out, as far as that is certain."""
    value = found.keys.index("value")
    lines, filled = list(found.rows), list(found.filled)
    for position in mixed:
        text = lines[position][value]
        for target, part in _targets(found, position, lines, unit, project).items():
            here = f" (ghi ở ô {found.cell('value', found.numbers[position])})" if target != position else ""
            lines[target] = (*lines[target][:value], Portion(text + here, part), *lines[target][value + 1 :])
            filled[target] = True
    return replace(found, rows=lines, filled=filled)


def _targets(
    found: Found, position: int, lines: Sequence[Sequence[Any]], unit: Unit, project: Project
) -> dict[int, str]:
    """The row of each piece; empty where one of them has none, or none that is blank."""
    value = found.keys.index("value")
    rows = {name: number for number, name in enumerate(found.names)}
    portions = _portions(found.names[position], lines[position][value], project)
    targets = {rows.get(item.id, -1): part for item, part in portions.items() if project.plan.fills(item, unit)}
    are_free = all(target == position or (target >= 0 and is_blank(lines[target][value])) for target in targets)
    return targets if len(targets) == len(portions) and are_free else {}


def _noun(piece: str) -> str:
    match = _PIECE.fullmatch(piece)
    return fold(match[1]) if match else ""


def _portions(own_id: str, text: str, project: Project) -> dict[Indicator, str]:
    """The pieces by indicator; empty where there is only one, or where it is not certain whose each of them is."""
    pieces = _SEAM.split(text.strip())
    own = project.plan.indicator.get(own_id)
    if own is None or len(pieces) < 2:
        return {}
    by_measure, measure = _by_measure(project), fold(own.measure)
    found: dict[Indicator, str] = {}
    for number, piece in enumerate(pieces):
        noun = _noun(piece)
        item = own if number == 0 and noun == measure else by_measure.get(noun)
        if item is None or item in found or (number == 0) != (item is own):
            return {}
        found[item] = piece
    return found


def _by_measure(project: Project) -> dict[str, Indicator]:
    """The indicators whose measure no other one has."""
    common = Counter(fold(item.measure) for item in project.plan.indicators)
    return {fold(item.measure): item for item in project.plan.indicators if common[fold(item.measure)] == 1}
