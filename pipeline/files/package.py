"""Unpack one zip package within the limits: every byte is counted as it comes out, never as the package declares it.

Only parts that say something about cells are kept. Blank formatted rows of a very long sheet are left out on the way.
"""

import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from zlib_ng import zlib_ng

from pipeline.files.findings import RefusedError
from pipeline.files.limits import Limits
from pipeline.files.remembered import SMALL, remembered

_SHEETS = "xl/worksheets/"
_KEPT = (".xml", ".rels", ".bin", "mimetype")
_CHUNK = 4_000_000
_UTF8 = 0x800
_BLANK_ROWS = re.compile(rb"<row [^<>]*(?:/>|>(?:<c [^<>]*(?:/>|></c>))*+</row>)")
_ROOT = re.compile(rb"<[A-Za-z_:]")  # types and entities can only be declared before the first element
_ROW_END, _DATA_END = b"</row>", b"</sheetData>"
_CELL_END = re.compile(rb"</(?!row>)")
_NESTED = re.compile(rb"(?:</[^<>]*>\s*){%d}" % 100)


def check_directory(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse what no program that writes workbooks does.

    That is doubled names or such with a backslash, odd compression, thousands of parts.
    """
    infos = archive.infolist()
    names = {info.filename.casefold() for info in infos}
    if any(info.flag_bits & 1 for info in infos):
        raise RefusedError("file-encrypted")
    if len(infos) > limits.parts:
        raise RefusedError("file-too-large", f"{len(infos)} phần")
    if len(names) != len(infos) or any("\\" in name for name in names):
        raise RefusedError("file-corrupt", " (có phần trùng tên)")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise RefusedError("file-corrupt", " (nén theo kiểu lạ)")


def unpack(data: bytes, archive: zipfile.ZipFile, limits: Limits) -> dict[str, bytes]:
    """The parts that matter, by name. `archive` is the directory of `data`."""
    parts: dict[str, bytes] = {}
    total = 0
    for info in archive.infolist():
        allowed = min(limits.total_bytes - total, max(limits.ratio_grace_bytes, info.compress_size * limits.ratio))
        part, size = _part(info, _packed(data, info), allowed, limits)
        total += size
        if len(part) > limits.part_bytes:
            raise RefusedError("file-too-large", "giải nén ra quá lớn")
        if info.filename.endswith(_KEPT):
            parts[info.filename] = part
            if info.filename.endswith((".xml", ".rels")):
                _check_xml(part, info.compress_size)
    return parts


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    """One file out of a zip, no larger than a file may be."""
    with archive.open(info) as handle:
        data = handle.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise RefusedError("file-too-large", "giải nén ra quá lớn")
    return data


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package again, stored as they are: the reader gets what was looked at, and nothing else."""
    bodies: list[bytes] = []
    entries: list[bytes] = []
    at = 0
    for name, part in parts.items():
        written = name.encode()
        facts = struct.pack(
            "<HHHHHIIIHH", 20, _UTF8, 0, 0, 33, zlib_ng.crc32(part), len(part), len(part), len(written), 0
        )
        bodies += (b"PK\x03\x04", facts, written, part)
        entries += (b"PK\x01\x02\x14\x00", facts, struct.pack("<HHHII", 0, 0, 0, 0, at), written)
        at += 30 + len(written) + len(part)
    directory = b"".join(entries)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), at, 0)
    return b"".join((*bodies, directory, end))


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """One part as it stands in the package."""
    name, extra = struct.unpack_from("<26xHH", data, info.header_offset)
    start = info.header_offset + 30 + name + extra
    packed = data[start : start + info.compress_size]
    if data[info.header_offset : info.header_offset + 4] != b"PK\x03\x04" or len(packed) < info.compress_size:
        raise zipfile.BadZipFile
    return packed


def _part(info: zipfile.ZipInfo, packed: bytes, allowed: int, limits: Limits) -> tuple[bytes, int]:
    """One part without what no reader needs of it, and its size in full."""
    is_stored = info.compress_type == zipfile.ZIP_STORED
    if info.file_size <= SMALL < allowed and (part := _small(packed, is_stored, info.CRC)) is not None:
        return (_without_tail(part) if info.filename.startswith(_SHEETS) else part), len(part)
    return _large(info, _inflated(packed, is_stored, info.CRC, allowed), limits)


