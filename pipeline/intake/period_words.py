"""The words of a period or a year as units write them on the card: “Q3/2025”, “quý III năm 2025”, “Năm 2025”."""

import re

from pipeline.declare.plan import Plan
from pipeline.intake.imprint import OTHER
from pipeline.words.names import fold, pressed

_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_SHORT_YEAR = re.compile(r"[/-] ?([0-9]{2})$")  # Q3/25
_LONGEST = 100  # characters; longer is no name of a period


def period_in_words(text: str, plan: Plan) -> str:
    """The code of the period that a cell names, `OTHER` for one of another year, empty where it names none."""
    key = fold(text)[:_LONGEST]
    years = {int(year) for year in _YEAR.findall(key)} or {2000 + int(year) for year in _SHORT_YEAR.findall(key)}
    bare = _YEAR.sub("", _SHORT_YEAR.sub("", key))
    wanted = {pressed(key), pressed(bare), pressed(bare.rstrip(" /-.,").removesuffix(" nam"))} - {""}
    found = [plan.period_by_spelling[words] for words in wanted if words in plan.period_by_spelling]
    if not found:
        return ""
    return OTHER if years - {plan.year} else min(found, key=plan.periods.index).code


def year_in_words(text: str, plan: Plan) -> str:
    """The plan's year as it is declared, `OTHER` for another year, empty where a cell names none."""
    found = set(_YEAR.findall(text))
    if len(found) != 1:
        return ""
    return str(plan.year) if found == {str(plan.year)} else OTHER
