"""What differs from what was sent: every figure with its cause, and sums that hold to the last digit.

Also that a package with which nothing can be compared is told, and that a run that repeats gives the same lines.
"""

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from math import nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipeline.commands import sent_before
from pipeline.commands.old_paper import read_old_paper
from pipeline.commands.run import Finished, run_period
from pipeline.commands.sent_before import SentBefore
from pipeline.commands.status import Status, status_of
from pipeline.figures.partial import exact_sum
from pipeline.figures.since_causes import Causes, Form, cause_elsewhere, forms_changed, forms_of
from pipeline.figures.since_sent import figure_lines
from pipeline.publish.edited.paper_text import PaperText, read_paper
from pipeline.publish.first_screen import describe_first_screen
from pipeline.publish.papers.papers import write_correction
from pipeline.publish.papers.shared_words import SharedWords
from pipeline.publish.report import Report
from pipeline.publish.workbook.pages import Styled
from pipeline.publish.workbook.since_sent import since_sent_page
from pipeline.reading.periods import Folders
from pipeline.sent.manifest import BrokenPackageError
from pipeline.sent.proof import prove
from pipeline.values.frames import rows_as
from pipeline.values.lines import SinceLine
from pipeline.values.sent import Edited, Sending, Sent
from pipeline.values.states import SINCE_CAUSES, SINCE_KINDS
from tests.builders import SCHEMAS, Draft, an_activity, blank, save_all, shipped, truthful
from tests.contract import OUTPUT_SHEETS
from tests.lasting import LASTING
from tests.sending_desk import SendingDesk

THAI, TU, NOI_VU = "XA-vinh-thai", "XA-vinh-tu", "P-noi-vu"
TITLE = shipped().plan.indicator["CT02"].title


@dataclass(frozen=True)
class Office(SendingDesk):
    """Inputs, declarations, outputs and what was sent."""

    def draft(self, unit_id: str, period: str = "q3") -> Draft:
        return truthful(self.project(), unit_id, period)

    def save(self, *drafts: Draft, period: str = "q3") -> None:
        save_all(self.home / "in/2025" / period, drafts)

    def run(self, period: str = "q3") -> Finished:
        project = self.project()
        return run_period(project, project.plan.period(period), self.folders, engine=LASTING)

    def send(self, period: str = "q3", number: str = "123/BC-UBND") -> None:
        self.seal(number, period, anyway=True)

    def look(self, period: str = "q3") -> Status:
        project = self.project()
        return status_of(project, project.plan.period(period), self.folders, date(2025, 12, 20), engine=LASTING)


def sums_hold(lines: list[SinceLine]) -> bool:
    """For every total: what was sent, and the changes of its figures, are the total of now."""

    def number(value: Any) -> Decimal:
        return Decimal(value) if value != "" else Decimal(0)

    with localcontext() as context:
        context.prec = 1000
        return all(
            number(total.sent)
            + sum(number(line.change) for line in lines if (line.kind, line.id) == ("figure", total.id))
            == number(total.now)
            for total in lines
            if total.kind == "total"
        )


@dataclass(frozen=True)
class Told:
    """What a step of the office's work says and lists."""

    said: tuple[str, ...]
    lines: list[SinceLine]


def told(status: Status | Finished) -> Told:
    frame = status.report.since
    return Told(status.since, [] if frame is None else list(rows_as(SinceLine, frame)))


