"""What the content of an .ods document holds that its reader would hide: errors, hidden rows, merges, legacy fonts, comments, pictures.

A formula without a value is one that came to an empty text: that is how LibreOffice writes it.
"""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.files.attachments import as_comment
from pipeline.files.findings import Box, Place, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.places import check_far, is_index
from pipeline.files.rich_text import PLAIN, FontLook, Run, is_legacy, told
from pipeline.values.cells import CellError, Comment, Drawn, cell_name

_BREAKS = re.compile(rb">\s+<(?=/?table:)")
_HIDDEN = ("collapse", "filter")
_CELLS = ("table-cell", "covered-table-cell")
_BOXES = ("text-box", "custom-shape")
_SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}
_MOST_SPACES = 1_000
_DRAWINGS = ("frame", "object", "image", *_BOXES)


def look_into(content: bytes, limits: Limits) -> dict[str, SheetFacts]:
    """Facts by sheet name."""
    scan = _Scan(limits)
    walk(content, limits.depth, scan.start, scan.end, scan.text)
    return scan.sheets


def mend(content: bytes) -> bytes:
    """The content without line breaks between cells, at which the reader gives up."""
    return _BREAKS.sub(b"><", content)


class _Scan:
    def __init__(self, limits: Limits) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self._limits = limits
        self._fonts: dict[str, str] = {}
        self._looks: dict[str, FontLook] = {}
        self._style = self._name = ""
        self._tables = 0  # one inside another
        self._notes = 0
        self._begin("")

    def _begin(self, name: str) -> None:
        self._name = name
        self._row = self._column = self._columns_seen = 0
        self._marks: dict[Place, Any] = {}
        self._legacy: dict[Place, str] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merges: list[Box] = []
        self._linked = ""
        self._far = [0, 0]
        self._row_repeat = 1
        self._cell: dict[str, str] = {}
        self._text: list[Run] | None = None
        self._spans: list[FontLook] = [PLAIN]  # one inside another
        self._note: dict[str, list[str]] = {}
        self._note_part = ""
        self._comments: list[Comment] = []
        self._drawn: list[Drawn] = []
        self._box: list[str] | None = None  # the words of the box that is being read
        self._is_object = False  # a chart has a picture of itself beside it

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        here = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "style":
            self._style = here.get("name", "")
        elif name == "text-properties":
            self._looks[self._style] = _look(here)
            if is_legacy(here.get("font-name", "").strip("'\"")):
                self._fonts[self._style] = here["font-name"]
        elif name == "table":
            self._tables += 1
            if self._tables == 1:
                self._begin(here.get("name", ""))
        elif name == "annotation":
            self._notes += 1
            self._note, self._note_part = {}, ""
        elif self._notes:
            self._start_in_note(name)
        elif self._tables == 1 and name in _DRAWINGS:
            self._start_drawing(name)
        elif self._box is not None:
            self._box += ["\n"] if name == "p" else []
        elif self._is_inside:
            self._start_in_table(name, attributes, here)

    def _start_in_table(self, name: str, attributes: Mapping[str, str], here: Mapping[str, str]) -> None:
        if name == "table-column":
            count = _repeat(here.get("number-columns-repeated", ""))
            if here.get("visibility") in _HIDDEN:
                self._hidden_columns.update(
                    range(self._columns_seen, min(self._columns_seen + count, self._limits.columns))
                )
            self._columns_seen += count
        elif name == "table-row":
            self._row_repeat = _repeat(here.get("number-rows-repeated", ""))
            self._column = 0
            if here.get("visibility") in _HIDDEN:
                self._hidden_rows.update(range(self._row, min(self._row + self._row_repeat, self._limits.rows)))
        elif name in _CELLS:
            self._cell = {**here, "calcext": attributes.get("calcext:value-type", ""), "tag": name}
            self._text, self._spans = [], [PLAIN]
        elif self._text is not None:
            self._start_in_text(name, here, self._text)

    def _start_in_text(self, name: str, here: Mapping[str, str], text: list[Run]) -> None:
        if name == "span":
            self._spans.append(self._looks.get(here.get("style-name", ""), PLAIN))
        elif name == "p" and text:
            text.append(Run("\n"))
        elif name in _SPACES:
            text.append(Run(_SPACES[name] * min(_repeat(here.get("c", "")), _MOST_SPACES), self._spans[-1]))

    def _start_drawing(self, name: str) -> None:
        if name in ("frame", "object"):
            self._is_object = name == "object"
        elif name in _BOXES:
            self._box = []
        elif not self._is_object:
            self._drawn.append(Drawn(self._corner, ""))

    @property
    def _corner(self) -> Place:
        """The cell that holds the drawing; drawings of the whole sheet stand before its cells."""
        return (self._row, self._column) if self._text is not None else (-1, -1)

    def _start_in_note(self, name: str) -> None:
        """Who wrote it and its paragraphs are kept; its date is not."""
        if name == "creator":
            self._note_part = name
        elif name == "p":
            self._note_part = name
            self._note.setdefault(name, []).append("\n")

    @property
    def _is_inside(self) -> bool:
        """In a sheet, and not in a note or a table drawn on it."""
        return self._tables == 1 and not self._notes

    def end(self, name: str) -> None:
        if name == "annotation":
            self._notes -= 1
            self._end_note()
        elif name in ("creator", "p") and self._notes:
            self._note_part = ""
        elif name in _BOXES and self._box is not None:
            said, self._box = "".join(self._box).strip(), None
            self._drawn += [Drawn(self._corner, said)] if said else []
        elif name == "table":
            self._tables -= 1
            if not self._tables:
                hidden = frozenset(self._hidden_rows), frozenset(self._hidden_columns)
                hung = tuple(self._comments), tuple(self._drawn)
                self.sheets[self._name] = SheetFacts(
                    self._marks, {}, self._legacy, *hidden, tuple(self._merges), self._linked, *hung
                )
        elif not self._is_inside:
            return
        elif name == "span" and self._box is None:
            self._spans = [PLAIN, *self._spans[1:-1]]
        elif name == "table-row":
            self._row += self._row_repeat
        elif name in _CELLS:
            self._settle(self._text or [])
            self._column += _repeat(self._cell.get("number-columns-repeated", ""))
            self._text = None

    def _end_note(self) -> None:
        if self._tables == 1 and self._text is not None:
            author, said = ("".join(self._note.get(part, ())) for part in ("creator", "p"))
            self._comments += as_comment((self._row, self._column), author.strip(), said)

    def text(self, data: str) -> None:
        if self._notes and self._note_part:
            self._note.setdefault(self._note_part, []).append(data)
        elif self._box is not None:
            self._box.append(data)
        elif self._text is not None and self._is_inside:
            self._text.append(Run(data, self._spans[-1]))

    def _settle(self, runs: list[Run]) -> None:
        cell, here = self._cell, (self._row, self._column)
        text, seen = "".join(run.text for run in runs), told(runs)
        kind, formula = cell.get("value-type", ""), cell.get("formula", "")
        rows, columns = (_repeat(cell.get(f"number-{name}-spanned", "")) for name in ("rows", "columns"))
        if rows > 1 or columns > 1:
            self._merges.append((*here, here[0] + rows - 1, here[1] + columns - 1))
        if formula and not self._linked and "file://" in formula:
            self._linked = cell_name(here[1], here[0] + 1)
        if cell["calcext"] == "error" or (formula and text.startswith(("#", "Err:"))):
            self._marks[here] = CellError(text or "#LỖI")
        elif seen != text and kind in ("", "string"):
            self._marks[here] = seen
        if kind or text.strip():
            repeated = here[0] + self._row_repeat - 1, here[1] + _repeat(cell.get("number-columns-repeated", "")) - 1
            check_far(self._far, repeated, self._limits)
        if font := self._fonts.get(cell.get("style-name", "")):
            self._legacy[here] = font


def _look(style: Mapping[str, str]) -> FontLook:
    """The look of a text style: a line through it, and whether it stands above or below the line of its neighbours."""
    height = style.get("text-position", "").partition(" ")[0].rstrip("%")
    rise = -1 if height == "sub" or height.startswith("-") else int(height not in ("", "0"))
    return FontLook(any(style.get(f"text-line-through-{name}", "none") != "none" for name in ("style", "type")), rise)


def _repeat(text: str) -> int:
    return max(int(text), 1) if is_index(text) else 1
