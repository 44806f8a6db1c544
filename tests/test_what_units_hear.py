"""What the units hear after a run: not what is mended, not samples that stood aside, not a day that has passed."""

from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from docx import Document

from pipeline.commands.receive import receive_files
from pipeline.commands.run import Finished, run_period
from pipeline.declare.project import Project
from pipeline.words.prose import in_text
from tests import corpus
from tests.builders import Draft, save_all, truthful
from tests.desk import Desk
from tests.lasting import LASTING

ONE, OTHER = "XA-vinh-thai", "XA-vinh-tu"


def filing(finished: Finished, unit_id: str) -> dict[str, Any]:
    lines = finished.report.filings
    [line] = lines[lines["unit_id"] == unit_id].to_dict("records")
    return dict(line)


def again(draft: Draft, revision: int, kind: str, file: str) -> Draft:
    return (
        draft.card(revision=revision, revision_kind=kind, revision_reason="Sửa")
        .named(file)
        .received("2025-09-16 09:00")
    )


def test_a_unit_of_which_only_a_sample_lies_there_has_not_filed_once_a_real_form_came(
    desk: Desk, project: Project
) -> None:
    finished = desk.run(truthful(project, ONE).sample(), truthful(project, OTHER))
    assert (
        filing(finished, ONE)["filing"],
        filing(finished, ONE)["verdict"],
        filing(finished, ONE)["received_at"],
    ) == ("missing", "missing", "")
    assert "chưa nhận được báo cáo" in desk.hears(ONE)


def test_the_time_of_a_sample_does_not_make_a_late_unit_punctual(desk: Desk, project: Project) -> None:
    real = truthful(project, ONE).named("that.xlsx").received("2025-09-20 10:00")
    finished = desk.run(truthful(project, ONE).sample().received("2025-09-15 08:00"), real)
    assert filing(finished, ONE)["filing"] == "late"
    assert "nhận lúc 10:00 ngày 20/9/2025" in desk.hears(ONE)


def test_a_form_of_another_period_is_not_to_be_mended_but_filled_in_anew(desk: Desk, project: Project) -> None:
    finished = desk.run(truthful(project, ONE, "6t").card(period="q3").received("2025-09-15 08:00"))
    assert (filing(finished, ONE)["filing"], filing(finished, ONE)["verdict"]) == ("unusable", "returned")
    text = desk.hears(ONE)
    assert "nhận lúc 08:00 ngày 15/9/2025" in text
    assert "Xin điền vào biểu Quý III đã gửi cho đơn vị" in text
    assert "ngay trong tệp đó" not in text
    assert openpyxl.load_workbook(desk.copy(ONE)).sheetnames == [project.form.todo_sheet]
    assert "Đề nghị điền vào biểu Quý III" in desk.advice(ONE)


def test_a_returned_form_is_not_spoken_of_once_a_later_one_is_in_force(desk: Desk, project: Project) -> None:
    wrong = truthful(project, ONE).card(period="6t").hidden(period="6t").named("nham.xlsx").received("2025-09-15 08:00")
    finished = desk.run(wrong, truthful(project, ONE).received("2025-09-15 15:00"))
    assert (
        filing(finished, ONE)["verdict"],
        filing(finished, ONE)["blocked"],
        filing(finished, ONE)["returned_files"],
    ) == ("accepted", 0, 1)
    assert "không có nội dung phải sửa" in desk.hears(ONE)
    assert not desk.copy(ONE).exists()
    assert "period-mismatch" in set(finished.report.problems["code"])


def test_a_returned_form_that_came_after_the_one_in_force_is_spoken_of(desk: Desk, project: Project) -> None:
    wrong = truthful(project, ONE).card(period="6t").hidden(period="6t").named("nham.xlsx").received("2025-09-16 08:00")
    finished = desk.run(truthful(project, ONE).received("2025-09-15 08:00"), wrong)
    assert filing(finished, ONE)["blocked"] == 1
    assert "6t" in desk.hears(ONE)


