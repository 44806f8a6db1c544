"""List what lies in a period's folder, with the time at which each file was received."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.intake.book import BookLine, read_book, same_name
from pipeline.values.forms import RECEIVING_BOOK, Arrival


def gather(folder: Path, zone: ZoneInfo) -> tuple[Arrival, ...]:
    """Every file below `folder` in the order of its name, the receiving book aside. A missing folder is empty."""
    if not folder.is_dir():
        return ()
    folder = folder.absolute()  # whoever reads the files may stand elsewhere
    book = read_book(folder / RECEIVING_BOOK, zone)
    return tuple(_arrival(path, path.relative_to(folder).as_posix(), book, zone) for path in files_in(folder))


def files_in(folder: Path) -> list[Path]:
    """The files themselves, without the book."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).as_posix() != RECEIVING_BOOK
    )


def _arrival(path: Path, file: str, book: Mapping[str, BookLine], zone: ZoneInfo) -> Arrival:
    stat = path.stat()
    line = book.get(same_name(file)) or book.get(same_name(path.name))
    received = line.received_at if line else datetime.fromtimestamp(int(stat.st_mtime), zone)
    return Arrival(
        file, path, stat.st_size, received, line is not None, line.channel if line else "", line.note if line else ""
    )
