"""Writing so that a reader, and a machine that stops in the middle, sees the old file or the new one, never a part."""

import errno
import os
import secrets
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from pipeline.records.locks import NO_LINKS, held, real_place
from pipeline.records.workplace import workplace

_AT_ONCE = 16
_TRIES = 4
_PAUSE_SECONDS = 0.25


def write_record(path: Path, data: bytes) -> None:
    """Exchange a file that lasts, one writer at a time."""
    with held(path), workplace(path, "ghi") as work:
        write_whole(path, data, work)


def write_whole(path: Path, data: bytes, work: Path) -> None:
    """Exchange a file whose lock the caller holds; made in the folder `work`, on the disk before it counts."""
    real = real_place(path)
    if real.exists() and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    made = work / secrets.token_hex(4)
    write_new(made, data)
    if real.exists():
        with suppress(OSError):
            shutil.copymode(real, made)
    move_over(made, real)
    settle_folder(real.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there, down to the disk."""
    with path.open("xb") as handle:
        handle.write(data)
        settle(handle.fileno())


def is_full(error: OSError) -> bool:
    """Whether there was no room any more, for the machine or for this user."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def settle(handle: int) -> None:
    """On the disk, before anything is built upon it."""
    os.fsync(handle)


def settle_tree(folder: Path) -> None:
    """All files below a folder, then its names: so that a name that it gets leads to whole files, whatever stops."""
    paths = sorted(folder.rglob("*"))
    with ThreadPoolExecutor(_AT_ONCE) as threads:  # the disk takes many together in the time of a few
        for _ in threads.map(_settle_file, (path for path in paths if path.is_file())):
            pass
    for path in (*(path for path in reversed(paths) if path.is_dir()), folder):
        settle_folder(path)


def _settle_file(path: Path) -> None:
    """What the disk refuses is told; a system that cannot settle a file, or one that is read only, is left alone."""
    try:
        handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except OSError:
        return
    try:
        settle(handle)
    except OSError as error:
        if is_full(error) or error.errno == errno.EIO:
            raise
    finally:
        os.close(handle)


def settle_folder(folder: Path) -> None:
    """The names in it, too, where the system can."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def move_over(made: Path, place: Path) -> None:
    """Rename, with patience: what a virus scanner holds is let go again."""
    for _ in range(_TRIES - 1):
        try:
            made.replace(place)
            return
        except PermissionError:
            time.sleep(_PAUSE_SECONDS)
    made.replace(place)


def take_name(made: Path, place: Path) -> bool:
    """Give a finished file a name that nobody has; false where somebody has it. `made` may keep its name beside it."""
    try:
        if sys.platform == "win32":
            made.rename(place)  # which there never replaces
        else:
            place.hardlink_to(made)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if os.path.lexists(place):
            return False
        made.rename(place)
    settle_folder(place.parent)
    return True
