"""What part of one sum of figures another is, over the units that gave both."""

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.declare.plan import Rate
from pipeline.declare.project import Project
from pipeline.figures.partial import exact_sum
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.settlement import Settlement
from pipeline.values.tally import RateLine


def count_rates(judged: Evaluation, project: Project) -> tuple[RateLine, ...]:
    """The rates of the plan for which any unit gave both sides, in the order of the plan."""
    return tuple(line for rate in project.plan.rates for line in _rate(rate, judged, project))


def _rate(rate: Rate, judged: Evaluation, project: Project) -> Iterator[RateLine]:
    mine, codes = judged.settlement, judged.settlement.period.cumulative
    before = [judged.others[code] for code in codes if code in judged.others] if rate.since_start else []
    if rate.since_start and len(before) < len(codes) - (mine.period.code in codes):
        return
    flows = [name for name in rate.part if project.plan.indicator[name].kind == "flow"]
    parts = [_of(mine, rate.part), *(_of(other, flows) for other in before)]
    part = pd.concat(parts, axis=1).sum(axis=1, skipna=False)
    whole = _of(mine, rate.whole).reindex(part.index)
    both = part.notna() & (whole > 0)
    if both.any():
        told, of = (float(exact_sum(side[both].tolist())) for side in (part, whole))
        yield RateLine(rate.section, rate.words, told, of, int(both.sum()))


def _of(settled: Settlement, ids: Sequence[str]) -> pd.Series:
    """By unit the sum of figures; NaN where one of them is a gap."""
    return settled.values.reindex(columns=list(ids)).sum(axis=1, skipna=False)
