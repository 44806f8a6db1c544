"""Prove that nothing was lost: files, rows and filled cells that came in equal those that are accounted for.

A run proves it of every period that it reads; what does not balance is told with the name of its period.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress
from typing import Any

import numpy as np
import pandas as pd

from pipeline.declare.errors import PipelineError
from pipeline.declare.form import Sheet
from pipeline.declare.project import Project
from pipeline.judge.rows import SET_ASIDE
from pipeline.judged.settlement import Settlement, SortedRows
from pipeline.values.forms import Reading
from pipeline.values.frames import tuples
from pipeline.values.problems import Problem

_ROWS = 1 << 24  # more than a sheet can have
_COLUMNS = ["table", "sheet", "rows_read", "rows_accepted", "rows_rejected", "rows_set_aside"]


def _lost(sheet: Sheet, read: Any, used: Any, out: Any) -> str:
    """In which numbers the rows of a sheet do not come to those that were used and left out; empty where they do."""
    if np.array_equal(np.sort(read), np.sort(np.concatenate([used, out]))):
        return ""
    return f"sheet “{sheet.name}” đọc {len(read)} dòng nhưng nhận {len(used)} và loại {len(out)}"


def balance_rows(settlement: Settlement, project: Project) -> pd.DataFrame:
    """Rows read, accepted and rejected by sheet; a difference is a `PipelineError`, and the run writes nothing.

    Of the rejected, `rows_set_aside` were no mistake: sums, and rows that a later version says anew.
    """
    rows, lines = settlement.rows, []
    for table, sheet in project.form.tables.items():
        rejected = rows.rejected[rows.rejected["table"] == table]
        read = _filled(settlement.versions.in_force, settlement.readings, table)
        used, out = _places(rows.accepted[table]), _places(rejected)
        if counted := _lost(sheet, read, used, out):
            raise PipelineError(f"{_of(settlement, project)}: {counted}; không ghi kết quả để tránh sai số.")
        set_aside = int(rejected["codes"].isin(SET_ASIDE).sum())
        lines.append((table, sheet.name, len(read), len(used), len(out), set_aside))
    return pd.DataFrame(lines, columns=_COLUMNS)


def balance_cells(settlement: Settlement, problems: Iterable[Problem], project: Project) -> None:
    """Every cell held by an accepted row is used, is a word for nothing, or has a problem; else a `PipelineError`."""
    readings, told = settlement.readings, {(problem.file, problem.sheet, problem.cell) for problem in problems}
    for doc, (sheet, cell) in unused_cells(readings, settlement.rows, project):
        if (readings[doc].file, sheet, cell) not in told:
            where = f"{_of(settlement, project)}: ô {cell} sheet “{sheet}” tệp {readings[doc].arrival.path}"
            raise PipelineError(f"{where} có nội dung mà chưa được tính đến; không ghi kết quả.")


def unused_cells(
    readings: Sequence[Reading], rows: SortedRows, project: Project
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Reading, sheet and cell of what accepted rows hold that is neither a value nor a word for nothing."""
    for table, sheet in project.form.tables.items():
        for key, doc, row in _unused_cells(rows.accepted[table], sheet):
            found = readings[doc].tables[table]
            yield doc, (found.sheet, found.cell(key, row))


def _unused_cells(accepted: pd.DataFrame, sheet: Sheet) -> Iterator[tuple[str, int, int]]:
    """Field, reading and Excel row of the cells that hold something that is neither a value nor a word for nothing."""
    for key in sheet.own_keys:
        is_unused = accepted[key].isna() & sheet.holds(accepted["held"], key)
        if sheet.by_key[key].kind.is_figure:
            is_unused &= accepted["nothing"] == ""
        for doc, row in tuples(accepted[is_unused], "doc", "row"):
            yield key, doc, row


def _places(rows: pd.DataFrame) -> Any:
    """One number for each pair of reading and Excel row."""
    return rows["doc"].to_numpy("int64") * _ROWS + rows["row"].to_numpy("int64")


def _filled(docs: Iterable[int], readings: Sequence[Reading], table: str) -> Any:
    """The same of all rows that units filled in, as they were found in the forms."""
    found = {doc: readings[doc].tables[table] for doc in docs if table in readings[doc].tables}
    rows = [list(compress(item.numbers, item.filled)) for item in found.values()]
    return np.repeat(np.array(list(found), "int64"), [len(numbers) for numbers in rows]) * _ROWS + np.array(
        list(chain.from_iterable(rows)), "int64"
    )


def balance_files(settlement: Settlement, listed: int, project: Project) -> None:
    """Every file of the folder has one line in the list of submissions, or a decision."""
    if (found := len(settlement.readings)) != listed:
        counted = f"thư mục có {found} tệp nhưng danh sách nộp có {listed}"
        raise PipelineError(f"{_of(settlement, project)}: {counted}; không ghi kết quả.")


def _of(settlement: Settlement, project: Project) -> str:
    return f"Biểu của kỳ {project.plan.full_name(settlement.period)}"
