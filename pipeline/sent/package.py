"""One package: sealed from parts so that the same parts give the same bytes, opened only where every byte is as sealed.

A package is a plain zip, so that anybody can unpack it without this program; its last part is the manifest.
"""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipeline.records.digests import digest_of
from pipeline.records.writing import settle
from pipeline.sent.manifest import MANIFEST, BrokenPackageError, Manifest, Part, manifest_json, read_manifest

_TIME = (2025, 1, 1, 0, 0, 0)
_PIECE = 1 << 20
_STORED = (".xlsx", ".docx", ".png", ".jpg", ".jpeg", ".pdf", ".zip", ".parquet")  # packed already
_LARGE = 1 << 31
_MOST_PARTS = 100_000
_MOST_BYTES = 8 << 30  # of all parts together
_MOST_TOLD = 256 << 20  # of the manifest
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, struct.error)


@dataclass(frozen=True, slots=True)
class Source:
    """What becomes a part: its name in the package, and its bytes or where they lie."""

    name: str
    content: bytes | Path


def seal(place: Path, sources: Iterable[Source], manifest: Callable[[tuple[Part, ...]], Manifest]) -> str:
    """Write a package that was not there, down to the disk; returns its sha256. `manifest` is made of its parts."""
    with place.open("xb") as handle:
        with zipfile.ZipFile(handle, "w") as archive:
            parts = tuple(_add(archive, source) for source in sorted(sources, key=lambda source: source.name))
            _add(archive, Source(MANIFEST, manifest_json(manifest(parts))))
        settle(handle.fileno())
    return digest_of(place)


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry that is the same on every machine; what is packed already is stored as it is."""
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_STORED if name.lower().endswith(_STORED) else zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry


def _add(archive: zipfile.ZipFile, source: Source) -> Part:
    digest, size = hashlib.sha256(), 0
    is_large = isinstance(source.content, Path) and source.content.stat().st_size > _LARGE
    with archive.open(_entry(source.name), "w", force_zip64=is_large) as write:
        for piece in _pieces(source.content):
            digest.update(piece)
            size += len(piece)
            write.write(piece)
    return Part(source.name, digest.hexdigest(), size)


def _pieces(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as read:
        while piece := read.read(_PIECE):
            yield piece


@dataclass(frozen=True, slots=True)
class Package:
    """An open package, its manifest read; `read` gives the bytes of a part as sealed."""

    name: str
    manifest: Manifest
    archive: zipfile.ZipFile

    def read(self, name: str) -> bytes:
        """A part, checked against the manifest."""
        part = next((item for item in self.manifest.parts if item.name == name), None)
        if part is None:
            raise BrokenPackageError(f"Gói {self.name} thiếu phần “{name}”, không như lúc niêm phong.")
        return b"".join(self._checked(part))

    def record(self) -> Mapping[str, Any]:
        """The record of the run behind it."""
        try:
            record: Mapping[str, Any] = json.loads(self.read(self.manifest.about.record))
        except ValueError:
            raise BrokenPackageError(f"Gói {self.name} có bản ghi lần chạy không đọc được.") from None
        return record

    def check(self) -> None:
        """Every byte of every part: none altered, none missing, none that the manifest does not know."""
        known = {part.name for part in self.manifest.parts} | {MANIFEST}
        there = set(self.archive.namelist())
        if strange := sorted(there - known):
            raise BrokenPackageError(f"Gói {self.name} có thêm phần “{strange[0]}” mà lúc niêm phong không có.")
        if lost := sorted(known - there):
            raise BrokenPackageError(f"Gói {self.name} thiếu phần “{lost[0]}”, không như lúc niêm phong.")
        for part in self.manifest.parts:
            for _ in self._checked(part):
                pass

    def _checked(self, part: Part) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        try:
            with self.archive.open(part.name) as read:
                while piece := read.read(_PIECE):
                    size += len(piece)
                    digest.update(piece)
                    if size > part.size:
                        break
                    yield piece
        except (*_BROKEN, KeyError, OSError):
            size = -1
        if size != part.size or digest.hexdigest() != part.sha256:
            raise BrokenPackageError(f"Gói {self.name}: phần “{part.name}” không còn như lúc niêm phong.")


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open a package and read its manifest; whatever is wrong with it is a `BrokenPackageError` of one sentence."""
    with path.open("rb") as handle, _archive(handle, path.name) as archive:
        _check_names(archive, path.name)
        yield Package(path.name, read_manifest(_told(archive, path.name), path.name), archive)


def _archive(handle: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(handle)
    except _BROKEN:
        raise BrokenPackageError(f"Gói {name} bị cắt cụt hoặc hỏng, không mở được.") from None


def _check_names(archive: zipfile.ZipFile, package: str) -> None:
    """Before anything is unpacked: no more than can be, each name once, none that leads elsewhere."""
    infos = archive.infolist()
    if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_BYTES:
        raise BrokenPackageError(f"Gói {package} quá lớn so với một gói do phần mềm niêm phong.")
    seen: set[str] = set()
    for info in infos:
        if info.filename in seen:
            raise BrokenPackageError(f"Gói {package} có hai phần cùng tên “{info.filename}”.")
        if leads_elsewhere(info.orig_filename):
            raise BrokenPackageError(f"Gói {package} có phần mang đường dẫn lạ “{info.filename}”.")
        seen.add(info.filename)


def leads_elsewhere(name: str) -> bool:
    """Whether a part of this name could land outside of the folder into which somebody unpacks it."""
    odd = any(sign in name for sign in "\\\0") or name[1:2] == ":"
    return odd or any(step in ("", ".", "..") for step in name.split("/"))


def _told(archive: zipfile.ZipFile, package: str) -> bytes:
    try:
        if archive.getinfo(MANIFEST).file_size > _MOST_TOLD:
            raise BrokenPackageError(f"Gói {package} quá lớn so với một gói do phần mềm niêm phong.")
        return archive.read(MANIFEST)
    except KeyError:
        raise BrokenPackageError(f"Gói {package} thiếu {MANIFEST}, không phải gói do phần mềm niêm phong.") from None
    except (*_BROKEN, OSError):
        raise BrokenPackageError(
            f"Gói {package} có phần {MANIFEST} không đọc được, không như lúc niêm phong."
        ) from None


def texts_of(package: Package) -> Mapping[str, str]:
    """The tables of data by name."""
    return {name: package.read(part).decode("utf-8") for name, part in package.manifest.about.tables.items()}
