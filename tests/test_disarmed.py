"""Nothing active leaves in a copy that goes back: hostile workbooks, their copies looked through part by part."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree

from pipeline.declare.project import Project, load_project
from pipeline.publish.returns import permitted
from pipeline.publish.returns.disarm import disarm
from pipeline.publish.returns.own_formula import is_own_formula
from pipeline.publish.returns.package import Package
from tests.effort import growth
from tests.test_drawings import PIXEL, drawn_book
from tests.test_marked_copy import FIGURES, SCHEMAS, Desk, parts_of

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREAD = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET, BOOK = "xl/worksheets/sheet4.xml", "xl/workbook.xml"
Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(SCHEMAS)


@pytest.fixture
def desk(tmp_path: Path, project: Project) -> Desk:
    desk = Desk(tmp_path, project)
    desk.send(figures={"CT02": -3})
    return desk


def relate(parts: Parts, part: str, kind: str, target: str, outside: bool = True) -> str:
    """One more relation of a part; returns its id."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    whole = parts.get(rels, empty)
    identity = f"added{whole.count(b'<Relationship ')}"
    kind = kind if "://" in kind else f"{OFFICE}/{kind}"
    mode = ' TargetMode="External"' if outside else ""
    item = f'<Relationship Id="{identity}" Type="{kind}" Target="{target}"{mode}/></Relationships>'
    parts[rels] = whole.replace(b"</Relationships>", item.encode())
    return identity


def declare(parts: Parts, name: str, content_type: str, data: bytes) -> None:
    """One more part with its content type."""
    parts[name] = data
    item = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", item.encode())


def before(parts: Parts, part: str, mark: str, text: str) -> None:
    """A piece of XML in front of a place in a part."""
    assert mark.encode() in parts[part]
    text = text.replace("r:id", f'xmlns:r="{OFFICE}" r:id') if "xmlns:r" not in text else text
    parts[part] = parts[part].replace(mark.encode(), text.encode() + mark.encode(), 1)


def in_cell(formula: str) -> Callable[[Parts], None]:
    return lambda parts: before(parts, SHEET, "</sheetData>", f'<row r="900"><c r="A900">{formula}</c></row>')


