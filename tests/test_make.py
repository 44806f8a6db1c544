"""`make` hands what it does not know to the program: a period needs no line in the Makefile."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make on this machine")


def said(*words: str, **environment: str) -> list[str]:
    """What make would run, line by line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "GNUMAKE"))}
    done = subprocess.run(
        ["make", "--dry-run", *words], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )
    return [line.strip() for line in (done.stdout + done.stderr).splitlines()]


def run(words: str) -> str:
    return f".venv/bin/python -m pipeline {words}"


@pytest.mark.parametrize("word", ["q3", "nam", "t10", "tests"])
def test_any_word_is_a_period(word: str) -> None:
    assert said(word)[-1] == run(f"run '{word}' --today")


def test_each_period_runs_once() -> None:
    ran = [line for line in said("q3", "t10", "q3") if "pipeline run" in line]
    assert ran == [run("run 'q3' --today"), run("run 't10' --today")]


def test_targets_keep_their_meaning() -> None:
    assert said("templates", "KY=t10")[-1] == run("templates t10")
    assert not [line for line in said("help", "clean") if "pipeline run" in line]


def test_the_year_is_taken_from_what_is_typed_alone() -> None:
    assert said("q3", "NAM=2026")[-1] == run("run 'q3' --today --year '2026'")
    assert said("templates", "KY=t1", "NAM=2026")[-1] == run("templates t1 --year '2026'")
    for words in (["q3"], ["--environment-overrides", "q3"], ["q3", "NAM="]):
        assert said(*words, NAM="2020")[-1] == run("run 'q3' --today")


@pytest.mark.parametrize("name", ["Makefile", "pyproject.toml", "no.such.file", "docs/none"])
def test_files_are_no_periods(name: str) -> None:
    assert not [line for line in said(name) if "pipeline" in line and "python" in line]
