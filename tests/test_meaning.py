"""What says what a number is binds it, wherever it stands; what a cell shows is what it holds, or it is asked about.

Each case by name, with the cell and code that have to be asked, or nothing where the form is sound.
"""

import random
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from pipeline.declare.project import Project
from pipeline.files.number_formats import as_seen, may_differ, way
from pipeline.files.opening import open_file
from pipeline.intake.says import Beside, moment_of, said_against
from pipeline.values.cells import CellLook
from tests import corpus
from tests.binary_books import WHITE as WHITE_COLOUR
from tests.binary_books import binary_book, fill, font, record, xlsb_styles
from tests.builders import Draft, Edit, Scene, address, evaluate_folder, figure, found, play, shipped, state, truthful
from tests.contract import ACTIVITIES, FIGURES, TASKS
from tests.office import at_the_keyboard, need_office
from tests.test_other_programs import OFFICE_FILTERS

MEANING, DISPLAY = "meaning-contradicted", "display-differs"
NOTE = address(shipped(), "figures", "note", 0)
TABLES = {"figures": FIGURES, "tasks": TASKS, "activities": ACTIVITIES}
HEADER = 5  # the Excel row of the header texts
UNIT = "XA-vinh-thai"

Place = tuple[str, str, str | int]


def typed(place: Place, written: object, *more: Edit) -> Callable[[Draft], Draft]:
    def spoil(draft: Draft) -> Draft:
        def edit(book: Workbook) -> None:
            book[TABLES[place[0]]][draft.at(*place)] = written
            for change in more:
                change(book)

        return draft.edited(edit)

    return spoil


def cell(sheet: str, address: str, written: object) -> Edit:
    return lambda book: book[sheet].__setitem__(address, written)


def edited(*edits: Edit) -> Callable[[Draft], Draft]:
    def spoil(draft: Draft) -> Draft:
        for edit in edits:
            draft = draft.edited(edit)
        return draft

    return spoil


def looks(
    place: Place, number_format: str = "", font: Font | None = None, value: object = None
) -> Callable[[Draft], Draft]:
    def spoil(draft: Draft) -> Draft:
        def edit(book: Workbook) -> None:
            here = book[TABLES[place[0]]][draft.at(*place)]
            here.value = here.value if value is None else value
            here.number_format = number_format or here.number_format
            here.font = font or copy(here.font)

        return draft.edited(edit)

    return spoil


def noted(place: Place, text: str) -> Callable[[Draft], Draft]:
    def spoil(draft: Draft) -> Draft:
        return draft.edited(
            lambda book: setattr(book[TABLES[place[0]]][draft.at(*place)], "comment", Comment(text, "Người lập"))
        )

    return spoil


def of(indicator_id: str, key: str = "value") -> Place:
    return "figures", key, indicator_id


BELOW = 8 + len(shipped().plan.indicators)  # the third row below Biểu 2
MONEY = "CT23a"
OF_MONEY = address(shipped(), "figures", "note", MONEY)
TASK_TITLE = "Cập nhật thường xuyên tin, bài về CCHC trên Cổng/Trang thông tin điện tử"  # of NV05
OTHER_TITLE = "Bài đăng Zalo, Facebook của đơn vị"  # of CT12

