"""Figures that stay in a total though something is asked about them: marked, added up apart, told where they stand."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.project import Project
from pipeline.figures.doubt import find_imbalances, mark_questioned
from pipeline.publish.page.page_tables import figures_table
from pipeline.publish.papers.narrative import narrate
from pipeline.publish.report import Report
from pipeline.publish.sentences.comparison import difference_sentences
from pipeline.publish.style import properties
from pipeline.publish.tables import figures_table as figures_csv
from pipeline.publish.workbook.consolidated import describe_workbook
from pipeline.publish.workbook.pages import Formula, Page, Styled
from pipeline.reading.periods import Folders, read_periods
from pipeline.values.problems import Problem
from tests.builders import Draft, evaluate_folder, save_all, shipped, truthful
from tests.contract import tab
from tests.lasting import LASTING

UNEVEN, CROWD, LAW, OUT, GAP, TEXT, TWINS = (
    "XA-vinh-tu",
    "XA-vinh-ha",
    "P-tu-phap",
    "XA-vinh-long",
    "XA-vinh-o",
    "XA-vinh-lam",
    (
        "XA-vinh-son",
        "XA-vinh-thai",
    ),
)
PA = ("PA01", "PA02", "PA03", "PA04", "PA05")
PROJECT = shipped()


def drafts(project: Project) -> list[Draft]:
    twins = [truthful(project, unit).figures(CT01=19, CT14=820) for unit in TWINS]
    return [
        truthful(project, UNEVEN).figures(PA02=7),
        truthful(project, CROWD).figures(CT15a="-", CT15b="-", CT16=90_000),
        truthful(project, LAW).figures(CT03=300),
        truthful(project, OUT).figures(CT11="khoảng 50", CT09=-1, CT10="1,234"),
        truthful(project, GAP).figures(PA05=None),
        truthful(project, TEXT).task("NV05", result="Đã đăng 900 tin"),
        *twins,
    ]


@pytest.fixture(scope="module")
def report(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder, period = tmp_path_factory.mktemp("inputs"), project.plan.period("q3")
    save_all(folder / "2025" / "q3", drafts(project))
    before = {unit: truthful(project, unit, "6t") for unit in (UNEVEN, CROWD, TEXT)}
    before[UNEVEN] = before[UNEVEN].figures(PA02=12)
    before[CROWD] = before[CROWD].figures(CT20=40, PA03=9, PA04=2)
    save_all(folder / "2025" / "6t", before.values())
    readings = read_periods(project, period, Folders(folder, folder / "outputs"), engine=LASTING)
    return make_report(judge_period(project, period, readings), project, None)


def asked(report: Report, unit_id: str) -> dict[str, str]:
    """The codes by indicator, of one unit."""
    lines = figures_csv(report.judged.settlement.grid)
    lines = lines[(lines["unit_id"] == unit_id) & (lines["questioned"] != "")]
    return dict(zip(lines["indicator_id"], lines["questioned"], strict=True))


def total(report: Report, indicator_id: str) -> tuple[int, float]:
    line = report.judged.totals.set_index("indicator_id").loc[indicator_id]
    return int(line["questioned_units"]), float(line["questioned_amount"])


def test_every_figure_that_a_rule_names_is_under_question(report: Report) -> None:
    assert asked(report, UNEVEN) == dict.fromkeys(PA, "sum-mismatch")
    assert asked(report, TEXT) == {"CT01": "sum-mismatch", "CT02": "sum-mismatch"}
    assert asked(report, CROWD) == {
        "PA01": "sum-mismatch",
        "CT15a": "follows-from",
        "CT15b": "follows-from",
        "CT16": "follows-from outlier",
    }
    assert asked(report, LAW) == {"CT03": "row-not-lead"}


def test_a_question_that_another_one_speaks_for_counts_too(report: Report) -> None:
    said = report.problems[(report.problems["unit_id"] == CROWD) & (report.problems["field"] == "value")]
    assert set(said["code"]) == {"follows-from", "sum-mismatch"}
    assert "outlier" in asked(report, CROWD)["CT16"].split()


def test_figures_alike_throughout_are_all_under_question(report: Report) -> None:
    above_zero = {
        line.indicator_id
        for line in report.judged.settlement.grid.itertuples()
        if line.unit_id == TWINS[0] and line.value > 0
    }
    assert asked(report, TWINS[0]) == asked(report, TWINS[1]) == dict.fromkeys(above_zero, "same-as-other-unit")


def test_what_is_in_no_total_is_no_doubt_in_it(report: Report) -> None:
    assert asked(report, OUT) == {}
    assert asked(report, GAP) == {}


def test_the_total_says_how_many_units_gave_how_much_of_it(report: Report) -> None:
    twice = 2 * 120
    assert total(report, "CT11") == (2, twice)
    assert total(report, "CT16") == (3, 90_000 + 2 * 66)
    assert total(report, "CT03") == (3, 300 + 2 * 4)
    assert total(report, "PA02") == (3, 7 + 2 * 5)
    assert total(report, "CT13")[1] < report.judged.totals.set_index("indicator_id").at["CT13", "this_period"]


def test_the_figures_marked_add_up_to_the_part_under_question(report: Report) -> None:
    for line in report.judged.totals.itertuples():
        mine = report.judged.settlement.grid[
            (report.judged.settlement.grid["indicator_id"] == line.indicator_id)
            & (report.judged.settlement.grid["questioned"] != "")
        ]
        assert (line.questioned_units, line.questioned_amount) == (len(mine), mine["value"].sum())
        assert not line.questioned_amount > line.this_period


def added(report: Report, indicator_id: str) -> tuple[int, float]:
    line = report.judged.totals.set_index("indicator_id").loc[indicator_id]
    return int(line["cumulative_questioned_units"]), float(line["cumulative_questioned_amount"])


def test_the_cumulative_figure_says_it_of_all_its_periods(report: Report) -> None:
    """CT20 is asked about in June of one unit, PA02 in June and now of the same one, PA01 is added up nowhere."""
    assert (total(report, "CT20"), added(report, "CT20")) == ((2, 24), (3, 40 + 24))
    assert (total(report, "PA02"), added(report, "PA02")) == ((3, 7 + 2 * 5), (3, 12 + 7 + 2 * 5))
    assert added(report, "CT03") == total(report, "CT03")
    assert added(report, "PA01") == (0, 0)
    totals = report.judged.totals
    assert (totals["cumulative_questioned_amount"] <= totals["cumulative"].fillna(0)).all()


def test_what_was_asked_in_an_earlier_period_is_marked_and_told_where_it_is_added_up(
    report: Report, pages: dict[str, Page]
) -> None:
    page = pages[tab("Số liệu")]
    cumulative, before, part = (cells(page, key) for key in ("Luỹ kế", "of_6t", "cumulative_questioned_amount"))
    assert bears_sign(cumulative["CT20"].style) and bears_sign(before["CT20"].style)
    assert bears_sign(cumulative["CT03"].style) and not bears_sign(before["CT03"].style)
    assert (part["CT20"].text, part["CT20"].value) == ("SUM({questioned_amount},40)", 64)
    told = "\n".join(getattr(line, "text", "") for line in narrate(report))
    assert "lũy kế: trong đó 64 người của 03 đơn vị đang chờ xác minh" in told


LINES = st.lists(
    st.tuples(st.sampled_from(["XA-a", "XA-b"]), st.sampled_from(PA), st.one_of(st.none(), st.integers(0, 9))),
    unique_by=lambda line: line[:2],
    max_size=10,
)
ASKED = st.lists(
    st.builds(
        Problem,
        st.sampled_from(["outlier", "sum-mismatch", "late", "negative-number"]),
        st.just("a.xlsx"),
        st.sampled_from(["XA-a", "XA-b"]),
        st.just("Biểu"),
        st.sampled_from(["", "XA-a:PA01", "XA-b:PA02"]),
        silenced_by=st.sampled_from(["", "outlier"]),
        about=st.lists(st.sampled_from(PA), max_size=2).map(tuple),
    ),
    max_size=5,
)


def grid_of(lines: list[tuple[str, str, int | None]]) -> pd.DataFrame:
    texts: Mapping[str, list[str]] = {
        "unit_id": [unit for unit, *_ in lines],
        "indicator_id": [name for _, name, _ in lines],
        "file": ["a.xlsx" for _ in lines],
        "sheet": ["Biểu" for _ in lines],
        "cell": [f"{unit}:{name}" for unit, name, _ in lines],
        "questioned": ["" for _ in lines],
    }
    return pd.DataFrame(
        {
            **{key: pd.Series(values, dtype=object) for key, values in texts.items()},
            "value": pd.Series([value for *_, value in lines], dtype="float64"),
            "is_expected": pd.Series([True for _ in lines], dtype=bool),
        }
    )


@given(LINES, ASKED)
def test_only_questions_count_said_or_silent_and_only_about_values(
    lines: list[tuple[str, str, int | None]], problems: list[Problem]
) -> None:
    for line in mark_questioned(grid_of(lines), problems, PROJECT).itertuples():
        wanted = {
            item.code
            for item in problems
            if item.code in ("outlier", "sum-mismatch")
            and (item.cell == line.cell or (item.unit_id == line.unit_id and line.indicator_id in item.about))
        }
        assert line.questioned.split() == sorted(wanted if line.value == line.value else ())


@given(LINES)
def test_the_units_named_make_the_whole_difference(lines: list[tuple[str, str, int | None]]) -> None:
    grid = grid_of(lines)
    sums = {name: sum(value or 0 for _, found, value in lines if found == name) for name in PA}
    is_known = set(PA) <= {name for _, name, value in lines if value is not None}
    difference = sums["PA01"] + sums["PA02"] - sums["PA03"] - sums["PA04"] - sums["PA05"]
    found = find_imbalances(grid, PROJECT)
    assert len(found) == (1 if is_known and difference else 0)
    for item in found:
        assert item.left_total - item.right_total == difference
        assert sum(unit.left_total - unit.right_total for unit in item.units) == difference
        assert all(unit.left_total != unit.right_total for unit in item.units)


def test_the_report_says_which_totals_do_not_agree_and_through_whom(report: Report) -> None:
    [marked] = [line for line in narrate(report) if getattr(line, "text", "").startswith("[Lưu ý: tồn kỳ trước + ")]
    assert getattr(marked, "look", "") == "officer"
    text = getattr(marked, "text", "")
    assert "(PA01 + PA02) là 51, đã xử lý + đang xử lý + quá hạn (PA03 + PA04 + PA05) là 48" in text
    assert "Chênh lệch +3 do: xã Vĩnh Ô +1 (7 so với 6, chưa có số liệu PA05), xã Vĩnh Tú +2 (9 so với 7)." in text


def test_totals_that_agree_are_not_remarked_upon(report: Report) -> None:
    quiet = replace(report, tally=replace(report.tally, imbalances=()))
    assert not [line for line in narrate(quiet) if getattr(line, "text", "").startswith("[Lưu ý: tồn kỳ trước + ")]


def test_papers_answers_and_page_say_what_of_a_total_is_under_question(report: Report) -> None:
    told = "\n".join(getattr(line, "text", "") for line in narrate(report))
    assert "trong đó 240 tờ của 02 đơn vị đang chờ xác minh" in told
    assert "tọa đàm, cuộc họp chuyên đề về CCHC" in told
    assert ", trong đó 240 tờ của 2 đơn vị đang chờ xác minh" in difference_sentences(report)["CT11"]
    assert figures_table(report).count("đang chờ xác minh") == sum(
        figure.total.questioned_units > 0 for figure in report.tally.main
    )


@pytest.fixture(scope="module")
def pages(report: Report) -> dict[str, Page]:
    return {page.name: page for page in describe_workbook(report)}


def cells(page: Page, key: str) -> dict[str, Any]:
    """The cells of a column by the first cell of their rows."""
    place = [column.key for column in page.blocks[0].columns].index(key)
    return {str(getattr(row[0], "value", row[0])): row[place] for row in page.blocks[0].rows}


def bears_sign(style: str) -> bool:
    look = properties(style)
    assert ("*" in str(look["num_format"])) == ("bg_color" in look)  # never colour alone
    return "*" in str(look["num_format"])


def test_the_cells_of_figures_under_question_bear_a_sign(pages: dict[str, Page], report: Report) -> None:
    marked = {
        (unit_id, item.id)
        for item in report.project.plan.indicators
        for unit_id, cell in cells(pages[tab("Theo đơn vị")], item.id).items()
        if isinstance(cell, Styled) and isinstance(cell.value, float) and bears_sign(cell.style)
    }
    lines = report.judged.settlement.grid[report.judged.settlement.grid["questioned"] != ""]
    assert marked == set(zip(lines["unit_id"], lines["indicator_id"], strict=True))
    assert any("dấu *" in text for text in pages[tab("Theo đơn vị")].remarks)


def test_totals_with_doubt_in_them_bear_it_too_and_the_part_is_added_up_live(
    pages: dict[str, Page], report: Report
) -> None:
    page = pages[tab("Số liệu")]
    now, part, units = (cells(page, key) for key in ("Kỳ này", "questioned_amount", "questioned_units"))
    for line in report.judged.totals.itertuples():
        name = line.indicator_id
        assert bears_sign(now[name].style) == (line.questioned_units > 0)
        if line.questioned_units:
            assert isinstance(part[name], Formula)
            assert (part[name].value, units[name].value) == (line.questioned_amount, line.questioned_units)
            assert part[name].text.startswith("SUM({by_unit:")
    assert any("dấu *" in text for text in page.remarks)


def test_without_doubt_nothing_is_marked(project: Project, tmp_path: Path) -> None:
    period = project.plan.period("q3")
    save_all(tmp_path / "2025" / "q3", [truthful(project, UNEVEN)])
    judged = judge_period(
        project, period, read_periods(project, period, Folders(tmp_path, tmp_path / "o"), engine=LASTING)
    )
    clean = make_report(judged, project, None)
    assert clean.judged.totals["questioned_units"].sum() == 0
    page = next(page for page in describe_workbook(clean) if page.name == tab("Số liệu"))
    assert not any("dấu *" in text for text in page.remarks)


def test_what_stands_hidden_or_beside_a_printed_text_that_says_more_is_under_question(
    project: Project, tmp_path: Path
) -> None:
    name = project.form["figures"].name
    hide: dict[str, Any] = {
        "XA-vinh-tu": lambda book: setattr(book[name], "sheet_state", "hidden"),
        "XA-vinh-ha": lambda book: setattr(book[name].column_dimensions["D"], "hidden", True),
        "XA-vinh-o": lambda book: setattr(book[name].row_dimensions[8], "hidden", True),
        "XA-vinh-lam": lambda book: setattr(book[name]["B14"], "value", f"{book[name]['B14'].value}: 25"),
    }
    done = evaluate_folder(tmp_path, project, [truthful(project, unit_id).edited(how) for unit_id, how in hide.items()])
    grid = done.settlement.grid
    marked = {
        unit_id: set(grid.loc[(grid["unit_id"] == unit_id) & grid["questioned"].str.contains("hidden|printed"), "cell"])
        for unit_id in hide
    }
    whole = set(grid.loc[(grid["unit_id"] == "XA-vinh-tu") & grid["value"].notna(), "cell"])
    assert marked == {"XA-vinh-tu": whole, "XA-vinh-ha": whole, "XA-vinh-o": {"D8"}, "XA-vinh-lam": {"D14"}}


def test_what_was_asked_of_a_form_that_another_one_has_replaced_is_no_doubt(project: Project, tmp_path: Path) -> None:
    """Its hidden sheet was asked about; the new version has none."""
    sheet = project.form["figures"].name
    old = truthful(project, UNEVEN).edited(lambda book: setattr(book[sheet], "sheet_state", "hidden"))
    new = truthful(project, UNEVEN).card(revision=2, revision_kind="Thay thế", revision_reason="Bỏ ẩn").named("2.xlsx")
    done = evaluate_folder(tmp_path, project, [old, new])
    assert [problem.code for problem in done.problems if problem.about] == ["hidden-data"]
    assert set(done.settlement.grid["questioned"]) == {""}
