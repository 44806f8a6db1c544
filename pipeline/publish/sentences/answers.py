"""Answers to a superior's questions: one sentence a task, one a unit; nothing that the grid does not hold."""

from collections.abc import Callable

from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.values.states import STATES
from pipeline.values.tally import Ids, Led

_MANY = 4  # of which all need not be named


def task_sentence(report: Report, task_id: str) -> str:
    """Done n of N, then every other state with the units by name."""
    led = report.tally.tasks[task_id]
    head = f"{task_id} ({report.project.plan.task[task_id].short}): {_done_of(led)} đơn vị chủ trì hoàn thành"
    return _sentence(report, head, led, lambda units: report.names(units, sheet_named("matrix")), "đơn vị")


def unit_sentence(report: Report, unit_id: str) -> str:
    """What one unit has done and owes."""
    led = report.tally.units[unit_id]
    filing = report.label("received", report.tally.filings.of[unit_id]).lower()
    head = f"{report.name(unit_id)}: {filing}"
    if not led.by_state:
        return f"{head}; không chủ trì nhiệm vụ nào."
    return _sentence(report, f"{head}; {_done_of(led)} nhiệm vụ chủ trì hoàn thành", led, ", ".join, "nhiệm vụ")


def _done_of(led: Led) -> str:
    return f"{led.counts.done}/{led.counts.total}"


def _sentence(report: Report, head: str, led: Led, listed: Callable[[Ids], str], of: str) -> str:
    """The head, then each state but done with what is in it; `of` many that are all in one state are not listed.

    Last stands what an earlier report proved done of that which is not reported now.
    """
    plan = report.project.plan
    told = [
        f"{report.label('state', state).lower()} ({len(led.by_state[state])}): {listed(led.by_state[state])}"
        if len(led.by_state[state]) < max(_MANY, led.counts.total)
        else f"{report.label('state', state).lower()}: tất cả {len(led.by_state[state])} {of}"
        for state in STATES
        if state in led.by_state and state != "done"
    ]
    told += [
        f"trong số chưa báo cáo đã hoàn thành theo báo cáo {plan.period(code).name} ({len(those)}): {listed(those)}"
        for code, those in led.proved.items()
    ]
    return "; ".join([head, *told]) + "."
