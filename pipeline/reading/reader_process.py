"""A reading process as seen from the run: started, asked, watched, ended. What runs in it is `reader_child.py`."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from pipeline.files.limits import Limits
from pipeline.files.opening import Opened
from pipeline.reading.reader_child import ANSWER, EXHAUSTED, receive, send

# Called in the process with what the files have in common, the files, how to say which of them is begun, and the
# refusal of a file that cannot be opened. What it returns comes back pickled.
Work = Callable[[Any, Sequence[Any], Callable[[int], None], Opened | None], Any]

_START_SECONDS = 60.0
_WATCH_SECONDS = 0.2
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended without an answer, and what is said of the file over which it did.

    `position` of that file: `None` where none was begun yet, `ALL_READ` where all were read.
    """

    position: int | None
    refusal: Opened


class ReaderProcess:
    """One process, and the watch that ends it when a file takes too long."""

    def __init__(self, work: Work, limits: Limits) -> None:
        self._process = _started()
        self._watch = _Watch(self._process)
        self._seconds = limits.seconds
        self._is_greeted = False
        self._send(pickle.dumps((limits, work), pickle.HIGHEST_PROTOCOL))

    def ask(self, message: bytes) -> bytes | Ended:
        """The answer, or how the process ended."""
        position: int | None = None
        if not self._is_greeted:
            self._watch.grant(_START_SECONDS)
            self._is_greeted = self._receive() is not None
        self._send(message)
        self._watch.grant(self._seconds)
        while heard := self._receive():
            kind, content = heard
            if kind == ANSWER:
                self._watch.grant(None)
                return content
            position = int(content)
            self._watch.grant(self._seconds)
        return Ended(position, self._refusal())

    def _refusal(self) -> Opened:
        """What the end of the process says about the file that it was opening."""
        ended = self._process.wait()
        if self._watch.is_late:
            return Opened("unreadable", "file-too-large", {"detail": "mở quá lâu"})
        if ended in (EXHAUSTED, -getattr(signal, "SIGABRT", 6)):
            return Opened("unreadable", "file-too-large", {"detail": "cần quá nhiều bộ nhớ"})
        return Opened("unreadable", "file-corrupt", {"detail": ""})

    def close(self) -> None:
        """End the process, its watch and its pipes."""
        self._watch.stop()
        self._process.kill()
        self._process.wait()
        self._watch.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not written yet has nobody to read it
                if pipe:
                    pipe.close()

    def _send(self, message: bytes) -> None:
        with suppress(OSError):  # the process has ended; its missing answer says so
            if self._process.stdin:
                send(self._process.stdin, ANSWER, message)

    def _receive(self) -> tuple[int, bytes] | None:
        return receive(self._process.stdout) if self._process.stdout else None


def _started() -> subprocess.Popen[bytes]:
    paths = [str(_ROOT), *(path for path in sys.path if path)]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "pipeline.reading.reader_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "RUST_BACKTRACE": "0"},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


class _Watch:
    """Ends a process that outlasts the time it was granted."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.is_late = False
        self._process = process
        self._deadline: float | None = None
        self._lock = threading.Lock()
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep_time, daemon=True)
        self._thread.start()

    def grant(self, seconds: float | None) -> None:
        """So long from now; `None`: as long as it takes."""
        with self._lock:
            self._deadline = None if seconds is None else monotonic() + seconds

    def stop(self) -> None:
        self._is_stopped.set()

    def join(self) -> None:
        self._thread.join()

    def _keep_time(self) -> None:
        while not self._is_stopped.wait(_WATCH_SECONDS):
            with self._lock:
                if self._deadline is not None and monotonic() > self._deadline:
                    self.is_late = True
                    self._process.kill()
