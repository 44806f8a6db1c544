"""Outputs take the place of the old ones whole; what is held open keeps its name and the new file gets another."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.commands.run import Finished, run_period
from pipeline.commands.templates import write_templates
from pipeline.declare.project import Project
from pipeline.publish import swap
from pipeline.reading.periods import Folders
from pipeline.records import writing
from tests.lasting import LASTING

INPUTS = Path(__file__).parent.parent / "inputs"
WORKBOOK = "Tong-hop_2025-q1.xlsx"

Hold = Callable[..., None]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """`hold(path, …)`: from now on these files alone are open in Excel, on Windows.

    Nothing there or above them can be replaced or removed.
    """
    held: set[Path] = set()
    rename, unlink = Path.replace, Path.unlink

    def replace(self: Path, place: Path) -> Path:
        if place in held or self in held or any(self in path.parents for path in held):
            raise PermissionError(13, "held open", str(self), None, str(place))
        return rename(self, place)

    def remove(self: Path, missing_ok: bool = False) -> None:
        if self in held:
            raise PermissionError(13, "held open", str(self))
        unlink(self, missing_ok)

    def begin(*paths: Path) -> None:
        held.clear()
        held.update(paths)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(Path, "unlink", remove)
    monkeypatch.setattr(writing, "_PAUSE_SECONDS", 0)
    return begin


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.xlsx").write_text(text, encoding="utf-8")


def read(folder: Path) -> dict[str, str]:
    return {
        path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.name != swap.RECORD
    }


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def exchange(target: Path, **files: str) -> swap.Swapped:
    """A run in small: files and their record."""
    with swap.staging_folder(target) as staged:
        write(staged, **files)
        (staged / swap.RECORD).write_text(
            json.dumps({"outputs": [{"file": f"{name}.xlsx", "sha256": sha256(text)} for name, text in files.items()]}),
            encoding="utf-8",
        )
        return swap.swap_in(staged, target)


def recorded(target: Path) -> list[str]:
    return [output["file"] for output in json.loads((target / swap.RECORD).read_text(encoding="utf-8"))["outputs"]]


def test_a_run_killed_while_swapping_leaves_the_old_outputs(tmp_path: Path) -> None:
    target = tmp_path / "q3"
    exchange(target, a="old")
    target.replace(tmp_path / ".q3.cu")  # the first of the two renames, and then nothing more
    with swap.staging_folder(target) as staged:
        assert read(target) == {"a.xlsx": "old"}
        write(staged, a="new")
        assert swap.swap_in(staged, target) == swap.Swapped()
    assert read(target) == {"a.xlsx": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["q3"]


def test_a_run_that_fails_leaves_nothing_of_its_own_and_says_which_disk_is_full(tmp_path: Path) -> None:
    target = tmp_path / "q3"
    write(target, a="old")
    with pytest.raises(OSError, match="No space") as stop, swap.staging_folder(target) as staged:
        write(staged, a="new")
        raise OSError(28, "No space left on device")
    assert stop.value.filename == str(target)
    assert [path.name for path in tmp_path.iterdir()] == ["q3"]
    assert read(target) == {"a.xlsx": "old"}


def test_a_second_rename_that_fails_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "q3"
    exchange(target, a="old")
    rename = Path.replace

    def refuse_folders(self: Path, place: Path) -> Path:
        if place == target and ".moi-" in self.name:
            raise PermissionError("held by a virus scanner")
        return rename(self, place)

    monkeypatch.setattr(Path, "replace", refuse_folders)
    exchange(target, a="new")
    assert read(target) == {"a.xlsx": "new"}


def test_an_output_held_open_gets_a_new_name_and_a_sentence(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "q3"
    exchange(target, held="old", free="old")
    hold(target / "held.xlsx")
    swapped = exchange(target, held="new", free="new")
    assert read(target) == {"held.xlsx": "old", "held (2).xlsx": "new", "free.xlsx": "new"}
    assert swapped.renamed == {"held.xlsx": "held (2).xlsx"}
    assert len(swapped.sentences) == 1
    assert "held (2).xlsx" in swapped.sentences[0]
    assert recorded(target) == ["held (2).xlsx", "free.xlsx"]


def test_while_it_is_held_open_the_second_name_is_used_again_and_then_removed(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "q3"
    exchange(target, held="1")
    hold(target / "held.xlsx")
    exchange(target, held="2")
    exchange(target, held="3")
    assert read(target) == {"held.xlsx": "1", "held (2).xlsx": "3"}
    hold()
    assert exchange(target, held="4") == swap.Swapped()
    assert read(target) == {"held.xlsx": "4"}


def test_a_stale_copy_that_is_itself_open_is_told_and_removed_later(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "q3"
    exchange(target, held="1")
    hold(target / "held.xlsx")
    exchange(target, held="2")
    hold(target / "held (2).xlsx")
    swapped = exchange(target, held="3")
    assert read(target) == {"held.xlsx": "3", "held (2).xlsx": "2"}
    assert swapped.left == ("held (2).xlsx",)
    assert "held (2).xlsx" in swapped.sentences[0]
    assert recorded(target) == ["held.xlsx"]
    exchange(target, held="4")
    hold()
    exchange(target, held="5")
    assert read(target) == {"held.xlsx": "5"}


def test_the_officers_own_files_are_neither_removed_nor_copied_nor_written_over(tmp_path: Path, hold: Hold) -> None:
    target = tmp_path / "q3"
    exchange(target, held="1")
    write(target, **{"held (2)": "của tôi", "note": "của tôi"})
    hold(target / "held.xlsx", target / "note.xlsx")
    exchange(target, held="2")
    assert read(target) == {"held.xlsx": "1", "held (2).xlsx": "của tôi", "held (3).xlsx": "2", "note.xlsx": "của tôi"}
    hold()
    exchange(target, held="3")
    assert read(target) == {"held.xlsx": "3", "held (2).xlsx": "của tôi", "note.xlsx": "của tôi"}


def run_q1(project: Project, outputs: Path) -> Finished:
    return run_period(project, project.plan.period("q1"), Folders(INPUTS, outputs), engine=LASTING)


def test_a_run_names_the_workbook_that_holds_the_new_content_and_so_does_its_record(
    project: Project, tmp_path: Path, hold: Hold
) -> None:
    target = run_q1(project, tmp_path).folder
    hold(target / WORKBOOK)
    done = run_q1(project, tmp_path)
    assert done.workbook == target / "Tong-hop_2025-q1 (2).xlsx"
    record = json.loads((target / swap.RECORD).read_text(encoding="utf-8"))
    assert WORKBOOK not in {output["file"] for output in record["outputs"]}
    assert record["left_open"] == [WORKBOOK]
    for output in record["outputs"]:
        assert hashlib.sha256((target / output["file"]).read_bytes()).hexdigest() == output["sha256"], output["file"]
    hold()
    assert run_q1(project, tmp_path).workbook == target / WORKBOOK
    assert not done.workbook.exists()


def test_a_blank_form_held_open_gets_a_new_name_and_the_others_are_made(
    project: Project, tmp_path: Path, hold: Hold
) -> None:
    period, folders = project.plan.period("q3"), Folders(tmp_path / "in", tmp_path / "out")
    first = write_templates(project, period, folders)
    assert first.sentences == ()
    fresh = {path: path.read_bytes() for path in first.paths}
    held = next(path for path in first.paths if path.stem == "XA-ho-xa")
    for path in first.paths:
        path.write_bytes(b"old")
    (held.parent / "XA-ho-xa (3).xlsx").write_bytes(b"own")
    hold(held)
    again = [write_templates(project, period, folders) for _ in range(2)][-1]
    other = held.with_name("XA-ho-xa (2).xlsx")
    assert set(again.paths) == {*first.paths, other} - {held}
    assert "XA-ho-xa (2).xlsx" in again.sentences[0]
    assert {path.read_bytes() for path in (held, other)} == {b"old", fresh[held]}
    assert all(path.read_bytes() == fresh[path] for path in first.paths if path != held)
    hold()
    assert write_templates(project, period, folders) == first
    assert {path.name: path.read_bytes() for path in held.parent.iterdir()} == {
        **{path.name: fresh[path] for path in first.paths},
        "XA-ho-xa (3).xlsx": b"own",
    }
    assert [path.name for path in folders.output(project, period).parent.iterdir()] == ["q3"]


def test_all_new_files_are_on_the_disk_before_they_take_the_place_of_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, settled, missing = tmp_path / "q3", set[int](), list[str]()
    rename = Path.replace

    def settle(handle: int) -> None:
        settled.add(os.fstat(handle).st_ino)

    def replace(self: Path, place: Path) -> Path:
        if place == target:
            missing.extend(path.name for path in (self, *self.rglob("*")) if path.stat().st_ino not in settled)
            settled.clear()
        return rename(self, place)

    monkeypatch.setattr(writing, "settle", settle)
    monkeypatch.setattr(os, "fsync", settle)
    monkeypatch.setattr(Path, "replace", replace)
    for text in ("old", "new"):
        with swap.staging_folder(target) as staged:
            write(staged, a=text)
            (staged / "du-lieu").mkdir()
            write(staged / "du-lieu", b=text)
            swap.swap_in(staged, target)
        write(target, note="mine")
        assert target.parent.stat().st_ino in settled  # the new name, too, before the old folder goes
    assert missing == []
    assert read(target / "du-lieu") == {"b.xlsx": "new"}
