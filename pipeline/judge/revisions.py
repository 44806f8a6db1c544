"""What changed in a form that was sent again: every value that is another one than in the version before.

In: the typed frames of all forms and what became of each file. Out: one `Change` a value, rule `revised`, whether it
was asked for or not. The same value written otherwise is no change. A supplement is compared in what it gives; rows of
an open table are known again by what they say, not by where they stand.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Any

import pandas as pd

from pipeline.declare.form import Sheet
from pipeline.declare.project import Project
from pipeline.judge.versions import revision_of
from pipeline.judged.settlement import Versions
from pipeline.values.cells import is_blank, is_missing, shown
from pipeline.values.forms import REVISED, Change, Found, Reading
from pipeline.values.frames import tuples
from pipeline.words.names import fold

_OF_THE_VERSION = ("revision", "revision_kind", "revision_reason")  # they differ because it is another version
_MOST_TWINS = 20  # forms of a unit with one number that are compared with one another
_MOST_LIKELY = 20  # rows with the same title that are looked at for the one most alike


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell says: to be compared (`None` for a blank), to be shown, and where it stands."""

    means: object
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a form, or its card (row 0): the unit's own cells by field."""

    number: int
    cells: Mapping[str, _Cell]

    def means(self, key: str) -> object:
        return self.cells[key].means if key in self.cells else None


_BLANK = _Line(0, {})
_Lines = Mapping[str, Sequence[_Line]]  # by table


@dataclass(frozen=True, slots=True)
class _Content:
    """All that a unit says in one form, or in several that stand together: `fixed` rows by table and name."""

    card: _Line = _BLANK
    fixed: Mapping[str, Mapping[str, _Line]] = field(default_factory=dict)
    open: _Lines = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sent:
    """One form that a unit sent, in the order of its revisions; a supplement adds to what stands before it."""

    doc: int
    reading: Reading
    revision: int
    is_supplement: bool


def list_revised(
    readings: Sequence[Reading], versions: Versions, frames: Mapping[str, pd.DataFrame], project: Project
) -> list[Change]:
    """The values that changed from one version to the next, of every unit that sent its form again.

    Of several forms with one number, of which nobody can say which one is meant, each is compared with the one that
    came before it, so that everybody sees what they differ in; the last is the version before the next number. Of very
    many with one number, none of which is used, those that came last are compared: nobody reads on through thousands.
    """
    sent_by_unit = _by_unit(readings, versions, frames, project)
    again = {unit_id: _fewer_twins(sent) for unit_id, sent in sent_by_unit.items() if len(sent) > 1}
    contents = _contents([item for sent in again.values() for item in sent], frames, project)
    return [change for sent in again.values() for change in _of_unit(sent, contents, project)]


def _by_unit(
    readings: Sequence[Reading], versions: Versions, frames: Mapping[str, pd.DataFrame], project: Project
) -> dict[str, list[_Sent]]:
    """The forms of each unit that say which version they are, in the order of their numbers."""
    supplement, declared = project.form.label("revision_kind", "supplement"), project.form.card.by_key["revision"]
    found: dict[str, list[_Sent]] = {}
    for doc, value, kind in tuples(frames["card"], "doc", "revision", "revision_kind"):
        reading, decision = readings[doc], versions.decisions[doc]
        revision = revision_of(reading, value, declared)
        if revision and decision.state != "duplicate" and not decision.is_set_aside:
            sent = _Sent(doc, reading, revision, revision > 1 and kind == supplement)
            found.setdefault(reading.unit_id, []).append(sent)
    return {unit_id: sorted(sent, key=_order) for unit_id, sent in sorted(found.items())}


def _fewer_twins(sent: Sequence[_Sent]) -> list[_Sent]:
    same_number = (list(same) for _, same in groupby(sent, key=lambda item: item.revision))
    return [item for same in same_number for item in same[-_MOST_TWINS:]]


def _order(sent: _Sent) -> tuple[object, ...]:
    return sent.revision, sent.reading.arrival.received_at, sent.reading.file


def _of_unit(sent: Sequence[_Sent], contents: Mapping[int, _Content], project: Project) -> Iterator[Change]:
    before: _Content | None = None  # the open rows of several that stand together are laid together where needed
    standing: list[_Content] = []
    for _, same in groupby(sent, key=lambda item: item.revision):
        first, *twins = same
        if before:
            whole = before if first.is_supplement else replace(before, open=_open_rows(standing))
            yield from _changes(whole, contents[first.doc], first, project)
        for one, other in pairwise([first, *twins]):
            yield from _changes(contents[one.doc], contents[other.doc], replace(other, is_supplement=False), project)
        last = [first, *twins][-1]
        new = contents[last.doc]
        if before and last.is_supplement:
            before = _together(before, new, project)
            standing.append(new)
        else:
            before, standing = new, [new]


