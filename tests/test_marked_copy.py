"""The copy that goes back: marked where it needs mending, nothing of theirs lost, read again as a form."""

import gc
import io
import os
import random
import re
import weakref
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.declare.todo import HIDDEN, VISIBLE, problem_key
from pipeline.evaluate import evaluate, settle_forms
from pipeline.intake.replies import read_replies
from pipeline.publish.forms.blank_form import Answers, write_blank_form
from pipeline.publish.returns.marked_copy import write_marked_copy
from pipeline.publish.returns.package import Package
from pipeline.publish.returns.returned_file import ReturnedFile
from pipeline.publish.returns.sheet_part import MAIN, SheetPart, name_of
from pipeline.publish.style import TINT
from pipeline.reading.periods import read_folder
from pipeline.values.problems import Problem
from tests.corpus import flipped, shuffled_parts
from tests.effort import growth
from tests.lasting import LASTING
from tests.office import XLSX, at_the_keyboard, need_office
from tests.test_other_programs import (
    inline,
    prefixed,
    pretty_printed,
    streamed,
    with_wrong_dimension,
    without_dimension,
)

NAME = "bieu xa gui.xlsx"
TASKS, FIGURES, ACTIVITIES = "Biểu 1 - Nhiệm vụ", "Biểu 2 - Số liệu", "Biểu 3 - Hoạt động"
_JUDGED: dict[object, tuple[dict[str, str], list[Problem]]] = {}  # the same files are judged once for all tests


