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

from pipeline.words.quotes import unquoted
from pipeline.words.sieve import Sieve
from pipeline.words.toned import Phrases, Word, typed

Took = Literal["yes", "no", "unclear"]
Kind = Literal["alone", "act", "loose", "planned", "none"]
Follows = Literal["end", "after", "time", "held", "made", ""]

_tokens = re.compile(r"\d+(?:[/.-]\d+)*|[^\W\d_]+|(?<=\s)-(?=\s)|[.;:,()\[\]\n–—]")
_SETS_APART = "(–—-;.[\n"  # what stands behind these is said of what stands before

_WHOLE = ("end", "after", "time")  # nothing follows a denial that it could be about instead


class Clause(NamedTuple):
    """One statement of a text, and the sign before it."""

    sign: str
    words: tuple[Word, ...]


class Opening(NamedTuple):
    """A denial found in a statement: its kind, whether it is said of something done to the activity, what follows."""

    kind: Kind
    is_passive: bool
    follows: Follows

    @property
    def is_whole(self) -> bool:
        return self.follows in _WHOLE


@dataclass(frozen=True)
class ActivityWords:
    """The words of a denial and of what it may deny; what each list means stands in `schemas/proof.toml`."""

    before: Phrases
    passive: Phrases
    alone: Phrases
    denials: Phrases
    verbs: Phrases
    loose_verbs: Phrases
    planned: Phrases
    none: Phrases
    after: Phrases
    time: Phrases
    held: Phrases
    made: Phrases
    more: Phrases
    reasons: Phrases
    so: Phrases
    again: Phrases
    done: Phrases

    def by_title(self, title: str, has_link: bool) -> Took:
        """By its name. With a link it was published, whatever it tells of: “Hoãn cuộc thi …” may be news."""
        first, *others = self._told(title)
        found = [self._of_beginning(first, has_link), self._of_middle(first), self._of_reason(first)]
        found += [self._of_addition(clause, self._is_held(first)) for clause in others]
        return gravest(found)

    def by_remark(self, text: str) -> Took:
        """By what stands beside the name: a note, a place, the evidence."""
        first, *others = self._told(text)
        if (by_reason := self._of_reason(first)) != "yes":
            return by_reason
        opening = self._opening(first.words, 0)
        later = [self._opening(clause.words, 0) for clause in others]
        if opening and opening.kind != "none" and opening.is_whole and self._is_told(opening):
            return "no"
        if opening and opening.follows == "held" and opening.kind in ("alone", "act"):
            return "no" if opening.kind == "alone" else "unclear"
        if self._is_held(first) and self._of_middle(first) != "yes":  # of this meeting, or of another
            return "unclear"
        return "unclear" if any(item and item.kind == "alone" and item.is_whole for item in later) else "yes"

    def may_deny(self, text: str) -> bool:
        """Whether a denial may stand anywhere in a text, told by a quick look; where not, none is found in it."""
        return self._sieve.may_hold(text)

    def held_again(self, text: str) -> bool:
        """Whether what was put off was held after all."""
        words = [word for clause in self._clauses(text) for word in clause.words]
        return any(self._is_done(words, place) for place in range(len(words)) if self.again.at(words, place))

    def _is_done(self, words: Sequence[Word], place: int) -> bool:
        end = place + self.again.at(words, place)
        has_day = end < len(words) and words[end].key == "ngay" and not self._is_ahead(words, place)
        is_its_name = place == 0 and self.held.at(words, end) > 0
        return has_day or is_its_name or (place > 0 and self.done.at(words, place - 1) > 0)

    def _is_ahead(self, words: Sequence[Word], place: int) -> bool:
        """Whether the word before says that it is still to come: “sẽ tổ chức lại ngày …”."""
        return any(self.denials.at(words, first) == place - first for first in range(max(0, place - 3), place))

    def _told(self, text: str) -> list[Clause]:
        """The statements of a text, at least one, without such as only say why: “Do mưa bão, hội nghị bị hoãn”."""
        clauses = self._clauses(text) or [Clause("", ())]
        while len(clauses) > 1 and self._is_reason(clauses[0]) and self._of_reason(clauses[0]) == "yes":
            clauses = clauses[1:]
        return clauses

    def _is_reason(self, clause: Clause) -> bool:
        return self.reasons.at(clause.words, self._skipped(clause.words, 0)) > 0

    def _of_reason(self, clause: Clause) -> Took:
        """A denial behind its reason: “Do mưa bão nên không tổ chức được hội nghị”."""
        words, is_reason = clause.words, self._is_reason(clause)
        places = [place + 1 for place in range(len(words)) if is_reason or self.so.at(words, place)]
        found = [opening for place in places if (opening := self._opening(words, place))]
        told = [item for item in found if item.kind in ("alone", "act", "loose") and item.follows in (*_WHOLE, "held")]
        return gravest(["unclear" if item.kind == "loose" else "no" for item in told] or ["yes"])

    def _of_beginning(self, clause: Clause, has_link: bool) -> Took:
        opening = self._opening(clause.words, 0)
        if not opening or not opening.follows:
            return "yes"
        if opening.is_whole:
            return "no"
        return "unclear" if has_link or (opening.kind == "alone" and opening.follows == "made") else "no"

    def _of_addition(self, clause: Clause, is_of_held: bool) -> Took:
        """A statement behind the first: “Hội nghị … (hoãn)”, “Hội nghị …, chưa tổ chức được”."""
        opening, is_apart = self._opening(clause.words, 0), clause.sign in _SETS_APART
        if opening and opening.kind == "planned" and opening.follows == "end" and is_apart and is_of_held:
            return "unclear"
        if not opening or opening.kind == "none" or not self._is_told(opening):
            return "yes"
        if opening.is_whole:
            if is_apart or is_of_held:
                return "no"
            return "unclear" if opening.kind in ("act", "loose") else "yes"
        return "unclear" if is_apart and opening.follows == "held" else "yes"

    def _of_middle(self, clause: Clause) -> Took:
        """A denial behind what it denies: “Hội nghị … bị hoãn”, “Lớp tập huấn … dự kiến tháng 10”."""
        is_held = self._is_held(clause)
        if not is_held and not self.made.at(clause.words, self._skipped(clause.words, 0)):
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
        sizes = {kind: known.at(words, place) for kind, known in self._openings.items()}
        kind = max(sizes, key=lambda name: sizes[name])
        if not sizes[kind]:
            return None
        is_passive = place > 0 and self.passive.at(words, place - 1) > 0
        return Opening(kind, is_passive, self._follows(words, place + sizes[kind], kind))

    def _follows(self, words: Sequence[Word], place: int, kind: Kind) -> Follows:
        if place < len(words) and words[place].key == "duoc":
            place += 1
        if place >= len(words):
            return "end"
        if not words[place].key.isalnum() or self.time.at(words, place):
            return "time"  # a day such as 20/9 is the only word with a sign in it
        if self.after.at(words, place):
            return "after"
        if self.held.at(words, place):
            return "held"
        thing = self.made.at(words, place)
        rest = place + thing
        is_more = kind not in ("none", "alone") or rest >= len(words) or self.more.at(words, rest) > 0
        return "made" if thing and is_more else ""

    def _is_held(self, clause: Clause) -> bool:
        """Whether the statement is about something that is held: a meeting, a contest."""
        place = self._skipped(clause.words, 0)
        return self.held.at(clause.words, place + self.verbs.at(clause.words, place)) > 0

    def _skipped(self, words: Sequence[Word], place: int) -> int:
        while place < len(words) and (size := self.before.at(words, place) or words[place].key[0].isdigit()):
            place += size
        return place

    def _clauses(self, text: str) -> list[Clause]:
        """The statements of a text that say more than when and of whom; names in quotation marks are left out."""
        tokens = _tokens.findall(unquoted(unicodedata.normalize("NFC", text)))
        known = iter(typed(token for token in tokens if token[0].isalnum()))
        clauses, sign, words = [], "", list[Word]()
        for token in [*tokens, "."]:
            if token[0].isalnum():
                words.append(next(known))
                continue
            if self._skipped(words, 0) < len(words):
                clauses.append(Clause(sign, tuple(words)))
                words = []
                sign = token
            elif not words:
                sign = token
        return clauses

    @cached_property
    def _sieve(self) -> Sieve:
        acts = Phrases((*self.verbs.texts, *self.loose_verbs.texts))
        return Sieve((self.alone,), (self.planned,), (self.none,), (self.denials, acts))

    @cached_property
    def _openings(self) -> dict[Kind, Phrases]:
        loose = self.loose_verbs.texts
        acts = tuple(verb for verb in self.verbs.texts if verb not in loose)
        return {
            "alone": self.alone,
            "act": Phrases(tuple(f"{denial} {verb}" for denial in self.denials.texts for verb in acts)),
            "loose": Phrases(tuple(f"{denial} {verb}" for denial in self.denials.texts for verb in loose)),
            "none": self.none,
            "planned": self.planned,
        }

    @cached_property
    def _first_keys(self) -> frozenset[str]:
        return frozenset().union(*(known.first_keys for known in self._openings.values()))


def gravest(found: Iterable[Took]) -> Took:
    """What several statements come to together."""
    said = set(found)
    return "no" if "no" in said else "unclear" if "unclear" in said else "yes"
