"""Text struck through, above or below its line is told apart from the rest, however the program wrote it."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.declare.project import Project
from pipeline.files.opening import open_file
from pipeline.files.rich_text import PLAIN, FontLook, Run, cut, told
from pipeline.files.xls.strings import RichStrings
from pipeline.values.cells import unstruck
from tests import corpus
from tests.binary_books import binary_book, font, record, wide, xlsb_styles
from tests.builders import address, evaluate_folder, found, truthful
from tests.office import at_the_keyboard, need_office
from tests.test_other_programs import OFFICE_FILTERS, prefixed

STRUCK, RAISED, LOWERED = FontLook(True), FontLook(rise=1), FontLook(rise=-1)
SIZE = "<sz val='11'/>"
TWO = f"<r><rPr><strike/>{SIZE}</rPr><t>12</t></r><r><rPr>{SIZE}</rPr><t>15</t></r>"
NOTED = f"<r><rPr>{SIZE}</rPr><t>12</t></r><r><rPr><vertAlign val='superscript'/>{SIZE}</rPr><t>1</t></r>"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([Run("12", STRUCK), Run("15")], "[gạch bỏ: 12] 15"),
        ([Run("15"), Run("1", STRUCK), Run("2", STRUCK)], "15 [gạch bỏ: 12]"),
        ([Run("12", STRUCK), Run(" 15", STRUCK)], "[gạch bỏ: 12 15]"),
        ([Run("12", STRUCK), Run(" ")], "[gạch bỏ: 12]"),
        ([Run("12"), Run("1", RAISED)], "12¹"),
        ([Run("CO"), Run("2", LOWERED)], "CO₂"),
        ([Run("12", RAISED)], "12"),
        ([Run("12"), Run("(*)", RAISED)], "12(*)"),
        ([Run("1", STRUCK), Run("5"), Run("2", RAISED)], "[gạch bỏ: 1] 5²"),
        ([Run("12"), Run("15")], "1215"),
        ([], ""),
    ],
)
def test_a_look_that_only_a_part_has_is_told(runs: list[Run], text: str) -> None:
    assert told(runs) == text


def test_runs_begin_where_the_binary_formats_count_them() -> None:
    assert cut("😀12", [(2, STRUCK), (3, PLAIN)], PLAIN) == [Run("😀"), Run("1", STRUCK), Run("2")]
    assert cut("12", [(1, PLAIN)], STRUCK) == [Run("1", STRUCK), Run("2")]


def test_the_strings_of_an_old_workbook_go_on_in_the_next_record() -> None:
    first = b"\2\0\0\0\2\0\0\0" + b"\4\0\x0c\1\0\2\0\0\0" + b"12"
    second = b"\1" + "15".encode("utf-16-le") + b"\0\0\1\0" + b"zz" + b"\1\0\0" + b"x"
    strings = RichStrings([first, second], [PLAIN, STRUCK])
    assert [strings.told(number, PLAIN) for number in (0, 1, 2)] == ["[gạch bỏ: 1215]", "", ""]
    second = second.replace(b"\0\0\1\0", b"\2\0\1\0")
    assert RichStrings([first, second], [PLAIN, STRUCK]).told(0, PLAIN) == "12 [gạch bỏ: 15]"
    assert RichStrings([first, second], [PLAIN, PLAIN]).told(0, PLAIN) == ""


def one_cell(runs: str) -> bytes:
    return corpus.book('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', f"<si>{runs}</si>")


WAYS: dict[str, Callable[[str], bytes]] = {
    "shared": one_cell,
    "space": lambda runs: one_cell(runs.replace("<strike/>", "<strike />")),
    "value": lambda runs: one_cell(runs.replace("<strike/>", "<strike val = 'true'/>")),
    "pretty": lambda runs: one_cell(runs.replace("><", ">\n  <")),
    "prefixed": lambda runs: prefixed(one_cell(runs)),
    "inline": lambda runs: corpus.book(f'<row r="1"><c r="A1" t="inlineStr"><is>{runs}</is></c></row>'),
    "with a guide": lambda runs: one_cell(f'{runs}<rPh sb="0" eb="1"><t>9</t></rPh>'),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("runs", "text"), [(TWO, "[gạch bỏ: 12] 15"), (NOTED, "12¹")])
def test_looks_are_told_in_every_way_of_writing_them(way: str, runs: str, text: str) -> None:
    assert open_file(WAYS[way](runs)).sheets[0].rows == [[text]]


def test_the_other_strings_of_that_workbook_stay_as_they_are() -> None:
    strings = f"<si>{TWO}</si><si><t>a &amp; &lt;b&gt;_x000D_\nc</t></si><si/><si><t>Tiếng Việt</t></si>"
    cells = "".join(f'<c r="{letter}1" t="s"><v>{number}</v></c>' for number, letter in enumerate("ABCD"))
    opened = open_file(corpus.book(f'<row r="1">{cells}</row>', strings))
    assert opened.sheets[0].rows == [["[gạch bỏ: 12] 15", "a & <b>\r\nc", "", "Tiếng Việt"]]


def test_runs_are_told_in_a_binary_workbook() -> None:
    two = b"\1" + wide("1215") + struct.pack("<IHHHH", 2, 0, 1, 2, 0)
    styles = xlsb_styles([font(struck=False), font(struck=True)], [(0, 0, 0)])
    cell = record(7, struct.pack("<III", 0, 0, 0))
    opened = open_file(binary_book(record(0, bytes(17)) + cell, two, styles))
    assert opened.sheets[0].rows == [["[gạch bỏ: 12] 15"]]


def test_what_is_struck_through_is_no_part_of_a_text() -> None:
    assert [unstruck(text) for text in ("[gạch bỏ: 12] 15", "Tin [gạch bỏ: cũ] mới", "[gạch bỏ: a]", "b")] == [
        "15", "Tin mới", "", "b",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def saved(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forms of which one figure has looks, as LibreOffice saves them, in one start of it."""
    need_office()
    home = tmp_path_factory.mktemp("saved")
    data = truthful(project, "XA-vinh-thai").figure("CT01", "12 15").save(home).read_bytes()
    for name, runs in {"two": TWO, "noted": NOTED}.items():
        string = corpus.replaced(b"<si><t>12 15</t></si>", f"<si>{runs}</si>".encode())
        (home / f"{name}.xlsx").write_bytes(corpus.changed(data, corpus.STRINGS, string))
    at_the_keyboard(
        [
            {"open": str(home / f"{name}.xlsx"), "save": str(home / f"{name}-saved.{kind}"), "filter": words}
            for name in ("two", "noted")
            for kind, words in OFFICE_FILTERS.items()
        ]
    )
    return home


@pytest.mark.parametrize(
    ("name", "code", "value"), [("two", "vague-number", "[gạch bỏ: 12] 15"), ("noted", "not-a-number", "12¹")]
)
@pytest.mark.parametrize("kind", OFFICE_FILTERS)
def test_they_are_asked_about_in_every_format_of_libreoffice(
    name: str, code: str, value: str, kind: str, saved: Path, project: Project, tmp_path: Path
) -> None:
    (tmp_path / f"a.{kind}").write_bytes((saved / f"{name}-saved.{kind}").read_bytes())
    done = evaluate_folder(tmp_path, project)
    assert found(done, "XA-vinh-thai", project=project) == [(address(project, "figures", "value", "CT01"), code)]
    assert [problem.value for problem in done.problems if problem.code == code] == [value]
