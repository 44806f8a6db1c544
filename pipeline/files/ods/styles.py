"""The styles of an .ods document, as far as they change what a cell shows of what it holds."""

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.files.number_formats import may_differ
from pipeline.files.ods.formats import Formats
from pipeline.files.rich_text import PLAIN, FontLook, is_legacy

_MOST_PARENTS = 16  # of one style
_WHITE = "#ffffff"
_NO_COLOUR = ("", "transparent")


class Dress(NamedTuple):
    """What a style makes of the cells that have it.

    `font`: the legacy font, if it is one. `format`: the number format as a code where it may show something else than
    is stored; `None` where the style has no format. `is_unseen`: letters have the colour of their ground.
    """

    font: str = ""
    look: FontLook = PLAIN
    format: str | None = None
    is_unseen: bool = False


class Styles:
    """Takes the elements of the styles in the order in which they stand; then asked by the names of styles."""

    def __init__(self) -> None:
        self.formats = Formats()
        self._named: dict[str, dict[str, str]] = {}
        self._style: dict[str, str] = {}
        self._dresses: dict[str, Dress] = {}

    def start(self, name: str, here: Mapping[str, str]) -> None:
        """A style, a number format, or the properties in one of them; `here` without prefixes."""
        self.formats.start(name, here)
        if self.formats.is_open:
            return
        if name == "style":
            self._style = self._named[here.get("name", "")] = {
                key: here[key] for key in ("parent-style-name", "data-style-name") if key in here
            }
        elif name == "default-style":
            self._style = {}
        elif name == "text-properties":
            self._style |= here
            self._style.pop("background-color", None)  # of the letters, not of the cell
        elif name == "table-cell-properties" and "background-color" in here:
            self._style["ground"] = here["background-color"]

    def text(self, data: str) -> None:
        self.formats.text(data)

    def end(self, name: str) -> None:
        self.formats.end(name)

    def look(self, name: str) -> FontLook:
        """What letters in that style look like."""
        return self.dress(name).look

    def dress(self, name: str) -> Dress:
        """What a style does, with what it has from its parents; nothing where there is no such style."""
        if name not in self._dresses:
            self._dresses[name] = self._dress(self._with_parents(name))
        return self._dresses[name]

    def _with_parents(self, name: str) -> Mapping[str, str]:
        line: list[Mapping[str, str]] = []
        while name in self._named and len(line) < _MOST_PARENTS:
            line.append(self._named[name])
            name = self._named[name].get("parent-style-name", "")
        return {key: value for style in reversed(line) for key, value in style.items()}

    def _dress(self, style: Mapping[str, str]) -> Dress:
        font = style.get("font-name", "")
        colour, ground = style.get("color", "").casefold(), style.get("ground", "").casefold()
        code = self.formats.code(style["data-style-name"]) if "data-style-name" in style else None
        return Dress(
            font if is_legacy(font.strip("'\"")) else "",
            _look(style),
            code if code is None or may_differ(code) else "",
            colour == (_WHITE if ground in _NO_COLOUR else ground),
        )


def _look(style: Mapping[str, str]) -> FontLook:
    """A line through the letters, and whether they stand above or below the line of their neighbours."""
    height = style.get("text-position", "").partition(" ")[0].rstrip("%")
    rise = -1 if height == "sub" or height.startswith("-") else int(height not in ("", "0"))
    return FontLook(any(style.get(f"text-line-through-{name}", "none") != "none" for name in ("style", "type")), rise)
