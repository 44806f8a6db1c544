"""How work grows with its size, so that a slow or busy machine changes no answer."""

from collections.abc import Callable
from time import process_time

_TRIES = 3


def growth(work: Callable[[int], object], little: int, much: int) -> float:
    """How many times as much processor time `work(much)` takes as `work(little)`.

    For four times as much this is about 4 where every piece costs the same, and 16 where each looks at all others.
    """
    return min(_spent(work, much) for _ in range(_TRIES)) / min(_spent(work, little) for _ in range(_TRIES))


def _spent(work: Callable[[int], object], size: int) -> float:
    started = process_time()
    work(size)
    return process_time() - started
