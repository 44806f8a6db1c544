"""Seal and book: one command a year at a time, and package and line together or neither.

The package and the line that it is to get lie in a workplace beside the year's folder until both stand. Of a command
that was killed between the two, the next one writes the line.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.declare.errors import PipelineError
from pipeline.records.digests import digest_of
from pipeline.records.locks import held, real_place
from pipeline.records.workplace import abandoned, workplace
from pipeline.records.writing import is_full, move_over, take_name, write_new
from pipeline.sent.book import COLUMNS, Entry, kept, read_book, same_number, written
from pipeline.sent.manifest import About, BrokenPackageError, Manifest
from pipeline.sent.package import Source, open_package, seal
from pipeline.values.sent import Sending

_KIND = "gui"
_SEALED, _LINE = "goi", "so.json"
_AGAIN = "gửi lại"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sealed and what the book is to say of it."""

    period: str
    number: str
    date: str
    addressee: str
    sent_at: str
    note: str
    sources: Sequence[Source]
    about: About


@dataclass(frozen=True, slots=True)
class Desk:
    """The folder of a year while its lock is held: nobody else numbers, seals or books."""

    folder: Path
    entries: tuple[Entry, ...]
    unlisted: tuple[Sending, ...]  # of packages without a line, what they say of themselves

    def sent_before(self, number: str) -> Sending | None:
        """The sending of this year that bears this number already."""
        lines = (*(entry.sending for entry in self.entries), *self.unlisted)
        return next((line for line in lines if same_number(line.number, number)), None)

    def seal(self, order: Order) -> Sending:
        """Number, seal and book; a failure leaves neither package nor line."""
        last = self._last
        sending = Sending(
            seq=(last.seq if last else 0) + 1,
            period=order.period,
            number=order.number,
            date=order.date,
            addressee=order.addressee,
            sent_at=order.sent_at,
            package=self._free_name(order.period),
            sha256="",
            note=order.note,
        )
        with workplace(self.folder, _KIND) as work:
            made = work / _SEALED
            previous = last.sha256 if last else None
            sha256 = seal(made, order.sources, lambda parts: Manifest(sending, order.about, previous, parts))
            return self._place(made, replace(sending, sha256=sha256), work)

    @property
    def _last(self) -> Sending | None:
        lines = [*(entry.sending for entry in self.entries), *self.unlisted]
        return max(lines, key=lambda line: line.seq, default=None)

    def _free_name(self, period: str) -> str:
        """`q3-01.zip`, or the next number that neither the book nor the folder knows."""
        taken = {entry.package for entry in self.entries} | {path.name for path in self.folder.iterdir()}
        numbers = [number for name in taken if (number := number_of(name, period))]
        return f"{period}-{max(numbers, default=0) + 1:02}.zip"

    def _place(self, made: Path, sending: Sending, work: Path) -> Sending:
        book = kept(self.folder)
        data, place = book.with_line(written(sending)), self.folder / sending.package
        write_new(work / _LINE, json.dumps(dict(written(sending)), ensure_ascii=False).encode())
        if not take_name(made, place):
            raise PipelineError(f"Trong {self.folder} vừa có tệp {sending.package}; xin {_AGAIN}.")
        try:
            book.exchange(data, work, _AGAIN)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
        return sending


@contextmanager
def desk_of(folder: Path) -> Iterator[Desk]:
    """Hold the year's folder, made where it is not there, with what killed commands left finished.

    A book that cannot be read, or is held open, is a `PipelineError` before anything is sealed.
    """
    folder = real_place(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder):
        _finish(folder)
        entries = read_book(folder)
        _refuse_held_book(folder)
        yield Desk(folder, entries, tuple(_unlisted(folder, entries)))


def finish_interrupted(folder: Path) -> None:
    """Write the lines, and clear the leavings, of commands that were killed."""
    if next(abandoned(real_place(folder).parent, _KIND), None):
        with held(folder, 0):
            _finish(real_place(folder))


def number_of(package: str, period: str) -> int:
    """The number in the name of a package of the period; 0 where it is none."""
    number = package.removeprefix(f"{period}-").removesuffix(".zip")
    is_one = package == f"{period}-{number}.zip" and number.isascii() and number.isdecimal() and len(number) < 7
    return int(number) if is_one else 0


def _finish(folder: Path) -> None:
    for left in abandoned(folder.parent, _KIND):
        if left.name.startswith(f".{folder.name}.{_KIND}-"):
            _book_what_stands(folder, left)
            _clear(left)


def _clear(left: Path) -> None:
    for path in left.iterdir():
        path.unlink(missing_ok=True)
    left.rmdir()


def _book_what_stands(folder: Path, left: Path) -> None:
    """Of the killed command, the line of a package that has its name already."""
    try:
        cells: Mapping[str, str] = json.loads((left / _LINE).read_text(encoding="utf-8"))
        line = {name: str(cells[name]) for name in COLUMNS}
        stands = digest_of(folder / line["package"]) == line["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    book = kept(folder)
    if stands and line["package"] not in {entry.package for entry in read_book(folder)}:
        book.exchange(book.with_line(line), left, _AGAIN)


def _refuse_held_book(folder: Path) -> None:
    """A book that is open in Excel cannot be renamed, not even to its own name; LibreOffice leaves a lock beside it."""
    book = kept(folder)
    lock = book.path.with_name(f".~lock.{book.path.name}#")
    try:
        if book.path.exists():
            with book.path.open("r+b"):
                pass
            move_over(book.path, book.path)
    except OSError as error:
        if is_full(error):
            raise
        raise PipelineError(book.held_open(_AGAIN)) from None
    if lock.exists():
        raise PipelineError(
            f"Sổ gửi {book.path} đang mở trong LibreOffice; xin đóng lại rồi {_AGAIN} "
            f"(nếu không mở nữa thì xóa tệp {lock.name} ở cùng thư mục)."
        )


def _unlisted(folder: Path, entries: Sequence[Entry]) -> Iterator[Sending]:
    """What packages say of themselves whose line somebody deleted, so that no number is given twice."""
    listed = {entry.package for entry in entries if entry.seq}
    for path in sorted(folder.glob("*.zip")):
        if path.name not in listed:
            with suppress(BrokenPackageError, OSError), open_package(path) as package:
                yield replace(package.manifest.sending, sha256=digest_of(path))
