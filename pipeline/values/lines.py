"""The lines of the frames that outputs are made from, each with its fields and their types.

Named tuples, because a national period has hundreds of thousands of them: they are made from a frame in a third of
the time of other frozen classes (see `pipeline.values.frames.rows_as`). The order of the fields is that of the columns.
"""

from typing import NamedTuple

from pipeline.values.states import (
    Cause,
    Filing,
    Obligation,
    Severity,
    SinceCause,
    SinceKind,
    State,
    SubmissionState,
    UnitVerdict,
    Verdict,
)


class UnitLine(NamedTuple):
    """Whether one unit has filed, and what it has to mend: a row of `filings`."""

    unit_id: str
    name: str
    kind: str
    filing: Filing
    received_at: str  # “2025-09-15 14:20:00”, or empty
    file: str  # those in force, with “; ” between them
    revision: str
    verdict: UnitVerdict
    blocked: int
    questions: int
    returned_files: int
    signed_only: bool
    older_form: bool  # whether its forms in force are all of a version before that of the plan


class FileLine(NamedTuple):
    """What became of one file: a row of `submissions`."""

    file: str
    sha256: str
    unit_id: str
    revision: str
    received_at: str
    on_time: str  # “yes” or “no”, as the table in `du-lieu` has it
    state: SubmissionState
    verdict: Verdict
    reason: str
    channel: str
    is_booked: str
    form_version: str
    plan_number: str  # of the unit's own plan of propaganda, as its card has it
    plan_date: str


class UnusedLine(NamedTuple):
    """A form of another period that could not be used in full: a row of `other-periods`."""

    period: str
    file: str
    unit_id: str
    sha256: str
    state: SubmissionState
    reason: str


class TaskLine(NamedTuple):
    """Where one unit stands with one task: a row of `completeness`."""

    unit_id: str
    task_id: str
    obligation: Obligation
    state: State
    label: str
    reason: str
    proved_in: str  # the code of the earlier period whose report proves the task done, or empty


class TotalLine(NamedTuple):
    """One indicator added up: a row of `totals`. NaN where there is nothing to add up.

    `questioned_amount` is that part of `this_period` which `questioned_units` are still asked about; the same of
    `cumulative`, all its periods together: a unit asked about in two of them is one.
    """

    indicator_id: str
    this_period: float
    cumulative: float
    units_reporting: int
    units_expected: int
    cumulative_note: str
    questioned_units: int
    questioned_amount: float
    cumulative_questioned_units: int
    cumulative_questioned_amount: float


class ComparedLine(NamedTuple):
    """One indicator beside the period before: a row of `compared`.

    `same_units` gave a figure in both, together `same_now` and `same_before`. By the month these stand only where the
    amounts of the two are not like with like (`is_like`), and a mean means something.
    """

    indicator_id: str
    this_period: float
    before: float
    difference: float
    same_units: int
    same_now: float
    same_before: float
    is_like: bool
    this_by_month: float
    before_by_month: float


class DifferenceLine(NamedTuple):
    """What one unit adds to the difference of an indicator: a row of `differences`.

    `cause`: see `values.states.Cause`; empty where neither period has a figure. `shift`: the difference, by the month
    where amounts are not like with like.
    """

    indicator_id: str
    unit_id: str
    value: float
    kind_of_nothing: str
    before: float
    before_nothing: str
    difference: float
    cause: Cause
    shift: float


class BalanceLine(NamedTuple):
    """The rows of one table of the forms in force, in against out: a row of `balance`."""

    sheet: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_set_aside: int


class FormLine(NamedTuple):
    """The activities of one kind of propaganda: a row of `forms`."""

    form: str
    rows: int
    quantity: int
    participants: int
    units: int
    reposts: int


class ProblemLine(NamedTuple):
    """One problem with its whole sentence: a row of `problems`."""

    code: str
    severity: Severity
    unit_id: str
    file: str
    sheet: str
    cell: str
    field: str
    value: str
    message: str
    reply: str


class ChangeLine(NamedTuple):
    """One value that is used other than as written: a row of `changes`."""

    unit_id: str
    file: str
    sheet: str
    cell: str
    field: str
    raw: str
    used: str
    rule: str


class FigureLine(NamedTuple):
    """One figure of one unit and where it stands: a row of `grid`."""

    unit_id: str
    indicator_id: str
    value: float
    kind_of_nothing: str
    file: str
    sheet: str
    cell: str
    questioned: str  # the codes of the questions about it, with blanks between them


class RequestLine(NamedTuple):
    """What one unit wrote of limits, causes or wishes: a row of the accepted `requests`."""

    unit_id: str
    file: str
    row: int
    kind: str
    content: str
    addressed_to: object  # text, or whatever stands for a blank cell


class SinceLine(NamedTuple):
    """What is not as it was sent: a row of `since-sent`.

    `sent` and `now`: a number (whole ones as int, others as Decimal), a code, or no text for a blank; `change` counts a
    blank as 0 and is empty beside codes. `id`: an indicator or a task. `file` and `cell`: where it stands now or, where
    it no longer stands anywhere, stood; the paper where somebody changed it by hand.
    """

    kind: SinceKind
    unit_id: str
    id: str
    sent: object
    now: object
    change: object
    cause: SinceCause
    file: str
    cell: str
    period: str
