"""What hangs on the sheets of an .xlsx or .xlsb package beside its cells: comments, pictures, boxes with words, links.

Nothing is parsed where the package has no such part. A part that is broken is left out: no figure stands in it.
"""

import re
import struct
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pipeline.files.comments import in_order, persons, threads, xml_notes
from pipeline.files.drawings import drawings
from pipeline.files.findings import Place, RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import local
from pipeline.files.package import Package
from pipeline.files.places import box
from pipeline.files.relations import related
from pipeline.values.cells import Comment

Notes = Callable[[bytes, Limits], list[Comment]]

_RELATIONS = "sheets/_rels/"
_TOO_LARGE = "file-too-large"
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)=[\"']([^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class _Hung:
    """The parts of a package, the names of those who comment in it, and how its notes are read."""

    parts: Package
    persons: Mapping[str, str]
    notes: Notes
    limits: Limits

    def named(self, names: list[str]) -> Iterator[bytes]:
        """Those of the parts that are there."""
        return (self.parts[name] for name in names if name in self.parts)


def with_attachments(
    sheets: Mapping[str, SheetFacts],
    names: Mapping[str, str],
    parts: Package,
    limits: Limits,
    notes: Notes = xml_notes,
) -> Mapping[str, SheetFacts]:
    """The facts by sheet name, with what hangs there added.

    `names` gives the sheet of each part, `notes` reads a part of notes.
    """
    if not _has_any(parts):
        return sheets
    package = _Hung(parts, _all_persons(parts, limits), notes, limits)
    found = dict(sheets)
    for part, sheet in names.items():
        if sheet in sheets:
            with _left_out_where_broken():
                found[sheet] = _attached(sheets[sheet], part, package)
    return found


def _has_any(parts: Package) -> bool:
    return any("comments" in name or "/drawings/drawing" in name or _has_links(name, parts) for name in parts)


def _has_links(name: str, parts: Package) -> bool:
    """Whether the part is one of relationships with a link among them."""
    try:
        return _RELATIONS in name and b"/hyperlink" in parts[name]
    except RefusedError as error:
        if error.code == _TOO_LARGE:
            raise
        return False


@contextmanager
def _left_out_where_broken() -> Iterator[None]:
    """What is too large is refused here as anywhere."""
    try:
        yield
    except (struct.error, IndexError, UnicodeDecodeError):
        pass
    except RefusedError as error:
        if error.code == _TOO_LARGE:
            raise


def _all_persons(parts: Package, limits: Limits) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in parts:
        if "/persons/" in name:
            with _left_out_where_broken():
                names |= persons(parts[name], limits)
    return names


def _attached(facts: SheetFacts, part: str, package: _Hung) -> SheetFacts:
    linked, limits = _linked(part, package), package.limits
    drawn = tuple(item for content in package.named(linked["drawing"]) for item in drawings(content, limits))
    links = {} if part.endswith(".bin") else _links(package.parts.sheet(part), linked)
    talks = package.named(linked["threadedComment"])
    threaded = (item for content in talks for item in threads(content, package.persons, limits))
    notes = (item for content in package.named(linked["comments"]) for item in package.notes(content, limits))
    return replace(facts, comments=in_order(notes, threaded), drawn=drawn, links=links)


def _linked(part: str, package: _Hung) -> Mapping[str, list[str]]:
    """The parts that a sheet refers to, by the last word of the kind of relationship; addresses outside by their id."""
    targets: dict[str, list[str]] = defaultdict(list)
    for identity, relation in related(package.parts, part, package.limits.depth).items():
        targets[identity if relation.is_outside else relation.kind].append(relation.target)
    return targets


def _links(part: bytes, linked: Mapping[str, list[str]]) -> dict[Place, str]:
    """Addresses by the cell that leads there.

    Only those outside the workbook, for the others are no evidence of anything.
    """
    found: dict[Place, str] = {}
    for tag in _LINK.findall(part):
        attributes = {local(name.decode()): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(tag)}
        for address in linked.get(attributes.get("id", ""), ()):
            top, left, bottom, right = box(attributes.get("ref", ""))
            if (top, left) == (bottom, right) and not address.startswith("#"):
                found[top, left] = address
    return found
