"""What words beside a number say about it: claims, multiples and measures. Loaded from `schemas/meaning.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from pipeline.declare.facts import build, read_toml
from pipeline.words.names import fold
from pipeline.words.toned import Phrase, Phrases, phrase

Agrees = Literal["never", "always", "from-start", "whole-year", "zero", "same-number"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that words can say of a number.

    `agrees`: when it may be so; `told`: how a question puts it; `other_number`: another number may stand in the clause;
    `before_number`: it counts only right before the number itself.
    """

    agrees: Agrees
    told: str
    words: Phrases
    other_number: bool = False
    before_number: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words by which a number is said not to be whole, and what may be left out of it."""

    words: Phrases
    months: Phrases
    places: Phrases


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measure: other words for it, and units that are a known multiple of it."""

    same: tuple[str, ...] = ()
    multiples: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Meaning:
    """All of it, as declared; the properties give it folded, ready to compare."""

    fillers: tuple[str, ...]
    reversals: tuple[str, ...]
    left_out: LeftOut
    claims: Mapping[str, Claim]
    multiples: Mapping[str, float]
    measures: Mapping[str, Measure]
    places: Mapping[str, str]
    told: Mapping[str, str]

    @cached_property
    def said(self) -> Mapping[str, tuple[tuple[Phrase, str], ...]]:
        """By their keys the claims that may be meant by these words: each with its marks, and its kind."""
        found: dict[str, tuple[tuple[Phrase, str], ...]] = {}
        for kind, claim in self.claims.items():
            for known in map(phrase, claim.words.texts):
                keys = " ".join(word.key for word in known)
                found[keys] = (*found.get(keys, ()), (known, kind))
        return found

    @cached_property
    def longest(self) -> int:
        """The most words that one claim takes."""
        return max(len(words.split()) for words in self.said)

    @cached_property
    def idle(self) -> frozenset[str]:
        """The single words that say nothing."""
        return frozenset(word for words in self.fillers for word in fold(words).split())

    @cached_property
    def taken_back(self) -> tuple[str, ...]:
        return tuple(fold(words) for words in self.reversals)

    @cached_property
    def factors(self) -> Mapping[str, float]:
        """The factor by its folded word."""
        return {fold(word): factor for word, factor in self.multiples.items()}

    @cached_property
    def _by_measure(self) -> Mapping[str, Measure]:
        return {fold(name): measure for name, measure in self.measures.items()}

    def same_measure(self, measure: str) -> frozenset[str]:
        """The folded words for a folded measure, itself among them."""
        known = self._by_measure.get(measure)
        return frozenset([measure, *(fold(word) for word in (known.same if known else ()))])

    def units(self, measure: str) -> Mapping[str, float]:
        """Folded units that are a known multiple of a folded measure."""
        return self._units.get(measure, {})

    @cached_property
    def _units(self) -> Mapping[str, Mapping[str, float]]:
        return {
            name: {fold(word): factor for word, factor in known.multiples.items()}
            for name, known in self._by_measure.items()
        }

    def factor_by_letters(self, measure: str) -> Mapping[str, float]:
        """What a word for a unit, as `only_letters` of it, makes of a folded measure: 1 for the measure itself."""
        if measure not in self._factors_by_letters:
            others = {only_letters(word): factor for word, factor in self.units(measure).items()}
            same = {only_letters(word): 1.0 for word in self.same_measure(measure)}
            self._factors_by_letters[measure] = others | same
        return self._factors_by_letters[measure]

    @cached_property
    def _factors_by_letters(self) -> dict[str, Mapping[str, float]]:
        """Filled as measures come: they are the declared ones, and few."""
        return {}


def only_letters(text: str) -> str:
    """A unit without spaces and signs, however they are set between its words."""
    return "".join(char for char in text if char.isalnum() or char == "₫")


def load_meaning(path: Path) -> Meaning:
    """Read the file; refuse unknown keys."""
    return build(Meaning, read_toml(path), str(path))
