"""Number formats of spreadsheets: what a cell shows of what it holds, and whether that is the same.

In: a format code and a value. Out: the text on the screen, and in which way it differs. Of the whole language of these
codes only as much as says that; [ECMA-376 part 1, 18.8.31].
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.words.numbers import number_text

# Those of the built-in formats that may show something else: percentages, parts of days.
BUILT_IN = {
    9: "0%",
    10: "0.00%",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
}
_LONGEST = 300
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]\-]*)[^\]]*\]'
    r"|\[(?P<elapsed>[hms]+)\]|\[(?P<bracket>[^\]]*)\]|(?P<general>General|Standard)|(?P<ampm>AM/PM|A/P)"
    r"|(?P<exponent>E[+-])|(?P<digit>[0#?])|(?P<day>[ymdhs]+)|(?P<sign>[.,%@/;])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_GROUPS = re.compile(r"0+(?:[ .,'\u00a0\u202f]?000)*0*|0*")
_UNSEEN_COLOURS = ("white", "color2", "color 2")
_NEGATIVE = ("-", "−", "(")  # what a format puts before numbers below zero
_EPOCH = datetime(1899, 12, 30)


class Section(NamedTuple):
    """One of the up to four parts of a code: its tokens as kind and text, its condition."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None = None
    is_white: bool = False

    def texts(self, *kinds: str) -> list[str]:
        return [text for kind, text in self.tokens if kind in kinds]

    @property
    def letters(self) -> str:
        """What it adds in words."""
        return "".join(self.texts("quoted", "escaped", "other", "currency"))

    @property
    def has_digits(self) -> bool:
        return bool(self.texts("digit", "general")) or "@" in self.texts("sign")

    @property
    def lead(self) -> str:
        """What it puts before the digits."""
        kinds = [kind for kind, _ in self.tokens]
        first = next((place for place, kind in enumerate(kinds) if kind in ("digit", "general")), 0)
        return "".join(text for kind, text in self.tokens[:first] if kind in ("quoted", "escaped", "other")).strip()

    @property
    def days(self) -> str:
        """The signs for days, months and years, small; in minutes and months the same letter."""
        return "".join(self.texts("day", "elapsed")).casefold()

    @property
    def is_percent(self) -> bool:
        return "%" in self.texts("sign")

    @property
    def scale(self) -> int:
        """How many times it leaves out a thousand: commas behind the last digit before the point."""
        plain = "".join(text for kind, text in self.tokens if kind == "digit" or (kind == "sign" and text in ",."))
        whole, _, rest = plain.partition(".")
        return sum(len(part) - len(part.rstrip(",")) for part in (whole, rest))


@lru_cache(maxsize=1_024)
def sections(code: str) -> tuple[Section, ...]:
    """A code taken apart."""
    parts: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        kind = match.lastgroup or "other"
        if kind == "sign" and match[0] == ";":
            parts.append([])
        else:
            parts[-1].append((kind, match[kind]))
    return tuple(_section(part) for part in parts[:4])


def _section(tokens: list[tuple[str, str]]) -> Section:
    brackets = [text for kind, text in tokens if kind == "bracket"]
    found = next((match for text in brackets if (match := _CONDITION.match(text))), None)
    is_white = any(text.strip().casefold() in _UNSEEN_COLOURS for text in brackets)
    return Section(tuple(tokens), (found[1], float(found[2])) if found else None, is_white)


@lru_cache(maxsize=1_024)
def may_differ(code: str) -> bool:
    """Whether a format may show something else than the number, the day or the text that is stored."""
    parts = sections(code)
    return any(
        part.is_percent
        or part.scale
        or part.is_white
        or any(char.isalnum() for char in part.letters)
        or part.texts("elapsed")
        or (part.days and not _shows_day(part))
        or _is_split(part)
        for part in parts
    ) or (_may_hide(parts) or parts[0].lead.startswith(_NEGATIVE))


def _may_hide(parts: tuple[Section, ...]) -> bool:
    shows = [part.has_digits or bool(part.days) for part in parts]
    return not all(shows[:2]) or (len(parts) == 4 and not shows[3])


def _shows_day(part: Section) -> bool:
    """Whether day and month are shown; the year may be left out, as where one types 5/9."""
    runs = [text.casefold() for text in part.texts("day")]
    return any(run in ("d", "dd") for run in runs) and any(set(run) == {"m"} for run in runs)


def _is_split(part: Section) -> bool:
    """Whether something stands between the digits that is no sign between thousands, as in `#\\.##0`."""
    kinds = [(kind, text) for kind, text in part.tokens if kind not in ("bracket", "pad", "fill")]
    places = [place for place, (kind, _) in enumerate(kinds) if kind == "digit"]
    inside = kinds[places[0] : places[-1] + 1] if places else []
    if ("sign", "/") in inside:
        return False  # a fraction
    whole = inside[: inside.index(("sign", "."))] if ("sign", ".") in inside else inside
    shape = "".join("0" if kind == "digit" else text for kind, text in whole if kind != "sign")
    return bool(shape) and not _GROUPS.fullmatch(shape)


def section_for(value: float, code: str) -> Section:
    """The part of the code by which a number is shown."""
    numeric = sections(code)[:3]
    for part in numeric:
        if part.condition and _meets(value, part.condition):
            return part
    if any(part.condition for part in numeric):
        return next((part for part in numeric if not part.condition), numeric[-1])
    if value < 0 and len(numeric) > 1:
        return numeric[1]
    return numeric[2] if value == 0 and len(numeric) > 2 else numeric[0]


