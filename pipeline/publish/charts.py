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
LIKE_WITH_LIKE = "Chỉ tính các đơn vị có số liệu cả hai kỳ; kỳ dài ngắn khác nhau thì là số bình quân một tháng."
_MOST_BARS = 24  # units whose names can still be read beside one chart
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

    `label`: what it says, which stands above it in the workbook. `is_share`: every bar is equally long where there is
    room for it, and its parts are shares.
    """

    title: str
    label: str
    series: Sequence[Series]
    bars: Sequence[Bar]
    caption: str = ""
    kind: Literal["stacked", "paired"] = "stacked"
    is_share: bool = False


def filing_chart(report: Report) -> Chart:
    """On time, late and missing by kind of unit."""
    filings = report.tally.filings
    kinds = {kind: name for kind, name in report.project.plan.kinds.items() if kind in filings.by_kind}
    shown = {"on-time", "late", *report.names_by_filing()}
    return Chart(
        "Nộp báo cáo theo loại đơn vị",
        f"Đã nộp {filings.filed}/{filings.expected}; {len(filings.out)} chưa có báo cáo hợp lệ",
        [Series(filing, report.label("received", filing)) for filing in FILINGS if filing in shown],
        [_filing_bar(name, filings.by_kind[kind], filings.filed_of(kind)) for kind, name in kinds.items()],
        "Độ dài thanh tương ứng số đơn vị từng loại.",
    )


def _filing_bar(name: str, counts: Mapping[Filing, int], filed: str) -> Bar:
    return Bar(f"{name} ({filed})", name, {filing: counts[filing] for filing in FILINGS}, f"{filed} đã nộp")


def tasks_chart(report: Report) -> Chart:
    """Each task's leads by the state they are in."""
    states = [state for state in STATES if state != "not-lead"]
    return Chart(
        "Các nhiệm vụ theo trạng thái",
        _most_behind(report),
        [
            Series(state, report.label("state", state), cells=("tasks", state), has_key=report.tally.led[state] > 0)
            for state in states
        ],
        [_task_bar(task, report.tally.tasks[task.id].counts, states) for task in report.project.plan.tasks],
        "Số đơn vị chủ trì; con số bên phải: đã hoàn thành / đơn vị chủ trì.",
    )


def _most_behind(report: Report) -> str:
    """What the tasks say: which of them has most left to do, or how much is done."""
    for finding in report.tally.findings:
        if finding.kind == "task":
            left = f"{number_text(finding.count)}/{number_text(finding.whole)}"
            return f"{finding.about} {report.project.plan.task[finding.about].short}: còn {left} đơn vị chưa hoàn thành"
    judged = report.tally.judged
    return f"Đã hoàn thành {judged.done}/{judged.total} lượt nhiệm vụ phải đánh giá"


def _task_bar(task: Task, counts: Counts, states: Sequence[State]) -> Bar:
    amounts: dict[str, float] = {state: counts[state] for state in states}
    name, done = f"{task.id} {task.short}", f"{counts.done}/{counts.total}"
    return Bar(f"{name} ({done})", name, amounts, done)


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
        "Tỷ trọng của từng loại đơn vị trong tổng số kỳ này.",
        is_share=True,
    )


def _product_bar(report: Report, figure: MainFigure, kinds: Sequence[str]) -> Bar:
    item = report.project.plan.indicator[figure.indicator_id]
    total = "chưa có số liệu" if isnan(figure.now) else f"{number_text(figure.now)} {item.measure}"
    most = [f"{report.name(unit_id)} ({number_text(value)})" for unit_id, value in figure.most]
    amounts = {kind: figure.by_kind[kind] for kind in kinds}
    return Bar(item.id, item.name, amounts, total, f"Nhiều nhất: {'; '.join(most)}" if most else "")


