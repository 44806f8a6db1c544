"""A list too long for a sheet stands in `du-lieu/` as Parquet, and the workbook says so; nothing is lost on the way."""

import html
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docx
import fastparquet
import openpyxl
import pandas as pd
import pytest

from pipeline.commands.run import Finished, run_period
from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Outputs, load_plan
from pipeline.declare.project import Project
from pipeline.declare.register import load_register
from pipeline.publish.parquet import write_parquet
from pipeline.publish.sheets import annex_sheets
from pipeline.publish.workbook.consolidated import write_workbook
from pipeline.reading.periods import Folders
from tests.builders import INPUTS, SCHEMAS, YEAR, shipped
from tests.contract import tab
from tests.lasting import LASTING
from tests.office import at_the_keyboard, need_office

MOST, UNITS, NAMES = 40, 4, 2
LONG = ("activities", "requests", "problems", "changes", "figures", "tasks", "completeness", "bridge")
SHEETS = {  # and the table that stands elsewhere
    "Hoạt động": "activities",
    tab("Kiến nghị"): "requests",
    "Kiểm tra": "problems",
    "Nhật ký xử lý": "changes",
    "Nguồn": "figures",
}


@dataclass(frozen=True)
class Runs:
    """The shipped quarter as it is, where a sheet takes only `MOST` rows, and where texts take few units."""

    whole: Finished
    short: Finished
    few: Finished

    def rows(self, run: Finished, sheet: str) -> list[tuple[Any, ...]]:
        return list(openpyxl.load_workbook(run.workbook, data_only=True)[sheet].iter_rows(values_only=True))


def project_with(**outputs: int) -> Project:
    """Long lists are cut as told; and every request of the samples goes up, so that there are many in the report."""
    project = shipped()
    plan, papers = project.plan, replace(project.plan.papers, higher=("UBND", "Phòng"))
    return replace(project, plan=replace(plan, outputs=replace(plan.outputs, **outputs), papers=papers))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    done = []
    for project in (
        shipped(),
        project_with(most_rows=MOST),
        project_with(most_units=UNITS, most_names=NAMES),
    ):
        folders = Folders(INPUTS, tmp_path_factory.mktemp("run"))
        done.append(run_period(project, project.plan.period("q3"), folders, engine=LASTING))
    return Runs(*done)


@pytest.mark.parametrize(("sheet", "table"), SHEETS.items())
def test_a_sheet_says_how_many_rows_there_are_and_in_which_file(runs: Runs, sheet: str, table: str) -> None:
    rows = runs.rows(runs.short, sheet)
    said = [str(row[0]) for row in rows if f"du-lieu/{table}.parquet" in str(row[0])]
    count = len(pd.read_csv(runs.short.folder / "du-lieu" / f"{table}.csv"))
    assert count > MOST
    assert len(said) == 1
    assert f"{count} dòng" in said[0]
    assert (runs.short.folder / "du-lieu" / f"{table}.parquet").exists()


def test_no_sheet_is_longer_than_it_may_be(runs: Runs) -> None:
    book = openpyxl.load_workbook(runs.short.workbook)
    lists = {name: book[name].max_row for name in SHEETS}
    assert max(lists.values()) < MOST + 60  # the other list of `Nguồn`, headings and remarks


def test_every_table_too_long_for_a_sheet_is_in_parquet_and_no_other(runs: Runs) -> None:
    assert {path.stem for path in (runs.short.folder / "du-lieu").glob("*.parquet")} == set(LONG)
    assert not list((runs.whole.folder / "du-lieu").glob("*.parquet"))


def test_the_csv_are_the_same_whatever_a_sheet_takes(runs: Runs) -> None:
    for path in (runs.whole.folder / "du-lieu").glob("*.csv"):
        assert path.read_bytes() == (runs.short.folder / "du-lieu" / path.name).read_bytes()


@pytest.mark.parametrize("table", LONG)
def test_parquet_holds_the_rows_of_the_csv(runs: Runs, table: str) -> None:
    place = runs.short.folder / "du-lieu" / table
    written = pd.read_csv(place.with_suffix(".csv"), dtype=str, keep_default_na=False)
    held = read(place.with_suffix(".parquet"))
    assert list(held.columns) == list(written.columns)
    for name, column in held.items():
        assert [as_csv(value) for value in column] == [text.removeprefix("'") for text in written[name]], name


