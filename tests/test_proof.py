"""What proves a task: presence is not proof, and what says that nothing took place is no activity."""

import unicodedata
from datetime import date
from random import Random
from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.words.names import toneless
from tests.builders import Scene, Spoil, accepted, an_activity, day, play, rejected, state

HELD_NOT = [
    "Hội nghị CCHC để lại quý IV",
    "Lớp tập huấn hẹn sang tháng 10",
    "Hội nghị đình lại do mưa",
    "Không tổ chức",
    "KHÔNG TỔ CHỨC",
    "khong to chuc",
    "Hoãn",
    "Huỷ",
    "Đã hủy",
    "Tạm hoãn",
    "Chưa thực hiện",
    "Dự kiến",
    "Sẽ tổ chức",
    "Không diễn ra",
    "Không phát sinh",
    "Trong kỳ không phát sinh",
    "Đơn vị không tổ chức",
    "Không có",
    "-",
    "…",
    "Không tổ chức do mưa bão",
    "Chưa thực hiện được",
    "Hoãn hội nghị tuyên truyền CCHC",
    "Hủy cuộc thi tìm hiểu",
    "Hoan hoi nghi do mua bao",
    "Dự kiến tổ chức hội nghị",
    "Dự kiến tháng 10",
    "Sẽ tổ chức hội thi trong quý IV",
    "Dự kiến thực hiện trong quý IV",
    "Hội nghị CCHC (hoãn)",
    "Hội nghị CCHC – đã hủy",
    "Hội nghị CCHC - hoãn sang quý IV",
    "Hội nghị tuyên truyền CCHC bị hoãn",
    "Hội nghị CCHC, hoãn do mưa bão",
    "Lớp tập huấn chưa tổ chức được",
    "Hội nghị đối thoại dự kiến ngày 20/9",
    "Cuộc thi sẽ tổ chức vào tháng 10",
    "Tổ chức hội nghị (đã hủy vì bão)",
    "Quý III chưa tổ chức hội nghị",
    "Tháng 8: không tổ chức hội nghị",
    "Chưa đăng tin",
    "Không có tin, bài",
    "Không có hoạt động nào",
    "Dời lại sang tháng 10",
    "Lùi sang quý IV",
    "Chuyển sang quý IV",
    "Hội nghị CCHC dời sang quý IV",
    "Tọa đàm lùi đến 15/10",
    "Hoãn vô thời hạn",
    "Hoãn tổ chức hội nghị",
    "Tạm dừng tổ chức hội nghị do sáp nhập xã",
    "Ngừng tổ chức",
    "Hội nghị sắp diễn ra",
    "Đang xây dựng kế hoạch tổ chức",
    "ko tổ chức",
    "Chưa phát tờ rơi",
    "Chưa ban hành",
    "Hiện tại chưa tổ chức",
    "Kỳ báo cáo không phát sinh",
    "Nội dung này chưa thực hiện",
    "Chưa có điều kiện tổ chức",
    "Do mưa bão nên không tổ chức được hội nghị",
    "Do mưa bão phải hoãn hội nghị",
    "Do mưa bão, hội nghị bị hoãn",
    "Do bận phòng chống bão nên hoãn sang quý IV",
    "Hội nghị hoãn, sẽ tổ chức lại vào tháng 10",
    "Hoãn, tổ chức lại trong quý IV",
    "Sẽ tổ chức lại ngày 20/10",
]
HELD = [
    "Hội nghị không thành công như mong đợi",
    "Hội nghị để lại ấn tượng trong tháng 8",
    "Gác lại âu lo, làm việc tốt",
    "Phát động cuộc thi “Không để ai bị bỏ lại phía sau”",
    'Phát động cuộc thi "Không để ai bị bỏ lại"',
    "“Không hoãn, không chờ”: thông điệp cải cách",
    "Tuyên truyền hoãn thuế",
    "Tuyên truyền hoãn, giãn thuế",
    "Chính sách thuế: miễn, giảm, hoãn",
    "Hướng dẫn hoãn nghĩa vụ quân sự",
    "Thông báo tạm dừng tiếp nhận hồ sơ",
    "Không yêu cầu nộp lại giấy tờ đã được số hóa",
    "Chưa có tài khoản VNeID, người dân cần làm gì?",
    "Không dùng tiền mặt trong thanh toán",
    "Không tổ chức HĐND cấp huyện: những điều cần biết",
    "Không gian số an toàn",
    "Không đăng ký khai sinh đúng hạn bị xử lý thế nào",
    "Không có bài toán nào khó",
    "Hoàn thành số hóa hồ sơ",
    "Hoàn thiện hồ sơ điện tử",
    "Hoan nghenh y kien cua nguoi dan",
    "Huy động người dân",
    "Sẽ tổ chức lại bộ máy",
    "Dự kiến tổ chức bộ máy cấp xã mới",
    "Lấy ý kiến phương án sắp xếp (dự kiến)",
    "Hội nghị triển khai dự kiến nhân sự",
    "Hội nghị quán triệt việc không tổ chức ăn uống",
    "Tuyên truyền các thủ tục không thực hiện trực tuyến",
    "Tuyên truyền không để xảy ra mất an toàn thông tin",
    "Không phát sinh hồ sơ quá hạn",
    "Hội nghị CCHC (hoãn ngày 10/8, đã tổ chức lại ngày 20/8)",
    "Tổ chức lại hội nghị đã hoãn",
    "Hội nghị đã hoãn rồi tổ chức lại ngày 20/8",
    "Hội nghị lấy ý kiến dự thảo nghị quyết",
    "Hội nghị triển khai kế hoạch CCHC",
    "Tạm dừng hoạt động bến phà: người dân cần biết",
    "Dừng cấp giấy phép, do đâu?",
    "Lùi thời điểm đóng thuế",
    "Chuyển sang mô hình chính quyền hai cấp từ tháng 7",
    "Dời trụ sở Trung tâm phục vụ hành chính công",
    "Hội nghị vận động dân dời đến nơi ở mới",
    "Chưa ban hành lệ phí mới",
    "Sắp xếp bộ máy",
    "Vì sao chưa tổ chức lại bộ máy",
    "Vì nhân dân phục vụ",
    "Người dân nên làm gì khi mất thẻ",
]
UNCLEAR = [
    "Hội nghị không thành",
    "Hội nghị CCHC bất thành",
    "Hội nghị (dự kiến)",
    "Vì thiếu kinh phí nên chưa mở lớp tập huấn",
    "Hủy tin đã đăng",
    "Tuyên truyền CCHC, chưa thực hiện",
    "Hội nghị sơ kết các nhiệm vụ chưa thực hiện",
]
REMARKS = {
    "Hoãn do mưa bão": "no",
    "đã hủy": "no",
    "Chưa thực hiện": "no",
    "Dự kiến tháng 10": "no",
    "Hoãn họp vì bão": "no",
    "Do trùng lịch nên không họp": "no",
    "Dời sang quý IV": "no",
    "Hoãn từ 10/8, đã tổ chức bù ngày 20/8": "yes",
    "Sẽ tổ chức hội nghị tổng kết vào tháng 12": "unclear",
    "Không tổ chức riêng, lồng ghép họp thôn": "yes",
    "Không": "yes",
    "Không có": "yes",
    "Dự kiến 45 người": "yes",
    "Chưa có ảnh": "yes",
    "Không có người dự": "yes",
    "https://trang.example/hoan-thue": "yes",
    "Nhà văn hóa thôn": "yes",
    "Hội nghị không thành": "unclear",
    "Hội nghị bị hoãn do mưa bão": "unclear",
    "Lớp tập huấn chưa tổ chức được": "unclear",
    "Hội nghị bị hoãn ngày 10/8, đã tổ chức lại ngày 20/8": "yes",
    "Buổi họp thôn đầu tháng 9": "yes",
}
NUMBERS = [
    "12/KH-UBND",
    "Số: 12/KH-UBND",
    "Kế hoạch số 15",
    "12",
    "08/KH-TCKH",
    "15/2025/QĐ-UBND",
    "12 /KH-UBND",
    "12-KH/HU",
    "12/KH-UBND ngày 20/2/2025",
    "118a/BC-UBND",
    "12KH-UBND",
    "KH 12",
    "KH12/UBND",
    "12\\KH-UBND",
    "05-NQ/ĐU",
    "Công văn 12/UBND góp ý dự thảo kế hoạch",
    "12/UBND-NV v/v góp ý dự thảo nghị quyết",
    "Nghị quyết 12/NQ-HĐND thông qua dự thảo",
    "12/KH-UBND thay thế 5/KH-UBND",
    "số mười hai",
]
NO_NUMBERS = [
    "/BC-UBND",
    "   /KH-UBND",
    "Số: ....../BC",
    "Số:     /KH-UBND",
    "…/BC-UBND",
    "Số:___/BC",
    "xx/KH-UBND",
    "00/BC-UBND",
    "/2025/KH-UBND",
    "/KH-UBND ngày 20/02/2025",
    "Số … /KH-UBND năm 2025",
    "dự thảo",
    "du thao",
    "12/KH-UBND (dự thảo)",
    "Chưa có",
    "chưa ban hành",
    "đang trình ký",
    "không",
    "-",
    "x",
    "?",
    "0",
    "Số:",
    "Kế hoạch",
    "Kế hoạch năm 2025",
    "Kế hoạch tháng 02/2025",
    "Báo cáo quý 3",
    "Số …./KH-UBND ngày … tháng 8 năm 2025",
    "dự thảo lần 2",
    "sẽ ban hành trong tháng 10",
    "12/KH-UBND (bản nháp)",
    "12/KH-UBND (hết hiệu lực)",
    "12/KH-UBND về CCHC (chưa ký)",
    "Theo Kế hoạch của UBND huyện",
    "2025",
    "02/2025",
    "20/2/2025",
    "12/8",
]


