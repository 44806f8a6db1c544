"""Look at the bytes of a file before any reader opens it: what it is, and whether it is safe to read.

The kind is decided by content, never by extension. The limits stand in one table and are generous for honest forms.
What readers hide (error cells, formulas without a value) is found here in the raw XML.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pipeline.declare.records import CellError, Uncomputed

READABLE = ("xlsx", "xlsb", "xls", "ods")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an honest form never reaches."""

    file_bytes: int = 30_000_000
    parts: int = 2_000
    part_bytes: int = 120_000_000
    total_bytes: int = 200_000_000
    ratio: int = 300
    ratio_grace_bytes: int = 4_000_000
    rows: int = 200_000
    columns: int = 2_000


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `code` is empty when the file may be read; `marks` are cells that a reader would show as blank."""

    kind: str
    code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mapping[tuple[int, int], CellError | Uncomputed]] = field(default_factory=dict)


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "pdf", "tệp PDF"),
    (b"\x89PNG", "image", "ảnh"),
    (b"\xff\xd8\xff", "image", "ảnh"),
    (b"GIF8", "image", "ảnh"),
    (b"BM", "image", "ảnh"),
    (b"II*\x00", "image", "ảnh"),
    (b"MM\x00*", "image", "ảnh"),
    (b"Rar!", "archive", "tệp nén RAR"),
    (b"7z\xbc\xaf", "archive", "tệp nén 7z"),
    (b"{\\rtf", "word", "tệp Word"),
)
_IGNORED = re.compile(r"(^|/)(~\$[^/]*|\.~lock[^/]*|Thumbs\.db|desktop\.ini|\.DS_Store|[^/]*\.(tmp|crdownload|part))$", re.IGNORECASE)

_ERROR_CELL = re.compile(rb'<c\b[^>]*\bt="e"[^>]*>.*?</c>', re.DOTALL)
_FORMULA_CELL = re.compile(rb"<c\b[^>]*(?<!/)>(?:(?!</c>).)*?<f[ >/](?:(?!</c>).)*?</c>", re.DOTALL)
_SIGNS = (b't="e"', b"<f>", b"<f ", b"<f/>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<v[^>]*>([^<]*)</v>")
_FORMULA = re.compile(rb"<f[^>]*>([^<]*)</f>")
_FAR_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,9})"[^>]*?(?<!/)>\s*<(?:v|is|f)\b')
_MAY_BE_FAR = (re.compile(rb'r="[A-Z]{3}'), re.compile(rb'[1-9]\d{5,}"'))  # quick, and wrong only on the safe side


def is_ignored(file: str) -> bool:
    """Lock files and leavings of the system, which are nobody's report."""
    return _IGNORED.search(file) is not None


def look(data: bytes, limits: Limits = Limits()) -> Look:
    """Decide what `data` is and whether it may be read."""
    if not data:
        return Look("empty", "file-corrupt", {"detail": " (tệp rỗng, 0 byte)"})
    if len(data) > limits.file_bytes:
        return Look("large", "file-too-large", {"detail": f"{len(data) // 1_000_000} MB"})
    if data.startswith(_OLE):
        return _look_at_ole(data)
    if data.startswith(b"PK"):
        return _look_at_zip(data, limits)
    for magic, kind, words in _MAGIC:
        if data.startswith(magic):
            return Look(kind, "file-type-unsupported", {"kind": words})
    return _look_at_text(data)


