"""The watch over a reading process: it ends one that stands still, or that outlasts its time of the processor."""

import subprocess
import threading
from dataclasses import dataclass
from time import monotonic

from pipeline.files.limits import Limits
from pipeline.reading.used_time import seconds_used

_LOOK_SECONDS = 0.2
_GRACE = 2.0  # seconds after which a process is ended that did not end itself


class Watch:
    """Looks now and then how far a process has come; where the system does not tell, a clock on the wall has to do."""

    def __init__(self, process: "subprocess.Popen[bytes]", limits: Limits) -> None:
        self.is_late = False
        self._process = process
        self._limits = limits
        self._progress: _Progress | None = None
        self._lock = threading.Lock()
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep_time, daemon=True)
        self._thread.start()

    def begin(self, is_timed: bool = True) -> None:
        """Something is to be done from now on; `is_timed`: within the time for one file."""
        with self._lock:
            self._progress = _Progress(monotonic(), is_timed)

    def rest(self) -> None:
        """Nothing is to be done for a while."""
        with self._lock:
            self._progress = None

    def stop(self) -> None:
        self._is_stopped.set()

    def join(self) -> None:
        self._thread.join()

    def _keep_time(self) -> None:
        while not self._is_stopped.wait(_LOOK_SECONDS):
            with self._lock:
                if self._progress is not None:
                    self._judge(self._progress)

    def _judge(self, progress: "_Progress") -> None:
        progress.look(monotonic(), seconds_used(self._process))
        if progress.is_timed and progress.used > self._limits.seconds + _GRACE:
            self.is_late = True
        if self.is_late or progress.still_for > self._limits.still_seconds:
            self._process.kill()


@dataclass
class _Progress:
    """What is known of a process since it was last given something to do, at `moved_at`."""

    moved_at: float
    is_timed: bool
    still_for: float = 0.0
    used: float = 0.0
    _first: float | None = None

    def look(self, now: float, used: float | None) -> None:
        """Take down how much of the processor it has used by now."""
        if used is not None:
            self._first = used if self._first is None else self._first
            if used - self._first > self.used:
                self.used, self.moved_at = used - self._first, now
        self.still_for = now - self.moved_at
