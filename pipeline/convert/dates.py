"""Dates as people type them, read day before month; a date that does not exist or reads two ways is asked about."""

import re
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pipeline.convert.cell import BLANK, Converted
from pipeline.convert.text import clean, hidden_value, typed_text
from pipeline.declare.plan import Period
from pipeline.values.cells import is_blank
from pipeline.words.days import day_text
from pipeline.words.names import fold

_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73051  # 2000 to 2099; outside, a number in a date cell is something else
_OLDEST = 1900  # Excel knows no older day
_FIRST_YEAR, _LAST_YEAR = 2000, 2099  # no plan needs a year outside them

_TIME = r"\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?z?| ?(?:h|g|gio)(?: ?\d{2}(?: ?(?:p|phut))?)?)(?: ?(?:am|pm|sa|ch))?"
_WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_WEEKDAY = (
    {fold(name): day for day, name in enumerate(_WEEKDAYS)}
    | {f"{word}{day + 2}": day for day in range(6) for word in ("thu ", "t")}
    | {"cn": 6}
)
_BEFORE = re.compile(
    rf"(?:(?:vao|luc|sang|trua|chieu|toi)[ ,]+)*(?:{_TIME}[ ,]+)?"
    rf"(?:(?P<weekday>{'|'.join(_WEEKDAY)})[ ,]+)?(?:ngay ?)?(?=\d)",
    re.ASCII,
)
_AFTER = re.compile(rf"(?:[ ,t]+(?:luc )?{_TIME})?$", re.ASCII)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2})(?: ?\2 ?(\d{4}|\d{2}))?", re.ASCII)
_SPOKEN = re.compile(r"(\d{1,2}) ?(?:thang|thg) ?(\d{1,2})(?:,? ?nam ?(\d{4}|\d{2})|(?:[/.-]|,? )(\d{4}))?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:,? ?nam ?(\d{4}|\d{2})|,? (\d{4}))", re.ASCII)
_LONGEST = 100  # letters; no date is longer, and a long cell should not be searched for one
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_VAGUE = re.compile(
    r"\b(?:thang|quy|qui|trong|dau|giua|cuoi|tuan|nam|khoang|du kien|truoc|sau|den)\b"
    r"|(?<![\d/.-])\d{1,2}[-/.]\d{4}(?!\d)"  # 9/2025
    r"|\d[/.]\d{1,2} ?[-–,;] ?\d|\d ?[-–,;] ?\d{1,2}[/.]\d",  # 15/9 - 20/9
    re.ASCII,
)


class _Days(NamedTuple):
    """Which days are right: those about a period, or only those of its window."""

    period: Period
    in_window: bool


def to_date(raw: Any, period: Period, in_window: bool = False) -> Converted:
    """A date; a missing year comes from the period's window, where December may be of the year before.

    `in_window`: whether only days of the window are right, so that the schema refuses the others; elsewhere an unlikely
    day is asked about here.
    """
    days = _Days(period, in_window)
    if isinstance(raw, datetime):
        return _settle(raw.date(), "" if raw.time() == datetime.min.time() else "time-dropped", days)
    if isinstance(raw, date):
        return _settle(raw, "", days)
    if is_blank(raw):
        return BLANK
    if hidden := hidden_value(raw):
        return hidden
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_serial(raw, days)
    typed = typed_text(raw)
    return Converted(code="not-a-date") if typed is None else _from_text(fold(clean(typed)[0]).strip(" .,;"), days)


def _from_text(text: str, days: _Days) -> Converted:
    """`text` is folded: no tones, lower case."""
    if len(text) > _LONGEST:
        return Converted(code="not-a-date")
    lead = _BEFORE.match(text)
    result = _read(_AFTER.sub("", text[lead.end() :] if lead else text), text, days)
    weekday = lead["weekday"] if lead and not result.code else ""
    return _beside_weekday(result, _WEEKDAY[weekday], days) if weekday else result


def _read(bare: str, text: str, days: _Days) -> Converted:
    """`bare` is the text without the words around a date."""
    if found := _ISO.fullmatch(bare):
        return _existing(int(found[4]), int(found[3]), int(found[1]), days)
    if _SERIAL.fullmatch(text):
        return _from_serial(int(text), days)
    if found := _DAY_FIRST.fullmatch(bare):
        return _completed(int(found[1]), int(found[3]), found[4], days)
    if found := _SPOKEN.fullmatch(bare) or _SLASHED.fullmatch(bare):
        return _completed(int(found[1]), int(found[2]), found[3] or found[4], days)
    return Converted(code="vague-date" if _VAGUE.search(text) and not days.in_window else "not-a-date")


def _beside_weekday(result: Converted, weekday: int, days: _Days) -> Converted:
    """The date beside its day of the week.

    Where they do not fit, the date is used and asked about, unless the schema refuses it anyway.
    """
    found = result.value
    if found.weekday() == weekday or (days.in_window and not days.period.covers(found)):
        return result
    return _asked(f"nhưng ngày {day_text(found)} là {_WEEKDAYS[found.weekday()]}", found)._replace(value=found)


def day_near(number: float, period: Period) -> date | None:
    """The day that a whole number is in Excel, if it is in a year of the period, the one before or the one after."""
    if not _FIRST_SERIAL <= number < _LAST_SERIAL or number % 1:
        return None
    found = _EPOCH + timedelta(days=int(number))
    return found if period.date_from.year - 1 <= found.year <= period.date_to.year + 1 else None


def _from_serial(number: float, days: _Days) -> Converted:
    """A day count whose cell lost its date format; outside the window it may just as well be some other number."""
    if not _FIRST_SERIAL <= number < _LAST_SERIAL:
        return Converted(code="not-a-date")
    found = _EPOCH + timedelta(days=int(number))
    if days.in_window or days.period.covers(found):
        return Converted(found, "date-from-number")
    return _asked(f"là một con số, Excel hiểu là ngày {day_text(found)}", found)


def _completed(day: int, month: int, written: str | None, days: _Days) -> Converted:
    """Day and month with the year as written or, where there is none, as the window has it."""
    if written:
        return _existing(day, month, int(written) if len(written) == 4 else 2000 + int(written), days)
    first, last = days.period.date_from.year, days.period.date_to.year
    possible = ((year, _date(day, month, year)) for year in range(first, last + 1))
    inside = [year for year, found in possible if found and days.period.covers(found)]
    if not inside and month == 12 and first < last and not days.in_window:
        return Converted(code="vague-date")  # the December that is over or the one to come
    year = inside[0] if inside else first if month == 12 else last
    return _existing(day, month, year, days)


def _existing(day: int, month: int, year: int, days: _Days) -> Converted:
    if found := _date(day, month, year):
        return _settle(found, "date-as-text", days)
    swapped = _date(month, day, year)
    suggestion = f" (có phải ngày {day_text(swapped)} không?)" if swapped and days.period.covers(swapped) else ""
    return Converted(code="not-a-date", facts={"suggestion": suggestion})


def _settle(found: date, rule: str, days: _Days) -> Converted:
    if found.year < _OLDEST:
        return Converted(code="not-a-date")
    if days.in_window or _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return Converted(found, rule)
    return _asked("cách quá xa kỳ báo cáo", days.period.date_to)


def _asked(why: str, example: date) -> Converted:
    return Converted(code="date-odd", facts={"why": why, "example": day_text(example)})


def _date(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
