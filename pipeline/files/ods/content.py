"""What the content of an .ods document holds that its reader would hide.

Those are errors, hidden rows, merges, legacy fonts, comments, pictures. A formula without a value is one that came
to an empty text: that is how LibreOffice writes it.
"""

import re
from collections.abc import Mapping

from pipeline.files.comments import as_comment
from pipeline.files.findings import RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import local, walk
from pipeline.files.ods.far import without_far
from pipeline.files.ods.hung import BOXES, DRAWINGS, Note
from pipeline.files.ods.styles import Styles
from pipeline.files.ods.table import Table
from pipeline.files.package import Package, pack

_TYPE, _MANIFEST, _CONTENT, STYLES = "mimetype", "META-INF/manifest.xml", "content.xml", "styles.xml"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_NO_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_ENTRY = re.compile(rb"<(?:\w+:)?file-entry\b")
_OWN_TYPE = re.compile(rb"media-type\s*=\s*[\"'](application/vnd\.(?:oasis\.opendocument|sun\.xml)[^\"']*)")
_IS_CONTENT = re.compile(rb"full-path\s*=\s*[\"'](?:content\.xml|encrypted-package)[\"']")
_LINE_BREAKS = re.compile(rb">\s+<(?=/?table:)")


def look_into(content: bytes, named_styles: bytes, limits: Limits) -> dict[str, SheetFacts]:
    """Facts by sheet name. `named_styles`: the part with the styles that have names, from which the others descend."""
    scan = _Scan(_styles(named_styles, limits), limits)
    walk(content, limits.depth, scan.start, scan.end, scan.text)
    return scan.sheets


def _styles(part: bytes, limits: Limits) -> Styles:
    """What the part says; one that cannot be read harms no form."""
    styles = Styles()
    try:
        if part:
            walk(part, limits.depth, lambda name, here: styles.start(name, _bare(here)), styles.end, styles.text)
    except RefusedError:
        return Styles()
    return styles


def kind_of(parts: Package) -> str:
    """What a package of the OpenDocument kind is; empty where it is none."""
    listed = _OWN_TYPE.search(parts.get(_MANIFEST, b""))
    said = parts.get(_TYPE, listed[1] if listed else b"")[:200]
    return ("ods" if b"spreadsheet" in said else "word" if b"text" in said else "other-office") if said else ""


def readable(parts: Package) -> bytes:
    """The part that holds the sheets. Raises `RefusedError` where it is locked by a password."""
    entries = _ENTRY.split(parts.get(_MANIFEST, b""))
    locked = [entry for entry in entries if b"encryption-data" in entry]
    if locked and (_CONTENT not in parts or any(_IS_CONTENT.search(entry) for entry in locked)):
        raise RefusedError("file-encrypted")
    return parts[_CONTENT]


def for_reader(content: bytes, sheets: Mapping[str, SheetFacts]) -> bytes:
    """The content as a package, without line breaks between cells, at which the reader gives up.

    What its sheets hold far away is gone.
    """
    near = {name: facts.near for name, facts in sheets.items() if facts.near}
    content = _LINE_BREAKS.sub(b"><", without_far(content, near) if near else content)
    return pack({_TYPE: _SPREADSHEET, _MANIFEST: _NO_MANIFEST, _CONTENT: content})


class _Scan:
    """Hands each element to whom it concerns: the styles, the sheet, a note or a drawing on it."""

    def __init__(self, styles: Styles, limits: Limits) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self._styles, self._limits = styles, limits
        self._tables = self._notes = 0  # one inside another
        self._begin("")

    def _begin(self, name: str) -> None:
        self._table = Table(name, self._styles, self._limits)
        self._note = Note()

    @property
    def _is_inside(self) -> bool:
        """In a sheet, and not in a note or a table drawn on it."""
        return self._tables == 1 and not self._notes

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        here = _bare(attributes)
        drawings = self._table.drawings
        if not self._tables and name != "table":
            self._styles.start(name, here)
        elif name == "table":
            self._tables += 1
            if self._tables == 1:
                self._begin(here.get("name", ""))
        elif name == "annotation":
            self._notes += 1
            self._note = Note()
        elif self._notes:
            self._note.start(name)
        elif (self._tables == 1 and name in DRAWINGS) or drawings.is_boxed:
            drawings.start(name, self._table.corner)
        elif self._is_inside:
            self._table.start(name, attributes, here)

    def end(self, name: str) -> None:
        drawings = self._table.drawings
        if not self._tables:
            self._styles.end(name)
        elif name == "annotation":
            self._notes -= 1
            self._end_note()
        elif self._notes and name in ("creator", "p"):
            self._note.end()
        elif name in BOXES and drawings.is_boxed:
            drawings.end(self._table.corner)
        elif name == "table":
            self._tables -= 1
            if not self._tables:
                self.sheets[self._table.name] = self._table.facts()
        elif self._is_inside and not (name == "span" and drawings.is_boxed):
            self._table.end(name)

    def text(self, data: str) -> None:
        if not self._tables:
            self._styles.text(data)
        elif self._notes and self._note.is_worded:
            self._note.text(data)
        elif self._table.drawings.is_boxed:
            self._table.drawings.text(data)
        elif self._is_inside:
            self._table.text(data)

    def _end_note(self) -> None:
        if self._tables == 1 and self._table.is_in_cell:
            self._table.comments += as_comment(self._table.here, self._note.author, self._note.said)


def _bare(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by names freed of their prefix."""
    return {local(key): value for key, value in attributes.items()}