@pytest.mark.parametrize(
    ("titles", "took"), [(HELD_NOT, "no"), (HELD, "yes"), (UNCLEAR, "unclear")], ids=["not held", "held", "unclear"]
)
def test_a_title_tells_whether_an_activity_took_place(titles: list[str], took: str, project: Project) -> None:
    assert {title: project.proof.took_place(title) for title in titles} == dict.fromkeys(titles, took)


def test_a_remark_tells_it_too(project: Project) -> None:
    assert {text: project.proof.took_place("Hội nghị CCHC", text) for text in REMARKS} == REMARKS


def test_what_denies_is_suspected_at_the_first_look(project: Project) -> None:
    """Only what is suspected is looked at word by word."""
    assert [text for text in [*HELD_NOT, *UNCLEAR, "HUỶ", "HOÃN"] if not project.proof.is_suspect(text)] == []
    plain = [
        "Hội nghị sơ kết",
        "Thực hiện kỷ luật, kỷ cương",
        "Tin về học bạ số",
        "Nhà văn hóa thôn",
        "https://x.example/1",
        "Hướng dẫn thủ tục cấp phép xây dựng",
        "Đối thoại với doanh nghiệp, nội dung chuyển đổi số",
    ]
    assert [text for text in plain if project.proof.is_suspect(text)] == []


