"""Which of many texts may hold one of some phrases, told by quick looks, so that few are read word by word.

What `toned.Phrases` finds outside quotation marks is never missed; what is let through may still hold none.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from pipeline.words.quotes import unquoted
from pipeline.words.toned import Phrases, Word, phrase, words_in

_MANY_PIECES = 65_536
_MARKED = "'"  # stands in no word

Chain = tuple[Phrases, ...]


class Sieve:
    """Holds texts against chains of phrases: one of the first list, right behind it one of the second, and so on."""

    def __init__(self, *chains: Chain) -> None:
        self._begins = _Begins({phrase(text)[0] for chain in chains for text in chain[0].texts})
        self._written = _Written()
        self._with_marks = _any_of(chains, _write)
        self._without = _any_of(chains, lambda word: word.key)

    def may_hold(self, text: str) -> bool:
        """Whether one of the phrases may stand in a text; marks count where it has any."""
        if not any(map(self._begins.__getitem__, text.split())):
            return False
        words = "".join(map(self._written.__getitem__, unquoted(text).split()))
        return (self._with_marks if _MARKED in words else self._without).search(words) is not None


class _Begins(dict[str, bool]):
    """Whether in a piece of a text without spaces a phrase may begin, found out once: pieces are few, texts many."""

    def __init__(self, first: set[Word]) -> None:
        self._first = first | {Word(word.key, "") for word in first}

    def __missing__(self, piece: str) -> bool:
        if len(self) >= _MANY_PIECES:
            self.clear()
        self[piece] = not self._first.isdisjoint(_words(piece))
        return self[piece]


class _Written(dict[str, str]):
    """The words of a piece as keys with their marks apart, each behind a space."""

    def __missing__(self, piece: str) -> str:
        if len(self) >= _MANY_PIECES:
            self.clear()
        self[piece] = "".join(f" {_write(word)}" for word in _words(piece))
        return self[piece]


def _words(piece: str) -> Sequence[Word]:
    return phrase(" ".join(words_in(piece)))


def _write(word: Word) -> str:
    return f"{word.key}{_MARKED}{word.marks}" if word.marks else word.key


def _any_of(chains: Iterable[Chain], write: Callable[[Word], str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(''.join(_one_of(known, write) for known in chain) for chain in chains)})(?![^ ])")


def _one_of(known: Phrases, write: Callable[[Word], str]) -> str:
    texts = dict.fromkeys(" ".join(map(write, phrase(text))) for text in known.texts)
    return f" (?:{'|'.join(map(re.escape, texts))})"
