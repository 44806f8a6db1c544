"""Somebody's zip package of the Office kind: its parts, their relations, their content types.

A part that nobody changes keeps its bytes.
"""

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from pipeline.publish.archive import write_archive
from pipeline.publish.returns.losses import refusal

_TYPES = "[Content_Types].xml"
_TYPE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_SHAPES = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_OF_A_RELATION = {"Id", "Type", "Target", "TargetMode"}
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


class Relation(NamedTuple):
    """One relation of a part; `target` is a part of the package, empty when it leads elsewhere."""

    identity: str
    kind: str
    target: str


class Package:
    """The parts by name; `seen` gives one to look at, `tree` one to be changed in place."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._spelled = {name.casefold(): name for name in parts}
        self._trees: dict[str, Element] = {}
        self._read: dict[str, Element] = {}

    @classmethod
    def opened(cls, data: bytes) -> "Package":
        """The package in these bytes; what is better left alone is an `UnkeepableError`."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if reason := refusal(archive):
                raise UnkeepableError(reason)
            package = cls({_plain(info): archive.read(info) for info in archive.infolist() if not info.is_dir()})
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
                found[item.get("Id", "")] = self._meant(part, item.get("Target", ""))
        return found

    def _meant(self, part: str, target: str) -> str:
        """The part that a target means, seen from `part`, in whatever letters and with whatever slashes."""
        path = target.replace("\\", "/")
        whole = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(part), path)
        name = posixpath.normpath(whole)
        return name if name in self._parts else self._spelled.get(name.casefold(), name)

    def content_type(self, name: str) -> str:
        """What kind of part it is said to be; empty when nothing says so, but old-style drawings have but one."""
        said = self._types_by_part.get(f"/{name}".casefold()) or self._types_by_extension.get(_extension(name), "")
        return said or (_SHAPES if _extension(name) == "vml" else "")

    @cached_property
    def _types_by_part(self) -> dict[str, str]:
        """As they came: parts of ours are not asked about."""
        items = self.seen(_TYPES).iter(f"{_TYPE}Override")
        return {item.get("PartName", "").casefold(): item.get("ContentType", "") for item in items}

    @cached_property
    def _types_by_extension(self) -> dict[str, str]:
        items = self.seen(_TYPES).iter(f"{_TYPE}Default")
        return {item.get("Extension", "").casefold(): item.get("ContentType", "") for item in items}

    def relations(self, part: str) -> list[Relation]:
        """All relations of a part, those to the outside too; of several with one id none leads to a part."""
        inside, items = self.related(part), self._relations(part)
        times = Counter(item.get("Id", "") for item in items)
        return [
            Relation(
                item.get("Id", ""),
                item.get("Type", ""),
                inside.get(item.get("Id", ""), "") if _is_inside(item, times) else "",
            )
            for item in items
        ]

    def keep_only(self, relations: Mapping[str, Collection[str]], content_types: Collection[str]) -> bool:
        """Leave out all parts but those named, with their ids of relations ("" is the package itself).

        Returns whether a part was left out to which no relation of another part led.
        """
        led_to = {target for part in relations for target in self.related(part).values()}
        for part, kept in relations.items():
            self._keep_relations(part, kept)
        owned = {_TYPES, *relations, *(_relations_of(part) for part, kept in relations.items() if kept)}
        strange = [name for name in self._parts if name not in owned and not name.endswith(".rels")]
        self._parts = {name: data for name, data in self._parts.items() if name in owned}
        extensions, names = {_extension(name) for name in self._parts}, {f"/{name}".casefold() for name in self._parts}
        for item in list(self.seen(_TYPES)):
            is_part = item.tag == f"{_TYPE}Override" and item.get("PartName", "").casefold() in names
            is_default = item.tag == f"{_TYPE}Default" and item.get("Extension", "").casefold() in extensions
            if not (is_part or is_default) or item.get("ContentType") not in content_types:
                self.tree(_TYPES).remove(item)
        return any(name not in led_to for name in strange)

    def _keep_relations(self, part: str, kept: Collection[str]) -> None:
        """Those with these ids, once each, and nothing in or on them that relations do not have."""
        left, name = set(kept), _relations_of(part)
        if name not in self._parts:
            return
        root = self.seen(name)
        if root.attrib:
            self.tree(name).attrib.clear()  # a base to which all targets would be relative
        for item in list(root):
            if item.tag == f"{_RELATION}Relationship" and item.get("Id") in left:
                left.discard(item.get("Id", ""))
                self._keep_plain(name, item)
            else:
                self.tree(name).remove(item)

    def _keep_plain(self, name: str, item: Element) -> None:
        strange = set(item.attrib) - _OF_A_RELATION
        if strange or len(item):
            self.tree(name)
            for key in strange:
                del item.attrib[key]
            item[:] = []

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
        """One that is damaged raises when somebody asks for it: other programs leave in a package what they like."""
        for name, data in self._parts.items():
            if name.lower().endswith((".xml", ".rels")):
                with suppress(etree.XMLSyntaxError):
                    self._read[name] = parsed(data)

    def _relations(self, part: str) -> list[Element]:
        name = _relations_of(part)
        return list(self.seen(name).iter(f"{_RELATION}Relationship")) if name in self._parts else []


def _plain(info: zipfile.ZipInfo) -> str:
    """The name of a part with forward slashes."""
    return info.filename.replace("\\", "/").lstrip("/")


def _is_inside(item: Element, times: Mapping[str, int]) -> bool:
    return item.get("TargetMode", "Internal") == "Internal" and times[item.get("Id", "")] == 1


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _extension(name: str) -> str:
    return posixpath.splitext(name)[1].lstrip(".").casefold()


def _written(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
