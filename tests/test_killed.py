"""What is killed, or meets a full disk, at whatever moment, loses no line and no file, and leaves nothing behind."""

import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from tests.builders import OF_YEAR
from tests.killing import ROOT, Killer, Mode

BOOK = "in/q3/so-nhan.csv"
PARTS = ("book", "take", "record", "exchange", "put")
CHANGED = "người dùng sửa".encode()  # an output that no run of ours wrote so
SHARES = 4  # of the events of a command, so that several workers are busy to the end
KEPT = {"XA-ho-xa", "XA-vinh-thai", "P-noi-vu"}
WORDS = {
    "receive": ("q3", "bc.xlsx", "xa.csv", "--received-at", "2025-09-15 09:00", "--note", "qua nhóm"),
    "sample": ("q3",),
    "templates": ("q3",),
    "run": ("q3",),
}
COMMANDS = {name: (name, *words, *OF_YEAR) for name, words in WORDS.items()}

Files = Mapping[str, bytes]


def files_in(folder: Path) -> dict[str, bytes]:
    """All files by name; a record of a run without the seconds that it took."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if path.name != "run.json"}


def leavings(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob(".*")]


def lines(book: bytes) -> list[str]:
    return book.decode("utf-8-sig").splitlines()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A period in small: a book with a line, its file, and outputs with something of the officer's."""
    folder = tmp_path_factory.mktemp("small")
    for name, text in {
        "bc.xlsx": "biểu mới " * 1000,
        "in/q3/cu.xlsx": "biểu cũ",
        BOOK: "file,received_at,channel,note\ncu.xlsx,2025-09-01 08:00,Zalo,cũ\n",
        "in/q3/units.csv": "unit_id\n",
        "out/q3/a.txt": "cũ",
        "out/q3/old.txt": CHANGED.decode(),
        "out/q3/run.json": json.dumps(
            {"outputs": [{"file": name, "sha256": sha256("cũ".encode()).hexdigest()} for name in ("a.txt", "old.txt")]}
        ),
        "out/q3/note.txt": "của tôi",
        "out/q3/mau/x.xlsx": "cũ",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def part_killer() -> Iterator[Killer]:
    with Killer(parts_alone=True) as killer:
        yield killer


def fresh(source: Path, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(source, place)


def as_it_was_or_will_be(now: Files, before: Files, after: Files) -> bool:
    """All but the leavings and the book, which grows by a line at a time."""
    known = {name: (before.get(name), after.get(name)) for name in now}
    return all(now[name] in known[name] for name in now if "/." not in name and not name.endswith("so-nhan.csv"))


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), 4])
@pytest.mark.parametrize("mode", ["kill", "full"])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_stopped_at_any_event_loses_nothing_and_is_done_by_the_next(
    part: str, mode: Mode, step: int, small: Path, tmp_path: Path, part_killer: Killer
) -> None:
    whole = fresh(small, tmp_path / "whole")
    done = part_killer.run(whole, "part", part)
    assert (done.status, leavings(whole)) == (0, [])
    before, after = files_in(small), files_in(whole)
    assert before != after
    for number in range(1 + len(part) % step, done.events + 1, step):
        folder = fresh(small, tmp_path / "stopped")
        stopped = part_killer.run(folder, "part", part, mode=mode, at=number)
        if mode == "kill":
            assert stopped.status == -9, number
        else:
            assert (stopped.status, leavings(folder)) in [(0, []), (2, [])], (number, stopped)
            assert stopped.status == 2 or files_in(folder) == after, number
        now = files_in(folder)
        assert as_it_was_or_will_be(now, before, after), number
        assert CHANGED in now.values(), number
        assert lines(before[BOOK]) == lines(now[BOOK])[:2], number
        assert part_killer.run(folder, "part", part).status == 0, number
        assert (files_in(folder), leavings(folder)) == (after, []), number


def test_of_a_file_taken_in_and_not_booked_any_next_command_writes_the_line(
    small: Path, tmp_path: Path, part_killer: Killer
) -> None:
    whole = fresh(small, tmp_path / "whole")
    events = part_killer.run(whole, "part", "take").events
    seen = set()
    for number in range(1, events + 1):
        folder = fresh(small, tmp_path / "stopped")
        part_killer.run(folder, "part", "take", mode="kill", at=number)
        part_killer.run(folder, "part", "finish")
        now, after = files_in(folder), files_in(whole)
        assert now in (files_in(small), after), number  # with its line, or not at all
        seen.add(now == after)
    assert seen == {False, True}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Killer]]:
    """Three units, two forms received, outputs of an earlier run, two files to be received."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    units = folder / "schemas" / "units.csv"
    with units.open(encoding="utf-8", newline="") as handle:
        rows = [{**row, "must_report": "yes" if row["unit_id"] in KEPT else "no"} for row in csv.DictReader(handle)]
    with units.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with Killer() as killer:
        for words in (COMMANDS["sample"], COMMANDS["templates"], COMMANDS["run"]):
            assert killer.run(folder, *words).status == 0
        shutil.copy2(next((folder / "outputs/2025/q3/mau").glob("XA-vinh-thai.xlsx")), folder / "bc.xlsx")
        (folder / "xa.csv").write_text("không phải biểu\n", encoding="utf-8")
        yield folder, killer


def stopped_at(office: tuple[Path, Killer], name: str, mode: Mode, number: int, place: Path, after: Files) -> None:
    source, killer = office
    folder, before = fresh(source, place), files_in(source)
    stopped = killer.run(folder, *COMMANDS[name], mode=mode, at=number)
    if mode == "kill":
        assert stopped.status == -9, number
    else:
        assert stopped.status in (0, 2), number
        assert (stopped.status == 2) == (len(stopped.err.splitlines()) == 1), (number, stopped)
        assert leavings(folder) == [], number
    now = files_in(folder)
    assert as_it_was_or_will_be(now, before, after), number
    book = "inputs/2025/q3/so-nhan.csv"
    assert lines(now[book])[: len(lines(before[book]))] == lines(before[book]), number
    again = killer.run(folder, *COMMANDS[name])
    assert again.status == 0, (number, again)
    assert (files_in(folder), leavings(folder)) == (after, []), number


def finished(office: tuple[Path, Killer], name: str, place: Path) -> tuple[Files, int]:
    source, killer = office
    done = killer.run(fresh(source, place), *COMMANDS[name])
    assert (done.status, leavings(place)) == (0, []), done
    return files_in(place), done.events


@pytest.mark.parametrize(
    ("name", "mode", "share"), [("receive", "kill", 0.6), ("run", "kill", 0.93), ("sample", "full", 0.9)]
)
def test_a_command_stopped_loses_nothing_and_is_done_by_the_next(
    name: str, mode: Mode, share: float, office: tuple[Path, Killer], tmp_path: Path
) -> None:
    after, events = finished(office, name, tmp_path / "whole")
    stopped_at(office, name, mode, int(events * share), tmp_path / "stopped", after)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("mode", ["kill", "full"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stopped_at_any_event_loses_nothing_and_is_done_by_the_next(
    name: str, mode: Mode, share: int, office: tuple[Path, Killer], tmp_path: Path
) -> None:
    after, events = finished(office, name, tmp_path / "whole")
    for number in range(1 + share, events + 1, SHARES):
        stopped_at(office, name, mode, number, tmp_path / "stopped", after)
