"""Whose form it is, of which period, year and version: by id, then by exact name; similar is never equal."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from pipeline.declare.project import Project, load_project
from pipeline.intake.imprint import OTHER
from pipeline.intake.period_words import period_in_words
from tests.builders import SCHEMAS, YEAR, Draft, Scene, evaluate_folder, found, play, states, truthful
from tests.contract import CARD

Case = tuple[Callable[[Draft], Draft], list[tuple[str, str]], str]


def says(problems: list[tuple[str, str]], **card: Any) -> Case:
    """What is written on the card, the problems as (field, code), and what becomes of the file."""
    wanted = "returned" if any(code in RETURNED for _, code in problems) else "in-force"
    return (lambda draft: draft.card(**card)), problems, wanted


RETURNED = ("unit-unknown", "unit-mismatch", "unit-ambiguous", "unit-not-valid", "period-mismatch", "form-outdated")


def of_old(case: Case) -> Case:
    """The same with the form as its first version was."""
    spoil, wanted, state = case
    return (lambda draft: spoil(truthful(draft.project.of_version("v1"), draft.unit.unit_id))), wanted, state


def unprinted(problems: list[tuple[str, str]], **card: Any) -> Case:
    """The same without the hidden sheet and the lines below the titles."""

    def edit(book: Workbook) -> None:
        del book["_meta"]
        for sheet in book.worksheets:
            sheet["A2"] = None
        book[CARD]["B2"] = None

    spoil, wanted, state = says(problems, **card)
    return (lambda draft: spoil(draft).edited(edit)), wanted, state


def named_like(spelling: Callable[[str], str]) -> Case:
    """The id lost, the name in another spelling."""
    return (lambda draft: draft.card(unit_id=None, unit_name=spelling(draft.unit.name))), [], "in-force"


CASES: dict[str, Case] = {
    "the id in small letters": ((lambda draft: draft.card(unit_id=draft.unit.unit_id.lower())), [], "in-force"),
    "spaces round the id": ((lambda draft: draft.card(unit_id=f" {draft.unit.unit_id} ")), [], "in-force"),
    "the id without a name": says([], unit_name=None),
    "only the name": named_like(lambda name: name),
    "only the name in capitals": named_like(str.upper),
    "only the name with UBND": named_like(lambda name: f"UBND {name[0].lower()}{name[1:]}"),
    "the name in the place of the id": (
        (lambda draft: draft.card(unit_id=draft.unit.name, unit_name=None)),
        [],
        "in-force",
    ),
    "an alias beside the id": ((lambda draft: draft.card(unit_name=draft.unit.aliases[1])), [], "in-force"),
    "a name that nobody knows beside the id": says([("unit_name", "name-differs")], unit_name="Xã Nào Đó"),
    "the name of another unit": says([("unit_name", "control-odd")], unit_name="Phòng Tư pháp"),
    "the name of another unit, nothing hidden": unprinted([("unit_id", "unit-mismatch")], unit_name="Phòng Tư pháp"),
    "the id of another unit": says([("unit_id", "control-odd")], unit_id="P-tu-phap"),
    "the id of another unit, nothing hidden": unprinted([("unit_id", "unit-mismatch")], unit_id="P-tu-phap"),
    "the id of another unit without a name": says([("unit_id", "unit-mismatch")], unit_id="P-tu-phap", unit_name=None),
    "only the name, of another unit": says([("unit_id", "unit-mismatch")], unit_id=None, unit_name="Phòng Y tế"),
    "an id that nobody has": says([("unit_id", "control-odd")], unit_id="XA-dau-do"),
    "an id that nobody has, nothing hidden": unprinted([("unit_id", "unit-unknown")], unit_id="XA-dau-do"),
    "an id with spaces for signs": (
        (lambda draft: draft.card(unit_id=draft.unit.unit_id.replace("-", " "))),
        [],
        "in-force",
    ),
    "an id that nobody has and no name": says([("unit_id", "unit-unknown")], unit_id="XA-dau-do", unit_name=None),
    "neither id nor name": says([("unit_id", "unit-unknown")], unit_id=None, unit_name=None),
    "a name that is only similar": says([("unit_id", "unit-unknown")], unit_id=None, unit_name="Xã Vĩnh Thày"),
    "a former name alone": says([("unit_id", "unit-not-valid")], unit_id=None, unit_name="Xã Vĩnh Kim"),
    "the district itself": says([("unit_id", "unit-unknown")], unit_id=None, unit_name="Huyện Vĩnh Linh"),
    "a known name under an id that nobody has": says([("unit_id", "control-odd")], unit_id="19369"),
    "another period": says([("period", "control-odd")], period="6t"),
    "another period and no window": says([("period", "control-odd")], period="6t", date_from=None, date_to=None),
    "another period, nothing else": unprinted(
        [("period", "period-mismatch")], period="6t", date_from=None, date_to=None
    ),
    "another period and another window": says(
        [("period", "period-mismatch")], period="6t", date_from="15/12/2024", date_to="14/6/2025"
    ),
    "the window of another period": says([("date_from", "control-odd")], date_from="15/12/2024", date_to="14/6/2025"),
    "the window of another period, nothing hidden": unprinted(
        [("date_from", "period-mismatch")], date_from="15/12/2024", date_to="14/6/2025"
    ),
    "nine months": says([("period", "control-odd")], period="9 tháng"),
    "nine months in its window, too": says(
        [("period", "period-mismatch")], period="9 tháng", date_from="01/01/2025", date_to="30/9/2025"
    ),
    "no period": says([("period", "control-odd")], period=None),
    "no period, nothing hidden": unprinted([("period", "control-odd")], period=None),
    "no period and no year": says([("period", "control-odd"), ("year", "control-odd")], period=None, year=None),
    "the period in words": says([], period="Quý III/2025"),
    "the period of another year": says([("year", "control-odd")], year=2024),
    "another year within the period": says([("period", "control-odd")], period="Quý III/2024"),
    "last year's window": says([("date_from", "control-odd")], date_from="15/6/2024", date_to="14/9/2024"),
    "last year's window, nothing hidden": unprinted(
        [("date_from", "period-mismatch")], date_from="15/6/2024", date_to="14/9/2024"
    ),
    "the year as text": says([], year="2025"),
    "the year in words": says([], year="Năm 2025"),
    "no year": says([("year", "control-odd")], year=None),
    "a form of last year with this year typed over": (
        (lambda draft: draft.hidden(plan="2024")),
        [("period", "control-odd")],
        "in-force",
    ),
    "a form of another period whose name was typed over": (
        (lambda draft: truthful(draft.project, draft.unit.unit_id, "6t").card(period="q3")),
        [("date_from", "period-mismatch")],
        "returned",
    ),
    "the same with its dates wiped": (
        (
            lambda draft: truthful(draft.project, draft.unit.unit_id, "6t").card(
                period="q3", date_from=None, date_to=None
            )
        ),
        [("period", "period-mismatch")],
        "returned",
    ),
    "a data window of the calendar": says(
        [("date_from", "date-odd"), ("date_to", "date-odd")], date_from="01/07/2025", date_to="30/9/2025"
    ),
    "the data window in other figures": says([], date_from="15-6-2025", date_to="14/9/2025"),
    "another day in words": says([("date_from", "date-odd")], date_from="từ ngày 15 tháng 12 năm 2024"),
    "another day as Excel counts it": says([("date_to", "date-odd")], date_to=45641),
    "the data window in words": says([], date_from="từ 15/6/2025", date_to="hết ngày 14 tháng 9 năm 2025"),
    "apostrophes before what is typed": says(
        [], report_date="'15/9/2025", nothing_to_report="’Không", revision="'1", year="'2025"
    ),
    "a data window that is no date": says([], date_from="đầu quý", date_to="cuối quý"),
    "a version typed over": says([("form_version", "control-odd")], form_version="v0"),
    "an older form": (
        (lambda draft: draft.hidden(form_version="v0").card(form_version="v0")),
        [("form_version", "form-outdated")],
        "returned",
    ),
    "a form without a version": says([("form_version", "control-odd")], form_version=None),
    "a version written out": says([], form_version="Phiên bản 2"),
    **{f"a version {written}": says([], form_version=written) for written in ("2", 2, "v2.0", "V. 2", "Mẫu v2")},
    "a version that is read, beside another in the hidden sheet": says(
        [("form_version", "control-odd")], form_version="Phiên bản 1"
    ),
    "an older version that is read": (
        (lambda draft: truthful(draft.project.of_version("v1"), draft.unit.unit_id)),
        [],
        "in-force",
    ),
    "an older version without a hidden sheet": of_old(unprinted([], form_version="Biểu mẫu 1")),
    "wrong unit and wrong period": says(
        [("unit_name", "control-odd"), ("period", "control-odd")], unit_name="Phòng Tư pháp", period="6t"
    ),
}


@pytest.fixture(scope="module")
def scenes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return play(tmp_path_factory.mktemp("identify"), project, {name: case[0] for name, case in CASES.items()})


@pytest.mark.parametrize("name", CASES)
def test_identity_of(name: str, scenes: dict[str, Scene]) -> None:
    _, problems, wanted = CASES[name]
    scene = scenes[name]
    file = f"{scene.unit_id}.xlsx"
    told = [problem for problem in scene.done.problems if problem.file == file and problem.code != "file-name-differs"]
    assert sorted((problem.cell, problem.code) for problem in told) == sorted(
        (scene.at("card", key), code) for key, code in problems
    )
    assert states(scene.done)[file] == wanted
    assert (scene.unit_id in scene.done.settlement.versions.chains) is (wanted == "in-force")


ODD_ANSWERS: dict[str, tuple[str, Any, str, str]] = {  # answer, what stands there, the code, and what is quoted
    "an error": ("period", "#N/A", "control-odd", "#N/A"),
    "a formula that was never worked out": ("year", "=2024+1", "control-odd", "=2024+1"),
    "a name by formula": ("unit_name", '="Xã X"', "name-differs", '="Xã X"'),
    "a broken id": ("unit_id", "#NAME?", "control-odd", "#NAME?"),
    "a broken version": ("form_version", "#REF!", "control-odd", "#REF!"),
    "yes or no": ("period", True, "control-odd", "TRUE"),
    "a number": ("period", 3, "control-odd", "3"),
}


@pytest.fixture(scope="module")
def oddities(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    def typed(key: str, value: Any) -> Callable[[Draft], Draft]:
        return lambda draft: draft.cell(draft.project.form.card.name, draft.at("card", key), value)

    return play(
        tmp_path_factory.mktemp("odd"),
        project,
        {name: typed(key, value) for name, (key, value, _, _) in ODD_ANSWERS.items()},
    )


@pytest.mark.parametrize("name", ODD_ANSWERS)
def test_an_odd_answer_is_quoted_as_its_sender_sees_it(name: str, oddities: dict[str, Scene]) -> None:
    scene, (_, _, code, quoted) = oddities[name], ODD_ANSWERS[name]
    file = f"{scene.unit_id}.xlsx"
    [problem] = [problem for problem in scene.done.problems if problem.file == file and problem.code == code]
    assert problem.value == quoted


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A register in which one unit has ended, another begins later, and two share a short name."""
    schemas = Path(shutil.copytree(SCHEMAS, tmp_path_factory.mktemp("changed") / "schemas"))
    path = schemas / "units.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace("19372,2020-01-01,,,", "19372,2020-01-01,2025-06-30,XA-vinh-thai,")  # XA-vinh-tu
    text = text.replace("19402,2020-01-01,,,", "19402,2025-07-01,,,")  # XA-vinh-thuy
    text = text.replace("UBND xã Vĩnh Hà;", "UBND xã Vĩnh Hà; Trung tâm;").replace(
        "UBND xã Vĩnh Ô;", "UBND xã Vĩnh Ô; Trung tâm;"
    )
    path.write_text(text, encoding="utf-8")
    return load_project(schemas, YEAR)


