"""Vietnamese words as people type them, with all their marks or with none, and phrases that are looked for in texts.

hoãn is not hoàn and đời not dời, but hủy is huỷ; and where a text has no mark at all, hoan may be either.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from pipeline.words.names import fold

_WORDS = re.compile(r"\d+(?:[/.-]\d+)*|[^\W\d_]+")
_STROKE = "đð"  # the second one is Icelandic, and what some keyboards give
_UNTYPED = "?"  # the marks of a text that was typed without


class Word(NamedTuple):
    """A word as a key without case and marks, and its marks apart, wherever in the word they stand."""

    key: str
    marks: str

    def is_like(self, other: "Word") -> bool:
        """Whether this word of a text may be that other one, which is known."""
        return self.key == other.key and self.marks in (other.marks, _UNTYPED)


Phrase = tuple[Word, ...]


def words_in(text: str) -> list[str]:
    """The words of a text as they stand there, days and numbers as words, too."""
    return _WORDS.findall(unicodedata.normalize("NFC", text))


def typed(tokens: Iterable[str]) -> list[Word]:
    """The words of one text: with the marks that they have, or where none has any, such that may have any."""
    words = [_word(token) for token in tokens]
    return words if any(word.marks for word in words) else [Word(word.key, _UNTYPED) for word in words]


def phrase(text: str) -> Phrase:
    """Words as they are declared, with all their marks."""
    return tuple(_word(word) for word in text.split())


@lru_cache(maxsize=65_536)
def _word(text: str) -> Word:
    letters = unicodedata.normalize("NFD", text.casefold())
    marks = (_STROKE[0] if char in _STROKE else char for char in letters if _is_mark(char))
    return Word(fold(text), "".join(sorted(marks)))


def _is_mark(char: str) -> bool:
    return char in _STROKE or bool(unicodedata.combining(char))


@dataclass(frozen=True)
class Phrases:
    """A declared list of phrases, each of one or several words; asked of the words of a text."""

    texts: tuple[str, ...] = ()

    def at(self, words: Sequence[Word], place: int) -> int:
        """How many words the longest of them takes that stands at a place; 0 where none does."""
        known = self._by_first.get(words[place].key, ()) if place < len(words) else ()
        return next((len(found) for found in known if stands(found, words, place)), 0)

    def are_in(self, text: str) -> bool:
        """Whether one of them stands anywhere in a text."""
        words = typed(words_in(text))
        return any(self.at(words, place) for place in range(len(words)))

    @property
    def first_keys(self) -> frozenset[str]:
        """The keys with which they begin."""
        return frozenset(self._by_first)

    @cached_property
    def _by_first(self) -> dict[str, list[Phrase]]:
        found: dict[str, list[Phrase]] = {}
        for known in sorted(map(phrase, self.texts), key=len, reverse=True):
            found.setdefault(known[0].key, []).append(known)
        return found


def stands(known: Phrase, words: Sequence[Word], place: int) -> bool:
    """Whether a phrase stands at a place of a text."""
    here = words[place : place + len(known)]
    return len(here) == len(known) and all(word.is_like(other) for word, other in zip(here, known, strict=True))
