"""An old .xls sheet on which something is filled far away: what that is, and the stream without it."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.files.binary_formulas import short_number
from pipeline.files.findings import Place
from pipeline.files.limits import Limits
from pipeline.files.places import is_outside, near
from pipeline.files.xls.records import placed_records
from pipeline.values.cells import is_blank

_NUMBER, _TEXT, _TRUTH, _SHORT_NUMBER, _SHORT_NUMBERS = 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD
_FORMULA, _FORMULA_TEXT, _SHARED_TEXT = 0x0006, 0x0207, 0x00FD
_BLANK = 0x0201
_CELLS = (_NUMBER, _TEXT, _TRUTH, _SHORT_NUMBER, _SHORT_NUMBERS, _FORMULA, _SHARED_TEXT)

_Cell = tuple[int, Place, Any]  # where its record begins, its own place, its value


def part_far(
    stream: bytearray, start: int, marks: Mapping[Place, Any], texts: Sequence[str], limits: Limits
) -> tuple[dict[Place, Any], Place]:
    """What is filled far away on the sheet that begins at `start`, and how far all else reaches.

    The far cells are made blank in the stream. `marks` are the values that are known better.
    """
    cells = list(_cells(bytes(stream), start, texts))
    filled = {here: marks.get(here, value) for _, here, value in cells if not is_blank(marks.get(here, value))}
    box = near(filled, limits)
    for at, here, _ in cells:
        if is_outside(here, box):
            struct.pack_into("<H", stream, at, _BLANK)
    return {here: value for here, value in filled.items() if is_outside(here, box)}, box


def _cells(stream: bytes, start: int, texts: Sequence[str]) -> Iterator[_Cell]:
    formula: Place = (0, 0)
    for at, kind, data in placed_records(stream, start):
        if kind == _FORMULA_TEXT:
            yield at, formula, _text(data)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", data)
            formula = row, column
            if kind == _SHORT_NUMBERS:
                for number in range((len(data) - 6) // 6):
                    yield at, (row, column + number), short_number(data[6 + 6 * number : 10 + 6 * number])
            else:
                yield at, formula, _value(kind, data, texts)


def _value(kind: int, data: bytes, texts: Sequence[str]) -> Any:
    """What a cell holds; nothing of a formula that gives a text, which follows."""
    if kind == _SHARED_TEXT:
        (number,) = struct.unpack_from("<I", data, 6)
        return texts[number] if number < len(texts) else ""
    if kind == _TEXT:
        return _text(data[6:])
    if kind == _TRUTH:
        return bool(data[6])
    if kind == _FORMULA and data[12:14] == b"\xff\xff":
        return ""
    return short_number(data[6:10]) if kind == _SHORT_NUMBER else struct.unpack_from("<d", data, 6)[0]


def _text(data: bytes) -> str:
    (length,) = struct.unpack_from("<H", data)
    is_wide = len(data) > 2 and data[2] & 1
    return (
        data[3 : 3 + 2 * length].decode("utf-16-le", "replace") if is_wide else data[3 : 3 + length].decode("latin-1")
    )
