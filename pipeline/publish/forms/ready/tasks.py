"""What the light asks of Biểu 1: a status that can be, what proves it, the dates and reasons that go with it."""

from datetime import date

from pipeline.declare.plan import Task
from pipeline.publish.forms.ready.card import card_cell, constant_false
from pipeline.publish.forms.ready.figures import amount, is_positive
from pipeline.publish.forms.ready.open_rows import listed_of, proving
from pipeline.publish.forms.ready.places import TOLD, Desk, is_wrong, shape_fault
from pipeline.publish.forms.ready.terms import (
    Place,
    Term,
    Typed,
    all_of,
    any_of,
    compared,
    constant,
    has_words,
    held,
    is_above,
    is_between,
    is_blank,
    is_filled,
    is_number,
    is_one_of,
    negated,
    told,
    when,
)
from pipeline.words.days import day_text

_Faults = list[tuple[Term, str]]
_END = date(2099, 12, 31)


def copy_tasks(desk: Desk) -> None:
    """Bring the answers of Biểu 1 to the hidden sheet."""
    sheet = desk.project.form["tasks"]
    for number, task in enumerate(desk.project.plan.tasks, start=1):
        desk.copy(sheet, task.id, sheet.own_keys, number)


def ask_tasks(desk: Desk) -> None:
    """One cell an answer: what is to be done there."""
    for task in desk.project.plan.tasks:
        owed = desk.project.plan.obligation(task, desk.unit, desk.period)
        faults = _not_theirs(desk, task) if owed == "not-lead" else _Row(desk, task, owed).faults()
        for key, found in faults.items():
            desk.cells.put(desk.at(Place("tasks", task.id, key)), TOLD, told(*found))


def _not_theirs(desk: Desk, task: Task) -> dict[str, _Faults]:
    """R09: a row that others lead is left empty."""
    fields = desk.project.form["tasks"].by_key
    return {
        key: [(is_filled(desk.known[Place("tasks", task.id, key)]), desk.words["grey"].format(label=fields[key].label))]
        for key in desk.project.form["tasks"].own_keys
    }


