"""What other programs leave in a package does no harm to a sound form: only the parts that are read are judged."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.files.limits import STANDARD
from pipeline.files.opening import open_file
from pipeline.publish.returns.disarm import disarm
from pipeline.publish.returns.opened_book import OpenedBook
from pipeline.publish.returns.package import Package, UnkeepableError
from tests import corpus
from tests.office import at_the_keyboard, need_office
from tests.openers import Opener

BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
WIDE_XML = '<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="http://schemas.microsoft.com/DataMashup"/>'
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
BOMB = b" " * 20_000_000


def renamed(data: bytes, spell: Callable[[str], str]) -> bytes:
    """The package with its parts under other names."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in corpus.unpacked(data).items():
            info = zipfile.ZipInfo(spell(name))
            info.filename = spell(name)  # zipfile would mend it on Windows
            archive.writestr(info, part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def recoded(data: bytes, *names: str, encoding: str = "utf-16") -> bytes:
    """The package with these parts in other letters."""
    parts = corpus.unpacked(data)
    for name in names:
        parts[name] = parts[name].decode().replace("UTF-8", "UTF-16", 1).encode(encoding)
    return corpus.packed(parts)


def moved(data: bytes) -> bytes:
    """The workbook under other names and in another folder, as the relationships allow."""
    ways = {"xl/": "so/", "workbook.xml": "so.xml", "sharedStrings.xml": "chu.xml", "styles.xml": "kieu.xml"}

    def spell(name: str) -> str:
        for before, after in ways.items():
            name = name.replace(before, after)
        return name

    parts = {spell(name): part for name, part in corpus.unpacked(data).items()}
    for name, part in parts.items():
        if name.endswith(".rels") or name == "[Content_Types].xml":
            parts[name] = spell(part.decode()).encode()
    return corpus.packed(parts)


def strict(data: bytes) -> bytes:
    """The package in the namespaces of Strict Open XML."""
    purl = b"http://purl.oclc.org/ooxml/"
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": purl + b"spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": purl + b"officeDocument/relationships",
    }
    parts = corpus.unpacked(data)
    for before, after in spaces.items():
        parts = {name: part.replace(before, after) for name, part in parts.items()}
    return corpus.packed(parts)


LEFT_BY_OTHERS: dict[str, bytes | str] = {
    "customXml/item1.xml": WIDE_XML.encode("utf-16"),
    "customXml/itemProps1.xml": WIDE_XML.encode("utf-16-be"),
    "customXml/item2.xml": '<?xml version="1.0" encoding="windows-1258"?><a/>',
    "docProps/custom.xml": DOCTYPE,
    "docProps/app.xml": b"\xff\xfe<",
    "docProps/thumbnail.emf": b"\1\0\0\0",
    "xl/printerSettings/printerSettings1.bin": b"\0" * 2_000,
    "xl/webextensions/webextension1.xml": b"<<<",
    "xl/persons/person.xml": WIDE_XML.encode("utf-16"),
    "xl/persons/person1.xml": DOCTYPE,
    "xl/comments7.xml": b"no xml",
    "xl/drawings/drawing7.xml": DOCTYPE,
    "customUI/customUI14.xml": WIDE_XML.encode("utf-16"),
    "userCustomization/customUI.xml": DOCTYPE,
    "WPS/ksodocinfo.xml": b"\0\0",
    ".DS_Store": b"\0\0\0\1Bud1",
    "xl/.DS_Store": b"\0\0\0\1Bud1",
    "Thumbs.db": b"\xd0\xcf\x11\xe0",
    "__MACOSX/xl/._workbook.xml": b"\0\5\26\7\0\2\0\0Mac OS X",
    "xl\\evil.xml": b"<a/>",
    "word/document.xml": DOCTYPE,
    "mimetype": b"application/octet-stream",
    "xl/media/image1.png": BOMB,
    "xl/theme/theme9.xml": BOMB,
    "xl/worksheets/sheet77.xml": BOMB,
}


@pytest.mark.parametrize("name", LEFT_BY_OTHERS)
def test_a_part_that_nobody_reads_may_be_anything(name: str, form: bytes, reader: Opener) -> None:
    opened = reader.open(corpus.added(form, {name: LEFT_BY_OTHERS[name]}))
    assert (opened.code, opened.sheets) == ("", open_file(form).sheets)


def test_parts_that_nobody_reads_may_have_one_name_twice(form: bytes) -> None:
    buffer = BytesIO(form)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("DOCPROPS/app.xml", b"<a/>")
        archive.writestr(zipfile.ZipInfo("xl/"), b"")
    assert open_file(buffer.getvalue()).sheets == open_file(form).sheets


def test_parts_that_nobody_reads_count_among_the_parts(form: bytes) -> None:
    more = {f"customXml/item{number}.xml": b"" for number in range(STANDARD.parts)}
    opened = open_file(corpus.added(form, more))
    assert (opened.code, opened.facts["detail"][-4:]) == ("file-too-large", "phần")


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "backslashes": lambda form: renamed(form, lambda name: name.replace("/", "\\")),
    "from the root": lambda form: renamed(form, lambda name: f"/{name}"),
    "capitals": lambda form: renamed(form, str.upper),
    "small letters": lambda form: renamed(form, str.lower),
    "shared strings by another spelling": lambda form: renamed(
        form, lambda name: name.replace("sharedStrings", "SharedStrings")
    ),
    "targets with backslashes": lambda form: corpus.changed(
        form, RELATIONS, lambda part: part.replace(b"worksheets/", b"worksheets\\")
    ),
    "targets by another spelling": lambda form: corpus.changed(
        form, RELATIONS, lambda part: part.replace(b"worksheets/sheet", b"Worksheets/Sheet")
    ),
    "a workbook in another place": moved,
    "no types": lambda form: corpus.packed(
        {name: part for name, part in corpus.unpacked(form).items() if name != "[Content_Types].xml"}
    ),
    "parts in UTF-16": lambda form: recoded(form, BOOK, RELATIONS, corpus.STRINGS, corpus.FIGURES, "_rels/.rels"),
    "parts in UTF-16, the great end first": lambda form: recoded(form, "xl/styles.xml", encoding="utf-16"),
    "strict": strict,
}


