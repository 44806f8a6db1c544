"""What is counted of one period, once, for everyone who shows it: states, filings, main figures, requests, problems.

Units, tasks and indicators stand by id, in the order of register and plan; whoever shows them puts names in place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.values.lines import DifferenceLine, RequestLine, TotalLine
from pipeline.values.standings import Score, Standing
from pipeline.values.states import UNFILED_AS, Cause, Filing, FindingKind, Severity, State, Unfiled

Ids = tuple[str, ...]
DIGITS = 6  # below that stands only what adding binary fractions leaves behind


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pairs of a unit and a task that it leads are in each state."""

    of: Mapping[State, int]

    def __getitem__(self, state: State) -> int:
        return self.of.get(state, 0)

    @property
    def done(self) -> int:
        return self["done"]

    @property
    def total(self) -> int:
        return sum(self.of.values())


@dataclass(frozen=True, slots=True)
class Led:
    """The units that lead a task, or the tasks that a unit leads, by the state that they are in.

    `judged`: those of them that count in rates. `proved`: those that are not reported on now, but done by the report of
    an earlier period, by its code.
    """

    by_state: Mapping[State, Ids]
    judged: Mapping[State, Ids]
    proved: Mapping[str, Ids]

    @property
    def counts(self) -> Counts:
        return _lengths(self.by_state)

    @property
    def rate(self) -> Counts:
        """The counts of what is judged: done of so many."""
        return _lengths(self.judged)


def _lengths(by_state: Mapping[State, Ids]) -> Counts:
    return Counts({state: len(ids) for state, ids in by_state.items()})


@dataclass(frozen=True, slots=True)
class Filings:
    """Who has filed. Those of which no form can be used are `out`, and stand in `unfiled` by what came of them.

    `unusable` have sent something, `missing` and, before the deadline is past, `not_due` nothing; `sent_back`: those
    whose form was returned; `to_mend`: the units that have something to mend or to send again;
    `asked`: those that have questions to answer; `older_form`: those whose form in force is of an older version, which
    did not ask everything; `by_kind`: how many have filed how, by kind of unit.
    """

    of: Mapping[str, Filing]
    on_time: Ids
    late: Ids
    unusable: Ids
    missing: Ids
    not_due: Ids
    unfiled: Mapping[Unfiled, Ids]
    sent_back: Ids
    to_mend: Ids
    asked: Ids
    older_form: Ids
    by_kind: Mapping[str, Mapping[Filing, int]]

    @property
    def expected(self) -> int:
        return len(self.of)

    @property
    def filed(self) -> int:
        return len(self.on_time) + len(self.late)

    def filed_of(self, kind: str) -> str:
        """“18/20”: how many units of a kind have filed, of all."""
        counts = self.by_kind[kind]
        out = sum(counts[filing] for filing in UNFILED_AS)
        return f"{sum(counts.values()) - out}/{sum(counts.values())}"

    @property
    def out(self) -> Ids:
        """The units of which no form can be used, in the order of the register."""
        return tuple(unit_id for unit_id, filing in self.of.items() if filing in UNFILED_AS)


@dataclass(frozen=True, slots=True)
class MainFigure:
    """A main indicator: its total, that of the period before (NaN where there is none), and who made it.

    `by_kind`: the sum of each kind of unit that reports; `most`: the units with most and what they gave, most first.
    """

    total: TotalLine
    before: float
    by_kind: Mapping[str, float]
    most: tuple[tuple[str, float], ...]

    @property
    def indicator_id(self) -> str:
        return self.total.indicator_id

    @property
    def now(self) -> float:
        return self.total.this_period


@dataclass(frozen=True, slots=True)
class Differing:
    """The units that make an indicator differ from the period before for one cause: those to name, the others added up.

    Named are those that differ most, of units with a figure once as far as a list of names goes. `adds`: all together.
    """

    named: tuple[DifferenceLine, ...]
    others: int
    others_add: float
    adds: float


