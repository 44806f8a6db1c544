"""Sample submissions of one period: forms with invented answers, each bearing the mark, and the receiving book.

Only files that bear the mark are ever replaced; whatever else lies in the folder stops the writing before anything is
touched.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path

from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.forms.blank_form import write_blank_form
from pipeline.records.locks import held, real_place
from pipeline.records.workplace import workplace
from pipeline.records.writing import move_over, write_new
from pipeline.samples.answers import make_answers
from pipeline.samples.author import Author, draw, pick
from pipeline.samples.content import Content, Scenario, Sending, load_content
from pipeline.values.forms import BOOK_COLUMNS, RECEIVING_BOOK

_KIND = "mau"
_PATIENCE = 120.0  # seconds: several of these commands are done one after the other, each within a few


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A file with its unit and the moment at which it comes in."""

    unit: Unit
    sending: Sending
    received: datetime


def write_samples(
    folder: Path,
    project: Project,
    period: Period,
    content: Path,
    find_marked: Callable[[], Collection[str]] = frozenset,
) -> tuple[Path, ...]:
    """Replace the sample submissions of `period` in `folder`; returns the forms by name, the receiving book last.

    `content` is the file of invented facts, `find_marked` names the files of the folder that bear the mark: asked while
    no other command writes there, so that what one of them just wrote is known. Any other file is a `PipelineError`.
    """
    facts = load_content(content, project)
    if period.code not in facts.periods:
        raise PipelineError(
            f"Chưa có dữ liệu mẫu cho kỳ “{period.code}”; các kỳ có dữ liệu mẫu: {', '.join(facts.periods)}."
        )
    real_place(folder).parent.mkdir(parents=True, exist_ok=True)
    with held(folder, _PATIENCE):
        looked_at = _stamps(real_place(folder))
        old = list(_samples_in(folder, find_marked()))
        parcels = sorted(_parcels(facts, project, period), key=lambda parcel: parcel.sending.file)
        folder.mkdir(exist_ok=True)
        with workplace(folder, _KIND) as made:
            for parcel in parcels:
                _write_form(made / parcel.sending.file, parcel, facts, project, period)
            write_new(made / RECEIVING_BOOK, _book(parcels).encode("utf-8-sig"))
            if _stamps(real_place(folder)) != looked_at:  # by a hand, or on a machine that sees no lock
                raise PipelineError(f"Thư mục {folder} vừa có thay đổi nên chưa ghi gì; xin chạy lại.")
            return _exchange(made, folder, [parcel.sending.file for parcel in parcels], old)


def _exchange(made: Path, folder: Path, forms: Sequence[str], old: Iterable[Path]) -> tuple[Path, ...]:
    """The new ones move in, the book when all its files are there, and only then the others go."""
    placed = tuple(_move(made / file, folder / file) for file in [*forms, RECEIVING_BOOK])
    _remove([path for path in old if path not in placed], folder)
    return placed


def _stamps(folder: Path) -> list[tuple[Path, int, int, int]]:
    """What tells one state of the folder from another."""
    found = ((path, path.lstat()) for path in sorted(folder.rglob("*")) if not path.is_dir())
    return [(path, stat.st_ino, stat.st_size, stat.st_mtime_ns) for path, stat in found]


def _samples_in(folder: Path, marked: Collection[str]) -> Iterator[Path]:
    """The sample files below `folder`; refuses the folder as soon as one file is something else."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path == folder / RECEIVING_BOOK:
            continue
        name = path.relative_to(folder).as_posix()
        if name not in marked:
            raise PipelineError(
                f"Thư mục {folder} đang có tệp “{name}” không phải dữ liệu mẫu nên chưa ghi gì; "
                "xin chuyển tệp đó sang nơi khác rồi chạy lại."
            )
        yield path


def _parcels(content: Content, project: Project, period: Period) -> Iterator[_Parcel]:
    """Every file of the period: the ordinary one of each unit, or those that the scenario gives it."""
    scenario = content.periods[period.code]
    for unit in project.register.reporting_on(period.date_to):
        if unit.unit_id in scenario.missing:
            continue
        own = [sending for sending in scenario.files if sending.unit == unit.unit_id]
        author = Author(content, project, unit, period)
        for sending in own or [Sending(unit.unit_id)]:
            yield _parcel(sending, scenario, author)


def _parcel(sending: Sending, scenario: Scenario, author: Author) -> _Parcel:
    """One file; what the scenario does not say of it is drawn."""
    file = sending.file or pick(scenario.names, *author.seed, "name").format_map(author.words)
    channel = sending.channel or pick(author.content.channels, *author.seed, "channel")
    received = sending.received or _moment(author.content, scenario, author)
    return _Parcel(author.unit, replace(sending, file=file, channel=channel), received)


def _moment(content: Content, scenario: Scenario, author: Author) -> datetime:
    """Some time in office hours on one of the days on which files come."""
    return datetime.combine(
        pick(scenario.days, *author.seed, "day"),
        time(pick(content.hours, *author.seed, "hour"), draw(0, 11, *author.seed, "minute") * 5),
    )


def _write_form(path: Path, parcel: _Parcel, content: Content, project: Project, period: Period) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written_for = project.plan.period(parcel.sending.period) if parcel.sending.period else period
    form = project.of_version(content.periods[written_for.code].version_of(parcel.unit))
    author = Author(content, form, parcel.unit, written_for)
    sent_on = parcel.received.date() if written_for == period else content.periods[written_for.code].days[-1]
    write_blank_form(path, form, parcel.unit, written_for, make_answers(author, parcel.sending, sent_on), sample=True)


def _book(parcels: list[_Parcel]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(BOOK_COLUMNS)
    for parcel in sorted(parcels, key=lambda item: (item.received, item.sending.file)):
        writer.writerow(
            [parcel.sending.file, f"{parcel.received:%Y-%m-%d %H:%M}", parcel.sending.channel, parcel.sending.note]
        )
    return text.getvalue()


def _remove(files: Iterable[Path], folder: Path) -> None:
    for path in files:
        path.unlink(missing_ok=True)
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()


def _move(made: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    move_over(made, target)
    return target
