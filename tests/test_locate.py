"""Tables are found by their keys or headers wherever people have moved them; what is really gone is said."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.declare.project import Project
from tests.builders import (
    Scene,
    accepted,
    codes,
    evaluate_folder,
    found,
    play,
    state,
    states,
    truthful,
    write_book,
)
from tests.oddities.forms import BROKEN, MOVED, OUTSIDE, edited


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    spoils = {name: edited(edit) for name, (edit, _) in MOVED.items()} | {
        name: edited(case[0]) for name, case in BROKEN.items()
    }
    written = {name: (lambda draft, place=place: draft.cell(*place, "nhớ gọi lại")) for name, place in OUTSIDE.items()}
    return play(tmp_path_factory.mktemp("locate"), project, {**spoils, **written})


def file_state(scene: Scene) -> str:
    return states(scene.done)[f"{scene.unit_id}.xlsx"]


@pytest.mark.parametrize("name", MOVED)
def test_everything_typed_is_found_in_spite_of(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    typed = scene.draft.answers
    assert scene.problems() == []
    assert {row["task_id"]: row["status"] for row in accepted(scene.done, "tasks", scene.unit_id)} == {
        key: row["status"] for key, row in typed.tasks.items()
    }
    assert {row["indicator_id"]: row["value"] for row in accepted(scene.done, "figures", scene.unit_id)} == {
        key: row["value"] for key, row in typed.figures.items()
    }
    read = [
        (row["title"], row["quantity"], row["date"].date(), row["form"])
        for row in accepted(scene.done, "activities", scene.unit_id)
    ]
    assert read == [(row["title"], row["quantity"], row["date"], row["form"]) for row in typed.activities]


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_said_once_and_has_its_effect_for(name: str, scenes: dict[str, Scene]) -> None:
    _, problems, wanted = BROKEN[name]
    scene = scenes[name]
    file = f"{scene.unit_id}.xlsx"
    assert [(problem.cell, problem.code) for problem in scene.done.problems if problem.file == file] == problems
    assert file_state(scene) == wanted


@pytest.mark.parametrize("name", [name for name, case in BROKEN.items() if case[2] == "returned"])
def test_no_row_of_a_returned_form_is_in_any_table(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert all(accepted(scene.done, table, scene.unit_id) == [] for table in scene.draft.project.form.tables)
    assert state(scene.done, scene.unit_id, "NV02") == "missing"


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_written_outside_is_lost_from_sight(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    [problem] = [problem for problem in scene.done.problems if problem.unit_id == scene.unit_id]
    assert problem.code in ("cell-outside-table", "unknown-column")
    assert (problem.sheet, problem.cell) == OUTSIDE[name]
    assert "nhớ gọi lại" in problem.value


def test_the_missing_part_is_named(scenes: dict[str, Scene]) -> None:
    [problem] = [
        problem for problem in scenes["no quantity"].done.problems if problem.unit_id == scenes["no quantity"].unit_id
    ]
    assert (problem.table, problem.field) == ("activities", "quantity")


def test_a_removed_task_row_is_missing_like_a_blank_one(scenes: dict[str, Scene]) -> None:
    scene = scenes["a row of the tasks removed"]
    assert state(scene.done, scene.unit_id, "NV02") == "missing"


def test_a_table_of_their_own_making_is_no_form(project: Project, tmp_path: Path) -> None:
    own = Workbook()
    sheet = own.worksheets[0]
    for row in (["Xã Vĩnh Thái"], ["STT", "Nội dung", "Số lượng"], [1, "Tin bài", 12]):
        sheet.append(row)
    own.save(tmp_path / "vinh-thai.xlsx")
    write_book(tmp_path, [("vinh-thai.xlsx", "2025-09-15 08:00")])
    done = evaluate_folder(tmp_path, project)
    assert codes(done, "vinh-thai.xlsx") == ["not-a-form"]
    assert states(done) == {"vinh-thai.xlsx": "not-a-form"}
    assert state(done, "XA-vinh-thai", "NV02") == "missing"


def test_one_broken_file_stops_nobody_else(project: Project, tmp_path: Path) -> None:
    good = truthful(project, "XA-vinh-o")
    (tmp_path / "XA-vinh-tu.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    done = evaluate_folder(tmp_path, project, [good])
    assert codes(done, "XA-vinh-tu.xlsx") == ["file-corrupt"]
    assert found(done, "XA-vinh-o", project=project) == []
    assert states(done) == {"XA-vinh-o.xlsx": "in-force", "XA-vinh-tu.xlsx": "not-a-form"}