def test_a_unit_that_has_ended_is_no_longer_expected_nor_accepted(changed: Project, tmp_path: Path) -> None:
    draft = truthful(changed, "XA-vinh-tu")
    done = evaluate_folder(tmp_path, changed, [draft])
    assert found(done, "XA-vinh-tu", project=changed) == [(draft.at("card", "unit_id"), "unit-not-valid")]
    assert states(done) == {"XA-vinh-tu.xlsx": "returned"}
    assert "XA-vinh-tu" not in {unit.unit_id for unit in done.settlement.units}
    assert "XA-vinh-tu" not in set(done.completeness["unit_id"])


def test_the_same_unit_was_expected_half_a_year_before(changed: Project, tmp_path: Path) -> None:
    done = evaluate_folder(
        tmp_path, changed, [truthful(changed, "XA-vinh-tu", "6t"), truthful(changed, "XA-vinh-thuy", "6t")], "6t"
    )
    assert states(done) == {"XA-vinh-thuy.xlsx": "returned", "XA-vinh-tu.xlsx": "in-force"}
    assert found(done, "XA-vinh-thuy", "block-file", project=changed) == [("C4", "unit-not-valid")]


def test_a_name_of_two_units_is_asked_about(changed: Project, tmp_path: Path) -> None:
    spoil, _, _ = unprinted([], unit_id=None, unit_name="Trung tâm")
    draft = spoil(truthful(changed, "XA-vinh-o"))
    done = evaluate_folder(tmp_path, changed, [draft])
    assert found(done, "", project=changed) == [(draft.at("card", "unit_id"), "unit-ambiguous")]
    assert done.settlement.versions.chains == {}


