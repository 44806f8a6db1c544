"""The four charts of the page for the leader, from the frames of the report; nothing is drawn that a table does not hold."""

from math import isnan

import pandas as pd

from pipeline.declare.plan import Indicator
from pipeline.declare.problems import number_text
from pipeline.publish.page.charts_svg import Bar, Part, paired_chart, stacked_chart
from pipeline.publish.page.elements import Html, joined
from pipeline.publish.page.page_look import GROUPS
from pipeline.publish.report import Report

_FILINGS = ("on-time", "late", "missing")
_TOP = 3
_SAME_LENGTH = 15  # days


def filing_chart(report: Report) -> Html:
    """On time, late and missing by kind of unit."""
    bars = []
    for kind, name in report.project.plan.kinds.items():
        mine = report.filings.loc[report.filings["kind"] == kind, "filing"]
        if len(mine):
            parts = [Part(filing, report.label("received", filing), int((mine == filing).sum())) for filing in _FILINGS]
            bars.append(Bar(name, f"{int((mine != 'missing').sum())}/{len(mine)} đã nộp", parts))
    most = max((sum(part.amount for part in bar.parts) for bar in bars), default=0.0)
    keys = [(filing, report.label("received", filing)) for filing in _FILINGS]
    return stacked_chart("Nộp báo cáo theo loại đơn vị", "Số đơn vị; vạch dài theo số đơn vị của loại đó.", bars, keys, most)


def tasks_chart(report: Report) -> Html:
    """Each task's leads by the state they are in."""
    states = {state: label for state, label in report.project.labels["state"].items() if state != "not-lead"}
    led = report.completeness[report.completeness["state"] != "not-lead"]
    counts = led.groupby(["task_id", "state"]).size()
    bars = []
    for task in report.project.plan.tasks:
        parts = [Part(state, label, int(counts.get((task.id, state), 0))) for state, label in states.items()]
        all_leads = int(sum(part.amount for part in parts))
        bars.append(Bar(f"{task.id} {task.short}", f"{int(counts.get((task.id, 'done'), 0))}/{all_leads}", parts))
    most = max((sum(part.amount for part in bar.parts) for bar in bars), default=0.0)
    seen = set(led["state"])
    keys = [(state, label) for state, label in states.items() if state in seen]
    return stacked_chart("Các nhiệm vụ theo trạng thái", "Số đơn vị chủ trì; con số bên phải: đã hoàn thành / đơn vị chủ trì.", bars, keys, most)


def products_chart(report: Report) -> Html:
    """Who made the main products: shares by kind of unit, and the units with most."""
    plan = report.project.plan
    kinds = {unit.unit_id: unit.kind for unit in report.units}
    present = [kind for kind in plan.kinds if kind in kinds.values()]
    colours = {kind: f"group-{place % GROUPS}" for place, kind in enumerate(present)}
    bars = []
    for item in _main(report):
        values = report.grid[report.grid["indicator_id"] == item.id].set_index("unit_id")["value"].dropna()
        sums = values.groupby(values.index.map(kinds)).sum()
        parts = [Part(colours[kind], plan.kinds[kind], float(sums.get(kind, 0.0))) for kind in present]
        total = f"{number_text(float(values.sum()))} {item.measure}" if len(values) else "chưa có số liệu"
        bars.append(Bar(item.title, total, parts, _leaders(report, values)))
    keys = [(colours[kind], plan.kinds[kind]) for kind in present]
    return stacked_chart("Sản phẩm chính theo loại đơn vị", "Phần của từng loại đơn vị trong số của kỳ này.", bars, keys)


def _leaders(report: Report, values: "pd.Series[float]") -> str:
    most = values[values > 0].sort_values(ascending=False, kind="stable").head(_TOP)
    named = [f"{report.name(str(unit_id))} ({number_text(float(value))})" for unit_id, value in most.items()]
    return f"Nhiều nhất: {'; '.join(named)}" if named else ""


def comparison_chart(report: Report) -> Html:
    """This period beside the one before; nothing where there is none."""
    if report.before is None:
        return joined([])
    previous = report.project.plan.period(report.period.previous)
    now, before = _by_id(report.totals), _by_id(report.before)
    nothing = float("nan")
    bars = []
    for item in _main(report):
        figures = (now.get(item.id, nothing), before.get(item.id, nothing))
        parts = [Part("now", report.period.name, figures[0]), Part("before", previous.name, figures[1])]
        if not all(isnan(figure) for figure in figures):
            bars.append(Bar(f"{item.title} ({item.measure})", "", parts))
    keys = [("now", report.period.name), ("before", previous.name)]
    return paired_chart(f"{report.period.name} và {previous.name}", _comparison_note(report), bars, keys) if bars else joined([])


def _comparison_note(report: Report) -> str:
    """Which days are compared, and why the lengths of the bars may mislead."""
    period, previous = report.period, report.project.plan.period(report.period.previous)
    windows = f"{period.name}: {period.window}; {previous.name}: {previous.window}."
    if previous.code in period.contains:
        return f"{windows} Số của {period.name} đã gồm {previous.name}."
    lengths = [(item.date_to - item.date_from).days for item in (period, previous)]
    if abs(lengths[0] - lengths[1]) > _SAME_LENGTH:
        return f"{windows} Hai kỳ dài ngắn khác nhau nên không so hơn kém trực tiếp."
    return windows


def _main(report: Report) -> list[Indicator]:
    return [item for item in report.project.plan.indicators if item.main]


def _by_id(totals: pd.DataFrame) -> dict[str, float]:
    return {str(name): float(value) for name, value in zip(totals["indicator_id"], totals["this_period"], strict=True)}
