"""What the form prints beside the cells to fill: what Biểu 3 lists, how to count; and what it keeps out of sight."""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.declare.errors import PipelineError
from pipeline.declare.form import load_form
from pipeline.declare.form_words import worded_for
from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.forms.blank_form import write_blank_form
from pipeline.values.known import Known
from tests.builders import (
    Draft,
    Edit,
    address,
    an_activity,
    evaluate_folder,
    figure,
    found,
    truthful,
    with_few_blank_rows,
)
from tests.contract import ACTIVITIES, CARD, FIGURES

UNIT, OFFICE = "XA-vinh-thai", "P-noi-vu"
RADIO, RELAY, VILLAGE, PORTAL = (
    "Truyền thanh cấp xã",
    "Truyền thanh cấp huyện",
    "Họp thôn, xóm, khu phố",
    "Cổng/Trang thông tin điện tử",
)

# Rows of Biểu 3 as people fill them: kind, how many, attended by, posted before at.
ROWS = [
    (PORTAL, 2, None, None),
    (PORTAL, 5, None, "Cổng thông tin điện tử huyện"),
    (RADIO, 3, None, None),
    (RELAY, 1, None, None),
    (RADIO.upper(), 4, None, " "),
    (VILLAGE, 1, 45, None),
    (VILLAGE, 2, None, None),
]
COUNTED = {
    "CT01": "đã kê 1 dòng, cộng 2 (gồm cả CT02)",  # a repost is listed and not counted
    "CT02": "đã kê 1 dòng, cộng 2 (gồm cả CT01)",
    "CT03": "đã kê 3 dòng, cộng 8",
    "CT15b": "đã kê 2 dòng, cộng 3 (gồm cả CT15a)",
    "CT16": "đã kê 2 dòng, cộng 45",
    "CT22": "đã kê 0 dòng, cộng 0",
    "CT13": None,  # no kind of propaganda adds up to it
    "PA01": None,
}


def listing(draft: Draft) -> Draft:
    rows = [
        an_activity(draft, "NV05", form=form, title=f"Việc {n}", quantity=n, participants=people, repost_of=first)
        for form, n, people, first in ROWS
    ]
    return draft.no_activities().activities(rows)


def test_what_the_activities_list_is_counted_beside_each_figure_that_it_supports(
    project: Project, tmp_path: Path
) -> None:
    path = listing(truthful(project, UNIT)).save(tmp_path)
    values, formulas = (load_workbook(path, data_only=only)[FIGURES] for only in (True, False))
    cells = {name: address(project, "figures", "listed", name) for name in COUNTED}
    assert {name: values[cell].value for name, cell in cells.items()} == COUNTED
    for name, cell in cells.items():
        text = formulas[cell].value
        assert (text or "").startswith("=") is (COUNTED[name] is not None), name
        assert values[cell].protection.locked
        assert ACTIVITIES in text if text else True


def test_a_row_that_is_not_the_units_to_fill_counts_nothing(project: Project, tmp_path: Path) -> None:
    sheet = load_workbook(truthful(project, OFFICE).save(tmp_path))[FIGURES]
    assert sheet[address(project, "figures", "listed", "CT03")].value is None
    assert sheet[address(project, "figures", "listed", "CT01")].value


def put(make: Callable[[], object], key: str) -> Edit:
    def edit(book: Workbook) -> None:
        for row in book[FIGURES].iter_rows(min_row=6):
            if row[KEYS.index(key)].value is not None:
                row[KEYS.index(key)].value = make()  # type: ignore[assignment]

    return edit


KEYS = ["indicator_id", "indicator", "measure", "value", "previous", "listed", "note", "how"]
# What becomes of the columns that only tell, each in a form of its own.
ARRIVALS: Mapping[str, tuple[str, Edit]] = {
    "without values, as openpyxl saves it": ("XA-vinh-thai", lambda book: None),
    "broken": ("XA-vinh-tu", put(lambda: "#NAME?", "listed")),
    "pasted as values": ("XA-ho-xa", put(lambda: "đã kê 4 dòng, cộng 12", "listed")),
    "numbers": ("XA-vinh-long", put(lambda: 46280, "listed")),
    "words of another time": ("XA-vinh-lam", put(lambda: "năm 2024, nghìn tin, tạm tính", "listed")),
    "in another book": ("XA-vinh-hoa", put(lambda: f"='[1]{ACTIVITIES}'!A1", "listed")),
    "how, typed over": ("XA-vinh-ha", put(lambda: "lũy kế từ đầu năm", "how")),
    "taken out": ("XA-vinh-giang", put(lambda: None, "how")),
}


