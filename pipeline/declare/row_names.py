"""Which task or indicator a row of a fixed table is: by its id, else by its printed title where no doubt is left."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.values.cells import CellError, Uncomputed, is_blank, shown
from pipeline.words.names import fold

_NO_WORD = re.compile(r"[^a-z0-9]+")
_DIGITS_LIKE = str.maketrans("oil", "011")  # letters that are typed for digits
_HEAD = re.compile(r"[a-z]+?(?=[0-9oil]*[a-z]?$)")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_LONGEST = 20  # characters of what may be an id


def names_of_rows(rows: Sequence[Sequence[Any]], known: Mapping[str, str]) -> tuple[str, ...]:
    """The id of each row, empty where nobody can tell; `known` has the ids by folded id and by folded title.

    A mistyped id (“CT1”, “CT O1”, “nv-5”) is heard where the title says the same or nothing; and the title where the
    id means nothing, or a row that stands elsewhere under its own id.
    """
    names = [known.get(fold(row[0]), "") if row[0].__class__ is str else "" for row in rows]
    if "" not in names:
        return tuple(names)  # as in nearly all forms
    names = [name or _by_id_or_blank(row[0], row[1], known) for name, row in zip(names, rows, strict=True)]
    if "" not in names:
        return tuple(names)
    taken, alike = Counter(names), {_alike(name): name for name in set(known.values())}
    return tuple(name or _mistyped(row[0], row[1], known, alike, taken) for name, row in zip(names, rows, strict=True))


def _by_id_or_blank(written: Any, title: Any, known: Mapping[str, str]) -> str:
    """By its id; by its exact title where the id is blank, broken, or a serial number that somebody typed over it."""
    text = written if written.__class__ is str else shown(written)
    if name := known.get(fold(text)):
        return name
    text = text.strip()
    is_no_id = is_blank(written) or isinstance(written, CellError | Uncomputed) or text.isdecimal()
    return known.get(fold(shown(title)), "") if is_no_id else ""


def _mistyped(
    written: Any, title: Any, known: Mapping[str, str], alike: Mapping[str, str], taken: Mapping[str, int]
) -> str:
    text = shown(written).strip()
    by_title = known.get(fold(shown(title)), "")
    if len(text) > _LONGEST or _is_sound(text, alike):
        return ""
    by_id = alike.get(_alike(text), "")
    if by_title and not taken.get(by_title) and (by_id in ("", by_title) or taken.get(by_id)):
        return by_title
    return by_id if by_id and not by_title and is_blank(title) and not taken.get(by_id) else ""


def _is_sound(text: str, alike: Mapping[str, str]) -> bool:
    """Whether it is an id as ours are, but of no row of the form: somebody's own row, whatever its title."""
    key = _alike(text)
    heads = {name.rstrip("0123456789ab") for name in alike}
    return key not in alike and key.rstrip("0123456789") in heads and key[-1:].isdigit()


def _alike(text: str) -> str:
    """An id as it is however it was typed: “CT O1”, “CT-01” and “ct1” are alike."""
    key = _NO_WORD.sub("", fold(text))
    head = _HEAD.match(key)
    tail = key[head.end() :] if head else key
    body, end = (tail[:-1], tail[-1]) if tail and tail[-1] in "ab" else (tail, "")
    return (head[0] if head else "") + _ZEROS.sub("", body.translate(_DIGITS_LIKE)) + end
