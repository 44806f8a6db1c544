"""How a reading process ended, and whose doing that was: the file's, which does it every time, or the machine's.

What a file does: it breaks its reader, or needs more of processor or memory than our limits allow. What the machine
does: a kill, too little memory of its own, a full disk, a pause without end.
"""

import signal
import sys
from collections.abc import Mapping

from pipeline.files.limits import Limits
from pipeline.files.opening import Opened
from pipeline.reading.reader_child import BROKEN, EXHAUSTED, REFUSED

_TOO_LONG = Opened("unreadable", "file-too-large", {"detail": "mở quá lâu"})
_TOO_MUCH = Opened("unreadable", "file-too-large", {"detail": "cần quá nhiều bộ nhớ"})
_CORRUPT = Opened("unreadable", "file-corrupt", {"detail": "phần mềm phải dừng giữa chừng khi đọc tệp"})
_OF_NO_FILE = (0, 1, REFUSED)  # 1: before any file was begun or, on Windows, by another program


def _by_signal() -> Mapping[int, Opened]:
    crashes = dict.fromkeys(("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS"), _CORRUPT)
    said = {**crashes, "SIGABRT": _TOO_MUCH, "SIGPROF": _TOO_LONG}
    return {-int(getattr(signal, name)): opened for name, opened in said.items() if hasattr(signal, name)}


_SAID = {
    **({} if sys.platform != "win32" else {3: _TOO_MUCH, 0xC0000409: _TOO_MUCH}),  # how it aborts there
    **dict.fromkeys((0xC0000005, 0xC000001D, 0xC0000094, 0xC00000FD, 0xC0000374), _CORRUPT),  # how it crashes there
    **_by_signal(),
    EXHAUSTED: _TOO_MUCH,
}


def refusal_for(status: int, is_late: bool, limits: Limits) -> Opened | None:
    """What the end of the process says about the file that it was opening; None where the machine ended it.

    `is_late`: we ended it, for it had used up its time.
    """
    said = _TOO_LONG if is_late else _SAID.get(status, _CORRUPT if _is_by_itself(status) else None)
    return None if said is _TOO_MUCH and _has_less_memory(limits) else said


def _is_by_itself(status: int) -> bool:
    """Whether the process ended by itself, over the file: most often with `BROKEN`, or as a library saw fit."""
    return status not in _OF_NO_FILE and (status == BROKEN or (status > 0 and sys.platform != "win32"))


def _has_less_memory(limits: Limits) -> bool:
    """Whether the machine holds its processes to less memory than our own limit gives."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return False
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    return hard != resource.RLIM_INFINITY and hard < limits.memory_bytes
