"""Each unit's own plan of propaganda: the number and day of it on its card, now or in an earlier report of the year."""

from collections.abc import Mapping

from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.settlement import Settlement
from pipeline.values.cells import is_missing
from pipeline.values.tally import OwnPlan
from pipeline.words.days import day_text


def find_own_plans(judged: Evaluation, project: Project) -> Mapping[str, OwnPlan]:
    """By unit, in the order of the register; the newest report that names one speaks. A draft has no number yet."""
    mine = judged.settlement
    earlier = [other for other in judged.others.values() if other.period.date_to < mine.period.date_to]
    found: dict[str, OwnPlan] = {}
    for settled in (*sorted(earlier, key=lambda other: other.period.date_to), mine):
        found |= _named(settled, project)
    return {unit.unit_id: found[unit.unit_id] for unit in mine.units if unit.unit_id in found}


def _named(settled: Settlement, project: Project) -> dict[str, OwnPlan]:
    cards = settled.cards
    known = {
        doc: (number, day)
        for doc, number, day in zip(cards["doc"], cards["plan_number"], cards["plan_date"], strict=True)
        if not is_missing(number) and project.proof.is_number(str(number))
    }
    return {
        unit_id: OwnPlan(number, "" if is_missing(day) else day_text(day.date()), settled.period.code)
        for unit_id, chain in settled.versions.chains.items()
        for number, day in [known[doc] for doc in chain if doc in known][-1:]
    }
