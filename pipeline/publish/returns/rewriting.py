"""Open somebody's workbook with openpyxl and save it again so that what they see is all still there.

Kept beyond what openpyxl keeps by itself: drop-downs that Excel saved as an extension, the last results of formulas.
Whatever cannot be kept is an `UnkeepableError`. The same input gives the same bytes.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from pipeline.publish.archive import write_archive
from pipeline.publish.returns.losses import VALIDATIONS, is_heavy, losses

Results = Mapping[tuple[str, str], tuple[str, str]]

_CREATED = datetime(2025, 1, 1)
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_VALIDATION_BLOCK = re.compile(r"<x14:dataValidations\b.*?</x14:dataValidations>", re.DOTALL)
_FILLED_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*?(?<!/)>(?:(?!</c>|<c\b).)*?<(?:v|t|f)\b[^>]*?(?<!/)>[^<]', re.DOTALL)
_FORMULA_CELL = re.compile(r'(<c r="([A-Z]{1,3}\d{1,7})"[^>]*)>(<f\b(?:[^>]*/>|.*?</f>))<v\s*(?:/>|></v>)</c>', re.DOTALL)
_FORMULA = re.compile(rb"<f[ >/]")
_TOLERATED = ("Data Validation extension", "Unknown extension", "no default style")


class UnkeepableError(Exception):
    """The workbook cannot be opened, or would lose something; the message says what, as the end of a Vietnamese sentence."""


def open_workbook(data: bytes) -> tuple[Workbook, Results]:
    """The workbook, and the stored results of its formulas by sheet and cell."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _open(archive, data)
    except UnkeepableError:
        raise
    except Exception:  # openpyxl raises whatever the odd file leads it to; the unit gets the plain list instead
        raise UnkeepableError("phần mềm chưa mở được tệp này để đánh dấu") from None


def _open(archive: zipfile.ZipFile, data: bytes) -> tuple[Workbook, Results]:
    if is_heavy(archive):
        raise UnkeepableError("tệp có quá nhiều dòng, cột được định dạng")
    if lost := losses(archive):
        raise UnkeepableError(f"tệp có {', '.join(lost)}, ghi lại sẽ mất")
    book, paths = _read(data)
    parts = {title: archive.read(path) for title, path in paths.items()}
    for title, part in parts.items():
        _refuse_hidden_under_merges(book[title], part)
        if VALIDATIONS in part.upper():
            _carry_validations(book[title], part.decode("utf-8"))
    return book, _results(data) if any(_FORMULA.search(part) for part in parts.values()) else {}


def _read(data: bytes) -> tuple[Workbook, dict[str, str]]:
    """The workbook, and the part of each of its worksheets by title."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        reader = ExcelReader(io.BytesIO(data), rich_text=True)
        reader.read()
        links = {sheet.name: link.target for sheet, link in reader.parser.find_sheets()}
    if any(not any(words in str(warning.message) for words in _TOLERATED) for warning in heard):
        raise UnkeepableError("tệp có thành phần riêng, ghi lại sẽ mất")
    titles = [sheet.title for sheet in reader.wb.worksheets]
    if not titles:
        raise UnkeepableError("phần mềm chưa mở được tệp này để đánh dấu")
    return reader.wb, {title: links[title] for title in titles}


def _refuse_hidden_under_merges(sheet: Worksheet, part: bytes) -> None:
    """Other programs leave values under merged cells; openpyxl drops them."""
    if not sheet.merged_cells.ranges:
        return
    kept = {cell.coordinate for cell in sheet._cells.values() if cell.value is not None}
    if any(name.decode() not in kept for name in _FILLED_CELL.findall(part)):
        raise UnkeepableError("tệp có nội dung nằm dưới các ô gộp, ghi lại sẽ mất")


def _carry_validations(sheet: Worksheet, part: str) -> None:
    """Excel saves a drop-down that takes its list from another sheet as an extension; the plain kind says the same."""
    blocks = _VALIDATION_BLOCK.findall(part)
    if not blocks:
        raise UnkeepableError("tệp có danh sách xổ xuống, ghi lại sẽ mất")
    for block in blocks:
        root = ElementTree.fromstring(f'<r xmlns:x14="{_X14}" xmlns:xm="{_XM}" xmlns:xr="urn:any">{block}</r>')
        for item in root.iter(f"{{{_X14}}}dataValidation"):
            known = {key: value for key, value in item.attrib.items() if key in DataValidation.__attrs__}
            first, second = (item.findtext(f"{{{_X14}}}formula{number}/{{{_XM}}}f") for number in (1, 2))
            cells = item.findtext(f"{{{_XM}}}sqref") or ""
            sheet.add_data_validation(DataValidation(**{**known, "sqref": cells, "formula1": first, "formula2": second}))


def _results(data: bytes) -> Results:
    """The stored results, as the type letter and text of the cell's XML."""
    reader = ExcelReader(io.BytesIO(data), data_only=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader.read()
    return {(sheet.title, cell.coordinate): _stored(cell) for sheet in reader.wb.worksheets for cell in sheet._cells.values() if cell.value is not None}


def _stored(cell: Any) -> tuple[str, str]:
    if cell.data_type == "d":
        return "n", repr(to_excel(cell.value, cell.parent.parent.epoch))
    if cell.data_type == "b":
        return "b", str(int(cell.value))
    kind = {"n": "n", "e": "e"}.get(cell.data_type, "str")
    return kind, repr(cell.value) if kind == "n" else str(cell.value)


def save_workbook(book: Workbook, path: Path, results: Results) -> None:
    """Write the workbook to `path`, with the stored results of its formulas put back."""
    book.properties.created = book.properties.modified = _CREATED
    loose = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(loose, "w", zipfile.ZIP_STORED)).save()
    titles = {sheet.path.lstrip("/"): sheet.title for sheet in book.worksheets}
    with zipfile.ZipFile(loose) as source:
        parts = [(name, source.read(name)) for name in source.namelist()]
    write_archive(path, ((name, _finished(part, titles[name], results) if results and name in titles else part) for name, part in parts))


def _finished(part: bytes, title: str, results: Results) -> bytes:
    return _with_results(part.decode("utf-8"), title, results).encode("utf-8")


def _with_results(part: str, title: str, results: Results) -> str:
    return _FORMULA_CELL.sub(lambda match: _one_result(match, results.get((title, match[2]))), part)


def _one_result(match: re.Match[str], result: tuple[str, str] | None) -> str:
    if result is None:
        return match[0]
    kind, text = result
    return f'{match[1]} t="{kind}">{match[3]}<v>{escape(text)}</v></c>'


def cells_of(sheet: Worksheet) -> Iterator[Any]:
    """The cells that exist, in no particular order; never the whole grid of a sheet that reaches far."""
    return iter(list(sheet._cells.values()))
