"""However a command ends, the officer gets a sentence: no traceback, no status that belongs to something else."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.cli import cli
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project, load_project
from pipeline.declare.safe_names import COMMANDS, fault_of_code, fault_of_id
from pipeline.ending import outputs_named, told_of_defect
from tests.builders import OF_YEAR, ROOT, SCHEMAS, YEAR, save_all, truthful

SECRET = "Xã Vĩnh Thái 123456"
# Read by Python before anything of ours: a library that fails in a run, with a unit's words in its message.
BROKEN = f"""
import pandas
def fail(*given, **named):
    LEFT.clear()
    try:
        raise ValueError({SECRET!r})
    except ValueError as error:
        raise KeyError({SECRET!r}) from error
pandas.concat = fail
class Leaves:
    def __del__(self):
        raise OSError(28, "No space left on device", {SECRET!r})
LEFT = [Leaves()]
"""


@pytest.fixture(scope="module")
def inputs(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("ending")
    drafts = [truthful(project, name) for name in ("XA-vinh-thai", "XA-vinh-tu")]
    save_all(home / "2025" / "q3", [draft.named(f"Xã {draft.unit.name} quý III.xlsx") for draft in drafts])
    return home


def run(*words: str, environment: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_defect_is_a_sentence_and_a_file_without_a_units_words(inputs: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    (outputs / "2025" / "q3").mkdir(parents=True)
    (outputs / "2025" / "q3" / "run.json").write_text("{}", encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(BROKEN, encoding="utf-8")
    done = run(
        *("run", "q3", *OF_YEAR, "--inputs", str(inputs), "--outputs", str(outputs)),
        environment={"PYTHONPATH": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (2, "")
    sentence = done.stderr.splitlines()[-1]
    assert sentence.startswith("Không chạy được: ") and "Traceback" not in done.stderr
    [file] = (outputs / "loi").iterdir()
    assert str(file) in sentence
    told = file.read_text(encoding="utf-8")
    assert "KeyError" in told and "ValueError" in told and "pipeline/evaluate.py:" in told
    assert SECRET not in told and "Vĩnh" not in told
    assert [path.name for path in (outputs / "2025" / "q3").iterdir()] == ["run.json"]


def test_two_defects_of_one_second_have_a_file_each(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5)
    words = ["run", "q3", f"--outputs={tmp_path}"]
    for _ in range(2):
        assert told_of_defect(RuntimeError("x"), words, moment).endswith(".")
    assert sorted(path.name for path in (tmp_path / "loi").iterdir()) == [
        "loi-20260102-030405-2.txt",
        "loi-20260102-030405.txt",
    ]


def test_where_the_file_cannot_be_written_the_sentence_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sentence = told_of_defect(RuntimeError("x"), ["run", "--outputs", str(tmp_path / "file")], datetime(2026, 1, 2))
    assert sentence.endswith("xin báo người phụ trách phần mềm.")


@pytest.mark.parametrize(
    ("words", "folder"),
    [
        (["run", "q3"], "outputs"),
        (["run", "q3", "--outputs", "a"], "a"),
        (["run", "--outputs=b"], "b"),
        (["--outputs"], "outputs"),
    ],
)
def test_the_folder_of_outputs_is_known_without_click(words: list[str], folder: str) -> None:
    assert outputs_named(words) == Path(folder)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device elsewhere")
def test_a_screen_that_is_full_is_no_problem_of_a_unit(inputs: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pipeline",
                "status",
                "q3",
                *OF_YEAR,
                "--inputs",
                str(inputs),
                "--as-of",
                "2025-09-10",
            ],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 2
    [sentence] = done.stderr.splitlines()
    assert "đã đầy" in sentence


@pytest.mark.skipif(sys.platform == "win32", reason="names of files do not follow the locale there")
def test_a_machine_of_another_alphabet_gives_the_same_bytes(inputs: Path, tmp_path: Path) -> None:
    foreign = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    said = {}
    for name, around in (("usual", {"PYTHONUTF8": "1"}), ("foreign", foreign)):
        done = run(
            "run", "q3", *OF_YEAR, "--inputs", str(inputs), "--outputs", str(tmp_path / name), environment=around
        )
        assert (done.returncode, done.stderr) == (0, "")
        said[name] = done.stdout.replace(str(tmp_path / name), "")
    assert digests(tmp_path / "usual") == digests(tmp_path / "foreign")
    assert said["usual"] == said["foreign"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_a_file_whose_name_is_no_utf_8_is_read_like_any_other(inputs: Path, tmp_path: Path) -> None:
    home = tmp_path / "inputs"
    shutil.copytree(inputs, home)
    folder = home / "2025" / "q3"
    (folder / "so-nhan.csv").unlink()
    one = next(iter(sorted(folder.glob("*.xlsx"))))
    os.rename(os.fsencode(one), os.fsencode(folder) + b"/Xa V\xf0nh Th\xff.xlsx")  # noqa: PTH104 - no Path takes bytes
    done = run(
        "run", "q3", *OF_YEAR, "--inputs", str(home), "--outputs", str(tmp_path / "outputs"), "--as-of", "2025-09-15"
    )
    assert (done.returncode, done.stderr) == (0, "")
    listed = (tmp_path / "outputs/2025/q3/du-lieu/submissions.csv").read_text(encoding="utf-8-sig")
    assert listed.count("in-force") == 2


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "a b", "CON", "nul.x", "COM1", "x.", "-x", "Xã", "", "x" * 61])
def test_an_id_that_no_file_may_bear_is_refused(name: str, tmp_path: Path) -> None:
    assert fault_of_id(name)
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    register = tmp_path / "schemas" / "units.csv"
    register.write_text(register.read_text(encoding="utf-8").replace("XA-vinh-thai,", f"{name},"), encoding="utf-8")
    with pytest.raises(PipelineError, match="mã"):
        load_project(tmp_path / "schemas", YEAR)


@pytest.mark.parametrize(
    "code", ["../q", "q 3", "Q3", "quy3-2025x", "con", "aux", "com1", "test", "clean", "gui", "ban"]
)
def test_a_period_that_no_folder_or_word_may_be_is_refused(code: str) -> None:
    assert fault_of_code(code)


def test_names_that_are_shipped_are_sound_and_no_command_is_a_period(project: Project) -> None:
    assert not [unit.unit_id for unit in project.register.units if fault_of_id(unit.unit_id)]
    words = [word for period in project.plan.periods for word in (period.code, *period.also)]
    assert not [word for word in words if fault_of_code(word)]
    assert set(cli.commands) <= COMMANDS
