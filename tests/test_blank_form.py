"""The form as units get it, opened with another library than the one that wrote it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.declare.form import Field
from pipeline.declare.project import Project, load_project
from pipeline.judge.schema import build_schema
from pipeline.publish.forms.blank_form import CARD_FIRST_ROW, FIRST_ROW, HEADER_ROW, KEY_ROW, write_blank_form
from pipeline.values.cells import cell_name
from tests.builders import SCHEMAS, YEAR, accepted, address, an_activity, evaluate_folder, found, truthful
from tests.contract import FORM_SHEETS, KEYS, promised

TABLES = [table for table in KEYS if table != "card"]
GREY = "FFE7E6E6"
COMMUNE, OFFICE = "XA-vinh-thai", "P-noi-vu"


@pytest.fixture(scope="module")
def books(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    folder = tmp_path_factory.mktemp("blank")
    period = project.plan.period("q3")
    for unit_id in (COMMUNE, OFFICE):
        write_blank_form(folder / f"{unit_id}.xlsx", project, project.register.by_id[unit_id], period)
    return {unit_id: load_workbook(folder / f"{unit_id}.xlsx") for unit_id in (COMMUNE, OFFICE)}


@pytest.fixture(scope="module")
def book(books: dict[str, Workbook]) -> Workbook:
    return books[COMMUNE]


def sheet_of(book: Workbook, project: Project, table: str) -> Worksheet:
    return book[project.form[table].name]


def data_rows(project: Project, table: str) -> range:
    """Excel rows of the table as it goes out."""
    counts = {"tasks": len(project.plan.tasks), "figures": len(project.plan.indicators)}
    return range(FIRST_ROW + 1, FIRST_ROW + 1 + counts.get(table, project.form[table].open_rows))


def own_cells(project: Project, table: str) -> Iterator[tuple[Field, str]]:
    for item in project.form[table].fields:
        for position, _ in enumerate(data_rows(project, table)):
            yield item, address(project, table, item.key, position)


def rules_by_cell(sheet: Worksheet) -> dict[str, DataValidation]:
    rules = ((area, rule) for rule in sheet.data_validations.dataValidation for area in rule.sqref)
    return {cell_name(column - 1, row): rule for area, rule in rules for line in area.rows for row, column in line}


def validation_at(sheet: Worksheet, cell: str) -> DataValidation | None:
    return next((item for item in sheet.data_validations.dataValidation if cell in item.sqref), None)


def test_the_sheets_stand_in_their_order_and_the_last_two_are_hidden(book: Workbook) -> None:
    assert book.sheetnames == FORM_SHEETS
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 6 + ["hidden"] * 2


@pytest.mark.parametrize("table", TABLES)
def test_a_hidden_row_of_keys_stands_right_above_the_header(book: Workbook, project: Project, table: str) -> None:
    sheet = sheet_of(book, project, table)
    keys = [str(cell.value) for cell in sheet[KEY_ROW + 1]]
    assert keys == list(project.form[table].keys)
    assert promised(table, keys) == KEYS[table].split()
    assert HEADER_ROW == KEY_ROW + 1
    assert sheet.row_dimensions[KEY_ROW + 1].hidden
    assert not sheet.row_dimensions[HEADER_ROW + 1].hidden
    labels = [str(cell.value).removesuffix(" *") for cell in sheet[HEADER_ROW + 1]]
    assert labels == [item.label for item in project.form[table].fields]


def test_the_card_has_its_keys_in_a_hidden_column_then_label_then_value(book: Workbook, project: Project) -> None:
    sheet = sheet_of(book, project, "card")
    rows = list(sheet.iter_rows(min_row=CARD_FIRST_ROW + 1, max_col=3, values_only=True))
    keys = [str(row[0]) for row in rows]
    assert keys == list(project.form.card.keys)
    assert promised("card", keys) == KEYS["card"].split()
    assert sheet.column_dimensions["A"].hidden
    assert not sheet.column_dimensions["B"].hidden
    assert [str(row[1]).removesuffix(" *") for row in rows] == [item.label for item in project.form.card.fields]
    value = {row[0]: row[2] for row in rows}
    assert (value["unit_id"], value["unit_name"], value["year"], value["period"], value["form_version"]) == (
        COMMUNE,
        "Xã Vĩnh Thái",
        2025,
        "Quý III năm 2025",
        "v2",
    )
    assert (value["revision"], value["nothing_to_report"]) == (1, "Không")
    assert (value["date_from"].date(), value["date_to"].date()) == (
        project.plan.period("q3").date_from,
        project.plan.period("q3").date_to,
    )
    assert all(
        value[key] is None
        for key in ("report_number", "report_date", "prepared_by", "signed_by", "revision_kind", "plan_number")
    )


def test_required_answers_bear_a_star(book: Workbook, project: Project) -> None:
    sheet = sheet_of(book, project, "card")
    stars = {
        sheet.cell(row, 1).value
        for row in range(CARD_FIRST_ROW + 1, sheet.max_row + 1)
        if str(sheet.cell(row, 2).value).endswith(" *")
    }
    assert stars == {
        "unit_id",
        "year",
        "period",
        "form_version",
        "report_date",
        "prepared_by",
        "signed_by",
        "revision",
        "nothing_to_report",
    }
    starred = {
        table: {
            item.key
            for item, cell in zip(
                project.form[table].fields, sheet_of(book, project, table)[HEADER_ROW + 1], strict=True
            )
            if str(cell.value).endswith(" *")
        }
        for table in TABLES
    }
    assert starred == {
        "tasks": {"status"},
        "figures": {"value"},
        "activities": {"date", "task_id", "form", "title", "quantity"},
        "requests": {"kind", "content"},
    }


@pytest.mark.parametrize("unit_id", [COMMUNE, OFFICE])
def test_the_nine_tasks_are_printed_with_role_and_term(
    books: dict[str, Workbook], project: Project, unit_id: str
) -> None:
    unit, sheet = project.register.by_id[unit_id], sheet_of(books[unit_id], project, "tasks")
    for row, task in zip(data_rows(project, "tasks"), project.plan.tasks, strict=True):
        role = "Chủ trì" if project.plan.leads(task, unit) else "Phối hợp"
        assert [sheet.cell(row, column).value for column in range(1, 6)] == [
            task.id,
            task.title,
            role,
            task.due_text,
            None,
        ]
    assert sheet.max_row == FIRST_ROW + 9


def test_the_indicators_are_printed_with_their_measures(book: Workbook, project: Project) -> None:
    sheet = sheet_of(book, project, "figures")
    printed = [[sheet.cell(row, column).value for column in range(1, 5)] for row in data_rows(project, "figures")]
    assert printed == [[item.id, item.title, item.measure, None] for item in project.plan.indicators]


@pytest.mark.parametrize("unit_id", [COMMUNE, OFFICE])
def test_rows_of_others_and_of_later_are_grey_and_locked_and_own_cells_are_open(
    books: dict[str, Workbook], project: Project, unit_id: str
) -> None:
    unit = project.register.by_id[unit_id]
    owed = {task.id: project.plan.obligation(task, unit, project.plan.period("q3")) for task in project.plan.tasks}
    own = {name: obligation not in ("not-lead", "not-due") for name, obligation in owed.items()} | {
        item.id: project.plan.fills(item, unit) for item in project.plan.indicators
    }
    assert len(set(own.values())) == 2
    for table in ("tasks", "figures"):
        sheet = sheet_of(books[unit_id], project, table)
        for item, cell in own_cells(project, table):
            is_open = item.own and own[sheet.cell(sheet[cell].row, 1).value]
            assert sheet[cell].protection.locked is not is_open, (table, cell)
            assert (sheet[cell].fill.fgColor.rgb == GREY) is not is_open, (table, cell)


@pytest.mark.parametrize("table", ["activities", "requests"])
def test_open_tables_have_at_least_200_open_rows(book: Workbook, project: Project, table: str) -> None:
    assert len(data_rows(project, table)) >= 200
    sheet = sheet_of(book, project, table)
    cells = [cell for item, cell in own_cells(project, table) if not item.locked]
    assert cells and not any(sheet[cell].protection.locked for cell in cells)


def test_the_prefilled_part_of_the_card_is_locked_and_the_rest_open(book: Workbook, project: Project) -> None:
    sheet = sheet_of(book, project, "card")
    locked = {key for key in KEYS["card"].split() if sheet[address(project, "card", key)].protection.locked}
    assert locked == set(KEYS["card"].split()[:7])


def test_every_sheet_is_protected_without_a_password(book: Workbook) -> None:
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password, sheet.title
        assert not sheet.protection.hashValue, sheet.title


@pytest.mark.parametrize("unit_id", [COMMUNE, OFFICE])
@pytest.mark.parametrize("table", KEYS)
def test_every_cell_that_a_unit_fills_has_its_limit_and_its_hint(
    books: dict[str, Workbook], project: Project, table: str, unit_id: str
) -> None:
    sheet = sheet_of(books[unit_id], project, table)
    cells = (
        [(item, address(project, "card", item.key)) for item in project.form.card.fields]
        if table == "card"
        else list(own_cells(project, table))
    )
    kinds = {"choice": "list", "date": "date", "whole": "whole", "text": "textLength", "figure": "custom"}
    rules = rules_by_cell(sheet)
    checked = 0
    for item, cell in cells:
        if sheet[cell].protection.locked:
            assert cell not in rules, cell
            continue
        rule = rules[cell]
        checked += 1
        assert rule.type == kinds[item.type], cell
        assert rule.promptTitle == item.label
        assert rule.prompt == item.hint
        assert rule.error.startswith("Cần ")
        assert (rule.showInputMessage, rule.showErrorMessage) == (True, True)
    assert checked


def test_every_drop_down_names_a_range_of_lists_that_holds_its_choices(book: Workbook, project: Project) -> None:
    lists = book["_lists"]
    seen = set()
    for table, sheet_id in ((table, table) for table in KEYS):
        sheet = sheet_of(book, project, sheet_id)
        for item in project.form[table].fields:
            if item.type == "choice" and item.own:
                rows = (
                    [address(project, table, item.key, row) for row in (0, len(data_rows(project, table)) - 2)]
                    if table != "card"
                    else [address(project, "card", item.key)]
                )
                for cell in rows:
                    rule = validation_at(sheet, cell)
                    assert rule
                    match = re.fullmatch(r"_lists!\$([A-Z]+)\$(\d+):\$\1\$(\d+)", rule.formula1)
                    assert match
                    held = [lists[f"{match[1]}{row}"].value for row in range(int(match[2]), int(match[3]) + 1)]
                    assert held == [choice.entry for choice in project.form.choices[item.choices]], item.key
                    assert all(
                        text.startswith(choice.label)
                        for text, choice in zip(held, project.form.choices[item.choices], strict=True)
                    )
                seen.add(item.choices)
    assert seen == {"revision_kind", "yes_no", "status", "@tasks", "form", "content_area", "request_kind"}


def test_a_date_of_an_activity_is_limited_to_the_window(book: Workbook, project: Project) -> None:
    rule = validation_at(sheet_of(book, project, "activities"), address(project, "activities", "date", 0))
    assert rule
    assert (rule.operator or "between", rule.formula1, rule.formula2) == (
        "between",
        "45823",
        "45914",
    )  # 15/6/2025 and 14/9/2025 as Excel counts days


def test_a_figure_may_be_a_number_or_one_of_the_three_marks(book: Workbook, project: Project) -> None:
    sheet = sheet_of(book, project, "figures")
    for indicator, is_whole in (("CT01", True), ("CT05", False), ("CT23a", False)):
        cell = address(project, "figures", "value", indicator)
        rule = validation_at(sheet, cell)
        assert rule
        [area] = rule.sqref
        top = area.coord.split(":")[0]  # the formula is written for the first cell of its range
        assert (f"{top}=INT({top})" in rule.formula1) is is_whole, indicator
        assert all(f'{top}="{mark}"' in rule.formula1 for mark in ("-", "…", "x"))
        assert f"{top}>=0" in rule.formula1
        assert f"{top}<=1000000000000" in rule.formula1


def test_the_hidden_sheet_knows_form_plan_unit_and_period(book: Workbook) -> None:
    meta = {row[0]: row[1] for row in book["_meta"].iter_rows(values_only=True)}
    assert meta == {"form_id": "TTCCHC", "form_version": "v2", "plan": "2025", "unit_id": COMMUNE, "period": "q3"}


def test_the_guide_tells_unit_window_and_deadline_and_shows_an_example(book: Workbook, project: Project) -> None:
    text = "\n".join(
        str(cell) for row in book["Hướng dẫn"].iter_rows(values_only=True) for cell in row if cell is not None
    )
    for words in (
        "Xã Vĩnh Thái",
        "15/6/2025",
        "14/9/2025",
        "16/9/2025",
        project.form.example["title"],
        *(part for step in project.form.guide for part in re.split(r"\{\w+\}", step)),
        "Biểu 2: ghi số phát sinh từ 15/6/2025 đến 14/9/2025.",
    ):
        assert words in text


def test_the_same_form_written_twice_is_the_same_to_the_byte(project: Project, tmp_path: Path) -> None:
    drafts = [truthful(project, COMMUNE).named(name) for name in ("a.xlsx", "b.xlsx")]
    first, second = (draft.save(tmp_path).read_bytes() for draft in drafts)
    assert first == second


def test_a_sample_form_says_so_on_every_sheet_that_is_seen(project: Project, tmp_path: Path) -> None:
    book = load_workbook(truthful(project, COMMUNE).sample().save(tmp_path))
    for sheet in book.worksheets[1:6]:
        assert any(
            project.form.sample_mark in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row
        ), sheet.title
    assert ["sample", project.form.sample_mark] in [list(row) for row in book["_meta"].iter_rows(values_only=True)]


def test_text_that_looks_like_a_formula_stays_text(project: Project, tmp_path: Path) -> None:
    draft = truthful(project, COMMUNE).task("NV02", result="=1+1")
    cell = load_workbook(draft.save(tmp_path))[project.form["tasks"].name][draft.at("tasks", "result", "NV02")]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


NEW_FIELD = (
    '{ key = "cost", label = "Chi phí", type = "whole", minimum = 5, maximum = 900, '
    'width = 12, hint = "Số tiền.", example = "20" },'
)


@pytest.fixture(scope="module")
def longer(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same declarations with one more line in the form file."""
    schemas = Path(shutil.copytree(SCHEMAS, tmp_path_factory.mktemp("longer") / "schemas"))
    path = schemas / "forms" / "v2.toml"
    text = path.read_text(encoding="utf-8")
    before = '  { key = "participants"'
    assert text.count(before) == 1
    path.write_text(text.replace(before, f"  {NEW_FIELD}\n{before}"), encoding="utf-8")
    return load_project(schemas, YEAR)


