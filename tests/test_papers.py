"""The papers in Word: every number is in the report's frames, every debtor in the letter, nothing is private."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.plan import JUDGED
from pipeline.declare.project import Project
from pipeline.publish.papers.papers import write_report_paper, write_urging_letter
from pipeline.publish.report import Report
from pipeline.publish.sentences.phrases import written_state
from pipeline.publish.sheets import ANNEXES
from pipeline.publish.workbook.consolidated import describe_workbook
from pipeline.publish.workbook.lists import requests_page
from pipeline.reading.periods import Folders, read_periods
from pipeline.words.prose import capitalised, in_text
from tests.builders import Draft, recounted, save_all, truthful
from tests.lasting import LASTING

PHONE = "0914123456"
MISSING, LATE, RETURNED, BLOCKED, BLANK, CLEAN = (
    "XA-vinh-o",
    "XA-vinh-ha",
    "XA-vinh-khe",
    "XA-vinh-thai",
    "XA-ho-xa",
    "P-noi-vu",
)
WORDS = {"kind": "Kiến nghị", "addressed_to": "UBND tỉnh"}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def make(project: Project, folder: Path, period: str = "q3") -> Report:
    found = project.plan.period(period)
    return make_report(
        judge_period(project, found, read_periods(project, found, Folders(folder, folder / "outputs"), engine=LASTING)),
        project,
        found.last_day,
    )


def drafts(project: Project) -> Iterator[Draft]:
    yield truthful(project, CLEAN)
    yield truthful(project, LATE).received("2025-09-20 08:00").request(content="=Nâng cấp loa\ntruyền thanh", **WORDS)
    yield truthful(project, RETURNED, "6t").received("2025-09-15 08:00")
    yield (
        truthful(project, BLOCKED)
        .figure("CT01", "nhiều lắm")
        .request(content="Mở 3 lớp tập huấn.", **{**WORDS, "addressed_to": "ubnd TỈNH"})
    )
    yield truthful(project, BLANK).blank_task("NV03").no_activities("NV03").card(phone=PHONE, signed_by="Người Ký Tên")


@pytest.fixture(scope="module")
def report(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("inputs")
    save_all(folder / "2025" / "q3", drafts(project))
    save_all(folder / "2025" / "6t", [truthful(project, unit, "6t") for unit in (CLEAN, LATE, BLANK, MISSING)])
    return make(project, folder)


@pytest.fixture(scope="module")
def empty(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return make(project, tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def paper(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return written(report, tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def letter(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("letter") / "d.docx"
    assert write_urging_letter(path, report, {})
    return Document(str(path))


def written(report: Report, folder: Path) -> Any:
    write_report_paper(folder / "b.docx", report)
    return Document(str(folder / "b.docx"))


def texts(document: Any) -> list[str]:
    """Every paragraph, those in tables too, in the order of the page."""
    return ["".join(node.text or "" for node in line.iter(qn("w:t"))) for line in document.element.body.iter(qn("w:p"))]


def viet(value: float) -> str:
    """1.234,5 and 03."""
    text = f"{value:,.1f}".removesuffix(".0").replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"0{text}" if value == int(value) and 0 < value < 10 else text


def test_every_number_of_the_text_stands_in_the_tables(report: Report, paper: Any) -> None:
    known = Counter(counts(report)) + Counter(declared(report))
    for text in texts(paper):
        without_place = re.sub(r"^\d+\. ", "", text)
        assert [number for number in NUMBER.findall(without_place) if number not in known] == [], text


def counts(report: Report) -> Iterator[str]:
    """What can be read off the frames: totals, counts of filings and states, shares, rates."""
    judged = report.judged.completeness[report.judged.completeness["obligation"].isin(JUDGED)]
    numbers: list[float] = [len(report.judged.settlement.units), len(judged)]
    for column in ("this_period", "cumulative", "units_reporting", "units_expected"):
        numbers += list(report.judged.totals[column].dropna())
    led = report.judged.completeness[report.judged.completeness["obligation"] != "not-lead"]
    for frame, keys in (
        (led, ["state"]),
        (led, ["task_id"]),
        (led, ["task_id", "state"]),
        (report.filings, ["filing"]),
        (report.judged.settlement.rows.accepted["requests"], ["kind"]),
    ):
        numbers += list(frame.groupby(keys).size())
    numbers.append(len(led))
    by_task = led.groupby("task_id")["state"].agg(frozenset)
    numbers += list(by_task.map(lambda states: "overdue" in states).value_counts())
    for plain in ({"done", "nothing"}, {"missing"}, {"done", "nothing", "missing"}, {"not-due"}):
        numbers += list(by_task.map(lambda states, plain=plain: states <= plain).value_counts())
    numbers += list(led[led["state"].isin(("open", "overdue", "not-done", "unproven"))].groupby("task_id").size())
    numbers += list(judged.groupby("state").size())
    numbers += [len(units) for units in report.tally.filings.unfiled.values()]
    silent = led["unit_id"].isin(report.tally.filings.out) & (led["state"] == "missing")
    numbers += [int((silent & (led["proved_in"] == "")).sum()), int((led["proved_in"] != "").sum())]
    numbers += [len(report.tally.filings.out), len(report.tally.filings.on_time), len(report.tally.filings.late)]
    numbers += list(led[(led["state"] == "missing") & (led["proved_in"] != "")].groupby("task_id").size())
    done, filed = int((judged["state"] == "done").sum()), int(report.filings["filing"].isin(["on-time", "late"]).sum())
    numbers += [
        done,
        filed,
        sum(task.obligation["nam"] == "recurring" for task in report.project.plan.tasks),
        len(ANNEXES),
        0,
    ]
    yield from (viet(number) for number in numbers)
    yield from (f"{number:.0f}" for number in numbers)
    yield from (
        viet(round(100 * done / len(judged), 1)),
        viet(round(100 * filed / len(report.judged.settlement.units), 1)),
    )


def declared(report: Report) -> Iterator[str]:
    """Numbers that belong to names: the plan, decrees, dates, the units' own words, the places in the table."""
    plan = report.project.plan
    days = [day for period in plan.periods for day in (period.date_from, period.date_to, period.last_day)]
    parts = [str(plan.year), plan.title, plan.basis, plan.issuer]
    parts += [text for task in plan.tasks for text in (task.title, task.short, task.due_text)]
    parts += [text for item in plan.indicators for text in (item.title, item.section)]
    parts += [str(text) for text in report.judged.settlement.rows.accepted["requests"]["content"]]
    parts += [f"{day.day:02d} {day.month:02d} {day.month} {day.year}" for day in days]
    parts += [str(place) for place in range(1, len(plan.tasks) + 1)]
    yield from (number for text in parts for number in NUMBER.findall(text))


