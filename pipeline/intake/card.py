"""The answers of a card as their sender sees them, each on one line, and problems at their cells."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import CardCell, Change
from pipeline.values.problems import Problem

BLANK = "(để trống)"
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?: ?[/.-] ?| tháng )(\d{1,2})(?: ?[/.-] ?| năm )(\d{4})(?!\d)")
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # the days of 2000 to 2099 as Excel counts them
_SERIAL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Card:
    """The card of a form, with the sheet and the file in which it stands."""

    answers: Mapping[str, CardCell]
    sheet: str
    file: str

    def text(self, key: str) -> str:
        """The answer as its sender sees it, on one line."""
        raw = self.answers[key].raw if key in self.answers else ""
        return "" if is_blank(raw) else " ".join(shown(raw).split())

    def day(self, key: str) -> date | None:
        """A date of the card, where it certainly is one, also among words (“ngày 15 tháng 6 năm 2025”)."""
        raw = self.answers[key].raw if key in self.answers else None
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        if isinstance(raw, (int, float)) and _FIRST_SERIAL <= raw <= _LAST_SERIAL:
            return _SERIAL_ZERO + timedelta(days=int(raw))
        found = _DAY.findall(unicodedata.normalize("NFC", self.text(key).casefold()))
        try:
            return date(int(found[0][2]), int(found[0][1]), int(found[0][0])) if len(found) == 1 else None
        except ValueError:
            return None

    def problem_at(self, code: str, key: str, value: str, facts: Mapping[str, str], unit_id: str = "") -> Problem:
        """A problem of one answer."""
        cell = self.answers[key].cell if key in self.answers else ""
        return Problem(code, self.file, unit_id, self.sheet, cell, "card", key, value, facts=facts)

    def change_at(self, key: str, used: str, rule: str) -> Change:
        """One answer that is used other than as written."""
        return Change("", self.file, self.sheet, self.answers[key].cell, key, self.text(key), used, rule)

    def odd_at(self, key: str, what: str, taken: str, example: str, unit_id: str = "") -> Problem:
        """The question about an answer that all else in the form contradicts; the form is read as `taken`."""
        facts = {
            "what": what,
            "taken": f"Biểu vẫn được nhận là của {taken}",
            "asked": f"Nếu đúng là của {taken}, đề nghị ghi lại ô này cho đúng; nếu không, đề nghị báo lại",
            "example": example,
        }
        return self.problem_at("control-odd", key, self.text(key), facts, unit_id)
