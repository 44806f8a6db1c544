"""PL1 and PL2: the tasks of the plan, counted; and each task of each unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from pipeline.declare.plan import JUDGED, Task
from pipeline.declare.register import Unit
from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.publish.workbook.cells import rate_cell
from pipeline.publish.workbook.heading import annex_lines
from pipeline.publish.workbook.lists import NOTHING
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Page, Styled, Sum, cells_of
from pipeline.values.lines import TaskLine
from pipeline.values.states import STATES, State
from pipeline.values.tally import Ids, Led

_SUM = Sum(0.0)
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
        Column("task_id", "Mã", 7, "cell center", of=lambda line: line.task.id),
        Column("title", "Nhiệm vụ", 40, of=lambda line: line.task.title, total="Tổng cộng"),
        Column("product", "Sản phẩm", 16, of=lambda line: line.task.product),
        Column("due_text", "Thời hạn", 12, "cell center", of=lambda line: line.task.due_text),
        *(_state_column(state, labels[state]) for state in STATES if state != "not-lead"),
        Column("leads", "Đơn vị chủ trì", 7.5, "cell number", of=lambda line: _leads(line, labels), total=_SUM),
        Column("judged", "Phải đánh giá", 7.5, "cell number", of=_judged, total=_SUM),
        Column("judged_done", "Trong đó hoàn thành", 7.5, "cell number", of=_judged_done, total=_SUM),
        Column("rate", "Tỷ lệ", 8, "cell percent", of=_rate, total=rate_cell(report.tally.judged)),
        Column("open_names", "Đơn vị chưa hoàn thành, theo trạng thái", 38, of=lambda line: _open(report, line)),
    )
    block = Block(columns, lines, numbered=True, name_of=lambda line: line.task.id)
    return Page("tasks", (block,), annex_lines(report), remarks=(_RATE_REMARK,))


def _state_column(state: State, label: str) -> Column[_Task]:
    def counted(line: _Task) -> Cell:
        return Formula(f'COUNTIF({line.cells},"{label}")', line.led.counts[state])

    return Column(state, label, 7.5, "cell number", of=counted, total=_SUM)


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
    """A unit with its line of every task, and what it leads."""

    unit: Unit
    tasks: Mapping[str, TaskLine]
    led: Led


def matrix_page(report: Report) -> Page:
    """PL2: one row a unit, one column a task; each cell says the state in words."""
    lines = [
        _Unit(unit, report.judgements[unit.unit_id], report.tally.units[unit.unit_id])
        for unit in report.judged.settlement.units
    ]
    owed, made = _judged_formulas(report)
    columns: tuple[Column[_Unit], ...] = (
        Column("unit_id", "Mã đơn vị", 17.5, "cell id", of=lambda line: line.unit.unit_id),
        Column("unit", "Đơn vị", 32, of=lambda line: line.unit.name),
        *(_task_column(task) for task in report.project.plan.tasks),
        Column("judged", "Phải đánh giá", 7.5, "cell number", of=lambda line: Formula(owed, line.led.rate.total)),
        Column("judged_done", "Hoàn thành", 7.5, "cell number", of=lambda line: Formula(made, line.led.rate.done)),
        Column("rate", "Tỷ lệ", 8, "cell percent", of=lambda line: rate_cell(line.led.rate)),
    )
    return Page("matrix", (Block(columns, lines, has_filter=True),), annex_lines(report), frozen_columns=2)


def _task_column(task: Task) -> Column[_Unit]:
    def state(line: _Unit) -> Styled:
        mine = line.tasks[task.id]
        return Styled(mine.label, f"cell small state-{mine.state}")

    return Column(task.id, f"{task.id}\n{task.short}", 16, of=state)


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
