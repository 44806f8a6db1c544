"""A form filled by hand in a real LibreOffice: limits work there, and every typed value is found again after a run."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.commands.run import run_period
from pipeline.declare.project import Project
from pipeline.publish.forms.blank_form import CARD_FIRST_ROW, FIRST_ROW, write_blank_form
from pipeline.reading.periods import Folders
from pipeline.values.cells import cell_name
from tests.lasting import LASTING
from tests.office import XLSX, at_the_keyboard, need_office

UNIT = "XA-vinh-thai"

# What is typed, and what must come out: sheet id, row key or row number, field, text, value in the CSV.
TASKS = [
    ("NV01", "status", "Hoàn thành", "Hoàn thành"),
    ("NV01", "completed_on", "20/02/2025", "2025-02-20"),
    ("NV01", "document_number", "12/KH-UBND", "12/KH-UBND"),
    ("NV01", "document_date", "20/2/2025", "2025-02-20"),
    ("NV05", "status", "Hoàn thành", "Hoàn thành"),
    ("NV05", "result", "Đã đăng 02 tin về dịch vụ công trực tuyến", "Đã đăng 02 tin về dịch vụ công trực tuyến"),
    ("NV06", "status", "Đang thực hiện", "Đang thực hiện"),
    ("NV06", "expected_on", "30/10/2025", "2025-10-30"),
]
FIGURES = [
    ("CT01", "12", 12.0, ""),
    ("CT02", "-", 0.0, "none-arose"),
    ("CT03", "…", None, "not-yet-known"),
    ("CT05", "37,5", 37.5, ""),
    ("CT06", "x", None, "not-applicable"),
    ("CT14", "1234", 1234.0, ""),
]
ACTIVITIES = [
    {
        "date": "05/9/2025",
        "task_id": "NV05",
        "form": "Cổng/Trang thông tin điện tử",
        "title": "Hướng dẫn nộp hồ sơ trực tuyến",
        "quantity": "2",
        "evidence": "vinhthai.example/tin-1",
    },
    {
        "date": "20/6/2025",
        "task_id": "NV02",
        "form": "Họp thôn, xóm, khu phố",
        "title": "Phổ biến Chương trình tổng thể cải cách hành chính",
        "quantity": "1",
        "participants": "64",
        "venue": "Nhà văn hóa thôn",
    },
]
CARD = {
    "report_number": "45/BC-UBND",
    "report_date": "15/9/2025",
    "prepared_by": "Người lập thử",
    "signed_by": "Người ký thử",
}
REQUEST = {
    "kind": "Kiến nghị",
    "content": "Đề nghị hỗ trợ nâng cấp hệ thống truyền thanh",
    "addressed_to": "UBND huyện",
}


@pytest.fixture(scope="module")
def office_run(tmp_path_factory: pytest.TempPathFactory, project: Project) -> dict[str, Any]:
    """The blank form opened, typed into and saved by LibreOffice, then run."""
    need_office()
    home = tmp_path_factory.mktemp("office")
    period = project.plan.period("q3")
    folders = Folders(home / "inputs", home / "outputs")
    blank, filled = home / "blank.xlsx", folders.input(project, period) / "biểu xã gửi.xlsx"
    filled.parent.mkdir(parents=True)
    write_blank_form(blank, project, project.register.by_id[UNIT], period)
    sheets = {key: sheet.name for key, sheet in project.form.sheets.items()}
    looks = [
        [sheets["tasks"], "E6"],
        [sheets["tasks"], "A6"],
        [sheets["activities"], "B6"],
        [sheets["activities"], "H6"],
        [sheets["figures"], "D6"],
        [sheets["tasks"], "E9"],
    ]
    attempts = [
        *typed_cells(project),
        [sheets["tasks"], "A6", "NV99"],
        [sheets["tasks"], "E9", "Hoàn thành"],
    ]  # the last two are locked
    found = at_the_keyboard(
        [{"open": str(blank), "save": str(filled), "filter": XLSX, "type": attempts, "look": looks}]
    )[0]["found"]
    finished = run_period(project, period, folders, engine=LASTING)
    data = {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for path in (finished.folder / "du-lieu").glob("*.csv")
    }
    return {"found": found, "data": data}


def typed_cells(project: Project) -> list[list[str]]:
    """Every typed text with the sheet and cell into which it goes."""
    form, plan = project.form, project.plan
    rows = {"tasks": [task.id for task in plan.tasks], "figures": [item.id for item in plan.indicators]}
    cells = [
        [form.card.name, cell_name(2, CARD_FIRST_ROW + form.card.keys.index(key) + 1), text]
        for key, text in CARD.items()
    ]

    def cell(sheet: str, row: int, key: str) -> str:
        return cell_name(form[sheet].keys.index(key), FIRST_ROW + row + 1)

    cells += [[form["tasks"].name, cell("tasks", rows["tasks"].index(task), key), text] for task, key, text, _ in TASKS]
    cells += [
        [form["figures"].name, cell("figures", rows["figures"].index(item), "value"), text]
        for item, text, _, _ in FIGURES
    ]
    cells += [
        [form["activities"].name, cell("activities", row, key), text]
        for row, line in enumerate(ACTIVITIES)
        for key, text in line.items()
    ]
    return cells + [[form["requests"].name, cell("requests", 0, key), text] for key, text in REQUEST.items()]


def test_drop_downs_and_limits_work_in_libreoffice(office_run: dict[str, Any], project: Project) -> None:
    status, task_id, day, quantity, figure, _ = office_run["found"]
    assert (status["limit"], status["shows_list"]) == ("LIST", True)
    assert project.form.lists_sheet in status["formula"]
    assert day["limit"] == "DATE"
    assert quantity["limit"] == "WHOLE"
    assert figure["limit"] == "CUSTOM"
    assert all(cell["hint"] for cell in (status, day, quantity, figure))
    assert all(cell["is_sheet_protected"] for cell in (status, task_id, day, figure))


def test_locked_cells_refuse_the_keyboard(office_run: dict[str, Any]) -> None:
    _, task_id, *_, not_theirs = office_run["found"]
    assert (task_id["is_locked"], task_id["text"]) == (True, "NV01")
    assert (not_theirs["is_locked"], not_theirs["text"]) == (True, "")


def test_the_form_is_in_force_and_nothing_is_refused(office_run: dict[str, Any]) -> None:
    data = office_run["data"]
    assert list(data["submissions"]["state"]) == ["in-force"]
    assert list(data["submissions"]["unit_id"]) == [UNIT]
    assert data["rejected"].empty
    assert not set(data["problems"]["severity"]) & {"block-file", "block-row"}


def test_every_typed_task_is_found_again(office_run: dict[str, Any]) -> None:
    tasks = office_run["data"]["tasks"].set_index("task_id")
    assert [tasks.at[task, key] for task, key, _, _ in TASKS] == [value for _, _, _, value in TASKS]


def test_every_typed_figure_is_found_again(office_run: dict[str, Any]) -> None:
    figures = office_run["data"]["figures"]
    mine = figures[figures["unit_id"] == UNIT].set_index("indicator_id")
    for item, _, value, nothing in FIGURES:
        assert mine.at[item, "value"] == ("" if value is None else f"{value:g}"), item
        assert mine.at[item, "kind_of_nothing"] == nothing, item


def test_every_typed_activity_and_request_is_found_again(office_run: dict[str, Any]) -> None:
    activities = office_run["data"]["activities"].to_dict("records")
    for line, typed in zip(activities, ACTIVITIES, strict=True):
        day, month, year = (int(part) for part in typed["date"].split("/"))
        assert line["date"] == date(year, month, day).isoformat()
        assert {key: line[key] for key in typed if key != "date"} == {
            key: text for key, text in typed.items() if key != "date"
        }
    request = office_run["data"]["requests"].to_dict("records")[0]
    assert {key: request[key] for key in REQUEST} == REQUEST
