"""The text of a paper in Word as it reads now: paragraphs in their order, tables by rows and cells.

What somebody deleted with changes tracked is gone, what was so put in is there.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {f"{_W}del", f"{_W}moveFrom", _FALLBACK}
_SIGNS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_PART = "word/document.xml"
_MOST_BYTES = 256 << 20
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError),
    etree.XMLSyntaxError,
)


class DamagedPaperError(Exception):
    """The file is no paper that can be read."""


@dataclass(frozen=True, slots=True)
class PaperText:
    """Paragraphs outside of tables, and the tables."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]


def read_paper(path: Path) -> PaperText:
    """The text of a .docx; one that is damaged is a `DamagedPaperError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(_PART).file_size > _MOST_BYTES:
                raise DamagedPaperError
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
            root = etree.fromstring(archive.read(_PART), parser)
    except _BROKEN:
        raise DamagedPaperError from None
    tables = tuple(_table(table) for table in root.iter(f"{_W}tbl"))
    in_tables = {line for table in root.iter(f"{_W}tbl") for line in table.iter(f"{_W}p")}
    return PaperText(tuple(_text(line) for line in root.iter(f"{_W}p") if line not in in_tables), tables)


def _table(table: etree._Element) -> tuple[tuple[str, ...], ...]:
    rows = (row for row in table.iter(f"{_W}tr"))
    return tuple(tuple(_text(cell) for cell in row.iter(f"{_W}tc")) for row in rows)


def _text(element: etree._Element) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _GONE:
            yield from _pieces(child)
            if child.tag == f"{_W}p":
                yield " "
