"""Nothing active leaves in a copy that goes back: hostile workbooks, their copies looked through part by part."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree

from pipeline.declare.project import Project
from pipeline.publish.returns import permitted
from pipeline.publish.returns.active_elements import FORMULAS, LINKS, cleaned, gone_names
from pipeline.publish.returns.disarm import disarm
from pipeline.publish.returns.own_formula import is_own_formula
from pipeline.publish.returns.package import Package, parsed
from pipeline.publish.returns.sheet_part import MAIN
from tests.effort import growth
from tests.test_drawings import PIXEL, drawn_book
from tests.test_marked_copy import FIGURES, Desk, parts_of

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREAD = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET, BOOK = "xl/worksheets/sheet4.xml", "xl/workbook.xml"
Parts = dict[str, bytes]


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


def table_of_a_query(parts: Parts) -> None:
    """A table that is filled by a connection, with both its parts."""
    declare(parts, "xl/connections.xml", f"{SPREAD}.connections+xml", CONNECTION.encode())
    relate(parts, BOOK, "connections", "connections.xml", outside=False)
    declare(parts, "xl/tables/table9.xml", permitted.TABLE, QUERIED.encode())
    identity = relate(parts, SHEET, "table", "/xl/tables/table9.xml", outside=False)
    before(parts, SHEET, "</worksheet>", f'<tableParts count="1"><tablePart r:id="{identity}"/></tableParts>')
    declare(parts, "xl/queryTables/queryTable1.xml", f"{SPREAD}.queryTable+xml", QUERY.encode())
    relate(parts, "xl/tables/table9.xml", "queryTable", "/xl/queryTables/queryTable1.xml", outside=False)
    before(parts, SHEET, "</sheetData>", '<row r="900"><c r="A900" t="str"><v>Số</v></c></row>')


def chart_of(inside: str, formula: str = "'Biểu 2 - Số liệu'!$D$7", mode: str = "External") -> Callable[[Parts], None]:
    """A chart on the sheet; `{}` in it is a relation of the chart to another book."""

    def change(parts: Parts) -> None:
        chart, drawing = "xl/charts/chart9.xml", "xl/drawings/drawing9.xml"
        parts[chart] = b""
        identity = relate(parts, chart, "oleObject", "file:///\\\\evil\\share\\book.xlsx")
        rels = "xl/charts/_rels/chart9.xml.rels"
        parts[rels] = parts[rels].replace(b'"External"', f'"{mode}"'.encode())
        declare(parts, chart, permitted.CHART, CHART.format(formula, inside.format(identity)).encode())
        declare(parts, drawing, permitted.DRAWN, b"")
        parts[drawing] = FRAME.format(relate(parts, drawing, "chart", f"/{chart}", outside=False)).encode()
        identity = relate(parts, SHEET, "drawing", f"/{drawing}", outside=False)
        before(parts, SHEET, "</worksheet>", f'<drawing r:id="{identity}"/>')

    return change


def property_of(text: str) -> Callable[[Parts], None]:
    return lambda parts: before(parts, "docProps/app.xml", "</Properties>", text)


def custom_properties(parts: Parts) -> None:
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    data = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">evil</Properties>'
    )
    declare(parts, "docProps/custom.xml", kind, data.encode())
    relate(parts, "", "custom-properties", "docProps/custom.xml", outside=False)


def written_as(mode: str, change: Callable[[Parts], None]) -> Callable[[Parts], None]:
    """The same with the mode of its relations written otherwise."""

    def changed(parts: Parts) -> None:
        change(parts)
        for name in [name for name in parts if name.endswith(".rels")]:
            parts[name] = parts[name].replace(b'TargetMode="External"', mode.encode())

    return changed


def twice(is_first: bool) -> Callable[[Parts], None]:
    """Two relations under one id: to the sheet's table, and out of the book."""

    def change(parts: Parts) -> None:
        declare(parts, "xl/tables/table9.xml", permitted.TABLE, QUERIED.encode())
        inner = relate(parts, SHEET, "table", "/xl/tables/table9.xml", outside=False)
        before(parts, SHEET, "</worksheet>", f'<tableParts count="1"><tablePart r:id="{inner}"/></tableParts>')
        rels = f"xl/worksheets/_rels/{SHEET.rpartition('/')[2]}.rels"
        other = f'<Relationship Id="{inner}" Type="{OFFICE}/table" Target="http://evil/" TargetMode="External"/>'
        mark = f'<Relationship Id="{inner}"' if is_first else "</Relationships>"
        before(parts, rels, mark, other)

    return change


