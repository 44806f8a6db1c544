"""What the outputs are made from: one period's results as plain values and frames."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isnan

import pandas as pd

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from pipeline.judged.past import Beside, Past
from pipeline.publish.outputs import TABLES
from pipeline.publish.sheets import SHEETS, OutputSheet, sheet_named
from pipeline.publish.style import MOST_DECIMALS
from pipeline.publish.tables import changes_table
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import RequestLine, TaskLine, TotalLine
from pipeline.values.sent import Sending
from pipeline.values.states import Filing, SinceCause
from pipeline.values.tally import Tally
from pipeline.words.lists import named
from pipeline.words.numbers import number_text


def _decimals(value: float) -> int:
    return len(number_text(value).partition(",")[2])


@dataclass(frozen=True)
class Report:
    """One judged period as it came, with what is laid beside it for those who read.

    Frames have the columns that their makers name; nothing here is computed again from files.
    """

    project: Project
    judged: Evaluation
    as_of: date
    is_due: bool  # whether the deadline is past; before that, nobody is urged
    filings: pd.DataFrame  # one row a unit: values.lines.UnitLine
    submissions: pd.DataFrame  # one row a file: values.lines.FileLine
    past: Past | None  # what the period is compared with
    before: pd.DataFrame | None  # its totals, where there are any
    compared: pd.DataFrame  # the totals of both, one beside the other: values.lines.ComparedLine
    differences: pd.DataFrame  # the same by unit: values.lines.DifferenceLine
    bridge: pd.DataFrame  # the same for those who reckon on: figures.differences.BRIDGE
    last_year: Beside | None  # the same beside that of the year before, where its plan and forms are there
    problems: pd.DataFrame  # publish.tables.problems_table
    form_faults: tuple[str, ...]  # sentences on fields over which many units stumble
    unused: pd.DataFrame  # forms of other periods that were not used in full: values.lines.UnusedLine
    unused_words: tuple[str, ...]  # the same in sentences
    since: pd.DataFrame | None  # what is not as it was sent: values.lines.SinceLine; None where nothing was
    since_forms: Mapping[str, SinceCause]  # units whose forms are others than when it was sent, and nothing differs
    sendings: Mapping[str, Sending]  # what was sent last, by the code of the period
    since_untold: tuple[str, ...]  # sentences on packages with which nothing can be compared
    tally: Tally
    sample_mark: str  # empty unless sample data stands behind the figures
    shown: tuple[OutputSheet, ...] = SHEETS  # the sheets of the workbook that is described: no text points at others

    @property
    def period(self) -> Period:
        """The period that this is the report of."""
        return self.judged.settlement.period

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What is used other than as written: values.lines.ChangeLine."""
        return changes_table(self.judged.settlement.changes)

    @cached_property
    def is_for_office(self) -> bool:
        """Whether the workbook that is described stays in the office: then it may name files, cells, questions."""
        return any(sheet.audience == "office" for sheet in self.shown)

    def name(self, unit_id: str) -> str:
        return self.project.register.name(unit_id)

    def names(self, unit_ids: Sequence[str], where: str = sheet_named("filing")) -> str:
        """Units by name, in the order given; of very many the first, how many more, and `where` all of them stand."""
        return self.listed([self.name(unit_id) for unit_id in unit_ids], where)

    def listed(self, names: Sequence[str], where: str = sheet_named("filing")) -> str:
        """The same for names as they are to be read."""
        seen = "" if where in self._left_out else f" (xem {where})"
        return named(names, self.project.plan.outputs.most_names, f"đơn vị khác{seen}")

    @cached_property
    def _left_out(self) -> frozenset[str]:
        """The sheets, as sentences name them, that are not in the workbook."""
        return frozenset(sheet_named(sheet.id) for sheet in SHEETS if sheet not in self.shown)

    @property
    def written(self) -> tuple[OutputSheet, ...]:
        """The sheets that are written of those that are shown.

        What differs from what was sent only if any was, points only where the plan asks for them.
        """
        needless = {"since_sent": self.since is None, "scoring": not self.tally.scores}
        return tuple(sheet for sheet in self.shown if not needless.get(sheet.id))

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """What kind each unit is that reports, in the words of the plan."""
        names = self.project.plan.kinds
        return {unit.unit_id: names[unit.kind] for unit in self.judged.settlement.units}

    def elsewhere(self, table: str, rows: int) -> str:
        """The sentence that stands in a sheet for a list that is too long for it; empty when the list is not."""
        most = self.project.plan.outputs.most_rows
        if rows <= most:
            return ""
        too_many = f"Danh sách có {number_text(rows)} dòng, quá {number_text(most)} dòng của một sheet"
        where = f"; xin xem đủ ở tệp {TABLES}/{table}.parquet hoặc {table}.csv" if self.is_for_office else ""
        return f"{too_many}{where}."

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """The place of each unit in the register, for lists in its order."""
        return {unit.unit_id: place for place, unit in enumerate(self.project.register.units)}

    def names_by_filing(self) -> dict[Filing, list[str]]:
        """The names of the units of which no form can be used, by how they stand; of a mere signed copy it is said.

        Those that have sent nothing are there even if there are none.
        """
        signed = self.tally.filings.unfiled.get("signed-only", ())
        remark = f" ({self.label('unfiled', 'signed-only')})"
        found: dict[Filing, list[str]] = {"unusable": [], "missing" if self.is_due else "not-due": []}
        for unit_id in self.tally.filings.out:
            name = self.name(unit_id) + (remark if unit_id in signed else "")
            found[self.tally.filings.of[unit_id]].append(name)
        return {filing: names for filing, names in found.items() if names or filing != "unusable"}

    @property
    def models(self) -> tuple[RequestLine, ...]:
        """What units name as models and good practice; nothing where the form has no such kind."""
        labels = (choice.label for choice in self.project.form.choices["request_kind"] if choice.id == "model")
        return self.tally.requests.by_kind.get(next(labels, ""), ())

    @cached_property
    def older_form_words(self) -> str:
        """How many units filed by a form of an earlier version; empty for none."""
        older, plan = len(self.tally.filings.older_form), self.project.plan
        if not older:
            return ""
        return (
            f"Gửi theo biểu mẫu phiên bản cũ ({', '.join(plan.reads)}): {older} đơn vị; "
            f"phần mới của biểu {plan.form} không hỏi các đơn vị này nên không tính là thiếu."
        )

    def nothing_words(self, kind: str) -> str:
        """What a kind of nothing means: the unit's own word for it, or ours for a gap."""
        nothing = self.project.form.nothing.get(kind)
        return nothing.meaning if nothing else self.label("nothing", kind)

    @cached_property
    def judgements(self) -> Mapping[str, Mapping[str, TaskLine]]:
        """The lines of the completeness grid by unit and task."""
        found: dict[str, dict[str, TaskLine]] = {}
        for line in rows_as(TaskLine, self.judged.completeness):
            found.setdefault(line.unit_id, {})[line.task_id] = line
        return found

    @cached_property
    def total(self) -> Mapping[str, TotalLine]:
        """The totals of this period by indicator."""
        return {line.indicator_id: line for line in rows_as(TotalLine, self.judged.totals)}

    @cached_property
    def decimals(self) -> Mapping[str, int]:
        """How many decimals figures are shown with, by indicator: as declared, more where a unit reported more.

        Never more than there are looks for: a quantity without an end is no key of a table that has one.
        """
        found = {
            item.id: max([item.decimals, *(() if item.whole else self._decimals_of(item.id))])
            for item in self.project.plan.indicators
        }
        return {name: min(places, MOST_DECIMALS) for name, places in found.items()}

    def _decimals_of(self, indicator_id: str) -> Iterator[int]:
        """Those of all that units gave for it and of all that was added up."""
        totals, grid = self.judged.totals, self.judged.settlement.grid
        sums = totals[totals["indicator_id"] == indicator_id].select_dtypes("number").to_numpy().ravel()
        given = grid.loc[grid["indicator_id"] == indicator_id, "value"].unique()
        return (_decimals(value) for value in (*sums, *given) if not isnan(value))

    @cached_property
    def doubted(self) -> Mapping[str, tuple[str, ...]]:
        """By indicator, the units whose figure stands in the total though they are still asked about it."""
        lines = self.judged.settlement.grid[self.judged.settlement.grid["questioned"] != ""]
        found: dict[str, list[str]] = {}
        for indicator_id, unit_id in tuples(lines, "indicator_id", "unit_id"):
            found.setdefault(indicator_id, []).append(unit_id)
        return {indicator_id: tuple(units) for indicator_id, units in found.items()}

    @cached_property
    def doubted_totals(self) -> frozenset[str]:
        """The indicators with something under question in their totals, of this period or of those that it adds up."""
        totals = self.judged.totals
        return frozenset(totals.loc[totals["cumulative_questioned_units"] > 0, "indicator_id"]) | frozenset(
            self.doubted
        )

    def label(self, group: str, key: str) -> str:
        return self.project.labels[group][key]
