"""What the parts of an .xlsx package hold that its reader would hide: told sheet by sheet.

Most sheets are written plainly, and a few searches over their bytes show that nothing is hidden; the others are walked
through cell by cell.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.declare.records import CellError
from pipeline.intake.limits import Limits
from pipeline.intake.markup import walk
from pipeline.intake.places import box, is_index
from pipeline.intake.seen import RefusedError, SheetFacts
from pipeline.intake.sharedtext import SharedText, is_legacy, shared_texts, with_struck_words_told
from pipeline.intake.sheetxml import scan_sheet

_SHEETS = "xl/worksheets/"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_FARTHEST = 16_384

_ODD = re.compile(  # odd values, far columns and rows, declarations and comments, formulas, fonts within a cell
    rb"<(?:v>(?!\d{1,9}(?:<|(?:\.\d+)?(?:E-?\d+)?<)/v>)|c r=\"[A-Za-z]{3}|row r=\"\d{5}|!|f[ />]|rFont)"
)
_NUMBER = re.compile(rb'\br="(\d{1,9})"')
_SPAN = re.compile(rb'\b(min|max)="(\d{1,9})"')
_MERGE = re.compile(rb'<mergeCell ref="([A-Za-z0-9:$]{1,25})"')
_HIDDEN = b' hidden="'
_COUNT = re.compile(rb"\b(?:uniqueCount|count)\s*=\s*[\"'](\d+)")
_KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_SPACED_NUMBER = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)(?:\s+([-+.\deE]+)\s*|([-+.\deE]+)\s+)(?=</)")
_ERROR_VALUE = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)\s*(#[^<]*?)\s*(</(?:\w+:)?v>)")


@dataclass(frozen=True, slots=True)
class Workbook:
    """Facts by sheet name, and the parts as the reader shall get them when it could not read them as they are."""

    sheets: Mapping[str, SheetFacts]
    mended: Mapping[str, bytes]


def look_into(parts: Mapping[str, bytes], limits: Limits) -> Workbook:
    """Facts of every worksheet. Raises `RefusedError` where the parts contradict themselves or reach too far."""
    _check_strings(parts.get(_STRINGS, b""), limits)
    strings_part = with_struck_words_told(parts.get(_STRINGS, b""))
    is_legacy_book = _names_legacy_font(parts.get(_STYLES, b"")) or (b"rFont" in strings_part and _names_legacy_font(strings_part))
    sheets = {name: part for name, part in parts.items() if name.startswith(_SHEETS) and name.endswith(".xml")}
    plain = {name for name, part in sheets.items() if not is_legacy_book and _is_plain(part)}
    strings: list[SharedText] = []
    fonts: list[str] = []
    if len(plain) < len(sheets):
        strings = shared_texts(strings_part, limits) if _STRINGS in parts else []
        fonts = _legacy_styles(parts[_STYLES], limits) if is_legacy_book and _STYLES in parts else []
    names = sheet_names(parts, limits)
    facts = {name: _plain_facts(part) if name in plain else scan_sheet(part, strings, fonts, limits) for name, part in sheets.items()}
    mended = {name: _mend(sheets[name]) for name, found in facts.items() if name not in plain and _needs_mending(sheets[name], found)}
    if strings_part != parts.get(_STRINGS, b""):
        mended[_STRINGS] = strings_part
    kept = {name: _with_hash_texts(found) if name in mended else found for name, found in facts.items()}
    return Workbook({names[name]: found for name, found in kept.items() if name in names}, mended)


def sheet_names(parts: Mapping[str, bytes], limits: Limits) -> dict[str, str]:
    """Sheet name by part name, through the relationships of the workbook."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def link(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            reference = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            names[targets.get(reference, "")] = attributes.get("name", "")

    for name, see in (("xl/_rels/workbook.xml.rels", link), ("xl/workbook.xml", sheet)):
        if name in parts:
            walk(parts[name], limits.depth, see)
    return names


def _is_plain(part: bytes) -> bool:
    """Whether nothing in the sheet needs a closer look: plainly written, near the top left, no formulas, no errors."""
    if b"<sheetData" not in part or (b"'" in part and b"='" in part):
        return False
    return b't="e"' not in part and not _ODD.search(part)


def _plain_facts(part: bytes) -> SheetFacts:
    rows: set[int] = set()
    columns: set[int] = set()
    for tag in _hidden_tags(part):
        if tag.startswith(b"<row ") and (number := _NUMBER.search(tag)):
            rows.add(int(number[1]) - 1)
        elif tag.startswith(b"<col "):
            span = {name: int(value) for name, value in _SPAN.findall(tag)}
            columns.update(range(span.get(b"min", 1) - 1, min(span.get(b"max", 0), _FARTHEST)))
    merges = tuple(box(reference.decode()) for reference in _MERGE.findall(part, max(part.rfind(b"</sheetData>"), 0)))
    return SheetFacts(hidden_rows=frozenset(rows), hidden_columns=frozenset(columns), merges=merges)


def _hidden_tags(part: bytes) -> Iterator[bytes]:
    at = part.find(_HIDDEN)
    while at >= 0:
        if part.startswith((b'1"', b'true"'), at + len(_HIDDEN)):
            yield part[max(part.rfind(b"<", 0, at), 0) : part.find(b">", at)]
        at = part.find(_HIDDEN, at + len(_HIDDEN))


def _check_strings(part: bytes, limits: Limits) -> None:
    """Refuse a table that announces millions of texts which are not there: readers make room for them."""
    declared = max((int(number[:20]) for number in _COUNT.findall(part[:2_000])), default=0)
    if declared > limits.declared_strings and declared > part.count(b"si>") + limits.declared_strings:
        raise RefusedError("file-corrupt", " (bảng chữ bên trong không khớp)")


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


def _needs_mending(part: bytes, facts: SheetFacts) -> bool:
    has_new_error = any(isinstance(mark, CellError) and mark.text not in _KNOWN_ERRORS for mark in facts.marks.values())
    return has_new_error or _SPACED_NUMBER.search(part) is not None


def _mend(part: bytes) -> bytes:
    """The sheet as the reader can read it: no spaces round numbers, and for an error word that it does not know another one."""
    closed = _SPACED_NUMBER.sub(lambda match: match[1] + (match[2] or match[3]), part)
    return _ERROR_VALUE.sub(lambda match: match[0] if match[2].decode("utf-8", "replace") in _KNOWN_ERRORS else match[1] + b"#N/A" + match[3], closed)


def _with_hash_texts(facts: SheetFacts) -> SheetFacts:
    """Texts that begin with # look like errors to `_mend`; they are put back from what the sheet holds."""
    texts = {place: text for place, text in facts.held.items() if str(text).lstrip().startswith("#") and place not in facts.marks}
    return replace(facts, marks={**facts.marks, **texts})