class Desk:
    """One unit's folder: forms go in, problems and marked copies come out."""

    def __init__(self, home: Path, project: Project) -> None:
        self.project, self.period = project, project.plan.period("q3")
        self.unit: Unit = project.register.by_id["XA-vinh-thai"]
        self.folder, self.copy = home / "inputs", home / "copy.xlsx"
        self.folder.mkdir()
        self.path = self.folder / NAME
        self.states: dict[str, str] = {}

    def send(
        self, figures: Mapping[str, Any] | None = None, activity: Mapping[str, Any] | None = None, sample: bool = False
    ) -> None:
        """A complete form, with some figures or the one activity spoiled."""
        plan = self.project.plan
        tasks: dict[str, dict[str, Any]] = {}
        for task in plan.tasks:
            if plan.obligation(task, self.unit, self.period) == "recurring":
                tasks[task.id] = {"status": "Không phát sinh"}
        tasks["NV01"] = {
            "status": "Hoàn thành",
            "completed_on": date(2025, 2, 20),
            "document_number": "12/KH-UBND",
            "document_date": date(2025, 2, 20),
        }
        tasks["NV05"] = {"status": "Hoàn thành", "completed_on": date(2025, 9, 5), "result": "=Đã đăng 01 tin"}
        tasks["NV06"] = {"status": "Không phát sinh"}
        values = {item.id: {"value": "-"} for item in plan.indicators if plan.fills(item, self.unit)}
        values |= {"CT01": {"value": 1}} | {key: {"value": value} for key, value in (figures or {}).items()}
        line = {
            "date": date(2025, 9, 5),
            "task_id": "NV05",
            "form": "Cổng/Trang thông tin điện tử",
            "title": "Hướng dẫn nộp hồ sơ",
            "quantity": 1,
        }
        card = {
            "report_date": date(2025, 9, 15),
            "prepared_by": "Người lập thử",
            "signed_by": "Người ký thử",
            "report_number": "45/BC-UBND",
        }
        write_blank_form(
            self.path,
            self.project,
            self.unit,
            self.period,
            Answers(card, tasks, values, [line | dict(activity or {})]),
            sample,
        )

    def edit(self, change: Callable[[Any], None]) -> None:
        """Save the form again with a change, as another program would."""
        book = openpyxl.load_workbook(self.path)
        change(book)
        book.save(self.path)

    def repack(self, change: Callable[[dict[str, bytes]], None]) -> None:
        """Change the parts of the file itself."""
        with zipfile.ZipFile(self.path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        change(parts)
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)

    def problems(self) -> list[Problem]:
        """What the real stages say of the files that count, everything received in time."""
        moment = datetime(2025, 9, 16, 8, 30, tzinfo=self.project.plan.zone).timestamp()
        for path in self.folder.iterdir():
            os.utime(path, (moment, moment))
        content = tuple((path.name, path.read_bytes()) for path in sorted(self.folder.iterdir()))
        if content not in _JUDGED:
            _JUDGED[content] = self._judge()
        self.states, found = _JUDGED[content]
        return list(found)

    def _judge(self) -> tuple[dict[str, str], list[Problem]]:
        readings = read_folder(self.folder, self.project, self.period, engine=LASTING)
        judged = evaluate(settle_forms(readings, self.project, self.period, False), self.project, {})
        states = {
            reading.file: decision.state
            for reading, decision in zip(judged.settlement.readings, judged.settlement.versions.decisions, strict=True)
        }
        return states, [problem for problem in judged.problems if states[problem.file] != "superseded"]

    def mark(self, problems: list[Problem] | None = None, kind: str = "xlsx", **options: Any) -> str:
        found = self.problems() if problems is None else problems
        return write_marked_copy(self.copy, self.returned(NAME, kind, self.path.read_bytes(), found, **options))

    def returned(
        self, name: str, kind: str, data: bytes | None, problems: list[Problem], is_sample: bool = False, **options: Any
    ) -> ReturnedFile:
        return ReturnedFile(name, kind, data, problems, self.project, self.period, self.unit, is_sample, **options)

    def marked(self) -> Any:
        return openpyxl.load_workbook(self.copy)

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the to-do sheet by column key."""
        rows = list(self.marked()[self.project.form.todo_sheet].iter_rows())
        head = next(number for number, row in enumerate(rows) if row[0].value == VISIBLE[0])
        return [dict(zip((*VISIBLE, *HIDDEN), row, strict=True)) for row in rows[head + 2 :]]


@pytest.fixture
def desk(tmp_path: Path, project: Project) -> Desk:
    return Desk(tmp_path, project)


def tinted(book: Any) -> set[tuple[str, str]]:
    return {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if is_tint(cell)
    }


def is_tint(cell: Any) -> bool:
    return bool(cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == "FF" + TINT.lstrip("#"))


def noted(book: Any) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def places(problems: list[Problem]) -> set[tuple[str, str]]:
    return {(problem.sheet, problem.cell) for problem in problems}


SPOILED: dict[str, Any] = {"figures": {"CT02": -3, "CT03": None}, "activity": {"quantity": "hai", "title": ""}}


def test_a_complete_form_has_no_problems(desk: Desk) -> None:
    desk.send()
    assert desk.problems() == []


def test_wrong_cells_and_only_they_are_tinted_and_noted(desk: Desk) -> None:
    desk.send(**SPOILED)
    problems = desk.problems()
    assert desk.mark() == ""
    assert tinted(desk.marked()) == places(problems) == set(noted(desk.marked()))
    for problem in problems:
        found, expected, _ = desk.project.catalogue.parts(
            problem, desk.project.field_of(problem), desk.project.form, desk.period
        )
        assert found in noted(desk.marked())[problem.sheet, problem.cell]
        assert expected in noted(desk.marked())[problem.sheet, problem.cell]


def test_the_first_sheet_lists_the_problems_most_serious_first_with_links(desk: Desk) -> None:
    desk.send(**SPOILED)
    problems = desk.problems()
    desk.mark()
    book, lines = desk.marked(), desk.lines()
    assert book.sheetnames[0] == desk.project.form.todo_sheet
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == [desk.project.form.todo_sheet]
    ranks = [desk.project.catalogue.severity(str(line["problem_key"].value).split("|")[0]) for line in lines]
    assert ranks == sorted(ranks, key=["block-file", "block-row", "question", "note"].index)
    assert {line["problem_key"].value for line in lines} == {problem_key(problem) for problem in problems}
    for line in lines:
        assert line["cell"].hyperlink.location == f"'{line['sheet'].value}'!{line['cell'].value}"
        assert line["severity"].value in desk.project.catalogue.severities.values()
        assert all(line[key].value for key in ("found", "expected", "example"))
        assert (line["reply"].value, line["reply"].protection.locked, line["found"].protection.locked) == (
            None,
            False,
            True,
        )


def test_the_to_do_sheet_is_ready_for_the_printer(desk: Desk) -> None:
    desk.send(**SPOILED)
    desk.mark()
    sheet = desk.marked()[desk.project.form.todo_sheet]
    assert (
        sheet.page_setup.orientation,
        sheet.page_setup.paperSize,
        sheet.page_setup.fitToWidth,
        sheet.page_setup.fitToHeight,
    ) == ("landscape", 9, 1, 0)
    assert sheet.protection.sheet
    assert sheet.print_title_rows
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} == {"Times New Roman"}
    assert [letter for letter, column in sheet.column_dimensions.items() if column.hidden] == ["I", "J"]


def test_the_original_is_not_changed(desk: Desk) -> None:
    desk.send(**SPOILED)
    before = desk.path.read_bytes()
    desk.mark()
    assert desk.path.read_bytes() == before


def test_all_of_the_form_survives(desk: Desk) -> None:
    desk.send(**SPOILED)
    desk.mark(next_revision=0)
    before, after = openpyxl.load_workbook(desk.path), desk.marked()
    assert after.sheetnames[1:] == before.sheetnames
    for old, new in zip(before.worksheets, after.worksheets[1:], strict=True):
        assert shape(new) == shape(old)
        assert [[cell.value for cell in row] for row in new.iter_rows()] == [
            [cell.value for cell in row] for row in old.iter_rows()
        ]


def shape(sheet: Worksheet) -> dict[str, Any]:
    """What of a sheet must outlive the marking, besides its values."""
    limits = [
        (str(item.sqref), item.type, item.operator, item.formula1, item.formula2, item.prompt, item.error)
        for item in sheet.data_validations.dataValidation
    ]
    looks = [
        (str(area.sqref), [rule.formula for rule in rules])
        for area, rules in sheet.conditional_formatting._cf_rules.items()
    ]
    return {
        "limits": sorted(limits, key=str),
        "looks": looks,
        "widths": {key: (column.width, column.hidden) for key, column in sheet.column_dimensions.items()},
        "rows": {key: (row.height, row.hidden) for key, row in sheet.row_dimensions.items()},
        "merges": sorted(str(area) for area in sheet.merged_cells.ranges),
        "protection": dict(sheet.protection),
        "state": (sheet.sheet_state, sheet.freeze_panes, sheet.print_title_rows),
        "locked": [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.protection.locked],
    }


def test_read_again_it_has_the_same_problems_and_no_new_one(desk: Desk) -> None:
    desk.send(**SPOILED)
    before = {(problem.code, problem.sheet, problem.cell, problem.value) for problem in desk.problems()}
    desk.mark()
    desk.copy.replace(desk.path)
    assert {(problem.code, problem.sheet, problem.cell, problem.value) for problem in desk.problems()} == before


def test_sent_back_beside_the_original_it_replaces_it(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    desk.mark()
    book = desk.marked()
    book[FIGURES]["D7"] = 3
    book.save(desk.folder / "sua lai.xlsx")
    assert desk.problems() == []
    assert desk.states == {NAME: "superseded", "sua lai.xlsx": "in-force"}


def test_the_revision_is_raised_only_where_nobody_has_asked_about_it(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    answers = {key: number for number, key in enumerate(desk.project.form.card.keys, start=4)}

    def card() -> tuple[Any, ...]:
        return tuple(
            desk.marked()[desk.project.form.card.name][f"C{answers[key]}"].value
            for key in ("revision", "revision_kind", "revision_reason")
        )

    desk.mark()
    assert card()[:2] == (2, "Thay thế")
    assert card()[2]
    desk.mark(next_revision=4)
    assert card()[:2] == (4, "Thay thế")
    desk.mark(next_revision=0)
    assert card() == (1, None, None)
    cell = f"C{answers['revision']}"
    desk.mark(
        [Problem("revision-conflict", NAME, desk.unit.unit_id, desk.project.form.card.name, cell, "card", "revision")]
    )
    assert card() == (1, None, None)


def test_the_same_input_gives_the_same_bytes(desk: Desk) -> None:
    desk.send(**SPOILED)
    desk.mark()
    first = desk.copy.read_bytes()
    desk.mark()
    assert desk.copy.read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2025, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+", archive.read("docProps/core.xml"))) == {
            b"2025-01-01T00:00:00"
        }


def test_a_copy_that_is_written_is_held_no_longer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even until rings of objects are looked for: a run over long forms would hold many workbooks at once."""
    made = []

    def opened(data: bytes) -> Package:
        package = Package.opened(data)
        made.append(weakref.ref(package))
        return package

    monkeypatch.setattr("pipeline.publish.returns.marked_copy.Package", SimpleNamespace(opened=opened))
    desk.send(**SPOILED)
    problems = desk.problems()
    gc.disable()
    try:
        assert not desk.mark(problems)
        assert [package() for package in made] == [None]
    finally:
        gc.enable()


