"""Take a file into the folder of a period: copied beside, judged there, then named and booked, or not there at all.

The copy and the line that it is to get lie together in a workplace until the line stands in the book. Of a command that
was killed between the two, the next one writes the line.
"""

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from pipeline.declare.errors import PipelineError
from pipeline.intake.book import BookLine, put_line, read_book, same_name
from pipeline.intake.gather import files_in
from pipeline.records.digests import digest_of
from pipeline.records.locks import held, real_place
from pipeline.records.names import stored_name
from pipeline.records.workplace import abandoned, workplace
from pipeline.records.writing import settle, take_name, write_new
from pipeline.values.forms import RECEIVING_BOOK

_KIND = "nhan"
_COPY, _LINE = "tep", "so.json"
_NOT_A_FILE = "“{}” không phải là tệp (là thư mục, ống dẫn hoặc thiết bị); lệnh này cần từng tệp."
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of a file that came, beside the folder; from now on it is read and nothing else."""

    path: Path
    sha256: str
    folder: Path

    @property
    def work(self) -> Path:
        return self.path.parent


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Where the content stands now in the folder, and whether it stood there before."""

    file: str
    is_known: bool


@contextmanager
def copied(source: Path, folder: Path) -> Iterator[Copy]:
    """Copy a file beside the folder of a period; what is not taken in goes again."""
    folder = real_place(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with workplace(folder, _KIND) as work:
        path = work / _COPY
        with _open_file(source) as read, path.open("xb") as write:
            digest = hashlib.sha256()
            while chunk := read.read(_CHUNK):
                digest.update(chunk)
                write.write(chunk)
            settle(write.fileno())
            times = os.fstat(read.fileno())
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        yield Copy(path, digest.hexdigest(), folder)


def take_in(copy: Copy, name: str, line: BookLine, zone: ZoneInfo) -> TakenIn:
    """Give the copy its place and its line, unless the folder has that content; a failure leaves neither."""
    with held(copy.folder):
        _finish(copy.folder, zone)
        if known := _same_content(copy):
            return TakenIn(known, True)
        read_book(copy.folder / RECEIVING_BOOK, zone)  # a book that cannot be read is not added to
        place = _place(copy, name, line)
        try:
            put_line(copy.folder / RECEIVING_BOOK, place.name, line, copy.work)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
        return TakenIn(place.name, False)


def finish_interrupted(folder: Path, zone: ZoneInfo) -> None:
    """Write the lines, and clear the copies, of commands that were killed."""
    if next(abandoned(real_place(folder).parent, _KIND), None):
        with held(folder, 0):
            _finish(folder, zone)


def _finish(folder: Path, zone: ZoneInfo) -> None:
    parent, mine = real_place(folder).parent, f".{real_place(folder).name}.{_KIND}-"
    for left in abandoned(parent, _KIND):
        if left.name.startswith(mine):
            _book_what_stands(folder, left, zone)
            shutil.rmtree(left, ignore_errors=True)


def _book_what_stands(folder: Path, left: Path, zone: ZoneInfo) -> None:
    try:
        told = json.loads((left / _LINE).read_text(encoding="utf-8"))
        place = folder / told["file"]
        line = BookLine(datetime.fromisoformat(told["received_at"]), told["channel"], told["note"])
        stands = digest_of(place) == told["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if stands and same_name(place.name) not in read_book(folder / RECEIVING_BOOK, zone):
        put_line(folder / RECEIVING_BOOK, place.name, line, left)


def _place(copy: Copy, name: str, line: BookLine) -> Path:
    number = 1
    while True:
        place = copy.folder / stored_name(name, number)
        if not os.path.lexists(place):
            _note(copy, place.name, line)
            if take_name(copy.path, place):
                return place
        number += 1


def _note(copy: Copy, name: str, line: BookLine) -> None:
    told = {
        "file": name,
        "sha256": copy.sha256,
        "received_at": line.received_at.isoformat(),
        "channel": line.channel,
        "note": line.note,
    }
    (copy.work / _LINE).unlink(missing_ok=True)
    write_new(copy.work / _LINE, json.dumps(told).encode())


def _same_content(copy: Copy) -> str:
    """The file of the folder that holds it already; what cannot be read there is no reason to refuse another."""
    size = copy.path.stat().st_size
    for entry in files_in(copy.folder):
        with suppress(OSError):
            if entry.size == size and not entry.code and digest_of(entry.path) == copy.sha256:
                return entry.file
    return ""


def _open_file(path: Path) -> IO[bytes]:
    """Open what is a file, and wait for nobody: a pipe would wait for its writer."""
    if path.exists() and not path.is_file():
        raise PipelineError(_NOT_A_FILE.format(path))
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise PipelineError(_NOT_A_FILE.format(path))
    return os.fdopen(handle, "rb")
