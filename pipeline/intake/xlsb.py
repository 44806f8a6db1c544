"""What the binary parts of an .xlsb package hold that its reader would hide: error cells, hidden rows and columns, merges."""

import struct
from collections.abc import Iterator, Mapping

from pipeline.declare.records import CellError
from pipeline.intake.limits import Limits
from pipeline.intake.markup import walk
from pipeline.intake.places import check_far
from pipeline.intake.seen import Box, Place, RefusedError, SheetFacts

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}

_ROW, _BLANK, _ERROR, _FORMULA_ERROR, _COLUMN, _MERGE, _SHEET = 0, 1, 3, 11, 60, 176, 156
_CELLS = range(2, 12)  # cells with content
_SHORT_CELLS = range(13, 19)  # the same without their column, as only other programs write them; the reader leaves them out


def look_into(parts: Mapping[str, bytes], limits: Limits) -> dict[str, SheetFacts]:
    """Facts by sheet name. Records that make no sense are a `RefusedError`."""
    try:
        names = _names(parts, limits)
        return {sheet: _sheet(parts[name], limits) for name, sheet in names.items() if name in parts}
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


def _sheet(part: bytes, limits: Limits) -> SheetFacts:
    marks: dict[Place, CellError] = {}
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
        elif kind in _SHORT_CELLS:
            raise RefusedError("file-corrupt", " (tệp .xlsb ghi theo cách mà phần mềm này không đọc được)")
        elif kind in _CELLS:
            (column,) = struct.unpack_from("<I", data)
            check_far(far, (row, column), limits)
            if kind in (_ERROR, _FORMULA_ERROR):
                marks[row, column] = CellError(ERRORS.get(data[8], "#LỖI"))
    return SheetFacts(marks, hidden_rows=frozenset(hidden_rows), hidden_columns=frozenset(hidden_columns), merges=tuple(merges))


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record; both kind and length are written seven bits a byte."""
    at = 0
    while at < len(part):
        kind, at = _varied(part, at, 2)
        length, at = _varied(part, at, 4)
        if at + length > len(part):
            raise RefusedError("file-corrupt")
        if kind < 256:
            yield kind, part[at : at + length]
        at += length


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


def _wide(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end
