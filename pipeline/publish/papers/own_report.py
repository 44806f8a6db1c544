"""A unit's own report in Word, drafted from its form: letterhead, words, figures, and places for its officer."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pipeline.declare.plan import JUDGED
from pipeline.publish.papers.carry import OldWords, carry
from pipeline.publish.papers.document import Closing, Filled, Grid, Letterhead, Line, Marked, Paper
from pipeline.publish.papers.narrative import officer
from pipeline.publish.papers.own_form import OwnForm, Row, sentence_of
from pipeline.publish.papers.own_results import tell_own_results
from pipeline.publish.papers.papers import BODIES, copies
from pipeline.publish.papers.word import write_paper
from pipeline.publish.sentences.phrases import cited, window_of, written_state
from pipeline.values.states import State
from pipeline.words.documents import numbered, written_out
from pipeline.words.prose import in_text, initials, lowered, percent, share

_BEHIND: tuple[State, ...] = ("overdue", "not-done", "unproven", "missing")
_LEFT: tuple[State, ...] = ("open", "not-due")
_COPIES = ("Lưu: VT",)
_DEPUTY = "phó "


def write_own_report(path: Path, form: OwnForm, old: OldWords) -> tuple[Filled, ...]:
    """Write the report with the words of an old one; the same form and words give the same bytes.

    Returns its marked places as they were written.
    """
    paper = describe_own_report(form, old)
    write_paper(path, paper)
    return tuple(item for item in paper.text if isinstance(item, Filled))


def describe_own_report(form: OwnForm, old: OldWords) -> Paper:
    """The report as values."""
    plan, period = form.project.plan, lowered(form.project.plan.full_name(form.period))
    office = () if form.unit.unit_id == plan.office_unit else (plan.office,)
    what = "Kết quả công tác tuyên truyền cải cách hành chính nhà nước"
    return Paper(
        name=f"Báo cáo {lowered(what)} {period} của {form.who}",
        author=form.who,
        letterhead=_letterhead(form),
        titles=("BÁO CÁO", what, f"{_where(form)} {period}"),
        addressees=(plan.issuer, *office),
        text=carry((*_tell(form), _end(form)), old),
        closing=Closing(
            copies=copies(plan.papers.unit_copies.get(form.unit.kind, _COPIES)),
            authority=_authority(form),
            signer=form.answer("signed_by"),
        ),
        mark=form.project.form.sample_mark if form.judged.uses_samples else "",
    )


def _body(form: OwnForm) -> str:
    """“UBND” where that answers for the unit."""
    return form.project.plan.papers.bodies.get(form.unit.kind, "")


def _where(form: OwnForm) -> str:
    return f"trên địa bàn {in_text(form.unit.name)}" if _body(form) else f"của {form.unit.name}"


def _letterhead(form: OwnForm) -> Letterhead:
    """A People's Committee stands by itself; an office or a centre stands below the body that it belongs to."""
    plan, body, name = form.project.plan, _body(form), form.unit.name
    symbol = f"BC-{body or initials(name)}"
    place = name.removeprefix(f"{plan.kinds[form.unit.kind]} ") if body else plan.place
    return Letterhead(
        agency=(BODIES.get(body, body), name.upper()) if body else (plan.issuer.upper(), name.upper()),
        bold=(0, 1) if body else (1,),
        number=f"Số: {numbered(form.answer('report_number').removeprefix('Số:').strip(), symbol)}",
        place_and_day=f"{place}, {written_out(form.card['report_date'].date())}",
    )


def _authority(form: OwnForm) -> tuple[str, ...]:
    """On whose behalf and as what: a deputy signs for the head (NĐ 30/2020/NĐ-CP, Phụ lục I, mục II)."""
    title = form.answer("signer_title")
    role = form.project.signing.role_in(title) or title
    head = role[len(_DEPUTY) :] if role.casefold().startswith(_DEPUTY) else ""
    behalf = (f"TM. {BODIES.get(_body(form), _body(form))}",) if _body(form) else ()
    signs = (f"KT. {head.upper()}", role.upper()) if head else (role.upper() or "[Bổ sung: chức vụ người ký]",)
    return (*behalf, *signs)


