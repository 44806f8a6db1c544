"""What the records of an old .xls workbook hold that its reader would hide: errors, hidden rows, merges, legacy fonts, passwords."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.declare.records import CellError
from pipeline.intake.limits import Limits
from pipeline.intake.places import check_far
from pipeline.intake.seen import Box, Place, RefusedError, SheetFacts
from pipeline.intake.sharedtext import is_legacy
from pipeline.intake.xlsb import ERRORS

_BEGIN, _END = 0x0809, 0x000A
_PASSWORD, _SHEET, _FONT, _STYLE, _OTHER_BOOK = 0x002F, 0x0085, 0x0031, 0x00E0, 0x01AE
_ROW, _COLUMN, _MERGES, _FORMULA, _LOGICAL_OR_ERROR = 0x0208, 0x007D, 0x00E5, 0x0006, 0x0205
_NUMBER, _TEXT, _SMALL_NUMBER, _SHARED_TEXT = 0x0203, 0x0204, 0x027E, 0x00FD
_CELLS = (_FORMULA, _LOGICAL_OR_ERROR, _NUMBER, _TEXT, _SMALL_NUMBER, _SHARED_TEXT)
_VERSION_8 = 0x0600
_OWN_BOOK = (0x0401, 0x3A01)


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
    fonts: list[str] = []
    styles: list[int] = []
    is_wide = struct.unpack_from("<H", stream, 4)[0] == _VERSION_8
    has_links = False
    for kind, data in _records(stream, 0):
        if kind == _PASSWORD:
            raise RefusedError("file-encrypted")
        if kind == _SHEET and data[5] == 0:
            sheets.append((_short_text(data, 6, is_wide), struct.unpack_from("<I", data)[0]))
        elif kind == _FONT:
            fonts.append(_short_text(data, 14, is_wide))
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", data)[0])
        elif kind == _OTHER_BOOK and len(data) > 3 and struct.unpack_from("<2xH", data)[0] not in _OWN_BOOK:
            has_links = True
    if len(sheets) > limits.members:
        raise RefusedError("file-too-large", f"{len(sheets)} sheet")
    legacy = [_font(fonts, number) for number in styles]
    return OldBook({name: _sheet(stream, start, legacy, limits) for name, start in sheets}, has_links)


def _font(fonts: Sequence[str], number: int) -> str:
    """The legacy font of a style; the format has no font number 4."""
    at = number - 1 if number > 4 else number
    return fonts[at] if at < len(fonts) and is_legacy(fonts[at]) else ""


def _sheet(stream: bytes, start: int, legacy: Sequence[str], limits: Limits) -> SheetFacts:
    marks: dict[Place, CellError] = {}
    fonts: dict[Place, str] = {}
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    merges: list[Box] = []
    far = [0, 0]
    for kind, data in _records(stream, start):
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", data)
            check_far(far, (row, column), limits)
            if error := _error(kind, data):
                marks[row, column] = CellError(error)
            elif style < len(legacy) and legacy[style]:
                fonts[row, column] = legacy[style]
        elif kind == _ROW and struct.unpack_from("<H", data, 12)[0] & 0x20:
            hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == _COLUMN and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            hidden_columns.update(range(first, min(last, limits.columns) + 1))
        elif kind == _MERGES:
            (count,) = struct.unpack_from("<H", data)
            for number in range(count):
                top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
                merges.append((top, left, bottom, right))
    return SheetFacts(marks, {}, fonts, frozenset(hidden_rows), frozenset(hidden_columns), tuple(merges))


def _error(kind: int, data: bytes) -> str:
    if kind == _LOGICAL_OR_ERROR and data[7]:
        return ERRORS.get(data[6], "#LỖI")
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return ERRORS.get(data[8], "#LỖI")
    return ""


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