def read(path: Path) -> pd.DataFrame:
    with path.open("rb") as handle:
        return fastparquet.ParquetFile(handle).to_pandas()


def as_csv(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.15g}" if isinstance(value, float) else str(value).removeprefix("'")


@pytest.mark.parametrize(
    "sheet",
    [tab("Nhiệm vụ"), tab("Ma trận"), tab("Số liệu"), tab("Theo đơn vị"), tab("Hình thức"), "Đối chiếu", "Nộp báo cáo"],
)
def test_totals_and_grids_are_those_of_the_whole_workbook(runs: Runs, sheet: str) -> None:
    said = ("Các hoạt động không nằm trong sheet", "Mã tra cứu")
    whole, short = (
        [row for row in runs.rows(run, sheet) if any(row) and not str(row[0]).startswith(said)]
        for run in (runs.whole, runs.short)
    )
    assert short == whole


def test_no_formula_points_at_rows_that_are_not_there(runs: Runs) -> None:
    book = openpyxl.load_workbook(runs.short.workbook)
    formulas = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    assert formulas
    assert not [text for text in formulas if any(f"'{sheet}'" in text for sheet in SHEETS)]


def test_recalculated_by_libreoffice_every_formula_keeps_its_value(runs: Runs) -> None:
    need_office()
    book = runs.short.workbook
    stored = openpyxl.load_workbook(book, data_only=True)
    (answer,) = at_the_keyboard([{"open": str(book), "formulas": True}])
    written = [cell for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows() for cell in row]
    assert len(answer["formulas"]) == len([cell for cell in written if cell.data_type == "f"])
    for sheet, row, column, now, error, _ in answer["formulas"]:
        value = stored[sheet].cell(row + 1, column + 1).value
        assert not error
        assert now == (pytest.approx(value, rel=1e-12) if isinstance(value, float | int) else (value or ""))


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "text": ["Xã Vĩnh Ô", None, "=1+1"],
            "number": [1.5, None, -2.0],
            "whole": [1, 2, 3],
            "day": pd.to_datetime(["2025-09-14", None, "2025-06-15"]),
        }
    )
    for name in ("one", "two"):
        write_parquet(tmp_path / name, frame.set_index(frame["whole"] * 7))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    held = read(tmp_path / "one")
    assert held["text"].isna().tolist() == [False, True, False]
    assert held["text"].dropna().tolist() == ["Xã Vĩnh Ô", "=1+1"]
    assert held["number"].dropna().tolist() == [1.5, -2.0]
    assert held["whole"].tolist() == [1, 2, 3]
    assert held["day"].dropna().dt.date.map(str).tolist() == ["2025-09-14", "2025-06-15"]


def test_what_no_file_can_hold_is_replaced_not_refused(tmp_path: Path) -> None:
    write_parquet(tmp_path / "odd", pd.DataFrame({"text": ["a\ud800b"]}, dtype=object))
    assert read(tmp_path / "odd")["text"].tolist() == ["a?b"]


@pytest.mark.parametrize(
    ("key", "value"), [("most_rows", 0), ("most_rows", 1_048_576), ("most_units", -1), ("most_names", 0)]
)
def test_a_limit_that_excel_cannot_keep_is_refused(tmp_path: Path, key: str, value: int) -> None:
    text = (SCHEMAS / f"plans/{YEAR}.toml").read_text(encoding="utf-8")
    plan = tmp_path / "2025.toml"
    plan.write_text(text.partition("[outputs]")[0] + f"[outputs]\n{key} = {value}\n", encoding="utf-8")
    with pytest.raises(PipelineError, match=f"outputs.{key}"):
        load_plan(plan, load_register(SCHEMAS / "units.csv"))


def test_a_plan_need_not_say_how_much_is_shown(tmp_path: Path) -> None:
    text = (SCHEMAS / f"plans/{YEAR}.toml").read_text(encoding="utf-8")
    plan = tmp_path / "2025.toml"
    plan.write_text(text.partition("[outputs]")[0], encoding="utf-8")
    silent, said = load_plan(plan, load_register(SCHEMAS / "units.csv")), shipped().plan
    assert silent.outputs == Outputs()
    assert replace(said.outputs, annex_sheets=()) == Outputs()
    assert annex_sheets(silent) == annex_sheets(said)


