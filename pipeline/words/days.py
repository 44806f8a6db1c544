"""Days as offices write them."""

from contextlib import suppress
from datetime import date, datetime


def day_text(day: date) -> str:
    """A date as offices write it: two digits for the day, and for the months 1 and 2 alone (NĐ 30/2020/NĐ-CP)."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"


def moment_text(moment: datetime) -> str:
    """Hour and day of something that came: “16:30 ngày 19/9/2025”."""
    return f"{moment:%H:%M} ngày {day_text(moment)}"


def iso_day_text(text: str) -> str:
    """The same of a date written as 2025-09-19; any other text as it is."""
    with suppress(ValueError):
        return day_text(date.fromisoformat(text))
    return text
