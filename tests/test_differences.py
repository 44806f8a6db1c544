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
from hypothesis import given
from hypothesis import strategies as st

from pipeline.commands.report import make_report
from pipeline.declare.project import Project
from pipeline.figures.differences import COLUMNS, compare_figures
from pipeline.figures.partial import Sum, sum_by_indicator
from pipeline.judged.evaluation import Evaluation
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


@given(grids(WHOLE), grids(WHOLE))
def test_the_differences_of_units_add_up_exactly_to_that_of_the_totals(now: pd.DataFrame, before: pd.DataFrame) -> None:
    parts = compare_figures(now, before).groupby("indicator_id")["difference"].agg(fsum).to_dict()
    assert {name: parts.get(name, 0.0) for name in INDICATORS} == {
        name: amounts(now)[name] - amounts(before)[name] for name in INDICATORS
    }


@given(grids(DECIMAL), grids(DECIMAL))
def test_they_add_up_with_decimals_too(now: pd.DataFrame, before: pd.DataFrame) -> None:
    for name, mine in compare_figures(now, before).groupby("indicator_id"):
        assert fsum(mine["difference"]) == pytest.approx(
            amounts(now)[name] - amounts(before)[name], rel=1e-15, abs=1e-3
        )


@given(grids(DECIMAL), grids(DECIMAL))
def test_each_figure_of_either_period_stands_once_with_its_reason_the_largest_first(
    now: pd.DataFrame, before: pd.DataFrame
) -> None:
    lines = compare_figures(now, before)
    assert set(lines.columns) == set(COLUMNS)
    keys = ["indicator_id", "unit_id"]
    assert sorted(lines[keys].itertuples(index=False, name=None)) == sorted(
        pd.concat([now, before])[keys].drop_duplicates().itertuples(index=False, name=None)
    )
    for line in lines.itertuples():
        expected = {
            (True, True): "both",
            (True, False): "now-only",
            (False, True): "before-only",
            (False, False): "neither",
        }
        assert line.reason == expected[not isnan(line.value), not isnan(line.before)]
        assert line.difference == (0 if isnan(line.value) else line.value) - (0 if isnan(line.before) else line.before)
    assert all(mine["difference"].abs().is_monotonic_decreasing for _, mine in lines.groupby("indicator_id"))


