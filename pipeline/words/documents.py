"""Numbers and dates of documents, with a place for the hand where they are not known yet."""

from contextlib import suppress
from datetime import date, datetime

BLANK = "…"  # where somebody fills in by hand what is not known yet


def numbered(number: str, symbol: str) -> str:
    """“17/KH-UBND”, whether the number was declared alone or with its symbol; a blank one stays for the hand."""
    return number if "/" in number else f"{number or BLANK}/{symbol}"


def dated(text: str, year: int) -> str:
    """“ngày 15/01/2025”, whether the day was declared with that word or without; a blank one stays for the hand."""
    if not text:
        return f"ngày {BLANK} tháng {BLANK} năm {year}"
    return text if text.startswith("ngày") else f"ngày {text}"


def issued(text: str, year: int) -> str:
    """The same as it stands beside the place of issue, written out: “ngày 19 tháng 9 năm 2025”."""
    with suppress(ValueError):
        return written_out(datetime.strptime(text.removeprefix("ngày").strip(), "%d/%m/%Y").date())
    return dated(text, year)


def written_out(day: date) -> str:
    """“ngày 05 tháng 02 năm 2025”: two digits for the day, and for the months 1 and 2 alone (NĐ 30/2020/NĐ-CP)."""
    return f"ngày {day.day:02d} tháng {f'{day.month:02d}' if day.month < 3 else day.month} năm {day.year}"
