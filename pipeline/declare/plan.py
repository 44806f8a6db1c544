"""The plan of one year: tasks, periods, indicators, the checks between them. From `schemas/plans/<year>.toml`."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.declare.errors import PipelineError
from pipeline.declare.facts import build, read_toml
from pipeline.declare.register import Register, Unit
from pipeline.declare.safe_names import fault_of_code, fault_of_id
from pipeline.declare.scoring import Scoring
from pipeline.values.states import OWED, Obligation, Owed
from pipeline.words.days import day_text
from pipeline.words.names import fold, pressed

_IN_BRACKETS = re.compile(r" \([^()]*\)$")
JUDGED: tuple[Owed, ...] = ("recurring", "due")
FOLLOWED: tuple[Owed, ...] = ("progress", "carried")
IndicatorKind = Literal["flow", "stock"]
Rule = Literal["at-least", "equal", "needs", "both", "range", "covers-activities", "covers-text", "keeps", "carries"]


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period; `date_from` and `date_to` are both inside the data window.

    `rest`: what is called the rest of it without the one period that it contains, from the same first day on.
    """

    code: str
    name: str
    date_from: date
    date_to: date
    file_by: date
    also: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    file_by_inclusive: bool = True
    cumulative: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    previous: str = ""
    rest: str = ""

    @property
    def last_day(self) -> date:
        """The last day on which a report is on time."""
        return self.file_by if self.file_by_inclusive else self.file_by - timedelta(days=1)

    @property
    def until(self) -> str:
        """How long reports are on time, as the plan says it: “hết ngày 16/9/2025”, “trước ngày 30/11/2025”."""
        return f"{'hết' if self.file_by_inclusive else 'trước'} ngày {day_text(self.file_by)}"

    @property
    def window(self) -> str:
        return f"từ {day_text(self.date_from)} đến {day_text(self.date_to)}"

    @property
    def months(self) -> float:
        """The length of the window in months: 3 from 15/6 to 14/9; days over are a share of the last month."""
        first, last = self.date_from, self.date_to
        days = monthrange(last.year, last.month)[1]
        return 12 * (last.year - first.year) + last.month - first.month + (last.day - first.day + 1) / days

    def is_as_long_as(self, other: "Period") -> bool:
        """Whether amounts of the two may be compared as they are: no more than half a month apart."""
        return abs(self.months - other.months) <= 0.5

    def covers(self, day: date) -> bool:
        return self.date_from <= day <= self.date_to

    def swapped_hint(self, day: date) -> str:
        """For a date outside the window: whether day and month look exchanged. Offered in words, never used."""
        other = date(day.year, day.day, day.month) if day.day <= 12 else day
        return f" (có phải ngày {day_text(other)} không?)" if self.covers(other) and not self.covers(day) else ""

    def is_called(self, text: str) -> bool:
        """Whether the words in a period cell mean this period."""
        return fold(text) in {fold(name) for name in (self.code, self.name, *self.spellings)}


