"""From what was read of earlier periods to what each unit's new form tells of them."""

from collections.abc import Mapping

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.evaluate import settle_forms
from pipeline.figures.reported_before import reported_before
from pipeline.judge.answered_before import card_answers, tasks_done
from pipeline.judge.case import Case
from pipeline.reading.periods import Readings
from pipeline.values.known import Known


def know_units(project: Project, period: Period, readings: Readings) -> Mapping[str, Known]:
    """By unit what its forms in force say; `readings` of the periods that ended before, by code."""
    earlier = [item for item in project.plan.periods if item.code in readings]
    settled = {item.code: settle_forms(readings[item.code], project, item, leave_samples_out=True) for item in earlier}
    nothing_yet = settle_forms((), project, period, leave_samples_out=True)
    latest_first = sorted(settled.values(), key=lambda item: item.period.date_to, reverse=True)
    cards = card_answers(project, period, latest_first)
    done = tasks_done(Case(project, nothing_yet, settled))
    before = reported_before(project, period, settled)
    return {
        unit_id: Known(
            cards.get(unit_id, {}),
            done.get(unit_id, {}),
            before.figures.get(unit_id, {}),
            before.periods,
            before.closing,
            before.merged.get(unit_id, ()),
            before.lacking.get(unit_id, {}),
        )
        for unit_id in sorted({*cards, *before.figures, *before.lacking})
    }