def _look_at_ole(data: bytes) -> Look:
    """Old .xls, old Word, or an encrypted package: told apart by the UTF-16 names in the container's directory."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Look("encrypted", "file-encrypted")
    if "WordDocument".encode("utf-16-le") in data:
        return Look("word", "file-type-unsupported", {"kind": "tệp Word"})
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return Look("xls")
    return Look("ole", "file-corrupt", {"detail": ""})


def _look_at_text(data: bytes) -> Look:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table")) or b"<html" in head:
        return Look("html", "file-type-unsupported", {"kind": "trang web (HTML)"})
    if head.startswith(b"<?xml"):
        return Look("xml", "file-type-unsupported", {"kind": "tệp XML"})
    if b"\x00" not in data[:4096]:
        return Look("text", "file-type-unsupported", {"kind": "tệp văn bản hoặc CSV"})
    return Look("unknown", "file-corrupt", {"detail": ""})


def _look_at_zip(data: bytes, limits: Limits) -> Look:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _look_at_parts(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError, OverflowError) as error:
        encrypted = isinstance(error, RuntimeError) and "encrypted" in str(error)
        return Look("zip", "file-encrypted") if encrypted else Look("zip", "file-corrupt", {"detail": ""})


def _look_at_parts(archive: zipfile.ZipFile, limits: Limits) -> Look:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    kind = _zip_kind(archive, set(names))
    if kind not in READABLE:
        words = {"word": "tệp Word", "slides": "tệp trình chiếu", "zip": "tệp nén"}[kind]
        return Look(kind, "file-type-unsupported", {"kind": words})
    if len(infos) > limits.parts:
        return Look(kind, "file-too-large", {"detail": f"{len(infos)} phần"})
    if len({name.casefold() for name in names}) != len(names) or any("\\" in name for name in names):
        return Look(kind, "file-corrupt", {"detail": " (có phần trùng tên)"})
    parts, code = _unpack(archive, infos, limits)
    if code:
        return Look(kind, code, {"detail": "giải nén ra quá lớn"})
    if any(b"<!DOCTYPE" in part[:1024] or b"<!ENTITY" in part for name, part in parts.items() if name.endswith((".xml", ".rels"))):
        return Look(kind, "file-corrupt", {"detail": " (cấu trúc bên trong không an toàn)"})
    if any(_reaches_far(part, limits) for part in _sheets(parts)):
        return Look(kind, "file-too-large", {"detail": "có ô ghi ở rất xa ngoài bảng"})
    return Look(kind, marks=_marks(parts))


def _zip_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        return "ods" if b"spreadsheet" in archive.read("mimetype") else "word"
    if any(name.startswith("word/") for name in names):
        return "word"
    if any(name.startswith("ppt/") for name in names):
        return "slides"
    return "xlsx" if any(name.endswith("workbook.xml") for name in names) or "[Content_Types].xml" in names else "zip"


def _unpack(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], limits: Limits) -> tuple[dict[str, bytes], str]:
    """The parts, counted as they unpack and not as they declare; pictures are only counted."""
    parts, total = {}, 0
    for info in infos:
        allowed = min(limits.part_bytes, limits.total_bytes - total, max(limits.ratio_grace_bytes, info.compress_size * limits.ratio))
        with archive.open(info) as handle:
            part = handle.read(allowed + 1)
        if len(part) > allowed:
            return {}, "file-too-large"
        total += len(part)
        if info.filename.endswith((".xml", ".rels")):
            parts[info.filename] = part
    return parts, ""


def _sheets(parts: Mapping[str, bytes]) -> Iterator[bytes]:
    return (part for name, part in parts.items() if name.startswith("xl/worksheets/"))


def _reaches_far(part: bytes, limits: Limits) -> bool:
    """Whether a cell with content lies so far out that a reader would ask for gigabytes; formatted blanks do no harm."""
    if not any(pattern.search(part) for pattern in _MAY_BE_FAR):
        return False
    return any(_column(letters) > limits.columns or int(number) > limits.rows for letters, number in _FAR_CELL.findall(part))


def _marks(parts: Mapping[str, bytes]) -> dict[str, dict[tuple[int, int], CellError | Uncomputed]]:
    """Error cells and formulas without a value, by sheet name and (row, column) from zero."""
    suspects = {name: part for name, part in parts.items() if name.startswith("xl/worksheets/") and any(sign in part for sign in _SIGNS)}
    if not suspects:
        return {}
    names = _sheet_names(parts)
    found = {names[name]: dict(_hidden_cells(part)) for name, part in suspects.items() if name in names}
    return {name: cells for name, cells in found.items() if cells}


def _hidden_cells(part: bytes) -> Iterator[tuple[tuple[int, int], CellError | Uncomputed]]:
    for cell in _ERROR_CELL.findall(part):
        if place := _REFERENCE.search(cell):
            value = _VALUE.search(cell)
            yield _place(place), CellError(value[1].decode("utf-8", "replace") if value else "#LỖI")
    for cell in _FORMULA_CELL.findall(part):
        place, value, formula = _REFERENCE.search(cell), _VALUE.search(cell), _FORMULA.search(cell)
        if place and b't="e"' not in cell and b"<is>" not in cell and (value is None or (not value[1] and b't="str"' not in cell)):
            yield _place(place), Uncomputed("=" + (formula[1].decode("utf-8", "replace") if formula else "…"))


def _place(match: re.Match[bytes]) -> tuple[int, int]:
    return int(match[2]) - 1, _column(match[1]) - 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_names(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet name by part name, through the workbook's relationships."""
    try:
        book = ElementTree.fromstring(parts["xl/workbook.xml"])
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    names = {}
    for sheet in (item for item in book.iter() if item.tag.endswith("}sheet")):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        names[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = sheet.get("name", "")
    return names
