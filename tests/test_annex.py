"""The annex for the level above: the sheets that the plan names, live among themselves, nothing of the office."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.publish.edited.data import Data
from pipeline.publish.edited.workbook import compare_workbook
from pipeline.publish.report import Report
from pipeline.publish.sheets import SHEETS, annex_sheets
from pipeline.publish.workbook.consolidated import write_annex, write_workbook
from pipeline.reading.own_workbook import read_own_workbook
from pipeline.reading.periods import Folders, read_periods
from tests.builders import codes, evaluate_folder, save_all, states, truthful
from tests.contract import OUTPUT_SHEETS, tab
from tests.lasting import LASTING

PHONE, SIGNER = "0912 345 678", "Nguyễn Văn Mẫu Thử"
UNITS = ("XA-ho-xa", "XA-vinh-thai", "P-noi-vu")


@pytest.fixture(scope="module")
def report(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder, period = tmp_path_factory.mktemp("inputs"), project.plan.period("q3")
    first, *others = (truthful(project, unit) for unit in UNITS)
    drafts = [first.card(phone=PHONE, signed_by=SIGNER, prepared_by=SIGNER).figures(CT16=9050), *others]
    save_all(folder / "2025" / "q3", [draft.named(f"tep-{place}.xlsx") for place, draft in enumerate(drafts)])
    save_all(folder / "2025" / "6t", [truthful(project, UNITS[0], "6t")])  # beside which 9.050 is far too many
    read = read_periods(project, period, Folders(folder, folder), engine=LASTING)
    return make_report(judge_period(project, period, read), project, None)


@pytest.fixture(scope="module")
def annex(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("annex") / "Phu-luc_2025-q3.xlsx"
    write_annex(path, report)
    return path


def with_sheets(report: Report, *names: str) -> Report:
    plan = report.project.plan
    outputs = replace(plan.outputs, annex_sheets=names)
    return replace(report, project=replace(report.project, plan=replace(plan, outputs=outputs)))


def texts(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert {link.location.partition("!")[0].strip("'") for link in links} <= set(book.sheetnames)
    assert not [link for link in links if link.target]
    return [str(cell.value) for cell in cells if cell.value is not None]


def test_the_annex_has_the_summary_and_the_numbered_sheets(annex: Path) -> None:
    assert openpyxl.load_workbook(annex).sheetnames == OUTPUT_SHEETS[:7]


def test_neither_the_annex_nor_the_workbook_is_a_form(report: Report, annex: Path, tmp_path: Path) -> None:
    shutil.copy(annex, tmp_path / "phu-luc.xlsx")
    write_workbook(tmp_path / "tong-hop.xlsx", report)
    done = evaluate_folder(tmp_path, report.project)
    assert states(done) == dict.fromkeys(("phu-luc.xlsx", "tong-hop.xlsx"), "not-a-form")
    assert codes(done, "phu-luc.xlsx") == codes(done, "tong-hop.xlsx") == ["not-a-form"]


def test_nothing_in_the_annex_is_the_offices_own(annex: Path, report: Report) -> None:
    said = texts(annex)
    hidden = [PHONE, SIGNER, ".xlsx", "du-lieu", "parquet", "Mã tra cứu", "Chất lượng số liệu", "Cần hỏi"]
    hidden += list(report.submissions["sha256"])
    hidden += [f"sheet {name}" for name in OUTPUT_SHEETS[7:]] + [f"'{name}'!" for name in OUTPUT_SHEETS[7:]]
    assert [(word, text) for word in hidden for text in said if word in text] == []
    assert not [text for text in said for message in report.problems["message"] if message in text]


def test_figures_of_the_annex_are_live_and_questioned_ones_have_a_footnote(annex: Path, report: Report) -> None:
    assert report.doubted
    book = openpyxl.load_workbook(annex)
    live = {
        sheet.title for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")
    }
    assert live == {*OUTPUT_SHEETS[:6]}
    for sheet in (tab("Số liệu"), tab("Theo đơn vị"), tab("Hình thức")):
        assert any("đang chờ xác minh với đơn vị" in str(cell.value) for row in book[sheet] for cell in row), sheet


def test_the_plan_says_which_sheets_go_and_no_text_points_at_another(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "Phu-luc.xlsx"
    write_annex(path, with_sheets(report, "forms", "figures"))
    assert openpyxl.load_workbook(path).sheetnames == [tab("Số liệu"), tab("Hình thức")]
    left_out = [sheet.name for sheet in SHEETS if sheet.id not in ("forms", "figures")]
    assert [text for text in texts(path) for name in left_out if f"sheet {name}" in text or f"'{name}'!" in text] == []


@pytest.mark.parametrize("name", ["problems", "sources", "so-lieu"])
def test_a_sheet_of_the_office_is_refused_for_the_annex(report: Report, name: str) -> None:
    with pytest.raises(PipelineError, match=f"annex_sheets.*“{name}”"):
        annex_sheets(with_sheets(report, "summary", name).project.plan)


def test_a_figure_changed_in_the_annex_is_told_as_in_the_workbook(annex: Path, tmp_path: Path, report: Report) -> None:
    totals: dict[str, Any] = {"CT01": {"this_period": report.total["CT01"].this_period}}
    data = Data(totals, {}, {}, {}, report.tally.filings.filed, report.tally.filings.expected)
    sheets = read_own_workbook(annex)
    assert sheets is not None
    assert compare_workbook(annex.name, sheets, data).edited == ()
    book = openpyxl.load_workbook(annex)
    sheet, path = book[tab("Số liệu")], tmp_path / annex.name
    next(row for row in sheet.iter_rows() if row[0].value == "CT01")[3].value = 999
    book.save(path)
    changed = read_own_workbook(path)
    assert changed is not None
    [edited] = compare_workbook(path.name, changed, data).edited
    assert (edited.file, edited.sheet, edited.id, edited.sent) == (annex.name, tab("Số liệu"), "CT01", 999)
