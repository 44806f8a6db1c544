"""A time of receipt that cannot be read, or cannot be, stops no run and counts on nobody's side without a word."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.commands.check import check_one
from pipeline.commands.run import run_period
from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation
from pipeline.reading.periods import Folders
from pipeline.words.moments import read_moment
from tests.builders import evaluate_folder, found, shipped, truthful, write_book
from tests.lasting import LASTING

UNIT, OTHER = "XA-vinh-o", "XA-vinh-tu"
PUNCTUAL, LATE = datetime(2025, 9, 15, 9, 0), datetime(2025, 9, 20, 9, 0)
Arrival = tuple[str | None, datetime]  # what the book says, if it has a line, and the time of the file as stored

IMPOSSIBLE: dict[Arrival, bool] = {  # and whether the form is on time all the same
    ("9/16/2025 8:30 AM", LATE): True,  # as an American Excel saves it: only September has a sixteenth
    ("9/31/2025", PUNCTUAL): True,
    ("9/31/2025", LATE): False,
    ("hôm qua", LATE): False,
    ("45916.354", LATE): False,
    ("16/9/2024 08:30", LATE): False,
    ("16/9/2026 08:30", PUNCTUAL): True,
    ("2099-09-16", LATE): False,
    ("0001-01-01 00:00", PUNCTUAL): True,
    ("2025-02-16 08:30", LATE): False,  # before anybody could fill the form in
}
READ = (
    "16/9/2025 08:30",
    "2025-09-16 08:30",
    "16-9-2025 8h30",
    "16.9.2025 08:30:15",
    "16/9/25 8:30",
    "08:30 16/9/2025",
)
BEFORE_THE_CLOSING_DAY, EARLY, OF_AN_ARCHIVE = ("16/8/2025", LATE), ("11/9/2025", LATE), (None, datetime(1980, 1, 1))
STORED = (PUNCTUAL, LATE, datetime(2026, 11, 28))
ARRIVALS: list[Arrival] = [
    *IMPOSSIBLE,
    *((written, LATE) for written in READ),
    BEFORE_THE_CLOSING_DAY,
    EARLY,
    OF_AN_ARCHIVE,
    *((None, stored) for stored in STORED),
]


@dataclass(frozen=True)
class Arrived:
    """One of the forms of a folder, each of another unit, that came at all these times."""

    done: Evaluation
    unit_id: str
    line: int  # of the book

    @property
    def received_at(self) -> datetime:
        readings = self.done.settlement.readings
        return next(item.arrival.received_at for item in readings if item.file == f"{self.unit_id}.xlsx")

    @property
    def is_on_time(self) -> bool:
        return self.received_at < shipped().plan.deadline(self.done.settlement.period)

    def problems(self) -> list[tuple[str, str]]:
        return found(self.done, self.unit_id, project=shipped())


@pytest.fixture(scope="module")
def arrived(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Mapping[Arrival, Arrived]:
    folder, book = tmp_path_factory.mktemp("arrived"), []
    units = [unit.unit_id for unit in project.register.reporting_on(project.plan.period("q3").date_to)]
    lines = dict(zip(ARRIVALS, units, strict=False))
    for (written, stored), unit_id in lines.items():
        draft = truthful(project, unit_id)
        path = (draft.card(report_date="10/9/2025") if (written, stored) == EARLY else draft).save(folder)
        os.utime(path, (stored.timestamp(), stored.timestamp()))
        book += [(path.name, written, "Zalo", "")] if written is not None else []
    write_book(folder, book)
    done = evaluate_folder(folder, project)
    return {arrival: Arrived(done, unit_id, number) for number, (arrival, unit_id) in enumerate(lines.items(), 2)}


@pytest.mark.parametrize("arrival", IMPOSSIBLE)
def test_a_time_of_the_book_that_cannot_be_is_asked_about(arrival: Arrival, arrived: Mapping[Arrival, Arrived]) -> None:
    form = arrived[arrival]
    assert form.problems() == [(f"dòng {form.line}", "control-odd")]
    [problem] = [item for item in form.done.problems if (item.unit_id, item.code) == (form.unit_id, "control-odd")]
    assert (problem.field, problem.sheet, problem.value) == ("received_at", "so-nhan.csv", arrival[0])
    assert form.is_on_time is IMPOSSIBLE[arrival]


@pytest.mark.parametrize("written", READ)
def test_a_time_in_other_words_is_read(written: str, arrived: Mapping[Arrival, Arrived]) -> None:
    form = arrived[written, LATE]
    assert form.problems() == []
    assert f"{form.received_at:%d/%m/%Y %H:%M}" == "16/09/2025 08:30"


def test_a_day_before_the_closing_day_is_asked_about_where_the_report_is_of_a_later_one(
    arrived: Mapping[Arrival, Arrived],
) -> None:
    assert [code for _, code in arrived[BEFORE_THE_CLOSING_DAY].problems()] == ["control-odd"]
    assert [code for _, code in arrived[EARLY].problems()] == ["date-odd"]


def test_the_time_of_a_file_from_an_archive_is_asked_about(arrived: Mapping[Arrival, Arrived]) -> None:
    assert arrived[OF_AN_ARCHIVE].problems() == [("", "control-odd")]


@pytest.mark.parametrize("stored", STORED)
def test_the_time_of_a_file_may_be_late(stored: datetime, arrived: Mapping[Arrival, Arrived]) -> None:
    assert arrived[None, stored].problems() == []


def test_one_bad_line_stops_no_run_and_is_named(project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    place = folders.input(project, period)
    names = [truthful(project, unit_id).save(place).name for unit_id in (UNIT, OTHER)]
    write_book(
        place,
        [
            ("9" * 4_000, "9" * 4_000, "", ""),
            (names[0], "9/31/2025", "Zalo", ""),
            (names[1], "15/9/2025 08:00", "Zalo", ""),
        ],
    )
    finished = run_period(project, period, folders, engine=LASTING)
    assert any("dòng 3 “9/31/2025”" in sentence for sentence in finished.sentences)
    assert all(len(sentence) < 1_000 for sentence in finished.sentences)
    told = (folders.output(project, period) / "phan-hoi" / f"{UNIT}.txt").read_text(encoding="utf-8")
    assert "9/31/2025" in told and "nhận lúc 0" not in told
    assert "9/31/2025" not in (folders.output(project, period) / "phan-hoi" / f"{OTHER}.txt").read_text(
        encoding="utf-8"
    )


def test_check_asks_nothing_about_a_form_that_nobody_has_received(project: Project, tmp_path: Path) -> None:
    path = truthful(project, UNIT).save(tmp_path)
    os.utime(path, (0, 0))
    assert check_one(project, path, path.name, LASTING).verdict == "accepted"


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
