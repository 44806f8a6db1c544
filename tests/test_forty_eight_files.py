"""The 48 ways in which forms really arrive, by number: whole files, versions, what leaves the house."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.commands.run import run_period
from pipeline.declare.project import Project
from pipeline.judge.submissions import list_submissions, list_units
from pipeline.judged.evaluation import Evaluation
from pipeline.reading.periods import Folders
from tests import corpus
from tests.builders import (
    Draft,
    accepted,
    codes,
    evaluate_folder,
    figure,
    found,
    save_all,
    states,
    total,
    truthful,
    write_book,
)
from tests.lasting import LASTING
from tests.oddities.files import REFUSED, SIGNED
from tests.office import at_the_keyboard, need_office

UNIT = "XA-vinh-thai"


@pytest.fixture(scope="module")
def draft(project: Project) -> Draft:
    return truthful(project, UNIT)


@pytest.fixture(scope="module")
def form(draft: Draft, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return draft.save(tmp_path_factory.mktemp("form")).read_bytes()


def taken_in(project: Project, folder: Path, **files: bytes) -> Evaluation:
    """A folder of these files, the last `_` of a name standing for its dot; all are in the receiving book."""
    names = {".".join(name.rsplit("_", 1)): data for name, data in files.items()}
    for name, data in names.items():
        (folder / name).write_bytes(data)
    write_book(folder, [(name, "2025-09-15 16:00", "Zalo", "") for name in names])
    return evaluate_folder(folder, project)


def is_counted(done: Evaluation, draft: Draft) -> bool:
    """Whether the unit's figures are those of the draft."""
    return all(figure(done, UNIT, key)[0] == row["value"] for key, row in draft.answers.figures.items())


def is_silent(done: Evaluation) -> bool:
    return total(done, "CT01")["units_reporting"] == 0


@pytest.mark.parametrize("name", REFUSED)
def test_cases_34_35_36_37_40_are_refused_by_content(name: str, project: Project, form: bytes, tmp_path: Path) -> None:
    file, make, code = REFUSED[name]
    done = taken_in(project, tmp_path, **{file: make(form)})
    [name_in_folder] = states(done)
    assert codes(done, name_in_folder) == [code] and states(done)[name_in_folder] == "not-a-form"
    assert is_silent(done)


