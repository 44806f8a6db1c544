"""What does no harm to a form leaves totals and states as they were; what does harm is one problem at its cell."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from tests.builders import Draft, evaluate_folder, figure, found, play, truthful
from tests.examples import few
from tests.oddities.cells import HARMFUL, WHOLE, Target, nfd
from tests.oddities.forms import HARMLESS

OTHER = "XA-vinh-tu"


FILE_NAMES = (
    "a.xlsx",
    "BC CCHC Q3 Vinh Thai.xlsx",
    "vĩnh thái(1) bản cuối.xlsx",
    "xa/so sánh/1.xlsx",
    nfd("sửa lần 2.xlsx"),
)


def big(project: Project) -> Draft:
    """A truthful form with figures above a thousand."""
    return truthful(project, "XA-vinh-thai").figures(CT11=1200, CT13=1351, CT14=1802)


def outcome(done: Evaluation) -> tuple[str, str]:
    return done.totals.to_csv(), done.completeness.to_csv()


@pytest.fixture(scope="module")
def untouched(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    done = evaluate_folder(tmp_path_factory.mktemp("untouched"), project, [big(project), truthful(project, OTHER)])
    assert found(done, project=project) == []
    return outcome(done)


@few(9)
@given(names=st.sets(st.sampled_from(sorted(HARMLESS)), min_size=1, max_size=6), file=st.sampled_from(FILE_NAMES))
def test_what_does_no_harm_changes_no_total_and_no_state(
    names: set[str], file: str, project: Project, untouched: tuple[str, str]
) -> None:
    is_same_after(names, file, project, untouched)


def test_all_that_does_no_harm_at_once_changes_no_total_and_no_state(
    project: Project, untouched: tuple[str, str]
) -> None:
    is_same_after(set(HARMLESS), FILE_NAMES[2], project, untouched)


def is_same_after(names: set[str], file: str, project: Project, untouched: tuple[str, str]) -> None:
    draft = big(project).named(file)
    for name, edit in HARMLESS.items():
        draft = draft.edited(edit) if name in names else draft
    with tempfile.TemporaryDirectory() as folder:
        done = evaluate_folder(Path(folder), project, [draft, truthful(project, OTHER)])
    assert [code for _, code in found(done, project=project)] in ([], ["hidden-data"])
    assert outcome(done) == untouched


HARMS = st.tuples(st.sampled_from(sorted(HARMFUL)), st.builds(Target, st.sampled_from(WHOLE), st.integers(0, 900)))


@few(5)
@given(st.lists(HARMS, min_size=8, max_size=12))
def test_what_does_harm_is_one_problem_at_the_very_cell(project: Project, harms: list[tuple[str, Target]]) -> None:
    odd = {f"{turn} {name} {at}": HARMFUL[name](at) for turn, (name, at) in enumerate(harms)}
    with tempfile.TemporaryDirectory() as folder:
        scenes = play(Path(folder), project, {name: line.spoil for name, line in odd.items()})
        for name, line in odd.items():
            scene = scenes[name]
            assert scene.problems() == [(scene.at(*line.place), line.code)], name
            if line.place[0] == "figures":
                assert figure(scene.done, scene.unit_id, str(line.place[2]))[0] is None, name
