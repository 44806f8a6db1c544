"""The tables of the page for the leader: units by tasks, main figures, and what goes back to each unit."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import isnan
from urllib.parse import quote

from pipeline.declare.plan import Task
from pipeline.declare.register import Unit
from pipeline.publish.outputs import FEEDBACK
from pipeline.publish.page.elements import Html, joined, table, tag
from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import doubt_words, earlier_doubt_words
from pipeline.publish.sentences.mending import LABELS, back_of
from pipeline.publish.sheets import sheet_named
from pipeline.values.frames import rows_as
from pipeline.values.lines import TotalLine, UnitLine
from pipeline.values.states import UNFILED_AS
from pipeline.words.numbers import number_text


def most_behind(report: Report) -> list[Unit]:
    """All units, or of very many those with most left to do, in the order of the register."""
    filing_of, rates = report.tally.filings.of, {key: led.rate for key, led in report.tally.units.items()}
    left = {unit_id: rate.total - rate.done for unit_id, rate in rates.items()}
    has_filed = {unit_id: filing not in UNFILED_AS for unit_id, filing in filing_of.items()}
    worst = sorted(report.judged.settlement.units, key=lambda unit: (has_filed[unit.unit_id], -left[unit.unit_id]))
    first = {unit.unit_id for unit in worst[: report.project.plan.outputs.most_units]}
    return [unit for unit in report.judged.settlement.units if unit.unit_id in first]


def _grid_head(tasks: Iterable[Task]) -> list[Html]:
    return [
        tag("th", "Đơn vị", scope="col"),
        *(tag("th", task.id, tag("small", task.short), scope="col") for task in tasks),
        tag("th", "Hoàn thành", tag("small", "/ phải đánh giá"), scope="col", class_="number"),
    ]


def grid_table(report: Report, shown: Sequence[Unit]) -> Html:
    """One row a unit, one column a task; a cell is the label of its state, and nothing else."""
    plan = report.project.plan
    head = _grid_head(plan.tasks)
    bodies = []
    for kind, units in groupby(shown, key=lambda unit: unit.kind):
        group = tag("th", tag("span", plan.kinds[kind]), scope="rowgroup", colspan=len(head), class_="group")
        bodies.append(tag("tbody", tag("tr", group), *(_unit_row(report, unit) for unit in units)))
    return table(head, bodies, "Trạng thái từng nhiệm vụ của từng đơn vị", "grid")


def _unit_row(report: Report, unit: Unit) -> Html:
    rate = report.tally.units[unit.unit_id].rate
    mine = report.judgements[unit.unit_id].values()
    return tag(
        "tr",
        tag("th", unit.name, scope="row"),
        *(tag("td", line.label, class_=f"state-{line.state}") for line in mine),
        tag("td", f"{rate.done}/{rate.total}" if rate.total else "–", class_="number"),
        id=unit.unit_id,
    )


def figures_table(report: Report) -> Html:
    """The main indicators: this period, from the start of the year, how many units stand behind them, and the gaps."""
    head = [
        tag("th", "Chỉ tiêu", scope="col"),
        *(tag("th", label, scope="col", class_="number") for label in ("Kỳ này", "Lũy kế")),
        tag("th", "Đơn vị có số liệu", scope="col", class_="number"),
    ]
    rows = [_figure_row(report, figure.total) for figure in report.tally.main]
    return table(head, [tag("tbody", *rows)], "Số liệu chính", "figures")


def _figure_row(report: Report, line: TotalLine) -> Html:
    item = report.project.plan.indicator[line.indicator_id]
    reason = tag("span", line.cumulative_note, class_="reason")
    added = reason if isnan(line.cumulative) else _doubted(line.cumulative, earlier_doubt_words(line, item.measure))
    now = _doubted(line.this_period, doubt_words(line, item.measure))
    numbers = (now, added, f"{line.units_reporting}/{line.units_expected}")
    return tag(
        "tr",
        tag("th", item.name, tag("small", f"{item.measure}; {_gaps(report, item.id)}"), scope="row"),
        *(tag("td", text, class_="number") for text in numbers),
    )


def _doubted(value: float, words: str) -> Html:
    """A number, and what of it is under question."""
    return joined([_number(value), tag("span", words, class_="doubt") if words else ""])


def _number(value: float) -> str:
    return "chưa có" if isnan(value) else number_text(value)


def _gaps(report: Report, indicator_id: str) -> str:
    """Which units have no figure; those that have not filed are named once, in the part on filing."""
    words = []
    for kind, units in report.tally.gaps.get(indicator_id, {}).items():
        meaning = report.nothing_words(kind)
        words.append(
            f"{len(units)} đơn vị {meaning}"
            if kind == "not-reported"
            else f"{report.names(units, sheet_named('by_unit'))} ({meaning})"
        )
    return f"còn thiếu số liệu của {'; '.join(words)}" if words else "đủ số liệu của các đơn vị"


def feedback_table(report: Report, returned: Mapping[str, str]) -> Html:
    """Each unit with the state of its report, what goes back to it where something does, and its message.

    `returned` says why it is only a list. Of very many units those come first to which something goes back.
    """
    head = [tag("th", text, scope="col") for text in ("Đơn vị", "Tình trạng", "Gửi lại đơn vị")]
    most = report.project.plan.outputs.most_units
    lines = list(rows_as(UnitLine, report.filings))
    if len(lines) > most:
        lines = sorted(lines, key=lambda line: line.unit_id not in returned)[:most]
    rows = [_feedback_row(report, line, returned.get(line.unit_id)) for line in lines]
    return table(head, [tag("tbody", *rows)], "Biểu và lời nhắn gửi lại từng đơn vị", "files")


def _feedback_row(report: Report, line: UnitLine, reason: str | None) -> Html:
    state = [report.label("received", line.filing)]
    if line.verdict != "missing":
        state.append(report.label("verdict", line.verdict))
    links = [_door(f"{FEEDBACK}/{line.unit_id}.txt", "Lời nhắn", line.name)]
    if reason is not None:
        links.insert(0, _door(f"{FEEDBACK}/{line.unit_id}.xlsx", LABELS[back_of(reason)], line.name))
    return tag(
        "tr",
        tag("th", line.name, scope="row"),
        tag("td", _spaced(state)),
        tag("td", _spaced(links)),
    )


def _spaced(texts: Iterable[str]) -> Html:
    """Each in a box of its own, with a blank behind it for those who hear the page."""
    return joined(joined([tag("span", text), " "]) for text in texts)


def _door(target: str, text: str, unit: str) -> Html:
    return tag("a", text, tag("span", f" của {unit}", class_="heard"), href=quote(target))