def _meets(value: float, condition: tuple[str, float]) -> bool:
    sign, limit = condition
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def section_for_text(code: str) -> Section | None:
    """The part by which a text is shown; `None` where it is shown as it is."""
    parts = sections(code)
    if len(parts) == 4:
        return parts[3]
    return parts[-1] if "@" in parts[-1].texts("sign") else None


def way(value: Any, code: str) -> str:
    """In which way a cell shows something else than it holds: percent, scaled, words, digits, hidden, part, day.

    Empty where it shows the same. Words that say only the unit of measure are for the caller to judge.
    """
    if isinstance(value, (date, datetime)):
        return _way_of_day(value, code)
    if isinstance(value, str):
        return _way_of_text(section_for_text(code))
    return _way_of_number(float(value), section_for(value, code))


def _way_of_text(part: Section | None) -> str:
    if part is None:
        return ""
    if "@" not in part.texts("sign") or part.is_white:
        return "hidden" if not any(map(str.isalnum, part.letters)) else "words"
    return _of_letters(part)


def _way_of_day(value: date, code: str) -> str:
    part = sections(code)[0]
    if part.is_white or not part.tokens:
        return "hidden"
    if part.days and not _shows_day(part):
        return "part"
    return "digits" if any(map(str.isdigit, part.letters)) else ""


def _way_of_number(value: float, part: Section) -> str:
    if part.days:
        return "day"
    if value and part.is_percent:
        return "percent"
    if value and part.scale:
        return "scaled"
    if part.is_white or (value and not part.has_digits and not any(map(str.isalnum, part.letters))):
        return "hidden"
    if (value > 0 and part.lead.startswith(_NEGATIVE)) or (_is_split(part) and not _of_letters(part)):
        return "digits"
    return _of_letters(part)


def _of_letters(part: Section) -> str:
    if any(map(str.isdecimal, part.letters)):
        return "digits"
    return "words" if any(map(str.isalpha, part.letters)) else ""


def letters_of(value: Any, code: str) -> str:
    """What the format adds in words to a number or a text."""
    if isinstance(value, (date, datetime)):
        return sections(code)[0].letters.strip()
    part = section_for_text(code) if isinstance(value, str) else section_for(value, code)
    return part.letters.strip() if part else ""


def as_seen(value: Any, code: str) -> str:
    """What the cell shows; empty where it shows nothing."""
    if isinstance(value, (date, datetime)):
        return _seen_day(value, sections(code)[0])
    if isinstance(value, str):
        part = section_for_text(code)
        return "".join(value if text == "@" else text for _, text in _said(part)).strip() if part else value
    part = section_for(value, code)
    if part.days:
        return _seen_day(_EPOCH + timedelta(days=min(max(float(value), 0), 2_900_000)), part)
    return _seen_number(float(value), part)


def _said(part: Section) -> list[tuple[str, str]]:
    """The tokens that show something."""
    shown = ("quoted", "escaped", "currency", "other", "digit", "general", "day", "sign", "elapsed")
    return [(kind, text) for kind, text in part.tokens if kind in shown]


def _seen_day(value: date, part: Section) -> str:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    texts = []
    for kind, text in _said(part):
        texts.append(_part_of(moment, text.casefold()) if kind == "day" else text)
    return "".join(texts).strip()


def _part_of(moment: datetime, sign: str) -> str:
    """What the signs of one part of a day show, such as `yyyy` or `dd`."""
    if sign[0] == "y":
        return f"{moment.year % 100:02d}" if len(sign) < 3 else str(moment.year)
    if sign[0] == "d":
        return f"{moment.day:02d}" if len(sign) == 2 else str(moment.day)
    if sign[0] == "m":
        return f"{moment.month:02d}" if len(sign) > 1 else str(moment.month)
    return f"{moment.hour if sign[0] == 'h' else moment.second:02d}"


def _seen_number(value: float, part: Section) -> str:
    """The number where its digits stand, between what the format adds."""
    shown = abs(value) * (100 if part.is_percent else 1) / 1000**part.scale
    kinds = [text for kind, text in part.tokens if kind == "digit" or (kind == "sign" and text == ".")]
    decimals = len(kinds) - kinds.index(".") - 1 if "." in kinds else 0
    rounded = shown if part.texts("general") else round(shown, min(decimals, 9))
    sign = "-" if value < 0 and not part.letters.strip().startswith(_NEGATIVE) else ""
    if _is_split(part):
        return sign + _between_digits(round(rounded), part)
    number = f"{rounded:.15g}" if any(map(str.isdecimal, part.letters)) else number_text(rounded)
    texts: list[str] = []
    for kind, text in _said(part):
        if kind in ("digit", "general") or text in (".", ",", "/", "@"):
            texts += [number] if kind in ("digit", "general") and number not in texts else []
        else:
            texts.append(text)
    return (sign + "".join(texts)).strip()


def _between_digits(number: int, part: Section) -> str:
    """A whole number whose digits a format sets apart: from the last, one a place, the rest at the first place."""
    digits, texts = str(number), list[str]()
    places = sum(kind == "digit" for kind, _ in part.tokens)
    for kind, text in reversed(_said(part)):
        if kind == "digit":
            places -= 1
            texts.append((digits[-1:] or "0") if places else digits or "0")
            digits = digits[:-1]
        elif kind != "sign":
            texts.append(text)
    return "".join(reversed(texts)).strip()
