"""What a run was made from: every declaration, book and form that it read, by sha256; and what lies there now.

Names are those of the layout, wherever the folders stand: `schemas/plans/2025.toml`, `inputs/2025/q3/so-nhan.csv`.
"""

from collections.abc import Callable, Iterator, Mapping

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.inventory import fingerprint_of_book, fingerprints_now, fingerprints_read
from pipeline.reading.batch import all_readings
from pipeline.reading.periods import LAST_YEAR, Folders, Readings, earlier_periods, other_periods, year_before
from pipeline.words.lists import named

Inputs = Mapping[str, str]
_MOST_NAMES = 5


def books_now(project: Project, period: Period, folders: Folders) -> Inputs:
    """The receiving books of all periods that a run of this one reads."""
    return _of_all(project, period, folders, lambda whose, item: fingerprint_of_book(folders.input(whose, item)))


def inputs_read(project: Project, period: Period, folders: Folders, readings: Readings, books: Inputs) -> Inputs:
    """Everything behind a run, with the `books` as they were when it began."""

    def read(whose: Project, item: Period) -> Inputs:
        code = item.code if whose is project else LAST_YEAR
        return fingerprints_read(all_readings(readings.get(code, ())))

    return _together(project, period, folders, books, _of_all(project, period, folders, read))


def inputs_now(project: Project, period: Period, folders: Folders) -> Inputs:
    """The same as a run would find it now."""
    forms = _of_all(project, period, folders, lambda whose, item: fingerprints_now(folders.input(whose, item)))
    return _together(project, period, folders, books_now(project, period, folders), forms)


def what_changed(then: Inputs, now: Inputs) -> str:
    """Which files came, went or are others, as the end of a sentence; empty where none."""
    kinds = {
        "thêm": [file for file in now if file not in then],
        "mất": [file for file in then if file not in now],
        "đổi nội dung": [file for file in now if then.get(file, now[file]) != now[file]],
    }
    told = {kind: [f"“{file}”" for file in files] for kind, files in kinds.items()}
    return "; ".join(f"{kind} {named(files, _MOST_NAMES, 'tệp khác')}" for kind, files in told.items() if files)


def _together(project: Project, period: Period, folders: Folders, *files: Inputs) -> Inputs:
    """With the declarations that were read: those of the year before where its period was, too."""
    before = year_before(project, period, folders)
    sources = {**before[0].sources, **project.sources} if before else project.sources
    return dict(sorted({**sources, **{name: sha256 for part in files for name, sha256 in part.items()}}.items()))


def _of_all(
    project: Project, period: Period, folders: Folders, files: Callable[[Project, Period], Inputs]
) -> dict[str, str]:
    return {
        f"inputs/{whose.plan.year}/{item.code}/{file}": sha256
        for whose, item in _periods(project, period, folders)
        for file, sha256 in files(whose, item).items()
    }


def _periods(project: Project, period: Period, folders: Folders) -> Iterator[tuple[Project, Period]]:
    """Every period that a run reads, with the declarations of its year."""
    for item in (*earlier_periods(project, period), *other_periods(project, period), period):
        yield project, item
    if before := year_before(project, period, folders):
        yield before
