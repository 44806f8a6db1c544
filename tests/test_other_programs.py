"""One truthful form, saved by other programs and written in other ways, is read to the same values."""

import json
import os
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment as Note
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.convert.columns import convert_forms
from pipeline.declare.project import Project
from pipeline.files.opening import Opened, open_file
from pipeline.intake.gather import gather
from pipeline.values.cells import CellError, Comment, LegacyText, Uncomputed
from pipeline.values.forms import Reading
from tests import corpus
from tests.builders import Draft, evaluate_folder, found, frames_of, truthful
from tests.office import XLSX, at_the_keyboard, need_office
from tests.openers import Opener
from tests.test_searched_sheets import is_searched

NODE_PACKAGES = ("exceljs@4.4.0", "xlsx@0.18.5")
OFFICE_FILTERS = {"xlsx": XLSX, "xls": "MS Excel 97", "ods": "calc8"}
_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
}

Values = dict[str, str]


@pytest.fixture(scope="module")
def draft(project: Project) -> Draft:
    """A truthful form that also asks for something, so that every table has rows."""
    draft = truthful(project, "XA-vinh-thai").request(
        kind="Kiến nghị", content="Đề nghị tập huấn – sớm nhất có thể", addressed_to="UBND huyện"
    )
    return (
        draft.figure("CT03", "-")
        .figure("CT06", "x")
        .spoil_activity(0, venue="Nhà văn hóa thôn “Thái Lai”", participants=64, title="Tin có dấu < & >")
    )