def test_marked_again_old_marks_are_gone_and_what_was_below_is_back(desk: Desk) -> None:
    desk.send(figures={"CT02": -3, "CT01": -1})
    desk.edit(lambda book: setattr(book[FIGURES]["D6"], "comment", Comment("Số này lấy từ sổ", "xã")))
    grey = openpyxl.load_workbook(desk.path)[FIGURES]["A7"].fill.fgColor.rgb
    extra = Problem("row-unknown", NAME, desk.unit.unit_id, FIGURES, "A7", "figures", "indicator_id", "CT02", 7)
    desk.mark([*desk.problems(), extra])
    assert tinted(desk.marked()) == {(FIGURES, "D6"), (FIGURES, "D7"), (FIGURES, "A7")}
    assert "Số này lấy từ sổ" in noted(desk.marked())[FIGURES, "D6"]

    desk.copy.replace(desk.path)
    desk.edit(lambda book: book[FIGURES].__setitem__("D6", 1))
    desk.mark()
    book = desk.marked()
    assert book.sheetnames.count(desk.project.form.todo_sheet) == 1
    assert tinted(book) == {(FIGURES, "D7")}
    assert book[FIGURES]["A7"].fill.fgColor.rgb == grey
    assert noted(book)[FIGURES, "D6"] == "Số này lấy từ sổ"
    assert noted(book)[FIGURES, "D7"].count("đề nghị xem lại ô này") == 1


