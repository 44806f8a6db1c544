"""What the consolidated workbook says: sums that one can follow, figures as they were reported, what stands first."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from operator import itemgetter
from pathlib import Path

import openpyxl
import pytest

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.project import Project
from pipeline.publish import sheets
from pipeline.publish.excel import Book, Value
from pipeline.publish.report import Report
from pipeline.publish.sentences.findings import finding_places, finding_sentences
from pipeline.publish.style import properties
from pipeline.publish.workbook.consolidated import describe_workbook, write_workbook
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Link, Page, Styled, Sum
from pipeline.publish.workbook.places import formula_text, place_page, place_pages
from pipeline.publish.workbook.writer import write_pages
from pipeline.reading.periods import Folders, read_periods
from pipeline.words.numbers import percent_text
from tests.builders import Draft, recounted, save_all, truthful
from tests.contract import OUTPUT_SHEETS, tab
from tests.lasting import LASTING

DOTTED = '[>=1000000]#"."000"."000;[>=1000]#"."000;0'  # in every language of Excel
OFFICE, LATE, RETURNED, SPOILED, TOWN = "P-noi-vu", "XA-vinh-ha", "XA-vinh-khe", "XA-vinh-thai", "XA-ho-xa"


def drafts(project: Project) -> list[Draft]:
    spoiled = (
        truthful(project, SPOILED)
        .figure("CT01", "nhiều lắm")
        .figure("CT02", -1)
        .task("NV07", status="Chưa thực hiện")
        .no_activities("NV07")
    )
    return [
        truthful(project, OFFICE).named("z.xlsx"),
        truthful(project, LATE).received("2025-09-20 08:00").figures(CT05=4711.75).named("y.xlsx"),
        truthful(project, RETURNED, "6t").received("2025-09-15 08:00").named("x.xlsx"),
        spoiled.activity(title="Tổng cộng", quantity=3).named("a.xlsx"),
        truthful(project, TOWN).blank_task("NV03").no_activities("NV03").figures(CT16=9050).named("b.xlsx"),
    ]


@pytest.fixture(scope="module")
def report(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder, period = tmp_path_factory.mktemp("inputs"), project.plan.period("q3")
    save_all(folder / "2025" / "q3", drafts(project))
    save_all(folder / "2025" / "6t", [truthful(project, unit, "6t") for unit in (OFFICE, LATE, TOWN)])
    return make_report(
        judge_period(project, period, read_periods(project, period, Folders(folder, folder), engine=LASTING)),
        project,
        None,
    )


@pytest.fixture(scope="module")
def pages(report: Report) -> dict[str, Page]:
    return {page.name: page for page in describe_workbook(report)}


def value(cell: Cell) -> Value:
    return cell.value if isinstance(cell, (Styled, Formula, Link)) else cell


def rows(page: Page, block: int = 0) -> list[list[Value]]:
    return [[value(cell) for cell in row] for row in page.blocks[block].rows]


def column(page: Page, key: str, block: int = 0) -> list[Value]:
    place = [item.key for item in page.blocks[block].columns].index(key)
    return [row[place] for row in rows(page, block)]


def cell(page: Page, key: str, first: str, block: int = 0, about: str = "") -> Cell:
    """The cell of a column in the row that begins with those letters, and says behind them what it is about."""
    place = [item.key for item in page.blocks[block].columns].index(key)
    lines = [row for row in page.blocks[block].rows if str(value(row[0])).startswith(first)]
    return next(row[place] for row in lines if not about or value(row[1]) == about)


def number_format(found: Cell) -> object:
    assert isinstance(found, (Styled, Formula))
    return properties(found.style)["num_format"]


def test_the_findings_are_told_with_their_numbers_and_name_a_sheet_that_proves_them(report: Report) -> None:
    told, places = finding_sentences(report), list(finding_places(report))
    assert len(told) == len(places) == len(report.tally.findings) == 3
    for finding, sentence, (sheet, name) in zip(report.tally.findings, told, places, strict=True):
        assert {int(finding.count), int(finding.whole)} <= set(numbers(sentence.replace(".", "")))
        assert sheet in {item.id for item in report.shown} and name == finding.about
    assert told[0].startswith("Còn 28/32 đơn vị chưa có báo cáo hợp lệ")
    plain = finding_sentences(report, has_codes=False)
    assert not re.search(r"(NV|CT|PA)\d\d \(", " ".join(plain))


def numbers(text: object) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(text))]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (26, 32, "81,3%"),
        (27, 32, "84,4%"),
        (1, 8, "12,5%"),
        (1, 2000, "0,1%"),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (2, 3, "66,7%"),
    ],
)
def test_a_half_of_a_rate_is_rounded_up_as_excel_does(part: int, whole: int, text: str) -> None:
    assert percent_text(part, whole) == text


def test_a_figure_is_shown_with_all_its_decimals(pages: dict[str, Page], report: Report) -> None:
    assert report.decimals["CT05"] == 2
    assert (report.decimals["CT01"], report.decimals["CT23a"]) == (0, 0)
    for name, key, first, block in (
        (tab("Số liệu"), "Kỳ này", "CT05", 0),
        (tab("Số liệu"), "Luỹ kế", "CT05", 0),
        (tab("Theo đơn vị"), "CT05", LATE, 0),
        ("Đối chiếu", "total", "CT05", 1),
    ):
        shown = number_format(cell(pages[name], key, first, block))
        assert shown.removesuffix('"*"') == "#,##0.00", (name, key)
    assert number_format(cell(pages[tab("Số liệu")], "Kỳ này", "CT01")) == DOTTED


def test_the_states_of_the_summary_add_up(pages: dict[str, Page], report: Report) -> None:
    judged, followed, *states = rows(pages["Tổng hợp"], 2)
    for line, obligations in ((judged, ("recurring", "due")), (followed, ("progress", "carried"))):
        done, total = numbers(line[1])
        summed, *parts = numbers(str(line[2]).partition(": ")[2])
        assert total == summed == sum(parts) == int(report.judged.completeness["obligation"].isin(obligations).sum())
        assert done == parts[0]
    for _, number, detail in states:
        split, _, by_task = str(detail).partition("): ")
        whole, *parts = numbers(split) or [0]
        assert number == whole == sum(parts) == sum(numbers(re.sub(r"NV\d+", "", by_task)))
    assert sum(int(str(number)) for _, number, _ in states) == sum(
        total - done for done, total in (numbers(judged[1]), numbers(followed[1]))
    )


def test_a_unit_whose_form_cannot_be_used_is_not_called_silent(pages: dict[str, Page]) -> None:
    assert "Xã Vĩnh Khê" not in str(value(cell(pages["Tổng hợp"], "detail", "Chưa nộp", 1)))
    assert value(cell(pages["Tổng hợp"], "detail", "Đã gửi, chưa sử dụng được", 1)) == "Xã Vĩnh Khê"
    assert str(value(cell(pages["Trả lời nhanh"], "answer", "Đơn vị", about="Xã Vĩnh Khê"))).startswith(
        "Xã Vĩnh Khê: đã gửi, chưa sử dụng được; "
    )


def test_a_main_figure_has_dots_in_every_language_as_the_words_beside_it(
    pages: dict[str, Page], report: Report
) -> None:
    assert number_format(cell(pages["Tổng hợp"], "value", "CT16", 3)) == ";".join(
        f'{part}"*"' for part in DOTTED.split(";")
    )
    assert (
        value(cell(pages["Tổng hợp"], "value", "CT16", 3))
        == report.judged.totals.set_index("indicator_id").at["CT16", "this_period"]
    )
    assert (
        value(cell(pages["Tổng hợp"], "detail", "CT16", 3))
        == "lượt người; trong đó 9.050 lượt người của 1 đơn vị đang chờ xác minh; "
        "4/32 đơn vị; lũy kế 9.644; 6 tháng đầu năm: 396; bình quân tháng so với 6 tháng đầu năm: tăng 4.537,4%"
    )


def test_the_reconciliation_says_which_rows_are_out_and_which_only_aside(
    pages: dict[str, Page], report: Report
) -> None:
    activities, figures = (
        cell(pages["Đối chiếu"], "rejected_words", "Biểu 3"),
        cell(pages["Đối chiếu"], "rejected_words", "Biểu 2"),
    )
    assert (figures, activities) == (
        "2 dòng chưa nhận = 2 dòng có ô ghi chưa đúng",
        "1 dòng chưa nhận = 1 dòng không tính",
    )
    blocked = len(report.problems[report.problems["severity"] == "block-row"])
    assert (
        pages["Đối chiếu"].remarks[0]
        == "Cộng các biểu: 3 dòng chưa nhận = 2 dòng có ô ghi chưa đúng + 1 dòng không tính."
    )
    assert f"({blocked} điểm)" in pages["Đối chiếu"].remarks[1]


def test_a_stock_is_told_as_a_figure_of_one_moment(pages: dict[str, Page], project: Project) -> None:
    notes = {
        item.id: value(cell(pages[tab("Số liệu")], "note", item.id))
        for item in project.plan.indicators
        if item.kind == "stock"
    }
    assert set(notes.values()) == {"Số tại một thời điểm, không cộng dồn"}
    assert "PA01" in notes


def places(names: Sequence[Value], project: Project) -> list[int]:
    order = [unit.name for unit in project.register.units]
    return [order.index(str(name)) for name in names]


def test_problems_stand_by_severity_then_by_unit_whatever_the_files_are_called(
    pages: dict[str, Page], report: Report, project: Project
) -> None:
    labels = list(project.catalogue.severities.values())
    severities = [labels.index(str(label)) for label in column(pages["Kiểm tra"], "severity")]
    keys = list(zip(severities, places(column(pages["Kiểm tra"], "unit"), project), strict=True))
    assert len(set(severities)) == 4
    assert keys == sorted(keys)
    assert column(pages["Kiểm tra"], "code") == list(report.problems["code"])


def test_activities_stand_in_the_order_of_the_register(pages: dict[str, Page], project: Project) -> None:
    found = places(column(pages["Hoạt động"], "unit"), project)
    assert len(set(found)) == 3
    assert found == sorted(found)


@pytest.mark.parametrize("is_sample", [True, False])
def test_every_printed_page_after_the_first_bears_the_mark_of_sample_data(
    is_sample: bool, report: Report, tmp_path: Path
) -> None:
    mark = report.project.form.sample_mark if is_sample else ""
    write_workbook(tmp_path / "b.xlsx", replace(report, sample_mark=mark))
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    headers = [unescape(re.findall("<oddHeader>(.*)</oddHeader>", sheet)[0]) for sheet in sheets]
    assert len(headers) == len(OUTPUT_SHEETS)
    assert {header.partition("&R")[2] for header in headers} == {
        f'&KC00000&"Times New Roman,Bold"&11{mark}' if is_sample else ""
    }
    assert all(header.startswith("&C") and "&P" in header for header in headers)


def test_the_list_of_files_begins_a_page_with_its_caption(
    pages: dict[str, Page], report: Report, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "b.xlsx", report)
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        sheet = archive.read(f"xl/worksheets/sheet{OUTPUT_SHEETS.index('Nộp báo cáo') + 1}.xml").decode()
    placed = place_page(pages["Nộp báo cáo"]).tables[1]
    assert placed.block.caption == "Theo tệp nhận được"
    assert re.findall(r'<rowBreaks.*?<brk id="(\d+)"', sheet) == [
        str(placed.caption_row)
    ]  # the break stands above the row after it


def test_the_chart_of_two_periods_says_what_may_mislead(pages: dict[str, Page], report: Report) -> None:
    words = "Hai kỳ dài ngắn khác nhau: xem bình quân tháng."
    told = [remark for remark in pages["Tổng hợp"].remarks if remark.startswith("Biểu đồ “Kỳ này và kỳ trước”: ")]
    assert [remark.endswith(words) for remark in told] == [True]
    assert not any("Biểu đồ" in remark for remark in describe_workbook(recounted(report, past=None))[0].remarks)


def test_the_sheets_stand_in_the_order_of_their_table(pages: dict[str, Page]) -> None:
    assert list(pages) == OUTPUT_SHEETS
    assert [page.sheet for page in pages.values()] == [
        sheet for sheet in sheets.SHEETS if sheet.id not in ("since_sent", "scoring")
    ]


def test_what_units_listed_stands_beside_what_they_counted(pages: dict[str, Page], report: Report) -> None:
    """Biểu 3 lists activities, Biểu 2 counts them: the official number is named, and nothing adds up unlike things."""
    page = pages[tab("Hình thức")]
    labels = {choice.id: choice.label for choice in report.project.form.choices["form"]}
    assert value(cell(page, "official_people", labels["conference"])) == report.total["CT16"].this_period > 9000
    assert value(cell(page, "participants", labels["conference"])) < 9000
    portal = report.total["CT01"].this_period + report.total["CT02"].this_period
    assert value(cell(page, "official_amount", labels["portal"])) == portal
    assert value(cell(page, "official_amount", labels["village"])) is None
    assert labels["conference"] in str(value(cell(page, "official_ids", labels["village"])))
    totals = {item.key: item.total for item in page.blocks[0].columns if isinstance(item.total, Sum)}
    assert set(totals) == {"rows", "reposts"}


def test_every_unit_below_done_is_named_with_its_state(pages: dict[str, Page], report: Report) -> None:
    for task_id, units in report.tally.tasks.items():
        text = str(value(cell(pages[tab("Nhiệm vụ")], "open_names", task_id)))
        told = {state: names for state, names in units.by_state.items() if state not in ("done", "not-due")}
        for state, names in told.items():
            line = f"{report.label('state', state)} ({len(names)}): {report.names(names, 'sheet PL2 Ma trận')}"
            assert line in text.split("\n"), (task_id, text)
        assert bool(told) == (text != "Không có")


def test_a_formula_is_a_mere_value_where_the_workbook_lacks_the_sheet_that_it_counts(
    pages: dict[str, Page], tmp_path: Path
) -> None:
    with Book(tmp_path / "b.xlsx", "t", "a") as book:
        write_pages(book, [pages[tab("Theo đơn vị")], pages[tab("Hình thức")]])
    by_unit, forms = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets
    assert not any(cell.hyperlink for row in by_unit for cell in row)
    values = [cell.value for row in forms for cell in row]
    assert [value for value in values if str(value).startswith("=") and "COUNTIFS" in str(value)] == []
    assert [value for value in values if str(value).startswith("=SUM(")] != []


def test_a_formula_names_columns_not_places() -> None:
    columns = tuple(Column[dict[str, int]](key, key, 9, of=itemgetter(key), total=Sum()) for key in ("a", "b c"))
    share = Column[dict[str, int]]("share", "share", 9, of=lambda _: Formula("{a}/{b c}", 0.5), total=Formula("{a}", 4))
    table = place_page(Page("summary", (Block((*columns, share), [{"a": 1, "b c": 2}, {"a": 3, "b c": 6}]),))).tables[0]
    places = place_pages([Page("filing", (table.block,))])
    assert table.first_row == 4
    texts = ("{a}/{b c}", "SUM({:b c})", "SUM({filing:a})", "COUNT({tasks:a})", "1")
    assert [formula_text(places, text, table, 5) for text in texts] == [
        "A6/B6",
        "SUM(B5:B6)",
        "SUM('Nộp báo cáo'!$A$5:$A$6)",
        None,
        "1",
    ]
