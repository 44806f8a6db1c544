"""Look at the bytes of a file before any reader opens it: what it is, and whether it is safe to read.

The kind is decided by content, never by extension. What readers hide (error cells, formulas without a value, hidden rows)
is found here in the raw file.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from pipeline.files import ods, xlsb
from pipeline.files.attachments import with_attachments
from pipeline.files.compound import MAGIC, CompoundFile
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.package import check_directory, pack, unpack
from pipeline.files.seen import Look, RefusedError
from pipeline.files.xls import biff
from pipeline.files.xlsx import workbook

READABLE = ("xlsx", "xlsm", "xlsb", "xls", "ods")

_WORDS = {
    "pdf": "tệp PDF",
    "image": "ảnh",
    "video": "ảnh hoặc video",
    "rar": "tệp nén RAR",
    "7z": "tệp nén 7z",
    "word": "tệp Word",
    "slides": "tệp trình chiếu",
    "zip": "tệp nén",
    "outlook": "thư Outlook (.msg)",
    "mail": "thư điện tử",
    "html": "trang web (HTML)",
    "xml": "tệp XML",
    "text": "tệp văn bản hoặc CSV",
    "old-excel": "bảng tính Excel kiểu rất cũ",
    "other-office": "tài liệu văn phòng khác",
}
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "word"),
    (b"\x09\x00\x04\x00", "old-excel"),
    (b"\x09\x02\x06\x00", "old-excel"),
    (b"\x09\x04\x06\x00", "old-excel"),
)
_PHOTOS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"WEBP")
_IGNORED = re.compile(
    r"(^|/)(~\$[^/]*|\.~lock[^/]*|\._[^/]*|Thumbs\.db|desktop\.ini|\.DS_Store|Icon\r|[^/]*\.(tmp|crdownload|part))$",
    re.IGNORECASE,
)
_MAIL = re.compile(
    rb"(?:from|to|subject|date|received|return-path|mime-version|message-id|delivered-to|x-[a-z-]+|content-type):[ \t]",
    re.IGNORECASE,
)
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    KeyError,
    OverflowError,
    struct.error,
)


def is_ignored(file: str) -> bool:
    """Lock files and leavings of the system, which are nobody's report."""
    return _IGNORED.search(file) is not None


def look(data: bytes, limits: Limits = STANDARD) -> Look:
    """Decide what `data` is and whether it may be read."""
    if not data:
        return Look("empty", "file-corrupt", {"detail": " (tệp rỗng, 0 byte)"})
    if len(data) > limits.file_bytes:
        return Look("large", "file-too-large", {"detail": f"{len(data) // 1_000_000} MB"})
    if data.startswith(MAGIC):
        return _guarded("ole", lambda: _look_at_ole(data, limits))
    if data.startswith(b"PK"):
        return _guarded("zip", lambda: _look_at_zip(data, limits))
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return unsupported(kind)
    if data[4:8] == b"ftyp" or data[:4] == b"RIFF":
        return unsupported("image" if data[8:12] in _PHOTOS else "video")
    return _look_at_text(data)


def unsupported(kind: str, words: str = "") -> Look:
    """A file that is not a workbook, named so that its sender knows which it is."""
    return Look(kind, "file-type-unsupported", {"kind": words or _WORDS[kind]})


def refused(kind: str, error: RefusedError) -> Look:
    """A workbook that may not be read."""
    return Look(kind, error.code, {"detail": error.detail})


def _guarded(kind: str, find: Callable[[], Look]) -> Look:
    try:
        return find()
    except RefusedError as error:
        return refused(kind, error)
    except _BROKEN_ZIP:
        return Look(kind, "file-corrupt", {"detail": ""})
    except RuntimeError:  # the zip asks for a password
        return Look(kind, "file-encrypted", {"detail": ""})


def _look_at_ole(data: bytes, limits: Limits) -> Look:
    """Old .xls, old Word, a message, or an encrypted package: told apart by the streams right below the root."""
    container = CompoundFile(data)
    names = container.names
    if "EncryptedPackage" in names:
        return Look("encrypted", "file-encrypted", {"detail": ""})
    if books := [name for name in ("Workbook", "Book") if name in names]:
        return _guarded("xls", lambda: _look_at_xls(container, books[0], limits))
    if "WordDocument" in names:
        return unsupported("word")
    if "PowerPoint Document" in names:
        return unsupported("slides")
    return unsupported("outlook" if any(name.startswith("__") for name in names) else "other-office")


def _look_at_xls(container: CompoundFile, name: str, limits: Limits) -> Look:
    book = biff.look_into(container.read(name), limits)
    return Look("xls", sheets=book.sheets, has_links=book.has_links, has_macros="_VBA_PROJECT_CUR" in container.names)


def _look_at_text(data: bytes) -> Look:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if _MAIL.match(head):
        return unsupported("mail")
    if head.startswith((b"<html", b"<!doctype html", b"<table")) or b"<html" in head:
        return unsupported("html")
    if head.startswith(b"<?xml"):
        return unsupported("xml")
    if b"\x00" not in data[:4096] or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return unsupported("text")
    return Look("unknown", "file-corrupt", {"detail": ""})


def _look_at_zip(data: bytes, limits: Limits) -> Look:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        kind = _zip_kind(archive)
        if kind not in READABLE:
            return unsupported(kind)
        return _guarded(kind, lambda: _look_at_parts(kind, data, archive, limits))


def _zip_kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.open("mimetype").read(200)
        return "ods" if b"spreadsheet" in kind else "word" if b"text" in kind else "other-office"
    if "[Content_Types].xml" in names:
        folders = {name.partition("/")[0] for name in names}
        return (
            "word"
            if "word" in folders
            else "slides"
            if "ppt" in folders
            else "xlsm"
            if "xl/vbaProject.bin" in names
            else "xlsx"
        )
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _look_at_parts(kind: str, data: bytes, archive: zipfile.ZipFile, limits: Limits) -> Look:
    check_directory(archive, limits)
    parts = unpack(data, archive, limits)
    has_links = any(name.startswith("xl/externalLinks/") for name in parts)
    has_macros = "xl/vbaProject.bin" in parts
    if kind == "ods":
        return _look_at_ods(parts, limits)
    if kind == "xlsb":
        binary = xlsb.look_into(parts, limits)
        return Look(
            kind,
            sheets=binary.sheets,
            has_links=has_links,
            has_macros=has_macros,
            package=pack({**parts, **binary.mended}),
        )
    book = workbook.look_into(parts, limits)
    sheets = with_attachments(book.sheets, lambda: workbook.sheet_names(parts, limits), parts, limits)
    return Look(
        kind,
        sheets=sheets,
        has_links=has_links,
        has_macros=has_macros,
        package=pack({**parts, **book.mended}),
        scan=book.scan,
    )


def _look_at_ods(parts: Mapping[str, bytes], limits: Limits) -> Look:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise RefusedError("file-encrypted")
    content = parts.get("content.xml", b"")
    return Look("ods", sheets=ods.look_into(content, limits), package=pack({**parts, "content.xml": ods.mend(content)}))
