"""A bare python-calamine read: cells to lists, and away. `python -m bench.floor_read FOLDER SHEET…`"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from python_calamine import CalamineWorkbook


def read(paths: Iterable[Path], names: Sequence[str] = ()) -> None:
    """These sheets of every workbook; all sheets where none is named."""
    for path in paths:
        book = CalamineWorkbook.from_path(path)
        for name in names or book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


if __name__ == "__main__":
    read(sorted(Path(sys.argv[1]).rglob("*.xlsx")), sys.argv[2:])
