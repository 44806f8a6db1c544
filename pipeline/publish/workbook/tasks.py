"""PL1 and PL2: the tasks of the plan, counted; and each task of each unit."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from pipeline.declare.plan import JUDGED, Task
from pipeline.declare.register import Unit
from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.publish.workbook.cells import kind_column, kinds_of, rate_cell, unit_column
from pipeline.publish.workbook.heading import annex_lines
from pipeline.publish.workbook.lists import NOTHING
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Page, Styled, Sum, cells_of
from pipeline.values.lines import TaskLine
from pipeline.values.states import STATES, State
from pipeline.values.tally import Counts, Ids, Led
from pipeline.words.numbers import number_text

_SUM = Sum(0.0)
_NARROW = 6.5  # of a column of counts
_RATE_REMARK = (
    "Tỷ lệ tính trên các nhiệm vụ thường xuyên và đến hạn trong kỳ; "
    "nhiệm vụ chưa đến hạn, theo dõi tiến độ hoặc theo dõi tiếp không nằm trong mẫu số."
)


@dataclass(frozen=True, slots=True)
class _Task:
    """A task, the units that lead it, and how a formula names their cells in PL2."""

    task: Task
    led: Led

    @property
    def cells(self) -> str:
        return cells_of(self.task.id, "matrix")


def tasks_page(report: Report) -> Page:
    """PL1: the tasks with their states counted from PL2, the rate with both of its numbers, the names behind it."""
    lines = [_Task(task, report.tally.tasks[task.id]) for task in report.project.plan.tasks]
    labels = report.project.labels["state"]
    columns: tuple[Column[_Task], ...] = (
        Column("task_id", "Mã", 6.5, "line center", of=lambda line: line.task.id),
        Column("title", "Nhiệm vụ", 27.5, of=lambda line: line.task.title, total="Tổng cộng"),
        Column("product", "Sản phẩm", 12, of=lambda line: line.task.product),
        Column("due_text", "Thời hạn", 10.5, "line center", of=lambda line: line.task.due_text),
        *(_state_column(state, labels[state]) for state in STATES if state != "not-lead"),
        Column("leads", "Số đơn vị chủ trì", _NARROW, "line counted", of=lambda line: _leads(line, labels), total=_SUM),
        Column("judged", "Số lượt phải đánh giá", _NARROW, "line counted", of=_judged, total=_SUM),
        Column("judged_done", "Trong đó hoàn thành", _NARROW, "line counted", of=_judged_done, total=_SUM),
        Column("rate", "Tỷ lệ", 7.5, "line percent", of=_rate, total=rate_cell(report.tally.judged)),
        Column("open_names", "Đơn vị chưa hoàn thành, theo trạng thái", 29.5, of=lambda line: _open(report, line)),
    )
    block = Block(columns, lines, numbered=True, name_of=lambda line: line.task.id)
    return Page("tasks", (block,), annex_lines(report), remarks=(_RATE_REMARK,))


def _state_column(state: State, label: str) -> Column[_Task]:
    def counted(line: _Task) -> Cell:
        return Formula(f'COUNTIF({line.cells},"{label}")', line.led.counts[state])

    return Column(state, label, _NARROW, "line counted", of=counted, total=_SUM)


def _leads(line: _Task, labels: Mapping[str, str]) -> Formula:
    not_led = f'COUNTIF({line.cells},"{labels["not-lead"]}")'
    return Formula(f"COUNTA({line.cells})-{not_led}", line.led.counts.total)


def _judged(line: _Task) -> Cell:
    return Formula("{leads}", line.led.rate.total) if line.led.judged else 0


def _judged_done(line: _Task) -> Cell:
    return Formula("{done}", line.led.rate.done) if line.led.judged else 0


def _rate(line: _Task) -> Formula:
    return rate_cell(line.led.rate)


def _open(report: Report, line: _Task) -> str:
    """Every unit below *Hoàn thành* by state and name, whether the task counts in rates or not."""
    states = {state: units for state, units in line.led.by_state.items() if state not in ("done", "not-due")}
    named = [_in_state(report, state, units) for state, units in states.items()]
    named += [
        f"Trong số chưa báo cáo, đã hoàn thành theo báo cáo {report.project.plan.period(code).name} "
        f"({len(units)}): {_named(report, units)}"
        for code, units in line.led.proved.items()
    ]
    return "\n".join(named) or NOTHING


def _in_state(report: Report, state: State, units: Ids) -> str:
    return f"{report.label('state', state)} ({len(units)}): {_named(report, units)}"


def _named(report: Report, units: Ids) -> str:
    return report.names(units, sheet_named("matrix"))


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit with its running number, its line of every task, and what it leads."""

    place: int
    unit: Unit
    tasks: Mapping[str, TaskLine]
    led: Led


