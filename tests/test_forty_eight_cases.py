"""The 48 ways in which forms really arrive, by number, each on a real workbook in a folder: what stands in the forms.

Cases of whole files are in test_forty_eight_files.
"""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.declare.project import Project
from pipeline.declare.register import Register
from tests import test_forty_eight_files
from tests.builders import (
    Scene,
    accepted,
    beyond,
    evaluate_folder,
    figure,
    found,
    play,
    rejected,
    state,
    states,
    total,
    truthful,
)
from tests.oddities.cells import CARD_NAMES, CELLS, OTHER_PERIODS, PERIOD_WORDS, Odd
from tests.oddities.forms import MOVED, SHAPES


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("cells"), project, {odd.name: odd.spoil for odd in CELLS})


@pytest.mark.parametrize("odd", CELLS, ids=[odd.name for odd in CELLS])
def test_each_odd_cell_meets_with_its_action(odd: Odd, scenes: dict[str, Scene]) -> None:
    scene = scenes[odd.name]
    cell = scene.at(*odd.place)
    assert scene.problems() == ([(cell, odd.code)] if odd.code else [])
    row = int("".join(filter(str.isdigit, cell)))
    assert [line[1:] for line in rejected(scene.done, scene.unit_id)] == (
        [(row, odd.code)] if odd.action == "R" else []
    )
    if odd.action in "AN":
        assert value_used(scene, odd, row) == odd.value
        assert [
            change.raw
            for change in scene.done.settlement.changes
            if change.unit_id == scene.unit_id and change.cell == cell
        ] == ([odd.raw] if odd.raw else [])
    elif odd.place[0] == "figures":
        assert figure(scene.done, scene.unit_id, str(odd.place[2])) == (
            None,
            "not-filled" if odd.code == "value-missing" else "unreadable",
        )
    elif odd.action == "Q":
        assert value_used(scene, odd, row) is None or odd.code == "legacy-encoding"
    [told] = [
        scene.draft.project.message(problem, scene.draft.period)
        for problem in scene.done.problems
        if problem.unit_id == scene.unit_id
    ] or [""]
    assert odd.offer in told


def value_used(scene: Scene, odd: Odd, row: int) -> Any:
    """What the tables hold for the cell."""
    table, key, _ = odd.place
    [line] = [line for line in accepted(scene.done, table, scene.unit_id) if line["row"] == row]
    value = line[key]
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, date) else value


def test_every_number_from_1_to_48_has_its_test() -> None:
    named = [*globals(), *vars(test_forty_eight_files)]
    tests = {
        int(number) for name in named if name.startswith("test_case") for number in re.findall(r"(?<=_)\d+(?=_)", name)
    }
    moved = {case for _, cases in MOVED.values() for case in cases}  # in test_locate
    assert tests | moved | {odd.case for odd in CELLS} >= set(range(1, 49))


def file_codes(scene: Scene) -> list[str]:
    """Everything that is said about the form, notes aside."""
    return [code for _, code in scene.problems()]


def state_of(scene: Scene) -> str:
    return states(scene.done)[scene.draft.file or f"{scene.unit_id}.xlsx"]


def is_read_whole(scene: Scene) -> bool:
    """Whether every figure and activity that was typed is in the tables."""
    typed = scene.draft.answers
    read = {row["indicator_id"]: row["value"] for row in accepted(scene.done, "figures", scene.unit_id)}
    titles = [row["title"] for row in accepted(scene.done, "activities", scene.unit_id)]
    return read == {key: row["value"] for key, row in typed.figures.items()} and sorted(titles) == sorted(
        row["title"] for row in typed.activities
    )


