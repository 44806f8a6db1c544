"""Which of its reports a form says that it is, weighed with all that says so: number, kind, reason, order of arrival.

One slip costs one question: a number left at 1, blank or impossible on a form that says that it was sent again and came
after the others; a kind that is missing; “Bổ sung” over a whole form. What is taken is told, never chosen in silence.
Where nothing else says which one is meant, nothing is changed here, and the forms block each other as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

import pandas as pd

from pipeline.declare.project import Project
from pipeline.judge.versions import revision_of
from pipeline.judged.settlement import Versions
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import Reading, problem_at
from pipeline.values.frames import RowsOfForms, tuples
from pipeline.values.problems import Problem

SLIP = "control-odd"
NUMBER, KIND, REASON = "revision", "revision_kind", "revision_reason"
_SAME = 0.5  # the share of open rows that a whole form repeats


@dataclass(frozen=True, slots=True)
class _Sent:
    """One usable form of a unit: `number` is 0 where one is written that is none; `kind` empty where it is none."""

    doc: int
    reading: Reading
    number: int
    kind: str
    says_again: bool = False  # by its kind or its reason

    @property
    def is_blank(self) -> bool:
        return is_blank(_raw(self.reading, NUMBER))


@dataclass(frozen=True, slots=True)
class Weighed:
    """The frames with number and kind of each form as they are taken; by form, the question about what was taken."""

    frames: Mapping[str, pd.DataFrame]
    questions: Mapping[int, Problem]


def weigh_versions(
    readings: Sequence[Reading], frames: Mapping[str, pd.DataFrame], project: Project, leave_samples_out: bool
) -> Weighed:
    """Weigh the forms of each unit with one another; `frames` are the converted card and tables of the readings."""
    rows = {table: RowsOfForms(frames[table]) for table in project.form.tables}
    taken: dict[int, _Sent] = {}
    questions: dict[int, Problem] = {}
    for sent in _by_unit(readings, frames["card"], project, leave_samples_out):
        for form, problem in _of_unit(sent, rows, project):
            taken[form.doc] = form
            questions[form.doc] = problem
    return Weighed({**frames, "card": _with(frames["card"], taken)}, questions) if taken else Weighed(frames, {})


def with_slips(versions: Versions, questions: Mapping[int, Problem]) -> Versions:
    """The versions with the questions of the forms that are in force; what was replaced is nobody's concern."""
    asked = [questions[doc] for doc in versions.in_force if doc in questions]
    return replace(versions, problems=(*versions.problems, *asked)) if asked else versions


def _by_unit(
    readings: Sequence[Reading], cards: pd.DataFrame, project: Project, leave_samples_out: bool
) -> Iterator[list[_Sent]]:
    """The usable forms of each unit, in the order in which they came."""
    declared = project.form.card.by_key[NUMBER]
    kinds = {choice.label for choice in project.form.choices[project.form.card.by_key[KIND].choices]}
    found: dict[str, list[_Sent]] = {}
    for doc, value, kind in tuples(cards, "doc", NUMBER, KIND):
        reading = readings[doc]
        if not (reading.is_sample and leave_samples_out):
            number, known = revision_of(reading, value, declared), kind if kind in kinds else ""
            reason = shown(_raw(reading, REASON))
            says_again = bool(known) or not (is_blank(reason) or project.proof.says_nothing(reason))
            sent = _Sent(int(doc), reading, number, known, says_again)
            found.setdefault(reading.unit_id, []).append(sent)
    yield from (sorted(mine, key=_arrival) for _, mine in sorted(found.items()))


def _arrival(sent: _Sent) -> tuple[object, ...]:
    return sent.reading.arrival.received_at, sent.reading.file


def _of_unit(
    sent: Sequence[_Sent], rows: Mapping[str, RowsOfForms], project: Project
) -> Iterator[tuple[_Sent, Problem]]:
    """The forms of a unit that are taken other than as written, or asked about, each with its question."""
    if len(sent) == 1:
        if problem := _kind_of_first(sent[0], project):
            yield sent[0], problem
        return
    numbered: list[_Sent] = []
    for form in sent:
        number = _number(form, numbered, sent)
        numbered.append(replace(form, number=number))
    for form, taken in zip(sent, numbered, strict=True):
        older = [other for other in numbered if 0 < other.number < taken.number]
        base = max(older, key=attrgetter("number"), default=None)
        of_kind = _of_kind(taken, base, rows, project) if base else None
        if taken.number != form.number or (form.is_blank and taken.number > 1):
            yield (of_kind[0] if of_kind else taken), _odd_number(form, taken, project)
        elif of_kind:
            yield of_kind
        elif taken.number == 1 and not base and (problem := _kind_of_first(form, project)):
            yield form, problem


def _number(form: _Sent, before: Sequence[_Sent], sent: Sequence[_Sent]) -> int:
    """The number of a form: as written, unless it is none, or the first one on a form that says it is sent again."""
    others = [other for other in sent if other is not form]
    is_doubted = form.number < 1 or form.is_blank or (form.number == 1 and bool(form.kind))
    if not is_doubted:
        return form.number
    came_last = all(_time(other) < _time(form) for other in others)
    if form.says_again and came_last and before:
        return max(other.number for other in before) + 1
    came_first = all(_time(form) < _time(other) for other in others)
    if form.number < 1 and came_first and all(other.number != 1 for other in others):
        return 1
    return form.number


def _time(form: _Sent) -> datetime:
    return form.reading.arrival.received_at


