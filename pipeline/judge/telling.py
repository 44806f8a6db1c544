"""Which problems are said, and which are silent because another one speaks in their stead. Stages only find.

One thing that is wrong makes one sentence. What is silent is kept, and knows by which code it is spoken for
(`Problem.silenced_by`), so that whoever asks can say why. The order, of which each step hears only what is still said:

before rows are settled, `tell_rows`:
1. a cell that cannot be read, or a row that is none of the form's, is not refused a second time; a sum row, or one that
   says itself that nothing took place, not at all; a row under the id of another is not asked what its words mean;
2. a row in which something is wrong is not called the double of another, for nobody knows what it says;
3. a row that is none of the form's is only that; one that is like no row, or lacks several cells, is one sentence;
   what one place says of many values, as a header does, is one, too, and of columns of one name only that they are;

once they are, `tell`:
4. a sheet that is hidden and unknown is asked about as hidden; an answer of the card that was weighed is not refused;
5. rows one below the other that are filled alike and wrong as a whole are one sentence: somebody filled a column down;
6. a cell that cannot be read or is refused is not asked about, and no cell is asked about twice; of a document that
   proves nothing that is said, and not that its number looks odd.

That a form which came back needs no more mending once its unit has sent a later one is step 7, `unanswered`: the list
of problems keeps those. What two files of a unit have in common is said once in a reply, where it is known which file
goes back (`publish.sentences.messages.to_mend`).
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pandas as pd

from pipeline.declare.form import Field, Sheet
from pipeline.declare.project import Project
from pipeline.judge.schema import REQUIRED
from pipeline.judged.settlement import Versions
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import Reading, problem_at
from pipeline.values.frames import RowsOfForms
from pipeline.values.problems import Problem
from pipeline.words.quotes import shortened

UNREADABLE = "row-unreadable"
UNKNOWN = "row-unknown"
SUM_ROW = "total-row"
NOT_HELD = "not-held"
HIDDEN = "hidden-data"
SLIP, NOTHING = "control-odd", "nothing_to_report"
MISSING = "value-missing"
UNPROVEN = "proof-missing"
ODD_NUMBER = "document-number-odd"
UNKNOWN_SHEET = "unknown-sheet"
DOUBLED = "duplicate-row"
CONTRADICTED = "meaning-contradicted"
ALIKE = "column-doubled"
_OF_THE_ROW = ("title", "measure")  # places whose printed words say which row it is
_ABOUT_A_WHOLE_SHEET = ("copied-forward", "same-as-other-unit")  # their cell is only where the sheet begins
_MANY = 8  # cells that a sentence names
_LONGEST_QUOTED = 300  # letters of a cell, of a row that is quoted whole
_FEW = 2  # blanks that are told one by one, each at its cell; a heading between the rows has more

_Row = tuple[str, str, int]  # file, table, Excel row
_Cell = tuple[str, str, str, int]  # file, table, field, Excel row


@dataclass(frozen=True, slots=True)
class Told:
    """The problems that are said, in their order, and those that are silent."""

    said: tuple[Problem, ...]
    silent: tuple[Problem, ...] = ()

    def __add__(self, other: "Told") -> "Told":
        return Told((*self.said, *other.said), (*self.silent, *other.silent))


def tell_rows(
    unread: Iterable[Problem],
    refused: Iterable[Problem],
    doubled: Iterable[Problem],
    frames: Mapping[str, pd.DataFrame],
    readings: Sequence[Reading],
    project: Project,
) -> Told:
    """Steps 1 to 3, over what cells and rows of the forms in force show by themselves.

    `unread`: cells without a value and rows that are odd as a whole; `refused`: values that break a limit; `doubled`:
    rows that a unit wrote twice.
    """
    told = _unless_misnamed(_only_not_held(unread))
    of_no_activity = {_row(item): item for item in told.said if item.code in (SUM_ROW, NOT_HELD)}
    told += _unless_taken(told.said, refused, of_no_activity)
    told += _unless_faulty(told.said, doubled)
    joined = _join_rows(told.said, frames, readings, project)
    once = _once_a_source(joined.said, project)
    silent = (*_inherited(told.silent, joined.silent), *joined.silent, *once.silent)
    return _unless_of_columns(once.said) + Told((), silent)


def tell(
    of_files: Iterable[Problem],
    of_versions: Iterable[Problem],
    of_rows: Told,
    settled: Iterable[Problem],
    frames: Mapping[str, pd.DataFrame],
    project: Project,
) -> Told:
    """Steps 4 and 5: what is known of files, versions and rows before the cross rules ask."""
    told = _once_a_sheet(of_files) + Told(tuple(of_versions))
    weighed = {place: problem for problem in told.said if problem.code == SLIP and (place := _cell(problem))}
    speakers = [(problem, weighed.get(place) if (place := _cell(problem)) else None) for problem in of_rows.said]
    told += Told((), tuple(_silent(problem, speaker) for problem, speaker in speakers if speaker))
    told += _once_a_run([problem for problem, speaker in speakers if not speaker], frames, project)
    return told + Told(tuple(settled), of_rows.silent)


def tell_questions(known: Told, asked: Iterable[Problem]) -> Told:
    """Step 6: what the cross rules ask, unless something is said of that cell.

    That a document proves nothing says more than that its number looks odd. Where it is asked whether nothing arose in
    the whole period, blank figures follow from the answer; each task that counts as not reported is told all the same.
    """
    unclear = {item.file: item for item in known.said if item.code == SLIP and item.field == NOTHING}
    follows, listed = _blanks(asked, unclear)
    speakers = {_cell(problem): problem for problem in listed if problem.code == UNPROVEN}
    odd = [problem for problem in known.said if problem.code == ODD_NUMBER and _cell(problem) in speakers]
    said = tuple(problem for problem in known.said if problem not in odd)
    silent = tuple(_silent(problem, speakers[_cell(problem)]) for problem in odd)
    told = Told(said, (*known.silent, *silent)) + _unless_taken(said, listed, {})
    return told + Told((), tuple(_silent(problem, unclear[problem.file]) for problem in follows))


def _blanks(asked: Iterable[Problem], files: Container[str]) -> tuple[list[Problem], list[Problem]]:
    """The questions about figures that are blank in these files, and all other questions."""
    blank: list[Problem] = []
    others: list[Problem] = []
    for item in asked:
        is_figure = item.code == MISSING and item.table == "figures"
        (blank if is_figure and item.file in files else others).append(item)
    return blank, others


def unanswered(problems: Iterable[Problem], versions: Versions, readings: Sequence[Reading]) -> tuple[Problem, ...]:
    """Step 7: without those of a form that came back once a later one of its unit is in force, and so has mended it."""
    mended_at = {
        unit_id: max(readings[doc].arrival.received_at for doc in chain) for unit_id, chain in versions.chains.items()
    }
    answered = {
        reading.file
        for reading, decision in zip(readings, versions.decisions, strict=True)
        if decision.state == "returned"
        and reading.unit_id in mended_at
        and reading.arrival.received_at < mended_at[reading.unit_id]
    }
    return tuple(problem for problem in problems if problem.file not in answered)


def _silent(problem: Problem, speaker: Problem) -> Problem:
    return problem.silenced(speaker.code)


def _inherited(silent: Iterable[Problem], later: Iterable[Problem]) -> Iterator[Problem]:
    """The silent ones; where their speaker fell silent later, whoever speaks for it speaks for them, too."""
    heirs = {(_row(problem), problem.code): problem.silenced_by for problem in later}
    for problem in silent:
        heir = heirs.get((_row(problem), problem.silenced_by), problem.silenced_by)
        yield problem.silenced(heir)


def _only_not_held(unread: Iterable[Problem]) -> Told:
    """Of a row that says itself that nothing took place only that: nobody has to mend the rest of it."""
    listed = list(unread)
    speakers = {_row(problem): problem for problem in listed if problem.code == NOT_HELD}
    others = [problem for problem in listed if problem.code != NOT_HELD and _row(problem) in speakers]
    said = [problem for problem in listed if problem.code == NOT_HELD or _row(problem) not in speakers]
    return Told(tuple(said), tuple(_silent(problem, speakers[_row(problem)]) for problem in others))


def _unless_misnamed(told: Told) -> Told:
    """Of a row under the id of another row only that: with its own id back, its printed words are right again."""
    doubled = {_row(problem): problem for problem in told.said if problem.code == DOUBLED}
    said, silent = list[Problem](), list(told.silent)
    for problem in told.said:
        is_misnamed = problem.code == CONTRADICTED and problem.facts.get("place") in _OF_THE_ROW
        speaker = doubled.get(_row(problem)) if is_misnamed else None
        silent.append(_silent(problem, speaker)) if speaker else said.append(problem)
    return Told(tuple(said), tuple(silent))


def _unless_taken(said: Iterable[Problem], found: Iterable[Problem], rows: Mapping[_Row, Problem]) -> Told:
    """What was found in cells of which nothing is said yet, once a cell; `rows` speak for all of their cells."""
    taken = {place: problem for problem in reversed(tuple(said)) if (place := _cell(problem))}
    new, silent = [], []
    for problem in found:
        place = _cell(problem)
        is_about_a_sheet = problem.code in _ABOUT_A_WHOLE_SHEET
        speaker = None if is_about_a_sheet or place is None else taken.get(place) or rows.get(_row(problem))
        if speaker:
            silent.append(_silent(problem, speaker))
            continue
        new.append(problem)
        if place and not is_about_a_sheet:
            taken[place] = problem
    return Told(tuple(new), tuple(silent))


def _cell(problem: Problem) -> _Cell | None:
    """The cell of a problem, if it is about one that stands on the form."""
    has_cell = problem.field and (problem.row or problem.table == "card")
    return (problem.file, problem.table, problem.field, problem.row) if has_cell else None


def _row(problem: Problem) -> _Row:
    return problem.file, problem.table, problem.row


def _unless_faulty(said: Iterable[Problem], doubled: Iterable[Problem]) -> Told:
    speakers = {_row(problem): problem for problem in reversed(tuple(said))}
    found = [(problem, speakers.get(_row(problem))) for problem in doubled]
    return Told(
        tuple(problem for problem, speaker in found if not speaker),
        tuple(_silent(problem, speaker) for problem, speaker in found if speaker),
    )


def _join_rows(
    problems: Iterable[Problem], frames: Mapping[str, pd.DataFrame], readings: Sequence[Reading], project: Project
) -> Told:
    """The same problems, those of one row put together, at the end, where they say the same thing about it."""
    listed = list(problems)
    docs = {reading.file: doc for doc, reading in enumerate(readings)}
    rows = {table: RowsOfForms(frames[table]) for table in project.form.tables}
    joined = {
        place: _joined(mine, rows[place[1]], docs[place[0]], readings, project)
        for place, mine in _by_row(listed).items()
        if place[2] and len(mine) > 1
    }
    apart = Told(tuple(problem for problem in listed if _row(problem) not in joined))
    return told_together([apart, *joined.values()])


def told_together(parts: Sequence[Told]) -> Told:
    """All of them one behind the other; added up two by two, each would be copied once more for every one after it."""
    said = chain.from_iterable(told.said for told in parts)
    return Told(tuple(said), tuple(chain.from_iterable(told.silent for told in parts)))


def _once_a_source(problems: Iterable[Problem], project: Project) -> Told:
    """The same problems; what one place says of several values once, for the first of them, with the others named."""
    listed = list(problems)
    by_source: dict[tuple[str, ...], list[Problem]] = {}
    for problem in listed:
        if source := problem.facts.get("source"):
            by_source.setdefault((problem.file, problem.table, problem.code, source), []).append(problem)
    said, silent = {}, set()
    for mine in by_source.values():
        if len(mine) > _FEW or (len(mine) > 1 and len({problem.row for problem in mine}) == 1):
            said[id(mine[0])] = _and_others(mine, project)
            silent |= {id(problem) for problem in mine[1:]}
    return Told(
        tuple(said.get(id(problem), problem) for problem in listed if id(problem) not in silent),
        tuple(_silent(problem, problem) for problem in listed if id(problem) in silent),
    )


def _unless_of_columns(problems: Iterable[Problem]) -> Told:
    """The same problems without those of single cells in columns of one name: that of the columns speaks for all."""
    listed = list(problems)
    said = tuple(problem for problem in listed if problem.code != ALIKE)
    return Told(said, tuple(_silent(problem, problem) for problem in listed if problem.code == ALIKE))


def _and_others(mine: Sequence[Problem], project: Project) -> Problem:
    cells = [problem.cell for problem in mine[1:]]
    listed = ", ".join(cells[:_MANY]) + ("…" if len(cells) > _MANY else "")
    others = project.meaning.told["others"].format(cells=listed)
    return replace(mine[0], facts={**mine[0].facts, "others": others})


def _once_a_run(problems: Iterable[Problem], frames: Mapping[str, pd.DataFrame], project: Project) -> Told:
    """The same problems, those of rows that were filled down once, for the first of these rows."""
    listed = list(problems)
    head, end = _runs(listed, frames, project)
    said = [problem for problem in listed if head.get(_row(problem), _row(problem)) == _row(problem)]
    others = [problem for problem in listed if head.get(_row(problem), _row(problem)) != _row(problem)]
    return Told(
        tuple(_of_run(problem, end.get(_row(problem), problem.row), project) for problem in said),
        tuple(_silent(problem, problem) for problem in others),  # the head says the same
    )


def _runs(
    problems: Iterable[Problem], frames: Mapping[str, pd.DataFrame], project: Project
) -> tuple[Mapping[_Row, _Row], Mapping[_Row, int]]:
    """Of each row that is wrong as a whole the first row of its run, and of each first row the last of its run."""
    single = _alone_in_rows(problems, project)
    tables = sorted({table for _, table, _ in single})
    filled_down = {row for table in tables for row in _filled_down(frames[table], table, single, project)}
    head: dict[_Row, _Row] = {}
    end: dict[_Row, int] = {}
    for row in sorted(single):
        above = (row[0], row[1], row[2] - 1)
        is_more = row in filled_down and above in head and _says(single[above]) == _says(single[row])
        head[row] = head[above] if is_more else row
        end[head[row]] = row[2]
    return head, end


def _alone_in_rows(problems: Iterable[Problem], project: Project) -> dict[_Row, Problem]:
    """The problems of rows that are wrong as a whole and in nothing else."""
    about_rows = project.catalogue.is_about_rows
    by_row = _by_row(problems).items()
    return {row: mine[0] for row, mine in by_row if row[2] and len(mine) == 1 and about_rows(mine[0].code)}


def _of_run(problem: Problem, last: int, project: Project) -> Problem:
    if last == problem.row:
        return problem
    return replace(problem, facts={**problem.facts, "rows": project.catalogue.rows_in_words(problem.row, last)})


def _by_row(problems: Iterable[Problem]) -> dict[_Row, list[Problem]]:
    rows: dict[_Row, list[Problem]] = {}
    for problem in problems:
        rows.setdefault(_row(problem), []).append(problem)
    return rows


def _says(problem: Problem) -> tuple[object, ...]:
    return problem.code, problem.field, problem.value, problem.facts


def _filled_down(frame: pd.DataFrame, table: str, rows: Iterable[_Row], project: Project) -> Iterator[_Row]:
    """The rows whose own cells are those of the row right above."""
    mine = frame[frame["file"].isin({file for file, name, _ in rows if name == table})]
    cells = mine[["file", "held", *project.form[table].own_keys]]
    above = cells.shift()
    is_alike = ((cells == above) | (cells.isna() & above.isna())).all(axis=1)
    is_next = mine["row"] == mine["row"].shift() + 1
    for file, row in mine.loc[is_alike & is_next, ["file", "row"]].itertuples(index=False, name=None):
        yield file, table, row


def _joined(
    mine: Sequence[Problem], rows: RowsOfForms, doc: int, readings: Sequence[Reading], project: Project
) -> Told:
    """What is said of one row: of one that is none of the form's only that, of an open one what `_of_open_row` says."""
    if unknown := [problem for problem in mine if problem.code == UNKNOWN]:
        return _instead(mine, unknown, unknown[0])
    sheet = project.form.tables[mine[0].table]
    blocking = [problem for problem in mine if project.catalogue.severity(problem.code) == "block-row"]
    if sheet.shape != "open" or len(blocking) < 2:
        return Told(tuple(mine))
    return _of_open_row(mine, blocking, sheet, lambda: _unreadable(blocking, rows, doc, readings[doc]))


