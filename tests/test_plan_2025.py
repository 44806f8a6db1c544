"""The plan of 2025 as declared: periods, units, tasks and indicators, counted from the declarations themselves."""

from collections import Counter
from datetime import date, datetime

import pytest

from pipeline.declare.plan import JUDGED, Period
from pipeline.declare.project import Project
from pipeline.words.names import fold

PERIODS = [
    ("q1", "Quý I", date(2024, 12, 15), date(2025, 3, 14), date(2025, 3, 17), ("q1",)),
    ("6t", "6 tháng đầu năm", date(2024, 12, 15), date(2025, 6, 14), date(2025, 6, 17), ("6t",)),
    ("q3", "Quý III", date(2025, 6, 15), date(2025, 9, 14), date(2025, 9, 16), ("6t", "q3")),
    ("nam", "Năm 2025", date(2024, 12, 15), date(2025, 11, 20), date(2025, 11, 29), ("nam",)),
]


def obligations(project: Project, code: str) -> Counter[str]:
    period = project.plan.period(code)
    return Counter(
        project.plan.obligation(task, unit, period)
        for task in project.plan.tasks
        for unit in project.register.reporting_on(period.date_to)
    )


def test_what_is_declared_can_stand_in_a_set(project: Project) -> None:
    """Readers of cells keep sets of them; a key that holds a table has to stay out of the hash."""
    for items in (project.plan.periods, project.plan.indicators):
        assert len(set(items)) == len(items)


@pytest.mark.parametrize(("code", "name", "date_from", "date_to", "last_day", "cumulative"), PERIODS)
def test_the_four_periods(
    project: Project, code: str, name: str, date_from: date, date_to: date, last_day: date, cumulative: tuple[str, ...]
) -> None:
    period = project.plan.period(code)
    assert (period.name, period.date_from, period.date_to, period.last_day, period.cumulative) == (
        name,
        date_from,
        date_to,
        last_day,
        cumulative,
    )


def test_there_are_no_other_periods(project: Project) -> None:
    assert [period.code for period in project.plan.periods] == ["q1", "6t", "q3", "nam"]
    assert project.plan.period("q2").code == "6t"
    assert project.plan.period("Q4").code == "nam"


def test_the_deadline_is_the_midnight_after_the_last_day(project: Project) -> None:
    assert project.plan.deadline(project.plan.period("q3")) == datetime(2025, 9, 17, tzinfo=project.plan.zone)
    assert project.plan.deadline(project.plan.period("nam")) == datetime(2025, 11, 30, tzinfo=project.plan.zone)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2024, 12, 14), []),
        (date(2024, 12, 20), ["q1", "6t", "nam"]),
        (date(2025, 3, 15), ["6t", "nam"]),
        (date(2025, 6, 14), ["6t", "nam"]),
        (date(2025, 6, 15), ["q3", "nam"]),
        (date(2025, 9, 14), ["q3", "nam"]),
        (date(2025, 9, 20), ["nam"]),
        (date(2025, 12, 20), []),
    ],
)
def test_a_day_belongs_to_the_periods_of_its_window(project: Project, day: date, codes: list[str]) -> None:
    assert [period.code for period in project.plan.periods if period.covers(day)] == codes


def called(project: Project, text: str) -> list[str]:
    return [period.code for period in project.plan.periods if period.is_called(text)]


@pytest.mark.parametrize("text", ["Quý III", "quý 3", "QIII", "Q3", "quí III", "q3", "Quý III/2025", "  QUÝ  III "])
def test_quarter_three_has_many_spellings(project: Project, text: str) -> None:
    assert called(project, text) == ["q3"]


@pytest.mark.parametrize("text", ["9 tháng", "6 tháng cuối năm", "Quý II", "quý 4", ""])
def test_nine_months_are_no_period_of_the_plan(project: Project, text: str) -> None:
    assert called(project, text) == []


def test_no_spelling_means_two_periods(project: Project) -> None:
    names = [
        fold(name)
        for period in project.plan.periods
        for name in {fold(word) for word in (period.code, period.name, *period.also, *period.spellings)}
    ]
    assert len(set(names)) == len(names)


def test_32_units_report_18_of_them_communes_and_towns(project: Project) -> None:
    units = project.register.reporting_on(date(2025, 9, 14))
    kinds = Counter(unit.kind for unit in units)
    assert len(units) == 32
    assert (kinds["xa"], kinds["thi-tran"]) == (15, 3)
    assert all(unit.unit_id.startswith("XA-") == (unit.kind in ("xa", "thi-tran")) for unit in units)


def test_the_unit_ids_of_the_contract_are_there(project: Project) -> None:
    wanted = {
        "XA-vinh-thai",
        "XA-ho-xa",
        "P-noi-vu",
        "P-van-hoa-thong-tin",
        "P-tu-phap",
        "P-tai-chinh-ke-hoach",
        "VP-hdnd-ubnd",
        "SN-vhtt-tdtt",
    }
    assert wanted <= set(project.register.by_id)


def test_no_name_alias_or_code_belongs_to_two_units(project: Project) -> None:
    assert all(len(units) == 1 for units in project.register.by_name.values())
    codes = [unit.national_code for unit in project.register.units if unit.national_code]
    assert len(codes) == len(set(codes)) == 18


