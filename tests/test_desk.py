"""What an officer does between runs: check a file, take files in, see who has filed, follow a figure to its cell."""

import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from pipeline import screen
from pipeline.cli import cli
from pipeline.commands.check import check_files
from pipeline.commands.receive import receive_files
from pipeline.commands.run import run_period
from pipeline.commands.status import days_left_words, status_of
from pipeline.commands.trace import Trace, trace_figure
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.intake.book import read_book
from pipeline.publish.forms.blank_form import Answers, write_blank_form
from pipeline.reading.periods import Folders
from pipeline.words.days import moment_text
from tests.builders import INPUTS, OF_YEAR, ROOT, SCHEMAS
from tests.lasting import LASTING

SHIPPED = ("--schemas", str(SCHEMAS), *OF_YEAR)
CARD = {"report_date": date(2025, 9, 15), "prepared_by": "Người lập", "signed_by": "Người ký"}


def form(project: Project, path: Path, unit: str = "XA-vinh-tu", period: str = "q3", **answers: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_blank_form(
        path,
        project,
        project.register.by_id[unit],
        project.plan.period(period),
        Answers(card={**CARD, **answers.pop("card", {})}, **answers),
    )
    return path


def moment(project: Project, day: int, hour: int = 9) -> datetime:
    return datetime(2025, 9, day, hour, tzinfo=project.plan.zone)


def test_check_judges_by_the_period_that_the_card_names(project: Project, tmp_path: Path) -> None:
    checks = check_files(project, [form(project, tmp_path / f"{code}.xlsx", period=code) for code in ("6t", "nam")])
    assert [check.period.code for check in checks] == ["6t", "nam"]
    assert not [problem for check in checks for problem in check.problems if problem.code == "period-mismatch"]


def test_check_says_what_to_mend_and_ends_with_1(project: Project, tmp_path: Path) -> None:
    path = form(project, tmp_path / "a.xlsx", figures={"CT01": {"value": "khoảng 50"}})
    done = CliRunner().invoke(cli, ["check", str(path), *SHIPPED, "--json"], catch_exceptions=False)
    told = json.loads(done.stdout)[0]
    assert done.exit_code == 1
    assert told["unit_id"] == "XA-vinh-tu"
    assert ("vague-number", "D6") in [(problem["code"], problem["cell"]) for problem in told["problems"]]


def test_check_of_something_that_is_no_form_is_a_sentence(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4 ...")
    (check,) = check_files(project, [path])
    assert [problem.code for problem in check.problems] == ["file-type-unsupported"]
    assert check.verdict == "returned"


def test_receiving_copies_books_judges_and_words_the_reply(project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    path = form(project, tmp_path / "tải về" / "bc (1).xlsx")
    (receipt,) = receive_files(project, period, folders, [path], moment(project, 15), "Zalo", "qua nhóm")
    stored = folders.input(project, period) / receipt.stored_as
    assert stored.read_bytes() == path.read_bytes()
    assert receipt.stored_as == "Xã Vĩnh Tú - bc (1).xlsx"
    assert (folders.input(project, period) / "so-nhan.csv").read_text(encoding="utf-8-sig").splitlines()[
        1
    ] == "Xã Vĩnh Tú - bc (1).xlsx,2025-09-15 09:00,Zalo,qua nhóm"
    assert len(receipt.reply) <= 900
    assert "UBND xã Vĩnh Tú" in receipt.reply
    report = run_period(project, period, folders, engine=LASTING).report
    assert list(report.tally.filings.on_time) == ["XA-vinh-tu"]


def test_the_same_file_received_twice_is_taken_in_once(project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    path = form(project, tmp_path / "a.xlsx")
    first, again = (
        receive_files(project, period, folders, [path], moment(project, day), "", "")[0] for day in (14, 15)
    )
    assert (first.is_known, again.is_known) == (False, True)
    assert len(list(folders.input(project, period).glob("*.xlsx"))) == 1


def test_two_different_files_of_one_name_both_stay(project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    one = form(project, tmp_path / "1" / "a.xlsx")
    two = form(
        project,
        tmp_path / "2" / "a.xlsx",
        card={"revision": 2, "revision_kind": "Thay thế", "revision_reason": "Sửa số"},
    )
    receipts = receive_files(project, period, folders, [one, two], moment(project, 15), "", "")
    assert [receipt.stored_as for receipt in receipts] == ["Xã Vĩnh Tú - a.xlsx", "Xã Vĩnh Tú - a (2).xlsx"]


def test_a_receiving_book_kept_by_hand_in_excel_is_read_and_continued(project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    place = folders.input(project, period)
    form(project, place / "cũ.xlsx", unit="XA-vinh-o")
    (place / "so-nhan.csv").write_text(
        "file;received_at;channel;note\ncũ.xlsx;16/9/2025 16:45;giấy;cô Văn thư nhận\n", encoding="utf-8-sig"
    )
    receive_files(project, period, folders, [form(project, tmp_path / "mới.xlsx")], moment(project, 18), "Zalo", "")
    report = run_period(project, period, folders, engine=LASTING).report
    assert (report.tally.filings.on_time, report.tally.filings.late) == (("XA-vinh-o",), ("XA-vinh-tu",))
    assert "cô Văn thư nhận" in (place / "so-nhan.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\n"])
def test_a_receiving_book_may_end_its_lines_as_any_system_does(ends: str, project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    place = folders.input(project, period)
    form(project, place / "cũ.xlsx", unit="XA-vinh-o")
    (place / "so-nhan.csv").write_bytes(
        ends.join(["file;received_at;channel;note", "cũ.xlsx;16/9/2025 16:45;giấy;", ""]).encode()
    )
    receive_files(
        project, period, folders, [form(project, tmp_path / "mới.xlsx")], moment(project, 18), "Zalo\rnhóm", ""
    )
    finished = run_period(project, period, folders, engine=LASTING)
    assert (finished.report.tally.filings.on_time, finished.report.tally.filings.late) == (
        ("XA-vinh-o",),
        ("XA-vinh-tu",),
    )
    assert finished.sentences == ()


def test_a_book_that_is_no_table_is_a_sentence(project: Project, tmp_path: Path) -> None:
    (tmp_path / "so-nhan.csv").write_text(f'file,received_at\na.xlsx,"{"x" * 200_000}"\n', encoding="utf-8")
    with pytest.raises(PipelineError, match=r"so-nhan\.csv, dòng \d"):
        read_book(tmp_path / "so-nhan.csv", project.plan.zone)


def test_of_two_receipts_of_one_file_the_first_counts_and_run_and_status_say_so(
    project: Project, tmp_path: Path
) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    place = folders.input(project, period)
    form(project, place / "a.xlsx")
    (place / "so-nhan.csv").write_text("file,received_at\na.xlsx,16/9/2025 16:45\na.xlsx,20/9/2025\n", encoding="utf-8")
    finished, status = (
        run_period(project, period, folders, engine=LASTING),
        status_of(project, period, folders, date(2025, 9, 18)),
    )
    assert list(finished.report.tally.filings.on_time) == ["XA-vinh-tu"]
    assert finished.sentences == status.sentences
    [sentence] = status.sentences
    assert "“a.xlsx” (dòng 2, 3)" in sentence


def test_lines_of_the_book_that_match_no_file_are_named_by_run_and_status(project: Project, tmp_path: Path) -> None:
    folders, period = Folders(tmp_path / "in", tmp_path / "out"), project.plan.period("q3")
    place = folders.input(project, period)
    form(project, place / "xã" / "Vĩnh Tú.xlsx")
    lines = ["Vĩnh Tú.xlsx", "vĩnh tú.xlsx", "xã\\Vĩnh Tú.xlsx", "Vĩnh Tú", *(f"{number}.xlsx" for number in range(5))]
    (place / "so-nhan.csv").write_text(
        "file,received_at\n" + "".join(f"{line},16/9/2025\n" for line in lines), encoding="utf-8"
    )
    finished, status = (
        run_period(project, period, folders, engine=LASTING),
        status_of(project, period, folders, date(2025, 9, 18)),
    )
    assert finished.sentences == status.sentences
    [sentence] = status.sentences
    assert "7 dòng không ứng với tệp nào: dòng 3 “vĩnh tú.xlsx”, dòng 5 “Vĩnh Tú”, dòng 6 “0.xlsx”" in sentence
    assert "và 2 mục nữa" in sentence
    done = CliRunner().invoke(
        cli,
        ["status", "q3", "--inputs", str(folders.inputs), *SHIPPED, "--json"],
        catch_exceptions=False,
    )
    assert json.loads(done.stdout)["book_remarks"] == [sentence]


def test_status_names_the_missing_by_their_share_of_the_last_period(project: Project) -> None:
    status = status_of(project, project.plan.period("q3"), Folders(INPUTS, ROOT / "outputs"), date(2025, 9, 18))
    assert status.days_left == -2
    called = [unit for unit, _ in status.call_list]
    shares = [share for _, share in status.call_list]
    assert sorted(called) == sorted(status.report.tally.filings.out)
    assert shares == sorted(shares, reverse=True)
    assert 0 < shares[0] < 1


@pytest.mark.parametrize(("days", "words"), [(3, "còn 3 ngày"), (0, "hôm nay là hạn cuối"), (-2, "đã quá hạn 2 ngày")])
def test_days_left_are_said_in_words(project: Project, days: int, words: str) -> None:
    assert days_left_words(days, project.plan.period("q3")).startswith(words)


def test_a_figure_is_traced_to_every_units_own_cell_in_both_periods(project: Project) -> None:
    trace = trace_figure(project, "q3-ct05", Folders(INPUTS, ROOT / "outputs"))
    given = [line for line in trace.lines if line["value"] is not None]
    assert {line["period"] for line in given} == {"6 tháng đầu năm", "Quý III"}
    assert sum(line["value"] for line in given) == pytest.approx(trace.cumulative)
    assert sum(line["value"] for line in given if line["period"] == "Quý III") == pytest.approx(trace.total)
    assert all(line["file"] and line["sheet"] and line["cell"] for line in given)


@pytest.fixture(scope="module")
def minutes(project: Project) -> Trace:
    return trace_figure(project, "q3-ct05", Folders(INPUTS, ROOT / "outputs"))


def test_a_trace_answers_first_why_the_figure_differs(minutes: Trace, project: Project) -> None:
    told = minutes.as_dict()
    assert told["answer"].startswith(
        "CT05. Tổng thời lượng phát: bình quân tháng của 17 đơn vị có số liệu cả hai kỳ: Quý III 1.570,6 phút, "
        "6 tháng đầu năm 1.521,5 phút (tăng 3,2%). Tổng số: Quý III (3 tháng) 4.711,7 phút; 6 tháng đầu năm"
    )
    assert (told["total"], told["before"], told["sample_mark"]) == (
        pytest.approx(4711.7),
        pytest.approx(9864.2),
        project.form.sample_mark,
    )
    assert sum(unit["difference"] for unit in told["units"]) == pytest.approx(told["difference"])
    assert (told["difference"], told["this_by_month"], told["before_by_month"]) == (
        -5152.5,
        pytest.approx(4711.7 / 3),
        pytest.approx((9864.2 - 218 - 517.3) / 6),  # without the two communes that are silent now
    )
    assert told["causes"] == {"real": -4417.2, "not-reported-now": -735.3}
    sizes = [abs(unit["difference"]) for unit in told["units"]]
    assert sizes == sorted(sizes, reverse=True)
    for unit in told["units"]:
        assert [line["value"] for line in unit["lines"]] == [unit["now"], unit["before"]]
    silent = next(unit for unit in told["units"] if unit["unit_id"] == "XA-vinh-khe")
    assert (silent["cause"], silent["difference"], silent["lines"][0]["nothing"]) == (
        "not-reported-now",
        -218.0,
        "chưa báo cáo",
    )


@pytest.mark.parametrize("width", [80, 120])
def test_a_trace_on_the_screen_shows_every_place_in_few_lines(
    width: int, minutes: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shown_at(width, minutes, monkeypatch)
    lines = text.splitlines()
    assert lines[:2] == [f"{minutes.sample_mark}: số liệu giả định, chỉ để xem thử.", minutes.answer]
    assert "Xã Vĩnh Khê: chưa có số liệu kỳ này" in lines
    assert "Xã Vĩnh Tú: mỗi tháng 140,2 → 63,2" in lines  # no minus for a quarter beside a half year
    assert all(len(line) <= width for line in lines[2:-1])
    assert len(lines) <= 3 + (7 if width == 80 else 5) * len(minutes.units)
    words = " ".join(text.split())
    for line in minutes.lines:
        when = moment_text(datetime.fromisoformat(line["received_at"])) if line["received_at"] else ""
        place = f"{line['file']} “{line['sheet']}”, ô {line['cell']}, nhận lúc {when}"
        assert (place if line["cell"] else "– chưa báo cáo") in words
    assert lines[-1] == "Kỳ này: 4.711,7; lũy kế: 14.575,9 (6 tháng đầu năm: 19/19 đơn vị; Quý III: 17/19 đơn vị)."


def shown_at(width: int, trace: Trace, monkeypatch: pytest.MonkeyPatch) -> str:
    console = Console(highlight=False, soft_wrap=True, width=width, record=True, file=io.StringIO())
    monkeypatch.setattr(screen, "_console", console)
    screen.show_trace(trace)
    return console.export_text()


def test_a_stock_is_not_said_to_lack_a_cumulative_figure(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = trace_figure(project, "q3-ct07", Folders(INPUTS, ROOT / "outputs"))
    assert shown_at(80, trace, monkeypatch).endswith("Kỳ này: 39; lũy kế: số tại một thời điểm, không cộng dồn.\n")


def test_a_trace_of_the_first_period_shows_it_alone(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = Folders(tmp_path / "in", tmp_path / "out")
    form(
        project,
        folders.input(project, project.plan.period("q1")) / "a.xlsx",
        period="q1",
        figures={"CT01": {"value": 12}},
    )
    trace = trace_figure(project, "q1-ct01", folders)
    assert (trace.answer, trace.as_dict()["before"]) == ("", None)
    text = shown_at(80, trace, monkeypatch)
    assert text.startswith("CT01. Số tin về CCHC đăng trên Cổng/Trang thông tin điện tử (tin)\n")
    assert "Xã Vĩnh Tú\n  Quý I  12  a.xlsx\n" in "\n".join(line.rstrip() for line in text.splitlines())


def test_a_ticket_that_does_not_exist_is_a_sentence(project: Project) -> None:
    with pytest.raises(PipelineError, match="CT99"):
        trace_figure(project, "Q3-CT99", Folders(INPUTS, ROOT / "outputs"))
