"""The figures of one invented form: drawn within the ranges of the content, consistent with each other.

None is below what Biểu 3 lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.declare.plan import Plan
from pipeline.samples.activities import Item
from pipeline.samples.author import draw
from pipeline.samples.content import FigureRule, Scenario, UnitFacts

Figures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whose figures are drawn: a unit of a sort and a size, in a period of a scale; the seed makes them its own."""

    plan: Plan
    profile: str
    facts: UnitFacts
    scenario: Scenario
    seed: tuple[str, str]

    def scale(self, indicator_id: str) -> int:
        """The usual figure times so many ten-thousandths."""
        is_flow = self.plan.indicator[indicator_id].kind == "flow"
        return self.facts.size * (self.scenario.flow if is_flow else self.scenario.steady)


def make_figures(rules: Sequence[FigureRule], items: Sequence[Item], before: Figures, reporter: Reporter) -> Figures:
    """Figures by indicator in the order of the rules; `None` is left blank.

    `before`: those of the period from which they carry over.
    """
    values: dict[str, float | None] = {}
    for rule in rules:
        values[rule.id] = _figure(rule, items, before, values, reporter)
    return values


def _figure(
    rule: FigureRule, items: Sequence[Item], before: Figures, values: Figures, reporter: Reporter
) -> float | None:
    if _is_blank(rule, values, reporter):
        return None
    if rule.plus:
        return _sum(values, rule.plus) - _sum(values, rule.minus)
    if rule.carries and before:
        return _sum(before, rule.carries)
    decimals = reporter.plan.indicator[rule.id].decimals
    number = max(_listed(rule, items), _drawn(rule, values, reporter))
    return round(number, decimals) if decimals else int(number)


def _is_blank(rule: FigureRule, values: Figures, reporter: Reporter) -> bool:
    """Whether it is left out: by chance, or because it rests on others that are."""
    if draw(0, 99, *reporter.seed, rule.id, "blank") < rule.blank:
        return True
    return bool(rule.of) and all(values.get(name) is None for name in rule.of)


def _drawn(rule: FigureRule, values: Figures, reporter: Reporter) -> float:
    """The drawn figure; one that rests on others takes its scale from them."""
    seed = (reporter.seed[0], rule.id) if rule.steady else (*reporter.seed, rule.id)
    if draw(0, 99, *seed, "often") >= rule.often:
        return 0
    low, high = rule.range[reporter.profile if reporter.profile in rule.range else "any"]
    number = draw(low * 100, high * 100, *seed) / 100
    if rule.of:
        share = _sum(values, rule.of) * number / rule.per
        return share // rule.step * rule.step if rule.step > 1 else share
    return max(low and 1, round(number * reporter.scale(rule.id) / 10_000)) * rule.step


def _listed(rule: FigureRule, items: Sequence[Item]) -> int:
    """What Biểu 3 already shows of this figure."""
    return sum(item.quantity for item in items if item.form in rule.forms) + sum(
        item.people or 0 for item in items if item.form in rule.people
    )


def _sum(values: Figures, ids: Sequence[str]) -> float:
    return sum(values.get(name) or 0 for name in ids)