def test_a_quick_look_misses_nothing_that_is_found_word_by_word(project: Project) -> None:
    """Over texts mixed of words that deny and that do not, with all marks, some or none, signs and quotations."""
    chance, proof = Random(13), project.proof
    denials = sorted({word for text in [*HELD_NOT, *UNCLEAR, *proof.nothing] for word in text.split()})
    others = sorted({word for text in [*HELD, *REMARKS, *NUMBERS] for word in text.split()})
    heard = 0
    for _ in range(800):
        whole = chance.choice([[], chance.choice([*HELD_NOT, *UNCLEAR]).split()])
        words = [*whole, *chance.choices(chance.choice([denials, others]), k=chance.randrange(4))]
        if chance.random() < 0.3:
            words.insert(chance.randrange(len(words) + 1), f"“{chance.choice(others)}”")
        text = "".join(
            word + chance.choice([" ", " ", " ", "  ", "\n", "-", "_", "/", ", ", " - ", "7"]) for word in words
        )
        text = chance.choice([str, str, str.upper, toneless])(text)
        text = unicodedata.normalize(chance.choice(["NFC", "NFD"]), text.removesuffix("7"))
        denied = {proof.took_place(text), proof.took_place("Hội nghị", text)} != {"yes"}
        heard += denied
        assert proof.is_suspect(text) or not denied or ("://" in text and " " not in text), text
    assert heard > 100


def test_news_of_something_put_off_was_published_and_is_asked_about(project: Project) -> None:
    assert project.proof.took_place("Hoãn cuộc thi tìm hiểu CCHC", "", "", "https://trang.example/1") == "unclear"


def test_a_document_has_a_number_or_none(project: Project) -> None:
    assert [text for text in NUMBERS if not project.proof.is_number(text)] == []
    assert [text for text in NO_NUMBERS if project.proof.is_number(text)] == []


def test_a_text_may_name_a_document_with_its_day(project: Project) -> None:
    cited = project.proof.days_cited
    assert list(cited("Đã ban hành Kế hoạch số 12/KH-UBND ngày 20/02/2025")) == [date(2025, 2, 20)]
    assert list(cited("Biên bản họp ngày 23/01/2025")) == []
    assert list(cited("Dự thảo 12/KH-UBND ngày 20/02/2025")) == []
    assert list(cited("12/KH-UBND ngày 31/02/2025")) == []


def bare(task_id: str, **answers: Any) -> Spoil:
    return lambda draft: draft.no_activities(task_id).blank_task(task_id).task(task_id, **answers)


