"""Make submissions from the form itself: a truthful one for any unit, one cell spoiled, a folder evaluated.

What is asked afterwards is asked in addresses and codes; `address` knows the cells from the declaration, not from the
reader.
"""

import csv
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook, load_workbook

from pipeline.convert.columns import convert_forms
from pipeline.convert.tables import build_tables
from pipeline.declare.plan import Period, Task
from pipeline.declare.project import Project, load_project
from pipeline.declare.register import Unit
from pipeline.evaluate import evaluate, settle_forms
from pipeline.figures.tally import make_tally
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.forms.blank_form import CARD_FIRST_ROW, FIRST_ROW, Answers, write_blank_form
from pipeline.publish.report import Report
from pipeline.reading.periods import holds_real_forms, read_folder
from pipeline.values.cells import cell_name, column_number
from pipeline.values.forms import Reading
from pipeline.values.frames import tuples
from pipeline.values.problems import Problem
from pipeline.values.states import BELOW_DONE
from tests.lasting import LASTING

ROOT = Path(__file__).parent.parent
SCHEMAS, INPUTS = ROOT / "schemas", ROOT / "inputs"
# Of the plan that the samples and the tests speak of: newer ones may stand beside it.
YEAR = 2025
OF_YEAR = ("--year", str(YEAR))

Edit = Callable[[Workbook], None]

# What fits together under the checks of the shipped plan; any other figure is 3.
_FIGURES = {
    "CT01": 11, "CT02": 5, "CT03": 4, "CT04": 9, "CT05": 37.5, "CT06": 3, "CT07": 2, "CT08": 1, "CT09": 3, "CT10": 6,
    "CT11": 120, "CT12": 9, "CT13": 351, "CT14": 802, "CT15a": 1, "CT15b": 2, "CT16": 66, "CT17": 1, "CT18": 23,
    "CT19a": 1, "CT19b": 1, "CT20": 12, "CT21": 15, "CT22": 1,
    "CT23a": 5_000_000, "CT23b": 4_500_000, "PA01": 2, "PA02": 5, "PA03": 5, "PA04": 1, "PA05": 1,
}  # fmt: skip


@cache
def shipped() -> Project:
    """The declarations of the year that the tests speak of; as a fixture it would be printed with a failing example."""
    return load_project(SCHEMAS, YEAR)


