"""What leaves the house opens elsewhere: a validator of others, openpyxl, pandas. Nothing dangerous travels with it.

The validator (openxml-audit) checks parts against the published schemas and what Excel is known to repair. It finds
gross faults, not all: reading back by two readers and by LibreOffice (other tests) stands beside it.
"""

import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openxml_audit import OpenXmlValidator

from pipeline.commands.run import Finished, run_period
from pipeline.commands.templates import write_templates
from pipeline.declare.project import Project
from pipeline.publish.forms.blank_form import Answers, write_blank_form
from pipeline.reading.periods import Folders
from tests.lasting import LASTING

RISKY = ["=1+1", "+84 912", "-5% chi phí", "@SUM(A1)", '=HYPERLINK("http://evil.example","bấm")']
# openpyxl lists the properties of a font in another order than the schema does; Excel and LibreOffice take any order.
FONT_ORDER = re.compile(r"\[schema\] /xl/styles\.xml:/styleSheet\[1\]/fonts\[1\]/font\[\d+\]: Unexpected element")
PHONE = "0233 999 888"
LONG = "Tiêu đề rất dài " * 15 + "\nxuống dòng\nlần nữa"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Finished:
    """One unit whose texts look like formulas, one with two thousand activities."""
    home = tmp_path_factory.mktemp("elsewhere")
    period, folders = project.plan.period("q3"), Folders(home / "in", home / "out")
    place = folders.input(project, period)
    place.mkdir(parents=True)
    line = {"date": date(2025, 9, 5), "task_id": "NV05", "form": "Cổng/Trang thông tin điện tử", "quantity": 1}
    risky = [{**line, "title": text, "evidence": text, "note": text} for text in RISKY] + [{**line, "title": LONG}]
    card = {"report_date": date(2025, 9, 15), "prepared_by": RISKY[0], "signed_by": RISKY[3], "phone": PHONE}
    write_blank_form(
        place / "a.xlsx",
        project,
        project.register.by_id["XA-vinh-o"],
        period,
        Answers(card=card, activities=risky, requests=[{"kind": "Kiến nghị", "content": RISKY[0]}]),
    )
    many = [{**line, "title": f"Tin số {number}"} for number in range(2000)]
    write_blank_form(
        place / "b.xlsx", project, project.register.by_id["XA-vinh-tu"], period, Answers(card=card, activities=many)
    )
    write_templates(project, period, folders)
    return run_period(project, period, folders, engine=LASTING)


def xlsx(finished: Finished) -> list[Path]:
    return [
        finished.workbook,
        *sorted((finished.folder / "phan-hoi").glob("*.xlsx")),
        finished.folder / "mau" / "P-noi-vu.xlsx",
        finished.folder / "mau" / "XA-vinh-o.xlsx",
    ]


def test_an_independent_validator_finds_nothing_that_excel_would_repair(finished: Finished) -> None:
    papers = sorted(finished.folder.glob("*.docx"))
    for path in [*xlsx(finished), *papers]:
        errors = [str(error) for error in OpenXmlValidator().validate(path).errors if error.severity.name == "ERROR"]
        assert [error for error in errors if not FONT_ORDER.match(error)] == [], path.name


def test_openpyxl_and_pandas_read_the_workbook(finished: Finished) -> None:
    book = openpyxl.load_workbook(finished.workbook)
    sheets = pd.read_excel(finished.workbook, sheet_name=None, engine="openpyxl", header=None)
    assert book.sheetnames == list(sheets)
    titles = [str(value) for row in sheets["Hoạt động"].to_numpy() for value in row]
    assert all(f"Tin số {number}" in titles for number in (0, 1999))


def test_text_that_looks_like_a_formula_stays_text(finished: Finished) -> None:
    for path in xlsx(finished)[:-2]:
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and any(text in cell.value for text in RISKY):
                        assert cell.data_type == "s", (path.name, sheet.title, cell.coordinate)
    for path in (finished.folder / "du-lieu").glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        texts = [value for column in frame.columns if column not in ("value",) for value in frame[column]]
        assert not [
            text for text in texts if text.startswith(("=", "+", "@", "\t", "\r")) or re.match(r"-[^0-9]", text)
        ], path.name


def test_no_link_macro_or_telephone_passes_into_the_workbook_for_the_province(finished: Finished) -> None:
    with zipfile.ZipFile(finished.workbook) as archive:
        names = archive.namelist()
        assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]
        text = "".join(archive.read(name).decode("utf-8") for name in names if name.endswith((".xml", ".rels")))
    assert 'TargetMode="External"' not in text
    assert PHONE not in text
    assert RISKY[0] in text


def test_long_titles_and_line_breaks_arrive_whole(finished: Finished) -> None:
    activities = pd.read_csv(finished.folder / "du-lieu" / "activities.csv", encoding="utf-8-sig")
    title = next(text for text in activities["title"] if text.startswith("Tiêu đề rất dài"))
    assert title.endswith("; xuống dòng; lần nữa")
    assert len(activities) == 2000 + len(RISKY) + 1
