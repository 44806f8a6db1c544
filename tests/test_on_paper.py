"""How the workbook looks where people see it: on A4 with letters that can be read, and quiet where nothing is."""

import re
import zipfile
from collections.abc import Sequence
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.project import Project
from pipeline.publish.report import Report
from pipeline.publish.workbook.consolidated import write_workbook
from pipeline.publish.workbook.paper import LEAST, SMALLEST, rest
from pipeline.reading.periods import Folders, read_periods
from tests.builders import INPUTS
from tests.contract import OUTPUT_SHEETS, tab
from tests.lasting import LASTING

A4, ACROSS = "9", {"portrait": 8.27, "landscape": 11.69}  # inches
DOTS = 96
SUMMARY = "Tổng hợp"


@pytest.fixture(scope="module")
def report(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    period = project.plan.period("q3")
    folders = Folders(INPUTS, tmp_path_factory.mktemp("out"))
    return make_report(
        judge_period(project, period, read_periods(project, period, folders, engine=LASTING)), project, None
    )


@pytest.fixture(scope="module")
def written(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "b.xlsx"
    write_workbook(path, report)
    return path


@pytest.fixture(scope="module")
def book(written: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written)


def printed(sheet: Worksheet) -> tuple[int, int, int]:
    """The first and the last column that are printed, and the last row."""
    found = re.search(r"\$([A-Z]+)\$\d+:\$([A-Z]+)\$(\d+)$", sheet.print_area)
    assert found, sheet.title
    return column_index_from_string(found[1]), column_index_from_string(found[2]), int(found[3])


def inches(sheet: Worksheet, first: int, last: int) -> float:
    """How wide columns are on the screen."""
    widths = {}
    for letter, dimension in sheet.column_dimensions.items():
        for column in range(dimension.min or column_index_from_string(letter), (dimension.max or 0) + 1):
            widths[column] = dimension.width
    return sum(7 * (widths[column] - 0.71) + 5 for column in range(first, last + 1)) / DOTS


def fitted(sheet: Worksheet) -> float:
    """By how much everything is made smaller on its way to the paper."""
    first, last, _ = printed(sheet)
    room = ACROSS[sheet.page_setup.orientation or "portrait"] - sheet.page_margins.left - sheet.page_margins.right
    if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
        return min(1.0, room / inches(sheet, first, last))
    return float(sheet.page_setup.scale or 100) / 100


@pytest.mark.parametrize("name", OUTPUT_SHEETS)
def test_every_letter_on_paper_is_nine_points_high_or_more(name: str, book: openpyxl.Workbook) -> None:
    sheet = book[name]
    first, last, lowest = printed(sheet)
    assert str(sheet.page_setup.paperSize) == A4
    small = {
        cell.coordinate: cell.font.sz * fitted(sheet)
        for row in sheet.iter_rows(1, lowest, first, last)
        for cell in row
        if cell.value is not None
        and not sheet.row_dimensions[cell.row].hidden
        and cell.font.sz * fitted(sheet) < SMALLEST
    }
    assert small == {}


def test_every_letter_of_a_chart_is_nine_points_high_or_more(written: Path, book: openpyxl.Workbook) -> None:
    with zipfile.ZipFile(written) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    sizes = [int(size) / 100 for chart in charts for size in re.findall(r'\bsz="(\d+)"', chart)]
    assert len(charts) == 4 and min(sizes) * fitted(book[SUMMARY]) >= SMALLEST


def test_a_wide_table_stands_on_several_pages_that_all_name_the_units(book: openpyxl.Workbook) -> None:
    sheet = book[tab("Theo đơn vị")]
    first, last, _ = printed(sheet)
    room = ACROSS["landscape"] - sheet.page_margins.left - sheet.page_margins.right
    edges = [first - 1, *(mark.id for mark in sheet.col_breaks.brk), last]
    named = inches(sheet, first, first)
    wide = [
        (inches(sheet, begin + 1, end) + (named if begin >= first else 0)) * fitted(sheet)
        for begin, end in pairwise(edges)
    ]
    assert sheet.print_title_cols == f"${get_column_letter(first)}:${get_column_letter(first)}"
    assert len(wide) == 3 and max(wide) <= room * 0.95


def test_the_last_column_takes_what_is_left_and_no_more_than_can_be_read() -> None:
    widths = [10.0] * 8
    assert rest(widths, landscape=True, least=5) > rest([*widths, 10.0], landscape=True, least=5) > 5
    assert rest([100.0] * 3, landscape=True, least=7) == 7
    assert 0.81 < LEAST < 0.83


def test_keys_and_hashes_are_on_no_paper(book: openpyxl.Workbook) -> None:
    for name in (tab("Ma trận"), tab("Theo đơn vị"), "Hoạt động", "Nộp báo cáo"):
        first, *_ = printed(book[name])
        keys = {cell.value for row in book[name].iter_rows(max_col=first - 1) for cell in row}
        assert "XA-ho-xa" in keys, name


def test_the_front_sheet_begins_with_the_findings_each_beside_the_way_to_its_proof(
    book: openpyxl.Workbook, report: Report
) -> None:
    sheet = book[SUMMARY]
    rows = list(sheet.iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if "finding" in row) + 2
    links = [sheet.cell(row + 1, 1).hyperlink for row in range(start, start + len(report.tally.findings))]
    for link, finding in zip(links, report.tally.findings, strict=True):
        name, _, place = link.location.partition("!")
        target = book[name.strip("'")]
        assert not finding.about or target[place].value == finding.about
    assert str(rows[start][2]).startswith("Còn 3/32 đơn vị chưa có báo cáo hợp lệ")


def test_the_front_sheet_has_a_link_to_every_other_sheet(book: openpyxl.Workbook) -> None:
    links = {cell.hyperlink.location for row in book[SUMMARY] for cell in row if cell.hyperlink and cell.value != "→"}
    assert {f"'{name}'!A1" for name in OUTPUT_SHEETS} <= links


def test_what_charts_need_is_out_of_sight(book: openpyxl.Workbook, written: Path) -> None:
    sheet = book[SUMMARY]
    with zipfile.ZipFile(written) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    for chart in charts:
        assert '<c:plotVisOnly val="1"/>' not in chart
        for place in re.findall(r"<c:f>'?Tổng hợp'?!\$([A-Z]+)\$", unescape(chart)):
            column = column_index_from_string(place)
            hidden = [
                it for it in sheet.column_dimensions.values() if it.min and it.min <= column <= it.max and it.hidden
            ]
            assert hidden, place


def test_a_task_that_is_no_units_own_is_a_dash_to_the_eye_and_a_word_to_programs(
    book: openpyxl.Workbook, project: Project
) -> None:
    label = project.labels["state"]["not-lead"]
    cells = [cell for row in book[tab("Ma trận")] for cell in row if cell.value == label]
    assert len(cells) > 100 and {cell.number_format for cell in cells} == {'General;General;General;"–"'}


@pytest.fixture(scope="module")
def values(written: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written, data_only=True, read_only=True)


def rows_of(values: openpyxl.Workbook, name: str) -> list[Sequence[Any]]:
    return list(values[tab(name)].iter_rows(values_only=True))


def test_what_all_units_add_up_to_is_what_the_kinds_add_up_to(values: openpyxl.Workbook, report: Report) -> None:
    rows = rows_of(values, "Theo đơn vị")
    keys = next(row for row in rows if "unit_id" in row)
    total = next(row for row in rows if "Tổng cộng" in row)
    parts = [row for row in rows if str(row[1]).startswith("– ")]
    assert [str(row[1])[2:] for row in parts] == list(report.project.plan.kinds.values())
    for place, key in enumerate(keys):
        if key in report.total and total[place] is not None:
            assert sum(row[place] or 0 for row in parts) == pytest.approx(total[place]), key


def test_the_tasks_done_by_kind_add_up_to_those_of_all(values: openpyxl.Workbook) -> None:
    rows = rows_of(values, "Ma trận")
    keys = next(row for row in rows if "unit_id" in row)
    total = next(row for row in rows if "Tổng cộng" in row)
    parts = [row for row in rows if str(row[2]).startswith("– ")]
    for place, key in enumerate(keys):
        if str(key).startswith("NV"):
            told = [[int(number) for number in row[place].split("/")] for row in parts if row[place] != "–"]
            assert [sum(numbers) for numbers in zip(*told, strict=True)] == [int(it) for it in total[place].split("/")]


def test_what_many_lines_say_alike_is_folded_below_the_first_and_counted_on_top(
    book: openpyxl.Workbook, report: Report
) -> None:
    for name, frame in (("Kiểm tra", report.problems), ("Nhật ký xử lý", report.changes)):
        sheet = book[name]
        folded = [row for row, it in sheet.row_dimensions.items() if it.outlineLevel]
        assert folded and all(sheet.row_dimensions[row].hidden for row in folded), name
        assert any(f"Tổng số {len(frame)} dòng" in str(sheet.cell(row, 1).value) for row in range(1, 6)), name


def test_no_filter_covers_two_tables(book: openpyxl.Workbook) -> None:
    for sheet in book:
        looks = sheet.row_dimensions
        heads = [row + 1 for row, it in looks.items() if it.hidden and not it.outlineLevel]  # below each row of keys
        if sheet.auto_filter.ref:
            rows = [int(number) for number in re.findall(r"\d+", sheet.auto_filter.ref)]
            assert [head for head in heads if rows[0] <= head <= rows[1]] == [rows[0]], sheet.title