ByCause = Mapping[Cause, Differing]


@dataclass(frozen=True, slots=True)
class UnitImbalance:
    """What one unit adds to both sides of an equality; `gaps` are the figures of it that the unit owes and lacks."""

    unit_id: str
    left_total: float
    right_total: float
    gaps: Ids


@dataclass(frozen=True, slots=True)
class Imbalance:
    """An equality between indicators (`left` and `right`) that the totals break, and the units that break it.

    `why` in words; the differences of the units add up to that of the totals.
    """

    left: Ids
    right: Ids
    why: str
    left_total: float
    right_total: float
    units: tuple[UnitImbalance, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of the folder: how many, how many of them are in no receiving book.

    `samples_left_out` counts samples of all periods that were read.
    """

    received: int
    unbooked: int
    samples_left_out: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of all forms in force: read, and of them accepted and rejected, of which some are only set aside."""

    read: int
    accepted: int
    rejected: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Problems:
    """How many problems there are, by severity (each of them, from grave to light) and by code."""

    by_code: Mapping[Severity, Mapping[str, int]]
    blocked_in: Mapping[str, int]  # by file, how many keep a row out

    def count(self, severity: Severity) -> int:
        """How many are of this severity."""
        return sum(self.by_code[severity].values())


@dataclass(frozen=True, slots=True)
class Requests:
    """What units wrote of limits, causes, solutions and wishes: by kind, by unit, in the order of the form.

    `wishes`: the units that ask for something, by the body that they ask and by their words. Bodies and words are spelt
    as the first unit wrote them; what names no body stands last, under "".
    """

    by_kind: Mapping[str, tuple[RequestLine, ...]]  # kinds as the form words them
    wishes: Mapping[str, Mapping[str, Ids]]


@dataclass(frozen=True, slots=True)
class Areas:
    """The activities that are no reposts: how many, and how many in each content area, which a row need not name."""

    activities: int
    by_area: Mapping[str, int]
    without: int


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """A unit's own plan by number and day (empty when not given), and the code of the period whose report names it."""

    number: str
    day: str
    period: str

    @property
    def words(self) -> str:
        """“12/KH-UBND ngày 20/02/2025”."""
        return f"{self.number} ngày {self.day}" if self.day else self.number


@dataclass(frozen=True, slots=True)
class RateLine:
    """What part of `whole` the `part` is, over so many units that gave both."""

    section: str
    words: str
    part: float
    whole: float
    units: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know first: `count` of `whole`, and whose or what it is.

    `about`: the task, or the indicator; `units`: those it names; `states`: of a task, how many leads have what left.
    """

    kind: FindingKind
    count: float
    whole: float
    about: str = ""
    units: Ids = ()
    states: Mapping[State, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything that is counted of a period.

    `led` is all that is led, of which `judged` counts in rates and `followed` does not; `in_grid` counts all there is.
    """

    tasks: Mapping[str, Led]
    units: Mapping[str, Led]
    in_grid: Counts
    led: Counts
    judged: Counts
    followed: Counts
    filings: Filings
    main: tuple[MainFigure, ...]
    differing: Mapping[str, ByCause]  # by indicator and cause, where any unit differs
    imbalances: tuple[Imbalance, ...]  # equalities of the plan that the totals break
    gaps: Mapping[str, Mapping[str, Ids]]  # by indicator and kind of nothing: units that owe a figure and gave none
    unexpected: Mapping[str, int]  # by indicator: how many units gave a figure that they do not owe
    requests: Requests
    areas: Areas
    problems: Problems
    files: Files
    rows: Rows
    own_plans: Mapping[str, OwnPlan]  # by unit
    rates: tuple[RateLine, ...]
    standings: Mapping[str, Standing]  # by unit, the year so far
    scores: Mapping[str, Score]  # the same in points; nothing unless the plan asks for it
    findings: tuple[Finding, ...]  # what to know first, the weightiest first; at most three