def test_each_figure_is_told_under_its_section_with_its_total(report: Report, paper: Any) -> None:
    told = "\n".join(texts(paper)).casefold()
    for line in report.judged.totals.itertuples():
        item = report.project.plan.indicator[line.indicator_id]
        assert item.section.casefold() in told
        clauses = [words for words in report.project.plan.told.get(item.section, ()) if f"{{{item.id}}}" in words]
        if line.this_period == line.this_period and (line.cumulative == line.cumulative or item.kind == "stock"):
            places = clauses or [f"{item.title}: {{{item.id}}} {item.measure} (lũy kế {{{item.id}+}}"]
            for clause in places:
                before, _, rest = clause.partition(f"{{{item.id}}}")
                after = re.split(r"[\[{]", rest)[0]
                lead = re.split(r"[}\]]", before)[-1]
                assert f"{lead}{viet(line.this_period)}{after}".casefold() in told


def test_what_nobody_gave_is_not_told_as_zero(report: Report, tmp_path: Path) -> None:
    totals = report.judged.totals.assign(
        this_period=report.judged.totals["this_period"].mask(report.judged.totals["indicator_id"] == "CT04")
    )
    told = "\n".join(texts(written(recounted(report, totals=totals), tmp_path)))
    assert "số lượt phát: chưa có đơn vị nào báo cáo số liệu" in told
    assert "lượt phát thanh: 0" not in told


