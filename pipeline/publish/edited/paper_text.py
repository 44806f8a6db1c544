"""The text of a paper in Word as it reads now: paragraphs in their order, tables by rows and cells.

What somebody deleted with changes tracked is gone, what was so put in is there.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
GONE = {f"{W}del", f"{W}moveFrom", FALLBACK}
SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
_PART = "word/document.xml"
_MOST_BYTES = 64 << 20
_BROKEN = (
    *(OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError),
    etree.XMLSyntaxError,
)


class DamagedPaperError(Exception):
    """The file is no paper that can be read."""


@dataclass(frozen=True, slots=True)
class PaperText:
    """Paragraphs outside of tables, and the tables."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]


def load_paper(path: Path) -> etree._Element:
    """The root of the text of a .docx, within limits that count what comes out; nothing is resolved or fetched."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_PART) as part:
            data = part.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise DamagedPaperError
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        root = etree.fromstring(data, parser)
    except _BROKEN:
        raise DamagedPaperError from None
    if root.getroottree().docinfo.doctype:
        raise DamagedPaperError
    return root


def read_paper(path: Path) -> PaperText:
    """The text of a .docx; one that is damaged is a `DamagedPaperError`."""
    root = load_paper(path)
    tables = tuple(_table(table) for table in root.iter(f"{W}tbl"))
    in_tables = {line for table in root.iter(f"{W}tbl") for line in table.iter(f"{W}p")}
    return PaperText(tuple(_text(line) for line in root.iter(f"{W}p") if line not in in_tables), tables)


def _table(table: etree._Element) -> tuple[tuple[str, ...], ...]:
    rows = (row for row in table.iter(f"{W}tr"))
    return tuple(tuple(_text(cell) for cell in row.iter(f"{W}tc")) for row in rows)


def _text(element: etree._Element) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif child.tag not in GONE:
            yield from _pieces(child)
            if child.tag == f"{W}p":
                yield " "