def test_a_field_added_by_one_line_shows_up_everywhere(longer: Project, tmp_path: Path) -> None:
    good, bad = truthful(longer, COMMUNE), truthful(longer, "XA-vinh-tu")
    good = good.activity(**an_activity(good, "NV02", cost=20, title="Tin có chi phí"))
    bad = bad.spoil_activity(0, cost=4).spoil_activity(1, cost=901).spoil_activity(2, cost="nhiều")
    done = evaluate_folder(tmp_path, longer, [good, bad])
    sheet = load_workbook(tmp_path / f"{COMMUNE}.xlsx")["Biểu 3 - Hoạt động"]
    cell = good.at("activities", "cost", 0)
    assert [sheet[f"{cell[0]}{row}"].value for row in (KEY_ROW + 1, HEADER_ROW + 1)] == ["cost", "Chi phí"]
    rule = validation_at(sheet, cell)
    assert rule
    assert (rule.type, rule.formula1, rule.formula2, rule.prompt) == ("whole", "5", "900", "Số tiền.")
    assert "cost" in build_schema(longer.form["activities"], longer.form, done.settlement.period).columns
    assert found(done, COMMUNE, project=longer) == []
    costs: list[Any] = [
        row["cost"] for row in accepted(done, "activities", COMMUNE) if row["title"] == "Tin có chi phí"
    ]
    assert costs == [20]
    wanted = [("negative-number", 0), ("number-too-large", 1), ("not-a-number", 2)]
    assert found(done, "XA-vinh-tu", "block-row", project=longer) == sorted(
        (bad.at("activities", "cost", row), code) for code, row in wanted
    )
