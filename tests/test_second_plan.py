"""Another plan, with other units, periods, tasks and figures, runs from its declarations alone."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.commands.run import run_period
from pipeline.commands.templates import write_templates
from pipeline.declare.project import Project, load_project
from pipeline.judged.evaluation import Evaluation
from pipeline.reading.periods import Folders
from tests.builders import SCHEMAS, an_activity, evaluate_folder, figure, found, state, states, total, truthful
from tests.contract import tab
from tests.lasting import LASTING

UNITS = """unit_id,name,kind,aliases,former_names,valid_from,valid_to,successor,must_report
XA-vinh-linh,Xã Vĩnh Linh,xa,UBND xã Vĩnh Linh; Vĩnh Linh,Thị trấn Hồ Xá; Xã Vĩnh Long; Xã Vĩnh Chấp,2025-07-01,,,yes
XA-cua-tung-moi,Xã Cửa Tùng,xa,UBND xã Cửa Tùng; Cửa Tùng,Xã Hiền Thành; Xã Kim Thạch; Xã Vĩnh Giang,2025-07-01,,,yes
XA-vinh-hoang,Xã Vĩnh Hoàng,xa,Vĩnh Hoàng,Xã Trung Nam; Xã Vĩnh Hòa; Xã Vĩnh Thái; Xã Vĩnh Tú,2025-07-01,,,yes
XA-vinh-thuy-moi,Xã Vĩnh Thủy,xa,UBND xã Vĩnh Thủy; Vĩnh Thủy,Xã Vĩnh Lâm; Xã Vĩnh Sơn,2025-07-01,,,yes
XA-ben-quan-moi,Xã Bến Quan,xa,UBND xã Bến Quan; Bến Quan,Xã Vĩnh Hà; Xã Vĩnh Khê; Xã Vĩnh Ô,2025-07-01,,,yes
SO-noi-vu,Sở Nội vụ,so,SNV,,2025-07-01,,,no
"""
PLAN = """
year = 2026
form = "v1"
task_count = 3
title = "Kế hoạch thử của năm xã"
number = ""
date = ""
report_number = ""
report_date = ""
issuer = "Sở Nội vụ"
place = "Đồng Hới"
office = "Sở Nội vụ"
office_unit = "SO-noi-vu"
addressee = "UBND tỉnh"
basis = "Kế hoạch thử"
timezone = "Asia/Ho_Chi_Minh"
kinds = { xa = "Xã", so = "Sở" }
groups = { tat-ca = ["xa"], ven-bien = ["XA-cua-tung-moi", "XA-vinh-hoang"] }

[[periods]]
code = "t1"
name = "Tháng 1"
spellings = ["tháng một"]
date_from = 2025-12-15
date_to = 2026-01-14
file_by = 2026-01-16
cumulative = ["t1"]

[[periods]]
code = "t2"
name = "Tháng 2"
date_from = 2026-01-15
date_to = 2026-02-14
file_by = 2026-02-17
file_by_inclusive = false
cumulative = ["t1", "t2"]
previous = "t1"

[[tasks]]
id = "A1"
short = "Loa truyền thanh"
title = "Phát tin trên loa truyền thanh"
product = "Tin"
leads = ["tat-ca"]
coordinates = "Sở Nội vụ"
due_text = "Hằng tháng"
obligation = { t1 = "recurring", t2 = "recurring" }

[[tasks]]
id = "A2"
short = "Ngày hội"
title = "Tổ chức ngày hội cải cách hành chính ven biển"
product = "Ngày hội"
leads = ["ven-bien"]
coordinates = "Sở Nội vụ"
due_text = "Trước Tết"
due = 2026-02-15
obligation = { t1 = "progress", t2 = "due" }

[[tasks]]
id = "A3"
short = "Kế hoạch"
title = "Ban hành kế hoạch"
product = "Kế hoạch"
leads = ["XA-vinh-linh"]
coordinates = "Sở Nội vụ"
due_text = "31/12/2025"
due = 2025-12-31
may_not_arise = false
obligation = { t1 = "due", t2 = "carried" }

[indicators]
rows = [
  { id = "S01", title = "Tin đã phát", measure = "tin", kind = "flow", groups = ["tat-ca"], main = true },
  { id = "S02", title = "Loa đang dùng", measure = "loa", kind = "stock", groups = ["tat-ca"] },
  { id = "S03", title = "Người dự ngày hội", measure = "người", kind = "flow", groups = ["ven-bien"] },
]

[checks]
rows = [
  { id = "K1", rule = "covers-activities", left = ["S01"], forms = ["commune-radio"], why = "tin đã kê ở Biểu 3" },
]

