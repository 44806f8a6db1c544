"""The charts, described once as values: what each shows, its series and their colours by name, its bars.

Two drawers make pictures of them: `workbook/charts.py` native ones, `page/charts_svg.py` SVG. Nothing is drawn that a
table does not hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import isnan, nan
from typing import Literal

from pipeline.declare.plan import Indicator, Task
from pipeline.declare.register import Unit
from pipeline.publish.palette import SERIES
from pipeline.publish.report import Report
from pipeline.publish.sentences.comparison import comparison_note
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import ComparedLine
from pipeline.values.states import FILINGS, STATES, Filing, State
from pipeline.values.tally import Counts, MainFigure
from pipeline.words.numbers import number_text

COMPARED = "Kỳ này và kỳ trước"
LIKE_WITH_LIKE = "Chỉ tính các đơn vị có số cả hai kỳ; kỳ dài ngắn khác nhau thì là số bình quân một tháng."
_PRODUCTS = 3
_MOST_BARS = 60  # units whose names can still be read below one chart
_LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: the key of its amounts, what they count, the name of the colour if not the key.

    `cells`: sheet and column of the workbook where the same amounts stand, bar by bar. `has_key`: whether the key to
    the colours names it.
    """

    key: str
    words: str
    colour: str = ""
    cells: tuple[str, str] | None = None
    has_key: bool = True

    @property
    def look(self) -> str:
        """The name of its colour."""
        return self.colour or self.key


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name for narrow places, what it is, its amounts by series, the figure that people read, a remark.

    `is_apart`: so much larger than the others that it would flatten them on a common scale.
    """

    name: str
    what: str
    amounts: Mapping[str, float]
    figure: str = ""
    remark: str = ""
    is_apart: bool = False

    @property
    def whole(self) -> float:
        """All its parts together."""
        return sum(self.amounts.values())


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart whose bars have their parts one after the other (`stacked`) or beside each other (`paired`).

    `label`: what the workbook calls it, where it is small. `is_share`: every bar is equally long where there is room
    for it, and its parts are shares. `names`: sheet and column of the workbook where the names of the bars stand.
    """

    title: str
    label: str
    series: Sequence[Series]
    bars: Sequence[Bar]
    caption: str = ""
    kind: Literal["stacked", "paired"] = "stacked"
    is_share: bool = False
    names: tuple[str, str] | None = None


def filing_chart(report: Report) -> Chart:
    """On time, late and missing by kind of unit."""
    filings = report.tally.filings
    kinds = {kind: name for kind, name in report.project.plan.kinds.items() if kind in filings.by_kind}
    shown = {"on-time", "late", *report.names_by_filing()}
    return Chart(
        "Nộp báo cáo theo loại đơn vị",
        "Nộp báo cáo theo nhóm đơn vị",
        [Series(filing, report.label("received", filing)) for filing in FILINGS if filing in shown],
        [_filing_bar(name, filings.by_kind[kind], filings.filed_of(kind)) for kind, name in kinds.items()],
        "Số đơn vị; vạch dài theo số đơn vị của loại đó.",
    )


def _filing_bar(name: str, counts: Mapping[Filing, int], filed: str) -> Bar:
    return Bar(name, name, {filing: counts[filing] for filing in FILINGS}, f"{filed} đã nộp")


def tasks_chart(report: Report) -> Chart:
    """Each task's leads by the state they are in."""
    states = [state for state in STATES if state != "not-lead"]
    return Chart(
        "Các nhiệm vụ theo trạng thái",
        "Nhiệm vụ theo trạng thái (số đơn vị chủ trì)",
        [
            Series(state, report.label("state", state), cells=("tasks", state), has_key=report.tally.led[state] > 0)
            for state in states
        ],
        [_task_bar(task, report.tally.tasks[task.id].counts, states) for task in report.project.plan.tasks],
        "Số đơn vị chủ trì; con số bên phải: đã hoàn thành / đơn vị chủ trì.",
        names=("tasks", "task_id"),
    )


def _task_bar(task: Task, counts: Counts, states: Sequence[State]) -> Bar:
    amounts: dict[str, float] = {state: counts[state] for state in states}
    return Bar(task.id, f"{task.id} {task.short}", amounts, f"{counts.done}/{counts.total}")


