"""Writing what lasts: who holds a lock, which leavings go, which names files get, many writers at once."""

import errno
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.cli import cli
from pipeline.commands.check import check_files
from pipeline.commands.receive import receive_files
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.intake.book import read_book
from pipeline.intake.taking_in import copied, take_in
from pipeline.publish.swap import recover, staging_folder
from pipeline.reading.periods import Folders
from pipeline.records import locks
from pipeline.records.locks import Holder, held, lock_of
from pipeline.records.names import LONGEST, stored_name
from pipeline.records.processes import boot, started
from pipeline.records.workplace import clear_abandoned, workplace
from pipeline.records.writing import take_name
from tests.builders import OF_YEAR, SCHEMAS
from tests.killed_parts import LINE, ZONE
from tests.killing import ROOT, together

ELSEWHERE = Holder("MAY-VAN-THU", "another start", 4321, "")
AGES = {"renewed a minute ago": (60, True), "not renewed for an hour": (3600, False)}


def leave_lock(target: Path, holder: Holder, seconds: float = 0) -> Path:
    """A lock as a process that is not ours would have it, last renewed so many seconds ago."""
    lock = lock_of(target)
    lock.write_bytes(holder.written())
    then = lock.stat().st_mtime - seconds
    os.utime(lock, (then, then))
    return lock


