"""Whether a process of this machine still lives, and holding an open file so that the system lets go when it ends."""

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_STILL_ACTIVE = 259
_NOT_OURS = 5  # ERROR_ACCESS_DENIED: it is there, and not ours to ask
_QUERY = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION


def hold_handle(handle: int) -> bool | None:
    """Hold an open file as long as this process has it open: done, refused because another has it, or not known here.

    Windows holds every open file by itself: nobody can remove it.
    """
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a share that knows no such locks
        return None
    return True


def is_alive(process: int, began: str = "") -> bool:
    """Whether this very process still runs; a later one of the same number is another."""
    if not _runs(process):
        return False
    now = started(process)
    return not began or not now or began == now


def started(process: int) -> str:
    """A mark that tells a process from a later one of its number; empty where the system does not say."""
    with suppress(OSError, IndexError):
        # Behind the name, which may hold anything, in brackets: the 20th word is the start in ticks since the boot.
        return (
            Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
        )
    return ""


def boot() -> str:
    """A mark of this machine since its last start, the same for all who share its kernel; empty where unknown."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


if sys.platform == "win32":

    def _runs(process: int) -> bool:
        import ctypes  # noqa: PLC0415 - needed here alone
        from ctypes import wintypes  # noqa: PLC0415

        system = ctypes.WinDLL("kernel32", use_last_error=True)
        system.OpenProcess.restype = wintypes.HANDLE
        handle = system.OpenProcess(_QUERY, False, process)
        if not handle:
            return ctypes.get_last_error() == _NOT_OURS
        status = wintypes.DWORD()
        known = system.GetExitCodeProcess(wintypes.HANDLE(handle), ctypes.byref(status))
        system.CloseHandle(wintypes.HANDLE(handle))
        return not known or status.value == _STILL_ACTIVE

else:

    def _runs(process: int) -> bool:
        try:
            os.kill(process, 0)
        except PermissionError:  # somebody else's
            return True
        except (OSError, OverflowError):
            return False
        return True
