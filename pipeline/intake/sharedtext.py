"""The shared strings of an .xlsx workbook, and whether a run of one is written in a legacy font."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.intake.limits import Limits
from pipeline.intake.markup import walk


@dataclass(frozen=True, slots=True)
class SharedText:
    """One entry of the shared strings; `font` is set where a run of it is written in a legacy font."""

    text: str
    font: str = ""


def shared_texts(part: bytes, limits: Limits) -> list[SharedText]:
    """The shared strings of a workbook, in order, without phonetic guides."""
    reader = _Strings()
    walk(part, limits.depth, reader.start, reader.end, reader.text)
    return reader.found


class _Strings:
    def __init__(self) -> None:
        self.found: list[SharedText] = []
        self._text: list[str] = []
        self._font = ""
        self._is_text = self._is_guide = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._text, self._font = [], ""
        elif name == "rPh":
            self._is_guide = True
        elif name == "t":
            self._is_text = not self._is_guide
        elif name == "rFont" and is_legacy(attributes.get("val", "")):
            self._font = self._font or attributes["val"]

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append(SharedText("".join(self._text), self._font))
        elif name == "rPh":
            self._is_guide = False
        elif name == "t":
            self._is_text = False

    def text(self, data: str) -> None:
        if self._is_text:
            self._text.append(data)


def is_legacy(font: str) -> bool:
    """Whether a font belongs to TCVN3 (.Vn…) or VNI (VNI-…)."""
    return font.casefold().startswith((".vn", "vni-"))
