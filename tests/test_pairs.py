"""Two numbers in one cell go to the rows of their nouns where nothing else is possible; else they stay a question."""

from pathlib import Path

import pytest

from pipeline.declare.project import Project
from tests.builders import Draft, Scene, accepted, evaluate_folder, figure, found, play, truthful

UNIT = "XA-vinh-thai"
TOGETHER = "3 sản phẩm, 2 chuyên mục"


@pytest.fixture
def draft(project: Project) -> Draft:
    return truthful(project, UNIT)


def test_case_13_two_numbers_with_a_place_each_are_shared_out_and_logged(
    project: Project, draft: Draft, tmp_path: Path
) -> None:
    done = evaluate_folder(tmp_path, project, [draft.figure("CT06", TOGETHER).figure("CT07", None)])
    first, second = draft.at("figures", "value", "CT06"), draft.at("figures", "value", "CT07")
    assert found(done, UNIT, project=project) == []
    assert figure(done, UNIT, "CT06") == (3.0, "") and figure(done, UNIT, "CT07") == (2.0, "")
    logged = [
        (change.cell, change.raw, change.used, change.rule)
        for change in done.settlement.changes
        if change.unit_id == UNIT
    ]
    assert logged == [
        (first, TOGETHER, "3", "split-cell"),
        (second, f"{TOGETHER} (ghi ở ô {first})", "2", "split-cell"),
    ]
    assert project.labels["rule"]["split-cell"]
    assert [row["indicator_id"] for row in accepted(done, "figures", UNIT)].count("CT07") == 1


@pytest.mark.parametrize(
    "written",
    [
        "03 sản phẩm; 02 chuyên mục",
        "3 sản phẩm và 2 chuyên mục",
        "3 Sản phẩm\n2 chuyên mục",
        "3 sản phẩm + 2 CHUYÊN MỤC",
    ],
)
def test_other_ways_to_write_it(written: str, project: Project, draft: Draft, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [draft.figure("CT06", written).figure("CT07", None)])
    assert (figure(done, UNIT, "CT06")[0], figure(done, UNIT, "CT07")[0]) == (3.0, 2.0)
    assert found(done, UNIT, project=project) == []


ASKED = {
    "the second place is taken": lambda draft: draft.figure("CT06", TOGETHER),
    "the second place holds a word for nothing": lambda draft: draft.figure("CT06", TOGETHER).figure("CT07", "-"),
    "the second noun is of two indicators": lambda draft: (
        draft.figure("CT06", "3 sản phẩm, 2 bài").figure("CT02", None).figure("CT12", None)
    ),
    "the first noun is another's": lambda draft: draft.figure("CT06", "2 chuyên mục, 3 sản phẩm").figure("CT07", None),
    "one noun twice": lambda draft: draft.figure("CT06", "3 sản phẩm, 2 sản phẩm"),
    "one noun is missing": lambda draft: draft.figure("CT06", "3, 2 chuyên mục").figure("CT07", None),
    "a noun that nobody counts": lambda draft: draft.figure("CT06", "3 sản phẩm, 2 chuyến xe").figure("CT07", None),
    "one of them is vague": lambda draft: draft.figure("CT06", "3 sản phẩm, khoảng 2 chuyên mục").figure("CT07", None),
    "nouns of two indicators each": lambda draft: draft.figure("CT01", "03 tin, 02 bài").figure("CT02", None),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("pairs"), project, ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_whatever_is_not_certain_is_asked_about(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    cell = scene.at("figures", "value", "CT01" if "each" in name else "CT06")
    assert (cell, "vague-number") in scene.problems()
    assert not [
        change
        for change in scene.done.settlement.changes
        if change.unit_id == scene.unit_id and change.rule == "split-cell"
    ]


def test_a_unit_that_does_not_fill_the_second_row_is_asked(project: Project, tmp_path: Path) -> None:
    office = truthful(project, "P-tu-phap")
    outside = [item.id for item in project.plan.indicators if not project.plan.fills(item, office.unit)]
    assert {"CT06", "CT07"} <= set(outside)
    done = evaluate_folder(tmp_path, project, [office.figure("CT06", TOGETHER)])
    assert (office.at("figures", "value", "CT06"), "vague-number") in found(done, "P-tu-phap", project=project)
