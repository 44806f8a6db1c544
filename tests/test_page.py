"""The page for the leader, looked at through a real browser.

What it says, that it fits, that it can be read and reached by everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from pipeline.commands.report import judge_period, make_report
from pipeline.commands.run import Finished, run_period
from pipeline.declare.project import Project
from pipeline.publish.first_screen import describe_first_screen
from pipeline.publish.page.elements import Html, tag
from pipeline.publish.page.page_for_leader import describe_page, write_leader_page
from pipeline.publish.palette import FILLS, SERIES, STATE, contrast, ink_on
from pipeline.publish.picture.picture import write_picture
from pipeline.publish.report import Report
from pipeline.publish.sentences.answers import task_sentence
from pipeline.publish.sentences.comparison import difference_sentences
from pipeline.reading.periods import Folders, read_periods
from pipeline.values.states import BOTH_GIVEN
from tests.browser import Browser, need_browser
from tests.builders import Draft, changed, recounted, save_all, truthful
from tests.lasting import LASTING

PHONE, DESK = 390, 1280
EVIL = (
    "<script>document.title='x'</script><img src=http://example.invalid/a.png onerror=alert(1)> "
    '=1+1 & "ngoặc"\nDòng hai ' + "rấtdài" * 60
)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STOPS = "[...document.querySelectorAll('a[href],summary,[tabindex=\"0\"]')].filter(node => node.checkVisibility())"
SEEN = 700  # pixels of height that a telephone leaves to a page
LAST_LINE = "document.querySelector('.answers').getBoundingClientRect().bottom"
UNFOLD = "document.querySelectorAll('details.part').forEach(part => part.open = true)"
GRID = """Object.fromEntries([...document.querySelectorAll('.grid tbody tr[id]')].map(
  row => [row.id, [...row.querySelectorAll('td[class^="state-"]')].map(cell => cell.textContent)]))"""
# Every piece of text with the ratio between its colour and what lies behind it: in a chart the bar before it, else the
# nearest painted ancestor.
CONTRAST = """(() => {
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, place) => sum + v * [.2126, .7152, .0722][place], 0);
  const behind = node => {
    if (node.tagName === 'text' && !node.classList.contains('outside'))
      return parts(getComputedStyle(node.previousElementSibling).fill);
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll('body *')].filter(node => node.tagName !== 'title'
    && [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()));
  return texts.map(node => {
    const style = getComputedStyle(node), ground = light(behind(node));
    const ink = light(parts(node.tagName === 'text' ? style.fill : style.color));
    return [node.textContent.slice(0, 40), (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05)];
  });
})()"""


def odd_forms(project: Project) -> Iterator[Draft]:
    """A few forms that bring every kind of line onto the page.

    On time, late, returned, with a gap, with a proof missing, with odd text.
    """
    yield (
        truthful(project, "XA-ho-xa").request(kind="Kiến nghị", content=EVIL, addressed_to="<b>UBND</b> huyện").sample()
    )
    yield (
        truthful(project, "XA-vinh-o")
        .received("2025-09-18 08:05")
        .request(kind="Giải pháp", content="Phát thanh thêm")
        .sample()
    )
    yield (
        truthful(project, "XA-vinh-tu")
        .blank_task("NV02")
        .no_activities("NV03")
        .task("NV07", status="Không phát sinh")
        .no_activities("NV07")
        .sample()
    )
    yield truthful(project, "P-noi-vu").figure("CT01", "…").sample()
    yield truthful(project, "P-y-te").card(period="q1").hidden(period="q1").sample()


@pytest.fixture(scope="module")
def finished(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run over a few forms, with the page beside its outputs."""
    home = tmp_path_factory.mktemp("trang")
    save_all(home / "inputs" / "2025" / "q3", odd_forms(project))
    save_all(
        home / "inputs" / "2025" / "6t",
        [truthful(project, "XA-ho-xa", "6t").sample(), truthful(project, "P-noi-vu", "6t").sample()],
    )
    done = run_period(project, project.plan.period("q3"), Folders(home / "inputs", home / "outputs"), engine=LASTING)
    write_leader_page(done.folder / "index.html", done.report, dict.fromkeys(marked_in(done.folder), ""))
    return done


@pytest.fixture(scope="module")
def report(finished: Finished) -> Report:
    return finished.report


