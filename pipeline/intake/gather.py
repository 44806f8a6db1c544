"""List what lies in a period's folder, with the time at which each file was received, and what has changed since."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.declare.plan import Period
from pipeline.files.leavings import is_left_by_program
from pipeline.intake.arrival_time import when_it_came
from pipeline.intake.book import Entered, read_book, same_name
from pipeline.intake.folder import NO_FILE, UNREADABLE, Entry, entries_in, entry_at
from pipeline.values.forms import RECEIVING_BOOK, Arrival, Reading
from pipeline.words.lists import named

_MOST_NAMES = 5


def gather(folder: Path, zone: ZoneInfo, period: Period | None = None) -> tuple[Arrival, ...]:
    """Every entry below `folder` in the order of its name, the receiving book aside. A missing folder is empty.

    Whether the times can be is weighed where it is known for which period the files came.
    """
    if not folder.is_dir():
        return ()
    folder = folder.absolute()  # whoever reads the files may stand elsewhere
    book = read_book(folder / RECEIVING_BOOK, zone)
    return tuple(_arrival(entry, book, zone, period) for entry in files_in(folder))


def files_in(folder: Path) -> list[Entry]:
    """The entries themselves, without the book."""
    return [entry for entry in entries_in(folder) if entry.file != RECEIVING_BOOK]


def arrival_of(path: Path, file: str, zone: ZoneInfo) -> Arrival:
    """One file by itself, under the name `file`, that counts by its own time."""
    return _arrival(entry_at(path, file, os.path.realpath(path.parent)), {}, zone)


def _compared(before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]) -> dict[str, list[str]]:
    """Which files came, went and changed; both by name, size and time of the file."""
    return {
        "thêm": [file for file in after if file not in before],
        "mất": [file for file in before if file not in after],
        "đổi nội dung": [file for file in after if before.get(file, after[file]) != after[file]],
    }


def changed_meanwhile(folder: Path, arrivals: Iterable[Arrival]) -> str:
    """What has come, gone or changed in a folder since it was listed, in one sentence; empty where nothing has."""
    before = {arrival.file: (arrival.size, arrival.modified_ns) for arrival in arrivals}
    after = {entry.file: (entry.size, entry.modified_ns) for entry in (files_in(folder) if folder.is_dir() else ())}
    kinds = _compared(before, after)
    told = {kind: [f"“{file}”" for file in files if not is_left_by_program(file)] for kind, files in kinds.items()}
    words = "; ".join(f"{kind} {named(files, _MOST_NAMES, 'tệp khác')}" for kind, files in told.items() if files)
    return f"Trong lúc chạy, thư mục {folder} có thay đổi: {words}; xin chạy lại để tính đủ." if words else ""


def not_opened(folder: Path, readings: Iterable[Reading]) -> str:
    """What stands in a folder and could not be opened, in one sentence; empty where all could."""
    codes = {NO_FILE, UNREADABLE}
    files = [f"“{item.file}”" for item in readings if any(problem.code in codes for problem in item.problems)]
    words = named(files, _MOST_NAMES, "mục khác")
    return f"Thư mục {folder} có {len(files)} mục không đọc được: {words}." if files else ""


def _arrival(
    entry: Entry,
    book: Mapping[str, Entered],
    zone: ZoneInfo,
    period: Period | None = None,
) -> Arrival:
    line = book.get(same_name(entry.file)) or book.get(same_name(entry.file.rpartition("/")[2]))
    own_time = datetime.fromtimestamp(entry.modified_ns // 10**9, zone)
    has_time = line is not None and line.written != ""
    came = when_it_came(line if has_time else None, own_time, period)
    return Arrival(
        entry.file,
        entry.path,
        entry.size,
        came.at,
        is_booked=has_time,
        channel=line.channel if line else "",
        note=line.note if line else "",
        modified_ns=entry.modified_ns,
        code=entry.code,
        detail=entry.detail,
        written_time=line.written if line and came.doubt else "",
        book_line=line.number if line and came.doubt else 0,
        time_doubt=came.doubt,
    )