def relations_with(attributes: str, inside: str = "") -> Callable[[Parts], None]:
    """The relations of the book with something about them that none has."""

    def change(parts: Parts) -> None:
        rels = "xl/_rels/workbook.xml.rels"
        parts[rels] = parts[rels].replace(b"<Relationships ", f"<Relationships {attributes} ".encode())
        if inside:
            parts[rels] = parts[rels].replace(b"/>", f">{inside}</Relationship>".encode(), 1)

    return change


def unwrapped(parts: Parts) -> None:
    """What a reader of extensions puts in the place of the element around it."""
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:y="http://evil"'
    inner = '<oleObjects><oleObject progId="Word.Document" link="[1]!evil" shapeId="1"/></oleObjects>'
    before(parts, SHEET, "</worksheet>", f'<y:extLst {space} mc:ProcessContent="y:extLst">{inner}</y:extLst>')


_SPREAD_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWING_SPACE = "http://schemas.openxmlformats.org/drawingml/2006"
CONNECTION = (
    f'<connections xmlns="{_SPREAD_SPACE}"><connection id="1" name="evil" type="4" refreshedVersion="6" '
    'refreshOnLoad="1"><webPr url="http://evil/"/></connection></connections>'
)
QUERY = f'<queryTable xmlns="{_SPREAD_SPACE}" name="evil" connectionId="1" refreshOnLoad="1"/>'
QUERIED = (
    f'<table xmlns="{_SPREAD_SPACE}" id="9" name="T9" displayName="T9" ref="A900:A901" tableType="queryTable">'
    '<tableColumns count="1"><tableColumn id="1" name="Số" uniqueName="1" queryTableFieldId="1"/></tableColumns>'
    "</table>"
)
CHART = (
    f'<c:chartSpace xmlns:c="{_DRAWING_SPACE}/chart" xmlns:a="{_DRAWING_SPACE}/main" xmlns:r="{OFFICE}">'
    "<c:chart><c:plotArea><c:layout/><c:pieChart><c:varyColors val='1'/><c:ser><c:idx val='0'/><c:order val='0'/>"
    "<c:val><c:numRef><c:f>{}</c:f></c:numRef></c:val></c:ser></c:pieChart></c:plotArea></c:chart>{}</c:chartSpace>"
)
FRAME = (
    f'<xdr:wsDr xmlns:xdr="{_DRAWING_SPACE}/spreadsheetDrawing" xmlns:a="{_DRAWING_SPACE}/main" xmlns:r="{OFFICE}">'
    "<xdr:absoluteAnchor><xdr:pos x='0' y='0'/><xdr:ext cx='99999' cy='99999'/><xdr:graphicFrame macro=''>"
    "<xdr:nvGraphicFramePr><xdr:cNvPr id='2' name='c'/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
    "<xdr:xfrm><a:off x='0' y='0'/><a:ext cx='0' cy='0'/></xdr:xfrm>"
    f"<a:graphic><a:graphicData uri='{_DRAWING_SPACE}/chart'><c:chart xmlns:c='{_DRAWING_SPACE}/chart' r:id='{{}}'/>"
    "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>"
)
LINKED = '<c:externalData r:id="{}"><c:autoUpdate val="1"/></c:externalData>'
OLE = '<oleObjects><oleObject progId="Package" shapeId="1" r:id="{}"/></oleObjects>'
CONTROL = '<controls><control shapeId="1" r:id="{}" name="x"/></controls>'
SHAPE = '<v:shape id="_x0000_s1025" {}><x:ClientData ObjectType="Button">{}</x:ClientData></v:shape>'
RULE = '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="9"><formula>{}</formula></cfRule>'
MODES = ('TargetMode="external"', 'TargetMode="EXTERNAL"', 'TargetMode=" External "', 'targetMode="External"')
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
    "query table": part_of(SHEET, "queryTable", "xl/queryTables/queryTable2.xml", f"{SPREAD}.queryTable+xml"),
    "table of a query": table_of_a_query,
    "chart of another book": chart_of(LINKED),
    "chart of another book, in small letters": chart_of(LINKED, mode="external"),
    "figures of a chart from another book": chart_of("", "[1]S!$A$1"),
    "shapes of a chart": chart_of('<c:userShapes r:id="{}"/>'),
    "link on a chart": chart_of('<c:txPr><a:hlinkClick r:id="{}"/></c:txPr>'),
    **{f"link with {mode}": written_as(mode, link_of("https://evil.example/")) for mode in MODES},
    **{f"book with {mode}": written_as(mode, external_book) for mode in MODES},
    "base of all links": property_of("<HyperlinkBase>http://evil/</HyperlinkBase>"),
    "list of links": property_of("<HLinks>evil</HLinks>"),
    "own properties": custom_properties,
    "one id twice, out first": twice(True),
    "one id twice, out last": twice(False),
    "base of all relations": relations_with('xml:base="http://evil/"'),
    "relation in a relation": relations_with(
        "", f'<Relationship Id="e" Type="{OFFICE}/hyperlink" Target="http://evil/" TargetMode="External"/>'
    ),
    "ole in a wrapping": unwrapped,
    "unknown element": lambda parts: before(parts, SHEET, "</worksheet>", "<webPublishItems count='0'/>"),
}
SILENT = {"instructions", "base of all links", "list of links", "own properties", "base of all relations"}


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
            root = etree.fromstring(data)
            assert not root.attrib
            assert len({item.get("Id") for item in root}) == len(root)
            for item in root:
                assert item.get("Type") in permitted.RELATIONS
                assert item.get("TargetMode") in (None, "Internal")
                assert set(item.attrib) <= {"Id", "Type", "Target", "TargetMode"}
                assert not len(item)
        elif name.endswith((".xml", ".vml")):
            _look_at(etree.fromstring(data), data)


