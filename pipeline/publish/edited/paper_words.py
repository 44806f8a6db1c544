"""What stands at the marked places of a paper as somebody saved it: its words with their simplest looks.

See `pipeline.publish.papers.places` for how a place is found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from pipeline.publish.edited.paper_text import FALLBACK, GONE, SIGNS, W, load_paper
from pipeline.publish.papers.carry import Written
from pipeline.publish.papers.places import ABOVE, HERE, PREFIX, REMARK, Piece, plain, read_stamp

_OFF = {"0", "false", "off", "none"}
_SIGNS = {**SIGNS, f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}


@dataclass(frozen=True, slots=True)
class PlacesRead:
    """By key of place, what stands there; places whose paragraphs are gone; neither in a paper without any."""

    written: Mapping[str, Written]
    gone: frozenset[str]


@dataclass(slots=True)
class _Read:
    """A paper as it was walked through: its paragraphs, and the bookmarks of ours by name, first to last paragraph."""

    lines: list[tuple[Piece, ...]] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)


def read_places(path: Path) -> PlacesRead:
    """The places of a .docx; one that is damaged is a `DamagedPaperError`."""
    read = _walk(load_paper(path))
    stamps = {key: stamp for name in read.first for key, stamp in [_stamp_in(name)] if stamp}
    keys = {name.removeprefix(PREFIX).partition("_")[0] for name in read.first}
    written = {key: found for key in keys if (found := _written(key, read, stamps.get(key, "")))}
    return PlacesRead(written, frozenset(keys - set(written)))


def _stamp_in(name: str) -> tuple[str, str]:
    key, _, stamp = name.removeprefix(PREFIX).partition("_")
    return key, stamp if read_stamp(stamp) else ""


def _written(key: str, read: _Read, stamp: str) -> Written | None:
    """The paragraphs between those of ours above and below; where one of these is gone, from or to the place's own."""
    above, here, below = (f"{PREFIX}{key}{end}" for end in (ABOVE, HERE, f"_{stamp}"))
    if above not in read.first and here not in read.first:
        return None
    start = read.first[above] + 1 if above in read.first else read.first[here]
    if below in read.first:
        end = read.first[below]
    elif here in read.last:
        end = read.last[here] + 1
    else:
        return None
    lines = read.lines[start:end]
    words = tuple(line for line in lines if plain((line,)).strip() != REMARK)
    return Written(words, read_stamp(stamp), len(words) < len(lines)) if words else None


def _walk(root: etree._Element) -> _Read:
    """Paragraphs in their order, those in tables among them; a bookmark between two belongs to the one that follows."""
    read, names = _Read(), dict[str, str]()
    for element in root.iter(f"{W}p", f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        if element.tag == f"{W}p":
            read.lines.append(_joined(_pieces(element)))
            continue
        inside = next(element.iterancestors(f"{W}p"), None) is not None
        if element.tag == f"{W}bookmarkStart":
            name = element.get(f"{W}name", "")
            if name.startswith(PREFIX):
                names[element.get(f"{W}id", "")] = name
                read.first.setdefault(name, len(read.lines) - inside)
        elif name := names.get(element.get(f"{W}id", "")):
            begins = inside and not _has_text_before(element)
            read.last.setdefault(name, max(read.first[name], len(read.lines) - 1 - begins))
    return read


def _has_text_before(element: etree._Element) -> bool:
    line = next(element.iterancestors(f"{W}p"))
    for text in line.iter(f"{W}t", element.tag):
        if text is element:
            return False
        if text.tag == f"{W}t" and text.text:
            return True
    return False


def _pieces(element: etree._Element) -> Iterator[Piece]:
    """The runs of a paragraph, but what was deleted with changes tracked, and paragraphs of boxes inside."""
    for child in element:
        if child.tag == f"{W}r":
            text = "".join(_text(child))
            if text:
                yield Piece(text, *_look(child.find(f"{W}rPr")))
        elif child.tag not in GONE and child.tag != f"{W}p":
            yield from _pieces(child)


def _text(run: etree._Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == FALLBACK:
            continue


def _look(shape: etree._Element | None) -> tuple[bool, bool, bool]:
    """Bold, italic, underlined; the italic of what is still highlighted is that of our marker."""
    if shape is None:
        return False, False, False
    is_ours = _has(shape, "highlight") or _has(shape, "shd")
    return _has(shape, "b"), _has(shape, "i") and not is_ours, _has(shape, "u")


def _has(shape: etree._Element, name: str) -> bool:
    found = shape.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "1").lower() not in _OFF


def _joined(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one look as one piece, for programs cut runs as they like."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and (last.bold, last.italic, last.underline) == (piece.bold, piece.italic, piece.underline):
            joined[-1] = Piece(last.text + piece.text, piece.bold, piece.italic, piece.underline)
        else:
            joined.append(piece)
    return tuple(joined)
