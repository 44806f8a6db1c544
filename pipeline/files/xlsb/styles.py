"""The styles of an .xlsb workbook, as far as they change what a cell shows of what it holds."""

import struct
from typing import NamedTuple

from pipeline.files.number_formats import BUILT_IN, may_differ
from pipeline.files.rich_text import PLAIN, FontLook, is_legacy
from pipeline.files.xlsb.records import records, wide_text
from pipeline.values.cells import CellLook

_FONT, _FORMAT, _FILL, _STYLE, _STYLES_BEGIN, _STYLES_END = 43, 44, 45, 47, 617, 618
_STRUCK = 0x0008
_NO_GROUND, _SOLID = 0, 1  # how a cell is filled
_INDEX, _RGB, _THEME = 1, 2, 3  # how a colour is told
_WHITE = "white"
_WHITES = {_INDEX: (1, 9, 65), _THEME: (0,)}  # their numbers


class Dress(NamedTuple):
    """What a cell style does: the legacy font, if it is one; how its letters look; how its cells do."""

    font: str = ""
    letters: FontLook = PLAIN
    look: CellLook = CellLook()


class _Font(NamedTuple):
    name: str
    look: FontLook
    colour: str


class Styles:
    """Fonts by their number, and what each cell style does."""

    def __init__(self, part: bytes) -> None:
        self._fonts: list[_Font] = []
        self._formats: dict[int, str] = dict(BUILT_IN)
        self._fills: list[str] = []  # the colour of the ground; a question mark where it is none that is known
        self.dresses: list[Dress] = []
        is_cell_style = False
        for kind, data in records(part):
            if kind in (_STYLES_BEGIN, _STYLES_END):
                is_cell_style = kind == _STYLES_BEGIN
            elif kind == _STYLE and is_cell_style:
                self.dresses.append(self._dress(data))
            else:
                self._see(kind, data)

    @property
    def font_looks(self) -> list[FontLook]:
        return [font.look for font in self._fonts]

    def _see(self, kind: int, data: bytes) -> None:
        if kind == _FONT:
            flags, escapement = struct.unpack_from("<2xH2xH", data)
            look = FontLook(bool(flags & _STRUCK), {1: 1, 2: -1}.get(escapement, 0))
            self._fonts.append(_Font(wide_text(data, 21)[0], look, _colour(data[12:20])))
        elif kind == _FORMAT:
            self._formats[struct.unpack_from("<H", data)[0]] = wide_text(data, 2)[0]
        elif kind == _FILL:
            (filling,) = struct.unpack_from("<I", data)
            ground = _colour(data[4:12]) if filling == _SOLID else ""
            self._fills.append(_WHITE if filling == _NO_GROUND else ground or "?")

    def _dress(self, data: bytes) -> Dress:
        code, font_number, fill = struct.unpack_from("<2xHHH", data)
        font = self._fonts[font_number] if font_number < len(self._fonts) else _Font("", PLAIN, "")
        ground = self._fills[fill] if fill < len(self._fills) else _WHITE
        shown = self._formats.get(code, "")
        look = CellLook(shown if may_differ(shown) else "", font.look.is_struck, font.colour == ground)
        return Dress(font.name if is_legacy(font.name) else "", font.look, look)


def _colour(data: bytes) -> str:
    """A colour by its number; empty where none is sure, as with a tint."""
    kind, number, tint = data[0] >> 1, data[1], data[2:4]
    if number in _WHITES.get(kind, ()) and tint == b"\0\0":
        return _WHITE
    if kind == _RGB:
        return _WHITE if data[4:7] == b"\xff\xff\xff" else data[4:7].hex()
    return f"{kind}-{number}" if kind == _THEME and tint == b"\0\0" else ""
