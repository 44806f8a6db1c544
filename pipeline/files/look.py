"""Look at the bytes of a file before any reader opens it: what it is, and whether it is safe to read.

The kind is decided by content, never by extension. What readers hide (error cells, formulas without a value, hidden
rows) is found here in the raw file.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO

from pipeline.files.attachments import with_attachments
from pipeline.files.compound import MAGIC, CompoundFile
from pipeline.files.findings import Look, RefusedError
from pipeline.files.kinds import READABLE, WORDS, kind_of
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.machine import is_of_machine
from pipeline.files.ods import content
from pipeline.files.package import check_directory, pack, unpack
from pipeline.files.xls import biff
from pipeline.files.xlsb import workbook as binary_workbook
from pipeline.files.xlsx import workbook

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
    if kind := kind_of(data):
        return unsupported(kind)
    return Look("unknown", "file-corrupt", {"detail": ""})


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
        if "word" in folders:
            return "word"
        if "ppt" in folders:
            return "slides"
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _look_at_parts(kind: str, data: bytes, archive: zipfile.ZipFile, limits: Limits) -> Look:
    check_directory(archive, limits)
    parts = unpack(data, archive, limits)
    if kind == "ods":
        return _look_at_ods(parts, limits)
    seen = _look_at_xlsb(parts, limits) if kind == "xlsb" else _look_at_xlsx(kind, parts, limits)
    has_links = any(name.startswith("xl/externalLinks/") for name in parts)
    return replace(seen, has_links=has_links, has_macros="xl/vbaProject.bin" in parts)


def _look_at_ods(parts: Mapping[str, bytes], limits: Limits) -> Look:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise RefusedError("file-encrypted")
    part = parts.get("content.xml", b"")
    mended = pack({**parts, "content.xml": content.mend(part)})
    return Look("ods", sheets=content.look_into(part, limits), package=mended)


def _look_at_xlsb(parts: Mapping[str, bytes], limits: Limits) -> Look:
    book = binary_workbook.look_into(parts, limits)
    return Look("xlsb", sheets=book.sheets, package=pack({**parts, **book.mended}))


def _look_at_xlsx(kind: str, parts: Mapping[str, bytes], limits: Limits) -> Look:
    book = workbook.look_into(parts, limits)
    sheets = with_attachments(book.sheets, lambda: workbook.sheet_names(parts, limits), parts, limits)
    return Look(kind, sheets=sheets, package=pack({**parts, **book.mended}), scan=book.scan)
