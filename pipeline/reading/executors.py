"""Who reads: processes of this machine, or a Dask cluster. Both are standard executors, so nothing here schedules.

What an executor runs is `read_batch`. The thread that runs it keeps one reading process, started once and used for
batch after batch; a batch whose worker is lost is given to another by the cluster.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.declare.errors import PipelineError
from pipeline.reading.batch import ReadForms
from pipeline.reading.isolate import Left, Reader
from pipeline.values.forms import Arrival

_here = threading.local()
_CONNECT_SECONDS = 10  # a scheduler of a network that sleeps may take some


@dataclass(frozen=True, slots=True)
class Crew:
    """An executor, and how to hand it what all its calls have in common."""

    executor: Executor
    share: Callable[[Any], Any] = lambda work: work


@dataclass(frozen=True, slots=True)
class Engine:
    """Where files are read: in `workers` processes of this machine, or by the Dask scheduler at an address.

    An address is one such as tcp://127.0.0.1:8786.
    """

    workers: int = 1
    scheduler: str = ""

    @contextmanager
    def crew(self) -> Iterator[Crew]:
        """Use as a context: what was started ends with it."""
        with _cluster(self.scheduler) if self.scheduler else _processes(self.workers) as crew:
            yield crew

    @contextmanager
    def kept(self) -> Iterator["Engine"]:
        """The same engine, whose crew is started once for all that is read with it."""
        with self.crew() as crew:
            yield Kept(started=crew)


@dataclass(frozen=True, slots=True)
class Kept(Engine):
    """An engine whose crew somebody else starts and ends."""

    started: Crew = field(kw_only=True)

    @contextmanager
    def crew(self) -> Iterator[Crew]:
        yield self.started


def read_batch(work: ReadForms, code: str, arrivals: Sequence[Arrival]) -> list[bytes | Left]:
    """The pickled batches that the files come to; one, or several where a file had to be taken alone or be left."""
    return _reader(work).run(code, arrivals)


def _reader(work: ReadForms) -> Reader:
    """This thread's reading process; other declarations get another process."""
    if getattr(_here, "work", None) != work:
        close_reader()
        _here.work, _here.reader = work, Reader(work)
        getattr(_here, "started", []).append(_here.reader)
    reader: Reader = _here.reader
    return reader


def close_reader() -> None:
    """End this thread's reading process, if it has one."""
    if hasattr(_here, "reader"):
        _here.reader.close()
        del _here.reader, _here.work


@contextmanager
def _processes(workers: int) -> Iterator[Crew]:
    """As many threads as processes: the threads only wait for what their process answers."""
    started: list[Reader] = []
    pool = ThreadPoolExecutor(workers, initializer=lambda: setattr(_here, "started", started))
    try:
        yield Crew(pool)
    finally:
        pool.shutdown(cancel_futures=True)
        for reader in started:
            reader.close()


@contextmanager
def _cluster(address: str) -> Iterator[Crew]:
    """The workers of a Dask cluster, each with a reading process of its own."""
    try:
        from distributed import Client  # noqa: PLC0415 - an optional library, slow to load
    except ImportError:
        raise PipelineError("Chưa cài phần chạy trên nhiều máy; xin chạy: pip install -e .[cluster]") from None
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise PipelineError(
            f"Không kết nối được với cụm máy ở {address}; xin kiểm tra địa chỉ và bộ điều phối Dask."
        ) from None
    with client, client.get_executor(pure=False) as executor:
        yield Crew(executor, partial(client.scatter, broadcast=True, hash=False))
