"""The content of an .ods document without what its sheets hold far away.

A reader would fill all that lies between with blanks.
"""

from collections.abc import Mapping

from pipeline.files.findings import Place
from pipeline.files.markup import local, replaced
from pipeline.files.ods.table import CELLS
from pipeline.files.ods.text import repeat
from pipeline.files.places import is_outside


def without_far(content: bytes, near: Mapping[str, Place]) -> bytes:
    """Nothing stands in the cells outside so many rows and columns; `near` names them by sheet."""
    cut = _Cut(near)
    return replaced(content, cut.instead, cut.end)


class _Cut:
    def __init__(self, near: Mapping[str, Place]) -> None:
        self._near = near
        self._box: Place | None = None
        self._tables = 0  # one inside another
        self._row = self._column = 0
        self._row_repeat = 1

    def instead(self, name: str, attributes: Mapping[str, str]) -> bytes | None:
        """An empty cell in the place of a far one."""
        kind = local(name)
        here = {local(key): value for key, value in attributes.items()}
        if kind == "table":
            self._tables += 1
            if self._tables == 1:
                self._box, self._row = self._near.get(here.get("name", "")), 0
        elif self._tables == 1 and kind == "table-row":
            self._row_repeat, self._column = repeat(here.get("number-rows-repeated", "")), 0
        elif self._tables == 1 and kind in CELLS:
            return self._cell(name, repeat(here.get("number-columns-repeated", "")))
        return None

    def _cell(self, name: str, across: int) -> bytes | None:
        last = self._row + self._row_repeat - 1, self._column + across - 1
        self._column += across
        if not self._box or not is_outside(last, self._box):
            return None
        prefix = name[: -len(local(name))]
        return f'<{name} {prefix}number-columns-repeated="{across}"/>'.encode()

    def end(self, name: str) -> None:
        kind = local(name)
        if kind == "table":
            self._tables -= 1
        elif kind == "table-row" and self._tables == 1:
            self._row += self._row_repeat
