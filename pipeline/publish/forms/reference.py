"""The form as a page for maintainers: everything that is declared, as Markdown tables.

In: the declarations of one plan year. Out: the text of `docs/form-reference.md`, the same for the same declarations.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from pipeline.declare.form import Field, Sheet
from pipeline.declare.kinds import Limit
from pipeline.declare.plan import Period, Task
from pipeline.declare.project import Project
from pipeline.words.days import day_text
from pipeline.words.numbers import number_text

_SHAPES = {
    "card": "a card, one line a field",
    "fixed": "one fixed row for each of the plan's {rows}",
    "open": "{open_rows} open rows",
    "open_of_a_year": "{open_rows} open rows, {year} in the form of a year",
}


def form_reference(project: Project) -> str:
    """Every sheet, field, choice, indicator, task, period, check and problem code, in the order of the declarations."""
    sections = (_head, _sheets, _choices, _nothing, _periods, _tasks, _indicators, _groups, _checks, _problems)
    return "\n".join(line for section in sections for line in section(project))


def _head(project: Project) -> Iterator[str]:
    form, plan = project.form, project.plan
    yield "# Form reference"
    yield ""
    about = f"Form `{form.id}` {form.version}, plan of {plan.year}."
    yield f"{about} This page is written from `schemas/` by `python -m pipeline reference`;"
    yield "change the declarations and write it again, never the page itself."
    yield ""


def _sheets(project: Project) -> Iterator[str]:
    form = project.form
    yield "## Sheets"
    yield ""
    listed = [(sheet.name, f"`{sheet.id}`", _shape(sheet)) for sheet in form.sheets.values()]
    silent = [(name, "", "no answers are read here") for name in form.silent_sheets]
    yield from _table(("sheet", "key", "shape"), [*listed, *silent])
    for sheet in form.sheets.values():
        yield from _sheet(sheet)


def _shape(sheet: Sheet) -> str:
    words = _SHAPES["open_of_a_year" if sheet.open_rows_of_a_year else sheet.shape]
    return words.format(rows=sheet.rows, open_rows=sheet.open_rows, year=sheet.open_rows_of_a_year)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"### {sheet.name}"
    yield ""
    if sheet.guidance:
        yield sheet.guidance
        yield ""
    rows = [
        (f"`{item.key}`", item.label, item.type, _answer(item, sheet), _limits(item), item.hint, item.example)
        for item in sheet.fields
    ]
    yield from _table(("key", "label", "type", "answer", "accepts", "hint", "example"), rows)


def _answer(item: Field, sheet: Sheet) -> str:
    """Who fills it, and whether a blank is a problem.

    Fixed rows owe answers by role, so that only lead rows are asked about.
    """
    if item.locked:
        return "pre-filled, locked" + (", out of sight" if item.unseen else "")
    default = f", pre-filled “{item.default}”" if item.default is not None else ""
    if item.required:
        return ("required on rows that are the unit's" if sheet.shape == "fixed" else "required") + default
    return "not asked for" if item.auto else "optional" + default


def _limits(item: Field) -> str:
    if item.locked:
        return ""
    pattern = f", as `{item.pattern}`" if item.pattern else ""
    limits: Mapping[Limit, str] = {
        "length": f"up to {number_text(item.max_length)} characters{pattern}",
        "range": f"{number_text(item.minimum)} to {number_text(item.maximum)}",
        "days": "a day of the data window" if item.window else "any day",
        "list": f"list `{item.choices}`",
    }
    return limits[item.kind.limit]


def _choices(project: Project) -> Iterator[str]:
    yield "## Choices"
    yield ""
    rows = [
        (f"`{name}`", f"`{choice.id}`", choice.label, "; ".join(choice.aliases))
        for name, choices in project.form.choices.items()
        for choice in choices
        if name != "@tasks"
    ]
    rows.append(("`@tasks`", "", "the task ids of the plan", "the title or short name of a task"))
    yield from _table(("list", "id", "label", "also understood"), rows)


def _nothing(project: Project) -> Iterator[str]:
    yield "## Ways of saying nothing"
    yield ""
    yield (
        "A blank is none of these: it means *not filled in*, and is never zero unless the card says that nothing arose"
        " in the whole period."
    )
    yield ""
    rows = [
        (
            f"`{name}`",
            item.label,
            item.meaning,
            "counts as 0" if item.counts_as_zero else "a gap in the total",
            "; ".join(item.aliases),
        )
        for name, item in project.form.nothing.items()
    ]
    yield from _table(("kind", "written", "meaning", "in totals", "also understood"), rows)


def _periods(project: Project) -> Iterator[str]:
    yield "## Periods"
    yield ""
    rows = [
        (
            " · ".join(f"`{word}`" for word in (period.code, *period.also)),
            period.name,
            f"{day_text(period.date_from)} – {day_text(period.date_to)}",
            day_text(period.last_day),
            " + ".join(period.cumulative),
            " + ".join(period.contains),
            period.previous,
        )
        for period in project.plan.periods
    ]
    yield from _table(
        ("word", "name", "data window", "last day on time", "cumulative", "contains", "compared with"), rows
    )


def _tasks(project: Project) -> Iterator[str]:
    plan = project.plan
    yield "## Tasks"
    yield ""
    rows = [
        (
            task.id,
            task.short,
            "; ".join(task.leads),
            task.due_text,
            _due(task.due),
            *_obligations(task, plan.periods),
            _proofs(task),
        )
        for task in plan.tasks
    ]
    yield from _table(
        (
            "id",
            "task",
            "leads",
            "due, in the plan's words",
            "due",
            *(period.code for period in plan.periods),
            "remarks",
        ),
        rows,
    )


def _due(day: date) -> str:
    return "" if day == date.max else day_text(day)


def _obligations(task: Task, periods: Iterable[Period]) -> list[str]:
    return [task.obligation[period.code] for period in periods]


def _proofs(task: Task) -> str:
    never = "" if task.may_not_arise else "must arise"
    return "; ".join(filter(None, (never, f"needs {' and '.join(task.needs)} above 0" if task.needs else "")))


def _indicators(project: Project) -> Iterator[str]:
    yield "## Indicators"
    yield ""
    rows = [
        (
            item.id,
            item.title,
            item.measure,
            item.kind,
            "whole" if item.whole else "decimals allowed",
            "; ".join(f"`{group}`" for group in item.groups),
            "; ".join(
                word
                for is_so, word in (
                    (item.optional, "blank is not asked about"),
                    (item.large, "may be large"),
                    (item.main, "on the first sheet"),
                )
                if is_so
            ),
            item.how,
        )
        for item in project.plan.indicators
    ]
    columns = ("id", "indicator", "measure", "kind", "number", "filled by", "remarks", "how a unit counts it")
    yield from _table(columns, rows)


def _groups(project: Project) -> Iterator[str]:
    plan = project.plan
    yield "## Groups of units"
    yield ""
    kinds = [(f"`{name}`", f"every unit of the kind “{label}”") for name, label in plan.kinds.items()]
    yield from _table(
        ("name", "who"), [*((f"`{name}`", "; ".join(members)) for name, members in plan.groups.items()), *kinds]
    )


def _checks(project: Project) -> Iterator[str]:
    yield "## Checks between figures"
    yield ""
    yield "All of them are questions; docs/rules.md says what each kind of rule means."
    yield ""
    rows = []
    for check in project.plan.checks:
        limits = (
            f"{number_text(check.low)} to {number_text(check.high)}"
            if check.rule == "range"
            else f"{check.share:.0%}"
            if check.share
            else ""
        )
        right = " + ".join(check.right) or "; ".join(f"`{form}`" for form in check.forms) or limits
        rows.append((check.id, f"`{check.rule}`", " + ".join(check.left), right, check.why))
    yield from _table(("rule", "kind", "left", "right", "why"), rows)


def _problems(project: Project) -> Iterator[str]:
    catalogue = project.catalogue
    yield "## Problem codes"
    yield ""
    yield (
        "Words in braces are filled in for each problem. Where a code leaves out what is expected or the example, the"
        " field's own line supplies it."
    )
    yield ""
    for severity, label in catalogue.severities.items():
        yield f"### {label} (`{severity}`)"
        yield ""
        rows = [
            (
                f"`{code}`",
                entry.title,
                entry.found,
                entry.expected or catalogue.defaults["expected"],
                entry.example or catalogue.defaults["example"],
            )
            for code, entry in catalogue.codes.items()
            if entry.severity == severity
        ]
        yield from _table(("code", "title", "found", "expected", "example"), rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _line(columns)
    yield _line(["---"] * len(columns))
    yield from (_line(row) for row in rows)
    yield ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"