def _large(info: zipfile.ZipInfo, pieces: Iterator[bytes], limits: Limits) -> tuple[bytes, int]:
    """The same for a part that comes in pieces; of a very long one that nobody reads, only the size."""
    first, is_sheet = next(pieces, b""), info.filename.startswith(_SHEETS)
    if len(first) >= _CHUNK and not info.filename.endswith(_KEPT):
        return b"", len(first) + sum(len(piece) for piece in pieces)
    if len(first) >= _CHUNK and is_sheet and info.filename.endswith(".xml") and _is_addressed(first):
        return _without_blank_rows(chain([first], pieces), limits)
    part = first + b"".join(pieces)
    return (_without_tail(part) if is_sheet else part), len(part)


@remembered
def _small(packed: bytes, is_stored: bool, checksum: int) -> bytes | None:
    """A part that is said to be small; nothing where it is not."""
    try:
        return b"".join(_inflated(packed, is_stored, checksum, SMALL))
    except RefusedError:
        return None


def _inflated(packed: bytes, is_stored: bool, checksum: int, allowed: int) -> Iterator[bytes]:
    """One part in pieces: counted, and held against its checksum."""
    size = found = 0
    for piece in _pieces(packed, is_stored, min(_CHUNK, allowed + 1)):
        size += len(piece)
        if size > allowed:
            raise RefusedError("file-too-large", "giải nén ra quá lớn")
        found = zlib_ng.crc32(piece, found)
        yield piece
    if found != checksum:
        raise zipfile.BadZipFile


def _pieces(packed: bytes, is_stored: bool, most: int) -> Iterator[bytes]:
    if is_stored:
        yield from (packed[at : at + most] for at in range(0, len(packed), most))
        return
    inflater = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
    try:
        piece = inflater.decompress(packed, most)
        while piece:
            yield piece
            piece = b"" if inflater.eof else inflater.decompress(inflater.unconsumed_tail, most)
    except zlib_ng.error:  # type: ignore[misc]  # its stub does not say that it is an exception
        raise zipfile.BadZipFile from None
    if not inflater.eof:
        raise zipfile.BadZipFile


@remembered
def _without_tail(part: bytes) -> bytes:
    """The sheet without the formatted blank rows below its last content, which a reader would walk through."""
    end = part.rfind(_DATA_END)
    last = part.rfind(b"<v>", 0, max(end, 0))
    cut = part.find(_ROW_END, last, end) + len(_ROW_END) if last >= 0 else 0
    if cut < len(_ROW_END) or _CELL_END.search(
        part, cut, end
    ):  # something else than rows opens and closes there, so a cell holds something
        return part
    return part[:cut] + part[end:]


def _is_addressed(head: bytes) -> bool:
    """Whether every row and cell says where it stands, so that leaving out its neighbours does not move it."""
    return b"<sheetData" in head and _all_say(head, b"row") and _all_say(head, b"c")


def _all_say(head: bytes, tag: bytes) -> bool:
    return (
        head.count(b"<%s " % tag) == head.count(b'<%s r="' % tag)
        and b"<%s>" % tag not in head
        and b":%s " % tag not in head
    )


def _without_blank_rows(chunks: Iterable[bytes], limits: Limits) -> tuple[bytes, int]:
    kept, rest, size, kept_size = [], b"", 0, 0
    for chunk in chunks:
        size += len(chunk)
        whole = rest + chunk
        cut = whole.rfind(_ROW_END) + len(_ROW_END)
        done, rest = (_BLANK_ROWS.sub(b"", whole[:cut]), whole[cut:]) if cut >= len(_ROW_END) else (b"", whole)
        kept.append(done)
        kept_size += len(done)
        if kept_size + len(rest) > limits.part_bytes:
            raise RefusedError("file-too-large", "giải nén ra quá lớn")
    part = b"".join((*kept, rest))
    if not _is_addressed(part):
        raise RefusedError("file-too-large", "sheet quá dài")
    return part, size


@remembered
def _check_xml(part: bytes, packed: int) -> None:
    """No declarations of types or entities, no encoding but UTF-8, no bottomless nesting."""
    head = part[:200]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise RefusedError("file-corrupt", " (bảng mã bên trong không phải UTF-8)")
    declared = re.search(rb"encoding\s*=\s*[\"']([^\"']*)", head)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise RefusedError("file-corrupt", " (bảng mã bên trong không phải UTF-8)")
    root = _ROOT.search(part)
    if b"<!DOCTYPE" in part[: root.start() if root else len(part)]:
        raise RefusedError("file-corrupt", " (cấu trúc bên trong không an toàn)")
    if len(part) > 20_000 and len(part) > 40 * packed and _NESTED.search(part):
        raise RefusedError("file-corrupt", " (cấu trúc bên trong lồng nhau quá sâu)")
