"""The notes on the cells of one sheet: the texts, and the boxes that Excel shows them in."""

import re
from functools import cached_property
from typing import Any

from lxml import etree

from pipeline.publish.returns.package import Package, UnkeepableError
from pipeline.publish.returns.sheet_part import MAIN, Place, SheetPart, name_of, place_of, words

Element = Any

_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_V, _O, _X = (f"{{urn:schemas-microsoft-com:{name}}}" for name in ("vml", "office:office", "office:excel"))
_COMMENTS = (
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors/><commentList/></comments>'
)
_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_BOX = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
    ' id="_x0000_s{number}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto"'
    ' style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:{width}px;height:{height}px;'
    'z-index:1;visibility:hidden">'
    '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_PLAIN_SIZE = (144, 79)
_AFTER_DRAWING = tuple(
    f"{MAIN}{name}"
    for name in (
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
    )
)
_NUMBER = re.compile(r"_x0000_s(\d+)")


class NotesPart:
    """The notes of the sheet in part `name` of the package, made when the first one is written."""

    def __init__(self, package: Package, name: str, sheet: SheetPart) -> None:
        self._package, self._name, self._sheet = package, name, sheet
        self._part = next(iter(package.related(name, "comments").values()), "")
        if self._part and self._part not in package:
            self._part = ""
        self._last_number = 0  # of a box

    def __iter__(self) -> Any:
        """The places that have a note."""
        return iter(list(self._items))

    def text(self, place: Place) -> str:
        """The words of the note on a cell; empty where there is none."""
        return next(map(words, self._items.get(place, ())), "")

    def reword(self, place: Place, text: str) -> None:
        """Other words in a note that is there, in its box and by its author; no words take note and box away."""
        for item in self._items.get(place, ()) if text else self._items.pop(place, ()):
            self._package.tree(self._part)
            if text:
                _say(item, text)
            else:
                item.getparent().remove(item)
                self._remove_box(place)

    def write(self, place: Place, text: str, author: str, width: int, height: int) -> None:
        """A note of ours, in place of one that is there."""
        self.reword(place, "")
        drawing = self._drawing()
        root = self._comments()
        whose = str(_number_of(author, root.find(f"{MAIN}authors")))
        item = etree.SubElement(root.find(f"{MAIN}commentList"), f"{MAIN}comment", ref=name_of(place), authorId=whose)
        _say(item, text)
        self._items[place] = [item]
        self._add_box(drawing, place, width, height)

    def _comments(self) -> Element:
        """The part with the texts, to be changed; a new one where there is none."""
        if not self._part:
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
            self._part = self._package.add("xl/comments{}.xml", _COMMENTS, kind)
            self._package.relate(self._name, "comments", self._part)
        return self._package.tree(self._part)

    @cached_property
    def _items(self) -> dict[Place, list[Element]]:
        """The notes that are there, by the cell on which they hang."""
        found: dict[Place, list[Element]] = {}
        for item in self._package.seen(self._part).iterfind(f"{MAIN}commentList/{MAIN}comment") if self._part else ():
            if place := place_of(item.get("ref", "")):
                found.setdefault(place, []).append(item)
        return found

    @cached_property
    def _boxes(self) -> dict[tuple[str, str], list[Element]]:
        """The boxes that are there, by row and column as they say them."""
        found: dict[tuple[str, str], list[Element]] = {}
        part = self._drawing_part()
        for data in self._tree(part).iter(f"{_X}ClientData") if part else ():
            found.setdefault((data.findtext(f"{_X}Row", ""), data.findtext(f"{_X}Column", "")), []).append(
                data.getparent()
            )
        return found

    def _drawing(self) -> Element:
        """The drawing with the boxes of this sheet; a new one has a box for each note that is there."""
        part = self._drawing_part()
        if part:
            return self._tree(part)
        part = self._package.add(
            "xl/drawings/vmlDrawing{}.vml", _DRAWING, "application/vnd.openxmlformats-officedocument.vmlDrawing"
        )
        self._link(self._package.relate(self._name, "vmlDrawing", part))
        for place in self:
            self._add_box(self._tree(part), place, *_PLAIN_SIZE)
        return self._tree(part)

    def _link(self, identity: str) -> None:
        """Let the sheet name its drawing, by the id of the relation, where the order of its elements wants it."""
        link = etree.Element(f"{MAIN}legacyDrawing")
        link.set(_RELATION_ID, identity)
        self._sheet.changing()
        root = self._sheet.root
        follower = next((item for item in root if item.tag in _AFTER_DRAWING), None)
        root.insert(len(root) if follower is None else root.index(follower), link)

    def _drawing_part(self) -> str:
        link = self._sheet.root.find(f"{MAIN}legacyDrawing")
        part = "" if link is None else self._package.related(self._name).get(link.get(_RELATION_ID, ""), "")
        return part if part in self._package else ""

    def _tree(self, part: str) -> Element:
        try:
            return self._package.tree(part)
        except etree.XMLSyntaxError:  # drawings of old programs are not always XML
            raise UnkeepableError("tệp có ghi chú hoặc nút bấm mà phần mềm chưa đọc được") from None

    def _add_box(self, drawing: Element, place: Place, width: int, height: int) -> None:
        if not self._last_number:
            numbers = [
                int(match[1])
                for shape in drawing.iter(f"{_V}shape")
                if (match := _NUMBER.fullmatch(shape.get("id", "")))
            ]
            self._last_number = max(numbers, default=1024)
        self._last_number += 1
        box = etree.fromstring(
            _BOX.format(number=self._last_number, width=width, height=height, row=place[0] - 1, column=place[1] - 1)
        )
        self._boxes.setdefault(_said(place), []).append(box)
        drawing.append(box)

    def _remove_box(self, place: Place) -> None:
        if boxes := self._boxes.get(_said(place)):
            box = boxes.pop(0)
            box.getparent().remove(box)


def _said(place: Place) -> tuple[str, str]:
    """Row and column as a box says them."""
    return str(place[0] - 1), str(place[1] - 1)


def _number_of(author: str, authors: Element) -> int:
    """The place of an author in the list, at its end when new."""
    names = [item.text for item in authors]
    if author not in names:
        etree.SubElement(authors, f"{MAIN}author").text = author
        return len(names)
    return names.index(author)


def _say(item: Element, text: str) -> None:
    for child in list(item):
        item.remove(child)
    said = etree.SubElement(etree.SubElement(item, f"{MAIN}text"), f"{MAIN}t")
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
