"""Numbers of news items that the texts of Biểu 1 name, and which figures hold them (R22)."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.declare.plan import FigureCheck
from pipeline.judge.case import Case
from pipeline.values.cells import is_missing
from pipeline.words.toned import Phrases

_TEXTS = ("result", "evidence")


class NamedItems(NamedTuple):
    """A text that names a number of items; `checks` say which figures hold them."""

    unit_id: str
    task_id: str
    doc: int
    row: int
    field: str
    items: int
    checks: tuple[FigureCheck, ...]


def named_items(case: Case) -> Iterator[NamedItems]:
    """Every such text, of rows that a wrong cell keeps out, too; by the channels that it names, else by its task."""
    checks = [check for check in case.project.plan.checks if check.rule == "covers-text"]
    channels = {check.id: Phrases(check.channels) for check in checks}
    for row in (*case.task_rows, *case.blocked_task_rows):
        for key in _TEXTS:
            if is_missing(row[key]) or not (items := case.project.proof.items_in(row[key])):
                continue
            named = tuple(check for check in checks if channels[check.id].are_in(row[key]))
            if found := named or tuple(check for check in checks if row["task_id"] in check.tasks):
                yield NamedItems(row["unit_id"], row["task_id"], row["doc"], row["row"], key, items, found)
