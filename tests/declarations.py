"""Declarations with one fact changed, as tables and not as text: it does not matter what else the shipped ones say."""

import csv
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomli_w

Change = Callable[[Any], object]


def put(*path: str, value: Any) -> Change:
    """Write `value` at a place: keys of tables; in a list of tables, the code, id or key of one of them."""
    return lambda table: _at(table, path[:-1]).__setitem__(path[-1], value)


def drop(*path: str) -> Change:
    """Take out what stands at a place: a key with its value, or one table of a list."""

    def change(table: Any) -> None:
        home = _at(table, path[:-1])
        del home[path[-1] if isinstance(home, dict) else home.index(_named(home, path[-1]))]

    return change


def change_toml(path: Path, change: Change) -> None:
    """Change a file of tables in its place."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    change(tables)
    path.write_text(tomli_w.dumps(tables), encoding="utf-8")


def change_rows(path: Path, change: Change) -> None:
    """Change a file of rows in its place; a row is found by its first cell, and a cell by its column."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    change({row["unit_id"]: row for row in rows})
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _at(table: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        table = table[name] if isinstance(table, dict) else _named(table, name)
    return table


def _named(tables: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The first table of a list that has the name."""
    return next(table for table in tables if name in (table.get("code"), table.get("id"), table.get("key")))
