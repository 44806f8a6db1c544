"""The form: sheets, fields, choices, and the ways of saying nothing. Loaded from `schemas/forms/<version>.toml`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pipeline.declare.errors import PipelineError
from pipeline.declare.facts import build, read_toml
from pipeline.declare.kinds import KINDS, Kind, Type
from pipeline.values.cells import CellError, Uncomputed
from pipeline.words.names import fold

Shape = Literal["card", "fixed", "open"]
ENTRY_SEAM = " - "  # in a drop-down, between the label of a choice and what it is called
_LONGEST_HINT = 255  # that Excel shows beside a cell
_HALF_A_YEAR = 6.5  # months


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down; `id` is what the code knows, `label` what people see, `aliases` what they write.

    `named`: what the drop-down says behind the label.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    named: str = ""

    @property
    def entry(self) -> str:
        """What the drop-down offers."""
        return f"{self.label}{ENTRY_SEAM}{self.named}" if self.named else self.label


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
    type: Type
    required: bool = False
    asked: bool = False
    locked: bool = False
    auto: bool = False
    window: bool = False
    unseen: bool = False
    denies: bool = False
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

    @property
    def kind(self) -> Kind:
        """What it holds, what limits it, how it looks."""
        return KINDS[self.type]

    @property
    def expected(self) -> str:
        """Which sentence of the catalogue says what it accepts."""
        return "window" if self.window else self.type


@dataclass(frozen=True)
class Sheet:
    """One sheet of the form: a card, a table with fixed rows, or a table with open rows.

    `printed_before`: guidance that forms of this version bear which went out earlier.
    """

    name: str
    shape: Shape
    title: str
    fields: tuple[Field, ...]
    id: str = ""
    rows: str = ""
    guidance: str = ""
    printed_before: tuple[str, ...] = ()
    open_rows: int = 0
    open_rows_of_a_year: int = 0

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.fields)

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        return {item.key: item for item in self.fields}

    @cached_property
    def own_keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.fields if item.own)

    def rows_for(self, months: float) -> int:
        """How many rows an open table has for a period of that length: more for one that is longer than half a year."""
        return max(self.open_rows, self.open_rows_of_a_year if months > _HALF_A_YEAR else 0)

    @cached_property
    def core_keys(self) -> tuple[str, ...]:
        """The columns by which the table is known: without those that only tell the unit something beside its answers.

        Printed columns that name a row stand before the first that the unit fills; a form of another time or program
        may lack what is printed behind it.
        """
        first = next(place for place, item in enumerate(self.fields) if not item.locked)
        return tuple(item.key for place, item in enumerate(self.fields) if place <= first or not item.locked)

    @cached_property
    def folded_labels(self) -> frozenset[str]:
        """The words of its header, as keys on which words are compared."""
        return frozenset(fold(item.label) for item in self.fields)

    @cached_property
    def header_texts(self) -> Mapping[str, frozenset[str]]:
        """By column the words of its header as they are printed: its label, with a star where an answer is owed."""
        return {item.key: frozenset((item.key, item.label, f"{item.label} *")) for item in self.fields}

    @cached_property
    def by_header(self) -> Mapping[str, str]:
        """The key of a column by the folded words that may stand above it; a label comes before another's alias."""
        aliases = {fold(alias): item.key for item in self.fields for alias in item.aliases}
        return {**aliases, **{fold(item.label): item.key for item in self.fields}}

    @cached_property
    def numbers(self) -> tuple[Field, ...]:
        """The columns in which the unit writes numbers."""
        return tuple(item for item in self.fields if item.own and item.kind.holds == "number")

    def holds(self, held: Any, key: str) -> Any:
        """Whether a cell of the unit's own is not blank, for one row or a column of rows.

        Their `held` has a bit for each own key.
        """
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
    version_words: tuple[str, ...] = ()  # what people write before the number of the version
    revision_words: tuple[str, ...] = ()  # what people write beside the number of their revision
    revision_numbers: tuple[tuple[str, ...], ...] = ()  # the first numbers in words, from one on
    first_words: tuple[str, ...] = ()  # what people write for the kind of a form that is sent the first time
    known: Mapping[str, str] = field(default_factory=dict)  # how the form tells what earlier periods say
    listed: Mapping[str, str] = field(default_factory=dict)  # how it tells beside a figure what Biểu 3 lists
    words: Mapping[str, str] = field(default_factory=dict)  # names that its texts call by a word in braces
    light: Mapping[str, str] = field(default_factory=dict)  # the words in which a form says whether it is ready
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
    def light_words(self) -> tuple[str, ...]:
        """How the words begin by which a sheet says whether it is ready; none, where the form has no light."""
        return tuple(
            self.light[name].split("{count}")[0]
            for name in ("ready", "sheet_ready", "unfinished", "broken")
            if self.light
        )

    def is_of_light(self, value: object) -> bool:
        """Whether a cell above a table is what the form says of itself, whatever a program made of its formula."""
        if isinstance(value, str):
            return bool(self.light_words) and value.strip().startswith(self.light_words)
        return bool(self.light_words) and (isinstance(value, (CellError, Uncomputed)) or value == 0)

    @cached_property
    def tables(self) -> Mapping[str, Sheet]:
        """The sheets with rows, by id, in the order of the form."""
        return {key: sheet for key, sheet in self.sheets.items() if sheet.shape != "card"}

    @cached_property
    def table_keys(self) -> frozenset[str]:
        """The keys of all columns of all tables."""
        return frozenset(key for sheet in self.tables.values() for key in sheet.keys)

    @cached_property
    def fewest_columns(self) -> int:
        """How many columns make up its smallest table."""
        return min(len(sheet.core_keys) for sheet in self.tables.values())

    @cached_property
    def status_ids(self) -> Mapping[str, str]:
        """The id of each status by the label that stands in a row of Biểu 1."""
        return {choice.label: choice.id for choice in self.choices["status"]}

    def label(self, choices: str, choice_id: str) -> str:
        """The words of one choice."""
        return next(choice.label for choice in self.choices[choices] if choice.id == choice_id)

    def with_choices(self, name: str, choices: tuple[Choice, ...]) -> "Form":
        """The same form with one more list, for lists that the plan supplies (`@tasks`)."""
        return replace(self, choices={**self.choices, name: choices})


