"""What the machine does while a run reads is no unit's fault: it changes no output, or it ends the run."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.commands.run import run_period
from pipeline.declare.project import Project
from pipeline.reading.periods import Folders
from tests.builders import OF_YEAR, ROOT, Draft, address, save_all, truthful

UNITS = ("XA-vinh-thai", "XA-kim-thach", "P-tu-phap")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the readers of a run are found in /proc")


def run_while(disturb: Callable[[int], bool], inputs: Path, outputs: Path) -> tuple[int, str, int]:
    """A run over `inputs`; each of its reading processes is given to `disturb`, which says whether it did something."""
    words = ["run", "q3", *OF_YEAR, "--inputs", str(inputs), "--outputs", str(outputs)]
    command = [sys.executable, "-m", "pipeline", *words]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    disturbed = 0
    while run.poll() is None:
        disturbed += sum(disturb(pid) for pid in readers_of(run.pid))
        time.sleep(0.02)
    _, told = run.communicate()
    return run.returncode, told, disturbed


def readers_of(pid: int) -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and is_reader_of(pid, path)]


def is_reader_of(pid: int, process: Path) -> bool:
    try:
        parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        return parent == pid and b"reader_child" in (process / "cmdline").read_bytes()
    except OSError:
        return False


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Path:
    place = tmp_path_factory.mktemp("inputs")
    save_all(place / "2025" / "q3", [truthful(project, unit_id) for unit_id in UNITS])
    return place


@pytest.fixture(scope="module")
def undisturbed(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    place = tmp_path_factory.mktemp("undisturbed")
    assert run_while(lambda pid: False, inputs, place)[0] == 0
    return written(place)


def written(outputs: Path) -> dict[str, bytes]:
    """What a run wrote, its record aside, which holds seconds."""
    return {
        path.relative_to(outputs).as_posix(): path.read_bytes()
        for path in outputs.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def was_sent(pid: int, sign: signal.Signals) -> bool:
    """Whether the process was still there to be stopped."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True


def test_readers_killed_twice_change_no_output(inputs: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    killed: list[int] = []

    def kill(pid: int) -> bool:
        if pid in killed or len(killed) == 2:
            return False
        time.sleep(0.02 * (1 + len(killed)))
        killed.append(pid)
        return was_sent(pid, (signal.SIGKILL, signal.SIGTERM)[len(killed) % 2])

    status, told, disturbed = run_while(kill, inputs, tmp_path)
    assert (status, told) == (0, "")
    assert 1 <= disturbed <= 2  # the second reader may have done its work before it could be stopped
    assert written(tmp_path) == undisturbed


def test_readers_killed_every_time_end_the_run_with_one_sentence(inputs: Path, tmp_path: Path) -> None:
    def kill(pid: int) -> bool:
        return was_sent(pid, signal.SIGKILL)

    status, told, disturbed = run_while(kill, inputs, tmp_path)
    assert (status, told.count("\n")) == (2, 1)
    assert disturbed >= 3
    assert told.startswith("Không chạy được: Phần đọc tệp Excel không khởi động được hoặc bị máy dừng")
    assert not written(tmp_path)


@pytest.mark.slow
def test_a_reader_stopped_for_nine_seconds_changes_no_output(
    inputs: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    stopped: list[int] = []

    def stop(pid: int) -> bool:
        if stopped:
            return False
        time.sleep(0.3)
        stopped.append(pid)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(9)
        os.kill(pid, signal.SIGCONT)
        return True

    assert run_while(stop, inputs, tmp_path) == (0, "", 1)
    assert written(tmp_path) == undisturbed


def with_a_slip(project: Project, unit_id: str) -> Draft:
    return truthful(project, unit_id).figure("CT01", -1)


def units_of_copies(project: Project, feedback: Path) -> dict[str, object]:
    """The unit on the card of each copy that goes back, by the unit that it goes to; None in a plain list."""
    name, cell = project.form.card.name, address(project, "card", "unit_id")
    books = {path.stem: load_workbook(path) for path in feedback.glob("*.xlsx")}
    return {unit_id: book[name][cell].value if name in book.sheetnames else None for unit_id, book in books.items()}


def test_a_form_exchanged_before_the_replies_are_written_goes_back_to_nobody(project: Project, tmp_path: Path) -> None:
    one, other = "XA-vinh-thai", "XA-kim-thach"
    folder = tmp_path / "in" / "2025" / "q3"
    save_all(folder, [with_a_slip(project, unit_id).named(f"{unit_id}.xlsx") for unit_id in (one, other, "P-tu-phap")])

    def exchange(step: str) -> None:
        if step == "ghi phản hồi cho đơn vị":
            shutil.copyfile(folder / f"{other}.xlsx", folder / f"{one}.xlsx")
            (folder / f"{other}.xlsx").unlink()

    period = project.plan.period("q3")
    done = run_period(project, period, Folders(tmp_path / "in", tmp_path / "out"), progress=exchange)
    feedback = done.folder / "phan-hoi"
    assert units_of_copies(project, feedback) == {one: None, other: None, "P-tu-phap": "P-tu-phap"}
    listed = load_workbook(feedback / f"{one}.xlsx")[project.form.todo_sheet]
    told = " ".join(str(cell.value) for row in listed.iter_rows() for cell in row)
    assert "bị thay hoặc không còn" in told
    assert "-1" in told
    [sentence] = [line for line in done.sentences if "Trong lúc chạy" in line]
    assert f"mất “{other}.xlsx”; đổi nội dung “{one}.xlsx”;" in sentence


EXCHANGER = """
import os, shutil, sys, time
folder, forms = sys.argv[1], sys.argv[2:]
place = lambda name: os.path.join(folder, name)
turn = 0
while True:
    turn += 1
    for number, name in enumerate(("a.xlsx", "b.xlsx")):
        shutil.copyfile(forms[(number + turn) % 2], place(name + ".tmp"))
        os.replace(place(name + ".tmp"), place(name))
    if turn % 3 == 0:
        shutil.copyfile(forms[0], place("comes and goes.xlsx"))
    elif turn % 3 == 1:
        os.path.exists(place("comes and goes.xlsx")) and os.unlink(place("comes and goes.xlsx"))
    else:
        os.path.exists(place("c.xlsx")) and os.unlink(place("c.xlsx"))
        os.mkfifo(place("c.xlsx")) if turn % 2 else shutil.copyfile(forms[1], place("c.xlsx"))
    time.sleep(0.003)
"""


def test_no_reply_holds_another_units_form_while_files_are_exchanged(project: Project, tmp_path: Path) -> None:
    folder, aside, outputs = tmp_path / "in" / "2025" / "q3", tmp_path / "aside", tmp_path / "out"
    forms = [with_a_slip(project, unit_id).save(aside) for unit_id in ("XA-vinh-thai", "XA-kim-thach")]
    save_all(folder, [with_a_slip(project, "P-tu-phap").named("d.xlsx")])
    exchanger = subprocess.Popen([sys.executable, "-c", EXCHANGER, str(folder), *map(str, forms)])
    try:
        for _ in range(2):
            status, told, _ = run_while(lambda pid: False, tmp_path / "in", outputs)
            assert (status, told) == (0, "")
            found = units_of_copies(project, outputs / "2025" / "q3" / "phan-hoi")
            assert found["P-tu-phap"] == "P-tu-phap"
            assert all(on_card in (unit_id, None) for unit_id, on_card in found.items())
    finally:
        exchanger.kill()
        exchanger.wait()
