"""The officer's words of the old paper in the new one: each at its place, pointed out where the figures around changed.

What was written is told from what we wrote there by its text alone, whatever its look.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.publish.papers.document import Filled, Grid, Line, Marked
from pipeline.publish.papers.places import REMARK, Stamp, Words, figures_in, key_of, plain, print_of

_MARKER = re.compile(r"\[Bổ sung: [^\[\]]*\]")
_PART = "heading"


@dataclass(frozen=True, slots=True)
class Written:
    """What stands at a place of the old paper; no stamp where that was lost."""

    words: Words
    stamp: Stamp | None
    has_remark: bool


def carry(text: Sequence[Line | Grid | Marked], old: Mapping[str, Written]) -> tuple[Line | Grid | Filled, ...]:
    """The text with its places filled from the old paper (`old`: by key of place)."""
    figures = {id(place): now for place, now in _figures_around(text)}
    return tuple(
        _fill(item, old.get(key_of(item.where)), figures[id(item)]) if isinstance(item, Marked) else item
        for item in text
    )


def _figures_around(text: Sequence[Line | Grid | Marked]) -> Iterator[tuple[Marked, str]]:
    """Of each place, the fingerprint of the figures in its part of the paper."""
    parts: list[list[Line | Grid | Marked]] = [[]]
    for item in text:
        if isinstance(item, Line) and item.look == _PART:
            parts.append([])
        parts[-1].append(item)
    for part in parts:
        told = (item.lead + item.text for item in part if isinstance(item, Line) and item.look != "officer")
        now = print_of(figures_in("\n".join(told)))
        yield from ((item, now) for item in part if isinstance(item, Marked))


def _fill(place: Marked, old: Written | None, now: str) -> Filled:
    if old is None or _is_unwritten(place, old):
        return Filled(place, (), str(Stamp(print_of(place.marker), now, now)))
    then = _figures_then(old) or now
    stamp = Stamp(print_of(plain(old.words)), then, now)
    return Filled(place, old.words, str(stamp), REMARK if then != now else "")


def _is_unwritten(place: Marked, old: Written) -> bool:
    """Whether our own marker still stands there, be it that of another time."""
    text = plain(old.words)
    was_ours = old.stamp is not None and print_of(text) == old.stamp.words
    return text == place.marker or (was_ours and bool(_MARKER.fullmatch(text)))


def _figures_then(old: Written) -> str:
    """The figures beside which the words were written; those of the old paper if somebody wrote or read them there.

    Whoever removes the remark has read them again.
    """
    if old.stamp is None:
        return ""
    is_as_carried = print_of(plain(old.words)) == old.stamp.words
    return old.stamp.then if is_as_carried and old.has_remark else old.stamp.now
