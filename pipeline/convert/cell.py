"""What converting one cell gives back."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Converted(NamedTuple):
    """The value to use; `rule` names how it was changed, `code` why it cannot be used, `nothing` the kind of nothing.

    A named tuple, because millions are made and a frozen dataclass takes three times as long.
    """

    value: Any = None
    rule: str = ""
    code: str = ""
    nothing: str = ""
    facts: Mapping[str, str] = {}


BLANK = Converted()