def test_a_form_made_for_another_unit_is_read_and_asked_about(project: Project, tmp_path: Path) -> None:
    draft = truthful(project, "XA-vinh-o").card(unit_id="XA-vinh-tu", unit_name="Xã Vĩnh Tú")
    done = evaluate_folder(tmp_path, project, [draft])
    assert found(done, "XA-vinh-tu", project=project) == [(draft.at("card", "unit_id"), "control-odd")]
    assert list(done.settlement.versions.chains) == ["XA-vinh-tu"]


def test_of_two_units_of_one_name_the_form_itself_tells_which(changed: Project, tmp_path: Path) -> None:
    draft = truthful(changed, "XA-vinh-o").card(unit_id=None, unit_name="Trung tâm")
    done = evaluate_folder(tmp_path, changed, [draft])
    assert found(done, "XA-vinh-o", project=changed) == [(draft.at("card", "unit_id"), "control-odd")]


@pytest.mark.parametrize(
    "written",
    [
        "Quý 3/2025",
        "Q3/2025",
        "quý III năm 2025",
        "QUÝ III - 2025",
        "Quý 03/2025",
        "q3",
        "Qúy III",
        "quí 3/25",
        "Q 3",
        "III/2025",
        "quý ba",
        "kỳ quý III",
    ],
)
def test_words_that_plainly_mean_the_period_are_logged_and_not_asked_about(
    written: str, project: Project, tmp_path: Path
) -> None:
    draft = truthful(project, "XA-vinh-o").card(period=written)
    done = evaluate_folder(tmp_path, project, [draft])
    assert found(done, project=project) == []
    logged = [
        (change.cell, change.raw, change.used)
        for change in done.settlement.changes
        if change.rule == "control-spelling"
    ]
    assert logged == ([] if written == "q3" else [(draft.at("card", "period"), written, "q3")])