def load_form(path: Path) -> Form:
    """Read a form file; refuse unknown keys, unknown types, repeated keys and drop-downs without a list."""
    where = str(path)
    form = build(Form, {**read_toml(path), "path": where}, where)
    form = replace(form, sheets={name: replace(sheet, id=name) for name, sheet in form.sheets.items()})
    if missing := {"card", "tasks", "figures", "activities", "requests"} - set(form.sheets):
        raise PipelineError(f"{where}: thiếu sheet “{sorted(missing)[0]}”.")
    for sheet in form.sheets.values():
        for sentence in _contradictions(sheet, form):
            raise PipelineError(f"{where}, sheets.{sheet.id}{sentence}")
    return form


def _contradictions(sheet: Sheet, form: Form) -> Iterator[str]:
    if repeated := next((key for key, times in Counter(sheet.keys).items() if times > 1), ""):
        yield f": có hai cột trùng khóa “{repeated}”."
    for item in sheet.fields:
        where = f", cột “{item.key}”"
        if item.kind.limit == "list" and not item.choices.startswith("@") and item.choices not in form.choices:
            yield f"{where}: không có danh sách “{item.choices}” trong choices."
        if item.minimum > item.maximum:
            yield f"{where}: minimum lớn hơn maximum."
        if len(item.hint) > _LONGEST_HINT:
            yield f"{where}: hint dài quá {_LONGEST_HINT} ký tự."
