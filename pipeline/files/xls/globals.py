"""What an old .xls workbook says before its first sheet: names of sheets, fonts, styles, strings, other books."""

import struct
from collections.abc import Mapping
from typing import NamedTuple

from pipeline.files.findings import RefusedError
from pipeline.files.number_formats import BUILT_IN, may_differ
from pipeline.files.rich_text import PLAIN, FontLook
from pipeline.files.xls.records import short_text
from pipeline.files.xls.strings import RichStrings, font_look, shared_strings

_PASSWORD, _SHEET, _FONT, _STYLE, _OTHER_BOOK = 0x002F, 0x0085, 0x0031, 0x00E0, 0x01AE
_STRINGS, _MORE, _FORMAT = 0x00FC, 0x003C, 0x041E
_PALETTE = 0x0092
_AUTOMATIC = 0x7FFF  # the colour of letters that have none of their own
_WHITES = (1, 9, 65)  # as numbers; the second one only where the book has no colours of its own
_FIRST_OWN = 8  # the number of the first colour that a book may change
_WHITE = b"\xff\xff\xff"
_NO_GROUND, _SOLID = 0, 1  # how a cell is filled
_OWN_BOOK = (0x0401, 0x3A01)


class Font(NamedTuple):
    """A font by its name, and by what of it changes the meaning of letters."""

    name: str
    look: FontLook
    colour: int = _AUTOMATIC
    format: str = ""  # of a cell style, where it may show something else than is stored
    is_unseen: bool = False  # of a cell style, where its letters have the colour of its ground


NO_FONT = Font("", PLAIN)


class Globals:
    """Takes the records before the sheets one after the other; a password among them is a `RefusedError`."""

    def __init__(self, is_wide: bool) -> None:
        self.is_wide = is_wide
        self.sheets: list[tuple[str, int]] = []  # names, and where in the stream each begins
        self.has_links = False
        self._fonts: list[Font] = []
        self._styles: list[tuple[int, int, int, int]] = []  # the numbers of font, format, filling and its colour
        self._palette: list[bytes] = []
        self._formats: dict[int, str] = dict(BUILT_IN)
        self._strings: list[bytes] = []
        self._before = 0  # the kind of the last record that did not go on with another

    @property
    def styles(self) -> list[Font]:
        """The font of each cell style, with its number format where that is odd."""
        odd = {number: code for number, code in self._formats.items() if may_differ(code)}
        return [self._dressed(style, odd) for style in self._styles]

    def _dressed(self, style: tuple[int, int, int, int], odd: Mapping[int, str]) -> Font:
        number, code, filling, ground = style
        font = self._fonts[number] if number < len(self._fonts) else NO_FONT
        is_alike = (
            self._is_white(font.colour)
            if filling == _NO_GROUND or (filling == _SOLID and self._is_white(ground))
            else filling == _SOLID and font.colour == ground
        )
        return font._replace(format=odd.get(code, ""), is_unseen=is_alike)

    def _is_white(self, colour: int) -> bool:
        own = colour - _FIRST_OWN
        return self._palette[own] == _WHITE if 0 <= own < len(self._palette) else colour in _WHITES

    @property
    def texts(self) -> list[str]:
        """The shared strings, letters alone."""
        return shared_strings(self._strings)

    @property
    def strings(self) -> RichStrings:
        """The shared strings of which a part looks otherwise than the rest."""
        return RichStrings(self._strings, [font.look for font in self._fonts])

    def see(self, kind: int, data: bytes) -> None:
        """One record."""
        if kind == _PASSWORD:
            raise RefusedError("file-encrypted")
        if kind == _SHEET and data[5] == 0:
            self.sheets.append((short_text(data, 6, self.is_wide), struct.unpack_from("<I", data)[0]))
        elif kind == _FONT:
            (colour,) = struct.unpack_from("<4xH", data)
            font = Font(short_text(data, 14, self.is_wide), font_look(data), colour)
            self._fonts += [font] * (2 if len(self._fonts) == 3 else 1)  # the format has no font number 4
        elif kind == _STYLE:
            font_number, number = struct.unpack_from("<HH", data)
            self._styles.append((font_number, number, *(_ground(data) if self.is_wide else (-1, 0))))
        elif kind == _PALETTE:
            self._palette = [data[at : at + 3] for at in range(2, len(data) - 3, 4)]
        elif kind == _FORMAT and self.is_wide:
            self._formats[struct.unpack_from("<H", data)[0]] = _long_text(data, 2)
        elif kind == _STRINGS or (kind == _MORE and self._before == _STRINGS):
            self._strings.append(data)
        elif kind == _OTHER_BOOK:
            self.has_links |= len(data) > 3 and struct.unpack_from("<2xH", data)[0] not in _OWN_BOOK
        self._before = self._before if kind == _MORE else kind


def _long_text(data: bytes, at: int) -> str:
    """A text with its length in two bytes."""
    (length,) = struct.unpack_from("<H", data, at)
    if data[at + 2] & 1:
        return data[at + 3 : at + 3 + 2 * length].decode("utf-16-le", "replace")
    return data[at + 3 : at + 3 + length].decode("latin-1")


def _ground(style: bytes) -> tuple[int, int]:
    """How a cell is filled, and the number of the colour."""
    lines, colours = struct.unpack_from("<IH", style, 14)
    return lines >> 26, colours & 0x7F
