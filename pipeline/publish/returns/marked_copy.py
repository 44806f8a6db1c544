"""The unit's own workbook as it goes back: wrong cells tinted and noted, in front a sheet that lists what to mend.

In: the bytes as received and the problems found in them. Out: an .xlsx, the same bytes for the same input. Where a
rewritten workbook would lose something of theirs, a plain one with the list goes instead and says why.
"""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from pipeline.declare.plan import Period
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.declare.todo import CELL, EXAMPLE, EXPECTED, FOUND, REPLY, SEVERITY, SHEET, problem_key
from pipeline.publish.returns.marks import cell_at, mark, number_again, remove_marks
from pipeline.publish.returns.messages import SEVERITIES_TO_MEND, to_mend
from pipeline.publish.returns.rewriting import Results, UnkeepableError, open_workbook, save_workbook
from pipeline.publish.returns.todo_sheet import Line, add_todo_sheet

_ROW = re.compile(r"dòng (\d+)")
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class _Finding:
    """One problem with its sentence, and its cell in the opened workbook if there is one."""

    problem: Problem
    severity: str
    parts: tuple[str, str, str]
    cell: Any


def write_marked_copy(
    path: Path,
    original: bytes | None,
    file: str,
    kind: str,
    problems: Sequence[Problem],
    project: Project,
    period: Period,
    unit: Unit,
    is_sample: bool,
    next_revision: int | None = None,
    replies: Mapping[str, str] | None = None,
) -> str:
    """Write the marked copy of `file` to `path`; returns why a plain list went instead, or "".

    `problems` of other files are listed, not marked. `next_revision` is written into the card so that the corrected copy
    replaces what was sent (None: one more than it says; 0: the card is left alone). `replies` given earlier are shown again.
    """
    book, results, reason = _opened(original, file, kind, problems)
    remove_marks(book, project)
    revision = number_again(book, project, {problem.field for problem in problems if problem.file == file and problem.table == "card"}, next_revision)
    findings = _findings(book, file, problems, project, period)
    lines = [_line(finding, book, file, project, replies or {}) for finding in findings]
    asked = [finding for finding in findings if finding.severity in SEVERITIES_TO_MEND]
    marked = [(finding.cell, " ".join(finding.parts)) for finding in asked if finding.cell is not None]
    mark(marked, project)
    add_todo_sheet(
        book,
        project.form,
        f"NHỮNG ĐIỂM CẦN SỬA, CẦN TRẢ LỜI – {unit.name}",
        f"Biểu {project.plan.full_name(period)}, số liệu {period.window} – tệp đã gửi: {file}",
        project.form.sample_mark if is_sample else "",
        _advice(len(asked), reason, [cell for cell, _ in marked], revision, project),
        lines,
    )
    save_workbook(book, path, results)
    return reason


def _opened(original: bytes | None, file: str, kind: str, problems: Sequence[Problem]) -> tuple[Workbook, Results, str]:
    """Their workbook, or an empty one and the reason. What intake refused to open is not opened here either."""
    try:
        if original is None or any(problem.code.startswith("file-") for problem in problems if problem.file == file):
            raise UnkeepableError("phần mềm không mở được tệp đã gửi")
        if kind != "xlsx":
            raise UnkeepableError("tệp không phải dạng Excel .xlsx")
        return *open_workbook(original), ""
    except UnkeepableError as error:
        book = Workbook()
        book.remove(book.active)
        return book, {}, str(error)


def _findings(book: Workbook, file: str, problems: Sequence[Problem], project: Project, period: Period) -> list[_Finding]:
    """Most serious first; what is only told comes last."""
    severity = project.catalogue.severity
    only_told = [problem for problem in problems if severity(problem.code) not in SEVERITIES_TO_MEND]
    return [
        _Finding(
            problem,
            severity(problem.code),
            project.catalogue.parts(problem, project.field_of(problem), project.form, period),
            cell_at(book, problem.sheet, problem.cell) if problem.file == file else None,
        )
        for problem in (*to_mend(problems, project), *only_told)
    ]


def _line(finding: _Finding, book: Workbook, file: str, project: Project, replies: Mapping[str, str]) -> Line:
    problem = finding.problem
    found, expected, example = (_shortened(part) for part in finding.parts)
    texts = {
        SEVERITY: project.catalogue.severities[finding.severity],
        SHEET: problem.sheet or "Cả tệp",
        CELL: problem.cell,
        FOUND: found if problem.file == file else f"Tệp “{problem.file}”: {found}",
        EXPECTED: expected,
        EXAMPLE: example,
        REPLY: replies.get(problem_key(problem), ""),
    }
    fill = None if finding.cell is None else copy(finding.cell.fill)
    return Line(texts, finding.severity, problem_key(problem), _target(finding, book, file), fill)


def _target(finding: _Finding, book: Workbook, file: str) -> str:
    """Where the link leads: the cell, or the beginning of a row that is named without a cell."""
    problem = finding.problem
    row = _ROW.fullmatch(problem.cell)
    cell = problem.cell if finding.cell is not None else f"A{row[1]}" if row else ""
    if not cell or problem.file != file or problem.sheet not in book.sheetnames:
        return ""
    return "'{}'!{}".format(problem.sheet.replace("'", "''"), cell)


def _advice(count: int, reason: str, marked: Sequence[Any], revision: int, project: Project) -> list[str]:
    """What to do with the copy, a sentence or two a line."""
    card, form, office = project.form.card.by_key, project.form, project.plan.office
    number, kind = card["revision"].label, card["revision_kind"].label
    replace = form.label("revision_kind", "replace")
    advice = [f"Có {count} điểm cần đơn vị sửa hoặc trả lời. Ô nào ghi đúng rồi thì giữ nguyên và nói rõ ở cột “{form.reply_label}”."]
    if reason:
        advice.append(f"Tệp này chỉ là danh sách: {reason}. Xin mở tệp của đơn vị, sửa theo tên sheet và tên ô dưới đây.")
    elif marked:
        advice.append("Ô cần xem lại được tô màu và có ghi chú ngay tại ô; bấm vào tên ô ở cột “Ô” để tới đúng chỗ, sửa thẳng vào ô đó.")
    if any(cell.protection.locked and cell.parent.protection.sheet for cell in marked):
        advice.append("Nếu ô bị khóa: mở thẻ Xem lại (Review), bấm Bỏ bảo vệ trang tính (Unprotect Sheet), không cần mật khẩu, rồi sửa.")
    if revision:
        advice.append(f"Sửa xong, lưu tệp (.xlsx) và gửi lại {office}. Ở “{form.card.name}” đã ghi sẵn “{number}” là {revision}; xin xem lại cho đúng.")
    else:
        advice.append(f"Khi gửi lại {office}, ở “{form.card.name}” xin ghi “{number}” lớn hơn bản trước và chọn “{kind}”: {replace}.")
    return advice


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
