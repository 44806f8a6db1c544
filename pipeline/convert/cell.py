"""What converting one cell gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Converted:
    """The value to use; `rule` names how it was changed, `code` why it cannot be used, `nothing` which kind of nothing it is."""

    value: Any = None
    rule: str = ""
    code: str = ""
    nothing: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Used exactly as written."""
        return not (self.rule or self.code)


BLANK = Converted()
