"""The second part of a unit's own report: figures in the clauses of the plan, tasks and activities in tables."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime

from pipeline.declare.plan import Indicator
from pipeline.publish.papers.document import Grid, Line
from pipeline.publish.papers.own_form import OwnForm, Row, text_of
from pipeline.publish.papers.results import by_section
from pipeline.publish.papers.told import indicators_in, tell_clauses
from pipeline.publish.sentences.phrases import written_state
from pipeline.values.cells import is_missing
from pipeline.values.lines import TaskLine
from pipeline.words.days import day_text
from pipeline.words.lists import first_of
from pipeline.words.prose import capitalised, lowered, prose

_UNKNOWN = "not-yet-known"  # the unit's word for a figure that it does not know yet


def tell_own_results(form: OwnForm) -> Iterator[Line | Grid]:
    """II: a paragraph a section of figures, what did not arise, the tasks that the unit leads, its activities."""
    yield Line("II. KẾT QUẢ THỰC HIỆN", "heading")
    number, said = 0, set[str]()
    for section, items in by_section(form.project.plan).items():
        clauses = list(_clauses(form, section))
        said.update(name for _, names in clauses for name in names)
        single = [_figure(form, item) for item in items if item.id not in said and form.has(item)]
        if told := [*(words for words, _ in clauses), *single]:
            number += 1
            yield Line(f"{'; '.join(told)}.", lead=f"{number}. {section}: ")
    yield from _nothing(form, said)
    if form.tasks:
        number += 1
        yield Line(f"{number}. Kết quả thực hiện nhiệm vụ của Kế hoạch", "subheading")
        yield _task_table(form)
    if activities := form.rows("activities"):
        yield Line(f"{number + 1}. Hoạt động, sản phẩm tiêu biểu", "subheading")
        yield from _activities(form, activities)


def _clauses(form: OwnForm, section: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The clauses of the plan of which something arose, each with the indicators that it tells."""
    known = form.project.plan.indicator
    for clause in form.project.plan.told.get(section, ()):
        names = indicators_in(clause)
        if any(form.has(known[name]) for name in names) and (words := _clause(form, clause)):
            yield words, names


def _figure(form: OwnForm, item: Indicator) -> str:
    return f"{lowered(item.name)}: {prose(form.amount(item))} {item.measure}"


def _clause(form: OwnForm, clause: str) -> str:
    """With the figures since January where all its earlier reports are there, else without; empty where one lacks."""
    is_whole = form.period.cumulative == (form.period.code,)
    for leave_out in dict.fromkeys((is_whole, True)):
        for words, _ in tell_clauses((clause,), form.totals, leave_out):
            return words
    return ""


def _nothing(form: OwnForm, said: Set[str]) -> Iterator[Line]:
    """What did not arise and is `said` in no clause; and, for the officer, what the unit does not know yet."""
    mine = [item for item in form.project.plan.indicators if item.id in form.nothings]
    none = [lowered(item.name) for item in mine if form.amount(item) == 0 and item.id not in said]
    unknown = [lowered(item.name) for item in mine if form.nothings[item.id] == _UNKNOWN]
    if none:
        yield Line(f"Trong kỳ không phát sinh: {'; '.join(none)}.")
    if unknown:
        yield Line(f"[Bổ sung số liệu trước khi trình: {'; '.join(unknown)}.]", "officer")


def _task_table(form: OwnForm) -> Grid:
    """A row a task that the unit leads: where it stands, and the unit's own words."""
    rows = {str(row["task_id"]): row for row in form.rows("tasks")}
    tasks = [task for task in form.project.plan.tasks if task.id in form.tasks]
    lines = (
        (str(place), f"{task.short} ({lowered(task.due_text)})", _state(form, form.tasks[task.id]), words)
        for place, task in enumerate(tasks, start=1)
        for words in [_result(form, task.id, rows.get(task.id, {}))]
    )
    return Grid(
        ("TT", "Nhiệm vụ (thời hạn)", "Tình trạng", "Kết quả, sản phẩm"), tuple(lines), (9.0, 54.0, 28.0, 74.0), (1, 3)
    )


def _state(form: OwnForm, line: TaskLine) -> str:
    if line.proved_in:
        then = lowered(form.project.plan.period(line.proved_in).name)
        return f"{form.project.labels['state']['done']} (theo báo cáo {then})"
    return capitalised(written_state(form.project, line.state))


def _result(form: OwnForm, task_id: str, row: Row) -> str:
    """The unit's words, its document, proof, day and reason, and how much of its list belongs to the task."""
    number, reason = text_of(row, "document_number"), text_of(row, "delay_reason")
    listed = form.judged.settlement.activities.get((form.unit.unit_id, task_id), 0)
    day, expected = _day(row, "document_date"), _day(row, "expected_on")
    parts = (
        text_of(row, "result"),
        f"Văn bản số {number}{f' ngày {day}' if day else ''}" if number else "",
        f"{prose(listed)} hoạt động, sản phẩm nêu ở mục dưới" if listed else "",
        f"Minh chứng: {evidence}" if (evidence := text_of(row, "evidence")) else "",
        f"Dự kiến hoàn thành ngày {expected}" if expected else "",
        f"Lý do: {reason}" if reason else "",
    )
    return "\n".join(filter(None, parts))


def _day(row: Row, key: str) -> str:
    value = row.get(key)
    return day_text(value.date()) if isinstance(value, datetime) and not is_missing(value) else ""


def _activities(form: OwnForm, rows: Sequence[Row]) -> Iterator[Line | Grid]:
    """What the unit listed, in the order of days; of very many the first."""
    in_order = sorted(rows, key=lambda row: str(row["date"]))
    shown, left = first_of(in_order, form.project.plan.outputs.most_names)
    lines = tuple(
        (
            str(place),
            _day(row, "date"),
            _named(row),
            text_of(row, "form"),
            _count(row, "quantity"),
            _count(row, "participants"),
        )
        for place, row in enumerate(shown, start=1)
    )
    header = ("TT", "Ngày", "Hoạt động, sản phẩm", "Hình thức", "Số lượng", "Lượt người dự")
    yield Grid(header, lines, (9.0, 23.0, 67.0, 34.0, 15.0, 17.0), (2, 3))
    if left:
        yield Line(f"Còn {prose(left)} hoạt động, sản phẩm khác, kê tại {form.project.form['activities'].name}.")


def _named(row: Mapping[str, object]) -> str:
    """Its title, its place, and that it is another's where it is."""
    origin, venue = text_of(row, "repost_of"), text_of(row, "venue")
    return text_of(row, "title") + (f" ({venue})" if venue else "") + (f" (đăng lại từ {origin})" if origin else "")


def _count(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return "" if is_missing(value) else prose(float(value))  # type: ignore[arg-type]
