"""Where things stand on the hidden sheet that works out the light, and how a formula names them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name

from pipeline.declare.form import Sheet
from pipeline.publish.forms.places import CARD_FIRST_ROW, FIRST_ROW
from pipeline.publish.forms.ready.terms import Term, remembered

_REACH = 299  # rows in which a fixed row may be found
LEFT = 40  # the first column of the workings, right of all lists
MARKS = "ready"  # the key of the column that says what is to be done in a row
_BELOW = 194  # rows below an open table in which something may still be written


def address(row: int, column: int) -> str:
    """The name of a cell that works out the light; `column` counts from the first of these."""
    return f"${xl_col_to_name(LEFT + column)}${row + 1}"


@dataclass
class Cells:
    """The cells of the hidden sheet, in the order in which they are written: formula and value by row and column."""

    name: str
    terms: dict[tuple[int, int], Term] = field(default_factory=dict)

    def put(self, row: int, column: int, term: Term) -> str:
        """Write a term; returns its address within the sheet."""
        self.terms[row, column] = remembered(term)
        return address(row, column)

    def far(self, address: str) -> str:
        """The address as another sheet names it."""
        return f"{self.name}!{address}"


@dataclass(frozen=True)
class Names:
    """How formulas name the cells of the form, whatever rows somebody inserted or dragged."""

    def fixed(self, sheet: Sheet, key: str, locator: str) -> str:
        """A cell of a fixed row, whose number on its sheet stands at `locator`."""
        column = self.letter(sheet, key)
        return f"INDEX({self._range(sheet, column, *_rows(sheet))},{locator})"

    def locator(self, sheet: Sheet, row_id: str) -> str:
        """Which of these rows bears an id, or is a line of the card."""
        return f'MATCH("{row_id}",{self._range(sheet, self._named(sheet), *_rows(sheet))},0)'

    def down(self, sheet: Sheet, key: str) -> str:
        """The cells of one column in all rows below the header that are looked at."""
        return self._range(sheet, self.letter(sheet, key), FIRST_ROW + 1, far(sheet))

    def begun(self, sheet: Sheet) -> str:
        """An array: in which of these rows anything was typed."""
        parts = "+".join(f"LEN({self.down(sheet, key)})" for key in sheet.own_keys)
        return f"(({parts})>0)"

    def filled(self, sheet: Sheet) -> str:
        """How many of the unit's cells of a fixed table are filled."""
        parts = (
            f"SUMPRODUCT(--(LEN({self._span(sheet, left, right, FIRST_ROW + 1, _REACH)})>0))"
            for left, right in own_stretches(sheet)
        )
        return "+".join(parts)

    def _named(self, sheet: Sheet) -> str:
        """The column in which the ids of rows stand."""
        return "A" if sheet.shape == "card" else self.letter(sheet, sheet.row_key)

    def letter(self, sheet: Sheet, key: str) -> str:
        return "C" if sheet.shape == "card" else xl_col_to_name(sheet.keys.index(key))

    def marks(self, sheet: Sheet) -> str:
        """The cells beside the rows, which say what is to be done."""
        return self.down(sheet, MARKS)

    def _range(self, sheet: Sheet, letter: str, first: int, last: int) -> str:
        return f"{quoted(sheet.name)}!${letter}${first}:${letter}${last}"

    def _span(self, sheet: Sheet, left: int, right: int, first: int, last: int) -> str:
        one, two = xl_col_to_name(left), xl_col_to_name(right)
        return f"{quoted(sheet.name)}!${one}${first}:${two}${last}"


def _rows(sheet: Sheet) -> tuple[int, int]:
    """The first and the last row in which answers stand; never one of the light, which would go round in a circle."""
    if sheet.shape == "card":
        return CARD_FIRST_ROW + 1, CARD_FIRST_ROW + len([item for item in sheet.fields if item.key != MARKS])
    return FIRST_ROW + 1, _REACH


def own_stretches(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbouring columns that the unit fills."""
    own = [column for column, item in enumerate(sheet.fields) if item.own]
    starts = [column for column in own if column - 1 not in own]
    ends = [column for column in own if column + 1 not in own]
    return iter(zip(starts, ends, strict=True))


def far(sheet: Sheet) -> int:
    """The last row that is looked at in an open table, or below it."""
    return FIRST_ROW + max(sheet.open_rows, sheet.open_rows_of_a_year) + _BELOW


def quoted(name: str) -> str:
    """The name of a sheet within a formula."""
    return "'{}'".format(name.replace("'", "''"))
