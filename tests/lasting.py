"""One reading process for all the folders that a test process reads, where a run starts its own.

How a process is started, watched and ended is tested beside this; here are the tests of what is read, which would
spend more time on starting processes than on what they promise.
"""

from concurrent.futures import ThreadPoolExecutor

from pipeline.reading.executors import Crew, Kept, close_reader

_POOL = ThreadPoolExecutor(1)
LASTING = Kept(started=Crew(_POOL))


def end() -> None:
    """Close what was started; at the end of all tests."""
    _POOL.submit(close_reader).result()
    _POOL.shutdown()
