"""Whoever fills in an invented form: one unit in one period, its words, and draws that are the same on every run."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from pipeline.declare.plan import Period, Task
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.samples.content import Content
from pipeline.values.states import Obligation

T = TypeVar("T")


@dataclass(frozen=True)
class Author:
    """One unit in one period: whoever fills in a form."""

    content: Content
    project: Project
    unit: Unit
    period: Period

    @property
    def seed(self) -> tuple[str, str]:
        return self.unit.unit_id, self.period.code

    @property
    def profile(self) -> str:
        return next(
            name
            for name, profile in self.content.profiles.items()
            if self.project.plan.includes(profile.units, self.unit)
        )

    @property
    def words(self) -> dict[str, str]:
        """The words that stand for the braces in phrases."""
        kind = self.content.kinds[self.unit.kind]
        facts = self.content.facts(self.unit)
        short = facts.short or self.unit.name.removeprefix(kind.prefix)
        words = {
            "short": short,
            "plain": _toneless(short),
            "slug": self.unit.unit_id.partition("-")[2],
            "sign": facts.sign,
        }
        return {**words, "unit": kind.unit.format(short=short), "seat": kind.seat, "hamlet": kind.hamlet}

    def owes(self, task: Task) -> Obligation:
        return self.project.plan.obligation(task, self.unit, self.period)

    def workdays(self, first: date, last: date) -> list[date]:
        """All days of the stretch but weekends and holidays."""
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [day for day in days if day.isoweekday() < 6 and day not in self.content.holidays]


def draw(low: int, high: int, *seed: str) -> int:
    """A number from `low` to `high` that depends on the seed alone."""
    return low + int.from_bytes(hashlib.sha256("|".join(seed).encode()).digest()[:8], "big") % (high - low + 1)


def pick(options: Sequence[T], *seed: str) -> T:
    """One of the options, always the same for the same seed."""
    return options[draw(0, len(options) - 1, *seed)]


def shuffle(items: Iterable[T], key: str, *seed: str) -> list[T]:
    """The items in an order that depends on the seed and on the attribute named `key`."""
    return sorted(items, key=lambda item: draw(0, 2**60, *seed, str(getattr(item, key))))


def _toneless(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
