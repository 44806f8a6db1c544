"""One sheet of an old .xls workbook, record by record."""

import struct
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.files.binary_formulas import ERRORS, gives_number, gives_text
from pipeline.files.findings import Box, Place, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.places import Reach
from pipeline.files.rich_text import is_legacy
from pipeline.files.xls.boxes import KINDS, BoxReader
from pipeline.files.xls.globals import NO_FONT, Font
from pipeline.files.xls.strings import RichStrings
from pipeline.values.cells import CellError, CellLook, Uncomputed

_ROW, _COLUMN, _MERGES, _FORMULA, _LOGICAL_OR_ERROR, _FORMULA_TEXT = 0x0208, 0x007D, 0x00E5, 0x0006, 0x0205, 0x0207
_NUMBER, _TEXT, _SMALL_NUMBER, _SHARED_TEXT = 0x0203, 0x0204, 0x027E, 0x00FD
_CELLS = (_FORMULA, _LOGICAL_OR_ERROR, _NUMBER, _TEXT, _SMALL_NUMBER, _SHARED_TEXT)
_RESULT_IS_TEXT, _RESULT_IS_ERROR, _RESULT_IS_EMPTY = 0, 2, 3


class SheetScan:
    """What was seen of one sheet. Some of it says something only beside what was seen of the others."""

    def __init__(self, styles: Sequence[Font], strings: RichStrings, is_wide: bool, limits: Limits) -> None:
        self.is_proof = False  # whether a formula shows that the program which wrote the file does not compute
        self.is_wordless = False  # whether one shows that it stores 0 for a text, as LibreOffice does
        self._styles, self._strings, self._limits = styles, strings, limits
        self._marks: dict[Place, Any] = {}
        self._empty: list[Place] = []  # formulas that hold an empty text
        self._zeros: list[Place] = []  # formulas that hold 0 and may as well come to a text
        self._waiting: Place | None = None  # a formula whose text is to come
        self._fonts: dict[Place, str] = {}
        self._looks: dict[Place, CellLook] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Box] = []
        self._boxes = BoxReader(is_wide)
        self.reach = Reach(limits)

    def facts(self, is_computed: bool, is_worded: bool) -> SheetFacts:
        """The facts of the sheet.

        Where nothing is computed, formulas without a text are formulas without a value; where no texts are stored,
        those with 0 are.
        """
        lost = [
            *([] if is_computed else self._empty),
            *([] if is_worded else self._zeros),
            *([self._waiting] if self._waiting else []),
        ]
        marks = {**self._marks, **{here: Uncomputed("=…") for here in lost}}
        hidden = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
        return SheetFacts(
            marks,
            {},
            self._fonts,
            *hidden,
            tuple(self._merges),
            comments=self._boxes.comments,
            drawn=self._boxes.drawn,
            looks=self._looks,
        )

    def see(self, kind: int, data: bytes) -> None:
        """One record."""
        if kind in _CELLS:
            self._cell(kind, data)
        elif kind == _FORMULA_TEXT and self._waiting:
            if not struct.unpack_from("<H", data)[0]:
                self._empty.append(self._waiting)
            self._waiting = None
        elif kind == _ROW:
            if struct.unpack_from("<H", data, 12)[0] & 0x20:
                self._hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == _COLUMN:
            if data[8] & 1:
                first, last = struct.unpack_from("<HH", data)
                self._hidden_columns.update(range(first, min(last, self._limits.columns) + 1))
        elif kind == _MERGES:
            self._merges += _merges(data)
        elif kind in KINDS:
            self._boxes.see(kind, data)

    def _cell(self, kind: int, data: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        here = (row, column)
        self.reach.see(here)
        if self._waiting:
            self._marks[self._waiting] = Uncomputed("=…")
            self._waiting = None
        if kind == _LOGICAL_OR_ERROR and data[7]:
            self._marks[here] = CellError(ERRORS.get(data[6], "#LỖI"))
        elif kind == _FORMULA:
            self._formula(here, data)
        self._dress(kind, here, data, self._styles[style] if style < len(self._styles) else NO_FONT)

    def _dress(self, kind: int, here: Place, data: bytes, font: Font) -> None:
        """What the looks of a cell say: a legacy font, and letters that look otherwise than the rest."""
        if font.look.is_struck or font.format or font.is_unseen:
            self._looks[here] = CellLook(font.format, font.look.is_struck, font.is_unseen)
        if is_legacy(font.name) and here not in self._marks:
            self._fonts[here] = font.name
        if kind == _SHARED_TEXT and (told := self._strings.told(struct.unpack_from("<I", data, 6)[0], font.look)):
            self._marks[here] = told

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


def scan_sheet(
    records: Iterable[tuple[int, bytes]], styles: Sequence[Font], strings: RichStrings, is_wide: bool, limits: Limits
) -> SheetScan:
    """Walk through the records of a sheet; `styles` gives the font of each cell style."""
    scan = SheetScan(styles, strings, is_wide, limits)
    for kind, data in records:
        scan.see(kind, data)
    return scan


def _merges(data: bytes) -> list[Box]:
    (count,) = struct.unpack_from("<H", data)
    boxes = (struct.unpack_from("<HHHH", data, 2 + 8 * number) for number in range(count))
    return [(top, left, bottom, right) for top, bottom, left, right in boxes]
