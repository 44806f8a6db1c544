"""What units hang on cells as comments is copied to the log word for word; our own notes and hints are not."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment as Note

from pipeline.declare.project import Project
from pipeline.declare.todo import below_our_note, is_our_note, note_head, note_tail
from pipeline.files.attachments import with_attachments
from pipeline.files.findings import SheetFacts
from pipeline.files.limits import STANDARD
from pipeline.files.opening import open_file
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.returns.marked_copy import write_marked_copy
from pipeline.publish.returns.returned_file import ReturnedFile
from pipeline.values.cells import Comment
from pipeline.values.forms import Change
from tests import corpus
from tests.builders import Draft, Edit, evaluate_folder, found, truthful
from tests.contract import ACTIVITIES, CARD, FIGURES

UNIT = "XA-vinh-thai"
_KIND = "http://schemas.microsoft.com/office/2017/10/relationships"
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_AS_NOTE = (
    "[Chú thích theo chuỗi]\n\nPhiên bản Excel của bạn cho phép đọc chú thích này.\n\nChú thích:\n    15 là của tháng 7"
)


@pytest.fixture
def draft(project: Project) -> Draft:
    return truthful(project, UNIT)


def noted(sheet: str, cell: str, text: str, author: str = "") -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet][cell].comment = Note(text, author)

    return edit


def logged(done: Evaluation) -> list[Change]:
    return [change for change in done.settlement.changes if change.rule == "cell-comment"]


def test_comments_are_copied_to_the_log_with_their_place_and_author(
    project: Project, draft: Draft, tmp_path: Path
) -> None:
    figure, signer = draft.at("figures", "value", "CT01"), draft.at("card", "signed_by")
    spoiled = draft.edited(noted(FIGURES, figure, "chị Hà:\nlấy số của tháng 8", "chị Hà")).edited(
        noted(CARD, signer, "ký thay", "Người lập")
    )
    spoiled = spoiled.edited(noted(ACTIVITIES, "Z90", "còn thiếu ảnh"))
    done = evaluate_folder(tmp_path, project, [spoiled])
    assert logged(done) == [
        Change(UNIT, f"{UNIT}.xlsx", CARD, signer, "signed_by", "Người lập: ký thay", "", "cell-comment"),
        Change(UNIT, f"{UNIT}.xlsx", FIGURES, figure, "value", "chị Hà: lấy số của tháng 8", "", "cell-comment"),
        Change(UNIT, f"{UNIT}.xlsx", ACTIVITIES, "Z90", "", "còn thiếu ảnh", "", "cell-comment"),
    ]
    assert found(done, project=project) == [] and project.labels["rule"]["cell-comment"]


def test_a_form_as_we_send_it_has_no_comments(draft: Draft, tmp_path: Path) -> None:
    data = draft.save(tmp_path).read_bytes()
    assert not any(sheet.comments for sheet in open_file(data).sheets)
    assert not [name for name in corpus.unpacked(data) if "omments" in name]


def test_our_own_notes_are_not_the_words_of_the_unit(project: Project, draft: Draft, tmp_path: Path) -> None:
    theirs, asked = draft.at("figures", "value", "CT02"), draft.at("figures", "value", "CT01")
    sent = (
        draft.figure("CT01", "khoảng 5")
        .edited(noted(FIGURES, asked, "theo sổ của xã"))
        .edited(noted(FIGURES, theirs, "đã rà"))
    )
    first = evaluate_folder(tmp_path / "sent", project, [sent])
    assert [change.raw for change in logged(first)] == ["theo sổ của xã", "đã rà"]
    [reading] = first.settlement.readings
    problems = [problem for problem in first.problems if problem.unit_id == UNIT]
    copy = tmp_path / "again" / "a.xlsx"
    copy.parent.mkdir()
    data = reading.arrival.path.read_bytes()
    write_marked_copy(
        copy,
        ReturnedFile(reading.file, reading.kind, data, problems, project, draft.period, draft.unit, is_sample=False),
    )
    assert "đề nghị xem lại ô này" in load_workbook(copy)[FIGURES][asked].comment.text
    again = evaluate_folder(copy.parent, project)
    assert [(change.cell, change.raw) for change in logged(again)] == [(asked, "theo sổ của xã"), (theirs, "đã rà")]


def test_notes_on_copies_that_are_out_in_the_world_are_still_ours(project: Project) -> None:
    former = (
        f"{project.plan.office} – xin xem lại ô này:\n- sai\n(Câu trả lời xin ghi ở sheet “Cần sửa”.)\ntheo sổ của xã"
    )
    mine = f"{note_head(project)}\n- sai\n{note_tail(project)}\ntheo sổ của xã"
    assert [is_our_note(text, project) for text in (former, mine, "theo sổ của xã")] == [True, True, False]
    assert {below_our_note(text, project) for text in (former, mine)} == {"theo sổ của xã"}


def test_a_thread_is_copied_with_its_answers_and_names(draft: Draft, tmp_path: Path) -> None:
    buffer = BytesIO()
    book = load_workbook(draft.save(tmp_path))
    book[FIGURES]["D7"].comment = Note(_AS_NOTE, "tc={AB12}")
    book[FIGURES]["D8"].comment = Note("======\nID#AAAAGFw5Js4\nTrần Thị Hà    (2025-09-10 08:30:11)\nđã xem", "")
    book.save(buffer)
    data = buffer.getvalue()
    [sheet] = [sheet for sheet in open_file(data).sheets if sheet.name == FIGURES]
    assert sheet.comments == (  # as far as an old program knows the thread
        Comment((6, 3), "", "Chú thích:\n    15 là của tháng 7"),
        Comment((7, 3), "", "Trần Thị Hà    (2025-09-10 08:30:11)\nđã xem"),
    )
    [sheet] = [sheet for sheet in open_file(with_thread(data)).sheets if sheet.name == FIGURES]
    assert [comment.text for comment in sheet.comments] == [
        "15 là của tháng 7",
        "đã sửa",
        "Trần Thị Hà    (2025-09-10 08:30:11)\nđã xem",
    ]
    assert [comment.author for comment in sheet.comments] == ["Trần Thị Hà", "", ""]


def with_thread(data: bytes) -> bytes:
    """The thread behind the note on D7 of the figures, as Excel 365 keeps it."""
    rels = f"xl/worksheets/_rels/{corpus.FIGURES.rpartition('/')[2]}.rels"
    link = (
        f'<Relationship Id="rIdT" Type="{_KIND}/threadedComment"'
        ' Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    linked = corpus.changed(data, rels, corpus.replaced(b"</Relationships>", link.encode()))
    thread = (
        f'<ThreadedComments xmlns="{_THREADS}"><threadedComment ref="D7" personId="{{P1}}" id="{{1}}">'
        "<text>15 là của tháng 7</text></threadedComment>"
        '<threadedComment ref="D7" personId="{P2}" id="{2}" parentId="{1}">'
        "<text>đã sửa</text></threadedComment></ThreadedComments>"
    )
    persons = (
        f'<personList xmlns="{_THREADS}"><person displayName="Trần Thị Hà" id="{{P1}}"'
        ' userId="a" providerId="b"/></personList>'
    )
    return corpus.added(linked, {"xl/threadedComments/threadedComment1.xml": thread, "xl/persons/person.xml": persons})


@pytest.mark.parametrize(
    "broken",
    [
        b"<comments",
        b"",
        b'<comments><commentList><comment ref="0"><text><t>a</t></text></comment></commentList></comments>',
    ],
)
def test_a_broken_part_of_comments_costs_no_figure(broken: bytes, draft: Draft, tmp_path: Path) -> None:
    data = draft.edited(noted(FIGURES, "D7", "a")).save(tmp_path).read_bytes()
    opened = open_file(corpus.changed(data, "xl/comments/comment1.xml", lambda part: broken))
    assert opened.code == "" and not any(sheet.comments for sheet in opened.sheets)
    assert [sheet.rows for sheet in opened.sheets] == [sheet.rows for sheet in open_file(data).sheets]


def test_an_address_under_other_words_is_copied_too(project: Project, draft: Draft, tmp_path: Path) -> None:
    shown, hidden, typed = (draft.at("activities", "evidence", row) for row in (0, 1, 2))

    def link(book: Workbook) -> None:
        sheet = book[ACTIVITIES]
        for cell, text, address in (
            (shown, "Xem tại đây", "https://vinhthai.vn/tin-1?a=1&b=2"),
            (typed, "https://vinhthai.vn/tin-3", "https://vinhthai.vn/tin-3"),
        ):
            sheet[cell].hyperlink, sheet[cell].value = address, text
        sheet[hidden].hyperlink, sheet[hidden].value = "#'Biểu 1 - Nhiệm vụ'!A1", "trong biểu"

    done = evaluate_folder(tmp_path, project, [draft.edited(link)])
    assert [(change.cell, change.raw, change.used, change.rule) for change in done.settlement.changes] == [
        (shown, "https://vinhthai.vn/tin-1?a=1&b=2", "Xem tại đây", "cell-link")
    ]
    assert found(done, UNIT, project=project) == [] and project.labels["rule"]["cell-link"]


def test_nothing_is_parsed_where_there_are_no_comments() -> None:
    def names() -> dict[str, str]:
        raise AssertionError

    facts = {"S": SheetFacts()}
    assert with_attachments(facts, names, {"xl/workbook.xml": b"<", "xl/persons/person.xml": b"<"}, STANDARD) is facts


def test_comments_of_a_version_that_was_replaced_are_not_logged(project: Project, draft: Draft, tmp_path: Path) -> None:
    first = draft.edited(noted(FIGURES, "D7", "bản cũ"))
    second = (
        draft.card(revision=2, revision_kind="Thay thế", revision_reason="Đính chính")
        .edited(noted(FIGURES, "D7", "bản mới"))
        .named("b.xlsx")
    )
    done = evaluate_folder(tmp_path, project, [first, second])
    assert [change.raw for change in logged(done)] == ["bản mới"]
