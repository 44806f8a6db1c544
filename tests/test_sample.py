"""The sample submissions: the same every time, marked, safe beside real files, and showing every state and severity."""

import csv
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.evaluate import evaluate, settle_forms
from pipeline.judge.schema import validate
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.forms.blank_form import write_blank_form
from pipeline.reading.periods import files_with_mark, read_folder
from pipeline.records.locks import lock_of
from pipeline.samples import samples
from pipeline.samples.samples import write_samples
from pipeline.values.forms import RECEIVING_BOOK
from pipeline.values.states import STATES
from tests.builders import SCHEMAS
from tests.lasting import LASTING

CONTENT = SCHEMAS / "samples.toml"
MISTAKES = {
    ("XA-vinh-khe", "period-mismatch"),
    ("XA-vinh-thai", "date-outside-window"),
    ("XA-vinh-thai", "value-required"),
    ("XA-kim-thach", "ambiguous-number"),
    ("XA-kim-thach", "negative-number"),
    ("XA-vinh-lam", "task-row-blank"),
    ("XA-vinh-lam", "proof-missing"),
    ("XA-vinh-hoa", "sum-mismatch"),
    ("XA-vinh-son", "outlier"),
    ("XA-vinh-son", "document-number-odd"),
    ("P-tu-phap", "vague-number"),
    ("SN-gdnn-gdtx", "follows-from"),
}


