"""The facts of a worksheet part that is written exactly in the usual way: a few searches over its bytes find all.

Most sheets are written so. Whatever is not gets no answer here, and is walked through cell by cell.
"""

import re
from collections.abc import Iterator

from pipeline.files.findings import SheetFacts
from pipeline.files.places import box
from pipeline.files.remembered import remembered

_FARTHEST, _DIGITS = 16_384, 5

_DATA, _DATA_END = b"<sheetData>", b"</sheetData>"
# Rows of cells as nearly every program writes them: near the top left; blank, or with one short number or index, or a
# text of their own. A formula over this workbook stands before its number, or before the text that it comes to.
_FORMULA = rb'<f(?: [a-z]++="[\w:]*+")*+(?:/>|>[^<>\[\]]*+</f>)'
_NUMBER = rb"<v>\d{1,9}+(?:\.\d++)?+(?:E-?\d++)?+</v>"
_USUAL = re.compile(
    rb'(?:<row r="[1-9]\d{0,3}+"[^<>/]*+(?:/>|>(?:<c r="[A-Z]{1,2}[1-9]\d{0,3}+"(?: s="\d++")?+(?:(?: t="[bns]")?+'
    rb"(?:>(?:" + _FORMULA + rb")?+" + _NUMBER + rb"</c>| ?/>|></c>)"
    rb'| t="str">' + _FORMULA + rb"(?:<v>(?:[^<>\s][^<>]*+)?+</v>|<v/>)</c>"
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?+>(?!\s*+<)[^<>]++</t></is></c>))*+</row>))*+'
)
_FORMULAS, _ELSEWHERE = (b"<f>", b"<f "), b"importrange("  # the last is a formula over another file
_VALUE, _OWN_TEXT, _NO_VALUE = b"<v>", b"<is>", b"<v></v>"
_HIDDEN, _SEEN = b"hidden", (b' hidden="0"', b' hidden="false"')
_TAG = re.compile(rb'<(row|col)((?: [\w:.]+="[^"<>]*")*+) ?/?')
_ATTRIBUTE = re.compile(rb'([\w:.]+)="([^"]*)"')
_ENDS = {b"row": (b"r", b"r"), b"col": (b"min", b"max")}  # the attributes that say which rows or columns these are
_BOOLEANS = {b"1": True, b"true": True, b"0": False, b"false": False}
_MERGED = b"mergeCell"
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:$]{1,25})"/>')


@remembered
def plain_facts(part: bytes) -> SheetFacts | None:
    """The facts of a sheet that is written exactly in the usual way; `None` for any other sheet."""
    start, end = part.find(_DATA) + len(_DATA), part.rfind(_DATA_END)
    if not len(_DATA) <= start <= end or not _USUAL.fullmatch(part, start, end):
        return None
    if any(tag in part for tag in _FORMULAS) and _ELSEWHERE in part.lower():
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
        values=part.count(_VALUE, start, end) + part.count(_OWN_TEXT, start, end) - part.count(_NO_VALUE, start, end),
    )


def _hidden(part: bytes) -> tuple[frozenset[int], frozenset[int]] | None:
    """The hidden rows and columns; `None` where the word stands in a tag that nobody knows."""
    found: dict[bytes, set[int]] = {b"row": set(), b"col": set()}
    if part.count(_HIDDEN) > sum(map(part.count, _SEEN)):
        for tag in _tags_with(_HIDDEN, part):
            if (hides := _hides(tag)) is None:
                return None
            kind, numbers = hides
            found[kind].update(numbers)
    return frozenset(found[b"row"]), frozenset(found[b"col"])


def _hides(tag: bytes) -> tuple[bytes, range] | None:
    """Which rows or columns a tag hides, from zero."""
    if not (match := _TAG.fullmatch(tag)):
        return None
    told = dict(_ATTRIBUTE.findall(match[2]))
    first, last = (told.get(name, b"") for name in _ENDS[match[1]])
    is_hidden = _BOOLEANS.get(told.get(_HIDDEN, b""))
    if is_hidden is None or not (first.isdigit() and last.isdigit() and max(len(first), len(last)) <= _DIGITS):
        return None
    return match[1], range(int(first) - 1, min(int(last), _FARTHEST)) if is_hidden else range(0)


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
