"""One sheet of an .xlsb workbook, record by record."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline.files.binary_formulas import ERRORS, gives_number, gives_text, short_number
from pipeline.files.findings import Box, Place, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.places import Reach, is_outside, near
from pipeline.files.xlsb.records import record, records, wide_text
from pipeline.files.xlsb.strings import Strings
from pipeline.files.xlsb.styles import Dress
from pipeline.values.cells import CellError, CellLook, Uncomputed, is_blank

_ROW, _ERROR, _FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_ERROR, _COLUMN, _MERGE = 0, 3, 8, 9, 11, 60, 176
_SHORT_NUMBER, _TEXT, _SHARED_TEXT, _TRUTHS = 2, 6, 7, (4, 10)
_CELLS = range(2, 12)  # cells with content
_PLACED = range(1, 12)
_SHORT_CELLS = range(12, 19)  # the same without their column, one right of the cell before
_SHORTER_BY = 11
_PLAIN = Dress()


def scan_sheet(part: bytes, dresses: Sequence[Dress], strings: Strings, limits: Limits) -> SheetFacts:
    """All facts of a sheet; `dresses` says what each cell style does."""
    scan = _Scan(dresses, strings, limits)
    for kind, data in records(part):
        scan.see(kind, data)
    facts = scan.facts()
    return _parted(facts, part, strings, limits) if scan.reach.is_far else facts


def _parted(facts: SheetFacts, part: bytes, strings: Strings, limits: Limits) -> SheetFacts:
    """The facts of a sheet on which something is filled far away."""
    values = {here: _value(kind, data, strings) for here, kind, data in _placed(part) if here not in facts.marks}
    filled = {here: value for here, value in (values | dict(facts.marks)).items() if not is_blank(value)}
    box = near(filled, limits)
    strays = {here: value for here, value in filled.items() if is_outside(here, box)}
    marks = {here: value for here, value in facts.marks.items() if here not in strays}
    return replace(facts, marks=marks, strays=strays, near=box)


def _placed(part: bytes) -> Iterator[tuple[Place, int, bytes]]:
    """The cells with content: where each is, and its record."""
    row = 0
    for kind, data in records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
        elif kind in _CELLS:
            yield (row, struct.unpack_from("<I", data)[0]), kind, data


def _value(kind: int, data: bytes, strings: Strings) -> Any:
    """What a cell holds."""
    if kind in (_TEXT, _FORMULA_TEXT):
        return wide_text(data, 8)[0]
    if kind == _SHARED_TEXT:
        (number,) = struct.unpack_from("<I", data, 8)
        return strings.text(number)
    if kind in _TRUTHS:
        return bool(data[8])
    return short_number(data[8:12]) if kind == _SHORT_NUMBER else struct.unpack_from("<d", data, 8)[0]


def without_far(part: bytes, box: Place) -> bytes:
    """The sheet without the cells outside so many rows and columns."""
    row, written = 0, bytearray()
    for kind, data in records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
        if kind not in _CELLS or not is_outside((row, struct.unpack_from("<I", data)[0]), box):
            written += record(kind, data)
    return bytes(written)


class _Scan:
    def __init__(self, dresses: Sequence[Dress], strings: Strings, limits: Limits) -> None:
        self._dresses, self._strings, self._limits = dresses, strings, limits
        self._looks: dict[Place, CellLook] = {}
        self._marks: dict[Place, Any] = {}
        self._legacy: dict[Place, str] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Box] = []
        self._row = 0
        self.reach = Reach(limits)

    def facts(self) -> SheetFacts:
        hidden = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
        return SheetFacts(self._marks, {}, self._legacy, *hidden, tuple(self._merges), looks=self._looks)

    def see(self, kind: int, data: bytes) -> None:
        """One record."""
        if kind == _ROW:
            (self._row,) = struct.unpack_from("<I", data)
            if data[11] & 0x10:
                self._hidden_rows.add(self._row)
        elif kind == _COLUMN:
            first, last, _, _, flags = struct.unpack_from("<IIIIH", data)
            if flags & 1:
                self._hidden_columns.update(range(first, min(last, self._limits.columns) + 1))
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", data)
            self._merges.append((top, left, bottom, right))
        elif kind in _CELLS:
            self._cell(kind, data)

    def _cell(self, kind: int, data: bytes) -> None:
        column, style = struct.unpack_from("<II", data)
        here = (self._row, column)
        self.reach.see(here)
        if kind in (_ERROR, _FORMULA_ERROR):
            self._marks[here] = CellError(ERRORS.get(data[8], "#LỖI"))
        elif _is_uncomputed(kind, data):
            self._marks[here] = Uncomputed("=…")
        number = style & 0xFFFFFF
        self._dress(kind, here, data, self._dresses[number] if number < len(self._dresses) else _PLAIN)

    def _dress(self, kind: int, here: Place, data: bytes, dress: Dress) -> None:
        """What the looks of a cell say: a legacy font, and letters that look otherwise than the rest."""
        if dress.look != _PLAIN.look:
            self._looks[here] = dress.look
        if dress.font and here not in self._marks:
            self._legacy[here] = dress.font
        if kind == _SHARED_TEXT and (told := self._strings.told(struct.unpack_from("<I", data, 8)[0], dress.letters)):
            self._marks[here] = told


def _is_uncomputed(kind: int, data: bytes) -> bool:
    """Whether a formula holds an empty text although it can only come to a number, or a number where it gives texts."""
    if kind == _FORMULA_NUMBER:
        return gives_text(_tokens(data, 16), is_binary_12=True)
    if kind != _FORMULA_TEXT:
        return False
    text, after = wide_text(data, 8)
    return not text and gives_number(_tokens(data, after), is_binary_12=True)


def _tokens(data: bytes, after: int) -> bytes:
    """The formula itself, which stands behind its stored value."""
    (size,) = struct.unpack_from("<I", data, after + 2)
    return data[after + 6 : after + 6 + size]


def has_short_cells(part: bytes) -> bool:
    """Whether cells leave out their column."""
    return any(kind in _SHORT_CELLS for kind, _ in records(part))


def in_full(part: bytes) -> bytes:
    """The sheet with every cell naming its column."""
    written = bytearray()
    column = -1
    for kind, data in records(part):
        if kind == _ROW:
            column = -1
        elif kind in _PLACED:
            (column,) = struct.unpack_from("<I", data)
        if kind in _SHORT_CELLS:
            column += 1
            written += record(kind - _SHORTER_BY, struct.pack("<I", column) + data)
        else:
            written += record(kind, data)
    return bytes(written)
