"""One slip costs one line: mistyped ids of rows, an unclear yes or no, statuses in other words."""

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.declare.project import Project
from tests.builders import Draft, Scene, Spoil, accepted, blank, figure, play
from tests.contract import CARD, FIGURES, TASKS

FIGURE_IDS = ("CT1", "CT O1", "ct-01", "CTO1", "CT01x", "Chỉ tiêu 1", "CT 1", "#1", "1")
TASK_IDS = ("NV-05", "nv5", "5", "NV O5", "NVO5", "Nhiệm vụ 5")
UNCLEAR = ("Không phát sinh", "X", "không có", "-", "chưa rõ")
YES = ("Đúng", "có ạ", True, "CÓ", "✓")
DONE = ("đã xong", "hoàn thành 100%", "HOÀN THÀNH", "Đã thực hiện xong")
ONGOING = "Đang thực hiện"


def figure_id(row: str, written: Any) -> Spoil:
    return lambda draft: draft.cell(FIGURES, draft.at("figures", "indicator_id", row), written)


def task_id(row: str, written: str) -> Spoil:
    return lambda draft: draft.task(row, status=ONGOING).cell(TASKS, draft.at("tasks", "task_id", row), written)


def status(written: str) -> Spoil:
    return lambda draft: draft.task("NV02", status=written)


def nothing(written: Any, is_typed: bool = False) -> Spoil:
    """A form with nothing on it but an answer to whether anything arose."""

    def spoil(draft: Draft) -> Draft:
        empty = blank(draft.project, draft.unit.unit_id)
        cell = empty.at("card", "nothing_to_report")
        return empty.cell(CARD, cell, written) if is_typed else empty.card(nothing_to_report=written)

    return spoil


def without_title(written: Any) -> Spoil:
    return lambda draft: figure_id("CT02", written)(draft.cell(FIGURES, draft.at("figures", "indicator", "CT02"), None))


def against_its_title(draft: Draft) -> Draft:
    return figure_id("CT02", "Mã khác")(figure_id("CT01", "CT 2")(draft))


def denied(draft: Draft) -> Draft:
    for place, word in enumerate(("Không", "-", "không có", "x", "Chưa có", "KHÔNG ")):
        draft = draft.spoil_activity(place, repost_of=word, content_area=word)
    said = draft.task("NV01", expected_on="Không").task("NV02", document_date="chưa có", completed_on="-")
    return said.card(plan_number="Không có", plan_date="-", phone="không", revision_reason="Không")


SPOILS: Mapping[Any, Spoil] = {
    **{("figure", written): figure_id("CT01", written) for written in FIGURE_IDS},
    **{("task", written): task_id("NV05", written) for written in TASK_IDS},
    **{("unclear", written): nothing(written) for written in UNCLEAR},
    **{("yes", written): nothing(written, is_typed=True) for written in YES},
    **{("status", written): status(written) for written in (*DONE, "Cơ bản ổn")},
    "a task in its own words": lambda draft: draft.task("NV05", status=ONGOING),
    "a digit lost": figure_id("CT10", "CT-1"),
    "against its title": against_its_title,
    "without a title": without_title("ct2"),
    "a number without a title": without_title(2),
    "denied": denied,
    "nobody": lambda draft: draft.card(signed_by="-", prepared_by="Không"),
    "a repost": lambda draft: draft.spoil_activity(0, repost_of="Không gian mạng"),
}


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory, project: Project) -> dict[Any, Scene]:
    return play(tmp_path_factory.mktemp("slips"), project, SPOILS)


def logged(scene: Scene, rule: str) -> list[tuple[str, str, str]]:
    mine = [change for change in scene.done.settlement.changes if change.file == f"{scene.unit_id}.xlsx"]
    return [(change.cell, change.raw, change.used) for change in mine if change.rule == rule]


def value(scene: Scene, indicator_id: str) -> Any:
    return figure(scene.done, scene.unit_id, indicator_id)[0]


@pytest.mark.parametrize("written", FIGURE_IDS)
def test_a_mistyped_id_of_a_figure_is_known_by_its_title(written: str, scenes: Mapping[Any, Scene]) -> None:
    scene = scenes["figure", written]
    assert scene.problems() == []
    assert value(scene, "CT01") == scene.draft.answers.figures["CT01"]["value"]
    assert logged(scene, "row-by-title") == [(scene.at("figures", "indicator_id", "CT01"), written, "CT01")]


