"""The receiving book `so-nhan.csv`: when and how each file came. Kept by `receive`, open to the officer's hand."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.records.kept_book import KeptBook
from pipeline.records.locks import held
from pipeline.records.workplace import workplace
from pipeline.values.forms import BOOK_COLUMNS
from pipeline.words.moments import read_moment
from pipeline.words.quotes import shortened

_FEW = 5
_LONGEST = 255  # letters of a cell of the book in a sentence: room for the name of a file


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of the receiving book that is to be written."""

    received_at: datetime
    channel: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """One line that stands in the book, the `number`th; its time is `None` where it cannot be read as `written`.

    `exchanged`: the time with day and month exchanged, where that is one.
    """

    received_at: datetime | None
    channel: str = ""
    note: str = ""
    written: str = ""
    exchanged: datetime | None = None
    number: int = 0


def read_book(path: Path, zone: ZoneInfo) -> dict[str, Entered]:
    """The lines by file (NFC); of several for one file that of the first receipt, those without a time last."""
    book: dict[str, Entered] = {}
    for file, line in _lines(path, zone):
        if file not in book or _place(line) < _place(book[file]):
            book[file] = line
    return book


def _place(line: Entered) -> tuple[bool, float]:
    return line.received_at is None, line.received_at.timestamp() if line.received_at else 0.0


def book_remarks(path: Path, files: Collection[str], zone: ZoneInfo) -> tuple[str, ...]:
    """What has to be said of the book beside the `files` in its folder.

    That is lines of files that are not there, files received at several times, and times that nobody can read.
    """
    lines: dict[str, list[Entered]] = {}
    for file, line in _lines(path, zone):
        lines.setdefault(file, []).append(line)
    return (*_lost(lines, files), *_received_again(lines), *_unreadable(lines))


def _lost(lines: Mapping[str, Sequence[Entered]], files: Collection[str]) -> Iterator[str]:
    known = {same_name(name) for file in files for name in (file, file.rpartition("/")[2])}
    lost = [f"dòng {found[0].number} {_quoted(file)}" for file, found in lines.items() if file not in known]
    if lost:
        yield (
            f"Sổ nhận có {len(lost)} dòng không ứng với tệp nào: {_few(lost)}. "
            "Xin ghi tên tệp đúng từng chữ, cả chữ hoa, chữ thường và đuôi tệp."
        )


def _received_again(lines: Mapping[str, Sequence[Entered]]) -> Iterator[str]:
    again = [
        f"{_quoted(file)} (dòng {', '.join(str(line.number) for line in found)})"
        for file, found in lines.items()
        if len({line.received_at for line in found if line.received_at}) > 1
    ]
    if again:
        yield f"Sổ nhận ghi nhiều thời gian cho cùng một tệp: {_few(again)}; tính theo lần nhận đầu tiên."


def _unreadable(lines: Mapping[str, Sequence[Entered]]) -> Iterator[str]:
    odd = [
        f"dòng {line.number} {_quoted(line.written)}"
        for found in lines.values()
        for line in found
        if not line.received_at
    ]
    if odd:
        yield (
            f"Sổ nhận có {len(odd)} dòng ghi thời gian nhận không đọc được: {_few(odd)}; "
            "tạm tính theo cách đọc khác hoặc thời gian ghi của tệp. Xin ghi dạng 16/9/2025 08:30."
        )


def _quoted(cell: str) -> str:
    return f"“{shortened(cell, _LONGEST)}”"


def _few(items: Sequence[str]) -> str:
    return ", ".join(items[:_FEW]) + (f" và {len(items) - _FEW} mục nữa" if len(items) > _FEW else "")


def _lines(path: Path, zone: ZoneInfo) -> Iterator[tuple[str, Entered]]:
    """The lines with their files; ISO or Vietnamese dates."""
    for number, cells in _book(path).lines():
        file = same_name(cells["file"].replace("\\", "/"))
        if file:
            written = cells["received_at"]
            moment, exchanged = (_in_zone(item, zone) for item in read_moment(written))
            told = moment, cells.get("channel", ""), cells.get("note", ""), written, exchanged, number
            yield file, Entered(*told)


def _book(path: Path) -> KeptBook:
    return KeptBook(path, "Sổ nhận", BOOK_COLUMNS, frozenset({"file", "received_at"}))


def _in_zone(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    if moment is None:
        return None
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def add_line(path: Path, file: str, line: BookLine) -> None:
    """Add one line at the end; what the officer wrote there stays as it is. A book held open is a `PipelineError`."""
    with held(path.absolute().parent), workplace(path.absolute().parent, "ghi") as work:
        put_line(path, file, line, work)


def put_line(path: Path, file: str, line: BookLine, work: Path) -> None:
    """The same for who holds the lock of the folder; the new book is made in `work`, so that nobody sees a half."""
    values = {
        "file": file,
        "received_at": line.received_at.strftime("%Y-%m-%d %H:%M"),
        "channel": line.channel,
        "note": line.note,
    }
    book = _book(path)
    book.exchange(book.with_line(values), work, "nhận lại tệp")


def same_name(name: str) -> str:
    """File names compare composed, whichever system wrote them."""
    return unicodedata.normalize("NFC", name)
