"""The bytes of a file as they lie in the folder now: read once for judging, and once more for sending back."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from pipeline.files.limits import STANDARD
from pipeline.values.forms import Reading

_PIECE = 1 << 20
# Neither waits for the other end of a pipe nor goes where a link leads that took the file's place meanwhile.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW"))


class NotAFileError(OSError):
    """What stands there is a pipe, a device or a folder."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file's size and fingerprint, and its bytes; none of one that is larger than was asked for."""

    data: bytes
    size: int
    sha256: str


def read_received(path: Path, most: int) -> Received:
    """Read a file of at most `most` bytes; a larger one is only hashed, piece by piece, and never held whole."""
    with _opened(path) as stream:
        data = stream.read(most + 1)
        size, digest = len(data), hashlib.sha256(data)
        if size > most:
            data = b""
            while piece := stream.read(_PIECE):
                size += len(piece)
                digest.update(piece)
    return Received(data, size, digest.hexdigest())


def bytes_judged(reading: Reading) -> bytes | None:
    """The bytes that were judged; None where others stand there by now, or none."""
    try:
        received = read_received(reading.arrival.path, STANDARD.file_bytes)
    except OSError:
        return None
    return received.data if received.sha256 == reading.sha256 else None


def _opened(path: Path) -> BinaryIO:
    if hasattr(path, "fs"):  # a store of files that fsspec knows
        return cast(BinaryIO, path.open("rb"))
    handle = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFileError
    return os.fdopen(handle, "rb")
