"""The form of one unit for one period: pre-filled, locked where it is not the unit's, with drop-downs, limits, hints.

In: declarations, one unit, one period, and (for samples and tests) answers to type in. Out: an .xlsx file, byte for
byte the same for the same input. Nothing here knows a header or a task: all comes from the declarations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.declare.form import Field, Sheet
from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.excel import Book, Value, accept, height, page
from pipeline.publish.forms.cell_limits import CellLimits
from pipeline.publish.forms.listed import listed_beside
from pipeline.publish.forms.places import CARD_FIRST_ROW, FIRST_ROW, HEADER_ROW, KEY_ROW
from pipeline.publish.forms.ready.terms import Place, Typed
from pipeline.publish.forms.shown_light import ShownLight
from pipeline.publish.forms.told_before import STANDING, figure_told, note_on_task, prompts, told_in_guide
from pipeline.values.known import NOTHING_KNOWN, Known
from pipeline.words.prose import capitalised

HOW = "how"  # the column that says how a figure is counted
_GUIDE_WIDTH = 88
_LINED = 20  # rows with lines in an empty table
_PORTRAIT_WIDTH = 110  # tables up to that width are read well on an upright page


@dataclass(frozen=True)
class Answers:
    """What is typed into a form: raw values by field key, as a person would leave them in the cells."""

    card: Mapping[str, Any] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    activities: Sequence[Mapping[str, Any]] = ()
    requests: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class _Row:
    """One fixed row: what is printed in it, and whether it is the unit's to fill."""

    key: str
    printed: Mapping[str, Value]
    is_own: bool
    indicator: Indicator | None = None
    formulas: Mapping[str, str] = field(default_factory=dict)  # by field, those that come to what is printed


def write_blank_form(
    path: Path,
    project: Project,
    unit: Unit,
    period: Period,
    answers: Answers | None = None,
    sample: bool = False,
    known: Known = NOTHING_KNOWN,
) -> None:
    """Write the form of `unit` for `period` to `path`; `known`: what its earlier reports say."""
    form, plan = project.form, project.plan
    typed = answers or Answers()
    with Book(path, f"{form.title} - {unit.name} - {period.name}", form.creator, is_small=True) as book:
        card = {**_card_facts(project, unit, period), **known.card, **typed.card}
        writer = _FormWriter(book, project, unit, period, sample, known)
        writer.light = ShownLight(book, project, unit, period, typed_cells(replace(typed, card=card)), known.done)
        writer.guide()
        writer.card(card)
        writer.fixed("tasks", [_task_row(project, task.id, unit, period, known) for task in plan.tasks], typed.tasks)
        listed = listed_beside(project, unit, period, typed.activities)
        figures = [_figure_row(project, item, unit, known, listed.get(item.id, {})) for item in plan.indicators]
        writer.fixed("figures", figures, typed.figures)
        writer.open("activities", typed.activities)
        writer.open("requests", typed.requests)
        writer.meta()
        writer.lists()


def typed_cells(answers: Answers) -> Typed:
    """The same values by their places."""
    fixed = {"card": {"": answers.card}, "tasks": answers.tasks, "figures": answers.figures}
    open_rows = {
        "activities": {str(number): row for number, row in enumerate(answers.activities, start=FIRST_ROW + 1)},
        "requests": {str(number): row for number, row in enumerate(answers.requests, start=FIRST_ROW + 1)},
    }
    tables: dict[str, Mapping[str, Mapping[str, Any]]] = {**fixed, **open_rows}
    return Typed(
        (Place(sheet, row, key), value)
        for sheet, rows in tables.items()
        for row, values in rows.items()
        for key, value in values.items()
    )


def _card_facts(project: Project, unit: Unit, period: Period) -> dict[str, Value]:
    facts: dict[str, Value] = {
        "unit_id": unit.unit_id,
        "unit_name": unit.name,
        "year": project.plan.year,
        "period": project.plan.full_name(period),
        "date_from": period.date_from,
        "date_to": period.date_to,
        "form_version": project.form.version,
    }
    return {**{item.key: item.default for item in project.form.card.fields}, **facts}


def _task_row(project: Project, task_id: str, unit: Unit, period: Period, known: Known) -> _Row:
    """The unit's to fill where it leads the task, unless the form says that the task needs no report now."""
    task = project.plan.task[task_id]
    is_lead, note = project.plan.leads(task, unit), note_on_task(project, task, unit, period, known)
    role = project.form.label("role", "lead" if is_lead else "coordinate")
    return _Row(task.id, {**project.printed["tasks"][task.id], "role": role, STANDING: note}, is_lead and not note)


