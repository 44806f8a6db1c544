"""Why a figure differs from the period before: the parts add up to the whole, whatever is missing.

The words say what the frames say.
"""

import re
from dataclasses import replace
from datetime import date
from math import fsum, isnan
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.commands.report import make_report
from pipeline.declare.project import Project
from pipeline.figures.differences import COLUMNS, bridge, compare_figures
from pipeline.figures.partial import Sum, sum_by_indicator
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.past import Past
from pipeline.publish.report import Report
from pipeline.publish.sentences.comparison import comparison_note, difference_sentences
from tests.builders import Draft, evaluate_folder, recounted, truthful

UNITS, INDICATORS = ["XA-a", "XA-b", "XA-c", "P-d", "P-e"], ["CT01", "CT02", "CT05"]
WHOLE = st.one_of(st.none(), st.integers(0, 10**12).map(float))
DECIMAL = st.one_of(WHOLE, st.integers(0, 10**9).map(lambda tenths: tenths / 10))
ONE, TWO, THREE, FOUR, FIVE, SIX = "XA-vinh-o", "XA-vinh-tu", "XA-vinh-ha", "XA-vinh-hoa", "XA-vinh-lam", "XA-vinh-son"
_SIGNED = re.compile(r"([+−][\d.,]*\d)(?= \(|[;.])")


def grids(values: st.SearchStrategy[float | None]) -> st.SearchStrategy[pd.DataFrame]:
    """A figure grid of some of the units and indicators, in any order, with gaps."""
    keys = st.tuples(st.sampled_from(UNITS), st.sampled_from(INDICATORS))
    return st.lists(st.tuples(keys, values), unique_by=lambda line: line[0]).map(_grid)


def _grid(lines: list[tuple[tuple[str, str], float | None]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_id": pd.Series([unit_id for (unit_id, _), _ in lines], dtype=object),
            "indicator_id": pd.Series([name for (_, name), _ in lines], dtype=object),
            "value": pd.Series([value for _, value in lines], dtype="float64"),
            "kind_of_nothing": pd.Series(["not-filled" if value is None else "" for _, value in lines], dtype=object),
            "is_expected": pd.Series([True for _ in lines], dtype=bool),
            "questioned": "",
        }
    )


def amounts(grid: pd.DataFrame) -> dict[str, float]:
    """What the units gave, added up exactly; nothing where nobody gave anything."""
    sums = sum_by_indicator(grid)
    return {name: float(sums.get(name, Sum()).amount) for name in INDICATORS}


