"""Where the light of a form is shown: on the card, at the head of each sheet, beside each row, and over each cell."""

from collections.abc import Collection, Sequence
from itertools import accumulate

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.declare.form import Sheet
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.excel import NO_TEXT, Book, accept
from pipeline.publish.forms.ready.light import Light, make_light
from pipeline.publish.forms.ready.terms import Typed, text
from pipeline.values.cells import MARK

_KEY = "ready"
_APART = "   "
_TWO_LINES = 33.0  # points
_LINE_WIDTH = 75  # of the line at the head of a table


class ShownLight:
    """Writes the light into one form; nothing where the form has none."""

    def __init__(
        self, book: Book, project: Project, unit: Unit, period: Period, typed: Typed, done: Collection[str] = ()
    ) -> None:
        self._book, self._form = book, project.form
        self._light: Light | None = make_light(project, unit, period, typed, done) if project.form.light else None

    def on_card(self, sheet: Worksheet, first_row: int) -> None:
        """The line of the light, and beside each answer what is to be done there."""
        if not self._light:
            return
        for row, item in enumerate(self._form.card.fields, start=first_row):
            if item.key == _KEY:
                formula, value = self._light.whole()
                self._book.put_formula(sheet, row, 2, formula, value, "cell bold grey")
                sheet.set_row(row, _TWO_LINES)  # with what is missing by sheet
                self._colour(sheet, row, 2)
            elif item.own:
                formula, value = self._light.of_card_line(item.key)
                self._book.put_formula(sheet, row, 4, formula, value or NO_TEXT, "mark")
                self._tint(sheet, row, 2, row, 2, f"LEN($E{row + 1})>0")
        sheet.set_column(4, 4, 44)
        sheet.print_area(0, 0, first_row + len(self._form.card.fields) - 1, 3)

    def on_card_head(self, sheet: Worksheet, row: int, column: int, mark: str) -> None:
        """Below the title of the card what stands on the line of the light, behind the mark of a sample."""
        if not self._light:
            return
        formula, value = self._light.whole()
        before = f"{mark}{_APART}" if mark else ""
        if before:
            formula = f"={text(before)}&{formula[1:]}"
        self._book.put_formula(sheet, row, column, formula, f"{before}{value}", "light-head")
        self._colour(sheet, row, column)

    def at_head(self, sheet: Worksheet, declared: Sheet, row: int) -> None:
        """How the sheet stands, right of the line that says whose form it is."""
        if not self._light:
            return
        lefts = list(accumulate((item.width for item in declared.fields), initial=0))
        column = next((place for place, left in enumerate(lefts[:-1]) if left >= _LINE_WIDTH), len(lefts) - 2)
        self._book.put_formula(sheet, row, column, *self._light.at_head(declared.id), "light-head")
        self._colour(sheet, row, column, self._form.light["sheet_ready"])

    def beside_rows(self, sheet: Worksheet, declared: Sheet, first_row: int, ids: Sequence[str]) -> None:
        """What is to be done in each row, and a colour on the cells of which it speaks."""
        if not self._light or _KEY not in declared.keys:
            return
        column = declared.keys.index(_KEY)
        if declared.shape == "open":
            formula, values = self._light.beside_open(declared, len(ids))
            self._book.put_formulas(sheet, first_row, column, formula, values, "mark")
        else:
            for row, row_id in enumerate(ids, start=first_row):
                formula, value = self._light.beside(declared, row_id)
                self._book.put_formula(sheet, row, column, formula, value or NO_TEXT, "mark")
        last, letter = first_row + len(ids) - 1, xl_col_to_name(column)
        sheet.print_area(0, 0, last, column - 1)  # nothing is owed on paper
        for place, item in enumerate(declared.fields):
            if item.own:
                said = f"ISNUMBER(FIND({text(f'{MARK} {item.label}:')},${letter}{first_row + 1}))"
                self._tint(sheet, first_row, place, last, place, said)

    def workings(self, sheet: Worksheet) -> None:
        """The cells that work it out, on the hidden sheet of lists."""
        for row, column, formula, value in self._light.workings() if self._light else ():
            self._book.put_formula(sheet, row, column, formula, NO_TEXT if value == "" else value, "plain")

    def _colour(self, sheet: Worksheet, row: int, column: int, ready: str = "") -> None:
        cell = f"${xl_col_to_name(column)}${row + 1}"
        done = f"=ISNUMBER(FIND({text(ready or self._form.light['ready'])},{cell}))"
        for criteria, style in ((done, "light-ready"), (f"=NOT({done[1:]})", "light-open")):
            options = {"type": "formula", "criteria": criteria, "format": self._book.style(style)}
            accept(sheet.conditional_format(row, column, row, column, options), sheet.get_name())

    def _tint(self, sheet: Worksheet, top: int, left: int, bottom: int, right: int, test: str) -> None:
        options = {"type": "formula", "criteria": f"={test}", "format": self._book.style("light-place")}
        accept(sheet.conditional_format(top, left, bottom, right, options), sheet.get_name())
