"""When many units stumble over the same field, the form is at fault, not the people: say so to the office."""

from collections.abc import Iterable

from pipeline.declare.project import Project
from pipeline.values.problems import Problem
from pipeline.values.states import Severity

_STUMBLES: tuple[Severity, ...] = ("block-row", "question")


def find_form_faults(problems: Iterable[Problem], units_filed: int, project: Project) -> tuple[str, ...]:
    """One sentence for each field that at least the plan's `form_fault_share` of the filed units got wrong, worst first."""
    units: dict[tuple[str, str, str], set[str]] = {}
    for problem in problems:
        if problem.field and problem.cell and project.catalogue.severity(problem.code) in _STUMBLES:
            row = problem.facts.get("row_name", "") if problem.table == "figures" else ""
            units.setdefault((problem.table, problem.field, row), set()).add(problem.unit_id)
    least = max(2.0, project.plan.plausible.form_fault_share * units_filed)
    found = sorted(
        ((len(who), place) for place, who in units.items() if len(who) >= least), key=lambda item: (-item[0], item[1])
    )
    return tuple(_sentence(count, units_filed, place, project) for count, place in found)


def _sentence(count: int, units_filed: int, place: tuple[str, str, str], project: Project) -> str:
    table, key, row = place
    sheet = project.form.sheets[table]
    label = sheet.by_key[key].label + (f" ({row})" if row else "")
    return f"{count}/{units_filed} đơn vị vướng ở “{label}” của {sheet.name}: nên xem lại cách hỏi hoặc hướng dẫn của biểu mẫu."
