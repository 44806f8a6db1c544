"""What the earlier reports of a unit say that its next form repeats, or tells beside the cells to fill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Told = str | int | float | date


@dataclass(frozen=True, slots=True)
class Known:
    """Of one unit; nothing where it has sent nothing before, or nothing before is in force.

    `card`: answers of the last report, by field. `done`: the tasks that need no report any more, with the code of the
    period whose report proves them done. `figures`: by indicator what was reported before, for looking at; `periods`:
    the name of the period or periods that those are of; `closing`: of figures that are what was left at the end of a
    period, in words what they are. `merged`: the names of the units that became this one, where the figures are theirs;
    `lacking`: by indicator those of them that gave no figure, so that there is no sum.
    """

    card: Mapping[str, Told] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Told] = field(default_factory=dict)
    periods: str = ""
    closing: Mapping[str, str] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOTHING_KNOWN = Known()
