"""The styles of an .ods document that change the meaning of letters, and the text of one cell as they make it."""

from collections.abc import Mapping

from pipeline.files.places import is_index
from pipeline.files.rich_text import PLAIN, FontLook, Run, is_legacy

_SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}
_MOST_SPACES = 1_000


class Styles:
    """By the name of a style: its legacy font, if it has one, and the look of its letters."""

    def __init__(self) -> None:
        self.fonts: dict[str, str] = {}
        self.looks: dict[str, FontLook] = {}
        self._style = ""

    def start(self, name: str, here: Mapping[str, str]) -> None:
        """A style, or the properties of the text in it."""
        if name == "style":
            self._style = here.get("name", "")
            return
        self.looks[self._style] = _look(here)
        if is_legacy(here.get("font-name", "").strip("'\"")):
            self.fonts[self._style] = here["font-name"]


class CellText:
    """The runs of the text in a cell, put together as its elements come by."""

    def __init__(self, looks: Mapping[str, FontLook]) -> None:
        self.runs: list[Run] = []
        self._looks = looks
        self._spans = [PLAIN]  # one inside another

    def start(self, name: str, here: Mapping[str, str]) -> None:
        if name == "span":
            self._spans.append(self._looks.get(here.get("style-name", ""), PLAIN))
        elif name == "p" and self.runs:
            self.runs.append(Run("\n"))
        elif name in _SPACES:
            self.runs.append(Run(_SPACES[name] * min(repeat(here.get("c", "")), _MOST_SPACES), self._spans[-1]))

    def end_span(self) -> None:
        self._spans = [PLAIN, *self._spans[1:-1]]

    def text(self, data: str) -> None:
        self.runs.append(Run(data, self._spans[-1]))


def repeat(text: str) -> int:
    """How often something stands there; once where the count says nothing."""
    return max(int(text), 1) if is_index(text) else 1


def _look(style: Mapping[str, str]) -> FontLook:
    """The look of a text style: a line through it, and whether it stands above or below the line of its neighbours."""
    height = style.get("text-position", "").partition(" ")[0].rstrip("%")
    rise = -1 if height == "sub" or height.startswith("-") else int(height not in ("", "0"))
    return FontLook(any(style.get(f"text-line-through-{name}", "none") != "none" for name in ("style", "type")), rise)
