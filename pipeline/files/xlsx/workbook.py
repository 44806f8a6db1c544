"""What the parts of an .xlsx package hold that its reader would hide: told sheet by sheet.

Most sheets are written plainly, and a few searches over their bytes show that nothing is hidden; the others are walked
through cell by cell.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.files.findings import RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import escaped, walk
from pipeline.files.places import box, is_index
from pipeline.files.remembered import remembered
from pipeline.files.rich_text import is_legacy
from pipeline.files.xlsx.sharedtext import SharedText, as_part, has_looks, shared_texts
from pipeline.files.xlsx.sheetxml import scan_sheet
from pipeline.values.cells import CellError

_BOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_FARTHEST = 16_384

_DATA, _DATA_END = b"<sheetData>", b"</sheetData>"
_USUAL = re.compile(  # rows of cells as nearly every program writes them: near the top left, blank or with one short number or index
    rb'(?:<row r="[1-9]\d{0,3}+"[^<>/]*+(?:/>|>(?:<c r="[A-Z]{1,2}[1-9]\d{0,3}+"(?: s="\d++")?+(?: t="[bns]")?+'
    rb"(?:><v>\d{1,9}+(?:\.\d++)?+(?:E-?\d++)?+</v></c>| ?/>))*+</row>))*+"
)
_VALUE_TAG = b"<v>"
_RUN_LOOKS = b"rPr"  # only inside these has a part of a string a font or a look of its own
_HIDDEN = b"hidden"
_HIDDEN_TAG = re.compile(
    rb'<(?:row r="(\d{1,4})"|col min="(\d{1,5})" max="(\d{1,5})")[^<>]* hidden="(?:1|true|(0|false))"[^<>]*'
)
_MERGED = b"mergeCell"
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:$]{1,25})"/>')
_COUNT = re.compile(rb"\b(?:uniqueCount|count)\s*=\s*[\"'](\d+)")
_KNOWN_ERRORS = {b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"}
_SPACED_NUMBER = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)(?:\s+([-+.\deE]+)\s*|([-+.\deE]+)\s+)(?=</)")
_VALUE = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)([^<]*)(?=</)")
_REMARK = re.compile(rb"(<!\[CDATA\[.*?\]\]>)|<!--.*?-->|<\?(?!xml\s).*?\?>", re.DOTALL)
_ROUNDABOUT = re.compile(rb"(\bTarget\s*=\s*[\"'])((?:\.\.?/)+[^\"']*)")


@dataclass(frozen=True, slots=True)
class Workbook:
    """Facts by sheet name, and the parts as the reader shall get them when it could not read them as they are.

    `scan` gives the facts of a sheet by its name cell by cell, for one of which the reader does not give back every value.
    """

    sheets: Mapping[str, SheetFacts]
    mended: Mapping[str, bytes]
    scan: Callable[[str], SheetFacts]


def look_into(parts: Mapping[str, bytes], limits: Limits) -> Workbook:
    """Facts of every worksheet. Raises `RefusedError` where the parts contradict themselves or reach too far."""
    table = parts.get(_STRINGS, b"")
    _check_strings(table, limits)
    is_rich = _RUN_LOOKS in table
    is_looked_at = is_rich and has_looks(table)
    is_legacy_book = _names_legacy_font(parts.get(_STYLES, b"")) or (is_rich and _names_legacy_font(table))
    names = sheet_names(parts, limits)
    sheets = {name: parts[name] for name in names if name in parts}
    plain = {} if is_legacy_book else {name: facts for name, part in sheets.items() if (facts := _plain_facts(part))}
    strings: list[SharedText] = []
    fonts: list[str] = []
    if len(plain) < len(sheets) or is_looked_at:
        strings = shared_texts(table, limits) if table else []
        fonts = _legacy_styles(parts[_STYLES], limits) if is_legacy_book and _STYLES in parts else []
    odd = {name: scan_sheet(part, strings, fonts, limits) for name, part in sheets.items() if name not in plain}
    mended = {name: _mend(sheets[name], facts) for name, facts in odd.items()}
    mended[_RELATIONS] = _straight(parts.get(_RELATIONS, b""))
    if is_looked_at:
        mended[_STRINGS] = as_part(strings)
    changed = {name: part for name, part in mended.items() if part != parts.get(name, b"")}

    def scan(sheet: str) -> SheetFacts:
        [part] = [sheets[name] for name in sheets if names[name] == sheet]
        return scan_sheet(part, shared_texts(table, limits) if table else [], (), limits)

    return Workbook({names[name]: facts for name, facts in (plain | odd).items()}, changed, scan)


def sheet_names(parts: Mapping[str, bytes], limits: Limits) -> dict[str, str]:
    """Sheet name by part name, through the relationships of the workbook."""
    targets = _targets(parts[_RELATIONS], limits.depth) if _RELATIONS in parts else {}
    listed = _listed(parts[_BOOK], limits.depth) if _BOOK in parts else ()
    return {targets.get(reference, ""): name for reference, name in listed}


@remembered
def _targets(relations: bytes, depth: int) -> Mapping[str, str]:
    """The parts that the relationships name, by their ids."""
    targets: dict[str, str] = {}

    def link(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )

    walk(relations, depth, link)
    return targets


@remembered
def _listed(book: bytes, depth: int) -> Sequence[tuple[str, str]]:
    """The id of the relationship and the name of each sheet."""
    listed: list[tuple[str, str]] = []

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            reference = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            listed.append((reference, attributes.get("name", "")))

    walk(book, depth, sheet)
    return listed


@remembered
def _plain_facts(part: bytes) -> SheetFacts | None:
    """The facts of a sheet that is written exactly in the usual way, so that searches find all; `None` for any other sheet."""
    start, end = part.find(_DATA) + len(_DATA), part.rfind(_DATA_END)
    if not len(_DATA) <= start <= end or not _USUAL.fullmatch(part, start, end):
        return None
    head, tail = part[:start], part[end:]
    if _DATA in tail or _is_odd(head) or _is_odd(tail):
        return None
    merges = _MERGE.findall(tail)
    if _MERGED in head or tail.count(_MERGED) != len(merges) + tail.count(_MERGED + b"s"):
        return None
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
    return SheetFacts(
        hidden_rows=frozenset(rows),
        hidden_columns=frozenset(columns),
        merges=tuple(box(reference.decode()) for reference in merges),
        values=part.count(_VALUE_TAG, start, end),
    )


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


def _check_strings(part: bytes, limits: Limits) -> None:
    """Refuse a table that announces millions of texts which are not there: readers make room for them."""
    declared = max((int(number[:20]) for number in _COUNT.findall(part[:2_000].partition(b"<si")[0])), default=0)
    if declared > limits.declared_strings and declared > part.count(b"si>") + limits.declared_strings:
        raise RefusedError("file-corrupt", " (bảng chữ bên trong không khớp)")


@remembered
def _names_legacy_font(part: bytes) -> bool:
    lower = part.lower()
    return any(sign in lower for sign in (b'".vn', b'"vni-', b"'.vn", b"'vni-"))


def _legacy_styles(part: bytes, limits: Limits) -> list[str]:
    """For each cell style, the name of its font if that is a legacy one."""
    fonts: list[str] = []
    styles: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        inside.append(name)
        if inside[-2:] == ["fonts", "font"]:
            fonts.append("")
        elif inside[-3:] == ["fonts", "font", "name"] and is_legacy(attributes.get("val", "")):
            fonts[-1] = attributes["val"]
        elif inside[-2:] == ["cellXfs", "xf"]:
            number = attributes.get("fontId", "0")
            styles.append(fonts[int(number)] if is_index(number) and int(number) < len(fonts) else "")

    walk(part, limits.depth, start, lambda name: inside.__delitem__(-1))
    return styles


def _mend(part: bytes, facts: SheetFacts) -> bytes:
    """The sheet as the reader can read it: nothing between the digits or round them, and no error word that it does not know."""
    bare = _REMARK.sub(lambda match: match[1] or b"", part) if b"<!" in part or part.count(b"<?") > 1 else part
    closed = _SPACED_NUMBER.sub(lambda match: match[1] + (match[2] or match[3]), bare)
    places = (place for place, mark in facts.marks.items() if isinstance(mark, CellError) and place in facts.held)
    errors = {escaped(str(facts.held[place]).strip()).encode() for place in places}
    if not errors:
        return closed
    return _VALUE.sub(
        lambda match: match[1] if match[2].strip() in errors and match[2] not in _KNOWN_ERRORS else match[0], closed
    )


@remembered
def _straight(relations: bytes) -> bytes:
    """The relationships with targets that the reader finds: it knows no `./` and no `../`."""
    return _ROUNDABOUT.sub(lambda match: match[1] + b"/" + posixpath.normpath(b"xl/" + match[2]), relations)
