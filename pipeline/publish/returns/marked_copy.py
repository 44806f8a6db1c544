"""The unit's own workbook as it goes back: wrong cells tinted and noted, in front a sheet that lists what to mend.

In: the bytes as received and the problems found in them. Out: an .xlsx, the same bytes for the same input; all that is
not marked stays as it was. Where a workbook cannot be marked, a plain one with the list goes instead and says why.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.declare.project import Project
from pipeline.declare.todo import CELL, EXAMPLE, EXPECTED, FOUND, REPLY, SEVERITY, SHEET, problem_key, todo_title
from pipeline.publish.excel import Book
from pipeline.publish.returns.advice import Made, advice
from pipeline.publish.returns.disarm import disarm
from pipeline.publish.returns.marks import Spot, mark, number_again, remove_marks, spot_at
from pipeline.publish.returns.opened_book import OpenedBook
from pipeline.publish.returns.package import UNREADABLE, Package, UnkeepableError
from pipeline.publish.returns.returned_file import ReturnedFile
from pipeline.publish.returns.todo_sheet import Line, TodoSheet, add_todo_sheet
from pipeline.publish.sentences.messages import SEVERITIES_TO_MEND, to_mend
from pipeline.publish.sentences.revised import Revision
from pipeline.values.problems import Problem

_ROW = re.compile(r"dòng (\d+)")
_LONGEST = 1_000
_MOST = 500  # points that one copy lists and marks; more come from a column filled down or a form made to do harm


@dataclass(frozen=True, slots=True)
class _Finding:
    """One problem with its sentence, and its cell in the opened workbook if there is one."""

    problem: Problem
    severity: str
    parts: tuple[str, str, str]
    spot: Spot | None


def write_marked_copy(path: Path, told: ReturnedFile) -> str:
    """Write the marked copy of a file to `path`; returns why a plain list went instead, or ""."""
    try:
        package = _opened(told)
        left_out = disarm(package)
        book, reason = _tell(OpenedBook(package), told, "", left_out), ""
    except UnkeepableError as error:
        reason = str(error)
    except Exception:  # whatever an odd file leads to; the unit gets the plain list instead
        reason = UNREADABLE
    if reason:
        book = _tell(_empty_book(path, told.unit.name, told.project), told, reason)
    book.save(path)
    return reason


def _tell(book: OpenedBook, told: ReturnedFile, reason: str, left_out: Sequence[str] = ()) -> OpenedBook:
    """Mark the workbook and put the list in front; `reason` says why it is only a list, `left_out` what it lacks."""
    project = told.project
    remove_marks(book, project)
    asked_about = {problem.field for problem in told.own_problems if problem.table == "card"}
    revision = number_again(book, project, asked_about, told.next_revision)
    findings = _findings(book, told)
    lines = [_line(finding, book, told) for finding in findings]
    lines += [_revised_line(item, book, told) for item in told.revised[: _MOST - len(findings)]]
    marked = _sentences_by_spot(findings)
    mark(book, marked, project)
    locked = _locked(book, list(marked))
    made = Made(
        len(findings),
        reason,
        bool(marked),
        bool(locked),
        revision,
        left_out,
        any(book[name].has_password for name in locked),
    )
    add_todo_sheet(book, project.form, _todo_sheet(told, advice(told, made), lines))
    return book


def _opened(told: ReturnedFile) -> Package:
    """Their workbook. What intake refused to open is not opened here either."""
    if any(problem.code.startswith("file-") for problem in told.own_problems):
        raise UnkeepableError("phần mềm không mở được tệp đã gửi")
    if told.original is None:
        raise UnkeepableError("tệp đã gửi bị thay hoặc không còn kể từ khi phần mềm kiểm tra")
    if told.is_wrong_form:
        raise UnkeepableError("tệp đã gửi không dùng được cho kỳ này")
    if told.kind != "xlsx":
        raise UnkeepableError("tệp không phải dạng Excel .xlsx")
    return Package.opened(told.original)


def _empty_book(path: Path, title: str, project: Project) -> OpenedBook:
    """A workbook of ours without a sheet, made at the place of the copy."""
    with Book(path, title, project.form.creator, is_small=True) as fresh:
        fresh.add(project.form.todo_sheet)
    book = OpenedBook(Package.opened(path.read_bytes()))
    book.remove(project.form.todo_sheet)
    return book


def _findings(book: OpenedBook, told: ReturnedFile) -> list[_Finding]:
    """Most serious first, what is only told last; of very many the first."""
    project = told.project
    severity = project.catalogue.severity
    only_told = [problem for problem in told.problems if severity(problem.code) not in SEVERITIES_TO_MEND]
    return [
        _Finding(
            problem,
            severity(problem.code),
            project.catalogue.parts(problem, project.field_of(problem), project.form, told.period),
            spot_at(book, problem.sheet, problem.cell) if problem.file == told.file else None,
        )
        for problem in (*to_mend(told.problems, project), *only_told)[:_MOST]
    ]


def _sentences_by_spot(findings: Sequence[_Finding]) -> dict[Spot, list[str]]:
    """What each marked cell is asked; what is only told marks none."""
    found: dict[Spot, list[str]] = {}
    for finding in findings:
        if finding.spot and finding.severity in SEVERITIES_TO_MEND:
            found.setdefault(finding.spot, []).append(" ".join(finding.parts))
    return found


def _locked(book: OpenedBook, spots: Sequence[Spot]) -> set[str]:
    """The sheets with a cell that cannot be written in before its sheet is unprotected."""
    sheets = ((spot.sheet, book[spot.sheet], spot.place) for spot in spots)
    return {name for name, sheet, place in sheets if sheet.is_protected and book.styles.is_locked(sheet.style(place))}


def _todo_sheet(told: ReturnedFile, above: Sequence[str], lines: Sequence[Line]) -> TodoSheet:
    form, period = told.project.plan.full_name(told.period), told.period
    return TodoSheet(
        title=todo_title(told.unit.name),
        subtitle=f"Biểu {form}, số liệu {period.window} – tệp đã gửi: {told.file}",
        sample_mark=told.project.form.sample_mark if told.is_sample else "",
        advice=above,
        lines=lines,
    )


def _line(finding: _Finding, book: OpenedBook, told: ReturnedFile) -> Line:
    problem, spot = finding.problem, finding.spot
    fill = book.styles.fill(book[spot.sheet].style(spot.place)) if spot else 0
    key, target = problem_key(problem), _target(finding, book, told.file)
    return Line(_texts(finding, told), finding.severity, key, target, fill)


def _texts(finding: _Finding, told: ReturnedFile) -> dict[str, str]:
    """What the line shows, by column."""
    problem = finding.problem
    found, expected, example = (_shortened(part) for part in finding.parts)
    return {
        SEVERITY: told.project.catalogue.severities[finding.severity],
        SHEET: problem.sheet or "Cả tệp",
        CELL: problem.cell,
        FOUND: found if problem.file == told.file else f"Tệp “{problem.file}”: {found}",
        EXPECTED: expected,
        EXAMPLE: example,
        REPLY: told.replies.get(problem_key(problem), ""),
    }


def _revised_line(item: Revision, book: OpenedBook, told: ReturnedFile) -> Line:
    """What the unit changed itself: told, so that it sees a slip; nothing is marked."""
    spot = spot_at(book, item.sheet, item.cell) if item.file == told.file and item.cell else None
    fill = book.styles.fill(book[spot.sheet].style(spot.place)) if spot else 0
    texts = {
        SEVERITY: told.project.catalogue.severities["note"],
        SHEET: item.sheet,
        CELL: item.cell,
        FOUND: _shortened(f"Đơn vị đã đổi so với bản gửi trước: {item.text}."),
        EXPECTED: f"Nếu đổi nhầm, đề nghị sửa lại hoặc báo {told.project.plan.office}.",
    }
    return Line(texts, "note", item.key, _link(item.sheet, item.cell) if spot else "", fill)


def _target(finding: _Finding, book: OpenedBook, file: str) -> str:
    """Where the link leads: the cell, or the beginning of a row that is named without a cell."""
    problem = finding.problem
    row = _ROW.fullmatch(problem.cell)
    cell = problem.cell if finding.spot else f"A{row[1]}" if row else ""
    if not cell or problem.file != file or problem.sheet not in book.titles:
        return ""
    return _link(problem.sheet, cell)


def _link(sheet: str, cell: str) -> str:
    return "'{}'!{}".format(sheet.replace("'", "''"), cell)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
