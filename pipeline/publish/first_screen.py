"""The first screen, described once as values: who is missing, what is late, what needs a decision.

Two drawers show it: `page/page_for_leader.py` at the head of the page, `picture/picture.py` as one picture for a chat.
It is short whatever happened: lists name the first and say how many more there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.publish.report import Report
from pipeline.publish.sentences.findings import finding_sentences
from pipeline.publish.sentences.since import since_in_short
from pipeline.values.tally import DIGITS
from pipeline.words.lists import named
from pipeline.words.numbers import number_text
from pipeline.words.prose import percent

_MOST_NAMES = 6  # what two lines of a telephone hold
_MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that stands above everything else, what it counts, and what it is made of; that may be empty."""

    number: str
    what: str
    more: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the leader asks and what there is to say: a word for what the line is about, and the line.

    `nothing` is said where there is nothing to say.
    """

    key: str
    question: str
    lines: Sequence[tuple[str, str]]
    nothing: str


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """What is seen first; `mark` is empty unless the figures are made up."""

    mark: str
    subject: str
    period: str
    tiles: Sequence[Tile]
    answers: Sequence[Answer]
    facts: Sequence[str]

    @property
    def title(self) -> str:
        """Subject and period in one line."""
        return f"{self.subject} – {self.period}"


def describe_first_screen(report: Report, returned: Mapping[str, str]) -> FirstScreen:
    """What stands first on the page and in the picture; `returned`: the units to which a workbook goes back."""
    plan, period = report.project.plan, report.period
    return FirstScreen(
        report.sample_mark,
        "Tuyên truyền cải cách hành chính",
        plan.full_name(period),
        _tiles(report, returned),
        (_missing(report), _late(report), _to_decide(report)),
        (
            f"{plan.issuer}. {plan.office} tổng hợp.",
            f"Số liệu {period.window}. Hạn các đơn vị gửi: {period.until}.",
        ),
    )


def _tiles(report: Report, returned: Mapping[str, str]) -> tuple[Tile, ...]:
    filings, judged = report.tally.filings, report.tally.judged
    sent = [
        f"{len(units)} {report.label('unfiled', kind)}" for kind, units in filings.unfiled.items() if kind != "silent"
    ]
    on_time, late = len(filings.on_time), len(filings.late)
    rate = f"{percent(judged.done, judged.total)} số lượt phải đánh giá trong kỳ"
    return (
        Tile(f"{filings.filed}/{filings.expected}", "đơn vị đã nộp", f"đúng hạn {on_time}, nộp muộn {late}"),
        Tile(str(len(filings.out)), f"đơn vị chưa nộp{'' if report.is_due else ', chưa đến hạn'}", "; ".join(sent)),
        Tile(f"{judged.done}/{judged.total}", "lượt nhiệm vụ hoàn thành", rate),
        Tile(str(len(returned)), "đơn vị có điểm phải sửa hoặc trả lời", ""),
    )


def _missing(report: Report) -> Answer:
    """Who has no report that can be used, by what came of them."""
    by_filing = {filing: names for filing, names in report.names_by_filing().items() if names}
    lines = [(report.label("received", filing), _few(names)) for filing, names in by_filing.items()]
    return Answer("thieu", "Ai còn thiếu", lines, "Tất cả các đơn vị đã nộp báo cáo.")


def _late(report: Report) -> Answer:
    """Who filed late, and which tasks of whom are overdue."""
    plan, late = report.project.plan, report.tally.filings.late
    lines = [(report.label("received", "late"), _few(_names(report, late)))] if late else []
    word = report.label("state", "overdue")
    overdue = [(task, report.tally.tasks[task.id].by_state.get("overdue", ())) for task in plan.tasks]
    lines += [(f"{word} {task.id} ({task.short})", _few(_names(report, units))) for task, units in overdue if units]
    return Answer("muon", "Việc gì muộn, quá hạn", _shortened(lines), "Không có đơn vị nộp muộn, nhiệm vụ quá hạn.")


def _to_decide(report: Report) -> Answer:
    """What somebody has to settle: whom to urge, which figures are in doubt, what the units ask for."""
    return Answer(
        "quyet", "Việc gì cần quyết định", _shortened(list(_decisions(report))), "Không có việc chờ quyết định."
    )


def _decisions(report: Report) -> Iterator[tuple[str, str]]:
    filings, wishes = report.tally.filings, report.tally.requests.wishes
    if report.is_due and filings.out:
        yield "Đôn đốc", f"{len(filings.out)} đơn vị chưa có báo cáo sử dụng được"
    if since := since_in_short(report):
        yield "Đính chính", since
    for finding, sentence in zip(report.tally.findings, finding_sentences(report, has_codes=False), strict=True):
        if finding.kind == "task":
            yield "Nhiệm vụ", sentence.rstrip(".")
    if doubts := "; ".join(_doubts(report)):
        yield "Số liệu cần xác minh", doubts
    asked = [units for mine in wishes.values() for units in mine.values()]
    if asked:
        units = {unit_id for ids in asked for unit_id in ids}
        yield "Kiến nghị", f"{len(asked)} kiến nghị của {len(units)} đơn vị chờ xem xét"


def _doubts(report: Report) -> Iterator[str]:
    """The total of which most is under question, how many others are, and how many do not agree with each other."""
    items = report.project.plan.indicator
    doubted = sum(line.questioned_units > 0 for line in report.total.values())
    for finding in (finding for finding in report.tally.findings if finding.kind == "doubt"):
        item, doubted = items[finding.about], doubted - 1
        part, whole = (number_text(round(value, DIGITS)) for value in (finding.count, finding.whole))
        yield f"{item.name} ({part}/{whole} {item.measure})"
    if doubted:
        yield f"{doubted} chỉ tiêu khác"
    if report.tally.imbalances:
        yield f"{len(report.tally.imbalances)} phép đối chiếu chưa khớp"


def _shortened(lines: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    first = list(lines[:_MOST_LINES])
    left = len(lines) - len(first)
    return [*first, ("Còn", f"{left} nội dung khác, nêu ở các phần dưới")] if left else first


def _names(report: Report, unit_ids: Sequence[str]) -> list[str]:
    return [report.name(unit_id) for unit_id in unit_ids]


def _few(names: Sequence[str]) -> str:
    return named(names, _MOST_NAMES, "đơn vị khác")
