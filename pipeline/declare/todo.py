"""What the writer and the reader of a marked copy agree on.

The columns of its to-do sheet, the key of a reply, the frame of our notes.
"""

from pipeline.declare.project import Project
from pipeline.values.problems import Problem

NUMBER, SEVERITY, SHEET, CELL, FOUND, EXPECTED, EXAMPLE, REPLY = (
    "number",
    "severity",
    "sheet",
    "cell",
    "found",
    "expected",
    "example",
    "reply",
)
PROBLEM_KEY = "problem_key"
FILL_BEFORE = "fill_before"  # its cells wear the fill that the wrong cell had before it was tinted
VISIBLE = (NUMBER, SEVERITY, SHEET, CELL, FOUND, EXPECTED, EXAMPLE, REPLY)
HIDDEN = (PROBLEM_KEY, FILL_BEFORE)


def todo_title(unit_name: str) -> str:
    """The first line of the sheet, which says whose it is, also where a list goes back without the unit's form."""
    return f"CÁC NỘI DUNG CẦN CHỈNH SỬA, GIẢI TRÌNH – {unit_name}"


def todo_titles(unit_name: str) -> tuple[str, str]:
    """The same as it is, and as it was on lists that are out in the world."""
    return todo_title(unit_name), f"NHỮNG ĐIỂM CẦN SỬA, CẦN TRẢ LỜI – {unit_name}"


def problem_key(problem: Problem) -> str:
    """What stays the same when the same problem is found again in a corrected copy."""
    return "|".join((problem.code, problem.sheet, problem.cell, problem.field))


def parts_of_key(key: str) -> tuple[str, str, str, str]:
    """Code, sheet, cell and field of such a key; the name of a sheet may hold a bar itself."""
    code, _, place = key.partition("|")
    sheet, cell, field = ["", "", *place.rsplit("|", 2)][-3:]
    return code, sheet, cell, field


def note_head(project: Project) -> str:
    """The line with which our note in a marked cell begins."""
    return f"{project.plan.office} – đề nghị xem lại ô này:"


def note_tail(project: Project) -> str:
    """The line with which it ends; what stands below is the unit's own."""
    return f"(Trả lời tại sheet “{project.form.todo_sheet}”.)"


def is_our_note(text: str, project: Project) -> bool:
    """Whether a comment begins as our notes do, or did on copies that are out in the world."""
    return text.startswith((note_head(project), f"{project.plan.office} – xin xem lại ô này:"))


def below_our_note(text: str, project: Project) -> str:
    """What the unit wrote below our note in the same comment."""
    former = f"(Câu trả lời xin ghi ở sheet “{project.form.todo_sheet}”.)"
    tail = next((tail for tail in (note_tail(project), former) if tail in text), note_tail(project))
    return text.partition(tail)[2].strip()
