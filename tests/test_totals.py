"""Totals: what is added, what is a gap, who is counted, and what adds up over periods."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from tests.builders import Draft, an_activity, evaluate_folder, figure, found, total, truthful

ONE, TWO, LAW, CENTRE = "XA-vinh-o", "XA-vinh-tu", "P-tu-phap", "SN-vhtt-tdtt"
STOCKS = {"CT07", "CT14", "PA01", "PA04", "PA05"}


def first(project: Project) -> Draft:
    return truthful(project, ONE).figures(
        CT01="-", CT02="…", CT03="x", CT04=None, CT05=37.5, CT06="khoảng 3", CT08=-1, CT09=0, CT10="1.234"
    )


def second(project: Project) -> Draft:
    draft = truthful(project, TWO).figures(CT01=70, CT02=71, CT03=4, CT04=9, CT05=0.25, CT06=3, CT08=2, CT09=5, CT10=6)
    draft = draft.spoil_activity(0, quantity=7, participants=11).spoil_activity(
        1, repost_of="Cổng huyện", quantity=100, participants=500
    )
    return draft.activity(
        **an_activity(draft, "NV05", form="Họp thôn, xóm, khu phố", title="Họp", quantity=2, participants=30)
    ).figures(CT15b=3)


@pytest.fixture(scope="module")
def half_year(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    drafts = [
        truthful(project, ONE, "6t").figures(CT01=1000, CT07=40),
        truthful(project, TWO, "6t").figures(CT01=2000, CT10="…"),
    ]
    return evaluate_folder(tmp_path_factory.mktemp("half"), project, drafts, "6t")


@pytest.fixture(scope="module")
def quarter(project: Project, half_year: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    drafts = [first(project), second(project), truthful(project, LAW).figures(CT01=5, CT03=300, CT06="x")]
    return evaluate_folder(tmp_path_factory.mktemp("quarter"), project, drafts, others={"6t": half_year})


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("CT01", (0, "none-arose")),
        ("CT02", (None, "not-yet-known")),
        ("CT03", (None, "not-applicable")),
        ("CT04", (None, "not-filled")),
        ("CT05", (37.5, "")),
        ("CT06", (None, "unreadable")),
        ("CT08", (None, "unreadable")),
        ("CT09", (0, "")),
        ("CT10", (1234, "")),
    ],
)
def test_what_one_unit_wrote_and_what_is_used(indicator: str, expected: tuple[Any, str], quarter: Evaluation) -> None:
    assert figure(quarter, ONE, indicator) == expected


def test_a_unit_without_a_form_is_a_gap_everywhere(quarter: Evaluation, project: Project) -> None:
    silent = quarter.settlement.grid[quarter.settlement.grid["unit_id"] == CENTRE]
    assert len(silent) == sum(
        project.plan.fills(item, project.register.by_id[CENTRE]) for item in project.plan.indicators
    )
    assert set(silent["kind_of_nothing"]) == {"not-reported"}
    assert silent["value"].isna().all()


@pytest.mark.parametrize(
    ("indicator", "value", "reporting", "expected"),
    [
        ("CT01", 75, 3, 32),  # none arose counts as a report of zero
        ("CT02", 76, 2, 32),  # not yet known does not
        ("CT03", 304, 1, 19),  # does not apply either; a greyed row is added up, but its unit is not among the expected
        ("CT04", 9, 1, 19),  # nor does a blank
        ("CT05", 37.75, 2, 19),
        ("CT06", 3, 1, 20),  # nor what nobody can read
        ("CT08", 3, 2, 32),
        ("CT09", 8, 3, 21),
        ("CT10", 1246, 3, 21),
        ("CT17", 2, 2, 19),
        ("PA02", 10, 2, 19),
    ],
)
def test_the_total_of(indicator: str, value: float, reporting: int, expected: int, quarter: Evaluation) -> None:
    line = total(quarter, indicator)
    assert (line["this_period"], line["units_reporting"], line["units_expected"]) == (value, reporting, expected)


def test_a_total_that_nobody_reported_is_blank_and_not_zero(project: Project, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [truthful(project, LAW)])
    assert (
        total(done, "CT03")["this_period"],
        total(done, "CT03")["units_reporting"],
        total(done, "CT03")["units_expected"],
    ) == (None, 0, 19)


def test_every_indicator_has_one_row_in_the_order_of_the_plan(quarter: Evaluation, project: Project) -> None:
    assert list(quarter.totals["indicator_id"]) == [item.id for item in project.plan.indicators]


def test_cumulative_in_quarter_three_is_half_year_plus_quarter(
    quarter: Evaluation, half_year: Evaluation, project: Project
) -> None:
    assert total(quarter, "CT01")["cumulative"] == 3000 + 75
    for item in project.plan.indicators:
        if item.kind == "flow" and not item.since:  # what later forms ask is given by nobody here
            assert (
                total(quarter, item.id)["cumulative"]
                == total(half_year, item.id)["this_period"] + total(quarter, item.id)["this_period"]
            ), item.id


def test_a_stock_is_never_cumulative(quarter: Evaluation, half_year: Evaluation) -> None:
    for done in (quarter, half_year):
        assert all(total(done, name)["cumulative"] is None for name in STOCKS)
    assert total(quarter, "CT07")["this_period"] == 4


def test_the_half_year_contains_the_first_quarter_and_does_not_add_it(
    half_year: Evaluation, project: Project, tmp_path: Path
) -> None:
    spring = evaluate_folder(tmp_path / "q1", project, [truthful(project, ONE, "q1")], "q1")
    again = evaluate_folder(tmp_path / "6t", project, [truthful(project, ONE, "6t")], "6t", {"q1": spring})
    assert total(spring, "CT02")["cumulative"] == total(spring, "CT02")["this_period"] == 5
    assert total(again, "CT02")["cumulative"] == total(again, "CT02")["this_period"] == 10
    assert total(half_year, "CT02")["cumulative"] == total(half_year, "CT02")["this_period"] == 20


@pytest.mark.parametrize("name", ["nobody filed in the half-year", "the half-year was not read"])
def test_cumulative_is_blank_when_the_half_year_has_no_reports(name: str, project: Project, tmp_path: Path) -> None:
    others = {"6t": evaluate_folder(tmp_path / "6t", project, period="6t")} if name.startswith("nobody") else {}
    done = evaluate_folder(tmp_path / "q3", project, [truthful(project, ONE)], others=others)
    assert total(done, "CT01")["this_period"] is not None
    assert done.totals["cumulative"].isna().all()


def test_cumulative_is_blank_for_the_figure_that_one_period_lacks(project: Project, tmp_path: Path) -> None:
    before = evaluate_folder(tmp_path / "6t", project, [truthful(project, ONE, "6t").figures(CT11="…")], "6t")
    done = evaluate_folder(tmp_path / "q3", project, [truthful(project, ONE)], others={"6t": before})
    assert total(done, "CT11")["cumulative"] is None
    assert total(done, "CT12")["cumulative"] == 27


def by_form(done: Evaluation, form: str) -> dict[str, int]:
    [line] = done.forms[done.forms["form"] == form].to_dict("records")
    return {key: line[key] for key in ("rows", "quantity", "participants", "units", "reposts")}


def test_reposts_are_listed_apart_and_counted_nowhere(quarter: Evaluation) -> None:
    assert by_form(quarter, "Cổng/Trang thông tin điện tử") == {
        "rows": 19,
        "quantity": 18 + 7,
        "participants": 11,
        "units": 2,
        "reposts": 1,
    }
    assert by_form(quarter, "Họp thôn, xóm, khu phố") == {
        "rows": 1,
        "quantity": 2,
        "participants": 30,
        "units": 1,
        "reposts": 0,
    }
    assert by_form(quarter, "Báo chí, chuyên trang, chuyên mục") == {
        "rows": 0,
        "quantity": 0,
        "participants": 0,
        "units": 0,
        "reposts": 0,
    }


def test_every_form_of_propaganda_has_its_row(quarter: Evaluation, project: Project) -> None:
    assert list(quarter.forms["form"]) == [choice.label for choice in project.form.choices["form"]]


@pytest.fixture(scope="module")
def quiet(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """One unit in which nothing arose, with some figures written all the same."""
    draft = truthful(project, ONE).no_activities().only_figures(CT01=0, CT02="…", CT03="x").card(nothing_to_report="Có")
    draft = draft._with(tasks={key: draft.answers.tasks[key] for key in ("NV01", "NV06")})
    return evaluate_folder(tmp_path_factory.mktemp("quiet"), project, [draft])


def test_where_nothing_arose_blank_figures_are_zero_and_marks_stay(quiet: Evaluation, project: Project) -> None:
    assert [figure(quiet, ONE, name) for name in ("CT01", "CT02", "CT03", "CT04", "CT14")] == [
        (0, ""),
        (None, "not-yet-known"),
        (None, "not-applicable"),
        (0, "none-arose"),
        (0, "none-arose"),
    ]
    assert (total(quiet, "CT04")["this_period"], total(quiet, "CT04")["units_reporting"]) == (0, 1)
    assert found(quiet, project=project) == []


def test_every_blank_that_became_zero_is_in_the_list_of_changes(quiet: Evaluation, project: Project) -> None:
    unit = project.register.by_id[ONE]
    owed = [item.id for item in project.plan.indicators if project.plan.fills(item, unit)]
    changed = {change.cell for change in quiet.settlement.changes if change.rule == "nothing-to-report"}
    draft = truthful(project, ONE)
    assert changed == {draft.at("figures", "value", name) for name in owed if name not in ("CT01", "CT02", "CT03")}


def test_a_figure_leads_back_to_its_cell(quarter: Evaluation, project: Project) -> None:
    draft = truthful(project, ONE)
    lines = quarter.settlement.grid[quarter.settlement.grid["unit_id"] == ONE].set_index("indicator_id")
    for item in project.plan.indicators:
        assert (lines.at[item.id, "file"], lines.at[item.id, "sheet"], lines.at[item.id, "cell"]) == (
            f"{ONE}.xlsx",
            "Biểu 2 - Số liệu",
            draft.at("figures", "value", item.id),
        )


def test_every_value_used_other_than_as_written_is_in_the_list_of_changes(quarter: Evaluation) -> None:
    draft_cell = {
        (change.field, change.raw, change.used) for change in quarter.settlement.changes if change.file == f"{ONE}.xlsx"
    }
    assert draft_cell == {("value", "-", "0"), ("value", "1.234", "1234")}
