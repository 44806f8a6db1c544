"""Look at the bytes of a file before any reader opens it: what it is, and whether it is safe to read.

The kind is decided by content, never by extension. What readers hide (error cells, formulas without a value, hidden
rows) is found here in the raw file.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import replace
from io import BytesIO

from pipeline.files.attachments import with_attachments
from pipeline.files.compound import MAGIC, CompoundFile
from pipeline.files.findings import Look, RefusedError
from pipeline.files.kinds import READABLE, WORDS, ZIPS, kind_of
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.machine import is_of_machine
from pipeline.files.ods import content
from pipeline.files.package import Package
from pipeline.files.relations import book_part
from pipeline.files.xls import biff
from pipeline.files.xlsb import workbook as binary_workbook
from pipeline.files.xlsx import workbook

_OF_A_LETTER = ("__properties_version", "__nameid_version", "__substg1.0")
_MACROS = "xl/vbaproject.bin"
_FOLDERS = {"word": "word", "ppt": "slides", "xl": "xlsx"}
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


def look(data: bytes, limits: Limits = STANDARD, unread: Collection[str] = ()) -> Look:
    """Decide what `data` is and whether it may be read.

    Of the sheets named in `unread` nobody will read a cell: where they are parts of their own, they stay packed.
    """
    if not data:
        return refused("empty", RefusedError("file-corrupt", "tệp rỗng, 0 byte"))
    if len(data) > limits.file_bytes:
        return Look("large", "file-too-large", {"detail": f"tệp nặng {len(data) // 1_000_000} MB"})
    if data.startswith(MAGIC):
        return _guarded("ole", lambda: _look_at_ole(data, limits, unread))
    if data.startswith(ZIPS):
        return _guarded("zip", lambda: _look_at_zip(data, limits, unread))
    if kind := kind_of(data):
        return unsupported(kind)
    return refused(
        "unknown", RefusedError("file-corrupt", "phần mềm không nhận ra đây là loại tệp gì, có thể tệp đã hỏng")
    )


def unsupported(kind: str, words: str = "") -> Look:
    """A file that is not a workbook, named so that its sender knows which it is."""
    return Look(kind, "file-type-unsupported", {"kind": words or WORDS[kind]})


def refused(kind: str, error: RefusedError) -> Look:
    """A workbook that may not be read."""
    return Look(kind, error.code, {"detail": error.detail})


def _guarded(kind: str, find: Callable[[], Look]) -> Look:
    try:
        return find()
    except RefusedError as error:
        return refused(kind, error)
    except _BROKEN_ZIP as error:
        if isinstance(error, OSError) and is_of_machine(error):
            raise
        return refused(kind, RefusedError("file-corrupt"))
    except RuntimeError:  # the zip asks for a password
        return Look(kind, "file-encrypted", {"detail": ""})


def _look_at_ole(data: bytes, limits: Limits, unread: Collection[str]) -> Look:
    """Old .xls, old Word, a message, or an encrypted package: told apart by the streams right below the root."""
    container = CompoundFile(data)
    if container.named("EncryptedPackage"):
        return Look("encrypted", "file-encrypted", {"detail": ""})
    if books := [name for name in ("Workbook", "Book") if container.named(name)]:
        return _guarded("xls", lambda: _look_at_xls(container, books[0], limits, unread))
    if container.named("WordDocument"):
        return unsupported("word")
    if container.named("PowerPoint Document"):
        return unsupported("slides")
    is_letter = any(name.startswith(_OF_A_LETTER) for name in container.names)
    return unsupported("outlook" if is_letter else "other-office")


def _look_at_xls(container: CompoundFile, name: str, limits: Limits, unread: Collection[str]) -> Look:
    found = container.named(name)
    stream = container.read(found)
    book = biff.look_into(stream, limits, unread)
    is_read_so = found == name and book.stream == stream
    package = b"" if is_read_so else container.changed(found, name, book.stream)  # the reader knows this spelling alone
    has_macros = container.named("_VBA_PROJECT_CUR") != ""
    return Look("xls", sheets=book.sheets, has_links=book.has_links, has_macros=has_macros, package=package)


def _look_at_zip(data: bytes, limits: Limits, unread: Collection[str]) -> Look:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = Package(data, archive, limits)
        kind = _zip_kind(parts, limits)
        if kind not in READABLE:
            return unsupported(kind)
        return _guarded(kind, lambda: _look_at_parts(kind, parts, limits, unread))


def _zip_kind(parts: Package, limits: Limits) -> str:
    if book := book_part(parts, limits.depth):
        return "xlsb" if book.endswith(".bin") else "xlsm" if _MACROS in parts else "xlsx"
    if kind := content.kind_of(parts):
        return kind
    if "[Content_Types].xml" not in parts:
        return (
            "iwork"
            if any(name.startswith("index") and name.endswith((".iwa", "index.zip")) for name in parts)
            else "zip"
        )
    folders = {name.partition("/")[0] for name in parts}
    return next((kind for folder, kind in _FOLDERS.items() if folder in folders), "other-office")


def _look_at_parts(kind: str, parts: Package, limits: Limits, unread: Collection[str]) -> Look:
    if len(parts) > limits.parts:
        raise RefusedError("file-too-large", f"bên trong có {len(parts)} phần")
    if kind == "ods":
        return _look_at_ods(parts, limits)
    book = book_part(parts, limits.depth)
    if not book:
        raise RefusedError("file-corrupt")
    is_binary = kind == "xlsb"
    seen = _look_at_xlsb(parts, book, limits) if is_binary else _look_at_xlsx(kind, parts, book, limits, unread)
    has_links = any(name.startswith("xl/externallinks/") for name in parts)
    return replace(seen, has_links=has_links, has_macros=_MACROS in parts)


def _look_at_ods(parts: Package, limits: Limits) -> Look:
    part = content.readable(parts)
    sheets = content.look_into(part, parts.get(content.STYLES, b""), limits)
    return Look("ods", sheets=sheets, package=content.for_reader(part, sheets))


def _look_at_xlsb(parts: Package, book: str, limits: Limits) -> Look:
    found = binary_workbook.look_into(parts, book, limits)
    return Look("xlsb", sheets=found.sheets, package=found.package)


def _look_at_xlsx(kind: str, parts: Package, book: str, limits: Limits, unread: Collection[str]) -> Look:
    found = workbook.look_into(parts, book, limits, unread)
    sheets = with_attachments(found.sheets, found.names, parts, limits)
    return Look(kind, sheets=sheets, package=found.package, scan=found.scan)
