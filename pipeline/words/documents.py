"""Numbers and dates of documents, with a place for the hand where they are not known yet."""

BLANK = "…"  # where somebody fills in by hand what is not known yet


def numbered(number: str, symbol: str) -> str:
    """“17/KH-UBND”, whether the number was declared alone or with its symbol; a blank one stays for the hand."""
    return number if "/" in number else f"{number or BLANK}/{symbol}"


def dated(text: str, year: int) -> str:
    """“ngày 15/01/2025”, whether the day was declared with that word or without; a blank one stays for the hand."""
    if not text:
        return f"ngày {BLANK} tháng {BLANK} năm {year}"
    return text if text.startswith("ngày") else f"ngày {text}"
