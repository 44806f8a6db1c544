"""What the command line says: help in Vietnamese, and of what cannot be run one sentence.

The sentence names the value or the path, and the outputs stay as they were.
"""

import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli, main
from pipeline.declare.project import Project, load_project
from pipeline.records import writing
from tests.builders import INPUTS, OF_YEAR, ROOT, SCHEMAS, save_all, truthful
from tests.declarations import change_toml, put

SHIPPED = ("--schemas", str(SCHEMAS), *OF_YEAR)

Refuse = Callable[..., str]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refuse:
    """The one sentence that a command ends with."""

    def command(*words: str | Path) -> str:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(sys, "argv", ["cchc", words[0], *OF_YEAR, *map(str, words[1:])])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        assert (stop.value.code, said.out) == (2, "")
        [sentence] = said.err.splitlines()
        assert sentence.startswith("Không chạy được: ")
        assert sentence.endswith(".")
        return sentence

    return command


@pytest.mark.parametrize("command", ["run", "templates"])
@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc elsewhere")
def test_outputs_where_no_folder_can_be_made(command: str, refuse: Refuse) -> None:
    assert "“/proc/x” không có, cũng không tạo được" in refuse(command, "q1", "--outputs", "/proc/x")


@pytest.mark.parametrize("command", ["run", "templates"])
def test_outputs_that_are_a_file(command: str, refuse: Refuse, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert f"“{tmp_path / 'file'}{os.sep}2025” có một tệp ở chỗ cần thư mục" in refuse(
        command, "q1", "--outputs", tmp_path / "file"
    )


@pytest.mark.parametrize(
    ("address", "reason"), [("nowhere://kho/x", "không phải là địa chỉ kho tệp"), ("dropbox://kho/x", "máy chưa cài")]
)
def test_a_store_that_cannot_be_reached(address: str, reason: str, refuse: Refuse) -> None:
    assert f"“{address}” " in (said := refuse("run", "q1", "--inputs", address))
    assert reason in said


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "ổ đĩa đã đầy"),
        (errno.EACCES, "đang mở ở chương trình khác"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
@pytest.mark.parametrize("command", ["run", "templates"])
def test_a_disk_that_refuses_is_a_sentence_and_leaves_the_outputs(
    command: str, number: int, reason: str, refuse: Refuse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "2025" / "q1"
    folder.mkdir(parents=True)
    (folder / "old.txt").write_text("old", encoding="utf-8")

    def save(book: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("xlsxwriter.Workbook._store_workbook", save)
    sentence = refuse(command, "q1", "--outputs", tmp_path)
    assert f"“{folder}”" in sentence
    assert reason in sentence
    assert [path.name for path in (tmp_path / "2025").iterdir()] == ["q1"]
    assert [path.name for path in folder.iterdir()] == ["old.txt"]


def test_a_receiving_book_that_the_machine_does_not_open_is_named(
    refuse: Refuse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "2025" / "q1" / "so-nhan.csv"
    book.parent.mkdir(parents=True)
    book.touch()
    read = Path.read_bytes

    def closed(self: Path) -> bytes:
        if self == book:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", closed)
    assert f"“{book}” đang mở" in refuse("run", "q1", "--inputs", tmp_path, "--outputs", tmp_path / "out")


@pytest.mark.parametrize("words", [("run", "q3"), ("status", "q3"), ("trace", "Q3-CT05")])
@pytest.mark.parametrize("is_file", [True, False])
def test_inputs_that_are_no_folder_are_refused_and_the_outputs_stay(
    words: tuple[str, ...], is_file: bool, refuse: Refuse, tmp_path: Path
) -> None:
    place, outputs = tmp_path / "inputs", tmp_path / "out" / "2025" / "q3"
    outputs.mkdir(parents=True)
    (outputs / "old.txt").write_text("old", encoding="utf-8")
    if is_file:
        place.touch()
    assert str(place) in refuse(*words, "--inputs", place, "--outputs", tmp_path / "out")
    assert [path.name for path in outputs.iterdir()] == ["old.txt"]


@pytest.mark.parametrize("is_made", [True, False])
def test_a_period_without_files_runs_and_says_so_first(is_made: bool, tmp_path: Path) -> None:
    folder = tmp_path / "2025" / "q1"
    (folder if is_made else tmp_path).mkdir(parents=True, exist_ok=True)
    for command in ("run", "status"):
        where = [*SHIPPED, "--inputs", str(tmp_path), "--outputs", str(tmp_path / "out")]
        done = CliRunner().invoke(cli, [command, "q1", *where], catch_exceptions=False)
        assert done.exit_code == 0
        assert done.stdout.splitlines()[0] == f"Thư mục {folder} chưa có tệp nào."


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("check", "/nope.xlsx"), "“/nope.xlsx” không có"),
        (("receive", "q3", "docs"), "“docs” là thư mục"),
        (
            ("receive", "q3", "README.md", "--received-at", "hôm qua"),
            "--received-at “hôm qua” không phải là ngày và giờ",
        ),
        (("status", "q3", "--as-of", "abc"), "--as-of “abc” không phải là ngày"),
        (("status", "q3", "--workers", "0"), "--workers “0” không nằm trong khoảng từ 1 đến 64"),
        (("status", "q3", "--year", "x"), "--year “x” không phải là số nguyên"),
        (("status", "q3", "--year"), "“--year”"),
        (("status", "q3", "--nope"), "“--nope”"),
        (("status",), "thiếu KỲ"),
        (("stauts", "q3"), "không có lệnh “stauts”"),
        (("status", "q3", "q4"), "thừa"),
    ],
)
def test_a_mistyped_command_names_what_was_typed_and_why(words: tuple[str, ...], named: str, refuse: Refuse) -> None:
    assert named in refuse(*words)


@pytest.mark.parametrize("day", ["2025-09-10", "10/9/2025"])
def test_days_are_written_as_in_the_data_or_as_on_paper(day: str) -> None:
    where = [*SHIPPED, "--inputs", str(INPUTS)]
    assert (
        "tính đến ngày 10/9/2025"
        in CliRunner().invoke(cli, ["status", "q3", "--as-of", day, *where], catch_exceptions=False).stdout
    )


@pytest.mark.parametrize("words", [[], *([name] for name in cli.commands)])
def test_the_help_is_in_vietnamese(words: list[str]) -> None:
    text = CliRunner().invoke(cli, [*words, "--help"]).stdout
    assert "Hiện hướng dẫn này." in text
    assert not re.search(r"_[A-Z]|INTEGER|TEXT|PATH|%Y|\b(?:Show|exit|message)\b", text)


def test_the_help_says_the_words_of_the_newest_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "xem thư mục schemas/plans." in CliRunner().invoke(cli, ["--help"], catch_exceptions=False).stdout
    shutil.copytree(SCHEMAS, "schemas")
    newest = load_project(SCHEMAS).plan
    code = newest.periods[0].code
    change_toml(Path(f"schemas/plans/{newest.year}.toml"), put("periods", code, "also", value=["q7", "h7"]))
    said = CliRunner().invoke(cli, ["--help"], catch_exceptions=False).stdout
    [line] = [" ".join(part.split()) for part in said.split("\n\n") if part.strip().startswith("KỲ: ")]
    words = line.removeprefix("KỲ: ").removesuffix(".").split(", ")
    assert f"{code} hoặc q7 hoặc h7 ({newest.periods[0].name.lower()[0]}{newest.periods[0].name[1:]})" in words
    assert [word.split()[0] for word in words] == [period.code for period in newest.periods]


def test_the_command_alone_shows_its_help() -> None:
    done = CliRunner().invoke(cli, [])
    assert (done.exit_code, done.stdout) == (0, CliRunner().invoke(cli, ["--help"]).stdout)


def test_check_of_a_folder_checks_every_file_in_it_but_the_book(
    project: Project, refuse: Refuse, tmp_path: Path
) -> None:
    assert str(tmp_path) in refuse("check", tmp_path)
    save_all(tmp_path, [truthful(project, unit_id) for unit_id in ("XA-ho-xa", "XA-vinh-o")])
    (tmp_path / "so-nhan.csv").write_text("file,received_at\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path), *SHIPPED], catch_exceptions=False)
    assert done.exit_code == 0
    assert (
        len(re.findall("^[^ ].* – Quý III: Đạt[.]$", done.stdout, re.MULTILINE))
        == len(done.stdout.splitlines()) / 2
        == 2
    )


def test_the_last_line_of_a_run_names_the_new_workbook_while_the_old_one_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["run", "q1", *SHIPPED, "--inputs", str(INPUTS), "--outputs", str(tmp_path)]
    held = tmp_path / "2025" / "q1" / "Tong-hop_2025-q1.xlsx"
    CliRunner().invoke(cli, words, catch_exceptions=False)
    rename = Path.replace

    def windows(self: Path, place: Path) -> Path:
        if place == held or self in held.parents:
            raise PermissionError(errno.EACCES, "held open")
        return rename(self, place)

    monkeypatch.setattr(Path, "replace", windows)
    monkeypatch.setattr(writing, "_PAUSE_SECONDS", 0)
    last = CliRunner().invoke(cli, words, catch_exceptions=False).stdout.splitlines()[-1]
    assert last == f"Bảng tổng hợp: {held.with_name('Tong-hop_2025-q1 (2).xlsx')}"


def test_reference_speaks_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["reference", "--schemas", str(SCHEMAS), "--json"]
    (tmp_path / "docs").mkdir()
    assert json.loads(CliRunner().invoke(cli, words, catch_exceptions=False).stdout) == [
        str(Path("docs/form-reference.md"))
    ]


def test_samples_made_are_counted_without_the_book(tmp_path: Path) -> None:
    words = ["sample", "q3", *SHIPPED, "--inputs", str(tmp_path)]
    said = CliRunner().invoke(cli, words, catch_exceptions=False).stdout
    made = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "so-nhan.csv"]
    assert said.startswith(f"Đã tạo {len(made)} tệp dữ liệu mẫu và sổ nhận so-nhan.csv trong ")


@pytest.mark.parametrize("name", ["", *cli.commands])
def test_the_help_has_no_english_in_it(name: str) -> None:
    said = CliRunner().invoke(cli, [*filter(None, [name]), "--help"], catch_exceptions=False).stdout
    assert said.startswith("Cách dùng: ")
    assert not re.search(
        r"usage|option|command|argument|default|show|exit|required", re.sub(r"--[a-z-]+", "", said), re.IGNORECASE
    )
