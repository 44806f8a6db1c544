"""What converting one cell gives back."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Converted(NamedTuple):
    """The value to use; `rule` names how it was changed, `code` why it cannot be used, `nothing` which kind of nothing it is.

    A named tuple, because millions are made and a frozen dataclass takes three times as long.
    """

    value: Any = None
    rule: str = ""
    code: str = ""
    nothing: str = ""
    facts: Mapping[str, str] = {}

    @property
    def is_plain(self) -> bool:
        """Used exactly as written."""
        return not (self.rule or self.code)


BLANK = Converted()
