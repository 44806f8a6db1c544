"""Words of units in the office's own texts: no link in Zalo, no formula in a CSV that is split at another sign."""

import re
from pathlib import Path

import pandas as pd
import pytest

from pipeline.publish.sentences.unlinked import unlinked
from pipeline.publish.tables import write_tables


@pytest.mark.parametrize(
    "text",
    ["http://a.vn/x", "WWW.evil.com", "xem evil.com", "a@b.vn", "@all", "0912345678", "+84 912 345 678", "zalo.me/09",
     "0912.345.678", "javascript:alert(1)", "hxxp://xn--a.xn--b"],
)  # fmt: skip
def test_nothing_typed_becomes_a_link(text: str) -> None:
    links = r"://|\w\.[a-z]{2,}|www\.|@\w|\d{9}|\d(?:[ .]?\d){8}|[a-z]:\S"
    assert re.search(links, text, re.IGNORECASE)
    assert not re.search(links, unlinked(text), re.IGNORECASE)


@pytest.mark.parametrize("text", ["1.200.300 tin", "bieu.xlsx", "12,5", "ô D7: “12 tin”. Xin sửa", "8:30 ngày 15/9"])
def test_plain_words_and_numbers_stay(text: str) -> None:
    assert unlinked(text) == text


@pytest.mark.parametrize("text", ["a;=1+1", "a; =1", "a\t@x", 'a;"=1', "a\r\n+1", '"=1', "=1", "a;-1;=2"])
def test_no_text_begins_a_formula_wherever_a_program_splits(tmp_path: Path, text: str) -> None:
    [path] = write_tables(tmp_path, {"t": pd.DataFrame({"text": [text], "number": [-5.5]})}, 10)
    whole = path.read_text(encoding="utf-8-sig")
    assert not re.search(r'(?:^|[;\t\r\n])[\s"]*[=+\-@]', whole)
    assert whole.rstrip().endswith(",-5.5")
