"""Kinds of field, one entry each: what such a cell holds, what limits it, how it looks in Excel.

Form, reader, frames, checks, sheets and reference ask this table; whoever adds a kind adds its line here, and in
`convert/kinds.py` how a column of it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "whole", "number", "date", "choice", "figure"]
Held = Literal["text", "number", "day"]
Limit = Literal["length", "range", "days", "list"]
Validation = Literal["length", "integer", "decimal", "date", "list", "custom"]

_DTYPES: Mapping[Held, str | None] = {"text": None, "number": "float64", "day": "datetime64[s]"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of field.

    `holds`: what a converted cell is. `limit`: which of the limits of its line applies. `validation`: what Excel calls
    that limit; a custom one is a formula. `style`: the part of a cell's style that values ask for, number format and
    alignment (see `publish/style.py`). `is_figure`: read by the indicator of its row, which says whether it is whole
    and with how many decimals, and where a word for nothing may stand.
    """

    holds: Held
    limit: Limit
    validation: Validation
    style: str = ""
    is_whole: bool = False
    is_figure: bool = False

    @property
    def is_number(self) -> bool:
        return self.holds == "number"

    @property
    def is_free_text(self) -> bool:
        """Whether anything may be written there, such as a title or a note."""
        return self.limit == "length"

    @property
    def dtype(self) -> str | None:
        """The type of its column in a frame; text stays as the objects that it is."""
        return _DTYPES[self.holds]


KINDS: Mapping[Type, Kind] = {
    "text": Kind("text", "length", "length"),
    "whole": Kind("number", "range", "integer", "number", is_whole=True),
    "number": Kind("number", "range", "decimal", "number"),
    "date": Kind("day", "days", "date", "date"),
    "choice": Kind("text", "list", "list"),
    "figure": Kind("number", "range", "custom", "number", is_figure=True),
}
