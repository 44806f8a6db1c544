"""One unit's form, judged, as the paper of its own tells it: its card, figures, rows and tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import Any

from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.papers.document import one_line
from pipeline.publish.sentences.addressing import written_to
from pipeline.values.cells import is_missing
from pipeline.values.frames import rows_as, rows_as_dicts, rows_where, tuples
from pipeline.values.lines import TaskLine, TotalLine
from pipeline.values.tally import OwnPlan

Row = Mapping[str, Any]  # by field of the form


@dataclass(frozen=True)
class OwnForm:
    """What one form in force says.

    `judged`: the form by itself. `totals`: its figures by indicator; those since January of the unit's own reports, NaN
    where one of them is not there. `plan`: the unit's own plan of propaganda.
    """

    project: Project
    judged: Evaluation
    unit: Unit
    totals: Mapping[str, TotalLine]
    plan: OwnPlan | None

    @property
    def period(self) -> Period:
        return self.judged.settlement.period

    @property
    def who(self) -> str:
        """“UBND xã Vĩnh Ô”, “Phòng Tư pháp”."""
        return written_to(self.unit, self.project.plan)

    @cached_property
    def card(self) -> Row:
        """The answers of its card."""
        return next(rows_as_dicts(self.judged.settlement.frames["card"]))

    def answer(self, key: str) -> str:
        """One text of the card; empty where there is none."""
        return text_of(self.card, key)

    @cached_property
    def nothings(self) -> Mapping[str, str]:
        """By indicator that it has to give, what kind of nothing stands there; empty for a number."""
        grid = self.judged.settlement.grid
        mine = rows_where(grid, grid["unit_id"] == self.unit.unit_id)
        return dict(tuples(mine, "indicator_id", "kind_of_nothing"))

    def amount(self, item: Indicator) -> float:
        """Its figure of the period; NaN where there is none."""
        return self.totals[item.id].this_period if item.id in self.nothings else float("nan")

    def has(self, item: Indicator) -> bool:
        """Whether there is anything to tell of a figure."""
        amount = self.amount(item)
        return not isnan(amount) and amount != 0

    @cached_property
    def tasks(self) -> Mapping[str, TaskLine]:
        """Where it stands with each task that it leads."""
        lines = rows_as(TaskLine, self.judged.completeness)
        return {
            line.task_id: line for line in lines if line.unit_id == self.unit.unit_id and line.obligation != "not-lead"
        }

    def rows(self, table: str) -> list[Row]:
        """The accepted rows of a table."""
        return list(rows_as_dicts(self.judged.settlement.rows.accepted[table]))

    def words(self, kind: str) -> list[Row]:
        """What it wrote of one kind in Biểu 4; nothing where the form has no such kind."""
        labels = {choice.label for choice in self.project.form.choices["request_kind"] if choice.id == kind}
        return [row for row in self.rows("requests") if row["kind"] in labels]


def text_of(row: Row, key: str) -> str:
    """A text of a row on one line; empty where there is none."""
    value = row.get(key)
    return "" if is_missing(value) else one_line(value)


def sentence_of(row: Row, key: str) -> str:
    """The same without the sign that ends it."""
    return text_of(row, key).rstrip(".;, ")