@dataclass(frozen=True)
class Played:
    """Sent 6 tháng; its form came again, Quý III run and sent; then that came again, and one filed late."""

    run: Told  # Quý III before anything of it was sent, as its table holds it
    bridge: dict[tuple[str, str], str]  # of that run, causes by indicator and unit
    sheets: list[str]  # of that run
    sent: Told  # right after it was sent
    later: Told
    report: Report  # of that run
    papers: dict[str, PaperText]  # of the run after that, in which the officer had written
    words: dict[str, list[str]]  # all their lines, and those of the correction made once more
    again: Told  # after that was sent, too
    names: set[str]  # of the papers that lie there then
    added: Told  # after a supplement that only lists one activity more
    faults: tuple[Any, ...]  # of all packages


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    office = Office(tmp_path_factory.mktemp("since"))
    shutil.copytree(SCHEMAS, office.home / "schemas")
    office.save(office.draft(THAI, "6t"), period="6t")
    office.run("6t")
    office.send("6t", "88/BC-UBND")
    office.save(office.draft(THAI, "6t").figure("CT02", 99), period="6t")
    office.save(office.draft(THAI))
    done = office.run()
    office.send()
    with (done.folder / "du-lieu/since-sent.csv").open(encoding="utf-8-sig", newline="") as handle:
        listed = [SinceLine(**row) for row in csv.DictReader(handle)]  # type: ignore[arg-type]
    with (done.folder / "du-lieu/bridge.csv").open(encoding="utf-8-sig", newline="") as handle:
        bridge = {(row["indicator_id"], row["unit_id"]): row["cause"] for row in csv.DictReader(handle)}
    names = CalamineWorkbook.from_path(str(done.workbook)).sheet_names
    sent = told(office.look())
    write(done.folder / "Bao-cao_2025-q3.docx", "I", REPORTED)
    office.save(
        office.draft(THAI).figure("CT02", 77).card(revision=2, revision_kind="Thay thế", revision_reason="Kê thiếu."),
        office.draft(NOI_VU),
    )
    corrected = office.run()
    paper = corrected.folder / "Dinh-chinh_2025-q3.docx"
    write(paper, "A1", EXPLAINED)
    papers = {path.name: read_paper(path) for path in corrected.folder.glob("*.docx")}
    words = {path.name: lines(path) for path in corrected.folder.glob("*.docx")}
    write_correction(
        office.home / paper.name,
        corrected.report,
        SharedWords(correction=read_old_paper(paper.parent, paper.name).words),
    )
    words["again"] = lines(office.home / paper.name)
    office.send(number="150/BC-UBND")
    again = office.run()
    left = {path.relative_to(again.folder).as_posix() for path in again.folder.rglob("*.docx")}
    supplement(office).save(office.home / "in/2025/q3")
    added = told(office.look())
    faults = prove(office.home / "sent/2025").faults
    return Played(
        Told(done.since, listed),
        bridge,
        names,
        sent,
        told(corrected),
        corrected.report,
        papers,
        words,
        told(again),
        left,
        added,
        faults,
    )


def supplement(office: Office) -> Draft:
    """One activity more, and nothing else."""
    draft = blank(office.project(), NOI_VU).named("bo-sung.xlsx")
    draft = draft.card(revision=2, revision_kind="Bổ sung", revision_reason="Kê thêm.")
    return draft.activity(**an_activity(draft, "NV05", title="Tin đăng thêm"))


REPORTED, EXPLAINED = "UBND huyện đã họp giao ban 02 lần.", "Đã nhắc hai đơn vị."


def lines(path: Path) -> list[str]:
    return [line.text for line in Document(str(path)).paragraphs]


def write(path: Path, key: str, words: str) -> None:
    """Type over a marked place as an officer does."""
    paper = Document(str(path))
    body = paper.element.body
    [start] = [mark for mark in body.iter(qn("w:bookmarkStart")) if mark.get(qn("w:name")) == f"bosung_{key}_o"]
    line = Paragraph(next(found for found in start.itersiblings() if found.tag == qn("w:p")), None)
    line.runs[0].text = words
    paper.save(str(path))


def test_a_correction_tells_what_was_sent_what_is_right_who_and_why(played: Played) -> None:
    paper = played.papers["Dinh-chinh_2025-q3.docx"]
    text = "\n".join(paper.paragraphs)
    assert "Báo cáo số 123/BC-UBND ngày 19/9/2025" in text
    assert "Xã Vĩnh Thái: đơn vị gửi lại số liệu (thay đổi 01 chỉ tiêu); lý do đơn vị nêu: “Kê thiếu”." in text
    assert "Phòng Nội vụ: đơn vị gửi số liệu sau khi báo cáo đã gửi đi" in text
    rows = [row[1:] for table in paper.tables for row in table if TITLE in " ".join(row)]
    title = rows[0][0]
    assert rows[:2] == [
        (title, "5", "82", "+77", "Gửi lại"),
        (title, "104", "181", "+77", "Gửi lại"),
    ]
    assert ("Xã Vĩnh Thái", title, "5", "77", "+72") in rows
    assert ("Phòng Nội vụ", title, "Chưa có", "5", "+5") in rows
    whole = played.papers["Bao-cao_2025-q3.docx"].paragraphs
    assert {line.lower() for line in whole} < {line.lower() for line in paper.paragraphs}


