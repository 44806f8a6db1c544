"""Read TOML and turn tables into frozen dataclasses, refusing every key that the dataclass does not know.

A dataclass is the schema of its table: field names are the keys, fields without a default are required.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pipeline.declare.errors import PipelineError

T = TypeVar("T")

_WORDS = {
    str: "chữ",
    int: "số nguyên",
    float: "số",
    bool: "true hoặc false",
    date: "ngày",
    tuple: "danh sách",
    Mapping: "bảng",
}


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; a missing or unreadable one is a `PipelineError` that names it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PipelineError(f"Không thấy tệp khai báo {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PipelineError(f"Tệp khai báo {path} viết sai quy cách: {error}.") from None


def build(cls: type[T], table: Any, where: str) -> T:
    """Make a `cls` from a TOML table; `where` names the file and key in the sentence when something is off."""
    if not isinstance(table, Mapping):
        raise PipelineError(f"{where}: cần một bảng các khóa, đang là “{table}”.")
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    if unknown := [key for key in table if key.replace("-", "_") not in known]:
        raise PipelineError(f"{where}: không có khóa “{unknown[0]}”; các khóa dùng được: {', '.join(known)}.")
    types = get_type_hints(cls)
    values = {
        key.replace("-", "_"): _typed(value, types[key.replace("-", "_")], f"{where}, khóa “{key}”")
        for key, value in table.items()
    }
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise PipelineError(f"{where}: thiếu khóa “{name}”.")
    return cls(**values)


def build_all(cls: type[T], tables: Any, where: str) -> tuple[T, ...]:
    """Make one `cls` per table of a list."""
    if not isinstance(tables, list):
        raise PipelineError(f"{where}: cần một danh sách.")
    return tuple(build(cls, table, f"{where}, mục {number}") for number, table in enumerate(tables, start=1))


def _typed(value: Any, expected: Any, where: str) -> Any:
    """Check one value against the type hint of its field; lists become tuples, whole numbers may stand for decimals."""
    options = (
        [option for option in get_args(expected) if option is not type(None)]
        if get_origin(expected) not in (tuple, dict, Mapping)
        else []
    )
    kind = options[0] if options else expected
    kind = get_origin(kind) or kind
    if kind is tuple and isinstance(value, list):
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind in (dict, Mapping) and isinstance(value, Mapping):
        return dict(value)
    if kind is Any or (isinstance(value, kind) and not (kind is int and isinstance(value, bool))):
        return value
    raise PipelineError(f"{where}: cần {_WORDS.get(kind, 'giá trị khác')}, đang là “{value}”.")