def test_the_copy_bears_a_number_that_is_still_free(desk: Desk, project: Project) -> None:
    first = truthful(project, ONE).figure("CT02", -4)
    supplement = again(
        truthful(project, ONE).no_activities().only_figures(CT01=7)._with(tasks={}), 2, "Bổ sung", "bo sung.xlsx"
    )
    desk.run(first, supplement)
    assert desk.card(ONE)["revision"] == 3
    assert "kể cả “bo sung.xlsx”" in desk.advice(ONE)


def test_the_copy_of_a_supplement_says_what_to_leave_in_it(desk: Desk, project: Project) -> None:
    supplement = again(
        truthful(project, ONE).no_activities().only_figures(CT02=-4)._with(tasks={}), 2, "Bổ sung", "bo sung.xlsx"
    )
    desk.run(truthful(project, ONE), supplement)
    assert (desk.card(ONE)["revision"], desk.card(ONE)["revision_kind"]) == (3, "Bổ sung")
    assert f"bổ sung cho “{ONE}.xlsx”" in desk.advice(ONE)


def test_two_forms_that_block_each_other_are_one_point(desk: Desk, project: Project) -> None:
    first = truthful(project, ONE)
    desk.run(first, first.figure("CT01", 99).named("khac.xlsx"))
    assert desk.hears(ONE).count("cùng ghi lần gửi 1") == 1
    assert "có 1 điểm" in desk.hears(ONE)


def test_a_question_that_was_answered_is_not_asked_again(desk: Desk, project: Project) -> None:
    draft = truthful(project, ONE).figure("CT01", None)
    desk.run(draft)
    book = openpyxl.load_workbook(desk.copy(ONE))
    sheet = book[project.form.todo_sheet]
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == project.form.reply_label)
    sheet.cell(head.row + 1, head.column).value = "Trong kỳ không đăng tin"
    back = desk.inputs / "tra loi.xlsx"
    book.save(back)
    finished = desk.run()
    assert filing(finished, ONE)["questions"] == 1
    assert "Đã nhận 1 câu trả lời của đơn vị." in desk.hears(ONE)
    assert ": đạt." in desk.hears(ONE)
    assert "không có nội dung phải sửa" in desk.hears(ONE)


def test_once_a_file_came_after_the_deadline_nobody_is_asked_for_an_earlier_day(desk: Desk, project: Project) -> None:
    desk.run(truthful(project, ONE).received("2025-09-18 08:00"))
    assert "trong thời gian sớm nhất (hạn gửi: hết ngày 16/9/2025)" in desk.hears(OTHER)


def test_a_sample_that_stood_aside_does_not_tell_that_the_deadline_has_passed(desk: Desk, project: Project) -> None:
    late = truthful(project, OTHER).sample().received("2025-09-18 08:00")
    desk.run(truthful(project, ONE).received("2025-09-15 08:00"), late)
    assert "gửi lại chậm nhất hết ngày 16/9/2025" in desk.hears(OTHER)


@pytest.mark.parametrize(
    ("as_of", "words"), [(None, "trong thời gian sớm nhất"), (date(2025, 9, 15), "chậm nhất hết ngày 16/9/2025")]
)
def test_the_reply_at_the_counter_promises_no_attachment_and_no_day_that_has_passed(
    desk: Desk, project: Project, as_of: date | None, words: str
) -> None:
    path = truthful(project, ONE).figure("CT02", -4).save(desk.home)
    moment = datetime(2025, 9, 20, 8, 0, tzinfo=project.plan.zone)
    [receipt] = receive_files(project, project.plan.period("q3"), desk.folders, [path], moment, "Zalo", "", as_of)
    assert words in receipt.reply
    assert "gửi kèm" not in receipt.reply
    assert "tăng “Lần gửi” thêm 1" in receipt.reply


def test_a_file_that_was_received_before_is_answered_with_its_time_in_the_book(desk: Desk, project: Project) -> None:
    path, period = truthful(project, ONE).save(desk.home), project.plan.period("q3")
    first, later = (datetime(2025, 9, day, 9, 0, tzinfo=project.plan.zone) for day in (14, 20))
    receive_files(project, period, desk.folders, [path], first, "Zalo", "")
    [receipt] = receive_files(project, period, desk.folders, [path], later, "Zalo", "")
    assert receipt.is_known
    assert "nhận lúc 09:00 ngày 14/9/2025" in receipt.reply