def test_the_words_of_the_office_stay_in_the_report_and_its_correction(played: Played) -> None:
    assert REPORTED in played.words["Bao-cao_2025-q3.docx"]
    assert REPORTED in played.words["Dinh-chinh_2025-q3.docx"]
    assert {REPORTED, EXPLAINED} < set(played.words["again"])
    assert any("82 bài" in text for text in played.papers["Bao-cao_2025-q3.docx"].paragraphs)


def test_once_the_correction_is_sent_nothing_differs_and_it_is_gone(played: Played) -> None:
    assert played.again.said[0] == "Từ khi gửi (số 150/BC-UBND ngày 19/9/2025): không có gì khác với bản đã gửi."
    assert "Bao-cao_2025-q3.docx" in played.names
    assert [name[:18] for name in played.names if "Dinh-chinh" in name] == ["giu-lai/Dinh-chinh"]  # as somebody left it
    assert played.faults == ()


def test_the_first_screen_says_that_a_correction_is_to_be_decided(played: Played) -> None:
    decide = describe_first_screen(played.report, {}).answers[-1]
    assert ("Đính chính", "17 tổng số khác báo cáo số 123/BC-UBND ngày 19/9/2025") in decide.lines
    nothing = replace(played.report, since=played.report.since.head(0))  # type: ignore[union-attr]
    assert "Đính chính" not in dict(describe_first_screen(nothing, {}).answers[-1].lines)


def test_numbers_of_the_sheet_are_seen_to_add_up(played: Played) -> None:
    """All with as many decimals as any of the line; whole ones with none."""
    mine = SinceLine("figure", THAI, "CT05", 675, Decimal("975.25"), Decimal("300.25"), "supplement", "a", "D6", "q3")
    lines = [mine, mine._replace(sent=1234, now="", change=-1234)]
    page = since_sent_page(
        replace(played.report, since=pd.DataFrame(lines, columns=list(SinceLine._fields), dtype=object))
    )
    [block] = page.blocks
    of = {column.key: column.of for column in block.columns if column.of}
    shown = [[of[key](line) for key in ("sent", "now", "change")] for line in block.lines]
    assert shown == [
        [Styled(675.0, "line number2"), Styled(975.25, "line number2"), Styled(300.25, "line number2")],
        [Styled(1234.0, "line thousands"), "", Styled(-1234.0, "line thousands")],
    ]
    assert "số 123/BC-UBND ngày 19/9/2025" in page.subtitles[-1]


def test_forms_that_change_no_figure_are_told_without_a_line(played: Played) -> None:
    assert {line.kind for line in played.added.lines} <= {"earlier-figure"}
    assert played.added.said[0] == (
        "Từ khi gửi (số 150/BC-UBND ngày 19/9/2025): không số liệu, tình trạng nào khác bản đã gửi; 1 đơn vị có biểu "
        "khác mà không làm đổi số nào: Phòng Nội vụ (đơn vị gửi bổ sung); hoạt động, kiến nghị đã kê có thể khác."
    )


def test_a_later_period_says_what_is_no_longer_as_it_was_sent(played: Played) -> None:
    [line] = played.run.lines
    assert line[:7] == ("earlier-figure", THAI, "CT02", "10", "99", "89", "later-version")
    assert (line.file, line.period) == (f"{THAI}.xlsx", "6t")
    [sentence] = played.run.said
    assert "số 88/BC-UBND ngày 19/9/2025" in sentence
    assert "Xã Vĩnh Thái CT02 từ 10 thành 99" in sentence
    assert played.sheets == [*OUTPUT_SHEETS, "Khác bản đã gửi"]


def test_the_bridge_names_what_was_corrected_since_it_was_sent(played: Played) -> None:
    assert [key for key, cause in played.bridge.items() if cause == "corrected-since-sent"] == [("CT02", THAI)]


