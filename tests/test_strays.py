"""What stands far away from a table: blanks are nothing, whatever is filled is asked about at its address."""

import struct
from pathlib import Path

import pytest

from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation
from pipeline.files.opening import open_file
from pipeline.values.cells import CellError
from tests import corpus
from tests.binary_books import binary_book, record, wide
from tests.builders import Draft, evaluate_folder, figure, found, truthful
from tests.openers import Opener
from tests.test_packages import CONTENT, ODS, old_book

UNIT = "XA-vinh-thai"
CARD = "xl/worksheets/sheet2.xml"


@pytest.fixture(scope="module")
def draft(project: Project) -> Draft:
    return truthful(project, UNIT)


@pytest.fixture(scope="module")
def form(draft: Draft, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return draft.save(tmp_path_factory.mktemp("form")).read_bytes()


def typed(cell: str, value: str, kind: str = "") -> bytes:
    """A row with one cell in it, as a program writes it."""
    attributes = f' t="{kind}"' if kind else ""
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{cell}"{attributes}>{value}</c></row>'.encode()


def text(words: str) -> tuple[str, str]:
    return f'<is><t xml:space="preserve">{words}</t></is>', "inlineStr"


def judged(project: Project, folder: Path, data: bytes) -> Evaluation:
    (folder / "a.xlsx").write_bytes(data)
    return evaluate_folder(folder, project)


@pytest.mark.parametrize("part", [corpus.TASKS, corpus.FIGURES, corpus.ACTIVITIES, CARD])
@pytest.mark.parametrize("cell", ["C300000", "XFD1048576", "B200001"])
def test_a_stray_cell_is_a_question_at_its_address(
    part: str, cell: str, project: Project, draft: Draft, form: bytes, tmp_path: Path
) -> None:
    done = judged(project, tmp_path, corpus.changed(form, part, corpus.with_rows(typed(cell, "<v>77</v>"))))
    assert found(done, UNIT, project=project) == [(cell, "stray-cell")]
    [problem] = [problem for problem in done.problems if problem.code == "stray-cell"]
    assert problem.value == "77"
    assert all(figure(done, UNIT, key)[0] == row["value"] for key, row in draft.answers.figures.items())


BLANKS = {
    "styled": ("", ""),
    "a space": text(" "),
    "spaces that do not break": text("\u00a0\u200b\ufeff"),
    "a line break": text("\n"),
    "no letters": text(""),
    "an empty result": ('<f>""</f><v></v>', "str"),
    "an empty value": ("<v></v>", ""),
}


@pytest.mark.parametrize("cell", ["C300000", "XFD1048576", "ZZZ90000"])
@pytest.mark.parametrize("name", BLANKS)
def test_a_blank_far_away_is_nothing(name: str, cell: str, form: bytes, reader: Opener) -> None:
    opened = reader.open(corpus.changed(form, corpus.FIGURES, corpus.with_rows(typed(cell, *BLANKS[name]))))
    assert (opened.code, opened.sheets) == ("", open_file(form).sheets)


def test_what_stands_in_a_stray_cell_is_quoted_and_neighbours_make_one_question(
    project: Project, form: bytes, tmp_path: Path
) -> None:
    rows = typed("C300000", *text("lũy kế")) + typed("D300001", "<v>5</v>") + typed("B900000", "<f>B1+1</f>")
    rows += typed("XFD900005", "<v>#REF!</v>", "e")
    done = judged(project, tmp_path, corpus.changed(form, corpus.FIGURES, corpus.with_rows(rows)))
    said = {problem.cell: problem.value for problem in done.problems if problem.code == "stray-cell"}
    assert said == {"C300000": "C300000: lũy kế; D300001: 5", "B900000": "=B1+1", "XFD900005": "#REF!"}


def test_a_cell_far_to_the_right_is_stray_wherever_the_others_stand() -> None:
    rows = [f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in (1, 150_000)]
    wide = '<row r="2"><c r="A2"><v>2</v></c><c r="CV2"><v>9</v></c></row>'
    sheet = open_file(corpus.book(rows[0] + wide + rows[1])).sheets[0]
    assert (sheet.strays, sheet.rows[149_999][0]) == ({(1, 99): "9"}, 150_000.0)


def test_cells_that_do_not_say_where_they_stand_keep_their_places() -> None:
    unsaid = '<row><c><v>1</v></c><c r="XFD1"><v>9</v></c></row><row r="300000"><c><v>8</v></c></row>'
    sheet = open_file(corpus.book(unsaid)).sheets[0]
    assert (sheet.rows, sheet.strays) == ([[1.0]], {(0, 16_383): "9", (299_999, 0): "8"})


def test_very_many_stray_cells_are_refused_and_the_first_is_named(form: bytes, reader: Opener) -> None:
    rows = b"".join(typed(f"B{row}", "<v>1</v>") for row in range(300_000, 301_500))
    opened = reader.open(corpus.changed(form, corpus.FIGURES, corpus.with_rows(rows)))
    assert opened.code == "file-too-large"
    assert "1500 ô" in opened.facts["detail"] and "B300000" in opened.facts["detail"]


FAR_ROWS = '<table:table-row table:number-rows-repeated="299998"><table:table-cell/></table:table-row>'


@pytest.mark.parametrize(
    ("cell", "strays"),
    [
        ('<table:table-cell office:value-type="string"><text:p>lạc</text:p></table:table-cell>', {(299_999, 0): "lạc"}),
        ('<table:table-cell office:value-type="float" office:value="7"/>', {(299_999, 0): "7"}),
        ('<table:table-cell office:value-type="string"><text:p/></table:table-cell>', {}),
        ('<table:table-cell office:value-type="string"><text:p> </text:p></table:table-cell>', {}),
        ('<table:table-cell table:style-name="x" table:number-columns-repeated="16384"/>', {}),
    ],
)
def test_the_same_in_an_open_document(cell: str, strays: dict[tuple[int, int], str], reader: Opener) -> None:
    rows = f"{FAR_ROWS}<table:table-row>{cell}</table:table-row></table:table>"
    content = CONTENT.replace("</table:table>", rows)
    opened = reader.open(corpus.packed({"mimetype": ODS, "content.xml": content}))
    assert opened.code == ""
    assert (opened.sheets[0].rows, opened.sheets[0].strays) == ([[5.0]], strays)


def test_a_value_that_an_open_document_repeats_to_its_end_is_refused(reader: Opener) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="7"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048575">{cell}</table:table-row>'
    content = CONTENT.replace("</table:table>", f"{rows}</table:table>")
    opened = reader.open(corpus.packed({"mimetype": ODS, "content.xml": content}))
    assert opened.code == "file-too-large" and "A2" in opened.facts["detail"]


def test_the_same_in_a_binary_workbook(reader: Opener) -> None:
    """Records of BIFF12: number, shared text, text, truth, error, formula, blank text."""
    far = [
        (5, struct.pack("<d", 7.5)),
        (7, struct.pack("<I", 0)),
        (6, wide("lạc")),
        (4, b"\1"),
        (3, b"\x17"),
        (9, struct.pack("<d", 3) + bytes(10)),
        (6, wide(" ")),
        (2, struct.pack("<i", 4 << 2 | 2)),
    ]
    cells = b"".join(record(kind, struct.pack("<II", column, 0) + data) for column, (kind, data) in enumerate(far))
    opened = reader.open(binary_book(row(0) + record(5, struct.pack("<IId", 0, 0, 5.0)) + row(299_999) + cells))
    assert opened.code == ""
    [sheet] = opened.sheets
    said = [7.5, "chung", "lạc", True, CellError("#REF!"), 3.0, 4.0]
    assert sheet.rows == [[5.0]]
    assert sheet.strays == {(299_999, at): value for at, value in zip((0, 1, 2, 3, 4, 5, 7), said, strict=True)}


def test_the_same_in_an_old_workbook(reader: Opener) -> None:
    near = [struct.pack("<HHHHHd", 0x203, 14, at, 0, 0, 5.0) for at in (0, 60_000)]
    far = [
        struct.pack("<HHHHHd", 0x203, 14, 65_535, 255, 0, 7.5),
        struct.pack("<HHHHHH", 0x204, 10, 65_535, 254, 0, 1) + b"\0x",
        struct.pack("<HHHHHH", 0x204, 10, 65_535, 253, 0, 1) + b"\0 ",
    ]
    opened = reader.open(corpus.compound("Workbook", stream=old_book(*near, *far)))
    assert opened.code == ""
    [sheet] = opened.sheets
    assert (len(sheet.rows), sheet.rows[60_000]) == (60_001, [5.0])
    assert sheet.strays == {(65_535, 255): 7.5, (65_535, 254): "x"}


def row(number: int) -> bytes:
    return record(0, struct.pack("<I", number) + bytes(13))
