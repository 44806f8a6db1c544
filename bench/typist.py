"""What an invented unit types into its form: card, tasks, figures that fit, sixty activities; and honest mistakes.

All words, forms of propaganda and ranges of figures are those of `schemas/samples.toml`. The generator counts for
itself what of it must enter the totals, so that a run can be compared with somebody who never read the files.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pipeline.declare.plan import Indicator, Period, Task
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.samples.activities import Item
from pipeline.samples.author import Author
from pipeline.samples.content import Content, Scenario, Title
from pipeline.samples.figures import Figures, Reporter, make_figures
from pipeline.words.days import day_text

ROWS = 60
Row = dict[str, Any]


@dataclass
class Typed:
    """The cells of one form by their keys, and what of its figures must enter the totals."""

    card: Row
    tasks: dict[str, Row]
    figures: dict[str, Any]
    activities: list[Row]
    requests: list[Row]
    counted: dict[str, float] = field(default_factory=dict)
    rejected: Counter[str] = field(default_factory=Counter)  # rows by table
    problem: str = ""


class Typist:
    """Whoever types for all units of one sort in one period; what depends on the sort alone is looked up once."""

    def __init__(self, project: Project, content: Content, period: Period, unit: Unit) -> None:
        """`unit`: any unit of the sort."""
        plan = project.plan
        self._project, self._content, self._period, self._sort = project, content, period, unit
        self._owed = [item for item in plan.indicators if plan.fills(item, unit)]
        self._rules = [rule for rule in content.figures if plan.fills(plan.indicator[rule.id], unit)]
        barred = {form for rule in content.figures for form in rule.forms} - {
            form for rule in self._rules for form in rule.forms
        }
        author = Author(content, project, unit, period)
        self._profile = author.profile
        offered = (*content.titles.get(unit.unit_id, ()), *content.titles[self._profile])
        self._titles = [
            (title, forms) for title in offered if (forms := [form for form in title.forms if form not in barred])
        ]
        self._days = author.workdays(period.date_from, period.date_to)
        self._requests = content.requests.get(unit.unit_id) or content.requests.get(self._profile, ())
        self._scenario = content.periods.get(period.code) or Scenario(
            flow=100, activities=100, steady=100, days=(), names=()
        )
        self._labels = {
            name: {choice.id: choice.label for choice in choices} for name, choices in project.form.choices.items()
        }

    def type(self, unit: Unit, revision: int, received: date, spoil: int | None = None) -> Typed:
        """The whole form of `unit`; `spoil` is the number of its mistake, if it makes one."""
        draw = random.Random(f"{unit.unit_id}|{self._period.code}|{revision}")
        words = Author(self._content, self._project, unit, self._period).words
        items = self._items(draw)
        values = self._figures(unit, items, revision)
        owing = draw.choice(self._owed).id if draw.random() < 0.05 else ""  # one figure in some forms is not yet known
        typed = Typed(
            card=self._card(draw, words, revision, received),
            tasks={
                task.id: self._task(draw, task, items)
                for task in self._project.plan.tasks
                if self._owes(task) not in ("not-lead", "not-due")
            },
            figures={name: self._figure(draw, value, name == owing) for name, value in values.items()},
            activities=[self._activity(draw, item, number, words) for number, item in enumerate(items, start=1)],
            requests=self._complaints(draw, words),
            counted={name: value for name, value in values.items() if value is not None and name != owing},
        )
        if spoil is not None:
            self._spoil(typed, draw, spoil)
        return typed

    def _owes(self, task: Task) -> str:
        return self._project.plan.obligation(task, self._sort, self._period)

    def _items(self, draw: random.Random) -> list[Item]:
        """Every title once before any comes again, so that every recurring task has its activities."""
        titles: list[tuple[Title, list[str]]] = []
        while len(titles) < ROWS:
            titles += draw.sample(self._titles, len(self._titles))
        items = []
        for day, (title, forms) in zip(sorted(draw.choices(self._days, k=ROWS)), titles, strict=False):
            form = draw.choice(forms)
            facts = self._content.forms[form]
            people = draw.randint(*facts.people) if facts.people else None
            items.append(Item(title, form, day, draw.randint(*facts.quantity), people))
        return items

    def _figures(self, unit: Unit, items: Sequence[Item], revision: int) -> Figures:
        seed = (unit.unit_id, f"{self._period.code}/{revision}")
        facts = self._content.facts(unit)
        return make_figures(
            self._rules, items, {}, Reporter(self._project.plan, self._profile, facts, self._scenario, seed)
        )

    def _figure(self, draw: random.Random, value: float | None, is_owing: bool) -> Any:
        """A dash or a zero for none, three dots for what is not yet known, nothing at all for a blank."""
        nothing = self._project.form.nothing
        if is_owing:
            return nothing["not-yet-known"].label
        return (nothing["none-arose"].label if draw.random() < 0.75 else 0) if value == 0 else value

    def _card(self, draw: random.Random, words: dict[str, str], revision: int, received: date) -> Row:
        content, kind = self._content, self._content.kinds[self._sort.kind]
        signed = draw.choice(content.facts(self._sort).signed or kind.signed)
        again = (
            {
                "revision_kind": self._labels["revision_kind"]["replace"],
                "revision_reason": "Cập nhật số liệu sau khi rà soát",
            }
            if revision > 1
            else {}
        )
        return {
            "report_number": content.report_number.format_map({**words, "number": f"{draw.randint(9, 180):02d}"}),
            "report_date": max(self._period.date_to + timedelta(days=1), received - timedelta(days=draw.randint(0, 1))),
            "prepared_by": draw.choice(kind.prepared),
            "phone": f"0233{draw.randint(3000000, 3999999)}",
            "signed_by": signed,
            "signer_title": kind.title.format(signed=signed),
            "revision": revision,
            **again,
            "nothing_to_report": self._labels["yes_no"]["no"],
            "plan_number": content.plan_number.format_map({**words, "number": f"{draw.randint(5, 48):02d}"}),
            "plan_date": draw.choice(content.plan_days),
        }

    def _task(self, draw: random.Random, task: Task, items: Sequence[Item]) -> Row:
        """Recurring tasks go on; a dated one is done with its document, or has its day and its reason."""
        status = self._labels["status"]
        listed = sum(item.title.task == task.id for item in items)
        if self._owes(task) == "recurring":
            return {
                "status": status["ongoing"],
                "result": draw.choice(self._content.answers["recurring"].results).format(n=listed),
            }
        if task.needs or self._owes(task) == "progress":
            results = self._content.answers["progress"].results
            return {
                "status": status["ongoing"],
                "result": draw.choice(results),
                "expected_on": task.due,
                "delay_reason": "Chờ bố trí kinh phí",
            }
        day = max(task.start, min(task.due, self._period.date_to) - timedelta(days=draw.randint(1, 20)))
        number = f"{draw.randint(5, 48):02d}/KH-{self._content.facts(self._sort).sign}"
        return {
            "status": status["done"],
            "completed_on": day,
            "document_number": number,
            "document_date": day,
            "result": task.product,
        }

    def _activity(self, draw: random.Random, item: Item, number: int, words: dict[str, str]) -> Row:
        """A row of Biểu 3. The title names the unit and its own number, as no two offices word their news alike."""
        facts = self._content.forms[item.form]
        dated = {
            "month": str(item.date.month),
            "day": day_text(item.date),
            "ymd": f"{item.date:%Y%m%d}",
            "number": str(number),
        }
        spoken = {**words, **dated, "paper": str(draw.randint(20, 190))}
        title = item.title.title.format_map(spoken)
        repost = draw.random() < 0.03 and item.people is None
        return {
            "stt": number,
            "date": item.date,
            "task_id": item.title.task,
            "form": self._labels["form"][item.form],
            "content_area": self._labels["content_area"][item.title.area],
            "title": f"{title[0].upper()}{title[1:]} – {words['short']}, số {number}",
            "venue": draw.choice(facts.venue).format_map(spoken),
            "quantity": item.quantity,
            "participants": item.people,
            "evidence": draw.choice(facts.evidence).format_map(spoken),
            "repost_of": self._project.plan.issuer if repost else None,
        }

    def _complaints(self, draw: random.Random, words: dict[str, str]) -> list[Row]:
        lines = draw.choice(self._requests) if self._requests else ()
        kinds = self._labels["request_kind"]
        return [
            {"kind": kinds[line.kind], "content": line.content.format_map(words), "addressed_to": line.to or None}
            for line in lines
        ]

    def _spoil(self, typed: Typed, draw: random.Random, number: int) -> None:
        """The first mistake from `number` on that a unit of this sort can make."""
        for offset in range(len(MISTAKES)):
            code, spoil = MISTAKES[(number + offset) % len(MISTAKES)]
            if spoil(self, typed, draw):
                typed.problem = code
                return

    def _some_figure(self, typed: Typed, draw: random.Random) -> Indicator:
        return draw.choice(
            [item for item in self._owed if item.whole and not item.optional and item.id in typed.counted]
        )

    def _unclear(self, typed: Typed, draw: random.Random, text: str | None) -> bool:
        """A figure that nobody can be sure of enters no total."""
        item = self._some_figure(typed, draw)
        typed.figures[item.id] = text
        del typed.counted[item.id]
        return True

    def _unread(self, typed: Typed, draw: random.Random, text: str) -> bool:
        """A figure whose row is not accepted."""
        typed.rejected["figures"] += 1
        return self._unclear(typed, draw, text)

    def _wrong_row(self, typed: Typed, draw: random.Random, key: str, value: Any) -> bool:
        """A row of Biểu 3 that is not accepted."""
        typed.activities[draw.randrange(ROWS)][key] = value
        typed.rejected["activities"] += 1
        return True

    def _twice(self, typed: Typed) -> bool:
        typed.activities[-1] = {**typed.activities[-2], "stt": ROWS}
        typed.rejected["activities"] += 1
        return True

    def _forgotten(self, typed: Typed) -> bool:
        recurring = [task.id for task in self._project.plan.tasks if self._owes(task) == "recurring"]
        return bool(recurring and typed.tasks.pop(recurring[0]))

    def _unbalanced(self, typed: Typed) -> bool:
        """One too many on the right of a sum that must be equal; a number all the same, and in the totals."""
        for check in self._project.plan.checks:
            if check.rule == "equal" and all(name in typed.counted for name in (*check.left, *check.right)):
                name = check.right[0]
                typed.counted[name] += 1
                typed.figures[name] = typed.counted[name]
                return True
        return False


MISTAKES: tuple[tuple[str, Callable[[Typist, Typed, random.Random], bool]], ...] = (
    ("vague-number", lambda typist, typed, draw: typist._unclear(typed, draw, f"khoảng {draw.randint(11, 60)}")),
    (
        "date-outside-window",
        lambda typist, typed, draw: typist._wrong_row(typed, draw, "date", typist._period.date_to + timedelta(days=9)),
    ),
    ("choice-unknown", lambda typist, typed, draw: typist._wrong_row(typed, draw, "form", "Bản tin nội bộ")),
    ("value-missing", lambda typist, typed, draw: typist._unclear(typed, draw, None)),
    ("not-a-number", lambda typist, typed, draw: typist._unread(typed, draw, "đang tổng hợp")),
    ("sum-mismatch", lambda typist, typed, draw: typist._unbalanced(typed)),
    (
        "ambiguous-number",
        lambda typist, typed, draw: typist._unread(typed, draw, f"{draw.randint(1, 9)},{draw.randint(101, 999)}"),
    ),
    ("value-required", lambda typist, typed, draw: typist._wrong_row(typed, draw, "title", None)),
    ("task-row-blank", lambda typist, typed, draw: typist._forgotten(typed)),
    ("duplicate-row", lambda typist, typed, draw: typist._twice(typed)),
)
