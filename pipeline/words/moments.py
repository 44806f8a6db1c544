"""Times as people write them into the receiving book: ISO, day first, or month first as an American Excel has it."""

import re
from contextlib import suppress
from datetime import datetime, timedelta

_YEARS = range(2000, 2100)  # any other is a slip of the hand
_LONGEST = 60  # characters; longer is no time
_DATE = re.compile(r"(?<![0-9])([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?![0-9])")
_TIME = re.compile(
    r"(?<![0-9/.-])([0-9]{1,2})\s*(?:[:hg]|giờ)\s*([0-9]{2})?(?::([0-9]{2}))?\s*(?:phút)?\s*(AM|PM|SA|CH)?(?![0-9/.-])",
    re.IGNORECASE,
)


def read_moment(text: str) -> tuple[datetime | None, datetime | None]:
    """The time as it is to be read, and that with day and month exchanged where only then, or also then, it is one.

    Both `None` where it is no time at all; seconds and time zone as written.
    """
    with suppress(ValueError, OverflowError):
        return _in_years(datetime.fromisoformat(text)), None
    date, time = (_DATE.search(text), _clock(text)) if len(text) <= _LONGEST else (None, None)
    if not date or time is None:
        return None, None
    first, second, year = (int(part) for part in date.groups())
    year += 2000 if year < 100 else 0
    return _moment(year, second, first, time), _moment(year, first, second, time)


def _clock(text: str) -> timedelta | None:
    """The time of day, midnight where none is written, `None` where it is none."""
    found = _TIME.search(_DATE.sub(" ", text))
    if not found:
        return timedelta() if not re.search(r"[0-9]", _DATE.sub("", text)) else None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    half = (found[4] or "").upper()
    if half in ("PM", "CH") and hours < 12:
        hours += 12
    if half in ("AM", "SA") and hours == 12:
        hours = 0
    is_time = hours < 24 and minutes < 60 and seconds < 60
    return timedelta(hours=hours, minutes=minutes, seconds=seconds) if is_time else None


def _moment(year: int, month: int, day: int, time: timedelta) -> datetime | None:
    with suppress(ValueError):
        return _in_years(datetime(year, month, day) + time)
    return None


def _in_years(moment: datetime) -> datetime | None:
    return moment if moment.year in _YEARS else None