@dataclass(frozen=True)
class Draft:
    """A submission that is being written. Every method gives back a changed copy."""

    project: Project
    period: Period
    unit: Unit
    answers: Answers = field(default_factory=Answers)
    file: str = ""
    received_at: str = ""
    is_sample: bool = False
    edits: tuple[Edit, ...] = ()

    def card(self, **answers: Any) -> "Draft":
        return self._with(card={**self.answers.card, **answers})

    def task(self, task_id: str, **answers: Any) -> "Draft":
        """Change some answers on one task; `None` makes a cell blank."""
        return self._with(tasks={**self.answers.tasks, task_id: {**self.answers.tasks.get(task_id, {}), **answers}})

    def blank_task(self, task_id: str) -> "Draft":
        return self._with(tasks={key: row for key, row in self.answers.tasks.items() if key != task_id})

    def figure(self, indicator_id: str, value: Any, **answers: Any) -> "Draft":
        return self._with(figures={**self.answers.figures, indicator_id: {"value": value, **answers}})

    def figures(self, **values: Any) -> "Draft":
        return self._with(figures={**self.answers.figures, **{key: {"value": value} for key, value in values.items()}})

    def only_figures(self, **values: Any) -> "Draft":
        return self._with(figures={key: {"value": value} for key, value in values.items()})

    def activity(self, **answers: Any) -> "Draft":
        """One more activity."""
        return self._with(activities=(*self.answers.activities, answers))

    def activities(self, rows: Iterable[Mapping[str, Any]]) -> "Draft":
        """More activities."""
        return self._with(activities=(*self.answers.activities, *rows))

    def spoil_activity(self, position: int, **answers: Any) -> "Draft":
        rows = list(self.answers.activities)
        rows[position] = {**rows[position], **answers}
        return self._with(activities=tuple(rows))

    def no_activities(self, task_id: str = "") -> "Draft":
        """Without any activity, or without those of one task."""
        return self._with(
            activities=tuple(row for row in self.answers.activities if task_id and row["task_id"] != task_id)
        )

    def request(self, **answers: Any) -> "Draft":
        return self._with(requests=(*self.answers.requests, answers))

    def named(self, file: str) -> "Draft":
        return replace(self, file=file)

    def received(self, moment: str) -> "Draft":
        return replace(self, received_at=moment)

    def sample(self) -> "Draft":
        return replace(self, is_sample=True)

    def edited(self, edit: Edit) -> "Draft":
        """Change the saved workbook as someone with Excel open might."""
        return replace(self, edits=(*self.edits, edit))

    def cell(self, sheet: str, cell: str, value: Any) -> "Draft":
        """Type into one cell of the saved workbook, locked or not."""

        def type_in(book: Workbook) -> None:
            book[sheet][cell] = value

        return self.edited(type_in)

    def hidden(self, **meta: str) -> "Draft":
        """Another word on the sheet where the form says of itself what it is."""

        def edit(book: Workbook) -> None:
            for row in book[self.project.form.meta_sheet].iter_rows():
                row[1].value = meta.get(str(row[0].value), row[1].value)

        return self.edited(edit)

    def save(self, folder: Path) -> Path:
        path = folder / (self.file or f"{self.unit.unit_id}.xlsx")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_blank_form(path, with_few_blank_rows(self.project), self.unit, self.period, self.answers, self.is_sample)
        if self.edits:
            book = load_workbook(path)
            for edit in self.edits:
                edit(book)
            book.save(path)
        return path

    def at(self, table: str, key: str, row: str | int = 0) -> str:
        """The cell of this form that a test means."""
        return address(self.project, table, key, row)

    def _with(self, **answers: Any) -> "Draft":
        return replace(self, answers=replace(self.answers, **answers))


def with_few_blank_rows(project: Project) -> Project:
    """The same form, quicker to write: rows below what is typed make no difference to what is read."""
    sheets = {
        name: replace(sheet, open_rows=min(sheet.open_rows, 3), open_rows_of_a_year=0)
        for name, sheet in project.form.sheets.items()
    }
    return replace(project, form=replace(project.form, sheets=sheets))


def led_by_communes(project: Project, task_id: str) -> Project:
    """The same plan, but every commune leads the task too, so that one folder holds many answers on it."""
    tasks = tuple(
        replace(task, leads=(*task.leads, "cap-xa")) if task.id == task_id else task for task in project.plan.tasks
    )
    return replace(project, plan=replace(project.plan, tasks=tasks))


def blank(project: Project, unit_id: str, period: str = "q3") -> Draft:
    """The form as it goes out, with only the card signed."""
    found = project.plan.period(period)
    after = found.date_to + timedelta(days=1)
    card = {
        "report_number": "45/BC-UBND",
        "report_date": after,
        "prepared_by": "Người lập thử",
        "signed_by": "Người ký thử",
        "signer_title": "Chủ tịch",
    }
    return Draft(
        project, found, project.register.by_id[unit_id], Answers(card=card), received_at=f"{after.isoformat()} 16:00"
    )


def truthful(project: Project, unit_id: str, period: str = "q3") -> Draft:
    """A form with nothing to mend or ask: all that is owed is answered, a little differently for every unit.

    What only the newest form asks for is left blank, as it may be.
    """
    draft = blank(project, unit_id, period)
    place = [unit.unit_id for unit in project.register.units].index(unit_id)
    for task in project.plan.tasks:
        draft = _answer_task(draft, task, place)
    for item in project.plan.indicators:
        if project.plan.fills(item, draft.unit) and not item.since:
            value = _FIGURES.get(item.id, 3) + (place if item.id in ("CT01", "CT14") else 0)
            draft = draft.figure(item.id, value * (quarters(draft.period) if item.kind == "flow" else 1))
    return draft