def test_right_after_sending_nothing_of_the_period_differs(played: Played) -> None:
    assert [line.kind for line in played.sent.lines] == ["earlier-figure"]
    assert played.sent.said[0] == "Từ khi gửi (số 123/BC-UBND ngày 19/9/2025): không có gì khác với bản đã gửi."


def test_every_change_stands_with_its_cause_and_the_sums_hold(played: Played) -> None:
    lines = played.later.lines
    assert {line.kind for line in lines} == set(SINCE_KINDS)
    mine = [line[:7] for line in lines if line.id == "CT02"]
    assert mine == [
        ("total", "", "CT02", 5, 82, 77, "later-version"),
        ("figure", THAI, "CT02", 5, 77, 72, "later-version"),
        ("figure", NOI_VU, "CT02", "", 5, 5, "new-form"),
        ("cumulative", "", "CT02", 104, 181, 77, "later-version"),
        ("earlier-figure", THAI, "CT02", 10, 99, 89, "later-version"),
    ]
    assert [line[:7] for line in lines if line.kind == "filing"] == [
        ("filing", NOI_VU, "", "missing", "on-time", "", "new-form")
    ]
    assert ("state", NOI_VU, "NV01", "missing", "done", "", "new-form") in [line[:7] for line in lines]
    assert sums_hold(lines)
    assert played.later.said[0].startswith("Từ khi gửi (số 123/BC-UBND ngày 19/9/2025): 17 tổng số thay đổi (CT01")


def form(sha256: str, is_in_force: bool = True, is_supplement: bool = False) -> Form:
    return Form(THAI, sha256, is_in_force, is_supplement)


CAUSES: dict[str, tuple[list[Form], list[Form], str, str, str]] = {  # then, now, who spoke then and now, the cause
    "it files late": ([], [form("a")], "", "a", "new-form"),
    "it was taken away": ([form("a")], [], "a", "", "withdrawn"),
    "the one before speaks again": ([form("a", False), form("b")], [form("a")], "b", "a", "withdrawn"),
    "it came again": ([form("a")], [form("a", False), form("b")], "a", "b", "later-version"),
    "another lies in its place": ([form("a")], [form("b")], "a", "b", "later-version"),
    "what came is of no use": ([form("a")], [form("b", False)], "a", "", "later-version"),
    "two block each other": ([form("a")], [form("a", False), form("b", False)], "a", "", "later-version"),
    "one of these went": ([form("a", False), form("b", False)], [form("a")], "", "a", "withdrawn"),
    "it was added to": ([form("a")], [form("a"), form("b", is_supplement=True)], "a", "b", "supplement"),
    "that was taken away": ([form("a"), form("b")], [form("a")], "b", "a", "withdrawn"),
    "all came again, in two": ([form("a")], [form("b"), form("c", is_supplement=True)], "a", "c", "later-version"),
    "nothing came or went": ([form("a")], [form("a")], "a", "a", "declaration-changed"),
    "it can be used now": ([form("a", False)], [form("a")], "", "a", "declaration-changed"),
}


@pytest.mark.parametrize(("then", "now", "spoke", "speaks", "cause"), CAUSES.values(), ids=list(CAUSES))
def test_causes(then: list[Form], now: list[Form], spoke: str, speaks: str, cause: str) -> None:
    assert Causes(then, now, "declaration-changed").of_figure(THAI, spoke, speaks) == cause


def test_of_forms_in_force_that_are_others_the_cause_is_told_whatever_came_of_it() -> None:
    then = [form("a"), replace_unit(form("b"), TU), replace_unit(form("c"), NOI_VU)]
    now = [
        form("a"),
        form("a2", is_supplement=True),
        replace_unit(form("b", False), TU),
        replace_unit(form("b2", False), TU),
        replace_unit(form("c"), NOI_VU),
    ]
    assert forms_changed(then, now, "reading-changed") == {THAI: "supplement", TU: "later-version"}


def replace_unit(item: Form, unit_id: str) -> Form:
    return item._replace(unit_id=unit_id)


