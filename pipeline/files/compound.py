"""The compound file of old Office formats: its streams by name, read without trusting any of its pointers.

Read here and not by the library olefile: that compares the start of each stream with those of all before it, so that
5 MB of directory made for it hold it for seven seconds and 30 MB for minutes; it walks the tree of names by recursion;
and it gives a stream whose chain is broken back cut short, or refuses honest files with odd headers along with it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.files.findings import RefusedError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # from here on, a sector number is a sign, not a place
_ENTRY = 128
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The streams and storages right below the root."""

    def __init__(self, data: bytes) -> None:
        try:
            self._open(data)
        except (struct.error, IndexError, UnicodeDecodeError, OverflowError):
            raise RefusedError("file-corrupt") from None

    def _open(self, data: bytes) -> None:
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise RefusedError("file-corrupt")
        self._data, self._sector = data, 1 << shift
        self._most = len(data) // self._sector + 1
        directory, self._cutoff, first_mini = struct.unpack_from("<I4xII", data, 48)
        self._table, self._directory = self._sector_table(), directory
        entries = [_entry(raw) for raw in _pieces(self._chain(directory), _ENTRY)]
        root = entries[0]
        self._mini = self._chain(root.start)
        self._mini_table = struct.unpack(f"<{len(mini) // 4}I", mini) if (mini := self._chain(first_mini)) else ()
        self._streams = {entry.name: entry for entry in _siblings(entries, root.child)}

    @property
    def names(self) -> frozenset[str]:
        """Names of the streams and storages right below the root."""
        return frozenset(self._streams)

    def named(self, name: str) -> str:
        """The stream of that name as it is spelled here, in small or capital letters; empty where there is none."""
        return next((found for found in self._streams if found.casefold() == name.casefold()), "")

    def changed(self, found: str, name: str, stream: bytes) -> bytes:
        """The same file with the stream `found` spelled `name`, in other small and capital letters, and with its bytes.

        There are as many as before.
        """
        data, old, new = bytearray(self._data), found.encode("utf-16-le"), name.encode("utf-16-le")
        for number in self._numbers(self._directory):
            for at in range((number + 1) * self._sector, (number + 2) * self._sector, _ENTRY):
                if data[at : at + len(old) + 2] == old + bytes(2):
                    data[at : at + len(old)] = new
        if stream != self.read(found):
            self._put(data, self._streams[found], stream)
        return bytes(data)

    def _put(self, data: bytearray, entry: _Entry, stream: bytes) -> None:
        if entry.size < self._cutoff:
            raise RefusedError("file-corrupt")  # no program writes a workbook that small
        for number, piece in zip(
            self._numbers(entry.start), _pieces(stream + bytes(self._sector), self._sector), strict=False
        ):
            at = (number + 1) * self._sector
            data[at : at + len(piece)] = piece

    def read(self, name: str) -> bytes:
        """One stream, whole."""
        entry = self._streams[name]
        if entry.size >= self._cutoff:
            return self._chain(entry.start)[: entry.size]
        pieces: list[bytes] = []
        at = entry.start
        while at < _LAST and len(pieces) * 64 < entry.size:
            if at >= len(self._mini_table):
                raise RefusedError("file-corrupt")
            pieces.append(self._mini[at * 64 : at * 64 + 64])
            at = self._mini_table[at]
        return b"".join(pieces)[: entry.size]

    def _sector_at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        if start >= len(self._data):
            raise RefusedError("file-corrupt")
        return self._data[start : start + self._sector]

    def _sector_table(self) -> tuple[int, ...]:
        listed = list(struct.unpack_from("<109I", self._data, 76))
        more = struct.unpack_from("<I", self._data, 68)[0]
        seen = 0
        while more < _LAST and seen < self._most:
            sector = self._sector_at(more)
            *numbers, more = struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
            listed += numbers
            seen += 1
        sectors = [self._sector_at(number) for number in listed if number < _LAST][: self._most]
        table = b"".join(sectors)
        return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector_at, self._numbers(start)))

    def _numbers(self, start: int) -> list[int]:
        """The sectors of a chain."""
        numbers: list[int] = []
        at = start
        while at < _LAST:
            if at >= len(self._table) or len(numbers) > self._most:
                raise RefusedError("file-corrupt")
            numbers.append(at)
            at = self._table[at]
        return numbers


def _entry(raw: bytes) -> _Entry:
    length, kind = struct.unpack_from("<HB", raw, 64)
    left, right, child = struct.unpack_from("<III", raw, 68)
    start, size = struct.unpack_from("<II", raw, 116)
    return _Entry(raw[: max(min(length, 64) - 2, 0)].decode("utf-16-le"), kind, left, right, child, start, size)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data) - size + 1, size))


def _siblings(entries: list[_Entry], first: int) -> Iterator[_Entry]:
    """The entries of one storage, which hang together as a tree; a loop in it is walked once."""
    waiting, seen = [first], set()
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in seen:
            seen.add(number)
            entry = entries[number]
            yield entry
            waiting += [entry.left, entry.right]
