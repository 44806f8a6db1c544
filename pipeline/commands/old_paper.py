"""The report in Word as it lies there before a run: the office's words in it, and what has to be said of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.declare.plan import Period, Plan
from pipeline.publish.edited.paper_words import read_places
from pipeline.publish.edited.paper_xml import DamagedPaperError
from pipeline.publish.last_run import LastRun, last_run
from pipeline.publish.outputs import CORRECTION, KEPT, REPORT
from pipeline.publish.papers.carry import OldWords
from pipeline.publish.papers.document import Filled
from pipeline.records.digests import digest_of

_KEPT = f"bản cũ được giữ nguyên trong thư mục {KEPT}"


@dataclass(frozen=True, slots=True)
class OldPaper:
    """Empty `name`: there is none. `whole`: files to be kept as they are; `sentence`: why, or that it is open."""

    name: str = ""
    words: OldWords = field(default_factory=OldWords)
    whole: tuple[str, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class OldPapers:
    """The papers in which an officer writes."""

    report: OldPaper
    correction: OldPaper

    @property
    def whole(self) -> tuple[str, ...]:
        """Files to be kept as they are."""
        return (*self.report.whole, *self.correction.whole)


def read_old_papers(folder: Path, plan: Plan, period: Period) -> OldPapers:
    """Both as they lie in the folder of outputs."""
    report, correction = (read_old_paper(folder, paper.name(plan, period)) for paper in (REPORT, CORRECTION))
    return OldPapers(report, correction)


def read_old_paper(folder: Path, usual: str) -> OldPaper:
    """Read the paper that is called so, or that a run had to call otherwise while it was open."""
    name = _which(folder, usual, last_run(folder))
    path = folder / name
    if not path.is_file():
        return OldPaper()
    try:
        words = read_places(path)
    except DamagedPaperError:
        told = f"Tệp {name} đã hỏng hoặc có mật khẩu, không đọc được lời đã viết; {_KEPT}."
        return OldPaper(name, OldWords(), (name,), told)
    if not words.has_places:
        told = f"Tệp {name} không có chỗ “[Bổ sung: …]” nào để lấy lời đã viết; {_KEPT}."
        return OldPaper(name, OldWords(), (name,), told)
    told = f"Tệp {name} đang mở; lời chưa lưu không có trong bản mới, xin lưu, đóng tệp rồi chạy lại."
    return OldPaper(name, words, (), told if is_open(path) else "")


def say_places(old: OldPaper, new: str, places: Sequence[Filled]) -> tuple[str, ...]:
    """What the officer is told of the old paper and of its words in the new one, which is called `new`."""
    return tuple(filter(None, (old.sentence, *_say(old, new, places))))


def _say(old: OldPaper, new: str, places: Sequence[Filled]) -> Iterator[str]:
    if written := [item for item in places if item.words]:
        yield f"{new}: đã giữ lời cán bộ viết ở mục {_parts(written)}."
    if changed := [item for item in written if item.remark]:
        yield (
            f"{new}: số liệu quanh đoạn đã viết ở mục {_parts(changed)} đã thay đổi từ khi viết; "
            "đề nghị đọc lại đoạn có dòng “[Lưu ý: …]” bên dưới."
        )
    if searched := [item for item in written if not item.is_held]:
        yield (
            f"Tệp {old.name} mất dấu vị trí ở mục {_parts(searched)} nên lời được lấy theo tiêu đề mục; "
            f"đề nghị đọc lại, {_KEPT}."
        )
    if reduced := [item for item in written if item.has_more]:
        yield (
            f"Hình, bảng, chú thích, công thức ở mục {_parts(reduced)} của {old.name} chưa mang sang bản mới được; "
            f"{_KEPT}."
        )
    if gone := [item for item in places if item.place.key in old.words.gone]:
        yield f"Trong tệp {old.name}, chỗ “[Bổ sung: …]” ở mục {_parts(gone)} đã bị xóa nên bản mới đặt lại; {_KEPT}."


def _parts(places: Sequence[Filled]) -> str:
    return ", ".join(item.place.where for item in places)


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
    """Empty where it cannot be read."""
    try:
        return digest_of(path)
    except OSError:
        return ""
