"""Figures that do not fit together, or look copied or out of scale: asked about at their cell, beyond the limit."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from tests.builders import Draft, Scene, Spoil, address, an_activity, evaluate_folder, figure, found, play, truthful

Case = tuple[Spoil, list[tuple[str, str]]]  # what the unit writes; the indicators that are asked about, and as what


def asks(code: str, indicator: str, **figures: Any) -> Case:
    return (lambda draft: draft.figures(**figures)), [(indicator, code)]


def is_fine(**figures: Any) -> Case:
    return (lambda draft: draft.figures(**figures)), []


def listed(form: str, times: int, code: str = "", indicator: str = "", **figures: Any) -> Case:
    """Some more activities of one form, and figures beside them."""

    def spoil(draft: Draft) -> Draft:
        for number in range(times):
            draft = draft.activity(**an_activity(draft, "NV05", form=form, title=f"Mục {number}"))
        return draft.figures(**figures)

    return spoil, [(indicator, code)] if code else []


def with_one_repost(draft: Draft) -> Draft:
    return draft.spoil_activity(0, repost_of="Cổng thông tin điện tử huyện").figures(CT01=4, CT02=5)


RADIO, CLIP, SOCIAL, VILLAGE = (
    "Truyền thanh cấp xã",
    "Phóng sự, video clip",
    "Mạng xã hội (Zalo, Facebook)",
    "Họp thôn, xóm, khu phố",
)

# The first three are towns, and the middle is that of communes: R31 stands below them.
RELATIONS: dict[str, Case] = {
    "R53 fewer broadcasts than items": asks("sum-mismatch", "CT04", CT03=10, CT04=9),
    "R53 as many broadcasts as items": is_fine(CT03=10, CT04=10),
    "R53 no items": is_fine(CT03="-", CT04="-"),
    "R20 complaints that do not add up": asks("sum-mismatch", "PA01", PA03=6),
    "R20 complaints with a gap": is_fine(PA03="…"),
    "R31 more than ten times the others": asks("outlier", "CT12", CT12=91),
    "R31 ten times the others": is_fine(CT12=90),
    "R21a fewer items on the portal than listed": asks("sum-mismatch", "CT01", CT01=4, CT02=5),
    "R21a as many items as listed": is_fine(CT01=5, CT02=5),
    "R21a a repost is listed but not counted": (with_one_repost, []),
    "R21b fewer broadcast items than listed": listed(RADIO, 3, "sum-mismatch", "CT03", CT03=2),
    "R21b as many broadcast items as listed": listed(RADIO, 3, CT03=3),
    "R21c fewer clips than listed": listed(CLIP, 4, "sum-mismatch", "CT06"),
    "R21c as many clips as listed": listed(CLIP, 3),
    "R21d fewer posts than listed": listed(SOCIAL, 10, "sum-mismatch", "CT12"),
    "R21d as many posts as listed": listed(SOCIAL, 9),
    "R21e fewer meetings than listed": listed(VILLAGE, 4, "sum-mismatch", "CT15a"),
    "R21e as many meetings as listed": listed(VILLAGE, 3),
    "R23a meetings without people": asks("follows-from", "CT16", CT16="-"),
    "R23a people without meetings": asks("follows-from", "CT16", CT15a="-", CT15b="-"),
    "R23a neither": is_fine(CT15a="-", CT15b="-", CT16="-"),
    "R23b classes without learners": asks("follows-from", "CT18", CT18="-"),
    "R23b learners without classes": asks("follows-from", "CT18", CT17="-"),
    "R23b neither": is_fine(CT17="-", CT18="-"),
    "R23c contestants without a contest": asks("follows-from", "CT20", CT19a="-", CT19b="-"),
    "R23c contestants in the contest of another": is_fine(CT19a="-"),
    "R23c a contest without contestants": is_fine(CT20="-", CT21="-"),
    "R23d fewer entries than contestants": asks("sum-mismatch", "CT21", CT21=11),
    "R23d as many entries as contestants": is_fine(CT21=12),
    "R23e spent more than given": asks("sum-mismatch", "CT23a", CT23b=5_000_001),
    "R23e spent what was given": is_fine(CT23b=5_000_000),
    "R23e nothing known of what was given": is_fine(CT23a=None),
    "R23e spends what was granted before": is_fine(CT23a="-", CT23b=2_000_000),
    "R23e spends the grant of the year": is_fine(CT23b=5_000_001, CT27=20_000_000),
    "R23f more than the grant of the year": asks("sum-mismatch", "CT27", CT27=4_000_000),
    "R20b answered in time and late": is_fine(PA06=4, PA07=1, PA08=5),
    "R20b only one of them told": is_fine(PA06=4),
    "R20b more than were answered": asks("sum-mismatch", "PA03", PA06=5, PA07=1),
    "R20c more published than answered": asks("sum-mismatch", "PA03", PA08=6),
    "R33a money in millions": asks("outlier", "CT23a", CT23a=9_999, CT23b="-"),
    "R33a a little money": is_fine(CT23a=10_000, CT23b=10_000),
    "R33b spent in millions": asks("outlier", "CT23b", CT23b=9_999),
    "R33 no money": is_fine(CT23a="-", CT23b="-"),
    "one cell that breaks two rules is asked about once": asks("sum-mismatch", "CT23a", CT23a=5_000),
    "R07 optional figures left blank": is_fine(CT13=None, CT23a=None, CT23b=None),
    "R07 figures not known or not applicable": is_fine(CT01="…", CT08="x"),
    "R07 several figures left blank": (
        (lambda draft: draft.figures(CT08=None, CT22=None)),
        [("CT08", "value-missing"), ("CT22", "value-missing")],
    ),
    "a gap breaks no relation": is_fine(CT04="…", CT16="…", CT18="…", CT21="…"),
}


def copied(draft: Draft, **but: Any) -> Draft:
    """The figures of the half-year once more."""
    return draft.figures(**{**flows_of_half_year(draft), **but})


def flows_of_half_year(draft: Draft) -> dict[str, Any]:
    before = truthful(draft.project, draft.unit.unit_id, "6t").answers.figures
    return {
        item.id: before[item.id]["value"]
        for item in draft.project.plan.indicators
        if item.kind == "flow" and not item.since
    }


KEPT_LOW = ("PA02", "PA03", "CT05", "CT22", "CT19b")


def grown(draft: Draft, *kept: str) -> Draft:
    """Every flow above that of the half-year, except some."""
    before = flows_of_half_year(draft)
    return draft.figures(**{key: value * 3 // 2 for key, value in before.items() if key not in kept})


def followers(draft: Draft, share: float, less: int = 0) -> Draft:
    """CT14 at a share of the half-year's, and some fewer."""
    then = truthful(draft.project, draft.unit.unit_id, "6t").answers.figures["CT14"]["value"]
    return draft.figures(CT14=-(-then * int(share * 100) // 100) - less)


def says_nothing(draft: Draft, **values: Any) -> Draft:
    dated = {task_id: draft.answers.tasks[task_id] for task_id in ("NV01", "NV06")}
    return draft.no_activities()._with(tasks=dated).only_figures(**values).card(nothing_to_report="Có")


COMPARED: dict[str, Case] = {
    "nothing odd": ((lambda draft: draft), []),
    "R31 more than five times the half-year": asks("outlier", "CT08", CT08=50),
    "R31 more than five times, but a small number": is_fine(CT08=49),
    "R31 five times the half-year": is_fine(CT09=30, CT10=50),
    "R32 the half-year's figures again": (copied, [("CT01", "copied-forward")]),
    "R32 the half-year's figures but for one": ((lambda draft: copied(draft, CT11=239)), []),
    "R38 followers down by three tenths": ((lambda draft: followers(draft, 0.7)), []),
    "R38 followers down by more": ((lambda draft: followers(draft, 0.7, less=1)), [("CT14", "outlier")]),
    "R38 no followers named where nothing arose at all": (says_nothing, []),
    "R54 more carried over than was left": asks("sum-mismatch", "PA01", PA01=3, PA03=6),
    "R54 as many carried over as were left": is_fine(PA01=2),
    "R54 carried over, and nobody can read how many": asks("not-a-number", "PA01", PA01="nhiều"),
    "R16 most flows above those of the half-year": ((lambda draft: grown(draft, *KEPT_LOW)), [("CT01", "outlier")]),
    "R16 four fifths of the flows above": ((lambda draft: grown(draft, *KEPT_LOW, "CT13")), []),
}

SIX = ("CT02", "CT08", "CT09", "CT10", "CT11", "CT12")


def all_none_but(draft: Draft, **values: Any) -> Draft:
    """Every owed figure none arose, but for these; without activities, so that nothing else is asked."""
    dashes = {item.id: "-" for item in draft.project.plan.indicators if draft.project.plan.fills(item, draft.unit)}
    silent = {task_id: {"status": "Không phát sinh"} for task_id in ("NV02", "NV03", "NV05", "NV07", "NV08")}
    return draft.no_activities()._with(tasks={**draft.answers.tasks, **silent}).only_figures(**{**dashes, **values})


def same(*names: str, value: int) -> Spoil:
    return lambda draft: all_none_but(draft, **dict.fromkeys(names, value))


def tens(draft: Draft, **but: Any) -> Draft:
    return all_none_but(draft, **{**{name: 10 * (place + 1) for place, name in enumerate(SIX)}, **but})


ALONE: dict[str, Case] = {
    "R36 six figures alike": (same(*SIX, value=7), [("CT02", "outlier")]),
    "R36 five figures alike": (same(*SIX[:5], value=8), []),
    "R36 six figures, one of them another": (
        (lambda draft: all_none_but(draft, **{**dict.fromkeys(SIX, 9), "CT12": 3})),
        [],
    ),
    "R36 six whole tens": (tens, [("CT02", "outlier")]),
    "R36 whole tens but for one": ((lambda draft: tens(draft, CT12=65)), []),
    "R08 nothing arose, and yet something": ((lambda draft: says_nothing(draft, CT08=1)), [("CT08", "follows-from")]),
    "R08 nothing arose": ((lambda draft: says_nothing(draft, CT08=0, CT09="-")), []),
}


def cells(scene: Scene, expected: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((scene.at("figures", "value", indicator), code) for indicator, code in expected)


@pytest.fixture(scope="module")
def half_year(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    communes = [unit.unit_id for unit in project.register.units if unit.unit_id.startswith("XA-")][: len(COMPARED)]
    return evaluate_folder(
        tmp_path_factory.mktemp("half"), project, [truthful(project, unit_id, "6t") for unit_id in communes], "6t"
    )


@pytest.fixture(scope="module")
def scenes(project: Project, half_year: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    folder = tmp_path_factory.mktemp("figures")
    return {
        **play(folder / "relations", project, {name: case[0] for name, case in RELATIONS.items()}),
        **play(
            folder / "compared", project, {name: case[0] for name, case in COMPARED.items()}, others={"6t": half_year}
        ),
        **play(folder / "alone", project, {name: case[0] for name, case in ALONE.items()}),
    }


@pytest.mark.parametrize("name", [*RELATIONS, *COMPARED, *ALONE])
def test_figures_with(name: str, scenes: dict[str, Scene]) -> None:
    scene = scenes[name]
    assert scene.problems() == cells(scene, {**RELATIONS, **COMPARED, **ALONE}[name][1])


def test_a_carried_figure_that_cannot_be_read_says_at_once_what_it_has_to_fit(scenes: dict[str, Scene]) -> None:
    scene = scenes["R54 carried over, and nobody can read how many"]
    [problem] = [problem for problem in scene.done.problems if problem.code == "not-a-number"]
    [carries] = [check for check in scene.draft.project.plan.checks if check.rule == "carries"]
    assert carries.why in scene.draft.project.message(problem, scene.draft.period)


def test_a_question_never_takes_a_figure_out(scenes: dict[str, Scene]) -> None:
    for name in ("R53 fewer broadcasts than items", "R31 more than ten times the others", "R33a money in millions"):
        scene = scenes[name]
        for indicator, answer in scene.draft.answers.figures.items():
            if isinstance(answer["value"], int):
                assert figure(scene.done, scene.unit_id, indicator) == (answer["value"], "")


def test_a_gap_has_the_kind_that_was_written(scenes: dict[str, Scene]) -> None:
    scene = scenes["R07 figures not known or not applicable"]
    assert figure(scene.done, scene.unit_id, "CT01") == (None, "not-yet-known")
    assert figure(scene.done, scene.unit_id, "CT08") == (None, "not-applicable")


TOWNS = ("XA-ho-xa", "XA-ben-quan", "XA-cua-tung")  # three of their kind, so that their middle says nothing
TWINS = {
    "alike": ("XA-vinh-o", "XA-vinh-tu"),
    "alike but for one": ("XA-vinh-ha", "XA-vinh-hoa"),
    "alike and odd": ("XA-vinh-son", "XA-vinh-lam"),
}
BUT: dict[str, dict[str, Any]] = {"alike": {}, "alike but for one": {"CT11": 121}, "alike and odd": {}}


@pytest.fixture(scope="module")
def beside(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Towns with large figures, and pairs of communes of which one copies from the other."""
    drafts = [
        truthful(project, unit).figures(**values)
        for unit, values in zip(TOWNS, ({"CT12": 900}, {"CT23a": 2 * 10**9}, {"CT23a": 2 * 10**9 + 1}), strict=True)
    ]
    for name, (one, other) in TWINS.items():
        first = truthful(project, one).figures(**({"CT01": 4, "CT02": 4} if name == "alike and odd" else {}))
        values = {key: row["value"] for key, row in first.answers.figures.items()}
        drafts += [first, truthful(project, other).figures(**{**values, **BUT[name]})]
    return evaluate_folder(tmp_path_factory.mktemp("beside"), project, drafts)


def asked(done: Evaluation, project: Project, unit_id: str) -> list[tuple[str, str]]:
    return found(done, unit_id, project=project)


def test_the_middle_of_few_units_says_nothing(beside: Evaluation, project: Project) -> None:
    assert asked(beside, project, "XA-ho-xa") == []


def test_more_money_than_any_unit_has_is_asked_about(beside: Evaluation, project: Project) -> None:
    assert asked(beside, project, "XA-ben-quan") == []
    assert asked(beside, project, "XA-cua-tung") == [(address(project, "figures", "value", "CT23a"), "outlier")]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("alike", ["same-as-other-unit"]),
        ("alike but for one", []),
        ("alike and odd", ["same-as-other-unit", "sum-mismatch"]),
    ],
)
def test_two_units_with_the_same_figures_are_both_asked(
    name: str, codes: list[str], beside: Evaluation, project: Project
) -> None:
    place = address(project, "figures", "value", "CT01")
    for unit_id in TWINS[name]:
        assert asked(beside, project, unit_id) == [(place, code) for code in codes]


GREYED: list[tuple[Any, list[str]]] = [(3, ["row-not-lead"]), ("…", ["row-not-lead"]), (0, []), ("-", []), ("x", [])]
DEPARTMENTS = ("P-tu-phap", "P-tai-chinh-ke-hoach", "P-y-te", "P-dan-toc", "P-thanh-tra")


@pytest.fixture(scope="module")
def departments(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Units for which CT17, and the figures that go with it, are greyed; and one that leads but has no radio figure."""
    greyed = [
        truthful(project, unit_id).figures(CT17=value) for unit_id, (value, _) in zip(DEPARTMENTS, GREYED, strict=True)
    ]
    office = truthful(project, "P-noi-vu")
    return evaluate_folder(
        tmp_path_factory.mktemp("departments"),
        project,
        [*greyed, office.activity(**an_activity(office, "NV04", form="Truyền thanh cấp huyện"))],
    )


@pytest.mark.parametrize(
    ("unit_id", "expected"), [(unit_id, codes) for unit_id, (_, codes) in zip(DEPARTMENTS, GREYED, strict=True)]
)
def test_something_on_a_greyed_figure_is_asked_about(
    unit_id: str, expected: list[str], departments: Evaluation, project: Project
) -> None:
    assert asked(departments, project, unit_id) == [
        (address(project, "figures", "value", "CT17"), code) for code in expected
    ]


def test_a_radio_item_of_a_unit_without_a_radio_figure_is_no_mismatch(
    departments: Evaluation, project: Project
) -> None:
    assert asked(departments, project, "P-noi-vu") == []


HALF: dict[str, Case] = {
    "R15 fewer than in the first quarter": asks("sum-mismatch", "CT02", CT02=4),
    "R15 as many as in the first quarter": is_fine(CT02=5),
}
YEAR: dict[str, Case] = {
    "R17 fewer than in half-year and quarter": asks("sum-mismatch", "CT02", CT02=14),
    "R17 as many as in half-year and quarter": is_fine(CT02=15),
    "R17 stocks may shrink": is_fine(CT07=1, PA01=3, PA04=2),
}


def containing(project: Project, code: str, *parts: str) -> Project:
    """The same plan, in which that period contains these."""
    periods = [replace(item, contains=parts) if item.code == code else item for item in project.plan.periods]
    return replace(project, plan=replace(project.plan, periods=tuple(periods)))


@pytest.fixture(scope="module")
def longer(project: Project, half_year: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """Periods that contain others, with these others settled; the year once more without its third quarter."""
    project = containing(project, "nam", "6t", "q3")
    folder = tmp_path_factory.mktemp("longer")
    inner = {
        code: next(iter(play(folder / code, project, dict.fromkeys("abc", lambda draft: draft), code).values())).done
        for code in ("q1", "q3")
    }
    year = {name: case[0] for name, case in YEAR.items()}
    half = play(folder / "6t", project, {name: case[0] for name, case in HALF.items()}, "6t", {"q1": inner["q1"]})
    whole = play(folder / "nam", project, year, "nam", {"6t": half_year, "q3": inner["q3"]})
    lacking = play(
        folder / "lacking", project, {"the quarter is not there": next(iter(year.values()))}, "nam", {"6t": half_year}
    )
    return {**half, **whole, **lacking}


@pytest.mark.parametrize("name", [*HALF, *YEAR])
def test_a_period_has_at_least_what_it_contains(name: str, longer: dict[str, Scene]) -> None:
    assert longer[name].problems() == cells(longer[name], {**HALF, **YEAR}[name][1])


def test_a_period_is_not_held_against_half_of_what_it_contains(longer: dict[str, Scene]) -> None:
    assert longer["the quarter is not there"].problems() == []
