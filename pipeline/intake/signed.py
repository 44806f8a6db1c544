"""Whose signed copy a scan may be, by its file name alone.

Good enough to know that the unit is not silent, never for figures.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath

from pipeline.declare.register import Register
from pipeline.files.kinds import SCANS
from pipeline.words.names import fold, toneless

_SEAM = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|(?<=[a-z])(?=[A-Z])")  # XaVinhThai, ThaiQ3
_OTHER = re.compile(r"[\W_]+")


def suggested_unit(file: str, register: Register) -> str:
    """The id of the one unit whose name or alias stands in the file name; empty when none does, or more than one."""
    words = _words(_SEAM.sub(" ", toneless(PurePosixPath(file).stem))).split()
    names = _names(register)
    text = f" {' '.join(words)} "
    found = set()
    # the longest first, so that a part of a name does not count
    for name in sorted(_runs(words) & names.keys(), key=lambda name: (-len(name), name)):
        unit_ids = names[name]
        if f" {name} " in text:
            found.add(unit_ids)
            text = text.replace(f" {name} ", " | ")
    units = {unit_id for unit_ids in found for unit_id in unit_ids}
    return units.pop() if len(units) == 1 else ""


def _runs(words: Sequence[str]) -> set[str]:
    """All runs of words one behind the other."""
    return {" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}


@cache
def _names(register: Register) -> dict[str, tuple[str, ...]]:
    """Unit ids by names as they stand in file names, spaced and unspaced."""
    named: dict[str, set[str]] = {}
    for key, units in register.by_name.items():
        words = _words(key)
        for form in (words, words.replace(" ", "")):
            named.setdefault(form, set()).update(unit.unit_id for unit in units)
    return {name: tuple(sorted(ids)) for name, ids in named.items()}


def _words(text: str) -> str:
    return " ".join(_OTHER.sub(" ", fold(text)).split())


def signed_copy_of(kind: str, file: str, inside: Sequence[str], register: Register) -> str:
    """The unit whose signed copy a refused file may be, by its name or by the names of the scans `inside` it.

    Empty when it is no scan.
    """
    if kind.rpartition(":")[2] not in SCANS:
        return ""
    named = {unit_id for name in inside if (unit_id := suggested_unit(name, register))}
    return suggested_unit(file, register) or (named.pop() if len(named) == 1 else "")