@pytest.mark.parametrize("name", SIGNED)
def test_case_35_a_signed_copy_is_recorded_so_that_its_unit_is_not_called_silent(
    name: str, project: Project, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(SIGNED[name])
    done = evaluate_folder(tmp_path, project)
    assert states(done) == {name: "not-a-form"} and codes(done, name) == ["file-type-unsupported"]
    submissions = list_submissions(
        done.settlement.readings,
        done.settlement.versions,
        done.settlement.cards,
        done.problems,
        project,
        done.settlement.period,
    )
    units = list_units(
        done.settlement.units, submissions, done.settlement.versions, done.settlement.readings, done.problems, project
    )
    assert units.loc[units["signed_only"], "unit_id"].tolist() == [UNIT]
    assert is_silent(done)


def test_case_36_old_and_open_formats_are_read(project: Project, draft: Draft, form: bytes, tmp_path: Path) -> None:
    need_office()
    (tmp_path / "form.xlsx").write_bytes(form)
    filters = {"xls": "MS Excel 97", "ods": "calc8"}
    at_the_keyboard(
        [
            {"open": str(tmp_path / "form.xlsx"), "save": str(tmp_path / f"form.{kind}"), "filter": name}
            for kind, name in filters.items()
        ]
    )
    saved = {kind: (tmp_path / f"form.{kind}").read_bytes() for kind in filters}
    for name, data in {
        "a_xls": saved["xls"],
        "a_ods": saved["ods"],
        "a_et": saved["xls"],
        "b_xls": form,
    }.items():  # .et is .xls by another name
        folder = tmp_path / name
        folder.mkdir()
        done = taken_in(project, folder, **{name: data})
        assert found(done, project=project) == [] and is_counted(done, draft), name


def test_case_39_macros_and_links_are_read_for_their_values_and_asked_about(
    project: Project, draft: Draft, form: bytes, tmp_path: Path
) -> None:
    for name, part, code in (
        ("m_xlsm", "xl/vbaProject.bin", "macro-file"),
        ("l_xlsx", "xl/externalLinks/externalLink1.xml", "external-link"),
    ):
        (tmp_path / name).mkdir()
        done = taken_in(project, tmp_path / name, **{name: corpus.added(form, {part: b"<a/>"})})
        assert [code for _, code in found(done, project=project)] == [code]
        assert is_counted(done, draft)


def test_case_40_leavings_of_the_system_are_only_listed(
    project: Project, draft: Draft, form: bytes, tmp_path: Path
) -> None:
    for name in ("~$a.xlsx", "a.tmp", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"\0")
    done = taken_in(project, tmp_path, a_xlsx=form)
    assert found(done, project=project) == [] and is_counted(done, draft)
    assert [states(done)[name] for name in ("~$a.xlsx", "a.tmp", "Thumbs.db")] == ["not-a-form"] * 3


def test_case_40_one_workbook_in_a_zip_is_taken_out(
    project: Project, draft: Draft, form: bytes, tmp_path: Path
) -> None:
    done = taken_in(project, tmp_path, a_zip=corpus.packed({"BC/Vĩnh Thái.xlsx": form, "BC/ký.pdf": b"%PDF"}))
    assert found(done, project=project) == [] and is_counted(done, draft)


def test_case_42_the_highest_revision_counts(project: Project, draft: Draft, tmp_path: Path) -> None:
    second = (
        draft.card(revision=2, revision_kind="Thay thế", revision_reason="Đính chính")
        .figure("CT08", 5)
        .named("lan 2.xlsx")
    )
    done = evaluate_folder(tmp_path, project, [second, draft])
    assert states(done) == {"XA-vinh-thai.xlsx": "superseded", "lan 2.xlsx": "in-force"}
    assert figure(done, UNIT, "CT08") == (5.0, "") and found(done, project=project) == []


def test_case_42_equal_revisions_that_differ_are_both_sent_back(project: Project, draft: Draft, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [draft, draft.figure("CT08", 5).named("b.xlsx")])
    assert set(states(done).values()) == {"returned"} and is_silent(done)
    assert found(done, project=project) == [(draft.at("card", "revision"), "revision-conflict")] * 2


def test_case_42_identical_content_counts_once(project: Project, draft: Draft, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [draft, draft.named("vĩnh thái(1).xlsx").received("2025-09-15 17:00")])
    assert sorted(states(done).values()) == ["duplicate", "in-force"] and is_counted(done, draft)
    assert found(done, project=project) == []


def test_case_45_a_form_in_a_neighbours_name_is_that_of_its_card(
    project: Project, draft: Draft, tmp_path: Path
) -> None:
    done = evaluate_folder(tmp_path, project, [draft.named("XA-vinh-tu/bao cao.xlsx"), truthful(project, "XA-vinh-tu")])
    assert found(done, project=project) == [] and is_counted(done, draft)


def test_case_46_a_form_of_formatted_rows_to_the_end_without_properties(
    project: Project, draft: Draft, form: bytes, tmp_path: Path
) -> None:
    long = corpus.changed(
        form,
        corpus.ACTIVITIES,
        corpus.with_rows(corpus.blank_rows(1_000, 20_000) + corpus.blank_rows(1_048_000, 1_048_577)),
    )
    bare = {name: part for name, part in corpus.unpacked(long).items() if not name.startswith("docProps/")}
    done = taken_in(project, tmp_path, a_xlsx=corpus.packed(bare))
    assert found(done, project=project) == [] and is_counted(done, draft)


DANGEROUS = ("- Đã treo băng rôn", '=HYPERLINK("http://a.invalid","b")', "+84 233", "@SUM(A1)", "=1+1")


def test_case_48_text_that_looks_like_a_formula_leaves_as_text(project: Project, draft: Draft, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs" / "2025" / "q3"
    for position, text in enumerate(DANGEROUS):
        draft = draft.spoil_activity(position, title=text)
    save_all(inputs, [draft])
    finished = run_period(project, draft.period, Folders(tmp_path / "inputs", tmp_path / "outputs"), engine=LASTING)
    cells = [cell for sheet in load_workbook(finished.workbook).worksheets for row in sheet.iter_rows() for cell in row]
    written = {text: [cell.data_type for cell in cells if cell.value == text] for text in DANGEROUS}
    assert all(kinds and set(kinds) == {"s"} for kinds in written.values()), written
    titles = pd.read_csv(finished.folder / "du-lieu" / "activities.csv", encoding="utf-8-sig", dtype=str)[
        "title"
    ].tolist()
    assert titles[: len(DANGEROUS)] == [f"'{text}" for text in DANGEROUS]


def test_also_a_letter_without_a_form_is_recorded_and_counts_nothing(project: Project, tmp_path: Path) -> None:
    # “Không phát sinh” is told by the form's own line; a letter alone is a signed copy without figures, and no nought
    # is made of it.
    (tmp_path / "Khong phat sinh - X. Vĩnh Thái.pdf").write_bytes(b"%PDF-1.7")
    done = evaluate_folder(tmp_path, project)
    assert done.settlement.readings[0].problems[0].facts["signed_copy_of"] == UNIT
    assert figure(done, UNIT, "CT01") == (None, "not-reported")


def test_a_returned_form_has_no_row_anywhere(project: Project, draft: Draft, tmp_path: Path) -> None:
    done = evaluate_folder(tmp_path, project, [replace(draft.card(period="6t").hidden(period="6t"), file="cu.xlsx")])
    assert states(done) == {"cu.xlsx": "returned"}
    assert all(accepted(done, table, UNIT) == [] for table in project.form.tables)