def products_by_unit_chart(report: Report) -> Chart:
    """The first main products of every commune, most first; of very many those with most, of other plans all units.

    Only what stands in one section of the plan is added up. Units without a form stand last and are said to be that.
    """
    units, figures = _makers(report), _figures_by_unit(report, main := _first_products(report))
    given = [unit for unit in units if unit.unit_id in figures]
    first = nlargest(_MOST_BARS, given, key=lambda unit: sum(figures[unit.unit_id].values()))
    silent = [unit for unit in units if unit.unit_id in report.tally.filings.out][: _MOST_BARS - len(first)]
    bars = [
        *(Bar(_short_name(unit), unit.name, figures[unit.unit_id]) for unit in first),
        *(Bar(f"{_short_name(unit).removeprefix('Xã ')} (chưa nộp)", unit.name, {}) for unit in silent),
    ]
    title = _most_made(first, figures, main)
    series = [Series(item.id, item.name, f"group-{place}") for place, item in enumerate(main)]
    return Chart(title, title, series, bars)


def _most_made(first: Sequence[Unit], figures: Mapping[str, Mapping[str, float]], main: Sequence[Indicator]) -> str:
    """Who made most, and of how many it is told."""
    if not first:
        return "Chưa có đơn vị nào báo cáo số liệu"
    most = number_text(sum(figures[first[0].unit_id].values()))
    measures = ", ".join(dict.fromkeys(item.measure for item in main))
    of_all = f" ({len(first)} đơn vị nhiều nhất)" if len(first) == _MOST_BARS else ""
    return f"{first[0].name} nhiều nhất: {most} {measures}{of_all}"


def _first_products(report: Report) -> list[Indicator]:
    """The main indicators of the section in which the first of them stands."""
    main = [report.project.plan.indicator[figure.indicator_id] for figure in report.tally.main]
    return [item for item in main if item.section == main[0].section]


def _makers(report: Report) -> Sequence[Unit]:
    """The communes; where a plan has none, all units."""
    units = report.judged.settlement.units
    return [unit for unit in units if unit.kind in report.project.plan.papers.bodies] or units


def _figures_by_unit(report: Report, main: Sequence[Indicator]) -> Mapping[str, Mapping[str, float]]:
    """What each unit that gave any of them gave of these indicators; nothing for one that it did not give."""
    nothing = dict.fromkeys((item.id for item in main), 0.0)
    figures: dict[str, dict[str, float]] = {}
    for unit_id, indicator_id, value in tuples(report.judged.settlement.grid, "unit_id", "indicator_id", "value"):
        if indicator_id in nothing and not isnan(value):
            figures.setdefault(unit_id, dict(nothing))[indicator_id] = value
    return figures


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
    bars = [_comparison_bar(report, figure.indicator_id, compared) for figure in report.tally.main]
    return Chart(
        f"{report.period.name} và {before}",
        _how_many_rose(bars),
        (Series("now", report.period.name), Series("before", before)),
        bars,
        f"{LIKE_WITH_LIKE} {comparison_note(report.period, past)}" if past else "",
        "paired",
    )


def _how_many_rose(bars: Sequence[Bar]) -> str:
    """“Kỳ này và kỳ trước: cao hơn ở 4/7 chỉ tiêu chính”, of those that can be compared."""
    known = [bar.amounts for bar in bars if not any(map(isnan, bar.amounts.values()))]
    rose = sum(amounts["now"] > amounts["before"] for amounts in known)
    return f"{COMPARED}: cao hơn ở {rose}/{len(known)} chỉ tiêu chính" if known else COMPARED


def _comparison_bar(report: Report, indicator_id: str, compared: Mapping[str, ComparedLine]) -> Bar:
    item, line = report.project.plan.indicator[indicator_id], compared.get(indicator_id)
    if line is None or not line.same_units:
        now, before = report.total[indicator_id].this_period if line is None else nan, nan
    elif line.is_like:
        now, before = line.same_now, line.same_before
    else:
        now, before = round(line.this_by_month, 1), round(line.before_by_month, 1)
    amounts = {"now": now, "before": before}
    name = f"{item.id} {item.name.partition(' (')[0]}"
    return Bar(name, f"{item.name} ({item.measure})", amounts, is_apart="người" in item.measure)
