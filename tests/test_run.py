"""What a run promises to those outside: files, sheets, columns, conservation, the same bytes, one swap, exit codes."""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from pipeline.cli import cli, main
from pipeline.commands.run import Finished, run_period
from pipeline.declare.project import Project
from pipeline.publish.sentences.comparison import difference_sentences
from pipeline.publish.tables import write_tables
from pipeline.reading.executors import Engine
from pipeline.reading.periods import Folders
from tests.builders import INPUTS, OF_YEAR, ROOT, SCHEMAS, save_all, truthful
from tests.contract import OUTPUT_SHEETS, tab

SHIPPED = ("--schemas", str(SCHEMAS), *OF_YEAR)
COLUMNS = {
    "submissions": "file sha256 unit_id revision received_at on_time state verdict reason",
    "completeness": "unit_id task_id obligation state label reason",
    "figures": "unit_id indicator_id value kind_of_nothing file sheet cell questioned",
    "totals": "indicator_id this_period cumulative units_reporting units_expected questioned_units questioned_amount",
    "tasks": "unit_id file sheet row task_id status",
    "activities": "unit_id file sheet row date task_id form title quantity",
    "requests": "unit_id file sheet row kind content",
    "rejected": "unit_id file sheet row codes cells",
    "problems": "code severity unit_id file sheet cell field value message",
    "changes": "unit_id file sheet cell field raw used rule",
    "other-periods": "period file unit_id sha256 state reason",
    "bridge": "indicator_id unit_id before_period before now change cause months_before months_now",
    "replies": "unit_id code cell answer file",
}
STATES = {"in-force", "superseded", "duplicate", "returned", "not-a-form"}
VERDICTS = {"accepted", "questions", "partial", "returned"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Finished:
    return run_period(project, project.plan.period("q3"), Folders(INPUTS, tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def data(finished: Finished) -> Mapping[str, pd.DataFrame]:
    return {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for path in (finished.folder / "du-lieu").glob("*.csv")
    }


@pytest.fixture(scope="module")
def workbook(finished: Finished) -> CalamineWorkbook:
    return CalamineWorkbook.from_path(str(finished.workbook))


def table(workbook: CalamineWorkbook, sheet: str, key: str) -> pd.DataFrame:
    """The table of a sheet below its hidden row of keys (the header texts are its first line, and dropped)."""
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    head = next(number for number, row in enumerate(rows) if key in row)
    return pd.DataFrame(rows[head + 2 :], columns=rows[head])


def test_the_fourteen_sheets_stand_in_their_order(workbook: CalamineWorkbook) -> None:
    assert workbook.sheet_names == OUTPUT_SHEETS


def test_every_table_is_there_with_a_byte_order_mark_and_its_columns(
    finished: Finished, data: Mapping[str, pd.DataFrame]
) -> None:
    assert set(data) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert (finished.folder / "du-lieu" / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        assert set(columns.split()) <= set(data[name].columns), name


def test_every_file_of_the_folder_has_one_line(data: Mapping[str, pd.DataFrame]) -> None:
    folder = INPUTS / "2025" / "q3"
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "so-nhan.csv"
    )
    submissions = data["submissions"].set_index("file")
    assert sorted(submissions.index) == files
    assert all(
        submissions.at[file, "sha256"] == hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files
    )
    assert set(submissions["state"]) <= STATES
    assert set(submissions["verdict"]) <= VERDICTS


def test_the_grid_has_every_unit_and_task_once(data: Mapping[str, pd.DataFrame], project: Project) -> None:
    grid = data["completeness"]
    assert len(grid) == 32 * 9
    assert not grid.duplicated(["unit_id", "task_id"]).any()
    assert (grid["label"] == grid["state"].map(project.labels["state"])).all()


def test_rows_read_are_accepted_or_rejected(finished: Finished, data: Mapping[str, pd.DataFrame]) -> None:
    counts = json.loads((finished.folder / "run.json").read_text(encoding="utf-8"))["counts"]
    assert counts["rows_read"] == counts["rows_accepted"] + counts["rows_rejected"]
    assert counts["rows_rejected"] == len(data["rejected"])
    filled_figures = counts["rows_accepted"] - sum(len(data[name]) for name in ("tasks", "activities", "requests"))
    assert 0 < filled_figures <= len(data["figures"])


def test_totals_are_the_sum_of_the_figures_and_of_both_periods(
    finished: Finished, data: Mapping[str, pd.DataFrame], project: Project, tmp_path: Path
) -> None:
    before = run_period(project, project.plan.period("6t"), Folders(INPUTS, tmp_path))
    then = pd.read_csv(before.folder / "du-lieu" / "totals.csv", encoding="utf-8-sig").set_index("indicator_id")
    totals = pd.read_csv(finished.folder / "du-lieu" / "totals.csv", encoding="utf-8-sig").set_index("indicator_id")
    summed = pd.to_numeric(data["figures"]["value"]).groupby(data["figures"]["indicator_id"]).sum()
    for item in project.plan.indicators:
        assert totals.at[item.id, "this_period"] == pytest.approx(summed[item.id]), item.id
        if item.kind == "flow":
            assert totals.at[item.id, "cumulative"] == pytest.approx(
                totals.at[item.id, "this_period"] + then.at[item.id, "this_period"]
            ), item.id
        else:
            assert pd.isna(totals.at[item.id, "cumulative"]), item.id


def test_the_matrix_and_the_figures_of_the_workbook_are_those_of_the_tables(
    workbook: CalamineWorkbook, data: Mapping[str, pd.DataFrame]
) -> None:
    matrix = table(workbook, tab("Ma trận"), "unit_id").set_index("unit_id")
    for line in data["completeness"].itertuples():
        assert matrix.at[line.unit_id, line.task_id] == line.label
    figures = table(workbook, tab("Số liệu"), "indicator_id").set_index("indicator_id")
    for line in data["totals"].itertuples():
        assert str(int(figures.at[line.indicator_id, "Số đơn vị báo cáo"])) == line.units_reporting
        assert str(int(figures.at[line.indicator_id, "Số đơn vị phải báo cáo"])) == line.units_expected
        assert figures.at[line.indicator_id, "Kỳ này"] == (
            pytest.approx(float(line.this_period)) if line.this_period else ""
        )
        assert figures.at[line.indicator_id, "Luỹ kế"] == (
            pytest.approx(float(line.cumulative)) if line.cumulative else ""
        )


def test_the_quick_answers_say_what_the_grid_says(
    workbook: CalamineWorkbook, data: Mapping[str, pd.DataFrame], project: Project
) -> None:
    rows = workbook.get_sheet_by_name("Trả lời nhanh").to_python()
    answers = {row[1]: row[2] for row in rows if row[0] in ("Nhiệm vụ", "Đơn vị")}
    led = data["completeness"][data["completeness"]["obligation"] != "not-lead"]
    for task in project.plan.tasks:
        mine = led[led["task_id"] == task.id]
        assert f"{(mine['state'] == 'done').sum()}/{len(mine)} đơn vị chủ trì hoàn thành" in answers[task.id]
        for (state, label), group in mine.groupby(["state", "label"]):
            names = ", ".join(project.register.name(unit) for unit in group["unit_id"])
            every = f"{label.lower()}: tất cả {len(group)} đơn vị"
            told = every if len(group) == len(mine) > 3 else f"{label.lower()} ({len(group)}): {names}"
            assert (told in answers[task.id]) == (state != "done"), (task.id, state)
    for unit_id, mine in led.groupby("unit_id"):
        assert (
            f"{(mine['state'] == 'done').sum()}/{len(mine)} nhiệm vụ chủ trì hoàn thành"
            in answers[project.register.name(unit_id)]
        )
        missing = ", ".join(mine.loc[mine["state"] == "missing", "task_id"])
        told = answers[project.register.name(unit_id)]
        assert not missing or f"): {missing}" in told or f"chưa báo cáo: tất cả {len(mine)} nhiệm vụ" in told


def test_the_quick_answers_say_why_each_figure_differs_from_the_period_before(
    workbook: CalamineWorkbook, finished: Finished
) -> None:
    rows = workbook.get_sheet_by_name("Trả lời nhanh").to_python()
    kinds = list(dict.fromkeys(row[0] for row in rows if len(row) > 2 and row[2]))
    asked = ["Nhiệm vụ", "Vì sao khác kỳ trước", "Đơn vị", "Kế hoạch riêng"]
    assert [kind for kind in kinds if kind in asked] == asked
    sentences = difference_sentences(finished.report)
    assert {row[1]: row[2] for row in rows if row[0] == "Vì sao khác kỳ trước"} == sentences
    assert list(sentences) == [item.id for item in finished.report.project.plan.indicators]


def test_the_reconciliation_shows_no_difference(workbook: CalamineWorkbook, finished: Finished) -> None:
    rows = workbook.get_sheet_by_name("Đối chiếu").to_python()
    place = next(row.index("difference") for row in rows if "difference" in row)
    differences = [row[place] for row in rows if isinstance(row[place], float)]
    assert len(differences) >= len(finished.report.project.plan.indicators)
    assert set(differences) == {0.0}


def test_every_sheet_of_a_sample_run_says_that_it_is_a_sample(workbook: CalamineWorkbook, project: Project) -> None:
    for name in workbook.sheet_names:
        assert any(project.form.sample_mark in row for row in workbook.get_sheet_by_name(name).to_python()), name


def test_every_problem_names_its_place_and_has_a_whole_sentence(data: Mapping[str, pd.DataFrame]) -> None:
    problems = data["problems"]
    assert set(problems["severity"]) == {"block-file", "block-row", "question", "note"}
    blocked = problems[problems["severity"] == "block-row"]
    assert (blocked["sheet"] != "").all()
    assert (blocked["cell"] != "").all()
    assert problems["message"].str.endswith((".", "?")).all()
    assert not problems["message"].str.contains("{", regex=False).any()


def test_the_same_inputs_give_the_same_bytes(finished: Finished, project: Project, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(INPUTS, moved)
    for path in moved.rglob("*.xlsx"):
        os.utime(path, (1, 1))
    again = run_period(project, project.plan.period("q3"), Folders(moved, tmp_path / "out"), engine=Engine(2))
    assert contents(again.folder) == contents(finished.folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def test_the_record_lists_every_output_with_its_fingerprint(finished: Finished) -> None:
    record = json.loads((finished.folder / "run.json").read_text(encoding="utf-8"))
    assert {line["file"]: line["sha256"] for line in record["outputs"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in contents(finished.folder).items()
    }
    assert record["sample_data"] is True
    assert (record["plan"], record["period"], record["as_of"]) == (2025, "q3", "2025-09-16")


def test_inputs_are_never_changed(project: Project, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in INPUTS.rglob("*") if path.is_file()}
    run_period(project, project.plan.period("q1"), Folders(INPUTS, tmp_path))
    assert {path: path.read_bytes() for path in INPUTS.rglob("*") if path.is_file()} == before


def test_a_run_keeps_blank_forms_and_the_officers_own_files(project: Project, tmp_path: Path) -> None:
    period, folders = project.plan.period("q1"), Folders(INPUTS, tmp_path)
    run_period(project, period, folders)
    target = folders.output(project, period)
    (target / "mau").mkdir()
    (target / "mau" / "x.xlsx").write_bytes(b"blank")
    (target / "ghi chú.txt").write_text("của tôi", encoding="utf-8")
    (target / "phan-hoi" / "XA-vinh-o.txt").write_text("cũ", encoding="utf-8")
    run_period(project, period, folders)
    assert (target / "mau" / "x.xlsx").read_bytes() == b"blank"
    assert (target / "ghi chú.txt").read_text(encoding="utf-8") == "của tôi"
    assert (target / "phan-hoi" / "XA-vinh-o.txt").read_text(encoding="utf-8") != "cũ"


def test_a_run_that_breaks_conservation_stops_and_leaves_the_old_outputs(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = Folders(INPUTS, tmp_path)
    target = run_period(project, project.plan.period("q1"), folders).folder
    before = contents(target)
    monkeypatch.setattr(
        "pipeline.commands.report.list_submissions", lambda *arguments: pd.DataFrame([{"file": "ghost"}])
    )
    monkeypatch.setattr(
        sys,
        "argv",
        ["cchc", "run", "q1", *SHIPPED, "--inputs", str(INPUTS), "--outputs", str(tmp_path)],
    )
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
    assert contents(target) == before


def command(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


def test_what_cannot_run_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    for words in (
        ["run", "q9", *SHIPPED],
        ["run", "q3", "--schemas", str(tmp_path)],
        ["status", "q3", "--year", "1999", "--schemas", str(SCHEMAS)],
    ):
        done = command(*words)
        assert done.returncode == 2, words
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1
        assert done.stderr.startswith("Không chạy được: ")


def test_help_does_not_load_pandas() -> None:
    slow = ("pandas", "pandera", "openpyxl", "rich")
    code = f"import sys, pipeline.cli as cli; cli.period_words(); sys.exit(any(name in sys.modules for name in {slow}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_run_and_status_speak_json(tmp_path: Path) -> None:
    where = [*SHIPPED, "--inputs", str(INPUTS), "--outputs", str(tmp_path), "--json"]
    ran = CliRunner().invoke(cli, ["run", "q3", *where], catch_exceptions=False)
    assert json.loads(ran.stdout)["counts"]["units_expected"] == 32
    told = json.loads(
        CliRunner().invoke(cli, ["status", "q3", "--as-of", "2025-09-10", *where], catch_exceptions=False).stdout
    )
    assert told["days_left"] == 6
    assert len(told["on_time"]) + len(told["late"]) + len(told["missing"]) == told["units_expected"] == 32


def test_strict_ends_with_1_when_something_is_to_be_mended(tmp_path: Path) -> None:
    where = [*SHIPPED, "--inputs", str(INPUTS), "--outputs", str(tmp_path)]
    assert CliRunner().invoke(cli, ["run", "q3", "--strict", *where], catch_exceptions=False).exit_code == 1
    assert CliRunner().invoke(cli, ["run", "q1", "--strict", *where], catch_exceptions=False).exit_code == 0


def test_a_period_in_which_nobody_has_filed_still_writes_everything(project: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run_period(project, project.plan.period("q3"), Folders(tmp_path / "empty", tmp_path / "out"))
    assert CalamineWorkbook.from_path(str(done.workbook)).sheet_names == OUTPUT_SHEETS
    totals = pd.read_csv(done.folder / "du-lieu" / "totals.csv", encoding="utf-8-sig")
    assert totals["this_period"].isna().all()
    assert len(done.report.tally.filings.missing) == 32 == len(done.report.tally.filings.out)


def test_a_quarter_in_which_every_unit_has_filed_names_nobody(project: Project, tmp_path: Path) -> None:
    period, folders = project.plan.period("q3"), Folders(tmp_path / "in", tmp_path / "out")
    units = project.register.reporting_on(period.date_to)
    folders.input(project, period).mkdir(parents=True)
    save_all(folders.input(project, period), [truthful(project, unit.unit_id) for unit in units])
    done = run_period(project, period, folders)
    assert list(done.report.tally.filings.on_time) == [unit.unit_id for unit in units]
    assert "missing" not in set(done.report.judged.completeness["state"])
    rows = CalamineWorkbook.from_path(str(done.workbook)).get_sheet_by_name("Tổng hợp").to_python()
    assert ["Chưa nộp", "0/32", "Không có"] in [row[:3] for row in rows]


def test_the_record_gives_the_seconds_of_reading_itself(tmp_path: Path) -> None:
    where = [*SHIPPED, "--inputs", str(INPUTS), "--outputs", str(tmp_path), "--json"]
    seconds = json.loads(CliRunner().invoke(cli, ["run", "q3", *where], catch_exceptions=False).stdout)["stages"]
    assert list(seconds)[:2] == ["read", "judge"]
    assert seconds["read"] > 0.05  # 60 files of both periods, though nothing was left to wait for


def test_a_value_with_a_line_break_of_any_kind_stays_in_its_row(tmp_path: Path) -> None:
    values = ["12\r", "hai\rdòng", "hai\r\ndòng", "hai\ndòng", "một", 'ngoặc "kép"', ""]
    [path] = write_tables(tmp_path, {"changes": pd.DataFrame({"raw": values, "rule": "x"})}, most_rows=100)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        assert list(csv.reader(handle)) == [["raw", "rule"], *([value, "x"] for value in values)]
    assert path.read_bytes().endswith(b"\n,x\n")  # rows end as they always did
    assert b"x\r" not in path.read_bytes()
