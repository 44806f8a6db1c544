"""The other periods that a run reads are in its books: what they could not give is named, never silently missing."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline import screen
from pipeline.commands import own_run
from pipeline.commands.run import Finished, run_period
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.judge import conserve
from pipeline.publish.sheets import SHEET
from pipeline.reading.periods import Folders
from pipeline.values.forms import Reading
from tests.builders import Draft, save_all, truthful
from tests.lasting import LASTING

UNITS = ("XA-vinh-thai", "XA-kim-thach", "P-tu-phap")
Spoil = Callable[[Draft], Draft]


def of_quarter(draft: Draft) -> Draft:
    """The same unit's form of Quý I under the name of this one."""
    return truthful(draft.project, draft.unit.unit_id, "q1").named(draft.file)


SPOILED: dict[str, tuple[Spoil, str, str]] = {
    "a form of another period": (of_quarter, "returned", "Sai kỳ báo cáo"),
    "a row that is not accepted": (
        lambda draft: draft.figure("CT01", -1),
        "in-force",
        "1 dòng chưa nhận: Số âm hoặc thấp hơn mức cho phép",
    ),
    "a figure that is no number": (
        lambda draft: draft.figure("CT01", "khoảng 12").figure("CT02", "vài"),
        "in-force",
        "1 dòng chưa nhận: Không phải là số; 1 ô chưa dùng được: Số chưa rõ",
    ),
}


@pytest.fixture
def folders(project: Project, tmp_path: Path) -> Folders:
    for period in ("6t", "q3"):
        drafts = [truthful(project, unit_id, period).named(f"{unit_id}.xlsx") for unit_id in UNITS]
        save_all(tmp_path / "in" / "2025" / period, drafts)
    return Folders(tmp_path / "in", tmp_path / "out")


def run(project: Project, folders: Folders, period: str = "q3") -> Finished:
    return run_period(project, project.plan.period(period), folders, engine=LASTING)


def listed(done: Finished, table: str = "other-periods") -> list[dict[str, str]]:
    path = done.folder / "du-lieu" / f"{table}.csv"
    lines = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig").to_dict("records")
    return [{str(key): str(value) for key, value in line.items()} for line in lines]


def test_sound_forms_of_other_periods_are_not_spoken_of(project: Project, folders: Folders) -> None:
    done = run(project, folders)
    head = (done.folder / "du-lieu" / "other-periods.csv").read_text(encoding="utf-8-sig")
    assert head == "period,file,unit_id,sha256,state,reason\n"
    assert done.report.unused_words == ()


@pytest.mark.parametrize("kind", SPOILED)
def test_a_form_of_another_period_that_is_not_used_in_full_is_named(
    kind: str, project: Project, folders: Folders
) -> None:
    spoil, state, reason = SPOILED[kind]
    path = spoil(truthful(project, UNITS[0], "6t").named(f"{UNITS[0]}.xlsx")).save(folders.inputs / "2025" / "6t")
    done = run(project, folders)
    [line] = listed(done)
    assert (line["period"], line["file"], line["state"]) == ("6t", path.name, state)
    assert line["unit_id"] == UNITS[0]
    assert line["reason"] == reason
    assert len(line["sha256"]) == 64
    [sentence] = done.report.unused_words
    assert sentence.startswith("6 tháng đầu năm chưa dùng được đủ 1 tệp")
    assert "Xã Vĩnh Thái" in sentence
    cells = [cell.value for row in load_workbook(done.workbook)[SHEET["problems"].name].iter_rows() for cell in row]
    assert sentence in cells
    assert sentence in (done.folder / "index.html").read_text(encoding="utf-8")
    assert sentence in shown(done)
    assert {line["file"] for line in listed(done, "submissions")} == {f"{unit_id}.xlsx" for unit_id in UNITS}


def shown(done: Finished) -> str:
    """What the terminal shows."""
    with screen._console.capture() as captured:
        screen.show_run(done, Path("inputs"))
    return captured.get()


