"""What holds whatever units write.

Answers come back as typed, names and order do not matter, nothing is lost or counted twice.
"""

import math
import re
import shutil
import string
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline.convert.dates import day_near
from pipeline.declare.errors import PipelineError
from pipeline.declare.form import Field
from pipeline.declare.project import Project
from pipeline.judge.conserve import balance_cells, balance_rows
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.settlement import Settlement
from pipeline.publish.forms.blank_form import Answers
from pipeline.values.cells import shown
from pipeline.values.problems import Problem
from tests.builders import Draft, an_activity, blank, evaluate_folder, save_all, shipped, states, truthful, write_book
from tests.examples import few

PROJECT = shipped()
UNITS = ("XA-vinh-o", "P-noi-vu", "SN-vhtt-tdtt", "P-tu-phap")
WORDS = [
    "Tin",
    "bài",
    "hội nghị",
    "Đường",
    "ỷ lại",
    "“trích”",
    "=1+1",
    "-5",
    "+84",
    "@xã",
    "<b>",
    "&amp;",
    "100%",
    "'nháy",
    "a/b",
    "\\",
    "Ô",
    "12",
    "_x0041_",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


def new_folder(home: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=home))


def texts(item: Field) -> st.SearchStrategy[str]:
    """Words as they are typed; a mere sign says that there is nothing where the form takes it so (`Field.denies`)."""
    written = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
    return written.filter(lambda text: any(map(str.isalnum, text))) if item.denies else written


def answers_to(item: Field, project: Project, draft: Draft) -> st.SearchStrategy[Any]:
    """Correct answers to one field, as one types them."""
    low, high = (
        (draft.period.date_from, draft.period.date_to) if item.window else (date(2000, 1, 1), date(2099, 12, 31))
    )
    return {
        "text": texts(item),
        "choice": st.sampled_from([choice.label for choice in project.form.choices.get(item.choices, ())] or [""]),
        "date": st.dates(low, high),
        "whole": st.integers(item.minimum, item.maximum),
    }[item.type]


def rows_of(sheet_id: str, project: Project, draft: Draft) -> st.SearchStrategy[dict[str, Any]]:
    """One filled row: what is required, and some of the rest."""
    fields = [item for item in project.form[sheet_id].fields if item.own and item.type != "figure"]
    required = {item.key: answers_to(item, project, draft) for item in fields if item.required}
    optional = {item.key: answers_to(item, project, draft) for item in fields if not item.required}
    return st.fixed_dictionaries(required, optional=optional)


def figures_of(project: Project) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    """Numbers and the signs of nothing, but none that Excel counts as a day of these years, which is asked about."""
    quarter = project.plan.period("q3")

    def is_no_day(number: float) -> bool:
        return not day_near(number, quarter)

    whole = st.one_of(st.integers(0, 10**6).filter(is_no_day), st.sampled_from(["-", "…", "x"]))
    part = st.one_of(whole, st.integers(0, 10**6).map(lambda number: number / 4).filter(is_no_day))
    values = {item.id: (whole if item.whole else part) for item in project.plan.indicators}
    return st.fixed_dictionaries({}, optional=values).map(
        lambda chosen: {key: {"value": value} for key, value in chosen.items()}
    )


@st.composite
def filled(draw: st.DrawFn, project: Project, unit_id: str) -> Answers:
    draft = blank(project, unit_id)
    tasks = {task.id: draw(rows_of("tasks", project, draft)) for task in project.plan.tasks if draw(st.booleans())}
    activities = draw(st.lists(rows_of("activities", project, draft), max_size=4))
    requests = draw(st.lists(rows_of("requests", project, draft), max_size=3))
    card = {
        key: draw(texts(project.form.card.by_key[key]))
        for key in ("prepared_by", "signed_by", "phone", "revision_reason")
    }
    return (
        draft.card(**card)
        ._with(tasks=tasks, figures=draw(figures_of(project)), activities=activities, requests=requests)
        .answers
    )


