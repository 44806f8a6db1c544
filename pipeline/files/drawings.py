"""What lies on the sheets of an .xlsx or .xlsb package instead of in its cells: pictures, boxes with words in them."""

from collections.abc import Mapping

from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.places import is_index
from pipeline.values.cells import Drawn

_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


def drawings(part: bytes, limits: Limits) -> list[Drawn]:
    """The pictures and worded boxes of one part, each at the cell of its upper left corner.

    Charts and lines say nothing.
    """
    scan = _Scan()
    walk(part, limits.depth, scan.start, scan.end, scan.text)
    return scan.found


class _Scan:
    def __init__(self) -> None:
        self.found: list[Drawn] = []
        self._inside: list[str] = []
        self._begin()

    def _begin(self) -> None:
        self._corner = {"row": 0, "col": 0}
        self._pictures = 0
        self._words: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._inside.append(name)
        if name in _ANCHORS:
            self._begin()
        elif name == "pic":
            self._pictures += 1
        elif name == "p" and self._words:
            self._words.append("\n")

    def end(self, name: str) -> None:
        self._inside.pop()
        if name in _ANCHORS:
            here = self._corner["row"], self._corner["col"]
            self.found += [Drawn(here, "")] * self._pictures
            if said := "".join(self._words).strip():
                self.found.append(Drawn(here, said))

    def text(self, data: str) -> None:
        if self._inside[-1:] == ["t"]:
            self._words.append(data)
        elif self._inside[-2:-1] == ["from"] and self._inside[-1] in self._corner and is_index(data.strip()):
            self._corner[self._inside[-1]] = int(data)
