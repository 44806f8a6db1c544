"""Beside a figure, what the rows of Biểu 3 already list of it: counted by the form itself while somebody types.

The plan says which figures are the official ones for which kinds of propaganda (`[official]`). Nothing of it is an
answer: it stands in a locked column, and readers pass it over.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from pipeline.declare.form import Sheet
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.forms.places import FIRST_ROW
from pipeline.values.cells import is_blank

_LISTED = "listed"  # the column of Biểu 2
_KIND, _REPOST, _AMOUNT, _PEOPLE = "form", "repost_of", "quantity", "participants"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Rows = Sequence[Mapping[str, Any]]  # of Biểu 3, as typed
Beside = Mapping[str, Mapping[str, tuple[str, str]]]  # by indicator and field, a formula and what it comes to


def listed_beside(project: Project, unit: Unit, period: Period, rows: Rows) -> Beside:
    """What stands beside the figures of a unit that Biểu 3 can support; nothing where the form has no room for it."""
    form = project.form
    if _LISTED not in form["figures"].by_key:
        return {}
    activities = form["activities"]
    last = FIRST_ROW + max(len(rows), activities.rows_for(period.months))
    own = {item.id for item in project.plan.indicators if project.plan.fills(item, unit)}
    return {
        name: {_LISTED: (_formula(listed, activities, FIRST_ROW + 1, last), _value(listed, rows))}
        for name, listed in _supported(project).items()
        if name in own
    }


@dataclass(frozen=True, slots=True)
class _Listed:
    """Of one figure: the labels of its kinds, the column of Biểu 3 that adds up to it, how it is told."""

    labels: tuple[str, ...]
    column: str
    words: str


def _supported(project: Project) -> Mapping[str, _Listed]:
    """The figures that Biểu 3 can support, by indicator."""
    form, found = project.form, dict[str, _Listed]()
    for official in project.plan.official:
        labels = tuple(form.label(_KIND, name) for name in official.forms)
        for ids, column in ((official.amount, _AMOUNT), (official.people, _PEOPLE)):
            for name in ids:
                others = ", ".join(other for other in ids if other != name)
                words = form.listed["together" if others else "alone"].replace("{others}", others)
                found[name] = _Listed(labels, column, words)
    return found


def _formula(listed: _Listed, sheet: Sheet, first: int, last: int) -> str:
    """The formula over the rows of Biểu 3, by Excel's numbers of its first and last row; reposts are not counted."""

    def column(key: str) -> str:
        letter = xl_col_to_name(sheet.keys.index(key))
        return f"'{sheet.name}'!${letter}${first}:${letter}${last}"

    own = [f'{column(_KIND)},"{label}",{column(_REPOST)},""' for label in listed.labels]
    parts: Mapping[str, Callable[[], str]] = {
        "rows": lambda: "+".join(f"COUNTIFS({criteria})" for criteria in own),
        "sum": lambda: "+".join(f"SUMIFS({column(listed.column)},{criteria})" for criteria in own),
    }
    return "=" + "&".join(_pieces(listed.words, lambda name: f"({parts[name]()})"))


def _pieces(words: str, told: Callable[[str], str]) -> Iterator[str]:
    """The words in quotes, and between them what is told in place of each placeholder."""
    for place, piece in enumerate(_PLACEHOLDER.split(words)):
        if place % 2:
            yield told(piece)
        elif piece:
            yield f'"{piece}"'


def _value(listed: _Listed, rows: Rows) -> str:
    """What the formula comes to over rows as typed."""
    labels = {label.casefold() for label in listed.labels}
    own = [row for row in rows if str(row.get(_KIND, "")).casefold() in labels and is_blank(row.get(_REPOST))]
    amounts = (row.get(listed.column) for row in own)
    total = sum(value for value in amounts if isinstance(value, (int, float)) and not isinstance(value, bool))
    return listed.words.format(rows=len(own), sum=total)
