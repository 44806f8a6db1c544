"""What the light asks of the open tables: a row once begun is whole, of its kinds, and stands there once.

One formula for all rows of a table: it asks for the number of its own row, so that rows may be inserted and dragged.
"""

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name

from pipeline.declare.form import Field, Sheet
from pipeline.declare.plan import Period, Task
from pipeline.declare.project import Project
from pipeline.publish.forms.places import FIRST_ROW
from pipeline.publish.forms.ready.places import Desk, is_wrong, may_be_day, wants
from pipeline.publish.forms.ready.sheet import far
from pipeline.publish.forms.ready.terms import (
    Place,
    Term,
    Typed,
    all_of,
    any_of,
    cell,
    is_blank,
    is_filled,
    joined,
    listed,
    told,
)
from pipeline.publish.forms.ready.texts import spelled

OPEN = ("activities", "requests")


def row_told(sheet: Sheet, number: int, project: Project, period: Period) -> Term:
    """What is to be done in a row; the formula is the same for all rows."""
    own = [item for item in sheet.fields if item.own]
    faults = [_of_field(item, sheet, number, project, period) for item in own]
    fields = [_row_cell(sheet, number, item.key) for item in own]
    empty = f"{'+'.join(f'LEN({term.formula})' for term in fields)}=0"
    doubled = Term(_doubled(sheet, own), lambda typed: typed.stands_above(sheet, number))
    everything = joined([*faults, told((doubled, project.form.light["twice"]))])
    return Term(
        f'IF({empty},"",{everything.formula})',
        lambda typed: everything.value(typed) if any(typed.line(sheet, number)) else "",
    )


def rows_told(sheet: Sheet, project: Project, period: Period, typed: Typed) -> Mapping[int, str]:
    """What is to be done in each row that was begun: worked out once, and asked for beside it and in counts."""
    if sheet.id not in typed.told:
        found = {number: row_told(sheet, number, project, period).value(typed) for number in typed.begun(sheet)}
        typed.told[sheet.id] = found
    return typed.told[sheet.id]


def _doubled(sheet: Sheet, own: Sequence[Field]) -> str:
    """Whether a row above says the same: looked at only where another row bears the same words at all.

    Numbers are compared as texts: of numbers in an array LibreOffice finds no two exactly alike.
    """
    words = next(item.key for item in own if item.required and item.kind.limit == "length")
    cells = zip(*((_column(sheet, item.key), _mine(sheet, item.key)) for item in own), strict=True)
    rows, row = ('&"¦"&'.join(named) for named in cells)
    above = f"(ROW({_column(sheet, words)})<MAX(ROW()))"
    alike = f"SUMPRODUCT(--({_column(sheet, words)}={_mine(sheet, words)}))>1"
    return f"IF({alike},SUMPRODUCT({above}*EXACT({rows},{row}))>0,FALSE)"


def _mine(sheet: Sheet, key: str) -> str:
    """The cell of a column in the own row, within an array."""
    return _here(sheet, key, "MAX(ROW())")


def _row_cell(sheet: Sheet, number: int, key: str) -> Term:
    return cell(_here(sheet, key, "ROW()"), Place(sheet.id, str(number), key))


def _here(sheet: Sheet, key: str, row: str) -> str:
    """The cell of a column in the own row; the first column is looked at below its head, which tells of the light."""
    column = sheet.keys.index(key)
    letter = xl_col_to_name(column)
    if column:
        return f"INDEX({letter}$1:{letter}${far(sheet)},{row})"
    return f"INDEX({_column(sheet, key)},{row}-{FIRST_ROW})"


def _column(sheet: Sheet, key: str) -> str:
    letter = xl_col_to_name(sheet.keys.index(key))
    return f"{letter}${FIRST_ROW + 1}:{letter}${far(sheet)}"


