"""Where everything of the picture stands: words broken into lines, placed below each other, boxes behind them.

Pure: widths of words come from whoever knows the fonts, so that this module knows no library.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

from pipeline.publish.first_screen import Answer, FirstScreen, Tile
from pipeline.publish.palette import DARK, LIGHT, SERIES, STATE

WIDTH = 1080  # pixels: a telephone shows it in about a third of that
_MARGIN, _GAP = 48, 24
_INSIDE = WIDTH - 2 * _MARGIN
_RED, _GREY, _LINE = "#a30000", "#404040", "#c9ced6"
_STRIPES = {"thieu": STATE["missing"], "muon": STATE["open"], "quyet": SERIES[0]}  # words stand beside each
_MOST_LINES = 6  # of one text, whatever somebody wrote
_LONGEST = 300  # letters of a word that are looked at together: more than fit on a line

Weight = Literal["regular", "bold"]
Measure = Callable[[str, "Look"], float]


@dataclass(frozen=True, slots=True)
class Look:
    """Size in pixels, weight and ink of a text."""

    size: int
    weight: Weight = "regular"
    ink: str = DARK

    @property
    def height(self) -> int:
        """From one line to the next; Vietnamese stacks two marks on a letter."""
        return round(self.size * 1.4)


TITLE, PERIOD = Look(46, "bold"), Look(40, "bold", SERIES[0])
NUMBER, WHAT, MORE = Look(68, "bold"), Look(33), Look(30, ink=_GREY)
QUESTION, TOLD, LEAD = Look(40, "bold"), Look(35), Look(35, "bold")
FACT, MARK = Look(30, ink=_GREY), Look(36, "bold", LIGHT)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words at its place; `top` is that of the line."""

    left: int
    top: int
    words: str
    look: Look


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; its edges in pixels."""

    left: int
    top: int
    right: int
    bottom: int
    fill: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn, boxes first."""

    height: int
    boxes: Sequence[Box]
    texts: Sequence[Text]


@dataclass
class _Paper:
    """What has been placed so far, and how far down that goes."""

    measure: Measure
    top: int = 0
    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def write(self, words: str, look: Look, left: int, room: int) -> None:
        """A text in as many lines as it takes, below what stands there."""
        for line in broken(words, room, lambda text: self.measure(text, look)):
            self.texts.append(Text(left, self.top, line, look))
            self.top += look.height


def lay_out(screen: FirstScreen, measure: Measure) -> Drawing:
    """The whole picture: mark, title, four numbers, three answers, and where the figures are from."""
    paper = _Paper(measure)
    _band(paper, screen.mark)
    paper.top += _GAP
    paper.write(screen.subject, TITLE, _MARGIN, _INSIDE)
    paper.write(screen.period, PERIOD, _MARGIN, _INSIDE)
    paper.top += _GAP
    for pair in (screen.tiles[:2], screen.tiles[2:]):
        _row_of_tiles(paper, pair)
    for answer in screen.answers:
        _answer(paper, answer)
    paper.top += _GAP
    for fact in screen.facts:
        paper.write(fact, FACT, _MARGIN, _INSIDE)
    paper.top += _GAP
    _band(paper, screen.mark)
    return Drawing(paper.top, paper.boxes, paper.texts)


def _band(paper: _Paper, mark: str) -> None:
    """That the figures are made up, from edge to edge, where they are."""
    if mark:
        paper.boxes.append(Box(0, paper.top, WIDTH, paper.top + MARK.height + 20, _RED))
        paper.texts.append(Text(_MARGIN, paper.top + 10, f"{mark}: số liệu giả định.", MARK))
        paper.top += MARK.height + 20


def _row_of_tiles(paper: _Paper, tiles: Sequence[Tile]) -> None:
    """Two numbers beside each other, as high as the higher of them."""
    top, width = paper.top, (_INSIDE - _GAP) // 2
    lefts = [_MARGIN + place * (width + _GAP) for place in range(len(tiles))]
    ends = []
    for left, tile in zip(lefts, tiles, strict=True):
        paper.top = top + 8
        for words, look in ((tile.number, NUMBER), (tile.what, WHAT), (tile.more, MORE)):
            paper.write(words, look, left + 28, width - 44)
        ends.append(paper.top + 16)
    bottom = max(ends, default=top)
    for left in lefts:
        paper.boxes.append(Box(left, top, left + width, bottom, _LINE))
        paper.boxes.append(Box(left + 2, top + 2, left + width - 2, bottom - 2, LIGHT))
        paper.boxes.append(Box(left, top, left + 10, bottom, SERIES[0]))
    paper.top = bottom + _GAP


def _answer(paper: _Paper, answer: Answer) -> None:
    """A question, and below it a line for each thing there is to say, its first words in bold."""
    left, room = _MARGIN + 28, _INSIDE - 28
    paper.top += _GAP // 2
    top = paper.top
    paper.write(answer.question, QUESTION, left, room)
    for what, words in answer.lines:
        _line(paper, f"{what}: ", words, left, room)
    if not answer.lines:
        paper.write(answer.nothing, TOLD, left, room)
    paper.boxes.append(Box(_MARGIN, top + 8, _MARGIN + 10, paper.top, _STRIPES[answer.key]))
    paper.top += _GAP // 2


def _line(paper: _Paper, lead: str, words: str, left: int, room: int) -> None:
    """The words behind their lead where both fit on a line, else below it."""
    width = ceil(paper.measure(lead, LEAD))
    if words.strip() and width + paper.measure(words, TOLD) <= room:
        paper.texts.append(Text(left, paper.top, lead.rstrip(), LEAD))
        left, room = left + width, room - width
    else:
        paper.write(lead, LEAD, left, room)
    paper.write(words, TOLD, left, room)


def broken(words: str, room: float, measure: Callable[[str], float]) -> Sequence[str]:
    """The words in lines no wider than `room`; a word that is wider is cut, and too long a text ends with “…”."""
    lines: list[str] = []
    for piece in _pieces(words, room, measure):
        if lines and measure(f"{lines[-1]} {piece}") <= room:
            lines[-1] += f" {piece}"
        elif len(lines) < _MOST_LINES:
            lines.append(piece)
        else:
            return [*lines[:-1], f"{lines[-1][:-1]}…"]
    return lines


def _pieces(words: str, room: float, measure: Callable[[str], float]) -> Iterator[str]:
    """The words, each in as many pieces as it takes; at least a letter a piece."""
    for word in unicodedata.normalize("NFC", words).split():
        left = word
        while (end := _fitting(left, room, measure)) < len(left):
            yield left[:end]
            left = left[end:]
        yield left


def _fitting(word: str, room: float, measure: Callable[[str], float]) -> int:
    """How many of its letters fit into the room; at least one."""
    if measure(word[:_LONGEST]) <= room:
        return len(word)
    return max(1, bisect_right(range(1, len(word[:_LONGEST])), room, key=lambda end: measure(word[:end])))
