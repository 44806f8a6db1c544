"""Versions of the form live together: what an older one prints is no slip, what it lacks it did not ask."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.declare.form import Choice, Field, Sheet
from pipeline.declare.plan import Indicator, Wording
from pipeline.declare.project import Project
from pipeline.declare.versions import plan_as_of, printed_as, reading_older
from pipeline.judged.evaluation import Evaluation
from tests.builders import evaluate_folder, figure, found, total, truthful

NEW, REWORDED, RELABELLED = "CT99", "CT19b", "Số liệu trong kỳ"
OLD, OWN, BOTH, SILENT = "XA-vinh-thai", "XA-vinh-tu", "XA-hien-thanh", "XA-ho-xa"


def with_news(project: Project) -> Project:
    """The plan with one more indicator, one in other words; the form with one more column, label and choice."""
    figures, requests = project.form["figures"], project.form["requests"]
    value = replace(figures.by_key["value"], label=RELABELLED, required=True)
    columns = tuple(value if item.key == "value" else item for item in figures.fields)
    more = (*requests.fields, Field("term", "Thời hạn", "text", required=True, example="Trước 30/9/2025"))
    sheets = {
        **project.form.sheets,
        "figures": replace(figures, fields=columns, guidance="Chữ khác."),
        "requests": replace(requests, fields=more),
    }
    status = tuple(
        replace(one, label=one.label.upper()) if one.id == "ongoing" else one for one in project.form.choices["status"]
    )
    form = replace(
        project.form, sheets=sheets, choices={**project.form.choices, "status": (*status, Choice("late", "Làm muộn"))}
    )
    return replace(
        project, form=reading_older(form, project.older), plan=replace(project.plan, indicators=_indicators(project))
    )


def _indicators(project: Project) -> tuple[Indicator, ...]:
    worded = (
        replace(
            item,
            title="Lượt dự thi ở cấp trên, tính theo lượt",
            measure="lượt",
            was={"v1": Wording(item.title, item.measure)},
        )
        if item.id == REWORDED
        else item
        for item in project.plan.indicators
    )
    return (*worded, Indicator(NEW, "Số tổ công nghệ", "tổ", "stock", ("cap-xa",), optional=True, since="v2"))


@pytest.fixture(scope="module")
def news(project: Project) -> Project:
    return with_news(project)


@pytest.fixture(scope="module")
def done(news: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """A form of either version, and one of the older version to which the newer one adds a row."""
    older = news.of_version("v1")
    old, base = (truthful(older, unit).request(kind="Kiến nghị", content="Thêm loa") for unit in (OLD, BOTH))
    added = truthful(news, BOTH).only_figures(**{NEW: 4}).no_activities().named("them.xlsx")
    added = added.card(revision=2, revision_kind="Bổ sung", revision_reason="Thêm số tổ")
    return evaluate_folder(
        tmp_path_factory.mktemp("versions"), news, [old, truthful(news, OWN).figures(**{NEW: 3}), base, added]
    )


@pytest.mark.parametrize("unit_id", [OLD, OWN, BOTH])
def test_no_form_of_either_version_is_asked_anything(unit_id: str, done: Evaluation, news: Project) -> None:
    assert found(done, unit_id, project=news) == []


def test_an_older_form_did_not_ask_what_is_new(done: Evaluation, news: Project) -> None:
    units = [unit.unit_id for unit in done.settlement.units if news.plan.fills(news.plan.indicator[NEW], unit)]
    assert {OLD, OWN, BOTH, SILENT} < set(units)
    assert total(done, NEW)["units_expected"] == len(units) - 1  # all but the one that files by the older form alone
    assert total(done, NEW)["units_reporting"] == 2
    assert figure(done, BOTH, NEW)[0] == 4
    assert total(done, REWORDED)["units_expected"] == len(done.settlement.units)


def test_each_reading_says_by_which_version_it_was_filed(done: Evaluation) -> None:
    assert {
        reading.unit_id: reading.version for reading in done.settlement.readings if reading.file != "them.xlsx"
    } == {
        OLD: "v1",
        OWN: "v2",
        BOTH: "v1",
    }


def test_words_of_the_newer_version_in_an_older_form_are_a_slip_and_cost_a_question(
    news: Project, tmp_path: Path
) -> None:
    older = truthful(news.of_version("v1"), OLD)
    spoilt = older.cell("Biểu 2 - Số liệu", older.at("figures", "measure", "CT01"), "nghìn tin")
    assert [code for _, code in found(evaluate_folder(tmp_path, news, [spoilt]), OLD, project=news)] == [
        "meaning-contradicted"
    ]


def as_printed_before(project: Project) -> Project:
    """The form of this version as it went out before its rows, columns and lines were worded anew."""
    plan = project.plan
    for version in plan.versions:
        plan = plan_as_of(plan, version)
    form = printed_as(project.form, project.older["v1"])
    sheets = {name: _before(sheet, project.form[name]) for name, sheet in form.sheets.items()}
    return replace(project, form=replace(form, sheets=sheets), plan=plan)


def _before(sheet: Sheet, now: Sheet) -> Sheet:
    fields = tuple(item for item in sheet.fields if item.key not in ("listed", "how"))
    return replace(sheet, fields=fields, guidance=now.printed_before[0] if now.printed_before else now.guidance)


def test_a_form_that_went_out_before_its_words_changed_is_asked_nothing(project: Project, tmp_path: Path) -> None:
    before = as_printed_before(project)
    draft = truthful(before, OLD).request(kind="Kiến nghị", content="Thêm loa", addressed_to="UBND tỉnh")
    ids = draft.cell("Biểu 2 - Số liệu", draft.at("figures", "indicator_id", "CT14"), "14")  # its title says which row
    done = evaluate_folder(tmp_path, project, [ids])
    assert found(done, OLD, project=project) == []
    assert {change.rule for change in done.settlement.changes} & {"printed-reworded"} == set()
    assert figure(done, OLD, "CT14")[0] == draft.answers.figures["CT14"]["value"]
    assert before.plan.indicator["CT14"].title != project.plan.indicator["CT14"].title


def test_without_reads_an_older_form_comes_back(project: Project, tmp_path: Path) -> None:
    alone = replace(project, plan=replace(project.plan, reads=()), older={})
    done = evaluate_folder(tmp_path, alone, [truthful(project.of_version("v1"), OLD)])
    assert [code for _, code in found(done, OLD, project=alone)] == ["form-outdated"]
