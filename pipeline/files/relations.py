"""How the parts of an .xlsx or .xlsb package lead to one another, and which of them its reader shall get.

In: the package. Out: parts by the relationships that lead to them, wherever and however a program has put and spelled
them; and the few parts with cells in them, under the names that the reader expects.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.files.markup import escaped, walk
from pipeline.files.package import pack
from pipeline.files.remembered import remembered

_ROOT = "_rels/.rels"
_BOOK_KIND, _CHART_KIND = "officeDocument", "chartsheet"
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_HEAD = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_LINE = '<Relationship Id="{}" Type="{}" Target="{}"/>'
_SHARED = ("sharedStrings", "styles")


class Relation(NamedTuple):
    """One relationship: the last word of its kind, and the part, or the address outside, to which it leads."""

    kind: str
    target: str
    is_outside: bool = False
    written: str = ""  # the target as it stands there
    whole_kind: str = ""


_NOWHERE = Relation("", "")


def book_part(parts: Mapping[str, bytes], depth: int) -> str:
    """The part that lists the sheets; empty where the package is no workbook."""
    found = related(parts, "", depth).values() if _ROOT in parts else ()
    told = [relation.target for relation in found if relation.kind == _BOOK_KIND and relation.target in parts]
    return next((name for name in (*told, *_BOOKS) if name in parts), "")


def related(parts: Mapping[str, bytes], part: str, depth: int) -> Mapping[str, Relation]:
    """The relationships of a part by their ids; of the package itself where `part` is empty."""
    folder, relations = _beside(part)
    return _listed(parts[relations], folder, depth) if relations in parts else {}


@lru_cache(maxsize=256)
def _beside(part: str) -> tuple[str, str]:
    """The folder of a part, and the part that holds its relationships."""
    folder, name = posixpath.split(part)
    return folder, posixpath.join(folder, "_rels", f"{name}.rels")


@remembered
def _listed(relations: bytes, folder: str, depth: int) -> Mapping[str, Relation]:
    found: dict[str, Relation] = {}

    def link(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            kind, written = attributes.get("Type", ""), attributes.get("Target", "")
            is_outside = attributes.get("TargetMode") == "External"
            target = written if is_outside else _path(written, folder)
            found[attributes.get("Id", "")] = Relation(kind.rpartition("/")[2], target, is_outside, written, kind)

    walk(relations, depth, link)
    return found


def _path(target: str, folder: str) -> str:
    path = target.replace("\\", "/")
    return posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(folder, path))


@dataclass(frozen=True, slots=True)
class Workbook:
    """Where the parts of a workbook are: its list of sheets, what leads from there, and the sheets by their parts."""

    book: str
    relations: Mapping[str, Relation]
    sheets: Mapping[str, str]

    @property
    def extension(self) -> str:
        return posixpath.splitext(self.book)[1]

    def shared(self, kind: str) -> str:
        """The part of which there is one for all sheets: `sharedStrings` or `styles`."""
        for relation in self.relations.values():
            if relation.kind == kind:
                return relation.target
        return posixpath.join(posixpath.dirname(self.book), kind + self.extension)


def workbook(parts: Mapping[str, bytes], book: str, listed: Iterable[tuple[str, str]], depth: int) -> Workbook:
    """The workbook whose list of sheets is the part `book`; `listed` are the id and the name of each sheet in it.

    Sheets that are one chart hold no cells.
    """
    relations = related(parts, book, depth)
    found = [(relations.get(reference, _NOWHERE), name) for reference, name in listed]
    return Workbook(book, relations, {item.target: name for item, name in found if item.kind != _CHART_KIND})


def for_reader(parts: Mapping[str, bytes], where: Workbook, changed: Mapping[str, bytes]) -> bytes:
    """The parts that the reader of the cells needs and no other, as a package; those in `changed` as they stand there.

    Sheets keep their names, all else gets those that the reader knows.
    """
    content = {name: parts[name] for name in (where.book, *where.sheets) if name not in changed and name in parts}
    content |= changed
    names = {where.book: f"xl/workbook{where.extension}"}
    for kind in _SHARED:
        if (part := where.shared(kind)) in parts:
            names[part] = f"xl/{kind}{where.extension}"
            content.setdefault(part, parts[part])
    relations = {
        "_rels/.rels": _root(names[where.book]),
        f"xl/_rels/workbook{where.extension}.rels": _straight(parts, where, names),
    }
    return pack(relations | {names.get(name, name): part for name, part in content.items()})


def _straight(parts: Mapping[str, bytes], where: Workbook, names: Mapping[str, str]) -> bytes:
    """The relationships of the workbook with targets that the reader finds: it knows no `./` and no `../`."""
    inside = {identity: item for identity, item in where.relations.items() if not item.is_outside}
    if where.book == names[where.book] and all(_is_straight(item, names) for item in inside.values()):
        return parts[f"xl/_rels/workbook{where.extension}.rels"] if where.relations else _relations({})
    return _relations(
        {identity: (item.whole_kind, names.get(item.target, item.target)) for identity, item in inside.items()}
    )


def _is_straight(item: Relation, names: Mapping[str, str]) -> bool:
    is_named = names.get(item.target, item.target) == item.target
    return is_named and item.written in (f"/{item.target}", item.target.removeprefix("xl/"))


@lru_cache(maxsize=8)
def _root(book: str) -> bytes:
    return _relations({"rId1": (f"{_OFFICE}{_BOOK_KIND}", book)})


def _relations(listed: Mapping[str, tuple[str, str]]) -> bytes:
    """A part with these relationships: kind and target by id."""
    lines = (_LINE.format(*map(_quoted, (name, kind, f"/{part}"))) for name, (kind, part) in listed.items())
    return f"{_HEAD}{''.join(lines)}</Relationships>".encode()


def _quoted(text: str) -> str:
    return escaped(text).replace('"', "&quot;")
