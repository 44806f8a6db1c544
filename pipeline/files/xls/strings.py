"""The shared strings of an old .xls workbook of which a part is struck through, or stands above or below its line."""

import struct
from collections.abc import Sequence

from pipeline.files.rich_text import PLAIN, FontLook, cut, told

_IS_WIDE, _HAS_EXTENSION, _HAS_RUNS = 1, 4, 8
_STRUCK = 0x0008

_Rich = tuple[str, list[tuple[int, int]]]  # a text, and where each run starts in which font


def font_look(font: bytes) -> FontLook:
    """The look of a font, from its record."""
    flags, escapement = struct.unpack_from("<2xH4xH", font)
    return FontLook(bool(flags & _STRUCK), {1: 1, 2: -1}.get(escapement, 0))


class RichStrings:
    """`pieces` are the record of the strings and those that continue it; `looks` are those of the fonts, by number."""

    def __init__(self, pieces: Sequence[bytes], looks: Sequence[FontLook]) -> None:
        self._looks = looks
        self._rich = _rich_strings(pieces) if any(look != PLAIN for look in looks) else {}

    def told(self, number: int, look: FontLook) -> str:
        """The string as people see it in a cell of that look; empty where the reader gives just that."""
        if number not in self._rich:
            return ""
        text, starts = self._rich[number]
        seen = told(
            cut(text, [(at, self._looks[font] if font < len(self._looks) else PLAIN) for at, font in starts], look)
        )
        return seen if seen != text else ""


def shared_strings(pieces: Sequence[bytes]) -> list[str]:
    """All shared strings, in order."""
    reader = _Pieces(pieces)
    (count,) = reader.unpack("<4xI") if pieces else (0,)
    return [_string(reader)[0] for _ in range(count)]


def _rich_strings(pieces: Sequence[bytes]) -> dict[int, _Rich]:
    """By number the strings that have runs."""
    reader = _Pieces(pieces)
    (count,) = reader.unpack("<4xI") if pieces else (0,)
    strings = ((number, _string(reader)) for number in range(count))
    return {number: (text, starts) for number, (text, starts) in strings if starts}


def _string(reader: "_Pieces") -> _Rich:
    length, flags = reader.unpack("<HB")
    (runs,) = reader.unpack("<H") if flags & _HAS_RUNS else (0,)
    (extension,) = reader.unpack("<I") if flags & _HAS_EXTENSION else (0,)
    text = reader.letters(length, bool(flags & _IS_WIDE))
    starts = [(at, font) for at, font in (reader.unpack("<HH") for _ in range(runs))]
    reader.take(extension)
    return text, starts


class _Pieces:
    """Bytes that go on from one record to the next; letters that do begin there with a word on how wide they are."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._number = self._at = 0

    def unpack(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def take(self, size: int) -> bytes:
        taken = self._up_to(size)
        while len(taken) < size:
            self._number, self._at = self._number + 1, 0
            taken += self._up_to(size - len(taken))
        return taken

    def letters(self, count: int, is_wide: bool) -> str:
        halves = b""
        while len(halves) < 2 * count:
            missing = count - len(halves) // 2
            part = self._up_to(missing * (2 if is_wide else 1))
            halves += part if is_wide else part.decode("latin-1").encode("utf-16-le")
            if len(halves) < 2 * count:
                self._number, self._at = self._number + 1, 0
                is_wide = bool(self.take(1)[0] & _IS_WIDE)
        return halves.decode("utf-16-le", "replace")

    def _up_to(self, size: int) -> bytes:
        part = self._pieces[self._number][self._at : self._at + size]
        self._at += len(part)
        return part
