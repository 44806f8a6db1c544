"""What units reported before of the figures that a period asks for: of the period before, or of those inside it.

In: the settled periods of the year that ended earlier. Out: for each unit and indicator a number, a word for nothing,
or what is known of it in words. These are for looking at: nothing is counted from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from pipeline.declare.plan import FigureCheck, Indicator, Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.figures.merged import Given, GivenThen
from pipeline.judged.settlement import Settlement
from pipeline.values.frames import tuples
from pipeline.values.known import Told
from pipeline.words.numbers import number_text

_CARRIES = "carries"


@dataclass(frozen=True)
class ReportedBefore:
    """`figures`: by unit, then by indicator. `closing`: of balances that are carried over, what they are in words.

    `merged`: by unit the names of those that became it, where its figures are theirs; `lacking`: by unit and indicator
    those of them without which there is no sum.
    """

    periods: str = ""
    figures: Mapping[str, Mapping[str, Told]] = field(default_factory=dict)
    closing: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def reported_before(project: Project, period: Period, settled: Mapping[str, Settlement]) -> ReportedBefore:
    """What the units reported of the periods inside this one, else of the one before; `settled` by code."""
    given = {code: GivenThen(project, item.period, _given(item)) for code, item in settled.items()}
    teller = _Teller(project, period, given)
    filed = {unit_id for item in settled.values() for unit_id in item.versions.chains}
    heirs = {unit_id for unit_id, units in project.register.merged_into.items() if not filed.isdisjoint(_ids(units))}
    told = {unit_id: teller.figures(unit_id) for unit_id in sorted(filed | heirs)}
    return ReportedBefore(
        ", ".join(part.name for part in teller.parts),
        {unit_id: figures for unit_id, figures in told.items() if figures},
        teller.closing,
        {unit_id: names for unit_id in sorted(heirs) if (names := teller.merged(unit_id))},
        {unit_id: lacking for unit_id in sorted(heirs) if (lacking := teller.lacking(unit_id))},
    )


def _ids(units: Iterable[Unit]) -> set[str]:
    return {unit.unit_id for unit in units}


def _given(item: Settlement) -> Given:
    grid = tuples(item.grid, "unit_id", "indicator_id", "value", "kind_of_nothing")
    return {(unit_id, name): (value, kind) for unit_id, name, value, kind in grid}


class _Teller:
    """Looks the figures up; `parts`: the periods of which they are, one after the other and none in another."""

    def __init__(self, project: Project, period: Period, given: Mapping[str, GivenThen]) -> None:
        self._project, self._period, self._given = project, period, given
        self.parts = [project.plan.period(code) for code in _outermost(project, period)]
        self._checks = {check.left[0]: check for check in project.plan.checks if check.rule == _CARRIES}

    def figures(self, unit_id: str) -> dict[str, Told]:
        """All that is known of one unit."""
        told = ((item.id, self._figure(unit_id, item)) for item in self._project.plan.indicators)
        return {name: value for name, value in told if value is not None}

    def merged(self, unit_id: str) -> tuple[str, ...]:
        """The names of the units that became this one and are told of in its stead."""
        known = {part.code: self._given[part.code] for part in self.parts if part.code in self._given}
        names = (unit.name for then in known.values() for unit in then.members(unit_id) if unit.unit_id != unit_id)
        return tuple(dict.fromkeys(names))

    def lacking(self, unit_id: str) -> Mapping[str, tuple[str, ...]]:
        """By indicator those of them that leave no sum."""
        found = {}
        for item in self._project.plan.indicators:
            check = self._checks.get(item.id)
            items = [self._project.plan.indicator[name] for name in check.right] if check else [item]
            parts = [self._given[part.code] for part in self.parts if part.code in self._given]
            names = [name for then in parts for one in items for name in then.lacking(unit_id, one)]
            if names:
                found[item.id] = tuple(dict.fromkeys(names))
        return found

    @property
    def closing(self) -> Mapping[str, str]:
        """What is carried over, in words: “PA04 + PA05 của 6 tháng đầu năm”."""
        before = self._right_before
        if before is None:
            return {}
        return {name: f"{' + '.join(check.right)} của {before.name}" for name, check in self._checks.items()}

    def _figure(self, unit_id: str, item: Indicator) -> Told | None:
        if check := self._checks.get(item.id):
            return self._carried(unit_id, check)
        if item.kind == "stock":
            return self._of(unit_id, item.id, self.parts[-1]) if self.parts else None
        return self._added(item, [(part, self._of(unit_id, item.id, part)) for part in self.parts])

    def _of(self, unit_id: str, indicator_id: str, part: Period) -> Told | None:
        """One figure of one period: a number, the word for nothing that was written, or `None` for a gap."""
        then = self._given.get(part.code)
        return then.told(unit_id, self._project.plan.indicator[indicator_id]) if then else None

    def _added(self, item: Indicator, known: Sequence[tuple[Period, Told | None]]) -> Told | None:
        """The sum over the parts; where some are not known, in words what is, and what is missing."""
        numbers = [value for _, value in known if not isinstance(value, str) and value is not None]
        words = {value for _, value in known if isinstance(value, str)}
        lacking = [
            part.name for part, value in known if value is None or (isinstance(value, str) and value not in self._zeros)
        ]
        if not numbers:
            return min(words) if len(words) == 1 and not any(value is None for _, value in known) else None
        total = float(sum(Decimal(str(value)) for value in numbers))
        if not lacking:
            return total
        return self._project.form.known["lacking"].format(value=number_text(total), periods=", ".join(lacking))

    def _carried(self, unit_id: str, check: FigureCheck) -> Told | None:
        """What was left at the end of the period right before; of one that begins this one, what that began with."""
        if self._right_before:
            left = [self._amount(unit_id, name, self._right_before) for name in check.right]
            return None if None in left else float(sum(Decimal(str(value)) for value in left))
        first = next((part for part in self.parts if part.date_from == self._period.date_from), None)
        return self._of(unit_id, check.left[0], first) if first else None

    def _amount(self, unit_id: str, indicator_id: str, part: Period) -> float | None:
        told, zeros = self._of(unit_id, indicator_id, part), self._zeros
        return 0.0 if told in zeros else told if isinstance(told, (int, float)) else None

    @cached_property
    def _zeros(self) -> frozenset[str]:
        return frozenset(word.label for word in self._project.form.nothing.values() if word.counts_as_zero)

    @property
    def _right_before(self) -> Period | None:
        day = self._period.date_from - timedelta(days=1)
        return next((item for item in self._project.plan.periods if item.date_to == day), None)


def _outermost(project: Project, period: Period) -> Sequence[str]:
    """The periods inside a period, but for those inside another of them; else the one before; in the order of time."""
    inside = [project.plan.period(code) for code in period.contains]
    nested = {code for part in inside for code in part.contains}
    codes = [part.code for part in sorted(inside, key=lambda part: part.date_to) if part.code not in nested]
    return codes or [code for code in (period.previous,) if code]
