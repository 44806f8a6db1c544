"""The four charts of the page for the leader, from the frames of the report; nothing is drawn that a table does not hold."""

from collections import Counter
from collections.abc import Sequence
from heapq import nlargest
from math import fsum, isnan

import pandas as pd

from pipeline.declare.plan import Indicator
from pipeline.publish.page.charts_svg import Bar, Part, paired_chart, stacked_chart
from pipeline.publish.page.elements import Html, joined
from pipeline.publish.page.page_look import GROUPS
from pipeline.publish.report import Report
from pipeline.publish.sentences.comparison import comparison_note
from pipeline.values.frames import tuples
from pipeline.words.numbers import number_text

_FILINGS = ("on-time", "late", "missing")
_TOP = 3


def filing_chart(report: Report) -> Html:
    """On time, late and missing by kind of unit."""
    counts = Counter(tuples(report.filings, "kind", "filing"))
    bars = []
    for kind, name in report.project.plan.kinds.items():
        parts = [Part(filing, report.label("received", filing), counts[kind, filing]) for filing in _FILINGS]
        units = sum(counts[kind, filing] for filing in _FILINGS)
        if units:
            bars.append(Bar(name, f"{units - counts[kind, 'missing']}/{units} đã nộp", parts))
    most = max((sum(part.amount for part in bar.parts) for bar in bars), default=0.0)
    keys = [(filing, report.label("received", filing)) for filing in _FILINGS]
    return stacked_chart(
        "Nộp báo cáo theo loại đơn vị", "Số đơn vị; vạch dài theo số đơn vị của loại đó.", bars, keys, most
    )


def tasks_chart(report: Report) -> Html:
    """Each task's leads by the state they are in."""
    states = {state: label for state, label in report.project.labels["state"].items() if state != "not-lead"}
    bars = []
    for task in report.project.plan.tasks:
        led = report.states_by_task.get(task.id, {})
        parts = [Part(state, label, len(led.get(state, ()))) for state, label in states.items()]
        bars.append(Bar(f"{task.id} {task.short}", f"{len(led.get('done', ()))}/{sum(map(len, led.values()))}", parts))
    most = max((sum(part.amount for part in bar.parts) for bar in bars), default=0.0)
    seen = {state for led in report.states_by_task.values() for state in led}
    keys = [(state, label) for state, label in states.items() if state in seen]
    return stacked_chart(
        "Các nhiệm vụ theo trạng thái",
        "Số đơn vị chủ trì; con số bên phải: đã hoàn thành / đơn vị chủ trì.",
        bars,
        keys,
        most,
    )


def products_chart(report: Report) -> Html:
    """Who made the main products: shares by kind of unit, and the units with most."""
    plan = report.project.plan
    kinds = {unit.unit_id: unit.kind for unit in report.units}
    present = [kind for kind in plan.kinds if kind in kinds.values()]
    colours = {kind: f"group-{place % GROUPS}" for place, kind in enumerate(present)}
    figures: dict[str, list[tuple[str, float]]] = {}
    for indicator_id, unit_id, value in tuples(report.grid, "indicator_id", "unit_id", "value"):
        if not isnan(value):
            figures.setdefault(indicator_id, []).append((unit_id, value))
    bars = []
    for item in _main(report):
        values = figures.get(item.id, [])
        sums = {kind: fsum(value for unit_id, value in values if kinds.get(unit_id) == kind) for kind in present}
        parts = [Part(colours[kind], plan.kinds[kind], sums[kind]) for kind in present]
        total = f"{number_text(fsum(value for _, value in values))} {item.measure}" if values else "chưa có số liệu"
        bars.append(Bar(item.title, total, parts, _leaders(report, values)))
    keys = [(colours[kind], plan.kinds[kind]) for kind in present]
    return stacked_chart(
        "Sản phẩm chính theo loại đơn vị", "Phần của từng loại đơn vị trong số của kỳ này.", bars, keys
    )


def _leaders(report: Report, values: Sequence[tuple[str, float]]) -> str:
    most = nlargest(_TOP, (item for item in values if item[1] > 0), key=lambda item: item[1])
    named = [f"{report.name(unit_id)} ({number_text(value)})" for unit_id, value in most]
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
    return (
        paired_chart(f"{report.period.name} và {previous.name}", comparison_note(report.period, previous), bars, keys)
        if bars
        else joined([])
    )


def _main(report: Report) -> list[Indicator]:
    return [item for item in report.project.plan.indicators if item.main]


def _by_id(totals: pd.DataFrame) -> dict[str, float]:
    return {str(name): float(value) for name, value in zip(totals["indicator_id"], totals["this_period"], strict=True)}
