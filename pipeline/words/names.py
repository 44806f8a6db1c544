"""Names as keys on which they are compared."""

import re
import unicodedata
from functools import lru_cache

_NO_WORD = re.compile(r"[^a-z0-9]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")  # quý 03


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The key on which names are compared: no tones, no case, Đ as D, single spaces. Never used for display.

    Exact equality of keys is a match; edit distance is not (Hà/Hòa, Lâm/Nam differ by one letter).
    """
    return " ".join(toneless(text).casefold().split())


def toneless(text: str) -> str:
    """Without tones and signs that nobody sees, Đ as D, but with its capitals."""
    return unicodedata.normalize("NFD", text).translate(_LETTERS)


@lru_cache(maxsize=65_536)
def pressed(key: str) -> str:
    """A key without spaces, signs and leading zeros, in which spellings of the same words differ."""
    return _ZEROS.sub("", _NO_WORD.sub("", _ZEROS.sub("", key)))


class _Letters(dict[int, int | None]):
    """What becomes of a character in a key, worked out when it is first met."""

    def __missing__(self, code: int) -> int | None:
        letter = chr(code)
        is_dropped = unicodedata.combining(letter) or unicodedata.category(letter) == "Cf"
        self[code] = None if is_dropped else code
        return self[code]


_LETTERS = _Letters(str.maketrans("ĐđÐð", "DdDd"))