@dataclass(frozen=True, slots=True)
class Wording:
    """How an older version of the form prints a row; empty where it prints the same."""

    title: str = ""
    measure: str = ""
    due_text: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the plan's appendix.

    `coordinates` is who works with the leads, in the plan's words; nothing is asked of those units. `was`: how older
    versions of the form print it, by version. `joins`: figures of taking part in what others hold, which proves it for
    the `joiners` that hold none (`needs`).
    """

    id: str
    short: str
    title: str
    product: str
    leads: tuple[str, ...]
    coordinates: str
    due_text: str
    obligation: Mapping[str, Owed]
    due: date = date.max
    start: date = date.min
    may_not_arise: bool = True
    needs: tuple[str, ...] = ()
    needs_document: bool = False
    joins: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()
    was: Mapping[str, Wording] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of Biểu 2. A flow adds over periods and units; a stock is the value on the closing day.

    `example` is one correct figure of its kind. `section` is the heading under which the written report tells it.
    `large`: one unit's figure may reach tens of thousands. `by_month`: periods of other length are compared by the
    mean of a month. `since`: the first version of the form that asks for it. `was`: how it was printed before, by the
    version of the form. `how`: how a unit counts it, in one sentence of the form.
    """

    id: str
    title: str
    measure: str
    kind: IndicatorKind
    groups: tuple[str, ...]
    whole: bool = True
    decimals: int = 0
    optional: bool = False
    large: bool = False
    main: bool = False
    by_month: bool = True
    example: str = "12"
    section: str = ""
    since: str = ""
    was: Mapping[str, Wording] = field(default_factory=dict, hash=False)
    how: str = ""

    @property
    def name(self) -> str:
        """What sentences call it: its title without what the form adds in brackets for who fills it in."""
        return _IN_BRACKETS.sub("", self.title)


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A relation that the figures of one unit should keep; breaking it is a question, never a refusal.

    `example`: figures that fit each other, never those of the unit. `channels` and `tasks`: of which texts of Biểu 1
    `covers-text` speaks. `since_start`: flows count since the year began, where the left side is above zero; `unless`:
    not where one of these was given.
    """

    id: str
    rule: Rule
    left: tuple[str, ...]
    why: str
    right: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    example: str = ""
    low: float = 0.0
    high: float = 0.0
    share: float = 0.0
    since_start: bool = False
    unless: tuple[str, ...] = ()

    @property
    def on_form(self) -> bool:
        """Whether the form itself can ask it: not what a text says, nor what another period holds."""
        return self.rule not in ("covers-text", "carries", "keeps")


@dataclass(frozen=True, slots=True)
class Rate:
    """What part of the sum of `whole` that of `part` is, of flows since the year began where `since_start` says so."""

    words: str
    part: tuple[str, ...]
    whole: tuple[str, ...]
    section: str = ""
    since_start: bool = False


@dataclass(frozen=True, slots=True)
class Official:
    """Figures that count officially what Biểu 3 lists one by one, of kinds of propaganda that they count together.

    `forms`: ids of kinds; `amount` and `people`: the indicators that add up to how many there were, and how many came.
    """

    forms: tuple[str, ...]
    amount: tuple[str, ...]
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plausible:
    """Limits beyond which a figure is asked about (R31, R32, R35)."""

    times_previous: int
    times_median: int
    median_floor: int
    median_units: int
    participants_at_most: int
    same_figures_at_least: int
    form_fault_share: float


@dataclass(frozen=True, slots=True)
class Outputs:
    """How much of a long list one output shows; the whole list then stands in `du-lieu/`. A plan need not say it.

    `annex_sheets`: the ids of the sheets in the annex for the level above; none named, all that are for it.
    """

    most_rows: int = 100_000
    most_units: int = 200
    most_names: int = 50
    annex_sheets: tuple[str, ...] = ()


_PLUS = " + "
TOLD_FIGURE = re.compile(r"\{(\w+)(\+?)\}")  # {CT01} of the period, {CT01+} since January


@dataclass(frozen=True, slots=True)
class Papers:
    """What differs between offices in their papers. A plan need not say it.

    `higher`: how the names of bodies begin that stand above the issuer; requests to them go up, the others stay here.
    `copies`, `letter_copies`: who gets the report and the letter besides. `letter_symbol`: how the office abbreviates
    itself; empty, by its initials. `bodies`: what stands before the name of a unit of a kind where it is written to.
    `contact`: who answers questions. `why`: a sentence of the letter on what depends on reporting in time. `signers`,
    `letter_signers`: on whose behalf and as what somebody signs, a line each. `unit_copies`: by kind of unit, who gets
    a unit's own report besides. `with_receipt`: `receive` drafts that report from a form that passed its check.
    """

    higher: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    letter_copies: tuple[str, ...] = ()
    letter_symbol: str = ""
    bodies: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    why: str = ""
    signers: tuple[str, ...] = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    letter_signers: tuple[str, ...] = ("TRƯỞNG PHÒNG",)
    unit_copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    with_receipt: bool = False


@dataclass(frozen=True)
class Plan:
    """One year's plan. Units are named by id or by group; groups are lists of unit kinds and ids.

    `body_id`: the key of the body that reports by this plan, at the level above. `reads`: older versions of the form
    that are still read, the oldest first; what they lack they did not ask. `told`: by section of the indicators, the
    clauses of the report that tell its figures: {CT01} of the period, {CT01+} since January; what stands in square
    brackets is left out where both are the same. `sums`: what sums of indicators are in words, by “PA01 + PA02”.
    `form_words`: names that the form prints and another office would call otherwise, in place of its own `words`.
    """

    year: int
    form: str
    task_count: int
    title: str
    number: str
    date: str
    report_number: str
    report_date: str
    issuer: str
    place: str
    office: str
    office_unit: str
    addressee: str
    basis: str
    timezone: str
    kinds: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    periods: tuple[Period, ...]
    tasks: tuple[Task, ...]
    indicators: tuple[Indicator, ...]
    checks: tuple[FigureCheck, ...]
    plausible: Plausible
    official: tuple[Official, ...] = ()
    rates: tuple[Rate, ...] = ()
    body_id: str = ""
    outputs: Outputs = Outputs()
    papers: Papers = Papers()
    scoring: Scoring = field(default_factory=Scoring)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    form_words: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def task(self) -> Mapping[str, Task]:
        return {task.id: task for task in self.tasks}

    @cached_property
    def indicator(self) -> Mapping[str, Indicator]:
        return {indicator.id: indicator for indicator in self.indicators}

    def named(self, ids: Sequence[str]) -> str:
        """Indicators that stand together, in words: “CT04 (Số lượt phát)”, “tồn … + tiếp nhận (PA01 + PA02)”."""
        if len(ids) == 1:
            return f"{ids[0]} ({self.indicator[ids[0]].name})"
        key = _PLUS.join(ids)
        return f"{self.sums[key]} ({key})" if key in self.sums else key

    def period(self, word: str) -> Period:
        """The period that a command word names, or a `PipelineError` that lists the words."""
        for period in self.periods:
            if word.casefold() in (period.code, *period.also):
                return period
        words = ", ".join(name for period in self.periods for name in (period.code, *period.also))
        raise PipelineError(f"Không có kỳ “{word}” trong kế hoạch năm {self.year}; các kỳ: {words}.")

    @cached_property
    def period_by_spelling(self) -> Mapping[str, Period]:
        """The period by each of its names, pressed (see `words.names`); the first where several have one."""
        return {
            pressed(fold(name)): period
            for period in reversed(self.periods)
            for name in (period.code, period.name, *period.spellings)
        }

    def full_name(self, period: Period) -> str:
        """The period with its year, said once: “Quý III năm 2025”, “6 tháng đầu năm 2025”, “Năm 2025”."""
        if str(self.year) in period.name:
            return period.name
        return f"{period.name} {self.year}" if period.name.endswith("năm") else f"{period.name} năm {self.year}"

    def deadline(self, period: Period) -> datetime:
        """The first moment at which a report is late."""
        return datetime.combine(period.last_day + timedelta(days=1), time.min, self.zone)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def includes(self, names: tuple[str, ...], unit: Unit) -> bool:
        """Whether the unit is named by id, or through a group by its kind or id."""
        members = self._members(names)
        return unit.unit_id in members or unit.kind in members

    def _members(self, names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(member for name in names for member in self.groups.get(name, (name,)))

    def leads(self, task: Task, unit: Unit) -> bool:
        members = self._leaders[task.id]
        return unit.unit_id in members or unit.kind in members

    def fills(self, indicator: Indicator, unit: Unit) -> bool:
        members = self._fillers[indicator.id]
        return unit.unit_id in members or unit.kind in members

    @property
    def versions(self) -> tuple[str, ...]:
        """All versions of the form that are read, the oldest first."""
        return (*self.reads, self.form)

    def asks(self, indicator: Indicator, version: str) -> bool:
        """Whether a version of the form asks for the figure."""
        return not indicator.since or self.versions.index(version) >= self.versions.index(indicator.since)

    @cached_property
    def _leaders(self) -> Mapping[str, frozenset[str]]:
        return {task.id: self._members(task.leads) for task in self.tasks}

    @cached_property
    def _fillers(self) -> Mapping[str, frozenset[str]]:
        return {item.id: self._members(item.groups) for item in self.indicators}

    def obligation(self, task: Task, unit: Unit, period: Period) -> Obligation:
        """What the unit owes on the task in the period; `not-lead` for all who do not lead it."""
        return task.obligation[period.code] if self.leads(task, unit) else "not-lead"


def load_plan(path: Path, register: Register) -> Plan:
    """Read a plan; refuse whatever contradicts itself or the register, in one sentence that names file and key."""
    plan = build(Plan, read_toml(path), str(path))
    if path.stem != str(plan.year):  # so that no two plans are of one year
        raise PipelineError(f"{path}: khóa “year” ghi {plan.year}; tệp của kế hoạch đó phải tên là {plan.year}.toml.")
    for sentence in _contradictions(plan, register):
        raise PipelineError(f"{path}: {sentence}")
    return plan


def _contradictions(plan: Plan, register: Register) -> Iterator[str]:
    yield from _repeated(plan)
    yield from _unsafe_names(plan)
    if len(plan.tasks) != plan.task_count:
        yield f"khóa “tasks”: có {len(plan.tasks)} nhiệm vụ, kế hoạch ghi {plan.task_count}."
    if plan.office_unit not in register.by_id:
        yield f"khóa “office_unit”: “{plan.office_unit}” không có trong danh sách đơn vị."
    kinds = set(plan.kinds)
    for unit in register.units:
        if unit.kind not in kinds:
            yield f"khóa “kinds”: đơn vị “{unit.unit_id}” thuộc loại “{unit.kind}” chưa khai báo."
    for name, members in plan.groups.items():
        for member in members:
            if member not in kinds and member not in register.by_id:
                yield f"khóa “groups.{name}”: “{member}” không phải đơn vị hay loại đơn vị nào."
    yield from _period_contradictions(plan)
    yield from _task_contradictions(plan, register)
    yield from _figure_contradictions(plan, register)
    yield from _output_contradictions(plan)
    yield from plan.scoring.faults()


def _unsafe_names(plan: Plan) -> Iterator[str]:
    """Names that become files, folders or words of the commands, and the time zone, which the machine must know."""
    for key, name in (("form", plan.form), *(("reads", name) for name in plan.reads)):
        if fault := fault_of_id(name):
            yield f"khóa “{key}”: tên biểu “{name}” không dùng được: {fault}."
    if plan.form in plan.reads:
        yield f"khóa “reads”: “{plan.form}” đã là biểu của kế hoạch."
    for period in plan.periods:
        for word in (period.code, *period.also):
            if fault := fault_of_code(word):
                yield f"khóa “periods”: mã kỳ “{word}” không dùng được: {fault}."
    words = [word for period in plan.periods for word in (period.code, *period.also)]
    for word in sorted({word for word in words if words.count(word) > 1}):
        yield f"khóa “periods”: từ “{word}” chỉ hai kỳ."
    try:
        ZoneInfo(plan.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"khóa “timezone”: máy không biết múi giờ “{plan.timezone}”; xin ghi như Asia/Ho_Chi_Minh."


def _repeated(plan: Plan) -> Iterator[str]:
    for key, names in (
        ("periods", [p.code for p in plan.periods]),
        ("tasks", [t.id for t in plan.tasks]),
        ("indicators", [i.id for i in plan.indicators]),
    ):
        for name in names:
            if names.count(name) > 1:
                yield f"khóa “{key}”: mã “{name}” có hai lần."


def _period_contradictions(plan: Plan) -> Iterator[str]:
    codes = {period.code for period in plan.periods}
    for period in plan.periods:
        where = f"khóa “periods”, kỳ “{period.code}”"
        if period.date_to < period.date_from:
            yield f"{where}: date_to ({day_text(period.date_to)}) trước date_from ({day_text(period.date_from)})."
        if period.date_to.year != plan.year:
            yield f"{where}: date_to ({day_text(period.date_to)}) không thuộc năm {plan.year} của kế hoạch."
        if period.last_day <= period.date_to:
            yield f"{where}: file_by phải sau date_to ít nhất một ngày (NĐ 09/2019/NĐ-CP, Điều 8)."
        for other in (*period.cumulative, *period.contains, *filter(None, [period.previous])):
            if other not in codes:
                yield f"{where}: nhắc đến kỳ “{other}” không có."
        yield from (f"{where}: {sentence}" for sentence in _window_contradictions(plan, period))


def _window_contradictions(plan: Plan, period: Period) -> Iterator[str]:
    """A period may contain another, or have one before it; two that share only some of their days say nothing."""
    known = {item.code: item for item in plan.periods}
    for other in (known[code] for code in period.contains if code in known):
        if not (period.date_from <= other.date_from and other.date_to <= period.date_to):
            yield f"contains: kỳ “{other.code}” không nằm trọn trong kỳ này ({period.window})."
    before = known.get(period.previous)
    if before and before.code not in period.contains and before.date_to >= period.date_from:
        yield f"previous: kỳ “{before.code}” có ngày trùng với kỳ này mà không nằm trọn trong kỳ này."
    if period.rest and [known[code].date_from for code in period.contains if code in known] != [period.date_from]:
        yield "rest: cần đúng một kỳ ở “contains”, bắt đầu cùng ngày với kỳ này."


def _task_contradictions(plan: Plan, register: Register) -> Iterator[str]:
    ids = {indicator.id for indicator in plan.indicators}
    for task in plan.tasks:
        where = f"khóa “tasks”, nhiệm vụ “{task.id}”"
        for lead in task.leads:
            if lead not in plan.groups and lead not in register.by_id:
                yield f"{where}: đơn vị chủ trì “{lead}” không có trong danh sách đơn vị."
        if not task.leads:
            yield f"{where}: chưa có đơn vị chủ trì."
        for sentence in _obligation_contradictions(task, [period.code for period in plan.periods]):
            yield f"{where}: {sentence}"
        for key, names in (("needs", task.needs), ("joins", task.joins)):
            yield from (f"{where}: {key} nhắc đến chỉ tiêu “{name}” không có." for name in names if name not in ids)
        for name in task.joiners:
            if name not in plan.groups and name not in register.by_id:
                yield f"{where}: joiners nhắc đến nhóm “{name}” chưa khai báo."


def _obligation_contradictions(task: Task, periods: Sequence[str]) -> Iterator[str]:
    for period in periods:
        if period not in task.obligation:
            yield f"thiếu nghĩa vụ ở kỳ “{period}”; dùng {', '.join(OWED)}."
    if extra := set(task.obligation) - set(periods):
        yield f"obligation nhắc đến kỳ “{min(extra)}” không có."
    if task.due == date.max and not set(task.obligation.values()).isdisjoint(("due", "carried", "progress")):
        yield "thiếu thời hạn “due”."


def _figure_contradictions(plan: Plan, register: Register) -> Iterator[str]:
    ids = {indicator.id for indicator in plan.indicators}
    for indicator in plan.indicators:
        where = f"khóa “indicators”, chỉ tiêu “{indicator.id}”"
        for group in indicator.groups:
            if group not in plan.groups and group not in register.by_id:
                yield f"{where}: nhóm “{group}” chưa khai báo."
        if strange := {indicator.since, *indicator.was} - {"", *plan.versions}:
            yield f"{where}: phiên bản “{min(strange)}” không có ở “form” hay “reads”."
    named = [(f"khóa “checks”, “{check.id}”", (*check.left, *check.right, *check.unless)) for check in plan.checks]
    named += [("khóa “rates”", (*rate.part, *rate.whole)) for rate in plan.rates]
    named += [("khóa “scoring.news”", plan.scoring.news)]
    named += [("khóa “official”", (*official.amount, *official.people)) for official in plan.official]
    named += [(f"khóa “told”, “{name}”", _named_in(clauses)) for name, clauses in plan.told.items()]
    named += [("khóa “sums”", tuple(key.split(_PLUS))) for key in plan.sums]
    sections = {item.section for item in plan.indicators}
    yield from (f"khóa “told”: không có mục “{name}” ở các chỉ tiêu." for name in plan.told if name not in sections)
    for where, names in named:
        yield from (f"{where}: chỉ tiêu “{name}” không có." for name in names if name not in ids)
    yield from _forms_twice(plan)


def _named_in(clauses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(match[1] for clause in clauses for match in TOLD_FIGURE.finditer(clause))


def _forms_twice(plan: Plan) -> Iterator[str]:
    told = [form for official in plan.official for form in official.forms]
    for form in sorted({form for form in told if told.count(form) > 1}):
        yield f"khóa “official”: hình thức “{form}” có hai lần."


def _output_contradictions(plan: Plan) -> Iterator[str]:
    """Two long lists of one sheet must fit below Excel's last row, 1 048 576."""
    for key, most in (("most_rows", 500_000), ("most_units", 10_000), ("most_names", 1_000)):
        if not 1 <= getattr(plan.outputs, key) <= most:
            yield f"khóa “outputs.{key}”: cần số từ 1 đến {most}."
