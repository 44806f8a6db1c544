"""One worksheet part in full, cell by cell: for sheets in which something would not come through the reader."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from pipeline.files.findings import Box, Place, RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.places import Reach, box, is_index, is_outside, near, place, whole
from pipeline.files.xlsx.looks import NO_LOOKS, Looks
from pipeline.files.xlsx.sharedtext import RichText, SharedText
from pipeline.values.cells import CellError, CellLook, Uncomputed, cell_name, is_blank

_OTHER_FILE = re.compile(r"\[\d+\]|\bIMPORTRANGE\(", re.IGNORECASE)  # the second is Google's
_IN_CELLS = ("v", "f", "is")


@dataclass(slots=True)
class _Cell:
    place: Place
    kind: str
    style: str
    formula: str | None = None
    over: str = ""  # the cells that share the formula
    value: str | None = None
    string: RichText | None = None  # written in the cell itself
    is_computed: bool = True  # the formula stands before its value, as every reader expects
    parts: list[str] = field(default_factory=list)


def scan_sheet(
    part: bytes, strings: Sequence[SharedText], fonts: Sequence[str], limits: Limits, looks: Looks = NO_LOOKS
) -> SheetFacts:
    """All facts of a sheet; `fonts` gives the legacy font, if any, of each cell style, `looks` those that are odd."""
    scan = _Scan(strings, fonts, looks, limits)
    walk(part, limits.depth, scan.start, scan.end, scan.text)
    return scan.facts()


class _Scan:
    def __init__(self, strings: Sequence[SharedText], fonts: Sequence[str], looks: Looks, limits: Limits) -> None:
        self._strings, self._fonts, self._limits = strings, fonts, limits
        self._looks, self._seen = looks, dict[Place, CellLook]()
        self._row, self._column = 0, 0
        self._cell: _Cell | None = None
        self._string: RichText | None = None  # that is being read
        self._is_text = False
        self._marks: dict[Place, Any] = {}
        self._held: dict[Place, Any] = {}
        self._legacy: dict[Place, str] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Box] = []
        self._linked: list[Box] = []
        self._reach = Reach(limits)

    def facts(self) -> SheetFacts:
        hidden = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
        strays, box = self._parted() if self._reach.is_far else ({}, None)
        found = self._marks, self._held, self._legacy
        return SheetFacts(
            *found, *hidden, tuple(self._merges), tuple(self._linked), strays=strays, near=box, looks=self._seen
        )

    def _parted(self) -> tuple[dict[Place, Any], Place]:
        """What is filled far away, taken from all else; and how far all else reaches."""
        filled = {here: value for here, value in (self._held | self._marks).items() if not is_blank(value)}
        box = near(filled, self._limits)
        for found in (self._marks, self._held, self._legacy):
            for here in [here for here in found if is_outside(here, box)]:
                del found[here]
        return {here: value for here, value in filled.items() if is_outside(here, box)}, box

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._string:
            self._string.start(name, attributes)
        elif name == "c":
            self._cell = _Cell(self._place(attributes.get("r", "")), attributes.get("t", ""), attributes.get("s", ""))
        elif name == "row":
            self._start_row(attributes)
        elif name in _IN_CELLS:
            self._start_in_cell(name, self._cell, attributes.get("ref", ""))
        elif name == "col" and _is_true(attributes.get("hidden", "")):
            first, last = whole(attributes.get("min", "1")), whole(attributes.get("max", "1"))
            self._hidden_columns.update(range(first - 1, min(last, self._limits.columns)))
        elif name == "mergeCell":
            self._merges.append(box(attributes.get("ref", "")))

    def _start_in_cell(self, name: str, cell: _Cell | None, over: str) -> None:
        if name == "is":
            if cell:
                self._string = cell.string = RichText()
            return
        self._is_text = cell is not None
        if cell and name == "f":
            cell.is_computed = cell.value is None
            cell.formula, cell.over = "", over
        if cell:
            cell.parts = []

    def end(self, name: str) -> None:
        cell = self._cell
        if name == "is":
            self._string = None
        elif self._string:
            self._string.end(name)
        elif name == "row":
            self._row, self._column = self._row + 1, 0
        elif cell and name in ("v", "f"):
            text, self._is_text = "".join(cell.parts), False
            if name == "v":
                cell.value = text
            else:
                cell.formula = text
        elif cell and name == "c":
            self._settle(cell)
            self._cell, self._column = None, self._column + 1

    def text(self, data: str) -> None:
        if self._string:
            self._string.see(data)
        elif self._is_text and self._cell:
            self._cell.parts.append(data)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", "")
        if number:
            self._row = whole(number) - 1
        if _is_true(attributes.get("hidden", "")):
            self._hidden_rows.add(self._row)

    def _place(self, reference: str) -> Place:
        if reference:
            row, self._column = place(reference)
            return row, self._column
        return self._row, self._column

    def _settle(self, cell: _Cell) -> None:
        """What the cell holds, against what a reader makes of it."""
        value = cell.string.told if cell.string else cell.value
        has_content = bool(value) or cell.formula is not None
        if has_content and (cell.place in self._held or cell.place in self._marks):
            raise RefusedError("file-corrupt", f"ô {cell_name(cell.place[1], cell.place[0] + 1)} được ghi hai lần")
        if cell.formula is not None:
            self._settle_formula(cell)
        else:
            self._settle_value(cell, value)
        if cell.kind in ("", "n") and value and _is_endless(value):
            self._marks[cell.place] = CellError("#NUM!")  # as spreadsheets show it
        if value and value.strip():
            self._hold(cell, value)
            if self._looks and is_index(cell.style) and (look := self._looks.get(int(cell.style))):
                self._seen[cell.place] = look
        if has_content or cell.value is not None or cell.string:  # a text without letters is content to a reader
            self._reach.see(cell.place)

    def _settle_value(self, cell: _Cell, value: str | None) -> None:
        if cell.kind == "e":
            self._marks[cell.place] = CellError((cell.value or "#LỖI").strip())
        elif cell.string and cell.string.text != value:
            self._marks[cell.place] = value
        elif cell.kind == "s" and cell.value is not None and not is_index(cell.value):
            self._settle_index(cell)

    def _settle_formula(self, cell: _Cell) -> None:
        if _OTHER_FILE.search(cell.formula or ""):
            self._linked.append(box(cell.over) if ":" in cell.over else (*cell.place, *cell.place))
        if cell.kind == "e":
            self._marks[cell.place] = CellError((cell.value or "#LỖI").strip())
        elif cell.string is None and (
            not cell.is_computed or cell.value is None or (not cell.value and cell.kind != "str")
        ):
            self._marks[cell.place] = Uncomputed("=" + (cell.formula or "…"))

    def _settle_index(self, cell: _Cell) -> None:
        """An index with anything but digits is read as 0 by the reader: silently another text."""
        index = (cell.value or "").strip()
        if not index:
            return
        if not is_index(index) or int(index) >= len(self._strings):
            raise RefusedError("file-corrupt", "bảng chữ bên trong không khớp")
        self._marks[cell.place] = self._strings[int(index)].text

    def _hold(self, cell: _Cell, value: str) -> None:
        shared = None
        if cell.kind == "s" and is_index(value.strip()):
            shared = self._strings[int(value)] if int(value) < len(self._strings) else None
        style = int(cell.style) if is_index(cell.style) else 0
        string = shared or cell.string
        font = (self._fonts[style] if style < len(self._fonts) else "") or (string.font if string else "")
        self._held[cell.place] = shared.text if shared else value
        if font:
            self._legacy[cell.place] = font


def _is_endless(text: str) -> bool:
    """What a program wrote as a number that came to none: INF, NaN."""
    try:
        return not isfinite(float(text))
    except ValueError:
        return False


def _is_true(value: str) -> bool:
    """An XML Boolean."""
    return value in ("1", "true")