def test_a_unit_that_stands_in_one_grid_alone_owed_nothing_in_the_other() -> None:
    [line] = compare_figures(_grid([]), _grid([(("XA-a", "CT01"), 410.0)])).to_dict("records")
    assert (line["kind_of_nothing"], line["before_nothing"], line["reason"], line["difference"]) == (
        "not-owed",
        "",
        "before-only",
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
    return make_report(done, project, date(2025, 9, 16))


def test_the_sentence_names_the_largest_and_those_of_one_period_and_counts_the_others(report: Report) -> None:
    assert difference_sentences(report)["CT01"] == (
        "CT01. Tin đăng trên Cổng/Trang thông tin điện tử: Quý III 60 tin, "
        "trong đó 2 tin của 1 đơn vị đang chờ xác minh; 6 tháng đầu năm 610 tin; "
        "giảm 550 (bình quân tháng 20 so với 101,7). "
        "Hai kỳ dài ngắn khác nhau nên không so hơn kém trực tiếp. "
        "Nhiều nhất do: Xã Vĩnh Ô −500 (kỳ này chưa báo cáo), Xã Vĩnh Tú −30 (40 → 10), Xã Vĩnh Hà −15 (30 → 15), "
        "Xã Vĩnh Hòa −5 (20 → 15), "
        "Xã Vĩnh Thái +2 (kỳ trước chưa báo cáo); 1 đơn vị khác: −2."
    )


def test_a_stock_is_compared_as_it_is(report: Report) -> None:
    assert difference_sentences(report)["CT07"] == (
        "CT07. Chuyên trang, chuyên mục đang duy trì (cuối kỳ): Quý III 35 chuyên mục; "
        "6 tháng đầu năm 30 chuyên mục; tăng 5. "
        "Nhiều nhất do: Xã Vĩnh Ô −5 (kỳ này chưa báo cáo), Xã Vĩnh Hà +2 (5 → 7), Xã Vĩnh Hòa +2 (5 → 7), "
        "Xã Vĩnh Lâm +2 (5 → 7); 2 đơn vị khác: +4."
    )


def test_what_a_sentence_names_and_counts_adds_up_to_the_difference_of_the_totals(report: Report) -> None:
    assert report.before is not None
    totals = (
        report.judged.totals.set_index("indicator_id")["this_period"]
        - report.before.set_index("indicator_id")["this_period"]
    )
    sentences = difference_sentences(report)
    assert set(sentences) == set(totals.index)
    for name, sentence in sentences.items():
        told = [float(text.replace(".", "").replace(",", ".").replace("−", "-")) for text in _SIGNED.findall(sentence)]
        assert sum(told) == pytest.approx(totals[name]), sentence


def test_of_very_many_units_with_one_figure_only_the_first_are_named(report: Report) -> None:
    few = replace(report.project.plan, outputs=replace(report.project.plan.outputs, most_names=1))
    told = difference_sentences(recounted(report, project=replace(report.project, plan=few)))["CT01"]
    assert "Xã Vĩnh Ô −500" in told
    assert "Xã Vĩnh Thái" not in told
    assert told.endswith("; 2 đơn vị khác: 0.")


def test_equal_figures_are_said_to_be_equal(project: Project, half_year: Evaluation, tmp_path: Path) -> None:
    drafts = [truthful(project, unit_id).figures(CT07=5, CT14=802) for unit_id in (ONE, TWO, THREE, FOUR, FIVE, SIX)]
    same = make_report(evaluate_folder(tmp_path, project, drafts, others={"6t": half_year}), project, date(2025, 9, 16))
    assert difference_sentences(same)["CT07"].endswith(
        "Quý III 30 chuyên mục; 6 tháng đầu năm 30 chuyên mục; không đổi."
    )


def test_a_total_that_one_period_lacks_is_no_zero_to_compare_with(
    project: Project, half_year: Evaluation, tmp_path: Path
) -> None:
    done = evaluate_folder(tmp_path, project, [truthful(project, ONE).figures(CT11="…")], others={"6t": half_year})
    told = difference_sentences(make_report(done, project, date(2025, 9, 16)))["CT11"]
    assert told == "CT11. Tờ rơi, tờ gấp đã phát: Quý III chưa có số liệu; 6 tháng đầu năm 1.440 tờ."


def test_without_a_period_before_there_is_nothing_to_tell(project: Project, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [truthful(project, ONE, "q1")], "q1")
    assert difference_sentences(make_report(done, project, date(2025, 3, 17))) == {}


def test_a_period_that_contains_the_one_before_says_so(project: Project, tmp_path: Path) -> None:
    spring = evaluate_folder(tmp_path / "q1", project, [truthful(project, ONE, "q1")], "q1")
    done = evaluate_folder(tmp_path / "6t", project, [truthful(project, ONE, "6t")], "6t", {"q1": spring})
    told = difference_sentences(make_report(done, project, date(2025, 6, 17)))["CT02"]
    assert told.endswith(
        "tăng 5 (bình quân tháng 1,7 so với 1,7). Số của 6 tháng đầu năm đã gồm Quý I. Do: Xã Vĩnh Ô +5 (5 → 10)."
    )


def test_periods_of_one_length_are_compared_without_a_warning(project: Project) -> None:
    first, third = project.plan.period("q1"), project.plan.period("q3")
    assert comparison_note(third, first) == "Quý III: từ 15/6/2025 đến 14/9/2025; Quý I: từ 15/12/2024 đến 14/3/2025."


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
