"""What is remembered from one file never changes what is read of the next."""

import struct
import zipfile
from io import BytesIO

import pytest

from pipeline.files.opening import open_file
from pipeline.files.remembered import SMALL, remembered
from tests import corpus

SHEET = "xl/worksheets/sheet1.xml"
ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


def _declaring(data: bytes, name: str, place: int, value: int) -> bytes:
    """The package with one number of a part's entry in its directory replaced."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        start = archive.start_dir
    entry = data.index(name.encode(), start) - 46
    return data[: entry + place] + struct.pack("<I", value) + data[entry + place + 4 :]


@pytest.mark.parametrize("declared", [0, 100, SMALL, 2**31])
def test_a_part_is_read_in_full_whatever_size_is_declared(declared: int) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 1_001))
    [sheet] = open_file(_declaring(corpus.book(rows), SHEET, 24, declared)).sheets
    assert [row[0] for row in sheet.rows] == list(range(1, 1_001))


def test_a_part_whose_checksum_is_wrong_is_refused_though_the_same_part_was_just_read() -> None:
    good = corpus.book(ONE_CELL)
    assert open_file(good).sheets[0].rows == [[1.0]]
    assert open_file(_declaring(good, SHEET, 16, 12345)).code == "file-corrupt"
    assert open_file(good).sheets[0].rows == [[1.0]]


def test_sheets_with_equal_bytes_are_read_with_the_strings_of_their_own_book() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    found = [open_file(corpus.book(rows, f"<si><t>{text}</t></si>")).sheets[0].rows for text in ("một", "hai")]
    assert found == [[["một"]], [["hai"]]]


def test_only_small_parts_are_remembered_and_no_refusal_is() -> None:
    asked: list[int] = []

    @remembered
    def measured(part: bytes, factor: int) -> int:
        asked.append(len(part))
        if not part:
            raise ValueError
        return factor * len(part)

    small, large = b"x" * SMALL, b"x" * (SMALL + 1)
    assert [measured(small, 2), measured(small, 2), measured(small, 3)] == [2 * SMALL, 2 * SMALL, 3 * SMALL]
    assert [measured(large, 2), measured(large, 2)] == [2 * SMALL + 2] * 2
    for _ in range(2):
        with pytest.raises(ValueError):
            measured(b"", 1)
    assert asked == [SMALL, SMALL, SMALL + 1, SMALL + 1, 0, 0]
