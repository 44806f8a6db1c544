"""Whether a formula stays within its workbook: no other file, no program, no address, ordinary functions only."""

import re
from collections.abc import Collection
from itertools import pairwise

from pipeline.publish.returns.permitted import FUNCTIONS

_LONGEST = 8_192  # of a formula, for Excel
_QUOTED = re.compile(r'"[^"]*"')
_SHEET_NAME = re.compile(r"'[^']*'")
_TOKEN = re.compile(r"[\w.]+|\S")
_OUTSIDE = re.compile(r"[\[\]|\\]|://|!\$?[A-Za-z]{1,3}\$?0(?!\d)")  # [1]Book, cmd|' /C calc'!A0, \\server, http://
_PREFIXES = ("_XLFN.", "_XLWS.")  # before the names of functions that came after 2007


def is_own_formula(formula: str, gone: Collection[str] = ()) -> bool:
    """Whether it reaches only into the cells of its workbook, and uses none of the names that are `gone`.

    In doubt it does not: the cell keeps its last result. `gone` is in lower case.
    """
    if len(formula) > _LONGEST:
        return False
    outside_texts = _QUOTED.sub("", formula)
    if _OUTSIDE.search(outside_texts):
        return False
    tokens = _tokens(outside_texts)
    called = [name for name, after in pairwise(tokens) if after == "(" and name[0].isidentifier()]
    return all(_plain(name) in FUNCTIONS for name in called) and not any(token.lower() in gone for token in tokens)


def names_used(formula: str) -> set[str]:
    """Whatever in it may be a name of the workbook, in lower case."""
    return {token.lower() for token in _tokens(_QUOTED.sub("", formula))}


def _tokens(outside_texts: str) -> list[str]:
    return _TOKEN.findall(_SHEET_NAME.sub("", outside_texts))


def _plain(name: str) -> str:
    name = name.upper()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name
