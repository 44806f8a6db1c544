"""Text as people type it: made comparable, logged when changed, asked about when it cannot be read."""

import unicodedata
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.convert.cell import Converted
from pipeline.convert.columns import convert_forms
from pipeline.convert.text import choice_index, clean, to_choice, to_text
from pipeline.declare.form import Choice
from pipeline.declare.project import Project
from pipeline.values.cells import CellError, LegacyText, Uncomputed, is_blank, shown
from pipeline.values.forms import Arrival, Found, Reading
from tests.effort import growth

FIRST_LINE = 6
FONTS = st.sampled_from([".VnTime", ".VnTimeH", "VNI-Times"])
RAW_CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.text("0123456789.,-/ ()½²٣５khôngngày tháng\n\u00a0"),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.builds(CellError, st.just("#REF!")),
    st.builds(Uncomputed, st.just("SUM(A1:A9)")),
    st.builds(LegacyText, st.text(), FONTS),
)
CHOICES = choice_index(
    [
        Choice("yes", "Có"),
        Choice("no", "Không", ("ko",)),
        Choice("done", "Hoàn thành", ("đã xong",)),
        Choice("form", "Tờ rơi, tờ gấp"),
    ]
)
GOOD = [
    "Không",
    "Hội nghị, tọa đàm, họp giao ban",
    "hoà bình, hòa bình; thuỷ, thủy",
    "“Chính quyền số” – giai đoạn 2025–2030…",
    "https://vinhlinh.quangtri.gov.vn/tin?id=1&x=2",
    "12/KH-UBND",
    "- Đã treo băng rôn",
    "Kinh phí: 5.000.000 ₫",
    "Ảnh ① ✓ 😀",
    "cùng dùng rõ, quá, thuê, khoá, tuân, toàn",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_used_as_written(text: str) -> None:
    assert to_text(text) == Converted(text)


@pytest.mark.parametrize(
    ("raw", "used", "rule"),
    [
        ("Vi\u0303nh Tha\u0301i", "Vĩnh Thái", "unicode-nfc"),
        ("Tiê\u0301ng Việt", "Tiếng Việt", "unicode-nfc"),
        ("Vĩnh\u00a0Thái", "Vĩnh Thái", "spaces-and-letters"),
        ("Vĩnh\u202fThái", "Vĩnh Thái", "spaces-and-letters"),
        ("Vĩnh\u3000Thái", "Vĩnh Thái", "spaces-and-letters"),
        ("Vĩnh\tThái", "Vĩnh Thái", "spaces-and-letters"),
        ("Vĩnh  Thái", "Vĩnh Thái", "spaces-and-letters"),
        ("  Vĩnh Thái ", "Vĩnh Thái", "spaces-and-letters"),
        ("Vĩ\u200bnh Thái\ufeff", "Vĩnh Thái", "spaces-and-letters"),
        ("tuyên\u00adtruyền", "tuyêntruyền", "spaces-and-letters"),
        ("\u202aVĩnh Thái\u202c", "Vĩnh Thái", "spaces-and-letters"),
        ("Ðông Hà", "Đông Hà", "spaces-and-letters"),
        ("xã Ðông, huyện ðó", "xã Đông, huyện đó", "spaces-and-letters"),
        ("ＵＢＮＤ １２／２０２５", "UBND 12/2025", "spaces-and-letters"),
        ("Tin, bài\nChuyên mục", "Tin, bài; Chuyên mục", "line-break"),
        ("Tin, bài\r\n\r\n  Chuyên mục", "Tin, bài; Chuyên mục", "line-break"),
        ("Tin, bài;\nChuyên mục", "Tin, bài; Chuyên mục", "line-break"),
        ("Gồm:\nTin.\nBài", "Gồm: Tin. Bài", "line-break"),
        ("Tin\x0bbài", "Tin; bài", "line-break"),
        ("Tin\u2028bài", "Tin; bài", "line-break"),
        ("Tin\n", "Tin", "spaces-and-letters"),
        (12.0, "12", "number-as-text"),
        (79085001234, "79085001234", "number-as-text"),
        (1.5, "1.5", "number-as-text"),
        (date(2025, 3, 12), "12/03/2025", "date-as-text"),
        (datetime(2025, 3, 12, 8, 30), "12/03/2025", "date-as-text"),
        (time(8, 30), "08:30", "date-as-text"),
        (timedelta(hours=26, minutes=5), "26:05", "date-as-text"),
        (True, "có", "logical-as-text"),
        (LegacyText("UBND x· VÜnh Th¸i", ".VnTime"), "UBND xã Vĩnh Thái", "tcvn3"),
        (LegacyText("uû ban  nh©n d©n", ".VnTimeH"), "UỶ BAN NHÂN DÂN", "tcvn3"),
        (LegacyText("UBND xaõ Vónh Thaùi", "VNI-Times"), "UBND xã Vĩnh Thái", "vni"),
        (LegacyText("UBND xã Vĩnh Thái", ".VnTime"), "UBND xã Vĩnh Thái", ""),
        (LegacyText("Vi\u0303nh", "VNI-Times"), "Vĩnh", "unicode-nfc"),
        (LegacyText("https://a.vn", ".VnTime"), "https://a.vn", ""),
    ],
)
def test_what_is_changed_says_by_which_rule(raw: Any, used: str, rule: str) -> None:
    assert to_text(raw) == Converted(used, rule)


@pytest.mark.parametrize(
    "raw",
    [
        "UBND x· VÜnh Th¸i",
        "Tuyeân truyeàn caûi caùch",
        "xÃ£ VÄ©nh ThÃ¡i",
        "V\ufffdnh",
        "V\ud800nh",
        LegacyText("Hòa", ".VnTime"),
        LegacyText("Müller", ".VnTime"),
    ],
)
def test_letters_whose_font_is_lost_are_asked_about(raw: Any) -> None:
    assert to_text(raw) == Converted(code="legacy-encoding", facts={"detail": ""})


@pytest.mark.parametrize("raw", ["х\u00e3 Vĩnh Thái", "Vĩnh Thái, huyện Vĩnh Linh, c\u043e"])
def test_cyrillic_letters_are_asked_about_and_the_text_is_kept(raw: str) -> None:
    result = to_text(raw)
    assert (result.value, result.code) == (raw, "legacy-encoding")
    assert result.facts["detail"]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "  ",
        "\u00a0",
        "\u200b",
        "\ufeff \n",
        "\u00ad",
        LegacyText("", ".VnTime"),
        LegacyText(" \u00a0", ".VnTime"),
    ],
)
def test_a_cell_in_which_nobody_sees_anything_is_blank(raw: Any) -> None:
    assert to_text(raw) == Converted()
    assert to_choice(raw, CHOICES).value is None
    assert is_blank(raw) or raw != raw  # noqa: PLR0124


