"""Frames walked row by row: the parts of one, and its rows as values."""

from typing import Any

from pipeline.values.cells import is_missing
from pipeline.values.forms import Found


def rows_where(frame: Any, mask: Any) -> Any:
    """The rows of a frame for which `mask` holds; the frame itself where that is all of them, for a copy of it costs time and memory."""
    return frame if mask.all() else frame[mask]


def written_row(found: Found, frame: Any, doc: int, number: int) -> list[Any]:
    """The cells of an Excel row in the order of `found.keys`: raw, or from the converted `frame` where they are used as written."""
    if raw := found.row(number):
        return list(raw)
    [line] = frame.loc[(frame["doc"] == doc) & (frame["row"] == number), list(found.keys)].astype(object).to_numpy()
    return [None if is_missing(value) else value for value in line]
