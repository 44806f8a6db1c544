"""What openpyxl would drop if it rewrote somebody's workbook, told from the parts of the file before it is opened.

Parts are allowed by name, so that whatever a program invents next counts as a loss until somebody has looked at it.
"""

import re
import zipfile
from collections.abc import Iterator

MOST_SHEET_BYTES = 8_000_000  # an honest form stays under a fiftieth of it

_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/.*|docProps/.*|customXml/.*|docMetadata/.*"
    r"|(xl/)?(workbook|styles|sharedStrings|calcChain|volatileDependencies)\.xml|xl/_rels/.*|xl/persons/.*"
    r"|(xl/)?worksheets/[^/]+\.xml|(xl/)?worksheets/_rels/.*|xl/theme/.*|xl/tables/.*|xl/externalLinks/.*|xl/printerSettings/.*"
    r"|xl/comments[^/]*\.xml|xl/comments/[^/]+\.xml|xl/drawings/_rels/.*",
    re.IGNORECASE,
)
_LOST = (
    (re.compile(r"vbaProject|xl/macrosheets/", re.IGNORECASE), "macro"),
    (re.compile(r"xl/(drawings/drawing|media/|charts/|chartsheets/|diagrams/|cellimages|richData/)", re.IGNORECASE), "hình vẽ, ảnh hoặc biểu đồ"),
    (re.compile(r"threadedComments/", re.IGNORECASE), "ghi chú dạng hội thoại"),
    (re.compile(r"xl/(ctrlProps|activeX|embeddings|featurePropertyBag)/|vmlDrawing", re.IGNORECASE), "nút bấm hoặc đối tượng nhúng"),
    (re.compile(r"xl/(pivot|slicer|timeline)", re.IGNORECASE), "bảng PivotTable"),
    (re.compile(r"xl/(connections|queryTables)", re.IGNORECASE), "kết nối dữ liệu"),
)
_OTHER = "thành phần riêng của chương trình đã lưu tệp"

_EXTENSION = re.compile(rb'<(?:\w+:)?ext\b[^>]*\buri="([^"]*)"')
VALIDATIONS = b"{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"  # drop-downs from another sheet, as Excel saves those of our own forms
_HARMLESS = (
    VALIDATIONS,
    b"{01252117-D84E-4E92-8308-4BE1C098FCBB}",  # cells without green corners
    b"{64002731-A6B0-56B0-2670-7721B7C09600}",  # the page view of Excel for Mac
)
_NOTE = re.compile(rb"ObjectType\s*=\s*[\"'](\w+)")


def losses(archive: zipfile.ZipFile) -> list[str]:
    """The kinds of things that would be lost, in words and once each; empty when the workbook can be rewritten whole."""
    return list(dict.fromkeys(_losses(archive)))


def _losses(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in archive.namelist():
        if re.search(r"worksheets/[^/]+\.xml$", name, re.IGNORECASE):
            uris = {uri.upper() for uri in _EXTENSION.findall(archive.read(name))}
            if not uris.issubset(_HARMLESS):
                yield "định dạng riêng của Excel đời mới"
        elif not (_KEPT.fullmatch(name) or name.endswith("/") or _is_only_notes(archive, name) or _is_empty_drawing(archive, name)):
            yield next((words for pattern, words in _LOST if pattern.search(name)), _OTHER)


def _is_only_notes(archive: zipfile.ZipFile, name: str) -> bool:
    """Old-style shapes are kept where all of them are the boxes of cell notes."""
    if not name.lower().endswith(".vml"):
        return False
    part = archive.read(name)
    return all(kind == b"Note" for kind in _NOTE.findall(part)) and b"imagedata" not in part


def _is_empty_drawing(archive: zipfile.ZipFile, name: str) -> bool:
    """Some programs add a drawing without anything in it to every sheet."""
    return re.search(r"xl/drawings/drawing[^/]*\.xml$", name, re.IGNORECASE) is not None and b"Anchor" not in archive.read(name)


def is_heavy(archive: zipfile.ZipFile) -> bool:
    """Whether its sheets are too large to be rewritten in reasonable time (millions of formatted empty cells, mostly)."""
    return sum(info.file_size for info in archive.infolist() if info.filename.endswith(".xml")) > MOST_SHEET_BYTES
