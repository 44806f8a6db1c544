"""Somebody's workbook, opened to be marked: its sheets by name, its looks and notes, one more sheet in front.

Nothing else is touched.
"""

from functools import cached_property, partial
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.publish.returns.notes_part import NotesPart
from pipeline.publish.returns.package import UNREADABLE, Package, UnkeepableError
from pipeline.publish.returns.sheet_part import MAIN, SheetPart, words
from pipeline.publish.returns.styles_part import StylesPart

Element = Any

_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BEFORE_NAMES = tuple(f"{MAIN}{name}" for name in ("sheets", "functionGroups", "externalReferences"))


class _Strings:
    """The shared strings of a workbook by number."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part

    def __call__(self, number: int) -> str:
        return words(self._items[number]) if number < len(self._items) else ""

    @cached_property
    def _items(self) -> list[Element]:
        is_there = self._part in self._package
        return list(self._package.seen(self._part).iterfind(f"{MAIN}si")) if is_there else []


class OpenedBook:
    """A workbook whose sheets are parsed only when somebody asks for them.

    Nothing that it holds leads back to it: in a ring it would stay, with all its cells, until rings are looked for, and
    those of many units would be held at once.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = next(iter(package.related("", "officeDocument").values()), "")
        if self._part not in package:
            raise UnkeepableError(UNREADABLE)
        self._root = package.tree(self._part)
        if self._root.tag != f"{MAIN}workbook":
            raise UnkeepableError(
                "tệp được lưu ở dạng Strict Open XML" if self._root.tag.endswith("}workbook") else UNREADABLE
            )
        self._strings = _Strings(package, next(iter(package.related(self._part, "sharedStrings").values()), ""))
        self._sheets: dict[str, SheetPart] = {}
        self._notes: dict[str, NotesPart] = {}

    @property
    def worksheets(self) -> list[str]:
        """The names of the sheets that hold cells."""
        return list(self._parts)

    @property
    def titles(self) -> list[str]:
        """The names of all sheets, in order."""
        return [item.get("name", "") for item in self._items()]

    def sheet(self, title: str) -> SheetPart | None:
        """The worksheet of that name, if there is one."""
        return self[title] if title in self._parts else None

    def __getitem__(self, title: str) -> SheetPart:
        if title not in self._sheets:
            part = self._parts[title]
            self._sheets[title] = SheetPart(self._package.seen(part), self._strings, partial(self._package.tree, part))
        return self._sheets[title]

    def notes(self, title: str) -> NotesPart:
        """The notes of a worksheet."""
        if title not in self._notes:
            self._notes[title] = NotesPart(self._package, self._parts[title], self[title])
        return self._notes[title]

    def has_notes(self, title: str) -> bool:
        """Whether anything of a worksheet is a note; told without parsing it."""
        return bool(self._package.related(self._parts[title], "comments"))

    @cached_property
    def styles(self) -> StylesPart:
        """The looks."""
        return StylesPart(self._package.tree(next(iter(self._package.related(self._part, "styles").values()))))

    def remove(self, title: str) -> None:
        """Take a sheet out, with the names that belong to it."""
        place = self.titles.index(title)
        item = self._items()[place]
        self._package.remove(self._parts.pop(title))
        self._package.unrelate(self._part, item.get(_RELATION_ID))
        item.getparent().remove(item)
        self._shift_names(place, -1)

    def put_first(self, title: str, sheet: bytes, names: dict[str, str]) -> None:
        """A new sheet in front, on which the workbook opens; `names` are those of its own, such as rows to repeat."""
        self._select_no_tab()
        part = self._package.add("xl/worksheets/sheet{}.xml", sheet, _SHEET)
        item = etree.Element(f"{MAIN}sheet", name=title, sheetId=str(self._last_id() + 1))
        item.set(_RELATION_ID, self._package.relate(self._part, "worksheet", part))
        self._root.find(f"{MAIN}sheets").insert(0, item)
        self._shift_names(0, 1)
        for name, cells in names.items():
            etree.SubElement(self._names, f"{MAIN}definedName", name=name, localSheetId="0").text = cells
        self._open_on_first_tab()

    def save(self, path: Path) -> None:
        """Write the workbook. The order of calculation goes, since a formula may have; Excel makes it anew."""
        for identity, part in self._package.related(self._part, "calcChain").items():
            self._package.unrelate(self._part, identity)
            self._package.remove(part)
        self._package.save(path)

    def _last_id(self) -> int:
        """The highest number that a sheet has; numbers stay when sheets change places."""
        return max((int(item.get("sheetId", 0)) for item in self._items()), default=0)

    def _select_no_tab(self) -> None:
        """Two selected sheets would be a group, in which Excel writes into both."""
        for part in self._package.related(self._part).values():
            if part in self._package and b"tabSelected" in self._package.data(part):
                for view in self._package.tree(part).iter(f"{MAIN}sheetView"):
                    view.attrib.pop("tabSelected", None)

    def _open_on_first_tab(self) -> None:
        for view in self._root.iterfind(f"{MAIN}bookViews/{MAIN}workbookView"):
            view.set("activeTab", "0")
            view.set("firstSheet", "0")

    @cached_property
    def _parts(self) -> dict[str, str]:
        """The part of each worksheet by title."""
        related = self._package.related(self._part, "worksheet")
        found = {item.get("name", ""): related.get(item.get(_RELATION_ID, ""), "") for item in self._items()}
        return {title: part for title, part in found.items() if part in self._package}

    def _items(self) -> list[Element]:
        return list(self._root.iterfind(f"{MAIN}sheets/{MAIN}sheet"))

    @property
    def _names(self) -> Element:
        found = self._root.find(f"{MAIN}definedNames")
        if found is None:
            found = etree.Element(f"{MAIN}definedNames")
            before = [place for place, item in enumerate(self._root) if item.tag in _BEFORE_NAMES]
            self._root.insert(before[-1] + 1, found)
        return found

    def _shift_names(self, place: int, by: int) -> None:
        """Names that belong to a sheet say its place: a sheet was taken out at `place`, or put in there."""
        for item in self._root.findall(f"{MAIN}definedNames/{MAIN}definedName"):
            if item.get("localSheetId") is None:
                continue
            number = int(item.get("localSheetId"))
            if by < 0 and number == place:
                item.getparent().remove(item)
            elif number >= place:
                item.set("localSheetId", str(number + by))
        empty = self._root.find(f"{MAIN}definedNames")
        if empty is not None and not len(empty):
            self._root.remove(empty)
