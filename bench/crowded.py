"""Folders in which there is very much of one thing: what a run makes of them has to grow with their size, not faster.

`python -m bench.crowded KIND N FOLDER` writes `FOLDER/schemas` and `FOLDER/inputs`, with invented units.
`measure_crowds` measures a whole run over each of them, everything written.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from bench.generate import Generator, Sending
from bench.lines import Line, find, line
from bench.measure import measure
from bench.patching import Template
from bench.register import district, model
from bench.shipped import SAMPLES, shipped
from bench.typist import Typist
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.forms.blank_form import Answers, write_blank_form
from pipeline.samples.content import load_content

PERIOD = "q1"
SIZES = (500, 1_000, 2_000)
LONG_FORMS, ROWS_TO_ONE = 8, 10  # forms, and how many rows of each stand for one of many files
_ROUNDS = 1
_UNITS = 32
_WRONG_DAY = date(2019, 1, 1)
Row = dict[str, Any]


def measure_crowds() -> list[Line]:
    """Runs over each kind at each size, each a process of its own."""
    lines = []
    for kind in KINDS:
        for count in SIZES:
            with tempfile.TemporaryDirectory() as home:
                crowd(kind, count, Path(home))
                words = ("-m", "bench.written", home, PERIOD, str(Path(home, "out")))
                lines.append(line(kind, count, [measure(*words) for _ in range(_ROUNDS)]))
            print(f"{count} {kind}: {lines[-1].of('cpu'):.1f} s of the processor", file=sys.stderr, flush=True)
    return lines


def growth(lines: Sequence[Line], kind: str) -> float | None:
    """What the last thousand cost against the five hundred before: 2 where time grows with size, 4 with its square.

    What every run costs, however little it reads, falls out of it.
    """
    small, middle, large = (find(lines, kind, count) for count in SIZES)
    if not small or not middle or not large:
        return None
    return (large.of("cpu") - middle.of("cpu")) / max(0.5, middle.of("cpu") - small.of("cpu"))


def crowd(kind: str, count: int, folder: Path) -> None:
    """Write the folder of that kind: `count` files, or ten times as many rows in each of `LONG_FORMS` forms."""
    generator = Generator(folder, district(_UNITS, shipped().register), PERIOD)
    KINDS[kind](generator, count)
    generator.finish()


def _copies(generator: Generator, count: int) -> None:
    generator.write([Sending(generator.members[0])])
    [sent] = generator.inputs.glob("*.xlsx")
    for number in range(2, count + 1):
        (generator.inputs / f"{sent.stem} - bản {number}.xlsx").write_bytes(sent.read_bytes())


def _revisions(generator: Generator, count: int) -> None:
    generator.write([Sending(generator.members[0], number, number == count) for number in range(1, count + 1)])


def _conflicts(generator: Generator, count: int) -> None:
    """Different contents that all say that they are the first."""
    member = generator.members[0]
    generator.write([Sending(member, number, is_in_force=False, numbered=1) for number in range(1, count + 1)])


def _strangers(generator: Generator, count: int) -> None:
    for number in range(1, count + 1):
        with xlsxwriter.Workbook(generator.inputs / f"Bảng kê {number}.xlsx") as book:
            book.add_worksheet("Kê").write(0, 0, number)


def _wrong_rows(generator: Generator, count: int) -> None:
    """A day, a task and a title that are wrong, in each row another."""
    days = [_WRONG_DAY + timedelta(number % 900) for number in range(ROWS_TO_ONE * count)]
    wrong = [{"date": day, "task_id": f"NV{number}", "form": "Phát thanh"} for number, day in enumerate(days)]
    _long_forms(generator, lambda rows: wrong)


def _one_mistake(generator: Generator, count: int) -> None:
    """The day of the first row is wrong."""

    def long(rows: Sequence[Row]) -> list[Row]:
        first, *more = [
            {**rows[number % len(rows)], "title": f"Tin số {number}"} for number in range(ROWS_TO_ONE * count)
        ]
        return [{**first, "date": _WRONG_DAY}, *more]

    _long_forms(generator, long)


def _long_forms(generator: Generator, rows: Callable[[Sequence[Row]], Sequence[Row]]) -> None:
    """Forms of invented units, with these rows in Biểu 3 instead of their own."""
    project = shipped()
    templates: dict[str, Template] = {}
    for member in generator.members[:LONG_FORMS]:
        unit, words = model(member)
        if member.sort not in templates:
            templates[member.sort] = _template(project, unit, rows)
        (generator.inputs / f"{member.unit.name}.xlsx").write_bytes(templates[member.sort].fill({}, words))


def _template(project: Project, unit: Unit, rows: Callable[[Sequence[Row]], Sequence[Row]]) -> Template:
    period, content = project.plan.period(PERIOD), load_content(SAMPLES, project)
    typed = Typist(project, content, period, unit).type(unit, 1, period.last_day)
    figures = {name: {"value": value} for name, value in typed.figures.items()}
    answers = Answers(typed.card, typed.tasks, figures, rows(typed.activities), typed.requests)
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "form.xlsx")
        write_blank_form(path, project, unit, period, answers)
        return Template(path.read_bytes(), {})


KINDS: Mapping[str, Callable[[Generator, int], None]] = {
    "copies of one form": _copies,
    "revisions of one unit": _revisions,
    "versions in conflict": _conflicts,
    "workbooks that are no forms": _strangers,
    f"wrong rows in each of {LONG_FORMS} forms, times {ROWS_TO_ONE}": _wrong_rows,
    f"rows in each of {LONG_FORMS} forms, times {ROWS_TO_ONE}, one of them wrong": _one_mistake,
}


if __name__ == "__main__":
    crowd(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