def test_text_stays_text_and_formulas_keep_their_results(desk: Desk) -> None:
    desk.send(figures={"CT02": "=1+1 tin"})

    def write_formulas(parts: dict[str, bytes]) -> None:
        part = parts["xl/worksheets/sheet4.xml"]
        part = re.sub(rb'<c r="D9" s="(\d+)" t="s"><v>\d+</v></c>', rb'<c r="D9" s="\1"><f>2+3</f><v>5</v></c>', part)
        parts["xl/worksheets/sheet4.xml"] = re.sub(
            rb'<c r="F9" s="(\d+)"/>', rb'<c r="F9" s="\1" t="str"><f>"a"&amp;"&lt;b"</f><v>a&lt;b</v></c>', part
        )

    desk.repack(write_formulas)
    desk.mark()
    formulas, values = desk.marked()[FIGURES], openpyxl.load_workbook(desk.copy, data_only=True)[FIGURES]
    assert (formulas["D9"].value, values["D9"].value, formulas["F9"].value, values["F9"].value) == (
        "=2+3",
        5,
        '="a"&"<b"',
        "a<b",
    )
    assert (formulas["D7"].value, formulas["D7"].data_type) == ("=1+1 tin", "s")
    assert desk.marked()[TASKS]["J10"].data_type == "s"
    listed = desk.marked()[desk.project.form.todo_sheet]
    assert {cell.data_type for row in listed.iter_rows() for cell in row if cell.value is not None} == {"s"}
    desk.copy.replace(desk.path)
    assert "formula-without-value" not in {problem.code for problem in desk.problems()}


def test_drop_downs_that_excel_saved_as_an_extension_are_kept(desk: Desk) -> None:
    desk.send(**SPOILED)
    desk.repack(as_excel_saves_drop_downs)
    assert desk.mark() == ""
    blocks = [
        etree.fromstring(parts_of(path)["xl/worksheets/sheet5.xml"]).find(".//{*}extLst")
        for path in (desk.path, desk.copy)
    ]
    assert len(list(blocks[0].iter("{*}dataValidation"))) == 3
    assert etree.tostring(blocks[0], method="c14n") == etree.tostring(blocks[1], method="c14n")


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def as_excel_saves_drop_downs(parts: dict[str, bytes]) -> None:
    """Move the drop-downs of Biểu 3 whose list stands on another sheet into the extension, as Excel does on saving."""
    name = "xl/worksheets/sheet5.xml"
    part, moved = parts[name].decode(), ""
    for whole, looks, cells, source in re.findall(
        r'(<dataValidation( type="list"[^>]*?) sqref="([^"]*)"><formula1>(.*?)</formula1></dataValidation>)', part
    ):
        part = part.replace(whole, "")
        identity = ' xr:uid="{00000000-0002-0000-0400-000002000000}"'
        formula = f"<x14:formula1><xm:f>{source}</xm:f></x14:formula1><xm:sqref>{cells}</xm:sqref>"
        moved += f"<x14:dataValidation{looks}{identity}>{formula}</x14:dataValidation>"
    extension = (
        '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
        ' uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}">'
        '<x14:dataValidations count="3" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        f"{moved}</x14:dataValidations></ext></extLst>"
    )
    part = part.replace("</worksheet>", extension + "</worksheet>")
    parts[name] = part.replace(
        "<worksheet ", '<worksheet xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" ', 1
    ).encode()


