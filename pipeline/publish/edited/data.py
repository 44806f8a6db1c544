"""The data of a run as its tables hold them, laid out for comparing; and what a cell says beside them."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose, isnan, nan
from typing import Any

from pipeline.values.cells import CellError, Uncomputed
from pipeline.values.sent import Edited
from pipeline.words.names import fold

Said = float | str | None


@dataclass(frozen=True)
class Data:
    """By indicator and column, by unit and indicator, by unit and task; how many leads of a task are in each state.

    A blank is NaN. `filed` and `expected`: how many units have reported, of how many.
    """

    totals: Mapping[str, Mapping[str, float]]
    figures: Mapping[tuple[str, str], float]
    labels: Mapping[tuple[str, str], str]
    states: Mapping[str, Mapping[str, int]]
    filed: int
    expected: int


@dataclass(frozen=True)
class Compared:
    """What differs in one file, and the places in it of which nobody can tell."""

    edited: tuple[Edited, ...] = ()
    unsaid: tuple[str, ...] = ()


def data_of(texts: Mapping[str, str], counts: Mapping[str, Any]) -> Data:
    """The data from the texts of the tables, by name, and the counts of the record."""
    judged = list(_rows(texts["completeness"]))
    states: dict[str, Counter[str]] = {}
    for row in judged:
        states.setdefault(row["task_id"], Counter())[row["state"]] += 1
    return Data(
        totals={row["indicator_id"]: _numbers(row) for row in _rows(texts["totals"])},
        figures={(row["unit_id"], row["indicator_id"]): _number(row["value"]) for row in _rows(texts["figures"])},
        labels={(row["unit_id"], row["task_id"]): row["label"] for row in judged},
        states=states,
        filed=int(counts["units_filed"]),
        expected=int(counts["units_expected"]),
    )


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    return csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))


def _numbers(row: Mapping[str, str]) -> dict[str, float]:
    return {name: _number(text) for name, text in row.items() if name not in ("indicator_id", "cumulative_note")}


def _number(text: str) -> float:
    return float(text) if text else nan


def said_otherwise(cell: Any, data: float) -> tuple[Said] | None:
    """What a cell says, where that is another thing than the figure of the data; words in the place of a gap are none.

    `LookupError` where nobody can tell: a formula without a stored value.
    """
    if isinstance(cell, Uncomputed):
        if isnan(data):
            return None
        raise LookupError
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return None if _is_same(cell, data) else (float(cell),)
    if isinstance(cell, CellError):
        return _words_otherwise(cell.text, data, False)
    return _words_otherwise(str(cell if cell is not None else "").strip(), data, isnan(data))


def _words_otherwise(text: str, data: float, may_be_words: bool) -> tuple[Said] | None:
    """The same of a text; `may_be_words`: where the data has a gap, and words may stand in its place."""
    if not text:
        return None if isnan(data) else (None,)
    number = number_in(text)
    if number is None:
        return None if may_be_words else (text,)
    return None if _is_same(number, data) else (number,)


def _is_same(said: float, data: float) -> bool:
    return isclose(said, data, rel_tol=1e-12, abs_tol=1e-9)


def number_in(text: str) -> float | None:
    """A number typed as offices write it, “1.234,5”; None for words."""
    try:
        return float(text.replace(".", "").replace(",", ".").replace("\xa0", ""))
    except ValueError:
        return None


def is_same_label(cell: Any, label: str) -> bool:
    """Whether a cell holds the label of a state."""
    return fold(str(cell)) == fold(label)
