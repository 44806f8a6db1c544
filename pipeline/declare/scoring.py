"""What the plan says of scoring: which criteria carry how many points. A help for who scores, off unless asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.values.states import CRITERIA


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a unit's year so far is counted, and what that would come to in points. A plan need not say it.

    `is_shown`: whether sheet and table are written at all. `online`: the kinds of propaganda, by id, that are online;
    all others are traditional. `news`: the indicators that count news. `weights`: the most points by criterion.
    `least_share`: below that share of finished tasks there is no point for them; above, their share of the most.
    `enough_proofs`: with so many there are the most points for proofs, with fewer a share.
    """

    is_shown: bool = False
    online: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    least_share: float = 0.0
    enough_proofs: int = 1

    def faults(self) -> Iterator[str]:
        """What is wrong with it, each in a sentence that names the key."""
        for name, weight in self.weights.items():
            if name not in CRITERIA:
                yield f"khóa “scoring.weights”: không có tiêu chí “{name}”; các tiêu chí: {', '.join(CRITERIA)}."
            elif not 0 <= weight <= 1000:
                yield f"khóa “scoring.weights.{name}”: cần số từ 0 đến 1000."
        if not 0 <= self.least_share <= 1:
            yield "khóa “scoring.least_share”: cần số từ 0 đến 1."
        if self.enough_proofs < 1:
            yield "khóa “scoring.enough_proofs”: cần số từ 1 trở lên."
