"""The year so far by unit: tasks done, kinds of propaganda, filing in each period, proofs; and what that is in points.

In: a judged period with the earlier ones of its year. Out: values. Every fact of a unit is told as its forms tell it;
the points follow from the plan's weights, and nobody is ranked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pipeline.declare.project import Project
from pipeline.declare.scoring import Scoring
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.settlement import Settlement
from pipeline.values.frames import tuples
from pipeline.values.standings import Score, Standing
from pipeline.values.states import BELOW_DONE, Criterion, Filing
from pipeline.values.tally import Filings, Ids, Led
from pipeline.words.names import fold

_VALID = ("in-force", "superseded", "duplicate")  # forms that were received as a report of their unit
_Texts = Mapping[str, frozenset[str]]  # by unit


def count_standings(
    judged: Evaluation, units: Mapping[str, Led], filings: Filings, project: Project
) -> Mapping[str, Standing]:
    """By unit, in the order of the register.

    `units`: the tasks that each leads; `filings`: of this period. An earlier one for which nobody sent a form was not
    collected and is not counted.
    """
    mine = judged.settlement
    earlier = [other for other in judged.others.values() if other.period.date_to < mine.period.date_to]
    year = [*sorted(earlier, key=lambda other: other.period.date_to), mine]
    forms, proofs = _forms(year, project), _proofs(year, project)
    filed = {other.period.code: _filed(other, project) for other in year[:-1] if other.versions.chains}
    filed[mine.period.code] = filings.of
    without_news = _without_news(mine, project.plan.scoring.news)
    found = {}
    for unit in mine.units:
        name = unit.unit_id
        used = [choice.id for choice in project.form.choices["form"] if choice.id in forms.get(name, ())]
        found[name] = Standing(
            name,
            *_tasks(units[name]),
            online=tuple(form for form in used if form in project.plan.scoring.online),
            traditional=tuple(form for form in used if form not in project.plan.scoring.online),
            filed={code: of[name] for code, of in filed.items() if of.get(name, "not-due") != "not-due"},
            proofs=len(proofs.get(name, ())),
            has_no_news=name in without_news,
        )
    return found


def _tasks(led: Led) -> tuple[int, int]:
    """How many are done, of how many that should be by now; what is within its time counts neither way."""
    proved = sum(map(len, led.proved.values()))
    behind = sum(led.counts[state] for state in BELOW_DONE) - proved
    return led.counts.done + proved, led.counts.done + proved + behind


def _filed(settled: Settlement, project: Project) -> Mapping[str, Filing]:
    """Of an earlier period; a unit that was not asked then is not in it. On time when its first valid version was."""
    deadline = project.plan.deadline(settled.period)
    known = zip(settled.readings, settled.versions.decisions, strict=True)
    on_time = {
        reading.unit_id
        for reading, decision in known
        if decision.state in _VALID and not decision.is_set_aside and reading.arrival.received_at < deadline
    }
    return {
        unit.unit_id: "missing"
        if unit.unit_id not in settled.versions.chains
        else "on-time"
        if unit.unit_id in on_time
        else "late"
        for unit in settled.units
    }


def _forms(year: Sequence[Settlement], project: Project) -> _Texts:
    """The kinds of propaganda, by id, of activities that were listed, or that an official figure above zero counts.

    Of kinds that one figure counts together the first stands for all, unless one of them was listed.
    """
    ids = {choice.label: choice.id for choice in project.form.choices["form"]}
    found: dict[str, set[str]] = {}
    for settled in year:
        rows = settled.rows.accepted["activities"]
        for unit_id, form in tuples(rows[rows["form"].notna()], "unit_id", "form"):
            found.setdefault(unit_id, set()).add(ids.get(form, form))
    for settled in year:
        for official in project.plan.official:
            values = settled.values.reindex(columns=list(official.amount))
            for unit_id in values.index[(values > 0).any(axis=1)]:
                used = found.setdefault(unit_id, set())
                if used.isdisjoint(official.forms):
                    used.add(official.forms[0])
    return {unit_id: frozenset(used) for unit_id, used in found.items()}


def _proofs(year: Sequence[Settlement], project: Project) -> _Texts:
    """What stands as evidence beside activities, and real numbers of documents beside tasks; each text once."""
    found: dict[str, set[str]] = {}
    for settled in year:
        for table, key in (("activities", "evidence"), ("tasks", "document_number")):
            rows = settled.rows.accepted[table]
            for unit_id, text in tuples(rows[rows[key].notna()], "unit_id", key):
                if table == "activities" or project.proof.is_number(str(text)):
                    found.setdefault(unit_id, set()).add(fold(str(text)))
    return {unit_id: frozenset(texts) for unit_id, texts in found.items()}


def _without_news(mine: Settlement, news: Ids) -> Collection[str]:
    """The units whose report says of every figure that counts news that there was none."""
    values = mine.values.reindex(columns=list(news))
    return set(values.index[(values == 0).all(axis=1)]) if news else ()


def score(standing: Standing, scoring: Scoring) -> Score:
    """The points of a unit by the weights of the plan."""
    shares = dict(_shares(standing, scoring))
    most = {name: scoring.weights.get(name, 0.0) for name in shares}
    return Score({name: round(most[name] * share, 4) for name, share in shares.items()}, most)


def _shares(standing: Standing, scoring: Scoring) -> Iterator[tuple[Criterion, float]]:
    """What part of the most points each criterion that applies to the unit gives."""
    if standing.due:
        share = standing.done / standing.due
        yield "tasks", share if share >= scoring.least_share else 0.0
    yield "online", float(standing.online != ())
    yield "traditional", float(standing.traditional != ())
    if standing.filed:
        yield "on-time", len(standing.periods("on-time")) / len(standing.filed)
    yield "proofs", min(1.0, standing.proofs / scoring.enough_proofs)
