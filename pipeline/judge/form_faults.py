"""When many units stumble over the same field, the form is at fault, not the people: say so to the office."""

from collections.abc import Iterable, Mapping

from pipeline.declare.project import Project
from pipeline.values.problems import Problem
from pipeline.values.states import Severity

_STUMBLES: tuple[Severity, ...] = ("block-row", "question")
_Place = tuple[str, str, str]  # table, field, and of a figure its indicator


def find_form_faults(problems: Iterable[Problem], units_filed: int, project: Project) -> tuple[str, ...]:
    """One sentence for each field that too many of the units that filed got wrong, worst first.

    Too many is the plan's `form_fault_share` of them, and two at least.
    """
    least = max(2.0, project.plan.plausible.form_fault_share * units_filed)
    stumbled = ((len(units), place) for place, units in _who_stumbled(problems, project).items())
    found = sorted((item for item in stumbled if item[0] >= least), key=lambda item: (-item[0], item[1]))
    return tuple(_sentence(count, units_filed, place, project) for count, place in found)


def _who_stumbled(problems: Iterable[Problem], project: Project) -> Mapping[_Place, set[str]]:
    units: dict[_Place, set[str]] = {}
    for problem in problems:
        if problem.table and problem.field and problem.cell and project.catalogue.severity(problem.code) in _STUMBLES:
            row = problem.facts.get("row_name", "") if problem.table == "figures" else ""
            units.setdefault((problem.table, problem.field, row), set()).add(problem.unit_id)
    return units


def _sentence(count: int, units_filed: int, place: _Place, project: Project) -> str:
    table, key, row = place
    sheet = project.form.sheets[table]
    label = sheet.by_key[key].label + (f" ({row})" if row else "")
    where = f"{count}/{units_filed} đơn vị vướng ở “{label}” của {sheet.name}"
    return f"{where}: nên xem lại cách hỏi hoặc hướng dẫn của biểu mẫu."
