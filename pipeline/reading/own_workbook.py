"""The sheets of a workbook that we wrote and a person may have saved again: bytes to cells, nothing judged."""

from pathlib import Path

from pipeline.files.opening import open_file
from pipeline.values.cells import RawSheet


def read_own_workbook(path: Path) -> tuple[RawSheet, ...] | None:
    """All sheets; None for a file that is damaged, locked or no workbook at all."""
    opened = open_file(path.read_bytes())
    return None if opened.code else opened.sheets
