"""Submissions in any number: the project's own forms, filled by invented units, and the generator's own sums.

`python -m bench.generate N FOLDER [--period q1]` writes `FOLDER/schemas` (the project's declarations with invented
communes in the register), `FOLDER/inputs/<year>/<period>` (one form a unit and the receiving book) and
`FOLDER/sums.json`. The forms do not bear the sample mark, since a marked form is listed as such and would leave the
figures of a whole run to be called samples; that the units are invented stands in their names. Equal words give equal
bytes.
"""

import csv
import json
import math
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import click

from bench.patching import Template, Value
from bench.register import Member, district, model
from bench.shipped import SAMPLES, copy_schemas, shipped
from bench.typist import ROWS, Typed, Typist
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.forms.blank_form import CARD_FIRST_ROW, FIRST_ROW, Answers, write_blank_form
from pipeline.samples.content import load_content
from pipeline.values.cells import cell_name
from pipeline.values.forms import BOOK_COLUMNS, RECEIVING_BOOK

SPOILED = (16, 50, 83)  # of every hundred files
_REQUESTS = 4
_COLUMNS = ("unit_id", "name", "kind", "aliases", "valid_from", "valid_to", "successor", "must_report")


@dataclass(frozen=True, slots=True)
class Sending:
    """One file of a unit; `is_in_force` unless a later one replaces it. `numbered`: what its card says instead."""

    member: Member
    revision: int = 1
    is_in_force: bool = True
    numbered: int = 0


@dataclass
class Sums:
    """What a run over the files must find, counted while they are typed."""

    files: int = 0
    bytes: int = 0
    activities: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    values: dict[str, list[float]] = field(default_factory=dict)
    expected: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def count(self, typed: Typed) -> None:
        """Only the version in force counts."""
        self.activities += len(typed.activities)
        self.rejected += typed.rejected
        for name in typed.figures:
            self.expected[name] += 1
        for name, value in typed.counted.items():
            self.values.setdefault(name, []).append(value)
        if typed.problem:
            self.problems[typed.problem] += 1

    def told(self, period: Period) -> dict[str, Any]:
        totals = {
            name: {
                "value": math.fsum(self.values.get(name, [])),
                "reporting": len(self.values.get(name, [])),
                "expected": count,
            }
            for name, count in sorted(self.expected.items())
        }
        return {
            "period": period.code,
            "files": self.files,
            "megabytes": round(self.bytes / 1e6, 1),
            "accepted": self.activities - self.rejected["activities"],
            "rejected": self.rejected.total(),
            "problems": dict(sorted(self.problems.items())),
            "totals": totals,
        }


class Generator:
    """Writes the files of one folder, all at once or in batches."""

    def __init__(self, folder: Path, members: Sequence[Member], period: str, spoiled: Sequence[int] = SPOILED) -> None:
        """`spoiled`: which of every hundred files hold a mistake; the kinds of mistakes take turns."""
        source = shipped()
        self._spoiled = spoiled
        self.folder, self.members = folder, members
        self.period = source.plan.period(period)
        self.inputs = folder / "inputs" / str(source.plan.year) / self.period.code
        self.inputs.mkdir(parents=True, exist_ok=True)
        self.sums = Sums()
        self._project, self._content = source, load_content(SAMPLES, source)
        self._sorts: dict[str, tuple[Template, Typist]] = {}
        self._book: list[tuple[str, datetime]] = []

    def write(self, sendings: Sequence[Sending]) -> None:
        """Write these files and count what they hold."""
        for sending in sendings:
            place, unit = self.sums.files, sending.member.unit
            received = _received(self.period, place, sending.revision)
            template, typist = self._sort(sending.member)
            typed = typist.type(
                unit, sending.revision, received.date(), self._mistake(place) if sending.is_in_force else None
            )
            if sending.numbered:
                typed.card["revision"] = sending.numbered
            _, words = model(sending.member)
            data = template.fill(_contents(typed, self._project), words)
            again = f" (lần {sending.revision})" if sending.revision > 1 else ""
            name = f"BC CCHC {self.period.name} - {unit.name}{again}.xlsx"
            (self.inputs / name).write_bytes(data)
            self._book.append((name, received))
            self.sums.files += 1
            self.sums.bytes += len(data)
            if sending.is_in_force:
                self.sums.count(typed)

    def finish(self) -> dict[str, Any]:
        """Write the declarations, the receiving book and the sums."""
        _write_schemas(self.folder / "schemas", self.members)
        with (self.inputs / RECEIVING_BOOK).open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(BOOK_COLUMNS)
            writer.writerows((name, f"{received:%Y-%m-%d %H:%M}", "email", "") for name, received in self._book)
        told = self.sums.told(self.period)
        (self.folder / "sums.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        return told

    def _mistake(self, place: int) -> int | None:
        block, rest = divmod(place, 100)
        return block * len(self._spoiled) + self._spoiled.index(rest) if rest in self._spoiled else None

    def _sort(self, member: Member) -> tuple[Template, Typist]:
        """The form and the typist of a sort of units, made when the first of them comes."""
        if member.sort not in self._sorts:
            unit, _ = model(member)
            typist = Typist(self._project, self._content, self.period, unit)
            self._sorts[member.sort] = (_template(self._project, self.period, unit, typist), typist)
        return self._sorts[member.sort]


def generate(count: int, folder: Path, period: str = "q1") -> dict[str, Any]:
    """`count` units file once each; returns what stands in `sums.json`."""
    members = district(count, shipped().register)
    generator = Generator(folder, members, period)
    generator.write([Sending(member) for member in members])
    return generator.finish()


def _template(project: Project, period: Period, unit: Unit, typist: Typist) -> Template:
    """A form as the project's writer makes it, its cells open, filled once so that rows have lines and heights."""
    typed = typist.type(unit, 1, period.last_day)
    blank = {item.key: "" for item in project.form["requests"].fields}
    requests = [*typed.requests, *[{**blank, "kind": "-"}] * _REQUESTS][:_REQUESTS]
    figures = {name: {"value": 1} for name in typed.figures}
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "form.xlsx")
        write_blank_form(
            path, project, unit, period, Answers(typed.card, typed.tasks, figures, typed.activities, requests)
        )
        data = path.read_bytes()
    return Template(data, dict(_slots(project)))


