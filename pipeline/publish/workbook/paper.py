"""How a sheet stands on paper: A4, no letter smaller than nine points, over as many pages as its columns need."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, count, pairwise
from math import floor

from pipeline.publish.excel import ACROSS
from pipeline.publish.workbook.pages import Page

SMALLEST = 9.0  # points of a letter on paper that an office still reads
LEAST = 0.82  # of the size on the screen, in whole percents: eleven points become nine
_DOTS = 96  # of an inch, as programs count the widths of columns
_SPARE = 0.94  # of the room: no two programs find a column equally wide, and one too many would get a page of its own


def inches(widths: Iterable[float]) -> float:
    """How wide columns are: seven dots a unit of width, and five more each, as Excel has it for our letters."""
    return sum(floor(7 * width + 0.5) + 5 for width in widths) / _DOTS


def rest(widths: Iterable[float], *, landscape: bool, least: float) -> float:
    """The width of one more column that fills the paper, its letters still large enough; at the least so much."""
    room = ACROSS[landscape] / LEAST - inches(widths)
    return max(least, floor((room * _DOTS - 5) / 7))


def stretches(page: Page) -> list[tuple[int, int]]:
    """The first and last column of each page across; behind the first page the frozen columns come before them.

    Each is about as wide as the others, so that none has a rest of one or two.
    """
    if not page.is_split:
        return [page.printed]
    return next(
        cut for pages in count(1) if _scale(page, cut := _cut(page, pages)) >= LEAST or pages > len(page.widths)
    )


def _cut(page: Page, pages: int) -> list[tuple[int, int]]:
    """The columns behind the frozen ones in so many stretches."""
    first, last = page.printed
    start = page.frozen_columns
    behind = [0.0, *accumulate(inches([width]) for width in page.widths[start : last + 1])]
    marks = [behind[-1] * place / pages for place in range(1, pages)]
    edges = [start + min(range(len(behind)), key=lambda place: abs(behind[place] - mark)) for mark in marks]
    return [(begin, end - 1) for begin, end in pairwise([first, *edges, last + 1])]


def scale(page: Page) -> float:
    """How much smaller than on the screen it is on paper, so that the widest page is as wide as its paper."""
    return _scale(page, stretches(page))


def _scale(page: Page, cut: Sequence[tuple[int, int]]) -> float:
    first = page.printed[0]
    frozen = page.widths[first : page.frozen_columns]
    widest = max(inches([*(frozen if begin > first else ()), *page.widths[begin : end + 1]]) for begin, end in cut)
    return min(1.0, ACROSS[page.landscape] * (_SPARE if page.is_split else 1) / widest)
