"""What the binary parts of an .xlsb package hold that its reader would hide.

Those are errors, formulas without a value, hidden rows, looks, legacy fonts. Cells without their column, as SheetJS
writes them, come back written in full, since the reader would leave them out.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.files.attachments import with_attachments
from pipeline.files.comments import as_comment
from pipeline.files.findings import RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.package import Package
from pipeline.files.relations import for_reader, workbook
from pipeline.files.xlsb.records import records, wide_text
from pipeline.files.xlsb.sheet import has_short_cells, in_full, scan_sheet, without_far
from pipeline.files.xlsb.strings import Strings
from pipeline.files.xlsb.styles import Styles
from pipeline.values.cells import Comment

_SHEET = 156
_AUTHOR, _NOTE, _NOTE_TEXT = 632, 635, 637


@dataclass(frozen=True, slots=True)
class BinaryWorkbook:
    """Facts by sheet name, and the package as the reader shall get it."""

    sheets: Mapping[str, SheetFacts]
    package: bytes


def look_into(parts: Package, book: str, limits: Limits) -> BinaryWorkbook:
    """Facts of every sheet; `book` is the part that lists them. Records that make no sense are a `RefusedError`."""
    try:
        where = workbook(parts, book, _listed(parts[book]), limits.depth)
        styles = Styles(parts.get(where.shared("styles"), b""))
        strings = Strings(parts.get(where.shared("sharedStrings"), b""), styles.font_looks)
        found = {name: parts[name] for name in where.sheets if name in parts}
        mended = {name: in_full(part) for name, part in found.items() if has_short_cells(part)}
        facts = {name: scan_sheet(part, styles.dresses, strings, limits) for name, part in (found | mended).items()}
        mended |= {name: without_far((found | mended)[name], told.near) for name, told in facts.items() if told.near}
        sheets = {where.sheets[name]: told for name, told in facts.items()}
        hung = with_attachments(sheets, where.sheets, parts, limits, _notes)
        return BinaryWorkbook(hung, for_reader(parts, where, mended))
    except (struct.error, IndexError, UnicodeDecodeError):
        raise RefusedError("file-corrupt") from None


def _listed(book: bytes) -> Iterator[tuple[str, str]]:
    """The id of the relationship and the name of each sheet."""
    for kind, data in records(book):
        if kind == _SHEET:
            reference, after = wide_text(data, 8)
            yield reference, wide_text(data, after)[0]


def _notes(part: bytes, limits: Limits) -> list[Comment]:
    authors: list[str] = []
    found: list[Comment] = []
    author, here = "", (0, 0)
    for kind, data in records(part):
        if kind == _AUTHOR:
            authors.append(wide_text(data, 0)[0])
        elif kind == _NOTE:
            number, row, _, column = struct.unpack_from("<IIII", data)
            author, here = authors[number] if number < len(authors) else "", (row, column)
        elif kind == _NOTE_TEXT:
            found += as_comment(here, author, wide_text(data, 1)[0])
    return found
