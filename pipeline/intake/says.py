"""What words say about a number: that it is of another time, not final, planned, in another unit of measure.

In: a text and what it stands beside. Out: the first claim in it that contradicts, or nothing. Pure; the words are
declared in `schemas/meaning.toml`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from pipeline.declare.meaning import Meaning, only_letters
from pipeline.declare.plan import Period, Plan
from pipeline.words.names import fold
from pipeline.words.toned import Word, stands, typed

LONGEST = 500  # characters of a note that are looked at; a longer one is a story, not a word about a number
_CLAUSES = re.compile(r"[;\n\r()\[\]!?]+|[.,](?=\s|$)|:(?=\s*(?:[^\d\s]|$))|\s[-–—+*]\s|^[-–—+*]\s*")
_TOKENS = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+|[%₫]")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d])")
_QUARTER = re.compile(r"\b(?:quy |qui |q ?)(iv|iii|ii|i|[1-4]|mot|hai|ba|tu|bon)\b")
_MONTHS = re.compile(r"\b(\d{1,2}|ba|sau|chin|muoi|muoi hai) (?:thang|t)(?: (dau|cuoi) nam)?\b(?! \d{1,2}\b)")
_YEAR = re.compile(r"\b(?:nam )?(20\d\d)\b")
# “từ 15/6 đến ngày 14 tháng 9 năm 2025”: one end of a window
_DAY = re.compile(r"\b(tu|den|toi|den het)(?: ngay)? (\d{1,2})[ .](?:thang )?(\d{1,2})(?:[ .](?:nam )?(20\d\d))?\b")
_WORDS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "sau": 6, "chin": 9}
_TENS = {"muoi": 10, "muoi hai": 12}
_MONTH = 30.4  # days


class Moment(NamedTuple):
    """Of what time a figure is: the year, the quarter if it is one, how many months, whether they begin with the year.

    `covered`: which months the period has days of. `first`, `last`: its window.
    """

    year: int
    quarter: int
    months: int
    is_from_start: bool
    covered: frozenset[int] = frozenset()
    first: date = date.min
    last: date = date.min

    @property
    def is_whole_year(self) -> bool:
        return self.months >= 11


def moment_of(period: Period, plan: Plan) -> Moment:
    """The time of the figures of a period; offices close their books in the middle of a month."""
    is_first = period.date_from == min(other.date_from for other in plan.periods)
    return _moment_between(period.date_from, period.date_to, plan.year, is_first)


@lru_cache(maxsize=64)
def _moment_between(first: date, last: date, year: int, is_from_start: bool) -> Moment:
    days = (last - first).days + 1
    months = round(days / _MONTH)
    middle = first + (last - first) / 2
    covered = {(first + timedelta(days=day)).month for day in (*range(0, days, 28), days - 1)}
    quarter = (middle.month + 2) // 3 if months == 3 else 0
    return Moment(year, quarter, months, is_from_start, frozenset(covered), first, last)


class Beside(NamedTuple):
    """The number that words stand beside: its value where it is one, its folded measure, its time.

    `known`: folded words that say nothing there, because they are printed there.
    """

    value: float | None
    measure: str
    moment: Moment
    known: frozenset[str] = frozenset()


class Said(NamedTuple):
    """What a text says against the declaration: kind of claim, its words; factor and name of a known multiple."""

    kind: str
    words: str
    factor: float = 0.0
    unit: str = ""


def said_against(text: str, beside: Beside, meaning: Meaning, anywhere: bool = False) -> Said | None:
    """The first clause that contradicts.

    `anywhere`: a claim counts wherever it stands in the text, as in a header, which does nothing but say what numbers
    are.
    """
    if "?" in text and _is_in_doubt(text, beside, meaning):
        return Said("in-doubt", " ".join(text.split()))
    for clause, tokens in _clauses(text[:LONGEST]):
        if found := _in_clause(clause, tokens, beside, meaning, anywhere):
            return found
    return None


def beside_printed(text: str, printed: Sequence[str]) -> str:
    """What a text says besides the clauses that are printed there; as it is where none of them stands in it."""
    known = {only_letters(fold(clause)) for way in printed for clause in _CLAUSES.split(way)} - {""}
    said = _CLAUSES.split(text)
    added = [clause for clause in said if only_letters(fold(clause)) not in known]
    doubt = "?" if "?" in text else ""  # parts clauses, and belongs to none
    return text if len(added) == len(said) else "; ".join(added) + doubt


@lru_cache(maxsize=512)
def _clauses(text: str) -> tuple[tuple[str, tuple[Word, ...]], ...]:
    """The clauses of a text that hold words, on one line, and their words: one text is held against many numbers."""
    split = ((" ".join(clause.split()), tuple(_words(clause))) for clause in _CLAUSES.split(text))
    return tuple((clause, tokens) for clause, tokens in split if tokens)


def _is_in_doubt(text: str, beside: Beside, meaning: Meaning) -> bool:
    """Whether a text is only a question mark, behind the number or words that say nothing."""
    asked, mark, rest = text[:LONGEST].partition("?")
    if not mark or rest.strip(" ?!.)]"):
        return False
    idle = meaning.idle | beside.known
    return all(word.key in idle or number_of(word.key) for word in _words(asked))


def number_of(text: str) -> float | None:
    """The number that a text is, with dots or commas for thousands."""
    bare = re.sub(r"(?<=\d)[.,](?=\d{3}(?:\D|$))", "", text.strip())
    return float(bare.replace(",", ".")) if re.fullmatch(r"\d+(?:[.,]\d+)?", bare) else None


def _words(clause: str) -> list[Word]:
    return typed(_TOKENS.findall(unicodedata.normalize("NFC", clause)))


def _in_clause(clause: str, tokens: Sequence[Word], beside: Beside, meaning: Meaning, anywhere: bool) -> Said | None:
    if unit := _other_unit(clause, tokens, beside, meaning):
        return unit
    if (is_partial := _leaves_out(tokens, beside.moment, meaning)) is not None:
        return Said("not-whole", clause) if is_partial else None
    left = list(range(len(tokens)))
    claims = [*_times(tokens, beside, left), *_claims(clause, tokens, beside, meaning, left)]
    kinds = [kind for at, kind in claims if kind and not (anywhere and _is_reversed(tokens, at, meaning))]
    if not kinds:
        return None
    if anywhere or _says_no_more([tokens[place].key for place in left], kinds, beside, meaning):
        return Said(kinds[0], clause)
    return None


def _leaves_out(tokens: Sequence[Word], moment: Moment, meaning: Meaning) -> bool | None:
    """Whether what a clause leaves out is a month of the period or a part of the place; `None` if it is no such clause.

    It begins with the words for that.
    """
    known = meaning.left_out
    start = next((place for place in range(len(tokens)) if known.words.at(tokens, place)), len(tokens))
    if any(token.key not in meaning.idle for token in tokens[:start]):
        return None
    after = start + known.words.at(tokens, start)
    if size := known.months.at(tokens, after):
        month = tokens[after + size].key if after + size < len(tokens) else ""
        return month.isdecimal() and int(month) in moment.covered
    return True if known.places.at(tokens, after) else None


def _says_no_more(words: Sequence[str], kinds: Sequence[str], beside: Beside, meaning: Meaning) -> bool:
    """Whether the rest of a clause adds nothing to its claim."""
    may_number = any(kind in meaning.claims and meaning.claims[kind].other_number for kind in kinds)
    idle = meaning.idle | beside.known | set(beside.measure.split())
    return all(
        word in idle or ((number := number_of(word)) is not None and (may_number or number == beside.value))
        for word in words
    )


def _times(tokens: Sequence[Word], beside: Beside, left: list[int]) -> Iterator[tuple[int, str]]:
    """Where a period or a year is named, and what of it contradicts; the words are taken from `left`."""
    line = " ".join(token.key for token in tokens)
    for way, agrees in ((_DAY, _is_end), (_QUARTER, _is_quarter), (_MONTHS, _is_months), (_YEAR, _is_year)):
        for match in way.finditer(line):
            start, end = line.count(" ", 0, match.start()), line.count(" ", 0, match.end())
            if start in left:
                for place in range(start, end + 1):
                    left.remove(place) if place in left else None
                yield start, "" if agrees(match, beside.moment) else "other-period"


def _is_end(match: re.Match[str], moment: Moment) -> bool:
    """Whether a day is the first or last of the window, whichever its word asks; one that is no day says nothing."""
    end = moment.first if match[1] == "tu" else moment.last
    day, month, year = int(match[2]), int(match[3]), int(match[4] or end.year)
    return not 1 <= month <= 12 or not 1 <= day <= 31 or (day, month, year) == (end.day, end.month, end.year)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS.get(word) or _TENS.get(word, 0)


def _is_quarter(match: re.Match[str], moment: Moment) -> bool:
    return _number(match[1]) == moment.quarter


def _is_months(match: re.Match[str], moment: Moment) -> bool:
    months = _number(match[1])
    is_long_enough = months == moment.months or (months >= 11 and moment.is_whole_year)
    return is_long_enough and match[2] != "cuoi" and (match[2] != "dau" or moment.is_from_start)


def _is_year(match: re.Match[str], moment: Moment) -> bool:
    return int(match[1]) == moment.year


def _claims(
    clause: str, tokens: Sequence[Word], beside: Beside, meaning: Meaning, left: list[int]
) -> Iterator[tuple[int, str]]:
    """Where a claim stands, from the left the longest, and its kind; empty where it agrees."""
    is_said_again = beside.value is not None and beside.value in map(number_of, (token.key for token in tokens))
    start = 0
    while start < len(tokens):
        size, kind = _claim_at(start, tokens, beside, meaning, left)
        if kind:
            for place in range(start, start + size):
                left.remove(place)
            yield start, "" if _agrees(meaning.claims[kind].agrees, beside, is_said_again) else kind
        start += max(size, 1)


def _claim_at(
    start: int, tokens: Sequence[Word], beside: Beside, meaning: Meaning, left: Sequence[int]
) -> tuple[int, str]:
    """The longest claim that stands at a place: how many words, its kind; none where that is empty."""
    for size in range(min(meaning.longest, len(tokens) - start), 0, -1):
        known = meaning.said.get(" ".join(token.key for token in tokens[start : start + size]), ())
        kind = next((kind for words, kind in known if stands(words, tokens, start)), "")
        is_free = all(place in left for place in range(start, start + size))
        if kind and is_free and (not meaning.claims[kind].before_number or _is_value(tokens, start + size, beside)):
            return size, kind
    return 0, ""


def _is_value(tokens: Sequence[Word], place: int, beside: Beside) -> bool:
    return place < len(tokens) and beside.value is not None and number_of(tokens[place].key) == beside.value


def _agrees(when: str, beside: Beside, is_said_again: bool) -> bool:
    if when == "always":
        return True
    if when == "same-number":
        return is_said_again
    if when == "zero":
        return beside.value == 0
    return (when == "from-start" and beside.moment.is_from_start) or (
        when == "whole-year" and beside.moment.is_whole_year
    )


def _is_reversed(tokens: Sequence[Word], at: int, meaning: Meaning) -> bool:
    before = " ".join(token.key for token in tokens[:at])
    return any(f" {before}".endswith(f" {words}") for words in meaning.taken_back)


def _telling(tokens: Sequence[Word], beside: Beside, meaning: Meaning) -> list[str]:
    """The words that may say a unit: multiples and measures, and all that are neither idle nor known."""
    units = meaning.units(beside.measure)
    return [
        token.key
        for token in tokens
        if token.key in meaning.factors
        or token.key in units
        or not (token.key in meaning.idle or token.key in beside.known)
    ]


def _other_unit(clause: str, tokens: Sequence[Word], beside: Beside, meaning: Meaning) -> Said | None:
    """A clause that is only a known multiple of the measure, with the number or without it."""
    words = _telling(tokens, beside, meaning)
    number = None
    if words and words[0] not in meaning.factors and (number := number_of(words[0])) is not None:
        words = words[1:]
    factor = factor_of(" ".join(words), beside.measure, meaning)
    if not words or factor in (None, 1) or beside.value is None:
        return None
    if number is None or number == beside.value:
        return Said("multiple", clause, factor or 0, _unit_in(clause, words))
    return None  # another number: it says this one again, or something else


def _unit_in(clause: str, words: Sequence[str]) -> str:
    """The words of a unit as they are written in the clause."""
    written = _TOKENS.findall(unicodedata.normalize("NFC", clause))
    return " ".join(word for word in written if fold(word) in words)


def factor_of(text: str, measure: str, meaning: Meaning) -> float | None:
    """By what a unit of measure multiplies the declared one; 1 for the same, `None` for one that is not known."""
    known = meaning.factor_by_letters(measure)
    factor, rest = 1.0, _bare_unit(text, meaning)
    while rest:
        if (times := known.get(only_letters(rest))) is not None:
            return factor * times
        word, _, after = rest.partition(" ")
        if word not in meaning.factors:
            return None
        factor, rest = factor * meaning.factors[word], after
    return factor


def _bare_unit(text: str, meaning: Meaning) -> str:
    """A unit of measure folded, a word a place, without signs round it and words before it that only announce it."""
    folded = fold(text)
    whole = folded.strip(" .,;:()")
    if whole.partition(" ")[0] not in meaning.factors:
        folded = _GLUED.sub(" ", whole.replace("/", " ").replace(":", " "))
    words = folded.strip(" .,;:()").split()
    while len(words) > 1 and words[0] in meaning.idle and words[0] not in meaning.factors:
        del words[0]
    return " ".join(words)


def unit_words(meaning: Meaning) -> frozenset[str]:
    """Every word that can name a multiple of a unit of measure."""
    units = (word for measure in meaning.measures.values() for word in measure.multiples)
    return frozenset((*meaning.factors, *(part for word in units for part in fold(word).split())))
