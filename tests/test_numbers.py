"""Numbers as people type them: read when there is one way to read them, asked about when there are two."""

from datetime import date, datetime, time, timedelta
from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.convert.cell import Converted
from pipeline.convert.numbers import to_number
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.values.cells import CellError, LegacyText, Uncomputed
from pipeline.words.names import fold
from pipeline.words.numbers import number_text
from tests.test_text import RAW_CELLS

DENIALS = (
    "lũy kế", "lũy kế từ 15/12", "cộng dồn từ đầu năm", "của 6 tháng", "6 tháng đầu năm", "cả năm", "số quý trước",
    "hoặc 16", "có thể là 15 hoặc 16",
    "sai, đúng là 12", "sửa lại 12", "ít nhất", "gần", "trên", "trên 10", "hơn", "tối thiểu", "sơ bộ",
    "chưa chốt", "chưa đầy đủ", "kế hoạch",
    "theo kế hoạch", "chỉ tiêu giao", "khoảng", "dự kiến",
)  # fmt: skip
Q3 = Period("q3", "Quý III", date(2025, 6, 15), date(2025, 9, 14), date(2025, 9, 16))


@pytest.fixture(scope="module")
def nothing(project: Project) -> dict[str, tuple[str, bool]]:
    return {
        fold(word): (name, item.counts_as_zero)
        for name, item in project.form.nothing.items()
        for word in (item.label, *item.aliases)
    }


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        (12, 12.0, ""),
        (12.0, 12.0, ""),
        (0, 0.0, ""),
        (-3, -3.0, ""),
        ("12", 12.0, "number-as-text"),
        ("03", 3.0, "number-as-text"),
        ("05", 5.0, "number-as-text"),
        (" 12\u00a0", 12.0, "number-as-text"),
        ("12\n", 12.0, "number-as-text"),
        ("+5", 5.0, "number-as-text"),
        ("-5", -5.0, "number-as-text"),
        ("１２", 12.0, "number-as-text"),
        ("1\u200b2", 12.0, "number-as-text"),
        ("12.0", 12.0, "number-as-text"),
        ("12,0", 12.0, "decimal-comma"),
        ("1.234", 1234.0, "thousands-separator"),
        ("1.234.567", 1234567.0, "thousands-separator"),
        ("1,234,567", 1234567.0, "thousands-separator"),
        ("1 234", 1234.0, "thousands-separator"),
        ("1\u00a0234", 1234.0, "thousands-separator"),
        ("1\u202f234\u202f567", 1234567.0, "thousands-separator"),
        ("1.234,0", 1234.0, "decimal-comma"),
        ("1,234.0", 1234.0, "thousands-separator"),
        ("12 tin", 12.0, "unit-word"),
        ("12 Tin.", 12.0, "unit-word"),
        ("12tin", 12.0, "unit-word"),
        ("12 (tin)", 12.0, "unit-word"),
        ("1.234 tin, bài", 1234.0, "unit-word"),
        ("15 (lồng ghép)", 15.0, "note-beside-number"),
        ("15(lồng ghép 3 cuộc)", 15.0, "note-beside-number"),
        ("15 (trên Cổng TTĐT xã)", 15.0, "note-beside-number"),
        ("15 (gắn với họp thôn)", 15.0, "note-beside-number"),
        ("15 (theo Kế hoạch số 17/KH-UBND)", 15.0, "note-beside-number"),
        ("15 (trực tiếp hoặc trực tuyến)", 15.0, "note-beside-number"),
        ("15 (tháng 6 và 9 tháng 7)", 15.0, "note-beside-number"),
        (12.000000000000002, 12.0, "float-dust"),
        (0.1 * 3 * 10 - 3, 0.0, "float-dust"),
        (-0.0, 0.0, ""),
        ("-0", 0.0, "number-as-text"),
        ("1.500 (cả thôn)", 1500.0, "note-beside-number"),
        ("26 tin (trong đó 5 tin chuyển đổi số)", 26.0, "note-beside-number"),
        ("1.234 bài(lồng ghép)", 1234.0, "note-beside-number"),
        (LegacyText("12", ".VnTime"), 12.0, "number-as-text"),
        (LegacyText("15 (lång ghÐp)", ".VnTime"), 15.0, "note-beside-number"),
        (LegacyText("12 baøi", "VNI-Times"), 12.0, "unit-word"),
    ],
)
def test_one_way_to_read_it(raw: Any, value: float, rule: str) -> None:
    result = to_number(raw, whole=True, measure="tin, bài")
    assert (result.value, result.rule, result.code) == (value, rule, "")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (1.234, "not-whole"),
        (1.5, "not-whole"),
        ("1,5", "not-whole"),
        ("0.123", "not-whole"),
        ("0,123", "not-whole"),
        ("1.234,5", "not-whole"),
        ("1,234", "ambiguous-number"),
        ("1,234 tin", "ambiguous-number"),
        ("~50", "vague-number"),
        ("khoảng 50", "vague-number"),
        ("trên 100", "vague-number"),
        ("50-60", "vague-number"),
        ("50 – 60", "vague-number"),
        ("50+", "vague-number"),
        (">50", "vague-number"),
        ("03 tin, 02 bài", "vague-number"),
        ("12 cuộc", "vague-number"),
        ("5%", "vague-number"),
        ("5 %", "vague-number"),
        ("3/4", "vague-number"),
        ("1e3", "vague-number"),
        ("12 34", "vague-number"),
        ("1.23.4", "vague-number"),
        ("1.2345.678", "vague-number"),
        ("12.", "vague-number"),
        ("٣", "vague-number"),
        ("0912345678", "vague-number"),
        ("0912 345 678", "vague-number"),
        ("3\n4", "vague-number"),
        ("15\n(lồng ghép)", "vague-number"),
        ("15 (20)", "vague-number"),
        ("15 (?)", "vague-number"),
        ("15 (nghìn)", "vague-number"),
        ("15 (khoảng)", "vague-number"),
        *((f"15 ({note})", "vague-number") for note in DENIALS),
        *((f"15 tin ({note})", "vague-number") for note in DENIALS),
        (12.00001, "not-whole"),
        (2_000_000_000.5, "not-whole"),
        ("1,234 (lồng ghép)", "vague-number"),
        ("1,234 tin (lồng ghép)", "vague-number"),
        ("26 tin (ước)", "vague-number"),
        ("26 tin (5)", "vague-number"),
        ("26 cuộc (lồng ghép)", "vague-number"),
        ("0 có", "vague-number"),
        ("O", "vague-number"),
        ("o", "vague-number"),
        ("l", "vague-number"),
        ("1O", "vague-number"),
        ("nt", "vague-number"),
        ("như trên", "vague-number"),
        ("//", "vague-number"),
        ("--", "vague-number"),
        ("-", "vague-number"),
        ("…", "vague-number"),
        ("?", "vague-number"),
        ("x", "vague-number"),
        ("K", "vague-number"),
        ("không có", "vague-number"),
        ("½", "not-a-number"),
        ("1½", "not-a-number"),
        ("5²", "not-a-number"),
        ("tin", "not-a-number"),
        ("nhiều", "not-a-number"),
        (True, "not-a-number"),
        (date(2025, 4, 3), "not-a-number"),
        (datetime(2025, 4, 3), "not-a-number"),
        (time(8, 30), "not-a-number"),
        (timedelta(hours=26), "not-a-number"),
        (nan, "not-a-number"),
        (inf, "number-too-large"),
        (10**400, "number-too-large"),
        ("9" * 400, "number-too-large"),
        (CellError("#REF!"), "cell-error"),
        (Uncomputed("SUM(A1:A9)"), "formula-without-value"),
    ],
)
def test_no_way_to_read_it_or_two(raw: Any, code: str) -> None:
    result = to_number(raw, whole=True, measure="tin, bài")
    assert (result.value, result.rule, result.code) == (None, "", code)


