"""The text of the report in Word: five parts, every number from the tally of the period.

What a machine cannot know is left to the officer in marked paragraphs.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from pipeline.declare.plan import Period, Task
from pipeline.publish.papers.document import Grid, Line, Marked, one_line
from pipeline.publish.papers.results import tell_proved, tell_results, tell_undone
from pipeline.publish.report import Report
from pipeline.publish.sentences.own_plans import own_plans_sentence
from pipeline.publish.sentences.phrases import names, period_name, plan_reference, unfiled_words, window
from pipeline.publish.sheets import annexed, sheet_named
from pipeline.values.states import State
from pipeline.values.tally import Ids
from pipeline.words.days import day_text
from pipeline.words.prose import lowered, percent, prose, share

_FEW_NAMES = 8
_Wishes = Mapping[str, Mapping[str, Ids]]  # by body asked, then by words: the units
_BEHIND: tuple[State, ...] = ("overdue", "not-done", "unproven", "missing")
_LEFT: Mapping[str, tuple[State, ...]] = {
    "chưa hoàn thành": ("open", "overdue", "not-done", "unproven"),
    "chưa báo cáo": ("missing",),
    "chưa đến hạn": ("not-due",),
}


def narrate(report: Report) -> tuple[Line | Grid | Marked, ...]:
    """The numbered parts of the report, from the opening to the requests."""
    return (
        *_opening(report),
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
        f"Thực hiện {plan_reference(report)} và {plan.basis}, {plan.issuer} báo cáo kết quả công tác tuyên truyền "
        f"cải cách hành chính (CCHC) nhà nước {period_name(report)} ({window(report)}) như sau:"
    )


def _direction(report: Report) -> Iterator[Line | Marked]:
    """I: the plan, who reported, and the dated tasks that fell due before the data were closed.

    The plans to be issued are among them.
    """
    plan, period = report.project.plan, report.period
    yield Line("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", "heading")
    yield Line(
        f"{plan.issuer} giao {prose(len(plan.tasks))} nhiệm vụ tuyên truyền CCHC cho các cơ quan, đơn vị, địa phương; "
        f"{plan.office} theo dõi, đôn đốc, tổng hợp."
    )
    yield Line(f"Tình hình gửi báo cáo (hạn gửi: hết ngày {day_text(period.last_day)}): {_filing_words(report)}.")
    yield Line(own_plans_sentence(report))
    for task in plan.tasks:
        if task.due <= period.date_to and task.obligation[period.code] in ("due", "carried"):
            yield Line(f"{task.title} (thời hạn: {lowered(task.due_text)}): {_task_words(report, task)}.")
    yield officer("I", "văn bản chỉ đạo đã ban hành, hội nghị, kiểm tra, đôn đốc trong kỳ.")


def _filing_words(report: Report) -> str:
    filings = report.tally.filings
    filed, expected = filings.filed, filings.expected
    words = f"{share(filed, expected)} đơn vị đã gửi" + (f" (đạt {percent(filed, expected)})" if expected else "")
    if filed:
        on_time, late = prose(len(filings.on_time)), prose(len(filings.late))
        words += f", trong đó {on_time} đơn vị gửi đúng hạn, {late} đơn vị gửi muộn"
    return f"{words}; còn {unfiled_words(report)}" if filings.unfiled else words


def _task_words(report: Report, task: Task) -> str:
    """Done n of N leads, then the other states by number."""
    states = report.tally.tasks[task.id].counts
    done = f"{share(states.done, states.total)} đơn vị chủ trì hoàn thành"
    return "; ".join([done, *tell_undone(report, states)]) + tell_proved(report, task)


def _assessment(report: Report) -> Iterator[Line | Marked]:
    """III: what went well, what did not, and why."""
    judged, filings = report.tally.judged, report.tally.filings
    silent = f", còn {prose(judged['missing'])} lượt chưa báo cáo" if judged["missing"] else ""
    yield Line("III. ĐÁNH GIÁ CHUNG", "heading")
    yield Line("1. Kết quả đạt được", "subheading")
    yield Line(
        f"Tỷ lệ đơn vị gửi báo cáo đạt {percent(filings.filed, filings.expected)}; "
        f"tỷ lệ nhiệm vụ thường xuyên và đến hạn đã hoàn thành đạt {percent(judged.done, judged.total)}{silent}."
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
    """What units name as models, good practice and examples worth following, in their own words."""
    told = report.models
    most = report.project.plan.outputs.most_names
    if told:
        yield Line(f"Các đơn vị nêu {prose(len(told))} mô hình, cách làm hay, gương điển hình:")
    for line in told[:most]:
        words = one_line(line.content).rstrip(".;, ")
        yield Line(f"- {words} ({names(report, (line.unit_id,))}).")
    if len(told) > most:
        yield Line(f"Còn {prose(len(told) - most)} mô hình khác, nêu tại {annexed('requests')}.")


def _faults(report: Report) -> Iterator[Line]:
    """Who has not filed or was late, and which tasks are behind with whom; a line each."""
    filings, tasks = report.tally.filings, report.tally.tasks
    unfiled = {report.label("unfiled", kind).capitalize(): units for kind, units in filings.unfiled.items()}
    for label, units in {**unfiled, "Gửi muộn": filings.late}.items():
        if units:
            yield Line(f"- {label} ({prose(len(units))} đơn vị): {names(report, units)}.")
    for state in _BEHIND:
        behind = {task: led.by_state.get(state, ()) for task, led in tasks.items()}
        yield from _behind(report, report.label("state", state), behind)
    for period in report.project.plan.periods:
        proved = {task: led.proved.get(period.code, ()) for task, led in tasks.items()}
        label = f"Trong đó đã hoàn thành theo báo cáo {lowered(period.name)}"
        yield from _behind(report, label, proved, sheet_named("answers"))


def _behind(report: Report, label: str, units: Mapping[str, Ids], where: str = "phụ lục") -> Iterator[Line]:
    """A line of tasks with their units (`units`: by task), if there are any; `where` all of them stand."""
    behind = {task.short: who for task in report.project.plan.tasks if (who := units.get(task.id))}
    if behind:
        tasks = "; ".join(f"{short} ({_some_names(report, who, where)})" for short, who in behind.items())
        yield Line(f"- {label} ({prose(sum(map(len, behind.values())))} lượt nhiệm vụ): {tasks}.")


def _some_names(report: Report, units: Ids, where: str) -> str:
    """Names while they are few."""
    return names(report, units) if len(units) <= _FEW_NAMES else f"{prose(len(units))} đơn vị, nêu tại {where}"


def _own_words_count(report: Report, kind: str) -> Iterator[Line]:
    label = report.project.form.label("request_kind", kind)
    count = len(report.tally.requests.by_kind.get(label, ()))
    if count:
        yield Line(f"Các đơn vị nêu {prose(count)} ý kiến về {lowered(label)} (nguyên văn tại phụ lục).")


def _next_steps(report: Report) -> Iterator[Line | Marked]:
    """IV: the next period with its deadline, the recurring tasks, the dated ones that are still open."""
    plan = report.project.plan
    following = _following(report)
    yield Line(f"IV. NHIỆM VỤ {'KỲ TỚI' if following else 'NĂM TỚI'}", "heading")
    if following:
        yield Line(
            f"Kỳ báo cáo tiếp theo: {lowered(plan.full_name(following))}, "
            f"số liệu từ ngày {day_text(following.date_from)} đến ngày {day_text(following.date_to)}; "
            f"các đơn vị gửi {plan.office} chậm nhất hết ngày {day_text(following.last_day)}."
        )
        recurring = [lowered(task.short) for task in plan.tasks if task.obligation[following.code] == "recurring"]
        yield Line(f"Tiếp tục thực hiện {prose(len(recurring))} nhiệm vụ thường xuyên: {'; '.join(recurring)}.")
    dated = [(task, left) for task in plan.tasks if task.due < date.max and (left := _left_words(report, task))]
    if dated:
        yield Line("Hoàn thành, báo cáo đủ các nhiệm vụ có thời hạn:")
    for task, left in dated:
        yield Line(f"- {task.short} (thời hạn: {lowered(task.due_text)}): {left}.")
    yield officer("IV", f"nhiệm vụ trọng tâm {'kỳ tới' if following else 'năm tới'}.")


def _left_words(report: Report, task: Task) -> str:
    """“01/19 đơn vị chủ trì chưa hoàn thành; 02/19 đơn vị chủ trì chưa báo cáo”; empty when nothing is left."""
    counts = report.tally.tasks[task.id].counts
    left = {words: sum(counts[state] for state in states) for words, states in _LEFT.items()}
    told = [f"{share(count, counts.total)} đơn vị chủ trì {words}" for words, count in left.items() if count]
    return "; ".join(told) + tell_proved(report, task)


def _following(report: Report) -> Period | None:
    """The period of this year that is filed next."""
    later = [period for period in report.project.plan.periods if period.last_day > report.period.last_day]
    return min(later, key=lambda period: period.last_day, default=None)


def _requests(report: Report) -> Iterator[Line | Marked]:
    """V: the units' own words, grouped by whom they ask; the same words of several units stand once."""
    yield Line("V. KIẾN NGHỊ", "heading")
    wishes, left = _first_wishes(report.tally.requests.wishes, report.project.plan.outputs.most_names)
    if wishes:
        yield Line("Kiến nghị của các đơn vị (nguyên văn, xếp theo nơi gửi):")
    else:
        yield Line("Chưa ghi nhận kiến nghị của đơn vị nào.")
    for number, (body, asked) in enumerate(wishes.items(), start=1):
        whom = one_line(body) if body else "chưa ghi nơi gửi"
        yield Line(f"{number}. Kiến nghị {whom}", "subheading")
        for content, units in asked.items():
            words = one_line(content).rstrip(".;, ")
            yield Line(f"- {words} ({names(report, units, annexed('requests'))}).")
    if left:
        yield Line(f"Còn {prose(left)} kiến nghị khác của các đơn vị, nêu tại {annexed('requests')}.")
    yield officer("V", f"kiến nghị của {report.project.plan.issuer} với cấp trên, nếu có.")


def _first_wishes(wishes: _Wishes, most: int) -> tuple[_Wishes, int]:
    """Of very many those that most units ask, in the order they had; and how many are left."""
    asked = [(body, content, len(units)) for body, mine in wishes.items() for content, units in mine.items()]
    first = {(body, content) for body, content, _ in sorted(asked, key=lambda item: -item[2])[:most]}
    kept = {
        body: {content: units for content, units in mine.items() if (body, content) in first}
        for body, mine in wishes.items()
    }
    return {body: mine for body, mine in kept.items() if mine}, len(asked) - len(first)
