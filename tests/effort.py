"""How work grows with its size, so that a slow or busy machine changes no answer."""

from collections.abc import Callable
from math import inf
from time import process_time

_TRIES = 3


def growth(work: Callable[[int], object], little: int, much: int, enough: float = 0.0) -> float:
    """How many times as much processor time `work(much)` takes as `work(little)`.

    For four times as much this is about 4 where every piece costs the same, and 16 where each looks at all others.
    The least of a few tries counts; it is tried no more once it is below `enough`.
    """
    small = large = inf
    for _ in range(_TRIES):
        small, large = min(small, _spent(work, little)), min(large, _spent(work, much))
        if large / small < enough:
            break
    return large / small


def _spent(work: Callable[[int], object], size: int) -> float:
    started = process_time()
    work(size)
    return process_time() - started
