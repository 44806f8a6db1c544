"""One slip costs one line: mistyped ids of rows, an unclear yes or no, statuses in other words."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation
from tests.builders import Draft, blank, evaluate_folder, figure, found, truthful
from tests.contract import CARD, FIGURES, TASKS

UNIT = "XA-vinh-thai"


@pytest.fixture
def draft(project: Project) -> Draft:
    return truthful(project, UNIT)


def logged(done: Evaluation, rule: str) -> list[tuple[str, str, str]]:
    return [(change.cell, change.raw, change.used) for change in done.settlement.changes if change.rule == rule]


@pytest.mark.parametrize("written", ["CT1", "CT O1", "ct-01", "CTO1", "CT01x", "Chỉ tiêu 1", "CT 1", "#1", "1"])
def test_a_mistyped_id_of_a_figure_is_known_by_its_title(
    written: str, project: Project, draft: Draft, tmp_path: Path
) -> None:
    cell = draft.at("figures", "indicator_id", "CT01")
    done = evaluate_folder(tmp_path, project, [draft.cell(FIGURES, cell, written)])
    assert found(done, UNIT, project=project) == []
    assert figure(done, UNIT, "CT01")[0] == draft.answers.figures["CT01"]["value"]
    assert logged(done, "row-by-title") == [(cell, written, "CT01")]


@pytest.mark.parametrize("written", ["NV-05", "nv5", "5", "NV O5", "NVO5", "Nhiệm vụ 5"])
def test_a_mistyped_id_of_a_task_is_known_by_its_title(
    written: str, project: Project, draft: Draft, tmp_path: Path
) -> None:
    cell = draft.at("tasks", "task_id", "NV05")
    done = evaluate_folder(tmp_path, project, [draft.task("NV05", status="Đang thực hiện").cell(TASKS, cell, written)])
    plain = evaluate_folder(tmp_path / "plain", project, [draft.task("NV05", status="Đang thực hiện")])
    assert found(done, UNIT, project=project) == found(plain, UNIT, project=project)
    assert logged(done, "row-by-title") == [(cell, written, "NV05")]


def test_an_id_that_lost_a_digit_is_known_by_its_title_beside_the_row_that_it_names(
    project: Project, draft: Draft, tmp_path: Path
) -> None:
    cell = draft.at("figures", "indicator_id", "CT10")
    done = evaluate_folder(tmp_path, project, [draft.cell(FIGURES, cell, "CT-1")])
    assert found(done, UNIT, project=project) == []
    assert figure(done, UNIT, "CT10")[0] == draft.answers.figures["CT10"]["value"]


def test_a_mistyped_id_against_its_title_is_no_row_of_the_form(project: Project, draft: Draft, tmp_path: Path) -> None:
    first, second = (draft.at("figures", "indicator_id", name) for name in ("CT01", "CT02"))
    done = evaluate_folder(tmp_path, project, [draft.cell(FIGURES, first, "CT 2").cell(FIGURES, second, "Mã khác")])
    assert (first, "row-unknown") in found(done, UNIT, project=project)


def test_a_mistyped_id_without_a_title_is_read_and_a_number_alone_is_not(
    project: Project, draft: Draft, tmp_path: Path
) -> None:
    place, title = (draft.at("figures", key, "CT02") for key in ("indicator_id", "indicator"))
    bare = draft.cell(FIGURES, title, None)
    assert found(evaluate_folder(tmp_path / "a", project, [bare.cell(FIGURES, place, "ct2")]), project=project) == []
    done = evaluate_folder(tmp_path / "b", project, [bare.cell(FIGURES, place, 2)])
    assert (place, "row-unknown") in found(done, project=project)


@pytest.mark.parametrize("written", ["Không phát sinh", "X", "không có", "-", "chưa rõ"])
def test_an_unclear_yes_or_no_is_one_question(written: str, project: Project, tmp_path: Path) -> None:
    empty = blank(project, UNIT)
    done = evaluate_folder(tmp_path / "odd", project, [empty.card(nothing_to_report=written)])
    asked = [item for item in found(done, UNIT, project=project) if item[1] != "task-row-blank"]
    assert asked == [(empty.at("card", "nothing_to_report"), "control-odd")]
    assert figure(done, UNIT, "CT01")[0] is None


@pytest.mark.parametrize("written", ["Đúng", "có ạ", True, "CÓ", "✓"])
def test_a_plain_yes_is_logged(written: Any, project: Project, tmp_path: Path) -> None:
    empty = blank(project, UNIT)
    said = empty.cell(CARD, empty.at("card", "nothing_to_report"), written)
    done = evaluate_folder(tmp_path, project, [said])
    assert "control-odd" not in {problem.code for problem in done.problems}
    assert figure(done, UNIT, "CT01") == (0, "none-arose")
    assert logged(done, "choice-spelling") or written is True


@pytest.mark.parametrize("written", ["đã xong", "hoàn thành 100%", "HOÀN THÀNH", "Đã thực hiện xong"])
def test_a_status_in_other_words_is_logged(written: str, project: Project, draft: Draft, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [draft.task("NV02", status=written)])
    assert found(done, UNIT, project=project) == []
    assert [used for _, raw, used in logged(done, "choice-spelling") if raw == written] == ["Hoàn thành"]


def test_a_status_that_is_none_is_one_line_with_the_choices(project: Project, draft: Draft, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [draft.task("NV02", status="Cơ bản ổn")])
    assert found(done, UNIT, project=project) == [(draft.at("tasks", "status", "NV02"), "choice-unknown")]
    [problem] = [problem for problem in done.problems if problem.code == "choice-unknown"]
    message = project.message(problem, done.settlement.period)
    assert all(choice.label in message for choice in project.form.choices["status"])