def _of_field(item: Field, sheet: Sheet, number: int, project: Project, period: Period) -> Term:
    what = _row_cell(sheet, number, item.key)
    wrong = is_wrong(item, what, project, period)
    if item.kind.limit == "length":
        faulty = any_of(is_blank(what), wrong) if item.required else wrong
    elif item.required:
        faulty = wrong  # a blank is none of these
    else:
        faulty = all_of(is_filled(what), wrong)
    if item.kind.limit == "range" and "note" in sheet.by_key:
        faulty = any_of(faulty, may_be_day(what, _row_cell(sheet, number, "note"), period))
    return told((faulty, wants(item, project, period)))


def listed_of(desk: Desk, task: Task) -> Term:
    """How many rows of Biểu 3 name a task, right or wrong."""
    sheet, label = desk.project.form["activities"], _label(desk.project, task)
    return Term(
        f"SUMPRODUCT(--{_named(desk, sheet, label)})",
        lambda typed: sum(1 for number in typed.begun(sheet) if _names(sheet, number, label, typed)),
    )


def proving(desk: Desk, task: Task) -> Term:
    """How many rows of Biểu 3 that name a task have nothing wrong."""
    sheet, project, period = desk.project.form["activities"], desk.project, desk.period
    label = _label(project, task)

    def value(typed: Typed) -> int:
        rows = rows_told(sheet, project, period, typed)
        return sum(1 for number, words in rows.items() if not words and _names(sheet, number, label, typed))

    return Term(f"SUMPRODUCT({_named(desk, sheet, label)}*(LEN({desk.names.marks(sheet)})=0))", value)


def listed_in(desk: Desk, forms: Sequence[str]) -> Term:
    """How many rows of Biểu 3 are of some kinds of propaganda; reposts and rows that name nothing are left out."""
    sheet, project = desk.project.form["activities"], desk.project
    labels = [project.form.label("form", name) for name in forms]
    column = desk.names.down(sheet, "form")
    parts = "+".join(f"({column}={_text(label)})" for label in labels)
    none = spelled(project.proof.nothing)
    repeats = ["", *none]  # of a row of their own some say in words that it is no repost
    is_own = f"ISNUMBER({_found(desk, sheet, 'repost_of', repeats)})*ISNA({_found(desk, sheet, 'title', none)})"

    def is_counted(number: int, typed: Typed) -> bool:
        repost_of, title = (_plain(sheet, number, key, typed) for key in ("repost_of", "title"))
        return repost_of in repeats and title not in none

    def value(typed: Typed) -> int:
        own = [number for number in typed.begun(sheet) if is_counted(number, typed)]
        return sum(1 for number in own if any(_has(sheet, number, "form", label, typed) for label in labels))

    return Term(f"SUMPRODUCT(({parts})*{is_own})", value)


def _found(desk: Desk, sheet: Sheet, key: str, words: Sequence[str]) -> str:
    """An array: the place of what stands in a column among some words."""
    return f"MATCH(LOWER(TRIM({desk.names.down(sheet, key)})),{listed(words)},0)"


def _plain(sheet: Sheet, number: int, key: str, typed: Typed) -> str:
    return str(typed.get(Place(sheet.id, str(number), key)) or "").strip().lower()


def _has(sheet: Sheet, number: int, key: str, label: str, typed: Typed) -> bool:
    return str(typed.get(Place(sheet.id, str(number), key)) or "").lower() == label.lower()


def _names(sheet: Sheet, number: int, label: str, typed: Typed) -> bool:
    return f"{typed.get(Place(sheet.id, str(number), 'task_id')) or ''} ".lower().startswith(f"{label} ".lower())


def _named(desk: Desk, sheet: Sheet, label: str) -> str:
    """An array: which rows bear the id of a task, alone or with its name behind it."""
    return f'(LEFT({desk.names.down(sheet, "task_id")}&" ",{len(label) + 1})={_text(f"{label} ")})'


def _label(project: Project, task: Task) -> str:
    return project.form.label("@tasks", task.id)


def _text(label: str) -> str:
    return '"{}"'.format(label.replace('"', '""'))
