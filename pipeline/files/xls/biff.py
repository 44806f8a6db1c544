"""What the records of an old .xls workbook hold that its reader would hide.

Those are errors, formulas without a value, legacy fonts, comments, passwords.
"""

import struct
from collections.abc import Collection
from dataclasses import dataclass, replace

from pipeline.files.findings import RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.places import is_outside
from pipeline.files.xls.far import part_far
from pipeline.files.xls.globals import Globals
from pipeline.files.xls.records import records
from pipeline.files.xls.sheet import scan_sheet

_VERSION_8 = 0x0600


@dataclass(frozen=True, slots=True)
class OldBook:
    """Facts by sheet name, whether formulas reach into other files, and the stream as the reader shall get it."""

    sheets: dict[str, SheetFacts]
    has_links: bool
    stream: bytes


def look_into(stream: bytes, limits: Limits, unread: Collection[str] = ()) -> OldBook:
    """Walk through the workbook stream. Raises `RefusedError` for a password and for records that make no sense.

    Formulas of the sheets named in `unread`, of which nobody reads a cell, say nothing of the others.
    """
    try:
        return _book(stream, limits, unread)
    except (struct.error, IndexError):
        raise RefusedError("file-corrupt") from None


def _book(stream: bytes, limits: Limits, unread: Collection[str]) -> OldBook:
    book = Globals(is_wide=struct.unpack_from("<H", stream, 4)[0] == _VERSION_8)
    for kind, data in records(stream, 0):
        book.see(kind, data)
    if len(book.sheets) > limits.members:
        raise RefusedError("file-too-large", f"tệp có {len(book.sheets)} sheet")
    styles, strings = book.styles, book.strings
    scans = {
        name: scan_sheet(records(stream, start), styles, strings, book.is_wide, limits) for name, start in book.sheets
    }
    read = [scan for name, scan in scans.items() if name not in unread]
    is_computed, is_worded = not any(scan.is_proof for scan in read), not any(scan.is_wordless for scan in read)
    sheets = {name: scan.facts(is_computed, is_worded) for name, scan in scans.items()}
    mended = bytearray(stream)
    for name, start in book.sheets:
        if scans[name].reach.is_far:
            strays, box = part_far(mended, start, sheets[name].marks, book.texts, limits)
            marks = {here: value for here, value in sheets[name].marks.items() if not is_outside(here, box)}
            sheets[name] = replace(sheets[name], marks=marks, strays=strays, near=box)
    return OldBook(sheets, book.has_links, bytes(mended))
