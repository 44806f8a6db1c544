"""Whether an activity took place, by its own words: negation is heard where a statement begins with it or is it.

Conservative on purpose: “Tuyên truyền hoãn thuế” and “Không để ai bị bỏ lại” deny nothing. Where it is in doubt the
answer is `unclear`, and the unit is asked.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from pipeline.words.names import fold

Took = Literal["yes", "no", "unclear"]

_quoted = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|‘[^’]*’")
_tokens = re.compile(r"\d+(?:[/.-]\d+)*|[^\W\d_]+|(?<=\s)-(?=\s)|[.;:,()\[\]\n–—]")
_SETS_APART = "(–—-;.[\n"  # what stands behind these is said of what stands before
_UNTYPED = "?"  # the tones of a text that was typed without


class Word(NamedTuple):
    """A word as a key without case and tones, and its tones apart, wherever in the word they stand (hủy, huỷ)."""

    key: str
    tones: str

    def is_like(self, other: "Word") -> bool:
        return self.key == other.key and (self.tones in (other.tones, _UNTYPED))


class Clause(NamedTuple):
    """One statement of a text, and the sign before it."""

    sign: str
    words: tuple[Word, ...]


class Opening(NamedTuple):
    """A denial found in a statement: its kind, whether it is said of something done to the activity, what follows."""

    kind: Literal["alone", "act", "loose", "planned", "none"]
    is_passive: bool
    follows: Literal["end", "after", "time", "held", "made", ""]

    @property
    def is_whole(self) -> bool:
        return self.follows in ("end", "after", "time")


Phrases = tuple[tuple[Word, ...], ...]


@dataclass(frozen=True)
class ActivityWords:
    """The words of a denial and of what it may deny; what each list means stands in `schemas/proof.toml`."""

    before: tuple[str, ...]
    passive: tuple[str, ...]
    alone: tuple[str, ...]
    denials: tuple[str, ...]
    verbs: tuple[str, ...]
    loose_verbs: tuple[str, ...]
    planned: tuple[str, ...]
    none: tuple[str, ...]
    after: tuple[str, ...]
    time: tuple[str, ...]
    held: tuple[str, ...]
    made: tuple[str, ...]
    more: tuple[str, ...]

    def by_title(self, title: str, has_link: bool) -> Took:
        """By its name. With a link it was published, whatever it tells of: “Hoãn cuộc thi …” may be news."""
        first, *others = self._clauses(title) or [Clause("", ())]
        found = [self._of_beginning(first, has_link), self._of_middle(first)]
        found += [self._of_addition(clause, self._is_held(first)) for clause in others]
        return gravest(found)

    def by_remark(self, text: str) -> Took:
        """By what stands beside the name: a note, a place, the evidence."""
        first, *others = self._clauses(text) or [Clause("", ())]
        opening = self._opening(first.words, 0)
        later = [self._opening(clause.words, 0) for clause in others]
        if opening and opening.kind != "none" and opening.is_whole and self._is_told(opening):
            return "no"
        if opening and opening.follows == "held" and opening.kind in ("alone", "act"):
            return "no" if opening.kind == "alone" else "unclear"
        return "unclear" if any(item and item.kind == "alone" and item.is_whole for item in later) else "yes"

    def _of_beginning(self, clause: Clause, has_link: bool) -> Took:
        opening = self._opening(clause.words, 0)
        if not opening or not opening.follows:
            return "yes"
        if opening.is_whole:
            return "no"
        return "unclear" if has_link or (opening.kind == "alone" and opening.follows == "made") else "no"

    def _of_addition(self, clause: Clause, is_of_held: bool) -> Took:
        """A statement behind the first: “Hội nghị … (hoãn)”, “Hội nghị …, chưa tổ chức được”."""
        opening = self._opening(clause.words, 0)
        if not opening or opening.kind == "none" or not self._is_told(opening):
            return "yes"
        is_apart = clause.sign in _SETS_APART
        if opening.is_whole:
            if is_apart or is_of_held:
                return "no"
            return "unclear" if opening.kind in ("act", "loose") else "yes"
        return "unclear" if is_apart and opening.follows == "held" else "yes"

    def _of_middle(self, clause: Clause) -> Took:
        """A denial behind what it denies: “Hội nghị … bị hoãn”, “Lớp tập huấn … dự kiến tháng 10”."""
        is_held = self._is_held(clause)
        if not is_held and not self._thing_at(clause.words, self._skipped(clause.words, 0), self._made):
            return "yes"
        places = range(1, len(clause.words))
        found = (opening for place in places if (opening := self._opening(clause.words, place, skips=False)))
        return gravest([self._said_of(opening, is_held) for opening in found if opening.is_whole])

    def _said_of(self, opening: Opening, is_held: bool) -> Took:
        if opening.kind == "none" or not self._is_told(opening):
            return "yes"
        is_sure = opening.kind in {"planned", "act"}
        if opening.kind == "alone":
            is_sure = opening.is_passive or (is_held and opening.follows != "end")
        if is_held:
            return "no" if is_sure else "unclear"
        return "unclear" if is_sure and opening.kind != "planned" else "yes"

    def _is_told(self, opening: Opening) -> bool:
        """A plan is one only with its time."""
        return opening.kind != "planned" or opening.follows == "time"

    def _opening(self, words: Sequence[Word], start: int, *, skips: bool = True) -> Opening | None:
        """The denial that begins at a place, behind words that say of whom and when."""
        place = self._skipped(words, start) if skips else start
        if place >= len(words) or words[place].key not in self._first_keys:
            return None
        for kind, phrases in self._openings.items():
            for phrase in phrases:
                if _stands(phrase, words, place):
                    is_passive = place > 0 and any(_stands(item, words, place - 1) for item in self._passive)
                    follows = self._follows(words, place + len(phrase), kind)
                    return Opening(kind, is_passive, follows)  # type: ignore[arg-type]
        return None

    def _follows(
        self, words: Sequence[Word], place: int, kind: str
    ) -> Literal["end", "after", "time", "held", "made", ""]:
        if place < len(words) and words[place].key == "duoc":
            place += 1
        if place >= len(words):
            return "end"
        if not words[place].key.isalnum() or any(_stands(item, words, place) for item in self._time):
            return "time"  # a day such as 20/9 is the only word with a sign in it
        if any(_stands(item, words, place) for item in self._after):
            return "after"
        if self._thing_at(words, place, self._held):
            return "held"
        thing = self._thing_at(words, place, self._made)
        rest = place + thing
        is_more = kind != "none" or rest >= len(words) or any(_stands(item, words, rest) for item in self._more)
        return "made" if thing and is_more else ""

    def _thing_at(self, words: Sequence[Word], place: int, things: Phrases) -> int:
        """How many words of a thing stand at a place."""
        return next((len(item) for item in things if _stands(item, words, place)), 0)

    def _is_held(self, clause: Clause) -> bool:
        """Whether the statement is about something that is held: a meeting, a contest."""
        place = self._skipped(clause.words, 0)
        verb = next((len(item) for item in self._verbs if _stands(item, clause.words, place)), 0)
        return self._thing_at(clause.words, place + verb, self._held) > 0

    def _skipped(self, words: Sequence[Word], place: int) -> int:
        while place < len(words) and (
            words[place].key[0].isdigit() or any(words[place].is_like(w) for w in self._before)
        ):
            place += 1
        return place

    def _clauses(self, text: str) -> list[Clause]:
        """The statements of a text that say more than when and of whom; names in quotation marks are left out."""
        unquoted = _quoted.sub(" … ", text)
        tokens = _tokens.findall(unquoted if any(letter.isalpha() for letter in unquoted) else text)
        is_typed = any(split(token).tones for token in tokens)
        clauses, sign, words = [], "", []
        for token in [*tokens, "."]:
            if token[0].isalnum():
                words.append(split(token) if is_typed else Word(split(token).key, _UNTYPED))
                continue
            if self._skipped(words, 0) < len(words):
                clauses.append(Clause(sign, tuple(words)))
                words = []
                sign = token
            elif not words:
                sign = token
        return clauses

    @cached_property
    def _openings(self) -> dict[str, Phrases]:
        acts = [verb for verb in self.verbs if verb not in self.loose_verbs]
        return {
            "alone": phrases(self.alone),
            "act": phrases(f"{denial} {verb}" for denial in self.denials for verb in acts),
            "loose": phrases(f"{denial} {verb}" for denial in self.denials for verb in self.loose_verbs),
            "none": phrases(self.none),
            "planned": phrases(self.planned),
        }

    @cached_property
    def _first_keys(self) -> frozenset[str]:
        return frozenset(phrase[0].key for known in self._openings.values() for phrase in known)

    @cached_property
    def _before(self) -> tuple[Word, ...]:
        return tuple(split(word) for word in self.before)

    @cached_property
    def _passive(self) -> Phrases:
        return phrases(self.passive)

    @cached_property
    def _verbs(self) -> Phrases:
        return phrases(self.verbs)

    @cached_property
    def _after(self) -> Phrases:
        return phrases(self.after)

    @cached_property
    def _time(self) -> Phrases:
        return phrases(self.time)

    @cached_property
    def _held(self) -> Phrases:
        return phrases(self.held)

    @cached_property
    def _made(self) -> Phrases:
        return phrases(self.made)

    @cached_property
    def _more(self) -> Phrases:
        return phrases(self.more)


def gravest(found: Iterable[Took]) -> Took:
    """What several statements come to together."""
    said = set(found)
    return "no" if "no" in said else "unclear" if "unclear" in said else "yes"


def split(word: str) -> Word:
    """A word without case and tones, and its tones in one order, so that hủy and huỷ are the same word."""
    marks = sorted(sign for sign in unicodedata.normalize("NFD", word.casefold()) if unicodedata.combining(sign))
    return Word(fold(word), "".join(marks))


def phrases(texts: Iterable[str]) -> Phrases:
    """The words of each text, the longest first, so that a phrase is found before its beginning."""
    return tuple(sorted((tuple(split(word) for word in text.split()) for text in texts), key=len, reverse=True))


def holds(text: str, wanted: Phrases) -> bool:
    """Whether one of the phrases stands anywhere in a text."""
    words = [split(token) for token in _tokens.findall(text) if token[0].isalnum()]
    if not any(word.tones for word in words):
        words = [Word(word.key, _UNTYPED) for word in words]
    return any(_stands(phrase, words, place) for phrase in wanted for place in range(len(words)))


def _stands(phrase: Sequence[Word], words: Sequence[Word], place: int) -> bool:
    here = words[place : place + len(phrase)]
    return len(here) == len(phrase) and all(word.is_like(other) for word, other in zip(here, phrase, strict=True))
