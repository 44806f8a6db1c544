"""The officer's words of the old paper in the new one: each at its place, pointed out where the figures around changed.

What was written is told from what we wrote there by its text alone, whatever its look.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pipeline.publish.papers.document import Filled, Grid, Line, Marked
from pipeline.publish.papers.neighbours import find_words
from pipeline.publish.papers.places import REMARK, Piece, Stamp, Words, cited, figures_in, plain, print_of

_MARKER = re.compile(r"\[Bổ sung: [^\[\]]*\]")
_PART = "heading"
_OTHER = "0" * 8  # the figures beside which words were written that quote what is no longer so

_NOTHING: Mapping[str, str] = MappingProxyType({})
Text = Sequence[Line | Grid | Marked]


@dataclass(frozen=True, slots=True)
class Written:
    """What stands at a place of the old paper; no stamp where that was lost.

    Not `is_held`: a bookmark above or below is lost, so there may be more. `has_more`: what cannot be carried.
    """

    words: Words
    stamp: Stamp | None
    has_remark: bool = False
    is_held: bool = True
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class OldWords:
    """A paper as it lies there: by key what stands at its places, keys of places that are gone, all its paragraphs.

    `ours`: the text that is at no place. `properties`: what fields of it show, by name.
    """

    written: Mapping[str, Written] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    lines: Words = ()
    ours: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_places(self) -> bool:
        """Whether there is any trace of a place, be it that of a bookmark or a marker that nobody touched."""
        return bool(self.written or self.gone or any(_MARKER.fullmatch(plain((line,)).strip()) for line in self.lines))


def carry(text: Text, old: OldWords, properties: Mapping[str, str] = _NOTHING) -> tuple[Line | Grid | Filled, ...]:
    """The text with its places filled from the old paper; fields among the words show `properties` of this one."""
    figures = {id(place): now for place, now in _figures_around(text)}
    told = "\n".join(_told(text))
    return tuple(
        _fill(item, _find(text, item, old), figures[id(item)], told, old, properties)
        if isinstance(item, Marked)
        else item
        for item in text
    )


def _told(text: Text) -> Iterator[str]:
    """All lines of ours and all cells."""
    for item in text:
        if isinstance(item, Line):
            yield item.lead + item.text
        elif isinstance(item, Grid):
            yield from (cell for row in (*item.rows, item.total) for cell in row)


def _figures_around(text: Text) -> Iterator[tuple[Marked, str]]:
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


def _find(text: Text, place: Marked, old: OldWords) -> Written | None:
    """By the bookmarks; where they were lost, between the neighbours, of both the one that has more."""
    key = place.key
    held = old.written.get(key)
    if key in old.gone or (held and held.is_held) or not old.has_places:
        return held
    words = find_words(text, place, old.lines)
    if held and len(plain(held.words)) >= len(plain(words)):
        return held
    return Written(words, held.stamp if held else None, is_held=False) if words else held


def _fill(
    place: Marked, old: Written | None, now: str, told: str, paper: OldWords, properties: Mapping[str, str]
) -> Filled:
    """`told`: the text of ours in this paper; `paper`: the old one."""
    if old is None or not old.words or _is_unwritten(place, old):
        return Filled(place, (), str(Stamp(_print_of_marker(place.marker), now, now)))
    renewed = tuple(tuple(_renewed(piece, paper.properties, properties) for piece in line) for line in old.words)
    words = plain(renewed)
    then = _figures_then(old) or now
    if then == now and old.is_held and cited(words) & cited(paper.ours) - cited(told):
        then = _OTHER
    remark = REMARK if then != now and words.strip() else ""
    return Filled(place, renewed, str(Stamp(print_of(words), then, now)), remark, old.is_held, old.has_more)


def _renewed(piece: Piece, then: Mapping[str, str], now: Mapping[str, str]) -> Piece:
    """A field with what it shows now; what somebody typed over it, or what this paper does not have, stays as text."""
    if not piece.field:
        return piece
    is_shown = piece.field in now and piece.text in (then.get(piece.field), now[piece.field])
    return replace(piece, text=now[piece.field]) if is_shown else replace(piece, field="")


def _is_unwritten(place: Marked, old: Written) -> bool:
    """Whether our own marker still stands there, be it that of another time."""
    text = plain(old.words)
    return text == place.marker or (old.stamp is not None and old.stamp.words == _print_of_marker(text))


def _print_of_marker(marker: str) -> str:
    """Other than that of the same words when an officer wrote them."""
    return print_of(f"marker {marker}")


def _figures_then(old: Written) -> str:
    """The figures beside which the words were written; those of the old paper if somebody wrote or read them there.

    Whoever removes the remark has read them again.
    """
    if old.stamp is None:
        return ""
    is_as_carried = print_of(plain(old.words)) == old.stamp.words
    return old.stamp.then if is_as_carried and old.has_remark else old.stamp.now
