"""Read the cells of a workbook with python-calamine; the only module that knows the reader."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pipeline.files.findings import Box, Look, Place, RefusedError, SheetFacts
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.machine import is_of_machine
from pipeline.files.places import check_far
from pipeline.values.cells import LegacyText, RawSheet

_NOTHING = SheetFacts()


def _sheets(book: CalamineWorkbook, seen: Look, limits: Limits, unread: Collection[str]) -> tuple[RawSheet, ...]:
    if not book.sheet_names:
        raise RefusedError("file-corrupt", "tệp không còn sheet nào")
    metas = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    _check_names(meta.name for meta in metas)
    return tuple([_read(book, meta, seen, limits, unread) for meta in metas])


def read_workbook(
    data: bytes, seen: Look, limits: Limits = STANDARD, unread: Collection[str] = ()
) -> tuple[RawSheet, ...]:
    """All sheets with every cell at its own address; what the look found is put where the reader shows something else.

    Those named in `unread` come without cells.
    """
    try:
        return _sheets(CalamineWorkbook.from_filelike(BytesIO(seen.package or data)), seen, limits, unread)
    except (KeyboardInterrupt, SystemExit, MemoryError, RefusedError):
        raise
    except PasswordError:
        raise RefusedError("file-encrypted") from None
    except BaseException as error:  # the reader's panics do not derive from Exception
        if isinstance(error, OSError) and is_of_machine(error):
            raise
        raise RefusedError("file-corrupt") from None


def _read(book: Any, meta: Any, seen: Look, limits: Limits, unread: Collection[str]) -> RawSheet:
    if meta.name in unread:
        return RawSheet(meta.name, [], comments=seen.sheets.get(meta.name, _NOTHING).comments)
    rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
    if seen.kind.endswith("xls"):
        _check_letters(rows)
    facts = _facts(meta.name, rows, seen)
    return _sheet(meta.name, rows, meta.visible == SheetVisibleEnum.Visible, facts, limits)


def _facts(name: str, rows: Iterable[list[Any]], seen: Look) -> SheetFacts:
    """What was found in the raw sheet.

    Where the reader gives back another number of values than it has, cell by cell.
    """
    facts = seen.sheets.get(name, _NOTHING)
    if facts.values is None or not seen.scan or facts.values == sum([len(row) - row.count("") for row in rows]):
        return facts
    scanned = seen.scan(name)
    return replace(facts, marks=scanned.marks, held=scanned.held)


def _check_names(names: Iterable[str]) -> None:
    """Of two sheets with one name, the reader gives the first one twice."""
    listed = [name.casefold() for name in names]
    if len(set(listed)) != len(listed):
        raise RefusedError("file-corrupt", "tệp có hai sheet trùng tên")


def _check_letters(rows: Iterable[Iterable[Any]]) -> None:
    """Some old workbooks come back with the halves of their letters as letters."""
    if any(isinstance(value, str) and "\x00" in value for row in rows for value in row):
        raise RefusedError("file-corrupt", "chữ trong tệp kiểu cũ không đọc đúng được")


def _sheet(name: str, rows: list[list[Any]], is_visible: bool, facts: SheetFacts, limits: Limits) -> RawSheet:
    _put_back(rows, facts, limits)
    covered = _uncover(rows, facts.merges)
    while rows and rows[-1].count("") == len(rows[-1]):
        rows.pop()
    return RawSheet(
        name,
        rows,
        is_visible,
        facts.hidden_rows.intersection(range(len(rows))),
        facts.hidden_columns.intersection(range(len(rows[0]) if rows else 0)),
        facts.merges,
        covered,
        facts.linked,
        facts.comments,
        facts.drawn,
        facts.links,
        facts.strays,
        facts.looks,
    )


def _put_back(rows: list[list[Any]], facts: SheetFacts, limits: Limits) -> None:
    """Put into the rows what the reader shows otherwise, or not at all; no farther away than content may stand."""
    far = [0, 0]
    for place, mark in facts.marks.items():
        check_far(far, place, limits)
        _set(rows, place, mark)
    for place, value in facts.held.items():
        if not _is_filled(rows, place):
            check_far(far, place, limits)
            _set(rows, place, value)
    for (row, column), font in facts.fonts.items():
        if _is_filled(rows, (row, column)) and _may_be_legacy(rows[row][column]):
            rows[row][column] = LegacyText(rows[row][column], font)


def _is_filled(rows: list[list[Any]], place: Place) -> bool:
    return place[0] < len(rows) and place[1] < len(rows[place[0]]) and rows[place[0]][place[1]] != ""


def _set(rows: list[list[Any]], place: Place, value: object) -> None:
    row, column = place
    width = max(column + 1, len(rows[0]) if rows else 0)
    while len(rows) <= row:
        rows.append([""] * width)
    if len(rows[0]) < width or len(rows[row]) < width:
        for line in rows:
            line.extend([""] * (width - len(line)))
    rows[row][column] = value


def _may_be_legacy(value: Any) -> bool:
    """Whether a legacy font may draw its letters over these signs, which then belong to one eight-bit code page.

    Text with other letters was typed in Unicode.
    """
    if not isinstance(value, str) or value.isascii():
        return False
    return any(_fits(value, encoding) for encoding in ("cp1252", "cp1258", "latin-1"))


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _uncover(rows: list[list[Any]], merges: Iterable[Box]) -> Mapping[Place, Any]:
    """Take out what lies unseen under merged cells, and give it back by place."""
    covered: dict[Place, Any] = {}
    for top, left, bottom, right in merges:
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                if (row, column) != (top, left) and rows[row][column] != "":
                    covered[row, column] = rows[row][column]
                    rows[row][column] = ""
    return covered
