"""What does no harm to a form leaves every total and state as it was; what does harm is one problem, at that very cell."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import Cell

from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation
from pipeline.publish.forms.blank_form import FIRST_ROW
from tests.builders import Draft, Edit, evaluate_folder, figure, found, play, truthful
from tests.examples import few
from tests.oddities import Odd, activity, asked, nfd, refused, task, typed
from tests.oddities import figure as a_figure
from tests.test_locate import (
    ACTIVITIES,
    CARD,
    FIGURES,
    REQUESTS,
    TASKS,
    exchange_columns,
    insert_column,
    insert_rows_above,
    rename,
    reverse_sheets,
    reword_headers,
)

OTHER = "XA-vinh-tu"


def cells(*sheets: str) -> Callable[[Workbook], list[Cell]]:
    """Every cell below the headers of these tables."""
    return lambda book: [cell for name in sheets for row in book[name].iter_rows(min_row=FIRST_ROW + 1) for cell in row]


def retype(choose: Callable[[Workbook], list[Cell]], write: Callable[[object], object]) -> Edit:
    """Write the cells anew, each from what it held."""

    def edit(book: Workbook) -> None:
        for cell in choose(book):
            cell.value = write(cell.value)

    return edit


def as_text(value: object) -> object:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def with_dots(value: object) -> object:
    """1234 as 1.234, where that can be read only one way: minutes and đồng may have decimals."""
    return (
        f"{value:,}".replace(",", ".")
        if isinstance(value, int) and (1000 <= value < 5000 or value >= 1_000_000)
        else value
    )


def hide_rows(book: Workbook) -> None:
    for row in (FIRST_ROW + 2, FIRST_ROW + 5):
        book[ACTIVITIES].row_dimensions[row].hidden = True


def change_titles(book: Workbook) -> None:
    for name in (CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name]["A1"] = "UBND XÃ – BÁO CÁO CỦA CHÚNG TÔI"


def add_empty_sheets(book: Workbook) -> None:
    for number in range(3):
        book.create_sheet(f"Sheet{number + 10}")


# In the order in which they are done: first what is typed, then where it stands, then what the sheets are called.
HARMLESS: dict[str, Edit] = {
    "decomposed letters": retype(
        cells(TASKS, ACTIVITIES), lambda value: nfd(value) if isinstance(value, str) else value
    ),
    "more spaces": retype(
        cells(TASKS, FIGURES, ACTIVITIES),
        lambda value: f" {value.replace(' ', '  ')}\u00a0" if isinstance(value, str) else value,
    ),
    "dates as text": retype(cells(TASKS, ACTIVITIES), as_text),
    "dots for thousands": retype(cells(FIGURES), with_dots),
    "other titles": change_titles,
    "hidden rows": hide_rows,
    "reworded headers": reword_headers,
    "columns exchanged": exchange_columns,
    "a column inserted": insert_column,
    "rows inserted above": insert_rows_above,
    "empty sheets": add_empty_sheets,
    "sheets in another order": reverse_sheets,
    "sheets renamed": rename,
}
FILE_NAMES = (
    "a.xlsx",
    "BC CCHC Q3 Vinh Thai.xlsx",
    "vĩnh thái(1) bản cuối.xlsx",
    "xa/so sánh/1.xlsx",
    nfd("sửa lần 2.xlsx"),
)


def big(project: Project) -> Draft:
    """A truthful form with figures above a thousand."""
    return truthful(project, "XA-vinh-thai").figures(CT11=1200, CT13=1351, CT14=1802)


def outcome(done: Evaluation) -> tuple[str, str]:
    return done.totals.to_csv(), done.completeness.to_csv()


@pytest.fixture(scope="module")
def untouched(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    done = evaluate_folder(tmp_path_factory.mktemp("untouched"), project, [big(project), truthful(project, OTHER)])
    assert found(done, project=project) == []
    return outcome(done)


@few(12)
@given(names=st.sets(st.sampled_from(sorted(HARMLESS)), min_size=1, max_size=6), file=st.sampled_from(FILE_NAMES))
def test_what_does_no_harm_changes_no_total_and_no_state(
    names: set[str], file: str, project: Project, untouched: tuple[str, str]
) -> None:
    is_same_after(names, file, project, untouched)


def test_all_that_does_no_harm_at_once_changes_no_total_and_no_state(
    project: Project, untouched: tuple[str, str]
) -> None:
    is_same_after(set(HARMLESS), FILE_NAMES[2], project, untouched)


def is_same_after(names: set[str], file: str, project: Project, untouched: tuple[str, str]) -> None:
    draft = big(project).named(file)
    for name, edit in HARMLESS.items():
        draft = draft.edited(edit) if name in names else draft
    with tempfile.TemporaryDirectory() as folder:
        done = evaluate_folder(Path(folder), project, [draft, truthful(project, OTHER)])
    assert [code for _, code in found(done, project=project)] in ([], ["hidden-data"])
    assert outcome(done) == untouched


@dataclass(frozen=True)
class _Field:
    """Where harm may be done, drawn anew for each form."""

    indicator: str
    number: int


WHOLE = (
    "CT01",
    "CT02",
    "CT03",
    "CT04",
    "CT06",
    "CT07",
    "CT08",
    "CT09",
    "CT10",
    "CT11",
    "CT12",
    "CT13",
    "CT14",
    "CT15a",
    "CT16",
    "CT18",
    "CT20",
    "CT21",
    "PA02",
)
HARMFUL: dict[str, Callable[[_Field], Odd]] = {
    "reads two ways": lambda at: refused(
        0, "", a_figure(at.indicator, f"{at.number % 999 + 1},{at.number % 1000:03}"), "ambiguous-number"
    ),
    "negative": lambda at: refused(0, "", a_figure(at.indicator, -at.number - 1), "negative-number"),
    "a fraction": lambda at: refused(0, "", a_figure(at.indicator, at.number + 0.25), "not-whole"),
    "an error": lambda at: refused(0, "", typed("figures", "value", at.indicator, "#REF!"), "cell-error"),
    "a formula without a value": lambda at: refused(
        0, "", typed("figures", "value", at.indicator, f"=A1+{at.number}"), "formula-without-value"
    ),
    "a word": lambda at: refused(0, "", a_figure(at.indicator, "đủ chỉ tiêu"), "not-a-number"),
    "about": lambda at: asked(0, "", a_figure(at.indicator, f"khoảng {at.number}"), "vague-number"),
    "from to": lambda at: asked(0, "", a_figure(at.indicator, f"{at.number}-{at.number + 10}"), "vague-number"),
    "a day that is none": lambda at: refused(0, "", activity("date", f"{at.number % 60 + 32}/8/2025"), "not-a-date"),
    "a day of another period": lambda at: refused(
        0, "", activity("date", date(2025, 9, 15) + timedelta(at.number % 90)), "date-outside-window"
    ),
    "no listed form": lambda at: refused(0, "", activity("form", f"Hình thức {at.number}"), "choice-unknown"),
    "no listed task": lambda at: refused(0, "", activity("task_id", f"NV{at.number + 10}"), "task-unknown"),
    "no listed status": lambda at: refused(0, "", task("NV05", "status", f"Tốt {at.number}"), "choice-unknown"),
    "no quantity": lambda at: refused(0, "", activity("quantity", None), "value-required"),
    "a quantity in words": lambda at: refused(0, "", activity("quantity", "nhiều"), "not-a-number"),
    "lost letters": lambda at: asked(0, "", activity("title", "Häp th«n vÒ c¶i c¸ch hµnh chÝnh"), "legacy-encoding"),
}
HARMS = st.tuples(st.sampled_from(sorted(HARMFUL)), st.builds(_Field, st.sampled_from(WHOLE), st.integers(0, 900)))


@few(5)
@given(st.lists(HARMS, min_size=8, max_size=12))
def test_what_does_harm_is_one_problem_at_the_very_cell(project: Project, harms: list[tuple[str, _Field]]) -> None:
    odd = {f"{turn} {name} {at}": HARMFUL[name](at) for turn, (name, at) in enumerate(harms)}
    with tempfile.TemporaryDirectory() as folder:
        scenes = play(Path(folder), project, {name: line.spoil for name, line in odd.items()})
        for name, line in odd.items():
            scene = scenes[name]
            assert scene.problems() == [(scene.at(*line.place), line.code)], name
            if line.place[0] == "figures":
                assert figure(scene.done, scene.unit_id, str(line.place[2]))[0] is None, name
