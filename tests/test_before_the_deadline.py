"""Until the deadline is past nobody is late or silent: no unit is called “Chưa nộp”, none is urged.

A unit that has sent something that cannot be used is told apart from one that has sent nothing, on any day.
"""

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from pipeline.commands.run import Finished, run_period
from pipeline.declare.project import Project
from pipeline.reading.periods import Folders
from tests.builders import save_all, truthful
from tests.lasting import LASTING

FILED, RETURNED, SILENT = "XA-vinh-ha", "XA-vinh-khe", "XA-vinh-o"


@pytest.fixture(scope="module")
def inputs(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    drafts = [truthful(project, FILED), truthful(project, RETURNED, "6t")]
    save_all(folder / "2025" / "q3", [draft.received("2025-09-10 08:00") for draft in drafts])
    return folder


def ran(project: Project, inputs: Path, outputs: Path, as_of: date | None) -> Finished:
    return run_period(project, project.plan.period("q3"), Folders(inputs, outputs), as_of, engine=LASTING)


def texts(folder: Path) -> dict[str, str]:
    """What people read of a run: the page, the messages, every cell of the workbook."""
    found = {path.name: path.read_text(encoding="utf-8") for path in (folder / "phan-hoi").glob("*.txt")}
    book = openpyxl.load_workbook(next(folder.glob("Tong-hop_*.xlsx")))
    cells = (str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    return {**found, "page": (folder / "index.html").read_text(encoding="utf-8"), "book": "\n".join(cells)}


@pytest.mark.parametrize("days_before", [6, 0])
def test_nobody_is_silent_before_the_deadline_is_past(
    days_before: int, project: Project, inputs: Path, tmp_path: Path
) -> None:
    day = project.plan.period("q3").last_day - timedelta(days=days_before)
    done = ran(project, inputs, tmp_path, day)
    told = texts(done.folder)
    for place, text in told.items():
        assert "chưa nộp:" not in text.casefold(), place
        assert "chưa nhận được báo cáo" not in text, place
        assert "đến nay phòng nội vụ chưa nhận" not in text.casefold(), place
    assert not list(done.folder.glob("Don-doc*"))
    assert "Don-doc" not in told["page"]
    assert "chưa đến hạn gửi" in told[f"{SILENT}.txt"]
    assert "Chưa đến hạn gửi" in told["nhom-zalo.txt"]
    assert "16/9/2025" in told["nhom-zalo.txt"]
    filing = done.report.tally.filings.of
    assert (filing[FILED], filing[RETURNED], filing[SILENT]) == ("on-time", "unusable", "not-due")


def test_after_it_those_who_sent_nothing_are_silent(project: Project, inputs: Path, tmp_path: Path) -> None:
    done = ran(project, inputs, tmp_path, None)
    told, filing = texts(done.folder), done.report.tally.filings.of
    assert (filing[FILED], filing[RETURNED], filing[SILENT]) == ("on-time", "unusable", "missing")
    assert "chưa nhận được báo cáo" in told[f"{SILENT}.txt"]
    assert list(done.folder.glob("Don-doc*"))
    name = project.register.name(RETURNED)
    assert f"{name}: đã gửi, chưa sử dụng được" in told["book"]
    assert f"{name}: chưa nộp" not in told["book"].casefold()


def test_the_states_of_tasks_are_those_at_the_deadline(project: Project, inputs: Path, tmp_path: Path) -> None:
    early, late = (ran(project, inputs, tmp_path / name, day) for name, day in (("a", date(2025, 9, 1)), ("b", None)))
    assert early.report.judged.completeness.equals(late.report.judged.completeness)
    assert early.report.judged.totals.equals(late.report.judged.totals)


def test_a_filing_has_a_colour_of_its_own(project: Project, inputs: Path, tmp_path: Path) -> None:
    done = ran(project, inputs, tmp_path, None)
    sheet = openpyxl.load_workbook(done.workbook)["Nộp báo cáo"]
    fills = {
        str(row[0].value): str(row[2].fill.fgColor.rgb)
        for row in sheet.iter_rows()
        if row[0].value in (FILED, RETURNED, SILENT)
    }
    assert len(set(fills.values())) == 3, fills