def words(path: Path) -> str:
    """A paper or a page as plain text."""
    if path.suffix == ".html":
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8"))).split())
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_of_very_many_units_a_sentence_names_the_first_and_says_where_all_stand(runs: Runs) -> None:
    report = runs.few.report
    first, second = report.judged.settlement.units[:2]
    units = [unit.unit_id for unit in report.judged.settlement.units]
    assert report.names(units) == f"{first.name}, {second.name} và 30 đơn vị khác (xem sheet Nộp báo cáo)"
    assert report.names(units[:2], "PL2") == f"{first.name}, {second.name}"
    sheet = {row[0]: row[2] for row in runs.rows(runs.few, "Tổng hợp")}
    told = [names for names in sheet.values() if str(names).endswith(" đơn vị khác (xem sheet Nộp báo cáo)")]
    assert told == [report.names(report.tally.filings.late)] if len(report.tally.filings.late) > 2 else not told
    assert sheet["Chưa nộp"] == report.names(report.tally.filings.missing)


def test_the_page_shows_the_units_with_most_to_do(runs: Runs) -> None:
    page = (runs.few.folder / "index.html").read_text(encoding="utf-8")
    shown = re.findall(r'<tr id="([^"]+)"', page)
    assert len(shown) == UNITS
    assert set(runs.few.report.tally.filings.missing) <= set(shown)
    assert shown == [unit.unit_id for unit in runs.few.report.judged.settlement.units if unit.unit_id in shown]
    text = words(runs.few.folder / "index.html")
    assert "4 đơn vị còn nhiều việc nhất trong 32 đơn vị" in text
    assert f"kiến nghị khác, xem sheet {tab('Kiến nghị')}" in text


def test_the_page_lists_first_the_units_with_a_marked_workbook(runs: Runs) -> None:
    page = (runs.few.folder / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r'href="phan-hoi/[^"]+\.xlsx"', page)) == UNITS
    assert len(re.findall(r'href="phan-hoi/[^"]+\.txt"', page)) == UNITS
    assert len(list((runs.few.folder / "phan-hoi").glob("*.txt"))) == 33  # every unit, and the group


def test_the_letter_lists_the_silent_first_and_counts_the_others(runs: Runs) -> None:
    letter = words(runs.few.folder / "Don-doc_2025-q3.docx")
    whole = words(runs.whole.folder / "Don-doc_2025-q3.docx")
    assert [name for name in ("Xã Vĩnh Khê", "Xã Vĩnh Ô", "Phòng Dân tộc và Tôn giáo") if name in letter]
    assert re.search(r"Còn \d+ đơn vị khác nêu tại sheet Nộp báo cáo", letter)
    assert "đơn vị khác nêu tại" not in whole
    assert len(letter) < len(whole)


def test_the_report_quotes_the_requests_that_most_units_make(runs: Runs) -> None:
    paper, whole = (words(run.folder / "Bao-cao_2025-q3.docx") for run in (runs.few, runs.whole))
    assert re.search(r"Còn \d+ kiến nghị khác với cấp trên, nêu tại Phụ lục VI", paper)
    assert "kiến nghị khác" not in whole
    quoted = paper.partition("V. KIẾN NGHỊ")[2].partition("Còn ")[0]
    assert quoted.count("\n- ") == NAMES


def test_of_very_many_units_the_long_chart_shows_those_with_most(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("pipeline.publish.charts._MOST_BARS", 5)
    write_workbook(tmp_path / "few.xlsx", runs.whole.report)
    parts = [
        zipfile.ZipFile(path).read("xl/charts/chart4.xml").decode()
        for path in (tmp_path / "few.xlsx", runs.whole.workbook)
    ]
    assert "(5 đơn vị nhiều nhất)" in parts[0]
    assert [re.findall(r'<c:ptCount val="(\d+)"/>', part)[0] for part in parts] == ["5", "18"]
    sums = [
        sum(values)
        for values in zip(
            *(
                [float(v) for v in re.findall(r"<c:v>([\d.]+)</c:v>", part)]
                for part in re.findall(r"<c:val>.*?</c:val>", parts[0])
            ),
            strict=True,
        )
    ]
    assert sums == sorted(sums, reverse=True)
