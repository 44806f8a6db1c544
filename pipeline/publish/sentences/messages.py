"""The short texts to paste into Zalo: one for each unit, one for the group. Plain lines, verdict first, within 900 characters."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.values.problems import Problem
from pipeline.values.states import Severity
from pipeline.words.days import day_text
from pipeline.words.prose import lowered

LONGEST = 900
MOST_PROBLEMS = 3
SEVERITIES_TO_MEND: tuple[Severity, ...] = ("block-file", "block-row", "question")

_SENTENCES = {
    "questions": "Biểu đã được nhận; còn {count} điểm xin đơn vị xem lại, trả lời:",
    "partial": "Một số dòng chưa được nhận; có {count} điểm cần sửa hoặc trả lời:",
    "returned": "Biểu chưa dùng được; có {count} điểm cần sửa:",
}
_ELSE = "Có {count} điểm cần sửa hoặc trả lời:"


def unit_message(
    unit: Unit,
    period: Period,
    project: Project,
    problems: Sequence[Problem],
    verdict: str,
    received_at: datetime | None,
    is_sample: bool,
    deadline: str = "",
    replied: int = 0,
    has_copy: bool = True,
) -> str:
    """What one unit is told. `verdict`: accepted, questions, partial, returned, or missing; `deadline` in words, else the period's own.

    `replied`: how many questions it has answered, which are not among the `problems`; `has_copy`: whether its marked workbook goes with the text.
    """
    mine, office = to_mend(problems, project), project.plan.office
    if replied and not mine and verdict == "questions":
        verdict = "accepted"
    label = project.labels["received"]["missing"] if verdict == "missing" else project.labels["verdict"][verdict]
    opening = [
        project.form.sample_mark if is_sample else "",
        f"Kính gửi {unit.name}:",
        f"Báo cáo tuyên truyền cải cách hành chính {lowered(project.plan.full_name(period))}: {label.upper()}.",
        f"{office} nhận lúc {received_at.astimezone(project.plan.zone):%H:%M} ngày {day_text(received_at.astimezone(project.plan.zone))}."
        if received_at
        else "",
        f"Đã nhận {replied} câu trả lời của đơn vị." if replied else "",
    ]
    until = deadline or deadline_words(period)
    if verdict == "missing" and not mine:
        body = [
            f"Đến nay {office} chưa nhận được biểu của đơn vị.",
            f"Xin điền biểu đã gửi cho đơn vị và nộp {until}. Nếu đã nộp, xin báo lại.",
        ]
        return _joined([*opening, *body, "Trân trọng cảm ơn."])
    if not mine:
        return _joined([*opening, "Không còn điểm nào phải sửa. Trân trọng cảm ơn đơn vị."])
    opening.append(_SENTENCES.get(verdict, _ELSE).format(count=len(mine)))
    closing = [*_what_to_do(mine, unit, period, project, until, has_copy), "Trân trọng cảm ơn."]
    room = LONGEST - len(_joined([*opening, *closing])) - 1
    return _joined([*opening, *_problem_lines(mine[:MOST_PROBLEMS], project, period, room), *closing])


def _what_to_do(
    mine: Sequence[Problem], unit: Unit, period: Period, project: Project, until: str, has_copy: bool
) -> list[str]:
    """Where the other problems are told, and what to send back until when."""
    left, office = len(mine) - MOST_PROBLEMS, project.plan.office
    where = f"sheet “{project.form.todo_sheet}” của tệp {unit.unit_id}.xlsx gửi kèm"
    if has_copy:
        rest = f"Còn {left} điểm nữa, xem {where}." if left > 0 else f"Chi tiết ở {where}."
    else:
        rest = f"Còn {left} điểm nữa, {office} sẽ gửi kèm tệp đánh dấu sau." if left > 0 else ""
    if project.catalogue.asks_for_another_form(mine):
        return [rest, f"Xin điền vào biểu {period.name} đã gửi cho đơn vị và gửi lại {until}."]
    if has_copy:
        return [rest, f"Xin sửa, trả lời ngay trong tệp đó và gửi lại {until}."]
    return [
        rest,
        f"Xin sửa trong tệp của đơn vị, tăng “{project.form.card.by_key['revision'].label}” thêm 1 và gửi lại {until}.",
    ]


def group_message(
    unfiled: Mapping[str, int], expected: int, period: Period, project: Project, is_sample: bool, deadline: str = ""
) -> str:
    """What the whole group is told: thanks by count, what is still out by count (`unfiled`: by what came of it), nobody by name."""
    filed, what = (
        expected - sum(unfiled.values()),
        f"báo cáo tuyên truyền cải cách hành chính {lowered(project.plan.full_name(period))}",
    )
    if filed:
        thanks = f"{project.plan.office} cảm ơn {filed}/{expected} đơn vị đã gửi {what}."
    else:
        thanks = f"{project.plan.office} đang chờ {what} của {expected} đơn vị."
    out = "; ".join(f"{count} đơn vị {project.labels['unfiled'][kind]}" for kind, count in unfiled.items())
    rest = (
        f"Còn {out}. Rất mong các đơn vị gửi {deadline or deadline_words(period)}."
        if unfiled
        else "Các đơn vị đã gửi đủ."
    )
    mend = "Điểm cần sửa, nếu có, đã được nhắn riêng cho từng đơn vị." if filed else ""
    return _joined(
        [
            project.form.sample_mark if is_sample else "",
            "Kính gửi các đơn vị,",
            thanks,
            rest,
            mend,
            "Trân trọng cảm ơn.",
        ]
    )


def to_mend(problems: Sequence[Problem], project: Project) -> list[Problem]:
    """The problems that ask something of the unit, most serious first, else in the order given; what two files have in common is told once."""
    severity = project.catalogue.severity
    asking: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        if severity(problem.code) in SEVERITIES_TO_MEND:
            asking.setdefault(_said(problem), problem)
    return sorted(asking.values(), key=lambda problem: SEVERITIES_TO_MEND.index(severity(problem.code)))


def _said(problem: Problem) -> tuple[object, ...]:
    """All that the sentence of a problem says."""
    return problem.code, problem.sheet, problem.cell, problem.field, problem.value, tuple(sorted(problem.facts.items()))


def deadline_words(period: Period, as_of: date | None = None) -> str:
    """The period's own deadline, to stand after “gửi lại” or “nộp”; once it has passed on `as_of`, as soon as possible."""
    last = day_text(period.last_day)
    return (
        f"sớm nhất có thể (hạn nộp là hết ngày {last})"
        if as_of and as_of > period.last_day
        else f"chậm nhất hết ngày {last}"
    )


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
