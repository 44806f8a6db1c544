"""The texts for Zalo: short, verdict first, at most three problems, the deadline last, nobody named to the group."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline.declare.project import Project
from pipeline.publish.sentences.messages import LONGEST, ToUnit, deadline_words, group_message, to_mend, unit_message
from pipeline.values.problems import Problem
from pipeline.values.states import SEVERITIES
from pipeline.words.prose import lowered

VERDICTS = ("accepted", "questions", "partial", "returned", "missing")
RECEIVED = datetime(2025, 9, 16, 1, 30, tzinfo=UTC)


def problem(code: str, cell: str = "D7", value: str = "12 tin", sheet: str = "Biểu 2 - Số liệu") -> Problem:
    return Problem(code, "a.xlsx", "XA-vinh-thai", sheet, cell, "figures", "value", value, 7)


def told(project: Project, verdict: str, problems: list[Problem], is_sample: bool = False, **options: str) -> str:
    unit, received = project.register.by_id["XA-vinh-thai"], None if verdict == "missing" else RECEIVED
    return unit_message(
        ToUnit(unit, project.plan.period("q3"), project, problems, verdict, received, is_sample, **options)
    )


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_verdict_comes_before_anything_else_is_said(project: Project, verdict: str) -> None:
    greeting, first, *_ = told(project, verdict, []).split("\n")
    said = {"missing": "Phòng Nội vụ chưa nhận được báo cáo", "returned": "đề nghị gửi lại"}
    assert greeting == "Kính gửi UBND xã Vĩnh Thái,"
    assert first.endswith(f": {said.get(verdict) or lowered(project.labels['verdict'][verdict])}.")
    assert not re.search(r"[A-ZĐÀ-Ỹ]{4}", first)  # nobody is shouted at


def test_at_most_three_problems_are_told_most_serious_first_and_the_rest_counted(project: Project) -> None:
    problems = [
        problem("value-missing", "D9"),
        problem("late", "D1"),
        problem("not-a-number", "D8"),
        problem("vague-number", "D10"),
        problem("unit-unknown", "C4"),
    ]
    lines = told(project, "partial", problems).split("\n")
    assert [line.split("ô ")[1].split(":")[0] for line in lines if line[:2] in ("1.", "2.", "3.", "4.")] == [
        "C4",
        "D8",
        "D9",
    ]
    assert any("có 4 điểm" in line for line in lines)
    assert any(line.startswith("Còn 1 điểm nữa") and "XA-vinh-thai.xlsx" in line for line in lines)


def test_the_deadline_comes_last_but_for_the_thanks(project: Project) -> None:
    for verdict, problems in (("missing", []), ("returned", [problem("not-a-number")])):
        assert "hết ngày 16/9/2025" in told(project, verdict, problems).split("\n")[-2]
    assert (
        "trước 11 giờ mai"
        in told(project, "partial", [problem("not-a-number")], deadline="trước 11 giờ mai").split("\n")[-2]
    )


def test_once_the_deadline_has_passed_the_words_say_so(project: Project) -> None:
    period = project.plan.period("q3")
    assert deadline_words(period, date(2025, 9, 16)) == deadline_words(period) == "chậm nhất hết ngày 16/9/2025"
    assert "sớm nhất" in deadline_words(period, date(2025, 9, 17))


def test_the_time_of_receipt_is_local(project: Project) -> None:
    assert "nhận lúc 08:30 ngày 16/9/2025" in told(project, "accepted", [])


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("length", [0, 10, 300, 40_000])
def test_a_message_never_passes_its_limit(project: Project, verdict: str, length: int) -> None:
    problems = [problem("not-a-number", value="x" * length, sheet="S" * 31)] * 50
    for mine in (problems, problems[:3], problems[:1], []):
        for is_sample in (True, False):
            assert (
                len(told(project, verdict, mine, is_sample, deadline="chậm nhất hết ngày 16/9/2025 tại Phòng Nội vụ"))
                <= LONGEST
            )


def test_every_code_makes_plain_lines_that_fit(project: Project) -> None:
    for code in project.catalogue.codes:
        text = told(project, "partial", [problem(code, value="giá trị\ncó xuống dòng")] * 3)
        assert len(text) <= LONGEST
        assert text == text.strip()
        assert "\n\n" not in text
        assert len(text.split("\n")) <= 10


def test_a_problem_of_the_whole_file_names_no_cell(project: Project) -> None:
    whole = Problem("file-corrupt", "a.xlsx", "XA-vinh-thai", facts={"detail": ""})
    row = replace(problem("row-unknown"), cell="dòng 9")
    text = told(project, "returned", [whole, row])
    assert "1. Phần mềm không mở được tệp" in text
    assert "2. Biểu 2 - Số liệu, dòng 9: " in text
    assert " ô " not in text.partition("2. Biểu 2")[0]


def test_sample_data_is_named_first(project: Project) -> None:
    mark = project.form.sample_mark
    assert told(project, "accepted", [], True).startswith(mark + "\n")
    assert group_message({"silent": 23}, 26, project.plan.period("q3"), project, True).startswith(mark + "\n")
    assert mark not in told(project, "accepted", [])


@pytest.mark.parametrize(
    ("unfiled", "words", "out"),
    [
        ({"silent": 26}, "hết ngày 16/9/2025 (hiện chưa có đơn vị nào gửi", "Cần hỗ trợ gì, xin nhắn Phòng Nội vụ."),
        ({"silent": 9}, "17/26", "Còn 9 đơn vị chưa gửi."),
        ({"silent": 7, "returned": 2}, "17/26", "Còn 7 đơn vị chưa gửi; 2 đơn vị đã gửi, chưa sử dụng được."),
        ({}, "26/26", "Các đơn vị đã gửi đủ."),
    ],
)
def test_the_group_is_told_numbers_and_no_names(
    project: Project, unfiled: dict[str, int], words: str, out: str
) -> None:
    text = group_message(unfiled, 26, project.plan.period("q3"), project, False)
    assert words in text
    assert out in text
    assert ("16/9/2025" in text) is bool(unfiled)
    names = {unit.name for unit in project.register.units} - {project.plan.office}
    assert not [name for name in names if name in text]


def test_the_period_stands_in_small_letters_within_a_sentence(project: Project) -> None:
    year = project.plan.period("nam")
    group = group_message({"silent": 26}, 26, year, project, False)
    assert "cải cách hành chính năm 2025 trước ngày 30/11/2025 (hiện chưa có đơn vị nào gửi" in group
    assert "Còn " not in group
    assert "cải cách hành chính năm 2025: Phòng Nội vụ chưa nhận được báo cáo." in unit_message(
        ToUnit(project.register.units[0], year, project, [], "missing", None, False)
    )


def test_the_year_is_not_said_twice(project: Project) -> None:
    assert [project.plan.full_name(project.plan.period(code)) for code in ("q3", "6t", "nam")] == [
        "Quý III năm 2025",
        "6 tháng đầu năm 2025",
        "Năm 2025",
    ]


def test_only_what_asks_something_is_to_be_mended(project: Project) -> None:
    problems = [problem(code) for code in ("late", "value-missing", "not-whole", "file-corrupt")]
    assert [project.catalogue.severity(item.code) for item in to_mend(problems, project)] == [
        SEVERITIES[0],
        SEVERITIES[1],
        SEVERITIES[2],
    ]
