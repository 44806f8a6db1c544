"""The form of one unit for one period: pre-filled, locked where it is not the unit's, with drop-downs, limits and hints.

In: declarations, one unit, one period, and (for samples and tests) answers to type in. Out: an .xlsx file, byte for byte
the same for the same input. Nothing here knows a header or a task: all comes from the declarations.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.declare.form import Field, Sheet
from pipeline.declare.kinds import Validation
from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.excel import Book, Value, accept, height, page
from pipeline.words.days import day_text
from pipeline.words.numbers import number_text

KEY_ROW = 3  # hidden, right above the header row
HEADER_ROW = 4
FIRST_ROW = 5
CARD_FIRST_ROW = 3

_LINED = 20  # rows with lines in an empty table
_PORTRAIT_WIDTH = 135  # tables up to that width are read well on an upright page

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)


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


def write_blank_form(
    path: Path, project: Project, unit: Unit, period: Period, answers: Answers | None = None, sample: bool = False
) -> None:
    """Write the form of `unit` for `period` to `path`."""
    form, plan = project.form, project.plan
    typed = answers or Answers()
    with Book(path, f"{form.title} - {unit.name} - {period.name}", form.creator) as book:
        writer = _FormWriter(book, project, unit, period, sample)
        writer.guide()
        writer.card({**_card_facts(project, unit, period), **typed.card})
        writer.fixed("tasks", [_task_row(project, task.id, unit, period) for task in plan.tasks], typed.tasks)
        writer.fixed("figures", [_figure_row(project, item, unit) for item in plan.indicators], typed.figures)
        writer.open("activities", typed.activities)
        writer.open("requests", typed.requests)
        writer.meta()
        writer.lists()


def _card_facts(project: Project, unit: Unit, period: Period) -> dict[str, Value]:
    facts: dict[str, Value] = {
        "unit_id": unit.unit_id,
        "unit_name": unit.name,
        "year": project.plan.year,
        "period": period.code,
        "date_from": period.date_from,
        "date_to": period.date_to,
        "form_version": project.form.version,
    }
    return {**{item.key: item.default for item in project.form.card.fields}, **facts}


def _task_row(project: Project, task_id: str, unit: Unit, period: Period) -> _Row:
    task = project.plan.task[task_id]
    is_lead = project.plan.leads(task, unit)
    role = project.form.label("role", "lead" if is_lead else "coordinate")
    return _Row(task.id, {**project.printed["tasks"][task.id], "role": role}, is_lead)


def _figure_row(project: Project, item: Indicator, unit: Unit) -> _Row:
    return _Row(item.id, project.printed["indicators"][item.id], project.plan.fills(item, unit), item)


def _runs(rows: Sequence[_Row]) -> Iterator[tuple[int, int, _Row]]:
    """Stretches of neighbouring rows that share one limit, so that each needs one data validation: first, last, a row of it."""
    position = 0
    for (is_own, _), group in groupby(
        rows, key=lambda row: (row.is_own, row.indicator.whole if row.indicator else True)
    ):
        run = list(group)
        if is_own:
            yield position, position + len(run) - 1, run[0]
        position += len(run)


def _between(low: float | date, high: float | date) -> Mapping[str, Any]:
    return {"criteria": "between", "minimum": low, "maximum": high}


class _FormWriter:
    """Writes the sheets of one form in their order."""

    def __init__(self, book: Book, project: Project, unit: Unit, period: Period, sample: bool) -> None:
        self._book, self._project, self._form = book, project, project.form
        self._unit, self._period, self._sample = unit, period, sample
        self._list_columns = {name: index for index, name in enumerate(self._form.choices)}

    def guide(self) -> None:
        form, plan, period, book = self._form, self._project.plan, self._period, self._book
        sheet = book.add(form.guide_sheet)
        example = [
            (item.label, form.example[item.key]) for item in form["activities"].fields if form.example.get(item.key)
        ]
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 92)
        self._heading(sheet, form.title, 2)
        facts = [
            ("Đơn vị", self._unit.name),
            ("Kỳ báo cáo", f"{plan.full_name(period)}: số liệu {period.window}"),
            ("Hạn gửi", f"Hết ngày {day_text(period.last_day)}, gửi {plan.office}"),
            ("Căn cứ", plan.title),
        ]
        row = 3
        for label, text in facts:
            book.put_row(sheet, row, [label, text], ["cell bold", "cell"])
            row += 1
        row += 1
        book.put_row(sheet, row, ["CÁCH ĐIỀN", None], ["bold", "plain"])
        for number, text in enumerate(form.guide, start=1):
            row += 1
            book.put_row(sheet, row, [number, text], ["cell center", "cell"])
            sheet.set_row(row, height([text], [92]))
        row += 2
        book.put_row(sheet, row, [f"MỘT DÒNG ĐIỀN MẪU Ở “{form['activities'].name}”", None], ["bold", "plain"])
        for label, text in example:
            row += 1
            book.put_row(sheet, row, [label, text], ["cell", "cell"])
        page(sheet, landscape=False, header_row=None)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def card(self, values: Mapping[str, Value]) -> None:
        card, book = self._form.card, self._book
        sheet = book.add(card.name)
        sheet.set_column(0, 0, 4, book.style("key"), {"hidden": True})
        sheet.set_column(1, 1, 36)
        sheet.set_column(2, 2, 46)
        sheet.set_column(3, 3, 60)
        self._heading(sheet, card.title, 4, column=1)
        for row, item in enumerate(card.fields, start=CARD_FIRST_ROW):
            value = values.get(item.key)
            book.put(sheet, row, 0, item.key, "key")
            book.put(sheet, row, 1, item.label + (" *" if item.required else ""), "cell bold")
            book.put(sheet, row, 2, value, f"{self._look(item, is_own=item.own, value=value)} left")
            book.put(sheet, row, 3, self._card_hint(item), "note small")
            sheet.set_row(row, height([value, self._card_hint(item)], [46, 66]))
            if item.own:
                self._validate(sheet, item, row, row, 2)
        sheet.freeze_panes(CARD_FIRST_ROW, 0)
        self._protect(sheet)
        page(sheet, landscape=True, header_row=None)

    def fixed(self, sheet_id: str, rows: Sequence[_Row], typed: Mapping[str, Mapping[str, Any]]) -> None:
        declared = self._form[sheet_id]
        sheet = self._table_head(declared)
        widths = [float(item.width) for item in declared.fields]
        for number, line in enumerate(rows, start=FIRST_ROW):
            values: list[Value] = [
                line.printed.get(item.key, typed.get(line.key, {}).get(item.key)) for item in declared.fields
            ]
            styles = [
                self._look(item, line.is_own and item.own, value, line.indicator)
                for item, value in zip(declared.fields, values, strict=True)
            ]
            self._book.put_row(sheet, number, values, styles)
            sheet.set_row(number, height(values, widths))
        for first, last, line in _runs(rows):
            for column, item in enumerate(declared.fields):
                if item.own:
                    self._validate(sheet, item, FIRST_ROW + first, FIRST_ROW + last, column, line.indicator)
        self._finish_table(sheet, declared)

    def open(self, sheet_id: str, typed: Sequence[Mapping[str, Any]]) -> None:
        declared = self._form[sheet_id]
        sheet = self._table_head(declared)
        last = FIRST_ROW + max(declared.open_rows, len(typed)) - 1
        widths = [float(item.width) for item in declared.fields]
        for number in range(FIRST_ROW, last + 1):
            answer = typed[number - FIRST_ROW] if number - FIRST_ROW < len(typed) else {}
            values: list[Value] = [answer.get(item.key) for item in declared.fields]
            styles = [
                self._look(item, True, value, border=number < FIRST_ROW + _LINED or bool(answer))
                for item, value in zip(declared.fields, values, strict=True)
            ]
            self._book.put_row(sheet, number, values, styles)
            if answer:
                sheet.set_row(number, height(values, widths))
        for column, item in enumerate(declared.fields):
            self._validate(sheet, item, FIRST_ROW, last, column)
        # Lines are drawn only round rows in use and a few to begin with, so that an unused form does not print empty pages.
        first = FIRST_ROW + _LINED
        filled = f"=COUNTA($A{first + 1}:${xl_col_to_name(len(declared.fields) - 1)}{first + 1})>0"
        options = {"type": "formula", "criteria": filled, "format": self._book.style("box")}
        accept(sheet.conditional_format(first, 0, last, len(declared.fields) - 1, options), declared.name)
        self._finish_table(sheet, declared)

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
        for name, column in self._list_columns.items():
            for row, text in enumerate([name, *(choice.label for choice in self._form.choices[name])]):
                self._book.put(sheet, row, column, text)
        sheet.protect("")
        sheet.hide()

    def _heading(self, sheet: Worksheet, title: str, columns: int, column: int = 0) -> None:
        """Title, whose and which period; and the sample mark where the figures are invented."""
        last = column + columns - 1
        line = f"{self._unit.name} – {self._project.plan.full_name(self._period)} – số liệu {self._period.window}"
        for row, text, style in (
            (0, title, "title"),
            (1, line, "subtitle"),
            (2, self._form.sample_mark if self._sample else None, "sample"),
        ):
            accept(sheet.merge_range(row, column, row, last, text or "", self._book.style(style)), title)
        sheet.set_row(0, 24)

    def _table_head(self, declared: Sheet) -> Worksheet:
        sheet, book = self._book.add(declared.name), self._book
        for column, item in enumerate(declared.fields):
            sheet.set_column(column, column, item.width)
        for row, text, style in (
            (0, declared.title, "bold large"),
            (1, self._line(), "bold"),
            (2, declared.guidance, "plain"),
        ):
            book.put(sheet, row, 0, text, style)
        book.put_row(sheet, KEY_ROW, list(declared.keys), ["key"] * len(declared.fields))
        sheet.set_row(KEY_ROW, None, None, {"hidden": True})
        labels: list[Value] = [item.label + (" *" if item.required and item.own else "") for item in declared.fields]
        book.put_row(sheet, HEADER_ROW, labels, ["header"] * len(labels))
        sheet.set_row(HEADER_ROW, max(33.0, height(labels, [float(item.width) * 0.9 for item in declared.fields])))
        sheet.freeze_panes(FIRST_ROW, 0)
        return sheet

    def _line(self) -> str:
        mark = f"   {self._form.sample_mark}" if self._sample else ""
        return f"{self._unit.name} – {self._project.plan.full_name(self._period)} – số liệu {self._period.window}{mark}"

    def _finish_table(self, sheet: Worksheet, declared: Sheet) -> None:
        self._protect(sheet)
        page(sheet, landscape=sum(item.width for item in declared.fields) > _PORTRAIT_WIDTH, header_row=HEADER_ROW)

    def _protect(self, sheet: Worksheet) -> None:
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})

    def _card_hint(self, item: Field) -> str:
        if item.key == "period":
            return f"{self._project.plan.full_name(self._period)}"
        return item.hint if item.own else "Đã điền sẵn, xin giữ nguyên."

    def _look(
        self, item: Field, is_own: bool, value: Value = None, indicator: Indicator | None = None, border: bool = True
    ) -> str:
        base = "cell" if border else "wrap"
        base += " open" if is_own else " grey"
        if isinstance(value, str) or not item.kind.style or item.key == "year":
            return base
        has_decimals = item.kind.is_figure and indicator and indicator.decimals
        return f"{base} number1" if has_decimals else f"{base} {item.kind.style}"

    def _validate(
        self, sheet: Worksheet, item: Field, first: int, last: int, column: int, indicator: Indicator | None = None
    ) -> None:
        """The limit of a field as an Excel data validation, with its hint and its error text in Vietnamese."""
        rule = self._rule(item, first, column, indicator)
        options = {
            **rule,
            "ignore_blank": True,
            "input_title": item.label[:32],
            "input_message": item.hint[:255] or None,
            "error_title": "Xin xem lại",
            "error_message": self._error(item)[:255],
        }
        accept(sheet.data_validation(first, column, last, column, options), f"{sheet.get_name()}, {item.key}")

    def _rule(self, item: Field, row: int, column: int, indicator: Indicator | None) -> dict[str, Any]:
        limits: Mapping[Validation, Callable[[], Mapping[str, Any]]] = {
            "length": lambda: {"criteria": "<=", "value": item.max_length},
            "integer": lambda: _between(item.minimum, item.maximum),
            "decimal": lambda: _between(item.minimum, item.maximum),
            "date": lambda: _between(*self._days(item)),
            "list": lambda: {"source": self._list(item)},
            "custom": lambda: {"value": self._formula(item, xl_rowcol_to_cell(row, column), indicator)},
        }
        return {"validate": item.kind.validation, **limits[item.kind.validation]()}

    def _days(self, item: Field) -> tuple[date, date]:
        return (self._period.date_from, self._period.date_to) if item.window else (_EARLIEST, _LATEST)

    def _list(self, item: Field) -> str:
        """Where on the sheet of lists its choices stand."""
        letter = xl_col_to_name(self._list_columns[item.choices])
        return f"={self._form.lists_sheet}!${letter}$2:${letter}${len(self._form.choices[item.choices]) + 1}"

    def _formula(self, item: Field, cell: str, indicator: Indicator | None) -> str:
        """A number within its limits, whole where its indicator is, or one of the words for nothing."""
        whole = f",{cell}=INT({cell})" if indicator is None or indicator.whole else ""
        words = "".join(f',{cell}="{nothing.label}"' for nothing in self._form.nothing.values())
        return f"=OR(AND(ISNUMBER({cell}),{cell}>={item.minimum},{cell}<={item.maximum}{whole}){words})"

    def _error(self, item: Field) -> str:
        limits = {
            "minimum": number_text(item.minimum),
            "maximum": number_text(item.maximum),
            "max_length": number_text(item.max_length),
            "choices": "một lựa chọn trong danh sách xổ xuống",
            "window": self._period.window,
        }
        expected = self._project.catalogue.expected[item.expected].format_map(limits)
        return f"Cần {expected}."
