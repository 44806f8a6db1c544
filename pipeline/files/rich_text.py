"""Texts of which one part looks otherwise than the rest, made to say what their readers see.

12 struck through before 15 is not 1215, and 12 with a raised 1 is not 121. And fonts in which letters have another
meaning than in Unicode.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.values.cells import STRUCK

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class FontLook(NamedTuple):
    """What of a font changes the meaning of its letters.

    `rise` is above 0 for letters above the line, below 0 for those below it.
    """

    is_struck: bool = False
    rise: int = 0


PLAIN = FontLook()


class Run(NamedTuple):
    """Some letters of one look."""

    text: str
    look: FontLook = PLAIN


def told(runs: Sequence[Run]) -> str:
    """The text with words round what is struck through, and with digits above or below the line written as such.

    That all of the text stands above or below a line says nothing about it.
    """
    looks = {look for text, look in runs if text.strip()}
    if len(looks) < 2 and not any(look.is_struck for look in looks):
        return "".join(text for text, _ in runs)
    return "".join(_as_seen(text, look) for text, look in _merged(runs)).strip()


def cut(text: str, starts: Iterable[tuple[int, FontLook]], first: FontLook) -> list[Run]:
    """The runs of a text as the binary formats tell them: where each starts, in halves of UTF-16, and its look.

    What stands before the first of them has the look of the cell.
    """
    halves = text.encode("utf-16-le", "surrogatepass")
    bounds = [(0, first), *starts, (len(halves) // 2, first)]
    return [
        Run(halves[2 * start : 2 * end].decode("utf-16-le", "replace"), look)
        for (start, look), (end, _) in pairwise(bounds)
    ]


def _merged(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of one look as one."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].look == run.look:
            found[-1] = Run(found[-1].text + run.text, run.look)
        else:
            found.append(run)
    return found


def _as_seen(text: str, look: FontLook) -> str:
    if look.is_struck and text.strip():
        return f" {STRUCK} {text.strip()}] "
    if look.rise:
        return text.translate(_RAISED if look.rise > 0 else _LOWERED)
    return text


def is_legacy(font: str) -> bool:
    """Whether a font belongs to TCVN3 (.Vn…) or VNI (VNI-…)."""
    return font.casefold().startswith((".vn", "vni-"))