def _open_rows(standing: Sequence[_Content]) -> _Lines:
    """The open rows of a form and of the supplements to it."""
    return {table: [line for content in standing for line in content.open.get(table, ())] for table in standing[0].open}


def _together(before: _Content, added: _Content, project: Project) -> _Content:
    """Card and fixed rows as they stand once a supplement came."""
    given = {key: cell for key, cell in added.card.cells.items() if cell.means is not None}
    return _Content(
        replace(before.card, cells={**before.card.cells, **given}),
        {
            table: {**rows, **dict(_displacing(rows, added.fixed.get(table, {}), project.form.tables[table]))}
            for table, rows in before.fixed.items()
        },
    )


def _displacing(before: Mapping[str, _Line], added: Mapping[str, _Line], sheet: Sheet) -> Iterator[tuple[str, _Line]]:
    """The rows of a supplement that take the place of those before (see `judge.rows`): a mere remark does not."""
    for name, line in added.items():
        is_filled = any(cell.means is not None for cell in line.cells.values())
        answers = line.means(sheet.answer_key) is not None
        if is_filled and (answers or before.get(name, _BLANK).means(sheet.answer_key) is None):
            yield name, line


def _changes(before: _Content, now: _Content, sent: _Sent, project: Project) -> Iterator[Change]:
    """Card, fixed rows, open rows, in the order of the form."""
    is_more = sent.is_supplement
    yield from _of_line(before.card, now.card, sent, sent.reading.card_sheet)
    for table, found in sent.reading.tables.items():
        sheet = project.form.tables[table]
        if sheet.shape == "fixed":
            pairs = _same_names(before.fixed[table], now.fixed[table], sheet, is_more)
        else:
            pairs = _matched(() if is_more else before.open[table], now.open[table], sheet)
        for old, new in pairs:
            yield from _of_line(old, new, sent, found.sheet)


def _same_names(
    before: Mapping[str, _Line], now: Mapping[str, _Line], sheet: Sheet, is_more: bool
) -> list[tuple[_Line, _Line]]:
    """The rows of a fixed table in pairs, by task or indicator, `_BLANK` beside one that the form has no more."""
    rows = dict(_displacing(before, now, sheet)) if is_more else now
    gone = [] if is_more else [line for name, line in before.items() if name not in now]
    return [*((before.get(name, _BLANK), line) for name, line in rows.items()), *((line, _BLANK) for line in gone)]


def _of_line(before: _Line, now: _Line, sent: _Sent, sheet: str) -> Iterator[Change]:
    """The cells of a row that say something else now; one whose column the newer form lacks was not asked.

    The blanks of a supplement say nothing. Of a row that is gone there is no cell, and its number is that which it had.
    """
    for key in now.cells or before.cells:
        old, new = before.cells.get(key, _NOTHING), now.cells.get(key, _NOTHING)
        is_given = not sent.is_supplement or new.means is not None
        if old.means != new.means and is_given:
            place = sent.reading.unit_id, sent.reading.file, sheet, new.address
            yield Change(*place, key, old.text, new.text, REVISED, now.number or before.number)


_NOTHING = _Cell(None, "", "")


def _matched(before: Sequence[_Line], now: Sequence[_Line], sheet: Sheet) -> list[tuple[_Line, _Line]]:
    """The rows of an open table in pairs, `_BLANK` beside what was added or removed.

    First those that say the same, then those with the same title, of several the one most alike; last what stands in
    the same row and is alike by half.
    """
    title = next(item.key for item in sheet.fields if item.own and item.required and item.kind.is_free_text)
    ways: tuple[Callable[[_Line], Hashable], ...] = (_all_of, lambda line: fold(str(line.means(title))), _number_of)
    pairs: dict[int, _Line] = {}
    left, waiting = list(before), list(now)
    for way, least in zip(ways, (1.0, 0.0, 0.5), strict=True):
        found = _paired(left, waiting, way, least)
        pairs |= {line.number: other for line, other in found}
        taken = {id(other) for _, other in found}  # rows of two forms that stand together may have one number
        left = [line for line in left if id(line) not in taken]
        waiting = [line for line in waiting if line.number not in pairs]
    return [*((pairs.get(line.number, _BLANK), line) for line in now), *((line, _BLANK) for line in left)]


def _likeliest(line: _Line, likely: Sequence[_Line], least: float) -> _Line | None:
    best = max(likely, key=lambda other: _alike(other, line), default=None)
    return best if best is not None and _alike(best, line) >= least else None