def drafts_of(answers: Sequence[Answers]) -> list[Draft]:
    return [replace(blank(PROJECT, unit_id), answers=mine) for unit_id, mine in zip(UNITS, answers, strict=True)]


def typed_rows(draft: Draft) -> dict[str, list[tuple[Any, dict[str, Any]]]]:
    """What was typed, by table: the name of a fixed row or nothing, and the answers."""
    answers = draft.answers
    return {
        "tasks": [(name, dict(row)) for name, row in answers.tasks.items()],
        "activities": [(None, dict(row)) for row in answers.activities],
        "requests": [(None, dict(row)) for row in answers.requests],
    }


def as_typed(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, datetime) else value


@few(3)
@given(answers=st.tuples(*(filled(PROJECT, unit_id) for unit_id in UNITS)))
def test_a_form_filled_and_read_gives_back_what_was_written(home: Path, answers: tuple[Answers, ...]) -> None:
    project, drafts = PROJECT, drafts_of(answers)
    done = evaluate_folder(new_folder(home), project, drafts)
    for draft in drafts:
        for table, rows in typed_rows(draft).items():
            sheet = project.form[table]
            frame = done.settlement.frames[table]
            read = frame[(frame["unit_id"] == draft.unit.unit_id) & frame["filled"]].to_dict("records")
            got = [
                (
                    row[sheet.row_key] if sheet.shape == "fixed" else None,
                    {key: as_typed(row[key]) for key in sheet.own_keys},
                )
                for row in read
            ]
            wanted = [(name, {key: answer.get(key) for key in sheet.own_keys}) for name, answer in rows]
            assert sorted(got, key=repr) == sorted(wanted, key=repr), table
        frame = done.settlement.frames["figures"]
        mine = frame[(frame["unit_id"] == draft.unit.unit_id) & frame["filled"]]
        read_figures = {row["indicator_id"]: row["nothing"] or row["value"] for row in mine.to_dict("records")}
        marks = {"-": "none-arose", "…": "not-yet-known", "x": "not-applicable"}
        assert read_figures == {
            key: marks.get(row["value"], row["value"]) for key, row in draft.answers.figures.items()
        }
        [card] = done.settlement.cards[done.settlement.cards["unit_id"] == draft.unit.unit_id].to_dict("records")
        assert {key: as_typed(card[key]) for key in draft.answers.card} == draft.answers.card


# Answers, right and wrong, with what each is worth in a total of whole numbers.
FIGURE_ANSWERS: Mapping[Any, float | None] = {
    12: 12, 0: 0, 250: 250, "7": 7, "03": 3, "1.234": 1234, "-": 0, "không": 0, "…": None, "x": None, -3: None,
    1.5: None, "1,234": None, "tin": None, "khoảng 5": None, 10**13: None,
}  # fmt: skip
BLANK_FIGURE = "(để trống)"
BAD: dict[str, list[Any]] = {
    "date": ["hôm nọ", "31/2/2025", date(2025, 12, 24), date(2025, 5, 9), None],
    "task_id": ["NV99", None],
    "form": ["Hát ru", None],
    "quantity": [0, 1.5, "tin", "khoảng 3", None],
    "participants": [-1, "đông", 2500],
    "title": ["a" * 501, None],
}
BAD_TASK: dict[str, list[Any]] = {
    "status": ["Tốt", None],
    "completed_on": ["hôm nọ", "Tháng 2"],
    "document_number": ["số mười"],
    "expected_on": ["Quý IV"],
    "result": ["a" * 1001],
}
QUOTING = [
    "not-a-number",
    "not-whole",
    "ambiguous-number",
    "negative-number",
    "number-too-large",
    "not-a-date",
    "date-outside-window",
    "choice-unknown",
    "task-unknown",
    "row-unknown",
    "vague-number",
    "vague-date",
    "document-number-odd",
]


