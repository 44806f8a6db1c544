"""A sheet of the consolidated workbook described as values: a page with its tables, a table with its columns and lines.

A column knows how its cell comes from a line, and what stands in the last row. Formulas and links name sheets, columns
and lines; where these stand only the writer knows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from pipeline.publish.excel import Value
from pipeline.publish.sheets import SHEET, OutputSheet

L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell whose look differs from its column's."""

    value: Value
    style: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value that it has now, so that programs which do not calculate show it, too.

    It names columns by their keys: `{leads}` is the cell of that column in the formula's own row, `{:leads}` all cells
    of that column in its own table, `{matrix:NV01}` those of a column of the first table of another sheet,
    `{by_unit:CT11@XA-vinh-son}` the one in the line of that name (`Block.name_of`). Where that sheet is not in the
    workbook, or what is named stands elsewhere, the value is written alone.
    """

    text: str
    value: Value
    style: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to the line of that name on another sheet (`Block.name_of`); where none is, a mere text.

    `line`: the name, where it is not the text itself; “” leads to the top of the sheet.
    """

    value: str
    sheet: str
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Below the lines: what the cells of the column add up to, as a live formula, counted from `start`."""

    start: float = 0


Cell = Value | Styled | Formula | Link


@dataclass(frozen=True)
class Column(Generic[L]):
    """One column: the key for programs, the label for people, the cell of a line (`of`), the cell in the last row.

    Without `of` the cell is what the line itself holds under the key. `part`: the cell in the row of a part of the
    lines (`Block.parts`). `is_alarm`: its cells turn red in the program that shows them as soon as they are not 0;
    `has_bars`: bars in them are as long as their numbers. `is_printed`: what is not stands left or right of all
    that is.
    """

    key: str
    label: str
    width: float
    style: str = "line"
    header: str = "header"
    of: Callable[[L], Cell] | None = None
    total: Cell | Sum = None
    part: Callable[[str], Cell] | None = None
    is_alarm: bool = False
    has_bars: bool = False
    is_printed: bool = True


@dataclass(frozen=True)
class Block(Generic[L]):
    """One table of a sheet, a row a line; a bold row stands below where any column has a total.

    `parts`: names of parts of the lines, each with a row of its own below that one.
    `empty`: what the one row of a table without lines says.
    `instead`: a sentence in place of lines that stand elsewhere.
    `starts_page`: on paper it begins a page, so that its caption never stands alone below another table.
    `name_of`: the name by which links find a line; the first of several with the same name is meant.
    `is_folded`: a line that is folded away below the one above it, until somebody unfolds it.
    """

    columns: tuple[Column[L], ...]
    lines: Sequence[L]
    caption: str = ""
    empty: str = ""
    instead: str = ""
    numbered: bool = False
    has_filter: bool = False
    starts_page: bool = False
    name_of: Callable[[L], str] | None = None
    parts: Sequence[str] = ()
    is_folded: Callable[[L], bool] | None = None

    @property
    def has_total(self) -> bool:
        """Whether there is a row that adds up."""
        return any(column.total is not None for column in self.columns)

    @property
    def feet(self) -> int:
        """How many rows stand below those of the lines."""
        return self.has_total + len(self.parts)

    @property
    def height(self) -> int:
        """How many rows stand between the header and the last row."""
        return 1 if self.instead or (self.empty and not self.lines) else len(self.lines)

    @property
    def rows(self) -> Iterator[list[Cell]]:
        """The cells of every line, line by line: of a long list never all at once."""
        if self.empty and not self.lines:
            yield [self.empty, *[None] * (len(self.columns) - 1)]
        cells: list[Callable[[L], Cell]] = [column.of or attrgetter(column.key) for column in self.columns]
        for line in self.lines:
            yield [cell(line) for cell in cells]


@dataclass(frozen=True)
class Page:
    """One sheet (by its id in the table of sheets): title lines, then tables one below the other, then remarks.

    `picture_rows`: left free below the remarks. `is_split`: on paper its columns stand on several pages, each of which
    begins with the frozen ones. `signers`: who signs below all of it, from left to right.
    """

    id: str
    blocks: tuple[Block[Any], ...]
    subtitles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    landscape: bool = True
    mark: str = ""
    frozen_columns: int = 0
    picture_rows: int = 0
    is_split: bool = False
    signers: tuple[str, ...] = ()

    @property
    def sheet(self) -> OutputSheet:
        """What the table of sheets says of it."""
        return SHEET[self.id]

    @property
    def name(self) -> str:
        """What its tab says."""
        return self.sheet.name

    @property
    def heading(self) -> tuple[tuple[str, str], ...]:
        """The lines above the first table, each with its style."""
        lines = (
            (self.sheet.annex, "annex"),
            (self.sheet.title.upper(), "title"),
            *((text, "subtitle") for text in self.subtitles),
            (self.mark, "sample"),
        )
        return tuple((text, style) for text, style in lines if text)

    @cached_property
    def widths(self) -> list[float]:
        """The widths of the columns of the sheet: of several tables the widest column at that place."""
        count = max(len(block.columns) for block in self.blocks)
        return [
            max(block.columns[place].width for block in self.blocks if place < len(block.columns))
            for place in range(count)
        ]

    @cached_property
    def printed(self) -> tuple[int, int]:
        """The first and the last of the columns that are printed."""
        shown = [place for place in range(len(self.widths)) if self._is_printed(place)]
        return shown[0], shown[-1]

    def _is_printed(self, place: int) -> bool:
        return any(block.columns[place].is_printed for block in self.blocks if place < len(block.columns))


def cells_of(key: str, sheet: str = "") -> str:
    """How a formula names all cells of a column: of its own table, or of the first table of another sheet."""
    return f"{{{sheet}:{key}}}"


def cell_of(key: str, line: str, sheet: str) -> str:
    """How a formula names one cell of the first table of another sheet: by its column and the name of its line."""
    return f"{{{sheet}:{key}@{line}}}"
