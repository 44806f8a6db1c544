"""The folder of one period with all that a run writes: forms go in, texts, marked copies and tables come out."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.commands.run import Finished, run_period
from pipeline.declare.project import Project
from pipeline.reading.periods import Folders
from tests.builders import Draft, save_all
from tests.lasting import LASTING


@dataclass(frozen=True)
class Desk:
    """A folder of the third quarter."""

    project: Project
    home: Path

    @property
    def folders(self) -> Folders:
        return Folders(self.home / "in", self.home / "out")

    @property
    def inputs(self) -> Path:
        return self.folders.input(self.project, self.project.plan.period("q3"))

    def run(self, *drafts: Draft) -> Finished:
        """Run over what lies there, and over the drafts with a book of their own, where there are any."""
        if drafts:
            save_all(self.inputs, drafts)
        return run_period(self.project, self.project.plan.period("q3"), self.folders, engine=LASTING)

    def out(self, name: str) -> Path:
        return self.folders.output(self.project, self.project.plan.period("q3")) / name

    def hears(self, unit_id: str) -> str:
        return self.out(f"phan-hoi/{unit_id}.txt").read_text(encoding="utf-8")

    def copy(self, unit_id: str) -> Path:
        return self.out(f"phan-hoi/{unit_id}.xlsx")

    def card(self, unit_id: str) -> dict[str, Any]:
        """The card of the marked copy, by field key."""
        sheet = openpyxl.load_workbook(self.copy(unit_id))[self.project.form.card.name]
        return {str(row[0].value): row[2].value for row in sheet.iter_rows()}

    def advice(self, unit_id: str) -> str:
        """What stands above the list of the marked copy."""
        sheet = openpyxl.load_workbook(self.copy(unit_id))[self.project.form.todo_sheet]
        return "\n".join(str(cell.value) for row in sheet.iter_rows(max_row=12) for cell in row if cell.value)

    def table(self, name: str) -> list[dict[str, str]]:
        with self.out(f"du-lieu/{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
            return list(csv.DictReader(handle))
