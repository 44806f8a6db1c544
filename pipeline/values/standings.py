"""How a unit stands in the year so far, and what that comes to in points."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.values.states import Criterion, Filing


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit, from the first period of the year that was collected to this one.

    `done` of `due`: tasks that it leads and that should be done by now, those that an earlier report proved among the
    done. `online`, `traditional`: the kinds of propaganda that it used. `filed`: by code, how it filed in each period
    that was collected. `proofs`: documents and links that differ. `has_no_news`: it told that there was none this
    period.
    """

    unit_id: str
    done: int
    due: int
    online: tuple[str, ...]
    traditional: tuple[str, ...]
    filed: Mapping[str, Filing]
    proofs: int
    has_no_news: bool

    def periods(self, filing: Filing) -> tuple[str, ...]:
        """The codes of the periods in which it filed so."""
        return tuple(code for code, how in self.filed.items() if how == filing)


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one unit by criterion, of so many; a criterion that does not apply to it is in neither."""

    points: Mapping[Criterion, float]
    most: Mapping[Criterion, float]

    @property
    def total(self) -> float:
        return round(sum(self.points.values()), 6)

    @property
    def whole(self) -> float:
        return round(sum(self.most.values()), 6)
