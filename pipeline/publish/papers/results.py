"""The second part of the report in Word: the figures, one paragraph a section of the plan's indicators, and the tasks."""

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from pipeline.declare.plan import Indicator, Task
from pipeline.publish.papers.document import Grid, Line
from pipeline.publish.report import Report
from pipeline.values.frames import rows_as
from pipeline.values.lines import TotalLine
from pipeline.words.prose import lowered, percent, prose, share

_SETTLED, _SILENT = {"done", "nothing"}, {"missing"}
_UNCOUNTED = ("not-lead",)
_OTHER_SECTION = "Số liệu khác"
_NOT_REPORTED = "chưa có đơn vị nào báo cáo số liệu"
_DISTRICT_STATES = {
    "done": "nhiệm vụ đã xong ở tất cả đơn vị chủ trì",
    "so-far": "nhiệm vụ đã xong ở các đơn vị chủ trì đã báo cáo, còn đơn vị chưa báo cáo",
    "unfinished": "nhiệm vụ còn đơn vị chưa hoàn thành",
    "overdue": "nhiệm vụ có đơn vị quá hạn",
    "silent": "nhiệm vụ chưa có đơn vị chủ trì nào báo cáo",
    "not-due": "nhiệm vụ chưa đến hạn",
}


def tell_results(report: Report) -> Iterator[Line | Grid]:
    """II: one numbered paragraph a section of the plan's indicators, then the tasks."""
    yield Line("II. KẾT QUẢ THỰC HIỆN", "heading")
    is_whole = report.period.cumulative == (report.period.code,)
    told = "Số liệu trong kỳ đồng thời là luỹ kế từ đầu năm." if is_whole else "Luỹ kế tính từ đầu năm."
    yield Line(
        f"Số liệu do các đơn vị báo cáo; sau mỗi chỉ tiêu ghi số đơn vị có số liệu trên số đơn vị phải báo cáo chỉ tiêu đó. {told} "
        "Đơn vị chưa báo cáo hoặc chưa điền không được tính là không phát sinh."
    )
    sections = _sections(report)
    for number, (section, items) in enumerate(sections.items(), start=1):
        yield Line(f"{_section_words(report, items, is_whole)}.", lead=f"{number}. {section}: ")
    yield Line(
        f"{len(sections) + 1}. Kết quả thực hiện {prose(len(report.project.plan.tasks))} nhiệm vụ của Kế hoạch",
        "subheading",
    )
    yield from _task_results(report)


def _sections(report: Report) -> dict[str, list[Indicator]]:
    """Indicators by section, both in the order of the plan."""
    sections: dict[str, list[Indicator]] = {}
    for item in report.project.plan.indicators:
        sections.setdefault(item.section or _OTHER_SECTION, []).append(item)
    return sections


def _section_words(report: Report, items: list[Indicator], is_whole: bool) -> str:
    lines = {line.indicator_id: line for line in rows_as(TotalLine, report.totals)}
    if all(pd.isna(lines[item.id].this_period) and pd.isna(lines[item.id].cumulative) for item in items):
        return _NOT_REPORTED
    return "; ".join(_figure_words(item, lines[item.id], is_whole) for item in items)


def _figure_words(item: Indicator, line: TotalLine, is_whole: bool) -> str:
    """“tin đăng: 125 tin (luỹ kế 310; 28/32 đơn vị)”. What nobody gave is told as not reported, never as zero."""
    remarks = [f"{share(line.units_reporting, line.units_expected)} đơn vị"]
    if item.kind == "flow" and not is_whole:
        remarks.insert(
            0,
            f"luỹ kế: {lowered(line.cumulative_note)}"
            if pd.isna(line.cumulative)
            else f"luỹ kế {prose(line.cumulative)}",
        )
    now = _NOT_REPORTED if pd.isna(line.this_period) else f"{prose(line.this_period)} {item.measure}"
    return f"{lowered(item.title)}: {now} ({'; '.join(remarks)})"


def _task_results(report: Report) -> Iterator[Line | Grid]:
    plan, labels = report.project.plan, report.project.labels["state"]
    by_task = {task.id: count_leads(report, task) for task in plan.tasks}
    states = sum(by_task.values(), Counter[str]())
    counted = [f"{prose(states[state])} lượt {lowered(label)}" for state, label in labels.items() if state in states]
    judged = Counter[str](report.judged["state"])
    rate = f"{share(judged['done'], judged.total())} lượt hoàn thành (đạt {percent(judged['done'], judged.total())})"
    yield Line(f"Tính theo nhiệm vụ: {_district_words(report)}.")
    yield Line(f"Tính theo lượt đơn vị chủ trì ({prose(states.total())} lượt): {'; '.join(counted)}.")
    yield Line(
        f"Trong các nhiệm vụ thường xuyên và đến hạn trong kỳ: {'; '.join([rate, *tell_undone(report, judged)])}."
    )
    shown = [state for state in labels if state not in _UNCOUNTED]
    yield Line("Đơn vị tính: lượt đơn vị chủ trì", "measure")
    rows = []
    for place, task in enumerate(plan.tasks, start=1):
        counts = by_task[task.id]
        rows.append((str(place), task.short, str(counts.total()), *(str(counts[state]) for state in shown)))
    yield Grid(
        header=("TT", "Nhiệm vụ", "Chủ trì", *(labels[state] for state in shown)),
        rows=tuple(rows),
        widths=(8.0, 38.0, 11.0, *([108.0 / len(shown)] * len(shown))),
        words=(1,),
        is_kept=True,
        total=("", "Tổng cộng", str(states.total()), *(str(states[state]) for state in shown)),
    )


def _district_words(report: Report) -> str:
    """Each task once: done when all its leads are, overdue when one of them is; those that have not reported say nothing about it."""
    states = [_district_state(set(count_leads(report, task))) for task in report.project.plan.tasks]
    return "; ".join(
        f"{prose(states.count(state))} {words}" for state, words in _DISTRICT_STATES.items() if state in states
    )


def _district_state(states: set[str]) -> str:
    if states and states <= _SETTLED:
        return "done"
    if "overdue" in states:
        return "overdue"
    if states == _SILENT:
        return "silent"
    if states <= _SETTLED | _SILENT:
        return "so-far"
    return "not-due" if states == {"not-due"} else "unfinished"


def tell_undone(report: Report, states: Counter[str]) -> list[str]:
    """“01 quá hạn”, “02 chưa báo cáo”: every state but done, in the order of the labels."""
    labels = report.project.labels["state"]
    return [
        f"{prose(states[state])} {lowered(label)}"
        for state, label in labels.items()
        if states[state] and state != "done"
    ]


def tell_proved(report: Report, task: Task) -> str:
    """Behind the number of those that have not reported on the task: how many of them had proved it done before; empty when nobody had."""
    proved = report.proved_by_task.get(task.id, {})
    told = ", ".join(
        f"{prose(len(units))} đơn vị đã hoàn thành theo báo cáo {lowered(period)}" for period, units in proved.items()
    )
    return f" (trong đó {told})" if told else ""


def count_leads(report: Report, task: Task) -> Counter[str]:
    """How many of those who lead the task are in each state."""
    return Counter({state: len(units) for state, units in report.states_by_task.get(task.id, {}).items()})
