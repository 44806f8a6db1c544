"""A sheet that is searched gives what walking through it cell by cell gives, and most that people send are searched."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.files.findings import RefusedError
from pipeline.files.look import look
from pipeline.files.read import read_workbook
from pipeline.files.xlsx import workbook
from pipeline.files.xlsx.plain import plain_facts
from pipeline.values.cells import RawSheet
from tests import corpus

COLUMNS = '<cols><col width="9" max="3" hidden="{}" style="1" min="2"/></cols>'
ROW = '<row r="1"{}><c r="A1" t="n"><v>1</v></c><c r="B1" s="1" t="n"></c>{}</row>'
CELLS: Mapping[str, tuple[str, bool]] = {  # further cells of a row, and whether a sheet with them is searched
    "an own text": ('<c r="C1" t="inlineStr"><is><t>Xã &#7913;</t></is></c>', True),
    "a kept text": ('<c r="C1" s="2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>', True),
    "a text of blanks": ('<c r="C1" t="inlineStr"><is><t> </t></is></c>', False),
    "a text with looks": ('<c r="C1" t="inlineStr"><is><r><rPr><strike/></rPr><t>a</t></r></is></c>', False),
    "a formula": ('<c r="C1"><f>SUM(A1:B1)</f><v>1</v></c>', True),
    "a formula of LibreOffice": ('<c r="C1" s="3"><f aca="false">A1*2</f><v>2</v></c>', True),
    "a shared formula": ('<c r="C1"><f t="shared" ref="C1:C2" si="0">A1</f><v>1</v></c>', True),
    "a formula that is a text": ('<c r="C1" t="str"><f>IF(A1=1,"x","")</f><v>đã kê 12</v></c>', True),
    "a formula that is no text": ('<c r="C1" t="str"><f>IF(A1=1,"","x")</f><v></v></c>', True),
    "a formula over another file": ('<c r="C1"><f>[1]S!A1</f><v>1</v></c>', False),
    "a formula over another file of Google": ('<c r="C1"><f>ImportRange("u","A1")</f><v>1</v></c>', False),
    "a formula that was not computed": ('<c r="C1"><f>A1</f></c>', False),
    "a formula behind its value": ('<c r="C1"><v>1</v><f>A1</f></c>', False),
    "a formula that failed": ('<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', False),
}


def walked(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(workbook, "plain_facts", lambda _: None)
        return read(data)


def read(data: bytes) -> tuple[RawSheet, ...] | str:
    seen = look(data)
    try:
        return seen.code or read_workbook(data, seen)
    except RefusedError as error:
        return error.code


def is_searched(data: bytes, but_for: tuple[bytes, ...] = ()) -> bool:
    """Whether every sheet of a workbook is, without those that hold one of these."""
    sheets = [part for name, part in corpus.unpacked(data).items() if name.startswith("xl/worksheets/sheet")]
    kept = [part for part in sheets if not any(sign in part for sign in but_for)]
    return bool(kept) and all(plain_facts(part) is not None for part in kept)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_of_a_searched_sheet_is_what_it_is_to_who_walks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cells, searched = CELLS[name]
    data = corpus.book(ROW.format("", cells))
    assert read(data) == walked(data, monkeypatch)
    assert is_searched(data) == searched


@pytest.mark.parametrize("hidden", ["0", "1", "true", "false"])
def test_what_is_hidden_is_found_in_any_order_of_attributes(hidden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ROW.format(f' ht="12" hidden="{hidden}" customHeight="1"', '<c r="C1"><v>3</v></c>')
    data = corpus.book(
        "", sheet=f'<worksheet xmlns="{corpus.MAIN}">{COLUMNS.format(hidden)}<sheetData>{rows}</sheetData></worksheet>'
    )
    [sheet] = read(data)
    is_hidden = hidden in ("1", "true")
    assert (sheet.hidden_rows, sheet.hidden_columns) == (({0}, {1, 2}) if is_hidden else (set(), set()))
    assert (sheet,) == walked(data, monkeypatch)
    assert is_searched(data)


@pytest.mark.parametrize("odd", ["yes", "", "2"])
def test_a_sheet_with_an_unknown_way_to_hide_is_walked(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = corpus.book(ROW.format(f' hidden="{odd}"', ""))
    assert read(data) == walked(data, monkeypatch)
    assert not is_searched(data)


def test_a_form_saved_by_openpyxl_is_searched(form: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = BytesIO()
    load_workbook(BytesIO(form)).save(saved)
    assert is_searched(form)
    assert is_searched(saved.getvalue(), but_for=(b"<f>", b"<f "))  # whose results it does not write
    assert read(saved.getvalue()) == walked(saved.getvalue(), monkeypatch)


def test_a_damaged_form_is_read_alike(form: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for bad in corpus.shuffled_parts(form, 40, 19):
        told, known = walked(bad, monkeypatch), read(bad)
        assert known == told or isinstance(told, str)  # who searches does not mind what is broken where nobody reads