def test_the_table_of_tasks_is_the_grid_counted(report: Report, paper: Any) -> None:
    table = paper.tables[1]
    states = [state for state in report.project.labels["state"] if state != "not-lead"]
    led = report.judged.completeness[report.judged.completeness["obligation"] != "not-lead"]
    assert [cell.text for cell in table.rows[0].cells][3:] == [
        capitalised(written_state(report.project, state)) for state in states
    ]
    for row, task in zip(table.rows[1:-1], report.project.plan.tasks, strict=True):
        mine = led[led["task_id"] == task.id]["state"]
        assert [cell.text for cell in row.cells][2:] == [
            str(len(mine)),
            *(str((mine == state).sum() or "-") for state in states),
        ]
    assert [cell.text for cell in table.rows[-1].cells][2:] == [
        str(len(led)),
        *(str((led["state"] == state).sum() or "-") for state in states),
    ]


def test_units_missing_and_late_stand_by_name(report: Report, paper: Any) -> None:
    told = "\n".join(texts(paper))
    [silent] = re.findall(r"- Chưa gửi \(\d+ đơn vị\): (.*)\.", told)
    [returned] = re.findall(r"- Đã gửi, chưa sử dụng được \(01 đơn vị\): (.*)\.", told)
    [late] = re.findall(r"- Gửi muộn \(01 đơn vị\): (.*)\.", told)
    assert silent == ", ".join(in_text(report.name(unit)) for unit in report.tally.filings.out if unit != RETURNED)
    assert returned == in_text(report.name(RETURNED))
    assert late == in_text(report.name(LATE))
    assert (
        f"{len(report.judged.settlement.units) - 4} đơn vị chưa gửi" not in told
    )  # those that sent something are not among those that sent nothing


def test_what_is_not_reported_is_not_called_unfinished(
    report: Report, paper: Any, empty: Report, tmp_path: Path
) -> None:
    told = "\n".join(texts(paper))
    assert "- Ban hành kế hoạch tuyên truyền CCHC (thời hạn: tháng 02/2025): 14 đơn vị chủ trì chưa báo cáo." in told
    assert "05/19 đơn vị chủ trì đã hoàn thành (trong đó 01 đơn vị theo báo cáo 6 tháng đầu năm)" in told
    assert "Ghi chú: 01 lượt ở cột “Chưa báo cáo” đã hoàn thành theo báo cáo 6 tháng đầu năm." in told
    assert (
        "- Cuộc thi tìm hiểu CCHC (thời hạn: trong năm 2025): 04 đơn vị chủ trì tiếp tục thực hiện; "
        "15 đơn vị chủ trì chưa báo cáo." in told
    )
    assert (
        "- Tổng kết công tác tuyên truyền CCHC (thời hạn: trước ngày 30/11/2025): "
        "20 đơn vị chủ trì thực hiện theo thời hạn." in told
    )
    assert "06 nhiệm vụ được các đơn vị đã báo cáo hoàn thành, còn đơn vị chưa báo cáo" in told
    nothing = "\n".join(texts(written(empty, tmp_path)))
    assert "Tính theo nhiệm vụ: 08 nhiệm vụ chưa có đơn vị chủ trì nào báo cáo; 01 nhiệm vụ chưa đến hạn." in nothing
    assert "- Các đơn vị chưa có báo cáo hợp lệ nêu trên chủ trì 136 lượt nhiệm vụ chưa có kết quả." in nothing
    assert "phải hoàn thành ngay" not in nothing
    assert "chưa hoàn thành" not in nothing


