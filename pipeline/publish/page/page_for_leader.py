"""`index.html`: one page for the leader, on a telephone or on paper, with no network, no script, no font of its own.

In: the report, the units to which a workbook goes back, the files that stand beside the page. Out: the same bytes for
the same input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isnan
from pathlib import Path
from urllib.parse import quote

from pipeline.publish.charts import comparison_chart, filing_chart, products_by_kind_chart, tasks_chart
from pipeline.publish.outputs import ANNEX, CORRECTION, FEEDBACK, LETTER, REPORT, WORKBOOK
from pipeline.publish.page.charts_svg import colour_keys, draw_chart
from pipeline.publish.page.elements import Html, bullets, joined, tag
from pipeline.publish.page.page_look import style_sheet
from pipeline.publish.page.page_tables import feedback_table, figures_table, grid_table, most_behind
from pipeline.publish.report import Report
from pipeline.publish.sentences.answers import task_sentence
from pipeline.publish.sentences.comparison import difference_sentences
from pipeline.publish.sentences.since import since_sentences
from pipeline.publish.sheets import SHEET, sheet_named
from pipeline.values.frames import rows_as
from pipeline.values.lines import RequestLine, UnitLine
from pipeline.values.states import STATES
from pipeline.words.days import day_text, moment_text
from pipeline.words.lists import lines_of
from pipeline.words.numbers import number_text
from pipeline.words.prose import percent, prose

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # it cannot load or run what stands in it


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of the page: its key in addresses, its name in the list of parts, its heading."""

    key: str
    name: str
    heading: str
    content: Html
    look: str | None = None

    def drawn(self) -> Html:
        return tag("section", tag("h2", self.heading), self.content, id=self.key, class_=self.look)


def write_leader_page(path: Path, report: Report, returned: Mapping[str, str]) -> None:
    """Write the page. It links to the papers that stand beside it, so it is written after them."""
    names = {
        document.name(report.project.plan, report.period): document.label
        for document in (WORKBOOK, ANNEX, REPORT, CORRECTION, LETTER)
    }
    papers = [(name, label) for name, label in names.items() if (path.parent / name).exists()]
    path.write_bytes(describe_page(report, returned, papers).encode("utf-8", "replace"))


def describe_page(report: Report, returned: Mapping[str, str], papers: Sequence[tuple[str, str]]) -> str:
    """The whole page. `papers`: file names beside it with the words of their links."""
    title = f"Tuyên truyền cải cách hành chính – {report.project.plan.full_name(report.period)}"
    sections = _sections(report, returned)
    doors = bullets([tag("a", section.name, href=f"#{section.key}") for section in sections], "doors")
    body = tag(
        "body",
        tag("a", "Đến phần nội dung", href="#noi-dung", class_="skip"),
        _sample_line(report.sample_mark),
        tag("header", tag("h1", title), *_facts(report), _tiles(report, returned), _doors(papers)),
        tag("nav", doors, aria_label="Các phần của trang"),
        tag("main", *(section.drawn() for section in sections), id="noi-dung", tabindex=-1),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(title, report.sample_mark), body, lang='vi')}\n"


def _head(title: str, mark: str) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", f"{mark} – {title}" if mark else title),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("link", rel="icon", href="data:,"),
        tag("style", Html(style_sheet(mark))),
    )


def _sample_line(mark: str) -> Html:
    """That the figures are made up, where they are."""
    return tag("p", tag("strong", mark), ": số liệu dưới đây không có thật.", class_="sample") if mark else joined([])


