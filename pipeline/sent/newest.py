"""The newest package of a period, as one value for what compares with it."""

from dataclasses import replace
from pathlib import Path

from pipeline.records.digests import digest_of
from pipeline.sent.book import Entry, read_book
from pipeline.sent.manifest import BrokenPackageError
from pipeline.sent.package import open_package, texts_of
from pipeline.sent.sealing import number_of
from pipeline.values.sent import Sent


def newest(sent_folder: Path, year: int, period: str) -> Sent | None:
    """The package of the period with the highest number, every byte proved; nothing where none was sent.

    One that is altered, lost or made by a newer version is a `BrokenPackageError`, for the caller to tell and to go on
    without it. A package whose line was deleted counts: it was sent all the same.
    """
    folder = sent_folder / str(year)
    if not folder.is_dir():
        return None
    lines = {entry.package: entry for entry in read_book(folder) if number_of(entry.package, period)}
    names = {*lines, *(path.name for path in folder.glob("*.zip") if number_of(path.name, period))}
    last = max(names, key=lambda name: number_of(name, period), default="")
    return _read(folder / last, lines.get(last)) if last else None


def _read(path: Path, line: Entry | None) -> Sent:
    if not path.is_file():
        raise BrokenPackageError(f"Gói {path.name} có trong sổ gửi nhưng không có ở {path.parent}.")
    sha256 = digest_of(path)
    with open_package(path) as package:
        if line is None or line.sha256 != sha256:
            package.check()
        if line is not None and line.sha256 != sha256:
            raise BrokenPackageError(f"Gói {path.name} không khớp với mã sha256 ghi ở sổ gửi.")
        told = package.manifest
        return Sent(
            sending=replace(told.sending, sha256=sha256),
            program=told.program,
            is_sample=told.about.is_sample,
            inputs=told.about.inputs,
            record=package.record(),
            texts=texts_of(package),
            edited=told.about.edited,
            previous=told.previous,
        )
