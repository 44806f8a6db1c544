"""When a file came: by the receiving book, else by its own time; and whether that can be.

A time that cannot be read, or cannot be, stops nothing and is asked about; the next best one counts meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.declare.plan import Period
from pipeline.intake.book import Entered
from pipeline.words.days import day_text

_LATEST = timedelta(days=180)  # after the deadline; beyond, the year is a slip of the hand


@dataclass(frozen=True, slots=True)
class Came:
    """The time that counts, and why the one that is written or stored does not, as the end of a sentence."""

    at: datetime
    doubt: str = ""


def when_it_came(line: Entered | None, own_time: datetime, period: Period | None) -> Came:
    """The time of a file: `line` is its line of the book, `own_time` that of the file.

    Without a period only what can be read is weighed.
    """
    if line is None:
        why = _too_early(own_time, period)
        return Came(own_time, why)
    why = "không đọc được" if line.received_at is None else _impossible(line.received_at, period)
    if line.received_at and not why:
        return Came(line.received_at)
    if line.exchanged and not _impossible(line.exchanged, period):
        return Came(line.exchanged, "chỉ có nghĩa nếu đọc tháng trước ngày")
    if _too_early(own_time, period):
        return Came(line.received_at or own_time, why)
    return Came(own_time, why)


def _impossible(moment: datetime, period: Period | None) -> str:
    if period is None:
        return ""
    if moment.date() > period.last_day + _LATEST:
        return f"quá xa hạn nộp {day_text(period.last_day)}"
    return _too_early(moment, period)


def _too_early(moment: datetime, period: Period | None) -> str:
    """A form cannot have come before its period has begun."""
    if period is None or moment.date() >= period.date_from:
        return ""
    return f"trước cả khi kỳ số liệu bắt đầu, {day_text(period.date_from)}"
