"""Which units have issued a plan of their own, and what part one sum is of another: told alike wherever it is told."""

from collections.abc import Iterator

from pipeline.publish.report import Report
from pipeline.publish.sentences.phrases import names
from pipeline.values.tally import RateLine
from pipeline.words.numbers import percent_text
from pipeline.words.prose import prose, share


def own_plan_words(report: Report, unit_id: str) -> str:
    """Number and day of a unit's own plan, and the earlier report that named it; empty where none did."""
    known = report.tally.own_plans.get(unit_id)
    if known is None:
        return ""
    told_then = "" if known.period == report.period.code else report.project.plan.period(known.period).name
    return f"{known.words} (theo báo cáo {told_then})" if told_then else known.words


def own_plans_sentence(report: Report) -> str:
    """“29/32 đơn vị đã ban hành kế hoạch tuyên truyền riêng; chưa nêu …: xã A, xã B; chưa có báo cáo: xã C.”."""
    filings, known = report.tally.filings, report.tally.own_plans
    filed = (*filings.on_time, *filings.late)
    without = tuple(unit_id for unit_id in filings.of if unit_id in filed and unit_id not in known)
    silent = tuple(unit_id for unit_id in filings.out if unit_id not in known)
    parts = [f"{share(len(known), filings.expected)} đơn vị đã ban hành kế hoạch tuyên truyền riêng"]
    parts += [f"chưa nêu kế hoạch trong báo cáo: {names(report, without)}"] if without else []
    parts += [f"chưa có báo cáo: {names(report, silent)}"] if silent else []
    return f"{'; '.join(parts)}."


def rate_sentences(report: Report, section: str | None = None) -> Iterator[str]:
    """The rates of one section of the figures, or all."""
    for line in report.tally.rates:
        if section in (None, line.section):
            yield _rate_words(line)


def _rate_words(line: RateLine) -> str:
    rate = percent_text(line.part / line.whole, 1)
    sums = f"{prose(line.part)}/{prose(line.whole)}; tính trên {prose(line.units)} đơn vị có đủ số liệu"
    return f"{line.words}: đạt {rate} ({sums})"
