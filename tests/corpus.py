"""Build the bad files that intake must survive: each from a good form, or from nothing, byte by byte."""

import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

TASKS = "xl/worksheets/sheet3.xml"  # the sheets of a form as XlsxWriter names them
FIGURES = "xl/worksheets/sheet4.xml"
ACTIVITIES = "xl/worksheets/sheet5.xml"
STRINGS = "xl/sharedStrings.xml"

Edit = Callable[[bytes], bytes]


def book(rows: str, strings: str = "", sheet: str | bytes = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook of one sheet, from the XML of its rows (or of the whole sheet) and of its shared strings."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SPREADSHEET}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet
        or f'{_HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    if strings:
        parts[STRINGS] = f'{_HEAD}<sst xmlns="{MAIN}">{strings}</sst>'
    return packed({**parts, **(more or {})})


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files in a zip."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(data: bytes, name: str, edit: Edit) -> bytes:
    """The same package with one part edited."""
    parts = unpacked(data)
    assert edit(parts[name]) != parts[name], f"{name} is as before"
    return packed({**parts, name: edit(parts[name])})


def everywhere(data: bytes, edit: Edit) -> bytes:
    """The same package with every worksheet edited."""
    return packed(
        {name: edit(part) if name.startswith("xl/worksheets/") else part for name, part in unpacked(data).items()}
    )


def added(data: bytes, more: Mapping[str, str | bytes]) -> bytes:
    """The same package with more parts."""
    return packed({**unpacked(data), **more})


def replaced(old: bytes, new: bytes) -> Edit:
    """Replace the first `old`, which must be there."""
    return lambda part: part.replace(old, new, 1)


def with_rows(rows: bytes) -> Edit:
    """More rows below the last one."""
    return replaced(b"</sheetData>", rows + b"</sheetData>")


def blank_rows(first: int, last: int) -> bytes:
    """Formatted rows with nothing in them."""
    return b"".join(
        b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/><c r="C%d" s="1"/></row>' % (row, row, row, row)
        for row in range(first, last)
    )


def mail(attachments: Mapping[str, bytes]) -> bytes:
    """A message with files attached."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "xa@example.invalid", "huyen@example.invalid", "Báo cáo quý"
    message.set_content("Kính gửi Phòng Nội vụ.")
    for name, content in attachments.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def compound(*names: str, stream: bytes = b"") -> bytes:
    """A compound file with these streams below its root; each holds `stream`."""
    small = stream.ljust(4096, b"\0")  # large enough to lie in sectors of its own
    sectors = len(small) // 512
    entries = [_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)]
    entries += [
        _entry(name, 2, 0xFFFFFFFF, 2, len(small), right=at + 2 if at + 1 < len(names) else 0xFFFFFFFF)
        for at, name in enumerate(names)
    ]
    directory = b"".join(entries).ljust(512, b"\0")[:512]
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    allocation = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    numbers = (62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6xIIIIIIIIII", *numbers)
    return head[:76] + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108) + allocation + directory + small


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBB", len(written), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


HARMLESS = ("ratio-picture", "backslash", "wide-letters", "far-cell", "far-corner")
"""Attempts at a part that nobody reads, in letters that packages may use, or with a stray cell: the form is read."""


def hostile(good: bytes) -> dict[str, bytes]:
    """Files that were made to do harm, by what they try."""
    far = with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    entity = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet '
    outside = b'<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet '
    deep = b"<a>" * 150_000 + b"</a>" * 150_000
    lie = re.compile(rb'count="\d+" uniqueCount="\d+"')
    return {
        "ratio": changed(good, FIGURES, lambda part: part + b" " * 90_000_000),
        "ratio-notes": added(good, {"xl/comments1.xml": b" " * 90_000_000, **_leading_to_notes(good)}),
        "ratio-picture": added(good, {"xl/media/image1.png": b"\0" * 90_000_000}),
        "nested": packed({"a.zip": packed({"b.zip": packed({"c.xlsx": good})})}),
        "far-cell": changed(good, FIGURES, far),
        "far-corner": changed(good, FIGURES, with_rows(b'<row r="90000"><c r="ZZ90000"><v>1</v></c></row>')),
        "far-column": changed(good, FIGURES, with_rows(_filled_column("ZZZ", 60_000))),
        "many-strings": changed(
            good, STRINGS, lambda part: lie.sub(b'count="4000000000" uniqueCount="4000000000"', part)
        ),
        "type-declaration": changed(good, FIGURES, replaced(b"<worksheet ", entity)),
        "outside-entity": changed(good, FIGURES, replaced(b"<worksheet ", outside)),
        "deep-sheet": changed(good, FIGURES, replaced(b"<sheetData>", deep + b"<sheetData>")),
        "deep-workbook": changed(good, "xl/workbook.xml", replaced(b"<sheets>", deep + b"<sheets>")),
        "deep-strings": changed(good, STRINGS, replaced(b"<si>", b"<si>" + deep)),
        "same-name-twice": _with_part_twice(good, FIGURES),
        "backslash": added(good, {"xl\\evil.xml": "<a/>"}),
        "odd-compression": _recompressed(good, zipfile.ZIP_BZIP2),
        "thousands-of-parts": added(good, {f"xl/media/{number}.bin": b"" for number in range(3_000)}),
        "no-such-string": changed(good, FIGURES, _first_index(b"999999")),
        "wide-letters": changed(
            good, FIGURES, lambda part: part.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")
        ),
        "wide-letters-cut": changed(
            good, FIGURES, lambda part: part.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")[:-1]
        ),
        "other-letters": changed(good, FIGURES, replaced(b"UTF-8", b"windows-1258")),
        "no-sheets": changed(good, "xl/workbook.xml", lambda part: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", part)),
        "two-sheets-of-one-name": changed(
            good, "xl/workbook.xml", lambda part: re.sub(rb'name="_lists"', b'name="_meta"', part)
        ),
        "only-a-directory": good[good.rindex(b"PK\x05\x06") :],
        "nothing-but-zeros": bytes(4096),
    }


def _leading_to_notes(good: bytes) -> dict[str, bytes]:
    """The relationships of a sheet, with one to a part of notes."""
    name = FIGURES.replace("worksheets/", "worksheets/_rels/") + ".rels"
    line = f'<Relationship Id="rIdN" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
    empty = f'<Relationships xmlns="{_PACKAGE}/relationships"></Relationships>'.encode()
    part = unpacked(good).get(name, empty)
    return {name: part.replace(b"</Relationships>", line.encode() + b"</Relationships>")}


def _filled_column(letters: str, rows: int) -> bytes:
    return b"".join(b'<row r="%d"><c r="%s%d"><v>1</v></c></row>' % (n, letters.encode(), n) for n in range(300, rows))


def _with_part_twice(good: bytes, name: str) -> bytes:
    buffer = BytesIO(good)
    part = unpacked(good)[name]
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name.replace("sheet", "SHEET"))
        archive.writestr(info, part)
    return buffer.getvalue()


def _recompressed(good: bytes, method: int) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in unpacked(good).items():
            archive.writestr(name, part)
    return buffer.getvalue()


def _first_index(index: bytes) -> Edit:
    return lambda part: re.sub(rb'(t="s"><v>)\d+', rb"\g<1>" + index, part, count=1)


def truncated(good: bytes) -> Iterator[bytes]:
    """The file cut at every hundredth of its length, as a broken download leaves it."""
    return (good[: len(good) * percent // 100] for percent in range(1, 100))


def flipped(good: bytes, count: int, seed: int) -> Iterator[bytes]:
    """The file with a few bits turned over, each time others."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 8))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield bytes(data)


def shuffled_parts(good: bytes, count: int, seed: int) -> Iterator[bytes]:
    """The file with something inside one part damaged, and the package closed again, so that the damage is met."""
    chance = random.Random(seed)
    parts = unpacked(good)
    names = [name for name in parts if name.endswith((".xml", ".rels", ".bin"))]
    for _ in range(count):
        name = chance.choice(names)
        yield packed({**parts, name: _damaged(parts[name], chance)})


def _damaged(part: bytes, chance: random.Random) -> bytes:
    data = bytearray(part)
    for _ in range(chance.choice((1, 2, 5, 20))):
        start = chance.randrange(max(len(data), 1))
        how = chance.randrange(4)
        if how == 0 and data:
            data[start % len(data)] ^= 1 << chance.randrange(8)
        elif how == 1:
            del data[start : start + chance.randrange(1, 40)]
        elif how == 2:
            data[start:start] = data[start : start + chance.randrange(1, 200)]
        else:
            data[start:start] = chance.choice((b"99999999999", b"-1", b'"', b"<", b"\xff\xff\xff\xff", b"&#0;", b"XFD"))
    return bytes(data)
