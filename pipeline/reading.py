"""From folders to readings: the files of a period, and of the periods that it adds up or is compared with.

Light on purpose: the files are opened in processes of their own, so a command can begin to read and load its heavy
libraries in the meantime.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.records import Arrival, Reading
from pipeline.intake.gather import gather
from pipeline.intake.submission import read_submission, read_submissions

Progress = Callable[[str], None]
Readings = Mapping[str, tuple[Reading, ...]]


@dataclass(frozen=True)
class Folders:
    """Where inputs lie and outputs go; below each, `<year>/<period>`."""

    inputs: Path
    outputs: Path

    def input(self, project: Project, period: Period) -> Path:
        return self.inputs / str(project.plan.year) / period.code

    def output(self, project: Project, period: Period) -> Path:
        return self.outputs / str(project.plan.year) / period.code


def read_one(arrival: Arrival, project: Project, period: Period) -> Reading:
    """Read one file by itself."""
    return read_submission(arrival, project, period)


def read_folder(folder: Path, project: Project, period: Period, progress: Progress = lambda file: None, workers: int = 1) -> tuple[Reading, ...]:
    """Read every file of a period's folder; the number of workers changes the time, never the result."""
    arrivals = gather(folder, project.plan.zone)

    def read(part: Sequence[Arrival]) -> list[Reading]:
        readings = []
        for reading in read_submissions(part, project, period):
            readings.append(reading)
            progress(reading.file)
        return readings

    size = max(1, -(-len(arrivals) // workers))
    parts = [arrivals[start : start + size] for start in range(0, len(arrivals), size)]
    with ThreadPoolExecutor(workers) as pool:  # each part has a reading process of its own; the threads only wait for them
        return tuple(reading for part in pool.map(read, parts) for reading in part)


def other_periods(project: Project, period: Period) -> tuple[Period, ...]:
    """The periods that this one adds up, contains, or is compared with."""
    codes = dict.fromkeys(code for code in (*period.cumulative, *period.contains, period.previous) if code and code != period.code)
    return tuple(project.plan.period(code) for code in codes)


def read_periods(project: Project, period: Period, folders: Folders, progress: Progress = lambda file: None, workers: int = 1) -> Readings:
    """The readings of the period and of the others that it needs, by code.

    One folder after the other: the reading process has one processor, the command that waits for it the other.
    """
    periods = (*other_periods(project, period), period)
    return {item.code: read_folder(folders.input(project, item), project, item, progress, workers) for item in periods}


def begin_reading(project: Project, period: Period, folders: Folders, progress: Progress = lambda file: None, workers: int = 1) -> "Future[Readings]":
    """Begin to read in the background; the result is `read_periods`'."""
    with_one = ThreadPoolExecutor(1)
    begun = with_one.submit(read_periods, project, period, folders, progress, workers)
    with_one.shutdown(wait=False)
    return begun


def holds_real_forms(readings: Sequence[Reading]) -> bool:
    """Whether an unmarked form is among them; sample forms are then left out everywhere."""
    return any(reading.is_form and not reading.is_sample for reading in readings)
