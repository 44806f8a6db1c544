"""What `trace` does: follow one figure of the workbook to every cell behind it, and say why it is not what it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from pipeline.commands.report import judge_period, make_report
from pipeline.commands.sent_before import sent_before
from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project
from pipeline.judge.submissions import time_text
from pipeline.judged.settlement import Settlement
from pipeline.publish.report import Report
from pipeline.publish.sentences.comparison import difference_sentences, unit_words
from pipeline.reading.periods import Folders, read_periods
from pipeline.values.cells import shown
from pipeline.values.frames import rows_as
from pipeline.values.lines import DifferenceLine, FigureLine
from pipeline.values.tally import DIGITS


@dataclass(frozen=True)
class Trace:
    """One figure of PL3: why it differs from the period before, and where it comes from.

    `lines`: a unit's figure in a period that is added up, with its file, sheet, cell, revision and time. `units`: what
    each unit adds to the difference, most first, with its lines of this period, of the one before, of those added up.
    """

    title: str
    sample_mark: str
    answer: str  # the sentence of `Trả lời nhanh`; empty where there is nothing to compare
    total: float
    cumulative: float
    cumulative_note: str
    compared: Mapping[str, float | None]  # with the period before, see `_compared`; no value where there is none
    causes: Mapping[str, float]  # what of the difference is due to what, see `values.states.Cause`
    lines: tuple[dict[str, Any], ...]
    units: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "indicator": self.title,
            "total": _or_none(self.total),
            "cumulative": _or_none(self.cumulative),
            "cumulative_note": self.cumulative_note,
            **self.compared,
            "causes": dict(self.causes),
            "sample_mark": self.sample_mark,
            "answer": self.answer,
            "lines": list(self.lines),
            "units": list(self.units),
        }


def _or_none(value: float) -> float | None:
    return None if isnan(value) else value


def trace_figure(project: Project, ticket: str, folders: Folders) -> Trace:
    """Follow a ticket such as Q3-CT05 to every unit's own cell: in this period, the one before, those added up."""
    period, item = _asked_for(project, ticket)
    judged = judge_period(project, period, read_periods(project, period, folders))
    report = make_report(judged, project, None, sent_before(judged, project, folders))
    settled = {period.code: judged.settlement, **judged.others}
    codes = dict.fromkeys(code for code in (period.code, period.previous, *period.cumulative) if code)
    found = {code: _traced(settled[code], item.id, report) for code in codes}
    total = report.total[item.id]
    return Trace(
        title=f"{item.id}. {item.name} ({item.measure})",
        sample_mark=report.sample_mark,
        answer=difference_sentences(report).get(item.id, ""),
        total=total.this_period,
        cumulative=total.cumulative,
        cumulative_note=total.cumulative_note,
        compared=_compared(report, item.id),
        causes={cause: round(part.adds, DIGITS) for cause, part in report.tally.differing.get(item.id, {}).items()},
        lines=tuple(line for code in period.cumulative for line in found[code]),
        units=_by_unit(report, item.id, [line for code in codes for line in found[code]]),
    )


def _asked_for(project: Project, ticket: str) -> tuple[Period, Indicator]:
    """The period and the indicator that a ticket names."""
    plan = project.plan
    word, sign, name = ticket.partition("-")
    form = f"mã có dạng {plan.periods[-1].code.upper()}-{plan.indicators[0].id}"
    if not sign or not name:
        raise PipelineError(f"Mã tra cứu “{ticket}” chưa đúng; {form}.")
    period = plan.period(word)
    for item in plan.indicators:
        if item.id.casefold() == name.casefold():
            return period, item
    raise PipelineError(f"Không có chỉ tiêu “{name}” trong kế hoạch năm {plan.year}; {form}.")


def _compared(report: Report, indicator_id: str) -> dict[str, float | None]:
    """The total before, the difference, and what both are by the month where the periods differ in length."""
    numbers = report.compared.drop(columns="this_period").set_index("indicator_id").reindex([indicator_id])
    return {str(key): _or_none(round(float(value), DIGITS)) for key, value in numbers.iloc[0].items()}


def _traced(settled: Settlement, indicator_id: str, report: Report) -> list[dict[str, Any]]:
    """The line of every unit that owes the figure in that period, or gave it."""
    lines = settled.grid[settled.grid["indicator_id"] == indicator_id]
    revisions = dict(zip(settled.cards["doc"], settled.cards["revision"], strict=True))
    docs = lines["doc"].tolist()
    return [
        {
            "period": settled.period.name,
            "unit_id": line.unit_id,
            "unit": report.name(line.unit_id),
            "value": _or_none(line.value),
            "kind_of_nothing": line.kind_of_nothing,
            "nothing": report.nothing_words(line.kind_of_nothing) if line.kind_of_nothing else "",
            "file": line.file,
            "sheet": line.sheet,
            "cell": line.cell,
            "questioned": line.questioned,
            "revision": shown(revisions.get(doc)) if doc >= 0 else "",
            "received_at": time_text(settled.readings[doc].arrival.received_at) if doc >= 0 else "",
        }
        for doc, line in zip(docs, rows_as(FigureLine, lines), strict=True)
    ]


def _by_unit(report: Report, indicator_id: str, lines: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The lines of each unit.

    Where there is a period before, they stand beside what the unit adds to the difference, those that add most first.
    """
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_unit.setdefault(line["unit_id"], []).append(line)
    compared = _added_by(report, indicator_id)
    return tuple(
        {"unit_id": unit_id, "unit": report.name(unit_id), **compared.get(unit_id, {}), "lines": by_unit[unit_id]}
        for unit_id in dict.fromkeys((*compared, *by_unit))
    )


def _added_by(report: Report, indicator_id: str) -> dict[str, dict[str, Any]]:
    """What each unit adds to the difference, most first, and how that is told."""
    mine = report.differences[report.differences["indicator_id"] == indicator_id]
    return {
        line.unit_id: {
            "now": _or_none(line.value),
            "before": _or_none(line.before),
            "difference": round(line.difference, DIGITS),
            "cause": line.cause,
            "told": unit_words(report, line),
        }
        for line in sorted(rows_as(DifferenceLine, mine), key=lambda line: -abs(line.difference))
    }