def test_the_reply_says_when_the_form_and_an_earlier_one_block_each_other(desk: Desk, project: Project) -> None:
    period, moment = project.plan.period("q3"), datetime(2025, 9, 15, 9, 0, tzinfo=project.plan.zone)
    first, second = (
        truthful(project, ONE).save(desk.home),
        truthful(project, ONE).figure("CT01", 99).named("khac.xlsx").save(desk.home),
    )
    [alone] = receive_files(project, period, desk.folders, [first], moment, "Zalo", "")
    [beside] = receive_files(project, period, desk.folders, [second], moment, "Zalo", "")
    assert (alone.check.verdict, beside.check.verdict) == ("accepted", "returned")
    assert [problem.code for problem in beside.check.problems] == ["revision-conflict"]
    assert "cùng ghi lần gửi 1" in beside.reply


KINDS = {  # what makes each a workbook that is not marked, and what its list says of it
    "XA-vinh-thai": ({"_xmlsignatures/sig1.xml": b"<x/>"}, "xlsx", "chữ ký số"),
    "XA-vinh-tu": ({"xl/vbaProject.bin": b"x"}, "xlsm", "macro"),
    "XA-kim-thach": ({"xl/revisions/revisionHeaders.xml": b"<x/>"}, "xlsx", "nhiều người cùng sửa"),
    "XA-vinh-giang": ({}, "xlsx", ""),
}


def test_list_or_marked_workbook_is_said_alike_by_the_text_the_page_the_letter_and_the_screen(
    desk: Desk, project: Project
) -> None:
    folder = desk.folders.input(project, project.plan.period("q3"))
    save_all(folder, [truthful(project, unit_id).figures(CT02=-3) for unit_id in KINDS])
    for unit_id, (parts, ending, _) in KINDS.items():
        path = folder / f"{unit_id}.xlsx"
        path.write_bytes(corpus.added(path.read_bytes(), parts))
        path.rename(folder / f"{unit_id}.{ending}")
    finished = run_period(project, project.plan.period("q3"), desk.folders, engine=LASTING)
    page = (finished.folder / "index.html").read_text(encoding="utf-8")
    document = Document(str(finished.folder / "Don-doc_2025-q3.docx"))
    [letter] = [line.text for line in document.paragraphs if "gửi riêng cho từng đơn vị" in line.text]
    told = next(line for line in finished.sentences if "thay cho biểu đã đánh dấu" in line)
    for unit_id, (_, _, reason) in KINDS.items():
        name, text = project.register.name(unit_id), desk.hears(unit_id)
        is_list = openpyxl.load_workbook(desk.copy(unit_id)).sheetnames == [project.form.todo_sheet]
        label = "Danh sách cần sửa" if is_list else "Biểu đã đánh dấu"
        assert is_list == bool(reason), unit_id
        assert ("theo danh sách đó" in text, "ngay trong tệp đó" in text) == (is_list, not is_list), unit_id
        assert ("chỉ liệt kê nội dung cần sửa" in desk.advice(unit_id), reason in desk.advice(unit_id)) == (
            is_list,
            True,
        )
        assert (name in told, in_text(name) in letter.partition("theo danh sách")[2]) == (is_list, is_list)
        assert f'{unit_id}.xlsx">{label}<' in page


def test_where_all_get_their_marked_workbook_nothing_is_said_of_lists(desk: Desk, project: Project) -> None:
    finished = desk.run(truthful(project, ONE).figures(CT02=-3))
    document = Document(str(finished.folder / "Don-doc_2025-q3.docx"))
    assert not [line for line in finished.sentences if "danh sách" in line]
    assert any("chỉnh sửa trực tiếp trên tệp" in line.text for line in document.paragraphs)
    assert not any("danh sách" in line.text for line in document.paragraphs)
