"""What `receive` does: take files into the folder of a period, book them, judge them, word the reply."""

import hashlib
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.commands.check import Check, check_one, judged_file
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.evaluate import settle_forms
from pipeline.intake.book import BookLine, add_line, read_book
from pipeline.intake.gather import gather
from pipeline.publish.sentences.messages import ToUnit, deadline_words, unit_message
from pipeline.reading.periods import Folders, holds_real_forms, read_folder
from pipeline.values.forms import RECEIVING_BOOK
from pipeline.values.problems import Problem

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True)
class Receipt:
    """One file taken in: where it stands now, its judgement, and the words to send back."""

    check: Check
    stored_as: str
    is_known: bool
    reply: str

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.check.as_dict(),
            "stored_as": self.stored_as,
            "already_received": self.is_known,
            "reply": self.reply,
        }


def receive_files(
    project: Project,
    period: Period,
    folders: Folders,
    files: Sequence[Path],
    moment: datetime,
    channel: str,
    note: str,
    as_of: date | None = None,
) -> tuple[Receipt, ...]:
    """Copy files into the period's folder under a clear name, book them, judge them, word the reply.

    The reply is worded as on `as_of`, by default the day of `moment`.
    """
    folder = folders.input(project, period)
    stored = [_store(project, period, folder, path, moment, channel, note) for path in files]
    beside = _problems_of_versions(project, period, folder)
    until = deadline_words(period, as_of or moment.date())
    return tuple(_receipt(item, beside.get(item.name, ()), until) for item in stored)


@dataclass(frozen=True)
class _Stored:
    """A file that lies in the folder now, and its judgement by itself."""

    name: str
    is_known: bool
    received_at: datetime
    check: Check


def _store(
    project: Project, period: Period, folder: Path, path: Path, moment: datetime, channel: str, note: str
) -> _Stored:
    folder.mkdir(parents=True, exist_ok=True)
    check = check_one(project, path.resolve(), path.name, period)
    if known := _same_content(folder, path):
        return _Stored(known.relative_to(folder).as_posix(), True, _received_at(known, folder, project), check)
    place = _free_place(folder, _clear_name(project, check, path))
    read_book(folder / RECEIVING_BOOK, project.plan.zone)  # a book that cannot be read is not added to
    add_line(folder / RECEIVING_BOOK, place.name, BookLine(moment, channel, note))
    shutil.copy2(path, place)
    return _Stored(place.name, False, moment, check)


def _received_at(known: Path, folder: Path, project: Project) -> datetime:
    """When a file of the folder came, by the book or else by its own time."""
    name = known.relative_to(folder).as_posix()
    return next(item.received_at for item in gather(folder, project.plan.zone) if item.file == name)


def _problems_of_versions(project: Project, period: Period, folder: Path) -> dict[str, list[Problem]]:
    """By file, what only shows beside the other files of the folder: forms that block each other, and copies."""
    batches = read_folder(folder, project, period)
    found: dict[str, list[Problem]] = {}
    for problem in settle_forms(batches, project, period, holds_real_forms(batches)).versions.problems:
        found.setdefault(problem.file, []).append(problem)
    return found


def _receipt(stored: _Stored, beside: Sequence[Problem], until: str) -> Receipt:
    alone = stored.check
    project, unit = alone.project, alone.project.register.by_id.get(alone.unit)
    check = judged_file(alone.file, alone.unit, alone.period, [*alone.problems, *beside], project) if beside else alone
    if unit is None:
        return Receipt(check, stored.name, stored.is_known, "\n".join(check.messages))
    told = ToUnit(
        unit, check.period, project, check.problems, check.verdict, stored.received_at, False, until, has_copy=False
    )
    return Receipt(check, stored.name, stored.is_known, unit_message(told))


def _same_content(folder: Path, path: Path) -> Path | None:
    digest = hashlib.sha256(path.read_bytes()).digest()
    size = path.stat().st_size
    same = (item for item in sorted(folder.rglob("*")) if item.is_file() and item.stat().st_size == size)
    return next((item for item in same if hashlib.sha256(item.read_bytes()).digest() == digest), None)


def _clear_name(project: Project, check: Check, path: Path) -> str:
    """`Xã Vĩnh Thái - <the sender's own name>`: whose it is stands first, and nothing of the sender's name is lost."""
    unit = project.register.by_id.get(check.unit)
    whose = unit.name if unit else "Chưa rõ đơn vị"
    return _NOT_IN_NAMES.sub("-", path.name if path.name.startswith(whose) else f"{whose} - {path.name}")


def _free_place(folder: Path, name: str) -> Path:
    place, number = folder / name, 2
    while place.exists():
        place = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return place
