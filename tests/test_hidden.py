"""What a sender may not see in their own form is asked about once, at its cell; what we hide ourselves is not."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.declare.project import Project
from pipeline.intake.gather import gather
from pipeline.values.forms import Reading
from pipeline.values.problems import Problem
from tests import corpus
from tests.builders import Draft, Edit, evaluate_folder, found, holes, truthful
from tests.openers import Opener


@pytest.fixture
def draft(project: Project) -> Draft:
    return truthful(project, "XA-vinh-thai")


def read(draft: Draft, folder: Path, reader: Opener, data: bytes | None = None) -> Reading:
    """Save the draft and take it in; `data` in its place when given."""
    path = draft.save(folder)
    if data:
        path.write_bytes(data)
    [arrival] = gather(folder, draft.project.plan.zone)
    reading = reader.read(arrival, draft.project, draft.period)
    assert not [hole for problem in reading.problems for hole in holes(draft.project, problem, draft.period)]
    return reading


def asked(reading: Reading, *codes: str) -> list[tuple[str, str, str]]:
    return sorted(
        (problem.code, problem.sheet, problem.cell)
        for problem in reading.problems
        if not codes or problem.code in codes
    )


def only(reading: Reading, code: str) -> Problem:
    [problem] = [problem for problem in reading.problems if problem.code == code]
    return problem


def name(draft: Draft, table: str) -> str:
    return draft.project.form.sheets[table].name


def test_what_we_hide_ourselves_is_not_asked_about(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    assert read(draft, tmp_path, reader).problems == ()


def hide_row(sheet: str, *rows: int) -> Edit:
    def edit(book: Workbook) -> None:
        for row in rows:
            book[sheet].row_dimensions[row].hidden = True

    return edit


def hide_column(sheet: str, letter: str) -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet].column_dimensions[letter].hidden = True

    return edit


def test_filled_rows_that_are_hidden_are_one_question(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    reading = read(draft.edited(hide_row(name(draft, "activities"), 7, 9)), tmp_path, reader)
    problem = only(reading, "hidden-data")
    assert (problem.sheet, problem.cell, problem.facts["where"]) == (
        name(draft, "activities"),
        draft.at("activities", "date", 1),
        "dòng 7, 9",
    )
    assert len(reading.tables["activities"].rows) == len(draft.answers.activities)


def test_a_hidden_row_that_the_unit_left_blank_is_not_asked_about(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    row = int("".join(filter(str.isdigit, draft.at("tasks", "status", "NV04"))))
    assert read(draft.edited(hide_row(name(draft, "tasks"), row)), tmp_path, reader).problems == ()


def test_a_filled_column_that_is_hidden_is_one_question(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    cell = draft.at("figures", "value", 0)
    problem = only(read(draft.edited(hide_column(name(draft, "figures"), cell[0])), tmp_path, reader), "hidden-data")
    assert (problem.cell, problem.facts["where"]) == (cell, f"cột {cell[0]}")


def test_a_hidden_answer_of_the_card_is_one_question(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    cell = draft.at("card", "signed_by")
    problem = only(read(draft.edited(hide_row(name(draft, "card"), int(cell[1:]))), tmp_path, reader), "hidden-data")
    assert (problem.cell, problem.field) == (cell, "signed_by")


def test_a_hidden_sheet_of_the_form_is_read_and_asked_about(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    def hide(book: Workbook) -> None:
        book[name(draft, "activities")].sheet_state = "hidden"

    reading = read(draft.edited(hide), tmp_path, reader)
    assert only(reading, "hidden-data").sheet == name(draft, "activities")
    assert len(reading.tables["activities"].rows) == len(draft.answers.activities)


def test_a_hidden_sheet_of_their_own_is_found_as_both(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    """That one of the two is said is decided where problems are told."""

    def add(book: Workbook) -> None:
        book.create_sheet("Nháp")["B2"] = 5
        book["Nháp"].sheet_state = "veryHidden"

    found = asked(read(draft.edited(add), tmp_path, reader))
    assert sorted(found) == [("hidden-data", "Nháp", "B2"), ("unknown-sheet", "Nháp", "B2")]


def test_a_value_merged_over_two_rows_counts_for_the_first_alone(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    first, second = draft.at("figures", "value", "CT01"), draft.at("figures", "value", "CT02")

    def merge(book: Workbook) -> None:
        book[name(draft, "figures")].merge_cells(f"{first}:{second}")

    reading = read(draft.edited(merge), tmp_path, reader)
    problem = only(reading, "merged-cells")
    assert (problem.cell, problem.row, problem.facts["merged"], problem.facts["first"]) == (
        first,
        int(first[1:]),
        f"{first}:{second}",
        "CT01",
    )
    found = reading.tables["figures"]
    assert [found.raw("value", int(cell[1:])) for cell in (first, second)] == [11.0 + 15, ""]


def test_a_merge_within_a_row_or_without_content_is_accepted(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    def merge(book: Workbook) -> None:
        sheet = book[name(draft, "activities")]
        below = 7 + len(draft.answers.activities)
        sheet.merge_cells(f"A{below}:B{below + 2}")
        sheet.merge_cells("I6:J6")

    assert asked(read(draft.edited(merge), tmp_path, reader), "merged-cells") == []


def test_what_lies_under_a_merge_is_told_and_not_counted(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    first, second = draft.at("figures", "value", "CT01"), draft.at("figures", "value", "CT02")
    data = draft.save(tmp_path).read_bytes()
    merges = f'<mergeCells count="1"><mergeCell ref="{first}:{second}"/></mergeCells>'.encode()
    covering = corpus.changed(
        data, corpus.FIGURES, lambda part: part.replace(b"<dataValidations", merges + b"<dataValidations", 1)
    )
    reading = read(draft, tmp_path, reader, covering)
    assert asked(reading) == [
        ("hidden-data", name(draft, "figures"), second),
        ("merged-cells", name(draft, "figures"), first),
    ]
    assert reading.tables["figures"].raw("value", int(second[1:])) == ""
    assert only(reading, "hidden-data").facts["where"] == f"dưới ô gộp ({second}: 5)"


def test_a_formula_into_another_file_is_asked_about_at_its_cell(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    cell = draft.at("figures", "value", "CT01")
    data = draft.save(tmp_path).read_bytes()
    linked = corpus.changed(
        data,
        corpus.FIGURES,
        lambda part: part.replace(b"<v>26</v>", b'<f t="shared" si="0" ref="D6:D7">[1]Sheet1!$A$1</f><v>26</v>', 1),
    )
    linked = corpus.added(linked, {"xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{corpus.MAIN}"/>'})
    reading = read(draft, tmp_path, reader, linked)
    assert asked(reading) == [("external-link", name(draft, "figures"), cell)]
    assert only(reading, "external-link").about == ("CT01", "CT02")
    assert reading.tables["figures"].raw("value", int(cell[1:])) == 26


def test_a_macro_file_is_read_and_asked_about(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    data = corpus.added(draft.save(tmp_path).read_bytes(), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert asked(read(draft, tmp_path, reader, data)) == [("macro-file", "", "")]


def test_errors_and_formulas_without_a_value_reach_the_tables(draft: Draft, tmp_path: Path, reader: Opener) -> None:
    cell = draft.at("figures", "value", "CT02")
    reading = read(draft.cell(name(draft, "figures"), cell, "=1+1"), tmp_path, reader)
    assert str(reading.tables["figures"].raw("value", int(cell[1:])).formula) == "=1+1"


def struck(draft: Draft, folder: Path, runs: str) -> bytes:
    """The form with the shared string “12 15” written in runs."""
    data = draft.figure("CT01", "12 15").save(folder).read_bytes()
    return corpus.changed(data, corpus.STRINGS, corpus.replaced(b"<si><t>12 15</t></si>", f"<si>{runs}</si>".encode()))


STRUCK = "<r><rPr><strike/><sz val='11'/></rPr><t>12</t></r><r><rPr><b/></rPr><t>15</t></r>"


def test_a_number_struck_through_beside_another_is_not_run_into_it(
    draft: Draft, tmp_path: Path, project: Project
) -> None:
    (tmp_path / "a.xlsx").write_bytes(struck(draft, tmp_path, STRUCK))
    (tmp_path / f"{draft.unit.unit_id}.xlsx").unlink()
    done = evaluate_folder(tmp_path, project)
    assert found(done, draft.unit.unit_id, project=project) == [(draft.at("figures", "value", "CT01"), "vague-number")]
    [problem] = [problem for problem in done.problems if problem.code == "vague-number"]
    assert problem.value == "[gạch bỏ: 12] 15"


@pytest.mark.parametrize(
    "runs",
    [
        "<r><rPr><b/></rPr><t>12</t></r><r><t xml:space='preserve'> 15</t></r>",
        "<r><rPr><strike val='0'/></rPr><t>12</t></r><r><t xml:space='preserve'> 15</t></r>",
    ],
)
def test_other_looks_of_a_text_change_nothing(runs: str, draft: Draft, tmp_path: Path, reader: Opener) -> None:
    reading = read(draft, tmp_path, reader, struck(draft, tmp_path, runs))
    cell = draft.at("figures", "value", "CT01")
    assert reading.tables["figures"].raw("value", int(cell[1:])) == "12 15"
