"""The figures of a workbook of ours beside the data: PL1 to PL4 and the first sheet, cell by cell, by their keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Any

from pipeline.publish.edited.data import Compared, Data, Said, is_same_label, said_otherwise
from pipeline.publish.sheets import SHEET
from pipeline.publish.workbook.cells import ALL_UNITS
from pipeline.publish.workbook.summary import FILED
from pipeline.values.cells import RawSheet, Uncomputed, cell_name
from pipeline.values.sent import Edited, EditedKind
from pipeline.values.states import STATES

_COLUMNS = {
    "Kỳ này": "this_period",
    "Luỹ kế": "cumulative",
    "Số đơn vị báo cáo": "units_reporting",
    "Số đơn vị phải báo cáo": "units_expected",
}
_KINDS: Mapping[str, EditedKind] = {"this_period": "total", "cumulative": "cumulative"}


def compare_workbook(file: str, sheets: Sequence[RawSheet], data: Data) -> Compared:
    """Every figure of the sheets that are there, which may be fewer than were written, in any order."""
    by_id: Mapping[str, Callable[[_Sheet], None]] = {
        "figures": _compare_totals,
        "by_unit": _compare_figures,
        "matrix": _compare_states,
        "tasks": _compare_counts,
        "summary": _compare_summary,
    }
    edited: list[Edited] = []
    unsaid: list[str] = []
    for name, compare in by_id.items():
        for sheet in sheets:
            if sheet.name == SHEET[name].name:
                compare(_Sheet(file, sheet, data, edited, unsaid))
    return Compared(tuple(edited), tuple(unsaid))


@dataclass(frozen=True)
class _Row:
    """A row of a table: its number in the sheet from zero, the columns by key, its cells."""

    number: int
    columns: Mapping[str, int]
    cells: Sequence[Any]

    def __getitem__(self, key: str) -> Any:
        place = self.columns.get(key, len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True)
class _Sheet:
    """A sheet being compared; what is found is added to the lists of its workbook."""

    file: str
    sheet: RawSheet
    data: Data
    edited: list[Edited] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)

    def rows(self, key: str) -> Iterator[_Row]:
        """The rows below each hidden row of keys that has this one."""
        columns: dict[str, int] = {}
        for number, cells in enumerate(self.sheet.rows):
            if key in cells:
                columns = {cell: place for place, cell in enumerate(cells) if isinstance(cell, str) and cell}
            elif columns:
                yield _Row(number, columns, cells)

    def figure(self, row: _Row, key: str, kind: EditedKind, unit_id: str, name: str, told: str, data: float) -> None:
        """Compare the number in the column of a key."""
        try:
            said = said_otherwise(row[key], data)
        except LookupError:
            self.unsaid.append(f"{self.sheet.name}!{self._cell(row, key)}")
            return
        if said:
            self.add(row, key, kind, unit_id, name, told, None if isnan(data) else data, said[0])

    def add(
        self, row: _Row, key: str, kind: EditedKind, unit_id: str, name: str, told: str, data: Said, said: Said
    ) -> None:
        place = self._cell(row, key)
        self.edited.append(Edited(self.file, self.sheet.name, place, kind, unit_id, name, told, data, said))

    def _cell(self, row: _Row, key: str) -> str:
        return cell_name(row.columns[key], row.number + 1)


def _compare_totals(sheet: _Sheet) -> None:
    for row in sheet.rows("indicator_id"):
        totals = sheet.data.totals.get(row["indicator_id"], {})
        for key in row.columns:
            column = _COLUMNS.get(key, key)
            if column in totals:
                kind, amount = _KINDS.get(column, "count"), totals[column]
                blank = kind == "count" and not amount and row[key] == ""  # beside a total none is left blank
                sheet.figure(row, key, kind, "", row["indicator_id"], column, nan if blank else amount)


def _compare_figures(sheet: _Sheet) -> None:
    """Each unit's figures, and the row that adds all of them up."""
    units = {unit_id for unit_id, _ in sheet.data.figures}
    for row in sheet.rows("unit_id"):
        names = [key for key in row.columns if key in sheet.data.totals]
        if row["unit_id"] in units:
            for name in names:
                figure = sheet.data.figures.get((row["unit_id"], name), nan)
                sheet.figure(row, name, "figure", row["unit_id"], name, "value", figure)
        elif not row["unit_id"] and row["unit"] == ALL_UNITS:
            for name in names:
                sheet.figure(row, name, "total", "", name, "this_period", sheet.data.totals[name]["this_period"])


def _compare_states(sheet: _Sheet) -> None:
    for row in sheet.rows("unit_id"):
        for key in row.columns:
            label = sheet.data.labels.get((row["unit_id"], key))
            if label is not None and not is_same_label(row[key], label):
                sheet.add(row, key, "state", row["unit_id"], key, "label", label, str(row[key]) or None)


def _compare_counts(sheet: _Sheet) -> None:
    for row in sheet.rows("task_id"):
        if states := sheet.data.states.get(row["task_id"]):
            for key in row.columns:
                if key in STATES:
                    sheet.figure(row, key, "count", "", row["task_id"], key, states.get(key, 0))


def _compare_summary(sheet: _Sheet) -> None:
    """The main figures, each by the id before its title; how many have reported."""
    filed = f"{sheet.data.filed}/{sheet.data.expected}"
    for row in sheet.rows("what"):
        name = str(row["what"]).partition(".")[0]
        if name in sheet.data.totals:
            sheet.figure(row, "value", "total", "", name, "this_period", sheet.data.totals[name]["this_period"])
        elif row["what"] == FILED and not isinstance(row["value"], Uncomputed) and str(row["value"]) != filed:
            sheet.add(row, "value", "count", "", "units_filed", "units_filed", filed, str(row["value"]) or None)
