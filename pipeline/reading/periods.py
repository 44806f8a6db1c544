"""From folders to batches of readings: the files of a period, and of the periods that it adds up or is compared with.

Light on purpose: the files are opened in processes of their own, so a command can begin to read and load its heavy
libraries in the meantime.
"""

import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from pipeline.declare.errors import PipelineError
from pipeline.declare.last_year import same_window
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.gather import gather
from pipeline.reading.batch import Batch, ReadForms, all_readings
from pipeline.reading.executors import Crew, Engine, read_batch
from pipeline.reading.isolate import Left
from pipeline.values.forms import Arrival

Progress = Callable[[str], None]
Batches = tuple[Batch, ...]
Readings = Mapping[str, Batches]  # by code of the period; `LAST_YEAR` for that of the year before
Begun = Future[tuple[Readings, float]]

STANDARD = Engine()
LAST_YEAR = "last-year"
_PAUSES = (0.5, 2.0)  # seconds before each later try, so that the machine can recover
_BATCH = 64  # files at a time: enough to make the rest small, few enough to hold


@dataclass(frozen=True)
class Folders:
    """Where inputs lie and outputs go; below each, `<year>/<period>`. Below `sent`, the packages of each year."""

    inputs: Path
    outputs: Path
    sent: Path = Path("sent")

    def input(self, project: Project, period: Period) -> Path:
        return self.inputs / str(project.plan.year) / period.code

    def output(self, project: Project, period: Period) -> Path:
        return self.outputs / str(project.plan.year) / period.code

    def sent_in(self, year: int) -> Path:
        return self.sent / str(year)


def read_one(arrival: Arrival, project: Project, period: Period, engine: Engine = STANDARD) -> Batch:
    """Read one file by itself."""
    with engine.crew() as crew:
        [batch] = _read([arrival], project, period, crew)
        return batch


def read_folder(
    folder: Path, project: Project, period: Period, progress: Progress = lambda file: None, engine: Engine = STANDARD
) -> Batches:
    """Read every file of a period's folder; where and in how many batches changes the time, never the result."""
    with engine.crew() as crew:
        return _read_folder(folder, project, period, crew, progress)


def files_with_mark(folder: Path, project: Project, period: Period) -> frozenset[str]:
    """The sample forms among the files below a folder, by name; what cannot be read bears no mark."""
    return frozenset(
        reading.file for reading in all_readings(read_folder(folder, project, period)) if reading.is_sample
    )


def _read_folder(folder: Path, project: Project, period: Period, crew: Crew, progress: Progress) -> Batches:
    return _read(gather(folder, project.plan.zone, period), project, period, crew, progress)


def _read(
    arrivals: Sequence[Arrival],
    project: Project,
    period: Period,
    crew: Crew,
    progress: Progress = lambda file: None,
) -> Batches:
    """The batches in the order of the files; one is unpacked here while the next is being read there.

    A file over which the machine ended the reading is read once more when the others are done.
    """
    parts = [arrivals[start : start + _BATCH] for start in range(0, len(arrivals), _BATCH)]
    work = crew.share(ReadForms(project))
    batches: list[Batch | Left] = []
    for answers in crew.executor.map(read_batch, [work] * len(parts), [period.code] * len(parts), parts):
        for answer in answers:
            batches.append(answer if isinstance(answer, Left) else pickle.loads(answer))
            progress(_last_file(batches[-1]))
    return tuple(_read_later(work, period, item.file, crew) if isinstance(item, Left) else item for item in batches)


def _last_file(item: Batch | Left) -> str:
    file: str = item.file.file if isinstance(item, Left) else item.readings[-1].file
    return file


def _read_later(work: Any, period: Period, arrival: Arrival, crew: Crew) -> Batch:
    """One file while nothing else is read; that the machine does not let it be read ends the run."""
    for pause in _PAUSES:
        sleep(pause)
        [answer] = crew.executor.submit(read_batch, work, period.code, [arrival]).result()
        if not isinstance(answer, Left):
            batch: Batch = pickle.loads(answer)
            return batch
    raise PipelineError(
        f"Máy dừng phần đọc tệp khi đang đọc “{arrival.file}”, thử lại vẫn vậy (máy thiếu bộ nhớ, đầy ổ đĩa, hoặc "
        "có chương trình dừng nó). Đó không phải lỗi của tệp, nên không ghi kết quả thiếu tệp này; xin đóng bớt "
        "chương trình khác rồi chạy lại."
    )


def other_periods(project: Project, period: Period) -> tuple[Period, ...]:
    """The periods that this one adds up, contains, or is compared with."""
    codes = dict.fromkeys(
        code for code in (*period.cumulative, *period.contains, period.previous) if code and code != period.code
    )
    return tuple(project.plan.period(code) for code in codes)


def earlier_periods(project: Project, period: Period) -> tuple[Period, ...]:
    """The periods before this one that it does not add up: they may prove a task done that its lead reports no more."""
    others = other_periods(project, period)
    return tuple(item for item in project.plan.periods if item.date_to < period.date_to and item not in others)


def year_before(project: Project, period: Period, folders: Folders) -> tuple[Project, Period] | None:
    """The same period of the year before, with the declarations of that year, where plan and folder are there."""
    before = project.year_before
    found = before and same_window(period, before.plan)
    return (before, found) if before and found and folders.input(before, found).is_dir() else None


def read_periods(
    project: Project,
    period: Period,
    folders: Folders,
    progress: Progress = lambda file: None,
    engine: Engine = STANDARD,
    *,
    has_last_year: bool = True,
) -> Readings:
    """What was read of the period and of the others that it needs, by code; one folder after the other.

    `has_last_year`: also of the same period of the year before. A period without a folder has no files. That there are
    no inputs at all is a `PipelineError`: the address is wrong.
    """
    if not folders.inputs.is_dir():
        raise PipelineError(
            f"Không thấy thư mục nhận biểu {folders.inputs}; xin xem lại đường dẫn hoặc tạo thư mục đó."
        )
    with engine.crew() as crew:
        periods = (*earlier_periods(project, period), *other_periods(project, period), period)
        found = {item.code: (project, item) for item in periods}
        if has_last_year and (before := year_before(project, period, folders)):
            found[LAST_YEAR] = before
        return {
            code: _read_folder(folders.input(whose, item), whose, item, crew, progress)
            for code, (whose, item) in found.items()
        }


def begin_reading(
    project: Project,
    period: Period,
    folders: Folders,
    progress: Progress = lambda file: None,
    engine: Engine = STANDARD,
) -> Begun:
    """Begin to read in the background; the result is `read_periods`', with the seconds that it took."""
    with_one = ThreadPoolExecutor(1)
    begun = with_one.submit(_read_timed, project, period, folders, progress, engine)
    with_one.shutdown(wait=False)
    return begun


def _read_timed(
    project: Project, period: Period, folders: Folders, progress: Progress, engine: Engine
) -> tuple[Readings, float]:
    start = perf_counter()
    return read_periods(project, period, folders, progress, engine), perf_counter() - start


def holds_real_forms(batches: Iterable[Batch]) -> bool:
    """Whether an unmarked form is among them; sample forms are then left out everywhere."""
    return any(reading.is_form and not reading.is_sample for reading in all_readings(batches))
