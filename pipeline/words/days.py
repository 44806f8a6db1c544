"""Days as offices write them."""

from contextlib import suppress
from datetime import date


def day_text(day: date) -> str:
    """A date as offices write it: two digits for the day, and for the months 1 and 2 alone (NĐ 30/2020/NĐ-CP)."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"


def iso_day_text(text: str) -> str:
    """The same of a date written as 2025-09-19; any other text as it is."""
    with suppress(ValueError):
        return day_text(date.fromisoformat(text))
    return text
