"""What stands at the marked places of a paper as somebody saved it: its words with their simplest looks.

See `pipeline.publish.papers.places` for how a place is found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from pipeline.publish.edited.paper_fields import fields_of
from pipeline.publish.edited.paper_xml import GONE, SIGNS, W, load_paper, load_properties
from pipeline.publish.papers.carry import OldWords, Written
from pipeline.publish.papers.places import ABOVE, HERE, PREFIX, REMARK, Piece, Words, plain, read_stamp

_OFF = {"0", "false", "off", "none"}
_SIGNS = {**SIGNS, f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}
_NO_WORDS = tuple(
    f"{W}{name}" for name in ("drawing", "pict", "object", "sym", "footnoteReference", "endnoteReference", "tbl")
)
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"


@dataclass(slots=True)
class _Read:
    """A paper as it was walked through: its paragraphs, and the bookmarks of ours by name, first to last paragraph.

    `more`: the paragraphs with something that is no text.
    """

    lines: list[tuple[Piece, ...]] = field(default_factory=list)
    more: set[int] = field(default_factory=set)
    first: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Span:
    """The paragraphs of a place, from `start` to before `end`; not `is_held` where a bookmark of ours was lost."""

    start: int
    end: int
    stamp: str
    is_held: bool


def read_places(path: Path) -> OldWords:
    """The words of a .docx by place; one that is damaged is a `DamagedPaperError`."""
    read = _walk(load_paper(path))
    spans = _spans(read)
    written = {key: found for key, span in spans.items() if span and (found := _written(read, span)).words}
    others = _inside(spans)
    ours = tuple(line for number, line in enumerate(read.lines) if number not in others)
    gone = frozenset(key for key in spans if key not in written and _is_bounded(key, read))
    return OldWords(written, gone, tuple(read.lines), plain(ours), load_properties(path))


def lines_at_places(root: etree._Element) -> set[int]:
    """The numbers of the paragraphs that stand at a place."""
    return _inside(_spans(_walk(root)))


def _inside(spans: Mapping[str, _Span | None]) -> set[int]:
    return {number for span in spans.values() if span for number in range(span.start, span.end)}


def _spans(read: _Read) -> dict[str, _Span | None]:
    """Of each place of which a bookmark is left."""
    stamps = {key: stamp for name in read.first for key, stamp in [_stamp_in(name)] if stamp}
    keys = sorted({name.removeprefix(PREFIX).partition("_")[0] for name in read.first})
    return {key: _span(key, read, stamps.get(key, "")) for key in keys}


def _stamp_in(name: str) -> tuple[str, str]:
    key, _, stamp = name.removeprefix(PREFIX).partition("_")
    return key, stamp if read_stamp(stamp) else ""


def _span(key: str, read: _Read, stamp: str) -> _Span | None:
    """The paragraphs between those of ours above and below; where one of these is gone, from or to the place's own."""
    above, here, below = (f"{PREFIX}{key}{end}" for end in (ABOVE, HERE, f"_{stamp}"))
    starts = [read.first[above] + 1] if above in read.first else [read.first[here]] if here in read.first else []
    ends = [read.first[below]] if below in read.first else [read.last[here] + 1] if here in read.last else []
    if not starts or not ends or starts[0] > ends[0]:
        return None
    return _Span(starts[0], ends[0], stamp, above in read.first and below in read.first)


def _is_bounded(key: str, read: _Read) -> bool:
    """Whether what stands above and below a place is still there, so that an empty place was emptied."""
    ends = [name for name in read.first if name == f"{PREFIX}{key}{ABOVE}" or _stamp_in(name)[0] == key]
    return len(ends) > 1 and any(_stamp_in(name)[1] for name in ends)


def _written(read: _Read, span: _Span) -> Written:
    lines = read.lines[span.start : span.end]
    words: Words = tuple(line for line in lines if plain((line,)).strip() != REMARK)
    has_more = not read.more.isdisjoint(range(span.start, span.end))
    return Written(words, read_stamp(span.stamp), len(words) < len(lines), span.is_held, has_more)


def _walk(root: etree._Element) -> _Read:
    """Paragraphs in their order, those in tables among them; a bookmark between two belongs to the one that follows."""
    read, names = _Read(), dict[str, str]()
    for element in root.iter(f"{W}p", f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        if element.tag == f"{W}p":
            if _has_more(element):
                read.more.add(len(read.lines))
            read.lines.append(_joined(_line(element)))
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


def _has_more(line: etree._Element) -> bool:
    return (
        next(line.iter(*_NO_WORDS, _FORMULA), None) is not None or next(line.iterancestors(f"{W}tbl"), None) is not None
    )


def _line(element: etree._Element) -> Iterator[Piece]:
    """A paragraph; the sign of a list, which is no text, as a dash."""
    number = element.find(f"{W}pPr/{W}numPr/{W}numId")
    if number is not None and number.get(f"{W}val", "0") != "0":
        yield Piece("- ")
    yield from _pieces(element, fields_of(element))


def _has_text_before(element: etree._Element) -> bool:
    line = next(element.iterancestors(f"{W}p"))
    for text in line.iter(f"{W}t", element.tag):
        if text is element:
            return False
        if text.tag == f"{W}t" and text.text:
            return True
    return False


def _pieces(element: etree._Element, fields: Mapping[etree._Element, str]) -> Iterator[Piece]:
    """The runs of a paragraph, but what was deleted with changes tracked, and paragraphs of boxes inside."""
    for child in element:
        if child.tag == f"{W}r":
            text = "".join(_text(child))
            if text:
                yield Piece(text, *_look(child.find(f"{W}rPr")), fields.get(child, ""))
        elif child.tag not in GONE and child.tag != f"{W}p":
            yield from _pieces(child, fields)


def _text(run: etree._Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]


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
        if last and replace(last, text="") == replace(piece, text=""):
            joined[-1] = replace(piece, text=last.text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)
