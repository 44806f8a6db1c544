"""What lies in a folder: every entry, also one that nobody may open or that is no file. Nothing is opened here."""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNREADABLE, NO_FILE = "file-unreadable", "not-a-file"
NO_FILE_WORDS = "đường ống hoặc thiết bị của máy"
_GONE = "tệp không còn ở đó khi phần mềm đọc tới"
_SAID = {
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
    errno.ENAMETOOLONG: "đường dẫn quá dài",
    errno.ELOOP: "một liên kết đã thay chỗ của tệp",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a folder. `code` says that it cannot be opened, and `detail` why, in words."""

    file: str  # relative to the folder, with forward slashes
    path: Path
    size: int = 0
    modified_ns: int = 0
    code: str = ""
    detail: str = ""


def entries_in(folder: Path) -> list[Entry]:
    """Everything below `folder` in the order of its name, but for the sub-folders that can be looked into."""
    found = _in_store(folder) if hasattr(folder, "fs") else _below(folder)
    return sorted(found, key=lambda entry: folder / entry.file)


def words_for(error: OSError) -> str:
    """Why a file or a sub-folder cannot be read."""
    closed = "máy không cho đọc, hoặc tệp đang mở ở chương trình khác"
    return _SAID.get(error.errno or 0, closed)


def entry_at(path: Path, file: str, inside: str = "") -> Entry:
    """One entry that is no sub-folder; a link counts where it leads to a file inside the folder `inside`."""
    try:
        facts = path.lstat()
    except OSError as error:
        return Entry(file, path, code=UNREADABLE, detail=words_for(error))
    if not stat.S_ISLNK(facts.st_mode) and not _is_junction(path):
        return _entry(file, path, facts)
    return _linked_entry(path, file, inside, facts.st_mtime_ns)


def _linked_entry(path: Path, file: str, inside: str, linked_ns: int) -> Entry:
    """What a link leads to; `linked_ns` is the time of the link itself."""
    try:
        target, led_to = Path(os.path.realpath(path)), path.stat()
    except OSError:
        return Entry(file, path, 0, linked_ns, NO_FILE, "liên kết tới một tệp không có")
    if stat.S_ISDIR(led_to.st_mode) or not target.is_relative_to(inside):
        return Entry(file, path, 0, linked_ns, NO_FILE, "liên kết tới một chỗ khác")
    return _entry(file, target, led_to)


def _entry(file: str, path: Path, facts: os.stat_result) -> Entry:
    is_file = stat.S_ISREG(facts.st_mode)
    code, detail = ("", "") if is_file else (NO_FILE, NO_FILE_WORDS)
    return Entry(file, path, facts.st_size, facts.st_mtime_ns, code, detail)


def _closed(folder: Path, file: str, error: OSError) -> Entry:
    """A sub-folder that may not be looked into."""
    try:
        modified_ns = folder.lstat().st_mtime_ns
    except OSError:
        modified_ns = 0
    return Entry(file, folder, 0, modified_ns, UNREADABLE, words_for(error))


def _is_junction(path: Path) -> bool:
    """Whether a folder only points to another place, which on Windows it may without being a symbolic link."""
    if os.name != "nt":
        return False
    try:
        tag = getattr(path.lstat(), "st_reparse_tag", 0)
    except OSError:
        return False
    return bool(tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None))


def _below(root: Path) -> Iterator[Entry]:
    inside, waiting = os.path.realpath(root), [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as found:
                names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
        except OSError as error:
            if folder == root:
                raise
            yield _closed(folder, folder.relative_to(root).as_posix(), error)
            continue
        for name, is_folder in names:
            path = folder / name
            if is_folder and not _is_junction(path):
                waiting.append(path)
            else:
                yield entry_at(path, path.relative_to(root).as_posix(), inside)


def _in_store(folder: Path) -> Iterator[Entry]:
    for path in folder.rglob("*"):
        if path.is_file():
            facts = path.stat()
            yield Entry(path.relative_to(folder).as_posix(), path, facts.st_size, int(facts.st_mtime * 10**9))
