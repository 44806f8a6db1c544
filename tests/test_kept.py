"""What a person changed in an output is kept in `giu-lai/` before ours is written; no later run loses it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.publish import swap
from pipeline.publish.outputs import KEPT, RECORD

OURS = {"Tong-hop.xlsx": "một", "du-lieu/totals.csv": "a,b", "index.html": "trang"}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept_name(name: str, text: str) -> str:
    path = Path(name)
    return f"{KEPT}/{path.stem}-{digest(text)[:8]}{path.suffix}"


def run(target: Path, files: Mapping[str, str], whole: tuple[str, ...] = ()) -> swap.Swapped:
    """A run in small: files and their record."""
    with swap.staging_folder(target) as staged:
        for name, text in files.items():
            write(staged / name, text)
        outputs = [{"file": name, "sha256": digest(text)} for name, text in files.items()]
        write(staged / RECORD, json.dumps({"outputs": outputs}))
        return swap.swap_in(staged, target, whole)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def read(target: Path) -> dict[str, str]:
    paths = (path for path in target.rglob("*") if path.is_file() and path.name != RECORD)
    return {path.relative_to(target).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    run(tmp_path / "q3", OURS)
    return tmp_path / "q3"


def test_a_second_run_over_its_own_outputs_keeps_nothing(target: Path) -> None:
    assert run(target, OURS) == swap.Swapped()
    assert read(target) == OURS


@pytest.mark.parametrize("name", OURS)
def test_a_changed_output_is_kept_beside_and_named(target: Path, name: str) -> None:
    write(target / name, "sửa tay")
    swapped = run(target, {**OURS, name: "mới"})
    copy = kept_name(name, "sửa tay")
    assert read(target) == {**OURS, name: "mới", copy: "sửa tay"}
    [sentence] = swapped.sentences
    assert name in sentence
    assert copy in sentence


def test_an_output_that_is_written_no_more_is_kept_when_it_was_changed(target: Path) -> None:
    write(target / "index.html", "sửa tay")
    left = {name: text for name, text in OURS.items() if name != "index.html"}
    run(target, left)
    assert read(target) == {**left, kept_name("index.html", "sửa tay"): "sửa tay"}


def test_ten_runs_lose_nothing_and_keep_each_content_once(target: Path) -> None:
    for turn in range(10):
        write(target / "Tong-hop.xlsx", f"sửa lần {turn // 2}")
        run(target, {**OURS, "Tong-hop.xlsx": f"số liệu {turn}"})
    copies = {kept_name("Tong-hop.xlsx", text): text for text in (f"sửa lần {number}" for number in range(5))}
    assert read(target) == {**OURS, "Tong-hop.xlsx": "số liệu 9", **copies}


def test_a_kept_file_that_was_changed_itself_is_not_written_over(target: Path) -> None:
    write(target / kept_name("index.html", "sửa tay"), "sửa bản giữ")
    write(target / "index.html", "sửa tay")
    run(target, OURS)
    assert read(target) == {
        **OURS,
        kept_name("index.html", "sửa tay"): "sửa bản giữ",
        f"{KEPT}/index-{digest('sửa tay')}.html": "sửa tay",
    }


def test_files_that_no_record_lists_stay_in_their_place(target: Path) -> None:
    for name in ("ghi-chu.txt", "mau/XA-ho-xa.xlsx", "du-lieu/rieng.csv"):
        write(target / name, "của tôi")
    before = read(target)
    assert run(target, OURS) == swap.Swapped()
    assert read(target) == before


@pytest.mark.parametrize(
    "record",
    [
        None,
        "{",
        "[]",
        '{"outputs": [{"file": "index.html"}]}',
        '{"outputs": [{"file": "../index.html", "sha256": "%s"}]}' % ("0" * 64),
        '{"outputs": [{"file": "giu-lai/a", "sha256": "%s"}]}' % ("0" * 64),
    ],
)
def test_without_a_sound_record_every_output_counts_as_the_officers(target: Path, record: str | None) -> None:
    write(target / "ghi-chu.txt", "của tôi")
    (target / RECORD).unlink()
    if record is not None:
        write(target / RECORD, record)
    swapped = run(target, {**OURS, "index.html": "mới"})
    found = read(target)
    assert found.pop("ghi-chu.txt") == "của tôi"
    copies = {kept_name(name, text): text for name, text in OURS.items()}
    kept_record = {name for name in found if name.startswith(f"{KEPT}/run-")}
    assert {name: text for name, text in found.items() if name not in kept_record} == {
        **OURS,
        "index.html": "mới",
        **copies,
    }
    assert len(kept_record) == (record is not None)
    assert len(swapped.sentences) == 1
    assert "index.html" in swapped.sentences[0]


def test_what_is_saved_between_the_look_and_the_exchange_is_kept(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carry = swap._carry_over

    def save_and_carry(*args: object) -> bool:
        if not (target.with_name(".q3.cu")).exists():
            write(target / "index.html", "lưu đúng lúc đó")
        return carry(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(swap, "_carry_over", save_and_carry)
    swapped = run(target, OURS)
    assert read(target) == {**OURS, kept_name("index.html", "lưu đúng lúc đó"): "lưu đúng lúc đó"}
    assert len(swapped.sentences) == 1


def test_of_what_was_open_the_later_saving_is_kept(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put, rename = swap._put, Path.replace

    def held(self: Path, place: Path) -> Path:
        if self == target:
            raise PermissionError(13, "held open")
        return rename(self, place)

    def put_beside(path: Path, folder: Path, usual: str, ours: object) -> str:
        if usual != "index.html":
            return put(path, folder, usual, ours)  # type: ignore[arg-type]
        path.replace(folder / "index (2).html")
        return "index (2).html"

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        patch.setattr(swap, "_put", put_beside)
        assert run(target, OURS).renamed == {"index.html": "index (2).html"}
    untouched = read(target)
    assert untouched["index.html"] == OURS["index.html"]
    write(target / "index.html", "lưu sau")
    run(target, OURS)
    assert read(target) == {**OURS, kept_name("index.html", "lưu sau"): "lưu sau"}


def test_what_is_to_be_kept_whole_is_kept_though_nobody_changed_it(target: Path) -> None:
    run(target, OURS, ("index.html",))
    assert read(target) == {**OURS, kept_name("index.html", OURS["index.html"]): OURS["index.html"]}
