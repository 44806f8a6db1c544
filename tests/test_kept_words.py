"""What an officer writes at the marked places of the report comes into the next one, whatever happened to the file."""

import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.commands.old_paper import OldPaper, read_old_paper, say_places
from pipeline.publish.edited.paper_text import read_paper
from pipeline.publish.edited.paper_words import read_places
from pipeline.publish.edited.paper_xml import load_properties
from pipeline.publish.outputs import KEPT
from pipeline.publish.papers.carry import OldWords, carry
from pipeline.publish.papers.document import Closing, Filled, Grid, Letterhead, Line, Marked, Paper
from pipeline.publish.papers.fields import field_runs
from pipeline.publish.papers.places import REMARK, Piece
from pipeline.publish.papers.word import write_paper
from tests.builders import truthful
from tests.desk import Desk
from tests.office import DOCX, at_the_keyboard, need_office

NAME = "Bao-cao_2025-q3.docx"
PLACES = {"I": "văn bản chỉ đạo.", "II.1": "nhận xét.", "II.2": "hạn chế.", "III": "kiến nghị."}
MARKERS = [f"[Bổ sung: {text}]" for text in PLACES.values()]
SAID = "Đã ban hành 03 văn bản; đạt 29/32 đơn vị 🎉"


def text(number: int) -> tuple[Line | Grid | Marked, ...]:
    """The report of a run whose figures are `number`; the parts of other runs have other lines, too."""
    places = [Marked(where, marker) for where, marker in zip(PLACES, MARKERS, strict=True)]
    return (
        Line("I. CHỈ ĐẠO", "heading"),
        Line(f"Tình hình gửi báo cáo: {number}/9999 đơn vị đã gửi."),
        places[0],
        Line("II. ĐÁNH GIÁ", "heading"),
        Line("1. Kết quả", "subheading"),
        Line(f"Tỷ lệ đơn vị gửi báo cáo đạt {number}%."),
        places[1],
        Line("2. Hạn chế", "subheading"),
        *(Line(f"- Quá hạn: {unit} đơn vị trong kỳ này.") for unit in range(number % 3)),
        Grid(("Tên", "Số"), (("Bảng", str(number)),), (80.0, 40.0), (0,)),
        places[2],
        Line("III. KIẾN NGHỊ", "heading"),
        places[3],
        Line("(Kèm theo báo cáo có 06 phụ lục.)"),
    )


def run(folder: Path, number: int) -> tuple[tuple[str, ...], tuple[Filled, ...]]:
    """A run in small: what is said, and the places as written."""
    old = read_old_paper(folder, NAME)
    told = carry(text(number), old.words)
    write(folder / NAME, told)
    places = tuple(item for item in told if isinstance(item, Filled))
    return say_places(old, NAME, places), places


def write(
    path: Path, told: Sequence[Line | Grid | Filled], properties: Mapping[str, str] = MappingProxyType({})
) -> None:
    head, end = Letterhead(("ỦY BAN", "HUYỆN"), (1,), "Số: …", "ngày …"), Closing((), ("CT",))
    write_paper(path, Paper("Báo cáo", "Phòng", head, ("BÁO CÁO",), ("UBND",), tuple(told), end, "", properties))


def lines(path: Path) -> list[str]:
    return [line.text for line in Document(str(path)).paragraphs]


def between(told: Sequence[str], first: str, last: str) -> list[str]:
    return list(told[told.index(first) + 1 : told.index(last)])


def edit(path: Path, *changes: Callable[[Any], None]) -> None:
    document = Document(str(path))
    for change in changes:
        change(document)
    document.save(str(path))


def place(document: Any, number: int = 0) -> Any:
    return next(line for line in document.paragraphs if line.text == MARKERS[number])


def put(said: str, number: int = 0) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        place(document, number).text = said

    return change


