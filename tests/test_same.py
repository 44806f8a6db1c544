"""Two records of outputs are the same, or the parts that differ are named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from bench.same import checksums, main

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A record of a folder with one package and the record of its run."""

    def written(name: str, cells: str = "1", **run: Any) -> Path:
        folder = tmp_path / name / "samples"
        folder.mkdir(parents=True)
        with ZipFile(folder / "a.xlsx", "w") as package:
            package.writestr("looks.xml", "bold")
            package.writestr("sheet1.xml", cells)
        (folder / "run.json").write_text(json.dumps({"period": "q3", **run}), encoding="utf-8")
        record = tmp_path / f"{name}.json"
        record.write_text(json.dumps(checksums(folder.parent)), encoding="utf-8")
        return record

    return written


def compare(before: Path, after: Path) -> tuple[int, list[str]]:
    done = CliRunner().invoke(main, ["compare", str(before), str(after)])
    return done.exit_code, done.stdout.splitlines()[:-1]


def test_what_a_run_says_of_the_machine_is_no_difference(write: Write) -> None:
    before = write("before", stages={"read": 1.0}, versions={"python": "3.11"})
    after = write("after", stages={"read": 2.0}, versions={"python": "3.12"})
    assert compare(before, after) == (0, [])


def test_a_changed_byte_is_named_with_its_part(write: Write) -> None:
    code, lines = compare(write("before"), write("after", cells="2"))
    assert (code, lines) == (1, ["changed: samples/a.xlsx", "changed: samples/a.xlsx!sheet1.xml"])


def test_a_part_that_is_missing_or_new_is_named(write: Write, tmp_path: Path) -> None:
    before, after = write("before"), write("after")
    (tmp_path / "after/samples/a.xlsx").rename(tmp_path / "after/samples/b.xlsx")
    after.write_text(json.dumps(checksums(tmp_path / "after")), encoding="utf-8")
    code, lines = compare(before, after)
    assert code == 1
    assert {line.partition(":")[0] for line in lines} == {"gone", "new"}
    assert len(lines) == 6