@pytest.fixture(scope="module")
def folders(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a period, written once."""
    base = tmp_path_factory.mktemp("inputs")
    for code in ("6t", "q3"):
        write_samples(base / code, project, project.plan.period(code), CONTENT)
    return lambda code: base / code


@pytest.fixture(scope="module")
def half_year(project: Project, folders: Callable[[str], Path]) -> Evaluation:
    period = project.plan.period("6t")
    return evaluate(
        settle_forms(read_folder(folders("6t"), project, period, engine=LASTING), project, period, False), project, {}
    )


@pytest.fixture(scope="module")
def quarter(project: Project, folders: Callable[[str], Path], half_year: Evaluation) -> Evaluation:
    period = project.plan.period("q3")
    return evaluate(
        settle_forms(read_folder(folders("q3"), project, period, engine=LASTING), project, period, False),
        project,
        {"6t": half_year.settlement},
    )


def test_forms_judged_a_few_at_a_time_tell_what_all_together_tell(
    project: Project, folders: Callable[[str], Path], quarter: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []
    monkeypatch.setattr("pipeline.evaluate._MOST_ROWS", 400)
    monkeypatch.setattr("pipeline.evaluate.validate", lambda *args: times.append(1) or validate(*args))
    period = project.plan.period("q3")
    settled = settle_forms(read_folder(folders("q3"), project, period, engine=LASTING), project, period, False)
    apart = evaluate(settled, project, quarter.others)
    assert len(times) > 2
    assert apart.problems == quarter.problems
    assert sorted(map(repr, apart.silent)) == sorted(map(repr, quarter.silent))


def states_of_files(evaluation: Evaluation) -> Counter[str]:
    return Counter(decision.state for decision in evaluation.settlement.versions.decisions)


def graver_than_a_note(evaluation: Evaluation, project: Project) -> set[tuple[str, str]]:
    return {
        (problem.unit_id, problem.code)
        for problem in evaluation.problems
        if project.catalogue.severity(problem.code) != "note"
    }


def test_the_same_bytes_come_out_twice_and_replace_old_samples(
    project: Project, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "q3"
    old = folder / "Thu muc cu" / "mau cu.xlsx"
    old.parent.mkdir(parents=True)
    shutil.copy(next(folders("q3").glob("*.xlsx")), old)
    period = project.plan.period("q3")
    written = write_samples(folder, project, period, CONTENT, lambda: files_with_mark(folder, project, period))
    assert not old.parent.exists()
    assert written[-1].name == RECEIVING_BOOK
    assert {path for path in folder.rglob("*") if path.is_file()} == set(written)
    for path in written:
        assert path.read_bytes() == (folders("q3") / path.relative_to(folder)).read_bytes(), path.name


def test_every_form_bears_the_mark(half_year: Evaluation, quarter: Evaluation) -> None:
    assert all(
        reading.is_form and reading.is_sample
        for evaluation in (half_year, quarter)
        for reading in evaluation.settlement.readings
    )


def test_every_file_stands_in_the_receiving_book(folders: Callable[[str], Path], quarter: Evaluation) -> None:
    with (folders("q3") / RECEIVING_BOOK).open(encoding="utf-8-sig", newline="") as handle:
        lines = list(csv.DictReader(handle))
    assert sorted(line["file"] for line in lines) == sorted(reading.file for reading in quarter.settlement.readings)
    assert {line["channel"] for line in lines} == {"Zalo", "email", "trục văn bản"}
    assert all(reading.arrival.is_booked for reading in quarter.settlement.readings)


def test_the_quarter_shows_every_state_and_every_severity(project: Project, quarter: Evaluation) -> None:
    assert set(quarter.completeness["state"]) == set(STATES)
    assert {project.catalogue.severity(problem.code) for problem in quarter.problems} == set(
        project.catalogue.severities
    )


def test_the_quarter_shows_every_fate_of_a_file(quarter: Evaluation) -> None:
    assert states_of_files(quarter) == {"in-force": 30, "superseded": 1, "duplicate": 1, "returned": 1}
    assert {unit.unit_id for unit in quarter.settlement.units} - set(quarter.settlement.versions.chains) == {
        "XA-vinh-o",
        "P-dan-toc",
        "XA-vinh-khe",
    }
    assert [problem.unit_id for problem in quarter.problems if problem.code == "late"] == ["XA-ben-quan"]
    assert len(quarter.settlement.versions.chains["XA-hien-thanh"]) == 2


def test_the_quarter_has_the_intended_mistakes_and_no_others(project: Project, quarter: Evaluation) -> None:
    found = graver_than_a_note(quarter, project)
    assert found >= MISTAKES
    assert {unit for unit, _ in found} == {unit for unit, _ in MISTAKES}


def test_the_half_year_is_clean_and_nearly_complete(project: Project, half_year: Evaluation) -> None:
    assert len(half_year.settlement.versions.chains) == 31
    assert graver_than_a_note(half_year, project) == set()
    assert [problem.unit_id for problem in half_year.problems if problem.code == "late"] == ["XA-vinh-ha"]


def test_figures_of_the_quarter_are_about_half_of_those_of_the_half_year(quarter: Evaluation) -> None:
    totals = quarter.totals.set_index("indicator_id")
    for indicator in ("CT01", "CT03", "CT12", "CT16"):
        assert (
            0.3
            < totals.at[indicator, "this_period"]
            / (totals.at[indicator, "cumulative"] - totals.at[indicator, "this_period"])
            < 0.7
        )


@pytest.mark.parametrize("name", ["ghi chu.txt", "BC that.xlsx", "Thu muc/BC that.xlsx"])
def test_a_folder_with_a_file_that_is_no_sample_is_left_alone(project: Project, tmp_path: Path, name: str) -> None:
    real = tmp_path / name
    real.parent.mkdir(exist_ok=True)
    if real.suffix == ".xlsx":
        write_blank_form(real, project, project.register.units[0], project.plan.period("q3"))
    else:
        real.write_text("việc cần làm", encoding="utf-8")
    before = real.read_bytes()
    period = project.plan.period("q3")
    with pytest.raises(PipelineError, match="không phải dữ liệu mẫu"):
        write_samples(tmp_path, project, period, CONTENT, lambda: files_with_mark(tmp_path, project, period))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [real]
    assert real.read_bytes() == before


def test_the_folder_is_held_from_the_look_at_it_to_the_exchange(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, period, seen = tmp_path / "q3", project.plan.period("q3"), []

    def find_marked() -> frozenset[str]:
        seen.append(lock_of(folder).exists())
        with pytest.raises(PipelineError, match=rf"q3” đang được một lệnh khác trên máy .*tiến trình {os.getpid()}"):
            write_samples(folder, project, period, CONTENT)
        return frozenset()

    monkeypatch.setattr(samples, "_PATIENCE", 0)
    written = write_samples(folder, project, period, CONTENT, find_marked)
    assert seen == [True]
    assert {path for path in folder.rglob("*") if path.is_file()} == set(written)
    assert [path for path in tmp_path.iterdir() if path != folder] == []


def test_a_hand_that_puts_something_there_meanwhile_stops_the_writing(project: Project, tmp_path: Path) -> None:
    period = project.plan.period("q3")
    with pytest.raises(PipelineError, match="vừa có thay đổi nên chưa ghi gì"):
        write_samples(tmp_path / "q3", project, period, CONTENT, lambda: _put(tmp_path / "q3" / "a.txt"))
    assert [path.name for path in (tmp_path / "q3").iterdir()] == ["a.txt"]


def _put(path: Path) -> frozenset[str]:
    path.parent.mkdir()
    path.write_text("của tôi", encoding="utf-8")
    return frozenset({path.name})


def test_a_period_without_samples_is_refused_in_words(project: Project, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="6t, q3"):
        write_samples(tmp_path, project, project.plan.period("q1"), CONTENT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('unit = "XA-vinh-khe"', 'unit = "XA-khong-co"'),
        ('task = "NV08"', 'task = "NV10"'),
        ("year = 2025\n", "year = 2024\n"),
    ],
)
def test_content_that_the_plan_does_not_know_is_refused(project: Project, tmp_path: Path, old: str, new: str) -> None:
    spoiled = tmp_path / "samples.toml"
    spoiled.write_text(CONTENT.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PipelineError, match="samples"):
        write_samples(tmp_path / "q3", project, project.plan.period("q3"), spoiled)