[plausible]
times_previous = 5
times_median = 10
median_units = 5
median_floor = 50
participants_at_most = 500
form_fault_share = 0.4
same_figures_at_least = 6
"""
FIVE = ("XA-vinh-linh", "XA-cua-tung-moi", "XA-vinh-hoang", "XA-vinh-thuy-moi", "XA-ben-quan-moi")


@dataclass(frozen=True)
class Months:
    """Two months of the second plan."""

    first: Evaluation
    second: Evaluation


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Project:
    schemas = tmp_path_factory.mktemp("other") / "schemas"
    shutil.copytree(SCHEMAS, schemas, ignore=lambda folder, names: ["plans", "units.csv"])
    (schemas / "plans").mkdir()
    (schemas / "plans" / "2026.toml").write_text(PLAN, encoding="utf-8")
    (schemas / "units.csv").write_text(UNITS, encoding="utf-8")
    return load_project(schemas)


@pytest.fixture(scope="module")
def months(other: Project, tmp_path_factory: pytest.TempPathFactory) -> Months:
    folder = tmp_path_factory.mktemp("months")
    january = [truthful(other, unit_id, "t1").figures(S01=10, S02=4) for unit_id in FIVE[:3]]
    first = evaluate_folder(folder / "t1", other, january, "t1")
    wrong = truthful(other, "XA-vinh-hoang", "t2")
    february = [
        truthful(other, "XA-vinh-linh", "t2").blank_task("A3").figures(S01=7),
        truthful(other, "XA-cua-tung-moi", "t2").blank_task("A2").task("A2", status="Đang thực hiện").figures(S01=8),
        wrong.activity(**an_activity(wrong, "A1", date=date(2026, 2, 15)))
        .activity(**an_activity(wrong, "NV01"))
        .figures(S01=9),
        truthful(other, "XA-vinh-thuy-moi", "t2").card(unit_id=None, unit_name="UBND xã Vĩnh Thủy"),
    ]
    return Months(first, evaluate_folder(folder / "t2", other, february, "t2", {"t1": first}))


def test_it_expects_its_own_five_units(other: Project, months: Months) -> None:
    assert tuple(unit.unit_id for unit in months.second.settlement.units) == FIVE
    assert len(months.second.completeness) == 5 * 3
    assert other.plan.year == 2026


def test_its_forms_ask_for_its_own_tasks_and_figures(other: Project, tmp_path: Path) -> None:
    paths = write_templates(other, other.plan.period("t1"), Folders(tmp_path / "in", tmp_path / "out")).paths
    assert sorted(path.stem for path in paths) == sorted(FIVE)
    assert {path.parent for path in paths} == {tmp_path / "out" / "2026" / "t1" / "mau"}
    book = load_workbook(tmp_path / "out" / "2026" / "t1" / "mau" / "XA-vinh-hoang.xlsx")
    assert [row[0] for row in book["Biểu 1 - Nhiệm vụ"].iter_rows(min_row=6, values_only=True)] == ["A1", "A2", "A3"]
    assert [row[2] for row in book["Biểu 1 - Nhiệm vụ"].iter_rows(min_row=6, values_only=True)] == [
        "Chủ trì",
        "Chủ trì",
        "Phối hợp",
    ]
    assert [row[0] for row in book["Biểu 2 - Số liệu"].iter_rows(min_row=6, values_only=True)] == ["S01", "S02", "S03"]


def test_truthful_forms_of_it_are_clean(other: Project, months: Months) -> None:
    assert found(months.first, project=other) == []
    assert set(states(months.first).values()) == {"in-force"}


def test_its_windows_and_tasks_are_its_own(other: Project, months: Months) -> None:
    draft = truthful(other, "XA-vinh-hoang", "t2")
    wanted = [
        (draft.at("activities", "date", 2), "date-outside-window"),
        (draft.at("activities", "task_id", 3), "task-unknown"),
    ]
    assert found(months.second, "XA-vinh-hoang", project=other) == sorted(wanted)


def test_its_states_follow_its_terms(months: Months) -> None:
    assert state(months.first, "XA-cua-tung-moi", "A2") == "open"
    assert (
        state(months.second, "XA-cua-tung-moi", "A2") == "overdue"
    )  # the last day of filing is 16/02, a day after the term
    assert state(months.second, "XA-vinh-hoang", "A2") == "done"
    assert state(months.second, "XA-vinh-linh", "A3") == "done"  # left blank, but proved in January
    assert state(months.second, "XA-ben-quan-moi", "A1") == "missing"
    assert state(months.second, "XA-ben-quan-moi", "A2") == "not-lead"
    assert state(months.second, "XA-vinh-thuy-moi", "A1") == "done"


def test_its_figures_add_up_over_its_own_periods(months: Months) -> None:
    assert total(months.second, "S01")["this_period"] == 7 + 8 + 9 + (
        figure(months.second, "XA-vinh-thuy-moi", "S01")[0] or 0
    )
    assert total(months.second, "S01")["cumulative"] == total(months.second, "S01")["this_period"] + 30
    assert (total(months.second, "S01")["units_reporting"], total(months.second, "S01")["units_expected"]) == (4, 5)
    assert total(months.second, "S02")["cumulative"] is None
    assert total(months.second, "S03")["units_expected"] == 2


@pytest.mark.parametrize(
    ("name", "code"), [("Xã Vĩnh Thái", "unit-not-valid"), ("Huyện Vĩnh Linh", "unit-unknown"), ("Xã Vĩnh Thủy", "")]
)
def test_a_name_means_the_unit_of_its_own_time(name: str, code: str, other: Project, tmp_path: Path) -> None:
    draft = truthful(other, "XA-vinh-thuy-moi", "t1").card(unit_id=None, unit_name=name)
    done = evaluate_folder(tmp_path, other, [draft], "t1")
    assert [problem.code for problem in done.problems] == ([code] if code else [])


def test_a_whole_run_of_it_writes_its_workbook(other: Project, tmp_path: Path) -> None:
    for period, units in (("t1", FIVE[:2]), ("t2", FIVE[1:4])):
        for unit_id in units:
            truthful(other, unit_id, period).save(tmp_path / "in" / "2026" / period)
    done = run_period(other, other.plan.period("t2"), Folders(tmp_path / "in", tmp_path / "out"), engine=LASTING)
    book = load_workbook(done.workbook)
    assert done.workbook == tmp_path / "out" / "2026" / "t2" / "Tong-hop_2026-t2.xlsx"
    rows = list(book[tab("Ma trận")].iter_rows(values_only=True))
    head = next(row for row in rows if "unit_id" in row)
    assert [name for name in head if name in ("A1", "A2", "A3")] == ["A1", "A2", "A3"]
    assert {row[head.index("unit_id")] for row in rows} >= set(FIVE)
