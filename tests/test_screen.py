"""What the officer reads on the terminal, in a window as narrow as they come."""

from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from pipeline import screen
from pipeline.commands.status import Status, status_of
from pipeline.declare.project import Project
from pipeline.reading.periods import Folders

ROOT = Path(__file__).parent.parent
INPUTS = ROOT / "inputs"


@pytest.fixture(scope="module")
def status(project: Project) -> Status:
    return status_of(project, project.plan.period("q3"), Folders(INPUTS, ROOT), date(2025, 9, 18))


@pytest.fixture
def shown(
    status: Status, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    monkeypatch.setattr(screen, "_console", Console(highlight=False, soft_wrap=True, width=request.param))
    screen.show_status(status, INPUTS / "2025" / "q3")
    return capsys.readouterr().out.splitlines()


def words_of_column(table: list[str], first: str, then: str) -> str:
    """All that stands in one column, its lines laid together."""
    [head] = [line for line in table if first in line and then in line]
    return " ".join(" ".join(line[head.index(first) : head.index(then)] for line in table).split())


@pytest.mark.parametrize("shown", [80, 120], indirect=True)
def test_status_cuts_nothing_in_a_narrow_window(shown: list[str], status: Status) -> None:
    start = next(number for number, line in enumerate(shown) if "───" in line)
    end = next(number for number, line in enumerate(shown) if line.startswith("Nên đôn đốc trước"))
    table = shown[start - 1 : end]
    filings = status.report.filings
    names, labels = words_of_column(table, "Đơn vị", "Tình trạng"), words_of_column(table, "Tình trạng", "Nhận lúc")
    assert "…" not in "".join(shown)
    assert max(map(len, table)) <= len(shown[start]) + 2 <= 120
    assert all(name in names for name in filings["name"])
    assert labels.count("Đúng hạn") == 28
    assert labels.count("Đã gửi, chưa sử dụng được") == 1
    assert (
        words_of_column(table, "Kết quả", "nhận").count("Đạt, có nội dung cần làm rõ")
        == (filings["verdict"] == "questions").sum()
    )


@pytest.mark.parametrize("shown", [80], indirect=True)
def test_times_are_short(shown: list[str]) -> None:
    [line] = [line for line in shown if line.strip().startswith("Thị trấn Bến Quan")]
    assert " ".join(line.split()) == "Thị trấn Bến Quan Nộp muộn 17/9 16:40 Đạt"


@pytest.mark.parametrize(
    ("received", "short"), [("2025-09-05 07:05:09", "5/9 07:05"), ("2026-01-02 10:00:00", "2/1/2026 10:00"), ("", "")]
)
def test_a_time_names_its_year_where_it_is_not_the_plans(received: str, short: str) -> None:
    assert screen._short_time(received, 2025) == short


@pytest.mark.parametrize("shown", [80], indirect=True)
def test_a_unit_whose_form_was_returned_is_not_called_silent(shown: list[str]) -> None:
    assert "Đã gửi, chưa sử dụng được: Xã Vĩnh Khê." in shown
    assert "Chưa nộp: Xã Vĩnh Ô, Phòng Dân tộc và Tôn giáo." in shown
