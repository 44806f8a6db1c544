"""Which period is being collected, as far as anybody can tell: by what was said, by the day, by where forms lie."""

from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.reading.periods import Folders
from pipeline.values.forms import RECEIVING_BOOK

_LATEST = timedelta(days=180)  # after the last deadline of a plan; beyond, the day says nothing about it


@dataclass(frozen=True, slots=True)
class Collecting:
    """The periods whose forms can be sent, the one meant first; none where nobody can tell.

    Between a deadline and the end of the next window two are: the one before, late, and the next, early.
    """

    periods: tuple[Period, ...] = ()
    day: date | None = None

    def is_over(self, period: Period) -> bool:
        """Whether the deadline of a period has passed on the day."""
        return self.day is not None and self.day > period.last_day


UNKNOWN = Collecting()


def collecting(project: Project, folders: Folders, day: date, word: str = "") -> Collecting:
    """The period that `word` names; else those that the plan's windows and deadlines give for the day.

    Where the plan says nothing of that day, the last period in whose folder a file lies.
    """
    if word:
        return Collecting((project.plan.period(word),), day)
    if found := on_day(project.plan.periods, day):
        return Collecting(found, day)
    filled = [period for period in project.plan.periods if _has_files(folders, project, period)]
    return Collecting(tuple(sorted(filled, key=lambda period: period.date_to)[-1:]))


def on_day(periods: tuple[Period, ...], day: date) -> tuple[Period, ...]:
    """The periods that are collected on a day: from the end of a window to its deadline only that one."""
    in_order = sorted(periods, key=lambda period: period.date_to)
    ended = [period for period in in_order if period.date_to < day][-1:]
    running = [period for period in in_order if period.date_from <= day <= period.date_to][:1]
    if not ended or not running:
        return tuple(running or [last for last in ended if day <= last.last_day + _LATEST])
    last, following = ended[0], running[0]
    if day <= last.last_day:
        return (last,)
    return (last, following) if day - last.last_day < following.date_to - day else (following, last)


def _has_files(folders: Folders, project: Project, period: Period) -> bool:
    try:
        return any(path.name != RECEIVING_BOOK for path in folders.input(project, period).iterdir())
    except OSError:
        return False