def test_requests_keep_the_units_words_grouped_by_whom_they_ask(report: Report, paper: Any) -> None:
    told = texts(paper)
    start = told.index("1. Đối với UBND tỉnh")
    assert told[start + 1 : start + 3] == [
        f"- =Nâng cấp loa; truyền thanh ({in_text(report.name(LATE))}).",
        f"- Mở 3 lớp tập huấn ({in_text(report.name(BLOCKED))}).",
    ]
    assert told[start + 3].startswith("[Bổ sung: ")


def test_characters_that_word_cannot_hold_are_left_out(report: Report, tmp_path: Path) -> None:
    requests = report.judged.settlement.rows.accepted["requests"]
    spoiled = recounted(
        report,
        accepted={
            **report.judged.settlement.rows.accepted,
            "requests": requests.assign(content="Cấp\x00 thêm\x0b\ud800\ufffe loa\n\tmới"),
        },
    )
    assert any(text.startswith("- Cấp thêm? loa mới (") for text in texts(written(spoiled, tmp_path)))


def test_paragraphs_for_the_officer_are_marked(paper: Any, letter: Any) -> None:
    for document, count in ((paper, 6), (letter, 1)):
        marked = [
            run
            for line in document.paragraphs
            for run in line.runs
            if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
        ]
        assert len(marked) == count
        assert all(run.text.startswith("[Bổ sung: ") for run in marked)
        assert sum("[Bổ sung: " in text for text in texts(document)) == count


def test_the_annexes_named_are_those_of_the_workbook(report: Report) -> None:
    sheets = [page.sheet for page in describe_workbook(report) if page.sheet.annex]
    assert [(sheet.annex, sheet.title.casefold()) for sheet in sheets] == [
        (sheet.annex, sheet.title.casefold()) for sheet in ANNEXES
    ]
    assert requests_page(report).sheet.annex == ANNEXES[-1].annex


