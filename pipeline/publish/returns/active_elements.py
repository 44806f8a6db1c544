"""Elements of a part that run, load or lead elsewhere, taken out of its tree; words and figures beside them stay."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any
from zlib import crc32

from lxml import etree

from pipeline.publish.returns import permitted
from pipeline.publish.returns.own_formula import is_own_formula, names_used
from pipeline.publish.returns.package import UnkeepableError

LINKS = "liên kết (chữ trong ô giữ nguyên)"
FORMULAS = "công thức lấy số từ ngoài tệp hoặc gọi chương trình khác (kết quả trong ô giữ nguyên)"
BLOCKS = "đối tượng nhúng hoặc nút bấm"
OTHERS = "phần phụ không phải số liệu, chữ, ảnh hay ghi chú"

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_FORMULA = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
_RULES = {"dataValidation", "cfRule", "sparkline", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
_ANCHORS = {"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"}
_DRAWN_LINKS = {"hlinkClick", "hlinkHover", "hlinkMouseOver"}
_TABLE_SOURCES = ("tableType", "connectionId", "queryTableFieldId")
_LEADS_OUT = re.compile(r"://|script\s*:|url\s*\(|\\\\|mailto:|file:", re.IGNORECASE)
_OTHER_BOOK = re.compile(r"[\[|]")
_GROUPS = {"cfRule": "conditionalFormatting", "sparkline": "sparklineGroup"}
_POINTING = etree.XPath("descendant-or-self::*[@r:*]", namespaces={"r": _RELATION[1:-1]})
_ATTRIBUTED = etree.XPath("descendant-or-self::*[@macro or @textlink or @cm or @vm]")
_SHAPE_LINKS = {"href", "althref", "target", "src", "relid", "pict", "id", "oleid", "ole"}

Element = Any


def gone_names(workbook: Element) -> set[str]:
    """Names, in lower case, that will be taken out of a workbook: what they stand for lies outside, or they run."""
    users: dict[str, set[str]] = {}
    waiting: list[str] = []
    for item in _all(workbook, {"definedName"}):
        for used in names_used(item.text or ""):
            users.setdefault(used, set()).add(_name(item))
        if _runs(item) or not is_own_formula(item.text or ""):
            waiting.append(_name(item))
    gone: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in gone:
            gone.add(name)
            waiting += users.get(name, ())
    return gone


def has_foreign_formula(root: Element) -> bool:
    """Whether any formula of a part leads out of the workbook."""
    return any(not is_own_formula(item.text or "") for item in _all(root, _FORMULA))


def cleaned(root: Element, kind: str, identities: Collection[str], gone: Collection[str]) -> tuple[bool, set[str]]:
    """Take out of a part what may not stay; `identities` are the relations that it still has.

    Returns whether anything was taken, and what of it is worth telling.
    """
    before, said = _looks(root), set[str]()
    _keep_children(root, said)
    _take_pointers(root, kind, identities, said)
    _take_links(root, said)
    _take_formulas(root, gone, said)
    _take_thresholds(root, gone, said)
    _take_attributes(root, said)
    return _looks(root) != before, said


def cleaned_shapes(root: Element, identities: Collection[str]) -> tuple[bool, set[str]]:
    """The same for an old-style drawing: boxes of notes and plain shapes stay, what runs or loads does not."""
    before, said = _looks(root), set[str]()
    for item in [item for item in root.iter() if _local(item) not in permitted.SHAPES]:
        _take(item)
        said.add(BLOCKS)
    for item in root.iter():
        for name, value in list(item.attrib.items()):
            space, _, local = name.rpartition("}")
            points = space == _RELATION[:-1] or (local in _SHAPE_LINKS and not (local == "id" and not space))
            kept = value in identities and local in {"relid", "id", "pict"}
            if (
                (points and not kept)
                or (len(local) > 2 and local.lower().startswith("on") and not space)
                or _LEADS_OUT.search(value)
            ):
                del item.attrib[name]
                said.add(BLOCKS)
    return _looks(root) != before, said


def _keep_children(root: Element, said: set[str]) -> None:
    """Of the workbook, a sheet and the properties only the children that are known, and known extensions.

    One of another namespace under a known name is none: a reader may put what it holds in its place.
    """
    allowed = permitted.CHILDREN.get(_local(root))
    if allowed is None:
        return
    spaces = (_space(root), permitted.OWN_SPACES)
    for item in [item for item in root if _local(item) not in allowed or not _space(item).startswith(spaces)]:
        root.remove(item)
        if _local(root) == "worksheet":
            said.add(BLOCKS)
    for item in [item for item in root.iterfind("{*}extLst/{*}ext/*") if _local(item) not in permitted.EXTENDED]:
        _take(item)


def _take_pointers(root: Element, kind: str, identities: Collection[str], said: set[str]) -> None:
    """Elements that point at a part that is no longer there, or lies outside."""
    for item in _POINTING(root):
        missing = [
            name for name, value in item.attrib.items() if name.startswith(_RELATION) and value not in identities
        ]
        if not missing:
            continue
        if _local(item) == "sheet":
            raise UnkeepableError("tệp có sheet không phải bảng tính thường, có thể là macro")
        if _local(item) == "pageSetup":
            for name in missing:
                del item.attrib[name]
        elif _local(item) not in _DRAWN_LINKS:
            said.update(() if _local(item) in {"hyperlink", "externalReference"} else {OTHERS})
            _take(_around(item, _ANCHORS) if kind == permitted.DRAWN and _around(item, {"ext"}) is item else item)


def _take_links(root: Element, said: set[str]) -> None:
    for item in list(_all(root, {"hyperlink", *_DRAWN_LINKS})):
        place = item.get("location", "")
        if _local(item) in _DRAWN_LINKS or not place or _LEADS_OUT.search(place) or _OTHER_BOOK.search(place):
            said.add(LINKS)
            _take(item)


def _take_formulas(root: Element, gone: Collection[str], said: set[str]) -> None:
    """A formula of a cell leaves its result; a rule or a name goes whole."""
    shared = set()
    for item in list(_all(root, _FORMULA)):
        own = is_own_formula(item.text or "", gone)
        if _local(item) == "definedName" and _name(item) in gone:
            own = False
        if own:
            continue
        if _local(item.getparent()) == "c" and item.get("t") == "shared":
            shared.add(item.get("si"))
        said.add(FORMULAS)
        _take_formula(item)
    for item in [item for item in _all(root, {"f"}) if shared and item.get("si") in shared]:
        _take_formula(item)


def _take_thresholds(root: Element, gone: Collection[str], said: set[str]) -> None:
    """A rule whose colours or icons change at what a formula says."""
    for item in list(_all(root, {"cfvo"})):
        if not is_own_formula(item.get("val", ""), gone):
            said.add(FORMULAS)
            _take_rule(_around(item, {"cfRule"}))


def _take_formula(item: Element) -> None:
    cell = item.getparent()
    if cell is not None and _local(cell) == "c":
        cell.remove(item)
        cell.attrib.pop("cm", None)
    else:
        _take_rule(_around(item, _RULES))


def _take_rule(rule: Element) -> None:
    """A rule or a small chart; the last of its group takes the group along."""
    group = _around(rule, {_GROUPS.get(_local(rule), "")})
    is_last = group is not rule and len(list(islice(_all(group, {_local(rule)}), 2))) == 1
    _take(group if is_last else rule)


def _take_attributes(root: Element, said: set[str]) -> None:
    """Macros of shapes, sources of tables, and the numbers of notes on values that no part explains any more."""
    for item in _ATTRIBUTED(root):
        if item.get("macro"):
            item.set("macro", "")
            said.add(BLOCKS)
        if not is_own_formula(item.get("textlink", "")):
            del item.attrib["textlink"]
            said.add(FORMULAS)
        if _local(item) == "c":
            item.attrib.pop("cm", None)
            item.attrib.pop("vm", None)
    for item in _all(root, {"table", "tableColumn"}):
        for name in _TABLE_SOURCES:
            item.attrib.pop(name, None)


def _runs(name: Element) -> bool:
    """Whether a name is that of a macro or of a function of a program, or is worked through on opening."""
    marks = ("function", "vbProcedure", "xlm")
    return any(name.get(mark) in {"1", "true"} for mark in marks) or _name(name).removeprefix("_xlnm.").startswith(
        "auto_"
    )


def _name(item: Element) -> str:
    return str(item.get("name", "")).lower()


def _all(root: Element, names: Collection[str]) -> Iterator[Element]:
    return root.iter(*(f"{{*}}{name}" for name in names))  # type: ignore[no-any-return]


def _local(item: Element) -> str:
    return item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""


def _space(item: Element) -> str:
    return item.tag.rpartition("}")[0] if isinstance(item.tag, str) else ""


def _around(item: Element, names: Collection[str]) -> Element:
    """The nearest element around it of one of these names, else the element itself if none is."""
    found = item
    while found is not None and _local(found) not in names:
        found = found.getparent()
    return item if found is None else found


def _take(item: Element) -> None:
    """Take an element out, with what is empty around it without it."""
    while (parent := item.getparent()) is not None:
        parent.remove(item)
        parent.attrib.pop("count", None)
        if next(iter(parent), None) is not None or parent.getparent() is None:  # `len` would count them all
            return
        item = parent


def _looks(root: Element) -> tuple[int, int]:
    """Tells whether anything was taken; written out it is looked at in a tenth of the time of a walk."""
    written = etree.tostring(root, encoding="UTF-8")
    return len(written), crc32(written)