def _of_open_row(
    mine: Sequence[Problem], blocking: Sequence[Problem], sheet: Sheet, unreadable: Callable[[], Problem]
) -> Told:
    """That it is nothing like a row, where no required cell could be used; else its blanks together where many."""
    others = [problem for problem in mine if problem not in blocking]
    if {key for key, item in sheet.by_key.items() if item.required} <= {problem.field for problem in blocking}:
        speaker = unreadable()
        return _instead(mine, [*others, speaker], speaker)
    missing = [problem for problem in blocking if problem.code == REQUIRED]
    if len(missing) <= _FEW:
        return Told(tuple(mine))
    speaker = _missing(missing, sheet.by_key)
    return _instead(mine, [*(problem for problem in mine if problem.code != REQUIRED), speaker], speaker)


def _instead(mine: Iterable[Problem], said: Sequence[Problem], speaker: Problem) -> Told:
    return Told(tuple(said), tuple(_silent(problem, speaker) for problem in mine if problem not in said))


def _unreadable(mine: Sequence[Problem], rows: RowsOfForms, doc: int, reading: Reading) -> Problem:
    """No cell that an activity needs could be read: a heading, a note below the table."""
    found = reading.tables[mine[0].table]
    cells = zip(found.keys, rows.written(found, doc, mine[0].row), strict=True)
    filled = {key: value for key, value in cells if key in found.columns and not is_blank(value)}
    first = next((problem for problem in mine if problem.code != REQUIRED), mine[0])
    written = "; ".join(shortened(shown(value), _LONGEST_QUOTED) for value in filled.values())
    return problem_at(reading, first.table, first.field, first.row, UNREADABLE, written)


def _missing(problems: Sequence[Problem], fields: Mapping[str, Field]) -> Problem:
    order = list(fields)
    first, *rest = sorted(problems, key=lambda problem: order.index(problem.field))
    labels = "”, “".join(fields[problem.field].label for problem in (first, *rest))
    return replace(first, facts={**first.facts, "label": labels, "expected": "đủ các ô này"})


def _once_a_sheet(problems: Iterable[Problem]) -> Told:
    listed = list(problems)
    hidden = {(problem.file, problem.sheet): problem for problem in listed if problem.code == HIDDEN}
    found = [(problem, hidden.get((problem.file, problem.sheet))) for problem in listed]
    return Told(
        tuple(problem for problem, speaker in found if not (speaker and problem.code == UNKNOWN_SHEET)),
        tuple(_silent(problem, speaker) for problem, speaker in found if speaker and problem.code == UNKNOWN_SHEET),
    )
