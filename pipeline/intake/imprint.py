"""What a form says of itself where nobody types: its hidden sheet, its data window, the line below its titles.

Each speaks for one period and one unit, or says nothing; they are weighed with the cells of the card, of which one may
hold a slip (see `check_period` and `find_unit`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.declare.plan import Period, Plan
from pipeline.declare.project import Project
from pipeline.intake.card import Card
from pipeline.values.cells import RawSheet
from pipeline.words.names import fold

OTHER = "*"  # a period or a year that is none of the plan's
_TITLE_ROWS, _TITLE_COLUMNS = 4, 3  # where the line with unit, period and window stands
_SEAM = " – "  # between the parts of that line


@dataclass(frozen=True, slots=True)
class Imprint:
    """The hidden sheet of a form as pairs, and the sheets on which its title lines stand."""

    meta: Mapping[str, str]
    sheets: Sequence[RawSheet] = ()

    def period(self, plan: Plan) -> str:
        """The period that the hidden sheet names: its code, `OTHER`, or empty."""
        year, code = self.meta.get("plan", ""), self.meta.get("period", "")
        if not code:
            return ""
        is_known = code in {period.code for period in plan.periods}
        return code if is_known and year in ("", str(plan.year)) else OTHER

    def titled_periods(self, plan: Plan) -> set[str]:
        """The periods that the lines below the titles name."""
        names = {fold(f"{plan.full_name(period)}{_SEAM}"): period.code for period in plan.periods}
        lines = [f"{fold(line.partition(_SEAM)[2])} " for line in self._lines()]
        return {code for name, code in names.items() for line in lines if line.startswith(f"{name} ")}

    def units(self, project: Project) -> set[str]:
        """The ids of the units that the hidden sheet and the lines below the titles name."""
        by_id, by_name = project.register.by_id, project.register.by_name
        named = [by_name.get(fold(line.partition(_SEAM)[0]), ()) for line in self._lines()]
        found = {units[0].unit_id for units in named if len(units) == 1}
        return found | ({self.meta["unit_id"]} & by_id.keys() if "unit_id" in self.meta else set())

    def _lines(self) -> Iterator[str]:
        for sheet in self.sheets:
            for row in sheet.rows[:_TITLE_ROWS]:
                yield from (cell for cell in row[:_TITLE_COLUMNS] if isinstance(cell, str) and _SEAM in cell)


def window_of(card: Card) -> Mapping[str, date]:
    """The days of the data window on the card, by key, as far as they certainly are days."""
    return {key: day for key in ("date_from", "date_to") if (day := card.day(key))}


def period_of_window(window: Mapping[str, date], plan: Plan) -> str:
    """The period whose first and last day these are: its code, `OTHER` where they are of another year, else empty."""
    if len(window) < 2:
        return ""
    shifts = {0: "", **dict.fromkeys((-3, -2, -1, 1, 2, 3), OTHER)}
    for years, name in shifts.items():
        for period in plan.periods:
            if _is_in(period, window, years):
                return name or period.code
    return ""


def _is_in(period: Period, window: Mapping[str, date], years: int) -> bool:
    """Whether these are the first and the last day of the period, so many years later."""
    days = ((getattr(period, key), day) for key, day in window.items())
    return all((own.year + years, own.month, own.day) == (day.year, day.month, day.day) for own, day in days)
