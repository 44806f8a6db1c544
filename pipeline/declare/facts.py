"""Read TOML and turn tables into frozen dataclasses, refusing every key and value that the dataclass does not know.

A dataclass is the schema of its table: field names are the keys, types say what may stand there, however deep, and
fields without a default are required. What is wrong is told in one sentence that names file, key and place.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from pipeline.declare.errors import PipelineError
from pipeline.words.toned import Phrases

T = TypeVar("T")

_WORDS = {
    str: "chữ",
    int: "số nguyên",
    float: "số",
    bool: "true hoặc false",
    date: "ngày",
    datetime: "ngày và giờ",
}


class _Place(NamedTuple):
    """One place of a file as sentences name it: when a table stands there, when a value does."""

    table: str
    value: str
    joint: str = "."

    def at(self, key: str) -> "_Place":
        return _Place(f"{self.table}{self.joint}{key}", f"{self.table}, khóa “{key}”")

    def item(self, number: int, name: str) -> "_Place":
        called = f"mục {number} (“{name}”)" if name else f"mục {number}"
        return _Place(f"{self.table}, {called}", f"{self.value}, {called}", ", ")


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; a missing or unreadable one is a `PipelineError` that names it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PipelineError(f"Không thấy tệp khai báo {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PipelineError(f"Tệp khai báo {path} viết sai quy cách: {error}.") from None


def build(cls: type[T], table: Any, where: str) -> T:
    """Make a `cls`, and whatever it holds, from a TOML table; `where` names the file when something is off."""
    made: T = _table(cls, table, _Place(where, where, joint=", "))
    return made


def build_words(table: Any, where: str) -> Mapping[str, Mapping[str, str]]:
    """Tables whose keys are free and whose values are words, such as labels; anything else is refused as in `build`."""
    made: Mapping[str, Mapping[str, str]]
    made = _value(Mapping[str, Mapping[str, str]], table, _Place(where, where, joint=", "))
    return made


def _table(cls: Any, table: Any, place: _Place) -> Any:
    known = {field.name: field for field in fields(cls)}
    given = {key.replace("-", "_"): key for key in _mapping(table, place)}
    if unknown := [key for name, key in given.items() if name not in known]:
        raise PipelineError(f"{place.table}: không có khóa “{unknown[0]}”; các khóa dùng được: {', '.join(known)}.")
    values = {name: _value(_types(cls)[name], table[key], place.at(key)) for name, key in given.items()}
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise PipelineError(f"{place.table}: thiếu khóa “{name}”.")
    return cls(**values)


_types = cache(get_type_hints)


def _value(expected: Any, value: Any, place: _Place) -> Any:
    """Check what stands in one place against its type, and make of it what the type says."""
    kind, inner = get_origin(expected) or expected, get_args(expected)
    if kind in (Union, UnionType):
        [kind] = [option for option in inner if option is not NoneType]
        return _value(kind, value, place)
    if kind is Literal:
        return _choice(inner, value, place)
    if kind is tuple:
        return _list(inner, value, place)
    if kind is Phrases:
        return Phrases(_list((str, ...), value, place))
    if kind is Mapping:
        return {key: _value(inner[1], item, place.at(key)) for key, item in _mapping(value, place).items()}
    return _table(kind, value, place) if is_dataclass(kind) else _plain(kind, value, place)


def _plain(kind: Any, value: Any, place: _Place) -> Any:
    """A value without parts. A whole number may stand for a decimal one; `true` is no number, a moment no day."""
    if kind is Any or type(value) is kind:
        return value
    if kind is float and type(value) is int:
        return float(value)
    raise PipelineError(f"{place.value}: cần {_WORDS[kind]}, đang là “{value}”.")


def _choice(choices: tuple[Any, ...], value: Any, place: _Place) -> Any:
    if value in choices:
        return value
    raise PipelineError(f"{place.value}: “{value}” không có; dùng {', '.join(choices)}.")


def _mapping(value: Any, place: _Place) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise PipelineError(f"{place.table}: cần một bảng các khóa, đang là “{value}”.")


def _list(types: tuple[Any, ...], value: Any, place: _Place) -> tuple[Any, ...]:
    """A list; one that TOML would rather have under a heading of its own stands there as `rows`."""
    items = value["rows"] if isinstance(value, Mapping) and [*value] == ["rows"] else value
    if not isinstance(items, list):
        raise PipelineError(f"{place.value}: cần danh sách, đang là “{value}”.")
    kinds = [types[0]] * len(items) if types[-1] is Ellipsis else types
    if len(kinds) != len(items):
        raise PipelineError(f"{place.value}: cần danh sách {len(kinds)} mục, đang là “{value}”.")
    pairs = enumerate(zip(kinds, items, strict=True), start=1)
    return tuple([_value(kind, item, place.item(number, _name(kind, item))) for number, (kind, item) in pairs])


def _name(kind: Any, item: Any) -> str:
    """What a table of a list goes by: the text under the first key of its dataclass."""
    name = item.get(fields(kind)[0].name) if is_dataclass(kind) and isinstance(item, Mapping) else ""
    return name if isinstance(name, str) else ""
