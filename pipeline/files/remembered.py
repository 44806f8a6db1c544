"""Work on the parts that many files share is done once: what nobody touched of a form is the same bytes in each.

In: functions of bytes. Out: the same functions with a memory. Only small parts are remembered: a large one holds
somebody's answers, and no other file has it.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

_Rest = ParamSpec("_Rest")
_Answer = TypeVar("_Answer")
_Work = Callable[Concatenate[bytes, _Rest], _Answer]

SMALL = 9_000  # bytes
_MANY = 256  # answers of one function that are held


def remembered(work: _Work[_Rest, _Answer]) -> _Work[_Rest, _Answer]:
    """Remember what `work` answers to small parts.

    Its answer must follow from the arguments alone, and nobody may change it.
    """
    small = lru_cache(_MANY)(work)

    @wraps(work)
    def answer(part: bytes, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Answer:
        if len(part) > SMALL:
            return work(part, *rest, **named)
        return small(part, *rest, **named)  # type: ignore[arg-type]

    return answer