def products_by_kind_chart(report: Report) -> Chart:
    """Who made the main products: shares by kind of unit, and the units with most."""
    kinds = report.project.plan.kinds
    present = [kind for kind in kinds if any(unit.kind == kind for unit in report.judged.settlement.units)]
    title = "Sản phẩm chính theo loại đơn vị"
    return Chart(
        title,
        title,
        [Series(kind, kinds[kind], f"group-{place % len(SERIES)}") for place, kind in enumerate(present)],
        [_product_bar(report, figure, present) for figure in report.tally.main],
        "Phần của từng loại đơn vị trong số của kỳ này.",
        is_share=True,
    )


def _product_bar(report: Report, figure: MainFigure, kinds: Sequence[str]) -> Bar:
    item = report.project.plan.indicator[figure.indicator_id]
    total = "chưa có số liệu" if isnan(figure.now) else f"{number_text(figure.now)} {item.measure}"
    most = [f"{report.name(unit_id)} ({number_text(value)})" for unit_id, value in figure.most]
    amounts = {kind: figure.by_kind[kind] for kind in kinds}
    return Bar(item.id, item.name, amounts, total, f"Nhiều nhất: {'; '.join(most)}" if most else "")


def products_by_unit_chart(report: Report) -> Chart:
    """The first main products of every unit, whose figures stand in PL4; of very many units those with most of them."""
    main = [report.project.plan.indicator[figure.indicator_id] for figure in report.tally.main[:_PRODUCTS]]
    is_whole = len(report.judged.settlement.units) <= _MOST_BARS
    figures = _figures_by_unit(report, main)
    units = report.judged.settlement.units if is_whole else _those_with_most(report.judged.settlement.units, figures)
    title = "Sản phẩm chính theo đơn vị" + ("" if is_whole else f": {len(units)} đơn vị nhiều nhất")
    bars = [Bar(_short_name(unit), unit.name, figures.get(unit.unit_id, {})) for unit in units]
    return Chart(title, title, _product_series(main, is_whole), bars)


def _product_series(main: Sequence[Indicator], is_whole: bool) -> list[Series]:
    """One a product; their cells are those of PL4 where all units are shown, else none."""
    return [
        Series(item.id, item.name, f"group-{place}", ("by_unit", item.id) if is_whole else None)
        for place, item in enumerate(main)
    ]


def _figures_by_unit(report: Report, main: Sequence[Indicator]) -> Mapping[str, Mapping[str, float]]:
    """What each unit that gave any of them gave of these indicators; nothing for one that it did not give."""
    nothing = dict.fromkeys((item.id for item in main), 0.0)
    figures: dict[str, dict[str, float]] = {}
    for unit_id, indicator_id, value in tuples(report.judged.settlement.grid, "unit_id", "indicator_id", "value"):
        if indicator_id in nothing and not isnan(value):
            figures.setdefault(unit_id, dict(nothing))[indicator_id] = value
    return figures


def _those_with_most(units: Sequence[Unit], figures: Mapping[str, Mapping[str, float]]) -> Sequence[Unit]:
    given = (unit for unit in units if unit.unit_id in figures)
    return nlargest(_MOST_BARS, given, key=lambda unit: sum(figures[unit.unit_id].values()))


def _short_name(unit: Unit) -> str:
    """The name, or where it is too long for an axis, the first of its other names that is not."""
    return next((name for name in (unit.name, *unit.aliases) if len(name) <= _LONGEST_NAME), unit.name)


def comparison_chart(report: Report) -> Chart:
    """The main figures of this period beside those of the one before, which lack where there is none.

    Like stands beside like: the units that gave a figure in both, by the month where the lengths of the two differ.
    Audiences stand apart: they are a hundred times as large as the rest.
    """
    past = report.past
    before = past.period.name if past else "Kỳ trước"
    compared = {line.indicator_id: line for line in rows_as(ComparedLine, report.compared)}
    return Chart(
        f"{report.period.name} và {before}",
        COMPARED,
        (Series("now", report.period.name), Series("before", before)),
        [_comparison_bar(report, figure.indicator_id, compared) for figure in report.tally.main],
        f"{LIKE_WITH_LIKE} {comparison_note(report.period, past)}" if past else "",
        "paired",
    )


def _comparison_bar(report: Report, indicator_id: str, compared: Mapping[str, ComparedLine]) -> Bar:
    item, line = report.project.plan.indicator[indicator_id], compared.get(indicator_id)
    if line is None or not line.same_units:
        now, before = report.total[indicator_id].this_period if line is None else nan, nan
    elif line.is_like:
        now, before = line.same_now, line.same_before
    else:
        now, before = round(line.this_by_month, 1), round(line.before_by_month, 1)
    amounts = {"now": now, "before": before}
    return Bar(item.id, f"{item.name} ({item.measure})", amounts, is_apart="người" in item.measure)
