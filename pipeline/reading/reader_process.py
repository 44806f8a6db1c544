"""A reading process as seen from the run: started, asked, watched, ended. What runs in it is `reader_child.py`."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.files.limits import Limits
from pipeline.files.opening import Opened
from pipeline.reading.ended import refusal_for
from pipeline.reading.reader_child import ANSWER, receive, send
from pipeline.reading.watch import Watch

# Called in the process with what the files have in common, the files, how to say which of them is begun, and the
# refusal of a file that cannot be opened. What it returns comes back pickled.
Work = Callable[[Any, Sequence[Any], Callable[[int], None], Opened | None], Any]

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended without an answer, and what is said of the file over which it did.

    `position` of that file: `None` where none was begun yet, `ALL_READ` where all were read. No `refusal` where the
    machine, not the file, ended it.
    """

    position: int | None
    refusal: Opened | None


class ReaderProcess:
    """One process, and the watch that ends it when it stands still or a file takes too long."""

    def __init__(self, work: Work, limits: Limits) -> None:
        self._process = _started()
        self._watch = Watch(self._process, limits)
        self._limits = limits
        self._is_greeted = False
        self._watch.begin(is_timed=False)
        self._send(pickle.dumps((limits, work), pickle.HIGHEST_PROTOCOL))

    def ask(self, message: bytes) -> bytes | Ended:
        """The answer, or how the process ended."""
        position: int | None = None
        if not self._is_greeted:
            self._watch.begin(is_timed=False)
            self._is_greeted = self._receive() is not None
        self._watch.begin()
        self._send(message)
        while heard := self._receive():
            kind, content = heard
            if kind == ANSWER:
                self._watch.rest()
                return content
            position = int(content)
            self._watch.begin()
        status = self._process.wait()
        return Ended(position, refusal_for(status, self._watch.is_late, self._limits))

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
