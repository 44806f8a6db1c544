"""The stream of an old .xls workbook cut into its records: the workbook first, then sheet after sheet."""

import struct
from collections.abc import Iterator

from pipeline.files.findings import RefusedError

_BEGIN, _END = 0x0809, 0x000A


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of one part of the stream, those of charts inside it left out."""
    return ((kind, data) for _, kind, data in placed_records(stream, at))


def placed_records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """The same, with the place in the stream at which each record begins."""
    level = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BEGIN:
            level += 1
        elif kind == _END:
            level -= 1
            if level <= 0:
                return
        elif level == 1:
            yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
    raise RefusedError("file-corrupt")


def short_text(data: bytes, at: int, is_wide: bool) -> str:
    """A text with its length in one byte.

    `is_wide`: of a workbook since Excel 97, in which a text says how wide its letters are.
    """
    length = data[at]
    if not is_wide:
        return data[at + 1 : at + 1 + length].decode("cp1252", "replace")
    if data[at + 1] & 1:
        return data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    return data[at + 2 : at + 2 + length].decode("latin-1")