def quarters(period: Period) -> int:
    """How many quarters the period has, at least one, so that a flow is no smaller than in what it contains."""
    return max(1, round((period.date_to - period.date_from).days / 91))


def _answer_task(draft: Draft, task: Task, place: int) -> Draft:
    obligation = draft.project.plan.obligation(task, draft.unit, draft.period)
    number = f"{place + 1}/KH-UBND"
    if obligation == "recurring":
        for turn in range(2):
            day = draft.period.date_from + timedelta(days=5 + 2 * place + turn)
            draft = draft.activity(
                **an_activity(draft, task.id, date=day, title=f"Tin {turn + 1} về {task.id} của {draft.unit.name}")
            )
        return draft.task(task.id, status="Hoàn thành")
    if obligation in ("due", "carried"):
        day = min(task.due, draft.period.date_to) - timedelta(days=8)
        return draft.task(task.id, status="Hoàn thành", completed_on=day, document_number=number, document_date=day)
    if obligation == "progress":
        return draft.task(task.id, status="Đang thực hiện", expected_on=task.due)
    return draft


def an_activity(draft: Draft, task_id: str, **answers: Any) -> dict[str, Any]:
    """One item on the portal in the middle of the period, with its place and its proof."""
    usual = {
        "date": draft.period.date_from + (draft.period.date_to - draft.period.date_from) // 2,
        "task_id": task_id,
        "form": "Cổng/Trang thông tin điện tử",
        "title": f"Tin về {task_id}",
        "venue": "Trụ sở UBND xã",
        "quantity": 1,
        "evidence": "Sổ theo dõi tin, bài",
    }
    return {**usual, **answers}


def address(project: Project, table: str, key: str, row: str | int = 0) -> str:
    """The cell of a field on the form as it goes out: `row` is the task or indicator, or the place of an open row."""
    sheet = project.form.sheets[table]
    place = sheet.keys.index(key)
    if table == "card":
        return cell_name(2, CARD_FIRST_ROW + place + 1)
    ids = {"tasks": [task.id for task in project.plan.tasks], "figures": [item.id for item in project.plan.indicators]}
    position = ids[table].index(row) if isinstance(row, str) else row
    return cell_name(place, FIRST_ROW + position + 1)


def beyond(table: str, row: str | int = 0) -> str:
    """The cell right of all columns of a table of the shipped form."""
    last = address(shipped(), table, shipped().form[table].keys[-1], row)
    letters = last.rstrip(string.digits)
    return cell_name(column_number(letters) + 1, int(last[len(letters) :]))


