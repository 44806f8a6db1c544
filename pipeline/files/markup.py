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
            raise RefusedError("file-corrupt", " (cấu trúc bên trong lồng nhau quá sâu)")
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


def local(name: str) -> str:
    """The name without its namespace prefix."""
    return name.rpartition(":")[2]


def escaped(text: str) -> str:
    """Text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _refuse_types(*_: object) -> NoReturn:
    raise RefusedError("file-corrupt", " (cấu trúc bên trong không an toàn)")
