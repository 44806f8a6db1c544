"""What many files have in common is worked out once: parts of the form that nobody touched are the same bytes in each of them."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

_Rest = ParamSpec("_Rest")
_Answer = TypeVar("_Answer")

SMALL = 9_000  # bytes; larger parts hold somebody's answers, and no other file has them
_MANY = 256  # answers of one function that are held


def known(work: Callable[Concatenate[bytes, _Rest], _Answer]) -> Callable[Concatenate[bytes, _Rest], _Answer]:
    """Remember what `work` answers to small parts. Its answer must follow from the arguments alone, and nobody may change it."""
    remembered = lru_cache(_MANY)(work)

    @wraps(work)
    def answer(part: bytes, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Answer:
        return work(part, *rest, **named) if len(part) > SMALL else remembered(part, *rest, **named)  # type: ignore[arg-type]

    return answer