def _sections(report: Report, returned: Mapping[str, str]) -> list[_Section]:
    tasks = report.project.plan.tasks
    task_heading = f"{prose(len(tasks))} nhiệm vụ của Kế hoạch"
    done = joined([_completion(report), draw_chart(tasks_chart(report))])
    left = bullets([_in_lines(task_sentence(report, task.id)) for task in tasks], "sentences")
    charts = tag("div", draw_chart(products_by_kind_chart(report)), _comparison(report), class_="pair")
    unused = (tag("p", sentence, class_="note") for sentence in (*since_sentences(report), *report.unused_words))
    figures = joined([figures_table(report), *unused, _differences(report), charts])
    back = _feedback(report, returned)
    return [
        _Section("nop-bao-cao", SHEET["filing"].label, SHEET["filing"].title, _filing(report)),
        _Section("nhiem-vu", SHEET["tasks"].label, task_heading, done),
        _Section("ma-tran", "Từng đơn vị", "Từng đơn vị, từng nhiệm vụ", _grid(report), "wide"),
        _Section("con-thieu", "Còn thiếu", "Còn thiếu gì, của ai", left),
        _Section("so-lieu", SHEET["figures"].label, "Số liệu chính trong kỳ", figures),
        _Section("kien-nghi", SHEET["requests"].label, "Kiến nghị của các đơn vị", _requests(report)),
        _Section("gui-lai", "Tệp gửi lại đơn vị", "Biểu và lời nhắn gửi lại đơn vị", back, "on-screen"),
    ]


def _comparison(report: Report) -> Html:
    """This period beside the one before, where there is one, by the figures that either of them has."""
    chart = comparison_chart(report)
    bars = [bar for bar in chart.bars if not all(map(isnan, bar.amounts.values()))]
    return draw_chart(replace(chart, bars=bars)) if bars and report.past else joined([])


def _differences(report: Report) -> Html:
    """Why each main figure is not what it was, folded together; nothing where there is no period before."""
    sentences = difference_sentences(report)
    told = [(item, sentences[item.id]) for item in report.project.plan.indicators if item.main and item.id in sentences]
    folded = [tag("details", tag("summary", item.title), tag("p", sentence)) for item, sentence in told]
    return joined([tag("h3", "Vì sao khác kỳ trước?"), *folded]) if folded else joined([])


def _feedback(report: Report, returned: Mapping[str, str]) -> Html:
    units = report.tally.filings.expected
    shown = min(units, report.project.plan.outputs.most_units)
    words = (
        f"đơn vị trong {number_text(units)} đơn vị; lời nhắn và biểu của mọi đơn vị ở thư mục {FEEDBACK}, "
        "tên tệp là mã đơn vị"
    )
    return joined([_left(report, shown, words), feedback_table(report, returned)])


def _facts(report: Report) -> list[Html]:
    plan = report.project.plan
    window = f"Số liệu {report.period.window}. Hạn các đơn vị gửi: hết ngày {day_text(report.period.last_day)}."
    return [tag("p", f"{plan.issuer}. {plan.office} tổng hợp.", class_="facts"), tag("p", window, class_="facts")]


def _doors(papers: Sequence[tuple[str, str]]) -> Html:
    return bullets([tag("a", label, href=quote(file)) for file, label in papers], "doors") if papers else joined([])


def _tiles(report: Report, returned: Mapping[str, str]) -> Html:
    """The four numbers that stand above everything else."""
    filings, judged = report.tally.filings, report.tally.judged
    on_time, late = len(filings.on_time), len(filings.late)
    sent = [
        f"{len(units)} {report.label('unfiled', kind)}" for kind, units in filings.unfiled.items() if kind != "silent"
    ]
    rate = f"{percent(judged.done, judged.total)} số lượt phải đánh giá trong kỳ"
    tiles = [
        (f"{filings.filed}/{filings.expected}", "đơn vị đã nộp", f"đúng hạn {on_time}, nộp muộn {late}"),
        (str(len(filings.out)), f"đơn vị chưa nộp{'' if report.is_due else ', chưa đến hạn'}", "; ".join(sent)),
        (f"{judged.done}/{judged.total}", "lượt nhiệm vụ hoàn thành", rate),
        (str(len(returned)), "đơn vị có điểm phải sửa hoặc trả lời", ""),
    ]
    return bullets(
        [joined([tag("b", number), tag("span", what), tag("small", more)]) for number, what, more in tiles], "tiles"
    )