def save_all(folder: Path, drafts: Iterable[Draft]) -> None:
    """Write the drafts and the receiving book."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [(draft.save(folder).relative_to(folder).as_posix(), draft.received_at, "Zalo", "") for draft in drafts]
    write_book(folder, lines)


def write_book(folder: Path, lines: Iterable[Sequence[str]]) -> None:
    with (folder / "so-nhan.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows([("file", "received_at", "channel", "note"), *lines])


def evaluate_folder(
    folder: Path,
    project: Project,
    drafts: Sequence[Draft] = (),
    period: str = "q3",
    others: Mapping[str, Evaluation] | None = None,
) -> Evaluation:
    """Save the drafts into `folder`, read it and evaluate it; every sentence of it is checked on the way."""
    if drafts:
        save_all(folder, drafts)
    found = project.plan.period(period)
    readings = read_folder(folder, project, found, engine=LASTING)
    settled = settle_forms(readings, project, found, holds_real_forms(readings))
    done = evaluate(settled, project, {code: other.settlement for code, other in (others or {}).items()})
    for problem in done.problems:
        assert not holes(project, problem, found), f"{problem.code}: {holes(project, problem, found)}"
        message = project.message(problem, found)
        is_quoted = "nan" in problem.value or re.search("[{}]", problem.value)  # a unit may write that itself
        assert reads_well(_QUOTED.sub("“…”", message) if is_quoted else message), message
    assert untold(done) == []
    return done


def untold(done: Evaluation) -> list[tuple[str, str, str]]:
    """Unit, task and state of every downgrade of a unit that filed of which nothing is said: the law wants none.

    A row that bears the id of another task speaks for the task that is printed in it.
    """
    said: dict[str, set[str]] = {}
    for problem in done.problems:
        name = problem.facts.get("row_name") or problem.facts.get("task", "")[:4]
        is_of_unknown_row = problem.table == "tasks" and problem.code in ("duplicate-row", "row-unknown")
        is_of_rows = problem.table == "tasks" and "rows" in problem.facts
        said.setdefault(problem.unit_id, set()).add("*" if is_of_unknown_row or is_of_rows else name)
    lines = tuples(done.completeness, "unit_id", "task_id", "state")
    return [
        (unit_id, task_id, state)
        for unit_id, task_id, state in lines
        if state in BELOW_DONE
        and unit_id in done.settlement.versions.chains
        and not {task_id, "*"} & said.get(unit_id, set())
    ]


def frames_of(readings: Sequence[Reading], project: Project, period: Period) -> Mapping[str, pd.DataFrame]:
    """The typed frames of readings that are forms."""
    return build_tables([convert_forms(readings, range(len(readings)), project, period)], [0], readings, project).frames


def holes(project: Project, problem: Problem, period: Period) -> set[str]:
    """The placeholders of a problem's sentences that nobody fills; a suggestion alone may be missing."""
    entry, declared = project.catalogue.codes[problem.code], project.field_of(problem)
    templates = (
        entry.found,
        entry.expected or project.catalogue.defaults["expected"],
        entry.example or project.catalogue.defaults["example"],
    )
    wanted = {name for template in templates for _, name, _, _ in string.Formatter().parse(template) if name}
    given = (
        set(problem.facts)
        | {"period", "window", "sheets", "version", "rows", "value", "suggestion", "successor"}
        | set(project.catalogue.words)
    )
    if declared:
        given |= {"label", "place", "expected", "wanted", "minimum", "maximum", "max_length"} | (
            {"example"} if declared.example else set()
        )
    if "label" in given:
        given.add("place")
    return wanted - given


_QUOTED = re.compile("“[^”]*”")


def reads_well(message: str) -> bool:
    """A sentence ends, holds no doubled dot or space, and nothing that was meant to be filled in."""
    return message.endswith((".", "?")) and not re.search(
        r"[{}]|  |\.\. |\.\.$| [.,;:]( |$)|“nan”|“None”|\bnan\b", message
    )


def found(done: Evaluation, unit_id: str | None = None, *severities: str, project: Project) -> list[tuple[str, str]]:
    """(cell, code) of the problems of one unit, sorted; by default all that it is asked about or refused for."""
    wanted = severities or ("block-file", "block-row", "question")
    mine = [problem for problem in done.problems if unit_id in (None, problem.unit_id)]
    return sorted(
        (problem.cell, problem.code) for problem in mine if project.catalogue.severity(problem.code) in wanted
    )


def codes(done: Evaluation, file: str) -> list[str]:
    """The codes of one file, notes included, sorted."""
    return sorted(problem.code for problem in done.problems if problem.file == file)


def states(done: Evaluation) -> dict[str, str]:
    """What became of each file."""
    return {
        reading.file: decision.state
        for reading, decision in zip(done.settlement.readings, done.settlement.versions.decisions, strict=True)
    }


