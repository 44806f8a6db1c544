"""The sending book `so-gui.csv` of a year: a line a package. Kept by `send`, readable in Excel, whatever that does."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pipeline.records.kept_book import KeptBook, guarded, unguarded
from pipeline.values.sent import Sending
from pipeline.words.moments import read_moment

SENDING_BOOK = "so-gui.csv"
COLUMNS = tuple(item.name for item in fields(Sending))
_NEEDED = frozenset({"seq", "period", "number", "package", "sha256"})
_MOMENTS = {"date": "%Y-%m-%d", "sent_at": "%Y-%m-%d %H:%M"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as it stands in the book, by column; `row` is where."""

    row: int
    cells: Mapping[str, str]

    @property
    def seq(self) -> int:
        """The running number; 0 where none can be read."""
        text = self.cells["seq"]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    @property
    def package(self) -> str:
        return self.cells["package"]

    @property
    def sha256(self) -> str:
        return self.cells["sha256"].lower()

    @property
    def sending(self) -> Sending:
        """The line as a value: days and times as we write them, where they can be read."""
        cells = {name: unguarded(self.cells.get(name, "")) for name in COLUMNS}
        for name, pattern in _MOMENTS.items():
            moment = read_moment(cells[name])[0]
            cells[name] = moment.strftime(pattern) if moment else cells[name]
        del cells["seq"]
        return Sending(self.seq, **cells)

    def odd_columns(self, sealed: Sending) -> list[str]:
        """The columns in which the line says another thing than the package; a note may have been added to."""
        names = (name for name in COLUMNS if name in self.cells and name != "sha256")
        return [name for name in names if not self._says(name, getattr(sealed, name))]

    def _says(self, name: str, sealed: str | int) -> bool:
        cell, text = self.cells[name], str(sealed)
        if name == "note":
            return _same(text) in _same(unguarded(cell))
        if name in _MOMENTS:  # day first, or month first as an American Excel has it
            return cell == text or any(
                moment and moment.strftime(_MOMENTS[name]) == text for moment in read_moment(cell)
            )
        return self.seq == sealed if name == "seq" else _same(unguarded(cell)) == _same(text)


def kept(folder: Path) -> KeptBook:
    """The book of a year's folder."""
    return KeptBook(folder / SENDING_BOOK, "Sổ gửi", COLUMNS, _NEEDED)


def read_book(folder: Path) -> tuple[Entry, ...]:
    """Its lines from the top down; none where nothing was sent. What cannot be read at all is a `PipelineError`."""
    return tuple(Entry(row, cells) for row, cells in kept(folder).lines())


def written(sending: Sending) -> Mapping[str, str]:
    """The cells of a line."""
    return {name: guarded(str(value)) for name, value in asdict(sending).items()}


def same_number(one: str, other: str) -> bool:
    """Whether two numbers of documents are one, however they are typed."""
    return "".join(_same(one).split()) == "".join(_same(other).split())


def _same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