def _tell(form: OwnForm) -> Iterator[Line | Grid | Marked]:
    plan = form.project.plan
    yield Line(
        f"Thực hiện {cited(plan)}, {form.who} báo cáo kết quả công tác tuyên truyền cải cách hành chính (CCHC) "
        f"nhà nước {lowered(plan.full_name(form.period))} ({window_of(form.period)}) như sau:"
    )
    yield Line("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", "heading")
    if form.plan:
        yield Line(f"{form.who} đã ban hành Kế hoạch số {form.plan.words} về tuyên truyền CCHC năm {plan.year}.")
    yield officer("I", "văn bản chỉ đạo đã ban hành, hội nghị, phân công thực hiện trong kỳ.")
    yield from tell_own_results(form)
    yield from _assess(form)
    yield from _go_on(form)
    yield from _ask(form)


def _assess(form: OwnForm) -> Iterator[Line | Marked]:
    """III: how much of what was due is done, what is good practice, what lacks and why, in the unit's words."""
    yield Line("III. ĐÁNH GIÁ CHUNG", "heading")
    yield Line("1. Kết quả đạt được", "subheading")
    judged = [line for line in form.tasks.values() if line.obligation in JUDGED]
    if judged:
        done = sum(line.state == "done" for line in judged)
        yield Line(
            f"Hoàn thành {share(done, len(judged))} nhiệm vụ thường xuyên và đến hạn trong kỳ "
            f"(đạt {percent(done, len(judged))})."
        )
    yield from _listed(form.words("model"))
    yield officer("III.1", "nhận xét kết quả nổi bật, cách làm hay.")
    yield Line("2. Tồn tại, hạn chế", "subheading")
    yield from _tasks_left(form, _BEHIND)
    yield from _listed(form.words("limitation"))
    yield officer("III.2", "đánh giá tồn tại, hạn chế.")
    yield Line("3. Nguyên nhân", "subheading")
    yield from _listed(form.words("cause"))
    yield officer("III.3", "nguyên nhân chủ quan, khách quan.")


def _go_on(form: OwnForm) -> Iterator[Line | Marked]:
    """IV: what is still open, and what the unit means to do."""
    yield Line("IV. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI", "heading")
    yield from _tasks_left(form, _LEFT)
    yield from _listed(form.words("solution"))
    yield officer("IV", "nhiệm vụ trọng tâm thời gian tới.")


def _tasks_left(form: OwnForm, states: Sequence[State]) -> Iterator[Line]:
    """The tasks in one of these states, those apart that an earlier report proves done."""
    for task in form.project.plan.tasks:
        line = form.tasks.get(task.id)
        if line and line.state in states and not line.proved_in:
            until = f" (thời hạn: {lowered(task.due_text)})" if task.due < date.max else ""
            yield Line(f"- {task.short}{until}: {written_state(form.project, line.state)}.")


def _ask(form: OwnForm) -> Iterator[Line | Marked]:
    """V: requests by whom they ask, in the unit's words."""
    yield Line("V. KIẾN NGHỊ, ĐỀ XUẤT", "heading")
    by_body: dict[str, list[Row]] = {}
    for row in form.words("request"):
        by_body.setdefault(sentence_of(row, "addressed_to"), []).append(row)
    for body, rows in by_body.items():
        yield Line(f"Đối với {body}:" if body else "Kiến nghị chưa ghi cơ quan được kiến nghị:")
        yield from _listed(rows)
    yield officer("V", "kiến nghị, đề xuất khác, nếu có.")


def _listed(rows: Sequence[Row]) -> Iterator[Line]:
    for row in rows:
        yield Line(f"- {sentence_of(row, 'content')}.")


def _end(form: OwnForm) -> Line:
    plan = form.project.plan
    period = lowered(plan.full_name(form.period))
    return Line(
        f"Trên đây là báo cáo kết quả công tác tuyên truyền cải cách hành chính nhà nước {period}; {form.who} kính báo "
        f"cáo {plan.issuer}./.",
        "end",
    )
