"""Frames walked row by row: the parts of one, and its rows as values."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeVar

from pipeline.values.cells import is_missing
from pipeline.values.forms import Found

L = TypeVar("L", bound=tuple[Any, ...])
_ROWS = 1 << 21  # more than Excel has


def rows_where(frame: Any, mask: Any) -> Any:
    """The rows for which `mask` holds; of all rows the frame itself, for a copy of it costs time and memory."""
    return frame if mask.all() else frame[mask]


def tuples(frame: Any, *columns: str) -> Iterator[tuple[Any, ...]]:
    """These columns row by row, in a third of the time of `itertuples`; dates as datetimes, one that lacks as None."""
    return zip(*(_objects(frame[name]) for name in columns), strict=True)


def _objects(column: Any) -> list[Any]:
    """The values of a column; pandas would make of every date a moment of its own kind, which takes its time."""
    dates = column.dtype.kind == "M"
    values: list[Any] = (column.to_numpy().astype(object) if dates else column.to_numpy(object)).tolist()
    return values


def rows_as(kind: type[L], frame: Any) -> Iterator[L]:
    """The rows as values of `kind`, a named tuple whose fields are columns of the frame."""
    named: Any = kind  # no type says that a named tuple knows its fields
    return map(named._make, tuples(frame, *named._fields))


def rows_as_dicts(frame: Any) -> Iterator[dict[str, Any]]:
    """The rows as dictionaries, for frames whose columns a form declares."""
    columns = list(frame.columns)
    return (dict(zip(columns, values, strict=True)) for values in tuples(frame, *columns))


class RowsOfForms:
    """The rows of a converted frame by their form, each found without a walk through those of all the others."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        # the form asked about last, its rows by their number
        self._asked: tuple[int, dict[int, dict[str, Any]]] = (-1, {})

    def of(self, doc: int) -> Any:
        """All rows of one form, from the top down."""
        frame, places = self._in_order
        first, last = places.searchsorted([doc * _ROWS, (doc + 1) * _ROWS])
        return frame.iloc[first:last]

    def written(self, found: Found, doc: int, number: int) -> list[Any]:
        """The cells of an Excel row in the order of `found.keys`, as written; from the frame where used just so."""
        if raw := found.row(number):
            return list(raw)
        if self._asked[0] != doc:
            kept = [key for key in found.keys if key in self._frame]  # what is printed is not converted
            lines = tuples(self.of(doc), "row", *kept)
            self._asked = doc, {row: dict(zip(kept, line, strict=True)) for row, *line in lines}
        values = [self._asked[1][number].get(key) for key in found.keys]
        return [None if is_missing(value) else value for value in values]

    @cached_property
    def _in_order(self) -> tuple[Any, Any]:
        """The frame from the first row of the first form to the last of the last, and the place of each of its rows."""
        places = self._frame["doc"] * _ROWS + self._frame["row"]
        in_order = places if places.is_monotonic_increasing else places.sort_values(kind="stable")
        frame = self._frame if in_order is places else self._frame.loc[in_order.index]
        return frame, in_order.to_numpy("int64")
