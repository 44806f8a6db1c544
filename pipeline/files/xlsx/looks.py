"""Which cells of an .xlsx workbook may show something else than they hold, by their styles.

In: the styles part, sheets that are written plainly. Out: the looks of odd styles by number, and of cells by place.
Nearly every form has no odd style; then nothing is parsed.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from pipeline.files.findings import Place
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.number_formats import BUILT_IN, may_differ
from pipeline.files.places import is_index, place
from pipeline.files.remembered import remembered
from pipeline.values.cells import CellLook

Looks = Mapping[int, CellLook]
_T = TypeVar("_T")
NO_LOOKS: Looks = {}

_CODE = re.compile(rb"formatCode=[\"']([^\"']*)[\"']")
_NUMBER = re.compile(rb"<(?:\w+:)?xf\b[^>]*?\bnumFmtId=[\"'](\d+)[\"']")
_ENTITIES = {b"&quot;": b'"', b"&amp;": b"&", b"&lt;": b"<", b"&gt;": b">", b"&apos;": b"'"}
_ENTITY = re.compile(b"|".join(_ENTITIES))
_WHITE = ("FFFFFFFF", "00FFFFFF", "FFFFFF")
_WHITE_INDEXES = ("1", "9")
_WHITE_SIGNS = (b"FFFFFF", b"FFffffff", b'theme="0"', b'indexed="1"', b'indexed="9"')
_ODD_NUMBERS = frozenset(str(number).encode() for number in BUILT_IN)


@remembered
def odd_looks(styles: bytes, limits: Limits) -> Looks:
    """The looks by number of the cell styles that may show something else than is stored."""
    if not _may_be_odd(styles):
        return NO_LOOKS
    scan = _Scan()
    walk(styles, limits.depth, scan.start, scan.end)
    return scan.looks


def places_of(part: bytes, looks: Looks) -> dict[Place, CellLook]:
    """The cells of a plainly written sheet that have one of the looks."""
    found = _cells_with(tuple(sorted(looks))).findall(part) if looks else ()
    return {place(reference.decode()): looks[int(style)] for reference, style in found}


@lru_cache(maxsize=64)
def _cells_with(styles: tuple[int, ...]) -> re.Pattern[bytes]:
    numbers = b"|".join(str(number).encode() for number in styles)
    return re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})" s="(' + numbers + rb')"')


def _may_be_odd(styles: bytes) -> bool:
    if b"strike" in styles or not _ODD_NUMBERS.isdisjoint(_NUMBER.findall(styles)):
        return True
    codes = (_ENTITY.sub(lambda match: _ENTITIES[match[0]], code) for code in _CODE.findall(styles))
    return any(may_differ(code.decode("utf-8", "replace")) for code in codes) or _has_white_letters(styles)


def _has_white_letters(styles: bytes) -> bool:
    fonts = styles[styles.find(b"<fonts") : styles.find(b"</fonts>")]
    return any(sign in fonts for sign in _WHITE_SIGNS)


class _Scan:
    """Takes the elements of the styles one after the other."""

    def __init__(self) -> None:
        self.looks: dict[int, CellLook] = {}
        self._inside: list[str] = []
        self._codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
        self._fonts: list[tuple[bool, str]] = []  # whether it is struck, its colour
        self._fills: list[str] = []  # the colour of the ground, white where there is none
        self._styles = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._inside.append(name)
        inside = self._inside
        if name == "numFmt" and inside[-2:-1] == ["numFmts"]:
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif inside[-2:] == ["fonts", "font"]:
            self._fonts.append((False, ""))
        elif inside[-3:-1] == ["fonts", "font"]:
            self._font(name, attributes)
        elif inside[-2:] == ["fills", "fill"]:
            self._fills.append("white")
        elif inside[-3:-1] == ["fills", "fill"] and name != "patternFill":
            self._fills[-1] = "?"
        elif inside[-4:-1] == ["fills", "fill", "patternFill"] and name == "fgColor":
            self._fills[-1] = _colour(attributes) or "?"
        elif inside[-3:-1] == ["fills", "fill"]:
            self._fills[-1] = "white" if attributes.get("patternType", "none") == "none" else "?"
        elif inside[-2:] == ["cellXfs", "xf"]:
            self._style(attributes)

    def end(self, name: str) -> None:
        del self._inside[-1]

    def _font(self, name: str, attributes: Mapping[str, str]) -> None:
        is_struck, colour = self._fonts[-1]
        if name == "strike":
            is_struck = attributes.get("val", "1") not in ("0", "false")
        elif name == "color":
            colour = _colour(attributes)
        self._fonts[-1] = is_struck, colour

    def _style(self, attributes: Mapping[str, str]) -> None:
        is_struck, colour = _at(self._fonts, attributes.get("fontId", "0"), (False, ""))
        ground = _at(self._fills, attributes.get("fillId", "0"), "white")
        code = self._codes.get(attributes.get("numFmtId", "0"), "")
        look = CellLook(code if may_differ(code) else "", is_struck, bool(colour) and colour == ground)
        if look != CellLook():
            self.looks[self._styles] = look
        self._styles += 1


def _at(items: Sequence[_T], number: str, default: _T) -> _T:
    return items[int(number)] if is_index(number) and int(number) < len(items) else default


def _colour(attributes: Mapping[str, str]) -> str:
    """A colour by name or number; empty where none is sure, as with a tint."""
    is_theme = attributes.get("theme") == "0" and "tint" not in attributes
    if is_theme or attributes.get("rgb", "").upper() in _WHITE or attributes.get("indexed") in _WHITE_INDEXES:
        return "white"
    return attributes.get("rgb", "").upper()[-6:]
