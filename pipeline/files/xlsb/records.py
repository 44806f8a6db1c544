"""A binary part of an .xlsb package cut into its records, and put together again."""

import struct
from collections.abc import Iterator

from pipeline.files.findings import RefusedError


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record; both kind and length are written seven bits a byte."""
    at = 0
    while at < len(part):
        kind, at = _varied(part, at, 2)
        length, at = _varied(part, at, 4)
        if at + length > len(part):
            raise RefusedError("file-corrupt")
        yield kind, part[at : at + length]
        at += length


def record(kind: int, data: bytes) -> bytes:
    """One record as it is written."""
    return _as_varied(kind) + _as_varied(len(data)) + data


def wide_text(data: bytes, at: int) -> tuple[str, int]:
    """The text at `at`, and where what follows it begins."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _varied(part: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for step in range(most):
        if at >= len(part):
            raise RefusedError("file-corrupt")
        value |= (part[at] & 0x7F) << (7 * step)
        at += 1
        if not part[at - 1] & 0x80:
            break
    return value, at


def _as_varied(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))
