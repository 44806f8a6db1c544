"""What `send` seals, what it refuses and names, what it records when told to send anyway; `sent`, too."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

from pipeline.cli import cli
from pipeline.commands.edited_outputs import find_edited
from pipeline.commands.outputs_lying import outputs_lying
from pipeline.commands.run import run_period
from pipeline.commands.send import Dispatched
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import load_project
from pipeline.figures.sent_figures import first_edited
from pipeline.publish.outputs import REPORT, WORKBOOK
from pipeline.reading.own_workbook import read_own_workbook
from pipeline.sent.newest import newest
from pipeline.sent.proof import prove
from tests.builders import SCHEMAS, save_all, truthful, write_book
from tests.contract import OUTPUT_SHEETS, tab
from tests.office import need_office
from tests.sending_desk import SendingDesk

UNITS = ("XA-vinh-thai", "XA-vinh-tu", "P-noi-vu")
FIGURES, BY_UNIT, MATRIX = (tab(label) for label in ("Số liệu", "Theo đơn vị", "Ma trận"))


ROWS: dict[str, dict[Any, int]] = {}


@dataclass(frozen=True)
class Office(SendingDesk):
    """A folder with inputs, declarations, outputs of a run and what was sent."""

    @property
    def inputs(self) -> Path:
        return self.home / "in/2025/q3"

    @property
    def outputs(self) -> Path:
        return self.home / "out/2025/q3"

    @property
    def workbook(self) -> Path:
        return self.outputs / "Tong-hop_2025-q3.xlsx"

    @property
    def report(self) -> Path:
        return self.outputs / "Bao-cao_2025-q3.docx"

    def send(self, number: str = "123/BC-UBND", **words: Any) -> Dispatched:
        return self.seal(number, **words)

    def manifest(self, package: str = "q3-01.zip") -> Mapping[str, Any]:
        with zipfile.ZipFile(self.home / "sent/2025" / package) as archive:
            told: Mapping[str, Any] = json.loads(archive.read("manifest.json"))
        return told

    def record(self, **told: Any) -> None:
        path = self.outputs / "run.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | told), encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three real forms, one of an earlier period, everything written by one run; what people leave beside it."""
    office = Office(tmp_path_factory.mktemp("office"))
    shutil.copytree(SCHEMAS, office.home / "schemas")
    project = office.project()
    save_all(office.inputs, [truthful(project, unit) for unit in UNITS])
    save_all(office.home / "in/2025/6t", [truthful(project, UNITS[0], "6t")])
    run_period(project, project.plan.period("q3"), office.folders)
    for name in (
        "mau/XA-vinh-thai.xlsx",
        "giu-lai/Bao-cao-1234.docx",
        "~$Phieu.xlsx",
        "Thumbs.db",
        "ghi chú/của tôi.txt",
    ):
        (office.outputs / name).parent.mkdir(exist_ok=True)
        (office.outputs / name).write_bytes(b"x")
    return office.home


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Office:
    return Office(shutil.copytree(built, tmp_path / "office"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_package_holds_what_was_sent_and_what_is_needed_to_run_it_again(office: Office, tmp_path: Path) -> None:
    signed = tmp_path / "ban ký.pdf"
    signed.write_bytes(b"%PDF-1.4")
    done = office.send(note="gửi qua trục", attached=[signed])
    assert (done.objections, done.remarks, done.sending.seq) == ((), (), 1)
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(done.path) as archive:
        archive.extractall(folder)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    written = {
        item["file"] for item in json.loads((office.outputs / "run.json").read_text(encoding="utf-8"))["outputs"]
    }
    internal = {name for name in written if name.startswith("phan-hoi/")}
    declared = {name for name in there if name.startswith("schemas/")}
    mine = {"run.json", "manifest.json", "dinh-kem/ban ký.pdf", "ghi chú/của tôi.txt"}
    assert internal
    assert there == (written - internal) | {f"noi-bo/{name}" for name in internal} | declared | mine
    assert load_project(folder / "schemas", 2025).sources == office.project().sources
    told = office.manifest()
    assert {part["name"]: part["sha256"] for part in told["parts"]} == {
        name: sha256(folder / name) for name in there - {"manifest.json"}
    }
    real = {f"inputs/{path.relative_to(office.home / 'in').as_posix()}": sha256(path) for path in all_files(office)}
    real |= {name: sha256(folder / name) for name in declared}
    assert {item["file"]: item["sha256"] for item in told["inputs"]} == real
    assert told["previous"] is None
    with (office.home / "sent/2025/so-gui.csv").open(encoding="utf-8-sig", newline="") as handle:
        [line] = csv.DictReader(handle)
    assert line == {
        "seq": "1",
        "period": "q3",
        "number": "123/BC-UBND",
        "date": "2025-09-19",
        "addressee": office.project().plan.addressee,
        "sent_at": "2025-09-19 14:20",
        "package": "q3-01.zip",
        "sha256": sha256(done.path),
        "note": "gửi qua trục",
    }
    assert prove(office.home / "sent/2025").faults == ()


def all_files(office: Office) -> list[Path]:
    return [path for path in (office.home / "in").rglob("*") if path.is_file()]


def on_workbook(*cells: tuple[str, str, str, Any]) -> Callable[[Office], None]:
    """Type into cells: sheet, what stands in the first column of the row, letter of the column, value."""

    def do(office: Office) -> None:
        with zipfile.ZipFile(office.workbook) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        for sheet, row, letter, value in cells:
            part = f"xl/worksheets/sheet{OUTPUT_SHEETS.index(sheet) + 1}.xml"
            place = letter + str(row_of(office, sheet, row))
            old = re.compile(rf'<c r="{place}"([^>]*?)(?: t="\w+")?(?:/>|>.*?</c>)')
            parts[part], count = old.subn(lambda cell, value=value: typed(cell[0], value), parts[part], count=1)
            assert count == 1, place
        with zipfile.ZipFile(office.workbook, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(name, text)

    return do


def typed(cell: str, value: Any) -> str:
    place = re.findall(r'r="(\w+)"', cell)[0]
    if value is None:
        return f'<c r="{place}"/>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def row_of(office: Office, sheet: str, key: str) -> int:
    """The Excel row whose first cell says that; the same in every copy of the outputs."""
    if not ROWS:
        for found in read_own_workbook(office.workbook) or ():
            ROWS[found.name] = {cells[0]: number for number, cells in enumerate(found.rows, start=1) if cells}
    return ROWS[sheet][key]


def at(office: Office, sheet: str, key: str, letter: str) -> str:
    return f"{sheet}, ô {letter}{row_of(office, sheet, key)}"


def in_report(old: str, new: str) -> Callable[[Office], None]:
    def do(office: Office) -> None:
        paper = Document(str(office.report))
        [run] = [run for line in paper.paragraphs for run in line.runs if old in run.text]
        run.text = run.text.replace(old, new, 1)
        paper.save(str(office.report))

    return do


def more(path: str, data: bytes = b"\n") -> Callable[[Office], None]:
    def do(office: Office) -> None:
        with (office.home / path).open("ab") as handle:
            handle.write(data)

    return do


REFUSED: dict[str, tuple[Callable[[Office], Any], list[str]]] = {
    "a form came": (lambda office: shutil.copy(office.workbook, office.inputs / "mới.xlsx"), ["mới.xlsx", "thêm"]),
    "a form went": (lambda office: (office.inputs / "P-noi-vu.xlsx").unlink(), ["mất", "P-noi-vu.xlsx", "make q3"]),
    "a form changed": (more("in/2025/q3/P-noi-vu.xlsx"), ["đổi nội dung", "P-noi-vu.xlsx"]),
    "a form of an earlier period changed": (more("in/2025/6t/XA-vinh-thai.xlsx"), ["inputs/2025/6t/XA-vinh-thai.xlsx"]),
    "a form of a period that had none": (
        lambda o: save_all(o.home / "in/2025/q1", [truthful(o.project(), UNITS[0], "q1")]),
        ["q1"],
    ),
    "the book": (lambda o: write_book(o.inputs, [("P-noi-vu.xlsx", "2025-09-15 08:00", "", "")]), ["so-nhan.csv"]),
    "a declaration": (more("schemas/labels.toml", b"\n# x\n"), ["schemas/labels.toml"]),
    "the data": (more("out/2025/q3/du-lieu/totals.csv"), ["du-lieu/totals.csv"]),
    "an open problem": (
        lambda office: office.record(
            open=[
                {"code": "negative-number", "unit_id": UNITS[0], "file": "a", "sheet": "Biểu 2 - Số liệu", "cell": "D9"}
            ]
        ),
        ["Xã Vĩnh Thái", "Biểu 2 - Số liệu", "D9"],
    ),
    "samples": (lambda office: office.record(sample_data=True), ["DỮ LIỆU MẪU"]),
    "the number again": (lambda office: office.send("123 / bc-ubnd"), ["123/BC-UBND", "19/9/2025", "q3-01.zip"]),
    "open in Word": (lambda office: (office.outputs / "~$o-cao_2025-q3.docx").touch(), ["Bao-cao_2025-q3.docx", "mở"]),
    "a total": (on_workbook((FIGURES, "CT01", "D", 999)), [f"sheet {FIGURES}, ô D8 (CT01): ghi 999"]),
    "a unit's figure": (on_workbook((BY_UNIT, UNITS[0], "C", 14.5)), [BY_UNIT, "(XA-vinh-thai CT01): ghi 14,5"]),
    "a figure as text": (on_workbook((BY_UNIT, UNITS[0], "C", "1.234")), [BY_UNIT, "ghi 1.234"]),
    "a figure deleted": (on_workbook((BY_UNIT, UNITS[0], "C", None)), [BY_UNIT, "ghi để trống"]),
    "a state": (
        on_workbook((MATRIX, UNITS[0], "E", "Quá hạn")),
        [MATRIX, "NV02): ghi “Quá hạn”, dữ liệu là “Hoàn thành”"],
    ),
    "the summary": (
        on_workbook(("Tổng hợp", "Đơn vị đã nộp", "B", "32/32")),
        ["Tổng hợp, ô B16", "“32/32”, dữ liệu là “3/32”"],
    ),
    "a figure of the report": (in_report("03 lớp", "33 lớp"), ["Bao-cao_2025-q3.docx", "lớp tập huấn", "ghi 33"]),
    "who filed, in the report": (in_report("báo cáo của 03/32 đơn vị", "báo cáo của 30/32 đơn vị"), ["30/32"]),
    "who was in time, in the report": (in_report("có 03/32 cơ quan", "có 23/32 cơ quan"), ["23/32"]),
    "a workbook in pieces": (lambda office: office.workbook.write_bytes(b"PK\x03\x04xx"), ["Tong-hop", "hỏng"]),
    "a paper in pieces": (lambda office: office.report.write_bytes(b"PK"), ["Bao-cao", "hỏng"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_speaks_against_sending_is_named_and_recorded_when_sent_anyway(name: str, office: Office) -> None:
    spoil, words = REFUSED[name]
    spoil(office)
    before = sorted(path.name for path in (office.home / "sent").rglob("*"))
    with pytest.raises(PipelineError) as refused:
        office.send()
    assert [word for word in words if word not in str(refused.value)] == [], str(refused.value)
    assert {*before} >= {path.name for path in (office.home / "sent").rglob("*")} - {"2025"}
    done = office.send(anyway=True)
    told = office.manifest(done.sending.package)
    assert len(told["objections"]) == len(done.objections) == 1
    assert done.objections[0] in str(refused.value)
    assert ("DỮ LIỆU MẪU" in done.sending.note) == told["is_sample"] == (name == "samples")
    assert prove(office.home / "sent/2025").faults == ()


def test_what_the_paper_says_is_what_was_sent(office: Office) -> None:
    on_workbook((FIGURES, "CT01", "D", 999), (FIGURES, "CT02", "D", 888), (BY_UNIT, UNITS[0], "C", 14))(office)
    in_report("03 lớp", "33 lớp")(office)
    office.send(anyway=True)
    sent = newest(office.home / "sent", 2025, "q3")
    assert sent is not None
    totals, figures = (first_edited(sent, kind) for kind in ("total", "figure"))
    assert {name: item.sent for name, item in totals.items()} == {"CT01": 999, "CT02": 888, "CT17": 33}
    assert {key: item.sent for key, item in figures.items()} == {("XA-vinh-thai", "CT01"): 14}
    edited = office.manifest()["edited"]
    assert [(item["file"], item["sheet"], item["id"], item["sent"]) for item in edited] == [
        (office.report.name, "", "CT17", 33),
        (office.workbook.name, FIGURES, "CT01", 999),
        (office.workbook.name, FIGURES, "CT02", 888),
        (office.workbook.name, BY_UNIT, "CT01", 14),
    ]


def test_nothing_that_a_run_wrote_differs_from_its_data_and_formulas_without_values_are_told(office: Office) -> None:
    """Saved again by a program that works nothing out: no figure is guessed, the first places are named."""
    project = office.project()
    book = load_workbook(office.workbook)
    book.save(office.workbook)
    Document(str(office.report)).save(str(office.report))
    found = find_edited(
        outputs_lying(office.outputs, project, project.plan.period("q3")), project, project.plan.period("q3")
    )
    assert (found.edited, found.damaged) == ((), ())
    [remark] = found.remarks
    assert f"{FIGURES}!D8" in remark
    written = (
        WORKBOOK.name(project.plan, project.plan.period("q3")),
        REPORT.name(project.plan, project.plan.period("q3")),
    )
    assert written == (office.workbook.name, office.report.name)
    assert office.send().remarks == found.remarks


@pytest.mark.slow
def test_a_workbook_and_a_report_that_libreoffice_saved_are_compared_cell_by_cell(office: Office) -> None:
    need_office()
    plain = {path: path.read_bytes() for path in (office.workbook, office.report)}
    saved_by_libreoffice(office, *plain)
    assert office.send("1/BC").objections == ()
    for path, data in plain.items():
        path.write_bytes(data)
    book = load_workbook(office.workbook)  # which forgets what formulas came to, so that LibreOffice works them out
    book[BY_UNIT].cell(row_of(office, BY_UNIT, UNITS[0]), 3, 1000)
    book.save(office.workbook)
    places = [at(office, BY_UNIT, UNITS[0], "C"), at(office, FIGURES, "CT01", "D"), at(office, FIGURES, "CT01", "F")]
    saved_by_libreoffice(office, office.workbook)
    with pytest.raises(PipelineError) as refused:
        office.send()
    assert [place for place in places if place not in str(refused.value)] == [], str(refused.value)


def saved_by_libreoffice(office: Office, *paths: Path) -> None:
    for path in paths:
        words = ["soffice", "--headless", f"-env:UserInstallation=file://{office.home}/profile", "--convert-to"]
        out = office.home / "converted"
        subprocess.run([*words, path.suffix[1:], "--outdir", out, path], check=True, capture_output=True, timeout=120)
        shutil.move(out / path.name, path)


def old_record(office: Office) -> None:
    path = office.outputs / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    for name in ("inputs", "program", "body_id", "open"):
        del record[name]
    path.write_text(json.dumps(record), encoding="utf-8")


def odd_book(office: Office) -> None:
    (office.home / "sent/2025").mkdir(parents=True)
    (office.home / "sent/2025/so-gui.csv").write_text("a,b\n1,2\n", encoding="utf-8")


NEVER: dict[str, tuple[Callable[[Office], Any], list[str]]] = {
    "no outputs": (lambda office: shutil.rmtree(office.outputs), ["Chưa có kết quả", "chạy lại trước"]),
    "no record": (lambda office: (office.outputs / "run.json").unlink(), ["Chưa có kết quả", "make q3"]),
    "a record in pieces": (lambda office: (office.outputs / "run.json").write_text("{"), ["run.json", "hỏng"]),
    "outputs of 1.0.0": (old_record, ["chạy lại trước"]),
    "another period": (lambda office: office.record(period="q1"), ["kỳ khác"]),
    "no data": (lambda office: (office.outputs / "du-lieu/figures.csv").unlink(), ["du-lieu/figures.csv"]),
    "a name of ours": (lambda office: (office.outputs / "Manifest.json").touch(), ["Manifest.json", "đổi tên"]),
    "a broken link": (lambda office: (office.outputs / "a.txt").symlink_to("nowhere"), ["a.txt"]),
    "a book without columns": (odd_book, ["so-gui.csv", "cần dòng đầu"]),
}


@pytest.mark.parametrize("name", NEVER)
def test_what_cannot_be_sent_is_refused_whatever_is_said(name: str, office: Office) -> None:
    spoil, words = NEVER[name]
    spoil(office)
    with pytest.raises(PipelineError) as refused:
        office.send(anyway=True)
    assert all(word in str(refused.value) for word in words), str(refused.value)
    assert not list((office.home / "sent").rglob("*.zip"))


def test_the_commands_send_list_and_prove(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.home)
    where = ["--inputs", "in", "--outputs", "out", "--schemas", "schemas", "--year", "2025"]

    def said(*words: str) -> tuple[int, str]:
        ended = CliRunner().invoke(cli, [*words])
        return ended.exit_code, ended.output

    assert said("sent") == (0, "Chưa gửi báo cáo nào.\n")
    status, text = said("send", "q3", "--number", " 123/BC-UBND ", "--date", "19/9/2025", *where, "--json")
    assert (status, json.loads(text)["number"], json.loads(text)["date"]) == (0, "123/BC-UBND", "2025-09-19")
    for words in (["--number", " "], ["--date", "31/9/2025"], ["--attach", "none.pdf"]):
        assert said("send", "q3", "--number", "1/BC", "--date", "19/9/2025", *words, *where)[0] == 2
    status, text = said("sent", "2025")
    assert status == 0
    assert all(word in text for word in ("123/BC-UBND", "19/9/2025", "q3-01.zip", "đúng"))
    package = office.home / "sent/2025/q3-01.zip"
    data = package.read_bytes()
    package.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    status, text = said("sent", "--json")
    assert (status, [fault["package"] for fault in json.loads(text)[0]["faults"]]) == (1, ["q3-01.zip"])