@pytest.fixture(scope="module")
def empty(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A period for which nobody has sent anything, and none before it has."""
    home = tmp_path_factory.mktemp("trong")
    period = project.plan.period("q1")
    return make_report(
        judge_period(project, period, read_periods(project, period, Folders(home, home), engine=LASTING)), project, None
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    need_browser()
    with Browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, finished: Finished) -> Browser:
    """The page on a telephone, its parts unfolded."""
    browser.open(finished.folder / "index.html", PHONE)
    browser.ask(UNFOLD)
    return browser


def marked_in(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "phan-hoi").glob("*.xlsx"))


def shown(browser: Browser, selector: str) -> list[str]:
    found: list[str] = browser.ask(f"[...document.querySelectorAll({selector!r})].map(node => node.textContent)")
    return found


def labels(report: Report) -> Mapping[str, list[str]]:
    order = [task.id for task in report.project.plan.tasks]
    table = report.judged.completeness.pivot(index="unit_id", columns="task_id", values="label")[order]
    return {str(unit_id): list(row) for unit_id, row in zip(table.index, table.to_numpy(), strict=True)}


def bars(browser: Browser, heading: str) -> list[dict[str, float]]:
    """The parts that the bars of the chart under a heading tell to those who hear the page."""
    chart = f"[...document.querySelectorAll('h3')].find(node => node.textContent === {heading!r}).parentElement"
    titles: list[str] = browser.ask(f"[...{chart}.querySelectorAll('svg title')].map(node => node.textContent)")
    told = [title.split(". ", 1)[1].split("; ") for title in titles]
    return [
        {
            words: float(number.replace(".", "").replace(",", "."))
            for words, number in (part.split(": ") for part in parts)
        }
        for parts in told
    ]


def test_the_browser_tells_of_errors_at_all(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "loi.html").write_text(
        "<script>console.error('a'); missing()</script><img src='none.png'>", encoding="utf-8"
    )
    browser.open(tmp_path / "loi.html", PHONE)
    assert len(browser.said) == 3


@pytest.mark.parametrize("width", [320, PHONE, DESK])
def test_no_error_no_request_and_no_sideways_scrolling(browser: Browser, finished: Finished, width: int) -> None:
    path = finished.folder / "index.html"
    browser.open(path, width)
    browser.ask(UNFOLD)
    assert browser.said == []
    assert browser.requests() == [path.as_uri()]
    assert browser.ask("innerWidth") == width
    assert browser.ask(TOO_WIDE) <= 0


def answers(browser: Browser) -> dict[str, list[str]]:
    """What the first screen says, by question."""
    found: dict[str, list[str]] = browser.ask(
        "Object.fromEntries([...document.querySelectorAll('.answers section')].map("
        "part => [part.id, [...part.querySelectorAll('li, p')].map(line => line.textContent)]))"
    )
    return found


def test_a_telephone_shows_first_who_is_missing_what_is_late_and_what_to_decide(
    browser: Browser, finished: Finished, report: Report, empty: Report, tmp_path: Path
) -> None:
    browser.open(finished.folder / "index.html", PHONE)
    missing, late, decisions = answers(browser).values()
    out = [report.name(unit) for unit in report.tally.filings.out]
    silent = [name for name in out if name != "Phòng Y tế"]
    assert missing == [
        "Đã gửi, chưa sử dụng được: Phòng Y tế",
        f"Chưa nộp: {', '.join(silent[:6])} và {len(silent) - 6} đơn vị khác",
    ]
    assert late == ["Nộp muộn: Xã Vĩnh Ô"]
    assert decisions[0] == "Đôn đốc: 28 đơn vị chưa có báo cáo sử dụng được"
    assert decisions[-1] == "Kiến nghị: 1 kiến nghị của 1 đơn vị chờ xem xét"
    assert browser.ask(LAST_LINE) < SEEN
    write_leader_page(tmp_path / "index.html", empty, {})
    browser.open(tmp_path / "index.html", PHONE)
    assert answers(browser)["muon"] == ["Không có đơn vị nộp muộn, nhiệm vụ quá hạn."]
    assert browser.ask(LAST_LINE) < SEEN


def test_the_rest_is_folded_on_a_telephone_and_unfolds_where_a_link_leads(browser: Browser, finished: Finished) -> None:
    browser.open(finished.folder / "index.html", PHONE)
    seen = "[...document.querySelectorAll('.part > div')].map(part => part.checkVisibility())"
    assert not any(browser.ask(seen))
    browser.ask("document.querySelector('nav a[href=\"#ma-tran\"]').click()")
    assert browser.ask("document.querySelector('#ma-tran').checkVisibility()")
    assert browser.ask(seen).count(True) == 1
    browser.open(finished.folder / "index.html", DESK)
    assert all(browser.ask(seen))


def test_the_grid_says_what_the_completeness_table_says(page: Browser, finished: Finished, report: Report) -> None:
    grid = page.ask(GRID)
    assert grid == labels(report)
    table = pd.read_csv(finished.folder / "du-lieu" / "completeness.csv", encoding="utf-8-sig")
    assert [label for unit in report.judged.settlement.units for label in grid[unit.unit_id]] == list(table["label"])
    assert len(table) == len(report.judged.settlement.units) * len(report.project.plan.tasks)
    assert table["state"].nunique() >= 6


def test_the_grid_scrolls_in_its_own_box_with_the_unit_in_view(page: Browser) -> None:
    page.ask("document.querySelector('.scroll').scrollTo(9999, 300)")
    box, corner = (
        page.ask(f"(({{left, top}}) => [left, top])(document.querySelector('{name}').getBoundingClientRect())")
        for name in (".scroll", ".grid thead th")
    )
    assert corner == pytest.approx(box, abs=1.5)
    assert page.ask("document.querySelector('.scroll').scrollLeft") > 0


def test_every_link_leads_somewhere_beside_the_page(page: Browser, finished: Finished) -> None:
    targets = page.ask("[...document.querySelectorAll('a')].map(link => link.getAttribute('href'))")
    assert all(page.ask(f"!!document.getElementById({target[1:]!r})") for target in targets if target.startswith("#"))
    files = {unquote(target) for target in targets if not target.startswith("#")}
    assert not any(":" in file or file.startswith(("/", "..")) for file in files)
    assert [file for file in files if not (finished.folder / file).is_file()] == []
    written = {path.relative_to(finished.folder).as_posix() for path in (finished.folder / "phan-hoi").iterdir()}
    assert files >= {finished.workbook.name, *written} - {"phan-hoi/nhom-zalo.txt"}


def test_papers_are_linked_where_they_stand_beside_the_page_and_said_to_lack_elsewhere(
    report: Report, tmp_path: Path
) -> None:
    (tmp_path / "Don-doc_2025-q3.docx").touch()
    write_leader_page(tmp_path / "index.html", report, {})
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="Don-doc_2025-q3.docx"' in page
    assert "Bao-cao" not in page
    assert "Tong-hop" not in page
    assert "Bảng tổng hợp (Excel): không có tệp này" in page
    assert "Dự thảo công văn đôn đốc (Word): không có" not in page


def test_the_tab_key_reaches_every_link_in_order_and_shows_where_it_is(page: Browser) -> None:
    count = page.ask(f"{STOPS}.length")
    reached = []
    for _ in range(count):
        page.press("Tab")
        reached.append(
            page.ask(
                f"[{STOPS}.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert reached == [[place, "solid"] for place in range(count)]
    assert count > len(page.ask("[...document.querySelectorAll('.files a')].map(link => link.href)"))


def test_the_first_stop_skips_to_the_content(page: Browser) -> None:
    page.press("Tab")
    assert page.ask("document.activeElement.getBoundingClientRect().left") >= 0
    page.press("Enter")
    assert page.ask("document.activeElement.tagName") == "MAIN"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_text_stands_out_from_what_is_behind_it(browser: Browser, finished: Finished, width: int) -> None:
    browser.open(finished.folder / "index.html", width)
    ratios = browser.ask(CONTRAST)
    assert len(ratios) > 32 * 9
    assert [pair for pair in ratios if pair[1] < 4.5] == []


def test_structure_can_be_heard(page: Browser) -> None:
    assert page.ask("document.documentElement.lang") == "vi"
    levels = page.ask("[...document.querySelectorAll('h1,h2,h3,h4')].map(node => Number(node.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.ask("[...document.querySelectorAll('th')].every(cell => cell.scope)")
    assert page.ask("[...document.querySelectorAll('table')].every(table => table.caption.textContent)")
    assert page.ask(
        "[...document.querySelectorAll('svg')]"
        ".every(svg => svg.ariaHidden === 'true' || svg.querySelector('title').textContent)"
    )
    assert len({*shown(page, ".files a")}) == len(shown(page, ".files a"))


def test_sentences_on_what_is_missing_are_those_of_the_workbook(page: Browser, report: Report) -> None:
    assert shown(page, ".sentences li") == [task_sentence(report, task.id) for task in report.project.plan.tasks]


def test_filing_is_told_by_number_and_by_name(page: Browser, report: Report) -> None:
    assert shown(page, ".tiles b")[:2] == ["4/32", "28"]
    assert shown(page, ".tiles small")[1] == "1 đã gửi, chưa sử dụng được"
    named = shown(page, "#nop-bao-cao li")
    assert "Xã Vĩnh Ô: nhận lúc 08:05 ngày 18/9/2025" in named
    assert "Đã gửi, chưa sử dụng được: 1 đơn vị" in shown(page, "#nop-bao-cao h3")
    assert "Phòng Y tế" in named
    assert {name.partition(" (")[0] for name in named} >= {report.name(unit) for unit in report.tally.filings.out}


def test_main_figures_are_the_totals_with_their_gaps(page: Browser, report: Report) -> None:
    main = [item for item in report.project.plan.indicators if item.main]
    rows = page.ask(
        "[...document.querySelectorAll('.figures tbody tr')].map(row => [...row.children].map(cell => cell.innerText))"
    )
    assert [row[0].splitlines()[0] for row in rows] == [item.name for item in main]
    first = report.judged.totals.set_index("indicator_id").loc["CT01"]
    assert rows[0][1:] == [f"{first['this_period']:.0f}", f"{first['cumulative']:.0f}", "3/32"]
    assert "28 đơn vị chưa báo cáo" in rows[0][0]
    assert "Phòng Nội vụ (" in rows[0][0]


def test_why_a_main_figure_differs_is_folded_under_its_name_and_printed_open(page: Browser, report: Report) -> None:
    main = [item for item in report.project.plan.indicators if item.main]
    sentences = difference_sentences(report)
    assert shown(page, "#so-lieu summary") == [item.name for item in main]
    assert shown(page, "#so-lieu details p") == [sentences[item.id] for item in main]
    seen = "[...document.querySelectorAll('#so-lieu details p')].map(node => node.checkVisibility())"
    on_screen = page.ask(seen)
    page.send("Emulation.setEmulatedMedia", media="print")
    on_paper = page.ask(seen)
    page.send("Emulation.setEmulatedMedia", media="")
    assert (set(on_screen), set(on_paper)) == ({False}, {True})


def test_charts_add_up_to_the_tables(page: Browser, report: Report) -> None:
    filing = pd.DataFrame(bars(page, "Nộp báo cáo theo loại đơn vị")).sum()
    assert filing.to_dict() == {
        report.label("received", key): len(
            [unit_id for unit_id, filing in report.tally.filings.of.items() if filing == key]
        )
        for key in ("on-time", "late", "unusable", "missing")
    }
    states = pd.DataFrame(bars(page, "Các nhiệm vụ theo trạng thái")).sum()
    counted = report.judged.completeness["label"].value_counts()
    assert states.to_dict() == {label: counted.get(label, 0) for label in states.index}
    main = [item.id for item in report.project.plan.indicators if item.main]
    totals = report.judged.totals.set_index("indicator_id")["this_period"]
    products = bars(page, "Sản phẩm chính theo loại đơn vị")
    assert [sum(parts.values()) for parts in products] == [totals[name] for name in main]
    mine = report.differences[report.differences["cause"].isin(BOTH_GIVEN)].groupby("indicator_id")
    months = {"value": 3, "before": 6}  # of Quý III, and of the half year: like stands beside like
    assert [list(parts.values()) for parts in bars(page, "Quý III và 6 tháng đầu năm")] == [
        [round(mine.get_group(name)[key].sum() / length, 1) for key, length in months.items()] for name in main
    ]


def test_what_units_write_stays_text(page: Browser) -> None:
    [request] = shown(page, "#kien-nghi li")
    assert request == f"Thị trấn Hồ Xá: {EVIL.replace(chr(10), chr(59) + chr(32))} (gửi <b>UBND</b> huyện)"
    assert page.ask("document.querySelectorAll('script, img, #kien-nghi li b').length") == 1
    assert "Giải pháp (1)" in shown(page, "#kien-nghi .note")[0]


def test_names_with_markup_in_them_stay_names(browser: Browser, report: Report, tmp_path: Path) -> None:
    name = 'Xã <i>"A" & B</i>'
    register = replace(
        report.project.register, units=tuple(replace(unit, name=name) for unit in report.project.register.units)
    )
    odd = changed(
        report,
        project=replace(report.project, register=register),
        units=tuple(replace(unit, name=name) for unit in report.judged.settlement.units),
        filings=report.filings.assign(name=name),
    )
    write_leader_page(tmp_path / "index.html", odd, {})
    browser.open(tmp_path / "index.html", PHONE)
    assert browser.said == []
    assert browser.ask("document.querySelectorAll('i').length") == 0
    assert set(shown(browser, ".files tbody th")) == {name}


def test_sample_figures_are_called_so_before_anything_else(page: Browser, report: Report) -> None:
    mark = report.project.form.sample_mark
    assert page.ask("document.title").startswith(mark)
    assert page.ask("document.querySelector('header').previousElementSibling.textContent").startswith(mark)
    assert mark not in describe_page(replace(report, sample_mark=""), {}, [])


def test_the_same_report_gives_the_same_bytes_within_the_size(
    finished: Finished, report: Report, tmp_path: Path
) -> None:
    path = finished.folder / "index.html"
    for beside in (*finished.folder.glob("*.xlsx"), *finished.folder.glob("*.docx"), finished.folder / "tom-tat.png"):
        (tmp_path / beside.name).touch()
    write_leader_page(tmp_path / "index.html", report, dict.fromkeys(marked_in(finished.folder), ""))
    assert (tmp_path / "index.html").read_bytes() == path.read_bytes()
    assert path.stat().st_size < 300_000
    write_picture(tmp_path / "anh.png", describe_first_screen(report, dict.fromkeys(marked_in(finished.folder), "")))
    assert (tmp_path / "anh.png").read_bytes() == (finished.folder / "tom-tat.png").read_bytes()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_period_without_any_form_has_a_page_too(browser: Browser, empty: Report, tmp_path: Path, width: int) -> None:
    write_leader_page(tmp_path / "index.html", empty, {})
    browser.open(tmp_path / "index.html", width)
    browser.ask(UNFOLD)
    assert browser.said == []
    assert browser.ask(TOO_WIDE) <= 0
    assert shown(browser, ".tiles b")[:2] == ["0/32", "32"]
    assert "chưa có" in shown(browser, ".figures tbody td")[0]
    assert "NaN" not in browser.ask("document.documentElement.outerHTML")
    assert browser.ask(GRID) == labels(empty)


def test_a_period_in_which_all_have_filed_names_nobody(browser: Browser, report: Report, tmp_path: Path) -> None:
    full = recounted(report, filings=report.filings.assign(filing="on-time", verdict="accepted"))
    write_leader_page(tmp_path / "index.html", full, {})
    browser.open(tmp_path / "index.html", PHONE)
    assert shown(browser, "#nop-bao-cao h3 + p") == ["Không có.", "Không có."]


def test_without_a_period_before_nothing_is_compared(report: Report) -> None:
    assert "Vì sao khác kỳ trước?" in describe_page(report, {}, [])
    assert "Vì sao khác kỳ trước?" not in describe_page(recounted(report, past=None), {}, [])


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (tag("p", "a < b & c", tag("b", "d"), class_="x"), '<p class="x">a &lt; b &amp; c<b>d</b></p>'),
        (tag("a", "x", href='"><script>', title=None), '<a href="&quot;&gt;&lt;script&gt;">x</a>'),
        (tag("meta", name="viewport"), '<meta name="viewport">'),
        (
            tag("td", Html("<i>ready</i>"), aria_label="y", colspan=2),
            '<td aria-label="y" colspan="2"><i>ready</i></td>',
        ),
    ],
)
def test_elements_escape_all_that_is_not_markup_already(made: Any, expected: str) -> None:
    assert made == expected


@pytest.mark.parametrize("name", FILLS)
def test_what_is_written_on_a_colour_of_the_palette_can_be_read(name: str) -> None:
    assert contrast(FILLS[name], ink_on(FILLS[name])) >= 4.5


def test_no_two_states_share_a_colour_and_no_series_has_one_of_a_state() -> None:
    states, series = set(STATE.values()), set(SERIES)
    assert (len(states), len(series), states & series) == (len(STATE), len(SERIES), set())
