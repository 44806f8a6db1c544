"""What differs from what was sent, in sentences: of the period itself, then of earlier ones that its run has read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.values.frames import rows_as
from pipeline.values.lines import SinceLine
from pipeline.values.sent import Sending
from pipeline.values.states import SINCE_KINDS
from pipeline.words.days import iso_day_text
from pipeline.words.lists import named
from pipeline.words.numbers import number_text
from pipeline.words.prose import lowered

_MOST = 5  # figures that a sentence names


def since_sentences(report: Report) -> tuple[str, ...]:
    """None where nothing was sent of this period, nothing of the earlier ones has moved, and every package is sound."""
    lines = () if report.since is None else tuple(rows_as(SinceLine, report.since))
    return (*_of_period(report, lines), *_of_earlier(report, lines), *report.since_untold)


def since_in_short(report: Report) -> str:
    """“31 tổng số khác báo cáo số 123/BC-UBND ngày 19/9/2025”; empty where nothing of the period differs."""
    sending = report.sendings.get(report.period.code)
    if sending is None or report.since is None:
        return ""
    kinds = Counter(line.kind for line in rows_as(SinceLine, report.since) if line.kind != "earlier-figure")
    what = f"{kinds['total']} tổng số" if kinds["total"] else f"{kinds.total()} nội dung"
    return f"{what} khác báo cáo {sending_words(sending)}" if kinds else ""


def sending_words(sending: Sending) -> str:
    """“số 123/BC-UBND ngày 19/9/2025”."""
    return f"số {sending.number} ngày {iso_day_text(sending.date)}"


def _of_period(report: Report, lines: Sequence[SinceLine]) -> Iterator[str]:
    sending = report.sendings.get(report.period.code)
    if sending is None:
        return
    since = f"Từ khi gửi ({sending_words(sending)})"
    mine = [line for line in lines if line.kind != "earlier-figure"]
    totals = [line for line in mine if line.kind == "total"]
    if not mine and not report.since_forms:
        yield f"{since}: không có gì khác với bản đã gửi."
    elif not mine:
        yield f"{since}: không số liệu, tình trạng nào khác bản đã gửi; {_other_forms(report)}."
    elif totals:
        told = named([_moved(line) for line in totals], _MOST, "tổng số khác")
        yield f"{since}: {len(totals)} tổng số thay đổi ({told}); xin xem {sheet_named('since_sent')}."
    else:
        yield f"{since}: không tổng số nào thay đổi; {_counted(report, mine)}; xin xem {sheet_named('since_sent')}."
    if mine and report.since_forms:
        yield f"Ngoài ra {_other_forms(report)}."


def _other_forms(report: Report) -> str:
    """“01 đơn vị có biểu khác …”: forms that changed no figure and no state."""
    told = [
        f"{report.name(unit_id)} ({lowered(report.label('since_cause', cause))})"
        for unit_id, cause in report.since_forms.items()
    ]
    names = named(told, _MOST, "đơn vị khác")
    return f"{len(told)} đơn vị có biểu khác mà không làm đổi số nào: {names}; hoạt động, kiến nghị đã kê có thể khác"


def _counted(report: Report, lines: Sequence[SinceLine]) -> str:
    """“có khác: số của đơn vị 2 chỗ, nộp báo cáo 1 chỗ”."""
    counts = Counter(line.kind for line in lines)
    kinds = (f"{lowered(report.label('since', kind))} {counts[kind]} chỗ" for kind in SINCE_KINDS if counts[kind])
    return f"có khác: {', '.join(kinds)}"


def _of_earlier(report: Report, lines: Sequence[SinceLine]) -> Iterator[str]:
    """By period, with figure and unit."""
    for code, sending in report.sendings.items():
        mine = [line for line in lines if line.kind == "earlier-figure" and line.period == code]
        if mine:
            told = named([f"{report.name(line.unit_id)} {_moved(line)}" for line in mine], _MOST, "số khác")
            yield (
                f"{report.project.plan.period(code).name}: {len(mine)} số của đơn vị nay khác bản đã gửi "
                f"({sending_words(sending)}): {told}; xin xem {sheet_named('since_sent')}."
            )


def _moved(line: SinceLine) -> str:
    """“CT01 từ 254 thành 260”."""
    return f"{line.id} từ {_amount_words(line.sent)} thành {_amount_words(line.now)}"


def _amount_words(amount: object) -> str:
    return number_text(float(amount)) if isinstance(amount, (int, Decimal)) else "chưa có số liệu"