ELSEWHERE: dict[str, tuple[dict[str, str], list[tuple[str, str]], tuple[int, ...], str]] = {
    # files of the quarter then, files and sha256 of now, which are in force, the cause
    "nothing moved": ({"a.xlsx": "a"}, [("khac.xlsx", "a")], (0,), "reading-changed"),
    "its first form": ({}, [("a.xlsx", "a")], (0,), "new-form"),
    "it came again": ({"a.xlsx": "a"}, [("a.xlsx", "a"), ("b.xlsx", "b")], (1,), "later-version"),
    "in its place": ({"a.xlsx": "a"}, [("a.xlsx", "b")], (0,), "later-version"),
    "it was added to": ({"a.xlsx": "a"}, [("a.xlsx", "a"), ("b.xlsx", "b")], (0, 1), "supplement"),
    "two of one number": ({"a.xlsx": "a"}, [("a.xlsx", "a"), ("b.xlsx", "b")], (), "later-version"),
    "it was taken away": ({"a.xlsx": "a", "so-nhan.csv": "x"}, [], (), "withdrawn"),
    "the book alone": ({"so-nhan.csv": "x"}, [], (), "reading-changed"),
}


@pytest.mark.parametrize(("then", "now", "chain", "cause"), ELSEWHERE.values(), ids=list(ELSEWHERE))
def test_causes_in_another_period(
    then: dict[str, str], now: list[tuple[str, str]], chain: tuple[int, ...], cause: str
) -> None:
    quarter: Any = SimpleNamespace(
        period=shipped().plan.period("q1"),
        readings=[SimpleNamespace(file=file, sha256=sha256, unit_id=THAI, is_form=True) for file, sha256 in now],
        versions=SimpleNamespace(
            chains={THAI: chain},
            decisions=[SimpleNamespace(state="in-force" if doc in chain else "returned") for doc in range(len(now))],
        ),
    )
    files = {f"inputs/2025/q1/{file}": sha256 for file, sha256 in then.items()}
    assert cause_elsewhere(files, [quarter], 2025, "reading-changed") == cause


UNITS, ITEMS = (THAI, TU, NOI_VU), ("CT01", "CT05")
AMOUNTS = st.one_of(
    st.none(),
    st.integers(0, 10**15).map(float),
    st.integers(0, 10**15).map(lambda cents: cents / 100),
    st.sampled_from([0.1, 0.2, 0.3, 1e15 - 1, 1e-7]),
)
KEYS = st.tuples(st.sampled_from(UNITS), st.sampled_from(ITEMS))
FIGURES = st.dictionaries(KEYS, st.tuples(AMOUNTS, st.sampled_from("abcd")))  # with the form that gave them
Given = Mapping[tuple[str, str], tuple[float | None, str]]


Files = Mapping[str, tuple[str, bool]]  # by sha256 whose form it is, and whether it is in force


def settled(figures: Given, files: Files | None = None) -> Any:
    """A period of which only forms and figures are known; without `files`, those that gave figures are in force."""
    forms = {sha256: (THAI, True) for _, sha256 in figures.values()} if files is None else files
    shas = sorted(forms)
    chains: dict[str, tuple[int, ...]] = {}
    for doc, sha256 in enumerate(shas if files is not None else ()):
        owner, is_in_force = forms[sha256]
        if is_in_force:
            chains[owner] = (*chains.get(owner, ()), doc)
    for (unit_id, _), (_, sha256) in figures.items():
        chains[unit_id] = tuple({*chains.get(unit_id, ()), shas.index(sha256)})
    lines = [
        (unit_id, name, nan if value is None else value, shas.index(sha256), f"{sha256}.xlsx", "D6")
        for (unit_id, name), (value, sha256) in figures.items()
    ]
    columns = ["unit_id", "indicator_id", "value", "doc", "file", "cell"]
    return SimpleNamespace(
        period=shipped().plan.period("q3"),
        grid=pd.DataFrame(lines, columns=columns).astype({"value": "float64"}),
        readings=[SimpleNamespace(unit_id=forms[sha256][0], sha256=sha256) for sha256 in shas],
        versions=SimpleNamespace(chains=chains, decisions=[SimpleNamespace(state=_state(forms[sha])) for sha in shas]),
    )


def _state(form_of: tuple[str, bool]) -> str:
    return "in-force" if form_of[1] else "returned"


