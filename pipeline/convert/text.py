"""Text as people type it, made comparable: NFC, plain spaces, one line; and choices matched to their official words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pipeline.convert.cell import BLANK, Converted
from pipeline.declare.form import Choice
from pipeline.declare.records import CellError, Uncomputed, is_blank
from pipeline.declare.register import fold

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BREAKS = re.compile(r"\s*[\r\n]+\s*")
_SPACES = re.compile(r"[ \t\u00a0\u2007\u202f]+")
_ODD = re.compile(r"[\r\n\t\u00a0\u00ad\u00d0\u00f0\u2007\u200b-\u200d\u202f\u2060\ufeff\uff01-\uff5e]|  ")


def clean(text: str) -> tuple[str, str]:
    """The text to use and the rule that changed it, empty when nothing but spaces at the ends went."""
    stripped = text.strip()
    if stripped.isascii() and not _ODD.search(stripped):
        return stripped, ""
    composed = unicodedata.normalize("NFC", stripped)
    rule = "unicode-nfc" if composed != stripped else ""
    if not _ODD.search(composed):
        return composed, rule
    letters = composed.translate(_UNSEEN).replace("Ð", "Đ").replace("ð", "đ")
    letters = "".join(unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char for char in letters)
    plain = _SPACES.sub(" ", _BREAKS.sub("; ", letters)).strip()
    return plain, "line-break" if _BREAKS.search(letters) else rule or "spaces-and-letters"


def to_text(raw: Any) -> Converted:
    """A text cell; a number or date typed there is written out as its sender saw it, and logged."""
    if isinstance(raw, str):
        text, rule = clean(raw)
        return Converted(text, rule) if text else BLANK
    if hidden := hidden_value(raw):
        return hidden
    if isinstance(raw, bool):
        return Converted("có" if raw else "không", "logical-as-text")
    if isinstance(raw, (int, float)):
        return Converted(f"{raw:.15g}", "number-as-text")
    if isinstance(raw, (date, datetime)):
        return Converted(raw.strftime("%d/%m/%Y"), "date-as-text")
    return BLANK if raw is None else Converted(str(raw), "other-as-text")


def to_choice(raw: Any, choices: Mapping[str, str]) -> Converted:
    """One of the choices by its folded words (see `choice_index`); anything else stays as written, for the schema to refuse."""
    if is_blank(raw):
        return BLANK
    text = to_text(raw)
    if text.code:
        return text
    label = choices.get(fold(str(text.value)), text.value)
    return Converted(label, "" if label == raw else "choice-spelling" if label != text.value else text.rule)


def choice_index(choices: Iterable[Choice]) -> dict[str, str]:
    """Official label by folded label or alias; an alias never hides another choice's label."""
    listed = list(choices)
    aliases = {fold(alias): choice.label for choice in listed for alias in choice.aliases}
    return {**aliases, **{fold(choice.label): choice.label for choice in listed}}


def hidden_value(raw: Any) -> Converted | None:
    """Error cells and formulas without a value are never blanks."""
    if isinstance(raw, CellError):
        return Converted(code="cell-error")
    return Converted(code="formula-without-value") if isinstance(raw, Uncomputed) else None
