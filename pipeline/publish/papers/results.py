"""The second part of the report in Word: the figures, a paragraph a section of the plan's indicators, and the tasks."""

from collections.abc import Iterator, Mapping, Set
from math import isnan

from pipeline.declare.plan import Indicator, Plan, Task
from pipeline.declare.project import Project
from pipeline.publish.papers.document import Grid, Line
from pipeline.publish.papers.told import tell_clauses, untold
from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import doubt_words, earlier_doubt_words, imbalance_words
from pipeline.publish.sentences.own_plans import rate_sentences
from pipeline.publish.sentences.phrases import written_state
from pipeline.publish.sheets import annexed
from pipeline.values.lines import TotalLine
from pipeline.values.states import STATES, State
from pipeline.values.tally import Counts, Ids
from pipeline.words.prose import capitalised, lowered, percent, prose, share

_SHOWN = tuple(state for state in STATES if state != "not-lead")
_SETTLED: Set[State] = {"done", "nothing"}
_SILENT: Set[State] = {"missing"}
_OTHER_SECTION = "Số liệu khác"
NOT_REPORTED = "chưa có đơn vị nào báo cáo số liệu"
_DISTRICT_STATES = {
    "done": "nhiệm vụ được tất cả đơn vị chủ trì hoàn thành",
    "so-far": "nhiệm vụ được các đơn vị đã báo cáo hoàn thành, còn đơn vị chưa báo cáo",
    "unfinished": "nhiệm vụ còn đơn vị chưa hoàn thành",
    "overdue": "nhiệm vụ có đơn vị quá hạn",
    "silent": "nhiệm vụ chưa có đơn vị chủ trì nào báo cáo",
    "not-due": "nhiệm vụ chưa đến hạn",
}


def tell_results(report: Report) -> Iterator[Line | Grid]:
    """II: one numbered paragraph a section of the plan's indicators, then the tasks."""
    yield Line("II. KẾT QUẢ THỰC HIỆN", "heading")
    is_whole = report.period.cumulative == (report.period.code,)
    whole = " Số liệu trong kỳ đồng thời là số lũy kế từ đầu năm." if is_whole else ""
    filings = report.tally.filings
    yield Line(
        f"(Số liệu tổng hợp từ báo cáo của {share(filings.filed, filings.expected)} đơn vị; chỉ tiêu chưa đủ đơn vị "
        f"báo cáo được ghi chú tại {annexed('figures')}, phần chưa báo cáo không tính là không phát sinh.{whole})"
    )
    sections = by_section(report.project.plan)
    for number, (section, items) in enumerate(sections.items(), start=1):
        told = "; ".join([_section_words(report, section, items, is_whole), *rate_sentences(report, section)])
        yield Line(f"{told}.", lead=f"{number}. {section}: ")
        yield from _doubts(report, items, is_whole)
        yield from _imbalances(report, items)
    yield Line(
        f"{len(sections) + 1}. Kết quả thực hiện {prose(len(report.project.plan.tasks))} nhiệm vụ của Kế hoạch",
        "subheading",
    )
    yield from _task_results(report)


def by_section(plan: Plan) -> dict[str, list[Indicator]]:
    """Indicators by section, both in the order of the plan."""
    sections: dict[str, list[Indicator]] = {}
    for item in plan.indicators:
        sections.setdefault(item.section or _OTHER_SECTION, []).append(item)
    return sections


def _section_words(report: Report, section: str, items: list[Indicator], is_whole: bool) -> str:
    """The clauses of the plan, then what no clause could tell, then what is under question in those that could."""
    totals = report.total
    if all(isnan(totals[item.id].this_period) and isnan(totals[item.id].cumulative) for item in items):
        return NOT_REPORTED
    clauses = list(tell_clauses(report.project.plan.told.get(section, ()), totals, is_whole))
    told = frozenset(name for _, names in clauses for name in names)
    left = [_figure_words(item, totals[item.id], is_whole) for item in untold(items, told, totals)]
    return "; ".join((*(words for words, _ in clauses), *left))


def _doubts(report: Report, items: list[Indicator], is_whole: bool) -> Iterator[Line]:
    """Marked for the officer, too: what of the figures of a section units are still asked about."""
    told = [f"{lowered(item.name)}: {words}" for item in items if (words := _doubt_of(report, item, is_whole))]
    if told:
        yield to_settle(f"{'; '.join(told)}.")


def _doubt_of(report: Report, item: Indicator, is_whole: bool) -> str:
    """“trong đó 4.500 tờ của 01 đơn vị đang chờ xác minh”, now and since January; empty where none is."""
    line = report.total[item.id]
    earlier = "" if is_whole or item.kind != "flow" else earlier_doubt_words(line, item.measure, prose)
    return "; ".join(filter(None, (doubt_words(line, item.measure, prose), f"lũy kế: {earlier}" if earlier else "")))


def _figure_words(item: Indicator, line: TotalLine, is_whole: bool) -> str:
    """“tin đăng: 125 tin (lũy kế 310; 28/32 đơn vị)”. What nobody gave is told as not reported, never as zero."""
    remarks = [f"{share(line.units_reporting, line.units_expected)} đơn vị"]
    if item.kind == "flow" and not is_whole:
        gap = f": {lowered(line.cumulative_note)}"
        remarks.insert(0, f"lũy kế{gap if isnan(line.cumulative) else f' {prose(line.cumulative)}'}")
    now = NOT_REPORTED if isnan(line.this_period) else f"{prose(line.this_period)} {item.measure}"
    return f"{lowered(item.name)}: {now} ({'; '.join(remarks)})"


