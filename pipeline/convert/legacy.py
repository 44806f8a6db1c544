"""Vietnamese typed in the 8-bit fonts of before Unicode: TCVN3 (.VnTime …) and VNI (VNI-Times …).

Good Unicode goes through these tables as well and comes out as other words (“Hòa” as “Hũa”), so nothing is converted
here without a font that calls for it and a result that is Vietnamese.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from pipeline.convert.syllables import is_vietnamese, is_well_typed, is_word

__all__ = ["encoding_of", "is_vietnamese", "looks_broken", "readings", "tcvn3_to_unicode", "vni_to_unicode"]

_TCVN3 = dict(
    zip(
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\u00adøõö÷ùýúûüþ¡¢£¤¥¦§",
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)

# VNI puts a letter for the marks behind the vowel; i, ơ, ư, đ and ỵ have letters of their own.
_TONES, _ROOF, _BREVE = "ùøûõï", "âáàåãä", "êéèúüë"
_VNI_PAIRS = (
    ("a", _TONES, "áàảãạ"),
    ("a", _ROOF, "âấầẩẫậ"),
    ("a", _BREVE, "ăắằẳẵặ"),
    ("e", _TONES, "éèẻẽẹ"),
    ("e", _ROOF, "êếềểễệ"),
    ("o", _TONES, "óòỏõọ"),
    ("o", _ROOF, "ôốồổỗộ"),
    ("ô", _TONES, "ớờởỡợ"),
    ("u", _TONES, "úùủũụ"),
    ("ö", _TONES, "ứừửữự"),
    ("y", _TONES, "ýỳỷỹỵ"),
)
_VNI_LOWER = dict(zip("íìæóòîôöñ", "íìỉĩịỵơưđ", strict=True)) | {
    vowel + mark: letter for vowel, marks, letters in _VNI_PAIRS for mark, letter in zip(marks, letters, strict=True)
}
_VNI = _VNI_LOWER | {
    written: letter.upper()
    for key, letter in _VNI_LOWER.items()
    for written in (key.upper(), key[0].upper() + key[1:])  # capitals carry a mark of either case
}
_VNI_FIND = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

_LETTERS = {"tcvn3": frozenset(_TCVN3), "vni": frozenset("".join(_VNI))}

_RUNS = re.compile(r"[\w\u00a1-\u00be×÷]+")  # words, with the signs that stand for letters in TCVN3
_WORD = re.compile(r"\S+")
_DIGITS = re.compile(r"[0-9]+")
_ADDRESS = re.compile(r"://|www\.|@")
_MEASURE = re.compile(r"[µ¼½¾][a-z]|[a-z][·×÷][a-z]|(?-i:[A-Z]{2,}\u00ad)", re.IGNORECASE)  # µm, N·m, KH before a soft hyphen: honest, yet like a syllable
_HARD = re.compile(r"[\u00a1-\u00be×÷ßþ]|[a-z][À-Þ]|[aeo][âêøûå]")  # never inside a Vietnamese word
_SHARE = 5  # at least one word in so many must be broken


def encoding_of(font: str) -> str:
    """“tcvn3” or “vni” by the name of the font, empty for every other font."""
    name = font.strip().casefold()
    return "tcvn3" if name.startswith(".vn") else "vni" if name.startswith(("vni-", "vni ")) else ""


def tcvn3_to_unicode(text: str, font: str = "") -> str:
    """What a .Vn font shows: one sign a letter, and capitals throughout where the name of the font ends in H."""
    shown = text.translate(_TCVN3_TABLE)
    return _WORD.sub(_capital, shown) if font.strip().casefold().endswith("h") else shown


def vni_to_unicode(text: str) -> str:
    """What a VNI font shows: a vowel and the letter behind it make one."""
    return _VNI_FIND.sub(lambda found: _VNI[found[0]], text)


def readings(text: str, font: str) -> tuple[str, ...]:
    """What the text can mean, as its font shows it or as it is written: usually one reading, none when it is no Vietnamese.

    Two where both are possible words: in a .Vn font “cã” shows as “có”, but people also type Unicode in such a cell.
    """
    encoding = encoding_of(font)
    if not encoding or not _is_written_in(text, encoding):
        return _as_written(text)
    letters = tcvn3_to_unicode(text) if encoding == "tcvn3" else vni_to_unicode(text)
    shown = tcvn3_to_unicode(text, font) if encoding == "tcvn3" else letters
    if letters == text:
        return _as_written(shown)
    options = ((shown, _reads_well(letters, is_word)), (text, _reads_well(text, is_well_typed)))
    return tuple(reading for reading, is_possible in options if is_possible)


def looks_broken(text: str) -> bool:
    """Whether the text was TCVN3, VNI or UTF-8 once and has lost its font or code page. Good text of any language is not."""
    if text.isascii():
        return False
    if "\ufffd" in text or _is_misread_utf8(text):
        return True
    words = " ".join(word for word in text.split() if not _ADDRESS.search(word))
    runs = [run for run in _RUNS.findall(words) if not _DIGITS.search(run)]
    return _is_lost(runs, tcvn3_to_unicode) or _is_lost(runs, vni_to_unicode)


def _as_written(text: str) -> tuple[str, ...]:
    return () if looks_broken(text) else (text,)


def _capital(word: re.Match[str]) -> str:
    return word[0] if _ADDRESS.search(word[0]) else word[0].upper()


def _is_written_in(text: str, encoding: str) -> bool:
    """Whether every letter exists in the encoding; “đ” or “ễ” exists in neither and shows that the text is Unicode."""
    known = _LETTERS[encoding]
    return all(char.isascii() or char in known or not (char.isalpha() or unicodedata.combining(char)) for char in text)


def _reads_well(text: str, is_possible: Callable[[str], bool]) -> bool:
    """Whether the words that depend on the encoding can be Vietnamese; plain ones (Facebook, UBND) say nothing."""
    words = [run for run in _RUNS.findall(_DIGITS.sub(" ", text)) if not run.isascii()]
    return bool(words) and all(map(is_possible, words))


def _is_lost(runs: Sequence[str], convert: Callable[[str], str]) -> bool:
    """Whether enough words are impossible as they stand and possible once converted: two, or one that no other language has."""
    broken = [run for run in runs if len(run) > 1 and not run.isascii() and not is_well_typed(run) and is_word(convert(run))]
    certain = [run for run in broken if not _MEASURE.fullmatch(run)]
    is_certain = len(certain) > 1 or any(map(_HARD.search, certain))
    return is_certain and len(broken) * _SHARE >= len(runs)


def _is_misread_utf8(text: str) -> bool:
    for page in ("cp1252", "latin-1"):
        try:
            text.encode(page).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False