def document(task_id: str, number: str, on: str) -> Spoil:
    answers = {"status": "Hoàn thành", "document_number": number, "document_date": day(on)}
    return bare(task_id, **answers, **({"completed_on": day("2025-02-20")} if task_id == "NV01" else {}))


def listed(**answers: Any) -> Spoil:
    return lambda draft: draft.no_activities("NV05").activity(**an_activity(draft, "NV05", **answers))


# What a unit writes, the task, its state, and the field where the one question is.
CASES: dict[str, tuple[Spoil, str, str, str]] = {
    "no number, but a date": (document("NV05", "Chưa có", "2025-09-01"), "NV05", "unproven", "document_number"),
    "a number left blank": (document("NV05", "   /KH-UBND", "2025-09-01"), "NV05", "unproven", "document_number"),
    "a draft": (document("NV01", "12/KH-UBND dự thảo", "2025-02-20"), "NV01", "unproven", "document_number"),
    "a document of last year": (document("NV05", "7/BC-UBND", "2024-03-05"), "NV05", "unproven", "document_date"),
    "a document of the half-year": (document("NV05", "7/BC-UBND", "2025-06-14"), "NV05", "unproven", "document_date"),
    "the first day of the window": (document("NV05", "7/BC-UBND", "2025-06-15"), "NV05", "done", ""),
    "the last day of the window": (document("NV05", "7/BC-UBND", "2025-09-14"), "NV05", "done", ""),
    "a day after the window": (document("NV05", "7/BC-UBND", "2025-09-15"), "NV05", "unproven", "document_date"),
    "one-off, before its start": (document("NV01", "7/KH-UBND", "2024-12-31"), "NV01", "unproven", "document_date"),
    "one-off, from its start": (document("NV01", "7/KH-UBND", "2025-01-01"), "NV01", "done", ""),
    "a result that is a dash": (
        bare("NV06", status="Hoàn thành", completed_on=day("2025-09-01"), result="-"),
        "NV06",
        "unproven",
        "document_number",
    ),
    "an activity put off": (listed(title="Hoãn hội nghị do bão"), "NV05", "unproven", "document_number"),
    "an activity that its note calls off": (listed(note="Đã hủy"), "NV05", "unproven", "document_number"),
    "an activity of which nothing but a dash is told": (
        listed(title="-", evidence=None, venue=None),
        "NV05",
        "unproven",
        "document_number",
    ),
    "an activity about something put off": (listed(title="Tuyên truyền hoãn thuế"), "NV05", "done", ""),
    "only a repost": (listed(repost_of="Cổng thông tin điện tử huyện"), "NV05", "done", ""),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("proof"), project, {name: case[0] for name, case in CASES.items()})


@pytest.mark.parametrize("name", CASES)
def test_content_proves_a_task_or_one_question_says_what_would(name: str, scenes: dict[str, Scene]) -> None:
    scene, (_, task_id, wanted, key) = scenes[name], CASES[name]
    assert state(scene.done, scene.unit_id, task_id) == wanted
    assert scene.problems() == ([(scene.at("tasks", key, task_id), "proof-missing")] if key else [])


def test_what_did_not_take_place_is_no_activity_and_is_asked_nothing(scenes: dict[str, Scene]) -> None:
    scene = scenes["an activity put off"]
    assert "Hoãn hội nghị do bão" not in {row["title"] for row in accepted(scene.done, "activities", scene.unit_id)}
    assert [codes for _, _, codes in rejected(scene.done, scene.unit_id)] == ["not-held"]
    assert [code for _, code in scene.problems("note")] == ["not-held"]


def test_a_task_proved_by_reposts_alone_says_so(scenes: dict[str, Scene]) -> None:
    grid = scenes["only a repost"].done.completeness.set_index(["unit_id", "task_id"])["reason"]
    assert "chỉ có tin đăng lại" in grid[scenes["only a repost"].unit_id, "NV05"]
    assert "đăng lại" not in grid[scenes["an activity about something put off"].unit_id, "NV05"]


def test_what_may_not_have_taken_place_is_kept_asked_about_and_proves_nothing_yet(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    [scene] = play(tmp_path_factory.mktemp("unclear"), project, {"it": listed(title=UNCLEAR[1])}).values()
    place = scene.at("activities", "title", 8)
    assert scene.problems() == sorted(
        [(place, "held-unclear"), (scene.at("tasks", "document_number", "NV05"), "proof-missing")]
    )
    assert rejected(scene.done, scene.unit_id) == []
    assert state(scene.done, scene.unit_id, "NV05") == "unproven"
