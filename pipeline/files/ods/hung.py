"""What hangs on the cells and lies on the sheets of an .ods document: notes, pictures, boxes with words in them."""

from pipeline.files.findings import Place
from pipeline.values.cells import Drawn

BOXES = ("text-box", "custom-shape")
DRAWINGS = ("frame", "object", "image", *BOXES)


class Note:
    """A note that is being read: who wrote it and its paragraphs are kept, its date is not."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {"creator": [], "p": []}
        self._part = ""

    @property
    def is_worded(self) -> bool:
        """Whether the letters that come now are of its author or of what it says."""
        return self._part != ""

    @property
    def author(self) -> str:
        return "".join(self._words["creator"]).strip()

    @property
    def said(self) -> str:
        return "".join(self._words["p"])

    def start(self, name: str) -> None:
        if name in self._words:
            self._part = name
        if name == "p":
            self._words[name].append("\n")

    def end(self) -> None:
        self._part = ""

    def text(self, data: str) -> None:
        self._words[self._part].append(data)


class Drawings:
    """The pictures and boxes of one sheet, each at the cell that holds it."""

    def __init__(self) -> None:
        self.found: list[Drawn] = []
        self._box: list[str] | None = None  # the words of the box that is being read
        self._is_object = False  # a chart has a picture of itself beside it

    @property
    def is_boxed(self) -> bool:
        """Whether a box is being read."""
        return self._box is not None

    def start(self, name: str, corner: Place) -> None:
        if name in ("frame", "object"):
            self._is_object = name == "object"
        elif name in BOXES:
            self._box = []
        elif name == "image":
            self.found += [] if self._is_object else [Drawn(corner, "")]
        elif name == "p" and self._box is not None:
            self._box.append("\n")

    def end(self, corner: Place) -> None:
        """The end of a box."""
        said, self._box = "".join(self._box or ()).strip(), None
        self.found += [Drawn(corner, said)] if said else []

    def text(self, data: str) -> None:
        if self._box is not None:
            self._box.append(data)
