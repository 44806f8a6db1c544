"""Somebody's zip package of the Office kind: its parts, their relations, their content types.

A part that nobody changes keeps its bytes.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.publish.archive import write_archive
from pipeline.publish.returns.losses import refusal

_TYPES = "[Content_Types].xml"
_TYPE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_EMPTY_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'

UNREADABLE = "phần mềm chưa mở được tệp này để đánh dấu"

Element = Any


class UnkeepableError(Exception):
    """The workbook cannot be opened, or would lose something.

    The message says what, as the end of a Vietnamese sentence.
    """


def parsed(data: bytes) -> Element:
    """XML as a tree that keeps prefixes and order; nothing outside of it is ever fetched."""
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )


class Package:
    """The parts by name; `seen` gives one to look at, `tree` one to be changed in place."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._trees: dict[str, Element] = {}
        self._read: dict[str, Element] = {}

    @classmethod
    def opened(cls, data: bytes) -> "Package":
        """The package in these bytes; what is better left alone is an `UnkeepableError`."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if reason := refusal(archive):
                raise UnkeepableError(reason)
            package = cls({info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()})
        package._read_all()
        return package

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def data(self, name: str) -> bytes:
        """The bytes of a part as they were."""
        return self._parts[name]

    def seen(self, name: str) -> Element:
        """The root of a part."""
        if name in self._trees:
            return self._trees[name]
        if name not in self._read:
            self._read[name] = parsed(self._parts[name])
        return self._read[name]

    def tree(self, name: str) -> Element:
        """The same root; whatever is changed in it is saved."""
        if name not in self._trees:
            self._trees[name] = self.seen(name)
        return self._trees[name]

    def add(self, name: str, data: bytes, content_type: str) -> str:
        """A new part, under that name with the first number that is free for `{}`; returns the name."""
        taken = {part.casefold() for part in self._parts}
        name = next(
            free for number in range(1, len(taken) + 2) if (free := name.format(number)).casefold() not in taken
        )
        self._parts[name] = data
        etree.SubElement(self.tree(_TYPES), f"{_TYPE}Override", PartName=f"/{name}", ContentType=content_type)
        return name

    def remove(self, name: str) -> None:
        """Take a part out, with its relations and content type."""
        for part in (name, _relations_of(name)):
            for kept in (self._parts, self._trees, self._read):
                kept.pop(part, None)
        for item in self.tree(_TYPES).findall(f"{_TYPE}Override"):
            if item.get("PartName", "").casefold() == f"/{name}".casefold():
                item.getparent().remove(item)

    def related(self, part: str, kind: str = "") -> dict[str, str]:
        """The parts to which a part relates, by the id of the relation; of one `kind` (`worksheet` …) or of any."""
        found = {}
        for item in self._relations(part):
            if item.get("TargetMode") != "External" and item.get("Type", "").endswith(f"/{kind}" if kind else ""):
                target = item.get("Target", "")
                found[item.get("Id", "")] = (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
                )
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part relate to another; returns the id."""
        name = _relations_of(part)
        self._parts.setdefault(name, _EMPTY_RELATIONS)
        taken = {item.get("Id") for item in self.tree(name)}
        identity = next(free for number in range(1, len(taken) + 2) if (free := f"cchc{number}") not in taken)
        etree.SubElement(
            self.tree(name), f"{_RELATION}Relationship", Id=identity, Type=_KIND + kind, Target=f"/{target}"
        )
        return identity

    def unrelate(self, part: str, identity: str) -> None:
        """Forget one relation of a part."""
        root = self.tree(_relations_of(part))
        for item in [item for item in self._relations(part) if item.get("Id") == identity]:
            root.remove(item)

    def save(self, path: Path) -> None:
        """Write all parts in the order in which they came; the same parts give the same bytes."""
        write_archive(
            path,
            (
                (name, _written(self._trees[name]) if name in self._trees else data)
                for name, data in self._parts.items()
            ),
        )

    def _read_all(self) -> None:
        """A damaged part is found now, even if nothing in it will be changed: Excel would refuse the copy, too."""
        self._read = {
            name: parsed(data) for name, data in self._parts.items() if name.lower().endswith((".xml", ".rels"))
        }

    def _relations(self, part: str) -> list[Element]:
        name = _relations_of(part)
        return list(self.seen(name).iter(f"{_RELATION}Relationship")) if name in self._parts else []


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _written(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
