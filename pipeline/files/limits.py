"""The limits of reading, in one table. Generous: an honest form never comes near one of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused."""

    file_bytes: int = 30_000_000  # as it lies in the folder
    members: int = 200  # files in a zip, attachments of a message
    parts: int = 2_000  # of one workbook
    total_bytes: int = 300_000_000  # all parts unpacked, counted while unpacking
    part_bytes: int = 120_000_000  # one part, blank formatted rows left out
    ratio: int = 300  # unpacked to packed, above the grace
    ratio_grace_bytes: int = 4_000_000
    rows: int = 200_000  # the farthest cell with content
    columns: int = 2_000
    cells: int = 8_000_000  # the rectangle that holds all content, which readers fill with blanks
    strays: int = 1_000  # cells filled farther away than that, which are named one by one
    declared_strings: int = 1_000_000  # texts announced beyond those that are there
    depth: int = 200  # of nested XML elements
    memory_bytes: int = 1_000_000_000  # of the reading process, where the system can hold it to that
    seconds: float = 8.0  # of the processor, for one file
    still_seconds: float = 120.0  # that the reading process may stand still before it is given up


STANDARD = Limits()
