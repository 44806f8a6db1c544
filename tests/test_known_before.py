"""A new form tells what earlier reports say and asks for nothing twice; what it tells is never an answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from pipeline.commands.check import check_one
from pipeline.commands.look_back import Before, look_back, looking_back
from pipeline.commands.templates import write_templates
from pipeline.declare.project import Project
from pipeline.declare.register import Register, Unit
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.forms.blank_form import write_blank_form
from pipeline.reading.periods import Folders
from pipeline.values.known import Known
from tests.builders import (
    Draft,
    Scene,
    address,
    blank,
    codes,
    day,
    evaluate_folder,
    found,
    play,
    save_all,
    state,
    truthful,
    with_few_blank_rows,
)
from tests.contract import CARD, FIGURES, TASKS
from tests.lasting import LASTING

WHOLE, OLDER, ADDED, MARKED, BACK, NONE = (
    "XA-vinh-thai",
    "XA-hien-thanh",
    "XA-vinh-tu",
    "XA-ho-xa",
    "XA-kim-thach",
    "P-noi-vu",
)
PEOPLE = {"signed_by": "Lê Văn Ký", "signer_title": "Chủ tịch UBND xã", "prepared_by": "Hồ Thị Lập", "phone": "0233 1"}
PLAN = {"plan_number": "12/KH-UBND", "plan_date": day("2025-02-10")}
DONE, NOT_DUE = "Đã hoàn thành, không phải báo lại (theo báo cáo {})", "Chưa đến hạn"


def first(project: Project) -> list[Draft]:
    """The first quarter: one unit with its plan, one whose figures are words for nothing."""
    words = truthful(project, OLDER, "q1").figures(CT01="-", CT02="…", CT14="x")
    return [truthful(project, WHOLE, "q1").card(**PEOPLE, **PLAN).figures(CT05=37.5), words]


def half(project: Project) -> list[Draft]:
    """Half a year: another signer and no word of the plan; an older form; a supplement; a sample; one sent back."""
    mine = truthful(project, WHOLE, "6t").card(**{**PEOPLE, "signed_by": "Trần Thị Mới"}).figures(CT05=80.1, PA04=3)
    older = truthful(project.of_version("v1"), OLDER, "6t").card(**PEOPLE, plan_number="kế hoạch xã", plan_date="chưa")
    base = truthful(project, ADDED, "6t").card(**PEOPLE, **PLAN).blank_task("NV01").figures(PA04="…")
    more = blank(project, ADDED, "6t").named("bo-sung.xlsx").card(revision=2, revision_kind="Bổ sung")
    more = more.card(revision_reason="Thêm số", signed_by="Võ Văn Sau").figures(CT01=77).received("2025-06-16 08:00")
    marked = truthful(project, MARKED, "6t").card(**PEOPLE, **PLAN).sample()
    back = truthful(project, BACK, "6t").card(**PEOPLE, **PLAN).edited(_without_figures)
    return [mine, older, base, more, marked, back]


def _without_figures(book: Workbook) -> None:
    del book[FIGURES]


def third(project: Project) -> list[Draft]:
    return [truthful(project, WHOLE).card(**PEOPLE, **PLAN).figures(CT05=10.2, CT14=900, CT01=9).blank_task("NV01")]


@pytest.fixture(scope="module")
def folders(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    home = tmp_path_factory.mktemp("year")
    for code, drafts in (("q1", first(project)), ("6t", half(project)), ("q3", third(project))):
        save_all(home / "in" / "2025" / code, drafts)
    return Folders(home / "in", home / "out")


@pytest.fixture(scope="module")
def known(project: Project, folders: Folders) -> Mapping[str, Mapping[str, Known]]:
    """By period and unit."""
    periods = (project.plan.period(code) for code in ("q1", "6t", "q3", "nam"))
    return {period.code: look_back(project, period, folders, LASTING) for period in periods}


def test_nothing_is_known_before_the_first_period_nor_of_units_without_a_form(
    known: Mapping[str, Mapping[str, Known]],
) -> None:
    """Nor of a unit of which only a sample or a form that came back lies there."""
    assert known["q1"] == {}
    assert {code: set(units) for code, units in known.items() if code != "q1"} == {
        "6t": {WHOLE, OLDER},
        "q3": {WHOLE, OLDER, ADDED},
        "nam": {WHOLE, OLDER, ADDED},
    }


CARDS: Mapping[tuple[str, str], Mapping[str, object]] = {
    ("6t", WHOLE): {**PEOPLE, **PLAN},
    # who signs is taken from the last report, the plan from that which names it
    ("q3", WHOLE): {**PEOPLE, **PLAN, "signed_by": "Trần Thị Mới"},
    ("q3", OLDER): PEOPLE,  # what is asked about is not repeated
    ("q3", ADDED): {
        **PLAN,
        "signed_by": "Võ Văn Sau",
        "signer_title": "Chủ tịch",
        "prepared_by": "Người lập thử",
    },  # the supplement is the last report
    ("nam", WHOLE): {**PEOPLE, **PLAN},
}


@pytest.mark.parametrize("at", CARDS)
def test_the_card_begins_with_what_the_last_report_answers(
    at: tuple[str, str], known: Mapping[str, Mapping[str, Known]]
) -> None:
    assert known[at[0]][at[1]].card == CARDS[at]


FIGURES_BEFORE: Mapping[tuple[str, str, str], object] = {
    ("6t", WHOLE, "CT05"): 37.5,
    ("6t", WHOLE, "PA01"): 2,  # 6 tháng begins with the same balance as Quý I
    ("6t", OLDER, "CT01"): "-",
    ("6t", OLDER, "CT02"): "…",
    ("6t", OLDER, "CT14"): "x",
    ("q3", WHOLE, "CT05"): 80.1,
    ("q3", WHOLE, "PA01"): 4,  # PA04 + PA05 of 6 tháng
    ("q3", OLDER, "CT05"): 75,
    ("q3", ADDED, "CT01"): 77,
    ("q3", ADDED, "PA01"): None,  # half of the balance is not known yet
    ("nam", WHOLE, "CT05"): 90.3,
    ("nam", WHOLE, "CT14"): 900,  # a stock is that of the last closing day
    ("nam", WHOLE, "PA01"): 2,
    ("nam", OLDER, "CT05"): "75 (chưa gồm Quý III)",
    ("nam", OLDER, "CT14"): None,
}


@pytest.mark.parametrize("at", FIGURES_BEFORE)
def test_a_figure_of_before_stands_beside_that_of_now(
    at: tuple[str, str, str], known: Mapping[str, Mapping[str, Known]]
) -> None:
    period, unit_id, name = at
    assert known[period][unit_id].figures.get(name) == FIGURES_BEFORE[at]


def saved(project: Project, unit_id: str, period: str, known: Mapping[str, Mapping[str, Known]], path: Path) -> Path:
    unit, before = project.register.by_id[unit_id], known[period].get(unit_id, Known())
    few = with_few_blank_rows(project)
    write_blank_form(path, few, unit, project.plan.period(period), known=before)
    return path


STANDINGS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("q1", WHOLE): {"NV09": NOT_DUE},
    ("6t", WHOLE): {"NV01": DONE.format("Quý I"), "NV09": NOT_DUE},
    ("q3", WHOLE): {"NV01": DONE.format("6 tháng đầu năm"), "NV09": NOT_DUE},
    ("q3", ADDED): {"NV09": NOT_DUE},  # left blank in 6 tháng, so it is asked again
    ("q3", MARKED): {"NV09": NOT_DUE},
    ("nam", WHOLE): {"NV01": DONE.format("6 tháng đầu năm")},
}


@pytest.mark.parametrize("at", STANDINGS)
def test_a_task_that_needs_no_report_is_grey_and_says_why(
    at: tuple[str, str], known: Mapping[str, Mapping[str, Known]], project: Project, tmp_path: Path
) -> None:
    period, unit_id = at
    sheet = load_workbook(saved(project, unit_id, period, known, tmp_path / "form.xlsx"))[TASKS]
    tasks = [task for task in project.plan.tasks if project.plan.leads(task, project.register.by_id[unit_id])]
    told = {task.id: sheet[address(project, "tasks", "standing", task.id)].value for task in tasks}
    assert {name: text for name, text in told.items() if text} == STANDINGS[at]
    for task in tasks:
        cells = [sheet[address(project, "tasks", key, task.id)] for key in ("status", "result")]
        assert {cell.protection.locked for cell in cells} == {task.id in STANDINGS[at]}, task.id
        assert all(cell.value is None for cell in cells)
        assert sheet[address(project, "tasks", "role", task.id)].value == "Chủ trì"


def test_what_is_told_is_locked_and_says_of_which_period_it_is(
    known: Mapping[str, Mapping[str, Known]], project: Project, tmp_path: Path
) -> None:
    book = load_workbook(saved(project, WHOLE, "q3", known, tmp_path / "form.xlsx"))
    sheet = book[FIGURES]
    for item in project.plan.indicators:
        before, now = (sheet[address(project, "figures", key, item.id)] for key in ("previous", "value"))
        assert (before.value, before.protection.locked) == (known["q3"][WHOLE].figures.get(item.id), True)
        assert now.value is None
    prompts = {str(rule.sqref): rule.prompt for rule in sheet.data_validations.dataValidation if rule.type is None}
    [one, carried] = (prompts[address(project, "figures", "previous", name)] for name in ("CT05", "PA01"))
    assert "6 tháng đầu năm" in one and "PA04 + PA05 của 6 tháng đầu năm" in carried
    assert all(len(prompt) <= 255 for prompt in prompts.values())
    assert book[CARD][address(project, "card", "signed_by")].value == "Trần Thị Mới"
    assert not book[CARD][address(project, "card", "signed_by")].protection.locked


def test_what_is_told_answers_nothing(
    known: Mapping[str, Mapping[str, Known]], project: Project, tmp_path: Path
) -> None:
    """An untouched form owes the same, whatever stands beside its cells; only the card has its answers."""
    before = {"6t": evaluate_folder(tmp_path / "6t", project, half(project)[:1], "6t")}
    done: dict[str, Evaluation] = {}
    for name, told in (("plain", {"q3": {}}), ("told", known)):
        (tmp_path / name).mkdir()
        saved(project, WHOLE, "q3", told, tmp_path / name / f"{WHOLE}.xlsx")
        done[name] = evaluate_folder(tmp_path / name, project, others=before)
    assert {item.settlement.frames["figures"]["filled"].any() for item in done.values()} == {False}
    owed = {name: found(item, WHOLE, project=project) for name, item in done.items()}
    told_cells = {address(project, "card", key) for key in (*PEOPLE, *PLAN)}
    assert [line for line in owed["plain"] if line[0] not in told_cells] == owed["told"]
    assert {cell for cell, code in set(owed["plain"]) - set(owed["told"])} <= told_cells
    assert {state(item, WHOLE, "NV01") for item in done.values()} == {"done"}
    assert {state(item, WHOLE, "NV02") for item in done.values()} == {"missing"}
    assert "copied-forward" not in codes(done["told"], f"{WHOLE}.xlsx")


def test_a_task_that_the_form_says_is_done_is_asked_for_by_no_command(
    known: Mapping[str, Mapping[str, Known]], project: Project, folders: Folders, tmp_path: Path
) -> None:
    """By itself, without what was sent before, nobody can know."""
    form = saved(project, WHOLE, "q3", known, tmp_path / "form.xlsx")
    period = project.plan.period("q3")

    def asked(before: Before) -> bool:
        check = check_one(project, form, form.name, LASTING, period, before)
        assert {"NV02", "NV03"} <= set(check.below_done["missing"])
        assert ("NV01" in check.below_done["missing"]) == any("NV01" in text for text in check.messages)
        return "NV01" in check.below_done["missing"]

    assert asked(lambda _: {}) and not asked(looking_back(project, folders, LASTING))


def _overwrite(book: Workbook) -> None:
    sheet = book[FIGURES]
    column = next(cell.column_letter for cell in sheet[4] if cell.value == "previous")
    for row, value in enumerate((12, "=1/0", "#REF!", "khoảng 20", -3, 45_000, None), start=6):
        sheet[f"{column}{row}"] = value
    sheet[f"{column}8"].font = Font(strike=True)
    sheet[f"{column}9"].number_format = "0%"
    sheet[f"{column}11"].comment = Comment("xem lại số kỳ trước", "Hồ Thị Lập")


def _delete(book: Workbook) -> None:
    for sheet, key in ((book[FIGURES], "previous"), (book[TASKS], "standing")):
        sheet.delete_cols(next(cell.column for cell in sheet[4] if cell.value == key))


def _hide(book: Workbook) -> None:
    book[FIGURES].column_dimensions["E"].hidden = True


def _without_keys(book: Workbook) -> None:
    for name in (FIGURES, TASKS):
        book[name].delete_rows(4)


AWKWARD = {"written over": _overwrite, "deleted": _delete, "hidden": _hide, "without keys": _without_keys}


@pytest.fixture(scope="module")
def awkward(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    spoils = {how: (lambda draft, edit=edit: draft.edited(_tell).edited(edit)) for how, edit in AWKWARD.items()}
    return play(tmp_path_factory.mktemp("awkward"), project, spoils)


@pytest.mark.parametrize("how", AWKWARD)
def test_readers_pass_over_what_is_told(how: str, awkward: dict[str, Scene]) -> None:
    scene = awkward[how]
    assert scene.problems() == []
    grid = scene.done.settlement.grid
    mine = grid[(grid["unit_id"] == scene.unit_id) & grid["value"].notna()]
    typed = {name: row["value"] for name, row in scene.draft.answers.figures.items()}
    assert dict(zip(mine["indicator_id"], mine["value"], strict=True)) == typed


def _tell(book: Workbook) -> None:
    """Fill the columns as the form of a later period has them."""
    for name, key, told in ((FIGURES, "previous", 4), (TASKS, "standing", DONE.format("Quý I"))):
        column = next(cell.column for cell in book[name][4] if cell.value == key)
        for row in range(6, book[name].max_row + 1):
            book[name].cell(row, column).value = told


def test_the_command_makes_forms_with_what_is_known(project: Project, folders: Folders) -> None:
    units = tuple(project.register.by_id[unit_id] for unit_id in (WHOLE, NONE))
    small = replace(with_few_blank_rows(project), register=Register(units))
    forms = write_templates(small, project.plan.period("6t"), folders, engine=LASTING)
    told = {path.stem: _column(path, FIGURES, "previous") for path in forms.paths}
    assert set(told) == {WHOLE, NONE}
    assert not any(told[NONE]) and sum(value is not None for value in told[WHOLE]) > 20


MERGED, TOWN = "XA-moi-2025", "XA-thi-tran-moi-2025"


def after_a_merger(project: Project) -> Project:
    """Three communes that reported half a year are one since July; two others, both silent, became a town."""
    heirs = {WHOLE: MERGED, OLDER: MERGED, ADDED: MERGED, BACK: TOWN, "XA-vinh-lam": TOWN}
    ended = {"valid_to": date(2025, 6, 30)}
    units = [
        replace(unit, **ended, successor=heirs[unit.unit_id]) if unit.unit_id in heirs else unit
        for unit in project.register.units
    ]
    new = [Unit(name, f"Xã {name}", "xa", valid_from=date(2025, 7, 1)) for name in (MERGED, TOWN)]
    return replace(project, register=Register((*units, *new)))


def test_a_unit_of_several_begins_with_the_sum_of_theirs_where_every_one_told(
    project: Project, folders: Folders, tmp_path: Path
) -> None:
    merged = after_a_merger(project)
    told = look_back(merged, merged.plan.period("q3"), folders, LASTING)
    mine, names = told[MERGED], {unit_id: merged.register.by_id[unit_id].name for unit_id in (WHOLE, OLDER, ADDED)}
    given = {
        name: {unit_id: known.figures.get(name) for unit_id, known in _apart(project, folders).items()}
        for name in ("CT01", "CT05", "CT14", "PA01")
    }
    for name in ("CT01", "CT05", "CT14"):
        assert mine.figures[name] == pytest.approx(sum(float(str(value)) for value in given[name].values())), name
    assert given["PA01"][ADDED] is None and "PA01" not in mine.figures  # one of them wrote “…”
    assert mine.lacking["PA01"] == (names[ADDED],)
    assert set(mine.merged) == set(names.values())
    assert mine.card == {} and mine.done == {}  # who signs is somebody else, and a plan is the new unit's own
    assert TOWN not in told  # neither of its communes has a form in force
    book = load_workbook(saved(merged, MERGED, "q3", {"q3": told}, tmp_path / "form.xlsx"))
    rules = book[FIGURES].data_validations.dataValidation
    prompts = {str(rule.sqref): rule.prompt for rule in rules if rule.type is None}
    assert names[WHOLE] in prompts[address(project, "figures", "previous", "CT01")]
    assert names[ADDED] in prompts[address(project, "figures", "previous", "PA01")]
    assert all(len(prompt) <= 255 for prompt in prompts.values())


def _apart(project: Project, folders: Folders) -> Mapping[str, Known]:
    told = look_back(project, project.plan.period("q3"), folders, LASTING)
    return {unit_id: told[unit_id] for unit_id in (WHOLE, OLDER, ADDED)}


def test_one_silent_part_leaves_no_sum(project: Project, folders: Folders) -> None:
    merged = after_a_merger(project)
    silent = "XA-vinh-ha"
    units = [
        replace(unit, valid_to=date(2025, 6, 30), successor=MERGED) if unit.unit_id == silent else unit
        for unit in merged.register.units
    ]
    told = look_back(replace(merged, register=Register(tuple(units))), project.plan.period("q3"), folders, LASTING)
    assert told[MERGED].figures == {}
    assert merged.register.by_id[silent].name in told[MERGED].lacking["CT01"]


def _column(path: Path, name: str, key: str) -> list[Any]:
    sheet = load_workbook(path)[name]
    column = next(cell.column for cell in sheet[4] if cell.value == key)
    return [sheet.cell(row, column).value for row in range(6, sheet.max_row + 1)]
