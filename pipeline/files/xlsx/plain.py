"""The facts of a worksheet part that is written exactly in the usual way: a few searches over its bytes find all.

Most sheets are written so. Whatever is not gets no answer here, and is walked through cell by cell.
"""

import re
from collections.abc import Iterator

from pipeline.files.findings import SheetFacts
from pipeline.files.places import box
from pipeline.files.remembered import remembered

_FARTHEST = 16_384

_DATA, _DATA_END = b"<sheetData>", b"</sheetData>"
# Rows of cells as nearly every program writes them: near the top left, blank or with one short number or index.
_USUAL = re.compile(
    rb'(?:<row r="[1-9]\d{0,3}+"[^<>/]*+(?:/>|>(?:<c r="[A-Z]{1,2}[1-9]\d{0,3}+"(?: s="\d++")?+(?: t="[bns]")?+'
    rb"(?:><v>\d{1,9}+(?:\.\d++)?+(?:E-?\d++)?+</v></c>| ?/>))*+</row>))*+"
)
_VALUE_TAG = b"<v>"
_HIDDEN = b"hidden"
_HIDDEN_TAG = re.compile(
    rb'<(?:row r="(\d{1,4})"|col min="(\d{1,5})" max="(\d{1,5})")[^<>]* hidden="(?:1|true|(0|false))"[^<>]*'
)
_MERGED = b"mergeCell"
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:$]{1,25})"/>')


@remembered
def plain_facts(part: bytes) -> SheetFacts | None:
    """The facts of a sheet that is written exactly in the usual way; `None` for any other sheet."""
    start, end = part.find(_DATA) + len(_DATA), part.rfind(_DATA_END)
    if not len(_DATA) <= start <= end or not _USUAL.fullmatch(part, start, end):
        return None
    head, tail = part[:start], part[end:]
    if _DATA in tail or _is_odd(head) or _is_odd(tail):
        return None
    merges = _MERGE.findall(tail)
    if _MERGED in head or tail.count(_MERGED) != len(merges) + tail.count(_MERGED + b"s"):
        return None
    if (hidden := _hidden(part)) is None:
        return None
    rows, columns = hidden
    return SheetFacts(
        hidden_rows=rows,
        hidden_columns=columns,
        merges=tuple(box(reference.decode()) for reference in merges),
        values=part.count(_VALUE_TAG, start, end),
    )


def _hidden(part: bytes) -> tuple[frozenset[int], frozenset[int]] | None:
    """The hidden rows and columns; `None` where the word stands in a tag that nobody knows."""
    rows: set[int] = set()
    columns: set[int] = set()
    for tag in _tags_with(_HIDDEN, part):
        found = _HIDDEN_TAG.fullmatch(tag)
        if not found:
            return None
        row, first, last, is_seen = found.groups()
        if row and not is_seen:
            rows.add(int(row) - 1)
        elif not is_seen:
            columns.update(range(int(first) - 1, min(int(last), _FARTHEST)))
    return frozenset(rows), frozenset(columns)


def _is_odd(around: bytes) -> bool:
    """Whether something outside the cells is no element, or has an attribute in quotes of the other kind."""
    return b"<!--" in around or b"<![" in around or (b"'" in around and b"='" in around)


def _tags_with(word: bytes, part: bytes) -> Iterator[bytes]:
    """The tags in which a word stands, without their ends."""
    at = part.find(word)
    while at >= 0:
        end = part.find(b">", at)
        yield part[max(part.rfind(b"<", 0, at), 0) : end]
        at = part.find(word, max(end, at + 1))
