"""Whatever lies in a folder is listed, and only what is a file of it is opened."""

import errno
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.declare.project import Project
from pipeline.intake import received
from pipeline.intake.folder import NO_FILE, UNREADABLE, entries_in
from pipeline.intake.gather import changed_meanwhile, gather, not_opened
from pipeline.reading.batch import all_readings
from pipeline.reading.periods import read_folder
from pipeline.values.forms import Reading
from tests.builders import save_all, truthful
from tests.lasting import LASTING

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no pipes in folders, and links need rights there")


def _named_pipe(folder: Path) -> None:
    os.mkfifo(folder / "odd")


def _socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the whole path may be longer than a socket's address
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind("odd")
    finally:
        os.chdir(here)


NO_FILES: dict[str, Callable[[Path], None]] = {
    "a pipe": _named_pipe,
    "a socket": _socket,
    "a link to nothing": lambda folder: (folder / "odd").symlink_to(folder / "nothing"),
    "a link to itself": lambda folder: (folder / "odd").symlink_to("odd"),
    "a link to a device": lambda folder: (folder / "odd").symlink_to("/dev/zero"),
    "a link to a file elsewhere": lambda folder: (folder / "odd").symlink_to(__file__),
    "a link to a folder elsewhere": lambda folder: (folder / "odd").symlink_to("/usr"),
    "a link to its own folder": lambda folder: (folder / "odd").symlink_to(folder),
}


@posix
@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_file_is_listed_and_named_and_never_opened(kind: str, project: Project, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "so.txt").write_text("x", encoding="utf-8")
    NO_FILES[kind](tmp_path)
    assert [(entry.file, entry.code) for entry in entries_in(tmp_path)] == [("odd", NO_FILE), ("sub/so.txt", "")]
    readings = all_readings(read_folder(tmp_path, project, project.plan.period("q3"), engine=LASTING))
    assert [_codes(reading) for reading in readings] == [[("odd", NO_FILE)], [("sub/so.txt", "file-type-unsupported")]]
    assert "có 1 mục không đọc được: “odd”." in not_opened(tmp_path, readings)


@posix
def test_a_link_inside_the_folder_is_read_where_it_leads(project: Project, tmp_path: Path) -> None:
    save_all(tmp_path, [truthful(project, "XA-vinh-thai").named("a.xlsx")])
    (tmp_path / "b.xlsx").symlink_to("a.xlsx")
    first, second = all_readings(read_folder(tmp_path, project, project.plan.period("q3"), engine=LASTING))
    assert (first.file, second.file) == ("a.xlsx", "b.xlsx")
    assert first.sha256 == second.sha256
    assert second.unit_id == "XA-vinh-thai"


def test_a_folder_that_may_not_be_looked_into_is_named_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.xlsx").write_bytes(b"")
    scandir = os.scandir

    def refuse(folder: Path) -> object:
        if folder.name == "closed":
            raise PermissionError(errno.EACCES, "", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [(entry.file, entry.code) for entry in entries_in(tmp_path)] == [("closed", UNREADABLE), ("open/a.xlsx", "")]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_closed_file_is_named_and_stops_nothing(project: Project, tmp_path: Path) -> None:
    save_all(tmp_path, [truthful(project, "XA-vinh-thai").named("a.xlsx")])
    (tmp_path / "b.xlsx").write_bytes(b"x")
    (tmp_path / "b.xlsx").chmod(0)
    first, second = all_readings(read_folder(tmp_path, project, project.plan.period("q3"), engine=LASTING))
    assert first.is_form
    assert _codes(second) == [("b.xlsx", UNREADABLE)]


@posix
def test_folders_in_folders_without_end_are_listed(tmp_path: Path) -> None:
    here, depth = Path.cwd(), 1_200
    try:
        os.chdir(tmp_path)
        for _ in range(depth):
            Path("a").mkdir()
            os.chdir("a")
        Path("b.xlsx").write_bytes(b"")
    finally:
        os.chdir(here)
    [entry] = entries_in(tmp_path)
    subprocess.run(["rm", "-r", str(tmp_path / "a")], check=True)  # Python's own way recurses
    assert entry.file == "a/" * depth + "b.xlsx"


def test_what_comes_goes_or_changes_meanwhile_is_told_by_name(project: Project, tmp_path: Path) -> None:
    for name in ("gone.xlsx", "changed.xlsx", "same.xlsx"):
        (tmp_path / name).write_bytes(b"1")
    arrivals = gather(tmp_path, project.plan.zone)
    assert not changed_meanwhile(tmp_path, arrivals)
    (tmp_path / "gone.xlsx").unlink()
    (tmp_path / "changed.xlsx").write_bytes(b"22")
    (tmp_path / "new.xlsx").write_bytes(b"1")
    (tmp_path / "~$new.xlsx").write_bytes(b"1")
    told = changed_meanwhile(tmp_path, arrivals)
    assert "thêm “new.xlsx”; mất “gone.xlsx”; đổi nội dung “changed.xlsx”;" in told
    assert "same.xlsx" not in told
    assert "~$" not in told


@posix
@pytest.mark.parametrize("kind", [*NO_FILES, "nothing", "a folder"])
def test_whatever_takes_the_place_of_a_file_is_not_opened_and_not_sent_back(
    kind: str, project: Project, tmp_path: Path
) -> None:
    save_all(tmp_path, [truthful(project, "XA-vinh-thai").named("odd")])
    [reading] = all_readings(read_folder(tmp_path, project, project.plan.period("q3"), engine=LASTING))
    assert received.bytes_judged(reading) == (tmp_path / "odd").read_bytes()
    (tmp_path / "odd").unlink()
    if kind == "a folder":
        (tmp_path / "odd").mkdir()
    elif kind != "nothing":
        NO_FILES[kind](tmp_path)
    assert received.bytes_judged(reading) is None


def test_another_form_in_its_place_is_not_what_was_judged(project: Project, tmp_path: Path) -> None:
    save_all(tmp_path, [truthful(project, "XA-vinh-thai").named("a.xlsx")])
    [reading] = all_readings(read_folder(tmp_path, project, project.plan.period("q3"), engine=LASTING))
    save_all(tmp_path, [truthful(project, "XA-kim-thach").named("a.xlsx")])
    assert received.bytes_judged(reading) is None


def _codes(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.file, problem.code) for problem in reading.problems]
