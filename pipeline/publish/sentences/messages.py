"""The short texts to paste into Zalo: one for each unit, one for the group.

Plain lines, the verdict first, within 900 characters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.sentences.addressing import written_to
from pipeline.publish.sentences.mending import Back, in_message
from pipeline.publish.sentences.unlinked import unlinked
from pipeline.values.lines import TaskLine
from pipeline.values.problems import Problem
from pipeline.values.states import BELOW_DONE, Severity, State, Unfiled, UnitVerdict
from pipeline.words.days import moment_text
from pipeline.words.prose import lowered

LONGEST = 900
MOST_PROBLEMS = 3
MOST_REVISED = 2  # beside problems, which need the room
_ROOM_FOR_REVISED = 240
_SHORTEST_LINE = 10  # of those that tell what was changed
SEVERITIES_TO_MEND: tuple[Severity, ...] = ("block-file", "block-row", "question")

_SENTENCES = {
    "questions": "Biểu đã được nhận; còn {count} điểm xin đơn vị xem lại, trả lời:",
    "partial": "Một số dòng chưa được nhận; có {count} điểm cần sửa hoặc trả lời:",
    "returned": "Biểu chưa dùng được; có {count} điểm cần sửa:",
}
# The verdict as a unit is told it, where it is not the word of the workbook.
_RESULTS = {
    "returned": "đề nghị gửi lại",
    "missing": "{office} chưa nhận được báo cáo",
    "not-due": "chưa đến hạn gửi",
}
_ENCLOSED = (
    "Kèm theo là dự thảo báo cáo bằng văn bản (tệp Word) soạn từ biểu này; đề nghị đọc lại, viết thêm ở các chỗ tô "
    "vàng trước khi trình ký."
)
_ELSE = "Có {count} điểm cần sửa hoặc trả lời:"


@dataclass(frozen=True, slots=True)
class ToUnit:
    """What one unit is told about. `deadline` in words, else the period's own.

    `replied`: how many questions it has answered, which are not among the `problems`; `back`: what goes with
    the text; `revised`: a line for each thing that it changed since the version before;
    `is_due`: whether the deadline is past; `below_done`: its tasks by each state below done; `has_draft`: whether a
    draft of its own report goes with the text.
    """

    unit: Unit
    period: Period
    project: Project
    problems: Sequence[Problem]
    verdict: UnitVerdict
    received_at: datetime | None
    is_sample: bool
    deadline: str = ""
    replied: int = 0
    back: Back = "copy"
    revised: Sequence[str] = ()
    below_done: Mapping[State, Sequence[str]] = field(default_factory=dict)
    is_due: bool = True
    has_draft: bool = False

    @property
    def until(self) -> str:
        return self.deadline or deadline_words(self.period)


def unit_message(told: ToUnit) -> str:
    """What one unit is told: the verdict first, then what it has to mend, then what to do about it."""
    mine = to_mend(told.problems, told.project)
    if told.replied and not mine and told.verdict == "questions":
        told = replace(told, verdict="accepted")
    opening = _opening(told)
    if told.verdict == "missing" and not mine:
        office = told.project.plan.office
        asked = (
            f"Đề nghị đơn vị điền biểu mẫu {office} đã gửi và gửi lại {told.until}. "
            "Nếu đã gửi, đề nghị báo lại để kiểm tra."
        )
        return _joined([*opening, asked, _thanks(told)])
    if not mine:
        enclosed = f" {_ENCLOSED}" if told.has_draft else ""
        thanks = f"Báo cáo hợp lệ, không có nội dung phải sửa.{enclosed} {_thanks(told, 'đơn vị')}".rstrip()
        room = LONGEST - len(_joined([*opening, thanks])) - 1
        return _joined([*opening, *_revised_lines(told, room, len(told.revised)), thanks])
    opening += _revised_lines(told, _ROOM_FOR_REVISED, MOST_REVISED)
    opening.append(_SENTENCES.get(told.verdict, _ELSE).format(count=len(mine)))
    closing = [*_what_to_do(mine, told), _thanks(told)]
    room = LONGEST - len(_joined([*opening, *closing])) - 1
    lines = _problem_lines(mine[:MOST_PROBLEMS], told.project, told.period, room)
    return _joined([*opening, *lines, *closing])


def _is_to_office(told: ToUnit) -> bool:
    """Whether it is the office's own form: nobody writes a letter to himself."""
    return told.unit.unit_id == told.project.plan.office_unit


def _thanks(told: ToUnit, whom: str = "") -> str:
    return "" if _is_to_office(told) else f"{f'Trân trọng cảm ơn {whom}'.rstrip()}."


def _opening(told: ToUnit) -> list[str]:
    """To whom, the verdict, what came when, and how many replies with it."""
    project, labels = told.project, told.project.labels
    is_missing = told.verdict == "missing"
    silent = "missing" if told.is_due else "not-due"
    result = _RESULTS.get(silent if is_missing else told.verdict) or lowered(labels["verdict"][told.verdict])
    lines = [
        "" if _is_to_office(told) else f"Kính gửi {written_to(told.unit, project.plan)},",
        f"{_report_name(told.period, project)}: {result.format(office=project.plan.office)}.",
    ]
    if told.is_sample:
        lines.insert(0, project.form.sample_mark)
    if told.received_at:
        moment = told.received_at.astimezone(project.plan.zone)
        late = ", sau hạn gửi" if told.received_at >= project.plan.deadline(told.period) else ""
        lines.append(f"{project.plan.office} nhận lúc {moment_text(moment)}{late}.")
    if told.replied:
        lines.append(f"Đã nhận {told.replied} câu trả lời của đơn vị.")
    if told.below_done:
        lines.append(_below_done_line(told))
    return lines