def compared(project: Project, now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Quý III beside 6 tháng, by unit."""
    return compare_figures(now, Past(project.plan.period("6t"), before), project.plan.period("q3"), project)


@settings(max_examples=50)
@given(now=grids(WHOLE), before=grids(WHOLE))
def test_the_differences_of_units_add_up_exactly_to_that_of_the_totals(
    project: Project, now: pd.DataFrame, before: pd.DataFrame
) -> None:
    parts = compared(project, now, before).groupby("indicator_id")["difference"].agg(fsum).to_dict()
    assert {name: parts.get(name, 0.0) for name in INDICATORS} == {
        name: amounts(now)[name] - amounts(before)[name] for name in INDICATORS
    }


@settings(max_examples=50)
@given(now=grids(DECIMAL), before=grids(DECIMAL))
def test_they_add_up_with_decimals_too(project: Project, now: pd.DataFrame, before: pd.DataFrame) -> None:
    for name, mine in compared(project, now, before).groupby("indicator_id"):
        assert fsum(mine["difference"]) == pytest.approx(
            amounts(now)[name] - amounts(before)[name], rel=1e-15, abs=1e-3
        )


@settings(max_examples=50)
@given(now=grids(DECIMAL), before=grids(DECIMAL))
def test_each_figure_of_either_period_stands_once_with_its_cause_the_most_changed_first(
    project: Project, now: pd.DataFrame, before: pd.DataFrame
) -> None:
    lines = compared(project, now, before)
    assert set(lines.columns) == set(COLUMNS)
    keys = ["indicator_id", "unit_id"]
    assert sorted(lines[keys].itertuples(index=False, name=None)) == sorted(
        pd.concat([now, before])[keys].drop_duplicates().itertuples(index=False, name=None)
    )
    for line in lines.itertuples():
        expected = {
            (True, True): {"real"},
            (True, False): {"not-reported-before", "not-expected"},
            (False, True): {"not-reported-now", "not-expected"},
            (False, False): {""},
        }
        assert line.cause in expected[not isnan(line.value), not isnan(line.before)]
        assert line.difference == (0 if isnan(line.value) else line.value) - (0 if isnan(line.before) else line.before)
    assert all(mine["shift"].abs().is_monotonic_decreasing for _, mine in lines.groupby("indicator_id"))


@settings(max_examples=50)
@given(now=grids(WHOLE), before=grids(WHOLE))
def test_a_bridge_leads_from_one_total_to_the_other(project: Project, now: pd.DataFrame, before: pd.DataFrame) -> None:
    past, period = Past(project.plan.period("6t"), before), project.plan.period("q3")
    found = bridge(compare_figures(now, past, period, project), past, period, project)
    sums = found.groupby("indicator_id")["change"].agg(fsum).to_dict()
    assert all(sums.get(name, 0.0) == amounts(now)[name] - amounts(before)[name] for name in INDICATORS)
    assert found["cause"].ne("").all()
    assert set(found["before_period"]) <= {"6t"}
    assert set(zip(found["months_before"], found["months_now"], strict=True)) <= {(6.0, 3.0)}


@pytest.mark.parametrize(
    ("now", "before", "cause"),
    [
        ({"value": None, "kind_of_nothing": "unreadable"}, {"value": 4.0}, "unreadable"),
        ({"value": 4.0}, {"value": None, "kind_of_nothing": "unreadable"}, "unreadable"),
        ({"value": None, "kind_of_nothing": "not-yet-known"}, {"value": 4.0}, "not-reported-now"),
        ({"value": 4.0}, {"value": None, "kind_of_nothing": "not-filled"}, "not-reported-before"),
        ({"value": 4.0, "questioned": "outlier"}, {"value": 4.0}, "questioned"),
        ({"value": 4.0}, {"value": 4.0, "questioned": "outlier"}, "questioned"),
        ({"value": 4.0}, {"value": 0.0}, "real"),
    ],
)
def test_the_cause_of_a_difference(
    project: Project, now: dict[str, object], before: dict[str, object], cause: str
) -> None:
    one = _grid([(("XA-a", "CT01"), 1.0)])
    [line] = compared(project, one.assign(**now), one.assign(**before)).to_dict("records")
    assert line["cause"] == cause


def test_a_figure_corrected_since_it_was_sent_is_told_apart(project: Project) -> None:
    one, past = _grid([(("XA-a", "CT01"), 1.0)]), project.plan.period("6t")
    [line] = compare_figures(
        one, Past(past, one.assign(value=7.0)), project.plan.period("q3"), project, {("CT01", "XA-a")}
    ).to_dict("records")
    assert (line["cause"], line["difference"]) == ("corrected-since-sent", -6.0)


def test_a_unit_that_stands_in_one_grid_alone_owed_nothing_in_the_other(project: Project) -> None:
    [line] = compared(project, _grid([]), _grid([(("XA-a", "CT01"), 410.0)])).to_dict("records")
    assert (line["kind_of_nothing"], line["before_nothing"], line["cause"], line["difference"]) == (
        "not-owed",
        "",
        "not-expected",
        -410.0,
    )


def the_half_year(project: Project) -> list[Draft]:
    figures = {ONE: 500, TWO: 40, THREE: 30, FOUR: 20, FIVE: 10, SIX: 10}
    return [
        truthful(project, unit_id, "6t").figures(CT01=value, CT05=value + 0.3, CT07=5)
        for unit_id, value in figures.items()
    ]


def the_quarter(project: Project) -> list[Draft]:
    figures = {TWO: 10, THREE: 15, FOUR: 15, FIVE: 8, SIX: 10}
    drafts = [
        truthful(project, unit_id).figures(CT01=value, CT05=value + 0.1, CT07=7) for unit_id, value in figures.items()
    ]
    return [*drafts, truthful(project, "XA-vinh-thai").figures(CT01=2, CT05="…", CT07="x")]


@pytest.fixture(scope="module")
def half_year(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate_folder(tmp_path_factory.mktemp("half"), project, the_half_year(project), "6t")


@pytest.fixture(scope="module")
def report(project: Project, half_year: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Report:
    done = evaluate_folder(tmp_path_factory.mktemp("quarter"), project, the_quarter(project), others={"6t": half_year})
    return make_report(done, project, None)


def test_the_sentence_names_the_largest_and_those_of_one_period_and_counts_the_others(report: Report) -> None:
    assert difference_sentences(report)["CT01"] == (
        "CT01. Số tin về CCHC đăng trên Cổng/Trang thông tin điện tử: bình quân tháng của 5 đơn vị có số liệu "
        "cả hai kỳ: Quý III 19,3 tin, 6 tháng đầu năm 18,3 tin (tăng 5,5%). "
        "Tổng số: Quý III (3 tháng) 60 tin, trong đó 2 tin của 1 đơn vị đang chờ xác minh; "
        "6 tháng đầu năm (6 tháng) 610 tin. "
        "Thay đổi nhiều nhất (bình quân tháng): Xã Vĩnh Tú 6,7 → 3,3, Xã Vĩnh Hòa 3,3 → 5, Xã Vĩnh Sơn 1,7 → 3,3. "
        "Chưa có số liệu kỳ này (không tính vào bình quân): Xã Vĩnh Ô (kỳ trước 500; kỳ này chưa báo cáo). "
        "Chưa có số liệu kỳ trước (không tính vào bình quân): Xã Vĩnh Thái (kỳ này 2; kỳ trước chưa báo cáo)."
    )


def test_a_stock_is_compared_as_it_is(report: Report) -> None:
    assert difference_sentences(report)["CT07"] == (
        "CT07. Số chuyên trang, chuyên mục CCHC đang duy trì đến cuối kỳ: Quý III 35 chuyên mục; "
        "6 tháng đầu năm 30 chuyên mục; tăng 5. "
        "Thay đổi ở các đơn vị có số liệu cả hai kỳ: Xã Vĩnh Hà +2 (5 → 7), Xã Vĩnh Hòa +2 (5 → 7), "
        "Xã Vĩnh Lâm +2 (5 → 7); 2 đơn vị khác: +4. Chưa có số liệu kỳ này: Xã Vĩnh Ô −5 (kỳ này chưa báo cáo). "
        "Chênh lệch +5 gồm: thay đổi ở các đơn vị có số liệu cả hai kỳ +10; chưa có số liệu kỳ này −5."
    )


def test_what_a_sentence_names_and_counts_adds_up_to_the_difference_of_the_totals(report: Report) -> None:
    assert report.before is not None
    totals = (
        report.judged.totals.set_index("indicator_id")["this_period"]
        - report.before.set_index("indicator_id")["this_period"]
    )
    sentences = difference_sentences(report)
    assert set(sentences) == set(totals.dropna().index)
    alike = [item.id for item in report.project.plan.indicators if item.kind == "stock" and item.id in sentences]
    assert alike
    for name in alike:
        parts = [
            sum(float(text.replace(".", "").replace(",", ".").replace("−", "-")) for text in _SIGNED.findall(half))
            for half in sentences[name].partition(" gồm: ")[::2]
        ]
        split = report.tally.differing.get(name, {})
        assert sum(part.adds for part in split.values()) == pytest.approx(totals[name])
        assert parts[0] == pytest.approx(totals[name]), sentences[name]
        assert parts[1] in (0, pytest.approx(totals[name])), sentences[name]


def test_no_sentence_says_of_periods_of_other_length_that_a_total_rose_or_fell(report: Report) -> None:
    sentences = difference_sentences(report)
    for item in report.project.plan.indicators:
        told = sentences.get(item.id, "")
        if not told:
            assert item.optional
        elif item.kind == "flow":
            assert ("bình quân tháng" in told) == item.by_month, told
            assert re.search(r"(tăng|giảm) \d[\d.,]*(?![\d.,%])", told) is None, told
        else:
            assert "bình quân" not in told


def test_of_very_many_units_with_one_figure_only_the_first_are_named(report: Report) -> None:
    few = replace(report.project.plan, outputs=replace(report.project.plan.outputs, most_names=1))
    told = difference_sentences(recounted(report, project=replace(report.project, plan=few)))["CT01"]
    assert "Xã Vĩnh Ô (kỳ trước 500" in told
    assert "Chưa có số liệu kỳ trước (không tính vào bình quân): Xã Vĩnh Thái (kỳ này 2" in told


def test_equal_figures_are_said_to_be_equal(project: Project, half_year: Evaluation, tmp_path: Path) -> None:
    drafts = [truthful(project, unit_id).figures(CT07=5, CT14=802) for unit_id in (ONE, TWO, THREE, FOUR, FIVE, SIX)]
    same = make_report(evaluate_folder(tmp_path, project, drafts, others={"6t": half_year}), project, None)
    assert difference_sentences(same)["CT07"].endswith(
        "Quý III 30 chuyên mục; 6 tháng đầu năm 30 chuyên mục; không đổi."
    )


def test_a_total_that_one_period_lacks_is_no_zero_to_compare_with(
    project: Project, half_year: Evaluation, tmp_path: Path
) -> None:
    done = evaluate_folder(tmp_path, project, [truthful(project, ONE).figures(CT11="…")], others={"6t": half_year})
    told = difference_sentences(make_report(done, project, None))["CT11"]
    assert told == (
        "CT11. Tờ rơi, tờ gấp đã phát: Quý III (3 tháng) chưa có số liệu; 6 tháng đầu năm (6 tháng) 1.440 tờ."
    )


def test_without_a_period_before_there_is_nothing_to_tell(project: Project, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [truthful(project, ONE, "q1")], "q1")
    assert difference_sentences(make_report(done, project, None)) == {}


def test_a_period_that_contains_the_one_before_says_so(project: Project, tmp_path: Path) -> None:
    spring = evaluate_folder(tmp_path / "q1", project, [truthful(project, ONE, "q1")], "q1")
    done = evaluate_folder(tmp_path / "6t", project, [truthful(project, ONE, "6t")], "6t", {"q1": spring})
    told = difference_sentences(make_report(done, project, None))["CT02"]
    assert told.endswith(
        "6 tháng đầu năm 1,7 bài, Quý I 1,7 bài (không đổi). Tổng số: 6 tháng đầu năm (6 tháng) 10 bài; "
        "Quý I (3 tháng) 5 bài. Số của 6 tháng đầu năm đã gồm Quý I."
    )


def test_periods_of_one_length_are_compared_without_a_warning(project: Project) -> None:
    first, third = project.plan.period("q1"), project.plan.period("q3")
    assert (
        comparison_note(third, Past(first, _grid([])))
        == "Quý III: từ 15/6/2025 đến 14/9/2025; Quý I: từ 15/12/2024 đến 14/3/2025."
    )


@pytest.mark.parametrize(("code", "months"), [("q1", 3), ("6t", 6), ("q3", 3), ("nam", 11.2)])
def test_the_length_of_a_window_in_months(code: str, months: float, project: Project) -> None:
    assert project.plan.period(code).months == pytest.approx(months)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [((2026, 1, 1), (2026, 2, 28), 2), ((2026, 1, 1), (2026, 12, 31), 12), ((2026, 4, 1), (2026, 4, 15), 0.5)],
)
def test_calendar_months_are_whole(
    first: tuple[int, int, int], last: tuple[int, int, int], months: float, project: Project
) -> None:
    assert replace(project.plan.period("q1"), date_from=date(*first), date_to=date(*last)).months == months


def test_a_quarter_is_compared_with_a_quarter_where_one_can_be_derived(project: Project, tmp_path: Path) -> None:
    """Quý II = 6 tháng − Quý I, of the units that filed both; a rest below zero is no figure."""
    spring = evaluate_folder(
        tmp_path / "q1",
        project,
        [truthful(project, unit_id, "q1").figures(CT02=value, CT07=9) for unit_id, value in ((ONE, 5), (THREE, 50))],
        "q1",
    )
    half = evaluate_folder(
        tmp_path / "6t",
        project,
        [truthful(project, unit_id, "6t").figures(CT02=12, CT07=4) for unit_id in (ONE, TWO, THREE)],
        "6t",
    )
    drafts = [truthful(project, unit_id).figures(CT02=10, CT07=6) for unit_id in (ONE, TWO, THREE)]
    done = evaluate_folder(tmp_path / "q3", project, drafts, others={"q1": spring, "6t": half})
    report = make_report(done, project, None)
    lines = report.bridge.set_index(["indicator_id", "unit_id"])[["before_period", "change", "cause", "months_before"]]
    assert [tuple(lines.loc[("CT02", unit_id)]) for unit_id in (ONE, TWO, THREE)] == [
        ("6t-q1", 3.0, "real", 3.0),
        ("6t-q1", 10.0, "not-reported-before", 3.0),
        ("6t-q1", 10.0, "unreadable", 3.0),
    ]
    assert tuple(lines.loc[("CT07", TWO)]) == ("6t-q1", 2.0, "real", 3.0)
    told = difference_sentences(report)["CT02"]
    assert told.startswith(
        "CT02. Số bài về CCHC đăng trên Cổng/Trang thông tin điện tử: Quý III 30 bài; Quý II 7 bài; tăng 23. "
    )
    assert report.past is not None
    assert "Quý II = 6 tháng đầu năm trừ Quý I" in comparison_note(report.period, report.past)