def link_of(target: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        identity = relate(parts, SHEET, "hyperlink", target)
        before(parts, SHEET, "<pageMargins", f'<hyperlinks><hyperlink ref="A1" r:id="{identity}"/></hyperlinks>')

    return change


def part_of(
    owner: str, kind: str, name: str, content_type: str, element: str = "", mark: str = "</worksheet>"
) -> Callable[[Parts], None]:
    """A part with its relation, and an element of its owner that points at it."""

    def change(parts: Parts) -> None:
        declare(parts, name, content_type, b"<x/>" if name.endswith("xml") else b"MZ evil")
        identity = relate(parts, owner, kind, f"/{name}", outside=False)
        if element:
            before(parts, owner, mark, element.format(identity))

    return change


def external_book(parts: Parts) -> None:
    part_of(
        BOOK,
        "externalLink",
        "xl/externalLinks/externalLink1.xml",
        f"{SPREAD}.externalLink+xml",
        '<externalReferences><externalReference r:id="{}"/></externalReferences>',
        "<definedNames>" if b"<definedNames>" in parts[BOOK] else "<calcPr",
    )(parts)
    relate(parts, "xl/externalLinks/externalLink1.xml", "externalLinkPath", "file:///\\\\evil\\share\\book.xlsx")
    in_cell("<f>[1]Sheet1!A1</f><v>5</v>")(parts)


def defined(text: str, extra: str = "") -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        name = f'<definedName name="evil"{extra}>{text}</definedName>'
        if b"</definedNames>" in parts[BOOK]:
            before(parts, BOOK, "</definedNames>", name)
        else:
            before(parts, BOOK, "<calcPr", f"<definedNames>{name}</definedNames>")
        in_cell("<f>SUM(evil)</f><v>7</v>")(parts)

    return change


def shapes(inside: str) -> Callable[[Parts], None]:
    space = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    root = f'<xml {space} xmlns:x="urn:schemas-microsoft-com:office:excel">{inside}</xml>'

    def change(parts: Parts) -> None:
        name = "xl/drawings/vmlDrawing7.vml"
        declare(parts, name, permitted.VML, root.encode())
        identity = relate(parts, SHEET, "vmlDrawing", f"/{name}", outside=False)
        before(parts, SHEET, "</worksheet>", f'<legacyDrawing r:id="{identity}"/>')

    return change


def custom_part(parts: Parts) -> None:
    declare(parts, "customXml/item1.xml", "application/xml", b"<x/>")
    relate(parts, BOOK, "customXml", "/customXml/item1.xml", outside=False)


def web_extension(parts: Parts) -> None:
    kind = "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes"
    declare(parts, "xl/webextensions/taskpanes.xml", "application/vnd.ms-office.webextensiontaskpanes+xml", b"<x/>")
    relate(parts, "", kind, "/xl/webextensions/taskpanes.xml", outside=False)


def script_as_picture(parts: Parts) -> None:
    declare(parts, "xl/media/image9.png", "image/png", b"<script>alert(1)</script>")
    identity = relate(parts, SHEET, "image", "/xl/media/image9.png", outside=False)
    before(parts, SHEET, "</worksheet>", f'<picture r:id="{identity}"/>')


def instructions(parts: Parts) -> None:
    parts[SHEET] = parts[SHEET].replace(b"<worksheet", b'<?xml-stylesheet href="http://evil/x.xsl"?><worksheet', 1)


OLE = '<oleObjects><oleObject progId="Package" shapeId="1" r:id="{}"/></oleObjects>'
CONTROL = '<controls><control shapeId="1" r:id="{}" name="x"/></controls>'
SHAPE = '<v:shape id="_x0000_s1025" {}><x:ClientData ObjectType="Button">{}</x:ClientData></v:shape>'
RULE = '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="9"><formula>{}</formula></cfRule>'
HOSTILE: dict[str, Callable[[Parts], None]] = {
    "dde in a cell": in_cell("<f>cmd|' /C calc'!A0</f><v>0</v>"),
    "dde of libreoffice": in_cell('<f>DDE("soffice";"x";"a")</f><v>0</v>'),
    "web service": in_cell('<f>_xlfn.WEBSERVICE("http://evil/")</f><v>0</v>'),
    "add-in": in_cell("<f>EVIL.FUNCTION(1)</f><v>0</v>"),
    "network path": in_cell("<f>'\\\\evil\\share\\[b.xlsx]S'!A1</f><v>0</v>"),
    "link by formula": in_cell('<f>HYPERLINK("javascript:alert(1)","x")</f><v>0</v>'),
    "external book": external_book,
    "name of another book": defined("[1]S!$A$1"),
    "macro name": defined("Evil", ' function="1" vbProcedure="1"'),
    "dde by a name": defined("cmd|'/C calc'!A0"),
    "web link": link_of("https://evil.example/"),
    "script link": link_of("javascript:alert(1)"),
    "network link": link_of("\\\\evil\\share\\x.exe"),
    "file link": link_of("file:///c:/windows/system32/calc.exe"),
    "link by location": lambda parts: before(
        parts, SHEET, "<pageMargins", '<hyperlinks><hyperlink ref="A1" location="file://evil/x"/></hyperlinks>'
    ),
    "rule": lambda parts: before(
        parts,
        SHEET,
        "<dataValidations",
        RULE.format("WEBSERVICE(&quot;http://evil&quot;)") + "</conditionalFormatting>",
    ),
    "ole": part_of(SHEET, "oleObject", "xl/embeddings/oleObject1.bin", "application/x-ole", OLE),
    "ole by another name": part_of(SHEET, "image", "xl/media/image1.png", "application/x-ole", OLE),
    "activex": part_of(SHEET, "control", "xl/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml", CONTROL),
    "connections": part_of(BOOK, "connections", "xl/connections.xml", f"{SPREAD}.connections+xml"),
    "mashup": custom_part,
    "web add-in": web_extension,
    "script as a picture": script_as_picture,
    "program without a relation": lambda parts: parts.update({"xl/setup.exe": b"MZ", "xl/run.hta": b"<script/>"}),
    "macro of a button": shapes(SHAPE.format("", "<x:FmlaMacro>[0]!Evil</x:FmlaMacro><x:Row>1</x:Row>")),
    "link of a shape": shapes(SHAPE.format('href="javascript:alert(1)"', "<x:Row>1</x:Row>")),
    "picture from outside": shapes('<v:shape id="_x0000_s1025"><v:imagedata src="\\\\evil\\x.png"/></v:shape>'),
    "instructions": instructions,
    "unknown kind": part_of(BOOK, "http://evil.example/worksheet", "xl/evil.xml", f"{SPREAD}.worksheet+xml"),
    "unknown element": lambda parts: before(parts, SHEET, "</worksheet>", "<webPublishItems count='0'/>"),
}
SILENT = {"instructions"}


def look_through(parts: Parts) -> None:
    """Every relation, content type, formula and link of a copy is one that is allowed."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    assert {item.get("ContentType") for item in types} <= permitted.CONTENT_TYPES
    named = {item.get("PartName", "").lstrip("/") for item in types} - {""}
    assert named <= set(parts)
    for name, data in parts.items():
        assert name == "[Content_Types].xml" or name.rpartition(".")[2] in {*permitted.EXTENSIONS, "rels"}
        assert b"<script" not in data
        if name.endswith(".rels"):
            for item in etree.fromstring(data):
                assert item.get("Type") in permitted.RELATIONS
                assert item.get("TargetMode") in (None, "Internal")
        elif name.endswith((".xml", ".vml")):
            _look_at(etree.fromstring(data), data)


def _look_at(root: etree._Element, data: bytes) -> None:
    for item in root.iter():
        local = str(item.tag).rpartition("}")[2]
        assert isinstance(item.tag, str)
        assert local not in {"oleObject", "control", "externalReference", "connection", "webPublishItems"}
        assert local not in {"FmlaMacro", "hlinkClick"}
        assert not item.get("href")
        if local in {"f", "formula", "formula1", "definedName"}:
            assert not re.search(r"\[|\||!A0|EVIL|evil|WEBSERVICE|HYPERLINK|DDE", item.text or "")
    assert not re.search(rb"javascript:|evil|alert\(", data)


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_active_goes_back_and_the_list_says_so(desk: Desk, kind: str) -> None:
    problems = desk.problems()
    desk.repack(HOSTILE[kind])
    with pytest.raises(AssertionError):
        look_through(parts_of(desk.path))
    assert desk.mark(problems) == ""
    look_through(parts_of(desk.copy))
    book = desk.marked()
    texts = [str(row[0].value) for row in book[desk.project.form.todo_sheet].iter_rows()]
    assert any("không mang theo" in text for text in texts) == (kind not in SILENT)
    assert book[FIGURES]["D7"].value == -3


def test_the_result_of_a_formula_that_led_outside_stays(desk: Desk) -> None:
    problems = desk.problems()
    desk.repack(external_book)
    desk.mark(problems)
    assert desk.marked()[FIGURES]["A900"].value == 5


@pytest.mark.parametrize("kind", ["xlMacrosheet", "xlIntlMacrosheet", "dialogsheet", "vbaProject"])
def test_a_macro_under_any_name_gets_a_plain_list(desk: Desk, kind: str) -> None:
    problems = desk.problems()
    desk.repack(part_of(BOOK, kind, "xl/theme/harmless.xml", "application/xml"))
    assert desk.mark(problems) == "tệp có macro"
    look_through(parts_of(desk.copy))


def test_an_honest_form_has_nothing_left_out(desk: Desk) -> None:
    package = Package.opened(desk.path.read_bytes())
    assert disarm(package) == []
    package.save(desk.copy)
    assert parts_of(desk.copy) == parts_of(desk.path)


def test_pictures_boxes_charts_tables_and_notes_stay(tmp_path: Path) -> None:
    data, path = BytesIO(), tmp_path / "copy.xlsx"
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("Sổ")
        sheet.write_column("A1", ["Số", 1, 2])
        sheet.add_table("A1:A3", {"columns": [{"header": "Số"}]})
        sheet.write_comment("A2", "ghi chú")
        sheet.insert_image("D6", "scan.png", {"image_data": BytesIO(PIXEL)})
        sheet.data_validation("B2", {"validate": "list", "source": "=$A$2:$A$3"})
        sheet.conditional_format("B2", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("C2", {"range": "A2:A3"})
        sheet.write_formula("B3", "=SUM(A2:A3)", None, 3)
    for whole in (data.getvalue(), drawn_book()):
        package = Package.opened(whole)
        assert disarm(package) == []
        package.save(path)
        with zipfile.ZipFile(BytesIO(whole)) as archive:
            assert parts_of(path) == {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(A1:A9)",
        "'Biểu 2 - Số liệu'!$D$7",
        'IF(A1="[x|y]!A0","http://a","b")',
        "_xlfn.XLOOKUP(A1,B:B,C:C)",
        "2*(A10)",
    ],
)
def test_formulas_of_the_workbook_itself_are_its_own(formula: str) -> None:
    assert is_own_formula(formula)


def test_the_work_for_a_formula_grows_with_its_length() -> None:
    for piece in ("a", "'", '"', "(", "a.", "!A", " "):
        assert growth(lambda size, piece=piece: is_own_formula(piece * size), 1_000, 8_000) < 24