def package(figures: Given, edited: tuple[Edited, ...] = (), files: Files | None = None) -> Sent:
    """What a run over the figures wrote, with its texts of at most 15 digits."""
    forms = {sha: (THAI, True) for _, sha in figures.values()} if files is None else files

    def text(value: float | None) -> str:
        return "" if value is None else f"{value:.15g}"

    sums = {
        name: [value for (_, item), (value, _) in figures.items() if item == name and value is not None]
        for name in ITEMS
    }
    rows = [f"{unit},{name},{text(value)},{sha}.xlsx,D6" for (unit, name), (value, sha) in figures.items()]
    totals = [f"{name},{text(float(exact_sum(given))) if given else ''},''" for name, given in sums.items()]
    listed = [f"{sha}.xlsx,{sha},{forms[sha][0]},{_state(forms[sha])},yes" for sha in sorted(forms)]
    texts = {
        "figures": "\n".join(["unit_id,indicator_id,value,file,cell", *rows]),
        "totals": "\n".join(["indicator_id,this_period,cumulative", *totals]),
        "submissions": "\n".join(["file,sha256,unit_id,state,on_time", *listed]),
    }
    return Sent(Sending(1, "q3", "1", "", "", "", "q3-01.zip", ""), "1", False, {}, {}, texts, edited)


def by_hand(kind: Any, unit_id: str, name: str, sent: float | None) -> Edited:
    return Edited("Bao-cao.docx", "", "đoạn 3", kind, unit_id, name, "", None, sent)


EDITS = st.one_of(
    st.builds(by_hand, st.just("total"), st.just(""), st.sampled_from(ITEMS), AMOUNTS),
    st.builds(by_hand, st.just("figure"), st.sampled_from(UNITS), st.sampled_from(ITEMS), AMOUNTS),
)


@settings(max_examples=40)
@given(then=FIGURES, now=FIGURES, edits=st.lists(EDITS, max_size=2))
def test_whatever_was_corrected_the_changes_add_up_exactly(then: Given, now: Given, edits: list[Edited]) -> None:
    """Forms added, replaced, added to, withdrawn; figures changed by hand in what was sent."""
    totals, figures = figure_lines(package(then, tuple(edits)), settled(now), shipped())
    assert sums_hold([*totals, *figures])
    moved = {line.id for line in totals}
    changes = {name: sum(Fraction(line.change or 0) for line in figures if line.id == name) for name in ITEMS}  # type: ignore[arg-type]
    assert moved >= {name for name, change in changes.items() if change}
    keys = [(line.unit_id, line.id, line.cause) for line in figures]
    assert len(keys) == len(set(keys))
    assert {line.cause for line in figures} <= set(SINCE_CAUSES)


AMOUNT = st.integers(0, 10**15).map(lambda cents: cents / 100)
OPS: dict[str, tuple[str, str, str]] = {  # forms in force then, those of now (small: returned), the cause
    "nothing": ("A", "A", ""),
    "sent late": ("", "B", "new-form"),
    "sent again": ("A", "aB", "later-version"),
    "another in its place": ("A", "B", "later-version"),
    "added to": ("A", "AC", "supplement"),
    "added to once more": ("AB", "ABC", "supplement"),
    "what was added taken away": ("AC", "A", "withdrawn"),
    "taken away": ("A", "", "withdrawn"),
    "two of one number": ("A", "ab", "later-version"),
    "one of those taken away": ("ab", "B", "withdrawn"),
    "sent anew after those": ("ab", "abC", "new-form"),
    "all sent again in two": ("A", "BC", "later-version"),
    "back to the one before": ("aB", "A", "withdrawn"),
}
UNIT_STEP = st.tuples(st.sampled_from(list(OPS)), st.lists(AMOUNT, min_size=4, max_size=4))


