"""One worksheet of somebody's workbook: its cells by place, to be read, given another look, or answered again.

All else stays as it is.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from lxml import etree

from pipeline.values.cells import cell_name, column_number

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

Place = tuple[int, int]  # row and column, both from one
Element = Any

_DIGITS = "0123456789"
_NAME = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")


def place_of(name: str) -> Place | None:
    """Row and column of a name such as `F17`; nothing when no cell has that name."""
    match = _NAME.fullmatch(name)
    if not match:
        return None
    row, column = int(match[2]), column_number(match[1]) + 1
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


def name_of(place: Place) -> str:
    """`F17` for row 17 and column 6."""
    return cell_name(place[1] - 1, place[0])


class SheetPart:
    """The cells of one worksheet.

    `shared` gives the text behind a number of the shared strings; `changing` is told before a change.
    """

    def __init__(self, root: Element, shared: Callable[[int], str], changing: Callable[[], object]) -> None:
        self.root = root
        self.changing = changing
        self._shared = shared
        self._rows: dict[int, list[Element]] = {}  # of two that bear one number the last is the row
        self._cells: dict[int, dict[int, Element]] = {}  # of the rows that were looked at, by column
        self._orders: dict[int, list[int]] = {}
        number = 0
        for row in root.iterfind(f"{MAIN}sheetData/{MAIN}row"):
            number = int(row.get("r", number + 1))
            self._rows.setdefault(number, []).append(row)

    def __iter__(self) -> Iterator[Place]:
        return ((number, column) for number in self._rows for column in self._cells_of(number))

    def _cells_of(self, number: int) -> dict[int, Element]:
        """The cells of a row by their columns; few rows of a long sheet are ever asked about."""
        if number not in self._cells:
            found: dict[int, Element] = {}
            for row in self._rows.get(number, ()):
                column = 0
                for cell in row.iterfind(f"{MAIN}c"):
                    letters = cell.get("r", "").rstrip(_DIGITS)
                    column = column_number(letters) + 1 if letters else column + 1
                    found[column] = cell
            self._cells[number] = found
        return self._cells[number]

    def _found(self, place: Place) -> Element | None:
        return self._cells_of(place[0]).get(place[1])

    def text(self, place: Place) -> str:
        """What stands in the cell as text; empty where there is nothing."""
        cell = self._found(place)
        if cell is None:
            return ""
        if cell.get("t") == "inlineStr":
            return words(cell)
        value = cell.findtext(f"{MAIN}v", "")
        return self._shared(int(value)) if cell.get("t") == "s" and value else value

    def number(self, place: Place) -> float | None:
        """The number that somebody wrote there; none for text, and none for a formula."""
        cell = self._found(place)
        if (
            cell is None
            or cell.get("t", "n") != "n"
            or cell.find(f"{MAIN}f") is not None
            or not cell.findtext(f"{MAIN}v")
        ):
            return None
        return float(cell.findtext(f"{MAIN}v"))

    def style(self, place: Place) -> int:
        """The number of the cell's look; an empty place has that of its row, or of its column."""
        cell = self._found(place)
        return int(cell.get("s", 0)) if cell is not None else self._style_around(place)

    def dress(self, place: Place, style: int) -> None:
        """Give the cell a look."""
        self._cell(place).set("s", str(style))

    def write(self, place: Place, value: int | str) -> None:
        """Answer again: a number as a number, text as text whatever it begins with."""
        cell = self._cell(place)
        for child in list(cell):
            cell.remove(child)
        for key in ("t", "cm", "vm"):
            cell.attrib.pop(key, None)
        if isinstance(value, int):
            etree.SubElement(cell, f"{MAIN}v").text = str(value)
        else:
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
            text.text = value

    @property
    def is_protected(self) -> bool:
        found = self.root.find(f"{MAIN}sheetProtection")
        return found is not None and found.get("sheet") in ("1", "true")

    @property
    def has_password(self) -> bool:
        """Whether taking the protection off asks for a password, which only the unit knows."""
        found = self.root.find(f"{MAIN}sheetProtection")
        return found is not None and bool(found.get("password") or found.get("hashValue"))

    def unmerged(self, place: Place) -> Place:
        """The place itself, or of a merged area the cell that holds its value."""
        starts, ends = self._merges
        covering = np.flatnonzero(((starts <= place) & (ends >= place)).all(axis=1))
        return (int(starts[covering[0], 0]), int(starts[covering[0], 1])) if covering.size else place

    @cached_property
    def _merges(self) -> tuple[Any, Any]:
        """The first and the last cells of all merged areas: two columns each, row and column, compared at once."""
        names = (area.get("ref", "").partition(":") for area in self.root.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell"))
        found = [(*start, *end) for first, _, last in names if (start := place_of(first)) and (end := place_of(last))]
        areas = np.array(found, dtype="int64").reshape(-1, 4)
        return areas[:, :2], areas[:, 2:]

    def _cell(self, place: Place) -> Element:
        """The element of a cell that is going to change, made where there is none."""
        self.changing()
        number, column = place
        cells = self._cells_of(number)
        if column not in cells:
            row = self._row(number)
            cell = etree.Element(f"{MAIN}c", r=name_of(place), s=str(self._style_around(place)))
            order = self._orders.setdefault(number, sorted(cells))
            _insert(row, cell, column, order, cells.__getitem__)
            row.attrib.pop("spans", None)
            cells[column] = cell
            for dimension in self.root.findall(f"{MAIN}dimension"):
                self.root.remove(dimension)
        return cells[column]

    def _row(self, number: int) -> Element:
        if number not in self._rows:
            row = etree.Element(f"{MAIN}row", r=str(number))
            data = self.root.find(f"{MAIN}sheetData")
            _insert(data, row, number, self._row_order, lambda above: self._rows[above][-1])
            self._rows[number] = [row]
        return self._rows[number][-1]

    @cached_property
    def _row_order(self) -> list[int]:
        """The rows that are there, in order."""
        return sorted(self._rows)

    def _style_around(self, place: Place) -> int:
        row = self._rows.get(place[0], [None])[-1]
        if row is not None and row.get("s") and row.get("customFormat") in ("1", "true"):
            return int(row.get("s"))
        for item in self.root.iterfind(f"{MAIN}cols/{MAIN}col"):
            if int(item.get("min", 0)) <= place[1] <= int(item.get("max", 0)):
                return int(item.get("style", 0))
        return 0


def _insert(parent: Element, item: Element, number: int, numbers: list[int], element: Callable[[int], Element]) -> None:
    """Put `item` behind its neighbour with the next lower of `numbers`, which are in order.

    No other element is looked at, so that many do not take long.
    """
    at = bisect(numbers, number)
    if at:
        element(numbers[at - 1]).addnext(item)
    else:
        parent.insert(0, item)
    numbers.insert(at, number)


def words(element: Element) -> str:
    """The text of a string, of all its runs, without the reading aids of Asian scripts."""
    return "".join(text.text or "" for text in element.iter(f"{MAIN}t") if text.getparent().tag != f"{MAIN}rPh")