def _figure_row(
    project: Project, item: Indicator, unit: Unit, known: Known, listed: Mapping[str, tuple[str, str]]
) -> _Row:
    """`listed`: by field, the formula of what Biểu 3 lists of it and what that comes to."""
    told = {key: value for key, (_, value) in listed.items()}
    printed = {**project.printed["indicators"][item.id], HOW: item.how, **figure_told(item, known), **told}
    formulas = {key: formula for key, (formula, _) in listed.items()}
    return _Row(item.id, printed, project.plan.fills(item, unit), item, formulas)


def _runs(rows: Sequence[_Row]) -> Iterator[tuple[int, int, _Row]]:
    """First, last and a row of each stretch of neighbouring rows with one limit: one data validation is enough."""
    position = 0
    for (is_own, _), group in groupby(
        rows, key=lambda row: (row.is_own, row.indicator.whole if row.indicator else True)
    ):
        run = list(group)
        if is_own:
            yield position, position + len(run) - 1, run[0]
        position += len(run)


class _FormWriter:
    """Writes the sheets of one form in their order."""

    def __init__(self, book: Book, project: Project, unit: Unit, period: Period, sample: bool, known: Known) -> None:
        self._book, self._project, self._form = book, project, project.form
        self._unit, self._period, self._sample = unit, period, sample
        self._known = known
        self._limits = CellLimits(project, period)
        self.light: ShownLight

    def guide(self) -> None:
        """How to fill in the form, for whom and until when, with one row as an example."""
        sheet = self._book.add(self._form.guide_sheet)
        sheet.set_column(0, 0, 23)
        sheet.set_column(1, 1, _GUIDE_WIDTH)
        self._heading(sheet, self._form.title)
        row = self._pairs(sheet, 3, self._facts(), "cell bold", "cell")
        row = self._steps(sheet, row + 1)
        self._example(sheet, row + 1)
        page(sheet, landscape=False, header_row=None)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _facts(self) -> list[tuple[Value, Value]]:
        plan, period = self._project.plan, self._period
        return [
            ("Đơn vị", self._unit.name),
            ("Kỳ báo cáo", f"{plan.full_name(period)}: số liệu {period.window}"),
            ("Hạn gửi", f"{capitalised(period.until)}, gửi {plan.office}"),
            ("Căn cứ", plan.title),
            *told_in_guide(self._form, self._known),
        ]

    def _steps(self, sheet: Worksheet, row: int) -> int:
        row = self._pairs(sheet, row, [("CÁCH ĐIỀN", None)], "bold", "plain")
        words = {"window": self._period.window, "contained": self._contained(), "again": self._again()}
        for number, text in enumerate((step.format_map(words) for step in self._form.guide), start=1):
            sheet.set_row(row, height([text], [_GUIDE_WIDTH]))
            row = self._pairs(sheet, row, [(number, text)], "cell center", "cell")
        return row

    def _contained(self) -> str:
        """That what was told of the periods inside this one is told again; empty where there are none."""
        return f", gồm cả số đã báo cáo ở {names}" if (names := self._inside()) else ""

    def _again(self) -> str:
        """What to list again of what was listed in the periods inside this one."""
        return self._form.known.get("again", "").format(periods=names) if (names := self._inside()) else ""

    def _inside(self) -> str:
        return " và ".join(self._project.plan.period(code).name for code in self._period.contains)

    def _example(self, sheet: Worksheet, row: int) -> None:
        activities, told = self._form["activities"], self._form.example
        row = self._pairs(sheet, row, [(f"MỘT DÒNG ĐIỀN MẪU Ở “{activities.name}”", None)], "bold", "plain")
        lines: list[tuple[Value, Value]] = [
            (item.label, told[item.key]) for item in activities.fields if told.get(item.key)
        ]
        self._pairs(sheet, row, lines, "cell", "cell")

    def _pairs(self, sheet: Worksheet, row: int, pairs: Sequence[tuple[Value, Value]], left: str, right: str) -> int:
        """Lines of two cells each; returns the row below them."""
        for number, pair in enumerate(pairs, start=row):
            self._book.put_row(sheet, number, [*pair], [left, right])
        return row + len(pairs)

    def card(self, values: Mapping[str, Value]) -> None:
        """One line a field: its key, hidden, its label, the answer, a hint."""
        card = self._form.card
        sheet = self._book.add(card.name)
        sheet.set_column(0, 0, 4, self._book.style("key"), {"hidden": True})
        for column, width in ((1, 36), (2, 46), (3, 60)):
            sheet.set_column(column, column, width)
        self._heading(sheet, card.title, column=1)
        for row, item in enumerate(card.fields, start=CARD_FIRST_ROW):
            self._card_line(sheet, row, item, values.get(item.key))
        self.light.on_card(sheet, CARD_FIRST_ROW)
        self.light.on_card_head(sheet, 2, 1, self._form.sample_mark if self._sample else "")
        sheet.freeze_panes(CARD_FIRST_ROW, 0)
        self._protect(sheet)
        page(sheet, landscape=True, header_row=None)

    def _card_line(self, sheet: Worksheet, row: int, item: Field, value: Value) -> None:
        hint = item.hint if item.own else "Đã điền sẵn, xin giữ nguyên."
        label = item.label + (" *" if item.required else "")
        look = f"{_look(item, value, is_own=item.own)} left"
        self._book.put_row(sheet, row, [item.key, label, value, hint], ["key", "cell bold", look, "note small"])
        sheet.set_row(row, height([value, hint], [46, 66]), None, {"hidden": item.unseen})
        if item.own:
            self._limit(sheet, item, row, row, 2)

    def fixed(self, sheet_id: str, rows: Sequence[_Row], typed: Mapping[str, Mapping[str, Any]]) -> None:
        """A table of the plan's rows, each of which is the unit's to fill or grey."""
        declared = self._form[sheet_id]
        sheet = self._table_head(declared)
        for number, line in enumerate(rows, start=FIRST_ROW):
            answer = {**typed.get(line.key, {}), **line.printed}
            looks = [
                _look(item, answer.get(item.key), line.is_own and item.own, line.indicator) for item in declared.fields
            ]
            self._put(sheet, number, declared, answer, looks)
            for key, formula in line.formulas.items():
                column = declared.keys.index(key)
                self._book.put_formula(sheet, number, column, formula, answer[key], looks[column])
        for first, last, line in _runs(rows):
            for column, item in enumerate(declared.fields):
                if item.own:
                    self._limit(sheet, item, FIRST_ROW + first, FIRST_ROW + last, column, line.indicator)
        for place, column, options in prompts(declared, self._form, [line.key for line in rows], self._known):
            accept(sheet.data_validation(FIRST_ROW + place, column, FIRST_ROW + place, column, options), declared.name)
        self.light.beside_rows(sheet, declared, FIRST_ROW, [line.key for line in rows])
        self._finish_table(sheet, declared)

    def open(self, sheet_id: str, typed: Sequence[Mapping[str, Any]]) -> None:
        """A table with room for as many rows as the unit has."""
        declared = self._form[sheet_id]
        sheet = self._table_head(declared)
        count = max(declared.rows_for(self._period.months), len(typed))
        last = FIRST_ROW + count - 1
        lined, plain = ([_look(item, None, has_lines=lines) for item in declared.fields] for lines in (True, False))
        for number, answer in enumerate(typed, start=FIRST_ROW):
            looks = [_look(item, answer.get(item.key)) for item in declared.fields]
            self._put(sheet, number, declared, answer, looks)
        blank, unlined = FIRST_ROW + len(typed), max(FIRST_ROW + _LINED, FIRST_ROW + len(typed))
        self._book.put_blank_rows(sheet, range(blank, unlined), lined)
        self._book.put_blank_rows(sheet, range(unlined, last + 1), plain)
        for column, item in enumerate(declared.fields):
            if not item.locked:
                self._limit(sheet, item, FIRST_ROW, last, column)
        self._draw_lines(sheet, declared, FIRST_ROW + _LINED, last)
        self.light.beside_rows(sheet, declared, FIRST_ROW, [""] * count)
        self._finish_table(sheet, declared)

    def _draw_lines(self, sheet: Worksheet, declared: Sheet, first: int, last: int) -> None:
        """Round rows in use alone, so that an unused form does not print empty pages."""
        column = len(declared.fields) - 1
        filled = f"=COUNTA($A{first + 1}:${xl_col_to_name(column)}{first + 1})>0"
        options = {"type": "formula", "criteria": filled, "format": self._book.style("box")}
        accept(sheet.conditional_format(first, 0, last, column, options), declared.name)

    def meta(self) -> None:
        """What the form knows of itself: read back as evidence, never as the unit's answer."""
        facts = {
            "form_id": self._form.id,
            "form_version": self._form.version,
            "plan": str(self._project.plan.year),
            "unit_id": self._unit.unit_id,
            "period": self._period.code,
        }
        if self._sample:
            facts["sample"] = self._form.sample_mark
        sheet = self._book.add(self._form.meta_sheet)
        for row, (key, value) in enumerate(facts.items()):
            self._book.put_row(sheet, row, [key, value], ["plain", "plain"])
        sheet.protect("")
        sheet.hide()

    def lists(self) -> None:
        sheet = self._book.add(self._form.lists_sheet)
        for column, (name, choices) in enumerate(self._form.choices.items()):
            for row, text in enumerate([name, *(choice.entry for choice in choices)]):
                self._book.put(sheet, row, column, text)
        self.light.workings(sheet)
        sheet.protect("")
        sheet.hide()

    def _heading(self, sheet: Worksheet, title: str, column: int = 0) -> None:
        """Title, whose and which period; and the sample mark where the figures are invented."""
        line = f"{self._unit.name} – {self._project.plan.full_name(self._period)} – số liệu {self._period.window}"
        for row, text, style in (
            (0, title, "bold large"),
            (1, line, "bold"),
            (2, self._form.sample_mark if self._sample else None, "sample left"),
        ):
            self._book.put(sheet, row, column, text, style)
        sheet.set_row(0, 24)

    def _table_head(self, declared: Sheet) -> Worksheet:
        """A new sheet down to its header row."""
        sheet = self._book.add(declared.name)
        for column, item in enumerate(declared.fields):
            sheet.set_column(column, column, item.width)
        self._book.put(sheet, 0, 0, declared.title, "bold large")
        self._book.put(sheet, 1, 0, self._line(), "bold")
        self._guidance(sheet, declared)
        self.light.at_head(sheet, declared, 1)
        self._header(sheet, declared)
        sheet.freeze_panes(FIRST_ROW, 0)
        return sheet

    def _guidance(self, sheet: Worksheet, declared: Sheet) -> None:
        """Over all columns and no wider, so that it makes no page wider either."""
        look, last = self._book.style("wrap"), len(declared.fields) - 1
        accept(sheet.merge_range(2, 0, 2, last, declared.guidance, look), declared.name)
        sheet.set_row(2, height([declared.guidance], [float(sum(item.width for item in declared.fields))]))

    def _header(self, sheet: Worksheet, declared: Sheet) -> None:
        """The labels of the columns, below a hidden row with their keys."""
        self._book.put_row(sheet, KEY_ROW, list(declared.keys), ["key"] * len(declared.fields))
        sheet.set_row(KEY_ROW, None, None, {"hidden": True})
        labels: list[Value] = [item.label + (" *" if item.required and item.own else "") for item in declared.fields]
        self._book.put_row(sheet, HEADER_ROW, labels, ["header"] * len(labels))
        sheet.set_row(HEADER_ROW, max(33.0, height(labels, [float(item.width) * 0.9 for item in declared.fields])))

    def _put(
        self, sheet: Worksheet, number: int, declared: Sheet, answer: Mapping[str, Value], looks: Sequence[str]
    ) -> None:
        """One row of a table; one with something in it is as high as its texts need."""
        values = [answer.get(item.key) for item in declared.fields]
        self._book.put_row(sheet, number, [*values], [*looks])
        if any(value is not None for value in values):
            sheet.set_row(number, height([*values], [float(item.width) for item in declared.fields]))

    def _line(self) -> str:
        mark = f"   {self._form.sample_mark}" if self._sample else ""
        return f"{self._project.line_of(self._unit.name, self._period)}{mark}"

    def _finish_table(self, sheet: Worksheet, declared: Sheet) -> None:
        self._protect(sheet)
        page(sheet, landscape=sum(item.width for item in declared.fields) > _PORTRAIT_WIDTH, header_row=HEADER_ROW)

    def _protect(self, sheet: Worksheet) -> None:
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})

    def _limit(
        self, sheet: Worksheet, item: Field, first: int, last: int, column: int, indicator: Indicator | None = None
    ) -> None:
        """Lay the limit of a field on the cells of some rows."""
        options = self._limits.validation(item, first, column, indicator)
        accept(sheet.data_validation(first, column, last, column, options), f"{sheet.get_name()}, {item.key}")


def _look(
    item: Field, value: Value, is_own: bool = True, indicator: Indicator | None = None, has_lines: bool = True
) -> str:
    """The style of a cell: its lines, white for the unit to fill or grey, and how its kind shows such a value."""
    base = f"{'cell' if has_lines else 'wrap'} {'open' if is_own else 'grey'}"
    if isinstance(value, str) or not item.kind.style or item.key == "year":
        return base
    has_decimals = item.kind.is_figure and indicator and indicator.decimals
    return f"{base} number1" if has_decimals else f"{base} {item.kind.style}"
