"""What the invented submissions are made of, loaded from `schemas/samples.toml`.

Unknown keys, units, tasks, forms and indicators are refused, so that a change in the plan cannot quietly spoil the
samples.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.declare.errors import PipelineError
from pipeline.declare.facts import build, read_toml
from pipeline.declare.project import Project
from pipeline.declare.register import Unit


@dataclass(frozen=True, slots=True)
class Kind:
    """How units of one kind are spoken of, and in which roles people fill in and sign."""

    unit: str
    seat: str
    hamlet: str
    prepared: tuple[str, ...]
    signed: tuple[str, ...]
    title: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is particular to one unit: its everyday name, the letters in its document numbers, who signs.

    `size` is its scale in percent.
    """

    short: str = ""
    sign: str = "UBND"
    size: int = 100
    signed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A sort of reporter: who belongs to it, how many activities it lists in a quarter and at least for each task."""

    units: tuple[str, ...]
    activities: tuple[int, int]
    each_task: int


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """What is written on a task under one obligation."""

    statuses: tuple[str, ...]
    results: tuple[str, ...]
    begun: tuple[str, ...] = ()
    blank: int = 0
    is_done: bool = False
    expected: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What one row of Biểu 3 in this form of propaganda holds."""

    quantity: tuple[int, int]
    venue: tuple[str, ...]
    evidence: tuple[str, ...]
    people: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class FigureRule:
    """How one figure of a quarter comes about; the keys are explained in the file."""

    id: str
    range: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    per: int = 1
    step: int = 1
    often: int = 100
    blank: int = 0
    steady: bool = False
    carries: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """A title for Biểu 3."""

    task: str
    area: str
    forms: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Request:
    """A line for Biểu 4."""

    kind: str
    content: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person typed over one row, honest mistakes included."""

    table: str
    row: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """One file that a unit sends; all defaults make the ordinary one."""

    unit: str
    file: str = ""
    received: datetime | None = None
    channel: str = ""
    note: str = ""
    period: str = ""
    only_edits: bool = False
    without: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One period: its scale, when and under which names files come, who is silent, whose files are out of the ordinary.

    `before`: the period whose figures carry over. `older_forms`: by version, the units that file by an older form.
    """

    flow: int
    activities: int
    steady: int
    days: tuple[date, ...]
    names: tuple[str, ...]
    missing: tuple[str, ...] = ()
    files: tuple[Sending, ...] = ()
    before: str = ""
    older_forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def version_of(self, unit: Unit) -> str:
        """The older version of the form that a unit still has; empty for that of the plan."""
        return next((version for version, units in self.older_forms.items() if unit.unit_id in units), "")


@dataclass(frozen=True)
class Content:
    """The whole file."""

    year: int
    sample_word: str
    hours: tuple[int, ...]
    holidays: tuple[date, ...]
    channels: tuple[str, ...]
    plan_number: str
    plan_days: tuple[date, ...]
    report_number: str
    kinds: Mapping[str, Kind]
    units: Mapping[str, UnitFacts]
    profiles: Mapping[str, Profile]
    answers: Mapping[str, TaskAnswer]
    forms: Mapping[str, FormFacts]
    figures: tuple[FigureRule, ...]
    titles: Mapping[str, tuple[Title, ...]]
    requests: Mapping[str, tuple[tuple[Request, ...], ...]]
    periods: Mapping[str, Scenario]

    def facts(self, unit: Unit) -> UnitFacts:
        return self.units.get(unit.unit_id, UnitFacts())


def load_content(path: Path, project: Project) -> Content:
    """Read the file; refuse whatever the plan, the form or the register does not know."""
    content = build(Content, read_toml(path), str(path))
    for sentence in _contradictions(content, project):
        raise PipelineError(f"{path}: {sentence}")
    return content


def _contradictions(content: Content, project: Project) -> Iterator[str]:
    sendings = [sending for scenario in content.periods.values() for sending in scenario.files]
    titles = [title for titles in content.titles.values() for title in titles]
    for key, names, used in (
        *_in_sendings(content, sendings, project),
        ("kinds", content.kinds, project.plan.kinds),
        ("figures", project.plan.indicator, [rule.id for rule in content.figures]),
        *_in_titles(content, titles, project),
    ):
        for name in used:
            if name not in names:
                yield f"khóa “{key}”: không có “{name}” trong kế hoạch, biểu mẫu hoặc danh sách đơn vị."
    if content.year != project.plan.year:
        yield f"khóa “year”: dữ liệu mẫu là của năm {content.year}, không phải năm {project.plan.year}."


_Names = tuple[str, Collection[str], Iterable[str]]  # a key, the names that there are, those that are used


def _in_sendings(content: Content, sendings: Sequence[Sending], project: Project) -> Iterator[_Names]:
    scenarios = content.periods.values()
    silent = [unit_id for scenario in scenarios for unit_id in scenario.missing]
    behind = [unit_id for scenario in scenarios for units in scenario.older_forms.values() for unit_id in units]
    units = [*content.units, *silent, *behind, *(sending.unit for sending in sendings)]
    periods = [*content.periods, *(sending.period for sending in sendings if sending.period)]
    yield "units", project.register.by_id, units
    yield "periods", {period.code for period in project.plan.periods}, periods
    yield "older_forms", project.older, [version for scenario in scenarios for version in scenario.older_forms]
    yield "edits", project.form.sheets, [edit.table for sending in sendings for edit in sending.edits]


def _in_titles(content: Content, titles: Sequence[Title], project: Project) -> Iterator[_Names]:
    choices = {name: {choice.id for choice in listed} for name, listed in project.form.choices.items()}
    yield "titles", project.plan.task, [title.task for title in titles]
    yield "titles", choices["content_area"], [title.area for title in titles]
    yield "forms", choices["form"], [*content.forms, *(form for title in titles for form in title.forms)]
