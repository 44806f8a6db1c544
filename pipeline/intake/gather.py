"""List what lies in a period's folder, with the time at which each file was received."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.declare.errors import PipelineError
from pipeline.declare.records import BOOK_COLUMNS, RECEIVING_BOOK, Arrival

_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of the receiving book."""

    received_at: datetime
    channel: str = ""
    note: str = ""


def gather(folder: Path, zone: ZoneInfo) -> tuple[Arrival, ...]:
    """Every file below `folder` in the order of its name, the receiving book itself aside. A missing folder is empty."""
    if not folder.is_dir():
        return ()
    book = read_book(folder / RECEIVING_BOOK, zone)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder) != Path(RECEIVING_BOOK))
    return tuple(_arrival(path, path.relative_to(folder).as_posix(), book, zone) for path in paths)


def _arrival(path: Path, file: str, book: Mapping[str, BookLine], zone: ZoneInfo) -> Arrival:
    stat = path.stat()
    line = book.get(file) or book.get(path.name)
    received = line.received_at if line else datetime.fromtimestamp(int(stat.st_mtime), zone)
    return Arrival(file, path, stat.st_size, received, line is not None, line.channel if line else "", line.note if line else "")


def read_book(path: Path, zone: ZoneInfo) -> dict[str, BookLine]:
    """The receiving book by file; commas or semicolons, ISO or Vietnamese dates. A line without a readable time is a `PipelineError`."""
    if not path.is_file():
        return {}
    text = _decode(path.read_bytes(), path)
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    if not {"file", "received_at"} <= set(reader.fieldnames or ()):
        raise PipelineError(f"Sổ nhận {path} cần dòng đầu: {','.join(BOOK_COLUMNS)}.")
    book = {}
    for number, row in enumerate(reader, start=2):
        file = (row.get("file") or "").strip().replace("\\", "/")
        if file:
            moment = _moment((row.get("received_at") or "").strip(), f"Sổ nhận {path}, dòng {number}", zone)
            book[file] = BookLine(moment, (row.get("channel") or "").strip(), (row.get("note") or "").strip())
    return book


def _decode(data: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "cp1258"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PipelineError(f"Sổ nhận {path} cần lưu dạng CSV UTF-8.")


def _moment(text: str, where: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise PipelineError(f"{where}: thời gian nhận “{text}” không đọc được; ghi dạng 16/9/2025 08:30.")
