"""The shared strings of an .xlsb workbook, and what is struck through or stands off its line in a part of them."""

import struct
from collections.abc import Sequence

from pipeline.files.rich_text import PLAIN, FontLook, cut, told
from pipeline.files.xlsb.records import records, wide_text

_STRING = 19
_IS_RICH = 1


class Strings:
    """The strings in order; `looks` are those of the fonts, by number."""

    def __init__(self, part: bytes, looks: Sequence[FontLook]) -> None:
        self._entries = [data for kind, data in records(part) if kind == _STRING]
        self._looks = looks
        self._are_told = any(look != PLAIN for look in looks)

    def text(self, number: int) -> str:
        """The letters alone."""
        return wide_text(self._entries[number], 1)[0] if number < len(self._entries) else ""

    def told(self, number: int, look: FontLook) -> str:
        """The string as people see it in a cell of that look; empty where the reader gives just that."""
        if self._are_told and number < len(self._entries) and self._entries[number][0] & _IS_RICH:
            return rich_told(self._entries[number], self._looks, look)
        return ""


def rich_told(data: bytes, looks: Sequence[FontLook], first: FontLook) -> str:
    """A text with its runs, as people see it; empty where its letters alone are just that."""
    text, after = wide_text(data, 1)
    (count,) = struct.unpack_from("<I", data, after)
    count = min(count, (len(data) - after - 4) // 4)
    runs = (struct.unpack_from("<HH", data, after + 4 + 4 * number) for number in range(count))
    seen = told(cut(text, [(at, looks[font] if font < len(looks) else PLAIN) for at, font in runs], first))
    return seen if seen != text else ""