def test_the_page_is_that_of_the_decree(paper: Any, letter: Any) -> None:
    for document in (paper, letter):
        [section] = document.sections
        lengths = (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
        assert [round(length.mm) for length in lengths] == [210, 297, 20, 20, 30, 15]
        assert document.styles["Normal"].font.name == "Times New Roman"
        assert section.different_first_page_header_footer
        assert "PAGE" not in section.first_page_header._element.xml
        assert 'w:instr="PAGE"' in section.header._element.xml
        sizes = {run.font.size.pt for line in document.paragraphs if line.text for run in line.runs if run.text}
        assert sizes <= {12, 13, 14}
        assert any(text.endswith("./.") for text in texts(document))


def test_sample_data_is_marked_on_every_page_and_real_data_is_not(report: Report, tmp_path: Path) -> None:
    mark = report.project.form.sample_mark
    for sample_mark in ("", mark):
        [section] = written(replace(report, sample_mark=sample_mark), tmp_path).sections
        for header in (section.first_page_header, section.header):
            runs = [run for line in header.paragraphs for run in line.runs if run.text == mark]
            assert [str(run.font.color.rgb) for run in runs] == (["C00000"] if sample_mark else [])


def test_the_same_report_gives_the_same_bytes(report: Report, tmp_path: Path) -> None:
    for write in (write_report_paper, lambda path, report: write_urging_letter(path, report, {})):
        for name in ("one", "two"):
            write(tmp_path / name, report)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with zipfile.ZipFile(tmp_path / "one") as archive:
        assert {info.date_time for info in archive.infolist()} == {(2025, 1, 1, 0, 0, 0)}


def test_nothing_private_passes_into_the_papers(paper: Any, letter: Any) -> None:
    for document in (paper, letter):
        told = "\n".join(texts(document))
        assert PHONE not in told
        assert "Người Ký Tên" not in told
        assert "Người lập thử" not in told


def debts(letter: Any) -> dict[str, tuple[str, str]]:
    """What each unit owes and until when, by name without the body that it is written to by."""
    return {
        row.cells[1].text.replace("UBND xã", "Xã").replace("UBND thị trấn", "Thị trấn"): (
            row.cells[2].text,
            row.cells[3].text,
        )
        for row in letter.tables[1].rows[1:]
    }


def test_the_letter_says_who_owes_what(report: Report, letter: Any) -> None:
    owed = debts(letter)
    assert set(map(report.name, report.tally.filings.out)) <= set(owed)
    assert owed[report.name(MISSING)] == ("Chưa gửi báo cáo", "Hết ngày 16/9/2025")
    assert "Biểu đã gửi chưa sử dụng được: sai kỳ báo cáo" in owed[report.name(RETURNED)][0]
    assert owed[report.name(BLOCKED)][0] == "Chỉnh sửa 01 nội dung ghi chưa đúng (chưa được tổng hợp)"
    assert owed[report.name(BLANK)][0] == "Bổ sung kết quả nhiệm vụ 3 (Tuyên truyền cải cách bộ máy, công vụ)"
    assert report.name(CLEAN) not in owed
    assert report.name(LATE) not in owed


def test_days_over_the_deadline_are_counted_at_as_of(report: Report, tmp_path: Path) -> None:
    later = replace(report, as_of=report.period.last_day.replace(day=21))
    assert write_urging_letter(tmp_path / "d.docx", later, {})
    assert debts(Document(str(tmp_path / "d.docx")))[report.name(MISSING)][1] == "Hết ngày 16/9/2025\n(quá 05 ngày)"


def test_a_returned_file_that_was_made_good_is_not_urged(project: Project, tmp_path: Path) -> None:
    wrong = truthful(project, CLEAN, "6t").named("cu.xlsx").received("2025-09-15 08:00")
    save_all(tmp_path / "2025" / "q3", [wrong, truthful(project, CLEAN).named("moi.xlsx").received("2025-09-16 08:00")])
    everything = make(project, tmp_path)
    only = recounted(everything, filings=everything.filings[everything.filings["unit_id"] == CLEAN])
    assert not write_urging_letter(tmp_path / "d.docx", only, {})
    assert not (tmp_path / "d.docx").exists()


def test_papers_are_written_when_nobody_filed(empty: Report, tmp_path: Path) -> None:
    told = "\n".join(texts(written(empty, tmp_path)))
    assert "Đến hạn gửi (hết ngày 16/9/2025), chưa có đơn vị nào trong 32 đơn vị gửi báo cáo." in told
    assert "1. Cổng/Trang thông tin điện tử: chưa có đơn vị nào báo cáo số liệu." in told
    assert write_urging_letter(tmp_path / "d.docx", empty, {})
    assert list(debts(Document(str(tmp_path / "d.docx")))) == [
        unit.name for unit in empty.judged.settlement.units if unit.unit_id != CLEAN
    ]  # the office writes the letter


def test_blanks_of_the_plan_stay_blank_until_they_are_filled(report: Report, paper: Any, tmp_path: Path) -> None:
    told = "\n".join(texts(paper))
    assert "Số: …/BC-UBND" in told
    assert "Vĩnh Linh, ngày … tháng … năm 2025" in told
    assert "(số liệu từ ngày 15/6/2025 đến ngày 14/9/2025)" in told
    plan = replace(
        report.project.plan,
        report_number="121",
        report_date="ngày 18 tháng 9 năm 2025",
        number="30",
        date="ngày 12/02/2025",
    )
    filled = "\n".join(texts(written(replace(report, project=replace(report.project, plan=plan)), tmp_path)))
    assert "Số: 121/BC-UBND" in filled
    assert "Vĩnh Linh, ngày 18 tháng 9 năm 2025" in filled
    assert "Kế hoạch số 30/KH-UBND ngày 12/02/2025 của UBND huyện Vĩnh Linh" in filled