def _imbalances(report: Report, items: list[Indicator]) -> Iterator[Line]:
    """Marked for the officer, who settles it with the units before anybody else reads it: totals that do not agree."""
    names = {item.id for item in items}
    for found in report.tally.imbalances:
        if found.left[0] in names:
            yield to_settle(imbalance_words(report, found))


def to_settle(words: str) -> Line:
    """A line for the officer: what has to be settled with units before anybody else reads the paper."""
    return Line(f"[Lưu ý: {words} Đề nghị xác minh với đơn vị và xóa dòng này trước khi trình.]", "officer")


def _task_results(report: Report) -> Iterator[Line | Grid]:
    """The states of the tasks: by task, by turn of a unit that leads one, and of what counts in rates."""
    led, judged = report.tally.led, report.tally.judged
    counted = "; ".join(
        f"{prose(led[state])} lượt {written_state(report.project, state)}" for state in STATES if led[state]
    )
    rate = f"{share(judged.done, judged.total)} lượt hoàn thành (đạt {percent(judged.done, judged.total)})"
    told = "; ".join([rate, *tell_undone(report, judged)])
    yield Line(f"Tính theo nhiệm vụ: {_district_words(report)}.")
    yield Line(
        "Tính theo lượt nhiệm vụ (mỗi nhiệm vụ của một đơn vị chủ trì là một lượt; tổng số "
        f"{prose(led.total)} lượt): {counted}."
    )
    yield Line(f"Trong các nhiệm vụ thường xuyên và đến hạn trong kỳ: {told}.")
    yield Line("Đơn vị tính: lượt nhiệm vụ", "measure")
    yield _task_table(report)
    yield from _proved_before(report)


def _proved_before(report: Report) -> Iterator[Line]:
    """Below the table, whose columns are the states of this period: what of it was done by an earlier report."""
    for period in report.project.plan.periods:
        if turns := sum(len(led.proved.get(period.code, ())) for led in report.tally.tasks.values()):
            yield Line(
                f"Ghi chú: {prose(turns)} lượt ở cột “{report.label('state', 'missing')}” đã hoàn thành theo báo cáo "
                f"{lowered(period.name)}."
            )


def _task_table(report: Report) -> Grid:
    """One row a task, one column a state, all added up."""
    tasks = report.project.plan.tasks
    return Grid(
        header=("TT", "Nhiệm vụ", "Chủ trì", *(capitalised(written_state(report.project, state)) for state in _SHOWN)),
        rows=tuple(
            (str(place), task.short, *_numbers(report.tally.tasks[task.id].counts))
            for place, task in enumerate(tasks, start=1)
        ),
        widths=(8.0, 38.0, 11.0, *([108.0 / len(_SHOWN)] * len(_SHOWN))),
        words=(1,),
        is_kept=True,
        total=("", "Tổng cộng", *_numbers(report.tally.led)),
    )


def states_by_heading(project: Project) -> Mapping[str, State]:
    """The states by the headings of the table of tasks, those of papers of before among them."""
    before = {project.labels["state"][state]: state for state in STATES}
    return {**before, **{capitalised(written_state(project, state)): state for state in STATES}}


def _numbers(counts: Counts) -> list[str]:
    return [str(counts.total), *(str(counts[state] or "-") for state in _SHOWN)]


def _district_words(report: Report) -> str:
    """Each task once: done when all its leads are, overdue when one of them is.

    Those that have not reported say nothing about it.
    """
    states = [_district_state(set(led.by_state)) for led in report.tally.tasks.values()]
    return "; ".join(
        f"{prose(states.count(state))} {words}" for state, words in _DISTRICT_STATES.items() if state in states
    )


def _district_state(states: Set[State]) -> str:
    if states and states <= _SETTLED:
        return "done"
    if "overdue" in states:
        return "overdue"
    if states == _SILENT:
        return "silent"
    if states <= _SETTLED | _SILENT:
        return "so-far"
    return "not-due" if states == {"not-due"} else "unfinished"


def tell_undone(report: Report, states: Counts) -> list[str]:
    """“01 quá hạn”, “02 chưa báo cáo”: every state but done, in the order of the labels."""
    return [
        f"{prose(states[state])} {written_state(report.project, state)}"
        for state in STATES
        if states[state] and state != "done"
    ]


def proved_before(report: Report, task_id: str) -> Ids:
    """The units that do not report on the task now, and had proved it done before."""
    return tuple(unit_id for units in report.tally.tasks[task_id].proved.values() for unit_id in units)


def tell_proved(report: Report, task: Task) -> str:
    """Behind the number of those that have done the task: of how many of them an earlier report tells it.

    Empty when nobody had.
    """
    told = ", ".join(
        f"{prose(len(units))} đơn vị theo báo cáo {lowered(report.project.plan.period(code).name)}"
        for code, units in report.tally.tasks[task.id].proved.items()
    )
    return f" (trong đó {told})" if told else ""
