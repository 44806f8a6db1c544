"""The short texts to paste into Zalo: one for each unit, one for the group. Plain lines, verdict first, within 900 characters."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pipeline.declare.plan import Period, day_text
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.papers.phrases import lowered

LONGEST = 900
MOST_PROBLEMS = 3
SEVERITIES_TO_MEND = ("block-file", "block-row", "question")

_SENTENCES = {
    "questions": "Biểu đã được nhận; còn {count} điểm xin đơn vị xem lại, trả lời:",
    "partial": "Một số dòng chưa được nhận; có {count} điểm cần sửa hoặc trả lời:",
    "returned": "Biểu chưa dùng được; có {count} điểm cần sửa:",
}
_ELSE = "Có {count} điểm cần sửa hoặc trả lời:"


def unit_message(
    unit: Unit, period: Period, project: Project, problems: Sequence[Problem], verdict: str, received_at: datetime | None, is_sample: bool, deadline: str = ""
) -> str:
    """What one unit is told. `verdict`: accepted, questions, partial, returned, or missing; `deadline` in words, else the period's own."""
    mine = to_mend(problems, project)
    label = project.labels["received"]["missing"] if verdict == "missing" else project.labels["verdict"][verdict]
    opening = [
        project.form.sample_mark if is_sample else "",
        f"Kính gửi {unit.name}:",
        f"Báo cáo tuyên truyền cải cách hành chính {lowered(project.plan.full_name(period))}: {label.upper()}.",
        f"{project.plan.office} nhận lúc {received_at.astimezone(project.plan.zone):%H:%M} ngày {day_text(received_at.astimezone(project.plan.zone))}."
        if received_at
        else "",
    ]
    until = deadline or deadline_words(period)
    if verdict == "missing" and not mine:
        body = [f"Đến nay {project.plan.office} chưa nhận được biểu của đơn vị.", f"Xin điền biểu đã gửi cho đơn vị và nộp {until}. Nếu đã nộp, xin báo lại."]
        return _joined([*opening, *body, "Trân trọng cảm ơn."])
    if not mine:
        return _joined([*opening, "Không còn điểm nào phải sửa. Trân trọng cảm ơn đơn vị."])
    opening.append(_SENTENCES.get(verdict, _ELSE).format(count=len(mine)))
    left = len(mine) - MOST_PROBLEMS
    where = f"sheet “{project.form.todo_sheet}” của tệp {unit.unit_id}.xlsx gửi kèm"
    closing = [
        f"Còn {left} điểm nữa, xem {where}." if left > 0 else f"Chi tiết ở {where}.",
        f"Xin sửa, trả lời ngay trong tệp đó và gửi lại {until}.",
        "Trân trọng cảm ơn.",
    ]
    room = LONGEST - len(_joined([*opening, *closing])) - 1
    return _joined([*opening, *_problem_lines(mine[:MOST_PROBLEMS], project, period, room), *closing])


def group_message(unfiled: Mapping[str, int], expected: int, period: Period, project: Project, is_sample: bool, deadline: str = "") -> str:
    """What the whole group is told: thanks by count, what is still out by count (`unfiled`: by what came of it), nobody by name."""
    filed, what = expected - sum(unfiled.values()), f"báo cáo tuyên truyền cải cách hành chính {lowered(project.plan.full_name(period))}"
    if filed:
        thanks = f"{project.plan.office} cảm ơn {filed}/{expected} đơn vị đã gửi {what}."
    else:
        thanks = f"{project.plan.office} đang chờ {what} của {expected} đơn vị."
    out = "; ".join(f"{count} đơn vị {project.labels['unfiled'][kind]}" for kind, count in unfiled.items())
    rest = f"Còn {out}. Rất mong các đơn vị gửi {deadline or deadline_words(period)}." if unfiled else "Các đơn vị đã gửi đủ."
    mend = "Điểm cần sửa, nếu có, đã được nhắn riêng cho từng đơn vị." if filed else ""
    return _joined([project.form.sample_mark if is_sample else "", "Kính gửi các đơn vị,", thanks, rest, mend, "Trân trọng cảm ơn."])


def to_mend(problems: Sequence[Problem], project: Project) -> list[Problem]:
    """The problems that ask something of the unit, most serious first, else in the order given."""
    severity = project.catalogue.severity
    asking = [problem for problem in problems if severity(problem.code) in SEVERITIES_TO_MEND]
    return sorted(asking, key=lambda problem: SEVERITIES_TO_MEND.index(severity(problem.code)))


def deadline_words(period: Period, as_of: date | None = None) -> str:
    """The period's own deadline, to stand after “gửi lại” or “nộp”; once it has passed on `as_of`, as soon as possible."""
    last = day_text(period.last_day)
    return f"sớm nhất có thể (hạn nộp là hết ngày {last})" if as_of and as_of > period.last_day else f"chậm nhất hết ngày {last}"


def _problem_lines(problems: Sequence[Problem], project: Project, period: Period, room: int) -> list[str]:
    """As much of each problem as fits: found and expected, else found, else its beginning."""
    parts = [project.catalogue.parts(problem, project.field_of(problem), project.form, period) for problem in problems]
    heads = [f"{number}. {_place(problem)}" for number, problem in enumerate(problems, start=1)]
    for texts in ([f"{found} {expected}" for found, expected, _ in parts], [found for found, _, _ in parts]):
        lines = [head + _one_line(text) for head, text in zip(heads, texts, strict=True)]
        if sum(len(line) + 1 for line in lines) <= room:
            return lines
    share = room // len(problems) - 1
    return [_shortened(head + _one_line(found), share) for head, (found, _, _) in zip(heads, parts, strict=True)]


def _place(problem: Problem) -> str:
    cell = problem.cell if not problem.cell or problem.cell.startswith("dòng") else f"ô {problem.cell}"
    place = ", ".join(part for part in (problem.sheet, cell) if part)
    return f"{place}: " if place else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: max(0, longest - 1)].rstrip() + "…"


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
