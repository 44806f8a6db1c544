"""Text as people type it, made comparable: NFC, plain spaces, one line; and choices matched to their official words."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time, timedelta
from math import isnan
from typing import Any

from pipeline.convert.cell import BLANK, Converted
from pipeline.convert.legacy import encoding_of, looks_broken, readings
from pipeline.declare.form import ENTRY_SEAM, Choice
from pipeline.values.cells import CellError, Contested, LegacyText, Uncomputed, is_blank, shown
from pipeline.words.names import fold
from pipeline.words.unseen import BREAKS, SPACES, UNSEEN

# Beside what nobody sees, the rest of what good Vietnamese text never has.
_WIDE = "\uff01-\uff5e"
_ALIKE = "ÐðƉɖ"
_CYRILLIC = "\u0400-\u052f"
_STRANGE = (
    f"{_CYRILLIC}\u00a1-\u00be\u00c4-\u00c7\u00cb\u00ce\u00cf\u00d1\u00d6-\u00d8\u00db\u00dc\u00de\u00df"
    "\u00e4-\u00e7\u00eb\u00ee-\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe\u00ff\u0300-\u0323\u1e00-\u1e9f\ud800-\udfff\ufffd"
)
_ODD = f"{UNSEEN}{BREAKS}{SPACES}{_WIDE}{_ALIKE}{_STRANGE}"

# A letter of these kinds, or two that no word has side by side: a vowel and its mark as VNI writes them, a capital
# behind a small letter as TCVN3 often looks, ă with nothing behind it. One search, for most cells have nothing of it.
_PAIRED = "ùõâêơăáàãÀ-ÝĂĐƠƯ"
_PAIRS = "(?<=[aeoyAEOY][ùõÙÕ])|(?<=[aeo][âêơ])|(?<=[ae][áàãă])|(?<=[a-z][À-ÝĂĐƠƯ])|(?<=ă)(?![cmnpt])"
_find_odd = re.compile(f"[{_ODD}{_PAIRED}](?:(?<=[{_ODD}])|{_PAIRS})").search
_find_strange = re.compile(f"[{_STRANGE}{_PAIRED}](?:(?<=[{_STRANGE}])|{_PAIRS})").search
_find_cyrillic = re.compile(f"[{_CYRILLIC}]").search
_unseen = re.compile(f"[{UNSEEN}]+")
_breaks = re.compile(f"([,;:.]?) ?(?:[{BREAKS}] ?)+")
_spaces = re.compile(f"[ {SPACES}]+")
_wide = re.compile(f"[{_WIDE}]+")
_surrogates = re.compile("[\ud800-\udfff]")
_D_WITH_STROKE = str.maketrans(_ALIKE, "ĐđĐđ")
_END_MARKS = " .,;:"
_APOSTROPHES = "'’‘`"  # before what is to be text, as is done in Excel; in another program it stays in the cell
_CODE = re.compile(r"([a-z]{1,4})[ .-]?([0-9]{1,4})", re.ASCII)
_PICTURE = re.compile(
    r"=\s*(?:_xlfn\.)?(?:DISPIMG|IMAGE)\(", re.IGNORECASE
)  # what WPS and Google put into a cell for a picture
_PICTURE_WORDS = "(ảnh trong ô)"
_UNREADABLE = Converted(code="legacy-encoding", facts={"detail": ""})


def clean(text: str) -> tuple[str, str]:
    """The text to use and the rule that changed it, empty when it is used as written."""
    if _is_clean(text):
        return text, ""
    composed = unicodedata.normalize("NFC", _unseen.sub("", _surrogates.sub("\ufffd", text)))
    letters = _wide.sub(lambda found: unicodedata.normalize("NFKC", found[0]), composed.translate(_D_WITH_STROKE))
    spaced = _spaces.sub(" ", letters).strip()
    plain = _breaks.sub(lambda found: f"{found[1] or ';'} ", spaced)
    if plain != spaced:
        return plain, "line-break"
    if plain == unicodedata.normalize("NFC", text):
        return plain, "" if plain == text else "unicode-nfc"
    return plain, "spaces-and-letters"


def are_plain(texts: Collection[str]) -> bool:
    """Whether all texts are used as written, told by one look at them together; False does not say which is not."""
    joined = "|".join(texts)
    if not joined.isascii() and (_find_odd(joined) or not unicodedata.is_normalized("NFC", joined)):
        return False
    has_edges = "| " in joined or " |" in joined or "|=" in joined or joined[:1] in (" ", "=") or joined[-1:] == " "
    return not has_edges and "  " not in joined and joined.isprintable()


def to_text(raw: Any) -> Converted:
    """A text cell; a number or date typed there is written out as its sender saw it, and logged."""
    if raw.__class__ is str:
        return Converted(raw) if raw and _is_clean(raw) else _from_text(raw)
    if isinstance(raw, LegacyText):
        return _from_legacy(raw)
    if is_blank(raw):
        return BLANK
    if isinstance(raw, Uncomputed) and _PICTURE.match(raw.formula):
        return Converted(_PICTURE_WORDS, "picture-in-cell")
    if hidden := hidden_value(raw):
        return hidden
    if isinstance(raw, bool):
        return Converted("có" if raw else "không", "logical-as-text")
    if isinstance(raw, (int, float)):
        return _from_number(raw)
    return Converted(shown(raw), "date-as-text" if isinstance(raw, (date, time, timedelta)) else "other-as-text")


def to_choice(raw: Any, choices: Mapping[str, str]) -> Converted:
    """One of the choices by its folded words (see `choice_index`).

    Anything else stays as written, for the schema to refuse.
    """
    if is_blank(raw):
        return BLANK
    if isinstance(raw, LegacyText) and (label := _only_label(readings(raw.text, raw.font), choices)):
        return Converted(label, "" if label == raw.text else encoding_of(raw.font))
    text = to_text(raw)
    if text.code or text.value is None:
        return text._replace(value=None)
    label = choices.get(_key(text.value), shown(raw) if isinstance(raw, bool) else text.value)
    is_as_offered = label == text.value or text.value.startswith(f"{label}{ENTRY_SEAM}")
    return Converted(label, text.rule if is_as_offered else "choice-spelling")


def choice_index(choices: Iterable[Choice]) -> dict[str, str]:
    """Official label by folded label or alias; an alias never hides another choice's label."""
    listed = list(choices)
    aliases = {_key(alias): choice.label for choice in listed for alias in (*choice.aliases, choice.entry)}
    return {**aliases, **{_key(choice.label): choice.label for choice in listed}}


