"""Where files are read, and how many at a time, changes nothing in what comes out.

Processes here, a Dask cluster, one that loses a worker.
"""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from distributed import LocalCluster
from upath import UPath

from pipeline.cli import cli
from pipeline.commands.run import run_period
from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.reading import executors
from pipeline.reading import periods as reading
from pipeline.reading.batch import all_readings
from pipeline.reading.executors import Engine
from pipeline.reading.periods import Folders, Readings, read_folder
from tests.builders import OF_YEAR

ROOT = Path(__file__).parent.parent
INPUTS = ROOT / "inputs"

pytestmark = [
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning"
    ),  # of the cluster's own sockets, closed a moment after it says that it has ended
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def period(project: Project) -> Period:
    return project.plan.period("q3")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as found:
        yield found


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _begun(readings: Readings) -> reading.Begun:
    begun: reading.Begun = Future()
    begun.set_result((readings, 0.0))
    return begun


def outputs(folder: Path) -> dict[str, bytes]:
    """Every file that a run writes, but for the record with its seconds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


@pytest.fixture(scope="module")
def expected(project: Project, period: Period, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return outputs(run_period(project, period, Folders(INPUTS, tmp_path_factory.mktemp("alone"))).folder)


@pytest.mark.parametrize(("size", "workers"), [(1, 1), (5, 3), (1_000, 2)])
def test_batches_and_processes_change_nothing(
    size: int,
    workers: int,
    project: Project,
    period: Period,
    expected: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_BATCH", size)
    finished = run_period(project, period, Folders(INPUTS, tmp_path), engine=Engine(workers))
    assert outputs(finished.folder) == expected


def test_a_cluster_gives_the_same_bytes(
    project: Project, period: Period, cluster: LocalCluster, expected: dict[str, bytes], tmp_path: Path
) -> None:
    finished = run_period(
        project, period, Folders(INPUTS, tmp_path), engine=Engine(scheduler=cluster.scheduler_address)
    )
    assert outputs(finished.folder) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be ended by a signal")
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    project: Project,
    period: Period,
    cluster: LocalCluster,
    expected: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 1)
    doomed = next(worker.pid for worker in cluster.workers.values())
    read: list[str] = []

    def kill_after_three(file: str) -> None:
        read.append(file)
        if len(read) == 3:
            os.kill(doomed, signal.SIGKILL)

    folders, engine = Folders(INPUTS, tmp_path), Engine(scheduler=cluster.scheduler_address)
    readings = reading.read_periods(project, period, folders, kill_after_three, engine)
    assert not _is_alive(doomed)
    assert len(read) == sum(len(all_readings(batches)) for batches in readings.values()) > 60
    again = _begun(readings)
    assert outputs(run_period(project, period, folders, begun=again).folder) == expected


def test_files_are_read_from_a_store_that_fsspec_knows(project: Project, period: Period) -> None:
    here = read_folder(INPUTS / "2025" / "q3", project, period)
    there = read_folder(UPath(INPUTS.as_uri()) / "2025" / "q3", project, period)
    plain = [
        (item.file, item.sha256, item.unit_id, item.arrival.received_at, item.problems) for item in all_readings(here)
    ]
    assert [
        (item.file, item.sha256, item.unit_id, item.arrival.received_at, item.problems) for item in all_readings(there)
    ] == plain


def test_a_scheduler_that_does_not_answer_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_CONNECT_SECONDS", 1)
    with (
        pytest.raises(PipelineError, match=r"Không kết nối được với cụm máy ở tcp://127\.0\.0\.1:1;"),
        Engine(scheduler="tcp://127.0.0.1:1").crew(),
    ):
        pass


def test_the_command_line_takes_a_store_and_a_scheduler(
    cluster: LocalCluster, expected: dict[str, bytes], tmp_path: Path
) -> None:
    words = [
        "run",
        "q3",
        *OF_YEAR,
        "--inputs",
        INPUTS.as_uri(),
        "--outputs",
        str(tmp_path),
        "--scheduler",
        cluster.scheduler_address,
    ]
    assert cli(words, standalone_mode=False) is None
    assert outputs(tmp_path / "2025" / "q3") == expected