CONTRADICTED: Mapping[str, tuple[Callable[[Draft], Draft], Place]] = {
    "thousands in the printed measure": (typed(of(MONEY, "measure"), "nghìn đồng"), of(MONEY)),
    "millions, abbreviated": (typed(of(MONEY, "measure"), "tr.đ"), of(MONEY)),
    "1000 dong": (typed(of(MONEY, "measure"), "1.000 đ"), of(MONEY)),
    "hours for minutes": (typed(of("CT05", "measure"), "Giờ"), of("CT05")),
    "millions, announced": (typed(of(MONEY, "measure"), "ĐVT: triệu đồng"), of(MONEY)),
    "thousands, announced by a sign": (typed(of(MONEY, "measure"), "x1000 đồng"), of(MONEY)),
    "persons for times": (typed(of("CT16", "measure"), "hội nghị"), of("CT16")),
    "hundreds of leaflets": (typed(of("CT11", "measure"), "trăm tờ"), of("CT11")),
    "the measure of another row": (typed(of("CT01", "measure"), "bài"), of("CT01")),
    "a measure that is none": (typed(of("CT01", "measure"), "km"), of("CT01")),
    "the title of another row": (typed(of("CT01", "indicator"), OTHER_TITLE), of("CT01")),
    "a title that is none": (typed(of("CT01", "indicator"), "Số hộ nghèo trong xã"), of("CT01")),
    "a cumulative title": (
        typed(of("CT01", "indicator"), "Tin đăng trên Cổng/Trang thông tin điện tử, lũy kế 9 tháng"),
        of("CT01"),
    ),
    "a percent sign behind the title": (
        typed(of("CT01", "indicator"), f"{shipped().plan.indicator['CT01'].title} (%)"),
        of("CT01"),
    ),
    "a question mark behind the title": (
        typed(of("CT01", "indicator"), f"{shipped().plan.indicator['CT01'].title} (?)"),
        of("CT01"),
    ),
    "a task under the title of another": (
        typed(("tasks", "task_title", "NV02"), TASK_TITLE),
        ("tasks", "status", "NV02"),
    ),
    **{
        f"header {text}": (edited(cell(FIGURES, f"D{HEADER}", text)), of("CT01"))
        for text in ("Lũy kế 9 tháng", "Kế hoạch năm 2025", "Ước thực hiện", "Tỷ lệ (%)", "Ghi chú")
    },
    "thousands in the header": (edited(cell(FIGURES, f"D{HEADER}", "Số trong kỳ (nghìn đồng)")), of(MONEY)),
    **{
        f"note {text}": (typed(of("CT01", "note"), text), of("CT01"))
        for text in ("lũy kế từ đầu năm", "chưa chốt", "Chưa có số liệu", "ghi nhầm, đúng là 15")
    },
    "millions in the note": (typed(of(MONEY, "note"), "ĐVT: triệu đồng"), of(MONEY)),
    "a note on an activity": (typed(("activities", "note", 3), "ước tính"), ("activities", "quantity", 3)),
    "a comment on the value": (noted(of("CT01"), "số liệu chưa chốt"), of("CT01")),
    "a comment on the title": (noted(of("CT01", "indicator"), "lũy kế từ đầu năm"), of("CT01")),
    "a line above the table": (edited(cell(FIGURES, "A2", "Số liệu lũy kế 9 tháng")), of("CT01")),
    "the unit above the table": (edited(cell(FIGURES, "E2", "Đơn vị tính: nghìn đồng")), of(MONEY)),
    "the title above the table": (
        edited(cell(FIGURES, "A1", "BIỂU 2. SỐ LIỆU TUYÊN TRUYỀN LŨY KẾ 9 THÁNG")),
        of("CT01"),
    ),
    "a line below the table": (edited(cell(FIGURES, f"B{BELOW}", "Ghi chú: số liệu chưa chốt")), of("CT01")),
    "the name of the sheet": (edited(lambda book: setattr(book[FIGURES], "title", "Lũy kế 9 tháng")), of("CT01")),
    "a dash beside a denial": (typed(of("CT01"), "-", cell(FIGURES, NOTE, "chưa có số liệu")), of("CT01")),
}  # fmt: skip

STRUCK, WHITE = Font(strike=True), Font(color="FFFFFFFF")
DIFFERS: Mapping[str, tuple[Callable[[Draft], Draft], Place]] = {
    "5 as 500%": (looks(of("CT01"), "0%", value=5), of("CT01")),
    "thousands in words": (looks(of(MONEY), '0" nghìn"', value=45000), of(MONEY)),
    "millions in words": (looks(of(MONEY), '#,##0.0 "triệu"', value=45), of(MONEY)),
    "a letter behind a stroke": (looks(of("CT11"), "0\\ \\k"), of("CT11")),
    "digits that are not there": (looks(of("CT11"), '0"000"'), of("CT11")),
    "thousands left out": (looks(of("CT11"), "#,##0,"), of("CT11")),
    "millions left out": (looks(of(MONEY), "0.0,,"), of(MONEY)),
    "all hidden": (looks(of("CT11"), ";;;"), of("CT11")),
    "other words instead": (looks(of("CT11"), '"chưa có"'), of("CT11")),
    "about": (looks(of("CT11"), '"khoảng "0'), of("CT11")),
    "a number as a part of a day": (looks(("activities", "date", 3), "mmm-yy"), ("activities", "date", 3)),
    "white letters": (looks(of("CT11"), font=WHITE), of("CT11")),
    "white by the format": (looks(of("CT11"), "[White]0"), of("CT11")),
    "struck through": (looks(of("CT11"), font=STRUCK), of("CT11")),
    "a struck title": (looks(of("CT11", "indicator"), font=STRUCK), of("CT11")),
    "a struck status": (looks(("tasks", "status", "NV02"), font=STRUCK), ("tasks", "status", "NV02")),
    "words on a quantity": (looks(("activities", "quantity", 3), '0" (ước)"'), ("activities", "quantity", 3)),
}

