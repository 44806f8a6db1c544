"""One worksheet part in full: every cell with its address, for sheets in which something would not come through the reader."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.declare.records import CellError, Uncomputed, cell_name
from pipeline.intake.limits import Limits
from pipeline.intake.markup import walk
from pipeline.intake.seen import Box, Place, RefusedError, SheetFacts

_OTHER_FILE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class SharedText:
    """One entry of the shared strings; `font` is set where a run of it is written in a legacy font."""

    text: str
    font: str = ""


def shared_texts(part: bytes, limits: Limits) -> list[SharedText]:
    """The shared strings of a workbook, in order, without phonetic guides."""
    reader = _Strings()
    walk(part, limits.depth, reader.start, reader.end, reader.text)
    return reader.found


class _Strings:
    def __init__(self) -> None:
        self.found: list[SharedText] = []
        self._text: list[str] = []
        self._font = ""
        self._is_text = self._is_guide = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._text, self._font = [], ""
        elif name == "rPh":
            self._is_guide = True
        elif name == "t":
            self._is_text = not self._is_guide
        elif name == "rFont" and is_legacy(attributes.get("val", "")):
            self._font = self._font or attributes["val"]

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append(SharedText("".join(self._text), self._font))
        elif name == "rPh":
            self._is_guide = False
        elif name == "t":
            self._is_text = False

    def text(self, data: str) -> None:
        if self._is_text:
            self._text.append(data)


def is_legacy(font: str) -> bool:
    """Whether a font belongs to TCVN3 (.Vn…) or VNI (VNI-…)."""
    return font.casefold().startswith((".vn", "vni-"))


@dataclass(slots=True)
class _Cell:
    place: Place
    kind: str
    style: str
    formula: str | None = None
    value: str | None = None
    text: str | None = None
    is_computed: bool = True  # the formula stands before its value, as every reader expects
    parts: list[str] = field(default_factory=list)


def scan_sheet(part: bytes, strings: Sequence[SharedText], fonts: Sequence[str], limits: Limits) -> SheetFacts:
    """All facts of a sheet; `fonts` gives the legacy font, if any, of each cell style."""
    scan = _Scan(strings, fonts, limits)
    walk(part, limits.depth, scan.start, scan.end, scan.text)
    return scan.facts()


class _Scan:
    def __init__(self, strings: Sequence[SharedText], fonts: Sequence[str], limits: Limits) -> None:
        self._strings, self._fonts, self._limits = strings, fonts, limits
        self._row, self._column = 0, 0
        self._cell: _Cell | None = None
        self._is_text = self._is_guide = False
        self._marks: dict[Place, Any] = {}
        self._held: dict[Place, Any] = {}
        self._legacy: dict[Place, str] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Box] = []
        self._linked = ""
        self._far = [0, 0]

    def facts(self) -> SheetFacts:
        hidden = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
        return SheetFacts(self._marks, self._held, self._legacy, *hidden, tuple(self._merges), self._linked)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        cell = self._cell
        if name == "c":
            self._cell = _Cell(self._place(attributes.get("r", "")), attributes.get("t", ""), attributes.get("s", ""))
        elif name == "row":
            self._start_row(attributes)
        elif name in ("v", "f", "t"):
            self._is_text = cell is not None and not self._is_guide
            if cell and name == "f":
                cell.is_computed = cell.value is None
                cell.formula = ""
            if cell:
                cell.parts = []
        elif name == "rPh":
            self._is_guide = True
        elif name == "is" and cell:
            cell.text = ""
        elif name == "col" and is_true(attributes.get("hidden", "")):
            first, last = _whole(attributes.get("min", "1")), _whole(attributes.get("max", "1"))
            self._hidden_columns.update(range(first - 1, min(last, self._limits.columns)))
        elif name == "mergeCell":
            self._merges.append(box(attributes.get("ref", "")))

    def end(self, name: str) -> None:
        cell = self._cell
        if name == "row":
            self._row, self._column = self._row + 1, 0
        elif name == "rPh":
            self._is_guide = False
        elif cell and name in ("v", "f", "t"):
            text, self._is_text = "".join(cell.parts), False
            if name == "v":
                cell.value = text
            elif name == "f":
                cell.formula = text
            elif not self._is_guide:
                cell.text = (cell.text or "") + text
        elif cell and name == "c":
            self._settle(cell)
            self._cell, self._column = None, self._column + 1

    def text(self, data: str) -> None:
        if self._is_text and self._cell:
            self._cell.parts.append(data)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", "")
        if number:
            self._row = _whole(number) - 1
        if is_true(attributes.get("hidden", "")):
            self._hidden_rows.add(self._row)

    def _place(self, reference: str) -> Place:
        if reference:
            row, self._column = place(reference)
            return row, self._column
        return self._row, self._column

    def _settle(self, cell: _Cell) -> None:
        """What the cell holds, against what a reader makes of it."""
        if cell.formula is not None:
            self._settle_formula(cell)
        elif cell.kind == "e":
            self._marks[cell.place] = CellError((cell.value or "#LỖI").strip())
        elif cell.kind == "s" and cell.value is not None and not is_index(cell.value):
            self._settle_index(cell)
        value = cell.text if cell.text is not None else cell.value
        if value and value.strip():
            self._hold(cell, value)
        if value or cell.formula is not None:
            check_far(self._far, cell.place, self._limits)

    def _settle_formula(self, cell: _Cell) -> None:
        if not self._linked and _OTHER_FILE.search(cell.formula or ""):
            self._linked = cell_name(cell.place[1], cell.place[0] + 1)
        if cell.kind == "e":
            self._marks[cell.place] = CellError((cell.value or "#LỖI").strip())
        elif cell.text is None and (not cell.is_computed or cell.value is None or (not cell.value and cell.kind != "str")):
            self._marks[cell.place] = Uncomputed("=" + (cell.formula or "…"))

    def _settle_index(self, cell: _Cell) -> None:
        """An index with anything but digits is read as 0 by the reader: silently another text."""
        index = (cell.value or "").strip()
        if not index:
            return
        if not is_index(index) or int(index) >= len(self._strings):
            raise RefusedError("file-corrupt", " (bảng chữ bên trong không khớp)")
        self._marks[cell.place] = self._strings[int(index)].text

    def _hold(self, cell: _Cell, value: str) -> None:
        shared = None
        if cell.kind == "s" and is_index(value.strip()):
            shared = self._strings[int(value)] if int(value) < len(self._strings) else None
        style = int(cell.style) if is_index(cell.style) else 0
        font = (self._fonts[style] if style < len(self._fonts) else "") or (shared.font if shared else "")
        self._held[cell.place] = shared.text if shared else value
        if font:
            self._legacy[cell.place] = font


def check_far(far: list[int], here: Place, limits: Limits) -> None:
    """Widen the rectangle of content to `here`; refuse it where a reader would fill gigabytes with blanks."""
    far[0], far[1] = max(far[0], here[0] + 1), max(far[1], here[1] + 1)
    if far[0] > limits.rows or far[1] > limits.columns or far[0] * far[1] > limits.cells:
        raise RefusedError("file-too-large", "có ô ghi ở rất xa ngoài bảng")


def is_index(text: str) -> bool:
    """Digits only, and few enough to be a position."""
    return text.isascii() and text.isdigit() and len(text) <= 9


def is_true(value: str) -> bool:
    """An XML Boolean."""
    return value in ("1", "true")


def place(reference: str) -> Place:
    """Row and column from zero of `F17`."""
    letters = reference.rstrip("0123456789")
    number = reference[len(letters) :]
    if not (letters.isascii() and letters.isalpha()) or not number or len(reference) > 12:
        raise RefusedError("file-corrupt")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(number) - 1, column - 1


def box(reference: str) -> Box:
    """The rectangle of `A1:B2`, or of one cell."""
    first, _, last = reference.replace("$", "").partition(":")
    return (*place(first), *place(last or first))


def _whole(text: str) -> int:
    if not is_index(text):
        raise RefusedError("file-corrupt")
    return int(text)
