"""One reading process for all the folders that a test process reads, where a run starts its own.

How a process is started, watched and ended is tested beside this; here are the tests of what is read, which would
spend more time on starting processes than on what they promise.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.reading.executors import Crew, Engine, close_reader


@dataclass(frozen=True, slots=True)
class Lasting(Engine):
    """An engine whose crew stays for the next folder. Close it at the end."""

    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @contextmanager
    def crew(self) -> Iterator[Crew]:
        yield Crew(self._pool)

    def close(self) -> None:
        self._pool.submit(close_reader).result()
        self._pool.shutdown()


LASTING = Lasting()
