"""The words for what became of something are typed in one place, and users have words of their own for each of them."""

import pytest

from pipeline.declare.project import Project
from pipeline.values.states import (
    CAUSES,
    CRITERIA,
    FILINGS,
    FINDING_KINDS,
    GAPS,
    OBLIGATIONS,
    OWED,
    SEVERITIES,
    SINCE_CAUSES,
    SINCE_KINDS,
    STATES,
    SUBMISSION_STATES,
    UNFILED,
    VERDICTS,
)

TYPED = {
    "state": STATES,
    "written": ("open", "unproven"),  # the others as they are
    "obligation": OBLIGATIONS,
    "submission": SUBMISSION_STATES,
    "verdict": VERDICTS,
    "received": FILINGS,
    "finding": FINDING_KINDS,
    "criterion": CRITERIA,
    "counted": SEVERITIES,
    "unfiled": UNFILED,
    "nothing": GAPS,
    "cause": CAUSES,
    "since": SINCE_KINDS,
    "since_cause": SINCE_CAUSES,
    "correction": SINCE_CAUSES,
    "correction_short": SINCE_CAUSES,
}


@pytest.mark.parametrize(("group", "words"), TYPED.items(), ids=TYPED)
def test_every_typed_word_is_labelled_and_every_label_typed_in_the_same_order(
    group: str, words: tuple[str, ...], project: Project
) -> None:
    assert tuple(project.labels[group]) == words


def test_every_group_of_labels_is_typed_but_the_rules_of_changes(project: Project) -> None:
    assert set(project.labels) == {*TYPED, "rule"}


def test_every_severity_has_its_words(project: Project) -> None:
    assert tuple(project.catalogue.severities) == SEVERITIES


def test_only_a_unit_that_does_not_lead_a_task_owes_nothing() -> None:
    assert (*OWED, "not-lead") == OBLIGATIONS


def test_a_gap_is_no_word_that_a_unit_can_write(project: Project) -> None:
    assert not set(GAPS) & set(project.form.nothing)