REFUSED = {
    "macro": {"xl/vbaProject.bin": b"x"},
    "chữ ký số": {"_xmlsignatures/sig1.xml": b"<x/>"},
    "nhiều người cùng sửa": {"xl/revisions/revisionHeaders.xml": b"<x/>"},
    "quá nhiều dòng": {"xl/worksheets/sheet99.xml": b"<row/>" * 1_500_000},
    "Strict": {
        "xl/workbook.xml": b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheets/></workbook>'
    },
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_would_break_gets_a_plain_list_that_says_so(desk: Desk, words: str) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    desk.repack(lambda parts: parts.update(REFUSED[words]))
    reason = desk.mark(problems)
    assert words in reason
    sheet = desk.marked()[desk.project.form.todo_sheet]
    assert desk.marked().sheetnames == [sheet.title]
    assert any(reason in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert [(line["sheet"].value, line["cell"].value, line["cell"].hyperlink) for line in desk.lines()] == [
        (FIGURES, "D7", None)
    ]


def test_all_parts_that_are_not_marked_keep_their_bytes(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    assert desk.mark(problems, next_revision=0) == ""
    before, after = parts_of(desk.path), parts_of(desk.copy)
    changed = {name for name, part in before.items() if after.get(name) != part}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet4.xml",
    }
    assert set(after) - set(before) == {
        "xl/worksheets/sheet9.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/worksheets/_rels/sheet4.xml.rels",
    }


def test_values_under_merged_cells_are_kept_and_the_mark_is_on_the_cell_that_is_seen(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    merge = b'<mergeCells count="1"><mergeCell ref="D6:D8"/></mergeCells><dataValidations'
    desk.repack(
        lambda parts: parts.update(
            {"xl/worksheets/sheet4.xml": parts["xl/worksheets/sheet4.xml"].replace(b"<dataValidations", merge)}
        )
    )
    assert desk.mark(problems) == ""
    assert tinted(desk.marked()) == {(FIGURES, "D6")}
    assert re.search(rb'<c r="D7" s="\d+"><v>-3</v></c>', parts_of(desk.copy)["xl/worksheets/sheet4.xml"])


BUTTON = (
    '<v:shape id="_x0000_s1025" type="#_x0000_t201">'
    '<x:ClientData ObjectType="Button"><x:Row>6</x:Row><x:Column>3</x:Column></x:ClientData></v:shape>'
)
DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">{}</xml>'
)


def with_drawing(parts: dict[str, bytes], drawing: str) -> None:
    """An old-style drawing on Biểu 2, as Excel keeps buttons and the boxes of notes."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<legacyDrawing xmlns:r="{office}" r:id="rId1"/><extLst/></worksheet>'
    relations = f'<Relationship Id="rId1" Type="{office}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
    parts["xl/worksheets/sheet4.xml"] = parts["xl/worksheets/sheet4.xml"].replace(b"</worksheet>", link.encode())
    parts["xl/drawings/vmlDrawing1.vml"] = drawing.encode()
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    related = f'<Relationships xmlns="{namespace}">{relations}</Relationships>'
    parts["xl/worksheets/_rels/sheet4.xml.rels"] = related.encode()


def test_a_button_stays_beside_the_box_of_our_note(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    desk.repack(lambda parts: with_drawing(parts, DRAWING.format(BUTTON)))
    assert desk.mark(problems) == ""
    drawing = parts_of(desk.copy)["xl/drawings/vmlDrawing1.vml"].decode()
    assert BUTTON in drawing
    assert re.findall(r'<v:shape [^>]*id="(_x0000_s\d+)"', drawing) == ["_x0000_s1025", "_x0000_s1026"]
    assert parts_of(desk.copy)["xl/worksheets/sheet4.xml"].count(b"<legacyDrawing") == 1


def test_a_drawing_that_is_no_xml_gets_a_plain_list(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    desk.repack(lambda parts: with_drawing(parts, "<xml><br></xml>"))
    assert "nút bấm" in desk.mark(problems)


def test_a_sheet_that_turns_out_to_be_broken_gets_a_plain_list(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    desk.repack(lambda parts: parts.update({"xl/worksheets/sheet4.xml": b"<worksheet><sheetData>"}))
    assert desk.mark(problems) != ""
    assert len(desk.lines()) == 1


def test_names_that_belong_to_a_sheet_still_belong_to_it(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    for _ in range(2):  # the second time the earlier list is taken out first
        desk.mark()
        book = desk.marked()
        assert {sheet.title: sheet.print_title_rows for sheet in book.worksheets if sheet.print_title_rows} == {
            desk.project.form.todo_sheet: book[desk.project.form.todo_sheet].print_title_rows,
            **{item.name: "$5:$5" for item in desk.project.form.tables.values()},
        }
        assert (
            desk.copy.read_bytes().count(b"xl/worksheets/sheet9.xml") == 2
        )  # in the list of the zip and before the part
        desk.copy.replace(desk.path)


def test_the_order_of_calculation_goes_since_a_formula_may_have(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def add_chain(parts: dict[str, bytes]) -> None:
        relation = b'<Relationship Id="rId99" Type="' + office + b'/calcChain" Target="calcChain.xml"/></Relationships>'
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", relation)
        parts["xl/calcChain.xml"] = b"<calcChain/>"

    desk.repack(add_chain)
    assert desk.mark(problems) == ""
    assert "xl/calcChain.xml" not in parts_of(desk.copy)
    assert b"calcChain" not in parts_of(desk.copy)["xl/_rels/workbook.xml.rels"]


def test_a_cell_that_is_not_there_gets_the_look_of_its_row_or_column(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    (bad,) = desk.problems()
    own = re.search(rb'<c r="D7" s="(\d+)"', parts_of(desk.path)["xl/worksheets/sheet4.xml"])
    assert own
    columns = b'<cols><col min="40" max="40" width="9" style="' + own[1] + b'"/>'
    desk.repack(
        lambda parts: parts.update(
            {"xl/worksheets/sheet4.xml": parts["xl/worksheets/sheet4.xml"].replace(b"<cols>", columns)}
        )
    )
    desk.mark([replace(bad, cell="AN7"), replace(bad, cell="AN900"), replace(bad, cell="AO7")])
    sheet = desk.marked()[FIGURES]
    assert tinted(desk.marked()) == {(FIGURES, "AN7"), (FIGURES, "AN900"), (FIGURES, "AO7")}
    assert [sheet[name].protection.locked for name in ("AN7", "AN900", "AO7")] == [False, False, True]
    rows = re.findall(rb'<row r="(\d+)"', parts_of(desk.copy)["xl/worksheets/sheet4.xml"])
    assert [int(row) for row in rows] == sorted(int(row) for row in rows)


@pytest.mark.parametrize(
    "way",
    [inline, without_dimension, with_wrong_dimension, prefixed, pretty_printed, streamed],
    ids=lambda way: way.__name__,
)
def test_forms_in_the_words_of_other_programs_are_marked_alike(desk: Desk, way: Callable[[bytes], bytes]) -> None:
    desk.send(**SPOILED)
    problems = desk.problems()
    desk.mark(problems)
    plain = desk.marked()
    desk.path.write_bytes(way(desk.path.read_bytes()))
    assert desk.mark(problems) == ""
    other = desk.marked()
    assert (tinted(other), noted(other)) == (tinted(plain), noted(plain))
    for old, new in zip(plain.worksheets, other.worksheets, strict=True):
        assert shape(new) == shape(old)
        assert [[cell.value for cell in row] for row in new.iter_rows()] == [
            [cell.value for cell in row] for row in old.iter_rows()
        ]


@pytest.mark.parametrize("damage", [flipped, shuffled_parts])
def test_a_damaged_file_never_ends_the_run(desk: Desk, damage: Callable[[bytes, int, int], Iterator[bytes]]) -> None:
    desk.send(**SPOILED)
    problems = desk.problems()
    for data in damage(desk.path.read_bytes(), 25, 3):
        write_marked_copy(desk.copy, desk.returned(NAME, "xlsx", data, problems))
        assert zipfile.is_zipfile(desk.copy)


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsb", "pdf"])
def test_other_kinds_of_file_get_a_plain_list(desk: Desk, kind: str) -> None:
    desk.send(figures={"CT02": -3})
    assert ".xlsx" in desk.mark(kind=kind)


def test_what_intake_refused_is_never_opened(desk: Desk) -> None:
    desk.path.write_bytes(b"PK\x03\x04 broken")
    assert desk.mark() != ""
    assert [line["sheet"].value for line in desk.lines()] == ["Cả tệp"]
    desk.send()
    assert (
        desk.mark([Problem("file-too-large", NAME, desk.unit.unit_id, facts={"detail": "giải nén ra quá lớn"})]) != ""
    )


def test_bytes_that_cannot_be_opened_get_a_plain_list(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    problems = desk.problems()
    desk.repack(lambda parts: parts.update({"xl/styles.xml": b"<styleSheet><broken"}))
    assert desk.mark(problems) != ""
    assert len(desk.lines()) == 1


def test_a_row_without_a_cell_is_linked_and_a_problem_of_another_file_is_only_listed(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    (bad,) = desk.problems()
    desk.mark([replace(bad, cell="dòng 7"), replace(bad, file="ban cu.xlsx")])
    mine, other = desk.lines()
    assert mine["cell"].hyperlink.location == f"'{FIGURES}'!A7"
    assert other["cell"].hyperlink is None
    assert "ban cu.xlsx" in other["found"].value
    assert tinted(desk.marked()) == set()


def test_two_problems_of_one_cell_share_its_note(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    (bad,) = desk.problems()
    desk.mark([bad, replace(bad, code="vague-number", value="khoảng 3", facts={})])
    assert len(desk.lines()) == 2
    (text,) = noted(desk.marked()).values()
    assert "không được nhỏ hơn 0" in text
    assert "khoảng 3" in text


def test_what_is_only_told_is_listed_last_and_not_marked(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    (bad,) = desk.problems()
    desk.mark([replace(bad, code="name-differs", cell="D8", facts={"official": "x"}), bad])
    assert [line["cell"].value for line in desk.lines()] == ["D7", "D8"]
    assert tinted(desk.marked()) == {(FIGURES, "D7")}


def test_where_a_wrong_cell_is_locked_the_sheet_says_how_to_unlock_it(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    (bad,) = desk.problems()
    for cell, is_said in (("D7", False), ("A7", True)):
        desk.mark([replace(bad, cell=cell)])
        assert (
            "Unprotect" in str([line.value for line in desk.marked()[desk.project.form.todo_sheet]["A"]])
        ) is is_said


def test_odd_sheet_names_and_hostile_texts_do_no_harm(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    (bad,) = desk.problems()
    desk.edit(lambda book: setattr(book[FIGURES], "title", "Số 'mới'"))
    values = ["=cmd|' /C calc'!A0", "+1", "@x", "#N/A", "a\x00b\x0b\ud800", "x" * 40_000]
    assert desk.mark([replace(bad, sheet="Số 'mới'", code="not-a-number", value=value) for value in values]) == ""
    lines = desk.lines()
    assert lines[0]["cell"].hyperlink.location == "'Số ''mới'''!D7"
    assert {line[key].data_type for line in lines for key in ("found", "expected", "example")} == {"s"}


def test_sample_data_is_named_on_the_to_do_sheet(desk: Desk) -> None:
    desk.send(figures={"CT02": -3}, sample=True)
    mark = desk.project.form.sample_mark
    for is_sample in (True, False):
        desk.mark(is_sample=is_sample)
        texts = {cell.value for row in desk.marked()[desk.project.form.todo_sheet].iter_rows() for cell in row}
        assert (mark in texts) is is_sample


def test_replies_are_read_and_shown_again(desk: Desk) -> None:
    desk.send(figures={"CT02": -3, "CT03": None})
    problems = desk.problems()
    desk.mark()
    book = desk.marked()
    todo = book[desk.project.form.todo_sheet]
    line = next(row for row in todo.iter_rows() if row[VISIBLE.index("cell")].value == "D8")
    line[VISIBLE.index("reply")].value = "Chưa có số liệu của thôn"
    rows = [[cell.value for cell in row] for row in todo.iter_rows()]
    asked = next(problem for problem in problems if problem.cell == "D8")
    replies = read_replies(rows)
    assert replies == {problem_key(asked): "Chưa có số liệu của thôn"}
    desk.mark(replies=replies)
    assert [line["reply"].value for line in desk.lines()] == [None, "Chưa có số liệu của thôn"]


def test_mended_by_hand_in_libreoffice_it_comes_back_clean_with_its_replies(desk: Desk) -> None:
    need_office()
    desk.send(figures={"CT02": "-3", "CT03": None}, activity={"quantity": "hai", "date": date(2025, 5, 9)})
    problems = desk.problems()
    assert {problem.cell for problem in problems} >= {"D7", "D8", "B6", "H6"}
    desk.mark()
    todo = desk.project.form.todo_sheet
    reply = next(line for line in desk.lines() if line["cell"].value == "D8")["reply"].coordinate
    typed = [
        [FIGURES, "D7", "3"],
        [FIGURES, "D8", "-"],
        [ACTIVITIES, "B6", "5/9/2025"],
        [ACTIVITIES, "H6", "2"],
        [todo, reply, "Thôn không có số liệu"],
    ]
    back = desk.folder / "sua lai.xlsx"
    at_the_keyboard([{"open": str(desk.copy), "save": str(back), "filter": XLSX, "type": typed}])
    assert desk.problems() == []
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(back)[todo].iter_rows()]
    assert list(read_replies(rows).values()) == ["Thôn không có số liệu"]

    desk.path.unlink()
    again = write_marked_copy(desk.copy, desk.returned(back.name, "xlsx", back.read_bytes(), []))
    assert again == ""
    assert tinted(desk.marked()) == set()
    assert noted(desk.marked()) == {}


def test_periods_are_not_named_twice(desk: Desk, project: Project) -> None:
    year: Period = project.plan.period("nam")
    write_marked_copy(desk.copy, replace(desk.returned("x", "", None, []), period=year))
    assert "Năm 2025 năm 2025" not in str(
        [[cell.value for cell in row] for row in desk.marked()[project.form.todo_sheet].iter_rows()]
    )


def test_of_very_many_points_the_first_are_listed_and_marked_and_the_others_counted(desk: Desk) -> None:
    desk.send(figures={"CT02": -3})
    (bad,) = desk.problems()
    assert desk.mark([replace(bad, cell=f"D{row}", row=row) for row in range(7, 707)]) == ""
    assert [line["cell"].value for line in desk.lines()] == [f"D{row}" for row in range(7, 507)]
    assert len(tinted(desk.marked())) == len(noted(desk.marked())) == 500
    texts = [str(row[0].value) for row in desk.marked()[desk.project.form.todo_sheet].iter_rows()]
    assert [re.findall(r"\d+", text) for text in texts if "chưa nêu" in text] == [["500", "200"]]
    assert any(text.startswith("Có 700 nội dung") for text in texts)


def test_cells_that_are_made_stand_in_order_and_thousands_take_no_longer_each() -> None:
    def dressed(rows: int) -> SheetPart:
        """Of twice as many rows every other one stands there; in the first half two cells are made, in no order."""
        there = "".join(f'<row r="{row}"><c r="D{row}"/></row>' for row in range(2, 2 * rows, 2))
        xml = f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData>{there}</sheetData></worksheet>'
        sheet = SheetPart(etree.fromstring(xml), str, lambda: None)
        places = [(row, column) for row in range(1, rows) for column in (1, 6)]
        for place in random.Random(2).sample(places, len(places)):
            sheet.dress(place, 1)
        return sheet

    rows = list(dressed(4_000).root.iter(f"{MAIN}row"))
    made = {(row, column) for row in range(1, 4_000) for column in (1, 6)}
    there = {(row, 4) for row in range(2, 8_000, 2)}
    assert [cell.get("r") for row in rows for cell in row] == [name_of(place) for place in sorted(made | there)]
    assert [int(row.get("r")) for row in rows] == sorted({row for row, _ in made | there})
    assert growth(dressed, 1_000, 4_000) < 10


def test_a_cell_of_a_merged_area_is_that_which_holds_its_value() -> None:
    areas = "".join(f'<mergeCell ref="B{row}:D{row + 1}"/>' for row in range(2, 40_000, 3))
    xml = f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData/><mergeCells>{areas}</mergeCells></worksheet>'
    sheet = SheetPart(etree.fromstring(xml), str, lambda: None)
    found = [sheet.unmerged((row, column)) for row in (5, 6, 7, 39_998) for column in (1, 2, 4, 5)]
    assert found == [
        *[(5, 1), (5, 2), (5, 2), (5, 5)],
        *[(6, 1), (5, 2), (5, 2), (6, 5)],
        *[(7, 1), (7, 2), (7, 4), (7, 5)],
        *[(39_998, 1), (39_998, 2), (39_998, 2), (39_998, 5)],
    ]
    assert all(type(number) is int for place in found for number in place)


def test_of_two_rows_with_one_number_both_are_read_and_the_last_is_written_in() -> None:
    rows = '<row r="3"><c r="A3" s="4"/></row><row r="5"/><row r="3"><c r="C3" s="6"/></row>'
    xml = f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData>{rows}</sheetData></worksheet>'
    sheet = SheetPart(etree.fromstring(xml), str, lambda: None)
    assert sorted(sheet) == [(3, 1), (3, 3)]
    assert [sheet.style((3, column)) for column in (1, 2, 3)] == [4, 0, 6]
    sheet.dress((3, 4), 9)
    assert [cell.get("r") for cell in list(sheet.root[0])[2]] == ["C3", "D3"]