@pytest.mark.parametrize(
    ("raw", "code"),
    [(CellError("#REF!"), "cell-error"), (Uncomputed("A1"), "formula-without-value"), (10**400, "number-too-large")],
)
def test_what_hides_a_value_is_no_blank(raw: Any, code: str) -> None:
    assert to_text(raw) == Converted(code=code)
    assert to_choice(raw, CHOICES) == Converted(code=code)
    assert not is_blank(raw)


@pytest.mark.parametrize(
    ("raw", "label", "rule"),
    [
        ("Có", "Có", ""),
        ("có", "Có", "choice-spelling"),
        ("CÓ", "Có", "choice-spelling"),
        ("Co", "Có", "choice-spelling"),
        ("Có ", "Có", "spaces-and-letters"),
        ("Không.", "Không", "choice-spelling"),
        ("ko", "Không", "choice-spelling"),
        ("ÐÃ XONG", "Hoàn thành", "choice-spelling"),
        ("Hòan thành", "Hoàn thành", "choice-spelling"),
        ("Hoa\u0300n tha\u0300nh", "Hoàn thành", "unicode-nfc"),
        ("Tờ rơi,\ntờ gấp", "Tờ rơi, tờ gấp", "line-break"),
        (True, "Có", "choice-spelling"),
        (LegacyText("Hoµn thµnh", ".VnTime"), "Hoàn thành", "tcvn3"),
        (LegacyText("kh«ng", ".VnTimeH"), "Không", "tcvn3"),
        (LegacyText("Cã", ".VnTime"), "Có", "tcvn3"),  # two readings, of which the list knows one
        (LegacyText("Có", ".VnTime"), "Có", ""),
        (LegacyText("Khoâng", "VNI-Times"), "Không", "vni"),
    ],
)
def test_a_choice_is_found_by_its_words(raw: Any, label: str, rule: str) -> None:
    assert to_choice(raw, CHOICES) == Converted(label, rule)


