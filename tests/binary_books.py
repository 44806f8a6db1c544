"""Binary workbooks made record by record, for what no program on this machine writes."""

import struct
from collections.abc import Sequence

from pipeline.files.xlsb.records import record
from tests import corpus

__all__ = ["binary_book", "font", "record", "wide", "xlsb_styles"]

_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
WHITE = b"\x05\xff\0\0\xff\xff\xff\xff"  # as a colour
NO_COLOUR = bytes(8)


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def font(struck: bool = False, colour: bytes = NO_COLOUR, name: str = "Arial") -> bytes:
    return struct.pack("<HHHH4x", 220, 8 if struck else 0, 400, 0) + colour + b"\0" + wide(name)


def fill(pattern: int = 0, colour: bytes = NO_COLOUR) -> bytes:
    return struct.pack("<I", pattern) + colour + NO_COLOUR


def xlsb_styles(
    fonts: Sequence[bytes],
    styles: Sequence[tuple[int, int, int]],
    formats: Sequence[tuple[int, str]] = (),
    fills: Sequence[bytes] = (fill(),),
) -> bytes:
    """The part of the styles; each of them by the numbers of its format, font and fill."""
    return b"".join(
        [
            *(record(44, struct.pack("<H", number) + wide(code)) for number, code in formats),
            *(record(43, data) for data in fonts),
            *(record(45, data) for data in fills),
            record(617, struct.pack("<I", len(styles))),
            *(record(47, struct.pack("<HHHHH6x", 0, *numbers, 0)) for numbers in styles),
            record(618, b""),
        ]
    )


def binary_book(rows: bytes, string: bytes = b"\0" + wide("chung"), styles: bytes = b"") -> bytes:
    """A binary workbook of one sheet and one shared string, from the records of its rows."""
    main = corpus.OFFICE
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{main}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            (
                ("worksheet", "worksheets/sheet1.bin"),
                ("sharedStrings", "sharedStrings.bin"),
                *([("styles", "styles.bin")] if styles else []),
            ),
            start=1,
        )
    )
    listed = record(131, b"") + record(143, b"") + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("S"))
    parts = {
        "_rels/.rels": _RELATIONS.format(
            f'<Relationship Id="rId1" Type="{main}/officeDocument" Target="xl/workbook.bin"/>'
        ),
        "xl/workbook.bin": listed + record(144, b"") + record(132, b""),
        "xl/_rels/workbook.bin.rels": _RELATIONS.format(lines),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", 1, 1)) + record(19, string) + record(160, b""),
        "xl/worksheets/sheet1.bin": record(129, b"")
        + record(148, struct.pack("<IIII", 0, 299_999, 0, 7))
        + record(145, b"")
        + rows
        + record(146, b"")
        + record(130, b""),
    }
    return corpus.packed(parts | ({"xl/styles.bin": styles} if styles else {}))