def _paired(
    before: Iterable[_Line], now: Iterable[_Line], way: Callable[[_Line], Hashable], least: float
) -> list[tuple[_Line, _Line]]:
    """Each row of now with one of before that is the same in one way, and as alike as `least` or more in all."""
    by_way: dict[Hashable, list[_Line]] = {}
    for line in before:
        by_way.setdefault(way(line), []).append(line)
    found = []
    for line in now:
        likely = by_way.get(way(line), [])
        best = _likeliest(line, likely[:_MOST_LIKELY], least)
        if best is not None:
            likely.remove(best)
            found.append((line, best))
    return found


def _all_of(line: _Line) -> Hashable:
    return tuple((key, cell.means) for key, cell in line.cells.items() if cell.means is not None)


def _number_of(line: _Line) -> Hashable:
    return line.number


def _alike(one: _Line, other: _Line) -> float:
    """What part of the cells that either of two rows fills says the same in both."""
    filled = [key for key in {**one.cells, **other.cells} if (one.means(key), other.means(key)) != (None, None)]
    return sum(one.means(key) == other.means(key) for key in filled) / max(1, len(filled))


def _contents(sent: Sequence[_Sent], frames: Mapping[str, pd.DataFrame], project: Project) -> Mapping[int, _Content]:
    """What each of the forms says."""
    readings = {item.doc: item.reading for item in sent}
    lines = {sheet.id: _lines(sheet, frames[sheet.id], readings) for sheet in project.form.sheets.values()}
    tables = project.form.tables.items()
    return {
        doc: _Content(
            next((line for _, line in lines[project.form.card.id].get(doc, ())), _BLANK),
            {table: _by_name(lines[table].get(doc, ())) for table, sheet in tables if sheet.shape == "fixed"},
            {
                table: [line for _, line in lines[table].get(doc, ())]
                for table, sheet in tables
                if sheet.shape == "open"
            },
        )
        for doc in readings
    }


def _by_name(rows: Iterable[tuple[str, _Line]]) -> dict[str, _Line]:
    """The fixed rows by task or indicator; of two with the same name the first."""
    found: dict[str, _Line] = {}
    for name, line in rows:
        if name:
            found.setdefault(name, line)
    return found


def _lines(sheet: Sheet, frame: pd.DataFrame, readings: Mapping[int, Reading]) -> dict[int, list[tuple[str, _Line]]]:
    """The rows of a sheet by reading, each with its name where the sheet names its rows."""
    keys = [key for key in sheet.own_keys if not (sheet.shape == "card" and key in _OF_THE_VERSION)]
    mine = frame[frame["doc"].isin(list(readings))]
    mine = mine[mine["filled"]] if sheet.shape == "open" else mine
    names = mine[sheet.row_key].tolist() if sheet.shape == "fixed" else [""] * len(mine)
    words = mine["nothing"].tolist() if "nothing" in mine else [""] * len(mine)
    found: dict[int, list[tuple[str, _Line]]] = {}
    for name, nothing, (doc, number, *values) in zip(names, words, tuples(mine, "doc", "row", *keys), strict=True):
        raw = _raw(readings[doc], sheet, number)
        cells = {
            key: _cell(value, raw[key], nothing if sheet.by_key[key].kind.is_figure else "", address)
            for key, value in zip(keys, values, strict=True)
            if (address := _address(readings[doc], sheet, key, number))
        }
        found.setdefault(doc, []).append((str(name or ""), _Line(number, cells)))
    return found


def _raw(reading: Reading, sheet: Sheet, number: int) -> Mapping[str, Any]:
    """The cells as written; none where a row is used as written and no longer held."""
    if sheet.shape == "card":
        return {key: reading.card[key].raw if key in reading.card else "" for key in sheet.own_keys}
    found: Found = reading.tables[sheet.id]
    return dict.fromkeys(sheet.own_keys, "") | dict(zip(found.keys, found.row(number), strict=False))


def _address(reading: Reading, sheet: Sheet, key: str, number: int) -> str:
    """Where the cell stands; empty where the form has no such cell."""
    if sheet.shape == "card":
        return reading.card[key].cell if key in reading.card else ""
    found = reading.tables[sheet.id]
    return found.cell(key, number) if key in found.columns else ""


def _cell(value: Any, raw: Any, nothing: str, address: str) -> _Cell:
    """The value where there is one, else the word for nothing, else what is written and could not be read."""
    written = "" if is_blank(raw) else " ".join(shown(raw).split())
    if not is_missing(value):
        means = " ".join(value.split()) if isinstance(value, str) else value
        return _Cell(means, (nothing and written) or shown(value), address)
    means = ("nothing", nothing) if nothing else ("written", written) if written else None
    return _Cell(means, written or nothing, address)
