"""Open files in a process of their own, started once for a whole run.

When a file ends that process, hangs it or exhausts it, the process is replaced and the file has its code; the files after
it do not notice.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from pipeline.declare.errors import PipelineError
from pipeline.intake.limits import STANDARD, Limits
from pipeline.intake.opening import Opened
from pipeline.intake.reader_child import receive, send

_START_SECONDS = 60.0
_WATCH_SECONDS = 0.2
_ROOT = Path(__file__).resolve().parents[2]


class Reader:
    """Opens files one by one. Use as a context, so that its process ends with it.

    `begin` and `finish` let the caller work on one file while the next is being opened; `open` is both at once.
    """

    def __init__(self, limits: Limits = STANDARD) -> None:
        self._limits = limits
        self._child: _Child | None = None
        self._refused: Opened | None = None

    def __enter__(self) -> Self:
        self._child = _Child(self._limits)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._child:
            self._child.close()
            self._child = None

    def open(self, data: bytes) -> Opened:
        """What the file holds, or the code with which it is refused; whatever `data` is, it does not raise."""
        self.begin(data)
        return self.finish()

    def begin(self, data: bytes) -> None:
        """Hand a file over. One at a time: `finish` comes before the next `begin`."""
        self._refused = None
        if len(data) > self._limits.file_bytes:
            self._refused = Opened("large", "file-too-large", {"detail": f"{len(data) // 1_000_000} MB"})
            return
        if self._child is None or not self._child.is_alive:
            self._replace()
        if self._child:
            self._child.ask(data)

    def finish(self) -> Opened:
        """The answer about the file handed over."""
        if self._refused or self._child is None:
            return self._refused or Opened("unreadable", "file-corrupt", {"detail": ""})
        answer = self._child.answer(self._limits.seconds)
        if answer is not None:
            opened: Opened = pickle.loads(answer)
            return opened
        refusal = self._child.refusal()
        self._replace()
        return refusal

    def _replace(self) -> None:
        if self._child:
            self._child.close()
        self._child = _Child(self._limits)


class _Child:
    """One reading process, and the thread that ends it when an answer takes too long."""

    def __init__(self, limits: Limits) -> None:
        paths = [str(_ROOT), *(path for path in sys.path if path)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipeline.intake.reader_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "RUST_BACKTRACE": "0"},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._limits = limits
        self._is_greeted = self._is_late = False
        self._deadline: float | None = None
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._watch = threading.Thread(target=self._keep_time, daemon=True)
        self._watch.start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, data: bytes) -> None:
        """Send one file."""
        if not self._is_greeted:
            self._send(pickle.dumps(self._limits))
            if self.answer(_START_SECONDS) is None:
                raise PipelineError("Không khởi động được phần đọc tệp Excel; xin cài lại chương trình rồi chạy lại.")
            self._is_greeted = True
        self._send(data)

    def answer(self, seconds: float) -> bytes | None:
        """The answer; nothing when the process ended or ran out of time over it."""
        if self._process.stdout is None:
            return None
        with self._lock:
            self._deadline = monotonic() + seconds
        answer = receive(self._process.stdout)
        with self._lock:
            self._deadline = None
        return answer

    def refusal(self) -> Opened:
        """What the end of the process says about its last file."""
        ended = self._process.wait()
        if self._is_late:
            return Opened("unreadable", "file-too-large", {"detail": "mở quá lâu"})
        if ended == -getattr(signal, "SIGABRT", 6):
            return Opened("unreadable", "file-too-large", {"detail": "cần quá nhiều bộ nhớ"})
        return Opened("unreadable", "file-corrupt", {"detail": ""})

    def close(self) -> None:
        """End the process, its watch and its pipes."""
        self._is_closed.set()
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
                send(self._process.stdin, message)

    def _keep_time(self) -> None:
        while not self._is_closed.wait(_WATCH_SECONDS):
            with self._lock:
                if self._deadline is not None and monotonic() > self._deadline:
                    self._is_late = True
                    self._process.kill()
