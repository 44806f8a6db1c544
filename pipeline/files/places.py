"""Where cells are: references and numbers read as positions, where they can be some, and content kept within limits."""

from collections.abc import Collection
from functools import lru_cache

from pipeline.files.findings import Box, Place, RefusedError
from pipeline.files.limits import Limits
from pipeline.values.cells import cell_name, column_number


class Reach:
    """How far the cells of a sheet reach that hold something, be it blank."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rows = self._columns = 0

    def see(self, here: Place) -> None:
        """One of these cells."""
        if here[0] >= self._rows:
            self._rows = here[0] + 1
        if here[1] >= self._columns:
            self._columns = here[1] + 1

    @property
    def is_far(self) -> bool:
        """Whether a reader would fill gigabytes with blanks to hold them all."""
        return _is_far(self._rows, self._columns, self._limits)


def near(filled: Collection[Place], limits: Limits) -> Place:
    """How many rows and columns hold what is filled on a sheet, those cells left aside that stand far away.

    A few of these are somebody's slip; very many are refused.
    """
    kept = [here for here in filled if here[0] < limits.rows and here[1] < limits.columns]
    rows, columns = _size(kept)
    if _is_far(rows, columns, limits):
        kept = [here for here in kept if here[1] < limits.cells // limits.rows]
        rows, columns = _size(kept)
    if (count := len(filled) - len(kept)) > limits.strays:
        first = min(here for here in filled if here[0] >= rows or here[1] >= columns)
        where = f"{count} ô ghi ở rất xa ngoài bảng, đầu tiên là ô {cell_name(first[1], first[0] + 1)}"
        raise RefusedError("file-too-large", where)
    return rows, columns


def is_outside(here: Place, box: Place) -> bool:
    """Whether a cell stands outside so many rows and columns."""
    return here[0] >= box[0] or here[1] >= box[1]


def _size(places: Collection[Place]) -> Place:
    return max((row for row, _ in places), default=-1) + 1, max((column for _, column in places), default=-1) + 1


def _is_far(rows: int, columns: int, limits: Limits) -> bool:
    return rows > limits.rows or columns > limits.columns or rows * columns > limits.cells


def check_far(far: list[int], here: Place, limits: Limits) -> None:
    """Widen the rectangle of content to `here`; refuse it where a reader would fill gigabytes with blanks."""
    far[0], far[1] = max(far[0], here[0] + 1), max(far[1], here[1] + 1)
    if _is_far(far[0], far[1], limits):
        raise RefusedError("file-too-large", "có ô ghi ở rất xa ngoài bảng")


def is_index(text: str) -> bool:
    """Digits only, and few enough to be a position."""
    return text.isascii() and text.isdigit() and len(text) <= 9


@lru_cache(maxsize=4_096)  # the cells of the card stand in the same places in all forms
def place(reference: str) -> Place:
    """Row and column from zero of `F17`."""
    letters = reference.rstrip("0123456789")
    number = reference[len(letters) :]
    if not (letters.isascii() and letters.isalpha()) or not number or len(reference) > 12:
        raise RefusedError("file-corrupt")
    return int(number) - 1, column_number(letters.upper())


def box(reference: str) -> Box:
    """The rectangle of `A1:B2`, or of one cell."""
    first, _, last = reference.replace("$", "").partition(":")
    return (*place(first), *place(last or first))


def whole(text: str) -> int:
    """A row or column number."""
    if not is_index(text):
        raise RefusedError("file-corrupt")
    return int(text)
