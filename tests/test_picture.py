"""The picture for a chat: the same bytes for the same values, every word inside, whatever somebody wrote."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.publish.first_screen import Answer, FirstScreen, Tile
from pipeline.publish.picture.layout import WIDTH, Drawing, broken, lay_out
from pipeline.publish.picture.picture import _font, _width, write_picture

SCREEN = FirstScreen(
    "",
    "Tuyên truyền cải cách hành chính",
    "Quý III năm 2025",
    tuple(Tile(f"{number}/32", "đơn vị đã nộp", "đúng hạn 28, nộp muộn 1") for number in range(4)),
    (
        Answer("thieu", "Ai còn thiếu", [("Chưa nộp", "Xã Vĩnh Ô, Phòng Dân tộc và Tôn giáo")], "Không có."),
        Answer("muon", "Việc gì muộn, quá hạn", [], "Không có đơn vị nộp muộn."),
        Answer("quyet", "Việc gì cần quyết định", [("Kiến nghị", "8 kiến nghị của 15 đơn vị chờ xem xét")], ""),
    ),
    ("UBND huyện Vĩnh Linh. Phòng Nội vụ tổng hợp.", "Số liệu từ 15/6/2025 đến 14/9/2025."),
)
ODD = [
    "",
    " ",
    "W" * 200,
    "rất dài " * 40,
    unicodedata.normalize("NFD", "Xã Vĩnh Thủy"),
    "a\nb\tc\0d",
    "\ud83d lẻ",
    "😀 𝐀 漢",
    "\u202eođ",
]


def drawn(screen: FirstScreen) -> Drawing:
    return lay_out(screen, _width)


def said(screen: FirstScreen) -> str:
    """All words of a picture, in the order in which they are read."""
    return " ".join(text.words for text in drawn(screen).texts)


def with_words(words: str) -> FirstScreen:
    """The screen with these words at every place."""
    answers = [replace(answer, lines=[(words, words)], question=words) for answer in SCREEN.answers]
    return FirstScreen("", words, words, [Tile(words, words, words)] * 3, answers, [words])


def test_the_same_values_give_the_same_bytes_of_1080_pixels_width(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        write_picture(tmp_path / name, SCREEN)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").stat().st_size < 150_000
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (WIDTH, drawn(SCREEN).height)
        assert WIDTH == 1080
        assert len(picture.convert("RGB").getcolors(1 << 20)) > 20


def test_every_answer_of_the_screen_is_said_and_made_up_figures_are_called_so() -> None:
    words = said(SCREEN)
    for answer in SCREEN.answers:
        assert answer.question in words
        assert all(f"{what}: {told}" in words for what, told in answer.lines)
    assert "Không có đơn vị nộp muộn." in words
    assert "MẪU" not in words
    assert said(replace(SCREEN, mark="DỮ LIỆU MẪU")).count("DỮ LIỆU MẪU: số liệu giả định.") == 2


@pytest.mark.parametrize("words", ODD)
def test_nothing_leaves_the_picture_or_lies_over_something_else(words: str, tmp_path: Path) -> None:
    drawing = drawn(with_words(words))
    ends: dict[int, int] = {}
    for text in drawing.texts:
        assert text.left >= 0
        assert text.top >= 0
        assert text.left + _width(text.words, text.look) <= WIDTH
        assert text.top + text.look.height <= drawing.height
        assert text.look.size >= 30  # eleven points on a telephone
        assert ends.get(text.left, 0) <= text.top
        ends[text.left] = text.top + text.look.height
    write_picture(tmp_path / "a.png", with_words(words))


@given(st.text("aệ…W \n\u0301", max_size=80), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_broken_words_are_those_that_were_there(words: str, room: int) -> None:
    lines = broken(words, room, lambda text: float(len(text)))
    assert all(len(line) <= room for line in lines)
    whole = "".join(unicodedata.normalize("NFC", words).split())
    told = "".join(lines).replace(" ", "")
    assert told == whole or (told.endswith("…") and whole.startswith(told[:-1].rstrip("…")))


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_the_font_that_lies_beside_has_every_letter_of_vietnamese(weight: str) -> None:
    font = _font(weight, 40)
    marks = "\u0300\u0301\u0303\u0309\u0323"
    vowels = [vowel + mark for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for mark in ("", *marks)]
    letters = [
        *(unicodedata.normalize("NFC", vowel) for vowel in vowels),
        *"đĐbcdghklmnpqrstvxfjwz0123456789“”–…×₫/:;,.()",
    ]
    unknown = bytes(font.getmask("漢"))
    assert [letter for letter in letters if bytes(font.getmask(letter)) == unknown] == []
