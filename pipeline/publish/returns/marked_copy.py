"""The unit's own workbook as it goes back: wrong cells tinted and noted, in front a sheet that lists what to mend.

In: the bytes as received and the problems found in them. Out: an .xlsx, the same bytes for the same input; all that is not
marked stays as it was. Where a workbook cannot be marked, a plain one with the list goes instead and says why.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.declare.todo import CELL, EXAMPLE, EXPECTED, FOUND, REPLY, SEVERITY, SHEET, problem_key
from pipeline.publish.excel import Book
from pipeline.publish.returns.marks import Spot, mark, number_again, remove_marks, spot_at
from pipeline.publish.returns.opened_book import OpenedBook
from pipeline.publish.returns.package import UNREADABLE, Package, UnkeepableError
from pipeline.publish.returns.todo_sheet import Line, add_todo_sheet
from pipeline.publish.sentences.messages import SEVERITIES_TO_MEND, to_mend
from pipeline.values.problems import Problem

_ROW = re.compile(r"dòng (\d+)")
_LONGEST = 1_000
_MOST = 500  # points that one copy lists and marks; more come from a column filled down or a form made to do harm


@dataclass(frozen=True, slots=True)
class _Return:
    """What goes back with one file of a unit."""

    file: str
    problems: Sequence[Problem]
    project: Project
    period: Period
    unit: Unit
    is_sample: bool
    next_revision: int
    others_in_force: Sequence[str]
    is_supplement: bool
    replies: Mapping[str, str]

    @property
    def is_wrong_form(self) -> bool:
        return self.project.catalogue.asks_for_another_form(
            problem for problem in self.problems if problem.file == self.file
        )


@dataclass(frozen=True, slots=True)
class _Finding:
    """One problem with its sentence, and its cell in the opened workbook if there is one."""

    problem: Problem
    severity: str
    parts: tuple[str, str, str]
    spot: Spot | None


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
    next_revision: int = 1,
    others_in_force: Sequence[str] = (),
    is_supplement: bool = False,
    replies: Mapping[str, str] | None = None,
) -> str:
    """Write the marked copy of `file` to `path`; returns why a plain list went instead, or "".

    `problems` of other files are listed, not marked. The card gets a later revision number, `next_revision` or more, so that
    the corrected copy replaces what was sent (0: the card is left alone); `others_in_force` are the unit's files that count
    together with this one, which may itself be a supplement. `replies` given earlier are shown again.
    """
    told = _Return(
        file, problems, project, period, unit, is_sample, next_revision, others_in_force, is_supplement, replies or {}
    )
    try:
        book, reason = _tell(_opened(original, kind, told), told, ""), ""
    except UnkeepableError as error:
        reason = str(error)
    except Exception:  # whatever an odd file leads to; the unit gets the plain list instead
        reason = UNREADABLE
    if reason:
        book = _tell(_empty_book(path, unit.name, project), told, reason)
    book.save(path)
    return reason


def _tell(book: OpenedBook, told: _Return, reason: str) -> OpenedBook:
    """Mark the workbook and put the list in front; `reason` says why it is only a list."""
    project, file = told.project, told.file
    remove_marks(book, project)
    asked_about = {problem.field for problem in told.problems if problem.file == file and problem.table == "card"}
    revision = number_again(book, project, asked_about, told.next_revision)
    findings = _findings(book, told)
    lines = [_line(finding, book, told) for finding in findings]
    asked = [finding for finding in findings if finding.severity in SEVERITIES_TO_MEND]
    marked = [(finding.spot, " ".join(finding.parts)) for finding in asked if finding.spot]
    mark(book, marked, project)
    add_todo_sheet(
        book,
        project.form,
        f"NHỮNG ĐIỂM CẦN SỬA, CẦN TRẢ LỜI – {told.unit.name}",
        f"Biểu {project.plan.full_name(told.period)}, số liệu {told.period.window} – tệp đã gửi: {file}",
        project.form.sample_mark if told.is_sample else "",
        _advice(told, len(findings), reason, book, [spot for spot, _ in marked], revision),
        lines,
    )
    return book


def _opened(original: bytes | None, kind: str, told: _Return) -> OpenedBook:
    """Their workbook. What intake refused to open is not opened here either."""
    if original is None or any(
        problem.code.startswith("file-") for problem in told.problems if problem.file == told.file
    ):
        raise UnkeepableError("phần mềm không mở được tệp đã gửi")
    if told.is_wrong_form:
        raise UnkeepableError("tệp đã gửi không dùng được cho kỳ này")
    if kind != "xlsx":
        raise UnkeepableError("tệp không phải dạng Excel .xlsx")
    return OpenedBook(Package.opened(original))


def _empty_book(path: Path, title: str, project: Project) -> OpenedBook:
    """A workbook of ours without a sheet, made at the place of the copy."""
    with Book(path, title, project.form.creator, is_small=True) as fresh:
        fresh.add(project.form.todo_sheet)
    book = OpenedBook(Package.opened(path.read_bytes()))
    book.remove(project.form.todo_sheet)
    return book


def _findings(book: OpenedBook, told: _Return) -> list[_Finding]:
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


def _line(finding: _Finding, book: OpenedBook, told: _Return) -> Line:
    problem, project = finding.problem, told.project
    found, expected, example = (_shortened(part) for part in finding.parts)
    texts = {
        SEVERITY: project.catalogue.severities[finding.severity],
        SHEET: problem.sheet or "Cả tệp",
        CELL: problem.cell,
        FOUND: found if problem.file == told.file else f"Tệp “{problem.file}”: {found}",
        EXPECTED: expected,
        EXAMPLE: example,
        REPLY: told.replies.get(problem_key(problem), ""),
    }
    spot = finding.spot
    fill = book.styles.fill(book[spot.sheet].style(spot.place)) if spot else 0
    return Line(texts, finding.severity, problem_key(problem), _target(finding, book, told.file), fill)


def _target(finding: _Finding, book: OpenedBook, file: str) -> str:
    """Where the link leads: the cell, or the beginning of a row that is named without a cell."""
    problem = finding.problem
    row = _ROW.fullmatch(problem.cell)
    cell = problem.cell if finding.spot else f"A{row[1]}" if row else ""
    if not cell or problem.file != file or problem.sheet not in book.titles:
        return ""
    return "'{}'!{}".format(problem.sheet.replace("'", "''"), cell)


def _advice(
    told: _Return, listed: int, reason: str, book: OpenedBook, marked: Sequence[Spot], revision: int
) -> list[str]:
    """What to do with the copy, a sentence or two a line; `listed` is how many problems the sheet shows."""
    project, count = told.project, len(to_mend(told.problems, told.project))
    card, form, office = project.form.card.by_key, project.form, project.plan.office
    number, kind = card["revision"].label, card["revision_kind"].label
    replace = form.label("revision_kind", "replace")
    advice = [
        f"Có {count} điểm cần đơn vị sửa hoặc trả lời. Ô nào ghi đúng rồi thì giữ nguyên và nói rõ ở cột “{form.reply_label}”."
    ]
    if told.is_wrong_form:
        return [
            *advice,
            f"Tệp này chỉ là danh sách: {reason}. Xin điền vào biểu {told.period.name} mà {office} đã gửi cho đơn vị rồi gửi lại.",
        ]
    if count > listed:
        advice.append(
            f"Sheet này nêu {listed} điểm đầu, còn {count - listed} điểm nữa chưa nêu; xin rà cả biểu, chỗ nào sai tương tự thì sửa luôn một lượt."
        )
    if reason:
        advice.append(
            f"Tệp này chỉ là danh sách: {reason}. Xin mở tệp của đơn vị, sửa theo tên sheet và tên ô dưới đây."
        )
    elif marked:
        advice.append(
            "Ô cần xem lại được tô màu và có ghi chú ngay tại ô; bấm vào tên ô ở cột “Ô” để tới đúng chỗ, sửa thẳng vào ô đó."
        )
    if any(
        book[spot.sheet].is_protected and book.styles.is_locked(book[spot.sheet].style(spot.place)) for spot in marked
    ):
        advice.append(
            "Nếu ô bị khóa: mở thẻ Xem lại (Review), bấm Bỏ bảo vệ trang tính (Unprotect Sheet), không cần mật khẩu, rồi sửa."
        )
    names = ", ".join(f"“{name}”" for name in told.others_in_force)
    if names and told.is_supplement:
        advice.append(
            f"Tệp này bổ sung cho {names}. Dòng nào đã được nhận thì xóa khỏi tệp này, chỉ gửi lại những dòng đã sửa."
        )
    elif names:
        advice.append(
            f"Bản gửi lại thay tất cả những gì đơn vị đã gửi, kể cả {names}; xin chép nội dung của bản đó vào tệp này trước khi gửi."
        )
    if revision:
        advice.append(
            f"Sửa xong, lưu tệp (.xlsx) và gửi lại {office}. Ở “{form.card.name}” đã ghi sẵn “{number}” là {revision}; xin xem lại cho đúng."
        )
    else:
        advice.append(
            f"Khi gửi lại {office}, ở “{form.card.name}” xin ghi “{number}” lớn hơn bản trước và chọn “{kind}”: {replace}."
        )
    return advice


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
