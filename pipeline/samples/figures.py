"""The figures of one invented form: drawn within the ranges of the content, never below what Biểu 3 lists, consistent with each other."""

from collections.abc import Mapping, Sequence

from pipeline.declare.plan import Plan
from pipeline.samples.activities import Item
from pipeline.samples.author import draw
from pipeline.samples.content import FigureRule, Scenario, UnitFacts


def make_figures(
    rules: Sequence[FigureRule],
    items: Sequence[Item],
    before: Mapping[str, float | None],
    scenario: Scenario,
    facts: UnitFacts,
    profile: str,
    plan: Plan,
    seed: tuple[str, str],
) -> dict[str, float | None]:
    """Figures by indicator in the order of the rules; `None` is left blank. `before`: those of the period they carry over from."""
    values: dict[str, float | None] = {}
    for rule in rules:
        if draw(0, 99, *seed, rule.id, "blank") < rule.blank or (
            rule.of and all(values.get(name) is None for name in rule.of)
        ):
            values[rule.id] = None
        elif rule.plus:
            values[rule.id] = _sum(values, rule.plus) - _sum(values, rule.minus)
        elif rule.carries and before:
            values[rule.id] = _sum(before, rule.carries)
        else:
            indicator = plan.indicator[rule.id]
            scale = facts.size * (scenario.flow if indicator.kind == "flow" else scenario.steady)
            number = max(_listed(rule, items), _drawn(rule, values, scale, profile, seed))
            values[rule.id] = round(number, indicator.decimals) if indicator.decimals else int(number)
    return values


def _drawn(
    rule: FigureRule, values: Mapping[str, float | None], scale: int, profile: str, seed: tuple[str, str]
) -> float:
    """The drawn figure at `scale` ten-thousandths; one that rests on others takes its scale from them."""
    own_seed = (seed[0], rule.id) if rule.steady else (*seed, rule.id)
    if draw(0, 99, *own_seed, "often") >= rule.often:
        return 0
    low, high = rule.range[profile if profile in rule.range else "any"]
    number = draw(low * 100, high * 100, *own_seed) / 100
    if rule.of:
        number = _sum(values, rule.of) * number / rule.per
        return number // rule.step * rule.step if rule.step > 1 else number
    return max(low and 1, round(number * scale / 10_000)) * rule.step


def _listed(rule: FigureRule, items: Sequence[Item]) -> int:
    """What Biểu 3 already shows of this figure."""
    return sum(item.quantity for item in items if item.form in rule.forms) + sum(
        item.people or 0 for item in items if item.form in rule.people
    )


def _sum(values: Mapping[str, float | None], ids: Sequence[str]) -> float:
    return sum(values.get(name) or 0 for name in ids)
