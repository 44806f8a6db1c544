"""How the marked places of a paper are found again in what Word or LibreOffice saved.

Each place has three bookmarks, which both programs keep: one on the paragraph of ours above, one on the place, one on
the paragraph of ours below. The words of the place are all paragraphs between the two others, so that nothing that is
typed over, or typed below, is missed. The name of the last one bears the stamp: what the place held when it was
written, and the figures around it.
"""

import hashlib
import re
from dataclasses import dataclass

PREFIX = "bosung_"
ABOVE, HERE = "_truoc", "_o"  # the bookmark below ends with the stamp
REMARK = (
    "[Lưu ý: số liệu trong phần này đã thay đổi từ khi đoạn trên được viết. "
    "Đề nghị đọc lại đoạn trên và xóa dòng này trước khi trình.]"
)
_STAMP = re.compile(r"([0-9a-f]{8})_([0-9a-f]{8})_([0-9a-f]{8})")
_NUMBER = re.compile(r"\d[\d.,]*")
_CITED = re.compile(r"\d[\d.,/]*")
_FEWEST = 3  # digits of a figure that stands in two texts hardly by chance
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one look; `\\n` is a break of the line, `\\t` a tab.

    `field`: the property of the paper that the text shows, where it is a field; renewed with every paper.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    field: str = ""


Words = tuple[tuple[Piece, ...], ...]  # paragraphs


@dataclass(frozen=True, slots=True)
class Stamp:
    """Fingerprints: of the words, of the figures around them when they were written, and of those of this paper."""

    words: str
    then: str
    now: str

    def __str__(self) -> str:
        return f"{self.words}_{self.then}_{self.now}"


def read_stamp(text: str) -> Stamp | None:
    """The stamp in the name of a bookmark, if it is one."""
    found = _STAMP.fullmatch(text)
    return Stamp(*found.groups()) if found else None


def key_of(where: str) -> str:
    """What a part is called in the names of bookmarks, which hold letters, digits and `_` alone."""
    return where.replace(".", "")


def plain(words: Words) -> str:
    """The words without their looks, a line a paragraph."""
    return "\n".join("".join(piece.text for piece in line) for line in words)


def print_of(text: str) -> str:
    """The fingerprint of words, or of the figures in a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def figures_in(text: str) -> str:
    """All numbers of a text in their order."""
    return " ".join(found.rstrip(".,") for found in _NUMBER.findall(text))


def cited(text: str) -> set[str]:
    """The figures of a text that are long enough to be known again: “29/32”, “1.027”."""
    found = (figure.rstrip(".,/") for figure in _CITED.findall(text))
    return {figure for figure in found if sum(letter.isdigit() for letter in figure) >= _FEWEST}
