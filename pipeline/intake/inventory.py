"""Which files stand behind a run: what lies in a period's folder, by name and fingerprint. Nothing is judged here."""

from collections.abc import Collection, Iterable
from pathlib import Path

from pipeline.files.leavings import leaving
from pipeline.intake.gather import files_in
from pipeline.intake.received import read_received
from pipeline.values.forms import RECEIVING_BOOK, Reading

UNREAD = ""  # in the place of the fingerprint of what nobody could open


def fingerprints_read(readings: Iterable[Reading]) -> dict[str, str]:
    """By file the sha256 of what was read; without what programs leave in a folder, which comes and goes."""
    return {reading.file: reading.sha256 for reading in readings if not leaving(reading.file)}


def fingerprints_now(folder: Path) -> dict[str, str]:
    """The same of the files as they lie there now; none of a folder that is not there."""
    entries = files_in(folder.absolute()) if folder.is_dir() else []
    return {
        entry.file: UNREAD if entry.code else fingerprint_of(entry.path) for entry in entries if not leaving(entry.file)
    }


def is_left_by_program(file: str) -> bool:
    """Whether a file is a lock of Office, or what a system keeps beside the files of people."""
    return leaving(file) != ""


def is_open_elsewhere(name: str, others: Collection[str]) -> bool:
    """Whether Office has left its lock beside the file `name`, among `others` of the same folder."""
    return not {f"~${name}", f"~${name[2:]}", f"~${name[1:]}", f".~lock.{name}#"}.isdisjoint(others)


def fingerprint_of_book(folder: Path) -> dict[str, str]:
    """The same of the receiving book; nothing where there is none."""
    book = folder / RECEIVING_BOOK
    return {RECEIVING_BOOK: fingerprint_of(book)} if book.is_file() else {}


def fingerprint_of(path: Path) -> str:
    """The sha256 of a file; `UNREAD` where the machine does not let it be read."""
    try:
        return read_received(path, 0).sha256
    except OSError:
        return UNREAD
