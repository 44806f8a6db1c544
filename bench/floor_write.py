"""A bare XlsxWriter write of the cells that a run wrote, in its formats; `bench.recording` made the list.

`python -m bench.floor_write RECORDING OUT`
"""

import pickle
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter


def write_cells(
    cells: Iterable[tuple[str, int, int, object, str]], styles: dict[str, dict[str, Any]], path: Path
) -> None:
    """Every cell through `write_string`, `write_number`, `write_datetime` or `write_blank`, as the run does."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    formats = {name: book.add_format(properties) for name, properties in styles.items()}
    sheets: dict[str, Any] = {}
    for name, row, column, value, style in cells:
        sheet = sheets.get(name)
        if sheet is None:
            sheet = sheets[name] = book.add_worksheet(name)
        look = formats[style]
        if value is None or value == "":
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, look)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_datetime(row, column, value, look)
    book.close()


if __name__ == "__main__":
    recorded = pickle.loads(Path(sys.argv[1]).read_bytes())
    write_cells(recorded["cells"], recorded["styles"], Path(sys.argv[2], "floor.xlsx"))