@pytest.fixture
def without_system_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and on shares: the system does not say whether a lock is still held."""
    monkeypatch.setattr(locks, "hold_handle", lambda _: None)


@pytest.mark.parametrize(("seconds", "stays"), AGES.values(), ids=AGES)
def test_a_lock_of_another_machine_counts_as_long_as_it_is_renewed(
    seconds: float, stays: bool, tmp_path: Path, without_system_locks: None
) -> None:
    lock = leave_lock(tmp_path / "q3", ELSEWHERE, seconds)
    if stays:
        with (
            pytest.raises(PipelineError, match=r"MAY-VAN-THU \(tiến trình 4321\).*xin đợi"),
            held(tmp_path / "q3", 0.1),
        ):
            pass
        assert lock.exists()
    else:
        with held(tmp_path / "q3", 0.1):
            assert lock.exists()
        assert not lock.exists()


@pytest.mark.parametrize(
    ("holder", "stays"),
    [
        (Holder("here", boot(), os.getpid(), started(os.getpid())), True),
        (Holder("here", boot(), os.getpid(), "1"), False),  # another process had this number
        (Holder("here", boot(), 2**22 + 1, ""), False),
        (Holder("here", "the start before", os.getpid(), started(os.getpid())), False),
    ],
)
def test_a_lock_of_this_machine_counts_as_long_as_its_process_lives(
    holder: Holder, stays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_system_locks: None
) -> None:
    monkeypatch.setattr(locks.platform, "node", lambda: "here")
    leave_lock(tmp_path / "q3", holder)
    taken = False
    with suppress(PipelineError), held(tmp_path / "q3", 0.1):
        taken = True
    assert taken is not stays


@pytest.mark.parametrize(("seconds", "stays"), AGES.values(), ids=AGES)
def test_what_another_machine_builds_is_left_alone_while_it_lives(
    seconds: float, stays: bool, tmp_path: Path, without_system_locks: None
) -> None:
    theirs = tmp_path / ".q3.moi-4321-0123abcd"
    theirs.mkdir()
    leave_lock(theirs, ELSEWHERE, seconds)
    recover(tmp_path / "q3")
    assert theirs.exists() is stays
    assert lock_of(theirs).exists() is stays


def test_what_this_machine_builds_is_left_alone_whether_or_not_the_system_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staging_folder(tmp_path / "q3") as staged:
        clear_abandoned(tmp_path)
        assert staged.exists()
        monkeypatch.setattr(locks, "hold_handle", lambda _: None)
        clear_abandoned(tmp_path)
        assert staged.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("filename", [None, "a/b.txt"])
def test_what_fails_out_of_sight_is_told_by_the_name_of_what_was_to_be_made(
    filename: str | None, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="No space") as caught, workplace(tmp_path / "q3", "moi") as place:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), filename and str(place / filename))
    assert caught.value.filename == str(tmp_path / "q3")


def test_leavings_of_every_kind_and_of_the_version_before_go_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        ".q3.moi-999999999",
        ".q3.moi-12-0123abcd",
        ".mau-abc_1234",
        ".q3.mau-12-0123abcd",
        ".a.csv.ghi-1-0123abcd",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.xlsx").write_text("dở", encoding="utf-8")
    (tmp_path / ".q3.khoa-12-0123abcd").touch()
    leave_lock(tmp_path / "q3", Holder(locks.platform.node(), boot(), 2**22 + 1, ""))
    kept = {".cua-toi", "q3", ".q3.nhan-12-0123abcd", f".q3.moi-{os.getppid()}"}  # the last: version 1.0.0 still at it
    for name in kept:
        (tmp_path / name).mkdir()
    clear_abandoned(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_a_holder_says_that_it_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_RENEWED", 0.01)
    with held(tmp_path / "q3"):
        lock = lock_of(tmp_path / "q3")
        os.utime(lock, (0, 0))
        for _ in range(500):
            if lock.stat().st_mtime > 0:
                break
            signal.sigtimedwait([], 0.01)
        assert lock.stat().st_mtime > 0


def test_who_waits_in_vain_hears_who_holds_it(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from pipeline.records.locks import held\n"
    code += f"with held(Path({str(tmp_path / 'q3')!r})): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(PipelineError, match=rf"tiến trình {process.pid}\b.*xin đợi"), held(tmp_path / "q3", 0.1):
            pass
        process.kill()
        process.wait()
        with held(tmp_path / "q3", 0.1):
            pass
    assert list(tmp_path.iterdir()) == []


def test_where_a_file_has_one_name_only_locks_and_names_are_still_taken_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted", str(self))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with workplace(tmp_path / "q3", "ghi") as work, held(tmp_path / "q3"):
        for text in ("một", "hai"):
            (work / text).write_text(text, encoding="utf-8")
        assert take_name(work / "một", tmp_path / "a.xlsx")
        assert not take_name(work / "hai", tmp_path / "a.xlsx")
        with pytest.raises(PipelineError), held(tmp_path / "q3", 0.1):
            pass
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a.xlsx", "một")]


@given(st.text(st.characters(), max_size=400), st.sampled_from(["", ".xlsx", ".XLS"]), st.integers(1, 120))
@example("CON", "", 1)
@example("nul ", ".xlsx", 1)
@example("ế" * 300, ".xlsx", 100)
@example("a\ud800b\u202e", ".xlsx", 1)
@example(". .", "", 2)
def test_any_name_becomes_one_that_every_system_stores(text: str, ending: str, number: int) -> None:
    name = stored_name(f"Xã Vĩnh Thái - {text}{ending}", number)
    assert len(name.encode()) <= LONGEST  # which a half of a character would refuse
    assert name.startswith("Xã Vĩnh Thái -")
    assert name.endswith(ending)
    assert not set(name) & set('<>:"/\\|?*\0\n\u202e')
    assert name.rstrip(". ") == name
    assert (f" ({number})" in name) or number == 1
    assert stored_name(name) == name
    alone = stored_name(text + ending)
    assert alone.partition(".")[0].strip().casefold() not in {"con", "nul", "prn", "aux", "com1", "lpt1"}
    assert alone.strip(". ")


def not_files(folder: Path) -> dict[str, Path]:
    os.mkfifo(folder / "pipe.xlsx")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "socket"))
    listener.close()
    return {"pipe": folder / "pipe.xlsx", "socket": folder / "socket", "device": Path("/dev/zero")}


def test_what_is_no_file_is_a_sentence_and_nobody_waits(project: Project, tmp_path: Path) -> None:
    period, folders = project.plan.period("q3"), Folders(tmp_path / "in", tmp_path / "out")
    moment = datetime(2025, 9, 15, 9, tzinfo=ZONE)
    (tmp_path / "folder").mkdir()
    for path in {**not_files(tmp_path), "folder": tmp_path / "folder"}.values():
        with pytest.raises(PipelineError, match="không phải là tệp"):
            receive_files(project, period, folders, [path], moment, "", "")
    where = ["--schemas", str(SCHEMAS), *OF_YEAR, "--inputs", str(folders.inputs), "--outputs", str(folders.outputs)]
    for name in ("pipe.xlsx", "socket"):
        with pytest.raises(PipelineError, match="không phải là tệp"):
            check_files(project, [tmp_path / name])
        for words in (["check"], ["receive", "q3"]):
            done = CliRunner().invoke(cli, [*words, str(tmp_path / name), *where])
            assert done.exit_code == 2
            assert "không phải là tệp" in done.output
    assert [path for path in folders.inputs.rglob("*") if path.name != "q3"] == [folders.inputs / "2025"]


def at_once(folder: Path, codes: list[str]) -> None:
    """Light processes that begin at once."""
    begin = "import sys; from tests.killed_parts import *; sys.stdin.read()\n"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", begin + code],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
        )
        for code in codes
    ]
    for process in running:
        assert process.stdin
        process.stdin.close()
    assert [process.wait() for process in running] == [0] * len(codes)


TAKE = "with copied(Path({0!r}), Path('in/q3')) as copy: take_in(copy, 'Xã - ' + Path({0!r}).name, LINE, ZONE)"
ADD = "add_line(Path('in/q3/so-nhan.csv'), {0!r}, LINE)"


def test_eight_that_take_in_and_book_at_once_lose_no_file_and_no_line(tmp_path: Path) -> None:
    (tmp_path / "in" / "q3").mkdir(parents=True)
    sent = [f"{number % 2}/bc.xlsx" if number < 4 else f"{number}.xlsx" for number in range(6)]
    for number, name in enumerate(sent):  # two of the six are two others again
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"biểu {number % 2 if number < 4 else number}", encoding="utf-8")
    at_once(tmp_path, [*(TAKE.format(name) for name in sent), ADD.format("tay-1.xlsx"), ADD.format("tay-2.xlsx")])
    folder = tmp_path / "in" / "q3"
    files = {"Xã - bc.xlsx", "Xã - bc (2).xlsx", "Xã - 4.xlsx", "Xã - 5.xlsx"}
    assert {path.name for path in folder.iterdir()} == {*files, "so-nhan.csv"}
    assert sorted((folder / name).read_text(encoding="utf-8") for name in files) == [
        "biểu 0",
        "biểu 1",
        "biểu 4",
        "biểu 5",
    ]
    assert set(read_book(folder / "so-nhan.csv", ZONE)) == {*files, "tay-1.xlsx", "tay-2.xlsx"}
    assert [path.name for path in folder.parent.iterdir()] == ["q3"]


def test_a_book_that_was_locked_against_writing_stays_and_the_file_goes_again(tmp_path: Path) -> None:
    book = tmp_path / "in" / "q3" / "so-nhan.csv"
    book.mkdir(parents=True)  # what no program can replace
    (tmp_path / "bc.xlsx").write_text("biểu", encoding="utf-8")
    with (
        pytest.raises(PipelineError, match="Không ghi được sổ nhận"),
        copied(tmp_path / "bc.xlsx", book.parent) as copy,
    ):
        take_in(copy, "bc.xlsx", LINE, ZONE)
    assert [path.name for path in book.parent.iterdir()] == ["so-nhan.csv"]
    assert [path.name for path in book.parent.parent.iterdir()] == ["q3"]


def test_a_name_that_is_no_utf8_neither_empties_the_book_nor_stays_out(project: Project, tmp_path: Path) -> None:
    period, folders = project.plan.period("q3"), Folders(tmp_path / "in", tmp_path / "out")
    moment = datetime(2025, 9, 15, 9, tzinfo=ZONE)
    book = folders.input(project, period) / "so-nhan.csv"
    book.parent.mkdir(parents=True)
    book.write_text("file,received_at\ncu.xlsx,2025-09-01 08:00\n", encoding="utf-8")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bc \xe9\xff.xlsx"))
    odd.write_bytes(b"PK")
    long = tmp_path / f"{'ế' * 80}.xlsx"
    long.write_bytes(b"PK2")
    receipts = receive_files(project, period, folders, [odd, long], moment, "Zalo \udce9", "")
    assert receipts[0].stored_as == "Chưa rõ đơn vị - bc --.xlsx"
    assert len(receipts[1].stored_as.encode()) <= LONGEST
    assert set(read_book(book, ZONE)) == {"cu.xlsx", *(receipt.stored_as for receipt in receipts)}
    assert all((book.parent / receipt.stored_as).exists() for receipt in receipts)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kinds", [["receive"] * 8, ["sample"] * 4, ["receive", "run", "templates", "run", "receive", "status"]]
)
def test_commands_that_begin_at_once_lose_no_line_and_no_file(
    kinds: list[str], tmp_path: Path, project: Project
) -> None:
    (tmp_path / "inputs").mkdir()
    commands = []
    for number, kind in enumerate(kinds):
        (tmp_path / f"{number}.txt").write_text(f"tệp {number}", encoding="utf-8")
        words = [kind, "q3", *([f"{number}.txt"] if kind == "receive" else []), "--schemas", str(SCHEMAS)]
        commands.append(words)
    with together(tmp_path, commands) as running:
        ended = [finish(process) for process in running]
    assert ended == [(0, "")] * len(kinds)
    folder = tmp_path / "inputs/2025/q3"
    if "sample" in kinds:
        names = set(read_book(folder / "so-nhan.csv", ZONE))
        assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {*names, "so-nhan.csv"}
        return
    names = {f"Chưa rõ đơn vị - {number}.txt" for number, kind in enumerate(kinds) if kind == "receive"}
    assert {path.name for path in folder.iterdir()} == {*names, "so-nhan.csv"}
    assert set(read_book(folder / "so-nhan.csv", ZONE)) == names
    if "templates" in kinds:
        units = project.register.reporting_on(project.plan.period("q3").date_to)
        assert len(list((tmp_path / "outputs/2025/q3/mau").iterdir())) == len(units)
        assert (tmp_path / "outputs/2025/q3/run.json").exists()
    assert list(tmp_path.rglob(".*")) == []


def finish(process: "subprocess.Popen[str]") -> tuple[int, str]:
    assert process.stdin
    process.stdin.close()
    process.stdin = None
    _, said = process.communicate()
    return process.returncode, said