@pytest.fixture(scope="module")
def forms(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """Whole forms, each odd in its own way."""
    return play(tmp_path_factory.mktemp("forms"), project, SHAPES)


def test_case_19_totals_are_added_up_anew_and_a_wrong_one_is_asked_about(forms: dict[str, Scene]) -> None:
    right, wrong = forms["right total"], forms["wrong total"]
    assert file_codes(right) == []
    assert wrong.problems() == [
        (wrong.at("activities", "quantity", len(wrong.draft.answers.activities) - 1), "total-mismatch")
    ]
    for scene in (right, wrong):
        assert [row["title"] for row in accepted(scene.done, "activities", scene.unit_id)] == [
            row["title"] for row in scene.draft.answers.activities[:-1]
        ]


def test_case_20_a_december_without_a_year_is_that_of_the_window(project: Project, tmp_path: Path) -> None:
    scene = play(tmp_path, project, {"december": lambda draft: draft.spoil_activity(3, date="20/12")}, period="q1")[
        "december"
    ]
    assert scene.problems() == []
    assert accepted(scene.done, "activities", scene.unit_id)[3]["date"].date() == date(2024, 12, 20)
    assert "20/12" in [change.raw for change in scene.done.settlement.changes]


@pytest.mark.parametrize("word", PERIOD_WORDS)
def test_case_25_other_words_for_the_period(word: str, forms: dict[str, Scene]) -> None:
    assert file_codes(forms[f"period {word}"]) == [] and is_read_whole(forms[f"period {word}"])


@pytest.mark.parametrize("word", OTHER_PERIODS)
def test_case_25_another_window_in_the_cell_alone_is_asked_about(word: str, forms: dict[str, Scene]) -> None:
    scene = forms[f"period {word}"]
    assert scene.problems() == [(scene.at("card", "period"), "control-odd")]
    assert state_of(scene) == "in-force"


def test_case_26_figures_counted_since_january_are_asked_about(project: Project, tmp_path: Path) -> None:
    before = truthful(project, "XA-vinh-thai", "6t")
    earlier = evaluate_folder(tmp_path / "6t", project, [before], "6t")
    larger = {
        item.id: before.answers.figures[item.id]["value"] + 3
        for item in project.plan.indicators
        if item.id in before.answers.figures
    }
    draft = truthful(project, "XA-vinh-thai").figures(
        **{key: value for key, value in larger.items() if not key.startswith("PA")}
    )
    done = evaluate_folder(tmp_path / "q3", project, [draft], "q3", {"6t": earlier})
    [problem] = [problem for problem in done.problems if problem.unit_id == "XA-vinh-thai"]
    assert (problem.code, problem.cell) == ("outlier", draft.at("figures", "value", "CT01"))
    assert "cộng dồn" in project.message(problem, draft.period)
    assert figure(done, "XA-vinh-thai", "CT01")[0] == larger["CT01"]


def test_case_27_a_merged_value_counts_for_the_first_alone(forms: dict[str, Scene]) -> None:
    scene = forms["merged figures"]
    first, second = scene.at("figures", "value", "CT01"), scene.at("figures", "value", "CT02")
    assert scene.problems() == [(first, "merged-cells"), (second, "value-missing")]
    assert figure(scene.done, scene.unit_id, "CT01")[0] == scene.draft.answers.figures["CT01"]["value"]
    assert figure(scene.done, scene.unit_id, "CT02") == (None, "not-filled")


def test_case_29_rows_are_known_by_their_ids(forms: dict[str, Scene]) -> None:
    unknown, removed = forms["unknown row"], forms["row removed"]
    assert unknown.problems() == [(unknown.at("tasks", "task_id", "NV02"), "row-unknown")]
    assert [line[0] for line in rejected(unknown.done, unknown.unit_id)] == ["tasks"]
    assert file_codes(removed) == ["task-row-blank"] and state(removed.done, removed.unit_id, "NV02") == "missing"


def test_case_30_hidden_and_unknown_columns_are_asked_about(forms: dict[str, Scene]) -> None:
    own, hidden = forms["column of their own"], forms["column hidden"]
    assert own.problems() == [(beyond("figures", 1), "unknown-column")] and is_read_whole(own)
    assert file_codes(hidden) == [] and is_read_whole(hidden)  # nobody filled the column


def test_case_31_filled_rows_that_are_hidden_are_read_and_asked_about(forms: dict[str, Scene]) -> None:
    scene = forms["hidden filled row"]
    assert scene.problems() == [(scene.at("tasks", "status", "NV02"), "hidden-data")]
    assert state(scene.done, scene.unit_id, "NV02") == "done"


def test_case_32_two_sheets_of_one_table_with_data_are_sent_back(forms: dict[str, Scene]) -> None:
    scene = forms["filled copy of a sheet"]
    assert file_codes(scene) == ["sheet-ambiguous"] and state_of(scene) == "returned"


@pytest.mark.parametrize(
    ("name", "code", "key"),
    [
        ("old form", "form-outdated", "form_version"),
        ("form of the period before", "period-mismatch", "period"),
        ("form of the year before", "period-mismatch", "year"),
    ],
)
def test_case_33_an_old_form_is_sent_back(name: str, code: str, key: str, forms: dict[str, Scene]) -> None:
    scene = forms[name]
    assert scene.problems() == [(scene.at("card", key), code)] and state_of(scene) == "returned"


def test_case_33_the_figures_of_the_period_before_are_asked_about(project: Project, tmp_path: Path) -> None:
    before = truthful(project, "XA-vinh-thai", "6t")
    earlier = evaluate_folder(tmp_path / "6t", project, [before], "6t")
    draft = truthful(project, "XA-vinh-thai")
    draft = draft.figures(**{key: row["value"] for key, row in before.answers.figures.items()})
    done = evaluate_folder(tmp_path / "q3", project, [draft], "q3", {"6t": earlier})
    assert found(done, "XA-vinh-thai", project=project) == [(draft.at("figures", "value", "CT01"), "copied-forward")]


def test_case_41_whose_it_is_stands_on_the_card_and_not_in_the_file_name(forms: dict[str, Scene]) -> None:
    for name in ("named for another unit", "decomposed file name"):
        scene = forms[name]
        mine = {problem.code for problem in scene.done.problems if problem.unit_id == scene.unit_id}
        assert file_codes(scene) == [] and is_read_whole(scene)
        assert "file-name-differs" in mine


@pytest.mark.parametrize(
    ("unit_id", "name"), [(unit_id, name) for unit_id, names in CARD_NAMES.items() for name in names]
)
def test_case_43_a_unit_by_any_of_its_names(unit_id: str, name: str, named: dict[str, Scene]) -> None:
    scene = named[f"{unit_id} {name}"]
    assert file_codes(scene) == [] and is_read_whole(scene)


@pytest.fixture(scope="module")
def named(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """Forms whose id is lost, by unit and by how its name is written."""
    rounds = max(map(len, CARD_NAMES.values()))
    scenes = {}
    for turn in range(rounds):
        drafts = {
            f"{unit_id} {names[turn]}": truthful(project, unit_id).card(unit_id=None, unit_name=names[turn])
            for unit_id, names in CARD_NAMES.items()
            if turn < len(names)
        }
        done = evaluate_folder(tmp_path_factory.mktemp("named"), project, list(drafts.values()))
        scenes |= {key: Scene(done, draft) for key, draft in drafts.items()}
    return scenes


def test_case_43_a_code_and_a_name_that_differ_are_sent_back(forms: dict[str, Scene]) -> None:
    scene = forms["name of another unit"]
    assert scene.problems() == [(scene.at("card", "unit_id"), "unit-mismatch")] and state_of(scene) == "returned"


@pytest.mark.parametrize(
    ("name", "code", "offer"),
    [
        ("xã Vĩnh Trung", "unit-not-valid", "Xã Trung Nam"),
        ("xã Vĩnh Kim", "unit-not-valid", "Xã Kim Thạch"),
        ("xã Vĩnh Hoàng", "unit-unknown", "Xã Vĩnh Hòa"),
    ],
)
def test_case_44_old_and_coming_names_are_never_taken_for_a_unit_of_today(
    name: str, code: str, offer: str, forms: dict[str, Scene]
) -> None:
    scene = forms[f"named {name}"]
    [problem] = [problem for problem in scene.done.problems if problem.file == f"{scene.unit_id}.xlsx"]
    assert (problem.code, problem.cell) == (code, scene.at("card", "unit_id"))
    assert offer in scene.draft.project.message(problem, scene.draft.period)
    assert state_of(scene) == "returned" and accepted(scene.done, "figures", scene.unit_id) == []


def test_case_45_two_units_in_one_workbook_are_sent_back(forms: dict[str, Scene]) -> None:
    assert file_codes(forms["two units"]) == ["sheet-ambiguous"] and state_of(forms["two units"]) == "returned"


def test_case_46_a_form_of_which_every_cell_is_text_is_read_and_logged(forms: dict[str, Scene]) -> None:
    scene = forms["all text"]
    assert file_codes(scene) == [] and is_read_whole(scene)
    logged = {
        change.cell
        for change in scene.done.settlement.changes
        if change.unit_id == scene.unit_id and change.field == "value"
    }
    assert logged == {scene.at("figures", "value", key) for key in scene.draft.answers.figures}


def test_case_47_a_note_beside_a_number_goes_to_the_notes(forms: dict[str, Scene]) -> None:
    scene = forms["a note in brackets"]
    [row] = [row for row in accepted(scene.done, "figures", scene.unit_id) if row["indicator_id"] == "CT08"]
    assert (row["value"], row["note"], file_codes(scene)) == (15.0, "theo sổ; lồng ghép", [])


def test_also_a_late_form_counts_and_is_noted(forms: dict[str, Scene]) -> None:
    scene = forms["late"]
    assert scene.problems("note") == [("", "late")] and file_codes(scene) == [] and is_read_whole(scene)


def test_also_a_period_in_which_nothing_arose_is_a_report_of_noughts(forms: dict[str, Scene]) -> None:
    scene = forms["nothing to report"]
    assert ("nothing-to-report" in [code for _, code in scene.problems("note")]) and state_of(scene) == "in-force"
    assert figure(scene.done, scene.unit_id, "CT01") == (0.0, "none-arose")
    assert [
        change.used
        for change in scene.done.settlement.changes
        if change.unit_id == scene.unit_id and change.rule == "nothing-to-report"
    ]


def test_also_a_unit_that_need_not_report_is_kept_and_not_expected(project: Project, tmp_path: Path) -> None:
    units = tuple(replace(unit, must_report=unit.unit_id != "P-y-te") for unit in project.register.units)
    changed = replace(project, register=Register(units))
    done = evaluate_folder(tmp_path, changed, [truthful(changed, "P-y-te"), truthful(changed, "P-tu-phap")])
    assert states(done)["P-y-te.xlsx"] == "in-force"
    assert "P-y-te" not in {unit.unit_id for unit in done.settlement.units}
    assert total(done, "CT01")["units_expected"] == len(units) - 1
