"""Which of several files of one unit is in force, and what the others are called. Every story has a unit of its own."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from tests.builders import (
    Draft,
    accepted,
    address,
    an_activity,
    codes,
    evaluate_folder,
    figure,
    found,
    rejected,
    save_all,
    shipped,
    state,
    states,
    truthful,
)

Story = Callable[[Draft], list[Draft]]
Told = list[tuple[str, str, str]]

NOTE = address(shipped(), "figures", "note", 0)


@dataclass(frozen=True)
class Outcome:
    """What became of one unit's files; file names without the unit's folder."""

    done: Evaluation
    first: Draft

    @property
    def unit_id(self) -> str:
        return self.first.unit.unit_id

    @property
    def states(self) -> dict[str, str]:
        return {
            file.split("/")[1]: found
            for file, found in states(self.done).items()
            if file.startswith(f"{self.unit_id}/")
        }

    @property
    def told(self) -> Told:
        """File, cell and code of every problem, notes included."""
        return [
            (item.file.split("/")[1], item.cell, item.code)
            for item in self.done.problems
            if item.unit_id == self.unit_id
        ]

    def value(self, indicator_id: str = "CT01") -> tuple[float | None, str]:
        return figure(self.done, self.unit_id, indicator_id)

    @property
    def before(self) -> tuple[float | None, str]:
        """CT01 of the first form."""
        return self.first.answers.figures["CT01"]["value"], ""

    def at(self, key: str) -> str:
        return self.first.at("card", key)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return accepted(self.done, table, self.unit_id)


def again(
    draft: Draft, revision: Any, kind: str | None = "Thay thế", file: str = "", received: str = "2025-09-16 08:00"
) -> Draft:
    """The same form sent once more."""
    return (
        draft.card(revision=revision, revision_kind=kind, revision_reason="Đính chính")
        .named(file or f"{revision}.xlsx")
        .received(received)
    )


def only(draft: Draft, **figures: Any) -> Draft:
    """A form with these figures and nothing else."""
    return draft.no_activities().only_figures(**figures)._with(tasks={})


def full_supplement(first: Draft) -> list[Draft]:
    second = (
        again(only(first, CT02=88, CT03=4), 2, "Bổ sung")
        .task("NV07", status="Đang thực hiện")
        .task("NV03", status="Chưa thực hiện")
    )
    return [
        first.blank_task("NV07").figures(CT02=None),
        second.activity(**an_activity(second, "NV07", title="Tin bổ sung")),
    ]


STORIES: dict[str, Story] = {
    "a replacement": lambda first: [first, again(only(first, CT01=77), 2)],
    "a replacement of something faulty": lambda first: [first.figure("CT01", -4), again(first, 2)],
    "a supplement": full_supplement,
    "a supplement that fills a row again": lambda first: [first, again(only(first, CT01=88), 2, "Bổ sung")],
    "a supplement that repeats the activities": lambda first: [
        first,
        again(first.only_figures()._with(tasks={}), 2, "Bổ sung"),
    ],
    "a supplement with a faulty row": lambda first: [first, again(only(first, CT01=-1), 2, "Bổ sung")],
    "a supplement that only adds a remark": lambda first: [
        first,
        again(only(first)._with(figures={"CT01": {"note": "đã gồm tin của trường"}}), 2, "Bổ sung"),
    ],
    "a remark, then a figure": lambda first: [
        first.figure("CT01", None, note="sẽ bổ sung"),
        again(only(first, CT01=21), 2, "Bổ sung"),
        again(only(first)._with(figures={"CT01": {"note": "đã gồm tin của trường"}}), 3, "Bổ sung"),
    ],
    "two supplements": lambda first: [
        first,
        again(only(first, CT01=20, CT02=21), 2, "Bổ sung"),
        again(only(first, CT01=30), 3, "Bổ sung", received="2025-09-15 07:00"),
    ],
    "a supplement to a replacement": lambda first: [
        first,
        again(only(first, CT01=20), 2),
        again(only(first, CT02=30), 3, "Bổ sung"),
    ],
    "a supplement to nothing": lambda first: [again(first, 2, "Bổ sung")],
    "twins that differ": lambda first: [first, first.figure("CT01", 99).named("2.xlsx")],
    "twins that differ above a good one": lambda first: [
        first,
        again(first.figure("CT01", 50), 2, file="2a.xlsx"),
        again(first.figure("CT01", 51), 2, file="2b.xlsx"),
    ],
    "twins that differ below a replacement": lambda first: [
        first,
        first.figure("CT01", 99).named("1b.xlsx"),
        again(first.figure("CT01", 60), 2),
    ],
    "copies": lambda first: [
        first.named("a.xlsx").received("2025-09-16 09:00"),
        first.named("b.xlsx").received("2025-09-15 07:00"),
        first.named("c.xlsx").received("2025-09-20 07:00"),
    ],
    "a copy saved by another program": lambda first: [
        first,
        first.named("b.xlsx").received("2025-09-16 09:00").edited(lambda book: None),
    ],
    "a second of no kind": lambda first: [first, again(first.figure("CT01", 99), 2, None)],
    "a second of an unknown kind": lambda first: [first, again(first.figure("CT01", 99), 2, "Làm lại")],
    "a second of no kind after nothing": lambda first: [again(first, 2, None)],
    "a second without a reason": lambda first: [again(first, 2).card(revision_reason=None)],
    "a part of no kind": lambda first: [first, again(only(first, CT01=88), 2, None)],
    "a number left at one": lambda first: [first, again(first.figure("CT01", 99), 1, file="2.xlsx")],
    "a blank number": lambda first: [first, again(first.figure("CT01", 99), None, file="2.xlsx")],
    "a number left at one, came first": lambda first: [
        first,
        again(first.figure("CT01", 99), 1, file="2.xlsx", received="2025-09-15 07:00"),
    ],
    "no number and nothing else": lambda first: [
        first,
        first.figure("CT01", 99).card(revision="mấy").named("2.xlsx").received("2025-09-16 08:00"),
    ],
    "a whole form as a supplement": lambda first: [
        first,
        again(first.spoil_activity(0, title="Tin đã sửa tên"), 2, "Bổ sung"),
    ],
    "a late second": lambda first: [first, again(first.figure("CT01", 99), 2, received="2025-09-17 00:00")],
    "a late first": lambda first: [first.received("2025-09-17 00:00:00")],
    "a late first in Vietnamese": lambda first: [first.received("17/9/2025")],
    "in time to the last second": lambda first: [first.received("2025-09-16 23:59:59")],
    "a revision above all reason, alone": lambda first: [
        first.card(revision=100, revision_kind="Thay thế", revision_reason="Đính chính")
    ],
    "in time in Vietnamese": lambda first: [first.received("16/9/2025 23:59")],
}
BROKEN: dict[str, Callable[[Draft], Draft]] = {
    "wrong period": lambda draft: draft.card(period="6t").hidden(period="6t"),
    "sheet missing": lambda draft: draft.edited(lambda book: book.remove(book["Biểu 4 - Kiến nghị"])),
    "old form": lambda draft: draft.card(form_version="v0").hidden(form_version="v0"),
    "name of another unit": lambda draft: draft.card(unit_name="Phòng Tư pháp").hidden(unit_id="P-tu-phap"),
}
NO_NUMBER: dict[str, Any] = {
    "a word": "mấy",
    "a fraction": 1.5,
    "nought": 0,
    "less than nought": -2,
    "above all reason": 100,
}
NUMBERS = ["lần 2", "2.", "Lần thứ hai", "lần gửi: II", "2 (hai)"]
KINDS = ["thay the", "bản THAY THẾ"]


def all_stories() -> dict[str, Story]:
    broken = {
        name: (lambda first, spoil=spoil: [first, spoil(again(first.figure("CT01", 99), 2))])
        for name, spoil in BROKEN.items()
    }
    odd = {
        name: (lambda first, number=number: [first, again(first.figure("CT01", 99), number, file="2.xlsx")])
        for name, number in NO_NUMBER.items()
    }
    written = {
        f"written {text}": (
            lambda first, text=text: [
                first,
                again(first.figure("CT01", 99), *((text,) if text in NUMBERS else (2, text)), file="2.xlsx"),
            ]
        )
        for text in (*NUMBERS, *KINDS)
    }
    firsts = {
        f"a first that is {kind}": (lambda first, kind=kind: [first.card(revision_kind=kind)])
        for kind in ("Thay thế", "Bổ sung", "Không", "-", "lần đầu")
    }
    return {**STORIES, **broken, **odd, **written, **firsts}


@pytest.fixture(scope="module")
def outcomes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    communes = [unit.unit_id for unit in project.register.units if unit.unit_id.startswith("XA-")]
    stories = list(all_stories().items())
    told: dict[str, Outcome] = {}
    for start in range(0, len(stories), len(communes)):
        folder = tmp_path_factory.mktemp("versions")
        firsts = {
            name: truthful(project, unit).named("1.xlsx")
            for unit, (name, _) in zip(communes, stories[start : start + len(communes)], strict=False)
        }
        drafts = [
            draft.named(f"{draft.unit.unit_id}/{draft.file}")
            for name, first in firsts.items()
            for draft in all_stories()[name](first)
        ]
        done = evaluate_folder(folder, project, drafts)
        told |= {name: Outcome(done, first) for name, first in firsts.items()}
    return told


def test_a_replacement_takes_the_place_of_what_stood_before(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a replacement"]
    assert outcome.states == {"1.xlsx": "superseded", "2.xlsx": "in-force"}
    assert (outcome.value(), outcome.value("CT02")) == ((77, ""), (None, "not-filled"))
    assert outcome.rows("activities") == outcome.rows("tasks") == []


def test_problems_of_what_was_replaced_are_nobodys_concern(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["a replacement of something faulty"].told == []


def test_a_supplement_adds_to_what_stands_before(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a supplement"]
    assert outcome.states == {"1.xlsx": "in-force", "2.xlsx": "in-force"}
    assert [
        outcome.done.settlement.readings[doc].file[-6:]
        for doc in outcome.done.settlement.versions.chains[outcome.unit_id]
    ] == [
        "1.xlsx",
        "2.xlsx",
    ]
    assert (outcome.value(), outcome.value("CT02")) == (outcome.before, (88, ""))
    assert len(outcome.rows("activities")) == 11
    statuses = {row["task_id"]: (row["status"], row["file"][-6:]) for row in outcome.rows("tasks")}
    assert statuses["NV07"] == ("Đang thực hiện", "2.xlsx")
    assert statuses["NV03"] == ("Chưa thực hiện", "2.xlsx")
    assert statuses["NV02"] == ("Hoàn thành", "1.xlsx")
    assert state(outcome.done, outcome.unit_id, "NV07") == "done"


def test_a_row_that_a_supplement_fills_again_is_set_aside_with_a_note(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a supplement that fills a row again"]
    assert outcome.value() == (88, "")
    assert rejected(outcome.done, outcome.unit_id) == [("figures", 6, "row-superseded")]
    assert outcome.told == [("1.xlsx", "A6", "row-superseded")]


def test_an_activity_in_base_and_supplement_counts_once(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a supplement that repeats the activities"]
    assert {row["file"][-6:] for row in outcome.rows("activities")} == {"1.xlsx"}
    assert len(outcome.rows("activities")) == 10
    assert {(file, code) for file, _, code in outcome.told} == {("2.xlsx", "duplicate-row")}


def test_a_blocked_row_of_a_supplement_does_not_cost_the_row_before(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a supplement with a faulty row"]
    assert outcome.value() == outcome.before
    assert outcome.told == [("2.xlsx", "D6", "negative-number")]


def test_a_supplement_that_only_adds_a_remark_leaves_the_figure_and_is_told(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a supplement that only adds a remark"]
    assert outcome.value() == outcome.before
    assert outcome.told == [("2.xlsx", address(shipped(), "figures", "note", 0), "row-unanswered")]
    assert rejected(outcome.done, outcome.unit_id) == [("figures", 6, "row-unanswered")]
    assert [
        problem.value
        for problem in outcome.done.problems
        if problem.code == "row-unanswered" and problem.unit_id == outcome.unit_id
    ] == ["đã gồm tin của trường"]


def test_of_several_versions_the_newest_that_answers_a_row_counts(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a remark, then a figure"]
    assert outcome.value() == (21, "")
    assert outcome.told == [
        ("1.xlsx", "A6", "row-superseded"),
        ("3.xlsx", address(shipped(), "figures", "note", 0), "row-unanswered"),
    ]


def test_supplements_add_up_in_the_order_of_their_revisions(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["two supplements"]
    assert set(outcome.states.values()) == {"in-force"}
    assert (outcome.value(), outcome.value("CT02")) == ((30, ""), (21, ""))


def test_a_replacement_under_a_supplement_hides_what_it_replaced(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a supplement to a replacement"]
    assert outcome.states == {"1.xlsx": "superseded", "2.xlsx": "in-force", "3.xlsx": "in-force"}
    assert [outcome.value(name) for name in ("CT01", "CT02", "CT03")] == [(20, ""), (30, ""), (None, "not-filled")]


def test_a_supplement_to_nothing_stands_for_itself(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a supplement to nothing"]
    assert (outcome.states, outcome.told) == ({"2.xlsx": "in-force"}, [])


def test_equal_revisions_that_differ_are_both_returned(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["twins that differ"]
    assert outcome.states == {"1.xlsx": "returned", "2.xlsx": "returned"}
    assert outcome.told == [(file, outcome.at("revision"), "revision-conflict") for file in ("1.xlsx", "2.xlsx")]
    assert outcome.value() == (None, "not-reported")
    assert state(outcome.done, outcome.unit_id, "NV02") == "missing"


def test_a_conflict_above_leaves_the_older_one_in_force(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["twins that differ above a good one"]
    assert outcome.states == {"1.xlsx": "in-force", "2a.xlsx": "returned", "2b.xlsx": "returned"}
    assert outcome.value() == outcome.before


def test_a_conflict_below_a_replacement_is_settled_by_it(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["twins that differ below a replacement"]
    assert outcome.states == {"1.xlsx": "superseded", "1b.xlsx": "superseded", "2.xlsx": "in-force"}
    assert (outcome.value(), outcome.told) == ((60, ""), [])


def test_the_same_content_counts_once_and_the_first_received_is_used(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["copies"]
    assert outcome.states == {"a.xlsx": "duplicate", "b.xlsx": "in-force", "c.xlsx": "duplicate"}
    assert outcome.told == [("a.xlsx", "", "duplicate-file"), ("c.xlsx", "", "duplicate-file")]
    assert outcome.value() == outcome.before


def test_the_same_content_saved_by_another_program_is_the_same(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a copy saved by another program"]
    one, other = (reading.sha256 for reading in outcome.done.settlement.readings if reading.unit_id == outcome.unit_id)
    assert one != other
    assert outcome.states == {"1.xlsx": "in-force", "b.xlsx": "duplicate"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_newer_one_never_costs_a_good_older_one(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert outcome.states == {"1.xlsx": "in-force", "2.xlsx": "returned"}
    assert outcome.value() == outcome.before
    assert [file for file, _, _ in outcome.told] == ["2.xlsx"]


def test_a_newer_one_that_cannot_be_opened_never_costs_a_good_older_one(project: Project, tmp_path: Path) -> None:
    first = truthful(project, "XA-vinh-o").named("1.xlsx")
    second = again(first, 2)
    save_all(tmp_path, [first, second])
    (tmp_path / "2.xlsx").write_bytes((tmp_path / "2.xlsx").read_bytes()[:2000])
    done = evaluate_folder(tmp_path, project)
    assert states(done) == {"1.xlsx": "in-force", "2.xlsx": "not-a-form"}
    assert codes(done, "2.xlsx") == ["file-corrupt"]
    assert found(done, "XA-vinh-o", project=project) == []


# What is read other than as written, with the cell of its question; the second form replaces the first.
ASKED = {
    "a second of no kind": "revision_kind",
    "a second of an unknown kind": "revision_kind",
    "a number left at one": "revision",
    "a blank number": "revision",
    **dict.fromkeys(NO_NUMBER, "revision"),
}


@pytest.mark.parametrize("name", ASKED)
def test_one_slip_in_a_form_sent_again_is_one_question(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert outcome.states == {"1.xlsx": "superseded", "2.xlsx": "in-force"}
    assert outcome.told == [("2.xlsx", outcome.at(ASKED[name]), "control-odd")]
    assert outcome.value() == (99, "")


def test_a_second_form_of_no_kind_that_holds_a_part_is_added_and_asked_about(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a part of no kind"]
    assert outcome.states == {"1.xlsx": "in-force", "2.xlsx": "in-force"}
    assert ("2.xlsx", outcome.at("revision_kind"), "control-odd") in outcome.told
    assert [outcome.value(name)[0] for name in ("CT01", "CT03")] == [88, outcome.first.answers.figures["CT03"]["value"]]


@pytest.mark.parametrize("written", [*NUMBERS, *KINDS])
def test_what_plainly_means_a_number_or_a_kind_is_read_and_logged(written: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[f"written {written}"]
    assert (outcome.states, outcome.told) == ({"1.xlsx": "superseded", "2.xlsx": "in-force"}, [])
    changes = outcome.done.settlement.changes
    assert [item.raw for item in changes if item.unit_id == outcome.unit_id and item.raw == written] == [written]


def test_a_form_sent_again_under_its_old_number_that_came_first_is_in_conflict(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a number left at one, came first"]
    assert set(outcome.states.values()) == {"returned"}


def test_a_whole_form_as_a_supplement_is_asked_about_where_it_leaves_rows_out(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a whole form as a supplement"]
    assert outcome.states == {"1.xlsx": "in-force", "2.xlsx": "in-force"}
    assert outcome.told.count(("2.xlsx", outcome.at("revision_kind"), "control-odd")) == 1
    assert len(outcome.rows("activities")) == len(outcome.first.answers.activities) + 1


@pytest.mark.parametrize("kind", ["Thay thế", "Bổ sung", "Không", "-", "lần đầu"])
def test_a_first_form_that_says_it_is_another_is_asked_about(kind: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[f"a first that is {kind}"]
    asked = [("1.xlsx", outcome.at("revision"), "control-odd")] if kind in ("Thay thế", "Bổ sung") else []
    assert (outcome.states, outcome.told) == ({"1.xlsx": "in-force"}, asked)


def test_the_kind_cannot_matter_when_nothing_stood_before(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a second of no kind after nothing"]
    assert outcome.states == {"2.xlsx": "in-force"}
    assert outcome.told == [("2.xlsx", outcome.at("revision_kind"), "value-missing")]


def test_a_reason_is_asked_for_when_a_form_is_sent_again(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a second without a reason"]
    assert outcome.told == [("2.xlsx", outcome.at("revision_reason"), "value-missing")]


def test_a_number_that_is_none_on_a_form_that_says_nothing_else_never_costs_a_good_older_one(
    outcomes: dict[str, Outcome],
) -> None:
    outcome = outcomes["no number and nothing else"]
    assert outcome.states == {"1.xlsx": "in-force", "2.xlsx": "returned"}
    assert outcome.told == [("2.xlsx", outcome.at("revision"), "revision-conflict")]
    assert outcome.value() == outcome.before


def test_a_revision_above_all_reason_is_in_force_where_there_is_no_other(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["a revision above all reason, alone"]
    assert (outcome.states, outcome.told) == (
        {"1.xlsx": "in-force"},
        [("1.xlsx", outcome.at("revision"), "number-too-large")],
    )


def test_a_late_correction_does_not_make_a_punctual_unit_late(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["a late second"].told == []


@pytest.mark.parametrize("name", ["a late first", "a late first in Vietnamese"])
def test_a_form_is_late_from_the_midnight_after_the_last_day(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].told == [("1.xlsx", "", "late")]
    assert outcomes[name].states == {"1.xlsx": "in-force"}


@pytest.mark.parametrize("name", ["in time to the last second", "in time in Vietnamese"])
def test_the_whole_of_the_last_day_is_in_time(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].told == []


def test_a_file_that_is_not_in_the_book_counts_by_its_own_time(project: Project, tmp_path: Path) -> None:
    names = ["late.xlsx", "in time.xlsx"]
    for name, moment in zip(
        names,
        (datetime(2025, 9, 17, tzinfo=project.plan.zone), datetime(2025, 9, 16, 23, 59, tzinfo=project.plan.zone)),
        strict=True,
    ):
        path = truthful(project, "XA-vinh-o" if name == "late.xlsx" else "XA-vinh-tu").named(name).save(tmp_path)
        os.utime(path, (moment.timestamp(), moment.timestamp()))
    done = evaluate_folder(tmp_path, project)
    assert [codes(done, name) for name in names] == [["late"], []]
    assert not any(reading.arrival.is_booked for reading in done.settlement.readings)


def test_sample_forms_are_left_out_as_soon_as_a_real_one_is_there(project: Project, tmp_path: Path) -> None:
    sample, real = truthful(project, "XA-vinh-thai").sample(), truthful(project, "XA-vinh-o")
    alone = evaluate_folder(tmp_path, project, [sample])
    beside = evaluate_folder(tmp_path, project, [sample, real])
    assert (states(alone), alone.uses_samples) == ({"XA-vinh-thai.xlsx": "in-force"}, True)
    assert codes(alone, "XA-vinh-thai.xlsx") == ["sample-data"]
    assert (states(beside), beside.uses_samples) == (
        {"XA-vinh-o.xlsx": "in-force", "XA-vinh-thai.xlsx": "superseded"},
        False,
    )
    assert figure(beside, "XA-vinh-thai", "CT01") == (None, "not-reported")
    assert codes(beside, "XA-vinh-thai.xlsx") == []
