"""Numbers as Vietnamese offices write them: dots for thousands, a comma for decimals.

Whatever reads two ways is asked about.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from math import isinf, isnan
from typing import Any

from pipeline.convert.cell import BLANK, Converted
from pipeline.convert.dates import day_near
from pipeline.convert.text import clean, hidden_value, typed_text
from pipeline.declare.plan import Period
from pipeline.values.cells import Portion, is_blank
from pipeline.words.days import day_text
from pipeline.words.names import fold
from pipeline.words.numbers import number_text

_PADDED = re.compile(r"[+-]?0[0-9]{3,}")  # a telephone number or a code rather than a count
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)")
# Ways of writing a number, what stands between its thousands, and the rule by which it is read.
_WAYS = tuple(
    (re.compile(f"[+-]?{digits}"), thousands, rule)
    for digits, thousands, rule in (
        ("[0-9]+", "", "number-as-text"),
        ("[1-9][0-9]{0,2}( [0-9]{3})+", " ", "thousands-separator"),
        (r"[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+", ".", "decimal-comma"),  # as here
        (r"[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+", ",", "thousands-separator"),  # as in English
        ("[0-9]+,[0-9]+", "", "decimal-comma"),
        (r"[0-9]+\.[0-9]+", "", "number-as-text"),
    )
)
_WORDED = re.compile(r"([+-]?[0-9][0-9., ]*?)\s*([^0-9\s.,()~\-–][^0-9()]*)")
_NOTED = re.compile(r"([+-]?[0-9][0-9.,]*) ?\((.*)\)")
_WORDED_AND_NOTED = re.compile(r"([+-]?[0-9][0-9., ]*?)\s*([^0-9\s.,()~\-–][^0-9()]*?) ?\((.*)\)")
_LINES = re.compile(r"[\n\x0b\x0c\r\x85\u2028\u2029]")
_MONEY = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}
_CURRENCY = ("dong", "d", "vnd")
# In a note these say that the number is not exact, not final, of another time, a mistake, one of two, or only planned.
_DENIALS = (
    r"[?%]|\b(?:khoang|uoc|du kien|tam tinh|so bo|it nhat|nhieu nhat|toi thieu|toi da)\b"
    r"|\b(?:xap xi|tro len|tro xuong|co le|hinh nhu)\b"
    r"|\b(?:tren|duoi|gan|hon)\W*(?:\d|$)"  # but “trên Cổng”, “gắn với họp thôn”
    r"|\bchua (?:chot|chac|chinh xac|day du|du|ro|xac|kiem|doi chieu|thong ke|tong hop)\b"
    r"|\b(?:luy ke|cong don|tu dau nam|ca nam|(?:cua|so) (?:ky|quy|nam) truoc|(?:6|sau|9|chin) thang(?! ?\d))\b"
    r"|\b(?:sai|dung (?:la|phai)|sua (?:lai|thanh)|dinh chinh)\b"
    r"|^\W*hoac\b|\bhoac (?:la )?\d"
    r"|^\W*(?:theo |so )?(?:ke hoach|chi tieu|muc tieu)\b(?! (?:so )?\d+/)"  # but “Kế hoạch 17/KH-UBND”
)
_DENIAL = re.compile(_DENIALS, re.ASCII)  # behind a unit of measure, “năm triệu đồng” only says the number again
_SCALE_OR_DENIAL = re.compile(rf"\b(?:nghin|ngan|tram|chuc|trieu|ty|ti)\b|{_DENIALS}", re.ASCII)
_DUST = 1e-9  # what a sum of fractions leaves behind a whole number, as a share of it
_STAND_IN = re.compile(r"nt|v|x|k|ko|o+|l+|i+|[\W_]+|(?:nhu|khong)\b.*")


def to_number(
    raw: Any,
    whole: bool,
    measure: str = "",
    nothing: Mapping[str, tuple[str, bool]] | None = None,
    period: Period | None = None,
) -> Converted:
    """A number, one of the nothing-words (`fold` → kind, counts as zero), or why it is neither.

    `measure` is the unit of measure, whose own words may follow the number (“12 tin”). `period`: where a number is
    never as large as Excel's count of days, so that one which is a day near the period may be a date that was typed
    there.
    """
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_number(raw, whole, period)
    if is_blank(raw):
        return BLANK
    if isinstance(raw, Portion):
        portion = to_number(raw.part, whole, measure)
        return portion if portion.code else portion._replace(rule="split-cell")
    if hidden := hidden_value(raw):
        return hidden
    typed = typed_text(raw)
    return Converted(code="not-a-number") if typed is None else _from_text(typed, whole, measure, nothing or {})


def _from_text(typed: str, whole: bool, measure: str, nothing: Mapping[str, tuple[str, bool]]) -> Converted:
    text, _ = clean(typed)
    if kind := nothing.get(fold(text)) if nothing else None:
        name, counts_as_zero = kind
        return Converted(0.0, "none-arose-as-zero", nothing=name) if counts_as_zero else Converted(nothing=name)
    if _LINES.search(typed.strip()):
        return Converted(code="vague-number")
    return _parse(text, whole, measure)


def _from_number(raw: float, whole: bool, period: Period | None) -> Converted:
    try:
        number = float(raw)
    except OverflowError:
        return Converted(code="number-too-large")
    day = day_near(number, period) if period else None
    return _asked_for_day(number, day) if day else _checked(number, whole, "")


def _asked_for_day(number: float, day: date) -> Converted:
    """For 15/9 typed into a cell whose number format Excel keeps.

    The note of its row may say that it is a number (`again`).
    """
    digits = f"{number:.0f}"
    expected = f"lại số thật; nếu đúng là {digits}, đề nghị ghi thêm số đó ở cột ghi chú của dòng"
    return Converted(
        code="vague-number",
        facts={
            "suggestion": f" ({digits} có phải là ngày {day_text(day)} không?)",
            "expected": expected,
            "again": digits,
        },
    )


def _parse(text: str, whole: bool, measure: str) -> Converted:
    plain = _plain(text, whole)
    if plain is not None:
        return plain
    if not any(map(str.isalpha, text)) and any(char.isnumeric() and not char.isdecimal() for char in text):
        return Converted(code="not-a-number")  # 5² is neither 52 nor 25
    if found := _beside_words(text, whole, measure):
        return found
    is_vague = any(map(str.isdecimal, text)) or _STAND_IN.fullmatch(fold(text))
    return Converted(code="vague-number" if is_vague else "not-a-number", facts=_offer(text))


def _beside_words(text: str, whole: bool, measure: str) -> Converted | None:
    """A number with words behind it, a note in brackets, or both; `None` when it is no such thing."""
    if noted := _NOTED.fullmatch(text):
        number, note = noted.groups()
        worded = _worded(number, note, whole, measure)
        return worded or _with_note(_plain(number, whole), note, _SCALE_OR_DENIAL)
    if noted := _WORDED_AND_NOTED.fullmatch(text):
        number, words, note = noted.groups()
        return _with_note(_worded(number, words, whole, measure), note, _DENIAL)
    if found := _WORDED.fullmatch(text):
        worded = _worded(found[1], found[2], whole, measure)
        return worded or Converted(code="vague-number", facts=_offer(text))
    return None


def _plain(text: str, whole: bool, factor: int = 1) -> Converted | None:
    """A number without words; `None` when it is not one. `factor`: what the words behind it will multiply it by."""
    if _PADDED.fullmatch(text):
        return Converted(code="vague-number")
    if _GROUPED.fullmatch(text):
        return _grouped(text, whole, factor)
    for way, thousands, rule in _WAYS:
        if way.fullmatch(text):
            return _checked(float(text.replace(thousands, "").replace(",", ".")), whole, rule)
    return None


def _grouped(text: str, whole: bool, factor: int) -> Converted:
    """Groups of three with dots or commas. A single one may be decimals, but not behind the dot of a whole number."""
    sign = "." if "." in text else ","
    value = float(text.replace(sign, ""))
    if text.count(sign) > 1 or (whole and sign == "."):
        return _checked(value, whole, "thousands-separator")
    return _two_readings(value * factor, float(text.replace(",", ".")) * factor)


def _checked(value: float, whole: bool, rule: str) -> Converted:
    """A number in hand. Of a whole one no fraction but dust is rounded away, and 1.234 is never taken for 1234."""
    if isnan(value):
        return Converted(code="not-a-number")
    if isinf(value):
        return Converted(code="number-too-large")
    if whole and not value.is_integer():
        nearest = round(value)
        if abs(value - nearest) < _DUST * min(max(1, abs(value)), 1000):
            return Converted(float(nearest), "float-dust")
        thousand = round(value * 1000)
        is_likely = 1 <= value < 1000 and thousand % 10 and abs(value * 1000 - thousand) < 1e-6
        suggestion = f" (có phải {thousand} không?)" if is_likely else ""
        return Converted(code="not-whole", facts={"suggestion": suggestion})
    return Converted(value + 0.0, rule)  # −0 is 0


def _two_readings(large: float, small: float) -> Converted:
    """Both in words; a thousand and a fraction look alike, so that it is said which is which."""
    readings = (
        f"{number_text(large)} hoặc {number_text(small)}"
        if small.is_integer()
        else f"{large:.0f} (số nguyên) hoặc {number_text(small)} (số có phần lẻ)"
    )
    return Converted(code="ambiguous-number", facts={"readings": readings, "reading": f"{large:.0f}"})


def _worded(number: str, words: str, whole: bool, measure: str) -> Converted | None:
    """A number followed by its own unit of measure, or by a money word where the measure is đồng."""
    spoken = _split(words)
    factor = _factor(spoken, measure)
    value = _plain(number.strip(), whole and factor == 1, factor or 1)
    if value is None or factor is None or not spoken:
        return None
    if value.code:
        return value
    return _checked(round(value.value * factor, 6), whole, "unit-word")


def _split(words: str) -> list[str]:
    return [word for word in re.split(r"[\s,./;]+", fold(words)) if word]


def _factor(spoken: Collection[str], measure: str) -> int | None:
    """What the words after a number multiply it by; `None` when they are not its measure."""
    known = set(_split(measure))
    is_money = fold(measure) == "dong"
    factor = 1
    for word in spoken:
        if is_money and word in _MONEY:
            factor *= _MONEY[word]
        elif word not in known and not (is_money and word in _CURRENCY):
            return None
    return factor


def _with_note(value: Converted | None, note: str, denial: re.Pattern[str]) -> Converted:
    """The number beside a note in brackets, unless the note is a second number or says that the first is not it."""
    if value is None or value.code or not any(map(str.isalpha, note)) or denial.search(fold(note)):
        return Converted(code="vague-number")
    return Converted(value.value, "note-beside-number", facts={"note": note.strip()})


def _offer(text: str) -> dict[str, str]:
    """For letters typed instead of digits: offered, never used."""
    looks = text.translate(str.maketrans("OoIl", "0011"))
    return (
        {"suggestion": f" (có phải {int(looks)} không?)"}
        if looks.isascii() and looks.isdigit() and looks != text and len(looks) < 10
        else {}
    )
