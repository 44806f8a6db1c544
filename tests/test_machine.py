"""What the machine does while a run reads is no unit's fault: it changes no output, or it ends the run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.declare.project import Project
from tests.builders import save_all, truthful

UNITS = ("XA-vinh-thai", "XA-kim-thach", "P-tu-phap")
ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the readers of a run are found in /proc")


def run_while(disturb: Callable[[int], bool], inputs: Path, outputs: Path) -> tuple[int, str, int]:
    """A run over `inputs`; each of its reading processes is given to `disturb`, which says whether it did something."""
    words = ["run", "q3", "--inputs", str(inputs), "--outputs", str(outputs)]
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


def test_readers_killed_twice_change_no_output(inputs: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    killed: list[int] = []

    def kill(pid: int) -> bool:
        if pid in killed or len(killed) == 2:
            return False
        time.sleep(0.25 * (1 + len(killed)))
        killed.append(pid)
        os.kill(pid, (signal.SIGKILL, signal.SIGTERM)[len(killed) % 2])
        return True

    status, told, disturbed = run_while(kill, inputs, tmp_path)
    assert (status, told, disturbed) == (0, "", 2)
    assert written(tmp_path) == undisturbed


def test_readers_killed_every_time_end_the_run_with_one_sentence(inputs: Path, tmp_path: Path) -> None:
    def kill(pid: int) -> bool:
        os.kill(pid, signal.SIGKILL)
        return True

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
