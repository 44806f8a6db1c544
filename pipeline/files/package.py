"""One zip package, unpacked part by part within the limits: bytes are counted as they come out, never as declared.

A part that nobody reads is neither inflated nor judged: what other programs leave in a package does no harm there.
Blank formatted rows of a very long sheet are left out on the way.
"""

import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from zlib_ng import zlib_ng

from pipeline.files.findings import RefusedError
from pipeline.files.limits import Limits
from pipeline.files.remembered import SMALL, remembered

_NO_XML = (".bin", "mimetype", "meta-inf/manifest.xml")  # the last is searched, not parsed; old ones have a DOCTYPE
_CHUNK = 4_000_000
_ENCRYPTED, _UTF8 = 1, 0x800
_BLANK_ROWS = re.compile(rb"<row [^<>]*(?:/>|>(?:<c [^<>]*(?:/>|></c>))*+</row>)")
_ROOT = re.compile(rb"<[A-Za-z_:]")  # types and entities can only be declared before the first element
_VALUE_END, _ROW_END, _DATA_END = b"</v></c>", b"</row>", b"</sheetData>"
# The end of something else than a row, or than a cell with a formula of the rows above which comes to no text.
_CELL_END = re.compile(rb'</(?!row>)(?<! t="str"><f t="shared" si="0"/><v/></)')
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_ENCODING = re.compile(rb"(<\?xml[^>]*encoding\s*=\s*[\"'])([^\"']*)")
_NESTED = re.compile(rb"</(?:[^<>]*>\s*</){99}")  # begins with two signs, which are found fast


class Package(Mapping[str, bytes]):
    """The parts of one package by name: inflated when somebody asks for them, the others never.

    Names are in small letters with forward slashes, since programs do not agree on either. What no program that
    writes workbooks does to a part that is read is a `RefusedError`.
    """

    def __init__(self, data: bytes, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._data, self._limits = data, limits
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._doubled: set[str] = set()
        for info in archive.infolist():
            key = part_name(info.filename)
            if key in self._infos:
                self._doubled.add(key)
            self._infos[key] = info
        self._parts: dict[str, bytes] = {}
        self._total = 0

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and part_name(name) in self._infos

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def __getitem__(self, name: str) -> bytes:
        """One part in full."""
        return self._unpacked(name, is_sheet=False)

    def sheet(self, name: str) -> bytes:
        """A worksheet without the formatted blank rows that no reader needs."""
        return self._unpacked(name, is_sheet=True)

    def _unpacked(self, name: str, is_sheet: bool) -> bytes:
        key = part_name(name)
        if key not in self._parts:
            info = self._infos[key]
            if key in self._doubled:
                raise RefusedError("file-corrupt", "bên trong có hai phần trùng tên")
            part = self._inflated(info, is_sheet)
            self._parts[key] = part if key.endswith(_NO_XML) else _as_xml(part, info.compress_size)
        return self._parts[key]

    def _inflated(self, info: zipfile.ZipInfo, is_sheet: bool) -> bytes:
        limits = self._limits
        if info.flag_bits & _ENCRYPTED:
            raise RefusedError("file-encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RefusedError("file-corrupt", "bên trong nén theo kiểu mà phần mềm không đọc")
        allowed = min(
            limits.total_bytes - self._total, max(limits.ratio_grace_bytes, info.compress_size * limits.ratio)
        )
        part, size = _part(info, _packed(self._data, info), is_sheet, allowed, limits)
        self._total += size
        if len(part) > limits.part_bytes:
            raise RefusedError("file-too-large", "giải nén ra quá lớn")
        return part


@lru_cache(maxsize=4_096)
def part_name(name: str) -> str:
    """How a part is known, however a program spelled its name."""
    return name.replace("\\", "/").lstrip("/").casefold()


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
        facts = _stored(written, part)
        bodies += (b"PK\x03\x04", facts, written, part)
        entries += (b"PK\x01\x02\x14\x00", facts, struct.pack("<HHHII", 0, 0, 0, 0, at), written)
        at += 30 + len(written) + len(part)
    directory = b"".join(entries)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), at, 0)
    return b"".join((*bodies, directory, end))


def _stored(name: bytes, part: bytes) -> bytes:
    """What the head of a part and its entry in the directory say alike: that it is stored, its sum and sizes."""
    size = len(part)
    return struct.pack("<HHHHHIIIHH", 20, _UTF8, 0, 0, 33, zlib_ng.crc32(part), size, size, len(name), 0)


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """One part as it stands in the package."""
    name, extra = struct.unpack_from("<26xHH", data, info.header_offset)
    start = info.header_offset + 30 + name + extra
    packed = data[start : start + info.compress_size]
    if data[info.header_offset : info.header_offset + 4] != b"PK\x03\x04" or len(packed) < info.compress_size:
        raise zipfile.BadZipFile
    return packed


def _part(info: zipfile.ZipInfo, packed: bytes, is_sheet: bool, allowed: int, limits: Limits) -> tuple[bytes, int]:
    """One part without what no reader needs of it, and its size in full."""
    is_stored = info.compress_type == zipfile.ZIP_STORED
    if info.file_size <= SMALL < allowed and (part := _small(packed, is_stored, info.CRC)) is not None:
        return (_without_tail(part) if is_sheet else part), len(part)
    return _large(_inflated(packed, is_stored, info.CRC, allowed), is_sheet, limits)


def _large(pieces: Iterator[bytes], is_sheet: bool, limits: Limits) -> tuple[bytes, int]:
    """The same for a part that comes in pieces."""
    first = next(pieces, b"")
    if len(first) >= _CHUNK and is_sheet and _is_addressed(first):
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
    last = part.rfind(_VALUE_END, 0, max(end, 0))
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
def _as_xml(part: bytes, packed: int) -> bytes:
    """The part in UTF-8: no declarations of types or entities, no bottomless nesting."""
    if part[:2] in _WIDE:
        part = _narrowed(part)
    head = part[:200]
    declared = _ENCODING.search(head)
    if b"\x00" in head or (declared and declared[2].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise RefusedError("file-corrupt", "bảng mã bên trong không phải Unicode")
    root = _ROOT.search(part)
    if b"<!DOCTYPE" in part[: root.start() if root else len(part)]:
        raise RefusedError("file-corrupt", "cấu trúc bên trong không an toàn")
    if len(part) > 20_000 and len(part) > 40 * packed and _NESTED.search(part):
        raise RefusedError("file-corrupt", "cấu trúc bên trong lồng nhau quá sâu")
    return part


def _narrowed(part: bytes) -> bytes:
    """A part in UTF-16, which packages may use as well, in UTF-8."""
    try:
        written = part.decode("utf-16").encode()
    except UnicodeError:
        raise RefusedError("file-corrupt", "bảng mã bên trong không phải Unicode") from None
    return _ENCODING.sub(rb"\1UTF-8", written[:200], count=1) + written[200:]
