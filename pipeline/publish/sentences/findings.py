"""The findings of a period in words, for all that stands first: workbook, page, picture, report."""

from collections.abc import Callable, Iterator

from pipeline.publish.report import Report
from pipeline.publish.sentences.doubt import imbalance_words
from pipeline.publish.sentences.phrases import names, written_state
from pipeline.publish.sheets import SHEET
from pipeline.values.states import FindingKind
from pipeline.values.tally import Finding
from pipeline.words.numbers import number_text
from pipeline.words.prose import lowered, percent, prose

# Where each is proved: the first of these sheets that the workbook has.
_PROVED_AT: dict[FindingKind, tuple[str, ...]] = {
    "unfiled": ("filing", "matrix"),
    "none": ("filing", "matrix"),
    "waiting": ("filing", "matrix"),
    "filed": ("filing", "matrix"),
    "task": ("tasks",),
    "doubt": ("figures",),
    "imbalance": ("figures",),
    "done": ("matrix",),
}


def finding_sentences(report: Report, *, has_codes: bool = True) -> list[str]:
    """One sentence a finding, the weightiest first. `has_codes`: before names, as nowhere on paper."""
    return [_sentence(report, finding, number_text, has_codes) for finding in report.tally.findings]


def written_findings(report: Report) -> Iterator[tuple[Finding, str]]:
    """Each with its sentence as papers write it."""
    for finding in report.tally.findings:
        yield finding, _sentence(report, finding, prose, False)


def finding_places(report: Report) -> Iterator[tuple[str, str]]:
    """For each finding the sheet that proves it, and the name of its line there; both empty where none is shown."""
    shown = {sheet.id for sheet in report.shown}
    for finding in report.tally.findings:
        sheets = (sheet for sheet in _PROVED_AT[finding.kind] if sheet in shown and sheet in SHEET)
        yield next(sheets, ""), finding.about


def _sentence(report: Report, finding: Finding, number: Callable[[float], str], has_codes: bool) -> str:
    """The sentence of `schemas/labels.toml`, with what it asks for put in place."""
    told = {
        "left": number(finding.count),
        "whole": number(finding.whole),
        "name": _name(report, finding.about, has_codes),
        "names": names(report, finding.units),
        "states": _states(report, finding, number),
        "measure": _measure(report, finding.about),
        "day": report.period.until,
        "more": _more(report, finding, number),
    }
    return report.label("finding", finding.kind).format(**told)


def _more(report: Report, finding: Finding, number: Callable[[float], str]) -> str:
    """What stands beside the two numbers: the other part of the units, a rate, or the sentence on what disagrees."""
    if finding.kind == "done":
        return percent(int(finding.count), int(finding.whole))
    if finding.kind == "imbalance":
        return imbalance_words(report, report.tally.imbalances[0])
    return number(finding.whole - finding.count)


def _name(report: Report, about: str, has_codes: bool) -> str:
    plan = report.project.plan
    named = {**{task.id: task.short for task in plan.tasks}, **{item.id: item.name for item in plan.indicators}}
    return f"{about} ({named[about]})" if has_codes and about else named.get(about, "")


def _states(report: Report, finding: Finding, number: Callable[[float], str]) -> str:
    """In a paper, whose numbers are written as in prose, as papers write states."""
    named = {state: lowered(report.label("state", state)) for state in finding.states}
    if number is prose:
        named = {state: written_state(report.project, state) for state in finding.states}
    return "; ".join(f"{number(count)} {named[state]}" for state, count in finding.states.items())


def _measure(report: Report, about: str) -> str:
    items = report.project.plan.indicator
    return items[about].measure if about in items else ""
