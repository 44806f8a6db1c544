"""Forty more ways in which a commune fills and saves its form: what is asked, and where. Nothing is lost or guessed."""

import pandas as pd
import pytest

from pipeline.declare.project import Project
from tests.builders import Scene, accepted, play
from tests.oddities.forms import WAYS

Asked = list[tuple[str, str]]  # cells and codes


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("communes"), project, {name: spoil for name, (spoil, _) in WAYS.items()})


@pytest.mark.parametrize("name", WAYS)
def test_a_form_is_asked_about_where_it_has_to_be_and_nowhere_else(name: str, scenes: dict[str, Scene]) -> None:
    assert scenes[name].problems() == sorted(WAYS[name][1])


@pytest.mark.parametrize(
    "name", [name for name, (_, asked) in WAYS.items() if not asked or asked[0][1] == "hidden-data"]
)
def test_every_number_and_title_is_read(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    read = {row["indicator_id"]: row["value"] for row in accepted(scene.done, "figures", scene.unit_id)}
    assert read == {key: row["value"] for key, row in scene.draft.answers.figures.items()}
    titles = [row["title"] for row in accepted(scene.done, "activities", scene.unit_id)]
    assert [title for title in titles if title != "Ở xa bên dưới"] == [
        row["title"] for row in scene.draft.answers.activities
    ]
    assert not pd.isna([row["date"] for row in accepted(scene.done, "activities", scene.unit_id)]).any()


def test_what_was_pasted_far_below_counts(scenes: dict[str, Scene]) -> None:
    scene = scenes["an activity far below"]
    assert "Ở xa bên dưới" in [row["title"] for row in accepted(scene.done, "activities", scene.unit_id)]
