"""What a form tells its unit of earlier reports: beside the cells to fill, locked, and never in them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.declare.form import Form, Sheet
from pipeline.declare.plan import Indicator, Period, Task
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.excel import Value
from pipeline.values.known import Known
from pipeline.words.lists import named

STANDING, _PREVIOUS = "standing", "previous"
_FEW = 4  # names that a note on a cell has room for


def note_on_task(project: Project, task: Task, unit: Unit, period: Period, known: Known) -> str:
    """Why a task that the unit leads needs no report now; empty where it does, or where the form has no room for it."""
    words = project.form.known
    if STANDING not in project.form["tasks"].by_key:
        return ""
    if task.id in known.done:
        return words["done"].format(periods=project.plan.period(known.done[task.id]).name)
    return words["not_due"] if project.plan.obligation(task, unit, period) == "not-due" else ""


def figure_told(item: Indicator, known: Known) -> Mapping[str, Value]:
    """What was reported before of one indicator."""
    return {_PREVIOUS: known.figures[item.id]} if item.id in known.figures else {}


def told_in_guide(form: Form, known: Known) -> Iterator[tuple[Value, Value]]:
    """The line of the guide that says of which period the figures of before are, where the form shows any."""
    item = form["figures"].by_key.get(_PREVIOUS)
    if item and (known.figures or known.lacking):
        yield f"Cột “{item.label}”", form.known["before"].format(periods=known.periods) + _merged(form, known)


def prompts(
    declared: Sheet, form: Form, ids: Sequence[str], known: Known
) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    """Row, counted from the first, column, and what Excel says there when somebody stands on the cell."""
    if _PREVIOUS not in declared.by_key:
        return
    column, label = declared.keys.index(_PREVIOUS), declared.by_key[_PREVIOUS].label
    for place, name in enumerate(ids):
        if name in known.figures:
            closing = known.closing.get(name, "")
            words = form.known["closing" if closing else "before"]
            told = words.format(periods=known.periods, figures=closing) + _merged(form, known)
        elif name in known.lacking:
            told = form.known["no_sum"].format(periods=known.periods, units=_some(known.lacking[name]))
        else:
            continue
        yield place, column, {"validate": "any", "input_title": label, "input_message": told}


def _merged(form: Form, known: Known) -> str:
    """That the figures are those of the units that became this one."""
    return form.known["merged"].format(units=_some(known.merged)) if known.merged else ""


def _some(names: Sequence[str]) -> str:
    return named(names, _FEW, "đơn vị khác")
