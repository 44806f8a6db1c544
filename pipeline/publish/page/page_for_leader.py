"""`index.html`: one page for the leader, on a telephone or on paper. Self-contained: no network, no script, no font of its own.

In: the report, the units that have a marked workbook, and the files that stand beside the page. Out: the same bytes for the same input.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from pipeline.publish.page.charts_svg import colour_keys
from pipeline.publish.page.elements import Html, bullets, joined, tag
from pipeline.publish.page.page_charts import comparison_chart, filing_chart, products_chart, tasks_chart
from pipeline.publish.page.page_look import style_sheet
from pipeline.publish.page.page_tables import feedback_table, figures_table, grid_table, most_behind
from pipeline.publish.report import Report
from pipeline.publish.sentences.answers import task_sentence
from pipeline.publish.sentences.comparison import difference_sentences
from pipeline.publish.sheets import sheet_named
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import UnitLine
from pipeline.words.days import day_text
from pipeline.words.lists import lines_of
from pipeline.words.numbers import number_text
from pipeline.words.prose import percent, prose

FEEDBACK = "phan-hoi"
_PAPERS = (
    ("Tong-hop", "xlsx", "Bảng tổng hợp (Excel)"),
    ("Bao-cao", "docx", "Dự thảo báo cáo (Word)"),
    ("Don-doc", "docx", "Dự thảo công văn đôn đốc (Word)"),
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # the page cannot load or run anything, whatever stands in it


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


def write_leader_page(path: Path, report: Report, marked: Sequence[str]) -> None:
    """Write the page. It links to the papers that stand beside it, so it is written after them."""
    stem = f"{report.project.plan.year}-{report.period.code}"
    papers = [(f"{name}_{stem}.{kind}", label) for name, kind, label in _PAPERS]
    page = describe_page(report, marked, [(file, label) for file, label in papers if (path.parent / file).exists()])
    path.write_bytes(page.encode("utf-8", "replace"))


def describe_page(report: Report, marked: Sequence[str], papers: Sequence[tuple[str, str]]) -> str:
    """The whole page. `papers`: file names beside it with the words of their links."""
    title = f"Tuyên truyền cải cách hành chính – {report.project.plan.full_name(report.period)}"
    sections = _sections(report, marked)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", f"{report.sample_mark} – {title}" if report.sample_mark else title),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("link", rel="icon", href="data:,"),
        tag("style", Html(style_sheet(report.sample_mark))),
    )
    body = tag(
        "body",
        tag("a", "Đến phần nội dung", href="#noi-dung", class_="skip"),
        *(
            [tag("p", tag("strong", report.sample_mark), ": số liệu dưới đây không có thật.", class_="sample")]
            if report.sample_mark
            else []
        ),
        tag("header", tag("h1", title), *_facts(report), _tiles(report, marked), _doors(papers)),
        tag(
            "nav",
            bullets([tag("a", section.name, href=f"#{section.key}") for section in sections], "doors"),
            aria_label="Các phần của trang",
        ),
        tag("main", *(section.drawn() for section in sections), id="noi-dung", tabindex=-1),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='vi')}\n"


def _sections(report: Report, marked: Sequence[str]) -> list[_Section]:
    tasks = report.project.plan.tasks
    return [
        _Section("nop-bao-cao", "Nộp báo cáo", "Tình hình nộp báo cáo", _filing(report)),
        _Section(
            "nhiem-vu",
            "Nhiệm vụ",
            f"{prose(len(tasks))} nhiệm vụ của Kế hoạch",
            joined([_completion(report), tasks_chart(report)]),
        ),
        _Section("ma-tran", "Từng đơn vị", "Từng đơn vị, từng nhiệm vụ", _grid(report), "wide"),
        _Section(
            "con-thieu",
            "Còn thiếu",
            "Còn thiếu gì, của ai",
            bullets([_in_lines(task_sentence(report, task.id)) for task in tasks], "sentences"),
        ),
        _Section(
            "so-lieu",
            "Số liệu",
            "Số liệu chính trong kỳ",
            joined(
                [
                    figures_table(report),
                    _differences(report),
                    tag("div", products_chart(report), comparison_chart(report), class_="pair"),
                ]
            ),
        ),
        _Section("kien-nghi", "Kiến nghị", "Kiến nghị của các đơn vị", _requests(report)),
        _Section(
            "gui-lai", "Tệp gửi lại đơn vị", "Biểu và lời nhắn gửi lại đơn vị", _feedback(report, marked), "on-screen"
        ),
    ]


def _differences(report: Report) -> Html:
    """Why each main figure is not what it was, folded together; nothing where there is no period before."""
    sentences = difference_sentences(report)
    told = [(item, sentences[item.id]) for item in report.project.plan.indicators if item.main and item.id in sentences]
    folded = [tag("details", tag("summary", item.title), tag("p", sentence)) for item, sentence in told]
    return joined([tag("h3", "Vì sao khác kỳ trước?"), *folded]) if folded else joined([])


def _feedback(report: Report, marked: Sequence[str]) -> Html:
    shown = min(len(report.units), report.project.plan.outputs.most_units)
    words = f"đơn vị trong {number_text(len(report.units))} đơn vị; lời nhắn và biểu của mọi đơn vị ở thư mục {FEEDBACK}, tên tệp là mã đơn vị"
    return joined([_left(report, shown, words), feedback_table(report, set(marked), FEEDBACK)])


def _facts(report: Report) -> list[Html]:
    plan = report.project.plan
    window = f"Số liệu {report.period.window}. Hạn các đơn vị gửi: hết ngày {day_text(report.period.last_day)}."
    return [tag("p", f"{plan.issuer}. {plan.office} tổng hợp.", class_="facts"), tag("p", window, class_="facts")]


def _doors(papers: Sequence[tuple[str, str]]) -> Html:
    return bullets([tag("a", label, href=quote(file)) for file, label in papers], "doors") if papers else joined([])


def _tiles(report: Report, marked: Sequence[str]) -> Html:
    on_time, late, missing = (len(report.filed(filing)) for filing in ("on-time", "late", "missing"))
    done, judged = _done(report)
    sent = {kind: units for kind, units in report.unfiled.items() if kind != "silent"}
    tiles = [
        (f"{on_time + late}/{len(report.units)}", "đơn vị đã nộp", f"đúng hạn {on_time}, nộp muộn {late}"),
        (
            str(missing),
            "đơn vị chưa nộp",
            "; ".join(f"{len(units)} {report.label('unfiled', kind)}" for kind, units in sent.items()),
        ),
        (f"{done}/{judged}", "lượt nhiệm vụ hoàn thành", f"{percent(done, judged)} số lượt phải đánh giá trong kỳ"),
        (str(len(marked)), "đơn vị có điểm phải sửa hoặc trả lời", ""),
    ]
    return bullets(
        [joined([tag("b", number), tag("span", what), tag("small", more)]) for number, what, more in tiles], "tiles"
    )


def _done(report: Report) -> tuple[int, int]:
    """How many of the tasks that count in rates are done, and how many count."""
    judged = report.judged["state"]
    return int((judged == "done").sum()), len(judged)


def _filing(report: Report) -> Html:
    lines = {line.unit_id: line for line in rows_as(UnitLine, report.filings)}
    late = [f"{lines[unit].name}: nhận lúc {_moment(lines[unit].received_at)}" for unit in report.filed("late")]
    most = report.project.plan.outputs.most_units
    named = [_named("Chưa nộp", report.unfiled_names(), most), _named("Nộp muộn", late, most)]
    return tag("div", tag("div", *named), filing_chart(report), class_="pair")


def _named(what: str, units: Sequence[str], most: int) -> Html:
    return joined(
        [
            tag("h3", f"{what}: {len(units)} đơn vị"),
            bullets(lines_of(units, most, f"đơn vị khác, xem {sheet_named('filing')}"))
            if units
            else tag("p", "Không có."),
        ]
    )


def _moment(received_at: str) -> str:
    moment = datetime.fromisoformat(received_at)
    return f"{moment:%H:%M} ngày {day_text(moment)}"


def _completion(report: Report) -> Html:
    done, judged = _done(report)
    text = f"Hoàn thành {done}/{judged} lượt nhiệm vụ phải đánh giá trong kỳ ({percent(done, judged)})"
    return tag(
        "p",
        f"{text}: nhiệm vụ thường xuyên và nhiệm vụ đến hạn. Nhiệm vụ chưa đến hạn hoặc còn theo dõi không tính vào tỷ lệ.",
    )


def _grid(report: Report) -> Html:
    counts = report.completeness["state"].value_counts()
    keys = [
        (state, f"{label} ({counts[state]})")
        for state, label in report.project.labels["state"].items()
        if state in counts
    ]
    shown = most_behind(report)
    box = tag(
        "div",
        grid_table(report, shown),
        class_="scroll",
        role="region",
        aria_label="Bảng đơn vị và nhiệm vụ, cuộn được",
        tabindex=0,
    )
    total = number_text(len(report.units))
    return joined(
        [
            colour_keys(keys),
            _left(
                report,
                len(shown),
                f"đơn vị còn nhiều việc nhất trong {total} đơn vị; đủ các đơn vị ở {sheet_named('matrix')}",
            ),
            box,
        ]
    )


def _left(report: Report, shown: int, words: str) -> Html:
    """What is shown of a list of units where there are too many to show all of them."""
    return (
        tag("p", f"Ở đây là {number_text(shown)} {words}.", class_="note") if shown < len(report.units) else joined([])
    )


def _in_lines(sentence: str) -> Html:
    """The sentence as it is, each of its parts on a line of its own."""
    head, *rest = sentence.split("; ")
    lines = [tag("b", head), *rest]
    return joined(tag("span", line, "; " if place < len(lines) else "") for place, line in enumerate(lines, start=1))


def _requests(report: Report) -> Html:
    """What the units ask for, in their own words; the other kinds are counted, and stand in the workbook."""
    rows, asked = report.accepted["requests"], report.project.form.label("request_kind", "request")
    mine = (
        rows[rows["kind"] == asked]
        .assign(place=lambda frame: frame["unit_id"].map(report.place_of))
        .sort_values(["place", "row"], kind="stable")
    )
    lines = [
        tag("p", tag("b", report.name(unit_id)), f": {content}", f" (gửi {to})" if isinstance(to, str) and to else "")
        for unit_id, content, to in tuples(mine, "unit_id", "content", "addressed_to")
    ]
    counts = rows["kind"].value_counts()
    kinds = [choice.label for choice in report.project.form.choices["request_kind"]]
    others = [f"{kind} ({counts[kind]})" for kind in kinds if kind in counts and kind != asked]
    note = tag("p", f"Trong bảng tổng hợp còn: {', '.join(others)}.", class_="note") if others else joined([])
    return joined(
        [
            bullets(
                lines_of(
                    lines, report.project.plan.outputs.most_units, f"kiến nghị khác, xem {sheet_named('requests')}"
                ),
                "columns",
            )
            if lines
            else tag("p", "Không có."),
            note,
        ]
    )
