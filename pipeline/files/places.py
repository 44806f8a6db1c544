"""Where cells are: references and numbers read as positions, where they can be some, and content kept within limits."""

from pipeline.files.findings import Box, Place, RefusedError
from pipeline.files.limits import Limits
from pipeline.values.cells import column_number


def check_far(far: list[int], here: Place, limits: Limits) -> None:
    """Widen the rectangle of content to `here`; refuse it where a reader would fill gigabytes with blanks."""
    far[0], far[1] = max(far[0], here[0] + 1), max(far[1], here[1] + 1)
    if far[0] > limits.rows or far[1] > limits.columns or far[0] * far[1] > limits.cells:
        raise RefusedError("file-too-large", "có ô ghi ở rất xa ngoài bảng")


def is_index(text: str) -> bool:
    """Digits only, and few enough to be a position."""
    return text.isascii() and text.isdigit() and len(text) <= 9


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
