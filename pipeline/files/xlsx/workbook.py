"""What the parts of an .xlsx package hold that its reader would hide: told sheet by sheet.

Sheets that are written plainly are searched (`plain.py`), the others are walked through cell by cell (`sheetxml.py`).
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.files.findings import RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.remembered import remembered
from pipeline.files.xlsx.mending import mended_sheet, straight
from pipeline.files.xlsx.plain import plain_facts
from pipeline.files.xlsx.sharedtext import SharedText, as_part, has_looks, shared_texts
from pipeline.files.xlsx.sheetxml import scan_sheet
from pipeline.files.xlsx.styles import legacy_styles, names_legacy_font

_BOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_STYLES = "xl/styles.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"

_RUN_LOOKS = b"rPr"  # only inside these has a part of a string a font or a look of its own
_COUNT = re.compile(rb"\b(?:uniqueCount|count)\s*=\s*[\"'](\d+)")


@dataclass(frozen=True, slots=True)
class Workbook:
    """Facts by sheet name, and the parts as the reader shall get them when it could not read them as they are.

    `scan` gives the facts of a sheet by its name cell by cell, for one of which the reader does not give back every
    value.
    """

    sheets: Mapping[str, SheetFacts]
    mended: Mapping[str, bytes]
    scan: Callable[[str], SheetFacts]


@dataclass(frozen=True, slots=True)
class _Looks:
    """Whether letters in the book are in a legacy font; whether some in a string are struck, or off their line."""

    are_legacy: bool
    are_told: bool


def look_into(parts: Mapping[str, bytes], limits: Limits) -> Workbook:
    """Facts of every worksheet. Raises `RefusedError` where the parts contradict themselves or reach too far."""
    table = parts.get(_STRINGS, b"")
    _check_strings(table, limits)
    looks = _looks(table, parts.get(_STYLES, b""))
    names = sheet_names(parts, limits)
    sheets = {name: parts[name] for name in names if name in parts}
    plain = {} if looks.are_legacy else {name: facts for name, part in sheets.items() if (facts := plain_facts(part))}
    odd, mended = _walked({name: sheets[name] for name in sheets if name not in plain}, parts, looks, limits)
    mended[_RELATIONS] = straight(parts.get(_RELATIONS, b""))

    def scan(sheet: str) -> SheetFacts:
        [part] = [part for name, part in sheets.items() if names[name] == sheet]
        return scan_sheet(part, _texts(table, limits), (), limits)

    changed = {name: part for name, part in mended.items() if part != parts.get(name, b"")}
    return Workbook({names[name]: facts for name, facts in (plain | odd).items()}, changed, scan)


def _looks(table: bytes, styles: bytes) -> _Looks:
    is_rich = _RUN_LOOKS in table
    are_legacy = names_legacy_font(styles) or (is_rich and names_legacy_font(table))
    return _Looks(are_legacy, is_rich and has_looks(table))


def _walked(
    sheets: Mapping[str, bytes], parts: Mapping[str, bytes], looks: _Looks, limits: Limits
) -> tuple[dict[str, SheetFacts], dict[str, bytes]]:
    """The facts of sheets that are not written plainly; these sheets and the strings as the reader can read them."""
    if not sheets and not looks.are_told:
        return {}, {}
    strings = _texts(parts.get(_STRINGS, b""), limits)
    fonts = legacy_styles(parts[_STYLES], limits) if looks.are_legacy and _STYLES in parts else []
    found = {name: scan_sheet(part, strings, fonts, limits) for name, part in sheets.items()}
    mended = {name: mended_sheet(sheets[name], facts) for name, facts in found.items()}
    return found, (mended | {_STRINGS: as_part(strings)} if looks.are_told else mended)


def _texts(table: bytes, limits: Limits) -> list[SharedText]:
    return shared_texts(table, limits) if table else []


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
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

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


def _check_strings(part: bytes, limits: Limits) -> None:
    """Refuse a table that announces millions of texts which are not there: readers make room for them."""
    declared = max((int(number[:20]) for number in _COUNT.findall(part[:2_000].partition(b"<si")[0])), default=0)
    if declared > limits.declared_strings and declared > part.count(b"si>") + limits.declared_strings:
        raise RefusedError("file-corrupt", " (bảng chữ bên trong không khớp)")
