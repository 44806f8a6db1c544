"""One file from bytes to sheets: unwrap, look, read. Plain values come back, which travel between processes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pipeline.files.findings import RefusedError
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.read import read_workbook
from pipeline.files.unwrap import look_inside
from pipeline.values.cells import RawSheet


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as opened. `code` is empty when `sheets` hold what is in it.

    `kind` names the wrapping too, as in `zip:xlsx`.
    """

    kind: str
    code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[RawSheet, ...] = ()
    has_links: bool = False
    has_macros: bool = False
    inside: tuple[str, ...] = ()  # names of the scans in a zip or message that holds no workbook


def open_file(data: bytes, limits: Limits = STANDARD, unread: Collection[str] = ()) -> Opened:
    """Open whatever `data` is; the sheets named in `unread` are listed without their cells.

    Meant for a process of its own: a hostile file may still end it, or run out of memory.
    """
    seen, content = look_inside(data, limits, unread)
    if seen.code:
        return Opened(seen.kind, seen.code, seen.facts, inside=seen.inside)
    try:
        sheets = read_workbook(content, seen, limits, unread)
    except RefusedError as error:
        return Opened(seen.kind, error.code, {"detail": error.detail})
    return Opened(seen.kind, sheets=sheets, has_links=seen.has_links, has_macros=seen.has_macros)
