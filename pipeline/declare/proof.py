"""What proves a task by its content: from `schemas/proof.toml`, asked of single texts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pipeline.declare.facts import build, read_toml
from pipeline.declare.took_place import ActivityWords, Took, gravest
from pipeline.values.cells import STRUCK, unstruck
from pipeline.words.names import fold
from pipeline.words.toned import Phrases

_MANY_PIECES = 65_536
_SIGNS = " .,;:-–—…_/\\*?"
_link = re.compile(r"://|www\.", re.IGNORECASE)
_dates = re.compile(r"\b\d{1,2}\s*[/.-]\s*(?:\d{1,2}\s*[/.-]\s*\d{2,4}|(?:\d{1,2}|20\d\d)(?!\s*[\d/.-]))\b")
_before_slash = re.compile(r"\b0*[1-9]\d{0,4}\s*[a-z]?\s*(?:/|-\s*[a-z])")
_only_number = re.compile(r"0*[1-9]\d{0,2}|(?!20\d\d)0*[1-9]\d{3}")  # a year is none
_cited = re.compile(r"\b0*[1-9]\d{0,4}/[^\W_][\w./&-]*")
_dated = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """Words beside which a number is none yet, words whose number is not that of a document, numbers in words."""

    not_yet: Phrases
    subjects: tuple[str, ...]
    kinds: tuple[str, ...]
    counted: tuple[str, ...]
    spelled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemWords:
    """What is counted in a text, what the same word means otherwise, and words of another time."""

    nouns: tuple[str, ...]
    not_before: tuple[str, ...]
    other_times: Phrases


@dataclass(frozen=True)
class Proof:
    """What proves a task; every question is about the texts of one row."""

    nothing: tuple[str, ...]
    document: DocumentWords
    items: ItemWords
    activity: ActivityWords

    def says_nothing(self, text: str) -> bool:
        """Whether a text is a sign or a word for nothing: “-”, “…”, “chưa có”."""
        folded = fold(unstruck(text)).strip(_SIGNS)
        return not any(letter.isalnum() for letter in folded) or folded in self._nothing

    def is_number(self, text: str) -> bool:
        """Whether a document bears a number: not “/KH-UBND”, “Số: ….../BC”, “12/KH (dự thảo)”, “Kế hoạch năm 2025”."""
        if self.says_nothing(text) or self.document.not_yet.are_in(self._subject.sub(r"\1 ", text)):
            return False
        plain = fold(unstruck(text).replace("\\", "/"))
        plain = self._counted.sub(" ", _dates.sub(" ", self._glued.sub(r"\1 ", plain))).strip()
        before, slash, _ = plain.partition("/")
        found = _before_slash.search(before + slash) or self._after_word.search(before) or _only_number.fullmatch(plain)
        return bool(found or self._named.search(plain))

    def days_cited(self, text: str) -> Iterator[date]:
        """The days that a text names beside a document's number: “Kế hoạch số 12/KH-UBND ngày 20/02/2025”."""
        if not _cited.search(_dates.sub(" ", text)) or not self.is_number(text):
            return
        for day, month, year in _dated.findall(text):
            try:
                yield date(int(year), int(month), int(day))
            except ValueError:
                continue

    def took_place(self, title: str, *beside: str) -> Took:
        """Whether an activity took place, by its title and by what stands beside it: note, place, evidence."""
        is_named, title, beside = bool(title), unstruck(title), tuple(map(unstruck, beside))
        if is_named and self.says_nothing(title):
            return "unclear" if any(text and not self.says_nothing(text) for text in beside) else "no"
        has_link = any(_link.search(text) for text in beside)
        by_remark = [self.activity.by_remark(text) for text in beside]
        took = gravest([self.activity.by_title(title, has_link), *by_remark])
        return "yes" if took != "yes" and any(map(self.activity.held_again, (title, *beside))) else took

    def denies(self, text: str) -> bool:
        """Whether a result says that nothing took place: “Chưa tổ chức”, “Hoãn sang quý IV”."""
        return (
            self.is_suspect(text)
            and not self.says_nothing(text)
            and self.activity.by_title(unstruck(text), has_link=False) == "no"
        )

    def items_in(self, text: str) -> int:
        """The greatest number of news items that a text names, 0 where it names none: “Đã đăng 150 tin, bài” is 150."""
        if not any(map(str.isdigit, text)) or not (found := self._counts.findall(fold(text))):
            return 0
        is_of_another_time = self.items.other_times.are_in(text)
        return 0 if is_of_another_time else max(int(number.replace(".", "")) for number in found)

    @cached_property
    def _counts(self) -> re.Pattern[str]:
        nouns, others = (
            f"(?:{'|'.join(fold(word) for word in words)})" for words in (self.items.nouns, self.items.not_before)
        )
        return re.compile(rf"(?<![\d/.,])(\d{{1,3}}(?:\.\d{{3}})+|\d{{1,6}})\s*{nouns}\b(?!\s*{others}\b)")

    def is_suspect(self, text: str) -> bool:
        """Whether a text may deny anything, told by one quick look, so that most need not be looked at word by word."""
        if STRUCK in text:
            return True
        if "://" in text and " " not in text:
            return False  # only a link
        first = next(iter(text.split(None, 1)), "")
        return (self._opens_nothing[first] and self.says_nothing(text)) or self.activity.may_deny(text)

    @cached_property
    def _opens_nothing(self) -> "_OpensNothing":
        return _OpensNothing(word.split()[0] for word in self._nothing)

    @cached_property
    def _nothing(self) -> frozenset[str]:
        return frozenset(fold(word) for word in self.nothing)

    @cached_property
    def _subject(self) -> re.Pattern[str]:
        """What a document is about, behind its number, up to the next sign."""
        words = "|".join(re.escape(words).replace(r"\ ", r"\s+") for words in self.document.subjects)
        return re.compile(rf"(\d\s*/\s*[^\W\d][^\s,;()]*)[^,;()]{{0,200}}?\s(?:{words})\s[^,;()]*", re.IGNORECASE)

    @cached_property
    def _glued(self) -> re.Pattern[str]:
        """A kind right before its number: “KH12”."""
        return re.compile(rf"\b({self._kinds})(?=\d)")

    @cached_property
    def _named(self) -> re.Pattern[str]:
        """A number and a kind without a slash: “12KH-UBND”, “KH 12” and nothing else."""
        number = r"0*[1-9]\d{0,3}"
        return re.compile(rf"\b{number}\s*(?:{self._kinds})\s*[-–.]\s*[a-z]|^(?:{self._kinds})\s+{number}$")

    @property
    def _kinds(self) -> str:
        return "|".join(fold(words) for words in self.document.kinds)

    @cached_property
    def _after_word(self) -> re.Pattern[str]:
        spelled = "|".join(fold(word) for word in self.document.spelled)
        return re.compile(rf"\bso\b\W*(?:0*[1-9]\d{{0,4}}|{spelled})\b")

    @cached_property
    def _counted(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(fold(word) for word in self.document.counted)})\s*(?:\d+|[ivx]+\b)")


class _OpensNothing(dict[str, bool]):
    """Whether a text that begins with a piece without spaces may say nothing, found out once for each."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)

    def __missing__(self, piece: str) -> bool:
        if len(self) >= _MANY_PIECES:
            self.clear()
        key = fold(piece).strip(_SIGNS)
        self[piece] = key in self._words or not any(map(str.isalnum, key))
        return self[piece]


def load_proof(path: Path) -> Proof:
    """Read the words of proof."""
    return build(Proof, read_toml(path), str(path))
