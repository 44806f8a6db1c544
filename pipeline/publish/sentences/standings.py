"""What a leader asks of the units' year so far: who uses which ways of propaganda, who files late, who has no news."""

from collections.abc import Callable, Iterator

from pipeline.publish.report import Report
from pipeline.publish.sentences.phrases import names
from pipeline.values.standings import Standing
from pipeline.words.prose import capitalised, prose, share


def standing_sentences(report: Report) -> Iterator[tuple[str, str]]:
    """What each is about, and the sentence; nothing of what the plan does not declare."""
    scoring = report.project.plan.scoring
    if scoring.online:
        yield "Hình thức tuyên truyền", _forms_sentence(report)
    yield "Nộp muộn trong năm", _late_sentence(report)
    if scoring.news:
        yield "Không có tin, bài", _news_sentence(report)


def periods_counted(report: Report) -> str:
    """“6 tháng đầu năm, quý III”: the periods of the year for which forms were collected, this one last."""
    codes = dict.fromkeys(code for standing in report.tally.standings.values() for code in standing.filed)
    plan = report.project.plan
    return ", ".join(plan.period(code).name for code in codes) or report.period.name


def _forms_sentence(report: Report) -> str:
    """How many use both, then who lacks which."""
    standings = report.tally.standings
    both = sum(item.online != () and item.traditional != () for item in standings.values())
    lacking: dict[str, Callable[[Standing], bool]] = {
        "chỉ có hình thức truyền thống": lambda item: not item.online and item.traditional != (),
        "chỉ có hình thức trực tuyến": lambda item: item.online != () and not item.traditional,
        "chưa kê hình thức nào": lambda item: not item.online and not item.traditional,
    }
    head = f"{share(both, len(standings))} đơn vị dùng cả hình thức trực tuyến và truyền thống từ đầu năm"
    return (
        "; ".join([head, *(told for words, is_so in lacking.items() if (told := _named(report, words, is_so)))]) + "."
    )


def _late_sentence(report: Report) -> str:
    """By how many periods were filed late, most first; then who did not file in some."""
    most = max((len(item.periods("late")) for item in report.tally.standings.values()), default=0)
    told = [_named(report, f"nộp muộn {prose(count)} kỳ", _is_late(count)) for count in range(most, 0, -1)]
    told.append(_named(report, "có kỳ chưa nộp", lambda item: item.periods("missing") + item.periods("unusable") != ()))
    words = "; ".join(filter(None, told)) or "không có đơn vị nộp muộn"
    return f"{capitalised(words)} (các kỳ đã thu trong năm: {periods_counted(report)})."


def _is_late(count: int) -> Callable[[Standing], bool]:
    return lambda item: len(item.periods("late")) == count


def _news_sentence(report: Report) -> str:
    """Who told that there was no news at all in the period; who has not said is not among them."""
    told = _named(report, "không có tin, bài nào trong kỳ", lambda item: item.has_no_news)
    return f"{capitalised(told)}." if told else "Đơn vị nào đã báo cáo cũng có tin, bài trong kỳ."


def _named(report: Report, words: str, is_so: Callable[[Standing], bool]) -> str:
    """“nộp muộn 01 kỳ (02 đơn vị): xã A, xã B”; empty where it is so of nobody."""
    units = tuple(unit_id for unit_id, item in report.tally.standings.items() if is_so(item))
    return f"{words} ({prose(len(units))} đơn vị): {names(report, units)}" if units else ""
