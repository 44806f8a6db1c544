"""Answers to a superior's questions: one sentence a task, one a unit; nothing that the grid does not hold."""

from collections.abc import Callable, Mapping, Sequence

from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named


def task_sentence(report: Report, task_id: str) -> str:
    """Done n of N, then every other state with the units by name."""
    states, proved = report.states_by_task.get(task_id, {}), report.proved_by_task.get(task_id, {})
    head = f"{task_id} ({report.project.plan.task[task_id].short}): {_done_of(states)} đơn vị chủ trì hoàn thành"
    return _sentence(report, head, states, proved, lambda units: report.names(units, sheet_named("matrix")))


def unit_sentence(report: Report, unit_id: str) -> str:
    """What one unit has done and owes."""
    states, proved = report.states_by_unit.get(unit_id, {}), report.proved_by_unit.get(unit_id, {})
    filing = report.label("received", report.filing_of[unit_id]).lower()
    head = f"{report.name(unit_id)}: {filing}{report.unfiled_remark(unit_id)}"
    if not states:
        return f"{head}; không chủ trì nhiệm vụ nào."
    head += f"; {_done_of(states)} nhiệm vụ chủ trì hoàn thành"
    return _sentence(report, head, states, proved, ", ".join)


def _done_of(states: Mapping[str, list[str]]) -> str:
    return f"{len(states.get('done', ()))}/{sum(map(len, states.values()))}"


def _sentence(
    report: Report,
    head: str,
    states: Mapping[str, list[str]],
    proved: Mapping[str, list[str]],
    listed: Callable[[Sequence[str]], str],
) -> str:
    """The head, then each state but done with what is in it.

    Last stands what an earlier report proved done of that which is not reported now (`proved`: by period).
    """
    labels = report.project.labels["state"]
    told = [
        f"{label.lower()} ({len(states[state])}): {listed(states[state])}"
        for state, label in labels.items()
        if state in states and state != "done"
    ]
    told += [
        f"trong số chưa báo cáo đã hoàn thành theo báo cáo {period} ({len(those)}): {listed(those)}"
        for period, those in proved.items()
    ]
    return "; ".join([head, *told]) + "."
