"""pandera schemas built from the form, run once over the rows of all files together.

Frames come in already typed; each check carries the problem code that its failure means.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import pandas as pd
import pandera.pandas as pa

from pipeline.declare.form import Field, Form, Sheet
from pipeline.declare.kinds import Limit
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.values.forms import Reading, problem_at
from pipeline.values.frames import rows_where, tuples
from pipeline.values.problems import Problem
from pipeline.words.days import day_text
from pipeline.words.numbers import number_text

REQUIRED = "value-required"
Labels = Mapping[str, Sequence[str]]  # the labels of each list of choices, by its name


def build_schema(sheet: Sheet, form: Form, period: Period) -> pa.DataFrameSchema:
    """The schema of one sheet: one column per field that the unit fills."""
    named = {item.choices for item in sheet.fields if item.own and item.kind.limit == "list"}
    labels = tuple((name, tuple(choice.label for choice in form.choices[name])) for name in sorted(named))
    return _schema(sheet, labels, period)


@lru_cache(maxsize=64)  # a folder that is checked asks for the same ones for each of its files
def _schema(sheet: Sheet, labels: tuple[tuple[str, tuple[str, ...]], ...], period: Period) -> pa.DataFrameSchema:
    columns = {item.key: _column(item, sheet, dict(labels), period) for item in sheet.fields if item.own}
    return pa.DataFrameSchema(columns, unique_column_names=True)


def _column(item: Field, sheet: Sheet, labels: Labels, period: Period) -> pa.Column:
    # Fixed rows and the card owe an answer by role, not by shape: their blanks are asked about elsewhere.
    is_required = item.required and sheet.shape == "open"
    checks = list(_CHECKS[item.kind.limit](item, labels, period))
    return pa.Column(item.kind.dtype, checks=checks, nullable=not is_required, name=item.key)


def _length(item: Field, _labels: Labels, _period: Period) -> Iterator[pa.Check]:
    yield pa.Check.str_length(max_value=item.max_length, error="text-too-long")
    if item.pattern:
        yield pa.Check.str_matches(f"^(?:{item.pattern})$", error="document-number-odd")


def _range(item: Field, _labels: Labels, _period: Period) -> Iterator[pa.Check]:
    yield pa.Check.ge(item.minimum, error="negative-number")
    yield pa.Check.le(item.maximum, error="number-too-large")


def _days(item: Field, _labels: Labels, period: Period) -> Iterator[pa.Check]:
    if item.window:
        low, high = pd.Timestamp(period.date_from), pd.Timestamp(period.date_to)
        yield pa.Check.in_range(low, high, error="date-outside-window")


def _listed(item: Field, labels: Labels, _period: Period) -> Iterator[pa.Check]:
    yield pa.Check.isin(labels[item.choices], error="task-unknown" if item.choices == "@tasks" else "choice-unknown")


_CHECKS: Mapping[Limit, Callable[[Field, Labels, Period], Iterator[pa.Check]]] = {
    "length": _length,
    "range": _range,
    "days": _days,
    "list": _listed,
}


def validate(
    frames: Mapping[str, pd.DataFrame], readings: Sequence[Reading], project: Project, period: Period
) -> list[Problem]:
    """Problems of single cells in the filled rows, as many as a cell has."""
    problems = []
    for sheet in project.form.sheets.values():
        frame = frames[sheet.id]
        failures = _failures(build_schema(sheet, project.form, period), rows_where(frame, frame["filled"]))
        places = tuples(frame.loc[[index for _, _, index, _ in failures]], "doc", "row")
        for (code, key, _, value), (doc, row) in zip(failures, places, strict=True):
            if code == REQUIRED and not project.has_field(readings[doc].version, sheet.id, key):
                continue
            shown_value, facts = _detail(code, value, period)
            is_unclear = code == "choice-unknown" and sheet.shape == "card"
            facts = _unclear(sheet.by_key[key], value, project.form) if is_unclear else facts
            told = "control-odd" if is_unclear else code
            problem = problem_at(readings[doc], sheet.id, key, row, told, shown_value, **facts)
            problems.append(replace(problem, on_form=True) if is_unclear else problem)
    return problems


def _unclear(item: Field, value: object, form: Form) -> dict[str, str]:
    """A choice of the card keeps no row out: what is written there is asked about, and counts as no answer."""
    labels = [f"“{choice.label}”" for choice in form.choices[item.choices]]
    return {
        "what": f"“{item.label}” đang ghi “{value}”, chưa rõ là {' hay '.join(labels)}",
        "taken": "Biểu vẫn được nhận, ô này tạm coi là chưa trả lời",
        "asked": f"Đề nghị chọn {' hoặc '.join(labels)}",
    }


def _detail(code: str, value: object, period: Period) -> tuple[object, dict[str, str]]:
    """What to show of the value, and what else the sentence needs."""
    if code == "text-too-long":
        return str(value)[:200], {"length": number_text(len(str(value)))}
    if code == "date-outside-window" and isinstance(value, date):
        day = date(value.year, value.month, value.day)
        return value, {"day": day_text(day), "suggestion": period.swapped_hint(day)}
    return value, {}


def _failures(schema: pa.DataFrameSchema, frame: pd.DataFrame):  # type: ignore[no-untyped-def]
    """(code, field, index, value) of every failing cell, in the order of the sheet."""
    if frame.empty:
        return []
    try:
        schema.validate(frame, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.sort_values(["index", "column"], kind="stable")
        codes = cases["check"].replace({"not_nullable": REQUIRED})
        values = [None if code == REQUIRED else value for code, value in zip(codes, cases["failure_case"], strict=True)]
        return list(zip(codes, cases["column"], cases["index"].astype(int), values, strict=True))
    return []
