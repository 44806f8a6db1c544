"""Everything that is declared, loaded together: one value that the stages read and nobody changes."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pipeline.declare.catalogue import Catalogue, load_catalogue
from pipeline.declare.errors import PipelineError
from pipeline.declare.facts import build_words, read_toml
from pipeline.declare.form import Choice, Field, Form, load_form
from pipeline.declare.form_words import worded_for
from pipeline.declare.meaning import Meaning, load_meaning
from pipeline.declare.plan import Indicator, Period, Plan, Task, load_plan
from pipeline.declare.proof import Proof, load_proof
from pipeline.declare.register import Register, load_register
from pipeline.declare.row_names import names_of_rows
from pipeline.declare.signing import Signing, load_signing
from pipeline.declare.versions import plan_as_of, printed_as, reading_older
from pipeline.values.forms import Found
from pipeline.values.problems import Problem
from pipeline.words.names import fold

SAMPLES = "samples.toml"  # what sample forms are made of: no declaration of the office
SCHEMAS = "schemas"  # what the folder of declarations is called wherever it stands
_DASH = r"\s*[-–—]\s*"


@dataclass(frozen=True)
class Project:
    """The declarations of one plan year; `sources`: the sha256 of each file that they come from, by its place.

    `older`: the forms that the plan still reads, by version, as they were. `folder`: where all of it lies.
    """

    form: Form
    plan: Plan
    register: Register
    catalogue: Catalogue
    labels: Mapping[str, Mapping[str, str]]
    proof: Proof
    meaning: Meaning
    signing: Signing
    sources: Mapping[str, str] = field(default_factory=dict)
    older: Mapping[str, Form] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def year_before(self) -> "Project | None":
        """The declarations of the year before, where they lie beside these and hold together."""
        return self._year_before[0]

    @property
    def year_before_fault(self) -> str:
        """Why those that lie there cannot be used: nothing that ends a run of this year."""
        return self._year_before[1]

    @cached_property
    def _year_before(self) -> "tuple[Project | None, str]":
        year = self.plan.year - 1
        if self.folder is None or not (self.folder / "plans" / f"{year}.toml").is_file():
            return None, ""
        try:
            return load_project(self.folder, year), ""
        except PipelineError as error:
            return None, str(error)

    def as_of(self, version: str) -> "Project":
        """The same declarations in the words that a form of this version prints; columns and rows stay ours."""
        if version not in self.older:
            return self
        if version not in self._as_of:
            form = printed_as(self.form, self.older[version])
            self._as_of[version] = replace(self, form=form, plan=plan_as_of(self.plan, version))
        return self._as_of[version]

    def has_field(self, version: str, sheet_id: str, key: str) -> bool:
        """Whether a form of this version has the field, so that it could ask for it."""
        earlier = self.older.get(version)
        return earlier is None or (sheet_id in earlier.sheets and key in earlier[sheet_id].by_key)

    def of_version(self, version: str) -> "Project":
        """The declarations when this version was the form of the plan: what came later is not there."""
        if version not in self.older:
            return self
        plan = plan_as_of(self.plan, version)
        asked = tuple(item for item in plan.indicators if self.plan.asks(item, version))
        form = self.older[version].with_choices("@tasks", self.form.choices["@tasks"])
        return replace(self, form=form, plan=replace(plan, form=version, reads=(), indicators=asked), older={})

    @cached_property
    def _as_of(self) -> dict[str, "Project"]:
        return {}

    @cached_property
    def printed(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """What the form prints in its fixed rows, the same for every unit: by kind of row, by id, by field."""
        return {
            "tasks": {
                task.id: {"task_id": task.id, "task_title": task.title, "due_text": task.due_text}
                for task in self.plan.tasks
            },
            "indicators": {
                item.id: {"indicator_id": item.id, "indicator": item.title, "measure": item.measure}
                for item in self.plan.indicators
            },
        }

    @cached_property
    def row_ids(self) -> frozenset[str]:
        """Of all rows that the form prints."""
        return frozenset(name for rows in self.printed.values() for name in rows)

    def name_rows(self, found: Found) -> Found:
        """A fixed table as found, with the task or indicator of each of its rows; any other table as it is.

        Whoever asks about printed texts looks at the rows that are named here as `retyped`, and at no others.
        """
        if not found.is_fixed:
            return found
        names = names_of_rows(found.rows, self.row_names[found.table])
        return replace(found, names=names, retyped=self._retyped(found, names))

    def _retyped(self, found: Found, names: Sequence[str]) -> tuple[int, ...]:
        """The places of the named rows whose printed texts are not as printed."""
        keys = self.printed_keys(found)
        usual = self._as_printed(self.form.tables[found.table].rows, keys)
        places = [found.keys.index(key) for key in keys]
        cells = [[row[place] for place in places] for row in found.rows]
        named = enumerate(zip(names, cells, strict=True))
        return tuple([place for place, (name, texts) in named if name in usual and usual[name] != texts])

    def printed_keys(self, found: Found) -> tuple[str, ...]:
        """The columns of a fixed table with printed texts, that of the ids left out, as far as the sheet has them."""
        declared = self.form.tables[found.table]
        texts = next(iter(self.printed[declared.rows].values()), {})
        return tuple([key for key in texts if key in found.columns and key != declared.row_key])

    def _as_printed(self, rows: str, keys: tuple[str, ...]) -> Mapping[str, list[str]]:
        """What stands in these columns of a form that nobody typed over, by the id of the row."""
        if (rows, keys) not in self._printed_columns:
            listed = {name: [texts[key] for key in keys] for name, texts in self.printed[rows].items()}
            self._printed_columns[rows, keys] = listed
        return self._printed_columns[rows, keys]

    @cached_property
    def _printed_columns(self) -> dict[tuple[str, tuple[str, ...]], Mapping[str, list[str]]]:
        return {}

    @cached_property
    def row_names(self) -> Mapping[str, Mapping[str, str]]:
        """For each table with fixed rows, the id of a row by what names it, folded: a title as printed, or the id."""
        fixed = {table: sheet for table, sheet in self.form.tables.items() if sheet.shape == "fixed"}
        return {
            table: {
                **self._titles_of_before[sheet.rows],
                **{
                    fold(texts[key]): name
                    for key in (sheet.keys[1], sheet.row_key)
                    for name, texts in self.printed[sheet.rows].items()
                },
            }
            for table, sheet in fixed.items()
        }

    @cached_property
    def _titles_of_before(self) -> Mapping[str, Mapping[str, str]]:
        """By kind of row, the id by a title under which the form once printed it."""
        items: Mapping[str, Sequence[Task | Indicator]] = {"tasks": self.plan.tasks, "indicators": self.plan.indicators}
        return {
            rows: {fold(was.title): item.id for item in listed for was in item.was.values() if was.title}
            for rows, listed in items.items()
        }

    def line_of(self, unit_name: str, period: Period) -> str:
        """What the form prints above its tables: whose it is, of which period and window."""
        return f"{unit_name} – {self.plan.full_name(period)} – số liệu {period.window}"

    @cached_property
    def dashed_names(self) -> re.Pattern[str]:
        """The names of units in which a dash stands, as in “Phòng Tài chính - Kế hoạch”: no clauses of a sentence."""
        names = {name for unit in self.register.units for name in (unit.name, *unit.aliases) if re.search(_DASH, name)}
        ways = (_DASH.join(map(re.escape, re.split(_DASH, name))) for name in sorted(names, key=len, reverse=True))
        return re.compile("|".join(ways) or "(?!)", re.IGNORECASE)

    def message(self, problem: Problem, period: Period) -> str:
        """The full sentence of a problem."""
        return self.catalogue.message(problem, self.field_of(problem), self.form, period)

    def field_of(self, problem: Problem) -> Field | None:
        """The declaration of the field that a problem is about, if any; that of a figure has an example of its kind."""
        sheet = self.form.sheets.get(problem.table)
        declared = sheet.by_key.get(problem.field) if sheet else None
        indicator = self.plan.indicator.get(problem.facts.get("row_name", ""))
        if declared and indicator and declared.kind.is_figure:
            return replace(declared, example=indicator.example)
        return declared


def load_project(schemas: Path, year: int | None = None) -> Project:
    """Load form, plan, register, catalogue and labels; `year` defaults to the newest plan there is."""
    register = load_register(schemas / "units.csv")
    path = _plan_path(schemas / "plans", year)
    plan = load_plan(path, register)
    older = {version: load_form(schemas / "forms" / f"{version}.toml") for version in plan.reads}
    form = reading_older(worded_for(plan, load_form(schemas / "forms" / f"{plan.form}.toml")), older)
    _check_kinds(plan, form, path)
    labels = schemas / "labels.toml"
    tasks = tuple(Choice(task.id, task.id, (task.title, task.short), task.short) for task in plan.tasks)
    return Project(
        form=form.with_choices("@tasks", tasks),
        plan=plan,
        register=register,
        catalogue=replace(
            load_catalogue(schemas / "problems.toml"),
            words={"office": plan.office},
            titles={item.id: item.title for item in plan.indicators},
        ),
        labels=build_words(read_toml(labels), str(labels)),
        proof=load_proof(schemas / "proof.toml"),
        meaning=load_meaning(schemas / "meaning.toml"),
        signing=load_signing(schemas / "signing.toml", register),
        sources=_sources(schemas, plan),
        older=older,
        folder=schemas,
    )


def _sources(schemas: Path, plan: Plan) -> Mapping[str, str]:
    """Every file of declarations that a run may look into, with its fingerprint."""
    shared = sorted(path.name for path in schemas.glob("*.toml") if path.name != SAMPLES)
    forms = (f"forms/{version}.toml" for version in (plan.form, *plan.reads))
    names = ("units.csv", f"plans/{plan.year}.toml", *forms, *shared)
    return {f"{SCHEMAS}/{name}": hashlib.sha256((schemas / name).read_bytes()).hexdigest() for name in names}


def _check_kinds(plan: Plan, form: Form, path: Path) -> None:
    """Refuse a plan that names a kind of propaganda that its form does not offer."""
    offered = {choice.id for choice in form.choices["form"]}
    named = [
        (key, part.forms) for key, parts in (("checks", plan.checks), ("official", plan.official)) for part in parts
    ]
    for key, names in (*named, ("scoring.online", plan.scoring.online)):
        for name in (name for name in names if name not in offered):
            raise PipelineError(f"{path}: khóa “{key}”: biểu {plan.form} không có hình thức “{name}”.")


def _plan_path(folder: Path, year: int | None) -> Path:
    if year is not None:
        path = folder / f"{year}.toml"
        if not path.exists():
            raise PipelineError(f"Chưa có kế hoạch năm {year}: cần tệp {path}.")
        return path
    plans = sorted(folder.glob("[0-9][0-9][0-9][0-9].toml"))
    if not plans:
        raise PipelineError(f"Chưa có kế hoạch nào trong thư mục {folder}.")
    return plans[-1]
