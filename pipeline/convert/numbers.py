"""Numbers as Vietnamese offices write them: dots for thousands, a comma for decimals; whatever reads two ways is asked about."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from pipeline.convert.cell import BLANK, Converted
from pipeline.convert.text import clean, hidden_value
from pipeline.declare.problems import number_text
from pipeline.declare.records import is_blank
from pipeline.declare.register import fold

_DIGITS = re.compile(r"[+-]?\d+")
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+")
_DOTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_VIETNAMESE = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+")
_ENGLISH = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
_WORDED = re.compile(r"([+-]?\d[\d., ]*?)\s*([^\d\s.,()~\-–][^\d()]*)")
_NOTED = re.compile(r"([+-]?\d[\d.]*)\s*\((.*)\)")
_MONEY = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}
_CURRENCY = ("dong", "d", "vnd", "vnđ")
_VAGUE = re.compile(r"\d|^(nt|như trên|như kỳ trước|o+|l+|k|//|\"|\?+)$", re.IGNORECASE)


def to_number(raw: Any, whole: bool, measure: str = "", nothing: Mapping[str, tuple[str, bool]] | None = None) -> Converted:
    """A number, one of the nothing-words (`fold` → kind, counts as zero), or why it is neither.

    `measure` is the unit of measure, whose own words may follow the number (“12 tin”).
    """
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _checked(float(raw), whole, "")
    if is_blank(raw):
        return BLANK
    if hidden := hidden_value(raw):
        return hidden
    if not isinstance(raw, str):
        return Converted(code="not-a-number")
    text, _ = clean(raw)
    if nothing and (kind := nothing.get(fold(text))):
        name, counts_as_zero = kind
        return Converted(0.0 if counts_as_zero else None, "none-arose-as-zero" if counts_as_zero else "", nothing=name)
    if "\n" in raw.strip():
        return Converted(code="vague-number")
    return _parse(text, whole, measure)


def _parse(text: str, whole: bool, measure: str) -> Converted:
    plain = _plain(text, whole)
    if plain is not None:
        return plain
    if noted := _NOTED.fullmatch(text):
        return _worded(noted[1], noted[2], whole, measure) or _with_note(noted[1], noted[2], whole)
    if worded := _WORDED.fullmatch(text):
        return _worded(worded[1], worded[2], whole, measure) or Converted(code="vague-number")
    return Converted(code="vague-number" if _VAGUE.search(text) else "not-a-number", facts=_offer(text))


def _plain(text: str, whole: bool) -> Converted | None:
    """A number without words; `None` when it is not one."""
    if _DIGITS.fullmatch(text):
        return _checked(float(text), whole, "number-as-text")
    if _SPACED.fullmatch(text):
        return _checked(float(text.replace(" ", "")), whole, "thousands-separator")
    if _DOTS.fullmatch(text):
        value = float(text.replace(".", ""))
        if whole or text.count(".") > 1:
            return _checked(value, whole, "thousands-separator")
        return _two_readings(value, float(text))
    if _COMMAS.fullmatch(text):
        value = float(text.replace(",", ""))
        return _checked(value, whole, "thousands-separator") if text.count(",") > 1 else _two_readings(value, float(text.replace(",", ".")))
    if _VIETNAMESE.fullmatch(text):
        return _checked(float(text.replace(".", "").replace(",", ".")), whole, "decimal-comma")
    if _ENGLISH.fullmatch(text):
        return _checked(float(text.replace(",", "")), whole, "thousands-separator")
    if _DECIMAL.fullmatch(text):
        return _checked(float(text.replace(",", ".")), whole, "decimal-comma" if "," in text else "number-as-text")
    return None


def _checked(value: float, whole: bool, rule: str) -> Converted:
    """A number in hand; the fraction of a whole number is never rounded away, and 1.234 is never taken for 1234."""
    if value != value or value in (float("inf"), float("-inf")):
        return Converted(code="not-a-number")
    if whole and not value.is_integer():
        thousand = round(value * 1000)
        is_likely = 1 <= value < 1000 and thousand % 10 and abs(value * 1000 - thousand) < 1e-6
        suggestion = f" (có phải {number_text(thousand)} không?)" if is_likely else ""
        return Converted(code="not-whole", facts={"suggestion": suggestion})
    return Converted(value, rule)


def _two_readings(large: float, small: float) -> Converted:
    return Converted(code="ambiguous-number", facts={"readings": f"{number_text(large)} hoặc {number_text(small)}", "reading": f"{large:.0f}"})


def _worded(number: str, words: str, whole: bool, measure: str) -> Converted | None:
    """A number followed by its own unit of measure, or by a money word where the measure is đồng."""
    spoken = [word for word in re.split(r"[\s,/]+", fold(words)) if word]
    value = _plain(number.strip(), whole and not _factor(spoken, measure))
    if value is None or not spoken:
        return None
    factor = _factor(spoken, measure)
    if factor is None:
        return None
    if value.code:
        return value
    return _checked(value.value * factor, whole, "unit-word")


def _factor(spoken: Collection[str], measure: str) -> int | None:
    """What the words after a number multiply it by; `None` when they are not its measure."""
    known = {*re.split(r"[\s,/]+", fold(measure))}
    is_money = fold(measure) == "dong"
    factor = 1
    for word in spoken:
        if is_money and word in _MONEY:
            factor *= _MONEY[word]
        elif word not in known and not (is_money and word in _CURRENCY):
            return None
    return factor


def _with_note(number: str, note: str, whole: bool) -> Converted:
    value = _plain(number, whole)
    if value is None or value.code:
        return Converted(code="vague-number")
    return Converted(value.value, "note-beside-number", facts={"note": note.strip()})


def _offer(text: str) -> dict[str, str]:
    """For letters typed instead of digits: offered, never used."""
    looks = text.translate(str.maketrans("OoIl", "0011"))
    return {"suggestion": f" (có phải {int(looks)} không?)"} if looks.isdigit() and looks != text else {}