@st.composite
def careless(draw: st.DrawFn, project: Project, unit_id: str) -> Answers:
    """A truthful form in which some cells went wrong."""
    draft = truthful(project, unit_id)
    for item in project.plan.indicators:
        answer = draw(st.sampled_from([BLANK_FIGURE, *FIGURE_ANSWERS]))
        draft = draft.figure(item.id, None if answer == BLANK_FIGURE else answer)
    for position in range(len(draft.answers.activities)):
        if draw(st.integers(0, 2)) == 0:
            key = draw(st.sampled_from(sorted(BAD)))
            draft = draft.spoil_activity(position, **{key: draw(st.sampled_from(BAD[key]))})
    repeats_one = draw(st.booleans())
    if draft.answers.activities and repeats_one:
        draft = draft.activity(**draft.answers.activities[0])
    for task in project.plan.tasks:
        if draw(st.integers(0, 3)) == 0:
            key = draw(st.sampled_from(sorted(BAD_TASK)))
            draft = draft.task(task.id, **{key: draw(st.sampled_from(BAD_TASK[key]))})
    return draft.answers


@few(3)
@given(answers=st.tuples(*(careless(PROJECT, unit_id) for unit_id in UNITS)))
def test_whatever_units_write(home: Path, answers: tuple[Answers, ...]) -> None:
    project, drafts = PROJECT, drafts_of(answers)
    folder = new_folder(home)
    done = evaluate_folder(folder, project, drafts)
    every_row_is_accepted_or_rejected(done, drafts, project)
    totals_are_the_plain_sum_of_what_was_typed(done, drafts, project)
    the_grid_holds_every_unit_and_task_once(done, project)
    every_problem_points_at_the_value_that_it_quotes(done, folder, project)
    no_cell_is_asked_about_twice(done)
    every_rejected_row_has_a_problem_that_says_why(done, project)


def every_row_is_accepted_or_rejected(done: Evaluation, drafts: Sequence[Draft], project: Project) -> None:
    balance = done.balance.set_index("table")
    for table in ("tasks", "activities", "requests"):
        own = project.form[table].own_keys
        typed = sum(
            any(row.get(key) is not None for key in own) for draft in drafts for _, row in typed_rows(draft)[table]
        )
        assert balance.at[table, "rows_read"] == typed, table
    assert balance.at["figures", "rows_read"] == sum(
        row["value"] is not None for draft in drafts for row in draft.answers.figures.values()
    )
    assert (balance["rows_read"] == balance["rows_accepted"] + balance["rows_rejected"]).all()
    assert {table: len(rows) for table, rows in done.settlement.rows.accepted.items()} == dict(balance["rows_accepted"])
    assert len(done.settlement.rows.rejected) == balance["rows_rejected"].sum()


def worth(answer: Any, is_whole: bool) -> float | None:
    """What a plain reading of one cell adds to a total of its indicator."""
    if not is_whole and answer == 1.5:
        return 1.5
    if not is_whole and answer == "1.234":
        return None  # 1234 or 1,234: nobody can say
    return FIGURE_ANSWERS[answer] if answer is not None else None


def totals_are_the_plain_sum_of_what_was_typed(done: Evaluation, drafts: Sequence[Draft], project: Project) -> None:
    totals = done.totals.set_index("indicator_id")
    for item in project.plan.indicators:
        given_by = {draft.unit.unit_id: worth(draft.answers.figures[item.id]["value"], item.whole) for draft in drafts}
        values = [value for value in given_by.values() if value is not None]
        line = totals.loc[item.id]
        assert (None if math.isnan(line["this_period"]) else line["this_period"]) == (
            sum(values) if values else None
        ), item.id
        owing = [draft.unit.unit_id for draft in drafts if project.plan.fills(item, draft.unit)]
        assert line["units_reporting"] == sum(given_by[unit_id] is not None for unit_id in owing), item.id
        assert line["units_expected"] == sum(project.plan.fills(item, unit) for unit in done.settlement.units), item.id


