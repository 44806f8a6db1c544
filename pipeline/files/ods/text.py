"""The text of one cell of an .ods document, put together from its elements and the looks of their styles."""

from collections.abc import Callable, Mapping

from pipeline.files.places import is_index
from pipeline.files.rich_text import PLAIN, FontLook, Run

_SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}
_MOST_SPACES = 1_000


class CellText:
    """The runs of the text in a cell, put together as its elements come by; `look_of` knows styles by their names."""

    def __init__(self, look_of: Callable[[str], FontLook]) -> None:
        self.runs: list[Run] = []
        self._look_of = look_of
        self._spans = [PLAIN]  # one inside another

    def start(self, name: str, here: Mapping[str, str]) -> None:
        if name == "span":
            self._spans.append(self._look_of(here.get("style-name", "")))
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
