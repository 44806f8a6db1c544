"""What a run was made from: every declaration, book and form that it read, by sha256; and what lies there now.

Names are those of the layout, wherever the folders stand: `schemas/plans/2025.toml`, `inputs/2025/q3/so-nhan.csv`.
"""

from collections.abc import Callable, Iterator, Mapping

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.inventory import fingerprint_of_book, fingerprints_now, fingerprints_read
from pipeline.reading.batch import all_readings
from pipeline.reading.periods import Folders, Readings, earlier_periods, other_periods
from pipeline.words.lists import named

Inputs = Mapping[str, str]
_MOST_NAMES = 5


def books_now(project: Project, period: Period, folders: Folders) -> Inputs:
    """The receiving books of all periods that a run of this one reads."""
    return _of_all(project, period, lambda item: fingerprint_of_book(folders.input(project, item)))


def inputs_read(project: Project, period: Period, readings: Readings, books: Inputs) -> Inputs:
    """Everything behind a run, with the `books` as they were when it began."""
    forms = _of_all(project, period, lambda item: fingerprints_read(all_readings(readings.get(item.code, ()))))
    return dict(sorted({**project.sources, **books, **forms}.items()))


def inputs_now(project: Project, period: Period, folders: Folders) -> Inputs:
    """The same as a run would find it now."""
    forms = _of_all(project, period, lambda item: fingerprints_now(folders.input(project, item)))
    return dict(sorted({**project.sources, **books_now(project, period, folders), **forms}.items()))


def what_changed(then: Inputs, now: Inputs) -> str:
    """Which files came, went or are others, as the end of a sentence; empty where none."""
    kinds = {
        "thêm": [file for file in now if file not in then],
        "mất": [file for file in then if file not in now],
        "đổi nội dung": [file for file in now if then.get(file, now[file]) != now[file]],
    }
    told = {kind: [f"“{file}”" for file in files] for kind, files in kinds.items()}
    return "; ".join(f"{kind} {named(files, _MOST_NAMES, 'tệp khác')}" for kind, files in told.items() if files)


def _of_all(project: Project, period: Period, files: Callable[[Period], Inputs]) -> dict[str, str]:
    return {
        f"inputs/{project.plan.year}/{item.code}/{file}": sha256
        for item in _periods(project, period)
        for file, sha256 in files(item).items()
    }


def _periods(project: Project, period: Period) -> Iterator[Period]:
    yield from (*earlier_periods(project, period), *other_periods(project, period), period)