def test_every_period_is_known_by_its_full_name(project: Project) -> None:
    plan = project.plan
    for period in plan.periods:
        for name in (period.code, period.name, plan.full_name(period), f"{period.name}/2025", *period.spellings):
            assert period_in_words(name, plan) == period.code
            assert period_in_words(name.upper(), plan) == period.code
        assert period_in_words(f"{period.name} năm 2024".replace("2025", ""), plan) == OTHER


@pytest.mark.parametrize("written", ["Quý II", "9 tháng", "tháng 9", "quý 4", "III", "2025", "Quý", "13", ""])
def test_words_that_name_no_period_of_the_plan(written: str, project: Project) -> None:
    assert period_in_words(written, project.plan) == ""


def test_the_file_name_decides_nothing(project: Project, tmp_path: Path) -> None:
    done = evaluate_folder(
        tmp_path, project, [truthful(project, "XA-vinh-o").named("thư mục con/BC xã Vĩnh Thái quý I năm 2019.xlsx")]
    )
    assert list(done.settlement.versions.chains) == ["XA-vinh-o"]
    assert found(done, project=project) == []


def test_a_unit_that_need_not_report_may(changed: Project, project: Project, tmp_path: Path) -> None:
    schemas = Path(shutil.copytree(SCHEMAS, tmp_path / "schemas"))
    path = schemas / "units.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "P.YT; Phòng Y tế huyện,,,2020-01-01,,,yes", "P.YT; Phòng Y tế huyện,,,2020-01-01,,,no"
        ),
        encoding="utf-8",
    )
    lenient = load_project(schemas, YEAR)
    done = evaluate_folder(tmp_path / "in", lenient, [truthful(lenient, "P-y-te")])
    assert states(done) == {"P-y-te.xlsx": "in-force"}
    assert "P-y-te" not in set(done.completeness["unit_id"])
    line = done.totals.set_index("indicator_id").loc["CT01"]
    assert (line["units_reporting"], line["units_expected"]) == (0, 31)
    assert line["this_period"] > 0
