"""One sheet of an .ods document: its rows and cells counted, since they do not say where they stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pipeline.files.findings import Box, Place, RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.ods.hung import Drawings
from pipeline.files.ods.styles import Dress, Styles
from pipeline.files.ods.text import CellText, repeat
from pipeline.files.places import Reach, is_outside, near
from pipeline.files.rich_text import Run, told
from pipeline.values.cells import CellError, CellLook, Comment, cell_name, is_blank

_WORDED = re.compile(r"(\D*?)-?(\d(?:[\d., \u00a0\u202f]*\d)?)(\D*)")  # a number between what its format adds
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_EPOCH, _LAST_DAY = date(1899, 12, 30), 2_900_000
_HIDDEN = ("collapse", "filter")
CELLS = ("table-cell", "covered-table-cell")


class Table:
    """A sheet that is being read. `comments` and `drawings` are filled in by who walks through it."""

    def __init__(self, name: str, styles: Styles, limits: Limits) -> None:
        self.name = name
        self.comments: list[Comment] = []
        self.drawings = Drawings()
        self._styles, self._limits = styles, limits
        self._row = self._column = self._columns_seen = 0
        self._row_repeat = 1
        self._row_style = ""  # of its cells that name none; else that of their column
        self._column_styles: list[tuple[int, str]] = []  # behind which column each ends
        self._cell: dict[str, str] = {}
        self._text: CellText | None = None  # of the cell that is being read
        self._marks: dict[Place, Any] = {}
        self._legacy: dict[Place, str] = {}
        self._looks: dict[Place, CellLook] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Box] = []
        self._linked: list[Box] = []
        self._reach = Reach(limits)
        self._filled: dict[
            Place, tuple[Place, str]
        ] = {}  # by their first cell: the last one of a run, and what it says

    @property
    def is_in_cell(self) -> bool:
        return self._text is not None

    @property
    def here(self) -> Place:
        return self._row, self._column

    @property
    def corner(self) -> Place:
        """The cell that holds a drawing; drawings of the whole sheet stand before its cells."""
        return self.here if self._text is not None else (-1, -1)

    def facts(self) -> SheetFacts:
        """The facts of the sheet."""
        hidden = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
        hung = tuple(self.comments), tuple(self.drawings.found)
        facts = SheetFacts(
            self._marks, {}, self._legacy, *hidden, tuple(self._merges), tuple(self._linked), *hung, looks=self._looks
        )
        return self._parted(facts) if self._reach.is_far else facts

    def _parted(self, facts: SheetFacts) -> SheetFacts:
        """The facts of a sheet on which something is filled far away."""
        box = near([last for last, _ in self._filled.values()], self._limits)
        far = {here: said for here, (last, said) in self._filled.items() if is_outside(last, box)}
        limits = self._limits.rows, self._limits.columns
        if long := [here for here in far if self._filled[here][0] != here and not is_outside(here, limits)]:
            first = cell_name(long[0][1], long[0][0] + 1)
            raise RefusedError("file-too-large", f"ô {first} được ghi lặp lại tới rất xa ngoài bảng")
        strays = {here: self._marks.get(here, said) for here, said in far.items()}
        marks = {here: value for here, value in self._marks.items() if not is_outside(here, box)}
        return replace(facts, marks=marks, strays=strays, near=box)

    def start(self, name: str, attributes: Mapping[str, str], here: Mapping[str, str]) -> None:
        """An element of the sheet; `here` are its attributes by names freed of their prefix."""
        if name == "table-column":
            self._start_columns(here)
        elif name == "table-row":
            self._start_rows(here)
        elif name in CELLS:
            self._cell = {**here, "calcext": attributes.get("calcext:value-type", ""), "tag": name}
            self._text = CellText(self._styles.look)
        elif self._text is not None:
            self._text.start(name, here)

    def end(self, name: str) -> None:
        if name == "span" and self._text is not None:
            self._text.end_span()
        elif name == "table-row":
            self._row += self._row_repeat
        elif name in CELLS:
            self._settle(self._text.runs if self._text is not None else ())
            self._column += repeat(self._cell.get("number-columns-repeated", ""))
            self._text = None

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.text(data)

    def _start_columns(self, here: Mapping[str, str]) -> None:
        first = self._columns_seen
        self._columns_seen += repeat(here.get("number-columns-repeated", ""))
        self._column_styles.append((self._columns_seen, here.get("default-cell-style-name", "")))
        if here.get("visibility") in _HIDDEN:
            self._hidden_columns.update(range(first, min(self._columns_seen, self._limits.columns)))

    def _start_rows(self, here: Mapping[str, str]) -> None:
        self._row_repeat = repeat(here.get("number-rows-repeated", ""))
        self._column = 0
        self._row_style = here.get("default-cell-style-name", "")
        if here.get("visibility") in _HIDDEN:
            self._hidden_rows.update(range(self._row, min(self._row + self._row_repeat, self._limits.rows)))

    def _settle(self, runs: Sequence[Run]) -> None:
        """What the cell holds, against what a reader makes of it."""
        here, text = self.here, "".join(run.text for run in runs)
        kind = self._cell.get("value-type", "")
        said = text if kind in ("", "string") or text.strip() else self._cell.get("value", kind)
        self._settle_place(here, said, is_written=bool(kind or text))
        if self._is_error(text):
            self._marks[here] = CellError(text or "#LỖI")
        elif kind in ("", "string") and (seen := told(runs)) != text:
            self._marks[here] = seen
        if kind or text:
            dress = self._styles.dress(self._style_of(here))
            value = self._cell.get("value", "")
            if look := _look_of(kind, value, text, dress):
                self._looks[here] = look
            if dress.format is None and kind == "float" and (day := _day_of(value, text)):
                self._marks[here] = day
            if dress.font:
                self._legacy[here] = dress.font

    def _style_of(self, here: Place) -> str:
        if own := self._cell.get("style-name", "") or self._row_style:
            return own
        return next((style for end, style in self._column_styles if here[1] < end), "")

    def _settle_place(self, here: Place, said: str, is_written: bool) -> None:
        """Where the cell reaches: over which others it is merged, how often it is repeated, into which other file."""
        cell = self._cell
        rows, columns = (repeat(cell.get(f"number-{name}-spanned", "")) for name in ("rows", "columns"))
        if rows > 1 or columns > 1:
            self._merges.append((*here, here[0] + rows - 1, here[1] + columns - 1))
        if "file://" in cell.get("formula", ""):
            self._linked.append((*here, *here))
        if is_written:
            across = repeat(cell.get("number-columns-repeated", ""))
            last = here[0] + self._row_repeat - 1, here[1] + across - 1
            self._reach.see(last)
            if not is_blank(said):
                self._filled[here] = last, said

    def _is_error(self, text: str) -> bool:
        is_formula = bool(self._cell.get("formula", ""))
        return self._cell["calcext"] == "error" or (is_formula and text.startswith(("#", "Err:")))


def _look_of(kind: str, value: str, text: str, dress: Dress) -> CellLook | None:
    """How a cell shows what it holds; where its style has no number format, by the text that is shown for a number."""
    code = dress.format or ""
    if dress.format is None and kind == "percentage":
        code = "0%"
    elif dress.format is None and kind == "float":
        code = _format_by_text(value, text.strip())
    look = CellLook(code, dress.look.is_struck, dress.is_unseen)
    return look if look != CellLook() else None


def _format_by_text(value: str, text: str) -> str:
    """A format that shows a number as this text; empty where the text is just the number, or too odd to tell."""
    found = _WORDED.fullmatch(text)
    if not found or '"' in text:
        return ""
    before, digits, after = found.groups()
    if not _is_said(digits, value):
        return f'"{text}"'
    return f'"{before}"0"{after}"' if any(map(str.isalpha, text)) else ""


def _is_said(digits: str, value: str) -> bool:
    """Whether digits with dots, commas or spaces are a number, rounded as they show it."""
    try:
        number = abs(float(value))
    except ValueError:
        return True
    for point, thousands in (",.", ".,"):
        bare = "".join(digits.replace(thousands, "").split()).replace(point, ".").rstrip(".")
        decimals = len(bare.partition(".")[2])
        if bare.count(".") <= 1 and abs(float(bare) - number) <= 0.51 * 10**-decimals:
            return True
    return False


def _day_of(value: str, text: str) -> date | None:
    """The day that a cell shows whose number counts days, as some programs store a date."""
    found = _DAY.fullmatch(text.strip())
    if not found or not value.isdecimal():
        return None
    stored = _EPOCH + timedelta(days=min(int(value), _LAST_DAY))
    first, second, year = map(int, found.groups())
    is_shown = stored.year == year and (stored.day, stored.month) in ((first, second), (second, first))
    return stored if is_shown else None
