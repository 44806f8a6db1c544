"""What was measured, as the report and the aims see it: one line for each contender and number of submissions."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Measured

RESULTS = Path("bench/results")


@dataclass(frozen=True)
class Line:
    """The rounds of one contender over `count` submissions.

    Seconds of wall and of processor time, megabytes, median seconds by stage.
    """

    who: str
    count: int
    wall: Sequence[float]
    cpu: Sequence[float]
    peak: Sequence[float]
    stages: dict[str, float] = field(default_factory=dict)

    def of(self, kind: str) -> float:
        """The median of `wall`, `cpu` or `peak`."""
        return float(statistics.median(getattr(self, kind)))

    def without(self, stage: str, kind: str) -> float:
        """The same without a stage, which is taken to have had the same share of processor time as of wall time."""
        return self.of(kind) * (1 - self.stages.get(stage, 0.0) / self.of("wall"))


def line(who: str, count: int, rounds: Sequence[Measured]) -> Line:
    """Put the rounds of one contender together."""
    stages = [item.said.get("stages", {}) for item in rounds]
    median = {name: statistics.median(stage.get(name, 0.0) for stage in stages) for name in stages[0]}
    return Line(
        who,
        count,
        [item.wall for item in rounds],
        [item.cpu for item in rounds],
        [item.peak for item in rounds],
        median,
    )


def find(lines: Sequence[Line], who: str, count: int) -> Line | None:
    """The line of that contender, if it was measured."""
    return next((item for item in lines if item.who == who and item.count == count), None)


def save(name: str, facts: dict[str, Any], lines: Sequence[Line] = ()) -> None:
    """Keep what one part of the bench measured."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**facts, "lines": [asdict(item) for item in lines]}, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def load(name: str) -> tuple[dict[str, Any], list[Line]]:
    """What was kept; empty when that part was never measured."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return {}, []
    facts = json.loads(path.read_text(encoding="utf-8"))
    return facts, [Line(**item) for item in facts.pop("lines")]
