"""What the parts of an .xlsx package hold that its reader would hide: told sheet by sheet.

Sheets that are written plainly are searched (`plain.py`), the others are walked through cell by cell (`sheetxml.py`).
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.files.findings import RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.package import Package
from pipeline.files.relations import for_reader, workbook
from pipeline.files.remembered import remembered
from pipeline.files.xlsx.looks import NO_LOOKS, Looks, odd_looks, places_of
from pipeline.files.xlsx.mending import mended_sheet
from pipeline.files.xlsx.plain import plain_facts
from pipeline.files.xlsx.sharedtext import SharedText, as_part, has_looks, shared_texts
from pipeline.files.xlsx.sheetxml import scan_sheet
from pipeline.files.xlsx.styles import legacy_styles, names_legacy_font

_NO_CELLS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
_RUN_LOOKS = b"rPr"  # only inside these has a part of a string a font or a look of its own
_NOTHING = SheetFacts()
_COUNT = re.compile(rb"\b(?:uniqueCount|count)\s*=\s*[\"'](\d+)")


@dataclass(frozen=True, slots=True)
class SeenWorkbook:
    """Facts by sheet name; the package as the reader shall get it; the name of the sheet in each part.

    `scan` gives the facts of a sheet by its name cell by cell, for one of which the reader does not give back every
    value.
    """

    sheets: Mapping[str, SheetFacts]
    package: bytes
    names: Mapping[str, str]
    scan: Callable[[str], SheetFacts]


@dataclass(frozen=True, slots=True)
class _Looks:
    """Whether letters in the book are in a legacy font; whether some in a string are struck, or off their line.

    `odd`: the styles that may show something else than is stored.
    """

    are_legacy: bool
    are_told: bool
    odd: Looks


def look_into(parts: Package, book: str, limits: Limits, unread: Collection[str] = ()) -> SeenWorkbook:
    """Facts of every worksheet; `book` is the part that lists them. Sheets named in `unread` come without cells.

    Raises `RefusedError` where the parts contradict themselves or reach too far.
    """
    where = workbook(parts, book, _listed(parts[book], limits.depth), limits.depth)
    table, styles = parts.get(where.shared("sharedStrings"), b""), parts.get(where.shared("styles"), b"")
    _check_strings(table, limits)
    looks = _looks(table, styles, limits)
    there = [name for name in where.sheets if name in parts]
    left = {name: _NO_CELLS for name in there if where.sheets[name] in unread}
    sheets = {name: parts.sheet(name) for name in there if name not in left}
    plain = {} if looks.are_legacy else {name: told for name, part in sheets.items() if (told := plain_facts(part))}
    if looks.odd:
        plain = {name: replace(told, looks=places_of(sheets[name], looks.odd)) for name, told in plain.items()}
    fonts = legacy_styles(styles, limits) if looks.are_legacy and styles else []
    odd = {name: part for name, part in sheets.items() if name not in plain}
    strings = _texts(table, limits) if odd or looks.are_told else []
    found = {name: scan_sheet(part, strings, fonts, limits, looks.odd) for name, part in odd.items()}
    mended = {name: mended_sheet(part, found[name]) for name, part in odd.items()}
    if looks.are_told:
        mended[where.shared("sharedStrings")] = as_part(strings)

    def scan(sheet: str) -> SheetFacts:
        [part] = [part for name, part in sheets.items() if where.sheets[name] == sheet]
        return scan_sheet(part, _texts(table, limits), (), limits, looks.odd)

    facts = {where.sheets[name]: facts for name, facts in (plain | found | dict.fromkeys(left, _NOTHING)).items()}
    return SeenWorkbook(facts, for_reader(parts, where, sheets | mended | left), where.sheets, scan)


def _looks(table: bytes, styles: bytes, limits: Limits) -> _Looks:
    is_rich = _RUN_LOOKS in table
    are_legacy = names_legacy_font(styles) or (is_rich and names_legacy_font(table))
    odd = odd_looks(styles, limits) if styles else NO_LOOKS
    return _Looks(are_legacy, is_rich and has_looks(table), odd)


def _texts(table: bytes, limits: Limits) -> list[SharedText]:
    return shared_texts(table, limits) if table else []


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
        raise RefusedError("file-corrupt", "bảng chữ bên trong không khớp")