@pytest.mark.parametrize("raw", [None, "", "  ", "\u00a0\u200b", LegacyText(" ", ".VnTime")])
def test_a_blank_is_no_zero(raw: Any, nothing: dict[str, tuple[str, bool]]) -> None:
    assert to_number(raw, whole=True, nothing=nothing) == Converted()


@pytest.mark.parametrize(
    "word",
    [
        "-",
        "–",
        "Không",
        "không có",
        "KHÔNG PHÁT SINH",
        "ko",
        "0 có",
        " - ",
        "Kho\u0302ng",
        LegacyText("Kh«ng cã", ".VnTime"),
        LegacyText("-", ".VnTime"),
    ],
)
def test_none_arose_counts_as_zero(word: Any, nothing: dict[str, tuple[str, bool]]) -> None:
    assert to_number(word, whole=True, nothing=nothing) == Converted(0.0, "none-arose-as-zero", nothing="none-arose")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("…", "not-yet-known"),
        ("...", "not-yet-known"),
        ("chưa có", "not-yet-known"),
        ("x", "not-applicable"),
        ("X", "not-applicable"),
    ],
)
def test_the_other_kinds_of_nothing_are_no_number(word: str, kind: str, nothing: dict[str, tuple[str, bool]]) -> None:
    assert to_number(word, whole=True, nothing=nothing) == Converted(nothing=kind)