@pytest.fixture(scope="module")
def arrived(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    drafts = [truthful(project, unit_id).edited(edit) for unit_id, edit in ARRIVALS.values()]
    return evaluate_folder(tmp_path_factory.mktemp("arrived"), project, drafts)


@pytest.mark.parametrize("way", ARRIVALS)
def test_what_the_form_tells_is_no_word_of_its_unit(way: str, arrived: Evaluation, project: Project) -> None:
    unit_id, _ = ARRIVALS[way]
    assert found(arrived, unit_id, project=project) == []
    assert figure(arrived, unit_id, "CT01")[0] == truthful(project, unit_id).answers.figures["CT01"]["value"]


def test_a_link_into_another_book_is_asked_about_where_the_unit_writes(project: Project, tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book[FIGURES][address(project, "figures", "note", "CT01")] = "='[1]Sheet'!A1"

    done = evaluate_folder(tmp_path, project, [truthful(project, UNIT).edited(edit)])
    assert "external-link" in [code for _, code in found(done, UNIT, project=project)]


def test_each_figure_says_in_one_sentence_how_it_is_counted(project: Project, tmp_path: Path) -> None:
    sheet = load_workbook(truthful(project, UNIT).save(tmp_path))[FIGURES]
    for item in project.plan.indicators:
        assert item.how.endswith(".") and item.how[0].isupper() and 20 < len(item.how) < 130, item.id
        assert sheet[address(project, "figures", "how", item.id)].value == item.how
        assert set(re.findall(r"(?:CT|PA)\d+[ab]?", item.how)) <= {other.id for other in project.plan.indicators}


@pytest.fixture(scope="module")
def some_forms(project: Project, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Of each period a commune's and the office's, with all that earlier periods can tell."""
    few, folder, paths = with_few_blank_rows(project), tmp_path_factory.mktemp("forms"), []
    for period in project.plan.periods:
        told = {item.id: 12 for item in project.plan.indicators}
        closing = {
            check.left[0]: "PA04 + PA05 của kỳ trước" for check in project.plan.checks if check.rule == "carries"
        }
        known = Known(figures=told, periods=" và ".join(one.name for one in project.plan.periods), closing=closing)
        for unit_id in (UNIT, OFFICE):
            paths.append(folder / f"{period.code}-{unit_id}.xlsx")
            write_blank_form(paths[-1], few, project.register.by_id[unit_id], period, known=known)
    return paths


LIMITS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255, "formula1": 255, "formula2": 255}


def test_no_text_of_a_limit_is_too_long_for_excel_nor_cut(project: Project, some_forms: list[Path]) -> None:
    """Over all validations of the forms of all periods."""
    seen = 0
    for path in some_forms:
        book = load_workbook(path)
        labels = {item.label for sheet in project.form.sheets.values() for item in sheet.fields}
        hints = {item.hint for sheet in project.form.sheets.values() for item in sheet.fields}
        for sheet in book:
            for rule in sheet.data_validations.dataValidation:
                seen += 1
                texts = {name: str(getattr(rule, name) or "") for name in LIMITS}
                assert [name for name, text in texts.items() if len(text) > LIMITS[name]] == []
                assert texts["promptTitle"] in labels
                assert rule.type is None or texts["prompt"] in hints
                assert rule.type is None or texts["error"].endswith(".")
    assert seen > 500


_CODE = re.compile(r"\b(q[1-4]|6t|nam|v\d|(XA|P|SN|VP)-[a-z-]+|TTCCHC)\b")


def test_no_code_of_ours_is_in_sight_of_the_unit(some_forms: list[Path]) -> None:
    for path in some_forms:
        with zipfile.ZipFile(path) as package:
            assert not _CODE.search(package.read("docProps/core.xml").decode())
        for sheet in load_workbook(path):
            if sheet.sheet_state != "visible":
                continue
            hidden = {letter for letter, column in sheet.column_dimensions.items() if column.hidden}
            for row in sheet.iter_rows():
                cells = [] if sheet.row_dimensions[row[0].row].hidden else row
                texts = [str(cell.value) for cell in cells if cell.value and cell.column_letter not in hidden]
                assert [text for text in texts if _CODE.search(text)] == [], sheet.title


def test_id_and_version_stand_on_the_card_out_of_sight(project: Project, tmp_path: Path) -> None:
    sheet = load_workbook(truthful(project, UNIT).save(tmp_path))[CARD]
    rows = {str(sheet.cell(row, 1).value): row for row in range(4, sheet.max_row + 1)}
    assert {key for key, row in rows.items() if sheet.row_dimensions[row].hidden} == {"unit_id", "form_version"}
    assert [sheet.cell(rows[key], 3).value for key in ("unit_id", "form_version")] == [UNIT, project.plan.form]


def test_the_form_of_a_year_has_room_for_what_a_year_lists(project: Project, tmp_path: Path) -> None:
    year, blank = project.plan.period("nam"), tmp_path / "blank.xlsx"
    write_blank_form(blank, project, project.register.by_id[UNIT], year)
    book = load_workbook(blank)
    sheet, guide = book[ACTIVITIES], [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert any(str(text).startswith("Trước ngày 30/11/2025, gửi") for text in guide)  # as the plan says it
    rows = {code: project.form["activities"].rows_for(project.plan.period(code).months) for code in ("q3", "6t", "nam")}
    assert rows["nam"] > 11 * 30 > rows["6t"] == rows["q3"] >= 200  # thirty a month
    last = address(project, "activities", "title", rows["nam"] - 1)
    assert not sheet[last].protection.locked
    assert any(last in rule.sqref for rule in sheet.data_validations.dataValidation)
    assert sheet.max_row == sheet[last].row
    assert f"${sheet[last].row}" in book[FIGURES][address(project, "figures", "listed", "CT01")].value


def test_an_office_has_its_own_names_on_the_form(project: Project) -> None:
    plan = replace(project.plan, office="Sở Nội vụ", form_words={"radio": "Truyền thanh cấp tỉnh"})
    form = load_form(Path(project.form.path))
    worded = worded_for(plan, form)
    assert worded.card.by_key["phone"].hint.startswith("Để Sở Nội vụ liên hệ")
    assert worded.label("form", "district-radio") == "Truyền thanh cấp tỉnh"
    assert worded["activities"].by_key["repost_of"].example == form.words["portal"]
    assert worded.guide == form.guide  # what is filled in later stays
    with pytest.raises(PipelineError, match="loa"):
        worded_for(replace(plan, form_words={"loa": "Loa"}), form)
