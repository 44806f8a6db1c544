"""Work on files in a process of its own, started once for a whole run.

When a file ends that process, hangs it or exhausts it, the process is replaced, and the work is asked once more for that
file alone; the files before and after it do not notice.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from pipeline.declare.errors import PipelineError
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.opening import Opened
from pipeline.reading.reader_child import ANSWER, EXHAUSTED, receive, send

# Called in the process with what the files have in common, the files, how to say which of them is begun, and the refusal
# of a file that cannot be opened. What it returns comes back pickled.
Work = Callable[[Any, Sequence[Any], Callable[[int], None], Opened | None], Any]

ALL_READ = -1  # said by the work when it opens no more files
_TRIES = 3
_START_SECONDS = 60.0
_WATCH_SECONDS = 0.2
_ROOT = Path(__file__).resolve().parents[2]


class Reader:
    """Does `work` on one batch of files after the other. Its process starts with the first; use as a context, or close it."""

    def __init__(self, work: Work, limits: Limits = STANDARD) -> None:
        self._work = work
        self._limits = limits
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._child:
            self._child.close()
            self._child = None

    def run(self, common: Any, files: Sequence[Any]) -> Iterator[bytes]:
        """The pickled answers for the files, in their order; one answer, or several where a file had to be taken alone."""
        waiting = [files]
        while waiting:
            part = waiting.pop(0)
            answer = self._ask(common, part, None)
            if isinstance(answer, _Ended) and len(part) == 1:
                answer = self._ask(common, part, answer.refusal)
                if isinstance(answer, _Ended):
                    raise PipelineError("Phần đọc tệp Excel dừng giữa chừng; xin chạy lại.")
            if isinstance(answer, _Ended):
                waiting[:0] = _apart(part, answer.position)
            else:
                yield answer

    def _ask(self, common: Any, files: Sequence[Any], refusal: Opened | None) -> "bytes | _Ended":
        """The answer, or how the process ended; another takes its place. One that ended before it began a file is no file's fault."""
        message = pickle.dumps((common, files, refusal), pickle.HIGHEST_PROTOCOL)
        for _ in range(_TRIES):
            if self._child is None:
                self._child = _Child(self._work, self._limits)
            answer = self._child.ask(message)
            if not isinstance(answer, _Ended):
                return answer
            self.close()
            if answer.position is not None:
                return answer
        raise PipelineError("Không khởi động được phần đọc tệp Excel; xin cài lại chương trình rồi chạy lại.")


@dataclass(frozen=True, slots=True)
class _Ended:
    """A process that ended without an answer: over which file (`None`: none yet; `ALL_READ`: all were read), and what is said of that file."""

    position: int | None
    refusal: Opened


def _apart(files: Sequence[Any], position: int | None) -> list[Sequence[Any]]:
    """The file at `position` by itself, and those before and after it; halves where no file was being opened."""
    cuts = (len(files) // 2,) * 2 if position is None or position == ALL_READ else (position, position + 1)
    return [piece for piece in (files[: cuts[0]], files[cuts[0] : cuts[1]], files[cuts[1] :]) if piece]


class _Child:
    """One process, and the thread that ends it when a file takes too long."""

    def __init__(self, work: Work, limits: Limits) -> None:
        paths = [str(_ROOT), *(path for path in sys.path if path)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipeline.reading.reader_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "RUST_BACKTRACE": "0"},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._seconds = limits.seconds
        self._is_greeted = self._is_late = False
        self._deadline: float | None = None
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._watch = threading.Thread(target=self._keep_time, daemon=True)
        self._watch.start()
        self._send(pickle.dumps((limits, work), pickle.HIGHEST_PROTOCOL))

    def ask(self, message: bytes) -> bytes | _Ended:
        """The answer, or how the process ended."""
        position: int | None = None
        if not self._is_greeted:
            self._grant(_START_SECONDS)
            self._is_greeted = self._receive() is not None
        self._send(message)
        self._grant(self._seconds)
        while heard := self._receive():
            kind, content = heard
            if kind == ANSWER:
                self._grant(None)
                return content
            position = int(content)
            self._grant(self._seconds)
        return _Ended(position, self._refusal())

    def _refusal(self) -> Opened:
        """What the end of the process says about the file that it was opening."""
        ended = self._process.wait()
        if self._is_late:
            return Opened("unreadable", "file-too-large", {"detail": "mở quá lâu"})
        if ended in (EXHAUSTED, -getattr(signal, "SIGABRT", 6)):
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
                send(self._process.stdin, ANSWER, message)

    def _receive(self) -> tuple[int, bytes] | None:
        return receive(self._process.stdout) if self._process.stdout else None

    def _grant(self, seconds: float | None) -> None:
        with self._lock:
            self._deadline = None if seconds is None else monotonic() + seconds

    def _keep_time(self) -> None:
        while not self._is_closed.wait(_WATCH_SECONDS):
            with self._lock:
                if self._deadline is not None and monotonic() > self._deadline:
                    self._is_late = True
                    self._process.kill()