@pytest.mark.parametrize("word", ["nt", "//", "K", "--", "-\n-", "O"])
def test_words_that_may_mean_nothing_are_asked_about(word: str, nothing: dict[str, tuple[str, bool]]) -> None:
    assert to_number(word, whole=True, nothing=nothing).code == "vague-number"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1.500.000đ", 1_500_000),
        ("1.500.000 VNĐ", 1_500_000),
        ("1,5 triệu", 1_500_000),
        ("1,1 triệu đồng", 1_100_000),
        ("1500 (nghìn đồng)", 1_500_000),
        ("5.000.000đ (năm triệu đồng)", 5_000_000),
        ("5 triệu đồng (từ ngân sách xã)", 5_000_000),
        ("50 nghìn", 50_000),
        ("2 tỷ", 2_000_000_000),
        ("12,5", 12.5),
        ("1.234,56", 1234.56),
    ],
)
def test_money_with_its_own_words(raw: str, value: float) -> None:
    assert to_number(raw, whole=False, measure="đồng").value == value


@pytest.mark.parametrize(
    "raw", ["1.500", "1,500", "1.500 triệu", "2 triệu 500 nghìn", "5tr", "500k", "1-2 triệu", "5 USD"]
)
def test_money_that_is_not_sure_has_no_value(raw: str) -> None:
    result = to_number(raw, whole=False, measure="đồng")
    assert result.value is None
    assert result.code in ("ambiguous-number", "vague-number")


@pytest.mark.parametrize(("raw", "fact"), [(1.234, "1234"), ("O", "0"), ("l", "1"), ("1O", "10")])
def test_the_likely_number_is_offered_and_not_used(raw: Any, fact: str) -> None:
    result = to_number(raw, whole=True)
    assert result.value is None
    assert fact in result.facts["suggestion"]


@pytest.mark.parametrize(
    ("raw", "day"), [(46280, "15/9/2026"), (46054.0, "01/02/2026"), (45292, "01/01/2024"), (46387, "31/12/2026")]
)
@pytest.mark.parametrize("whole", [True, False])
def test_a_count_that_is_a_day_near_the_period_may_be_a_date_and_is_asked_about(
    raw: float, day: str, whole: bool
) -> None:
    result = to_number(raw, whole, "tin, bài", period=Q3)
    assert (result.value, result.code) == (None, "vague-number")
    assert result.facts["suggestion"] == f" ({raw:.0f} có phải là ngày {day} không?)"


@pytest.mark.parametrize("raw", [45291, 46388, 46280.5, "46280", "46.280", "46280 bài"])
def test_any_other_number_and_one_that_was_typed_as_text_is_no_date(raw: Any) -> None:
    assert to_number(raw, whole=False, measure="tin, bài", period=Q3).facts.get("suggestion") is None


@pytest.mark.parametrize("raw", [-0.0, "-0", "-0,0"])
def test_minus_nought_is_nought(raw: Any) -> None:
    assert str(to_number(raw, whole=True).value) == "0.0"


def test_both_readings_are_told() -> None:
    assert to_number("1,234", whole=True).facts["readings"] == "1234 (số nguyên) hoặc 1,234 (số có phần lẻ)"
    money = to_number("5.000 (nghìn đồng)", whole=False, measure="đồng")
    assert (money.facts["readings"], money.facts["reading"]) == ("5.000.000 hoặc 5.000", "5000000")


@pytest.mark.parametrize(
    "text", ["1," * 16_000, "1 " * 16_000, "1" + "," * 32_000, "1" + "a" * 32_000 + "1", "1(" * 16_000, "-" * 32_000]
)
def test_a_long_text_is_asked_about(text: str) -> None:
    assert to_number(text, whole=True, measure="tin").code == "vague-number"


@given(RAW_CELLS, st.booleans(), st.sampled_from(["", "tin", "đồng"]))
def test_no_cell_is_too_odd(raw: Any, whole: bool, measure: str) -> None:
    result = to_number(raw, whole=whole, measure=measure, nothing={"-": ("none-arose", True)})
    assert result.value is None or (isinstance(result.value, float) and isfinite(result.value) and not result.code)
    assert not whole or result.value is None or result.value.is_integer()


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "{} tin", "{} (lồng ghép)", "\u00a0{} "]))
def test_a_whole_number_as_offices_write_it_comes_back(number: int, written: str) -> None:
    assert to_number(written.format(number_text(number)), whole=True, measure="tin").value == number


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(",."))
def test_three_digits_behind_one_mark_are_never_guessed_in_a_decimal_field(left: int, right: int, mark: str) -> None:
    assert to_number(f"{left}{mark}{right:03d}", whole=False).code == "ambiguous-number"


@given(st.integers(0, 10**6), st.text("0123456789.,- ()/~%²½٣", min_size=1, max_size=6))
def test_what_surrounds_a_number_never_changes_it_unseen(number: int, more: str) -> None:
    result = to_number(f"{number} {more}", whole=True)
    assert result.value in (None, float(number)) or result.rule == "thousands-separator"
