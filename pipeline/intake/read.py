"""Read the cells of a workbook with python-calamine; the only module that knows the reader."""

import io
from collections.abc import Mapping

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.declare.records import CellError, RawSheet, Uncomputed

Marks = Mapping[str, Mapping[tuple[int, int], CellError | Uncomputed]]


class UnreadableError(Exception):
    """The reader gave up on the file; the file is corrupt."""


def read_workbook(data: bytes, marks: Marks) -> tuple[RawSheet, ...]:
    """All sheets with every cell at its own address; `marks` are put back where the reader shows a blank."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return tuple(_sheet(book, meta, marks) for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader's panics do not derive from Exception
        raise UnreadableError(str(error)) from None


def _sheet(book: CalamineWorkbook, meta, marks: Marks) -> RawSheet:  # type: ignore[no-untyped-def]
    rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
    for (row, column), mark in marks.get(meta.name, {}).items():
        _set(rows, row, column, mark)
    return RawSheet(meta.name, rows, meta.visible == SheetVisibleEnum.Visible)


def _set(rows: list[list[object]], row: int, column: int, value: object) -> None:
    width = max(column + 1, len(rows[0]) if rows else 0)
    while len(rows) <= row:
        rows.append([""] * width)
    if len(rows[0]) < width:
        for line in rows:
            line.extend([""] * (width - len(line)))
    rows[row][column] = value
