"""Random answers to a form: whole and right ones, each then spoiled by some faults, alone or together."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from pipeline.declare.form import Field
from pipeline.declare.plan import Period, Task
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.forms.blank_form import Answers

Fill = dict[str, Any]

_FIGURES = {
    "CT03": 10,
    "CT04": 25,
    "CT05": 37.5,
    "CT16": 120,
    "CT17": 2,
    "CT18": 61,
    "CT19a": 1,
    "CT19b": 1,
    "CT20": 40,
    "CT21": 55,
    "CT23a": 5_000_000,
    "CT23b": 4_500_000,
    "CT27": 9_000_000,
    "PA01": 2,
    "PA02": 8,
    "PA03": 7,
    "PA04": 2,
    "PA05": 1,
    "PA06": 3,
    "PA07": 2,
    "PA08": 4,
}
_NUMBERS = (None, -3, 0, 1, 2.5, 7, 46_000, 1e9, 2e12)
_DAYS = (None, *map(date.fromisoformat, ("1999-01-01", "2024-01-01", "2025-07-01", "2025-09-15", "2026-01-01")))
_DOCUMENTS = (None, "12/KH-UBND", "Số: 12/KH-UBND", "0/KH-UBND", "/KH-UBND", "dự thảo", "123/QĐ-UBND.VX", "12/KH-")
_TEXTS = (None, "không", "Khong co", "-", "chưa có", "Nội dung hợp lệ", "Đã đạt 100% kế hoạch", "a  b")


def random_fill(rng: Random, project: Project, unit: Unit, period: Period) -> Answers:
    """Answers that ask for nothing, or, in three of four, with one to five faults."""
    fill = sound_fill(rng, project, unit, period)
    for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3, 5))):
        rng.choice(_FAULTS)(rng, project, fill)
    return Answers(**fill)


def sound_fill(rng: Random, project: Project, unit: Unit, period: Period) -> Fill:
    """Answers of which nothing is asked."""
    plan, closing = project.plan, period.date_to
    owed = [(task, plan.obligation(task, unit, period)) for task in plan.tasks]
    recurring = [task.id for task, how in owed if how == "recurring"]
    own = [item for item in plan.indicators if plan.fills(item, unit)]
    return {
        "card": {
            "report_number": "45/BC-UBND",
            "report_date": closing + timedelta(1),
            "plan_number": "12/KH-UBND",
            "prepared_by": "Nguyễn Văn An",
            "signed_by": "Trần Thị Bình",
            "plan_date": date(2025, 2, 20),
        },
        "tasks": {task.id: _task(rng, task, how, period) for task, how in owed if how not in ("not-lead", "not-due")},
        "figures": {item.id: {"value": _FIGURES.get(item.id, rng.choice([5, 17, "-"]))} for item in own},
        "activities": [_activity(rng, name, period) for name in recurring],
        "requests": [{"kind": "Kiến nghị", "content": "Đề nghị hỗ trợ kinh phí", "addressed_to": "UBND huyện"}],
    }


def _task(rng: Random, task: Task, how: str, period: Period) -> dict[str, Any]:
    closing = period.date_to
    if how == "recurring":
        return {"status": rng.choice(["Hoàn thành", "Đang thực hiện"]), "result": "Đã thực hiện tốt"}
    if rng.random() < 0.5 and not task.needs and task.due.year < 9000:
        first = task.start if task.start.year > 1 else date(2025, 1, 10)
        day = max(first, min(task.due, closing) - timedelta(10))
        return {"status": "Hoàn thành", "completed_on": day, "document_number": "17/KH-UBND", "document_date": day}
    later = {"expected_on": closing + timedelta(30)}
    late = {"delay_reason": "Chờ hướng dẫn"} if period.last_day > task.due else {}
    return {"status": "Đang thực hiện", **later, **late}


def _activity(rng: Random, task_id: str, period: Period) -> dict[str, Any]:
    day = period.date_from + timedelta(rng.randrange(80))
    return {
        "date": day,
        "task_id": task_id,
        "form": "Hình thức khác",
        "title": f"Tuyên truyền {task_id}",
        "quantity": 1,
    }


def _value(rng: Random, project: Project, item: Field) -> Any:
    if item.kind.limit == "list":
        return rng.choice([None, "Sai", *(choice.label for choice in project.form.choices[item.choices])])
    if item.kind.limit == "days":
        return rng.choice(_DAYS)
    if item.kind.limit == "range":
        return rng.choice(_NUMBERS)
    if item.pattern:
        return rng.choice(_DOCUMENTS)
    return rng.choice([*_TEXTS, "x" * item.max_length, "x" * (item.max_length + 1)])


def _own(rng: Random, project: Project, sheet: str) -> Field:
    return rng.choice([item for item in project.form[sheet].fields if item.own])


def _spoil_card(rng: Random, project: Project, fill: Fill) -> None:
    item = _own(rng, project, "card")
    fill["card"][item.key] = _value(rng, project, item)


def _spoil_task(rng: Random, project: Project, fill: Fill) -> None:
    item, name = _own(rng, project, "tasks"), rng.choice(project.plan.tasks).id
    fill["tasks"].setdefault(name, {})[item.key] = _value(rng, project, item)
    if rng.random() < 0.2:
        del fill["tasks"][name]


def _spoil_figure(rng: Random, project: Project, fill: Fill) -> None:
    cell = fill["figures"].setdefault(rng.choice(project.plan.indicators).id, {})
    cell["value"] = rng.choice(["-", "…", "x", None, 0, 1, 3, 2.5, -1, 300, 46_000, 5_000, 3e9, 2e12])
    if rng.random() < 0.1:
        cell["note"] = rng.choice(["x" * 501, "46000 tờ", "Lồng ghép"])


def _spoil_row(rng: Random, project: Project, fill: Fill) -> None:
    sheet = rng.choice(["activities", "requests"])
    item = _own(rng, project, sheet)
    if fill[sheet]:
        rng.choice(fill[sheet])[item.key] = _value(rng, project, item)


def _add_row(rng: Random, project: Project, fill: Fill) -> None:
    """A row again, or one like it of some kind that the figures may not cover."""
    sheet = rng.choice(["activities", "requests"])
    again = dict(rng.choice(fill[sheet])) if fill[sheet] else {}
    if sheet == "activities" and rng.random() < 0.7:
        again |= {"title": f"Bài {rng.randrange(99)}", "form": rng.choice(project.form.choices["form"]).label}
    fill[sheet].append(again)


def _say_nothing(rng: Random, _project: Project, fill: Fill) -> None:
    fill["card"]["nothing_to_report"] = "Có"
    if rng.random() < 0.7:
        for cell in fill["figures"].values():
            cell["value"] = rng.choice(["-", None])


def _send_again(rng: Random, _project: Project, fill: Fill) -> None:
    said = {"revision_kind": "Thay thế", "revision_reason": rng.choice(["Đính chính", "không", "chua co"])}
    fill["card"] |= {"revision": 2, **{key: value for key, value in said.items() if rng.random() < 0.6}}


def _leave_out(rng: Random, _project: Project, fill: Fill) -> None:
    if rng.random() < 0.5:
        fill["activities"].clear()
    for cell in fill["figures"].values():
        cell["value"] = None if rng.random() < 0.2 else cell.get("value")


_FAULTS: tuple[Callable[[Random, Project, Fill], None], ...] = (
    *(_spoil_card, _spoil_task, _spoil_task, _spoil_figure, _spoil_figure, _spoil_row, _add_row),
    *(_say_nothing, _send_again, _leave_out),
)