def the_grid_holds_every_unit_and_task_once(done: Evaluation, project: Project) -> None:
    pairs = Counter(zip(done.completeness["unit_id"], done.completeness["task_id"], strict=True))
    assert pairs == Counter((unit.unit_id, task.id) for unit in done.settlement.units for task in project.plan.tasks)


def every_problem_points_at_the_value_that_it_quotes(done: Evaluation, folder: Path, project: Project) -> None:
    books = {reading.file: load_workbook(folder / reading.file) for reading in done.settlement.readings}
    seen = 0
    for problem in done.problems:
        if problem.code in QUOTING:
            cell = books[problem.file][problem.sheet][problem.cell].value
            assert shown(float(cell) if isinstance(cell, int) else cell) == problem.value, (problem.code, problem.cell)
            seen += 1
    assert seen


def no_cell_is_asked_about_twice(done: Evaluation) -> None:
    whole_sheet = ("copied-forward", "same-as-other-unit")
    places = Counter(
        (problem.file, problem.sheet, problem.cell)
        for problem in done.problems
        if problem.cell and problem.code not in whole_sheet
    )
    assert [place for place, times in places.items() if times > 1] == []


def every_rejected_row_has_a_problem_that_says_why(done: Evaluation, project: Project) -> None:
    blocked = {
        (item.file, item.table, item.row, item.code)
        for item in done.problems
        if project.catalogue.severity(item.code) == "block-row"
    }
    for line in done.settlement.rows.rejected.itertuples():
        assert line.codes
        assert {(line.file, line.table, line.row, code) for code in line.codes.split()} <= blocked