SOUND: Mapping[str, Callable[[Draft], Draft]] = {
    **{
        f"header {text!r}": edited(cell(FIGURES, f"D{HEADER}", text))
        for text in ("SỐ TRONG\nKỲ *", "Kết quả thực hiện quý 3/2025")
    },
    **{
        f"note {text!r}": typed(of("CT01", "note"), text)
        for text in ("Tăng so với quý trước nhờ đợt cao điểm", "Lũy kế từ đầu năm: 120", "tăng 20% so với năm 2024")
    },
    "spending": typed(of(MONEY, "note"), "Chi tiêu theo dự toán"),
    "the same said in millions": typed(of(MONEY), 45_000_000, cell(FIGURES, OF_MONEY, "bằng 45 triệu đồng")),
    "dong": typed(of(MONEY, "measure"), "VNĐ"),
    "dong in brackets": typed(of(MONEY, "measure"), "(ĐỒNG)"),
    "dong, announced": typed(of(MONEY, "measure"), "đvt: dong"),
    "a measure with another sign": typed(of("CT03", "measure"), "Tin / bài."),
    "posters by the piece": typed(of("CT09", "measure"), "cái"),
    "a title in other words": typed(of("CT01", "indicator"), "Tin trên Cổng TTĐT của xã"),
    "a title over two lines": typed(of("CT01", "indicator"), "Tin đăng trên Cổng/Trang\nthông tin điện tử."),
    "a comment of thanks": noted(of("CT01"), "Cảm ơn, đã kiểm tra với Trang TTĐT"),
    "a struck note": edited(cell(FIGURES, NOTE, "lũy kế"), lambda book: setattr(book[FIGURES][NOTE], "font", STRUCK)),
    "the unit's own word": looks(of("CT01"), '0" tin"'),
    "money": looks(of(MONEY), '_-* #,##0\\ "₫"_-;\\-* #,##0\\ "₫"_-;_-* "-"??\\ "₫"_-;_-@_-'),
    "accounting": looks(of("CT11"), '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)'),
    "red below zero": looks(of("CT11"), "#,##0;[Red]-#,##0"),
    "text": looks(of("CT11"), "@"),
    "an American day": looks(("activities", "date", 3), "m/d/yyyy"),
    "a short day": looks(("activities", "date", 3), "d-mmm"),
    "white on blue": edited(
        lambda book: setattr(book[FIGURES]["D16"], "font", WHITE),
        lambda book: setattr(book[FIGURES]["D16"], "fill", PatternFill("solid", fgColor="FF1F4E79")),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    asked = {name: spoil for name, (spoil, _) in [*CONTRADICTED.items(), *DIFFERS.items()]}
    return play(tmp_path_factory.mktemp("meaning"), project, {**asked, **SOUND})


@pytest.mark.parametrize("name", CONTRADICTED)
def test_what_contradicts_a_value_is_asked_about_at_it(name: str, scenes: dict[str, Scene]) -> None:
    holds(scenes[name], CONTRADICTED[name][1], MEANING)


@pytest.mark.parametrize("name", DIFFERS)
def test_what_is_seen_otherwise_than_it_is_stored_is_asked_about(name: str, scenes: dict[str, Scene]) -> None:
    holds(scenes[name], DIFFERS[name][1], DISPLAY)


def holds(scene: Scene, place: Place, code: str) -> None:
    """The value is asked about, nothing else of the form, and it is in no total."""
    asked = scene.problems()
    assert (scene.at(*place), code) in asked
    assert {said for _, said in asked} == {code}
    if place[0] == "figures":
        assert figure(scene.done, scene.unit_id, str(place[2])) == (None, "unreadable")


@pytest.mark.parametrize("name", SOUND)
def test_what_agrees_or_adds_nothing_is_not_asked_about(name: str, scenes: dict[str, Scene]) -> None:
    assert scenes[name].problems() == []


def test_what_a_header_says_of_all_its_column_is_one_question(scenes: dict[str, Scene]) -> None:
    scene = scenes["header Lũy kế 9 tháng"]
    assert scene.problems() == [("D6", MEANING)]
    assert figure(scene.done, scene.unit_id, "CT12") == (None, "unreadable")
    silent = [problem for problem in scene.done.silent if problem.unit_id == scene.unit_id]
    assert {problem.silenced_by for problem in silent} == {MEANING}


def test_a_known_multiple_is_worked_out_and_never_used(project: Project, scenes: dict[str, Scene]) -> None:
    for name, said in {
        "thousands in the printed measure": "nếu đúng là 5.000.000 nghìn đồng thì ghi 5.000.000.000",
        "hours for minutes": "nếu đúng là 37,5 Giờ thì ghi 2.250",
        "thousands in words": "nếu đúng là 45.000 nghìn thì ghi 45.000.000",
    }.items():
        scene = scenes[name]
        [problem] = [
            item for item in scene.done.problems if item.unit_id == scene.unit_id and item.code in (MEANING, DISPLAY)
        ]
        assert said in project.message(problem, scene.done.settlement.period)


def test_what_the_sender_sees_is_quoted(project: Project, scenes: dict[str, Scene]) -> None:
    scene = scenes["5 as 500%"]
    [problem] = [item for item in scene.done.problems if item.unit_id == scene.unit_id and item.code == DISPLAY]
    assert problem.value == "500%"
    assert "thấy 500%, còn trong ô lưu 5" in project.message(problem, scene.done.settlement.period)


def test_a_struck_activity_proves_nothing_and_is_one_question(project: Project, tmp_path: Path) -> None:
    draft = truthful(project, UNIT).blank_task("NV03").task("NV03", status="Hoàn thành")

    def strike(book: Workbook) -> None:
        for row in book[ACTIVITIES].iter_rows(min_row=HEADER + 1):
            for here in row:
                here.font = STRUCK if book[ACTIVITIES].cell(here.row, 3).value == "NV03" else copy(here.font)

    before = evaluate_folder(tmp_path / "before", project, [draft])
    done = evaluate_folder(tmp_path / "after", project, [draft.edited(strike)])
    assert (state(before, UNIT, "NV03"), state(done, UNIT, "NV03")) == ("done", "unproven")
    rows = {problem.row for problem in done.problems if problem.code == DISPLAY}
    assert len(rows) == len([problem for problem in done.problems if problem.code == DISPLAY]) > 0


def test_the_same_words_agree_where_they_are_true(project: Project, tmp_path: Path) -> None:
    draft = truthful(project, UNIT, "6t")
    for text in ("lũy kế từ đầu năm", "6 tháng đầu năm", "lũy kế 6 tháng"):
        folder = tmp_path / text
        done = evaluate_folder(folder, project, [typed(of("CT01", "note"), text)(draft)], "6t")
        assert not [problem for problem in done.problems if problem.code == MEANING]


def test_texts_that_are_only_reworded_are_in_the_log(scenes: dict[str, Scene]) -> None:
    scene = scenes["a title in other words"]
    assert [
        (line.cell, line.raw)
        for line in scene.done.settlement.changes
        if line.rule == "printed-reworded" and line.unit_id == scene.unit_id
    ] == [("B6", "Tin trên Cổng TTĐT của xã")]


# By indicator: the format, what is stored, what the sender sees.
SHOWN: Mapping[str, tuple[str, float, str]] = {
    "CT08": ("0%", 5, "500%"),
    MONEY: ('0" nghìn"', 45000, "45.000 nghìn"),
    "CT23b": ("0,", 45000, "45"),
    "CT03": (";;;", 4, "4"),
    "CT04": ('[>5]"nhiều";0', 9, "nhiều"),
    "CT09": ('0"000"', 3, "3000"),
    "CT10": ("[White]0", 6, "6"),
    "CT16": ('#,##0.0 "triệu"', 66, "66 triệu"),
}


@pytest.fixture(scope="module")
def saved(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One form with looks of several kinds, as LibreOffice saves it."""
    need_office()
    folder = tmp_path_factory.mktemp("saved")
    draft = truthful(project, UNIT)
    for spoil in (
        *(looks(of(name), code, value=value) for name, (code, value, _) in SHOWN.items()),
        *(looks(of(name), font=letters) for name, letters in (("CT11", STRUCK), ("CT02", WHITE), ("CT21", WHITE))),
        edited(lambda book: setattr(book[FIGURES]["D28"], "fill", PatternFill("solid", fgColor="FF1F4E79"))),
        looks(of("CT01"), '0" tin"'),
        looks(of("CT13"), '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)'),
        looks(of("CT14"), "#,##0;[Red]-#,##0"),
        looks(("activities", "date", 3), "mmm-yy"),
        looks(("activities", "date", 2), "d-mmm"),
        noted(of("CT12"), "chưa chốt"),
        typed(of("CT05", "measure"), "giờ"),
    ):
        draft = spoil(draft)
    path = draft.save(folder)
    at_the_keyboard(
        [
            {"open": str(path), "save": str(folder / f"saved.{kind}"), "filter": words}
            for kind, words in OFFICE_FILTERS.items()
        ]
    )
    return folder


@pytest.mark.parametrize("kind", OFFICE_FILTERS)
def test_it_is_heard_in_every_format_of_libreoffice(kind: str, saved: Path, project: Project, tmp_path: Path) -> None:
    (tmp_path / f"a.{kind}").write_bytes((saved / f"saved.{kind}").read_bytes())
    done = evaluate_folder(tmp_path, project)
    asked = dict.fromkeys((*SHOWN, "CT02", "CT11"), DISPLAY) | {"CT12": MEANING, "CT05": MEANING}
    expected = {(address(project, *of(indicator_id)), code) for indicator_id, code in asked.items()}
    expected.add((address(project, "activities", "date", 3), DISPLAY))
    assert set(found(done, UNIT, project=project)) == expected
    seen = {problem.cell: problem.value for problem in done.problems if problem.code == DISPLAY}
    assert {name: seen[address(project, *of(name))] for name in SHOWN} == {
        name: text for name, (_, _, text) in SHOWN.items()
    }


@pytest.mark.parametrize(
    ("style", "look"),
    [
        ((9, 0, 0), CellLook("0%")),
        ((10, 0, 0), CellLook("0.00%")),
        ((164, 0, 0), CellLook('0" nghìn"')),
        ((1, 0, 0), None),
        ((0, 1, 0), CellLook(is_struck=True)),
        ((0, 2, 0), CellLook(is_unseen=True)),
        ((0, 2, 1), None),  # white on blue
        ((0, 0, 1), None),
        ((0, 9, 9), None),  # of numbers that are none
    ],
)
def test_looks_are_seen_in_a_binary_workbook(style: tuple[int, int, int], look: CellLook | None) -> None:
    blue = fill(1, b"\x05\xff\0\0\x1f\x4e\x79\xff")
    fonts = [font(), font(struck=True), font(colour=WHITE_COLOUR)]
    styles = xlsb_styles(fonts, [style], [(164, '0" nghìn"')], [fill(), blue])
    cell = record(0, bytes(17)) + record(5, struct.pack("<IId", 0, 0, 5.0))
    [sheet] = open_file(binary_book(cell, styles=styles)).sheets
    assert sheet.rows == [[5.0]]
    assert sheet.looks == ({(0, 0): look} if look else {})


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [
        ("5", "500%", '"500%"'), ("45000", "45", '"45"'), ("45000", "45 nghìn", '"45 nghìn"'),
        ("12", "12 tin", '""0" tin"'), ("45000", "45.000", ""), ("45000", "45,000.0", ""), ("37.5", "37,5", ""),
        ("37.5", "38", ""), ("45000", "4.5E+4", ""), ("12", "", ""), ("12", "#####", ""), ("-5", "-5", ""),
    ],
)  # fmt: skip
def test_a_document_without_formats_is_judged_by_its_texts(value: str, text: str, shown: str) -> None:
    [sheet] = open_file(open_document(number_cell(value, text))).sheets
    assert {here: look.format for here, look in sheet.looks.items()} == ({(0, 0): shown} if shown else {})


def test_a_style_of_a_column_and_a_broken_part_of_styles() -> None:
    struck = (
        '<style:style style:name="a" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style><style:style style:name="b" style:parent-style-name="a"/>'
    )
    body = f'<table:table-column table:default-cell-style-name="b"/>{number_cell("5", "5")}'
    for data in (open_document(body, struck), open_document(body, struck, "<broken"), open_document(body, "", struck)):
        [sheet] = open_file(data).sheets
        assert sheet.looks == {(0, 0): CellLook(is_struck=True)}


def number_cell(value: str, text: str) -> str:
    cell = f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{text}</text:p>'
    return f"<table:table-row>{cell}</table:table-cell></table:table-row>"


def open_document(body: str, styles: str = "", named: str = "") -> bytes:
    """An .ods of one sheet, with styles of its own and those that have names in a part of their own."""
    names = ("office", "style", "text", "table")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    sheet = f'<office:body><office:spreadsheet><table:table table:name="A">{body}</table:table></office:spreadsheet>'
    own = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {spaces}>{own}{sheet}</office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {spaces}>{named}</office:document-styles>",
    }
    return corpus.packed(parts)


ORDINARY = (
    "General", "0", "0.00", "#,##0", "#,##0.00", "#.##0", "#,##0_);(#,##0)", "#,##0_);[Red](#,##0)", "0.00E+00",
    "# ?/?", "dd/mm/yyyy", "d/m/yyyy", "m/d/yyyy", "[$-42A]dd/mm/yyyy", "[$-1010000]d/m/yyyy;@", "d-mmm",
    "yyyy-mm-dd", "@",
    "00000", "#", "0;-0", '"$"#,##0.00', "dd\\/mm\\/yyyy", "m/d/yyyy h:mm", "#\\ ##0",
    "_ * #,##0_ ;_ * \\-#,##0_ ;_ @_ ",
)  # fmt: skip


@pytest.mark.parametrize("code", ORDINARY)
def test_ordinary_formats_never_differ(code: str) -> None:
    assert not may_differ(code)


@pytest.mark.parametrize(
    ("value", "code", "how", "seen"),
    [
        (5.0, "0%", "percent", "500%"),
        (0.0, "0%", "", "0%"),
        (45000.0, '0" nghìn"', "words", "45.000 nghìn"),
        (12.0, '0"000"', "digits", "12000"),
        (45000.0, "0\\.0", "digits", "4500.0"),
        (45000.0, "#\\.##0", "", "45.000"),
        (45000.0, "0,", "scaled", "45"),
        (12.0, ";;;", "hidden", ""),
        (12.0, "-0", "digits", "-12"),
        (150.0, '[>100]"nhiều";0', "words", "nhiều"),
        (50.0, '[>100]"nhiều";0', "", "50"),
        (45905.0, "dd/mm/yyyy", "day", "05/09/2025"),
        ("12", ";;;", "hidden", ""),
        ("12", '@" nghìn"', "words", "12 nghìn"),
        ("12", "0%", "", "12"),
    ],
)
def test_what_a_format_shows(value: object, code: str, how: str, seen: str) -> None:
    assert (way(value, code), as_seen(value, code)) == (how, seen)


FRAMES = ("{}", "Ghi chú: {}", "số liệu {}", "{}.", "  {} ", "- {}", "({})", "Số {}", "{}; đã báo cáo huyện", "{} nhé")
PLACES: Mapping[str, Callable[[str], Callable[[Draft], Draft]]] = {
    "header": lambda text: edited(cell(FIGURES, f"D{HEADER}", text)),
    "note": lambda text: typed(of("CT01", "note"), text),
    "comment": lambda text: noted(of("CT01"), text),
    "above": lambda text: edited(cell(FIGURES, "A2", text)),
    "title": lambda text: typed(of("CT01", "indicator"), f"Tin đăng trên Cổng/Trang thông tin điện tử ({text})"),
    "below": lambda text: edited(cell(FIGURES, f"A{BELOW}", text)),
}
ODD_CASES = (str.upper, str.capitalize, str, lambda text: text.replace(" ", "  "))


def contradictions(project: Project, chance: random.Random) -> Iterable[tuple[str, str]]:
    """Every claim that is never true in a place chosen for it, in some frame and case."""
    for kind, claim in project.meaning.claims.items():
        if claim.agrees not in ("zero", "always") and not claim.before_number:
            for words in claim.words.texts:
                yield kind, chance.choice(ODD_CASES)(chance.choice(FRAMES).format(words))


HEADERS = (
    "luy ke tu dau nam", "LUỸ KẾ", "Quý II", "Quý II/2025", "Năm 2024", "6 tháng đầu năm", "Số liệu cả năm",
    "Số kỳ trước",
    "Số (tạm tính)", "Số lượng phát hành lũy kế", "Q2", "QII", "9T/2025", "TH 9 tháng", "KH 2025", "6 tháng 2025",
)  # fmt: skip
NOTES = (
    "số liệu tạm", "ước tính", "cả năm", "số của quý trước", "Số lũy kế 9 tháng", "luy ke", "số này là lũy kế",
    "Chưa chốt; sẽ bổ sung sau", "quý II/2025", "số năm 2024", "kế hoạch", "chưa đối chiếu", "mới là số ước",
    "chờ xác nhận",
    "Kế hoạch năm 2025", "Tính từ đầu năm đến nay", "12 là số lũy kế", "không phát sinh",
    "Đúng là 15", "Thực tế là 15 tin", "LUY KE TU DAU NAM", "làm tròn", "số đã làm tròn", "hơn 12", "trên 12 tin", "?",
    "12?", "Số này ?", "gộp cả quý I", "chưa tính tháng 9", "Thiếu tháng 8", "chưa gồm thôn Thái Lai",
    "không kể xã Vĩnh Hà", "chưa tính các xã phía tây", "không nhớ rõ",
    "kế toán chưa chốt", "chờ phòng tài chính xác nhận", "copy kỳ trước", "nhầm dòng", "không dùng số này", "6T",
    "LK năm", "tính đến 31/8", "số liệu tính đến ngày 31/8/2025", "đến 31.8.2025", "từ 01/7 đến 14/9",
    "Số liệu từ ngày 15 tháng 12 năm 2024", "tính đến hết ngày 30/9",
)  # fmt: skip
SAY_NO_MORE = (
    "không phải số lũy kế", "Theo Kế hoạch số 17/KH-UBND", "tháng 9", "Lồng ghép 3 cuộc", "quý III", "đã chốt", "Không",
    "Huyện chưa chốt danh sách đơn vị dự", "100% thôn có loa", "Nguồn: ngân sách huyện", "Chi tiêu theo dự toán",
    "duy trì từ năm 2023", "trong đó 5 triệu đồng từ ngân sách", "Quý 3 năm 2025", "phục vụ cả năm học mới",
    "Đúng là 12", "Số đúng là 12 tin", "bằng kỳ trước", "như kỳ trước", "không kể hội nghị lồng ghép",
    "không gồm quý II", "không tính tháng 5", "trên Cổng", "hơn quý trước", "Bà con hỏi gì?", "TH", "Số TH trong kỳ",
    "gần chợ", "trừ ngày nghỉ", "Tháng 7, tháng 8", "số liệu từ 15/6/2025 đến 14/9/2025", "tính đến ngày 14/9",
    "từ 31/8 bổ sung thêm loa", "báo cáo đến 99/8",
)  # fmt: skip


@pytest.mark.parametrize("text", [*HEADERS, *NOTES, *SAY_NO_MORE])
def test_a_clause_speaks_of_the_number_when_it_says_nothing_else(text: str, project: Project) -> None:
    beside = Beside(12.0, "tin", moment_of(project.plan.period("q3"), project.plan))
    said = said_against(text, beside, project.meaning, anywhere=text in HEADERS)
    assert bool(said) == (text not in SAY_NO_MORE)


def test_every_claim_is_heard(project: Project) -> None:
    moment = moment_of(project.plan.period("q3"), project.plan)
    for kind, text in contradictions(project, random.Random(13)):
        said = said_against(text, Beside(12.0, "tin", moment), project.meaning)
        assert said, (kind, text)


def all_asked(project: Project, folder: Path, cases: Sequence[tuple[str, str]]) -> None:
    scenes = play(folder, project, {f"{place}: {text}": PLACES[place](text) for place, text in cases})
    for name, scene in scenes.items():
        assert ("D6", MEANING) in scene.problems(), name
        assert figure(scene.done, scene.unit_id, "CT01") == (None, "unreadable"), name


def test_some_contradictions_in_every_place(project: Project, tmp_path: Path) -> None:
    chance = random.Random(7)
    texts = [text for kind, text in contradictions(project, chance) if kind != "mistaken"]
    all_asked(project, tmp_path, [(place, chance.choice(texts)) for place in PLACES for _ in range(2)])


@pytest.mark.slow
def test_contradictions_typed_into_every_place(project: Project, tmp_path: Path) -> None:
    chance = random.Random()
    texts = [text for kind, text in contradictions(project, chance) if kind != "mistaken"]
    all_asked(project, tmp_path, [(place, text) for place in PLACES for text in texts])
