"""What hangs on the sheets of an .xlsx or .xlsb package beside its cells: comments, pictures, boxes with words, links.

Nothing is parsed where the package has no such part. A part that is broken is left out: no figure stands in it.
"""

import posixpath
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from pipeline.files.comments import in_order, persons, threads, xml_notes
from pipeline.files.drawings import drawings
from pipeline.files.findings import Place, RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import local, walk
from pipeline.files.places import box
from pipeline.values.cells import Comment

Notes = Callable[[bytes, Limits], list[Comment]]

_RELATIONS = "xl/worksheets/_rels/"
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)=[\"']([^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts of a package, the names of those who comment in it, and how its notes are read."""

    parts: Mapping[str, bytes]
    persons: Mapping[str, str]
    notes: Notes
    limits: Limits

    def named(self, names: list[str]) -> Iterator[bytes]:
        """Those of the parts that are there."""
        return (self.parts[name] for name in names if name in self.parts)


def with_attachments(
    sheets: Mapping[str, SheetFacts],
    names: Callable[[], Mapping[str, str]],
    parts: Mapping[str, bytes],
    limits: Limits,
    notes: Notes = xml_notes,
) -> Mapping[str, SheetFacts]:
    """The facts by sheet name, with what hangs there added.

    `names` gives the sheet of each part, `notes` reads a part of notes.
    """
    if not _has_any(parts):
        return sheets
    package = _Package(parts, _all_persons(parts, limits), notes, limits)
    found = dict(sheets)
    for part, sheet in names().items():
        if sheet in sheets:
            with suppress(RefusedError, struct.error, IndexError, UnicodeDecodeError):
                found[sheet] = _attached(sheets[sheet], part, package)
    return found


def _has_any(parts: Mapping[str, bytes]) -> bool:
    return any(
        "omments" in name or name.startswith("xl/drawings/drawing") or (_RELATIONS in name and b"/hyperlink" in part)
        for name, part in parts.items()
    )


def _all_persons(parts: Mapping[str, bytes], limits: Limits) -> dict[str, str]:
    names: dict[str, str] = {}
    for name, part in parts.items():
        if name.startswith("xl/persons/"):
            with suppress(RefusedError):
                names |= persons(part, limits)
    return names


def _attached(facts: SheetFacts, part: str, package: _Package) -> SheetFacts:
    linked, limits = _linked(part, package), package.limits
    drawn = tuple(item for content in package.named(linked["drawing"]) for item in drawings(content, limits))
    links = _links(package.parts[part], linked) if part.endswith(".xml") else {}
    threaded = (
        item
        for content in package.named(linked["threadedComment"])
        for item in threads(content, package.persons, limits)
    )
    notes = (item for content in package.named(linked["comments"]) for item in package.notes(content, limits))
    return replace(facts, comments=in_order(notes, threaded), drawn=drawn, links=links)


def _linked(part: str, package: _Package) -> Mapping[str, list[str]]:
    """The parts that a sheet refers to, by the last word of the kind of relationship; addresses outside by their id."""
    folder, name = posixpath.split(part)
    targets: dict[str, list[str]] = defaultdict(list)

    def link(tag: str, attributes: Mapping[str, str]) -> None:
        if tag != "Relationship":
            return
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") == "External":
            targets[attributes.get("Id", "")].append(target)
        else:
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            targets[attributes.get("Type", "").rpartition("/")[2]].append(path)

    walk(package.parts.get(f"{folder}/_rels/{name}.rels", b"<none/>"), package.limits.depth, link)
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