def matrix_page(report: Report) -> Page:
    """PL2: one row a unit, one column a task; each cell says the state in words. Below, how many are done, by kind."""
    lines = [
        _Unit(place, unit, report.judgements[unit.unit_id], report.tally.units[unit.unit_id])
        for place, unit in enumerate(report.judged.settlement.units, start=1)
    ]
    columns: tuple[Column[_Unit], ...] = (
        Column("unit_id", "Mã đơn vị", 17.5, "line id", of=lambda line: line.unit.unit_id, is_printed=False),
        Column("place", "TT", 4.5, "line center", of=lambda line: line.place),
        unit_column(26, lambda line: line.unit.name),
        *(_task_column(report, task) for task in report.project.plan.tasks),
        *_judged_columns(report),
        kind_column(report, lambda line: line.unit),
    )
    block = Block(columns, lines, has_filter=True, parts=kinds_of(report))
    return Page("matrix", (block,), annex_lines(report), remarks=_legend(report), frozen_columns=3)


def _legend(report: Report) -> tuple[str, ...]:
    """What the cells say, each with its number; and how the rows below the units are counted."""
    labels, counts = report.project.labels["state"], report.tally.in_grid
    keys = "; ".join(f"{labels[state]}: {number_text(counts[state])} ô" for state in STATES if counts[state])
    return (
        f"Chú thích: {keys}. Dấu “–” là “{labels['not-lead']}”.",
        "Dòng tổng cộng và từng loại đơn vị: số đơn vị hoàn thành / số đơn vị chủ trì nhiệm vụ đó. "
        "Cột tỷ lệ chỉ tính các nhiệm vụ thường xuyên và đến hạn trong kỳ.",
    )


def _task_column(report: Report, task: Task) -> Column[_Unit]:
    labels, led, cells = report.project.labels["state"], report.tally.tasks[task.id], cells_of(task.id)
    kinds = report.kinds

    def state(line: _Unit) -> Styled:
        mine = line.tasks[task.id]
        return Styled(mine.label, f"line state-{mine.state}")

    def part(kind: str) -> Formula:
        done = sum(kinds[unit_id] == kind for unit_id in led.by_state.get("done", ()))
        leads = sum(kinds[unit_id] == kind for units in led.by_state.values() for unit_id in units)
        mine = f'{cells_of("kind")},"{kind}"'
        others = f'COUNTIFS({mine},{cells},"{labels["not-lead"]}")'
        return _share_cell(f'COUNTIFS({mine},{cells},"{labels["done"]}")', f"COUNTIF({mine})-{others}", done, leads)

    total = _share_cell(
        f'COUNTIF({cells},"{labels["done"]}")',
        f'COUNTA({cells})-COUNTIF({cells},"{labels["not-lead"]}")',
        led.counts.done,
        led.counts.total,
    )
    return Column(task.id, f"{task.id}\n{task.short}", 12.5, of=state, total=total, part=part)


def _share_cell(done: str, leads: str, made: int, owed: int) -> Formula:
    """“16/19”, live; “–” where nobody leads."""
    return Formula(f'IF({leads}=0,"–",{done}&"/"&({leads}))', f"{made}/{owed}" if owed else "–", "line center total")


def _judged_columns(report: Report) -> tuple[Column[_Unit], ...]:
    """How many tasks of a unit count in its rate, how many of them are done, and the rate; the same by kind."""
    owed, made = _judged_formulas(report)
    rates = {
        kind: Counts(sum((Counter(led.rate.of) for led in mine), Counter()))
        for kind in kinds_of(report)
        if (mine := [report.tally.units[name] for name, its_kind in report.kinds.items() if its_kind == kind])
    }

    def part(key: str, of: Callable[[Counts], int]) -> Callable[[str], Cell]:
        return lambda kind: Formula(f'SUMIF({cells_of("kind")},"{kind}",{cells_of(key)})', of(rates[kind]))

    return (
        Column(
            "judged",
            "Phải đánh giá",
            7,
            "line counted",
            of=lambda line: Formula(owed, line.led.rate.total),
            total=_SUM,
            part=part("judged", lambda counts: counts.total),
        ),
        Column(
            "judged_done",
            "Hoàn thành",
            7,
            "line counted",
            of=lambda line: Formula(made, line.led.rate.done),
            total=_SUM,
            part=part("judged_done", lambda counts: counts.done),
        ),
        Column(
            "rate",
            "Tỷ lệ",
            7.5,
            "line percent",
            of=lambda line: rate_cell(line.led.rate),
            total=rate_cell(report.tally.judged),
            part=lambda kind: rate_cell(rates[kind]),
        ),
    )


def _judged_formulas(report: Report) -> tuple[str, str]:
    """How many tasks of a row count in rates, and how many of them are done."""
    labels, areas = report.project.labels["state"], _judged_areas(report)
    owed = (f'COUNTA({area})-COUNTIF({area},"{labels["not-lead"]}")' for area in areas)
    made = (f'COUNTIF({area},"{labels["done"]}")' for area in areas)
    return "+".join(owed) or "0", "+".join(made) or "0"


def _judged_areas(report: Report) -> list[str]:
    """The stretches of a row in which every task counts in rates, as formulas name them: `{NV01}:{NV05}`."""
    runs = groupby(report.project.plan.tasks, key=lambda task: task.obligation[report.period.code] in JUDGED)
    areas = [[task.id for task in tasks] for is_judged, tasks in runs if is_judged]
    return [f"{{{area[0]}}}:{{{area[-1]}}}" for area in areas]
