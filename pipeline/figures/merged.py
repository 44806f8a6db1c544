"""What the units that became one unit reported together: the sum where every one of them gave a figure, else no figure.

In: what units gave in one period, by unit and indicator. Out: for a unit of today one value, and who lacks. Nothing is
guessed: a unit that was silent, or that wrote no number, leaves no sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isnan, nan

from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.values.known import Told

Given = Mapping[tuple[str, str], tuple[float, str]]  # value and kind of nothing by unit and indicator


@dataclass(frozen=True)
class GivenThen:
    """One earlier period: `given` by the units that there were, looked up by the units that there are."""

    project: Project
    period: Period
    given: Given

    def told(self, unit_id: str, item: Indicator) -> Told | None:
        """A number, the word for nothing that was written, or `None` for a gap."""
        if unit_id not in self.project.register.merged_into:  # as nearly all
            return self._own(unit_id, item.id)
        return self._together([told for _, told in self._each(unit_id, item)])

    def lacking(self, unit_id: str, item: Indicator) -> tuple[str, ...]:
        """The names of the units that are now this one and gave no figure, where several were to give one."""
        each = self._each(unit_id, item)
        is_sum = len(each) > 1 and self._together([told for _, told in each]) is None
        return tuple(unit.name for unit, told in each if not self._counts(told)) if is_sum else ()

    def members(self, unit_id: str) -> Sequence[Unit]:
        """The units of then that are now this one; itself where it stands alone, or where nobody knows of any."""
        register = self.project.register
        if unit_id not in register.merged_into:
            return [register.by_id[unit_id]]
        before = {unit.unit_id for unit in register.merged_into[unit_id]} | {unit_id}
        return [unit for unit in register.units if unit.unit_id in before and unit.unit_id in self._reporting]

    @cached_property
    def _reporting(self) -> frozenset[str]:
        return frozenset(unit.unit_id for unit in self.project.register.reporting_on(self.period.date_to))

    def _each(self, unit_id: str, item: Indicator) -> Sequence[tuple[Unit, Told | None]]:
        members = self.members(unit_id)
        asked = members if len(members) == 1 else [unit for unit in members if self.project.plan.fills(item, unit)]
        return [(unit, self._own(unit.unit_id, item.id)) for unit in asked]

    def _own(self, unit_id: str, indicator_id: str) -> Told | None:
        value, kind = self.given.get((unit_id, indicator_id), (nan, ""))
        if word := self.project.form.nothing.get(kind):
            return word.label
        return None if isnan(value) else value

    def _together(self, told: Sequence[Told | None]) -> Told | None:
        if len(set(told)) == 1 and (len(told) == 1 or isinstance(told[0], str)):
            return told[0]
        if not told or not all(map(self._counts, told)):
            return None
        return float(sum(Decimal(str(value)) for value in told if not isinstance(value, str)))

    def _counts(self, told: Told | None) -> bool:
        """Whether it is a number, or a word that stands for zero."""
        return told is not None and (not isinstance(told, str) or told in self._zeros)

    @cached_property
    def _zeros(self) -> frozenset[str]:
        return frozenset(word.label for word in self.project.form.nothing.values() if word.counts_as_zero)