class _Row:
    """One task that the unit leads."""

    def __init__(self, desk: Desk, task: Task, owed: str) -> None:
        self._desk, self._task, self._owed = desk, task, owed
        self._sheet = desk.project.form["tasks"]
        self._status = self._at("status")

    def faults(self) -> dict[str, _Faults]:
        """What may be wrong in each cell of the row, the gravest first."""
        found = {key: self._of_field(key) for key in self._sheet.own_keys}
        found["status"] = [*self._statuses(), *found["status"], *self._refused(), *self._needs()]
        found["completed_on"] += self._completed()
        found["document_number"] += [*self._proof()]
        found["document_date"] += self._younger()
        found["expected_on"] += self._expected()
        found["delay_reason"] += self._delayed()
        return found

    def _at(self, key: str) -> Term:
        return self._desk.known[Place("tasks", self._task.id, key)]

    def _is(self, *statuses: str) -> Term:
        return is_one_of(self._status, [self._desk.project.form.label("status", status) for status in statuses])

    def _say(self, name: str, key: str, **facts: str) -> str:
        words = {"task": self._task.id, "label": self._sheet.by_key[key].label, **facts}
        return self._desk.words[name].format(**words)

    def _of_field(self, key: str) -> _Faults:
        item, what = self._sheet.by_key[key], self._at(key)
        wrong = all_of(is_filled(what), is_wrong(item, what, self._desk.project, self._desk.period))
        shape = shape_fault(self._desk, item, Place("tasks", self._task.id, key))
        more = [(shape, self._say("shape", key, example=item.example))] if shape else []
        return [(wrong, self._desk.wants(item)), *more]

    def _statuses(self) -> _Faults:
        """R06: a task that is owed, and a row once begun, has a status."""
        begun = any_of(*(is_filled(self._at(key)) for key in self._sheet.own_keys if key != "status"))
        if self._owed == "not-due" or self._task.id in self._desk.done:
            needed = begun
        elif self._owed == "recurring":
            needed = any_of(begun, negated(nothing_arose(self._desk)))
        else:
            needed = Term("TRUE", lambda _: True)
        return [(all_of(is_blank(self._status), needed), self._say("blank", "status"))]

    def _refusals(self) -> list[Term]:
        """R26, R37: when plan or lists speak against a status."""
        listed = compared(listed_of(self._desk, self._task), ">", constant(0))
        found = [
            all_of(self._is("none-arose", "not-started"), listed),
            all_of(self._is("ongoing"), has_words(self._at("result"), "100%")),
        ]
        if self._owed == "not-due":
            found.append(self._is("done"))
        elif not self._task.may_not_arise:
            found.append(self._is("none-arose"))
        return found

    def _refused(self) -> _Faults:
        return [(any_of(*self._refusals()), self._say("refused", "status"))]

    def _proof(self) -> _Faults:
        """R50, R25: something stands behind what is said to be done, and where the plan says so a document."""
        said = ["done", "ongoing"] if self._owed == "recurring" else ["done"]
        document = self._has_document()
        found = []
        if self._owed != "not-due":
            listed = compared(proving(self._desk, self._task), ">", constant(0))
            proved = any_of(document, listed, all_of(self._is("done"), self._joined()))
            found.append((all_of(self._is(*said), negated(proved)), self._say("proof", "document_number")))
        if self._task.needs_document and self._owed != "not-due":
            lacks = all_of(self._is("done"), negated(document), negated(self._joined()))
            found.append((lacks, self._say("document", "document_number")))
        return found

    def _has_document(self) -> Term:
        period, task = self._desk.period, self._task
        number = self._desk.has_number(Place("tasks", task.id, "document_number"), is_real=True)
        if self._owed == "recurring":
            return all_of(number, is_between(self._at("document_date"), held(period.date_from), held(period.date_to)))
        first = task.start if task.start.year > 1 else min(item.date_from for item in self._desk.project.plan.periods)
        reported = self._desk.known[card_cell("report_date")]
        day = self._at("document_date")
        last = held(period.last_day)
        late = Term(
            f"IF(AND(ISNUMBER({day.formula}),ISNUMBER({reported.formula})),INT({day.formula})<=INT({reported.formula}),FALSE)",
            lambda typed: _both_days(day, reported, typed),
        )
        return all_of(
            number,
            is_between(day, held(first), held(_END), is_day=True),
            any_of(is_between(day, 0, last, is_day=True), late),
        )

    def _joined(self) -> Term:
        """Whether the unit took part in what counts for the task, and held none itself."""
        plan, task = self._desk.project.plan, self._task
        if not task.joins or not plan.includes(task.joiners, self._desk.unit):
            return constant_false()
        held_own = [is_positive(amount(self._desk, name)) for name in task.needs]
        joined = [is_positive(amount(self._desk, name)) for name in task.joins]
        return all_of(any_of(*joined), *map(negated, held_own))

    def _needs(self) -> _Faults:
        """R24, R25: figures that a finished task has."""
        plan = self._desk.project.plan
        mine = [plan.indicator[name] for name in self._task.needs if plan.fills(plan.indicator[name], self._desk.unit)]
        if not mine:
            return []
        blank = [is_blank(self._desk.known[Place("figures", item.id, "value")]) for item in mine]
        nothing = nothing_arose(self._desk)
        lacks = [
            all_of(
                negated(is_positive(amount(self._desk, item.id))),
                any_of(negated(empty), nothing),
            )
            for item, empty in zip(mine, blank, strict=True)
        ]
        names = ", ".join(item.id for item in mine)
        unmet = all_of(self._is("done"), any_of(*lacks), negated(self._joined()))
        return [(unmet, self._say("needs", "status", figures=names))]

    def _completed(self) -> _Faults:
        """R28, R29: a finished task says when, not before it began nor after the closing day."""
        day, closing = self._at("completed_on"), self._desk.period.date_to
        found: _Faults = []
        if self._owed in ("due", "progress", "carried"):
            is_missing = all_of(self._is("done"), negated(any_of(*self._refusals())), is_blank(day))
            found.append((is_missing, self._say("blank", "completed_on")))
        if self._task.start.year > 1:
            early = when(is_number(day), compared(day, "<", constant(held(self._task.start))), constant_false())
            found.append((early, self._say("before", "completed_on", day=day_text(self._task.start))))
        late = is_between(day, held(closing) + 1, 99_999, is_day=True)
        return [*found, (late, self._say("after", "completed_on", day=day_text(closing)))]

    def _younger(self) -> _Faults:
        reported = self._desk.known[card_cell("report_date")]
        return [(is_above(self._at("document_date"), reported), self._say("younger", "document_date"))]

    def _is_late(self) -> bool:
        return self._desk.period.last_day > self._task.due

    def _is_unfinished(self) -> Term:
        """Whether the row says that its task, which has a term, goes on."""
        ends = ["done", "none-arose"] if self._task.may_not_arise else ["done"]
        return all_of(is_filled(self._status), negated(self._is(*ends)), negated(any_of(*self._refusals())))

    def _expected(self) -> _Faults:
        if self._owed in ("due", "progress", "carried") and not self._is_late():
            is_missing = all_of(self._is_unfinished(), is_blank(self._at("expected_on")))
            return [(is_missing, self._say("blank", "expected_on"))]
        return []

    def _delayed(self) -> _Faults:
        """R29: an overdue task, and one finished after its term, says why."""
        found: list[Term] = []
        if self._owed in ("due", "progress", "carried") and self._is_late():
            found.append(self._is_unfinished())
        if self._task.due.year < 9999 and self._task.due < self._desk.period.date_to:
            first, last = held(self._task.due) + 1, held(self._desk.period.date_to)
            day = self._at("completed_on")
            late = all_of(self._is("done"), negated(any_of(*self._refusals())), is_between(day, first, last))
            found.append(late)
        if not found:
            return []
        silent = self._desk.says_nothing(Place("tasks", self._task.id, "delay_reason"))
        return [(all_of(any_of(*found), silent), self._say("blank", "delay_reason"))]


def nothing_arose(desk: Desk) -> Term:
    """Whether the card says that nothing arose in the whole period."""
    form = desk.project.form
    return is_one_of(desk.known[card_cell("nothing_to_report")], [form.label("yes_no", "yes")])


def _both_days(day: Term, reported: Term, typed: Typed) -> bool:
    one, two = day.value(typed), reported.value(typed)
    return isinstance(one, (int, float)) and isinstance(two, (int, float)) and int(one) <= int(two)
