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
_MEASURE = re.compile(
    r"[µ¼½¾][a-z]|[a-z][·×÷][a-z]|(?-i:[A-Z]{2,}\u00ad)", re.IGNORECASE
)  # µm, N·m, KH before a soft hyphen: honest, yet like a syllable
_HARD = re.compile(r"[\u00a1-\u00be×÷ßþ]|[a-z][À-Þ]|[aeo][âêøûå]")  # never inside a Vietnamese word
_FOREIGN = re.compile(
    r"[åäëîöüûñøçæ]|[aeoy][ùõ]|[ae][áàã]", re.IGNORECASE
)  # in no Vietnamese word: the tone stands on its vowel, not behind it
_LOOSE_TONE = re.compile("[\u0300-\u0323]")  # on a letter that takes none
_SHARE = 5  # at least one word in so many must be broken

# Letters of the Vietnamese code page by what the western one, for which the old fonts were drawn, has in their places.
_PAGE_1258 = "ĂĐƠƯăđơư₫\u0300\u0301\u0303\u0309\u0323"
_TO_WESTERN = str.maketrans({letter: letter.encode("cp1258").decode("cp1252") for letter in _PAGE_1258})
_FROM_WESTERN = str.maketrans({letter.encode("cp1258").decode("cp1252"): letter for letter in _PAGE_1258})


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
    """What the text can mean, as its font shows it or as written: usually one reading, none when it is no Vietnamese.

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
    """Whether the text was TCVN3, VNI or UTF-8 and has lost its font or code page. Good text of any language is not."""
    if text.isascii():
        return False
    if "\ufffd" in text or _is_misread_utf8(text):
        return True
    words = " ".join(word for word in text.split() if not _ADDRESS.search(word))
    runs = _runs(words)
    if _is_lost(runs, tcvn3_to_unicode) or _is_lost(runs, vni_to_unicode):
        return True
    western = _as_western(words)
    return western != words and any(
        _is_lost(_runs(western), convert, _from_western) for convert in (tcvn3_to_unicode, vni_to_unicode)
    )


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


def _runs(text: str) -> list[str]:
    return [run for run in _RUNS.findall(text) if not _DIGITS.search(run)]


def _is_lost(runs: Sequence[str], convert: Callable[[str], str], as_shown: Callable[[str], str] = str) -> bool:
    """Whether enough words are impossible as they stand and possible once converted.

    Two, one that no other language has, or all that have marks.
    """
    marked = [run for run in runs if not run.isascii()]
    broken = [run for run in marked if len(run) > 1 and not is_well_typed(as_shown(run)) and is_word(convert(run))]
    certain = [run for run in broken if not _MEASURE.fullmatch(run)]
    is_certain = len(certain) > 1 or any(map(_HARD.search, certain))
    if is_certain and len(broken) * _SHARE >= len(runs):
        return True
    return len(broken) == len(marked) and any(
        _HARD.search(run) or _FOREIGN.search(run) or _LOOSE_TONE.search(as_shown(run)) for run in certain
    )


def _as_western(text: str) -> str:
    """Text of the Vietnamese code page as the western one would have read the same bytes."""
    return "".join(char if char.isascii() else _western(char) for char in unicodedata.normalize("NFC", text))


def _western(char: str) -> str:
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:  # the code page has the tone as a letter of its own
        marks = unicodedata.normalize("NFD", char)
        char = unicodedata.normalize("NFC", marks[:-1]) + marks[-1]
    return char.translate(_TO_WESTERN)


def _from_western(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_FROM_WESTERN))


def _is_misread_utf8(text: str) -> bool:
    for page in ("cp1252", "latin-1"):
        try:
            text.encode(page).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False
