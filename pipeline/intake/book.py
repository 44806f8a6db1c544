"""The receiving book `so-nhan.csv`: when and how each file came. Kept by `receive`, open to the officer's hand."""

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.declare.errors import PipelineError
from pipeline.declare.records import BOOK_COLUMNS

_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of the receiving book."""

    received_at: datetime
    channel: str = ""
    note: str = ""


def read_book(path: Path, zone: ZoneInfo) -> dict[str, BookLine]:
    """The lines by file (NFC); commas or semicolons, ISO or Vietnamese dates. A time that cannot be read is a `PipelineError`."""
    if not path.is_file():
        return {}
    text = _text(path)
    reader = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text))
    if not {"file", "received_at"} <= set(reader.fieldnames or ()):
        raise PipelineError(f"Sổ nhận {path} cần dòng đầu: {','.join(BOOK_COLUMNS)}.")
    book = {}
    for number, row in enumerate(reader, start=2):
        file = same_name((row.get("file") or "").strip().replace("\\", "/"))
        if file:
            moment = _moment((row.get("received_at") or "").strip(), f"Sổ nhận {path}, dòng {number}", zone)
            book[file] = BookLine(moment, (row.get("channel") or "").strip(), (row.get("note") or "").strip())
    return book


def add_line(path: Path, file: str, line: BookLine) -> None:
    """Add one line at the end; what the officer wrote there stays as it is. A book held open is a `PipelineError`."""
    text = _text(path) if path.is_file() else ",".join(BOOK_COLUMNS) + "\n"
    columns = next(csv.reader([text.partition("\n")[0].rstrip("\r")], delimiter=_delimiter(text)))
    values: Mapping[str, str] = {"file": file, "received_at": line.received_at.strftime("%Y-%m-%d %H:%M"), "channel": line.channel, "note": line.note}
    added = io.StringIO()
    csv.writer(added, delimiter=_delimiter(text), lineterminator="\n").writerow([values.get(column.strip(), "") for column in columns])
    try:
        path.write_text(text + ("" if text.endswith("\n") else "\n") + added.getvalue(), encoding="utf-8-sig", newline="")
    except OSError:
        raise PipelineError(f"Không ghi được sổ nhận {path}; nếu sổ đang mở trong Excel, xin đóng lại rồi nhận lại tệp.") from None


def same_name(name: str) -> str:
    """File names compare composed, whichever system wrote them."""
    return unicodedata.normalize("NFC", name)


def _text(path: Path) -> str:
    """UTF-8, or the Vietnamese code page that Excel saves plain CSV in."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1258"):
        try:
            return unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise PipelineError(f"Sổ nhận {path} cần lưu dạng CSV UTF-8.")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


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
