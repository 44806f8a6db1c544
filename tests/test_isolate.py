"""A batch in a process of its own: whatever one file does to it, the others are answered in order."""

import pickle
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.files.limits import STANDARD, Limits
from pipeline.reading.isolate import Reader
from tests.misbehaving import work

CODES = {
    "good": "read",
    "aborts": "file-too-large",
    "ends": "file-corrupt",
    "eats memory": "file-too-large",
    "hangs": "file-too-large",
    "breaks the opening": "file-corrupt",
    "breaks what follows": "file-corrupt",
}


def answers(files: Sequence[str], reader: Reader) -> list[tuple[str, str]]:
    return [line for answer in reader.run("together", files) for line in pickle.loads(answer)]


@pytest.mark.parametrize("bad", [name for name in CODES if name != "good"])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_bad_file_costs_only_itself(bad: str, place: int) -> None:
    files = ["good"] * 4
    files.insert(place, bad)
    with Reader(work, Limits(seconds=1) if bad == "hangs" else STANDARD) as reader:
        assert answers(files, reader) == [(file, CODES[file]) for file in files]
        assert answers(["good", "good"], reader) == [("good", "read")] * 2


@settings(max_examples=15)
@given(st.lists(st.sampled_from([name for name in CODES if name != "hangs"]), min_size=1, max_size=12))
def test_any_batch_is_answered_in_its_order(files: list[str]) -> None:
    with Reader(work) as reader:
        assert answers(files, reader) == [(file, CODES[file]) for file in files]


def test_a_good_batch_is_one_answer() -> None:
    with Reader(work) as reader:
        found: list[Any] = list(reader.run("together", ["good"] * 50))
    assert len(found) == 1
