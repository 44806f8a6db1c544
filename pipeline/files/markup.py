"""Walk through XML without building a tree and without recursion; types and bottomless nesting are refused."""

from collections.abc import Callable, Mapping
from typing import NoReturn
from xml.parsers import expat

from pipeline.files.findings import RefusedError

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def walk(part: bytes, depth: int, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Call `start`, `end` and `text` with names freed of their prefix.

    Raises `RefusedError` where the XML is broken or unsafe.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    level = 0

    def opened(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal level
        level += 1
        if level > depth:
            raise RefusedError("file-corrupt", "cấu trúc bên trong lồng nhau quá sâu")
        start(local(name), attributes)

    def closed(name: str) -> None:
        nonlocal level
        level -= 1
        if end:
            end(local(name))

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = _refuse_types
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise RefusedError("file-corrupt") from None


def replaced(part: bytes, instead: Callable[[str, Mapping[str, str]], bytes | None], end: End | None = None) -> bytes:
    """The XML with other bytes in the place of whole elements: what `instead` gives, where that is not None.

    It is asked about each element outside of those, in order, by its whole name. The XML is known to be sound.
    """
    return _Replacing(part, instead, end).done()


class _Replacing:
    def __init__(self, part: bytes, instead: Callable[[str, Mapping[str, str]], bytes | None], end: End | None) -> None:
        self._part, self._instead, self._end = part, instead, end
        self._kept: list[bytes] = []
        self._settled = self._level = 0  # how much of the part is settled; how deep in an element that goes
        self._is_empty = False  # nothing has come yet inside the element that goes
        self._parser = expat.ParserCreate()

    def done(self) -> bytes:
        self._parser.StartElementHandler = self._opened
        self._parser.EndElementHandler = self._closed
        self._parser.CharacterDataHandler = self._text
        self._parser.Parse(self._part, True)
        return b"".join((*self._kept, self._part[self._settled :]))

    def _opened(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._level:
            self._level += 1
            self._is_empty = False
        elif (other := self._instead(name, attributes)) is not None:
            self._kept += (self._part[self._settled : self._parser.CurrentByteIndex], other)
            self._level, self._is_empty = 1, True

    def _text(self, text: str) -> None:
        self._is_empty = False

    def _closed(self, name: str) -> None:
        if self._level:
            self._level -= 1
            if not self._level:
                self._settled = self._end_of_tag(self._parser.CurrentByteIndex)
        elif self._end:
            self._end(name)

    def _end_of_tag(self, at: int) -> int:
        """Behind the element; of one that is a single tag the parser tells the end of it, of others where `</` is."""
        return at if self._is_empty and self._part[at - 2 : at] == b"/>" else self._part.index(b">", at) + 1


def local(name: str) -> str:
    """The name without its namespace prefix."""
    return name.rpartition(":")[2]


def escaped(text: str) -> str:
    """Text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _refuse_types(*_: object) -> NoReturn:
    raise RefusedError("file-corrupt", "cấu trúc bên trong không an toàn")
