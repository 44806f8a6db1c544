"""Read what a unit answered in the to-do sheet of its marked copy."""

from collections.abc import Sequence

from pipeline.declare.register import Register
from pipeline.declare.todo import PROBLEM_KEY, REPLY, todo_titles
from pipeline.values.cells import is_blank, shown


def read_replies(rows: Sequence[Sequence[object]]) -> dict[str, str]:
    """The replies by problem key, from the raw rows of the sheet; empty when its row of column keys is gone.

    Columns are found by that hidden row, so moved or added columns do no harm. Several lines for one key are joined.
    """
    head = next((number for number, row in enumerate(rows) if PROBLEM_KEY in row and REPLY in row), None)
    if head is None:
        return {}
    key_column, reply_column = rows[head].index(PROBLEM_KEY), rows[head].index(REPLY)
    replies: dict[str, str] = {}
    for row in rows[head + 1 :]:
        key, reply = _at(row, key_column), _at(row, reply_column)
        if not (is_blank(key) or is_blank(reply)):
            text = shown(reply).strip()
            replies[str(key)] = f"{replies[str(key)]}; {text}" if str(key) in replies else text
    return replies


def unit_of_list(rows: Sequence[Sequence[object]], register: Register) -> str:
    """Whose to-do sheet it is, by its title; empty where no unit of the register is named there."""
    titles = {title: unit.unit_id for unit in register.units for title in todo_titles(unit.name)}
    return next((titles[cell] for row in rows for cell in row if isinstance(cell, str) and cell in titles), "")


def _at(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else ""
