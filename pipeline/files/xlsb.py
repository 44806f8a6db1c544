"""What the binary parts of an .xlsb package hold that its reader would hide: errors, formulas without a value, hidden rows, legacy fonts.

Cells that leave out their column, as SheetJS writes them, come back written in full, since the reader would leave them out.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.files.attachments import as_comment, with_attachments
from pipeline.files.binary_formulas import ERRORS, gives_number, gives_text
from pipeline.files.findings import Box, Place, RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.places import check_far
from pipeline.files.rich_text import is_legacy
from pipeline.values.cells import CellError, Comment, Uncomputed

_ROW, _ERROR, _FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_ERROR, _COLUMN, _MERGE, _SHEET = 0, 3, 8, 9, 11, 60, 176, 156
_CELLS = range(2, 12)  # cells with content
_PLACED = range(1, 12)
_SHORT_CELLS = range(12, 19)  # the same without their column, one right of the cell before
_SHORTER_BY = 11
_FONT, _STYLE, _STYLES_BEGIN, _STYLES_END = 43, 47, 617, 618
_AUTHOR, _NOTE, _NOTE_TEXT = 632, 635, 637


@dataclass(frozen=True, slots=True)
class BinaryWorkbook:
    """Facts by sheet name, and the parts as the reader shall get them when it could not read them as they are."""

    sheets: Mapping[str, SheetFacts]
    mended: Mapping[str, bytes]


def look_into(parts: Mapping[str, bytes], limits: Limits) -> BinaryWorkbook:
    """Facts of every sheet. Records that make no sense are a `RefusedError`."""
    try:
        names = _names(parts, limits)
        fonts = _legacy_styles(parts.get("xl/styles.bin", b""))
        mended = {name: _in_full(parts[name]) for name in names if name in parts and _has_short_cells(parts[name])}
        sheets = {
            sheet: _sheet(mended.get(name, parts[name]), fonts, limits)
            for name, sheet in names.items()
            if name in parts
        }
        return BinaryWorkbook(with_attachments(sheets, lambda: names, parts, limits, _notes), mended)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise RefusedError("file-corrupt") from None


def _names(parts: Mapping[str, bytes], limits: Limits) -> dict[str, str]:
    targets: dict[str, str] = {}

    def link(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    walk(parts.get("xl/_rels/workbook.bin.rels", b"<none/>"), limits.depth, link)
    names = {}
    for kind, data in _records(parts.get("xl/workbook.bin", b"")):
        if kind == _SHEET:
            reference, after = _wide(data, 8)
            name, _ = _wide(data, after)
            names[targets.get(reference, "")] = name
    return names


def _legacy_styles(part: bytes) -> list[str]:
    """For each cell style, the name of its font if that is a legacy one."""
    fonts: list[str] = []
    styles: list[str] = []
    is_cell_style = False
    for kind, data in _records(part):
        if kind == _FONT:
            name, _ = _wide(data, 21)
            fonts.append(name if is_legacy(name) else "")
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            is_cell_style = kind == _STYLES_BEGIN
        elif kind == _STYLE and is_cell_style:
            number = struct.unpack_from("<H", data, 4)[0]
            styles.append(fonts[number] if number < len(fonts) else "")
    return styles


def _sheet(part: bytes, fonts: Sequence[str], limits: Limits) -> SheetFacts:
    marks: dict[Place, Any] = {}
    legacy: dict[Place, str] = {}
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    merges: list[Box] = []
    row, far = 0, [0, 0]
    for kind, data in _records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
            if data[11] & 0x10:
                hidden_rows.add(row)
        elif kind == _COLUMN:
            first, last, _, _, flags = struct.unpack_from("<IIIIH", data)
            if flags & 1:
                hidden_columns.update(range(first, min(last, limits.columns) + 1))
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", data)
            merges.append((top, left, bottom, right))
        elif kind in _CELLS:
            column, style = struct.unpack_from("<II", data)
            check_far(far, (row, column), limits)
            if kind in (_ERROR, _FORMULA_ERROR):
                marks[row, column] = CellError(ERRORS.get(data[8], "#LỖI"))
            elif (kind == _FORMULA_TEXT and _is_uncomputed(data)) or (
                kind == _FORMULA_NUMBER and gives_text(_tokens(data, 16), is_binary_12=True)
            ):
                marks[row, column] = Uncomputed("=…")
            elif (number := style & 0xFFFFFF) < len(fonts) and fonts[number]:
                legacy[row, column] = fonts[number]
    return SheetFacts(marks, {}, legacy, frozenset(hidden_rows), frozenset(hidden_columns), tuple(merges))


def _is_uncomputed(data: bytes) -> bool:
    """Whether a formula holds an empty text although it can only come to a number."""
    text, after = _wide(data, 8)
    return not text and gives_number(_tokens(data, after), is_binary_12=True)


def _tokens(data: bytes, after: int) -> bytes:
    """The formula itself, which stands behind its stored value."""
    (size,) = struct.unpack_from("<I", data, after + 2)
    return data[after + 6 : after + 6 + size]


def _has_short_cells(part: bytes) -> bool:
    return any(kind in _SHORT_CELLS for kind, _ in _records(part))


def _in_full(part: bytes) -> bytes:
    """The sheet with every cell naming its column."""
    written = bytearray()
    column = -1
    for kind, data in _records(part):
        if kind == _ROW:
            column = -1
        elif kind in _PLACED:
            (column,) = struct.unpack_from("<I", data)
        if kind in _SHORT_CELLS:
            column += 1
            written += _record(kind - _SHORTER_BY, struct.pack("<I", column) + data)
        else:
            written += _record(kind, data)
    return bytes(written)


def _notes(part: bytes, limits: Limits) -> list[Comment]:
    authors: list[str] = []
    found: list[Comment] = []
    author, here = "", (0, 0)
    for kind, data in _records(part):
        if kind == _AUTHOR:
            authors.append(_wide(data, 0)[0])
        elif kind == _NOTE:
            number, row, _, column = struct.unpack_from("<IIII", data)
            author, here = authors[number] if number < len(authors) else "", (row, column)
        elif kind == _NOTE_TEXT:
            found += as_comment(here, author, _wide(data, 1)[0])
    return found


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record; both kind and length are written seven bits a byte."""
    at = 0
    while at < len(part):
        kind, at = _varied(part, at, 2)
        length, at = _varied(part, at, 4)
        if at + length > len(part):
            raise RefusedError("file-corrupt")
        yield kind, part[at : at + length]
        at += length


def _record(kind: int, data: bytes) -> bytes:
    return _as_varied(kind) + _as_varied(len(data)) + data


def _varied(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for step in range(most):
        if at >= len(part):
            raise RefusedError("file-corrupt")
        value |= (part[at] & 0x7F) << (7 * step)
        at += 1
        if not part[at - 1] & 0x80:
            break
    return value, at


def _as_varied(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))


def _wide(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end