def _told_by(unit_id: str, forms: str, amounts: Mapping[str, float]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """The figures that the last form in force gives, and its forms; names of units keep contents apart."""
    files = {f"{letter.upper()}-{unit_id}": (unit_id, letter.isupper()) for letter in forms}
    used = [letter for letter in forms if letter.isupper()]
    last = {(unit_id, "CT01"): (amounts[used[-1]], f"{used[-1]}-{unit_id}")} if used else {}
    return last, files


@settings(max_examples=40)
@given(steps=st.tuples(UNIT_STEP, UNIT_STEP, UNIT_STEP))
def test_each_correction_has_its_cause_and_the_sums_hold(steps: tuple[tuple[str, list[float]], ...]) -> None:
    """What units do between the sending and the next run, each something else."""
    sides: list[tuple[dict[Any, Any], dict[str, Any]]] = [({}, {}), ({}, {})]
    expected = {}
    for unit_id, (name, given_amounts) in zip(UNITS, steps, strict=True):
        amounts = dict(zip("ABC", given_amounts, strict=False))
        told = [_told_by(unit_id, forms, amounts) for forms in OPS[name][:2]]
        for side, (figures, files) in zip(sides, told, strict=True):
            side[0].update(figures)
            side[1].update(files)
        before, after = (figures.get((unit_id, "CT01"), (None,))[0] for figures, _ in told)
        if before != after:
            expected[unit_id] = OPS[name][2]
    (then, files_then), (now, files_now) = sides
    totals, figures = figure_lines(package(then, (), files_then), settled(now, files_now), shipped())
    assert {line.unit_id: line.cause for line in figures} == expected
    assert sums_hold([*totals, *figures])
    changed = forms_changed(
        [Form(unit_id, sha, used) for sha, (unit_id, used) in files_then.items()],
        forms_of(settled(now, files_now)),
        "reading-changed",
    )
    assert changed == {unit_id: OPS[name][2] for unit_id, (name, _) in zip(UNITS, steps, strict=True) if OPS[name][2]}


@settings(max_examples=10)
@given(then=FIGURES)
def test_the_same_forms_under_other_names_make_no_line(then: Given) -> None:
    mine = settled(then)
    mine.grid["file"] = "khac/" + mine.grid["file"]
    assert figure_lines(package(then), mine, shipped()) == ([], [])


def test_what_was_changed_by_hand_is_told_apart_from_what_came_since() -> None:
    then: Given = {(THAI, "CT01"): (5.0, "a"), (TU, "CT01"): (7.0, "b")}
    sent = package(then, (by_hand("total", "", "CT01", 20.0), by_hand("figure", TU, "CT01", 8.0)))
    totals, figures = figure_lines(sent, settled({**then, (TU, "CT01"): (9.0, "c")}), shipped())
    assert [line[:7] for line in (*totals, *figures)] == [
        ("total", "", "CT01", 20, 14, -6, "edited-by-hand"),
        ("figure", TU, "CT01", 8, 7, -1, "edited-by-hand"),
        ("figure", TU, "CT01", 7, 9, 2, "new-form"),
        ("figure", "", "CT01", 20, 13, -7, "edited-by-hand"),
    ]
    assert figures[0].file == "Bao-cao.docx"


@pytest.mark.parametrize(("is_sample", "uses_samples"), [(True, False), (False, True)])
def test_samples_are_compared_with_samples_alone(is_sample: bool, uses_samples: bool, monkeypatch: Any) -> None:
    sent = replace(package({}), is_sample=is_sample)
    monkeypatch.setattr(sent_before, "newest", lambda folder, year, period: sent)
    found = before(uses_samples)
    assert not found.packages
    assert "q3-01.zip" in found.untold[0]
    monkeypatch.setattr(sent_before, "newest", lambda folder, year, period: replace(sent, is_sample=uses_samples))
    assert list(before(uses_samples).packages) == ["q3"]


def test_a_broken_package_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path, year: int, period: str) -> Sent:
        raise BrokenPackageError("Gói q3-01.zip không khớp với mã sha256 ghi ở sổ gửi.")

    monkeypatch.setattr(sent_before, "newest", broken)
    found = before(False)
    assert found.untold == (
        "Quý III: chưa so được với bản đã gửi. Gói q3-01.zip không khớp với mã sha256 ghi ở sổ gửi.",
    )
    assert not found.packages


def before(uses_samples: bool) -> SentBefore:
    mine = SimpleNamespace(period=shipped().plan.period("q3"))
    judged: Any = SimpleNamespace(settlement=mine, others={}, uses_samples=uses_samples)
    return sent_before.sent_before(judged, shipped(), Folders(Path("in"), Path("out")))
