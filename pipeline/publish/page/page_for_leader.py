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
from pipeline.publish.first_screen import Answer, FirstScreen, describe_first_screen
from pipeline.publish.outputs import ANNEX, CORRECTION, FEEDBACK, LETTER, PICTURE, REPORT, WORKBOOK
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
from pipeline.words.days import moment_text
from pipeline.words.lists import lines_of
from pipeline.words.numbers import number_text
from pipeline.words.prose import percent, prose

_PAPERS = (WORKBOOK, ANNEX, REPORT, CORRECTION, LETTER)
_CHAT = (PICTURE, "Ảnh tóm tắt để gửi Zalo")
_ALONE = (
    "Liên kết chỉ mở được khi trang này nằm trong thư mục kết quả. Nếu chỉ nhận được riêng trang này thì các tệp đó "
    "không có ở máy đang xem; đề nghị hỏi nơi gửi trang."
)
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
        """Folded; the key is that of what is inside, so that a link to it unfolds the part."""
        head = tag("summary", tag("h2", self.heading))
        inside = tag("div", self.content, id=self.key)
        return tag("section", tag("details", head, inside, class_="part"), class_=self.look)


@dataclass(frozen=True, slots=True)
class _Door:
    """A file that may stand beside the page, what its link says, and whether it is there."""

    name: str
    label: str
    is_there: bool


def write_leader_page(path: Path, report: Report, returned: Mapping[str, str]) -> None:
    """Write the page. It links to the papers that stand beside it, so it is written after them."""
    plan, period = report.project.plan, report.period
    papers = [(document.name(plan, period), document.label) for document in _PAPERS]
    doors = [_Door(name, label, (path.parent / name).exists()) for name, label in (*papers, _CHAT)]
    path.write_bytes(describe_page(report, returned, doors).encode("utf-8", "replace"))


def describe_page(report: Report, returned: Mapping[str, str], doors: Sequence[_Door]) -> str:
    """The whole page. `doors`: what may stand beside it."""
    screen = describe_first_screen(report, returned)
    sections = _sections(report, returned)
    parts = bullets([tag("a", section.name, href=f"#{section.key}") for section in sections], "doors")
    body = tag(
        "body",
        tag("a", "Đến phần nội dung", href="#noi-dung", class_="skip"),
        _sample_line(screen.mark),
        _first_screen(screen),
        _doors(doors),
        tag("nav", parts, aria_label="Các phần của trang"),
        tag("main", *(section.drawn() for section in sections), id="noi-dung", tabindex=-1),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(screen), body, lang='vi')}\n"


def _first_screen(screen: FirstScreen) -> Html:
    """What a telephone shows before anybody scrolls."""
    tiles = [joined([tag("b", tile.number), tag("span", tile.what), tag("small", tile.more)]) for tile in screen.tiles]
    return tag(
        "header",
        tag("h1", screen.title),
        bullets(tiles, "tiles"),
        tag("div", *map(_answer, screen.answers), class_="answers", id="tra-loi"),
        *(tag("p", fact, class_="facts") for fact in screen.facts),
    )


def _answer(answer: Answer) -> Html:
    lines = [joined([tag("b", f"{what}: "), words]) for what, words in answer.lines]
    told = bullets(lines) if lines else tag("p", answer.nothing)
    return tag("section", tag("h2", answer.question), told, id=answer.key)


def _head(screen: FirstScreen) -> Html:
    title, mark = screen.title, screen.mark
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
    return tag("p", tag("strong", mark), ": số liệu giả định.", class_="sample") if mark else joined([])


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
        _Section("con-thieu", "Còn thiếu", "Nội dung còn thiếu theo nhiệm vụ", left),
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
    folded = [tag("details", tag("summary", item.name), tag("p", sentence)) for item, sentence in told]
    return joined([tag("h3", "Vì sao khác kỳ trước?"), *folded]) if folded else joined([])


def _feedback(report: Report, returned: Mapping[str, str]) -> Html:
    units = report.tally.filings.expected
    shown = min(units, report.project.plan.outputs.most_units)
    words = (
        f"đơn vị trong {number_text(units)} đơn vị; lời nhắn và biểu của mọi đơn vị ở thư mục {FEEDBACK}, "
        "tên tệp là mã đơn vị"
    )
    return joined([_left(report, shown, words), feedback_table(report, returned)])


def _doors(doors: Sequence[_Door]) -> Html:
    """The links, said of what is not there, and what to do where all of them are dead."""
    links = [
        tag("a", door.label, href=quote(door.name)) if door.is_there else tag("span", f"{door.label}: không có tệp này")
        for door in doors
        if door.is_there or door.label != CORRECTION.label  # which is written only where something differs
    ]
    return joined([bullets(links, "doors"), tag("p", _ALONE, class_="note on-screen")])


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
