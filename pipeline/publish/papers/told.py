"""The figures of a section in sentences, from the clauses that the plan declares for it.

A clause says only what is known: one of whose figures lacks is no sentence, and its indicators are told one by one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isnan

from pipeline.declare.plan import TOLD_FIGURE, Indicator
from pipeline.values.lines import TotalLine
from pipeline.words.prose import prose

_NUMBERS = r"([−-]?\d[\d.]*(?:,\d+)?)"
_SINCE_JANUARY = re.compile(r"\[([^\]]*)\]")


def tell_clauses(
    clauses: Sequence[str], totals: Mapping[str, TotalLine], is_whole: bool
) -> Iterator[tuple[str, frozenset[str]]]:
    """The clauses of which every figure is known, in words, each with the ids of the indicators that it tells.

    `is_whole`: the period is all of the year so far, so that what is told since January would be said twice.
    """
    for clause in clauses:
        shown = _SINCE_JANUARY.sub("" if is_whole else r"\1", clause)
        places = {match[0]: _amount(totals[match[1]], bool(match[2])) for match in TOLD_FIGURE.finditer(shown)}
        if not any(isnan(amount) for amount in places.values()):
            words = TOLD_FIGURE.sub(lambda match, places=places: prose(places[match[0]]), shown)  # type: ignore[misc]
            yield words, indicators_in(clause)


def indicators_in(clause: str) -> frozenset[str]:
    """The ids whose figure of the period a clause tells."""
    return frozenset(match[1] for match in TOLD_FIGURE.finditer(clause) if not match[2])


def _amount(line: TotalLine, is_cumulative: bool) -> float:
    return line.cumulative if is_cumulative else line.this_period


def untold(items: Sequence[Indicator], told: frozenset[str], totals: Mapping[str, TotalLine]) -> Iterator[Indicator]:
    """The indicators that stand in no clause; one that nobody has to give and nobody gave is left out."""
    for item in items:
        line = totals[item.id]
        is_silent = item.optional and isnan(line.this_period) and isnan(line.cumulative)
        if item.id not in told and not is_silent:
            yield item


def find_clause(clause: str, paragraphs: Sequence[str]) -> Mapping[tuple[str, bool], str] | None:
    """The numbers that stand in the places of a clause, by indicator and whether since January, as they are written.

    What stands in square brackets may be gone. `None` where no paragraph holds the words of the clause.
    """
    pattern, keys = _pattern(clause)
    found = next((match for text in paragraphs if (match := pattern.search(text))), None)
    return {key: text for key, text in zip(keys, found.groups(), strict=True) if text} if found else None


def _pattern(clause: str) -> tuple[re.Pattern[str], list[tuple[str, bool]]]:
    """A clause as a pattern with a group a place, and what each group holds."""
    keys = [(match[1], bool(match[2])) for match in TOLD_FIGURE.finditer(clause)]
    parts = [_NUMBERS.join(map(re.escape, _words(part))) for part in re.split(r"\[|\]", clause)]
    inner = "".join(f"(?:{part})?" if place % 2 else part for place, part in enumerate(parts))
    return re.compile(inner), keys


def _words(part: str) -> list[str]:
    """What stands between the places of a part."""
    return TOLD_FIGURE.sub("\0", part).split("\0")