@pytest.fixture(scope="module")
def form(draft: Draft, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return draft.save(tmp_path_factory.mktemp("form")).read_bytes()


@pytest.fixture(scope="module")
def truth(draft: Draft, form: bytes, reader: Opener, tmp_path_factory: pytest.TempPathFactory) -> Values:
    """The values of the form as it is: first made sure of against what was typed."""
    values = values_of(form, draft, reader, tmp_path_factory.mktemp("truth"))
    assert (
        "2025-" in values["activities"] and "37.5" in values["figures"] and "Tin có dấu < & >" in values["activities"]
    )
    return values


def take_in(data: bytes, draft: Draft, reader: Opener, folder: Path) -> Reading:
    (folder / "a.xlsx").write_bytes(data)
    [arrival] = gather(folder, draft.project.plan.zone)
    return reader.read(arrival, draft.project, draft.period)


def values_of(data: bytes, draft: Draft, reader: Opener, folder: Path) -> Values:
    """Every converted table as text; nothing may be wrong with the form."""
    reading = take_in(data, draft, reader, folder)
    assert reading.is_form and not reading.problems, reading.problems
    problems = convert_forms([reading], [0], draft.project, draft.period).problems
    assert not problems, problems
    return {
        name: frame.to_csv(index=False) for name, frame in frames_of([reading], draft.project, draft.period).items()
    }


def inline(data: bytes) -> bytes:
    """Texts in the cells themselves, none shared."""
    parts = corpus.unpacked(data)
    texts = re.findall(rb"<si>(.*?)</si>", parts.pop(corpus.STRINGS), re.DOTALL)
    cell = re.compile(rb't="s"><v>(\d+)</v>')
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = cell.sub(lambda match: b't="inlineStr"><is>' + texts[int(match[1])] + b"</is>", parts[name])
    link = re.compile(rb'<Relationship [^>]*Target="sharedStrings.xml"/>')
    kind = re.compile(rb'<Override PartName="/xl/sharedStrings.xml"[^>]*/>')
    parts["xl/_rels/workbook.xml.rels"] = link.sub(b"", parts["xl/_rels/workbook.xml.rels"])
    parts["[Content_Types].xml"] = kind.sub(b"", parts["[Content_Types].xml"])
    return corpus.packed(parts)


def without_dimension(data: bytes) -> bytes:
    return corpus.everywhere(data, lambda part: re.sub(rb"<dimension [^>]*/>", b"", part))


def with_wrong_dimension(data: bytes) -> bytes:
    return corpus.everywhere(data, lambda part: re.sub(rb"<dimension [^>]*/>", b'<dimension ref="A1:B2"/>', part))


def strict(data: bytes) -> bytes:
    """The other dialect of the standard, in which only the namespaces differ."""
    parts = corpus.unpacked(data)
    for old, new in _STRICT.items():
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    return corpus.packed(parts)


def prefixed(data: bytes) -> bytes:
    """Every element of the sheets with a namespace prefix, as the Open XML libraries of .NET write it."""

    def prefix(part: bytes) -> bytes:
        named = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", part)
        return named.replace(b"<x:worksheet xmlns=", b"<x:worksheet xmlns:x=").replace(
            b"<x:sst xmlns=", b"<x:sst xmlns:x="
        )

    parts = corpus.unpacked(data)
    return corpus.packed(
        {
            name: prefix(part) if name.startswith("xl/worksheets/") or name == corpus.STRINGS else part
            for name, part in parts.items()
        }
    )


def pretty_printed(data: bytes) -> bytes:
    """Every element on a line of its own, and spaces round the numbers."""

    def spread(part: bytes) -> bytes:
        return re.sub(
            rb"<v>([^<]*)</v>", rb"<v>\n  \1\n</v>", part.replace(b"><c ", b">\n  <c ").replace(b"></c>", b">\n</c>")
        )

    return corpus.everywhere(data, spread)


def streamed(data: bytes) -> bytes:
    """Sizes after the content instead of before it, as programs write that do not know them yet."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in corpus.unpacked(data).items():
            archive.writestr(name, part)
    return pipe.getvalue()


def saved(edit: Callable[[Workbook], None]) -> Callable[[bytes], bytes]:
    """Opened and saved with openpyxl."""

    def save(data: bytes) -> bytes:
        book = load_workbook(BytesIO(data))
        edit(book)
        buffer = BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return save


def _since_1904(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


def _iso_dates(book: Workbook) -> None:
    book.iso_dates = True


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "openpyxl": saved(lambda book: None),
    "1904": saved(_since_1904),
    "iso-dates": saved(_iso_dates),
    "inline-strings": inline,
    "without-dimension": without_dimension,
    "wrong-dimension": with_wrong_dimension,
    "strict": strict,
    "strict-iso-dates": lambda data: strict(saved(_iso_dates)(data)),
    "prefixed": prefixed,
    "pretty-printed": pretty_printed,
    "streamed": streamed,
    "zip": lambda data: corpus.packed({"bieu.xlsx": data}),
}


@pytest.mark.parametrize("way", WAYS)
def test_other_ways_of_writing_are_read_to_the_same_values(
    way: str, form: bytes, truth: Values, draft: Draft, reader: Opener, tmp_path: Path
) -> None:
    written = WAYS[way](form)
    assert written != form
    assert values_of(written, draft, reader, tmp_path) == truth


@pytest.fixture(scope="module")
def odd_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workbook with everything that readers hide."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sổ"
    for cell, value in {
        "A1": "Tiếng Việt ệ",
        "B1": 12.5,
        "C1": date(2025, 9, 5),
        "D1": "=1/0",
        "E1": "=NA()",
        "F1": "=B1*2",
        "F2": '=IF(B1>1,"","chưa")',
        "A3": "ẩn",
        "G1": "cột ẩn",
    }.items():
        sheet[cell] = value
    sheet["A2"], sheet["A2"].font = "VÜnh Th¸i", Font(name=".VnTime")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["G"].hidden = True
    sheet["A1"].comment, sheet["C9"].comment = Note("lấy số của tháng 8\nchị Hà kiểm tra", "xã"), Note("ô trống", "xã")
    sheet["A5"] = "gộp"
    sheet.merge_cells("A5:A6")
    book.create_sheet("Ẩn")["A1"] = 3
    book["Ẩn"].sheet_state = "hidden"
    path = tmp_path_factory.mktemp("odd") / "odd.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def office(form: bytes, odd_book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The form and the odd workbook as LibreOffice saves them, in one start of it."""
    need_office()
    home = tmp_path_factory.mktemp("office")
    (home / "form.xlsx").write_bytes(form)
    sources = {"form": home / "form.xlsx", "odd": odd_book}
    targets = {f"{name}.{kind}": home / f"saved-{name}.{kind}" for name in sources for kind in OFFICE_FILTERS}
    at_the_keyboard(
        [
            {"open": str(sources[key.partition(".")[0]]), "save": str(path), "filter": OFFICE_FILTERS[path.suffix[1:]]}
            for key, path in targets.items()
        ]
    )
    return {key: path.read_bytes() for key, path in targets.items()}


@pytest.mark.parametrize("kind", OFFICE_FILTERS)
def test_a_form_saved_by_libreoffice_is_read_to_the_same_values(
    kind: str, office: dict[str, bytes], truth: Values, draft: Draft, reader: Opener, tmp_path: Path
) -> None:
    assert reader.open(office[f"form.{kind}"]).kind == kind
    assert values_of(office[f"form.{kind}"], draft, reader, tmp_path) == truth


def test_a_form_saved_by_libreoffice_is_searched(office: dict[str, bytes]) -> None:
    assert is_searched(office["form.xlsx"])


@pytest.mark.parametrize("kind", OFFICE_FILTERS)
def test_what_readers_hide_is_found_in_every_format_of_libreoffice(
    kind: str, office: dict[str, bytes], reader: Opener
) -> None:
    book, hidden = reader.open(office[f"odd.{kind}"]).sheets
    assert book.rows[0][:7] == [
        "Tiếng Việt ệ",
        12.5,
        date(2025, 9, 5),
        CellError("#DIV/0!"),
        CellError("#N/A"),
        25.0,
        "cột ẩn",
    ]
    assert book.rows[1][0] == LegacyText("VÜnh Th¸i", ".VnTime")
    assert (book.hidden_rows, book.hidden_columns, book.merges) == (frozenset({2}), frozenset({6}), ((4, 0, 5, 0),))
    assert (book.is_visible, hidden.is_visible, hidden.rows) == (True, False, [[3]])
    assert book.comments == (
        Comment((0, 0), "", "lấy số của tháng 8\nchị Hà kiểm tra"),
        Comment((8, 2), "", "ô trống"),
    )  # the office drops the author


def with_result(data: bytes, row: int, column: int, result: bytes) -> bytes:
    """An old .xls in which the formula of one cell holds another result."""
    [formula] = re.finditer(rb"\x06\x00..%s" % re.escape(struct.pack("<HH", row, column)), data, re.DOTALL)
    at = formula.start() + 10
    return data[:at] + result + data[at + 8 :]


EMPTY = b"\3\0\0\0\0\0\xff\xff"


def test_a_formula_that_was_never_worked_out_is_found_in_an_old_workbook(office: dict[str, bytes]) -> None:
    assert open_file(office["odd.xls"]).sheets[0].rows[0][5] == 25.0
    assert open_file(with_result(office["odd.xls"], 0, 5, EMPTY)).sheets[0].rows[0][5] == Uncomputed("=…")


def test_a_formula_that_came_to_an_empty_text_is_blank_unless_nothing_was_worked_out(office: dict[str, bytes]) -> None:
    assert open_file(office["odd.xls"]).sheets[0].rows[1][5] == ""
    assert open_file(with_result(office["odd.xls"], 0, 5, EMPTY)).sheets[0].rows[1][5] == Uncomputed("=…")


def test_a_formula_whose_text_is_not_there_is_found(office: dict[str, bytes]) -> None:
    assert open_file(with_result(office["odd.xls"], 0, 5, b"\0\0\0\0\0\0\xff\xff")).sheets[0].rows[0][5] == Uncomputed(
        "=…"
    )


def test_a_formula_for_a_text_that_holds_a_number_is_found_in_an_old_workbook(draft: Draft, tmp_path: Path) -> None:
    """LibreOffice writes 0 for texts in cells that are formatted as numbers.

    Once it has, another 0 may be a text as well. The form of now shows that by itself, that of before had no formulas.
    """
    need_office()
    before = draft.project.of_version("v1")
    truthful(before, draft.unit.unit_id).named("form.xlsx").save(tmp_path)
    sheet = draft.project.form.sheets["figures"].name
    certain = {"D7": '="3 tin"', "D9": '=D6&" tin"', "D10": '=UPPER("a")'}
    doubtful = {"D12": '=IF(D6>5;"3 tin";"x")', "D13": "=D4"}
    numbers = {"D14": "=1-1", "D15": "=ROUND(0;0)", "D16": "=IF(D6>5;3;0)"}
    jobs = {tmp_path / "all.xls": certain | doubtful | numbers, tmp_path / "alone.xls": doubtful | numbers}
    typed = {path: [[sheet, cell, text] for cell, text in formulas.items()] for path, formulas in jobs.items()}
    at_the_keyboard(
        [
            {"open": str(tmp_path / "form.xlsx"), "type": texts, "save": str(path), "filter": OFFICE_FILTERS["xls"]}
            for path, texts in typed.items()
        ]
    )
    columns, unread = [], draft.project.form.unread_sheets
    for path, formulas in jobs.items():
        rows = next(found.rows for found in open_file(path.read_bytes(), unread=unread).sheets if found.name == sheet)
        columns.append([rows[int(cell[1:]) - 1][3] for cell in formulas])
    assert columns == [[Uncomputed("=…")] * 5 + [0.0, 0.0, 3.0], [0.0, 0.0, 0.0, 0.0, 3.0]]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_damage_to_other_formats_never_ends_the_run(kind: str, office: dict[str, bytes], reader: Opener) -> None:
    damaged = corpus.flipped if kind == "xls" else corpus.shuffled_parts
    for data in (*damaged(office[f"odd.{kind}"], 120, seed=3), *corpus.truncated(office[f"form.{kind}"])):
        assert isinstance(reader.open(data), Opened)


def long_cells(data: bytes) -> bytes:
    """An .xlsb with every cell naming its column, as Excel writes it; SheetJS leaves the column of a neighbour out."""
    return corpus.packed(
        {
            name: _long_cells(part) if name.startswith("xl/worksheets/") else part
            for name, part in corpus.unpacked(data).items()
        }
    )


def _long_cells(part: bytes) -> bytes:
    written, column = b"", -1
    for kind, content in records(part):
        if kind == 0:
            column = -1
        elif 1 <= kind <= 11:
            (column,) = struct.unpack_from("<I", content)
        if 12 <= kind <= 18:
            column += 1
            written += record(kind - 11, struct.pack("<I", column) + content)
        else:
            written += record(kind, content)
    return written


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind, at = _varied(part, at)
        length, at = _varied(part, at)
        yield kind, part[at : at + length]
        at += length


def record(kind: int, content: bytes) -> bytes:
    return (
        b"".join(
            bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
            for number in (kind, len(content))
        )
        + content
    )


def _varied(part: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while part[at] & 0x80:
        value |= (part[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | part[at] << shift, at + 1


_SCRIPT = """
const ExcelJS = require('exceljs'), XLSX = require('xlsx');
(async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile('form.xlsx');
  await book.xlsx.writeFile('exceljs.xlsx');
  const sheets = XLSX.readFile('form.xlsx', {cellNF: true});
  for (const [kind, file] of Object.entries({xlsx: 'sheetjs.xlsx', xlsb: 'sheetjs.xlsb', biff8: 'sheetjs.xls'}))
    XLSX.writeFile(sheets, file, {bookType: kind});
  XLSX.writeFile(XLSX.readFile('form.xlsx', {cellDates: true}), 'sheetjs.ods', {bookType: 'ods'});
  const odd = XLSX.readFile('odd.xlsx', {cellStyles: true, cellNF: true});
  odd.Sheets[odd.SheetNames[0]]['F1'] = {t: 'n', v: 25.5};
  odd.Sheets[odd.SheetNames[0]]['D1'] = {t: 'e', v: 0x07};
  odd.Sheets[odd.SheetNames[0]]['E1'] = {t: 'e', v: 0x2A};
  XLSX.writeFile(odd, 'odd.xlsb', {bookType: 'xlsb', cellStyles: true});
})().catch(error => { console.error(error); process.exit(1); });
"""
NODE_FILES = ("exceljs.xlsx", "sheetjs.xlsx", "sheetjs.xlsb", "sheetjs.xls", "sheetjs.ods", "odd.xlsb")


@pytest.fixture(scope="module")
def node(form: bytes, odd_book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The form as ExcelJS and SheetJS save it."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("npm is not installed")
    home = tmp_path_factory.mktemp("node")
    (home / "package.json").write_text(json.dumps({"private": True}))
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    installed = subprocess.run(
        [npm, "install", *options, *NODE_PACKAGES], cwd=home, capture_output=True, text=True, timeout=300, check=False
    )
    if installed.returncode:
        pytest.skip(f"npm could not install {' '.join(NODE_PACKAGES)}: {installed.stderr[-300:]}")
    (home / "form.xlsx").write_bytes(form)
    shutil.copy(odd_book, home / "odd.xlsx")
    (home / "save.js").write_text(_SCRIPT)
    done = subprocess.run(
        [node, "save.js"],
        cwd=home,
        env={**os.environ, "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    files = {name: (home / name).read_bytes() for name in NODE_FILES}
    return {**files, "excel.xlsb": long_cells(files["sheetjs.xlsb"]), "odd.xlsb": long_cells(files["odd.xlsb"])}


@pytest.mark.parametrize(
    "file", ["exceljs.xlsx", "sheetjs.xlsx", "sheetjs.xlsb", "excel.xlsb", "sheetjs.xls", "sheetjs.ods"]
)
def test_a_form_saved_by_a_javascript_library_is_read_to_the_same_values(
    file: str, node: dict[str, bytes], truth: Values, draft: Draft, reader: Opener, tmp_path: Path
) -> None:
    assert values_of(node[file], draft, reader, tmp_path) == truth


def test_no_question_is_asked_because_of_a_javascript_library(
    node: dict[str, bytes], project: Project, tmp_path: Path
) -> None:
    for file in ("exceljs.xlsx", "sheetjs.xlsx", "sheetjs.xlsb", "excel.xlsb", "sheetjs.xls", "sheetjs.ods"):
        folder = tmp_path / file
        folder.mkdir()
        (folder / file).write_bytes(node[file])
        assert found(evaluate_folder(folder, project), project=project) == [], file


def test_what_readers_hide_is_found_in_a_binary_workbook(node: dict[str, bytes], reader: Opener) -> None:
    book, hidden = reader.open(node["odd.xlsb"]).sheets
    assert book.rows[0][3:5] == [CellError("#DIV/0!"), CellError("#N/A")]
    assert book.merges == ((4, 0, 5, 0),)
    assert (book.is_visible, hidden.is_visible) == (True, False)
    assert [(comment.place, comment.text) for comment in book.comments] == [
        ((0, 0), "lấy số của tháng 8\nchị Hà kiểm tra")
    ]  # SheetJS drops the other


def test_old_fonts_are_found_in_a_binary_workbook(node: dict[str, bytes]) -> None:
    name = ".VnTime"
    font = bytes(21) + struct.pack("<I", len(name)) + name.encode("utf-16-le")
    styled = corpus.changed(
        node["odd.xlsb"],
        "xl/styles.bin",
        lambda part: b"".join(record(kind, font if kind == 43 else content) for kind, content in records(part)),
    )
    assert open_file(styled).sheets[0].rows[1][0] == LegacyText("VÜnh Th¸i", name)


SUM = b"\x24" + bytes(6) + b"\x24" + bytes(6) + b"\x03"  # the sum of two cells, as its tokens
TEXT = b"\x24" + bytes(6) + b"\x17\0\0\x08"  # a cell with an empty text behind it


@pytest.mark.parametrize(("tokens", "value"), [(SUM, Uncomputed("=…")), (TEXT, ""), (b"\xff", ""), (b"\x24", "")])
def test_a_formula_that_was_never_worked_out_is_found_in_a_binary_workbook(
    tokens: bytes, value: object, node: dict[str, bytes]
) -> None:
    def empty(kind: int, content: bytes) -> bytes:
        is_number = kind == 5 and content[:4] == struct.pack("<I", 5)  # F1
        return (
            record(8, content[:8] + struct.pack("<IHI", 0, 0, len(tokens)) + tokens)
            if is_number
            else record(kind, content)
        )

    emptied = corpus.changed(
        node["odd.xlsb"], "xl/worksheets/sheet1.bin", lambda part: b"".join(empty(*found) for found in records(part))
    )
    assert open_file(emptied).sheets[0].rows[0][5] == value


@pytest.mark.parametrize(
    ("tokens", "value"), [(SUM, 25.5), (TEXT, Uncomputed("=…")), (SUM + b"\x08", Uncomputed("=…")), (b"\xff", 25.5)]
)
def test_a_formula_for_a_text_that_holds_a_number_is_found_in_a_binary_workbook(
    tokens: bytes, value: object, node: dict[str, bytes]
) -> None:
    def calculated(kind: int, content: bytes) -> bytes:
        is_number = kind == 5 and content[:4] == struct.pack("<I", 5)  # F1
        return (
            record(9, content[:16] + struct.pack("<HI", 0, len(tokens)) + tokens)
            if is_number
            else record(kind, content)
        )

    written = corpus.changed(
        node["odd.xlsb"],
        "xl/worksheets/sheet1.bin",
        lambda part: b"".join(calculated(*found) for found in records(part)),
    )
    assert open_file(written).sheets[0].rows[0][5] == value


def test_damage_to_a_binary_workbook_never_ends_the_run(node: dict[str, bytes], reader: Opener) -> None:
    for data in (*corpus.shuffled_parts(node["odd.xlsb"], 150, seed=7), *corpus.truncated(node["sheetjs.xlsb"])):
        assert isinstance(reader.open(data), Opened)
