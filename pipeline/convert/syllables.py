"""Whether letters can be Vietnamese: by the build of a syllable (onset, rime, one tone), not by a list of words."""

import re
import unicodedata
from functools import lru_cache

_ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdđghklmnpqrstvx", "")
_FINALS = {  # what may follow each nucleus; “-” is nothing
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- ch m n nh p t u",
    "i": "- a ch m n nh p t u",
    "iê": "c m n ng p t u",
    "o": "- c i m n ng p t",
    "oa": "- c ch i m n ng nh o p t y",
    "oă": "c m n ng p t",
    "oe": "- c m n ng o p t",
    "oo": "c ng",
    "ô": "- c i m n ng p t",
    "ơ": "- i m n p t",
    "u": "- a c i m n ng p t",
    "uâ": "c n ng t y",
    "uê": "- ch n nh",
    "uô": "c i m n ng t",
    "uơ": "-",
    "uy": "- a ch n nh p t u",
    "uyê": "n t",
    "ư": "- a c i m n ng t u",
    "ươ": "c i m n ng p t u",
    "y": "- ch m n nh t",
    "yê": "m n ng t u",
}
_RIMES = frozenset(nucleus + final.strip("-") for nucleus, finals in _FINALS.items() for final in finals.split())
_FRONT = "eêiy"
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ALPHABET = frozenset("bcdđghklmnpqrstvx") | {
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")
}
_HIGH_OR_HEAVY = ("\u0301", "\u0323")  # sắc and nặng, the only tones of a syllable that ends in a stop
_GLIDE = re.compile("(?:[aeo][\u0302\u031b]?|u\u031b|(?<!g)i)[iouy][\u0300\u0301\u0303\u0309\u0323]")
_INNER_CAPITAL = re.compile("[a-z][À-ÞĂĐƠƯ]")
_ABBREVIATION = re.compile(r"[A-ZĐÐ]+")
_LONGEST = 10  # letters of an abbreviation; no syllable has more than seven
_WORDS = re.compile(r"[^\W\d_]+")


def is_vietnamese(text: str) -> bool:
    """Whether every word is a possible syllable or an abbreviation in capitals, and there is a word at all."""
    words = _WORDS.findall(unicodedata.normalize("NFC", text))
    return bool(words) and all(map(is_word, words))


def is_well_typed(word: str) -> bool:
    """Whether a word can be Vietnamese just as it stands: no tone on the glide (“maõ”), no capital inside (“thÓ”)."""
    return (
        is_word(word)
        and not _INNER_CAPITAL.search(word)
        and not _GLIDE.search(unicodedata.normalize("NFD", word.lower()))
    )


def is_word(word: str) -> bool:
    """Whether one composed word can be Vietnamese. Its tone may stand on any vowel (hoà, hòa)."""
    return len(word) <= _LONGEST and _is_possible(word)


@lru_cache(maxsize=20_000)
def _is_possible(word: str) -> bool:
    if _ABBREVIATION.fullmatch(word):
        return True
    lower = word.lower().replace("ð", "đ")
    if not _ALPHABET.issuperset(lower):
        return False
    marked = unicodedata.normalize("NFD", lower)
    tones = _TONES.findall(marked)
    letters = unicodedata.normalize("NFC", _TONES.sub("", marked))
    if len(tones) > 1 or (
        letters.endswith(("c", "ch", "p", "t")) and not word.isascii() and not set(tones) & set(_HIGH_OR_HEAVY)
    ):
        return False
    return any(letters.startswith(onset) and _fits(onset, letters[len(onset) :]) for onset in _ONSETS)


def _fits(onset: str, rime: str) -> bool:
    """Whether the spelling rules let the onset stand before the rime (k before e, ê, i, y; c before the others)."""
    if rime not in _RIMES:
        return False
    if onset in ("c", "ng"):
        return rime[0] not in _FRONT
    if onset in ("k", "gh", "ngh"):
        return rime[0] in _FRONT
    if onset == "q":
        return rime.startswith(("uy", "uâ", "uê", "uơ"))
    if onset == "qu":
        return rime[0] in "aăâeêiơ" or rime == "ôc"
    if onset == "g":
        return rime[0] not in "eêy"
    return onset != "gi" or rime[0] not in "iy"
