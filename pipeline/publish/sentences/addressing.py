"""How a unit is written to: by the body that answers for it, where the plan names one for its kind."""

from collections.abc import Sequence

from pipeline.declare.plan import Plan
from pipeline.declare.register import Unit
from pipeline.words.prose import in_text, lowered


def written_to(unit: Unit, plan: Plan) -> str:
    """“UBND xã Vĩnh Ô”, “Phòng Tư pháp”."""
    body = plan.papers.bodies.get(unit.kind, "")
    return f"{body} {in_text(unit.name)}" if body else unit.name


def written_to_together(units: Sequence[Unit], plan: Plan) -> tuple[str, ...]:
    """Units of one kind: in one line where a body stands before all their names, else each by itself.

    “UBND các xã: Vĩnh Ô, Vĩnh Khê”.
    """
    body, noun = plan.papers.bodies.get(units[0].kind, ""), plan.kinds[units[0].kind]
    own = [unit.name.removeprefix(f"{noun} ") for unit in units]
    if body and len(units) > 1 and own != [unit.name for unit in units]:
        return (f"{body} các {lowered(noun)}: {', '.join(own)}",)
    return tuple(written_to(unit, plan) for unit in units)
