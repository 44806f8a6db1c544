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
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.declare.errors import PipelineError
from pipeline.intake.limits import Limits
from pipeline.intake.opening import Opened
from pipeline.intake.reader_child import receive, send

_START_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[2]


class Reader:
    """Opens files one by one. Use as a context, so that its process ends with it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._child = _Child(self._limits)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._child:
            self._child.close()
            self._child = None

    def open(self, data: bytes) -> Opened:
        """What the file holds, or the code with which it is refused; whatever `data` is, it does not raise."""
        if len(data) > self._limits.file_bytes:
            return Opened("large", "file-too-large", {"detail": f"{len(data) // 1_000_000} MB"})
        with self._lock:
            if self._child is None or not self._child.is_alive:
                self._replace()
            assert self._child is not None
            answer = self._child.ask(data, self._limits.seconds)
            if answer is not None:
                return answer
            refusal = self._child.refusal()
            self._replace()
            return refusal

    def _replace(self) -> None:
        if self._child:
            self._child.close()
        self._child = _Child(self._limits)


class _Child:
    """One reading process."""

    def __init__(self, limits: Limits) -> None:
        paths = [str(_ROOT), *(path for path in sys.path if path)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipeline.intake.reader_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._limits = limits
        self._is_ready = self._is_late = False

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, data: bytes, seconds: float) -> Opened | None:
        """The answer; nothing when the process ended or ran out of time over it."""
        if not self._is_ready:
            self._greet()
        answer = self._exchange(data, seconds)
        return None if answer is None else pickle.loads(answer)

    def refusal(self) -> Opened:
        """What the end of the process says about its last file."""
        ended = self._process.wait()
        if self._is_late:
            return Opened("unreadable", "file-too-large", {"detail": "mở quá lâu"})
        if ended == -getattr(signal, "SIGABRT", 6):
            return Opened("unreadable", "file-too-large", {"detail": "cần quá nhiều bộ nhớ"})
        return Opened("unreadable", "file-corrupt", {"detail": ""})

    def close(self) -> None:
        """End the process and its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                continue  # what was not written yet has nobody to read it

    def _greet(self) -> None:
        if self._exchange(pickle.dumps(self._limits), _START_SECONDS) is None:
            raise PipelineError("Không khởi động được phần đọc tệp Excel; xin cài lại chương trình rồi chạy lại.")
        self._is_ready = True

    def _exchange(self, message: bytes, seconds: float) -> bytes | None:
        assert self._process.stdin is not None and self._process.stdout is not None
        watch = _Watch(self._process, seconds)
        try:
            send(self._process.stdin, message)
            return receive(self._process.stdout)
        except OSError:
            return None
        finally:
            self._is_late = watch.stop()


class _Watch:
    """Kills the process when its time is over, and never after `stop`."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._lock = threading.Lock()
        self._is_over = self._is_stopped = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> bool:
        """Whether the time was over."""
        with self._lock:
            self._is_stopped = True
        self._timer.cancel()
        return self._is_over

    def _end(self) -> None:
        with self._lock:
            if not self._is_stopped:
                self._is_over = True
                self._process.kill()
