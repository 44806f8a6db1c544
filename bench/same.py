"""Whether a change of the code changed what comes out: every output of many inputs, part by part, before and after.

- `python -m bench.same inputs FOLDER` makes the inputs once: the samples, a folder of odd files and odd cells, 400
  bench forms.
- `python -m bench.same record FOLDER BEFORE.json` runs every command over them and keeps a checksum of each part of
  each output.
- `python -m bench.same compare BEFORE.json AFTER.json` lists the parts that differ; exit status 1 where there are any.

The first two belong to the code as it was, the second and third to the code as it is.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from bench.generate import generate
from bench.shipped import copy_schemas, shipped
from tests.builders import save_all, truthful, write_book
from tests.oddities.cells import CELLS
from tests.oddities.files import odd_files

_RUNS = {"samples": ("q1", "6t", "q3", "nam"), "odd": ("q3",), "many": ("q3",)}
_DAY = "2025-09-14"
_COMMANDS = {
    "samples": ("status q3", "status 6t --json", "trace Q3-CT05", "trace Q3-PA02", "check {inputs}/2025/q3"),
    "odd": ("check {inputs}/2025/q3", "status q3"),
}
_MOMENT = 1_757_800_000  # when files that stand in no book were written
_CHANGING = ("stages", "versions")  # what `run.json` says of the machine


@click.group()
def main() -> None:
    """Inputs, record, compare."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def inputs(folder: Path) -> None:
    """Write the inputs below FOLDER."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree("inputs", folder / "samples" / "inputs")
    copy_schemas(folder / "samples" / "schemas")
    copy_schemas(folder / "odd" / "schemas")
    _write_odd(folder / "odd" / "inputs" / "2025" / "q3", folder / "scratch")
    generate(400, folder / "many", "q3")
    for path in folder.rglob("*"):
        os.utime(path, (_MOMENT, _MOMENT))


def _write_odd(folder: Path, scratch: Path) -> None:
    """Thirty good forms, the odd files, and one form for each odd cell under a revision of its own."""
    project = shipped()
    units = [unit.unit_id for unit in project.register.units[:30]]
    drafts = [truthful(project, name).named(f"tot/{name}.xlsx") for name in units]
    communes = [place for place, name in enumerate(units) if name.startswith("XA-")]  # only they list activities enough
    for number, odd in enumerate(CELLS):
        place = communes[number % len(communes)]
        drafts[place] = odd.spoil(drafts[place])
        single = odd.spoil(truthful(project, units[place])).card(
            revision=number // len(communes) + 2, revision_kind="Bổ sung", revision_reason="thử"
        )
        drafts.append(single.named(f"bo sung/{number}.xlsx"))
    save_all(folder, drafts)
    scratch.mkdir()
    good = truthful(project, "XA-vinh-thai").save(scratch).read_bytes()
    odd_ones = odd_files(project, good, scratch)
    for name, (data, _) in odd_ones.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    booked = [
        *((draft.file, draft.received_at, "Zalo", "") for draft in drafts),
        *((name, "2025-09-15 18:00", "Zalo", "") for name in list(odd_ones)[::2]),
    ]
    write_book(folder, booked)
    shutil.rmtree(scratch)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--only", type=click.Choice(list(_RUNS)), multiple=True, default=list(_RUNS), help="A part, for a quick look."
)
@click.option("--outputs", type=click.Path(path_type=Path), help="Where the outputs go; by default into FOLDER.")
def record(folder: Path, target: Path, only: Sequence[str], outputs: Path | None) -> None:
    """Run everything over FOLDER and write the checksums to TARGET."""
    outputs = outputs or folder / "outputs"
    shutil.rmtree(outputs, ignore_errors=True)
    seen: dict[str, str] = {}
    for name, periods in ((name, _RUNS[name]) for name in only):
        home = folder / name
        where = ["--schemas", str(home / "schemas"), "--inputs", str(home / "inputs"), "--outputs", str(outputs / name)]
        for period in periods:
            seen[f"{name}/screen of run {period}"] = _screen(["run", period, *where])
        for line in _COMMANDS.get(name, ()):
            words = line.format(inputs=home / "inputs").split()
            seen[f"{name}/screen of {line}"] = _screen([*words, *where, "--as-of", _DAY])
    _screen(["templates", "q3", "--outputs", str(outputs / "blank")])
    for period in ("6t", "q3"):
        _screen(["sample", period, "--inputs", str(outputs / "sample")])
    seen |= checksums(outputs)
    target.write_text(json.dumps(seen, ensure_ascii=False, indent=0), encoding="utf-8")
    click.echo(f"{len(seen)} parts of outputs")


def _screen(words: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return hashlib.sha256(
        re.sub(rb"(?<= )\S*/(?=(?:samples|odd|many)/2025/)", b"", done.stdout) + done.stderr + bytes([done.returncode])
    ).hexdigest()


def checksums(folder: Path) -> dict[str, str]:
    """Of every file in the folder and of every part of a package, by name."""
    return {
        f"{path.relative_to(folder).as_posix()}{part}": digest
        for path in sorted(path for path in folder.rglob("*") if path.is_file())
        for part, digest in _parts(path)
    }


def _parts(path: Path) -> Iterator[tuple[str, str]]:
    """The whole file, and each part of a package."""
    if path.name == "run.json":
        run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        kept = {key: value for key, value in run.items() if key not in _CHANGING}
        yield "", hashlib.sha256(json.dumps(kept, ensure_ascii=False).encode()).hexdigest()
        return
    yield "", hashlib.sha256(path.read_bytes()).hexdigest()
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield f"!{name}", hashlib.sha256(archive.read(name)).hexdigest()


@main.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
def compare(before: Path, after: Path) -> None:
    """List what differs between two records."""
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    parts = {name.partition("/")[0] for name in new}
    old = {name: digest for name, digest in old.items() if name.partition("/")[0] in parts}
    differing = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    for name in differing:
        click.echo(f"{'changed' if name in old and name in new else 'gone' if name in old else 'new'}: {name}")
    click.echo(f"{len(old)} parts before, {len(new)} after, {len(differing)} differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
