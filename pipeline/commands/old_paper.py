"""The report in Word as it lies there before a run: the office's words in it, and what has to be said of it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.publish.edited.paper_text import DamagedPaperError
from pipeline.publish.edited.paper_words import PlacesRead, read_places
from pipeline.publish.last_run import LastRun, last_run
from pipeline.publish.outputs import KEPT
from pipeline.publish.papers.carry import Written
from pipeline.publish.papers.places import key_of


@dataclass(frozen=True, slots=True)
class OldPaper:
    """`words` by key of place. `whole`: files to be kept as they are; `sentences`: why."""

    words: Mapping[str, Written] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


def read_old_paper(folder: Path, usual: str) -> OldPaper:
    """Read the paper that is called so, or that a run had to call otherwise while it was open."""
    name = _which(folder, usual, last_run(folder))
    path = folder / name
    if not path.is_file():
        return OldPaper()
    kept = f"bản cũ được giữ nguyên trong thư mục {KEPT}"
    try:
        places = read_places(path)
    except DamagedPaperError:
        return OldPaper({}, (name,), (f"Tệp {name} đã hỏng hoặc có mật khẩu, không đọc được lời đã viết; {kept}.",))
    if not places.written and not places.gone:
        told = f"Tệp {name} không có chỗ “[Bổ sung: …]” nào để lấy lời đã viết; {kept}."
        return OldPaper({}, (name,), (told,))
    warned = tuple(f"{words}; {kept}." for words in _warnings(path, places))
    return OldPaper(places.written, (name,) if warned else (), warned)


def say_changed(name: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """In which parts of the new paper the figures are others than those beside which the words were written."""
    if not parts:
        return ()
    told = f"{name}: số liệu quanh đoạn đã viết ở mục {', '.join(parts)} đã thay đổi từ khi viết"
    return (f"{told}; đề nghị đọc lại đoạn có dòng “[Lưu ý: …]” bên dưới.",)


def _warnings(path: Path, places: PlacesRead) -> Iterator[str]:
    name = path.name
    if is_open(path):
        yield f"Tệp {name} đang mở, lời chưa lưu không có trong bản mới"
    if places.gone:
        parts = ", ".join(sorted(_where(key) for key in places.gone))
        yield f"Trong tệp {name}, chỗ “[Bổ sung: …]” ở mục {parts} đã bị xóa nên bản mới đặt lại chỗ đó"


def _where(key: str) -> str:
    """“III.1” from the key of a place."""
    found = re.fullmatch(r"([IVXLC]+)(\d*)", key)
    where = ".".join(filter(None, found.groups())) if found else key
    return where if key_of(where) == key else key


def is_open(path: Path) -> bool:
    """Whether Word or LibreOffice left its lock beside the file; Word drops the first letters of long names."""
    name = path.name
    locks = (f"~${name}", f"~${name[1:]}", f"~${name[2:]}", f".~lock.{name}#")
    return any((path.parent / lock).exists() for lock in locks)


def _which(folder: Path, usual: str, last: LastRun) -> str:
    """Of several that lie there, one that somebody changed, else that of the last run."""
    stem, _, kind = usual.rpartition(".")
    other = re.compile(rf"{re.escape(stem)} \(\d+\)\.{kind}")
    names = [usual, *sorted(name for name in last.names if other.fullmatch(name))]
    there = [name for name in names if (folder / name).is_file()]
    changed = [name for name in there if name in last.sha256 and _sha256(folder / name) != last.sha256[name]]
    written = [name for name in there if name in last.sha256 and name not in last.left]
    return next(iter((*changed, *written, *there)), usual)


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
