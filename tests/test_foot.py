"""What signs a sheet at its foot is no fault: one note at most, while what else stands below a table is asked about."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.declare.project import Project
from pipeline.intake.foot import parted
from pipeline.values.cells import Drawn, RawSheet
from tests.builders import Draft, Scene, accepted, address, evaluate_folder, found, play, shipped, truthful
from tests.office import XLSX, at_the_keyboard, need_office

SHEETS = {"Thông tin chung": 40, "Biểu 1 - Nhiệm vụ": 20, "Biểu 2 - Số liệu": 45, "Biểu 3 - Hoạt động": 40}
SHEETS["Biểu 4 - Kiến nghị"] = 30

BLOCKS: Mapping[str, Mapping[str, object]] = {
    "one signer": {"H0": "CHỦ TỊCH", "H1": "(Ký, đóng dấu)", "H5": "Nguyễn Văn A"},
    "the whole of it": {
        "G0": "Vĩnh Thái, ngày 15 tháng 9 năm 2025",
        "A1": "Nơi nhận:",
        "G1": "TM. ỦY BAN NHÂN DÂN",
        "A2": "- UBND huyện (qua Phòng Nội vụ);",
        "G2": "KT. CHỦ TỊCH",
        "A3": "- Lưu: VT, VHXH (02b).",
        "G3": "PHÓ CHỦ TỊCH",
        "G4": "(Ký, ghi rõ họ tên, đóng dấu)",
        "G8": "Trần Thị Bích Ngọc",
    },
    "who made it and who signs": {
        "B0": "Người lập biểu",
        "F0": "Thủ trưởng đơn vị",
        "B1": "(Ký, ghi rõ họ tên)",
        "F1": "(Ký tên, đóng dấu)",
        "B4": "Lê Thị Hoa",
        "F4": "Hồ Văn Khăm",
    },
    "beside the table": {"P0": "NGƯỜI LẬP BIỂU", "P3": "Phạm Thị Lan", "T0": "GIÁM ĐỐC", "T3": "Đỗ Văn Tư"},
    "in one cell": {"C0": "TM. UBND XÃ\nCHỦ TỊCH\n(đã ký)\n\nLê A", "A0": "Nơi nhận:\n- Như trên;\n- Lưu: VT."},
    "the day in pieces": {
        "D0": "Vĩnh Thái, ngày",
        "E0": 15,
        "F0": "tháng",
        "G0": 9,
        "H0": "năm",
        "I0": 2025,
        "F2": "Chủ tịch",
    },
    "without tones": {"D0": "NGUOI LAP BIEU", "D1": "(ky, ghi ro ho ten)", "D3": "NGUYEN THI HOA"},
    "with the name behind": {
        "A0": "Người lập biểu: Nguyễn Văn A",
        "A1": "ĐT: 0912 345 678",
        "A2": "Người ký: Lê Văn B",
    },
    "with a day to write": {
        "D0": "……, ngày … tháng … năm 2025",
        "D1": "Q. GIÁM ĐỐC",
        "D2": "-------",
        "D4": "Ông Tạ Văn Mừng",
    },
    "of a commune": {
        "E0": "TM. UBND XÃ VĨNH THÁI",
        "E1": "KT.CHỦ TỊCH",
        "E2": "PHÓ CHỦ TỊCH UBND XÃ",
        "E5": "HỒ THỊ MAI",
    },
    "of an office": {
        "E0": "TRƯỞNG PHÒNG NỘI VỤ",
        "B0": "CÔNG CHỨC VĂN HÓA - XÃ HỘI",
        "B4": "Cao Thị Na",
        "E4": "Ngô Tá",
    },
    "far below": {"H900": "XÁC NHẬN CỦA LÃNH ĐẠO", "H903": "Trần Đình Phúc"},
}


def signed(block: Mapping[str, object]) -> Callable[[Draft], Draft]:
    """The block at the foot of every sheet."""

    def edit(book: Workbook) -> None:
        for sheet, row in SHEETS.items():
            for place, value in block.items():
                book[sheet][f"{place[0]}{row + int(place[1:])}"] = value

    return lambda draft: draft.edited(edit)


SPOILS = {name: signed(block) for name, block in BLOCKS.items()}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("foot"), project, SPOILS)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_signature_is_no_fault(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    mine = [problem for problem in scene.done.problems if problem.unit_id == scene.unit_id]
    assert [(item.sheet, item.cell, item.code) for item in mine if item.code != "signature-block"] == []
    [note] = [item for item in mine if item.code == "signature-block"]
    assert all(str(value).split()[0] in note.value for value in BLOCKS[name].values())


# Cells typed beside a whole signature: what is asked of them, and how many activities are read.
WHOLE, NOTE = BLOCKS["the whole of it"], address(shipped(), "figures", "note", 54)
BELOW: Mapping[str, tuple[str, Mapping[str, object], list[tuple[str, str]]]] = {
    "a title alone": ("Biểu 3 - Hoạt động", {"F52": "Hội nghị tổng kết công tác"}, [("B52", "value-required")]),
    "the chairman at work": (
        "Biểu 3 - Hoạt động",
        {"F52": "Chủ tịch xã tiếp dân định kỳ"},
        [("B52", "value-required")],
    ),
    "a day alone": ("Biểu 3 - Hoạt động", {"B52": date(2025, 7, 1)}, [("C52", "value-required")]),
    "beside the name": ("Biểu 3 - Hoạt động", {"F48": "Tuyên truyền lưu động"}, [("B48", "value-required")]),
    "what was done, in a list": ("Biểu 3 - Hoạt động", {"A44": "- Đăng 5 tin trên loa"}, [("B44", "row-unreadable")]),
    "a number": ("Biểu 2 - Số liệu", {"D60": 12}, [("D60", "row-unknown")]),
    "words": ("Biểu 2 - Số liệu", {NOTE: "Đề nghị xem lại cách ghi của thôn 5"}, [(NOTE, "row-unknown")]),
    "beside the table": ("Biểu 1 - Nhiệm vụ", {"P45": "Đã họp 3 buổi"}, [("P45", "unknown-column")]),
    "below the card": ("Thông tin chung", {"C60": "Đề nghị cấp thêm kinh phí"}, [("C60", "cell-outside-table")]),
}


def with_more(sheet: str, cells: Mapping[str, object]) -> Callable[[Draft], Draft]:
    def edit(book: Workbook) -> None:
        for place, value in cells.items():
            book[sheet][place] = value

    return lambda draft: signed(WHOLE)(draft).edited(edit)


@pytest.fixture(scope="module")
def below(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    spoils = {name: with_more(sheet, cells) for name, (sheet, cells, _) in BELOW.items()}
    row = {"B52": date(2025, 7, 1), "C52": "NV05", "D52": "Cổng/Trang thông tin điện tử", "F52": "Tin cuối", "H52": 1}
    return play(
        tmp_path_factory.mktemp("below"), project, {**spoils, "an activity": with_more("Biểu 3 - Hoạt động", row)}
    )


@pytest.mark.parametrize("name", BELOW)
def test_content_below_or_beside_a_signature_is_asked_about(name: str, below: dict[str, Scene]) -> None:
    assert below[name].problems() == BELOW[name][2]


def test_an_activity_below_a_signature_is_read(below: dict[str, Scene]) -> None:
    scene = below["an activity"]
    assert scene.problems() == []
    assert "Tin cuối" in [row["title"] for row in accepted(scene.done, "activities", scene.unit_id)]


SIGNED = [["STT", "Tên"], ["1", "a"], ["", ""], ["", "CHỦ TỊCH"], ["", ""], ["", "Nguyễn Văn A"]]


def test_a_seal_merges_and_far_cells_go_with_the_words(project: Project) -> None:
    seal, scan, later = Drawn((2, 1), ""), Drawn((0, 1), ""), Drawn((40, 1), "")
    box = Drawn((9, 4), "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nTrần Văn B")
    said = Drawn((9, 4), "CHỦ TỊCH\nTờ rơi 200")
    sheet = RawSheet(
        "Biểu 3",
        [*SIGNED],
        merges=((3, 0, 4, 1), (1, 0, 2, 0)),
        drawn=(seal, scan, later, box, said),
        strays={(3, 900): "Người lập biểu", (70_000, 2): "Lê Thị C", (90_000, 2): "Tin 5"},
    )
    kept, foot = parted(sheet, 1, project.signing)
    assert foot and (foot.cell, "Nguyễn Văn A" in foot.text, "Trần Văn B" in foot.text) == ("B4", True, True)
    assert kept.rows == [["STT", "Tên"], ["1", "a"], *[["", ""]] * 4]
    assert (kept.merges, kept.drawn) == (((1, 0, 2, 0),), (scan, later, said))
    assert kept.strays == {(90_000, 2): "Tin 5"}


@pytest.mark.parametrize("rows", [SIGNED[:3], [["Chủ tịch", 5]], [["Nguyễn Văn A"]], [["- Như trên;"]], [["Ký", "kỳ"]]])
def test_nothing_is_taken_off_where_nobody_certainly_signs(rows: list[list[object]], project: Project) -> None:
    sheet = RawSheet("Biểu 3", rows)
    assert parted(sheet, 0, project.signing) == (sheet, None)


@pytest.mark.slow
def test_libreoffice_saves_a_signature_that_is_no_fault(project: Project, tmp_path: Path) -> None:
    need_office()
    folder, filters = tmp_path / "in", {"xlsx": XLSX, "ods": "calc8", "xls": "MS Excel 97"}
    folder.mkdir()
    jobs = []
    for unit_id, (ending, kind) in zip(("XA-vinh-thai", "XA-vinh-tu", "XA-kim-thach"), filters.items(), strict=True):
        path = signed(WHOLE)(truthful(project, unit_id)).save(tmp_path)
        jobs.append({"open": str(path), "save": str(folder / f"{unit_id}.{ending}"), "filter": kind})
    at_the_keyboard(jobs)
    done = evaluate_folder(folder, project)
    assert len(done.settlement.versions.chains) == 3
    assert found(done, project=project) == []