@pytest.mark.parametrize("written", TASK_IDS)
def test_a_mistyped_id_of_a_task_is_known_by_its_title(written: str, scenes: Mapping[Any, Scene]) -> None:
    scene = scenes["task", written]
    assert scene.problems() == scenes["a task in its own words"].problems()
    assert logged(scene, "row-by-title") == [(scene.at("tasks", "task_id", "NV05"), written, "NV05")]


def test_an_id_that_lost_a_digit_is_known_by_its_title_beside_the_row_that_it_names(
    scenes: Mapping[Any, Scene],
) -> None:
    scene = scenes["a digit lost"]
    assert scene.problems() == []
    assert value(scene, "CT10") == scene.draft.answers.figures["CT10"]["value"]


def test_a_mistyped_id_against_its_title_is_no_row_of_the_form(scenes: Mapping[Any, Scene]) -> None:
    scene = scenes["against its title"]
    assert (scene.at("figures", "indicator_id", "CT01"), "row-unknown") in scene.problems()


def test_a_mistyped_id_without_a_title_is_read_and_a_number_alone_is_not(scenes: Mapping[Any, Scene]) -> None:
    assert scenes["without a title"].problems() == []
    scene = scenes["a number without a title"]
    assert (scene.at("figures", "indicator_id", "CT02"), "row-unknown") in scene.problems()


@pytest.mark.parametrize("written", UNCLEAR)
def test_an_unclear_yes_or_no_is_one_question(written: str, scenes: Mapping[Any, Scene]) -> None:
    scene = scenes["unclear", written]
    asked = [item for item in scene.problems() if item[1] != "task-row-blank"]
    assert asked == [(scene.at("card", "nothing_to_report"), "control-odd")]
    assert value(scene, "CT01") is None


@pytest.mark.parametrize("written", YES)
def test_a_plain_yes_is_logged(written: Any, scenes: Mapping[Any, Scene]) -> None:
    scene = scenes["yes", written]
    assert "control-odd" not in {code for _, code in scene.problems()}
    assert figure(scene.done, scene.unit_id, "CT01") == (0, "none-arose")
    assert logged(scene, "choice-spelling") or written is True


@pytest.mark.parametrize("written", DONE)
def test_a_status_in_other_words_is_logged(written: str, scenes: Mapping[Any, Scene]) -> None:
    scene = scenes["status", written]
    assert scene.problems() == []
    assert [used for _, raw, used in logged(scene, "choice-spelling") if raw == written] == ["Hoàn thành"]


def test_a_status_that_is_none_is_one_line_with_the_choices(scenes: Mapping[Any, Scene], project: Project) -> None:
    scene = scenes["status", "Cơ bản ổn"]
    assert scene.problems() == [(scene.at("tasks", "status", "NV02"), "choice-unknown")]
    [problem] = [problem for problem in scene.done.problems if problem.code == "choice-unknown"]
    message = project.message(problem, scene.done.settlement.period)
    assert all(choice.label in message for choice in project.form.choices["status"])


def test_a_word_that_denies_is_no_content(scenes: Mapping[Any, Scene]) -> None:
    """No activity becomes a repost for it, no row is lost for a day that there is not, no plan is a wrong number."""
    scene = scenes["denied"]
    assert scene.problems() == []
    rows = accepted(scene.done, "activities", scene.unit_id)
    assert [row["repost_of"] for row in rows] == [None] * len(scene.draft.answers.activities)
    assert len(logged(scene, "denied")) == 6 + 6 + 3 + 4


def test_a_required_name_that_is_denied_is_asked_for(scenes: Mapping[Any, Scene]) -> None:
    asked = [(scenes["nobody"].at("card", key), "value-missing") for key in ("prepared_by", "signed_by")]
    assert scenes["nobody"].problems() == asked


def test_a_repost_that_says_so_stays_one(scenes: Mapping[Any, Scene]) -> None:
    rows = accepted(scenes["a repost"].done, "activities", scenes["a repost"].unit_id)
    assert [row["repost_of"] for row in rows if row["repost_of"]] == ["Không gian mạng"]
