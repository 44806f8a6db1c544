"""What a look at the bytes of a file gives back: its kind, whether it may be read, and what a reader would hide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.values.cells import CellLook, Comment, Drawn

Place = tuple[int, int]  # row and column, from zero
Box = tuple[int, int, int, int]  # first row, first column, last row, last column, from zero


_USUAL = {"file-corrupt": "tệp bị hỏng hoặc chưa tải về hết"}  # what a refusal says that says nothing more


class RefusedError(Exception):
    """The file may not be read: a problem code and why, as the clause with which its sentence ends."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail or _USUAL.get(code, "")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What stands in the raw sheet and does not come through the reader.

    `marks` replace what the reader shows; `held` fill cells that it shows as blank; `fonts` names the legacy font
    of a cell; `looks` are those that may show something else than is stored. `values`: how many cells hold one, where
    nobody has looked at each; the reader has to give back as many. `strays` are filled so far away that the reader may
    not see them; it gets so many rows and columns as `near` says, all where that is None.
    """

    marks: Mapping[Place, Any] = field(default_factory=dict)
    held: Mapping[Place, Any] = field(default_factory=dict)
    fonts: Mapping[Place, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[Box, ...] = ()
    linked: tuple[Box, ...] = ()  # cells whose formula reaches into another file, those filled from one of them, too
    comments: tuple[Comment, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    links: Mapping[Place, str] = field(default_factory=dict)
    values: int | None = None
    strays: Mapping[Place, Any] = field(default_factory=dict)
    near: Place | None = None
    looks: Mapping[Place, CellLook] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is, and what was found in it; `code` is empty when it may be read.

    `sheets` are facts by sheet name; `package` is what to read, empty means the file itself. `scan` is for a sheet of
    which the reader gives back more or fewer values than it holds: the facts of every single cell.
    """

    kind: str
    code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, SheetFacts] = field(default_factory=dict)
    has_links: bool = False
    has_macros: bool = False
    package: bytes = b""
    inside: tuple[str, ...] = ()  # names of the scans in a zip or message that holds no workbook
    scan: Callable[[str], SheetFacts] | None = None