def _slots(project: Project) -> Iterator[tuple[str, list[str]]]:
    """By part of the package, the addresses of every cell that a unit may fill."""
    rows = {
        "tasks": len(project.plan.tasks),
        "figures": len(project.plan.indicators),
        "activities": ROWS,
        "requests": _REQUESTS,
    }
    for place, sheet in enumerate(project.form.sheets.values()):
        if sheet.shape == "card":
            addresses = [cell_name(2, CARD_FIRST_ROW + row + 1) for row, item in enumerate(sheet.fields) if item.own]
        else:
            columns = [column for column, item in enumerate(sheet.fields) if not item.locked]
            addresses = [cell_name(column, FIRST_ROW + row + 1) for row in range(rows[sheet.id]) for column in columns]
        yield _part(place), addresses


def _part(place: int) -> str:
    return f"xl/worksheets/sheet{place + 2}.xml"  # the first is the guide


def _contents(typed: Typed, project: Project) -> dict[str, list[Value]]:
    """What was typed, by part in the order of `_slots`."""
    form, plan = project.form, project.plan
    lines: dict[str, Sequence[Mapping[str, Any]]] = {
        "card": [typed.card],
        "tasks": [typed.tasks.get(task.id, {}) for task in plan.tasks],
        "figures": [{"value": typed.figures.get(item.id)} for item in plan.indicators],
        "activities": typed.activities,
        "requests": [*typed.requests, *[{}] * _REQUESTS][:_REQUESTS],
    }
    contents: dict[str, list[Value]] = {}
    for place, sheet in enumerate(form.sheets.values()):
        keys = [item.key for item in sheet.fields if not item.locked]
        contents[_part(place)] = [line.get(key) for line in lines[sheet.id] for key in keys]
    return contents


def _received(period: Period, place: int, revision: int) -> datetime:
    """In office hours after the closing day, in time; a later version comes on the last day."""
    first, last = period.date_to + timedelta(days=1), period.last_day
    day: date = last if revision > 1 else first + timedelta(days=place % max(1, (last - first).days))
    return datetime.combine(day, clock(7 + place % 9, place // 9 % 60))


def _write_schemas(folder: Path, members: Sequence[Member]) -> None:
    """The project's declarations with another register, without the content of the samples: it names real communes."""
    shutil.rmtree(folder, ignore_errors=True)
    copy_schemas(folder, "samples.toml", "units.csv")
    with (folder / "units.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for unit in (member.unit for member in members):
            writer.writerow(
                [
                    unit.unit_id,
                    unit.name,
                    unit.kind,
                    "; ".join(unit.aliases),
                    unit.valid_from,
                    "",
                    unit.successor,
                    "yes",
                ]
            )


@click.command()
@click.argument("count", type=int)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--period", default="q1", show_default=True)
def main(count: int, folder: Path, period: str) -> None:
    start = time.perf_counter()
    told = generate(count, folder, period)
    seconds = time.perf_counter() - start
    click.echo(
        f"{told['files']} forms, {told['megabytes']} MB, {1000 * seconds / told['files']:.1f} ms each", file=sys.stderr
    )


if __name__ == "__main__":
    main()
