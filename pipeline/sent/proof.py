"""Prove a year's packages, its book, and the chain from each package to the one before; a sentence for every fault.

Nothing is changed: what is wrong is told and stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.declare.errors import PipelineError
from pipeline.records.digests import digest_of
from pipeline.sent.book import Entry, read_book
from pipeline.sent.manifest import BrokenPackageError, Manifest, NewerPackageError
from pipeline.sent.package import open_package
from pipeline.values.sent import Sending
from pipeline.words.days import iso_day_text
from pipeline.words.prose import capitalised


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was sealed: by the name of a package or file, empty where it is the book's own.

    `is_newer`: nothing is wrong with the package, but only a newer version can read it.
    """

    package: str
    sentence: str
    is_newer: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """The lines of a year's book in their order, and everything that is wrong with it or with a package."""

    year: str
    lines: tuple[Sending, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Year:
    """What lies in the folder: the lines, the digest of each package, what it says of itself where it is sound."""

    name: str
    entries: tuple[Entry, ...]
    digests: Mapping[str, str]
    manifests: Mapping[str, Manifest]
    broken: Mapping[str, str]
    newer: frozenset[str]

    def of_seq(self, seq: int) -> list[str]:
        """The packages that line and folder know under a running number, by their sha256."""
        lines = [entry for entry in self.entries if entry.seq == seq]
        unlisted = [name for name, told in self.manifests.items() if told.sending.seq == seq]
        found = [entry.sha256 for entry in lines] + [self.digests.get(entry.package, "") for entry in lines]
        return [sha256 for sha256 in (*found, *(self.digests[name] for name in unlisted)) if sha256]


def prove(folder: Path) -> Proof:
    """Read everything once; a year without a folder has nothing that could be wrong."""
    try:
        entries = tuple(sorted(read_book(folder), key=lambda entry: entry.seq))
    except PipelineError as error:
        return Proof(folder.name, (), (Fault("", str(error)), *_packages_alone(folder)))
    year = _look(folder, entries)
    faults = (*_of_lines(year), *_of_unlisted(year), *_of_gaps(year))
    return Proof(folder.name, tuple(entry.sending for entry in entries), faults)


def _look(folder: Path, entries: tuple[Entry, ...]) -> _Year:
    digests, manifests, broken, newer = {}, {}, {}, set()
    for path in sorted(folder.glob("*.zip")):
        try:
            digests[path.name] = digest_of(path)
            with open_package(path) as package:
                package.check()
                manifests[path.name] = package.manifest
        except BrokenPackageError as error:
            broken[path.name] = str(error)
            newer |= {path.name} if isinstance(error, NewerPackageError) else set()
        except OSError:  # a folder of that name, a file that the machine does not let be read
            digests[path.name], broken[path.name] = "", f"Gói {path.name} không đọc được."
    return _Year(folder.name, entries, digests, manifests, broken, frozenset(newer))


def _packages_alone(folder: Path) -> Iterator[Fault]:
    """Where nobody can read the book, still what is wrong with a package by itself."""
    year = _look(folder, ())
    yield from (Fault(name, sentence) for name, sentence in year.broken.items())


def _of_lines(year: _Year) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for entry in year.entries:
        name = entry.package
        if not entry.seq:
            yield Fault(name, f"Sổ gửi năm {year.name}, dòng {entry.row}: cột seq không phải là số thứ tự.")
        elif name in seen:
            yield Fault(name, f"Sổ gửi năm {year.name}, dòng {entry.row} ghi lại gói {name} của dòng {seen[name]}.")
        elif sentence := _fault_of(entry, year):
            yield Fault(name, sentence, is_newer=sentence == year.broken.get(name) and name in year.newer)
        seen.setdefault(name, entry.row)


def _fault_of(entry: Entry, year: _Year) -> str:
    """What is wrong with a line and its package, the first of it; empty where nothing is."""
    name = entry.package
    where = f"sổ gửi năm {year.name}, dòng {entry.row}"
    if name not in year.digests:
        if found := _renamed(entry, year):
            return f"Gói {name} đã bị đổi tên thành “{found}”; xin đổi lại tên cũ."
        return f"Gói {name} có ở {where} nhưng không có trong thư mục."
    if name in year.broken and name not in year.newer:
        return year.broken[name]
    if year.digests[name] != entry.sha256:
        return f"Gói {name} không khớp với mã sha256 ở {where}: gói hoặc dòng đó đã bị sửa."
    if name in year.newer:
        return year.broken[name]
    told = year.manifests[name]
    if odd := entry.odd_columns(told.sending):
        sealed = getattr(told.sending, odd[0])
        return (
            f"{capitalised(where)}, cột {odd[0]} ghi “{entry.cells[odd[0]]}”, "
            f"khác với lúc niêm phong gói {name} là “{sealed}”."
        )
    return _fault_of_chain(name, told, year)


def _fault_of_chain(name: str, told: Manifest, year: _Year) -> str:
    seq = told.sending.seq
    if str(told.about.year) != year.name:
        return f"Gói {name} là gói của năm {told.about.year}, không phải của năm {year.name}."
    if seq == 1:
        return "" if told.previous is None else f"Gói {name} không phải là gói đầu tiên của năm, dù số thứ tự là 1."
    before = year.of_seq(seq - 1)
    if before and told.previous not in before:
        return f"Gói {name} nối sau một gói khác với gói số {seq - 1} đang có: gói số {seq - 1} đã bị thay."
    return ""


def _renamed(entry: Entry, year: _Year) -> str:
    listed = {other.package for other in year.entries}
    names = (name for name, sha256 in year.digests.items() if sha256 == entry.sha256 and name not in listed)
    return next(names, "")


def _of_unlisted(year: _Year) -> Iterator[Fault]:
    """Packages without a line, but for those whose line was found above under their old name."""
    listed = {entry.package: entry for entry in year.entries}
    moved = {_renamed(entry, year) for entry in year.entries if entry.package not in year.digests}
    for name, sha256 in year.digests.items():
        if name in listed or name in moved:
            continue
        copies = [entry.package for entry in year.entries if entry.sha256 == sha256]
        if copies:
            yield Fault(name, f"Tệp “{name}” là bản chép của gói {copies[0]}; xin chuyển ra chỗ khác.")
        elif name in year.broken:
            yield Fault(name, f"{year.broken[name]} Gói này cũng không có dòng nào trong sổ gửi.")
        else:
            yield Fault(name, f"Gói {name} không có dòng nào trong sổ gửi: {_words_of(year.manifests[name].sending)}.")


def _words_of(sending: Sending) -> str:
    day = iso_day_text(sending.date)
    return f"số thứ tự {sending.seq}, số {sending.number}, ngày {day}, gửi lúc {sending.sent_at}"


def _of_gaps(year: _Year) -> Iterator[Fault]:
    known = {entry.seq for entry in year.entries} | {told.sending.seq for told in year.manifests.values()}
    for seq in _missing(sorted(known - {0})):
        yield Fault("", f"Sổ gửi năm {year.name} thiếu lần gửi số {seq}, cả dòng lẫn gói đều không còn.")


def _missing(seqs: Sequence[int]) -> list[int]:
    last = seqs[-1] if seqs else 0
    return sorted(set(range(1, min(last, len(seqs) + 1_000))) - set(seqs))
