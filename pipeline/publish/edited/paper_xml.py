"""The text of a paper in Word as XML, within limits; what this reader skips and what stands for what."""

import zipfile
import zlib
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
GONE = {f"{W}del", f"{W}moveFrom"}
SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
_PART = "word/document.xml"
_PROPERTIES = "docProps/custom.xml"
_MOST_BYTES = 64 << 20
_BROKEN = (
    *(OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError),
    etree.XMLSyntaxError,
)


class DamagedPaperError(Exception):
    """The file is no paper that can be read."""


def load_paper(path: Path) -> etree._Element:
    """The root of the text of a .docx, within limits that count what comes out; nothing is resolved or fetched."""
    root = _load(path, _PART)
    etree.strip_elements(root, FALLBACK, with_tail=False)  # tells again what stands beside it
    return root


def load_properties(path: Path) -> dict[str, str]:
    """What fields of the .docx may show, by name; nothing where it has no such part, or one that cannot be read."""
    try:
        root = _load(path, _PROPERTIES)
    except DamagedPaperError:
        return {}
    return {item.get("name", ""): "".join(item.itertext()) for item in root}


def _load(path: Path, name: str) -> etree._Element:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as part:
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
