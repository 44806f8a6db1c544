"""A table as Parquet: typed, small, and without the end that a sheet of Excel has.

In: a frame. Out: the same bytes for the same frame. fastparquet rather than pyarrow, which every `import pandas` would
load.
"""

from pathlib import Path
from typing import Any

import fastparquet
import pandas as pd

_GROUP = 50_000  # rows that are laid out at once, which is what bounds the memory


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write the rows in their order: text as text, days as timestamps, numbers as numbers, nothing as null."""
    columns = {str(name): _column(column) for name, column in frame.reset_index(drop=True).items()}
    try:
        _write(path, pd.DataFrame(columns))
    except ValueError:  # fastparquet's word for text that cannot be encoded
        _write(path, pd.DataFrame({name: _encodable(column) for name, column in columns.items()}))


def _write(path: Path, frame: pd.DataFrame) -> None:
    fastparquet.write(
        str(path), frame, row_group_offsets=_GROUP, compression="SNAPPY", write_index=False, object_encoding="utf8"
    )


def _column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.astype("datetime64[us]")
    if pd.api.types.is_numeric_dtype(column):
        return column
    is_text = pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty")
    return (column if is_text else column.map(str, na_action="ignore")).astype(object)


def _encodable(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Without lone surrogates, which no file can hold."""
    is_text = column.dtype == object
    return (
        column.map(lambda text: text.encode("utf-8", "replace").decode("utf-8"), na_action="ignore").astype(object)
        if is_text
        else column
    )
