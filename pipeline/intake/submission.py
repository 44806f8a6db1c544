"""Take in files: open, locate, identify. One `Reading` comes back for each, whatever the file holds; nothing raises."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.files.leavings import leaving, unfinished
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.machine import is_of_machine
from pipeline.files.opening import Opened, open_file
from pipeline.intake.folder import NO_FILE, NO_FILE_WORDS, UNREADABLE, words_for
from pipeline.intake.hidden import hidden_problems
from pipeline.intake.identify import identify, version_of
from pipeline.intake.imprint import Imprint
from pipeline.intake.locate import Located, locate
from pipeline.intake.meaning import Weighed, weigh
from pipeline.intake.pairs import share_out
from pipeline.intake.printed import printed_problems
from pipeline.intake.received import NotAFileError, read_received
from pipeline.intake.remarks import logged_comments
from pipeline.intake.replies import read_replies, unit_of_list
from pipeline.intake.signed import signed_copy_of, suggested_unit
from pipeline.intake.strays import stray_problems
from pipeline.intake.version_words import plain_version
from pipeline.values.cells import RawSheet, shown
from pipeline.values.forms import Arrival, Change, Reading
from pipeline.values.problems import Problem
from pipeline.words.names import fold

_OF_WORDS = ("printed-changed", "cell-outside-table")  # what is asked about words in cells that nobody fills in


def take_in(
    arrivals: Sequence[Arrival],
    project: Project,
    period: Period,
    begin: Callable[[int], None],
    refusal: Opened | None = None,
    limits: Limits = STANDARD,
) -> tuple[Reading, ...]:
    """A reading for each arrival. Meant for a process of its own: `begin` is told which file is opened next.

    `refusal`: what is known of a file that cannot be opened; it is then only hashed and named.
    """
    readings = []
    for position, arrival in enumerate(arrivals):
        begin(position)
        readings.append(_take_in(arrival, project, period, refusal, limits))
    return tuple(readings)


def _take_in(arrival: Arrival, project: Project, period: Period, refusal: Opened | None, limits: Limits) -> Reading:
    if words := leaving(arrival.file):
        return Reading(arrival, "", "ignored", ignored_as=words)
    if arrival.code:
        return _refused(arrival, "", Opened("unreadable", arrival.code, {"detail": arrival.detail}), project)
    try:
        received = read_received(arrival.path, limits.file_bytes)
    except OSError as error:
        if is_of_machine(error):
            raise
        return _refused(arrival, "", _not_opened(error), project)
    if received.size > limits.file_bytes:
        opened = Opened("large", "file-too-large", {"detail": f"tệp nặng {received.size // 1_000_000} MB"})
    else:
        opened = refusal or open_file(received.data, limits, project.form.unread_sheets)
    reading = _read(arrival, received.sha256, opened, project, period)
    if not (reading.is_form or reading.list_of) and (words := unfinished(arrival.file)):
        return Reading(arrival, received.sha256, "ignored", ignored_as=words)
    return reading


def _not_opened(error: OSError) -> Opened:
    """What took the place of a file since the folder was listed, or the file that the machine does not open."""
    code = NO_FILE if isinstance(error, NotAFileError) else UNREADABLE
    return Opened("unreadable", code, {"detail": NO_FILE_WORDS if code == NO_FILE else words_for(error)})


def _refused(arrival: Arrival, sha256: str, opened: Opened, project: Project) -> Reading:
    facts: Mapping[str, str] = {"office": project.plan.office, **opened.facts}
    if unit_id := signed_copy_of(opened.kind, arrival.file, opened.inside, project.register):
        facts = {**facts, "signed_copy_of": unit_id}
    return Reading(arrival, sha256, opened.kind, problems=(Problem(opened.code, arrival.file, facts=facts),))


def _no_form(arrival: Arrival, sha256: str, opened: Opened, project: Project) -> Reading:
    """A workbook that is no form; it may be the list of what to mend, with replies in it."""
    told = _todo_rows(opened, project)
    no_form = replace(opened, code="not-a-form", facts={"detail": _sheet_names(opened)})
    refused = _refused(arrival, sha256, no_form, project)
    return replace(refused, replies=read_replies(told), list_of=unit_of_list(told, project.register))


def _read(arrival: Arrival, sha256: str, opened: Opened, project: Project, period: Period) -> Reading:
    """What was opened, as a form where it is one."""
    if opened.code:
        return _refused(arrival, sha256, opened, project)
    located = locate(opened.sheets, project)
    if not located.card and not located.meta and not _has_own_sheet(located, project):
        return _no_form(arrival, sha256, opened, project)
    version = version_of(located.card, located.meta, project)
    as_printed = project.as_of(version)
    tables = {table: as_printed.name_rows(found) for table, found in located.tables.items()}
    located = replace(located, tables=tables, problems=tuple(_asked(located.problems, version, project)))
    form_as_read = replace(opened, sheets=located.sheets)
    return _read_form(Reading(arrival, sha256, opened.kind, is_form=True), form_as_read, located, as_printed, period)


def _has_own_sheet(located: Located, project: Project) -> bool:
    """Whether a table stands on a sheet with a name of the form: without a card, tables alone are in many workbooks.

    A consolidated workbook or its annex lists tasks and figures, too.
    """
    names = {fold(sheet.name) for sheet in project.form.sheets.values()}
    return any(fold(found.sheet) in names for found in located.tables.values())


def _asked(problems: Iterable[Problem], version: str, project: Project) -> Iterator[Problem]:
    """The problems of shape but for what an older version of the form never had."""
    return (
        problem
        for problem in problems
        if problem.code != "column-missing" or project.has_field(version, problem.table, problem.field)
    )


def _read_form(reading: Reading, opened: Opened, located: Located, project: Project, period: Period) -> Reading:
    """The reading with all that the form holds, each problem and comment with its file and unit."""
    file = reading.file
    imprint = Imprint(located.meta, _titled(opened, located))
    known = identify(located.card, imprint, located.card_sheet, file, project, period)
    unit_id, problems = known.unit_id, known.problems
    located = share_out(located, unit_id, project)
    card, plain = plain_version(located.card, located.card_sheet, project)
    located = replace(located, card=card)
    if not located.card:
        name = project.form.card.name
        unit_id, problems = "", (Problem("sheet-missing", file, sheet=name, table="card", value=name),)
    weighed = weigh(opened.sheets, located, unit_id, project, period)
    found = (*problems, *_other_name(file, unit_id, project), *_in_form(opened, located, weighed, project))
    logged = (
        *known.changes,
        *plain,
        *_named_by_title(located, project),
        *logged_comments(opened.sheets, located, project),
        *_reworded(weighed, found),
    )
    return replace(
        reading,
        unit_id=unit_id,
        is_sample=located.meta.get("sample") == project.form.sample_mark,
        card_sheet=located.card_sheet,
        card=located.card,
        tables=weighed.located.tables,
        problems=tuple(replace(problem, file=file, unit_id=problem.unit_id or unit_id) for problem in found),
        replies=read_replies(_todo_rows(opened, project)),
        period=known.period,
        version=known.version,
        logged=tuple(replace(line, file=file, unit_id=unit_id) for line in logged),
    )


def _named_by_title(located: Located, project: Project) -> Iterator[Change]:
    """The filled rows of fixed tables whose id is not written as it is."""
    for found in (found for found in located.tables.values() if found.is_fixed):
        key = project.form.tables[found.table].row_key
        for row, number, name, is_filled in zip(found.rows, found.numbers, found.names, found.filled, strict=True):
            if row[0] == name or not (is_filled and name):
                continue
            written = shown(row[0]).strip()
            if written and fold(written) != fold(name):
                yield Change("", "", found.sheet, found.cell(key, number), key, written, name, "row-by-title", number)


def _titled(opened: Opened, located: Located) -> Sequence[RawSheet]:
    """The sheets of the form, whose first lines say whose it is and of which period."""
    names = {located.card_sheet, *(found.sheet for found in located.tables.values())}
    return [sheet for sheet in opened.sheets if sheet.name in names]


def _in_form(opened: Opened, located: Located, weighed: Weighed, project: Project) -> tuple[Problem, ...]:
    """Problems of the shape of the form and of what nobody would look for in it, without file and unit.

    A place that says what a value is speaks at that value.
    """
    found = (
        *located.problems,
        *hidden_problems(opened, located, project.form),
        *printed_problems(opened.sheets, located, project),
        *stray_problems(opened, project.form),
    )
    return tuple(
        problem
        for problem in found
        if problem.code not in _OF_WORDS or (problem.sheet, problem.cell) not in weighed.spoken
    )


def _reworded(weighed: Weighed, found: Iterable[Problem]) -> tuple[Change, ...]:
    """The lines of the log for printed texts that were typed over, but for those that are asked about."""
    asked = {(problem.sheet, problem.cell) for problem in found}
    return tuple(line for line in weighed.reworded if (line.sheet, line.cell) not in asked)


def _todo_rows(opened: Opened, project: Project) -> Sequence[Sequence[object]]:
    """The rows of the to-do sheet that we put into a marked copy; none where there is no such sheet."""
    return next((sheet.rows for sheet in opened.sheets if sheet.name == project.form.todo_sheet), [])


def _other_name(file: str, unit_id: str, project: Project) -> tuple[Problem, ...]:
    """The file name says nothing about whose form it is, but one that clearly names another unit is worth a word."""
    suggested = suggested_unit(file, project.register)
    if not unit_id or not suggested or suggested == unit_id:
        return ()
    facts = {"named": project.register.name(suggested), "official": project.register.name(unit_id)}
    return (Problem("file-name-differs", file, unit_id, value=file, facts=facts),)


def _sheet_names(opened: Opened) -> str:
    shown = ", ".join(f"“{sheet.name}”" for sheet in opened.sheets[:4])
    more = f" và {len(opened.sheets) - 4} sheet nữa" if len(opened.sheets) > 4 else ""
    return f" (có các sheet {shown}{more})" if shown else ""
