"""The floor: imports, a bare calamine read of the same sheets, a bare XlsxWriter write of the same cells with the same
formats; and, where asked, a bare load and save of what goes back to the units and of the papers. Nothing is checked,
added up or said.

`python -m bench.floor RECORDING OUT` — the recording is what `bench.recording` wrote.
"""

import pickle
import sys
from pathlib import Path

import click  # noqa: F401
import docx
import openpyxl
import pandas as pd  # noqa: F401
import pandera.pandas as pa  # noqa: F401
import rich.console  # noqa: F401
import xlsxwriter
from python_calamine import CalamineWorkbook


def main(recording: Path, out: Path, copies: bool) -> None:
    recorded = pickle.loads(recording.read_bytes())
    for path in recorded["files"]:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    write_cells(recorded["cells"], recorded["styles"], out / "floor.xlsx")
    if copies:
        go_back(recorded["copies"], recorded["papers"], out)


def go_back(copies: list[str], papers: list[str], out: Path) -> None:
    """A bare load and save of every marked copy and of every paper."""
    for number, path in enumerate(copies):
        openpyxl.load_workbook(path).save(out / f"copy-{number}.xlsx")
    for number, path in enumerate(papers):
        docx.Document(path).save(str(out / f"paper-{number}.docx"))


def write_cells(cells: list[tuple[str, int, int, object, str]], styles: dict[str, dict[str, object]], path: Path) -> None:
    """Every cell through `write_string`, `write_number`, `write_datetime` or `write_blank`, as the run does."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    formats = {name: book.add_format(properties) for name, properties in styles.items()}
    sheets: dict[str, object] = {}
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
    main(Path(sys.argv[1]), Path(sys.argv[2]), len(sys.argv) > 3)
