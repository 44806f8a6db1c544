"""Words of units in the office's own texts: no link in Zalo, no formula in a CSV that is split at another sign."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.publish.sentences.unlinked import unlinked
from pipeline.publish.tables import write_tables


@pytest.mark.parametrize(
    "text",
    ["http://a.vn/x", "WWW.evil.com", "xem evil.com", "a@b.vn", "@all", "0912345678", "+84 912 345 678", "zalo.me/09",
     "0912.345.678", "84912345678", "84 912 345 678", "(0233) 3851 234", "(+84) 912 345 678", "+84.912.345.678",
     "0912\u00a0345\u00a0678", "Tổ 5 0912 345 678", "javascript:alert(1)", "hxxp://xn--a.xn--b"],
)  # fmt: skip
def test_nothing_typed_becomes_a_link(text: str) -> None:
    links = r"://|\w\.[a-z]{2,}|www\.|@\w|\d(?:[ .)\u00a0]{0,2}\d){9}|[a-z]:\S"
    assert re.search(links, text, re.IGNORECASE)
    assert not re.search(links, unlinked(text), re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    ["1.200.300 tin", "bieu.xlsx", "12,5", "ô D7: “12 tin”. Xin sửa", "8:30 ngày 15/9",
     "84.000.000.000", "84.912.345.678", "849.000.000.000", "84000000000", "84 912 345 678 đồng", "84912345678đ",
     "84 000 000 000", "84.912.345.678.901", "12 084 912 345", "0.123456789", "05.09.2025 10:30", "05-09-2025 14 giờ"],
)  # fmt: skip
def test_plain_words_and_numbers_stay(text: str) -> None:
    assert unlinked(text) == text


def test_a_day_before_a_telephone_number_stays_whole() -> None:
    assert unlinked("05.09.2025 0912345678") == "05.09.2025 09123[.]45678"
    assert unlinked("05.09.2025 091 234 5678") == "05.09.2025 091 23[.]4 5678"


@given(st.integers(0, 10**15), st.sampled_from(("", " đồng", " đ", "đ", " VND")), st.sampled_from(("", "“{}”", "({})")))
def test_an_amount_of_money_stays(amount: int, unit: str, around: str) -> None:
    text = f"{amount:,}".replace(",", ".") + unit
    assert unlinked((around or "{}").format(text)) == (around or "{}").format(text)
    if unit:
        spaced = f"chi {amount:,}".replace(",", " ") + unit
        assert unlinked(spaced) == spaced


_GROUPS = ((9,), (2, 3, 4), (3, 3, 3), (2, 4, 3), (1, 4, 4), (3, 2, 2, 2), (2, 3, 2, 2))


@given(
    st.from_regex(r"[35789][0-9]{8}", fullmatch=True),
    st.sampled_from(("0", "+84", "+84 ", "(+84) ", "84 ")),
    st.sampled_from(_GROUPS),
    st.sampled_from((" ", ".", "-", "\u00a0")),
    st.sampled_from(("{}", "gọi {}.", "ĐT:{}", "“{}”", "số 5, {}, {}")),
)
def test_a_telephone_number_is_broken(
    national: str, before: str, groups: Sequence[int], sign: str, around: str
) -> None:
    cuts = [sum(groups[:place]) for place in range(len(groups))]
    number = before + sign.join(national[cut : cut + size] for cut, size in zip(cuts, groups, strict=True))
    assume(not re.fullmatch(r"84\.\d{3}\.\d{3}\.\d{3}", number))  # an amount of money is written like that
    assume(not re.match(r"0[1-9]([.-])(0?[1-9]|1[0-2])\1(19|20)\d\d", number))  # and a day like that
    told = unlinked(around.format(number, number))
    assert not re.search(r"\d(?:[ .\u00a0()-]{0,2}\d){6}", told)
    assert [sign for sign in told if sign.isdecimal()] == [
        sign for sign in around.format(number, number) if sign.isdecimal()
    ]


@pytest.mark.parametrize("text", ["a;=1+1", "a; =1", "a\t@x", 'a;"=1', "a\r\n+1", '"=1', "=1", "a;-1;=2"])
def test_no_text_begins_a_formula_wherever_a_program_splits(tmp_path: Path, text: str) -> None:
    [path] = write_tables(tmp_path, {"t": pd.DataFrame({"text": [text], "number": [-5.5]})}, 10)
    whole = path.read_text(encoding="utf-8-sig")
    assert not re.search(r'(?:^|[;\t\r\n])[\s"]*[=+\-@]', whole)
    assert whole.rstrip().endswith(",-5.5")
