"""What the plan asks and the first form forgot: own plans, models, rates of what was granted and answered."""

import pytest

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.project import Project
from pipeline.publish.papers.narrative import narrate
from pipeline.publish.report import Report
from pipeline.publish.sentences.own_plans import own_plan_words, own_plans_sentence, rate_sentences
from pipeline.reading.periods import Folders, begin_reading
from tests.builders import save_all, state, truthful

PLANNED, EARLIER, NONE = "XA-vinh-thai", "XA-vinh-tu", "XA-hien-thanh"


@pytest.fixture(scope="module")
def report(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """One unit names its plan now, one did in the half-year, one writes a draft; each spends what it was granted."""
    base = tmp_path_factory.mktemp("additions")
    money = {"CT23a": "-", "CT23b": 2_000_000}
    half = [truthful(project, name, "6t").figures(CT27=10_000_000, **money) for name in (PLANNED, EARLIER)]
    now = [truthful(project, name).figures(CT27=10_000_000, **money) for name in (PLANNED, EARLIER, NONE)]
    now[0] = now[0].card(plan_number="12/KH-UBND", plan_date="20/02/2025").figures(PA06=4, PA07=1, PA08=2)
    half[1] = half[1].card(plan_number="7/KH-UBND")
    now[2] = now[2].card(plan_number="dự thảo").figures(CT19a="-")
    now[2] = now[2].blank_task("NV06").task("NV06", status="Hoàn thành", completed_on="5/9/2025")
    now[0] = now[0].request(kind="Mô hình, cách làm hay, gương điển hình", content="Ngày không viết, không hẹn")
    save_all(base / "inputs/2025/6t", half)
    save_all(base / "inputs/2025/q3", now)
    period = project.plan.period("q3")
    readings = begin_reading(project, period, Folders(base / "inputs", base / "outputs")).result()[0]
    return make_report(judge_period(project, period, readings), project, None)


def test_each_units_own_plan_is_told(report: Report) -> None:
    assert own_plan_words(report, PLANNED) == "12/KH-UBND ngày 20/02/2025"
    assert own_plan_words(report, EARLIER) == "7/KH-UBND (theo báo cáo 6 tháng đầu năm)"
    assert own_plan_words(report, NONE) == ""
    told = own_plans_sentence(report)
    assert told.startswith("02/32 đơn vị đã ban hành kế hoạch tuyên truyền riêng; chưa nêu kế hoạch trong báo cáo: ")
    assert report.name(NONE).lower() in told.lower().split("chưa có báo cáo")[0]


def test_spending_counts_since_january_against_the_grant_of_the_year(report: Report) -> None:
    told = list(rate_sentences(report, "Kinh phí"))
    assert told == [
        "kinh phí đã chi từ đầu năm so với dự toán được giao cả năm: đạt 40% "
        "(8.000.000/20.000.000; tính trên 02 đơn vị có đủ số liệu)"
    ]
    assert [problem.code for problem in report.judged.problems if problem.field == "value"] == []


def test_a_commune_that_joined_has_done_its_part(report: Report) -> None:
    assert state(report.judged, NONE, "NV06") == "done"


def test_models_stand_in_the_assessment(report: Report) -> None:
    lines = [getattr(line, "text", "") for line in narrate(report)]
    place = next(number for number, text in enumerate(lines) if "Ngày không viết, không hẹn" in text)
    assert lines.index("III. ĐÁNH GIÁ CHUNG") < place < lines.index("2. Tồn tại, hạn chế")
