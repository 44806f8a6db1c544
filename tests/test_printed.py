"""What a unit writes where the form is printed is asked about at its cell. Reworded titles are no answer."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from tests.builders import Draft, Edit, blank, evaluate_folder, found, truthful
from tests.contract import CARD, FIGURES, TASKS
from tests.oddities.cells import nfd

UNIT = "XA-vinh-thai"


@pytest.fixture
def draft(project: Project) -> Draft:
    return truthful(project, UNIT)


def typed(sheet: str, cell: str, value: object) -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet][cell] = value

    return edit


def told(done: Evaluation, project: Project, code: str) -> str:
    [problem] = [problem for problem in done.problems if problem.code == code]
    return project.message(problem, done.settlement.period)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("measure", "26 tin"),
        ("measure", 26),
        ("indicator", "Tin đăng trên Cổng: 26"),
        ("indicator", "Số tin về CCHC đăng trên Cổng/Trang thông tin điện tử (không tính tin đăng lại) (cả thôn)"),
        ("indicator", "Tin đăng trên Cổng/Trang thông tin điện tử (cả thôn)"),  # as it was printed before
    ],
)
def test_what_is_added_to_a_printed_cell_is_asked_about(
    key: str, value: object, project: Project, draft: Draft, tmp_path: Path
) -> None:
    cell = draft.at("figures", key, "CT01")
    done = evaluate_folder(tmp_path, project, [draft.edited(typed(FIGURES, cell, value))])
    assert found(done, UNIT, project=project) == [(cell, "printed-changed")]
    assert f"“{value}”" in told(done, project, "printed-changed")


def test_a_task_is_printed_too(project: Project, draft: Draft, tmp_path: Path) -> None:
    cell = draft.at("tasks", "due_text", "NV01")
    done = evaluate_folder(tmp_path, project, [draft.edited(typed(TASKS, cell, "Tháng 3"))])
    assert found(done, UNIT, project=project) == [(cell, "printed-changed")]


@pytest.mark.parametrize(
    "written",
    [
        "TIN ĐĂNG TRÊN CỔNG/TRANG THÔNG TIN ĐIỆN TỬ",
        nfd("Tin đăng trên Cổng/Trang thông tin điện tử"),
        "Tin trên cổng xã",
        None,
    ],
)
def test_other_words_for_the_same_are_not_asked_about(
    written: str | None, project: Project, draft: Draft, tmp_path: Path
) -> None:
    done = evaluate_folder(
        tmp_path, project, [draft.edited(typed(FIGURES, draft.at("figures", "indicator", "CT01"), written))]
    )
    assert found(done, UNIT, project=project) == []


def test_a_number_in_the_title_of_a_row_of_their_own_is_asked_about(
    project: Project, draft: Draft, tmp_path: Path
) -> None:
    def insert(book: Workbook) -> None:
        book[FIGURES].insert_rows(9)
        book[FIGURES]["B9"] = "Tin trên bảng tin thôn: 7"
        book[FIGURES]["B70"] = "Vĩnh Thái, ngày 15 tháng 9 năm 2025"
        book[FIGURES]["A71"] = "NGƯỜI LẬP BIỂU"

    done = evaluate_folder(tmp_path, project, [draft.edited(insert)])
    assert found(done, UNIT, project=project) == [("B9", "cell-outside-table")]


def test_an_answer_beside_its_cell_is_one_question(project: Project, draft: Draft, tmp_path: Path) -> None:
    signer, number = draft.at("card", "signed_by"), draft.at("card", "report_number")

    def beside(book: Workbook) -> None:
        card = book[CARD]
        card[signer], card[f"D{signer[1:]}"] = None, "Nguyễn Văn A"
        card[number], card[f"B{number[1:]}"] = None, f"{card[f'B{number[1:]}'].value}: 45/BC-UBND"

    done = evaluate_folder(tmp_path, project, [draft.edited(beside)])
    assert found(done, UNIT, project=project) == [(number, "beside-answer"), (signer, "beside-answer")]
    said = {
        problem.cell: (problem.value, problem.facts["beside"])
        for problem in done.problems
        if problem.code == "beside-answer"
    }
    assert said == {number: ("45/BC-UBND", f"B{number[1:]}"), signer: ("Nguyễn Văn A", f"D{signer[1:]}")}


def test_hints_and_labels_are_no_answers(project: Project, tmp_path: Path) -> None:
    empty = blank(project, UNIT).card(report_number=None, prepared_by=None, signed_by=None, signer_title=None)
    done = evaluate_folder(tmp_path, project, [empty])
    assert not [
        problem
        for problem in done.problems
        if problem.code in ("beside-answer", "printed-changed", "cell-outside-table")
    ]
