"""The looks of somebody's workbook: one more fill for a look that is there, and looks of ours.

Ours go by the names in the style table.
"""

from functools import cached_property
from typing import Any

from lxml import etree

from pipeline.publish.returns.package import UNREADABLE, UnkeepableError
from pipeline.publish.returns.sheet_part import MAIN
from pipeline.publish.style import properties

Element = Any

_ON = ("1", "true")
_SIDES = ("left", "right", "top", "bottom")
_APPLIED = ("applyFont", "applyFill", "applyBorder", "applyAlignment", "applyProtection")


class StylesPart:
    """Looks are numbers, as cells name them; so are fills. Made once each."""

    def __init__(self, root: Element) -> None:
        lists = {name: root.find(f"{MAIN}{name}") for name in ("fonts", "fills", "borders", "cellXfs")}
        if any(found is None for found in lists.values()):
            raise UnkeepableError(UNREADABLE)
        self._fonts, self._fills, self._borders, self._looks = lists.values()
        self._filled: dict[tuple[int, int], int] = {}
        self._ours: dict[tuple[str, int], int] = {}
        self._solid: dict[str, int] = {}

    def solid(self, colour: str) -> int:
        """The fill of one colour (RRGGBB); 0 is no fill."""
        if not colour:
            return 0
        if colour not in self._solid:
            fill = etree.Element(f"{MAIN}fill")
            pattern = etree.SubElement(fill, f"{MAIN}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{MAIN}fgColor", rgb=f"FF{colour}")
            etree.SubElement(pattern, f"{MAIN}bgColor", rgb=f"FF{colour}")
            self._solid[colour] = _append(self._fills, fill)
        return self._solid[colour]

    def fills_of(self, colour: str) -> frozenset[int]:
        """The fills of that one colour that the workbook has."""
        found = (fill.find(f"{MAIN}patternFill[@patternType='solid']/{MAIN}fgColor") for fill in self._fills)
        return frozenset(
            number
            for number, item in enumerate(found)
            if item is not None and item.get("rgb", "").upper() == f"FF{colour}"
        )

    def fill(self, style: int) -> int:
        """The fill of a look."""
        look = self._look(style)
        return int(look.get("fillId", 0)) if look is not None else 0

    def with_fill(self, style: int, fill: int) -> int:
        """The same look with another fill."""
        if (style, fill) not in self._filled:
            look = self._look(style)
            copy = (
                etree.Element(f"{MAIN}xf", numFmtId="0", fontId="0", borderId="0")
                if look is None
                else etree.fromstring(etree.tostring(look))
            )
            copy.set("fillId", str(fill))
            copy.set("applyFill", "1")
            self._filled[style, fill] = _append(self._looks, copy)
        return self._filled[style, fill]

    def is_locked(self, style: int) -> bool:
        """Whether the look keeps the cell from being written in once its sheet is protected."""
        look = self._look(style)
        protection = None if look is None else look.find(f"{MAIN}protection")
        return protection is None or protection.get("locked", "1") in _ON

    def named(self, names: str, fill: int = 0) -> int:
        """A look of ours: style names as in `publish.style`; `fill` instead of its own, if given."""
        if (names, fill) not in self._ours:
            self._ours[names, fill] = _append(self._looks, self._xf(names, fill))
        return self._ours[names, fill]

    def _xf(self, names: str, fill: int) -> Element:
        look = properties(names)
        parts = {
            "numFmtId": 0,
            "fontId": self._font(look),
            "fillId": fill or self.solid(str(look.get("bg_color", "")).lstrip("#")),
            "borderId": self._frame if look.get("border") else 0,
            "xfId": 0,
            **dict.fromkeys(_APPLIED, 1),
        }
        xf = etree.Element(f"{MAIN}xf", {key: str(number) for key, number in parts.items()})
        etree.SubElement(xf, f"{MAIN}alignment", _alignment(look))
        etree.SubElement(xf, f"{MAIN}protection", locked=str(int(bool(look.get("locked", True)))))
        return xf

    def _font(self, look: dict[str, object]) -> int:
        font = etree.Element(f"{MAIN}font")
        for key, tag in (("bold", "b"), ("italic", "i"), ("underline", "u")):
            if look.get(key):
                etree.SubElement(font, f"{MAIN}{tag}")
        etree.SubElement(font, f"{MAIN}sz", val=str(look["font_size"]))
        etree.SubElement(font, f"{MAIN}color", rgb="FF" + str(look.get("font_color", "#000000")).lstrip("#"))
        etree.SubElement(font, f"{MAIN}name", val=str(look["font_name"]))
        etree.SubElement(font, f"{MAIN}family", val="1")
        return _append(self._fonts, font)

    @cached_property
    def _frame(self) -> int:
        """A thin line on every side."""
        border = etree.Element(f"{MAIN}border")
        for side in _SIDES:
            etree.SubElement(border, f"{MAIN}{side}", style="thin")
        return _append(self._borders, border)

    def _look(self, style: int) -> Element:
        return self._looks[style] if 0 <= style < len(self._looks) else None


def _alignment(look: dict[str, object]) -> dict[str, str]:
    shape = {
        "horizontal": look.get("align"),
        "vertical": "center" if look.get("valign") == "vcenter" else None,
        "wrapText": "1" if look.get("text_wrap") else None,
    }
    return {key: str(value) for key, value in shape.items() if value}


def _append(found: Element, item: Element) -> int:
    found.append(item)
    found.set("count", str(len(found)))
    return len(found) - 1