@pytest.mark.parametrize(
    "raw",
    [
        '=DISPIMG("ID_5C5E",1)',
        '=_xlfn.DISPIMG("ID_5C5E",1)',
        '=IMAGE("https://a.vn/b.png")',
        Uncomputed('=_xlfn.DISPIMG("ID_5C5E",1)'),
    ],
)
def test_a_picture_in_a_cell_is_called_one(raw: Any) -> None:
    assert to_text(raw) == Converted("(ảnh trong ô)", "picture-in-cell")


@pytest.mark.parametrize("raw", ["=DISPIMG", "= IMAGE", "=A1", '=HYPERLINK("a","b")', "=IMAGES(1)"])
def test_other_texts_that_begin_like_a_formula_stay(raw: str) -> None:
    assert to_text(raw) == Converted(raw)


TASKS = choice_index([Choice("NV01", "NV01", ("Kế hoạch",)), Choice("NV02", "NV02"), Choice("NV10", "NV10")])


@pytest.mark.parametrize(
    ("raw", "label"),
    [("NV2", "NV02"), ("nv 02", "NV02"), ("NV.2", "NV02"), ("NV-010", "NV10"), ("NV 1.", "NV01"), ("kế hoạch", "NV01")],
)
def test_a_code_is_found_by_its_letters_and_number(raw: str, label: str) -> None:
    assert to_choice(raw, TASKS) == Converted(label, "choice-spelling")


@pytest.mark.parametrize("raw", ["2", "NV", "NV03", "NV02, NV01", "NV 0 2", "NV02: tuyên truyền", "NVO2"])
def test_no_other_code_is_guessed(raw: str) -> None:
    assert to_choice(raw, TASKS).value == raw


@pytest.mark.parametrize("raw", ["Có lẽ", "Khong co", "1", "Hoàn thàn"])
def test_a_choice_is_never_found_by_likeness(raw: str) -> None:
    assert to_choice(raw, CHOICES).value == raw


@pytest.mark.parametrize("raw", ["C\u043e", "Hoµn thµnh", LegacyText("Hòa", ".VnTime")])
def test_a_choice_in_doubtful_letters_has_no_value(raw: Any) -> None:
    result = to_choice(raw, CHOICES)
    assert (result.value, result.code) == (None, "legacy-encoding")


def test_every_rule_and_code_has_its_words(project: Project) -> None:
    for raw in (
        "=IMAGE(1)",
        "Vi\u0303nh",
        "a  b",
        "a\nb",
        1,
        True,
        date(2025, 1, 1),
        LegacyText("x·", ".VnTime"),
        LegacyText("xaõ", "VNI-Times"),
        b"?",
    ):
        assert project.labels["rule"][to_text(raw).rule]
    assert project.catalogue.severity("legacy-encoding") == "question"


def test_what_is_no_number_is_an_error_and_no_blank() -> None:
    assert to_text(float("nan")) == Converted(code="cell-error")


def test_what_is_blank_for_one_is_blank_for_all() -> None:
    signs = [chr(code) for code in range(0x110000)]
    assert [ascii(sign) for sign in signs if is_blank(sign) != (to_text(sign) == Converted())] == []


