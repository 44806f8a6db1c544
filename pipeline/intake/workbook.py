"""What the parts of an .xlsx package hold that its reader would hide: told sheet by sheet.

Most sheets are written plainly, and a few searches over their bytes show that nothing is hidden; the others are walked
through cell by cell.
"""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.declare.records import CellError
from pipeline.intake.limits import Limits
from pipeline.intake.markup import walk
from pipeline.intake.seen import RefusedError, SheetFacts
from pipeline.intake.sheetxml import SharedText, box, is_index, is_legacy, scan_sheet, shared_texts

_SHEETS = "xl/worksheets/"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"

_ODD = (b't="e"', b"= '", b"<f>", b"<f ", b"<f/", b"='", b'= "', b"<!", b"<v>&")
_ODD_INDEX = re.compile(rb't="s"[^>]*>(?!<v>\d{1,9}</v>)')
_FAR = re.compile(rb'<c r="(?:[A-Za-z]{3}|[A-Za-z]{1,2}\d{5})')
_HIDDEN_ROW = re.compile(rb'<row ([^<>]*)hidden="(?:1|true)"([^<>]*)>')
_HIDDEN_COLUMN = re.compile(rb'<col [^<>]*hidden="(?:1|true)"[^<>]*>')
_NUMBER = re.compile(rb'\br="(\d{1,9})"')
_SPAN = {name: re.compile(rb'\b%s="(\d{1,9})"' % name.encode()) for name in ("min", "max")}
_MERGE = re.compile(rb'<mergeCell ref="([A-Za-z0-9:$]{1,25})"')
_LEGACY = re.compile(rb"[\"'](?:\.Vn|VNI-)", re.IGNORECASE)
_COUNT = re.compile(rb"\b(?:uniqueCount|count)\s*=\s*[\"'](\d+)")
_KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_ERROR_VALUE = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)\s*(#[^<]*?)\s*(</(?:\w+:)?v>)")


@dataclass(frozen=True, slots=True)
class Workbook:
    """Facts by sheet name, and the parts as the reader shall get them when it could not read them as they are."""

    sheets: Mapping[str, SheetFacts]
    mended: Mapping[str, bytes]


def look_into(parts: Mapping[str, bytes], limits: Limits) -> Workbook:
    """Facts of every worksheet. Raises `RefusedError` where the parts contradict themselves or reach too far."""
    _check_strings(parts.get(_STRINGS, b""), limits)
    is_legacy_book = any(_LEGACY.search(part) for name, part in parts.items() if name in (_STRINGS, _STYLES))
    sheets = {name: part for name, part in parts.items() if name.startswith(_SHEETS) and name.endswith(".xml")}
    plain = {name for name, part in sheets.items() if not is_legacy_book and _is_plain(part)}
    strings: list[SharedText] = []
    fonts: list[str] = []
    if len(plain) < len(sheets):
        strings = shared_texts(parts[_STRINGS], limits) if _STRINGS in parts else []
        fonts = _legacy_styles(parts[_STYLES], limits) if is_legacy_book and _STYLES in parts else []
    names = sheet_names(parts, limits)
    facts = {name: _plain_facts(part) if name in plain else scan_sheet(part, strings, fonts, limits) for name, part in sheets.items()}
    mended = {name: _mend(sheets[name], found) for name, found in facts.items() if _has_new_error(found)}
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
    """Whether every cell is addressed and written in the one way that needs no closer look."""
    if b"<sheetData" not in part or b"<c>" in part or part.count(b"<c ") != part.count(b'<c r="'):
        return False
    return not (any(sign in part for sign in _ODD) or _ODD_INDEX.search(part) or _FAR.search(part) or _LEGACY.search(part))


def _plain_facts(part: bytes) -> SheetFacts:
    rows = (_NUMBER.search(match[1] + match[2]) for match in _HIDDEN_ROW.finditer(part))
    columns: set[int] = set()
    for match in _HIDDEN_COLUMN.finditer(part, 0, part.find(b"<sheetData")):
        first, last = (_SPAN[name].search(match[0]) for name in ("min", "max"))
        if first and last:
            columns.update(range(int(first[1]) - 1, min(int(last[1]), 2_000)))
    hidden = frozenset(int(row[1]) - 1 for row in rows if row)
    merges = tuple(box(reference.decode()) for reference in _MERGE.findall(part, max(part.find(b"</sheetData>"), 0)))
    return SheetFacts(hidden_rows=hidden, hidden_columns=frozenset(columns), merges=merges)


def _check_strings(part: bytes, limits: Limits) -> None:
    """Refuse a table that announces millions of texts which are not there: readers make room for them."""
    declared = max((int(number[:20]) for number in _COUNT.findall(part[:2_000])), default=0)
    if declared > part.count(b"si>") + limits.declared_strings:
        raise RefusedError("file-corrupt", " (bảng chữ bên trong không khớp)")


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


def _has_new_error(facts: SheetFacts) -> bool:
    return any(isinstance(mark, CellError) and mark.text not in _KNOWN_ERRORS for mark in facts.marks.values())


def _mend(part: bytes, facts: SheetFacts) -> bytes:
    """The sheet with the error words that the reader does not know replaced by one that it knows; the marks keep the true ones."""
    return _ERROR_VALUE.sub(lambda match: match[0] if match[2].decode("utf-8", "replace") in _KNOWN_ERRORS else match[1] + b"#N/A" + match[3], part)


def _with_hash_texts(facts: SheetFacts) -> SheetFacts:
    """Texts that begin with # look like errors to `_mend`; they are put back from what the sheet holds."""
    texts = {place: text for place, text in facts.held.items() if str(text).lstrip().startswith("#") and place not in facts.marks}
    return replace(facts, marks={**facts.marks, **texts})
