"""A unit's own report from its form: letterhead, figures and words; none of a form that is still asked about."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from pipeline.cli import main
from pipeline.commands.check import check_of, judge_one
from pipeline.commands.paper import Drafted, draft_checked, draft_paper
from pipeline.commands.receive import receive_files
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.publish.outputs import KEPT
from pipeline.reading.periods import Folders
from pipeline.words.prose import prose
from tests.builders import OF_YEAR, SCHEMAS, Draft, save_all, truthful
from tests.lasting import LASTING

COMMUNE, OFFICE, COLLECTOR = "XA-vinh-thai", "P-tu-phap", "P-noi-vu"
TITLES = {COMMUNE: "Phó Chủ tịch UBND xã", OFFICE: "Trưởng phòng", COLLECTOR: None}
SAID = {
    COMMUNE: [
        "ỦY BAN NHÂN DÂN",
        "XÃ VĨNH THÁI",
        "Số: 45/BC-UBND",
        "Vĩnh Thái, ngày 15 tháng 9 năm 2025",
        "trên địa bàn xã Vĩnh Thái quý III năm 2025",
        "- UBND huyện Vĩnh Linh;",
        "- Phòng Nội vụ.",
        "UBND xã Vĩnh Thái đã ban hành Kế hoạch số 12/KH-UBND ngày 20/02/2025 về tuyên truyền CCHC năm 2025.",
        "- TT Đảng ủy, TT HĐND xã;",
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Người ký thử",
    ],
    OFFICE: [
        "UBND HUYỆN VĨNH LINH",
        "PHÒNG TƯ PHÁP",
        "Vĩnh Linh, ngày 15 tháng 9 năm 2025",
        "của Phòng Tư pháp quý III năm 2025",
        "TRƯỞNG PHÒNG",
        "- Lưu: VT.",
    ],
    COLLECTOR: ["Kính gửi: UBND huyện Vĩnh Linh.", "[Bổ sung: chức vụ người ký]"],
}
MODEL, WISH, LIMIT = "Tổ công nghệ số đến từng nhà.", "Hỗ trợ nâng cấp loa;", "Sóng yếu ở hai thôn"
HELD = "Đã ban hành 02 công văn chỉ đạo."


@dataclass(frozen=True)
class Desk:
    """A folder of inputs with forms of two periods, and where the drafts go."""

    project: Project
    folders: Folders
    drafted: dict[str, Drafted] = field(default_factory=dict)

    def form(self, unit_id: str) -> Path:
        return self.folders.input(self.project, self.project.plan.period("q3")) / f"{unit_id}.xlsx"

    def draft(self, unit_id: str) -> Drafted:
        """Made once."""
        if unit_id not in self.drafted:
            self.drafted[unit_id] = draft_paper(self.project, self.form(unit_id), self.folders, None, LASTING)
        return self.drafted[unit_id]


def filled(project: Project, unit_id: str) -> Draft:
    return (
        truthful(project, unit_id)
        .card(signer_title=TITLES[unit_id], plan_number="12/KH-UBND", plan_date=datetime(2025, 2, 20))
        .request(kind="Mô hình, cách làm hay, gương điển hình", content=MODEL)
        .request(kind="Kiến nghị", content=WISH, addressed_to="UBND huyện")
        .request(kind="Tồn tại, hạn chế", content=LIMIT)
    )


@pytest.fixture(scope="module")
def desk(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("own")
    folders = Folders(folder / "inputs", folder / "outputs")
    save_all(folders.input(project, project.plan.period("q3")), [filled(project, unit_id) for unit_id in TITLES])
    save_all(folders.input(project, project.plan.period("6t")), [truthful(project, COMMUNE, "6t")])
    return Desk(project, folders)


def lines(path: Path) -> list[str]:
    """Every paragraph, those in tables too, in the order of the page."""
    body = Document(str(path)).element.body
    return ["".join(node.text or "" for node in line.iter(qn("w:t"))) for line in body.iter(qn("w:p"))]


@pytest.mark.parametrize("unit_id", SAID)
def test_the_paper_is_the_units_own(desk: Desk, unit_id: str) -> None:
    path = desk.draft(unit_id).path
    paper = lines(path)
    assert [line for line in SAID[unit_id] if line not in paper] == []
    for word in (MODEL, WISH, LIMIT):
        assert f"- {word.rstrip(';.')}." in paper
    assert len([line for line in paper if line.startswith("[Bổ sung: ") and line.endswith("]")]) >= 3
    assert path.name == f"{unit_id}-bao-cao.docx"
    assert not [line for line in paper if "nan" in line.split() or "None" in line or "NaT" in line]


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Phó Chủ tịch UBND xã", "Phó Chủ tịch"),
        ("PHÓ GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        ("Phó Trưởng phòng Tư pháp", "Phó Trưởng phòng"),
        ("Chánh Văn phòng HĐND và UBND", "Chánh Văn phòng"),
        ("Viên chức", ""),
    ],
)
def test_a_title_begins_with_a_role(project: Project, title: str, role: str) -> None:
    assert project.signing.role_in(title) == role


def test_every_figure_of_the_form_is_told_and_what_is_known_since_january(desk: Desk) -> None:
    text = "\n".join(lines(desk.draft(COMMUNE).path))
    given, before = filled(desk.project, COMMUNE), truthful(desk.project, COMMUNE, "6t")
    for name, row in given.answers.figures.items():
        assert prose(row["value"]) in text, name
    radio = prose(given.answers.figures["CT03"]["value"] + before.answers.figures["CT03"]["value"])
    assert f"(lũy kế: {radio} tin, bài;" in text
    assert "lũy kế" not in "\n".join(lines(desk.draft(OFFICE).path))  # which sent nothing before
    for task_id in ("NV02", "NV05"):
        short = desk.project.plan.task[task_id].short
        assert f"{short} (thường xuyên)" in text
    for activity in given.answers.activities:
        assert str(activity["title"]) in text


def test_what_did_not_arise_is_told_in_words_and_what_is_unknown_is_left_to_the_officer(
    project: Project, tmp_path: Path
) -> None:
    folders = Folders(tmp_path / "inputs", tmp_path / "outputs")
    draft = truthful(project, COMMUNE).figures(CT11="-", CT09="-", CT10="-", CT13="x", CT22="…").sample()
    done = draft_paper(project, draft.save(tmp_path), folders, None, LASTING)
    text = "\n".join(lines(done.path))
    assert "Trong kỳ không phát sinh: số pa nô, áp phích treo mới; " in text
    assert "Tuyên truyền trực quan" not in text
    assert "[Bổ sung số liệu trước khi trình: buổi văn nghệ, sân khấu, tuyên truyền lưu động.]" in text
    header = Document(str(done.path)).sections[0].first_page_header
    assert project.form.sample_mark in "".join(line.text for line in header.paragraphs)


SPOILT: dict[str, tuple[Callable[[Draft], Draft], str]] = {
    "a row refused": (lambda draft: draft.figure("CT01", "nhiều lắm"), "còn 1 điểm phải sửa, 0 điểm cần làm rõ"),
    "a question": (lambda draft: draft.card(report_number=None), "còn 0 điểm phải sửa, 1 điểm cần làm rõ"),
    "no form": (lambda draft: draft.hidden(form_id="khác").card(unit_id=None, unit_name=None), "chưa dùng được"),
    "a supplement": (
        lambda draft: draft.card(revision=2, revision_kind="Bổ sung", revision_reason="thêm"),
        "bản bổ sung",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_form_that_is_still_asked_about_gives_one_sentence_and_no_paper(
    project: Project, tmp_path: Path, case: str
) -> None:
    spoil, said = SPOILT[case]
    out = tmp_path / "out.docx"
    path = spoil(truthful(project, COMMUNE)).save(tmp_path)
    with pytest.raises(PipelineError, match=said):
        draft_paper(project, path, Folders(tmp_path / "inputs", tmp_path / "outputs"), out, LASTING)
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["form.xlsx", "không-có/out.docx"])
def test_where_no_paper_can_stand_one_sentence_says_so(
    desk: Desk, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["cchc", "paper", str(desk.form(OFFICE)), "--out", str(tmp_path / name), "--inputs", str(tmp_path)]
    monkeypatch.setattr("sys.argv", [*words, "--schemas", str(SCHEMAS), *OF_YEAR])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith("Không chạy được: ")
    assert said.count("\n") == 1
    assert not (tmp_path / name).exists()


def test_words_of_the_officer_stay_and_a_changed_paper_is_kept(desk: Desk, tmp_path: Path) -> None:
    out, folders = tmp_path / "bao cao.docx", Folders(tmp_path / "inputs", tmp_path / "outputs")
    judged = judge_one(desk.project, desk.form(OFFICE), "x.xlsx", LASTING)
    check = check_of(judged, "x.xlsx", desk.project)

    def draft() -> Path | None:
        return draft_checked(desk.project, judged, check, folders, LASTING, out).kept

    assert draft() is None
    fresh = out.read_bytes()
    assert draft() is None
    assert out.read_bytes() == fresh
    document = Document(str(out))
    place = next(line for line in document.paragraphs if line.text.startswith("[Bổ sung: văn bản"))
    place.text = HELD
    document.save(str(out))
    changed = out.read_bytes()
    kept = draft()
    assert HELD in lines(out)
    assert kept
    assert kept.parent == tmp_path / KEPT
    assert kept.read_bytes() == changed
    out.write_bytes(b"no paper")
    assert draft()
    assert out.read_bytes() == fresh


def test_a_receipt_brings_the_draft_along_where_the_plan_says_so(desk: Desk, tmp_path: Path) -> None:
    assert not desk.project.plan.papers.with_receipt
    papers = replace(desk.project.plan.papers, with_receipt=True)
    project = replace(desk.project, plan=replace(desk.project.plan, papers=papers))
    odd = truthful(project, COMMUNE).card(report_number=None).save(tmp_path)
    folders, moment = Folders(tmp_path / "in", tmp_path / "out"), datetime(2025, 9, 15, 16, tzinfo=project.plan.zone)
    files = [desk.form(OFFICE), odd]
    with_draft, asked = receive_files(project, project.plan.period("q3"), folders, files, moment, "", "")
    assert with_draft.paper
    assert with_draft.paper.is_file()
    assert "dự thảo báo cáo" in with_draft.reply
    assert with_draft.as_dict()["paper"] == str(with_draft.paper)
    assert asked.paper is None
    assert "dự thảo báo cáo" not in asked.reply