def state(done: Evaluation, unit_id: str, task_id: str) -> str:
    grid = done.completeness
    [answer] = grid[(grid["unit_id"] == unit_id) & (grid["task_id"] == task_id)]["state"]
    return str(answer)


def figure(done: Evaluation, unit_id: str, indicator_id: str) -> tuple[float | None, str]:
    """The value used, and the kind of nothing."""
    grid = done.settlement.grid
    [line] = grid[(grid["unit_id"] == unit_id) & (grid["indicator_id"] == indicator_id)].to_dict("records")
    return (None if isnan(line["value"]) else line["value"]), line["kind_of_nothing"]


def total(done: Evaluation, indicator_id: str) -> dict[str, Any]:
    """One row of totals, with `None` for blank."""
    [line] = done.totals[done.totals["indicator_id"] == indicator_id].to_dict("records")
    return {key: None if isinstance(value, float) and isnan(value) else value for key, value in line.items()}


def accepted(done: Evaluation, table: str, unit_id: str) -> list[dict[str, Any]]:
    rows = done.settlement.rows.accepted[table]
    return list(rows[rows["unit_id"] == unit_id].to_dict("records"))


def rejected(done: Evaluation, unit_id: str) -> list[tuple[str, int, str]]:
    """(table, Excel row, codes) of the rows that are in no total."""
    rows = done.settlement.rows.rejected
    return sorted(rows[rows["unit_id"] == unit_id][["table", "row", "codes"]].itertuples(index=False, name=None))


def day(text: str) -> date:
    """`2025-09-05`."""
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Scene:
    """One spoiled submission among others that were evaluated together with it."""

    done: Evaluation
    draft: Draft

    @property
    def unit_id(self) -> str:
        return self.draft.unit.unit_id

    def problems(self, *severities: str) -> list[tuple[str, str]]:
        """(cell, code), by default without notes."""
        return found(self.done, self.unit_id, *severities, project=self.draft.project)

    def at(self, table: str, key: str, row: str | int = 0) -> str:
        return self.draft.at(table, key, row)


Spoil = Callable[[Draft], Draft]


def play(
    folder: Path,
    project: Project,
    spoils: Mapping[str, Spoil],
    period: str = "q3",
    others: Mapping[str, Evaluation] | None = None,
    units: Sequence[str] = (),
) -> dict[str, Scene]:
    """Spoil one truthful form after the other, each of another commune, and evaluate them by the folder."""
    names = units or [unit.unit_id for unit in project.register.units if unit.unit_id.startswith("XA-")]
    scenes: dict[str, Scene] = {}
    waiting = list(spoils.items())
    for number, start in enumerate(range(0, len(waiting), len(names))):
        drafts = {
            name: spoil(truthful(project, unit_id, period))
            for unit_id, (name, spoil) in zip(names, waiting[start : start + len(names)], strict=False)
        }
        done = evaluate_folder(folder / f"folder-{number}", project, list(drafts.values()), period, others)
        scenes |= {name: Scene(done, draft) for name, draft in drafts.items()}
    return scenes


def changed(report: Report, **changes: Any) -> Report:
    """The report with other values, in whichever part of it they stand."""
    rows = _changed(report.judged.settlement.rows, changes)
    mine = _changed(report.judged.settlement, changes, rows=rows)
    new: Report = _changed(report, changes, judged=_changed(report.judged, changes, settlement=mine))
    assert not changes, changes
    return new


def _changed(part: Any, changes: dict[str, Any], **inner: Any) -> Any:
    """One part with those of the changes that name a field of it, which are used up by that."""
    own = {item.name: changes.pop(item.name) for item in fields(part) if item.name in changes}
    return replace(part, **inner, **own)


def recounted(report: Report, **changes: Any) -> Report:
    """The same, and its tally counted again."""
    new = changed(report, **changes)
    tally = make_tally(new.judged, new.project, new.filings, new.submissions, new.before, new.differences)
    return replace(new, tally=tally)