def _look_at(root: etree._Element, data: bytes) -> None:
    for item in root.iter():
        local = str(item.tag).rpartition("}")[2]
        assert isinstance(item.tag, str)
        assert local not in {"oleObject", "control", "externalReference", "connection", "webPublishItems"}
        assert local not in {"FmlaMacro", "hlinkClick", "externalData", "userShapes", "HyperlinkBase", "HLinks"}
        assert not {"connectionId", "queryTableFieldId", "link"} & set(item.attrib)
        assert item.get("tableType") is None
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


def named_in_a_chain(count: int, formula: str = "[1]Sheet1!$A$1") -> object:
    """A workbook whose first name stands for the second, and so on to the last."""
    texts = [*(f"n{number}" for number in range(1, count)), formula]
    names = "".join(f'<definedName name="N{number}">{text}</definedName>' for number, text in enumerate(texts))
    return parsed(f'<workbook xmlns="{MAIN[1:-1]}"><definedNames>{names}</definedNames></workbook>'.encode())


def test_names_that_lead_out_through_thousands_of_others_are_all_gone_in_time() -> None:
    assert gone_names(named_in_a_chain(4_000)) == {f"n{number}" for number in range(4_000)}
    assert gone_names(named_in_a_chain(50, "Sheet1!$A$1")) == set()
    books = {count: named_in_a_chain(count) for count in (1_000, 4_000)}
    assert growth(lambda count: gone_names(books[count]), 1_000, 4_000) < 10


def test_thousands_of_links_and_rules_are_taken_out_in_time() -> None:
    def cleaned_sheet(count: int) -> None:
        rules = '<cfRule type="expression"><formula>[1]A!A1</formula></cfRule>' * count
        links = '<hyperlink ref="A1" location="file:x"/>' * count
        inner = f"<conditionalFormatting>{rules}</conditionalFormatting><hyperlinks>{links}</hyperlinks>"
        root = parsed(f'<worksheet xmlns="{MAIN[1:-1]}">{inner}</worksheet>'.encode())
        assert cleaned(root, "", (), ()) == (True, {LINKS, FORMULAS})
        assert len(root) == 0

    assert growth(cleaned_sheet, 5_000, 20_000) < 10
