"""Dates as people type them: day before month, the year from the window, and no day that nobody wrote."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.convert.cell import Converted
from pipeline.convert.dates import to_date
from pipeline.convert.numbers import to_number
from pipeline.convert.text import to_choice, to_text
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.values.cells import CellError, LegacyText, Uncomputed, is_blank
from tests.test_text import RAW_CELLS

Q1 = Period("q1", "Quý I", date(2024, 12, 15), date(2025, 3, 14), date(2025, 3, 17))
Q3 = Period("q3", "Quý III", date(2025, 6, 15), date(2025, 9, 14), date(2025, 9, 16))
FIFTH = date(2025, 9, 5)


@pytest.mark.parametrize(
    "text",
    [
        "5/9", "05/9", "05/09", "5/9/25", "5/9/2025", "05/09/2025", "5-9-2025", "5.9.2025", "5 / 9 / 2025", "5-9",
        "5/9/2025.", "2025-09-05", "2025/9/5",
        "2025-09-05 00:00:00", "2025-09-05T08:30:00", "2025-09-05T08:30:00.000Z", "ngày 5/9", "Ngày 05/9/2025",
        "ngày5/9", "5 tháng 9",
        "ngày 05 tháng 9 năm 2025",
        "5 tháng 9 năm 25", "5 tháng 9/2025", "5 tháng 9, 2025", "5/9 năm 2025", "5/9 2025", "5 Thg 9",
        "05/09/2025 08:30", "5/9/2025 8h30", "5/9/2025, 14 giờ",
        "8h30 ngày 5/9/2025", "14 giờ 00 phút, ngày 5/9/2025", "sáng 5/9", "chiều ngày 5/9/2025", "Thứ sáu, 5/9/2025",
        "thứ 6 ngày 5/9", "T6 5/9",
        "５/９/２０２５", "5/9/2025\u00a0", "\u200b5/9/2025", "nga\u0300y 5/9",
        LegacyText("5/9/2025", ".VnTime"), LegacyText("ngµy 5 th¸ng 9 n¨m 2025", ".VnTime"),
        LegacyText("ngaøy 5 thaùng 9", "VNI-Times"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("in_window", [True, False])
def test_every_spelling_of_one_day(text: Any, in_window: bool) -> None:
    assert to_date(text, Q3, in_window) == Converted(FIFTH, "date-as-text")


@pytest.mark.parametrize(
    "text", ["thứ hai 5/9/2025", "T2, 5/9", "CN 5/9", "8h30 thứ 5 ngày 05/9/2025", "Chủ nhật, 2025-09-05"]
)
@pytest.mark.parametrize("in_window", [True, False])
def test_a_day_of_the_week_that_does_not_fit_is_asked_about_and_the_date_used(text: str, in_window: bool) -> None:
    result = to_date(text, Q3, in_window)
    assert (result.value, result.code, result.facts["why"]) == (FIFTH, "date-odd", "nhưng ngày 05/9/2025 là thứ sáu")


def test_outside_the_window_the_schema_refuses_the_date_whatever_the_day_of_the_week() -> None:
    assert to_date("thứ hai 25/9/2025", Q3, in_window=True) == Converted(date(2025, 9, 25), "date-as-text")


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (FIFTH, ""),
        (datetime(2025, 9, 5), ""),
        (datetime(2025, 9, 5, 8, 30), "time-dropped"),
        (45905, "date-from-number"),
        (45905.0, "date-from-number"),
        (45905.354, "date-from-number"),
        ("45905", "date-from-number"),
    ],
)
def test_a_day_that_excel_counted(raw: Any, rule: str) -> None:
    assert to_date(raw, Q3, in_window=True) == to_date(raw, Q3) == Converted(FIFTH, rule)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20/12", date(2024, 12, 20)),
        ("31/12", date(2024, 12, 31)),
        ("31/12/24", date(2024, 12, 31)),
        ("15 tháng 12", date(2024, 12, 15)),
        ("1/1", date(2025, 1, 1)),
        ("14/3", date(2025, 3, 14)),
        ("28/11", date(2025, 11, 28)),  # no December, so the year of the plan
    ],
)
def test_the_year_comes_from_a_window_over_new_year(text: str, found: date) -> None:
    assert to_date(text, Q1).value == to_date(text, Q1, in_window=True).value == found


def test_a_december_outside_the_window_is_not_guessed() -> None:
    assert to_date("10/12", Q1).code == "vague-date"
    assert to_date("10/12", Q1, in_window=True).value == date(2024, 12, 10)  # outside: for the schema to refuse
    assert to_date("10/12", Q3).value == date(2025, 12, 10)


@pytest.mark.parametrize(
    "text",
    ["29/02/2025", "29/2", "31/9", "0/9", "32/8/2025", "5/13", "15/9/20255", "15-9-20255", "15/9/202", "15/9/0025",
     "2025-13-45", "nt", "x", "-", "hôm nọ",
     "15",
     "2025",
     "20250905", "5//9", "5/9/", "1/2/3/4", "٥/٩", "5²/9"],
)  # fmt: skip
@pytest.mark.parametrize("in_window", [True, False])
def test_what_is_no_day(text: str, in_window: bool) -> None:
    result = to_date(text, Q3, in_window)
    assert (result.value, result.code) == (None, "not-a-date")


@pytest.mark.parametrize(
    "text",
    ["Tháng 9", "tháng 9/2025", "9/2025", "09-2025", "Quý III", "quí 3", "trong quý", "cuối năm", "dự kiến tháng 10",
     "trước 30/9", "5-6/9", "05-06/09",
     "05-06/09/2025",
     "5/9-7/9", "5/9 - 7/9/2025", "5/9, 7/9", "5/9\n7/9", "từ 5/9 đến 7/9", "15/9-25", "tháng 5-9/2025",
     LegacyText("Th¸ng 9", ".VnTime")],
)  # fmt: skip
def test_a_stretch_of_time_is_a_question_and_no_day(text: Any) -> None:
    assert to_date(text, Q3) == Converted(code="vague-date")
    assert to_date(text, Q3, in_window=True).code == "not-a-date"


def test_day_and_month_are_never_swapped() -> None:
    may = to_date(date(2025, 5, 9), Q3, in_window=True)
    assert (may.value, may.code) == (date(2025, 5, 9), "")
    assert Q3.swapped_hint(may.value)
    assert to_date("7/13/2025", Q3).value is None
    assert "13/7/2025" in to_date("7/13/2025", Q3).facts["suggestion"]
    assert to_date("12/31/2025", Q3).facts["suggestion"] == ""


@pytest.mark.parametrize(
    "raw",
    [
        True,
        time(8, 30),
        timedelta(hours=26),
        15.9,
        5,
        0,
        -1,
        99999,
        10**400,
        float("nan"),
        float("inf"),
        datetime(1899, 12, 31, 8),
        date.min,
        b"?",
    ],
)
def test_other_values_are_no_day(raw: Any) -> None:
    assert to_date(raw, Q3) == to_date(raw, Q3, in_window=True) == Converted(code="not-a-date")


@pytest.mark.parametrize(
    "raw", [44443, 45600, "45600", date(1921, 9, 15), datetime(1900, 1, 5), date(2205, 9, 5), "5/9/1925"]
)
def test_a_day_far_away_is_asked_about_where_no_window_refuses_it(raw: Any) -> None:
    asked = to_date(raw, Q3)
    assert (asked.value, asked.code) == (None, "date-odd")
    assert asked.facts["why"]
    assert not Q3.covers(to_date(raw, Q3, in_window=True).value)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (CellError("#N/A"), "cell-error"),
        (Uncomputed("TODAY()"), "formula-without-value"),
        (None, ""),
        (" \u00a0", ""),
        (LegacyText("", ".VnTime"), ""),
    ],
)
def test_hidden_values_and_blanks(raw: Any, code: str) -> None:
    assert to_date(raw, Q3) == Converted(code=code)


def test_every_code_and_rule_has_its_words(project: Project) -> None:
    assert {project.catalogue.severity(code) for code in ("not-a-date", "vague-date", "date-odd")} == {
        "block-row",
        "question",
    }
    assert {"date-as-text", "date-from-number", "time-dropped"} <= set(project.labels["rule"])


@pytest.mark.parametrize("text", ["t" * 32_000, "5/" * 16_000, "5 " * 16_000, "ngày 5/9 " * 4_000])
def test_a_long_text_is_no_day(text: str) -> None:
    assert to_date(text, Q3).code == "not-a-date"


@given(RAW_CELLS, st.sampled_from([Q1, Q3]), st.booleans())
def test_no_cell_is_too_odd(raw: Any, period: Period, in_window: bool) -> None:
    result = to_date(raw, period, in_window)
    assert result.value is None or (type(result.value) is date and not result.code)


@given(
    st.dates(Q1.date_from, Q1.date_to),
    st.sampled_from(
        [
            "{0.day}/{0.month}",
            "{0:%d/%m/%y}",
            "{0:%d-%m-%Y}",
            "{0:%d.%m.%Y}",
            "{0.day} tháng {0.month}",
            "{0:%Y-%m-%d}",
            "Ngày {0:%d} tháng {0:%m} năm {0:%Y}",
        ]
    ),
)
def test_every_day_of_a_window_in_every_spelling(day: date, spelling: str) -> None:
    assert to_date(spelling.format(day), Q1, in_window=True).value == day


@given(RAW_CELLS | st.text(max_size=3), st.booleans())
def test_no_cell_with_content_comes_out_as_a_blank(raw: Any, flag: bool) -> None:
    results = (to_text(raw), to_choice(raw, {}), to_number(raw, whole=flag), to_date(raw, Q3, flag))
    assert all(is_blank(raw) == (result == Converted()) for result in results)