@pytest.mark.parametrize(
    "text",
    [
        ("", "à", ""),
        ("", "a ", ""),
        ("", "a\u00a0 ", "\n"),
        ("", "\n", "à"),
        ("", "¸", ""),
        ("", "//@", "·"),
        ("", "aù", ""),
    ],
)
def test_a_text_of_four_times_the_length_takes_about_four_times_as_long(text: tuple[str, str, str]) -> None:
    before, many, behind = text
    assert growth(lambda size: to_text(before + many * size + behind), 2_500, 10_000) < 10


@given(RAW_CELLS)
@example(timedelta.min)
@example(datetime.min)
def test_no_cell_is_too_odd(raw: Any) -> None:
    for result in (to_text(raw), to_choice(raw, CHOICES)):
        assert result.value is None or isinstance(result.value, str)
    is_blank(raw)
    assert isinstance(shown(raw), str)


@given(st.text())
def test_clean_text_stays_clean(text: str) -> None:
    once, _ = clean(text)
    assert clean(once) == (once, "")


@given(st.text())
def test_a_change_is_always_logged(text: str) -> None:
    result = to_text(text)
    assert result.code or result.rule or result.value in (text, None)
    assert result.value or result.code or not clean(text)[0]


@given(st.sampled_from(GOOD), st.integers(0, 60), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u200e"))
def test_what_nobody_sees_changes_nothing(text: str, place: int, unseen: str) -> None:
    spoiled = text[:place] + unseen + text[place:]
    assert to_text(spoiled) == Converted(text, "spaces-and-letters")


@given(st.sampled_from(GOOD), st.sampled_from(["\u00a0", "  ", "\t", "\u202f", "\u2009", " \u00a0 "]))
def test_spaces_of_any_kind_are_spaces(text: str, space: str) -> None:
    assert to_text(text.replace(" ", space)).value == text


@given(st.sampled_from(GOOD))
def test_decomposed_letters_are_the_same_letters(text: str) -> None:
    assert to_text(unicodedata.normalize("NFD", text)).value == text


PIECES = [
    "Phát hành bản tin",
    "  hai khoảng trắng",
    "hoà",
    "ho\u0300a",
    "dòng\nmới",
    "a|b",
    " mép",
    "mép ",
    "",
    "12",
    "xaõ hoäi",
    "ù",
    "că",
    "chi phƯ",
    "=IMAGE(1)",
    "=A1",
    "\u00a0",
]


@given(
    values=st.lists(
        st.one_of(st.sampled_from(PIECES), st.text(max_size=12), st.floats(allow_nan=False), st.none(), st.booleans()),
        max_size=40,
    )
)
def test_a_column_looked_at_as_a_whole_comes_out_as_cell_by_cell(values: list[Any], project: Project) -> None:
    raw = ["" if value is None else value for value in values]  # as a table is found
    found = convert_forms([requests_saying(raw, project)], [0], project, project.plan.period("q3"))
    alone = [to_text(value) for value in raw]
    assert found.sheets["requests"].values["content"] == [result.value for result in alone]
    lines = {line: result for line, result in enumerate(alone, start=FIRST_LINE) if result.code or result.rule}
    told = {problem.row: problem.code for problem in found.problems} | {
        change.row: change.rule for change in found.changes
    }
    assert told == {line: result.code or result.rule for line, result in lines.items()}


def requests_saying(texts: list[Any], project: Project) -> Reading:
    """A form of which only the texts of the requests are filled."""
    keys = project.form["requests"].keys
    rows = [tuple(text if key == "content" else "" for key in keys) for text in texts]
    columns = {key: place for place, key in enumerate(keys)}
    lines = list(range(FIRST_LINE, FIRST_LINE + len(rows)))
    table = Found("requests", "Biểu 4", keys, columns, rows, lines, [True] * len(rows))
    arrival = Arrival("a.xlsx", Path("a.xlsx"), 0, datetime(2025, 9, 15), False)
    return Reading(arrival, "", "xlsx", is_form=True, tables={"requests": table})
