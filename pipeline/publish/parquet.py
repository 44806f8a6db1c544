"""A table as Parquet: typed, small, and without the end that a sheet of Excel has.

In: a frame. Out: the same bytes for the same frame. fastparquet rather than pyarrow, which every `import pandas` would load.
"""

from pathlib import Path
from typing import Any

import fastparquet
import pandas as pd


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write the rows in their order: text as text, days as timestamps, numbers as numbers, what is not there as null."""
    columns = {str(name): _column(column) for name, column in frame.reset_index(drop=True).items()}
    fastparquet.write(str(path), pd.DataFrame(columns), compression="SNAPPY", write_index=False, object_encoding="utf8")


def _column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.astype("datetime64[us]")
    return column if pd.api.types.is_numeric_dtype(column) else column.map(_text, na_action="ignore").astype(object)


def _text(value: object) -> str:
    """As text without lone surrogates, which no file can hold."""
    return str(value).encode("utf-8", "replace").decode("utf-8")
