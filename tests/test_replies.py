"""Replies are found by their column keys, whatever else happened to the sheet."""

from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.declare.todo import todo_titles
from pipeline.intake.replies import read_replies, unit_of_list

HEAD: list[Any] = ["number", "cell", "reply", "problem_key"]
KEY = "value-missing|Biểu 2|D8|value"


@pytest.mark.parametrize("title", todo_titles("Xã Vĩnh Tú"))
def test_a_list_says_whose_it_is_also_by_its_former_title(title: str, project: Project) -> None:
    assert unit_of_list([["", title]], project.register) == "XA-vinh-tu"


def test_replies_come_back_by_problem_key() -> None:
    assert read_replies(
        [["Những điểm cần sửa"], HEAD, ["STT", "Ô", "Trả lời", ""], ["1", "D8", " Đã hỏi lại thôn ", KEY]]
    ) == {KEY: "Đã hỏi lại thôn"}


def test_numbers_and_moved_columns_are_read_and_blanks_are_not_replies() -> None:
    rows: list[list[Any]] = [
        ["problem_key", "", "reply"],
        [KEY, "x", 12.0],
        ["other", "", "\u00a0"],
        ["", "", "không có mã"],
        ["short"],
    ]
    assert read_replies(rows) == {KEY: "12"}


def test_several_lines_of_one_problem_are_joined() -> None:
    assert read_replies([HEAD, ["1", "D8", "a", KEY], ["2", "D8", "b", KEY]]) == {KEY: "a; b"}


def test_without_its_row_of_keys_there_is_nothing_to_read() -> None:
    assert read_replies([]) == {}
    assert read_replies([["STT", "Trả lời"], ["1", "x"]]) == {}