def _filing(report: Report) -> Html:
    lines = [line for line in rows_as(UnitLine, report.filings) if line.filing == "late"]
    late = [f"{line.name}: nhận lúc {_moment(line.received_at)}" for line in lines]
    most = report.project.plan.outputs.most_units
    unfiled = report.names_by_filing().items()
    named = [_named(report.label("received", filing), names, most) for filing, names in unfiled]
    named.append(_named(report.label("received", "late"), late, most))
    return tag("div", tag("div", *named), draw_chart(filing_chart(report)), class_="pair")


def _named(what: str, units: Sequence[str], most: int) -> Html:
    lines = lines_of(units, most, f"đơn vị khác, xem {sheet_named('filing')}")
    return joined(
        [tag("h3", f"{what}: {len(units)} đơn vị"), bullets(lines) if lines else tag("p", "Không có.")],
    )


def _moment(received_at: str) -> str:
    return moment_text(datetime.fromisoformat(received_at))


def _completion(report: Report) -> Html:
    judged = report.tally.judged
    rate = f"{judged.done}/{judged.total} lượt nhiệm vụ phải đánh giá trong kỳ ({percent(judged.done, judged.total)})"
    return tag(
        "p",
        f"Hoàn thành {rate}: nhiệm vụ thường xuyên và nhiệm vụ đến hạn. "
        "Nhiệm vụ chưa đến hạn hoặc còn theo dõi không tính vào tỷ lệ.",
    )


def _grid(report: Report) -> Html:
    counts = report.tally.in_grid
    keys = [(state, f"{report.label('state', state)} ({counts[state]})") for state in STATES if counts[state]]
    shown = most_behind(report)
    box = tag(
        "div",
        grid_table(report, shown),
        class_="scroll",
        role="region",
        aria_label="Bảng đơn vị và nhiệm vụ, cuộn được",
        tabindex=0,
    )
    total = number_text(len(report.judged.settlement.units))
    left = f"đơn vị còn nhiều việc nhất trong {total} đơn vị; đủ các đơn vị ở {sheet_named('matrix')}"
    return joined([colour_keys(keys), _left(report, len(shown), left), box])


def _left(report: Report, shown: int, words: str) -> Html:
    """What is shown of a list of units where there are too many to show all of them."""
    return (
        tag("p", f"Ở đây là {number_text(shown)} {words}.", class_="note")
        if shown < len(report.judged.settlement.units)
        else joined([])
    )


def _in_lines(sentence: str) -> Html:
    """The sentence as it is, each of its parts on a line of its own."""
    head, *rest = sentence.split("; ")
    lines = [tag("b", head), *rest]
    return joined(tag("span", line, "; " if place < len(lines) else "") for place, line in enumerate(lines, start=1))


def _requests(report: Report) -> Html:
    """What the units ask for, in their own words; the other kinds are counted, and stand in the workbook."""
    by_kind, asked = report.tally.requests.by_kind, report.project.form.label("request_kind", "request")
    most = report.project.plan.outputs.most_units
    lines = [_request(report, line) for line in by_kind.get(asked, ())]
    told = lines_of(lines, most, f"kiến nghị khác, xem {sheet_named('requests')}")
    others = ", ".join(f"{kind} ({len(mine)})" for kind, mine in by_kind.items() if kind != asked)
    note = tag("p", f"Trong bảng tổng hợp còn: {others}.", class_="note") if others else joined([])
    return joined([bullets(told, "columns") if told else tag("p", "Không có."), note])


def _request(report: Report, line: RequestLine) -> Html:
    to = f" (gửi {line.addressed_to})" if isinstance(line.addressed_to, str) and line.addressed_to else ""
    return tag("p", tag("b", report.name(line.unit_id)), f": {line.content}", to)
