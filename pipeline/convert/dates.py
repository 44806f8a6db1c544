"""Dates as people type them, read day before month; a date that does not exist or reads two ways is asked about."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.convert.cell import BLANK, Converted
from pipeline.convert.text import clean, hidden_value
from pipeline.declare.plan import Period, day_text
from pipeline.declare.records import is_blank
from pipeline.declare.register import fold

_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 2000 to 2099; outside, a number in a date cell is something else
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_DAY_FIRST = re.compile(r"(?:ngay )?(\d{1,2}) ?[-/.] ?(\d{1,2})(?: ?[-/.] ?(\d{4}|\d{2}))?")
_SPOKEN = re.compile(r"(?:ngay )?(\d{1,2})(?: thang |/)(\d{1,2})(?:(?: nam |/| )(\d{4}|\d{2}))?")
_VAGUE = re.compile(r"(thang|quy|qui|trong|dau|giua|cuoi|tuan|nam|khoang|du kien|\d{1,2}/\d{4})", re.IGNORECASE)


def to_date(raw: Any, period: Period, in_window: bool = False) -> Converted:
    """A date; a missing year comes from the period's window (December means the year before where the window says so)."""
    if isinstance(raw, datetime):
        return Converted(raw.date(), "" if raw.time() == datetime.min.time() else "time-dropped")
    if isinstance(raw, date):
        return Converted(raw)
    if is_blank(raw):
        return BLANK
    if hidden := hidden_value(raw):
        return hidden
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_serial(float(raw))
    if not isinstance(raw, str):
        return Converted(code="not-a-date")
    text = fold(clean(raw)[0]).strip(" .,")
    if match := _ISO.fullmatch(text):
        return _existing(int(match[3]), int(match[2]), int(match[1]), period, text)
    if match := _DAY_FIRST.fullmatch(text) or _SPOKEN.fullmatch(text):
        day, month = int(match[1]), int(match[2])
        return _existing(day, month, _year(match[3], day, month, period), period, text)
    is_vague = _VAGUE.search(text) is not None and not in_window
    return Converted(code="vague-date" if is_vague else "not-a-date")


def _from_serial(number: float) -> Converted:
    if number.is_integer() and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return Converted(_EPOCH + timedelta(days=int(number)), "date-from-number")
    return Converted(code="not-a-date")


def _year(written: str | None, day: int, month: int, period: Period) -> int:
    if written:
        return int(written) if len(written) == 4 else 2000 + int(written)
    for year in range(period.date_from.year, period.date_to.year + 1):
        if (candidate := _date(day, month, year)) and period.covers(candidate):
            return year
    return period.date_to.year


def _existing(day: int, month: int, year: int, period: Period, text: str) -> Converted:
    if found := _date(day, month, year):
        return Converted(found, "date-as-text")
    swapped = _date(month, day, year)
    suggestion = f" (có phải ngày {day_text(swapped)} không?)" if swapped and period.covers(swapped) else ""
    return Converted(code="not-a-date", facts={"suggestion": suggestion})


def _date(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
