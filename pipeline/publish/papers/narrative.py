"""The text of the report in Word: five parts, every number from the tally of the period.

What a machine cannot know is left to the officer in marked paragraphs.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from pipeline.declare.plan import Period, Task
from pipeline.publish.papers.document import Grid, Line, Marked, one_line
from pipeline.publish.papers.results import proved_before, tell_proved, tell_results, to_settle
from pipeline.publish.report import Report
from pipeline.publish.sentences.findings import written_findings
from pipeline.publish.sentences.own_plans import own_plans_sentence
from pipeline.publish.sentences.phrases import (
    area,
    names,
    period_name,
    plan_reference,
    unfiled_words,
    window,
    written_state,
)
from pipeline.publish.sheets import annexed
from pipeline.values.states import FindingKind, State
from pipeline.values.tally import Ids
from pipeline.words.lists import first_of
from pipeline.words.names import fold
from pipeline.words.prose import capitalised, lowered, percent, prose, share

_FEW_NAMES = 8
_Wishes = Mapping[str, Mapping[str, Ids]]  # by body asked, then by words: the units
_BEHIND: tuple[State, ...] = ("overdue", "not-done", "unproven", "missing")
_IN_DOUBT: tuple[FindingKind, ...] = ("doubt", "imbalance")
_LEFT: Mapping[str, tuple[State, ...]] = {
    "tiếp tục thực hiện": ("open",),
    "thực hiện theo thời hạn": ("not-due",),
    "phải hoàn thành ngay": ("overdue", "not-done", "unproven"),
    "chưa báo cáo": ("missing",),
}
_MOST_FREQUENT = 5  # shortcomings of units that the report names


def narrate(report: Report) -> tuple[Line | Grid | Marked, ...]:
    """The numbered parts of the report, from the opening to the requests."""
    return (
        *_opening(report),
        *_findings(report),
        *_direction(report),
        *tell_results(report),
        *_assessment(report),
        *_next_steps(report),
        *_requests(report),
    )


def officer(where: str, text: str) -> Marked:
    """A paragraph that the officer has to write; `where`: the number of its part, “III.1”."""
    return Marked(where, f"[Bổ sung: {text}]")


def _opening(report: Report) -> Iterator[Line]:
    plan = report.project.plan
    yield Line(
        f"Thực hiện {plan.basis}; {plan_reference(report)}, {plan.issuer} báo cáo kết quả công tác tuyên truyền "
        f"cải cách hành chính (CCHC) nhà nước {period_name(report)} ({window(report)}) như sau:"
    )


def _findings(report: Report) -> Iterator[Line]:
    """What stands first everywhere; what units are still asked about is for the officer, to be settled before it goes.

    While nobody has filed there is nothing to find.
    """
    if not report.tally.filings.filed:
        return
    yield Line("Một số nội dung chính:")
    for finding, sentence in written_findings(report):
        yield to_settle(sentence) if finding.kind in _IN_DOUBT else Line(f"- {sentence}")


def _direction(report: Report) -> Iterator[Line | Marked]:
    """I: the plan, who reported, and the dated tasks that fell due before the data were closed.

    The plans to be issued are among them.
    """
    plan, period = report.project.plan, report.period
    yield Line("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", "heading")
    yield Line(
        f"{plan.issuer} đã ban hành Kế hoạch nêu trên, giao {prose(len(plan.tasks))} nhiệm vụ tuyên truyền CCHC cho "
        f"các cơ quan, đơn vị, địa phương; giao {plan.office} chủ trì theo dõi, đôn đốc, tổng hợp."
    )
    yield Line(f"{_filing_words(report)}.")
    yield Line(f"Có {own_plans_sentence(report)}")
    for task in plan.tasks:
        if task.due <= period.date_to and task.obligation[period.code] in ("due", "carried"):
            yield Line(f"{task.title} (thời hạn: {lowered(task.due_text)}): {_task_words(report, task)}.")
    yield officer("I", "văn bản chỉ đạo đã ban hành, hội nghị, kiểm tra, đôn đốc trong kỳ.")


def _filing_words(report: Report) -> str:
    filings, by = report.tally.filings, report.period.until
    filed, expected = filings.filed, filings.expected
    if not filed:
        return f"Đến hạn gửi ({by}), chưa có đơn vị nào trong {prose(expected)} đơn vị gửi báo cáo"
    late = f", {prose(len(filings.late))} đơn vị gửi muộn" if filings.late else ""
    words = (
        f"Đến hạn gửi ({by}), có {share(len(filings.on_time), expected)} cơ quan, đơn vị, địa phương gửi báo cáo "
        f"đúng hạn{late} (đạt {percent(filed, expected)})"
    )
    out = f"{prose(len(filings.out))} đơn vị chưa có báo cáo hợp lệ, gồm {unfiled_words(report)}"
    return f"{words}; {out}" if filings.unfiled else words


def _task_words(report: Report, task: Task) -> str:
    """Done n of N leads, those by an earlier report among them, then who has not, by name while they are few."""
    led, before = report.tally.tasks[task.id], proved_before(report, task.id)
    done = f"{share(led.counts.done + len(before), led.counts.total)} đơn vị chủ trì đã hoàn thành"
    left = [
        f"{prose(len(units))} đơn vị {written_state(report.project, state)}"
        + (f": {names(report, units)}" if len(units) <= _FEW_NAMES else f" ({annexed('matrix')})")
        for state, ids in led.by_state.items()
        if state != "done" and (units := _without(ids, before))
    ]
    return "; ".join([done + tell_proved(report, task), *left])


def _without(units: Ids, others: Ids) -> Ids:
    return tuple(unit_id for unit_id in units if unit_id not in others)


def _assessment(report: Report) -> Iterator[Line | Marked]:
    """III: what went well, what did not, and why."""
    judged, filings = report.tally.judged, report.tally.filings
    silent = f"; {prose(judged['missing'])} lượt chưa có báo cáo" if judged["missing"] else ""
    yield Line("III. ĐÁNH GIÁ CHUNG", "heading")
    yield Line("1. Kết quả đạt được", "subheading")
    yield Line(
        f"Tỷ lệ đơn vị gửi báo cáo đạt {percent(filings.filed, filings.expected)}; "
        f"tỷ lệ lượt nhiệm vụ thường xuyên và đến hạn hoàn thành đạt {percent(judged.done, judged.total)} "
        f"({share(judged.done, judged.total)} lượt){silent}."
    )
    yield from _models(report)
    yield officer("III.1", "nhận xét kết quả nổi bật, cách làm hay, đơn vị tiêu biểu.")
    yield Line("2. Tồn tại, hạn chế", "subheading")
    faults = list(_faults(report))
    yield from faults or [Line("Tất cả đơn vị gửi báo cáo đúng hạn; không có nhiệm vụ quá hạn.")]
    yield from _own_words_count(report, "limitation")
    yield officer("III.2", "đánh giá tồn tại, hạn chế.")
    yield Line("3. Nguyên nhân", "subheading")
    yield from _own_words_count(report, "cause")
    yield officer("III.3", "nguyên nhân chủ quan, khách quan.")


def _models(report: Report) -> Iterator[Line]:
    """What units name as models, good practice and examples worth following; the same words of several stand once."""
    told: dict[str, tuple[str, Ids]] = {}
    for line in report.models:
        words = one_line(line.content).rstrip(".;, ")
        first, units = told.get(words.casefold(), (words, ()))
        told[words.casefold()] = first, tuple(dict.fromkeys((*units, line.unit_id)))
    shown, left = first_of(list(told.values()), report.project.plan.outputs.most_names)
    if told:
        yield Line(f"Các đơn vị nêu {prose(len(told))} mô hình, cách làm hay, gương điển hình:")
    for words, units in shown:
        yield Line(f"- {words} ({names(report, units, annexed('requests'))}).")
    if left:
        yield Line(f"Còn {prose(left)} mô hình khác, nêu tại {annexed('requests')}.")


def _faults(report: Report) -> Iterator[Line]:
    """Who has not filed or was late, and which tasks are behind with whom; a line each."""
    filings, tasks = report.tally.filings, report.tally.tasks
    unfiled = {report.label("unfiled", kind).capitalize(): units for kind, units in filings.unfiled.items()}
    for label, units in {**unfiled, "Gửi muộn": filings.late}.items():
        if units:
            yield Line(f"- {label} ({prose(len(units))} đơn vị): {names(report, units, annexed('matrix'))}.")
    for state in _BEHIND:
        behind = {task: _without(led.by_state.get(state, ()), filings.out) for task, led in tasks.items()}
        yield from _behind(report, capitalised(written_state(report.project, state)), behind)
    silent = sum(
        len(set(led.by_state.get("missing", ())).intersection(filings.out).difference(proved_before(report, task)))
        for task, led in tasks.items()
    )
    if silent:
        yield Line(
            f"- Các đơn vị chưa có báo cáo hợp lệ nêu trên chủ trì {prose(silent)} lượt nhiệm vụ chưa có kết quả."
        )


def _behind(report: Report, label: str, units: Mapping[str, Ids]) -> Iterator[Line]:
    """A line of tasks with their units (`units`: by task), if there are any."""
    behind = {task.short: who for task in report.project.plan.tasks if (who := units.get(task.id))}
    if behind:
        where = annexed("matrix")
        tasks = "; ".join(f"{short} ({_some_names(report, who, where)})" for short, who in behind.items())
        yield Line(f"- {label} ({prose(sum(map(len, behind.values())))} lượt nhiệm vụ): {tasks}.")


def _some_names(report: Report, units: Ids, where: str) -> str:
    """Names while they are few."""
    return names(report, units) if len(units) <= _FEW_NAMES else f"{prose(len(units))} đơn vị, nêu tại {where}"


def _own_words_count(report: Report, kind: str) -> Iterator[Line]:
    label = report.project.form.label("request_kind", kind)
    told = report.tally.requests.by_kind.get(label, ())
    if told:
        often = _frequent(line.content for line in told)
        named = "; ".join(f"{lowered(words)} ({prose(count)} đơn vị)" for words, count in often)
        most = f"; nhiều đơn vị nêu: {named}" if often else ""
        where = annexed("requests")
        yield Line(f"Các đơn vị nêu {prose(len(told))} ý kiến về {lowered(label)} (chi tiết tại {where}){most}.")


def _frequent(texts: Iterable[object]) -> list[tuple[str, int]]:
    """What several units say in the same words, the most frequent first."""
    said = [one_line(text).rstrip(".;, ") for text in texts]
    first = {words.casefold(): words for words in reversed(said)}
    counted = Counter(words.casefold() for words in said)
    return [(first[key], count) for key, count in counted.most_common(_MOST_FREQUENT) if count > 1]


def _next_steps(report: Report) -> Iterator[Line | Marked]:
    """IV: the recurring tasks that go on, the dated ones that are still open."""
    plan = report.project.plan
    following = _following(report)
    yield Line(f"IV. PHƯƠNG HƯỚNG, NHIỆM VỤ {'THỜI GIAN TỚI' if following else 'NĂM TỚI'}", "heading")
    if following:
        recurring = [lowered(task.short) for task in plan.tasks if task.obligation[following.code] == "recurring"]
        yield Line(f"Tiếp tục thực hiện {prose(len(recurring))} nhiệm vụ thường xuyên: {'; '.join(recurring)}.")
    dated = [(task, left) for task in plan.tasks if task.due < date.max and (left := _left_words(report, task))]
    if dated:
        yield Line("Hoàn thành các nhiệm vụ có thời hạn:")
    for task, left in dated:
        yield Line(f"- {task.short} (thời hạn: {lowered(task.due_text)}): {left}.")
    yield officer("IV", f"nhiệm vụ trọng tâm {'thời gian tới' if following else 'năm tới'}.")


def _left_words(report: Report, task: Task) -> str:
    """“15 đơn vị chủ trì tiếp tục thực hiện; 02 đơn vị chưa báo cáo”; empty when nothing is left.

    Who has proved it done before owes nothing.
    """
    led, before = report.tally.tasks[task.id], proved_before(report, task.id)
    left = {
        words: sum(len(_without(led.by_state.get(state, ()), before)) for state in states)
        for words, states in _LEFT.items()
    }
    return "; ".join(f"{prose(count)} đơn vị chủ trì {words}" for words, count in left.items() if count)


def _following(report: Report) -> Period | None:
    """The period of this year that is filed next."""
    later = [period for period in report.project.plan.periods if period.last_day > report.period.last_day]
    return min(later, key=lambda period: period.last_day, default=None)


def _requests(report: Report) -> Iterator[Line | Marked]:
    """V: what only bodies above can settle, in the units' own words; how much is the issuer's own to settle."""
    plan, wishes = report.project.plan, report.tally.requests.wishes
    up = {body: asked for body, asked in wishes.items() if is_higher(body, plan.papers.higher)}
    here = sum(len(asked) for body, asked in wishes.items() if body and body not in up)
    unnamed = len(wishes.get("", ()))
    yield Line("V. KIẾN NGHỊ, ĐỀ XUẤT", "heading")
    if not wishes:
        yield Line("Chưa ghi nhận kiến nghị của đơn vị nào.")
    yield from _requests_up(report, up)
    if here:
        yield Line(
            f"Có {prose(here)} kiến nghị của các đơn vị thuộc thẩm quyền của {area(report)}: {plan.issuer} tiếp thu, "
            f"giao các cơ quan, đơn vị liên quan xem xét, giải quyết ({annexed('requests')})."
        )
    if unnamed:
        yield Line(f"Có {prose(unnamed)} kiến nghị chưa ghi cơ quan được kiến nghị ({annexed('requests')}).")
    yield officer("V", f"kiến nghị của {plan.issuer} với cấp trên, nếu có.")


def _requests_up(report: Report, up: _Wishes) -> Iterator[Line]:
    """Grouped by whom they ask; the same words of several units stand once."""
    wishes, left = _first_wishes(up, report.project.plan.outputs.most_names)
    for number, (body, asked) in enumerate(wishes.items(), start=1):
        yield Line(f"{number}. Đối với {one_line(body)}", "subheading")
        for content, units in asked.items():
            words = one_line(content).rstrip(".;, ")
            yield Line(f"- {words} ({names(report, units, annexed('requests'))}).")
    if left:
        yield Line(f"Còn {prose(left)} kiến nghị khác với cấp trên, nêu tại {annexed('requests')}.")


def is_higher(body: str, higher: Sequence[str]) -> bool:
    """Whether a body, as a unit names it, is one of those above: its name begins with the words of one of them."""
    words = fold(body).split()
    return any(words[: len(known)] == known for known in (fold(name).split() for name in higher))


def _first_wishes(wishes: _Wishes, most: int) -> tuple[_Wishes, int]:
    """Of very many those that most units ask, in the order they had; and how many are left."""
    asked = [(body, content, len(units)) for body, mine in wishes.items() for content, units in mine.items()]
    first = {(body, content) for body, content, _ in sorted(asked, key=lambda item: -item[2])[:most]}
    kept = {
        body: {content: units for content, units in mine.items() if (body, content) in first}
        for body, mine in wishes.items()
    }
    return {body: mine for body, mine in kept.items() if mine}, len(asked) - len(first)
