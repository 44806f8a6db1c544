"""A word is compared with its marks where the text has marks, and without them where it has none."""

import unicodedata

import pytest

from pipeline.declare.project import Project
from pipeline.words.toned import Phrases, typed

WORDS = Phrases(("hoãn", "hủy bỏ", "hủy", "dời lịch", "đối chiếu", "được"))


@pytest.mark.parametrize(
    "text",
    ["Hoãn", "HUỶ", "huỷ bỏ", "Xin dời lịch", "hoan", "HUY BO", "doi lich", "doi chieu", "duoc", "ĐƯỢC", "Ðược"],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_it_is_found_with_all_its_marks_or_with_none(text: str, form: str) -> None:
    assert WORDS.are_in(unicodedata.normalize(form, text))


@pytest.mark.parametrize("text", ["hoàn", "hoán", "đời lịch", "dối chiếu", "dược", "hoan nghênh", "bỏ hủ", ""])
def test_other_marks_make_another_word(text: str) -> None:
    assert not WORDS.are_in(text)


def test_the_longest_phrase_stands_at_a_place() -> None:
    words = typed(["đã", "hủy", "bỏ", "hủy"])
    assert [WORDS.at(words, place) for place in range(5)] == [0, 2, 0, 1, 0]


def test_what_has_another_letter_denies_nothing(project: Project) -> None:
    took = project.proof.took_place
    assert (took("Đời sống mới"), took("Dời lịch họp"), took("doi lich hop")) == ("yes", "no", "no")