def remove(said: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for line in [line for line in document.paragraphs if line.text == said]:
            line._p.getparent().remove(line._p)

    return change


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("untouched")
    run(folder, 7)
    return folder / NAME


@pytest.fixture
def folder(tmp_path: Path, untouched: Path) -> Path:
    shutil.copy(untouched, tmp_path)
    return tmp_path


def test_nothing_is_said_and_nothing_changes_where_nobody_wrote(folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    assert run(folder, 7)[0] == ()
    assert (folder / NAME).read_bytes() == before
    assert run(folder, 8)[0] == ()
    assert [line for line in lines(folder / NAME) if line.startswith("[")] == MARKERS


def keep_run(document: Any) -> None:
    """As programs do that know only text: the run stays, its letters are others, its light goes."""
    [piece] = place(document).runs
    piece.text, piece.font.highlight_color = SAID, None


def partly(document: Any) -> None:
    place(document).runs[0].text = f"[Bổ sung: {SAID}]"


def split(document: Any) -> None:
    line = place(document)
    line.insert_paragraph_before("Đoạn đầu")
    line.text = SAID


def add_below(document: Any) -> None:
    line = place(document)
    line._p.addnext(document.add_paragraph(SAID)._p)
    line.text = "Đoạn đầu"


def exchange(document: Any) -> None:
    line = place(document)
    line._p.addprevious(document.add_paragraph(SAID)._p)
    line._p.getparent().remove(line._p)


def break_lines(document: Any) -> None:
    place(document).text = f"Dòng một\n\tdòng hai\n{SAID}"


EDITS: Mapping[str, tuple[Callable[[Any], None], list[str]]] = {
    "the run": (keep_run, [SAID]),
    "the paragraph": (put(SAID), [SAID]),
    "a part of the marker": (partly, [f"[Bổ sung: {SAID}]"]),
    "two paragraphs, one above": (split, ["Đoạn đầu", SAID]),
    "two paragraphs, one below": (add_below, ["Đoạn đầu", SAID]),
    "another paragraph": (exchange, [SAID]),
    "lines and tabs": (break_lines, [f"Dòng một\n\tdòng hai\n{SAID}"]),
    "as long as a cell of Excel": (put("ữ" * 32_767), ["ữ" * 32_767]),
    "our own words from elsewhere": (put("I. CHỈ ĐẠO"), ["I. CHỈ ĐẠO"]),
    "spaces at both ends": (put("  lời  "), ["  lời  "]),
    "nothing any more": (put(""), [""]),
}


def as_written(document: Any) -> None:
    """Bookmarks between paragraphs."""


def as_libreoffice_saves(document: Any) -> None:
    """Bookmarks inside paragraphs, from the first letter to the last."""
    body = document.element.body
    starts = {start.get(qn("w:id")): start for start in body.findall(qn("w:bookmarkStart"))}
    for end in body.findall(qn("w:bookmarkEnd")):
        last = next(end.itersiblings(qn("w:p"), preceding=True))
        last.append(end)
        start = starts[end.get(qn("w:id"))]
        first = next(start.itersiblings(qn("w:p")))
        first.insert(int(first.pPr is not None), start)


def without_bookmarks(document: Any) -> None:
    for item in list(document.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
        item.getparent().remove(item)


CASES = [
    *((name, as_written) for name in EDITS),
    *(
        (name, as_libreoffice_saves)
        for name in ("two paragraphs, one above", "two paragraphs, one below", "nothing any more")
    ),
    *((name, without_bookmarks) for name in ("the run", "two paragraphs, one above", "a part of the marker")),
]


@pytest.mark.parametrize(("name", "saved"), CASES)
def test_what_was_written_stands_in_the_new_paper_among_new_figures(
    folder: Path, name: str, saved: Callable[[Any], None]
) -> None:
    change, wanted = EDITS[name]
    edit(folder / NAME, saved, change)
    for number in (8, 8):
        said, _ = run(folder, number)
        told = lines(folder / NAME)
        part = between(told, f"Tình hình gửi báo cáo: {number}/9999 đơn vị đã gửi.", "II. ĐÁNH GIÁ")
        is_told = any(wanted) and saved is not without_bookmarks
        assert part == [*wanted, *([REMARK] if is_told else [])]
        assert [line for line in told if line in MARKERS] == MARKERS[1:]
        assert any("đã thay đổi từ khi viết" in sentence for sentence in said) == is_told


def test_looks_that_a_hand_gave_stay(folder: Path) -> None:
    def change(document: Any) -> None:
        line = place(document)
        line.text = ""
        line.add_run("đậm").bold = True
        line.add_run("nghiêng").italic = True
        line.add_run("gạch").underline = True
        line.add_run("thường")

    edit(folder / NAME, change)
    run(folder, 7)
    run(folder, 7)
    [line] = [line for line in Document(str(folder / NAME)).paragraphs if line.text == "đậmnghiênggạchthường"]
    assert [(r.text, bool(r.bold), bool(r.italic), bool(r.underline), r.font.highlight_color) for r in line.runs] == [
        ("đậm", True, False, False, None),
        ("nghiêng", False, True, False, None),
        ("gạch", False, False, True, None),
        ("thường", False, False, False, None),
    ]


def test_words_are_pointed_out_until_somebody_read_them_again(folder: Path) -> None:
    edit(folder / NAME, put(SAID))
    edit(folder / NAME, put("Không có", 3))
    assert [place.remark for place in run(folder, 8)[1]] == [REMARK, "", "", ""]
    before = (folder / NAME).read_bytes()
    run(folder, 8)
    assert (folder / NAME).read_bytes() == before
    edit(folder / NAME, remove(REMARK))
    assert not any(place.remark for place in run(folder, 8)[1])
    assert [bool(place.remark) for place in run(folder, 9)[1]] == [True, False, False, False]
    assert not any(place.remark for place in run(folder, 8)[1])  # the figures are again those beside which they stood


def test_a_figure_that_the_words_quote_and_that_is_no_more_points_them_out(folder: Path) -> None:
    edit(folder / NAME, put("Có 7/9999 đơn vị đã gửi", 3))  # its own part has no figures
    for _ in range(2):
        assert [bool(place.remark) for place in run(folder, 8)[1]] == [False, False, False, True]


def test_a_place_that_was_deleted_is_there_again_and_told(folder: Path) -> None:
    edit(folder / NAME, remove(MARKERS[1]))
    said, _ = run(folder, 8)
    assert [line for line in lines(folder / NAME) if line.startswith("[")] == MARKERS
    [sentence] = said
    assert "II.1" in sentence
    assert run(folder, 8)[0] == ()


def test_words_whose_bookmarks_are_lost_are_told_as_searched(folder: Path) -> None:
    edit(folder / NAME, without_bookmarks)
    edit(folder / NAME, put(SAID, 2))
    said, _ = run(folder, 7)
    assert any("II.2" in sentence and "tiêu đề mục" in sentence and KEPT in sentence for sentence in said)
    assert not any("tiêu đề mục" in sentence for sentence in run(folder, 7)[0])


def test_words_typed_beside_a_neighbour_that_was_deleted_are_found(folder: Path) -> None:
    def change(document: Any) -> None:
        add_below(document)
        for gone in ("Tình hình", "II. ĐÁNH"):
            line = next(line for line in document.paragraphs if line.text.startswith(gone))
            for beside in (line._p.getprevious(), line._p.getnext(), line._p):
                if beside is line._p or beside.tag != qn("w:p"):
                    beside.getparent().remove(beside)

    edit(folder / NAME, as_libreoffice_saves)
    edit(folder / NAME, change)
    said, _ = run(folder, 7)
    told = between(lines(folder / NAME), "Tình hình gửi báo cáo: 7/9999 đơn vị đã gửi.", "II. ĐÁNH GIÁ")
    assert told == ["Đoạn đầu", SAID]
    assert any(KEPT in sentence for sentence in said)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-900])


def fill_with_noise(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0 mat khau" * 99)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_an_earlier_version(path: Path) -> None:
    """1.0.0 had other words at its places, and no bookmarks."""

    def change(document: Any) -> None:
        without_bookmarks(document)
        for number, marker in enumerate(MARKERS):
            said = marker.replace("[Bổ sung", "[Cán bộ viết")
            next(line for line in document.paragraphs if line.text in (marker, SAID)).text = (
                said if number else SAID + "."
            )

    edit(path, change)


@pytest.mark.parametrize("spoil", [cut, fill_with_noise, empty, of_an_earlier_version])
def test_a_paper_that_gives_no_words_is_kept_whole_and_told(folder: Path, spoil: Callable[[Path], None]) -> None:
    edit(folder / NAME, put(SAID, 1))
    spoil(folder / NAME)
    old = read_old_paper(folder, NAME)
    assert (old.whole, old.words) == ((NAME,), OldWords())
    assert KEPT in old.sentence
    said, places = run(folder, 8)
    assert said == (old.sentence,)
    assert not any(place.words for place in places)


def test_a_paper_that_is_open_is_read_as_it_was_saved_and_told(folder: Path) -> None:
    edit(folder / NAME, put(SAID))
    (folder / f"~${NAME[2:]}").touch()
    said, places = run(folder, 7)
    assert places[0].words
    assert "đang mở" in said[0]


def test_there_may_be_no_old_paper(tmp_path: Path) -> None:
    assert read_old_paper(tmp_path, NAME) == OldPaper()


def test_what_is_no_text_is_told_and_its_letters_stay(folder: Path) -> None:
    def change(document: Any) -> None:
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "ô một", "ô hai"
        place(document)._p.addnext(table._tbl)

    edit(folder / NAME, change)
    said, places = run(folder, 7)
    assert ["".join(piece.text for piece in line) for line in places[0].words] == [MARKERS[0], "ô một", "ô hai"]
    assert any("bảng" in sentence for sentence in said)
    marked = next(line for line in Document(str(folder / NAME)).paragraphs if line.text == MARKERS[0])
    assert marked.runs[0].font.highlight_color is not None  # nobody has written there


def test_words_of_the_officer_are_no_figures_of_ours(folder: Path) -> None:
    edit(folder / NAME, put("Cổng: 5 tin; 1/2 đơn vị đã gửi."))
    assert "1/2" not in " ".join(read_paper(folder / NAME).paragraphs)
    assert "7/9999" in " ".join(read_paper(folder / NAME).paragraphs)


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cn")), min_size=1, max_size=40)
HANDS = (as_written, as_libreoffice_saves)


@settings(max_examples=2)
@given(
    turns=st.lists(
        st.tuples(
            st.integers(0, 9998),
            st.integers(0, len(PLACES) - 1),
            st.lists(LETTERS, min_size=1, max_size=3),
            st.sampled_from(HANDS),
        ),
        min_size=10,
        max_size=10,
    )
)
def test_ten_runs_with_other_data_lose_no_letter(
    turns: Sequence[tuple[int, int, list[str], Callable[[Any], None]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    said: dict[int, list[str]] = {}
    try:
        run(folder, 0)
        for figures, at, words, hand in turns:

            def type_over(document: Any, at: int = at, words: Sequence[str] = words, hand: Any = hand) -> None:
                hand(document)
                if at not in said:
                    line = place(document, at)
                    for word in words[:-1]:
                        line.insert_paragraph_before(word)
                    line.text = words[-1]

            edit(folder / NAME, type_over)
            said.setdefault(at, words)
            _, places = run(folder, figures)
            assert words_of(places) == said
            assert words_of([*carry_again(folder, figures)]) == said
    finally:
        shutil.rmtree(folder)


def carry_again(folder: Path, figures: int) -> Iterator[Filled]:
    """The places as another run over its own output finds them."""
    told = carry(text(figures), read_places(folder / NAME))
    return (item for item in told if isinstance(item, Filled))


def words_of(places: Sequence[Filled]) -> dict[int, list[str]]:
    return {
        number: ["".join(piece.text for piece in line) for line in item.words]
        for number, item in enumerate(places)
        if item.words
    }


NEWS, SENT = "CT01 trong kỳ", "Đơn vị gửi báo cáo"


def insert(name: str, shown: str, number: int = 0, *, is_simple: bool = False) -> Callable[[Any], None]:
    """Write “đăng … tin.” with a field in the middle, as one program or the other stores it."""

    def change(document: Any) -> None:
        line = place(document, number)
        line.text = "đăng "
        if is_simple:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), f' DOCPROPERTY  "{name}"  \\* MERGEFORMAT ')
            run = line.add_run(shown)
            line._p.append(field)
            field.append(run._r)
        else:
            field_runs(line, Piece(shown, field=name))
        line.add_run(" tin.")

    return change


def test_numbers_inserted_as_fields_are_renewed_and_stay_fields(folder: Path) -> None:
    paper = folder / NAME
    write(paper, carry(text(7), OldWords()), {NEWS: "7", SENT: "01/02"})
    edit(
        paper, insert(NEWS, "7"), insert(NEWS, "7", 1, is_simple=True), insert(SENT, "08/08", 2), insert("CT99", "5", 3)
    )
    for value in ("1.234", "9"):
        now = {NEWS: value, SENT: "02/02"}
        told = carry(text(7), read_places(paper), now)
        write(paper, told, now)
        places = [item for item in told if isinstance(item, Filled)]
        assert words_of(places) == {
            0: [f"đăng {value} tin."],
            1: [f"đăng {value} tin."],
            2: ["đăng 08/08 tin."],  # typed over
            3: ["đăng 5 tin."],  # of another paper
        }
        assert [piece.field for item in places for line in item.words for piece in line if piece.field] == [NEWS, NEWS]
        assert load_properties(paper) == now
    with zipfile.ZipFile(paper) as archive:
        assert archive.read("word/document.xml").decode().count(f'DOCPROPERTY "{NEWS}"') == 2


@pytest.mark.slow
def test_what_was_typed_in_libreoffice_comes_into_the_next_report(desk: Desk) -> None:
    """The whole way: a run, LibreOffice at the report, other data, LibreOffice again, another run."""
    need_office()
    first = truthful(desk.project, "XA-vinh-thai").figures(CT01=7)
    desk.run(first)
    paper = desk.out(NAME)
    markers = [line for line in lines(paper) if line.startswith("[Bổ sung: ")]
    texts = [f"Lời {number}: đạt 29/32 🎉\nđoạn hai" for number, _ in enumerate(markers)]
    typed = [texts[0].replace("hai", f"hai: ⟦{NEWS}⟧ tin"), *texts[1:]]
    in_libreoffice(paper, dict(zip(markers[:3], typed[:3], strict=True)))
    said = desk.run(first.figures(CT01=8)).sentences
    assert any("I, III.1, III.2" in remark for remark in said)
    in_libreoffice(paper, dict(zip(markers[3:], texts[3:], strict=True)))
    for value in (9, 9):
        desk.run(first.figures(CT01=value))
        told = lines(paper)
        texts[0] = typed[0].replace(f"⟦{NEWS}⟧", f"0{value}")
        for words in texts:
            one, other = words.split("\n")
            assert told[told.index(one) + 1] == other
        assert not set(told) & set(markers)
    before = paper.read_bytes()
    desk.run(first.figures(CT01=9))
    assert paper.read_bytes() == before


def in_libreoffice(paper: Path, words: Mapping[str, str]) -> None:
    saved = paper.with_name("saved.docx")
    at_the_keyboard([{"open": str(paper), "write": list(words.items()), "save": str(saved), "filter": DOCX}])
    shutil.move(saved, paper)
