"""Names for files that come from outside: legal on every system, harmless to look at, not too long for any."""

import re
import unicodedata

from pipeline.declare.safe_names import is_device

LONGEST = 255  # bytes: what Linux takes; Windows takes as many units, which are never more
_LONGEST_ENDING = 20
# What Windows refuses, what no eye sees, what turns the reading round, and halves of characters.
_NOT_IN_NAMES = re.compile(
    '[<>:"/\\\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff0-\uffff\ud800-\udfff]'
)


def stored_name(name: str, number: int = 1) -> str:
    """The name as it can be stored; from the second on with its number. Long ones lose the end of their stem."""
    name = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", name)).rstrip(". ") or "-"
    name = f"-{name}" if is_device(name) else name
    stem, ending = _parted(name)
    tail = (f" ({number})" if number > 1 else "") + ending
    return _first(stem, LONGEST - len(tail.encode())) + tail


def _parted(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending.encode()) < _LONGEST_ENDING else (name, "")


def _first(text: str, most: int) -> str:
    """As much of the beginning as `most` bytes hold, in whole characters."""
    return text if len(text.encode()) <= most else text.encode()[:most].decode("utf-8", "ignore").rstrip()
