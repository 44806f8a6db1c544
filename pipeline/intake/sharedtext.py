"""The shared strings of an .xlsx workbook, whether a run of one is written in a legacy font, and what is struck through in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.intake.limits import Limits
from pipeline.intake.markup import walk

_STRING = re.compile(rb"<si>.*?</si>", re.DOTALL)
_RUN = re.compile(rb"(<r>\s*<rPr>(?:(?!</rPr>).)*<strike(?:/>| val=\"(?:1|true)\"/>)(?:(?!</rPr>).)*</rPr>\s*<t)[^>]*>([^<]+)(</t>\s*</r>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SharedText:
    """One entry of the shared strings; `font` is set where a run of it is written in a legacy font."""

    text: str
    font: str = ""


def with_struck_words_told(part: bytes) -> bytes:
    """The shared strings with words round what is struck through beside other words: “12” struck before “15” must not read 1215."""
    return _STRING.sub(_tell_struck, part) if b"<strike" in part else part


def _tell_struck(string: re.Match[bytes]) -> bytes:
    text = string[0]

    def tell(run: re.Match[bytes]) -> bytes:
        before = b" " if b"<t" in text[: run.start()] else b""
        return b'%s xml:space="preserve">%s%s%s] %s' % (run[1], before, "[gạch bỏ: ".encode(), run[2].strip(), run[3])

    return _RUN.sub(tell, text) if text.count(b"<t") > len(_RUN.findall(text)) else text


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
