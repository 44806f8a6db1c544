"""Problems: what a unit sent is wrong. A problem is a value; its severity and sentence come from the catalogue."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

_NO_FACTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend or to know.

    `cell` is the address as the sender sees it on `sheet`; `table` and `field` are the keys of the declaration;
    `value` is what stands there; `row` the Excel row; `facts` whatever else the sentence names. `silenced_by` is empty
    in those that are said; else the code of the problem that speaks in its stead (see `judge.telling`). `about`:
    the ids of further indicators (or tasks) of the unit that it puts under question beside that of its own cell.
    `on_form`: whether the light of the form asks for it, where that is not alike for all problems of its code.
    """

    code: str
    file: str
    unit_id: str = ""
    sheet: str = ""
    cell: str = ""
    table: str = ""
    field: str = ""
    value: str = ""
    row: int = 0
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    silenced_by: str = ""
    about: tuple[str, ...] = ()
    on_form: bool | None = None

    def silenced(self, by: str) -> "Problem":
        """The same, of which `by` speaks: without the facts of its sentence, which nobody reads."""
        place = self.code, self.file, self.unit_id, self.sheet, self.cell, self.table, self.field, self.value, self.row
        return Problem(*place, _NO_FACTS, by, self.about, self.on_form)
