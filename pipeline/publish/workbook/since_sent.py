"""`Khác bản đã gửi`: every figure, state and filing that is not as it was sent, each with its cause."""

from decimal import Decimal

import pandas as pd

from pipeline.publish.outputs import SINCE_SENT
from pipeline.publish.report import Report
from pipeline.publish.sentences.since import sending_words, since_sentences
from pipeline.publish.style import MOST_DECIMALS
from pipeline.publish.workbook.cells import signed_style
from pipeline.publish.workbook.lists import lines_of, list_page
from pipeline.publish.workbook.pages import Cell, Column, Page, Styled
from pipeline.values.lines import SinceLine
from pipeline.words.numbers import number_text
from pipeline.words.prose import capitalised


def since_sent_page(report: Report) -> Page:
    """Totals first, then the figures that make up for them; an empty list says that nothing differs."""
    frame = report.since if report.since is not None else pd.DataFrame(columns=list(SinceLine._fields))
    elsewhere = report.elsewhere(SINCE_SENT, len(frame))
    page = list_page(report, "since_sent", _columns(report), lines_of(SinceLine, frame, elsewhere), elsewhere)
    sending = report.sendings.get(report.period.code)
    sent = (f"So với bản đã gửi {sending_words(sending)}, gói {sending.package}",) if sending else ()
    return Page(page.id, page.blocks, (*page.subtitles, *sent), remarks=since_sentences(report))


def _columns(report: Report) -> tuple[Column[SinceLine], ...]:
    plan, labels = report.project.plan, report.project.labels
    items, tasks = plan.indicator, {task.id: task.short for task in plan.tasks}
    names = {item.code: item.name for item in plan.periods}

    def title(line: SinceLine) -> str:
        name = items[line.id].name if line.id in items else tasks.get(line.id, "")
        return f"{line.id}. {name}" if name else line.id

    def said(line: SinceLine, value: object) -> Cell:
        if line.kind == "state":
            return labels["state"].get(str(value), str(value))
        return labels["received"].get(str(value), str(value)) if line.kind == "filing" else _amount(line, value)

    return (
        Column("kind", "Loại", 17, of=lambda line: report.label("since", line.kind)),
        Column("unit", "Đơn vị", 24, of=lambda line: report.name(line.unit_id) if line.unit_id else ""),
        Column("what", "Nội dung", 39, of=title),
        Column("sent", "Đã gửi", 14, "line any", of=lambda line: said(line, line.sent)),
        Column("now", "Hiện nay", 14, "line any", of=lambda line: said(line, line.now)),
        Column("change", "Thay đổi", 12, "line any", of=lambda line: _amount(line, line.change)),
        Column("cause", "Vì sao", 28, of=lambda line: capitalised(report.label("since_cause", line.cause))),
        Column("period", "Kỳ", 16, of=lambda line: names.get(line.period, line.period)),
        Column("file", "Tệp", 40, "line small", is_printed=False),
        Column("cell", "Ô", 9, "line center", is_printed=False),
    )


def _amount(line: SinceLine, value: object) -> Cell:
    """With as many decimals as any number of its line has, so that they are seen to add up."""
    if not isinstance(value, (int, Decimal)):
        return ""
    numbers = (number for number in (line.sent, line.now, line.change) if isinstance(number, Decimal))
    decimals = max((len(number_text(float(number)).partition(",")[2]) for number in numbers), default=0)
    places = min(decimals, MOST_DECIMALS)
    return Styled(float(value), f"line number{places}" if places else signed_style(float(value)))
