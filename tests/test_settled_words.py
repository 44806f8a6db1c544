"""One word for one thing: what users read holds the settled words, and none of those that stood there before."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs/huong-dan-can-bo.md"
SAID = ("problems.toml", "labels.toml", "forms/v2.toml", "plans/2025.toml")  # the others hold what units write
HEARD = re.compile(r"(?:aliases|spellings|was) = (?:\[[^\]]*\]|\{.*\})|#.*")
PINNED = {"Luỹ kế"}  # the key of a column that others read
SETTLED = {  # the word, and what stood for it before
    "lũy kế": ("luỹ kế",),
    "dữ liệu mẫu": ("tệp mẫu", "biểu mẫu đã điền", "biểu mẫu tự"),
    "số liệu giả định": ("số liệu không có thật",),
    "không đưa vào tổng hợp": ("để ra", "bỏ ra"),
    "[Bổ sung: ": ("cán bộ viết:",),
    "minh chứng": ("có căn cứ", "chưa có căn cứ", "căn cứ đi kèm"),
    "trong thời gian sớm nhất": ("sớm nhất có thể",),
    "mã băm": ("dấu vân tay", "vân tay"),
    "nên đôn đốc": ("nên gọi", "gọi ai trước"),
    "phương hướng, nhiệm vụ": ("nhiệm vụ kỳ tới",),
    "đang thực hiện, còn hạn": ("đang làm, còn hạn",),
    "cơ quan được kiến nghị": ("nơi gửi kiến nghị", "chưa ghi nơi gửi"),
    "bản thay thế": ("bản khác thay",),
    "xem bình quân tháng": ("so hơn kém",),
}


def texts() -> Iterator[tuple[str, str]]:
    """Where it stands, and a text that a user may read."""
    for name in SAID:
        for number, line in enumerate((ROOT / "schemas" / name).read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{name}:{number}", HEARD.sub("", line)
    for number, line in enumerate(GUIDE.read_text(encoding="utf-8").splitlines(), start=1):
        yield f"{GUIDE.name}:{number}", line
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield f"{path.name}:{node.lineno}", node.value


@pytest.fixture(scope="module")
def read() -> list[tuple[str, str]]:
    return [(place, text) for place, text in texts() if text not in PINNED]


@pytest.mark.parametrize("word", SETTLED)
def test_what_a_word_took_over_from_is_gone(word: str, read: list[tuple[str, str]]) -> None:
    old = re.compile("|".join(rf"(?<!\w){re.escape(other)}(?!\w)" for other in SETTLED[word]), re.IGNORECASE)
    assert [place for place, text in read if old.search(text)] == []
    assert any(word.casefold() in text.casefold() for _, text in read)
