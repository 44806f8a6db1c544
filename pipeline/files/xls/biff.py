"""What the records of an old .xls workbook hold that its reader would hide: errors, formulas without a value, legacy fonts, comments, passwords."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.files.binary_formulas import ERRORS, gives_number, gives_text
from pipeline.files.findings import Box, Place, RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.places import check_far
from pipeline.files.rich_text import PLAIN, FontLook, is_legacy
from pipeline.files.xls.boxes import KINDS, BoxReader
from pipeline.files.xls.strings import RichStrings, font_look
from pipeline.values.cells import CellError, Uncomputed

_BEGIN, _END = 0x0809, 0x000A
_PASSWORD, _SHEET, _FONT, _STYLE, _OTHER_BOOK = 0x002F, 0x0085, 0x0031, 0x00E0, 0x01AE
_STRINGS, _MORE = 0x00FC, 0x003C
_ROW, _COLUMN, _MERGES, _FORMULA, _LOGICAL_OR_ERROR, _FORMULA_TEXT = 0x0208, 0x007D, 0x00E5, 0x0006, 0x0205, 0x0207
_NUMBER, _TEXT, _SMALL_NUMBER, _SHARED_TEXT = 0x0203, 0x0204, 0x027E, 0x00FD
_CELLS = (_FORMULA, _LOGICAL_OR_ERROR, _NUMBER, _TEXT, _SMALL_NUMBER, _SHARED_TEXT)
_RESULT_IS_TEXT, _RESULT_IS_ERROR, _RESULT_IS_EMPTY = 0, 2, 3
_VERSION_8 = 0x0600
_OWN_BOOK = (0x0401, 0x3A01)


class _Font(NamedTuple):
    name: str
    look: FontLook


_NO_FONT = _Font("", PLAIN)


@dataclass(frozen=True, slots=True)
class OldBook:
    """Facts by sheet name, and whether formulas reach into other files."""

    sheets: dict[str, SheetFacts]
    has_links: bool


def look_into(stream: bytes, limits: Limits) -> OldBook:
    """Walk through the workbook stream. Raises `RefusedError` for a password and for records that make no sense."""
    try:
        return _book(stream, limits)
    except (struct.error, IndexError):
        raise RefusedError("file-corrupt") from None


def _book(stream: bytes, limits: Limits) -> OldBook:
    sheets: list[tuple[str, int]] = []
    fonts: list[_Font] = []
    styles: list[int] = []
    strings: list[bytes] = []
    before = 0
    is_wide = struct.unpack_from("<H", stream, 4)[0] == _VERSION_8
    has_links = False
    for kind, data in _records(stream, 0):
        if kind == _PASSWORD:
            raise RefusedError("file-encrypted")
        if kind == _SHEET and data[5] == 0:
            sheets.append((_short_text(data, 6, is_wide), struct.unpack_from("<I", data)[0]))
        elif kind == _FONT:
            fonts += [_Font(_short_text(data, 14, is_wide), font_look(data))] * (
                2 if len(fonts) == 3 else 1
            )  # the format has no font number 4
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", data)[0])
        elif kind == _STRINGS or (kind == _MORE and before == _STRINGS):
            strings.append(data)
        elif kind == _OTHER_BOOK and len(data) > 3 and struct.unpack_from("<2xH", data)[0] not in _OWN_BOOK:
            has_links = True
        before = before if kind == _MORE else kind
    if len(sheets) > limits.members:
        raise RefusedError("file-too-large", f"{len(sheets)} sheet")
    styled = [fonts[number] if number < len(fonts) else _NO_FONT for number in styles]
    rich = RichStrings(strings, [font.look for font in fonts])
    scans = {name: _scan(stream, start, styled, rich, is_wide, limits) for name, start in sheets}
    is_computed = not any(scan.is_proof for scan in scans.values())
    is_worded = not any(scan.is_wordless for scan in scans.values())
    return OldBook({name: scan.facts(is_computed, is_worded) for name, scan in scans.items()}, has_links)


def _scan(
    stream: bytes, start: int, styles: Sequence[_Font], rich: RichStrings, is_wide: bool, limits: Limits
) -> "_Scan":
    scan = _Scan(styles, rich, is_wide, limits)
    for kind, data in _records(stream, start):
        scan.see(kind, data)
    return scan


class _Scan:
    """One sheet, record by record."""

    def __init__(self, styles: Sequence[_Font], rich: RichStrings, is_wide: bool, limits: Limits) -> None:
        self.is_proof = False  # whether a formula shows that the program which wrote the file does not compute
        self.is_wordless = False  # whether one shows that it stores 0 for a text, as LibreOffice does
        self._styles, self._rich, self._limits = styles, rich, limits
        self._marks: dict[Place, Any] = {}
        self._empty: list[Place] = []  # formulas that hold an empty text
        self._zeros: list[Place] = []  # formulas that hold 0 and may as well come to a text
        self._waiting: Place | None = None  # a formula whose text is to come
        self._fonts: dict[Place, str] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Box] = []
        self._boxes = BoxReader(is_wide)
        self._far = [0, 0]

    def facts(self, is_computed: bool, is_worded: bool) -> SheetFacts:
        """What was seen; where nothing is computed, formulas without a text are formulas without a value, and where no texts are stored, those with 0."""
        lost = [
            *([] if is_computed else self._empty),
            *([] if is_worded else self._zeros),
            *([self._waiting] if self._waiting else []),
        ]
        marks = {**self._marks, **{here: Uncomputed("=…") for here in lost}}
        hidden = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
        return SheetFacts(
            marks, {}, self._fonts, *hidden, tuple(self._merges), comments=self._boxes.comments, drawn=self._boxes.drawn
        )

    def see(self, kind: int, data: bytes) -> None:
        if kind in _CELLS:
            self._cell(kind, data)
        elif kind == _FORMULA_TEXT and self._waiting:
            if not struct.unpack_from("<H", data)[0]:
                self._empty.append(self._waiting)
            self._waiting = None
        elif kind == _ROW and struct.unpack_from("<H", data, 12)[0] & 0x20:
            self._hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == _COLUMN and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            self._hidden_columns.update(range(first, min(last, self._limits.columns) + 1))
        elif kind == _MERGES:
            (count,) = struct.unpack_from("<H", data)
            for number in range(count):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
                self._merges.append((top, left, bottom, right))
        elif kind in KINDS:
            self._boxes.see(kind, data)

    def _cell(self, kind: int, data: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        check_far(self._far, (row, column), self._limits)
        if self._waiting:
            self._marks[self._waiting] = Uncomputed("=…")
            self._waiting = None
        if kind == _LOGICAL_OR_ERROR and data[7]:
            self._marks[row, column] = CellError(ERRORS.get(data[6], "#LỖI"))
        elif kind == _FORMULA:
            self._formula((row, column), data)
        font = self._styles[style] if style < len(self._styles) else _NO_FONT
        if is_legacy(font.name) and (row, column) not in self._marks:
            self._fonts[row, column] = font.name
        if kind == _SHARED_TEXT and (told := self._rich.told(struct.unpack_from("<I", data, 6)[0], font.look)):
            self._marks[row, column] = told

    def _formula(self, here: Place, data: bytes) -> None:
        """A formula, by what it came to."""
        (size,) = struct.unpack_from("<H", data, 20)
        tokens = data[22 : 22 + size]
        if data[12:14] != b"\xff\xff":
            self._formula_with_number(here, data[6:14], tokens)
        elif data[6] == _RESULT_IS_ERROR:
            self._marks[here] = CellError(ERRORS.get(data[8], "#LỖI"))
        elif data[6] == _RESULT_IS_TEXT:
            self._waiting = here
        elif data[6] == _RESULT_IS_EMPTY:
            self._empty.append(here)
            self.is_proof |= gives_number(tokens, is_binary_12=False)

    def _formula_with_number(self, here: Place, number: bytes, tokens: bytes) -> None:
        if gives_text(tokens, is_binary_12=False):
            self._marks[here] = Uncomputed("=…")
            self.is_wordless = True
        elif not any(number) and not gives_number(tokens, is_binary_12=False):
            self._zeros.append(here)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, those of charts inside it left out."""
    level = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BEGIN:
            level += 1
        elif kind == _END:
            level -= 1
            if level <= 0:
                return
        elif level == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
    raise RefusedError("file-corrupt")


def _short_text(data: bytes, at: int, is_wide: bool) -> str:
    length = data[at]
    if not is_wide:
        return data[at + 1 : at + 1 + length].decode("cp1252", "replace")
    if data[at + 1] & 1:
        return data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    return data[at + 2 : at + 2 + length].decode("latin-1")