@pytest.fixture(scope="module")
def pile(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with versions, copies, late and faulty forms and things that are none."""
    folder = tmp_path_factory.mktemp("pile")
    one, two = truthful(project, "XA-vinh-o"), truthful(project, "XA-vinh-tu")
    later = {"revision": 2, "revision_reason": "Đính chính"}
    drafts = [
        one.named("a.xlsx"),
        one.no_activities()
        .only_figures(CT01=99)
        ._with(tasks={})
        .card(**later, revision_kind="Bổ sung")
        .named("b.xlsx")
        .received("2025-09-18 08:00"),
        two.named("c.xlsx"),
        two.named("d.xlsx"),
        two.figure("CT01", "tin").card(**later, revision_kind="Thay thế").named("e.xlsx"),
        truthful(project, "XA-vinh-ha").figure("CT01", 5).named("f.xlsx"),
        truthful(project, "XA-vinh-ha").figure("CT01", 6).named("g.xlsx"),
        truthful(project, "XA-vinh-son")
        .activity(**an_activity(one, "NV99"))
        .named("h.xlsx")
        .received("2025-09-20 08:00"),
        truthful(project, "XA-vinh-lam").card(period="6t").hidden(period="6t").named("i.xlsx"),
    ]
    save_all(folder, drafts)
    (folder / "j.txt").write_text("không phải biểu", encoding="utf-8")
    return folder


def booked(folder: Path) -> Iterator[list[str]]:
    for line in (folder / "so-nhan.csv").read_text(encoding="utf-8-sig").splitlines()[1:]:
        yield line.split(",")


class Summary(dict[str, Any]):
    """A dict that does not print itself, for it is long."""

    def __repr__(self) -> str:
        return "Summary"


def summary(done: Evaluation, names: Mapping[str, str]) -> Summary:
    """Everything that may not depend on names and order, with the files called as they were at first."""

    def told(problem: Problem) -> tuple[str, ...]:
        return names[problem.file], problem.unit_id, problem.sheet, problem.cell, problem.code

    copies = {"c.xlsx", "d.xlsx"}  # received at one time, so that either may be called the copy
    return Summary(
        problems=sorted(told(problem) for problem in done.problems if names[problem.file] not in copies),
        states={names[file]: found for file, found in states(done).items() if names[file] not in copies},
        totals=done.totals.to_csv(),
        completeness=done.completeness.to_csv(),
        forms=done.forms.to_csv(),
        balance=done.balance.to_csv(),
        figures=done.settlement.grid.drop(columns=["doc", "file"]).to_csv(),
    )


@pytest.fixture(scope="module")
def as_sent(pile: Path, project: Project) -> Summary:
    return summary(evaluate_folder(pile, project), {path.name: path.name for path in pile.iterdir()})


STEMS = st.text(string.ascii_letters + "ăâđêôơưÀÉÍÒỤỸ ()-_.0123456789", min_size=1, max_size=12).map(
    lambda text: text.strip(" .") or "x"
)


@few(3)
@given(
    stems=st.lists(STEMS, min_size=10, max_size=10),
    folders=st.lists(st.sampled_from(["", "zalo/", "Thư mục/2/"]), min_size=10, max_size=10),
    order=st.permutations(range(10)),
)
def test_neither_names_nor_order_of_files_matter(
    home: Path, pile: Path, as_sent: Summary, stems: list[str], folders: list[str], order: list[int]
) -> None:
    folder = new_folder(home)
    files = sorted(path for path in pile.iterdir() if path.name != "so-nhan.csv")
    new = {
        path.name: f"{folders[place]}{place} {stems[place]}{path.suffix}"
        for path, place in zip(files, order, strict=True)
    }
    for old, name in new.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pile / old, folder / name)
    write_book(folder, [(new[old], *rest) for old, *rest in booked(pile)])
    done = evaluate_folder(folder, PROJECT)
    assert summary(done, {name: old for old, name in new.items()}) == as_sent


def test_the_pile_is_worth_shuffling(as_sent: Summary) -> None:
    assert set(as_sent["states"].values()) == {"in-force", "returned", "not-a-form"}
    assert {code for *_, code in as_sent["problems"]} >= {
        "revision-conflict",
        "period-mismatch",
        "late",
        "task-unknown",
        "row-superseded",
        "file-type-unsupported",
    }


def test_a_form_sent_blank_reads_as_nothing_at_all(project: Project, tmp_path: Path) -> None:
    draft = Draft(
        project, project.plan.period("q3"), project.register.by_id["XA-vinh-o"], Answers(), received_at="2025-09-15"
    )
    done = evaluate_folder(tmp_path, project, [draft])
    assert (done.balance["rows_read"] == 0).all()
    assert done.totals["this_period"].isna().all()
    assert done.settlement.rows.rejected.empty


@pytest.fixture(scope="module")
def sound(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate_folder(tmp_path_factory.mktemp("sound"), project, [truthful(project, "XA-vinh-o")])


def without(done: Evaluation, table: str, rows: Callable[[pd.DataFrame], pd.DataFrame]) -> Settlement:
    """The settled period with one table of its rows tampered with."""
    settled = done.settlement.rows
    tampered = replace(settled, accepted={**settled.accepted, table: rows(settled.accepted[table])})
    return replace(done.settlement, rows=tampered)


@pytest.mark.parametrize("table", ["tasks", "figures", "activities"])
def test_a_lost_or_doubled_row_stops_the_run(table: str, sound: Evaluation, project: Project) -> None:
    for tamper in (lambda rows: rows.iloc[1:], lambda rows: pd.concat([rows, rows.iloc[:1]])):
        with pytest.raises(PipelineError, match=re.escape(project.form[table].name)):
            balance_rows(without(sound, table, tamper), project)


@pytest.mark.parametrize(("table", "key"), [("tasks", "status"), ("activities", "title"), ("figures", "value")])
def test_a_filled_cell_that_is_used_nowhere_stops_the_run(
    table: str, key: str, sound: Evaluation, project: Project
) -> None:
    def forget(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(**{key: rows[key].mask(rows["row"] == rows["row"].min())})

    balance_cells(sound.settlement, sound.problems, project)
    with pytest.raises(PipelineError, match="XA-vinh-o"):
        balance_cells(without(sound, table, forget), sound.problems, project)