@pytest.mark.parametrize("way", SPELLINGS)
def test_a_form_is_read_however_a_program_spells_its_parts(way: str, form: bytes, reader: Opener) -> None:
    spelled = SPELLINGS[way](form)
    assert spelled != form
    opened = reader.open(spelled)
    assert (opened.code, opened.sheets) == ("", open_file(form).sheets)


def test_two_parts_of_one_name_that_are_read_are_refused(form: bytes) -> None:
    buffer = BytesIO(form)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl\\Workbook.xml", b"<workbook/>")
    assert open_file(buffer.getvalue()).code == "file-corrupt"


def test_the_marked_copy_of_such_a_form_is_its_own_package(form: bytes) -> None:
    more = {name: part for name, part in LEFT_BY_OTHERS.items() if part is not BOMB and name != "docProps/app.xml"}
    package = Package.opened(corpus.added(form, more))
    disarm(package)
    assert not set(package) & set(more)
    for way in ("backslashes", "shared strings by another spelling", "targets by another spelling"):
        package = Package.opened(SPELLINGS[way](form))
        disarm(package)
        assert OpenedBook(package).titles == [sheet.name for sheet in open_file(form).sheets]


def test_no_copy_is_made_of_a_package_with_an_enormous_part(form: bytes) -> None:
    with pytest.raises(UnkeepableError, match="quá lớn"):
        Package.opened(corpus.added(form, {"xl/media/image1.png": 4 * BOMB}))


CELL = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'
SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
CONTENT = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{SPACES}><office:body><office:spreadsheet>'
    f'<table:table table:name="S"><table:table-row>{CELL.format(5)}</table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
ODS = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<?xml version="1.0"?>{0}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml">{1}</manifest:file-entry>'
    '<manifest:file-entry manifest:full-path="Basic/Standard/Module1.xml">{2}</manifest:file-entry></manifest:manifest>'
)
BASIC = b'<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd"><script:module/>'
LOCKED = "<manifest:encryption-data/>"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"mimetype": ODS}, ""),
        ({"mimetype": ODS, "Basic/Standard/Module1.xml": BASIC, "Basic/script-lc.xml": BASIC}, ""),
        ({"mimetype": f"{ODS}-template"}, ""),
        ({"META-INF/manifest.xml": MANIFEST.format("", "", "")}, ""),
        ({"mimetype": ODS, "META-INF/manifest.xml": MANIFEST.format('<!DOCTYPE m SYSTEM "Manifest.dtd">', "", "")}, ""),
        ({"mimetype": ODS, "META-INF/manifest.xml": MANIFEST.format("", "", LOCKED)}, ""),
        ({"mimetype": ODS, "META-INF/manifest.xml": MANIFEST.format("", LOCKED, "")}, "file-encrypted"),
        ({"mimetype": ODS, "content.xml": CONTENT.replace("<office:body>", DOCTYPE.decode())}, "file-corrupt"),
    ],
)
def test_of_an_open_document_its_content_alone_is_judged(parts: dict[str, str | bytes], code: str) -> None:
    opened = open_file(corpus.packed({"content.xml": CONTENT, **parts}))
    assert (opened.kind, opened.code) == ("ods", code)
    assert code or opened.sheets[0].rows == [[5.0]]


def old_book(*cells: bytes) -> bytes:
    """The stream of an old workbook with one sheet, from the records of its cells."""
    begin, end = struct.pack("<HHHH12x", 0x809, 16, 0x600, 5), struct.pack("<HH", 0x0A, 0)
    head = len(begin) + 4 + 9 + len(end)
    sheet = struct.pack("<HHIHBB", 0x85, 9, head, 0, 1, 0) + b"S"
    return begin + sheet + end + begin.replace(b"\x05\x00", b"\x10\x00", 1) + b"".join(cells) + end


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "workbook", "WorkBook"])
def test_an_old_workbook_is_read_in_small_and_capital_letters(name: str, reader: Opener) -> None:
    five = struct.pack("<HHHHHd", 0x203, 14, 0, 0, 0, 5.0)
    opened = reader.open(corpus.compound(name, stream=old_book(five)))
    assert (opened.kind, opened.code) == ("xls", "")
    assert opened.sheets[0].rows == [[5.0]]


@pytest.mark.slow
def test_files_that_libreoffice_locks_are_named_as_locked(form: bytes, tmp_path: Path) -> None:
    need_office()
    (tmp_path / "form.xlsx").write_bytes(form)
    filters = {"xls": "MS Excel 97", "ods": "calc8"}
    jobs = [
        {"open": str(tmp_path / "form.xlsx"), "save": str(tmp_path / f"locked.{kind}"), "filter": name, "password": "a"}
        for kind, name in filters.items()
    ]
    at_the_keyboard(jobs)
    for kind in filters:
        assert open_file((tmp_path / f"locked.{kind}").read_bytes()).code == "file-encrypted", kind
