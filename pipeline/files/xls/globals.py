"""What an old .xls workbook says before its first sheet: names of sheets, fonts, styles, strings, other books."""

import struct
from typing import NamedTuple

from pipeline.files.findings import RefusedError
from pipeline.files.rich_text import PLAIN, FontLook
from pipeline.files.xls.records import short_text
from pipeline.files.xls.strings import RichStrings, font_look, shared_strings

_PASSWORD, _SHEET, _FONT, _STYLE, _OTHER_BOOK = 0x002F, 0x0085, 0x0031, 0x00E0, 0x01AE
_STRINGS, _MORE = 0x00FC, 0x003C
_OWN_BOOK = (0x0401, 0x3A01)


class Font(NamedTuple):
    """A font by its name, and by what of it changes the meaning of letters."""

    name: str
    look: FontLook


NO_FONT = Font("", PLAIN)


class Globals:
    """Takes the records before the sheets one after the other; a password among them is a `RefusedError`."""

    def __init__(self, is_wide: bool) -> None:
        self.is_wide = is_wide
        self.sheets: list[tuple[str, int]] = []  # names, and where in the stream each begins
        self.has_links = False
        self._fonts: list[Font] = []
        self._styles: list[int] = []
        self._strings: list[bytes] = []
        self._before = 0  # the kind of the last record that did not go on with another

    @property
    def styles(self) -> list[Font]:
        """The font of each cell style."""
        return [self._fonts[number] if number < len(self._fonts) else NO_FONT for number in self._styles]

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
            font = Font(short_text(data, 14, self.is_wide), font_look(data))
            self._fonts += [font] * (2 if len(self._fonts) == 3 else 1)  # the format has no font number 4
        elif kind == _STYLE:
            self._styles.append(struct.unpack_from("<H", data)[0])
        elif kind == _STRINGS or (kind == _MORE and self._before == _STRINGS):
            self._strings.append(data)
        elif kind == _OTHER_BOOK:
            self.has_links |= len(data) > 3 and struct.unpack_from("<2xH", data)[0] not in _OWN_BOOK
        self._before = self._before if kind == _MORE else kind
