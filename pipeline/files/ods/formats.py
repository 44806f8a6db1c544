"""The number formats of an .ods document: elements that describe what other formats write as a code.

In: the elements, one after the other. Out: the same format as a code, so that one set of rules judges all files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_KINDS = frozenset(f"{kind}-style" for kind in ("number", "percentage", "currency", "date", "time", "boolean", "text"))
_WORDED = ("text", "currency-symbol", "embedded-text")  # elements whose letters are shown
_MOST_DIGITS = 20
_WHITE = "#ffffff"


@dataclass
class _Format:
    """One that is being read: its parts in order, and other formats for values that meet a condition."""

    kind: str
    parts: list[str] = field(default_factory=list)
    maps: list[tuple[str, str]] = field(default_factory=list)


class Formats:
    """Takes the elements of the styles; those that are of no number format it leaves alone."""

    def __init__(self) -> None:
        self._known: dict[str, _Format] = {}
        self._open: _Format | None = None
        self._words = ""  # the element whose letters come now
        self._said = ""
        self._number: Mapping[str, str] = {}
        self._embedded: dict[int, str] = {}  # what stands between the digits, by how many digits are behind it

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def code(self, name: str) -> str:
        """The code of a format; of one with conditions the parts for them come first."""
        if name not in self._known:
            return ""
        own = self._known[name]
        parts = [
            f"[{condition}]{''.join(self._known[other].parts)}" for condition, other in own.maps if other in self._known
        ]
        return ";".join([*parts[:3], "".join(own.parts)])

    def start(self, name: str, here: Mapping[str, str]) -> None:
        """An element, by its name and attributes freed of their prefix."""
        if name in _KINDS:
            self._open = self._known[here.get("name", "")] = _Format(name)
        elif self._open is None:
            return
        elif name in _WORDED:
            self._words, self._said = name, ""
            if name == "embedded-text":
                self._number = {**self._number, "at": here.get("position", "0")}
        elif name == "number":
            self._number, self._embedded = here, {}
        elif name == "map":
            condition = here.get("condition", "").replace("value()", "").replace("!=", "<>")
            self._open.maps.append((condition, here.get("apply-style-name", "")))
        elif name == "text-properties" and here.get("color", "").casefold() == _WHITE:
            self._open.parts.insert(0, "[White]")
        elif name in _SIGNS:
            self._open.parts.append(_SIGNS[name](here))

    def text(self, data: str) -> None:
        if self._words:
            self._said += data

    def end(self, name: str) -> None:
        if self._open is None:
            return
        if name in _KINDS:
            self._open = None
        elif name == "number":
            self._open.parts.append(_digits(self._number, self._embedded))
        elif name == self._words:
            self._words = ""
            self._word(name, self._open)

    def _word(self, name: str, of: _Format) -> None:
        said = self._said.replace('"', "")
        if name == "embedded-text":
            self._embedded[min(_whole(self._number["at"], 0), _MOST_DIGITS)] = said
        elif name == "currency-symbol":
            of.parts.append(f"[${said.replace(']', '')}]")
        elif of.kind == "percentage-style" and "%" in said:
            of.parts.append("%".join(_quoted(part) for part in said.split("%")))
        else:
            of.parts.append(_quoted(said))


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _whole_digits(number: Mapping[str, str], embedded: Mapping[int, str]) -> str:
    least = max(_whole(number.get("min-integer-digits"), 1), 1, *(at + 1 for at in embedded))
    places = range(min(least, _MOST_DIGITS), 0, -1)
    return "".join("0" + _quoted(embedded.get(place - 1, "")) for place in places)


def _digits(number: Mapping[str, str], embedded: Mapping[int, str]) -> str:
    if "decimal-places" not in number and not embedded and number.get("grouping") != "true":
        return "General"
    is_grouped = number.get("grouping") == "true" and not embedded
    whole = "#,##0" if is_grouped else _whole_digits(number, embedded)
    decimals = min(_whole(number.get("decimal-places"), 0), _MOST_DIGITS)
    return whole + ("." + "0" * decimals if decimals else "") + "," * _thousands(number.get("display-factor", "1"))


def _thousands(factor: str) -> int:
    """How many times a thousand is left out of what is shown."""
    zeros = factor[1:].partition(".")[0]
    return len(zeros) // 3 if factor[:1] == "1" and zeros.strip("0") == "" else 0


def _short_or_long(short: str, long: str) -> Callable[[Mapping[str, str]], str]:
    return lambda here: long if here.get("style") == "long" else short


def _month(here: Mapping[str, str]) -> str:
    return "mmm" if here.get("textual") == "true" else "mm" if here.get("style") == "long" else "m"


def _hours(here: Mapping[str, str]) -> str:
    return "[h]" if here.get("truncate-on-overflow") == "false" else "h"


_SIGNS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "scientific-number": lambda _: "0.00E+00",
    "fraction": lambda _: "# ?/?",
    "boolean": lambda _: "General",
    "text-content": lambda _: "@",
    "day": _short_or_long("d", "dd"),
    "day-of-week": lambda _: "ddd",
    "month": _month,
    "year": _short_or_long("yy", "yyyy"),
    "hours": _hours,
    "minutes": lambda _: "mm",
    "seconds": lambda _: "ss",
    "am-pm": lambda _: "AM/PM",
}
