"""A time of receipt that cannot be read, or cannot be, stops no run and counts on nobody's side without a word."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.commands.check import check_one
from pipeline.commands.run import run_period
from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation
from pipeline.reading.periods import Folders
from pipeline.words.moments import read_moment
from tests.builders import Draft, evaluate_folder, found, truthful, write_book

UNIT, OTHER = "XA-vinh-o", "XA-vinh-tu"
PUNCTUAL, LATE = datetime(2025, 9, 15, 9, 0), datetime(2025, 9, 20, 9, 0)


def arrived(project: Project, folder: Path, draft: Draft, written: str | None, stored: datetime) -> Evaluation:
    """The form in a folder with the time of the file as stored, and that of the book as written, if there is one."""
    path = draft.save(folder)
    os.utime(path, (stored.timestamp(), stored.timestamp()))
    if written is not None:
        write_book(folder, [(path.name, written, "Zalo", "")])
    return evaluate_folder(folder, project)


def on_time(done: Evaluation, project: Project) -> bool:
    [reading] = done.settlement.readings
    return reading.arrival.received_at < project.plan.deadline(done.settlement.period)


@pytest.mark.parametrize(
    ("written", "stored", "is_on_time"),
    [
        ("9/16/2025 8:30 AM", LATE, True),  # as an American Excel saves it: only September has a sixteenth
        ("9/31/2025", PUNCTUAL, True),
        ("9/31/2025", LATE, False),
        ("hôm qua", LATE, False),
        ("45916.354", LATE, False),
        ("16/9/2024 08:30", LATE, False),
        ("16/9/2026 08:30", PUNCTUAL, True),
        ("2099-09-16", LATE, False),
        ("0001-01-01 00:00", PUNCTUAL, True),
        ("2025-02-16 08:30", LATE, False),  # before anybody could fill the form in
    ],
)
def test_a_time_of_the_book_that_cannot_be_is_asked_about(
    written: str, stored: datetime, is_on_time: bool, project: Project, tmp_path: Path
) -> None:
    done = arrived(project, tmp_path, truthful(project, UNIT), written, stored)
    assert found(done, UNIT, project=project) == [("dòng 2", "control-odd")]
    [problem] = [problem for problem in done.problems if problem.code == "control-odd"]
    assert (problem.field, problem.sheet, problem.value) == ("received_at", "so-nhan.csv", written)
    assert on_time(done, project) is is_on_time


@pytest.mark.parametrize(
    "written",
    ["16/9/2025 08:30", "2025-09-16 08:30", "16-9-2025 8h30", "16.9.2025 08:30:15", "16/9/25 8:30", "08:30 16/9/2025"],
)
def test_a_time_in_other_words_is_read(written: str, project: Project, tmp_path: Path) -> None:
    done = arrived(project, tmp_path, truthful(project, UNIT), written, LATE)
    assert found(done, UNIT, project=project) == []
    [reading] = done.settlement.readings
    assert f"{reading.arrival.received_at:%d/%m/%Y %H:%M}" == "16/09/2025 08:30"


def test_a_day_before_the_closing_day_is_asked_about_where_the_report_is_of_a_later_one(
    project: Project, tmp_path: Path
) -> None:
    done = arrived(project, tmp_path / "a", truthful(project, UNIT), "16/8/2025", LATE)
    assert [code for _, code in found(done, UNIT, project=project)] == ["control-odd"]
    early = truthful(project, UNIT).card(report_date="10/9/2025")
    done = arrived(project, tmp_path / "b", early, "11/9/2025", LATE)
    assert [code for _, code in found(done, UNIT, project=project)] == ["date-odd"]


def test_the_time_of_a_file_from_an_archive_is_asked_about(project: Project, tmp_path: Path) -> None:
    done = arrived(project, tmp_path, truthful(project, UNIT), None, datetime(1980, 1, 1))
    assert found(done, UNIT, project=project) == [("", "control-odd")]


@pytest.mark.parametrize("stored", [PUNCTUAL, LATE, datetime(2026, 11, 28)])
def test_the_time_of_a_file_may_be_late(stored: datetime, project: Project, tmp_path: Path) -> None:
    assert found(arrived(project, tmp_path, truthful(project, UNIT), None, stored), UNIT, project=project) == []


def test_one_bad_line_stops_no_run_and_is_named(project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    place = folders.input(project, period)
    names = [truthful(project, unit_id).save(place).name for unit_id in (UNIT, OTHER)]
    write_book(place, [(names[0], "9/31/2025", "Zalo", ""), (names[1], "15/9/2025 08:00", "Zalo", "")])
    finished = run_period(project, period, folders)
    assert any("dòng 2 “9/31/2025”" in sentence for sentence in finished.sentences)
    told = (folders.output(project, period) / "phan-hoi" / f"{UNIT}.txt").read_text(encoding="utf-8")
    assert "9/31/2025" in told and "nhận lúc 0" not in told
    assert "9/31/2025" not in (folders.output(project, period) / "phan-hoi" / f"{OTHER}.txt").read_text(
        encoding="utf-8"
    )


def test_check_asks_nothing_about_a_form_that_nobody_has_received(project: Project, tmp_path: Path) -> None:
    path = truthful(project, UNIT).save(tmp_path)
    os.utime(path, (0, 0))
    assert check_one(project, path, path.name).verdict == "accepted"


def test_no_time_is_read_where_there_is_none() -> None:
    for text in (
        "",
        "x",
        "32/13/2025",
        "16/9/2025 25:00",
        "16/9",
        "2025",
        "9" * 10_000,
        "16/9/2025 " * 1_000,
        "1/2/3/4",
    ):
        first, exchanged = read_moment(text)
        assert first is None and exchanged is None, text