def _revised_lines(told: ToUnit, room: int, most: int) -> list[str]:
    """What the unit changed since the version before, as many as fit, and where the others are listed."""
    most = min(most, len(told.revised), max(0, room) // _SHORTEST_LINE)
    lines = [f"- {_one_line(line)}" for line in told.revised[:most]]
    head = f"So với bản gửi trước, đơn vị đã đổi {len(told.revised)} nội dung (nếu đổi nhầm, xin báo lại):"
    for count in range(most, -1, -1):
        left = len(told.revised) - count
        rest = [f"- và {left} nội dung khác{_where_revised(told)}."] if left else []
        shown = [head, *lines[:count], *rest]
        if len(_joined(shown)) <= room or not count:
            return shown if told.revised else []
    return []


def _where_revised(told: ToUnit) -> str:
    if told.back == "words":
        return ""
    return (
        f", xem sheet “{told.project.form.todo_sheet}” của tệp {told.unit.unit_id}.xlsx"
        if told.problems
        else f", xem tệp {revised_list_name(told.unit.unit_id)} gửi kèm"
    )


def revised_list_name(unit_id: str) -> str:
    """The file that lists all that a unit changed, where its message has no room and no marked workbook goes back."""
    return f"{unit_id}-thay-doi.txt"


def _below_done_line(told: ToUnit) -> str:
    """Every task that is judged below done, so that none of them waits for the next round."""
    labels, found = told.project.labels["state"], told.below_done
    states = [f"{', '.join(found[state])} ({lowered(labels[state])})" for state in BELOW_DONE if state in found]
    return f"Nhiệm vụ chưa được tính là hoàn thành: {'; '.join(states)}."


def _report_name(period: Period, project: Project) -> str:
    return f"Báo cáo tuyên truyền cải cách hành chính {lowered(project.plan.full_name(period))}"


def _what_to_do(mine: Sequence[Problem], told: ToUnit) -> list[str]:
    """Where the other problems are told, and what to send back until when."""
    project, until = told.project, told.until
    if project.catalogue.asks_for_another_form(mine):
        asked = f"Xin điền vào biểu {told.period.name} đã gửi cho đơn vị và gửi lại {until}."
    else:
        asked = in_message(told.back, project.form.card.by_key["revision"].label, until)
    return [_where_the_rest_is(len(mine) - MOST_PROBLEMS, told), asked]


def _where_the_rest_is(left: int, told: ToUnit) -> str:
    """Where the problems stand that the message has no room for (`left`, none or less where it has)."""
    if told.back == "words":
        return f"Còn {left} điểm nữa, {told.project.plan.office} sẽ gửi tệp nêu đủ các điểm sau." if left > 0 else ""
    where = f"sheet “{told.project.form.todo_sheet}” của tệp {told.unit.unit_id}.xlsx gửi kèm"
    return f"Còn {left} điểm nữa, xem {where}." if left > 0 else f"Chi tiết ở {where}."


def below_done(lines: Iterable[TaskLine]) -> dict[str, dict[State, list[str]]]:
    """The tasks of each unit by each state below done."""
    found: dict[str, dict[State, list[str]]] = {}
    for line in lines:
        if line.state in BELOW_DONE:
            found.setdefault(line.unit_id, {}).setdefault(line.state, []).append(line.task_id)
    return found


def group_message(
    unfiled: Mapping[Unfiled, int],
    expected: int,
    period: Period,
    project: Project,
    is_sample: bool,
    deadline: str = "",
    is_due: bool = True,
) -> str:
    """What the whole group is told: thanks by count, what is still out by count, nobody by name.

    `unfiled`: how many units have not filed, by what came of them. Until the deadline is past (`is_due`) it is a mere
    reminder.
    """
    filed, office = expected - sum(unfiled.values()), project.plan.office
    what, until = lowered(_report_name(period, project)), deadline or deadline_words(period)
    thanks = (
        f"{office} đã nhận {what} của {filed}/{expected} đơn vị, xin cảm ơn."
        if filed
        else f"{office} nhắc các đơn vị gửi {what} {until} (hiện chưa có đơn vị nào gửi báo cáo hợp lệ)."
    )
    out = "; ".join(f"{count} đơn vị {project.labels['unfiled'][kind]}" for kind, count in unfiled.items())
    help_words = f"Cần hỗ trợ gì, xin nhắn {office}."
    reminder = f"Chưa đến hạn gửi, các đơn vị còn lại xin gửi {until}. {help_words}"
    asked = f"Còn {out}. Đề nghị các đơn vị này gửi {until}." if is_due else reminder
    asked = asked if filed else help_words  # where nobody has filed, all of it is said already
    lines = [
        project.form.sample_mark if is_sample else "",
        "Kính gửi các đơn vị,",
        thanks,
        asked if unfiled else "Các đơn vị đã gửi đủ.",
        "Điểm cần sửa, nếu có, đã được nhắn riêng cho từng đơn vị." if filed else "",
        "Trân trọng cảm ơn.",
    ]
    return _joined(lines)


def to_mend(problems: Sequence[Problem], project: Project) -> list[Problem]:
    """The problems that ask something of the unit, most serious first, else in the order given.

    What two files have in common is told once.
    """
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
    """The period's own deadline, to stand after “gửi” or “gửi lại”; once it has passed on `as_of`, soon."""
    if as_of and as_of > period.last_day:
        return f"trong thời gian sớm nhất (hạn gửi: {period.until})"
    return f"chậm nhất {period.until}" if period.file_by_inclusive else period.until


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
    return f"{unlinked(place)}: " if place else ""


def _one_line(text: str) -> str:
    """On one line, and no link: it may hold words that a unit typed."""
    return unlinked(" ".join(text.split()))


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: max(0, longest - 1)].rstrip() + "…"


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