def test_no_former_name_is_the_name_of_a_unit_today(project: Project) -> None:
    assert not set(project.register.by_former_name) & set(project.register.by_name)


@pytest.mark.parametrize(
    "spelling",
    [
        "Trung tâm VH TT&TĐTT",
        "Trung tâm VH TT - TĐTT",
        "Trung tâm VHHT - TDTT",
        "Trung tâm Văn hóa thông tin và Thể dục thể thao",
        "Đài Truyền thanh huyện",
    ],
)
def test_the_spellings_of_the_plan_for_the_culture_centre_are_known(project: Project, spelling: str) -> None:
    assert [unit.unit_id for unit in project.register.by_name[fold(spelling)]] == ["SN-vhtt-tdtt"]


def test_there_are_nine_tasks_with_156_leads(project: Project) -> None:
    assert [task.id for task in project.plan.tasks] == [f"NV{number:02d}" for number in range(1, 10)]
    leads = Counter(
        unit.unit_id for task in project.plan.tasks for unit in project.register.units if project.plan.leads(task, unit)
    )
    assert sum(leads.values()) == 156
    assert {leads[unit.unit_id] for unit in project.register.units if unit.unit_id.startswith("XA-")} == {8}
    assert {unit: count for unit, count in leads.items() if not unit.startswith("XA-")} == {
        "P-noi-vu": 4,
        "SN-vhtt-tdtt": 5,
        "P-van-hoa-thong-tin": 2,
        "VP-hdnd-ubnd": 1,
    }


def test_quarter_three_owes_98_judged_rows_and_19_of_progress(project: Project) -> None:
    owed = obligations(project, "q3")
    assert sum(owed[name] for name in JUDGED) == 98
    assert owed["recurring"] == 97
    assert owed["progress"] == 19
    assert owed["carried"] == 19
    assert owed["not-due"] == 20
    assert owed["not-lead"] == 32 * 9 - 156


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("q1", "D R R – R P R R –"),
        ("6t", "C R R P R P R R –"),
        ("q3", "C R R D R P R R –"),
        ("nam", "C R R C R D R R D"),
    ],
)
def test_the_obligations_by_task_and_period(project: Project, code: str, expected: str) -> None:
    letters = {"recurring": "R", "due": "D", "progress": "P", "carried": "C", "not-due": "–"}
    assert " ".join(letters[task.obligation[code]] for task in project.plan.tasks) == expected


def test_the_indicators_of_the_contract(project: Project) -> None:
    numbers = [f"CT{number:02d}" for number in range(1, 24)]
    split = [
        f"{name}{half}" for name in numbers for half in (("a", "b") if name in ("CT15", "CT19", "CT23") else ("",))
    ]
    old = [*split, "PA01", "PA02", "PA03", "PA04", "PA05"]
    new = ["PA06", "PA07", "PA08", "CT24", "CT25", "CT26", "CT27"]
    assert [item.id for item in project.plan.indicators] == [*old, *new]
    assert all(item.optional and item.since == "v2" for item in project.plan.indicators[len(old) :])


def test_stocks_are_the_values_on_the_closing_day(project: Project) -> None:
    assert {item.id for item in project.plan.indicators if item.kind == "stock"} == {
        "CT07",
        "CT14",
        "PA01",
        "PA04",
        "PA05",
        "CT24",
        "CT27",
    }


def test_only_minutes_and_money_may_have_decimals(project: Project) -> None:
    assert {item.id for item in project.plan.indicators if not item.whole} == {"CT05", "CT23a", "CT23b", "CT27"}


def test_the_choices_of_the_contract(project: Project) -> None:
    choices = project.form.choices
    assert [choice.label for choice in choices["status"]] == [
        "Hoàn thành",
        "Đang thực hiện",
        "Chưa thực hiện",
        "Không phát sinh",
    ]
    assert [choice.label for choice in choices["revision_kind"]] == ["Thay thế", "Bổ sung"]
    assert [choice.label for choice in choices["role"]] == ["Chủ trì", "Phối hợp"]
    assert [choice.label for choice in choices["yes_no"]] == ["Không", "Có"]
    assert [choice.label for choice in choices["request_kind"]] == [
        "Tồn tại, hạn chế",
        "Nguyên nhân",
        "Giải pháp",
        "Kiến nghị",
        "Mô hình, cách làm hay, gương điển hình",
    ]
    assert [choice.label for choice in choices["@tasks"]] == [task.id for task in project.plan.tasks]
    assert len(choices["content_area"]) == 12
    assert choices["content_area"][-1].label == "Nội dung chung"


def test_no_word_of_a_list_means_two_choices(project: Project) -> None:
    for name, choices in project.form.choices.items():
        words = [word for choice in choices for word in {fold(text) for text in (choice.label, *choice.aliases)}]
        assert len(words) == len(set(words)), name


def test_a_swapped_date_is_offered_only_when_it_would_fit(project: Project) -> None:
    period: Period = project.plan.period("q3")
    assert "05/9/2025" in period.swapped_hint(date(2025, 5, 9))
    assert period.swapped_hint(date(2025, 5, 20)) == ""
    assert period.swapped_hint(date(2025, 7, 8)) == ""
