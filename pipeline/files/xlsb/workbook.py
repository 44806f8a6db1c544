"""What the binary parts of an .xlsb package hold that its reader would hide.

Those are errors, formulas without a value, hidden rows, legacy fonts. Cells that leave out their column, as SheetJS
writes them, come back written in full, since the reader would leave them out.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.files.attachments import with_attachments
from pipeline.files.comments import as_comment
from pipeline.files.findings import RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.rich_text import is_legacy
from pipeline.files.xlsb.records import records, wide_text
from pipeline.files.xlsb.sheet import has_short_cells, in_full, scan_sheet
from pipeline.values.cells import Comment

_SHEET = 156
_FONT, _STYLE, _STYLES_BEGIN, _STYLES_END = 43, 47, 617, 618
_AUTHOR, _NOTE, _NOTE_TEXT = 632, 635, 637


@dataclass(frozen=True, slots=True)
class BinaryWorkbook:
    """Facts by sheet name, and the parts as the reader shall get them when it could not read them as they are."""

    sheets: Mapping[str, SheetFacts]
    mended: Mapping[str, bytes]


def look_into(parts: Mapping[str, bytes], limits: Limits) -> BinaryWorkbook:
    """Facts of every sheet. Records that make no sense are a `RefusedError`."""
    try:
        names = _names(parts, limits)
        fonts = _legacy_styles(parts.get("xl/styles.bin", b""))
        mended = {name: in_full(parts[name]) for name in names if name in parts and has_short_cells(parts[name])}
        sheets = {
            sheet: scan_sheet(mended.get(name, parts[name]), fonts, limits)
            for name, sheet in names.items()
            if name in parts
        }
        return BinaryWorkbook(with_attachments(sheets, lambda: names, parts, limits, _notes), mended)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise RefusedError("file-corrupt") from None


def _names(parts: Mapping[str, bytes], limits: Limits) -> dict[str, str]:
    """Sheet name by part name, through the relationships of the workbook."""
    targets = _targets(parts.get("xl/_rels/workbook.bin.rels", b"<none/>"), limits)
    names = {}
    for kind, data in records(parts.get("xl/workbook.bin", b"")):
        if kind == _SHEET:
            reference, after = wide_text(data, 8)
            name, _ = wide_text(data, after)
            names[targets.get(reference, "")] = name
    return names


def _targets(relations: bytes, limits: Limits) -> dict[str, str]:
    """The parts that the relationships name, by their ids."""
    targets: dict[str, str] = {}

    def link(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    walk(relations, limits.depth, link)
    return targets


def _legacy_styles(part: bytes) -> list[str]:
    """For each cell style, the name of its font if that is a legacy one."""
    fonts: list[str] = []
    styles: list[str] = []
    is_cell_style = False
    for kind, data in records(part):
        if kind == _FONT:
            name, _ = wide_text(data, 21)
            fonts.append(name if is_legacy(name) else "")
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            is_cell_style = kind == _STYLES_BEGIN
        elif kind == _STYLE and is_cell_style:
            number = struct.unpack_from("<H", data, 4)[0]
            styles.append(fonts[number] if number < len(fonts) else "")
    return styles


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
