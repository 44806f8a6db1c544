"""One process from its start to its end: wall time, processor time, and the memory of it and its children together."""

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

_LOOK_EVERY = 0.05  # seconds
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Measured:
    """Seconds, megabytes, and what the process printed (JSON, or nothing)."""

    wall: float
    cpu: float
    peak: float
    said: dict[str, Any] = field(default_factory=dict)
    peaks: tuple[float, ...] = ()  # of the process with its children, then of each of the others with theirs
    cpu_others: float = 0.0

    def without(self, stages: Iterable[str]) -> "Measured":
        """The same without some stages; they are taken to have had the same share of processor time as of wall time."""
        known = self.said["stages"]
        apart = sum(known.get(name, 0.0) for name in stages)
        said = {**self.said, "stages": {name: seconds for name, seconds in known.items() if name not in stages}}
        return replace(self, wall=self.wall - apart, cpu=self.cpu * (1 - apart / self.wall), said=said)


def measure(*words: str, others: Sequence[int] = ()) -> Measured:
    """Run `python …` to its end. `others`: processes elsewhere that work for it and whose memory counts as well.

    Peak memory is the largest sum of resident memory over the process and all its children that was seen in looking
    twenty times a second; pages that two of them share count twice. Processor time includes the children that it
    waited for.
    """
    with tempfile.TemporaryFile() as out:
        before, start = _busy(others), time.perf_counter()
        child = subprocess.Popen([sys.executable, *words], stdout=out)
        with _Watch([child.pid, *others]) as watch:
            _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{' '.join(words)} ended with {child.returncode}")
        out.seek(0)
        text = out.read()
    elsewhere = _busy(others) - before
    largest = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
    said = json.loads(text) if text.strip() else {}
    peaks = tuple(peak / 1e6 for peak in watch.peaks)
    return Measured(
        wall, usage.ru_utime + usage.ru_stime + elsewhere, max(watch.peak / 1e6, largest), said, peaks, elsewhere
    )


class _Watch:
    """Looks at the memory of process trees until it is left."""

    def __init__(self, roots: Sequence[int]) -> None:
        self.peak, self.peaks = 0, [0] * len(roots)
        self._roots, self._done = roots, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_LOOK_EVERY):
            now = [sum(map(_resident, _tree(root))) for root in self._roots]
            self.peak = max(self.peak, sum(now))
            self.peaks = [max(pair) for pair in zip(self.peaks, now, strict=True)]


def _tree(pid: int) -> list[int]:
    """The process and everything below it; empty where the system does not tell."""
    found = [pid]
    for parent in found:
        for file in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, file.read_text().split())
            except OSError:
                continue  # it has just ended
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def _busy(roots: Sequence[int]) -> float:
    """Processor seconds of these process trees so far, with children that have ended."""
    ticks = 0
    for pid in (pid for root in roots for pid in _tree(root)):
        try:
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue  # it has just ended
    return ticks / _TICKS


def stamp() -> dict[str, str]:
    """When and where."""
    return {"date": f"{date.today():%d/%m/%Y}", "machine": _machine()}


def _machine() -> str:
    model, memory = platform.processor() or platform.machine(), ""
    try:
        told = dict(
            line.split(":", 1)
            for line in Path("/proc/cpuinfo").read_text().replace("\t", "").splitlines()
            if ":" in line
        )
        model = told.get("model name", model).strip()
        memory = f", {int(Path('/proc/meminfo').read_text().split()[1]) / 1024**2:.0f} GB"
    except OSError:
        pass
    system = f"{platform.system()} {platform.machine()}"
    return f"{model}, {os.cpu_count()} cores{memory}, {system}, Python {platform.python_version()}"
