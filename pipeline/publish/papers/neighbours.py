"""Where a marked place stood whose bookmarks were lost: at the end of its part, below all that reads like ours."""

import re
from collections.abc import Iterator, Sequence

from pipeline.publish.papers.document import Grid, Line, Marked
from pipeline.publish.papers.places import REMARK, Words, plain

_HEADINGS = ("heading", "subheading")
_NEXT = re.compile(r"[IVXLC]+\. \w|\(Kèm theo ")
_NUMBER = re.compile(r"\d[\d.,/]*")
_ALIKE = 16  # letters that two sentences of ours share which differ in their figures and names


def find_words(text: Sequence[Line | Grid | Marked], place: Marked, lines: Words) -> Words:
    """The last paragraphs of the place's part in `lines`, from behind the last one that reads like a line of `text`."""
    told = [plain((line,)).strip() for line in lines]
    start = _start(text, place, told)
    if start < 0:
        return ()
    headings = {item.text for item in text if isinstance(item, Line) and item.look in _HEADINGS}
    ends = (at for at in range(start, len(told)) if told[at] in headings or _NEXT.match(told[at]))
    end = next(ends, start)
    ours = [_masked(item.lead + item.text) for item in text if isinstance(item, Line)]
    first = end
    while first > start and not _reads_like(told[first - 1], ours):
        first -= 1
    words = tuple(line for line, said in zip(lines[first:end], told[first:end], strict=True) if said != REMARK)
    return words if any(plain((line,)).strip() for line in words) else ()


def _start(text: Sequence[Line | Grid | Marked], place: Marked, told: Sequence[str]) -> int:
    """Behind the nearest heading above the place that is still there; -1 where none of its part is."""
    for heading in _headings_above(text, place):
        if heading in told:
            return told.index(heading) + 1
    return -1


def _headings_above(text: Sequence[Line | Grid | Marked], place: Marked) -> Iterator[str]:
    """Nearest first, up to that of the part."""
    for item in reversed(text[: next(at for at, item in enumerate(text) if item is place)]):
        if isinstance(item, Line) and item.look in _HEADINGS:
            yield item.text
            if item.look == "heading":
                return


def _reads_like(told: str, ours: Sequence[str]) -> bool:
    masked = _masked(told)
    return any(masked == line or (len(line) > _ALIKE and masked[:_ALIKE] == line[:_ALIKE]) for line in ours)


def _masked(text: str) -> str:
    """A sentence without its figures."""
    return _NUMBER.sub("#", text).strip().casefold()
