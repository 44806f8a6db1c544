"""The year so far by unit, and what it would come to in points: shown only where the plan asks for it."""

from dataclasses import replace

import pytest

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.project import Project
from pipeline.declare.scoring import Scoring
from pipeline.figures.standings import score
from pipeline.publish.report import Report
from pipeline.publish.sentences.standings import standing_sentences
from pipeline.publish.tables import scoring_table
from pipeline.publish.workbook.consolidated import describe_workbook
from pipeline.publish.workbook.scoring import scoring_page
from pipeline.reading.periods import Folders, read_periods
from pipeline.values.standings import Standing
from tests.builders import Draft, save_all, truthful
from tests.lasting import LASTING

WEIGHTS = {"tasks": 1.0, "online": 0.5, "traditional": 0.5, "on-time": 0.5, "proofs": 0.5}
SCORING = Scoring(is_shown=True, online=("portal", "social"), weights=WEIGHTS, least_share=0.9, enough_proofs=4)
FULL = Standing("XA-a", 9, 9, ("portal",), ("banner",), {"6t": "on-time", "q3": "on-time"}, 4, has_no_news=False)
NONE = {"CT01": 0, "CT02": 0, "CT03": 0, "CT04": 0, "CT05": 0, "CT08": 0, "CT12": 0, "CT13": 0}


@pytest.mark.parametrize(
    ("changes", "points", "whole"),
    [
        ({}, 3.0, 3.0),
        ({"done": 18, "due": 20}, 2.9, 3.0),  # at the least share, its share
        ({"done": 17, "due": 20}, 2.0, 3.0),  # below it, nothing
        ({"done": 0, "due": 0}, 2.0, 2.0),  # who leads nothing is not measured by it
        ({"online": ()}, 2.5, 3.0),
        ({"traditional": ()}, 2.5, 3.0),
        ({"filed": {"6t": "late", "q3": "on-time"}}, 2.75, 3.0),
        ({"filed": {"q3": "missing"}}, 2.5, 3.0),
        ({"filed": {}}, 2.5, 2.5),  # before the first deadline
        ({"proofs": 1}, 2.625, 3.0),
        ({"proofs": 400}, 3.0, 3.0),
    ],
)
def test_points_follow_the_weights_of_the_plan(changes: dict[str, object], points: float, whole: float) -> None:
    got = score(replace(FULL, **changes), SCORING)  # type: ignore[arg-type]
    assert (got.total, got.whole) == (points, whole)
    assert all(0 <= got.points[name] <= most for name, most in got.most.items())


def forms(project: Project, period: str) -> list[Draft]:
    """One unit that was late once, one that lists nothing and tells that there was no news, one that is silent now."""
    late = "2025-06-18 08:00" if period == "6t" else "2025-09-15 08:00"
    drafts = [truthful(project, "XA-ho-xa", period).received(late)]
    if period == "6t":
        return [*drafts, truthful(project, "XA-vinh-o", "6t")]
    quiet = truthful(project, "XA-vinh-tu").no_activities().only_figures(**NONE).received("2025-09-15 09:00")
    return [*drafts, quiet]


@pytest.fixture(scope="module")
def report(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    home = tmp_path_factory.mktemp("cham-diem")
    for code in ("6t", "q3"):
        save_all(home / "2025" / code, forms(project, code))
    shown = replace(project, plan=replace(project.plan, scoring=replace(project.plan.scoring, is_shown=True)))
    period = shown.plan.period("q3")
    readings = read_periods(shown, period, Folders(home, home), engine=LASTING)
    return make_report(judge_period(shown, period, readings), shown, None)


def test_the_year_so_far_is_told_by_period_and_only_of_those_that_were_collected(report: Report) -> None:
    mine = report.tally.standings
    assert mine["XA-ho-xa"].filed == {"6t": "late", "q3": "on-time"}
    assert mine["XA-vinh-o"].filed == {"6t": "on-time", "q3": "missing"}
    assert mine["XA-vinh-tu"].filed == {"6t": "missing", "q3": "on-time"}
    assert {code for item in mine.values() for code in item.filed} == {"6t", "q3"}  # nobody sent anything for Quý I


def test_kinds_of_propaganda_are_those_listed_or_counted_and_news_are_missed_only_where_told(report: Report) -> None:
    mine = report.tally.standings
    assert mine["XA-ho-xa"].online != ()
    assert mine["XA-ho-xa"].traditional != ()
    assert mine["XA-vinh-o"].online != ()  # of the half year, silent as it is now
    assert (mine["XA-vinh-tu"].online, mine["XA-vinh-tu"].proofs) == ((), 1)  # its document stands beside several tasks
    assert [name for name, item in mine.items() if item.has_no_news] == ["XA-vinh-tu"]


def test_what_an_earlier_report_proved_counts_as_done(report: Report) -> None:
    silent, none = (report.tally.standings[name] for name in ("XA-vinh-o", "XA-vinh-thai"))
    assert silent.due == none.due
    assert 0 == none.done < silent.done < silent.due


def test_the_sheet_and_the_table_say_the_same_and_that_they_are_a_help(report: Report) -> None:
    page, table = scoring_page(report), scoring_table(report.tally)
    [block] = page.blocks
    rows = [(row[0], row[-2].value, row[-1]) for row in block.rows]
    assert rows == list(table[["unit_id", "points", "points_of"]].itertuples(index=False, name=None))
    assert len(rows) == 32
    assert any("không phải kết quả đánh giá" in line for line in page.subtitles)


def test_questions_on_the_year_are_answered_by_name(report: Report) -> None:
    told = dict(standing_sentences(report))
    assert "nộp muộn 01 kỳ (01 đơn vị): thị trấn Hồ Xá" in told["Nộp muộn trong năm"].replace("Nộp", "nộp")
    assert "6 tháng đầu năm, Quý III" in told["Nộp muộn trong năm"]
    assert told["Không có tin, bài"] == "Không có tin, bài nào trong kỳ (01 đơn vị): xã Vĩnh Tú."
    assert told["Hình thức tuyên truyền"].startswith("02/32 đơn vị")


def test_it_is_off_unless_the_plan_asks_for_it(project: Project, report: Report) -> None:
    assert not project.plan.scoring.is_shown
    off = replace(report, tally=replace(report.tally, scores={}))
    sheets = ["scoring" in [page.id for page in describe_workbook(each)] for each in (report, off)]
    assert sheets == [True, False]