def hidden_value(raw: Any) -> Converted | None:
    """Error cells and formulas without a value are never blanks; nor is what may not be used."""
    if isinstance(raw, Contested):
        return Converted(code=raw.code, facts=dict(raw.facts))
    if isinstance(raw, CellError):
        return Converted(code="cell-error")
    return Converted(code="formula-without-value") if isinstance(raw, Uncomputed) else None


def typed_text(raw: Any) -> str | None:
    """The words of a cell in which a number or date is looked for; `None` when it holds no text."""
    if isinstance(raw, LegacyText):
        possible = readings(raw.text, raw.font)
        return possible[0] if len(possible) == 1 else raw.text
    return raw.lstrip(_APOSTROPHES) if isinstance(raw, str) else None


def _is_clean(text: str) -> bool:
    if text.isascii():
        return text.isprintable() and "  " not in text and text.strip() == text and text[:1] != "="
    return not _find_odd(text) and "  " not in text and text.strip() == text and unicodedata.is_normalized("NFC", text)


def _from_text(raw: str) -> Converted:
    text, rule = clean(raw)
    if not text:
        return BLANK
    if text.startswith("=") and _PICTURE.match(text):
        return Converted(_PICTURE_WORDS, "picture-in-cell")
    composed = unicodedata.normalize("NFC", raw)
    if "\ufffd" in text or (_find_strange(composed) and looks_broken(composed)):
        return _UNREADABLE
    if letter := _find_cyrillic(text):
        return Converted(text, code="legacy-encoding", facts={"detail": f" (chữ “{letter[0]}” gõ bằng bảng chữ Nga)"})
    return Converted(text, rule)


def _from_legacy(raw: LegacyText) -> Converted:
    """The one reading that is Vietnamese; a question where there is none, or two."""
    possible = readings(raw.text, raw.font)
    if len(possible) != 1:
        return _UNREADABLE
    if possible[0] == raw.text:
        return to_text(raw.text)
    return Converted(clean(possible[0])[0], encoding_of(raw.font))


def _from_number(raw: float) -> Converted:
    if isinstance(raw, float) and isnan(raw):
        return Converted(code="cell-error")  # no number, but no blank cell either
    try:
        return Converted(f"{raw:.15g}", "number-as-text")
    except OverflowError:
        return Converted(code="number-too-large")


def _only_label(possible: Iterable[str], choices: Mapping[str, str]) -> str:
    """The label that a reading names, when just one reading names any."""
    labels = {choices[key] for reading in possible if (key := _key(clean(reading)[0])) in choices}
    return labels.pop() if len(labels) == 1 else ""


def _key(text: str) -> str:
    """What is compared: folded, and for a code its letters and its number, for people write “NV 2” for NV02."""
    folded = fold(text.lstrip(_APOSTROPHES)).strip(_END_MARKS)
    code = _CODE.fullmatch(folded)
    return f"{code[1]}{int(code[2])}" if code else folded
