"""Thirty good forms among a hundred odd files: the same figures as the thirty alone, a sentence for every odd one."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline.declare.project import Project
from tests.builders import OF_YEAR, SCHEMAS, Draft, save_all, truthful, write_book
from tests.oddities.files import Files, odd_files

SENDER = "XA-vinh-thai"  # whose form is sent again, cut short, and spoilt


@pytest.fixture(scope="module")
def good(project: Project) -> list[Draft]:
    """Thirty truthful forms; two units stay silent."""
    return [truthful(project, unit.unit_id).named(f"tot/{unit.unit_id}.xlsx") for unit in project.register.units[:30]]


@pytest.fixture(scope="module")
def odd(project: Project, good: list[Draft], tmp_path_factory: pytest.TempPathFactory) -> Files:
    [sent] = [draft for draft in good if draft.unit.unit_id == SENDER]
    folder = tmp_path_factory.mktemp("odd")
    return odd_files(project, sent.save(folder).read_bytes(), folder)


@pytest.fixture(scope="module")
def alone(good: list[Draft], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over the thirty forms writes."""
    home = tmp_path_factory.mktemp("alone")
    save_all(home / "inputs" / "2025" / "q3", good)
    return run(home)


@pytest.fixture(scope="module")
def among(good: list[Draft], odd: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the odd files beside them."""
    home = tmp_path_factory.mktemp("among")
    inputs = home / "inputs" / "2025" / "q3"
    save_all(inputs, good)
    for name, (data, _) in odd.items():
        (inputs / name).parent.mkdir(parents=True, exist_ok=True)
        (inputs / name).write_bytes(data)
    received = [(draft.file, draft.received_at, "Zalo", "") for draft in good]
    write_book(inputs, [*received, *((name, "2025-09-15 18:00", "Zalo", "") for name in odd)])
    return run(home)


# Runs a command, ends as it ends, and writes down the most that any process of it held.
WEIGHED = """
import subprocess, sys
status = subprocess.run(sys.argv[2:]).returncode
if sys.platform != "win32":
    import resource
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    open(sys.argv[1], "w", encoding="utf-8").write(str(held))
sys.exit(status)
"""


def run(home: Path) -> Path:
    """One run from the command line, which has to end with 0 and without a traceback."""
    words = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "q3",
        *OF_YEAR,
        "--inputs",
        str(home / "inputs"),
        "--outputs",
        str(home / "outputs"),
        "--schemas",
        str(SCHEMAS),
    ]
    weighed = [sys.executable, "-c", WEIGHED, str(home / "held"), *words]  # a test process has other children, too
    done = subprocess.run(
        weighed,
        cwd=SCHEMAS.parent,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-3000:]
    return home / "outputs" / "2025" / "q3" / "du-lieu"


def table(outputs: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(outputs / f"{name}.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)


def test_there_are_a_hundred_odd_files_of_at_least_forty_kinds(odd: Files) -> None:
    assert len(odd) >= 100
    assert len({re.sub(r"\d", "", name) for name in odd}) >= 40


@pytest.mark.parametrize("name", ["totals", "completeness", "tasks", "activities", "requests", "figures", "rejected"])
def test_the_odd_files_change_no_figure_and_no_state(name: str, alone: Path, among: Path) -> None:
    assert (among / f"{name}.csv").read_bytes() == (alone / f"{name}.csv").read_bytes()


def test_every_file_is_listed_with_what_became_of_it_and_why(among: Path, good: list[Draft], odd: Files) -> None:
    listed = table(among, "submissions").set_index("file")
    assert set(listed.index) == {draft.file for draft in good} | set(odd) and listed.index.is_unique
    assert set(listed.loc[[draft.file for draft in good], "state"]) == {"in-force"}
    mine = listed.loc[list(odd)]
    assert set(mine["state"]) == {"not-a-form", "returned", "duplicate"}
    assert (mine["reason"] != "").all() and (mine["verdict"] != "").all()


def test_every_odd_file_has_one_of_its_codes_and_a_whole_sentence(among: Path, odd: Files) -> None:
    by_file = told(table(among, "problems"))
    for name, (_, codes) in odd.items():
        said = by_file.get(name, [])
        assert bool(said) == bool(codes), name
        assert not codes or {code for code, _ in said} & codes, (name, said)
        for _, sentence in said:
            assert is_whole(sentence), (name, sentence)


def told(problems: pd.DataFrame) -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for file, code, message in zip(problems["file"], problems["code"], problems["message"], strict=True):
        found.setdefault(file, []).append((code, message))
    return found


def is_whole(sentence: str) -> bool:
    """Begins as a sentence, ends as one, in Vietnamese, with nothing left open."""
    has_holes = re.search(r"[{}]|  |\(\)|“”|None|nan| [,;]| \.(?![a-z])", sentence)
    return (
        not has_holes
        and sentence.lstrip("“")[0].isupper()
        and sentence[-1] == "."
        and bool(re.search("[ăâđêôơưáàảãạếệốộớợứựíìị]", sentence))
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a finished process held")
def test_the_runs_stay_within_their_memory(among: Path) -> None:
    held = float((among.parents[3] / "held").read_text(encoding="utf-8"))
    assert 50 < held < 1000
