"""The form: sheets, fields, choices, and the ways of saying nothing. Loaded from `schemas/forms/<version>.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.declare.errors import PipelineError
from pipeline.declare.facts import build, build_all, read_toml
from pipeline.words.names import fold

TYPES = ("text", "whole", "number", "date", "choice", "figure")
SHAPES = ("card", "fixed", "open")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down; `id` is what the code knows, `label` what people see, `aliases` what they write."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """One way of writing that there is no number; only `counts_as_zero` ones enter a total."""

    label: str
    meaning: str
    counts_as_zero: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table or one line of the card. See the head of the form file for the keys."""

    key: str
    label: str
    type: str
    required: bool = False
    locked: bool = False
    auto: bool = False
    window: bool = False
    default: Any = None
    choices: str = ""
    pattern: str = ""
    measure: str = ""
    minimum: int = 0
    maximum: int = 1_000_000_000
    max_length: int = 500
    width: int = 30
    hint: str = ""
    example: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        """Whether the unit fills it, so that a filled cell makes its row count as read."""
        return not (self.locked or self.auto)


@dataclass(frozen=True)
class Sheet:
    """One sheet of the form: a card, a table with fixed rows, or a table with open rows."""

    name: str
    shape: str
    title: str
    fields: tuple[Field, ...]
    id: str = ""
    rows: str = ""
    guidance: str = ""
    open_rows: int = 0

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.fields)

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        return {item.key: item for item in self.fields}

    @cached_property
    def own_keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.fields if item.own)

    @cached_property
    def folded_labels(self) -> frozenset[str]:
        """The words of its header, as keys on which words are compared."""
        return frozenset(fold(item.label) for item in self.fields)

    def holds(self, held: Any, key: str) -> Any:
        """Whether a cell of the unit's own is not blank, for one row or a column of rows: their `held` has a bit for each own key."""
        return (held & (1 << self.own_keys.index(key))) != 0

    @property
    def row_key(self) -> str:
        """The column that names a fixed row."""
        return self.fields[0].key

    @property
    def answer_key(self) -> str:
        """The column that answers a fixed row: its status, its figure; the others only say more about it."""
        return next(item.key for item in self.fields if item.own and item.required)


@dataclass(frozen=True)
class Form:
    """The whole form, with its choices and nothing-words."""

    id: str
    version: str
    title: str
    creator: str
    guide_sheet: str
    meta_sheet: str
    lists_sheet: str
    todo_sheet: str
    reply_label: str
    sample_mark: str
    guide: tuple[str, ...]
    example: Mapping[str, str]
    sheets: Mapping[str, Sheet]
    choices: Mapping[str, tuple[Choice, ...]]
    nothing: Mapping[str, Nothing]
    path: str = field(default="", compare=False)

    def __getitem__(self, sheet_id: str) -> Sheet:
        return self.sheets[sheet_id]

    @property
    def card(self) -> Sheet:
        return self.sheets["card"]

    @property
    def silent_sheets(self) -> tuple[str, ...]:
        """Sheets that hold no answers."""
        return (self.guide_sheet, self.meta_sheet, self.lists_sheet, self.todo_sheet)

    @property
    def unread_sheets(self) -> tuple[str, ...]:
        """Sheets of ours that say the same in every form."""
        return (self.guide_sheet, self.lists_sheet)

    @cached_property
    def tables(self) -> Mapping[str, Sheet]:
        """The sheets with rows, by id, in the order of the form."""
        return {key: sheet for key, sheet in self.sheets.items() if sheet.shape != "card"}

    @cached_property
    def table_keys(self) -> frozenset[str]:
        """The keys of all columns of all tables."""
        return frozenset(key for sheet in self.tables.values() for key in sheet.keys)

    def label(self, choices: str, choice_id: str) -> str:
        """The words of one choice."""
        return next(choice.label for choice in self.choices[choices] if choice.id == choice_id)

    def with_choices(self, name: str, choices: tuple[Choice, ...]) -> "Form":
        """The same form with one more list, for lists that the plan supplies (`@tasks`)."""
        return replace(self, choices={**self.choices, name: choices})


def load_form(path: Path) -> Form:
    """Read a form file; refuse unknown keys, unknown types, repeated keys and drop-downs without a list."""
    table = read_toml(path)
    where = str(path)
    choices = {
        name: build_all(Choice, items, f"{where}, choices.{name}") for name, items in table.get("choices", {}).items()
    }
    nothing = {
        name: build(Nothing, item, f"{where}, nothing.{name}") for name, item in table.get("nothing", {}).items()
    }
    sheets = {
        name: _sheet(name, item, f"{where}, sheets.{name}", choices) for name, item in table.get("sheets", {}).items()
    }
    form = build(Form, {**table, "choices": choices, "nothing": nothing, "sheets": sheets, "path": where}, where)
    if missing := {"card", "tasks", "figures", "activities", "requests"} - set(sheets):
        raise PipelineError(f"{where}: thiếu sheet “{sorted(missing)[0]}”.")
    return form


def _sheet(name: str, table: Any, where: str, choices: Mapping[str, object]) -> Sheet:
    fields = build_all(Field, table.get("fields"), f"{where}.fields")
    sheet = build(Sheet, {**table, "id": name, "fields": list(fields)}, where)
    if sheet.shape not in SHAPES:
        raise PipelineError(f"{where}: shape “{sheet.shape}” không có; dùng {', '.join(SHAPES)}.")
    if len(set(sheet.keys)) != len(sheet.keys):
        raise PipelineError(f"{where}: có hai cột trùng khóa.")
    for item in fields:
        if item.type not in TYPES:
            raise PipelineError(f"{where}, cột “{item.key}”: type “{item.type}” không có; dùng {', '.join(TYPES)}.")
        if item.type == "choice" and not item.choices.startswith("@") and item.choices not in choices:
            raise PipelineError(f"{where}, cột “{item.key}”: không có danh sách “{item.choices}” trong choices.")
        if item.minimum > item.maximum:
            raise PipelineError(f"{where}, cột “{item.key}”: minimum lớn hơn maximum.")
        if len(item.hint) > 255:
            raise PipelineError(f"{where}, cột “{item.key}”: hint dài quá 255 ký tự.")
    return sheet
