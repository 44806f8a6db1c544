"""One form as the project's own writer makes it, then filled again and again by exchanging the contents of its cells.

Writing a form of sixty activities takes the writer a tenth of a second; exchanging contents takes a few milliseconds,
and the file is the same as if it had been typed into the form: the same parts, styles, limits and string table. Parts
that do not change are packed once.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape, unescape

Value = str | float | date | None

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"(?:/>|(?: t="s")?><v>[^<]*</v></c>)')
_STRING = re.compile(r"<si><t(?: xml:space=\"preserve\")?>([^<]*)</t></si>")
_STRINGS = "xl/sharedStrings.xml"
_TITLE = "docProps/core.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FIRST_DAY = date(1899, 12, 30)
_DOS_DAY = 0x21  # 1 January 1980, which XlsxWriter gives to every part


@dataclass(frozen=True, slots=True)
class _Packed:
    """One part of the package, deflated."""

    name: str
    crc: int
    size: int
    data: bytes


class Template:
    """A filled form with open slots."""

    def __init__(self, data: bytes, slots: Mapping[str, Sequence[str]]) -> None:
        """`slots`: by part, the addresses of the cells that change, row by row."""
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {item.filename: archive.read(item) for item in archive.infolist()}
        self._order = list(parts)
        text = parts[_STRINGS].decode()
        self._head = text[: text.index("<sst")]
        self._strings = {unescape(found): place for place, found in enumerate(_STRING.findall(text))}
        self._static = "".join(found[0] for found in _STRING.finditer(text))
        self._title = parts[_TITLE].decode()
        self._slots = {name: _split(parts[name].decode(), wanted) for name, wanted in slots.items()}
        changing = {_STRINGS, _TITLE, *self._slots}
        self._kept = {name: _pack(name, data) for name, data in parts.items() if name not in changing}
        self._used = sum(data.count(b't="s"') for name, data in parts.items() if name not in changing)

    def fill(self, contents: Mapping[str, Sequence[Value]], words: Mapping[str, str]) -> bytes:
        """The form with these contents, by part in the order of its slots, and each word replaced by its text.

        `None` is blank.
        """
        strings = dict(self._strings)
        sheets = {name: _render(before, contents[name], strings) for name, before in self._slots.items()}
        fresh = "".join(f"<si><t>{escape(text)}</t></si>" for text in list(strings)[len(self._strings) :])
        static, title = self._static, self._title
        for word, text in words.items():
            static, title = static.replace(word, escape(text)), title.replace(word, escape(text))
        used = self._used + sum(text.count('t="s"') for text in sheets.values())
        table = f'<sst xmlns="{_MAIN}" count="{used}" uniqueCount="{len(strings)}">{static}{fresh}</sst>'
        changed = {**sheets, _STRINGS: f"{self._head}{table}", _TITLE: title}
        return _archive(self._kept.get(name) or _pack(name, changed[name].encode()) for name in self._order)


def _split(sheet: str, wanted: Sequence[str]) -> list[str]:
    """What stands before the content of each slot, and last what stands behind them all."""
    pieces, found, end = [], [], 0
    slots = set(wanted)
    for cell in _CELL.finditer(sheet):
        if cell[1] in slots:
            pieces.append(f'{sheet[end : cell.start()]}<c r="{cell[1]}" s="{cell[2]}"')
            found.append(cell[1])
            end = cell.end()
    if found != list(wanted):
        raise ValueError(f"the form has not the cells that it should have: {slots.symmetric_difference(found)}")
    return [*pieces, sheet[end:]]


def _render(before: list[str], values: Sequence[Value], strings: dict[str, int]) -> str:
    pieces = []
    for text, value in zip(before, values, strict=False):
        pieces.append(text)
        if value is None:
            pieces.append("/>")
        elif isinstance(value, str):
            pieces.append(f' t="s"><v>{strings.setdefault(value, len(strings))}</v></c>')
        else:
            number = (value - _FIRST_DAY).days if isinstance(value, date) else value
            pieces.append(f"><v>{number:.16g}</v></c>")
    return "".join([*pieces, before[-1]])


def _pack(name: str, data: bytes) -> _Packed:
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    return _Packed(name, zlib.crc32(data), len(data), deflater.compress(data) + deflater.flush())


def _archive(parts: Iterator[_Packed]) -> bytes:
    """A zip of parts that are deflated already, which `zipfile` cannot write."""
    bodies, directory, at = [], [], 0
    for part in parts:
        name = part.name.encode()
        facts = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, _DOS_DAY, part.crc, len(part.data), part.size, len(name), 0)
        body = b"PK\x03\x04" + facts + name + part.data
        directory.append(b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, at) + name)
        bodies.append(body)
        at += len(body)
    listed = b"".join(directory)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(directory), len(directory), len(listed), at, 0)
    return b"".join([*bodies, listed, end])
