"""Forms filled with anything that a cell can hold.

Most of it is acceptable, so that it reaches totals, sheets, papers and copies. Drawn from a seed: the same seed, the
same forms. Awkward numbers rather than tidy ones.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from pipeline.declare.form import Field
from pipeline.declare.kinds import KINDS
from pipeline.declare.project import Project
from tests.builders import Draft, truthful

_LONGEST = 32_767
_SIGNS = "aăâđêôơưáàảãạ ẾỐ\n\t😀👨‍👩‍👧‍👦\u200f\u202e\u0301\ufeff\u00a0=+-@<>&\"'%{}[]|\\/;,."
_WORDS = (
    *("Tin về cải cách hành chính", "Họp thôn", "Đã phát 3 lần trên hệ thống truyền thanh", "-", "…", "x"),
    *("=1+1", "@SUM(A1)", "+84 912", "{facts}", "{0}", "%s", "</script><b>", "]]>", "http://example.invalid", "nan"),
    *("_xD800_ _x0001_ _xDC00_", "None", "TRUE", "null", "\u202eđảo\u202c", "مرحبا", "שלום", "ไทย", "12/2024"),
)
_NUMBERS = (
    *(100 / 3, 1 / 3, 2 / 3, 0.1, 0.30000000000000004, 1e-7, 5e-324, 1e-300, 12.345678901234567, 0.1 + 0.7),
    *(0, -0.0, 1, 2, 5, 7.5, 37.5, 120, 999_999_999.123456789, 123_456_789_012.34, 2**53 + 1, 1e12, 1e15, 1e300, -1),
)
_NUMBERS_IN_WORDS = (
    "12 tin",
    "1.234",
    "1,5 triệu",
    "khoảng 5",
    "15 (lồng ghép)",
    "１２",
    "1e5",
    "0x1F",
    "1" * 400,
    "٣",
)
_DAYS = (
    "15/7",
    "ngày 15/7/2025",
    "2025-07-15",
    "tháng 7",
    45853,
    1,
    2_958_465,
    datetime(1900, 1, 1),
    date(9999, 12, 31),
)
_FOREIGN: tuple[Any, ...] = (
    *(True, False, time(3, 4, 5), time(0), timedelta(days=3, hours=2), timedelta(seconds=1)),
    *(
        datetime(9999, 12, 31, 23, 59, 59),
        datetime(1900, 1, 1),
        "#REF!",
        "#N/A",
        "=1/3",
        "=100/3",
        "=NA()",
        "😀" * 16_383,
    ),
)


class Drawer:
    """Draws what stands in a cell of a field."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def text(self, most: int) -> str:
        """Mostly within the limit of the field; now and then beyond, up to what a cell can hold."""
        length = self.chance.choice((most, most, max(1, most // 2), most + 1, _LONGEST))
        return self.chance.choice(
            (
                lambda: self.chance.choice(_WORDS),
                lambda: self.chance.choice(_WORDS),
                lambda: "😀" * min(length, 16_383),
                lambda: "".join(self.chance.choice(_SIGNS) for _ in range(min(length, 600))),
                lambda: "Thôn " * (length // 5) or "x",
            )
        )()

    def value(self, field: Field) -> Any:
        """A value of the field's own kind, mostly."""
        kind = KINDS[field.type]
        if kind.holds == "number":
            return self.chance.choice(_NUMBERS if self.chance.random() < 0.8 else _NUMBERS_IN_WORDS)
        if kind.holds == "day":
            inside = date(2025, 6, 15) + timedelta(days=self.chance.randrange(90))
            return inside if self.chance.random() < 0.7 else self.chance.choice(_DAYS)
        return self.text(field.max_length)

    def often(self, share: float) -> bool:
        """True for about that share of the calls."""
        return self.chance.random() < share


def a_form(project: Project, unit_id: str, seed: int) -> Draft:
    """A truthful form of the unit, half of whose cells hold anything."""
    drawer = Drawer(seed)
    draft = truthful(project, unit_id)
    for fill in (_figures, _tasks, _activities, _requests, _card, _typed_over):
        draft = fill(draft, drawer)
    return draft


def _drawn(draft: Draft, drawer: Drawer, table: str, share: float, without: tuple[str, ...] = ()) -> dict[str, Any]:
    fields = [item for item in draft.project.form[table].fields if item.own and item.key not in without]
    return {item.key: drawer.value(item) for item in fields if item.type != "choice" and drawer.often(share)}


def _figures(draft: Draft, drawer: Drawer) -> Draft:
    for indicator_id in list(draft.answers.figures):
        if drawer.often(0.6):
            row = {**draft.answers.figures[indicator_id], **_drawn(draft, drawer, "figures", 0.5)}
            draft = draft.figure(indicator_id, row.pop("value"), **row)
    return draft


def _tasks(draft: Draft, drawer: Drawer) -> Draft:
    for task_id in list(draft.answers.tasks):
        draft = draft.task(task_id, **_drawn(draft, drawer, "tasks", 0.3))
    return draft


def _activities(draft: Draft, drawer: Drawer) -> Draft:
    for place in range(len(draft.answers.activities)):
        draft = draft.spoil_activity(place, **_drawn(draft, drawer, "activities", 0.25))
    return draft


def _requests(draft: Draft, drawer: Drawer) -> Draft:
    kinds = [choice.label for choice in draft.project.form.choices["request_kind"]]
    for kind in kinds:
        draft = draft.request(kind=kind, content=drawer.text(1000), addressed_to=drawer.text(200))
    return draft


def _card(draft: Draft, drawer: Drawer) -> Draft:
    keys = ("report_number", "prepared_by", "phone", "signed_by", "signer_title", "revision_reason", "plan_number")
    fields = draft.project.form.card.by_key
    return draft.card(**{key: drawer.value(fields[key]) for key in keys if drawer.often(0.4)})


def _typed_over(draft: Draft, drawer: Drawer) -> Draft:
    """What only a program types: durations, truths, errors, formulas, times."""
    places: list[Callable[[], tuple[str, str, str | int]]] = [
        lambda: ("figures", "value", drawer.chance.choice(list(draft.answers.figures))),
        lambda: ("tasks", "result", drawer.chance.choice(list(draft.answers.tasks) or ["NV01"])),
        lambda: ("activities", drawer.chance.choice(("title", "date", "quantity", "note")), drawer.chance.randrange(4)),
    ]
    for _ in range(drawer.chance.randrange(3)):
        table, key, row = drawer.chance.choice(places)()
        name = draft.project.form[table].name
        draft = draft.cell(name, draft.at(table, key, row), drawer.chance.choice(_FOREIGN))
    return draft
