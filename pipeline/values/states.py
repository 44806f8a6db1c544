"""The words for what became of something: types of their own, so that a misspelt one does not pass the type check.

Each word stands in `schemas/labels.toml` with what users read for it, but for severities, whose titles stand in
`schemas/problems.toml`. A tuple beside a type holds its words in their order, where code walks them.
"""

from typing import Literal, get_args

Owed = Literal["recurring", "due", "progress", "carried", "not-due"]
"""What the leads of a task owe on it in a period."""

Obligation = Literal[Owed, "not-lead"]
"""The same of any unit: one that does not lead the task owes nothing."""

State = Literal["done", "open", "overdue", "nothing", "not-done", "unproven", "missing", "not-due", "not-lead"]
"""Where a unit stands with a task."""

BELOW_DONE: tuple[State, ...] = ("missing", "unproven", "not-done", "overdue")
"""What a unit that filed hears of in its first reply, gravest first."""

SubmissionState = Literal["in-force", "superseded", "duplicate", "returned", "not-a-form"]
"""What becomes of a file."""

Verdict = Literal["accepted", "questions", "partial", "returned"]
"""What is thought of a form, from good to bad."""

UnitVerdict = Literal[Verdict, "missing"]
"""The same of a unit, which may have sent nothing."""

Filing = Literal["on-time", "late", "unusable", "missing", "not-due"]
"""Whether a unit has filed; before the deadline is past, one that has sent nothing is not missing, but not due."""

UNFILED_AS: tuple[Filing, ...] = ("unusable", "missing", "not-due")
"""Those of a unit of which no form can be used."""

Unfiled = Literal["silent", "returned", "signed-only"]
"""What came of a unit of which no form can be used."""

Gap = Literal["not-filled", "not-reported", "unreadable", "not-owed"]
"""Why there is no figure, where the unit gave no word for it itself (those words are declared by the form)."""

Cause = Literal[
    "real",
    "questioned",
    "corrected-since-sent",
    "not-reported-now",
    "not-reported-before",
    "unreadable",
    "not-expected",
]
"""Why the figure of a unit is another one than in the period before."""

BOTH_GIVEN: tuple[Cause, ...] = ("real", "questioned", "corrected-since-sent")
"""Those of a unit that gave a figure in both periods."""

SinceKind = Literal["total", "figure", "cumulative", "earlier-figure", "state", "filing"]
"""What is not as it was sent: of this period, but for `earlier-figure`, which is one of a period before."""

SinceCause = Literal[
    "new-form",
    "withdrawn",
    "later-version",
    "supplement",
    "declaration-changed",
    "reading-changed",
    "edited-by-hand",
]
"""Why it is not: a form came, went, was replaced or added to; declarations or the program; or what was sent."""

FindingKind = Literal["unfiled", "none", "waiting", "filed", "task", "doubt", "imbalance", "done"]
"""What a finding is about: who filed, a task that is behind, a total in doubt or out of balance, what is done."""

Criterion = Literal["tasks", "online", "traditional", "on-time", "proofs"]
"""What a unit may get points for, where the plan has weights."""

Severity = Literal["block-file", "block-row", "question", "note"]
"""What a problem does, from grave to light: keeps a file out, keeps a row out, asks, or only tells."""

OWED: tuple[Owed, ...] = get_args(Owed)
OBLIGATIONS: tuple[Obligation, ...] = get_args(Obligation)
STATES: tuple[State, ...] = get_args(State)
SUBMISSION_STATES: tuple[SubmissionState, ...] = get_args(SubmissionState)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
FILINGS: tuple[Filing, ...] = get_args(Filing)
UNFILED: tuple[Unfiled, ...] = get_args(Unfiled)
CAUSES: tuple[Cause, ...] = get_args(Cause)
SINCE_KINDS: tuple[SinceKind, ...] = get_args(SinceKind)
SINCE_CAUSES: tuple[SinceCause, ...] = get_args(SinceCause)
FINDING_KINDS: tuple[FindingKind, ...] = get_args(FindingKind)
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
GAPS: tuple[Gap, ...] = get_args(Gap)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
