"""What a copy does not carry on: what could run, load or lead elsewhere is left out, with all that points at it.

In: the opened package of a unit. Decided by `permitted`; parts in which nothing is left out keep their bytes.
"""

from collections.abc import Collection
from typing import Any

from lxml import etree

from pipeline.publish.returns import permitted
from pipeline.publish.returns.active_elements import (
    BLOCKS,
    FORMULAS,
    LINKS,
    OTHERS,
    cleaned,
    cleaned_shapes,
    gone_names,
    has_foreign_formula,
)
from pipeline.publish.returns.package import UNREADABLE, Package, Relation, UnkeepableError

_SAID = {
    "hyperlink": LINKS,
    "externalLink": FORMULAS,
    "externalLinkPath": FORMULAS,
    **dict.fromkeys(("oleObject", "package", "control", "ctrlProp", "activeXControlBinary"), BLOCKS),
    **dict.fromkeys(("connections", "queryTable", "pivotTable", "pivotCacheDefinition"), "kết nối dữ liệu"),
}
_MACROS = ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet", "dialogsheet")
_STRICT = "http://purl.oclc.org/ooxml/"
_NOT_XML = ("png", "jpeg", "jpg", "gif")

Element = Any


def disarm(package: Package) -> list[str]:
    """Leave out what no copy carries on; returns what it was, in Vietnamese words, each kind once.

    Without a sheet or the workbook itself it is an `UnkeepableError`.
    """
    walk = _Walk(package)
    walk.follow("")
    said = walk.said
    if package.keep_only(walk.kept, permitted.CONTENT_TYPES):
        said.add(OTHERS)
    gone: set[str] = set()
    for part in walk.parts(permitted.WORKBOOK):
        gone = gone_names(package.seen(part))
    for part in filter(None, walk.kept):
        if part.rpartition(".")[2].casefold() in _NOT_XML:
            continue
        said |= _cleaned(package, part, set(walk.kept[part]), gone)
    return sorted(said)


class _Walk:
    """From the package along the relations that are allowed: which parts are reached, and what was passed by."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.kept: dict[str, list[str]] = {}
        self.said: set[str] = set()

    def parts(self, content_type: str) -> list[str]:
        return [part for part in self.kept if part and self._package.content_type(part) == content_type]

    def follow(self, part: str) -> None:
        """Depth first; allowed relations lead at most from book to sheet to drawing to chart to picture."""
        waiting = [part]
        while waiting:
            part = waiting.pop()
            if part in self.kept:
                continue
            self.kept[part] = []
            for relation in self._package.relations(part):
                if relation.identity in self.kept[part]:
                    continue
                if self._is_allowed(relation):
                    self.kept[part].append(relation.identity)
                    waiting.append(relation.target)
                else:
                    self._pass_by(relation)

    def _pass_by(self, relation: Relation) -> None:
        kind = relation.kind.rpartition("/")[2]
        if kind in _MACROS or "macroEnabled" in self._package.content_type(relation.target):
            raise UnkeepableError("tệp có macro")
        if kind == "officeDocument":
            is_strict = relation.kind.startswith(_STRICT)
            raise UnkeepableError("tệp được lưu ở dạng Strict Open XML" if is_strict else UNREADABLE)
        if kind not in permitted.UNSAID:
            self.said.add(_SAID.get(kind, OTHERS))

    def _is_allowed(self, relation: Relation) -> bool:
        package, name = self._package, relation.target
        if not name or name not in package or name.rpartition(".")[2].casefold() not in permitted.EXTENSIONS:
            return False
        kind = package.content_type(name)
        if kind not in permitted.RELATIONS.get(relation.kind, ()):
            return False
        if kind in permitted.PICTURES:
            return package.data(name).startswith(permitted.PICTURES[kind])
        return kind != permitted.CHART or not has_foreign_formula(package.seen(name))


def _read(package: Package, part: str) -> Element:
    """The part as XML that declares nothing of its own."""
    try:
        read = package.seen(part)
    except etree.XMLSyntaxError:  # drawings of old programs are not always XML
        is_shape = package.content_type(part) == permitted.VML
        raise UnkeepableError(
            "tệp có ghi chú hoặc nút bấm mà phần mềm chưa đọc được" if is_shape else UNREADABLE
        ) from None
    if read.getroottree().docinfo.doctype:
        raise UnkeepableError(UNREADABLE)
    return read


def _cleaned(package: Package, part: str, identities: Collection[str], gone: Collection[str]) -> set[str]:
    """Take out of one part what may not stay; returns what it was."""
    kind, data, before = package.content_type(part), package.data(part), _read(package, part)
    if b"\0" in data or data.count(b"<?") > data.startswith((b"<?xml ", b"\xef\xbb\xbf<?xml ")):
        package.tree(part)  # written anew, without instructions to other programs
    shapes = kind == permitted.VML
    changed, said = cleaned_shapes(before, identities) if shapes else cleaned(before, kind, identities, gone)
    if changed:
        package.tree(part)
    return said