def _of_kind(
    form: _Sent, base: _Sent, rows: Mapping[str, RowsOfForms], project: Project
) -> tuple[_Sent, Problem] | None:
    """A form sent again that does not say how it stands to the one before, or says what its content denies."""
    replaces, adds = (project.form.label("revision_kind", name) for name in ("replace", "supplement"))
    is_whole = _answers_all(form.reading, base.reading)
    if not form.kind:
        kind = replaces if is_whole else adds
        why = "điền lại đủ các dòng của bản trước" if is_whole else "chỉ điền một phần"
        return replace(form, kind=kind), _odd_kind(form, kind, why, base, project)
    left = _left_out(form, base, rows, project) if form.kind == adds and is_whole else 0
    if not left:
        return None
    why = f"điền lại cả biểu, chỉ không có {left} dòng của bản trước ở các bảng kê"
    return form, _odd_kind(form, adds, why, base, project)


def _answers_all(reading: Reading, base: Reading) -> bool:
    """Whether every task and indicator that the base answers is answered again."""
    mine, theirs = _named(reading), _named(base)
    return bool(theirs) and theirs <= mine


def _named(reading: Reading) -> set[tuple[str, str]]:
    fixed = [found for found in reading.tables.values() if found.is_fixed]
    return {
        (found.table, name)
        for found in fixed
        for name, is_filled in zip(found.names, found.filled, strict=True)
        if name and is_filled
    }


def _left_out(form: _Sent, base: _Sent, rows: Mapping[str, RowsOfForms], project: Project) -> int:
    """How many open rows of the base a form lacks that repeats the others; 0 where it repeats few, or all."""
    mine, theirs = (set(_open_rows(item.doc, rows, project)) for item in (form, base))
    same = len(theirs & mine)
    return len(theirs) - same if theirs and same >= _SAME * len(theirs) else 0


def _open_rows(doc: int, rows: Mapping[str, RowsOfForms], project: Project) -> Iterator[tuple[str, ...]]:
    for table, sheet in project.form.tables.items():
        if sheet.shape == "open":
            mine = rows[table].of(doc)
            for is_filled, *cells in tuples(mine, "filled", *sheet.own_keys):
                if is_filled:
                    yield (table, *(shown(cell) for cell in cells))


def _with(cards: pd.DataFrame, taken: Mapping[int, _Sent]) -> pd.DataFrame:
    """The cards with number and kind as they are taken."""
    new = cards.copy()
    for index, doc in cards["doc"].items():
        if form := taken.get(int(doc)):
            new.loc[index, NUMBER] = float(form.number) if form.number else cards.loc[index, NUMBER]
            new.loc[index, KIND] = form.kind or None
    return new


def _kind_of_first(form: _Sent, project: Project) -> Problem | None:
    """A first form does not replace anything, nor add to anything."""
    if not form.kind or form.number != 1:
        return None
    number, kind = (project.form.card.by_key[key].label for key in (NUMBER, KIND))
    what = f"“{number}” {_says(form)}, trong khi “{kind}” chọn “{form.kind}”"
    taken = "Chưa nhận được bản nào trước bản này nên biểu vẫn được tính là lần gửi 1"
    asked = "Đề nghị cho biết đây là lần gửi thứ mấy; nếu trước đó đã gửi một bản khác thì đề nghị gửi cả bản đó"
    return _problem(form, NUMBER, {"what": what, "taken": taken, "asked": asked, "example": _example(2, number)})


def _odd_number(form: _Sent, taken: _Sent, project: Project) -> Problem:
    number, kind = (project.form.card.by_key[key].label for key in (NUMBER, KIND))
    because = f"“{kind}” chọn “{form.kind}” và biểu" if form.kind else "biểu"
    because += (
        " được nhận sau các bản khác của đơn vị" if taken.number > 1 else " được nhận trước các bản khác của đơn vị"
    )
    facts = {
        "what": f"“{number}” {_says(form)}, trong khi {because}",
        "taken": f"Biểu tạm được tính là lần gửi {taken.number}",
        "asked": f"Nếu đúng, đề nghị ghi lại “{number}”; nếu không, đề nghị báo lại bản nào đúng",
        "example": _example(taken.number, number),
    }
    return _problem(form, NUMBER, facts)


def _odd_kind(form: _Sent, kind: str, why: str, base: _Sent, project: Project) -> Problem:
    label = project.form.card.by_key[KIND].label
    raw = _raw(form.reading, KIND)
    says = "còn để trống" if is_blank(raw) else f"đang ghi “{shown(raw)}”"
    is_added = kind == project.form.label("revision_kind", "supplement")
    effect = "tính thêm vào" if is_added else "tính thay"
    facts = {
        "what": f"“{label}” {says} ở lần gửi {form.number}, còn biểu {why}",
        "taken": f"Biểu tạm được {effect} bản trước (“{base.reading.file}”)",
        "asked": f"Đề nghị chọn “{label}” cho đúng: thay cả bản trước hay chỉ thêm phần còn thiếu",
        "example": f"ô “{label}” chọn “{kind}”",
    }
    return _problem(form, KIND, facts)


def _problem(form: _Sent, key: str, facts: Mapping[str, str]) -> Problem:
    return problem_at(form.reading, "card", key, 0, SLIP, _raw(form.reading, key), **facts)


def _says(form: _Sent) -> str:
    return "còn để trống" if form.is_blank else f"đang ghi “{shown(_raw(form.reading, NUMBER))}”"


def _example(number: int, label: str) -> str:
    return f"ô “{label}” ghi {number}"


def _raw(reading: Reading, key: str) -> object:
    return reading.card[key].raw if key in reading.card else ""
