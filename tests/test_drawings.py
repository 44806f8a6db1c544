"""Pictures and boxes on a sheet hold what no reader reads: they are asked about in every format. Ours have none."""

from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.declare.project import Project
from pipeline.files.opening import open_file
from pipeline.judged.evaluation import Evaluation
from pipeline.values.cells import Drawn
from tests import corpus
from tests.builders import Draft, evaluate_folder, found, truthful
from tests.contract import FIGURES
from tests.office import XLSX, at_the_keyboard, need_office

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
WORDS = "Tờ rơi 200\nchưa tính thôn 5"
DRAWING = "xl/drawings/drawing1.xml"


def drawn_book() -> bytes:
    """A picture, a box with words, and a chart, which only repeats what stands in cells."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Sổ")
        sheet.write_column("A1", [1, 2])
        sheet.insert_image("D6", "scan.png", {"image_data": BytesIO(PIXEL), "x_scale": 200, "y_scale": 100})
        sheet.insert_textbox("B3", WORDS)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Sổ!$A$1:$A$2"})
        sheet.insert_chart("H10", chart)
    return buffer.getvalue()


def pasted(data: bytes, sheet: str) -> bytes:
    """The picture and the box of the book above laid on a sheet of a form."""
    link = f'<Relationship Id="rIdD" Type="{corpus.OFFICE}/drawing" Target="../drawings/drawing1.xml"/>'
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'
    return corpus.added(
        data,
        {DRAWING: corpus.unpacked(drawn_book())[DRAWING], f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels": rels},
    )


@pytest.fixture
def draft(project: Project) -> Draft:
    return truthful(project, "XA-vinh-thai")


@pytest.fixture
def done(project: Project, draft: Draft, tmp_path: Path) -> Evaluation:
    data = draft.save(tmp_path).read_bytes()
    (tmp_path / "a.xlsx").write_bytes(pasted(data, corpus.FIGURES))
    (tmp_path / f"{draft.unit.unit_id}.xlsx").unlink()
    return evaluate_folder(tmp_path, project)


def test_what_lies_over_the_cells_of_a_form_is_asked_about_once(
    done: Evaluation, project: Project, draft: Draft
) -> None:
    assert found(done, "XA-vinh-thai", project=project) == [("B3", "drawn-content")]
    [problem] = [problem for problem in done.problems if problem.code == "drawn-content"]
    assert (problem.sheet, problem.value) == (FIGURES, WORDS)
    assert f"1 ảnh và hộp chữ ghi “{WORDS}”" in project.message(problem, draft.period)


def test_a_form_as_we_send_it_has_nothing_drawn(draft: Draft, tmp_path: Path) -> None:
    assert not any(sheet.drawn for sheet in open_file(draft.save(tmp_path).read_bytes()).sheets)


def test_pictures_and_words_are_found_and_charts_are_not() -> None:
    [sheet] = open_file(drawn_book()).sheets
    assert set(sheet.drawn) == {Drawn((5, 3), ""), Drawn((2, 1), WORDS)}


def test_they_are_found_in_every_format_of_libreoffice(tmp_path: Path) -> None:
    need_office()
    source = tmp_path / "drawn.xlsx"
    source.write_bytes(drawn_book())
    filters = {"xlsx": XLSX, "xls": "MS Excel 97", "ods": "calc8"}
    at_the_keyboard(
        [
            {"open": str(source), "save": str(tmp_path / f"saved.{kind}"), "filter": name}
            for kind, name in filters.items()
        ]
    )
    for kind in filters:
        [sheet] = open_file((tmp_path / f"saved.{kind}").read_bytes()).sheets
        assert sorted(item.text for item in sheet.drawn) == ["", WORDS], kind
        assert sheet.rows == [[1], [2]], kind


@pytest.mark.parametrize(
    "broken",
    [b"<wsDr", b"", b"<wsDr><twoCellAnchor><from><row>-1</row><col>x</col></from><pic/></twoCellAnchor></wsDr>"],
)
def test_a_broken_drawing_costs_no_figure(broken: bytes) -> None:
    opened = open_file(corpus.changed(drawn_book(), DRAWING, lambda part: broken))
    assert (opened.code, [sheet.rows for sheet in opened.sheets]) == ("", [[[1.0], [2.0]]])
