"""Every kind of file is known by its content, and what a reader would show as blank is found in the raw sheet."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from pipeline.declare.project import Project
from pipeline.files import read
from pipeline.files.leavings import leaving, unfinished
from pipeline.files.look import look
from pipeline.files.opening import open_file
from pipeline.intake.signed import suggested_unit
from pipeline.values.cells import CellError, LegacyText, Uncomputed
from pipeline.values.forms import Arrival, Reading
from tests import corpus
from tests.oddities.files import UNREADABLE
from tests.openers import Opener

RELATIONS = "xl/_rels/workbook.xml.rels"
ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize("name", UNREADABLE)
def test_files_that_are_no_workbook_have_their_kind_and_code(name: str) -> None:
    data, kind, code = UNREADABLE[name]
    seen = look(data)
    assert (seen.kind, seen.code) == (kind, code)
    assert code != "file-type-unsupported" or seen.facts["kind"]


def test_a_form_is_a_workbook_whatever_its_name(form: bytes) -> None:
    assert (look(form).kind, look(form).code) == ("xlsx", "")


def test_a_macro_workbook_is_read_for_its_values(form: bytes) -> None:
    opened = open_file(corpus.added(form, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}))
    assert (opened.kind, opened.code, opened.has_macros) == ("xlsm", "", True)


@pytest.mark.parametrize(
    "file",
    [
        "~$Báo cáo.xlsx",
        "xa/~$a.xlsx",
        ".~lock.a.xlsx#",
        "a.tmp",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "xa/Icon\r",
        "._a.xlsx",
        "a.xlsx.crdownload",
        "a.xlsx.part",
    ],
)
def test_leavings_of_the_system_are_nobodys_report(file: str) -> None:
    assert leaving(file) or unfinished(file)
    assert not leaving("Báo cáo ~$.xlsx") + leaving("Icon") + leaving("20250915") + unfinished("tmp.xlsx")


def test_one_workbook_in_a_zip_is_opened_and_its_companions_are_not(form: bytes) -> None:
    wrapped = corpus.packed(
        {"BC/Vinh Thai.xlsx": form, "BC/ky so.pdf": b"%PDF", "__MACOSX/BC/._Vinh Thai.xlsx": b"x", "Thumbs.db": b"x"}
    )
    opened = open_file(wrapped)
    assert (opened.kind, opened.code) == ("zip:xlsx", "")
    assert opened.sheets == open_file(form).sheets


def test_one_workbook_in_a_message_is_opened(form: bytes) -> None:
    opened = open_file(corpus.mail({"chữ ký.png": b"\x89PNG", "Báo cáo quý III.xlsx": form}))
    assert (opened.kind, opened.code) == ("mail:xlsx", "")
    assert opened.sheets == open_file(form).sheets


@pytest.mark.parametrize(
    ("wrapped", "words"),
    [
        (
            lambda form: corpus.packed({"a.xlsx": form, "b.xlsx": form}),
            "tệp nén có 2 bảng tính bên trong (chỉ nhận một)",
        ),
        (
            lambda form: corpus.packed({"a.txt": b"a", "logo.png": b"\x89PNG"}),
            "tệp nén không có bảng tính nào bên trong",
        ),
        (lambda form: corpus.packed({"a.pdf": b"%PDF"}), "tệp nén chỉ có bản chụp hoặc bản PDF, không có bảng tính"),
        (lambda form: corpus.packed({"a.pdf": b"%PDF", "b.rar": b"Rar!\x1a\x07"}), "tệp nén chứa tệp nén khác"),
        (
            lambda form: corpus.mail({"a.jpg": b"\xff\xd8\xff" + bytes(30_000)}),
            "thư điện tử chỉ có bản chụp hoặc bản PDF, không có bảng tính",
        ),
        (lambda form: corpus.mail({"logo.png": b"\x89PNG"}), "thư điện tử không có bảng tính nào bên trong"),
        (lambda form: corpus.packed({"a.zip": corpus.packed({"a.xlsx": form})}), "tệp nén chứa tệp nén khác"),
        (
            lambda form: corpus.mail({"a.xlsx": form, "b.xlsx": form}),
            "thư điện tử có 2 bảng tính bên trong (chỉ nhận một)",
        ),
        (lambda form: corpus.mail({}), "thư điện tử không có bảng tính nào bên trong"),
        (lambda form: corpus.mail({"a.zip": corpus.packed({"a.xlsx": form})}), "thư điện tử chứa tệp nén khác"),
    ],
)
def test_wrappings_with_any_other_content_are_named(form: bytes, wrapped: object, words: str) -> None:
    opened = open_file(wrapped(form))  # type: ignore[operator]
    assert (opened.code, opened.facts["kind"]) == ("file-type-unsupported", words)


def test_a_broken_workbook_in_a_zip_is_named_as_broken(form: bytes) -> None:
    assert open_file(corpus.packed({"a.xlsx": form[: len(form) // 2]})).code == "file-corrupt"
    assert open_file(corpus.packed({"a.xlsx": corpus.compound("EncryptedPackage")})).code == "file-encrypted"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="e"><v>#REF!</v></c>', CellError("#REF!")),
        ('<c r="A1" t="e"><f>B1</f><v>#N/A</v></c>', CellError("#N/A")),
        ('<c r="A1" t="e"><f>X()</f><v>#SPILL!</v></c>', CellError("#SPILL!")),
        ("<c r='A1' t='e'><v>#BUSY!</v></c>", CellError("#BUSY!")),
        ('<c r="A1"><f>B1+1</f></c>', Uncomputed("=B1+1")),
        ('<c r="A1"><f>B1+1</f><v/></c>', Uncomputed("=B1+1")),
        ('<c r="A1"><f>B1+1</f><v></v></c>', Uncomputed("=B1+1")),
        ('<c r="A1"><f t="shared" si="0"/></c>', Uncomputed("=…")),
        ('<c r="A1" t="str"><f>IF(B1,"",1)</f></c>', Uncomputed('=IF(B1,"",1)')),
        ('<c r="A1"><v>5</v><f>2+3</f></c>', Uncomputed("=2+3")),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', ""),
        ('<c r="A1" t="str"><f>""</f><v/></c>', ""),
        ('<c r="A1"><f>2+3</f><v>5</v></c>', 5.0),
        ('<c r="A1"><f t="array" ref="A1:A2">2+3</f><v>5</v></c>', 5.0),
        ('<c r="A1" t="str"><f>B1</f><v>#hashtag</v></c>', "#hashtag"),
        ('<c r="A1" t="s"><v>1</v></c>', "hai"),
        ('<c r="A1" t="s"><v>1 </v></c>', "hai"),
        ('<c r="A1" t="s"><v>\n  1\n</v></c>', "hai"),
        ('<c t="s"><v> 1</v></c>', "hai"),
        ('<c r="A1"><v>&#53;</v></c><c r="B1" t="e"><v>#N/A</v></c>', "5"),
        ('<c r="A1" t="inlineStr"><is><t>chữ</t></is></c>', "chữ"),
        ('<c r="A1" t="inlineStr"><is><r><t>ch</t></r><r><t>ữ</t></r></is></c>', "chữ"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="d"><v>2025-09-05</v></c>', date(2025, 9, 5)),
        ('<c r="A1"><v>1<!-- -->2</v></c>', 12.0),
        ('<c r="A1"><v>1<?x y?>2</v></c>', 12.0),
        ('<c r="A1"><v><![CDATA[<!-- 1 -->]]></v></c>', "<!-- 1 -->"),
        ('<c\nr="A1"\ns="0"><f\n>1+1</f></c>', Uncomputed("=1+1")),
        ('<x:c xmlns:x="u" r="A1"><x:f>1+1</x:f></x:c>', Uncomputed("=1+1")),
        ('<c r="A1" t="e"><v>Err:522</v></c>', CellError("Err:522")),
        ('<c r="A1" t="e"><v> #N/A </v></c>', CellError("#N/A")),
        ('<c r="A1" t="e"><v>a&amp;b</v></c>', CellError("a&b")),
        ('<c r="A1" t="str"><f>B1</f><v>Err:522</v></c><c r="B1" t="e"><v>Err:522</v></c>', "Err:522"),
        ('<c r="A1" s="1"><v>-INF</v></c>', CellError("#NUM!")),
        ('<c r="A1"><v>NaN</v></c>', CellError("#NUM!")),
        ('<c r="A1" t="str"><v>INF</v></c>', "INF"),
    ],
)
def test_a_cell_is_never_blank_when_the_file_holds_something_there(cell: str, value: object) -> None:
    looks = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    styles = f'<styleSheet xmlns="{corpus.MAIN}">{looks}</styleSheet>'
    book = corpus.book(
        f'<row r="1">{cell}</row>', "<si><t>một</t></si><si><t>hai</t></si>", more={"xl/styles.xml": styles}
    )
    relation = f'<Relationship Id="rId3" Type="{corpus.OFFICE}/styles" Target="styles.xml"/></Relationships>'.encode()
    opened = open_file(corpus.changed(book, RELATIONS, corpus.replaced(b"</Relationships>", relation)))
    assert opened.code == ""
    rows = opened.sheets[0].rows
    assert (rows[0][0] if rows else "") == value


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>5</v></c><c r="A1"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>1</v></c><c r="A1" s="0"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>5</v></c></row><row r="1"><c r="A1"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>5</v></c></row><row><c r="A1"><f>1+1</f></c></row>',
    ],
)
def test_a_cell_that_is_written_twice_is_refused(rows: str) -> None:
    opened = open_file(corpus.book(rows))
    assert (opened.code, opened.facts["detail"]) == ("file-corrupt", "ô A1 được ghi hai lần")


def test_a_cell_that_is_blank_once_and_filled_once_is_read() -> None:
    opened = open_file(
        corpus.book('<row r="1"><c r="A1" s="0"/><c r="A1"><v>7</v></c><c r="B1"><v>1</v></c><c r="B1" s="0"/></row>')
    )
    assert opened.sheets[0].rows == [[7.0, 1.0]]


def test_a_string_without_letters_is_a_blank_cell_like_any_other() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c><c r="C1" t="s"><v>1</v></c></row>'
    opened = open_file(corpus.book(rows, "<si><t></t></si><si><t>bảy</t></si>"))
    assert (opened.code, opened.sheets[0].rows) == ("", [["", 7.0, "bảy"]])


def test_a_table_of_strings_that_is_broken_loses_no_text_silently() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert open_file(corpus.book(rows, "<si><t>một</t></si><si><<!-- -->t>hai</t></si>")).code == "file-corrupt"


def test_a_value_that_the_reader_leaves_out_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful:
        def __init__(self, book: CalamineWorkbook) -> None:
            self.sheet_names, self.sheets_metadata, self._book = book.sheet_names, book.sheets_metadata, book

        @staticmethod
        def from_filelike(handle: BytesIO) -> "Forgetful":
            return Forgetful(CalamineWorkbook.from_filelike(handle))

        def get_sheet_by_name(self, name: str) -> "Forgetful":
            self._rows = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            return self

        def to_python(self, skip_empty_area: bool) -> list[list[Any]]:
            return [["" if value == "bảy" else value for value in row] for row in self._rows]

    monkeypatch.setattr(read, "CalamineWorkbook", Forgetful)
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c></row>'
    assert open_file(corpus.book(rows, "<si><t>bảy</t></si>")).sheets[0].rows == [["bảy", 7.0]]


ROW = '<row r="7"{}><c r="D7"><v>5</v></c></row>'
BEHIND = '<mergeCells count="1">{}</mergeCells>'


@pytest.mark.parametrize(
    ("before", "row", "behind", "rows", "columns", "merges"),
    [
        ("", ROW.format(' hidden="1"'), "", {6}, set(), ()),
        ("", ROW.format(' hidden="true"'), "", {6}, set(), ()),
        ("", ROW.format(' hidden="0"'), "", set(), set(), ()),
        ("", ROW.format('\nhidden="1"'), "", {6}, set(), ()),
        ("", ROW.format(' hidden = "1"'), "", {6}, set(), ()),
        ("", ROW.format(' hidden="&#49;"'), "", {6}, set(), ()),
        ("", ROW.replace('r="7"{}', 'hidden="1" r="7"'), "", {6}, set(), ()),
        ('<cols><col min="4" max="4" width="9" hidden="1"/></cols>', ROW.format(""), "", set(), {3}, ()),
        ('<cols><col hidden="1" max="4" min="4"/></cols>', ROW.format(""), "", set(), {3}, ()),
        ('<cols><col min="4" max="4"\thidden="true"/></cols>', ROW.format(""), "", set(), {3}, ()),
        ('<x:cols xmlns:x="u"><x:col min="4" max="4" hidden="1"/></x:cols>', ROW.format(""), "", set(), {3}, ()),
        ("", ROW.format(""), BEHIND.format('<mergeCell ref="D6:D7"/>'), set(), set(), ((5, 3, 6, 3),)),
        ("", ROW.format(""), BEHIND.format('<mergeCell uid="{1}" ref="D6:D7"/>'), set(), set(), ((5, 3, 6, 3),)),
        ("", ROW.format(""), BEHIND.format('<mergeCell\nref="D6:D7"></mergeCell>'), set(), set(), ((5, 3, 6, 3),)),
        (BEHIND.format('<mergeCell ref="D6:D7"/>'), ROW.format(""), "", set(), set(), ((5, 3, 6, 3),)),
        ("", ROW.format(""), "<!--" + BEHIND.format('<mergeCell ref="D6:D7"/>') + "-->", set(), set(), ()),
    ],
)
def test_what_is_hidden_or_merged_is_found_however_it_is_written(
    before: str, row: str, behind: str, rows: set[int], columns: set[int], merges: tuple[tuple[int, ...], ...]
) -> None:
    sheet = open_file(
        corpus.book(
            "", sheet=f'<worksheet xmlns="{corpus.MAIN}">{before}<sheetData>{row}</sheetData>{behind}</worksheet>'
        )
    ).sheets[0]
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merges) == (frozenset(rows), frozenset(columns), merges)


@pytest.mark.parametrize("folder", ["./", "../xl/", "./../xl/./", "/xl/"])
def test_parts_are_found_by_any_way_that_leads_to_them(folder: str, form: bytes) -> None:
    roundabout = corpus.changed(form, RELATIONS, lambda part: part.replace(b'Target="', b'Target="' + folder.encode()))
    assert open_file(roundabout).sheets == open_file(form).sheets


def test_sheets_may_lie_in_any_folder(form: bytes) -> None:
    cell = open_file(form).sheets[3].rows[6][3]
    spoiled = corpus.changed(form, corpus.FIGURES, corpus.replaced(f"<v>{cell:g}</v>".encode(), b"<f>1+1</f>"))
    parts = {name.replace("worksheets/", "tabs/"): part for name, part in corpus.unpacked(spoiled).items()}
    parts[RELATIONS] = parts[RELATIONS].replace(b"worksheets/sheet", b"tabs/sheet")
    assert [
        value
        for row in open_file(corpus.packed(parts)).sheets[3].rows
        for value in row
        if isinstance(value, Uncomputed)
    ] == [Uncomputed("=1+1")]


def test_an_error_of_a_new_kind_leaves_the_other_cells_as_they_are() -> None:
    cells = (
        '<c r="A1" t="e"><v>#SPILL!</v></c><c r="B1" t="str"><f>C1</f><v>#1 trong huyện</v></c><c r="C1"><v>2</v></c>'
    )
    opened = open_file(corpus.book(f'<row r="1">{cells}</row>'))
    assert opened.sheets[0].rows == [[CellError("#SPILL!"), "#1 trong huyện", 2.0]]


@pytest.mark.parametrize("index", ["7", "x", "-1", "99999999999999999999"])
def test_an_index_that_names_no_string_is_refused(index: str) -> None:
    assert (
        open_file(corpus.book(f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>', "<si><t>một</t></si>")).code
        == "file-corrupt"
    )


def test_marks_stand_on_the_sheet_they_belong_to(form: bytes) -> None:
    spoiled = corpus.changed(
        form,
        corpus.FIGURES,
        corpus.replaced(b"</sheetData>", b'<row r="90"><c r="C90" t="e"><v>#REF!</v></c></row></sheetData>'),
    )
    marked = {sheet.name: sheet for sheet in open_file(spoiled).sheets}
    assert marked["Biểu 2 - Số liệu"].rows[89][2] == CellError("#REF!")
    assert [
        sheet.name
        for sheet in marked.values()
        if any(isinstance(value, CellError) for row in sheet.rows for value in row)
    ] == ["Biểu 2 - Số liệu"]


def test_text_in_a_legacy_font_is_told_from_text_in_unicode() -> None:
    styles = (
        f'<styleSheet xmlns="{corpus.MAIN}">'
        '<fonts><font><name val="Arial"/></font><font><name val=".VnTime"/></font></fonts>'
        '<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs></styleSheet>'
    )
    strings = (
        "<si><t>VÜnh Th¸i</t></si><si><t>Vĩnh Thái</t></si><si><t>NV01</t></si>"
        '<si><r><rPr><rFont val="VNI-Times"/></rPr><t>Vónh</t></r></si>'
    )
    styled = "".join(f'<c r="{letter}1" s="1" t="s"><v>{index}</v></c>' for index, letter in enumerate("ABC"))
    plain = '<c r="D1" t="s"><v>0</v></c><c r="E1" t="s"><v>3</v></c>'
    opened = open_file(
        corpus.book(
            f'<row r="1">{styled}{plain}<c r="F1" s="1"><v>5</v></c></row>', strings, more={"xl/styles.xml": styles}
        )
    )
    assert opened.sheets[0].rows == [
        [LegacyText("VÜnh Th¸i", ".VnTime"), "Vĩnh Thái", "NV01", "VÜnh Th¸i", LegacyText("Vónh", "VNI-Times"), 5.0]
    ]


@pytest.mark.parametrize(
    ("file", "unit_id"),
    [
        ("BC CCHC Q3 Vinh Thai.pdf", "XA-vinh-thai"),
        ("vĩnh thái(1) bản cuối.pdf", "XA-vinh-thai"),
        ("ký/XaVinhThai_Q3.jpg", "XA-vinh-thai"),
        ("vinhthai.pdf", "XA-vinh-thai"),
        ("UBND xã Vĩnh Hà.pdf", "XA-vinh-ha"),
        ("TT Hồ Xá quý 3.pdf", "XA-ho-xa"),
        ("Vĩnh Hà và Vĩnh Hòa.pdf", ""),
        ("Vinh Hai.pdf", ""),
        ("VHTT.pdf", ""),
        ("scan0001.pdf", ""),
    ],
)
def test_a_scan_belongs_to_the_one_unit_that_its_name_names(project: Project, file: str, unit_id: str) -> None:
    assert suggested_unit(file, project.register) == unit_id


def test_a_signed_copy_is_noted_for_its_unit_and_still_refused(
    project: Project, reader: Opener, tmp_path: Path
) -> None:
    reading = _take_in(tmp_path, "BC Vĩnh Thái.pdf", b"%PDF-1.7", project, reader)
    assert (reading.unit_id, reading.is_form) == ("", False)
    [problem] = reading.problems
    assert (problem.code, problem.facts["signed_copy_of"]) == ("file-type-unsupported", "XA-vinh-thai")
    [other] = _take_in(tmp_path, "Vĩnh Thái.csv", b"a,b", project, reader).problems
    assert "signed_copy_of" not in other.facts


def test_every_refusal_is_a_whole_sentence(project: Project, reader: Opener, tmp_path: Path) -> None:
    for name, (data, _, code) in UNREADABLE.items():
        [problem] = _take_in(tmp_path, f"{name}.xls", data, project, reader).problems
        sentence = project.message(problem, project.plan.period("q3"))
        assert problem.code == code
        assert "  " not in sentence and "{" not in sentence and "()" not in sentence


def test_a_file_that_cannot_be_opened_now_is_said_to_be_so(project: Project, reader: Opener, tmp_path: Path) -> None:
    arrival = Arrival("a.xlsx", tmp_path / "a.xlsx", 0, datetime(2025, 9, 15, tzinfo=UTC), False)
    [problem] = reader.read(arrival, project, project.plan.period("q3")).problems
    assert problem.code == "file-unreadable"


def _take_in(folder: Path, file: str, data: bytes, project: Project, reader: Opener) -> Reading:
    (folder / file).write_bytes(data)
    arrival = Arrival(file, folder / file, len(data), datetime(2025, 9, 15, tzinfo=UTC), False)
    return reader.read(arrival, project, project.plan.period("q3"))
