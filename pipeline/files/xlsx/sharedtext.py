"""The strings of an .xlsx workbook: the text as its readers see it, and whether a run of it is in a legacy font."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.files.limits import Limits
from pipeline.files.markup import escaped, walk
from pipeline.files.rich_text import FontLook, Run, is_legacy, told

_RISES = {"superscript": 1, "subscript": -1}
_TABLE = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'


@dataclass(frozen=True, slots=True)
class SharedText:
    """One entry of the shared strings; `font` is set where a run of it is written in a legacy font."""

    text: str
    font: str = ""


class RichText:
    """One string, put together as its XML comes by: runs with their looks, without phonetic guides.

    `font` is the first legacy font in it.
    """

    def __init__(self) -> None:
        self.font = ""
        self._runs: list[Run] = []
        self._is_struck, self._rise = False, 0
        self._is_text = self._is_guide = False

    @property
    def text(self) -> str:
        """The letters alone, as the reader of the workbook gives them."""
        return "".join(run.text for run in self._runs)

    @property
    def told(self) -> str:
        """The text as people see it."""
        return told(self._runs)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "r":
            self._is_struck, self._rise = False, 0
        elif name == "strike":
            self._is_struck = attributes.get("val", "1") not in ("0", "false")
        elif name == "vertAlign":
            self._rise = _RISES.get(attributes.get("val", ""), 0)
        elif name == "rFont" and is_legacy(attributes.get("val", "")):
            self.font = self.font or attributes["val"]
        elif name == "rPh":
            self._is_guide = True
        elif name == "t":
            self._is_text = not self._is_guide

    def end(self, name: str) -> None:
        if name == "rPh":
            self._is_guide = False
        elif name == "t":
            self._is_text = False

    def see(self, data: str) -> None:
        if self._is_text:
            self._runs.append(Run(data, FontLook(self._is_struck, self._rise)))


def has_looks(part: bytes) -> bool:
    """Whether something in the part may be struck through, or stand above or below its line."""
    return b"strike" in part or b"vertAlign" in part


def shared_texts(part: bytes, limits: Limits) -> list[SharedText]:
    """The shared strings of a workbook, in order."""
    reader = _Strings()
    walk(part, limits.depth, reader.start, reader.end, reader.text)
    return reader.found


def as_part(texts: Sequence[SharedText]) -> bytes:
    """The texts as a part with nothing else in it, for a reader that would not see what their looks say."""
    return _TABLE.format(
        "".join(f'<si><t xml:space="preserve">{escaped(item.text)}</t></si>' for item in texts)
    ).encode()


class _Strings:
    def __init__(self) -> None:
        self.found: list[SharedText] = []
        self._string = RichText()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._string = RichText()
        else:
            self._string.start(name, attributes)

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append(SharedText(self._string.told, self._string.font))
        else:
            self._string.end(name)

    def text(self, data: str) -> None:
        self._string.see(data)
