"""What one batch of files comes to: a reading each, and the converted cells of those that are forms.

Made in a reading process, from nothing but the files and the declarations; batches laid one behind the other are
one batch.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.convert.columns import Cells, convert_forms
from pipeline.declare.project import Project
from pipeline.files.opening import Opened
from pipeline.intake.submission import take_in
from pipeline.reading.isolate import ALL_READ
from pipeline.values.forms import Arrival, Reading


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings in the order of their files; `cells` name each by its position among them."""

    readings: tuple[Reading, ...]
    cells: Cells


@dataclass(frozen=True)
class ReadForms:
    """The work of a reading process: files of a period, named by its code, into a batch."""

    project: Project

    def __call__(
        self, code: str, arrivals: Sequence[Arrival], begin: Callable[[int], None], refusal: Opened | None
    ) -> Batch:
        period = self.project.plan.period(code)
        readings = take_in(arrivals, self.project, period, begin, refusal)
        begin(ALL_READ)
        return make_batch(readings, self.project, code)


def make_batch(readings: Sequence[Reading], project: Project, code: str) -> Batch:
    """Convert the forms among the readings that nothing keeps out."""
    forms = [
        doc
        for doc, reading in enumerate(readings)
        if reading.is_form and not project.catalogue.keeping_out(reading.problems)
    ]
    cells = convert_forms(readings, forms, project, project.plan.period(code))
    converted = set(forms)
    known: dict[str, str] = {}
    return Batch(
        tuple(
            _light(doc, reading, cells, known) if doc in converted else reading for doc, reading in enumerate(readings)
        ),
        cells,
    )


def _light(doc: int, reading: Reading, cells: Cells, known: dict[str, str]) -> Reading:
    """The reading without the raw rows of open tables that `cells` say again, word for word.

    Equal printed texts are held once.
    """
    tables = {
        name: found.with_shared_texts(known) if found.is_fixed else found.without(cells.odd_rows[name].get(doc, ()))
        for name, found in reading.tables.items()
    }
    return replace(reading, tables=tables)


def all_readings(batches: Iterable[Batch]) -> tuple[Reading, ...]:
    """The readings of all batches, in order."""
    return tuple(reading for batch in batches for reading in batch.readings)
