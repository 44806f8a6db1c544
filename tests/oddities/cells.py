"""Cells as people really fill them, one line each: what is typed, where, and what has to come of it.

The numbers are those of the 48 ways in which forms arrive; actions: A used silently, N used and logged, Q asked,
R refused.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from tests.builders import Draft, Spoil

Place = tuple[str, str, str | int]

AN_ACTIVITY = 3  # the activity that is spoilt
PLAIN_FONT = "Times New Roman"


@dataclass(frozen=True)
class Odd:
    """One odd cell: the `value` that is used, the `raw` text that is logged, a part of what the question offers."""

    case: int
    what: str
    spoil: Spoil
    place: Place
    action: str
    code: str = ""
    value: Any = None
    raw: str = ""
    offer: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"case {self.case}: {self.what}"


def figure(indicator_id: str, written: Any) -> tuple[Spoil, Place]:
    return (lambda draft: draft.figure(indicator_id, written)), ("figures", "value", indicator_id)


def activity(key: str, written: Any) -> tuple[Spoil, Place]:
    return (lambda draft: draft.spoil_activity(AN_ACTIVITY, **{key: written})), ("activities", key, AN_ACTIVITY)


def task(task_id: str, key: str, written: Any) -> tuple[Spoil, Place]:
    return (lambda draft: draft.task(task_id, **{key: written})), ("tasks", key, task_id)


def card(key: str, written: Any) -> tuple[Spoil, Place]:
    return (lambda draft: draft.card(**{key: written})), ("card", key, 0)


def typed(
    table: str, key: str, row: str | int, written: Any, font: str = "", number_format: str = ""
) -> tuple[Spoil, Place]:
    """Into the saved file, where a formula is a formula and the cell may have a font and a number format of its own."""

    def spoil(draft: Draft) -> Draft:
        def edit(book: Workbook) -> None:
            cell = book[draft.project.form[table].name][draft.at(table, key, row)]
            cell.value = written
            if number_format:
                cell.number_format = number_format
            if font:
                cell.font = Font(name=font)

        return draft.edited(edit)

    return spoil, (table, key, row)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def used(case: int, what: str, where: tuple[Spoil, Place], value: Any) -> Odd:
    return Odd(case, what, *where, "A", value=value)


def logged(case: int, what: str, where: tuple[Spoil, Place], value: Any, raw: str) -> Odd:
    return Odd(case, what, *where, "N", value=value, raw=raw)


def asked(case: int, what: str, where: tuple[Spoil, Place], code: str, offer: str = "") -> Odd:
    return Odd(case, what, *where, "Q", code, offer=offer)


def refused(case: int, what: str, where: tuple[Spoil, Place], code: str, offer: str = "") -> Odd:
    return Odd(case, what, *where, "R", code, offer=offer)


def _numbers(case: int, indicator_id: str, readings: Mapping[str, float]) -> list[Odd]:
    return [logged(case, f"“{text}”", figure(indicator_id, text), value, text) for text, value in readings.items()]


def _vague(case: int, indicator_id: str, *texts: str) -> list[Odd]:
    return [asked(case, f"“{text}”", figure(indicator_id, text), "vague-number") for text in texts]


_JULY = date(2025, 7, 15)
_MEETING = "Họp thôn về cải cách hành chính"
_CONFERENCE = "Hội nghị, tọa đàm, họp giao ban"
_TCVN3, _VNI = "Häp th«n vÒ c¶i c¸ch hµnh chÝnh", "Hoïp thoân veà caûi caùch haønh chính"
_FORMULAS = ("- Đã treo băng rôn", "@mời họp", "+ họp thôn", "=HYPERLINK(“a”)")
_CYRILLIC_O = "\u043e"

LETTERS = [
    logged(1, "a title in .VnTime", typed("activities", "title", 3, _TCVN3, ".VnTime"), _MEETING, _TCVN3),
    logged(
        1,
        "a status in .VnTime",
        typed("tasks", "status", "NV06", "§ang thùc hiÖn", ".VnTime"),
        "Đang thực hiện",
        "§ang thùc hiÖn",
    ),
    used(1, "a number in .VnTime", typed("figures", "value", "CT08", 7, ".VnTime"), 7.0),
    asked(1, "no Vietnamese in .VnTime", typed("activities", "title", 3, "Hµµp q¸¸x", ".VnTime"), "legacy-encoding"),
    logged(2, "a title in VNI-Times", typed("activities", "title", 3, _VNI, "VNI-Times"), _MEETING, _VNI),
    used(2, "a number in VNI-Times", typed("figures", "value", "CT08", 7, "VNI-Times"), 7.0),
    asked(3, "TCVN3 that lost its font", typed("activities", "title", 3, _TCVN3, PLAIN_FONT), "legacy-encoding"),
    asked(3, "VNI that lost its font", typed("activities", "title", 3, _VNI, PLAIN_FONT), "legacy-encoding"),
    logged(4, "a decomposed title", activity("title", nfd(_MEETING)), _MEETING, nfd(_MEETING)),
    logged(
        4,
        "half decomposed",
        activity("title", nfd("Họp thôn") + " về cải cách"),
        "Họp thôn về cải cách",
        nfd("Họp thôn") + " về cải cách",
    ),
    logged(4, "a decomposed choice", activity("form", nfd(_CONFERENCE)), _CONFERENCE, nfd(_CONFERENCE)),
    logged(
        5,
        "toạ đàm",
        activity("form", "Hội nghị, toạ đàm, họp giao ban"),
        _CONFERENCE,
        "Hội nghị, toạ đàm, họp giao ban",
    ),
    used(5, "toạ đàm in a text", activity("title", "Toạ đàm ở xã Vĩnh Thuỷ"), "Toạ đàm ở xã Vĩnh Thuỷ"),
    logged(6, "Ð of Iceland", task("NV06", "status", "Ðang thực hiện"), "Đang thực hiện", "Ðang thực hiện"),
    logged(6, "wide digits", figure("CT08", "１２"), 12.0, "１２"),
    asked(6, "a Russian о", activity("title", f"Họp th{_CYRILLIC_O}n"), "legacy-encoding"),
    logged(
        7,
        "spaces that do not break",
        activity("title", "Họp\u00a0thôn  về\tcải cách "),
        "Họp thôn về cải cách",
        "Họp\u00a0thôn  về\tcải cách ",
    ),
    logged(7, "signs without width", activity("title", "Họp\u200b thôn\ufeff"), "Họp thôn", "Họp\u200b thôn\ufeff"),
    logged(7, "spaces about a number", figure("CT08", "\u00a012 "), 12.0, "\u00a012 "),
    logged(
        7, "spaces about a choice", task("NV06", "status", " Đang  thực hiện "), "Đang thực hiện", " Đang  thực hiện "
    ),
    logged(
        8,
        "a line break in a text",
        activity("title", "Tin, bài\nChuyên mục"),
        "Tin, bài; Chuyên mục",
        "Tin, bài\nChuyên mục",
    ),
    asked(8, "two lines in a number", figure("CT01", "12\n3"), "vague-number"),
    logged(
        48,
        "a dash before a text",
        activity("title", " - Đã treo băng rôn"),
        "- Đã treo băng rôn",
        " - Đã treo băng rôn",
    ),
    *(used(48, f"a text that begins with {text[0]}", activity("title", text), text) for text in _FORMULAS),
]

NUMBERS = [
    *_numbers(9, "CT13", {"1.234": 1234.0}),
    refused(10, "1.234 as a number", figure("CT01", 1.234), "not-whole", "1234"),
    # Asked, says the office; the contract blocks the row.
    refused(11, "“1,234”", figure("CT01", "1,234"), "ambiguous-number", "1234 (số nguyên) hoặc 1,234"),
    *_numbers(12, "CT13", {"1 234": 1234.0, "1.234,0": 1234.0}),
    *_numbers(12, "CT01", {"31 tin": 31.0}),
    *_vague(12, "CT01", "12 bài", "~50", "khoảng 50", "trên 100", "50-60", "> 10"),
    # “bài” is the measure of two indicators, so the second number has no one field to go to.
    *_vague(13, "CT01", "03 tin, 02 bài"),
    *_numbers(14, "CT08", {"03": 3.0, "05": 5.0}),
    *_numbers(15, "CT08", {"-": 0.0, "–": 0.0, "Không": 0.0, "không có": 0.0, "0 có": 0.0}),
    # A question elsewhere; on our form the third kind of nothing.
    used(15, "“x” means does not apply", figure("CT08", "x"), None),
    used(15, "“…” means not yet known", figure("CT08", "…"), None),
    *_vague(15, "CT01", "nt", "//", "K"),
    asked(16, "a blank", figure("CT01", None), "value-missing"),
    asked(17, "O for a nought", figure("CT01", "1O"), "vague-number", "10"),
    asked(17, "l for a one", figure("CT01", "l2"), "vague-number", "12"),
    *(
        refused(18, text, typed("figures", "value", "CT01", text), "cell-error")
        for text in ("#REF!", "#VALUE!", "#N/A", "#DIV/0!")
    ),
    refused(18, "a formula without a value", typed("figures", "value", "CT01", "=SUM(A1:A2)"), "formula-without-value"),
    refused(
        22,
        "a fraction that became a day",
        typed("figures", "value", "CT01", date(2025, 4, 3), number_format="dd/mm/yyyy"),
        "not-a-number",
    ),
    refused(
        22,
        "a range that became a day",
        typed("activities", "quantity", 3, date(2025, 3, 1), number_format="dd-mmm"),
        "not-a-number",
    ),
    *_numbers(47, "CT08", {"15 (lồng ghép)": 15.0}),
    asked(47, "a number in the note", figure("CT01", "15 (20)"), "vague-number"),
    *_numbers(49, "CT23b", {"1,5 triệu": 1_500_000.0, "1.500.000đ": 1_500_000.0, "1500 (nghìn đồng)": 1_500_000.0}),
    asked(
        49, "5 in a cell that shows 500%", typed("figures", "value", "CT08", 5, number_format="0%"), "display-differs"
    ),
    refused(49, "5 typed as a percentage", typed("figures", "value", "CT01", 0.05, number_format="0%"), "not-whole"),
]

DATES = [
    *(
        logged(20, f"“{text}”", activity("date", text), _JULY, text)
        for text in ("15/7", "15/7/25", "15-7-2025", "ngày 15/7", "15 tháng 7", "15.7.2025")
    ),
    # Offered, never used.
    refused(21, "day and month exchanged", activity("date", date(2025, 5, 9)), "date-outside-window", "05/9/2025"),
    logged(
        23, "a day count", typed("activities", "date", 3, 45905, number_format="General"), date(2025, 9, 5), "45905"
    ),
    refused(
        23,
        "a day count outside the window",
        typed("activities", "date", 3, 45915, number_format="General"),
        "date-outside-window",
    ),
    asked(
        23,
        "a day count where any day is right",
        typed("tasks", "completed_on", "NV01", 45962, number_format="General"),
        "date-odd",
    ),
    *(
        asked(24, f"“{text}”", task("NV01", "completed_on", text), "vague-date")
        for text in ("Tháng 2", "Quý I", "trong quý", "2/2025")
    ),
    refused(24, "“Tháng 9” where a day is needed", activity("date", "Tháng 9"), "not-a-date"),
]

CELLS = [*LETTERS, *NUMBERS, *DATES]


CARD_NAMES = {  # case 43: how a unit is written where its id is lost; what tells it from its neighbours must be there
    "XA-vinh-thai": (
        "UBND xã Vĩnh Thái",
        "X. Vĩnh Thái",
        "Vinh Thai",
        "xã  VĨNH THÁI",
        "Xã Vĩnh Thái - huyện Vĩnh Linh",
        nfd("Vĩnh Thái"),
    ),
    "XA-ho-xa": ("TT Hồ Xá", "TTr. Hồ Xá", "Thị trấn  HỒ XÁ", "UBND thị trấn Hồ Xá, huyện Vĩnh Linh"),
    "XA-vinh-hoa": ("Xã Vĩnh Hoà",),
    "XA-vinh-thuy": ("UBND xã Vĩnh Thuỷ",),
}
PERIOD_WORDS = ("Quý 3", "QIII", "Q3", "quí III", "Quý III/2025", "quý  iii năm 2025")  # case 25
OTHER_PERIODS = ("9 tháng", "6 tháng cuối năm", "Quý II", "Quý III/2024")


@dataclass(frozen=True)
class Target:
    """Where harm may be done, drawn anew for each form."""

    indicator: str
    number: int


WHOLE = (
    "CT01",
    "CT02",
    "CT03",
    "CT04",
    "CT06",
    "CT07",
    "CT08",
    "CT09",
    "CT10",
    "CT11",
    "CT12",
    "CT13",
    "CT14",
    "CT15a",
    "CT16",
    "CT18",
    "CT20",
    "CT21",
    "PA02",
)
HARMFUL: dict[str, Callable[[Target], Odd]] = {
    "reads two ways": lambda at: refused(
        0, "", figure(at.indicator, f"{at.number % 999 + 1},{at.number % 1000:03}"), "ambiguous-number"
    ),
    "negative": lambda at: refused(0, "", figure(at.indicator, -at.number - 1), "negative-number"),
    "a fraction": lambda at: refused(0, "", figure(at.indicator, at.number + 0.25), "not-whole"),
    "an error": lambda at: refused(0, "", typed("figures", "value", at.indicator, "#REF!"), "cell-error"),
    "a formula without a value": lambda at: refused(
        0, "", typed("figures", "value", at.indicator, f"=A1+{at.number}"), "formula-without-value"
    ),
    "a word": lambda at: refused(0, "", figure(at.indicator, "đủ chỉ tiêu"), "not-a-number"),
    "about": lambda at: asked(0, "", figure(at.indicator, f"khoảng {at.number}"), "vague-number"),
    "from to": lambda at: asked(0, "", figure(at.indicator, f"{at.number}-{at.number + 10}"), "vague-number"),
    "a day that is none": lambda at: refused(0, "", activity("date", f"{at.number % 60 + 32}/8/2025"), "not-a-date"),
    "a day of another period": lambda at: refused(
        0, "", activity("date", date(2025, 9, 15) + timedelta(at.number % 90)), "date-outside-window"
    ),
    "no listed form": lambda at: refused(0, "", activity("form", f"Hình thức {at.number}"), "choice-unknown"),
    "no listed task": lambda at: refused(0, "", activity("task_id", f"NV{at.number + 10}"), "task-unknown"),
    "no listed status": lambda at: refused(0, "", task("NV05", "status", f"Tốt {at.number}"), "choice-unknown"),
    "no quantity": lambda at: refused(0, "", activity("quantity", None), "value-required"),
    "a quantity in words": lambda at: refused(0, "", activity("quantity", "nhiều"), "not-a-number"),
    "lost letters": lambda at: asked(0, "", activity("title", "Häp th«n vÒ c¶i c¸ch hµnh chÝnh"), "legacy-encoding"),
}