def test_sample_forms_that_stand_aside_in_another_period_are_told(project: Project, folders: Folders) -> None:
    run(project, folders, "6t")
    for unit_id in UNITS:
        draft = truthful(project, unit_id, "6t").sample().named(f"{unit_id}.xlsx")
        draft.save(folders.inputs / "2025" / "6t")
    done = run(project, folders)
    assert [(line["state"], line["unit_id"]) for line in listed(done)] == [
        ("superseded", unit_id) for unit_id in sorted(UNITS)
    ]
    [said] = done.report.unused_words
    assert said == "6 tháng đầu năm: không đưa vào tổng hợp 3 tệp dữ liệu mẫu vì đã có biểu thật."


def test_a_form_that_a_later_one_has_mended_is_listed_and_not_spoken_of(project: Project, folders: Folders) -> None:
    broken = truthful(project, UNITS[0], "q1").named("a.xlsx").received("2025-06-10T08:00")
    mended = truthful(project, UNITS[0], "6t").named(f"{UNITS[0]}.xlsx").received("2025-06-12T08:00")
    save_all(folders.inputs / "2025" / "6t", (broken, mended))
    done = run(project, folders)
    assert [line["file"] for line in listed(done)] == ["a.xlsx"]
    assert done.report.unused_words == ()


def test_what_is_no_form_in_another_periods_folder_is_named_by_its_file(project: Project, folders: Folders) -> None:
    (folders.inputs / "2025" / "6t" / "ban ky.pdf").write_bytes(b"%PDF-1.7")
    (folders.inputs / "2025" / "6t" / "~$a.xlsx").write_bytes(b"")
    done = run(project, folders)
    assert [(line["file"], line["state"]) for line in listed(done)] == [("ban ky.pdf", "not-a-form")]
    assert "“ban ky.pdf” (không phải biểu mẫu)" in done.report.unused_words[0]


def test_what_dropped_out_or_came_since_the_periods_own_run_is_told(project: Project, folders: Folders) -> None:
    run(project, folders, "6t")
    assert not [line for line in run(project, folders).sentences if "So với lần chạy" in line]
    folder = folders.inputs / "2025" / "6t"
    (folder / f"{UNITS[0]}.xlsx").write_bytes(b"broken")
    shutil.move(folder / f"{UNITS[1]}.xlsx", folder / "another name.xlsx")
    truthful(project, UNITS[2], "6t").figure("CT01", 7).named(f"{UNITS[2]}.xlsx").save(folder)
    [sentence] = [line for line in run(project, folders).sentences if "So với lần chạy" in line]
    assert sentence.startswith("So với lần chạy 6 tháng đầu năm đã ghi ở ")
    assert (
        f"không còn biểu dùng được của Xã Vĩnh Thái; không còn dùng “{UNITS[0]}.xlsx” (Xã Vĩnh Thái); "
        f"đổi nội dung “{UNITS[2]}.xlsx” (Phòng Tư pháp)."
    ) in sentence  # a file of another name holds what it held
    (folder / "another name.xlsx").unlink()
    truthful(project, UNITS[1], "6t").figure("CT01", 8).named("=b'.xlsx").save(folder)
    [sentence] = [line for line in run(project, folders).sentences if "So với lần chạy" in line]
    assert "không còn biểu dùng được của Xã Vĩnh Thái; " in sentence
    assert "mới dùng “=b'.xlsx” (Xã Kim Thạch)" in sentence


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"file\n1\n", b"file,sha256,unit_id,state\n\x00\n", None])
def test_outputs_of_an_own_run_that_are_not_sound_tell_nothing(data: bytes | None, tmp_path: Path) -> None:
    (tmp_path / "du-lieu").mkdir()
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    if data is not None:
        (tmp_path / "du-lieu" / "submissions.csv").write_bytes(data)
    assert not own_run._used_then(tmp_path)


def test_the_books_of_other_periods_have_to_balance(
    project: Project, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = conserve._filled

    def lose_one(docs: Iterable[int], readings: Sequence[Reading], table: str) -> Any:
        found = filled(docs, readings, table)
        is_half_year = any("6t" in reading.arrival.path.parts for reading in readings)
        return found[1:] if is_half_year else found

    monkeypatch.setattr(conserve, "_filled", lose_one)
    with pytest.raises(PipelineError, match=r"kỳ 6 tháng đầu năm 2025.*không ghi kết quả"):
        run(project, folders)
