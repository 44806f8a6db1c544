"""A lock beside what it guards: `.q3.khoa` beside `q3`, with the machine and the process that hold it.

A holder that was killed is recognised: on its own machine by the system, which lets go of what a process held; from
another machine by the lock's time, which a holder that lives renews. Ages are measured by the file system's own time,
so that two machines whose clocks differ agree on them.
"""

import errno
import os
import platform
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.declare.errors import PipelineError
from pipeline.records.processes import boot, hold_handle, is_alive, started

LOCK = ".khoa"
PATIENCE = 15.0  # seconds in which an ordinary command is done with its part
_RENEWED = 20.0  # seconds after which a holder says that it lives
_GIVEN_UP = 300.0  # seconds without that after which a holder on another machine counts as gone
_HALF_MADE = 10.0  # the same for a lock that does not say whose it is
_PAUSE = 0.03
_LONGEST = 1000
_MODE = 0o666  # less what the user's mask takes away
# What a file system says that gives a file one name only.
NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV})


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: the machine by its name and its last start, the process there, when that began."""

    host: str
    boot: str
    process: int
    began: str

    def written(self) -> bytes:
        """As it stands in the lock."""
        return f"{self.host}\n{self.boot}\n{self.process}\n{self.began}\n".encode("utf-8", "replace")

    @property
    def is_here(self) -> bool:
        """Whether that is this machine, whatever it is called in there."""
        return self.host == platform.node() or (self.boot != "" and self.boot == boot())


def lock_of(target: Path) -> Path:
    """The lock that guards a file or folder."""
    return target.with_name(f".{target.name.lstrip('.')}{LOCK}")


def real_place(target: Path) -> Path:
    """The one place behind all names of it, so that all share a lock; nothing is written to a store of files."""
    if "://" in str(target):
        raise PipelineError(f"“{target}” là địa chỉ kho tệp; lệnh này chỉ ghi vào thư mục trên máy.")
    return target.absolute().resolve()


@contextmanager
def held(target: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of `target`; who finds it held for longer than `patience` seconds gets a `PipelineError`."""
    path = lock_of(real_place(target))
    handle = _wait_for(path, target, patience)
    over = threading.Event()
    threading.Thread(target=_renew, args=(path, over), daemon=True).start()
    try:
        yield
    finally:
        over.set()
        _release(path, handle)


def is_held(path: Path) -> bool:
    """Whether a living command holds this lock; a lock without one is removed."""
    if path.exists():
        _remove_dead(path, _now(path))
    return path.exists()


def clear_half_made(path: Path) -> None:
    """Remove what was to become a lock; a living command whose it is makes another."""
    with suppress(OSError):
        handle = _open(path)
        is_free = hold_handle(handle)
        os.close(handle)
        if is_free is not False:
            path.unlink(missing_ok=True)


def _wait_for(path: Path, target: Path, patience: float) -> int:
    until = time.monotonic() + patience
    while True:
        try:
            if (handle := _make(path)) is not None:
                return handle
            _remove_dead(path, _now(path))
        except OSError as error:
            # On Windows a lock that is just being removed is refused for a moment.
            if sys.platform != "win32" or not isinstance(error, PermissionError):
                error.filename, error.filename2 = str(target), None
                raise
        if time.monotonic() > until and path.exists():
            raise PipelineError(_told(path, target))
        time.sleep(_PAUSE)


def _told(path: Path, target: Path) -> str:
    try:
        holder, since = _read(path), datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        holder, since = None, None
    whose = f" trên máy {holder.host} (tiến trình {holder.process})" if holder else ""
    when = f", lần cuối lúc {since:%H:%M %d/%m/%Y}" if since else ""
    return f"“{target}” đang được một lệnh khác{whose} ghi{when}; xin đợi lệnh đó xong rồi chạy lại."


def _make(path: Path) -> int | None:
    """The open handle of a lock that was not there; nothing where there is one."""
    if sys.platform != "win32":
        with suppress(NotImplementedError):
            return _make_whole(path)
    return _make_here(path)


def _make_whole(path: Path) -> int | None:
    """Written and held before it has its name, so that nobody sees half of it."""
    made = _beside(path)
    handle = os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, _MODE)
    try:
        _write(handle)
        path.hardlink_to(made)
    except BaseException as error:
        os.close(handle)
        if isinstance(error, FileExistsError | FileNotFoundError):  # the second: somebody took it for a leaving
            return None
        if isinstance(error, OSError) and error.errno in NO_LINKS:
            raise NotImplementedError from error
        raise
    finally:
        made.unlink(missing_ok=True)
    return handle


def _make_here(path: Path) -> int | None:
    """For where a file has one name only."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _MODE)
    except FileExistsError:
        return None
    try:
        _write(handle)
    except BaseException:
        _release(path, handle)
        raise
    return handle


def _write(handle: int) -> None:
    hold_handle(handle)
    os.write(handle, Holder(platform.node(), boot(), os.getpid(), started(os.getpid())).written())


def _read(path: Path) -> Holder | None:
    lines = path.read_bytes()[:_LONGEST].decode("utf-8", "replace").split("\n")
    is_whole = len(lines) == 5 and lines[2].isdecimal()
    return Holder(lines[0], lines[1], int(lines[2]), lines[3]) if is_whole else None


def _now(path: Path) -> float:
    """The time by the clock that stamps the files there."""
    probe = _beside(path)
    handle = os.open(probe, os.O_CREAT | os.O_EXCL | os.O_RDWR, _MODE)
    try:
        return os.fstat(handle).st_mtime
    finally:
        os.close(handle)
        probe.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """A name of our own for a moment."""
    return path.with_name(f"{path.name}-{os.getpid()}-{secrets.token_hex(4)}")


def _remove_dead(path: Path, now: float) -> None:
    """Remove a lock whose holder is gone; one that somebody else takes in the meantime is left alone."""
    try:
        handle = _open(path)
    except FileNotFoundError:
        return
    try:
        is_free = hold_handle(handle)  # nobody else can judge and remove it in the meantime
        if is_free is False or not _is_ours(path, handle) or not _is_gone(path, now, is_free):
            return
        if sys.platform == "win32":  # a file that is open there is not removed, which keeps what a living one holds
            os.close(handle)
            handle = -1
        with suppress(PermissionError):
            path.unlink(missing_ok=True)
    finally:
        if handle != -1:
            os.close(handle)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR)
    except PermissionError:  # another user's: enough to see whether it is held
        return os.open(path, os.O_RDONLY)


def _is_gone(path: Path, now: float, is_free: bool | None) -> bool:
    holder, age = _read(path), now - path.stat().st_mtime
    if holder is None:
        return age > _HALF_MADE
    if not holder.is_here:
        return age > _GIVEN_UP
    return is_free is True or holder.boot != boot() or not is_alive(holder.process, holder.began)


def _is_ours(path: Path, handle: int) -> bool:
    """Whether the name still leads to the file that we opened."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False


def _renew(path: Path, over: threading.Event) -> None:
    while not over.wait(_RENEWED):
        with suppress(OSError):
            os.utime(path)


def _release(path: Path, handle: int) -> None:
    ours = _is_ours(path, handle)
    if sys.platform == "win32":
        os.close(handle)
    with suppress(OSError):
        if ours:
            path.unlink(missing_ok=True)
    if sys.platform != "win32":
        os.close(handle)
